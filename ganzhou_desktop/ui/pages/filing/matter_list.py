"""本期事项: the unit's matters with role mark, short title, what was done and whether it came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.shapes import FILING_LOOKS, FilingLook, draw_dashed_ring, draw_role
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.texts import plain_tip, visible
from ganzhou_desktop.ui.widgets import Button, Card, PlainLabel, rule

LOOKS: dict[str, FilingLook] = {
    **FILING_LOOKS,
    "returned": FilingLook("arrow_undo", "被退回", colours.DIFFER),
    "mended": FilingLook("edit", "已改", colours.DIFFER),
    "error": FilingLook("error_circle", "有错", colours.ERROR),
}

_ROW = 46
_HEAD = 27
_BAR = 3


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One line: a matter, or with an empty `task` the head of a group with its count as `note`."""

    task: str
    title: str
    note: str = ""
    role: str = ""
    principal: bool = False
    state: str = ""
    """A key of LOOKS."""

    @property
    def words(self) -> str:
        state = LOOKS[self.state].word if self.state else ""
        return " ".join(part for part in (self.title, self.note, state) if part)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[MatterRow, ...] = ()

    def set_rows(self, rows: Sequence[MatterRow]) -> None:
        new = tuple(rows)
        if [r.task or r.title for r in new] != [r.task or r.title for r in self.shown]:
            self.beginResetModel()
            self.shown = new
            self.endResetModel()
        elif new != self.shown:
            self.shown = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self.shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return visible(row.words)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.words) if row.task else None
        return row if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and not self.shown[index.row()].task:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: MatterRow = index.data(Qt.ItemDataRole.UserRole)
        return QSize(120, theme.scaled(_ROW if row.task else _HEAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Any = QStyleOptionViewItem(option)
        row: MatterRow = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        if row.task:
            self._matter(painter, cell, row)
        else:
            self._head(painter, cell.rect, row)
        painter.restore()

    def _head(self, painter: QPainter, rect: QRect, row: MatterRow) -> None:
        painter.fillRect(rect, QColor(colours.HEAD))
        room = rect.adjusted(theme.GAP_L, 0, -theme.GAP_L, 0)
        painter.setFont(theme.font(theme.NOTE, bold=True))
        painter.setPen(QColor(colours.INK2))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, row.title)
        painter.setFont(theme.font(theme.NOTE))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.note)

    def _matter(self, painter: QPainter, cell: Any, row: MatterRow) -> None:
        rect: QRect = cell.rect
        chosen = bool(cell.state & QStyle.StateFlag.State_Selected)
        hover = bool(cell.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, QColor(colours.SELECT if chosen else colours.HEAD if hover else colours.CARD))
        left = rect.left() + theme.GAP_L
        painter.fillRect(
            QRect(left, rect.bottom(), rect.right() - left - theme.GAP_L, 1), QColor(colours.LINE)
        ) if not chosen else painter.fillRect(
            QRect(rect.left(), rect.top(), _BAR, rect.height()), QColor(colours.ACCENT)
        )
        middle = rect.center().y()
        draw_role(painter, QRectF(left, middle - 7, 14, 14), row.role, row.principal)
        look = LOOKS[row.state]
        small = theme.font(theme.NOTE, bold=row.state in ("returned", "mended", "error"))
        painter.setFont(small)
        line = theme.scaled(20)
        top = middle - line + 1
        words = painter.fontMetrics().horizontalAdvance(look.word)
        right = rect.right() - theme.GAP_L
        state = QRectF(right - words, top, words + 1, line)
        painter.setPen(QColor(look.colour))
        painter.drawText(state, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, look.word)
        sign = QRectF(right - words - 20, top + (line - 16) / 2, 16, 16)
        if look.icon:
            paint_icon(painter, sign, look.icon, look.colour, filled=row.state == "error")
        else:
            draw_dashed_ring(painter, sign, look.colour)
        text = left + 30
        painter.setFont(theme.font(theme.BODY, bold=chosen))
        painter.setPen(QColor(colours.INK))
        self._line(painter, QRectF(text, top, sign.left() - 6 - text, line), row.title)
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK3 if row.state != "returned" else colours.INK2))
        self._line(painter, QRectF(text, middle + 1, right - text, line - 1), row.note)

    def _line(self, painter: QPainter, room: QRectF, text: str) -> None:
        shown = painter.fontMetrics().elidedText(visible(text), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class MatterList(Card):
    """The list with its count and bar; `chosen` carries the task the user went to."""

    chosen = Signal(str)
    no_news_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("本期事项", "", parent, flush=True)
        self.bar = QProgressBar()
        self.view = QListView()
        self.no_news = Button("其余配合事项本期无新进展", "checkmark_circle", "text")
        self._model = _Model()
        self._count = PlainLabel(role="note")

        self.bar.setTextVisible(False)
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName("本期事项")
        self.view.setObjectName("matterList")
        self.no_news.setObjectName("noNews")
        self.add_action(self._count)
        under = QHBoxLayout()
        under.setContentsMargins(theme.GAP_L, 0, theme.GAP_L, theme.GAP_M)
        under.addWidget(self.bar)
        self.body.setSpacing(0)
        self.body.addLayout(under)
        self.body.addWidget(self.view, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(theme.GAP_M, 4, theme.GAP_M, 4)
        foot.addWidget(self.no_news, 0, Qt.AlignmentFlag.AlignLeft)
        self._line = rule()
        self.body.addWidget(self._line)
        self.body.addWidget(self._foot)
        self.show_no_news(0)

        self.view.selectionModel().currentChanged.connect(self._moved)
        self.no_news.clicked.connect(self.no_news_wanted)

    @property
    def rows(self) -> tuple[MatterRow, ...]:
        """The lines shown."""
        return self._model.shown

    def set_rows(self, rows: Sequence[MatterRow], filled: int, current: str) -> None:
        """Show the matters, how many are filled, and which one is open; no signal."""
        total = sum(bool(row.task) for row in rows)
        self._model.set_rows(rows)
        self._count.setText(f"{total} 件，已填 {filled} 件")
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(filled)
        self.bar.setAccessibleName(self._count.text())
        self.set_current(current)

    def count_text(self) -> str:
        """n 件，已填 m 件."""
        return self._count.text()

    def set_current(self, task: str) -> None:
        """Mark a matter as open, without a signal."""
        for number, row in enumerate(self.rows):
            if row.task and row.task == task and self.view.currentIndex().row() != number:
                blocked = self.view.selectionModel().blockSignals(True)
                self.view.selectionModel().setCurrentIndex(
                    self._model.index(number), QItemSelectionModel.SelectionFlag.ClearAndSelect
                )
                self.view.selectionModel().blockSignals(blocked)
                self.view.scrollTo(self._model.index(number))
                self.view.viewport().update()

    def show_no_news(self, count: int) -> None:
        """Offer 本期无新进展 for that many matters; none hides it."""
        self._foot.setVisible(count > 0)
        self._line.setVisible(count > 0)
        self.no_news.setText(f"其余 {count} 件配合事项本期无新进展")
        self.no_news.setAccessibleName(self.no_news.text())

    def _moved(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, MatterRow) and row.task:
            self.chosen.emit(row.task)
