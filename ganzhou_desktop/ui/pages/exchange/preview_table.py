"""The table of the preview: copies as heads with a tick, 核对码 to compare, changes below."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ganzhou_desktop.paths import resource
from ganzhou_desktop.services.merging import CONTESTED, KNOWN, REFUSED
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.pages.exchange.preview_rows import (
    CHANGE,
    COPY,
    LARGE,
    LARGE_WORDS,
    MORE,
    TRUST,
    TRUST_WORDS,
    PreviewRow,
)
from ganzhou_desktop.ui.table_header import PAD
from ganzhou_desktop.ui.table_model import RIGHT, ROW_ROLE, Column, Index, TableModel
from ganzhou_desktop.ui.tables import Cell, RowDelegate, RowTable
from ganzhou_desktop.ui.texts import plain_tip, visible

_TICK_ROOM = 40
_TRUST_ROW = 62


class PreviewModel(TableModel[PreviewRow]):
    """The rows; heads and codes speak through their first cell, which carries their tick."""

    def __init__(self) -> None:
        super().__init__(
            (
                Column("", lambda r: "", width=46),
                Column("对象", lambda r: r.subject, width=236, tip=lambda r: r.tip),
                Column(
                    "变更",
                    lambda r: r.how_word,
                    width=92,
                    icon_name=lambda r: r.icon_name,
                    colour=lambda r: colours.DIFFER if r.how == CONTESTED else None,
                ),
                Column("本册现值", lambda r: r.before, tip=lambda r: r.tip),
                Column("来册值", lambda r: r.after, tip=lambda r: r.tip, bold=True),
                Column(
                    "来册时间",
                    lambda r: r.when,
                    align=RIGHT,
                    width=118,
                    colour=lambda r: colours.DIFFER if r.how == CONTESTED else colours.INK2,
                ),
            ),
            tone=lambda r: "differ" if r.how == CONTESTED else "",
        )

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if index.isValid() and index.column() == 0:
            row = self.row(index.row())
            if row.kind != CHANGE:
                if role == Qt.ItemDataRole.DisplayRole:
                    return visible(_said(row))
                if role == Qt.ItemDataRole.CheckStateRole and (row.kind in (TRUST, LARGE) or row.tickable):
                    return (Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked).value
                if role == Qt.ItemDataRole.ToolTipRole:
                    return plain_tip(row.tip)
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags
        row = self.row(index.row())
        return flags | Qt.ItemFlag.ItemIsUserCheckable if row.kind in (TRUST, LARGE) or row.tickable else flags


def _said(row: PreviewRow) -> str:
    if row.kind == COPY:
        return row.title + "　" + row.facts
    if row.kind == MORE:
        return row.title
    return LARGE_WORDS if row.kind == LARGE else f"核对码 {row.code} {TRUST_WORDS}"


class PreviewDelegate(RowDelegate):
    """Paints heads and codes across the whole width; changes as every table does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = {
            (True, True): QSvgRenderer(str(resource("icons/mark_check.svg"))),
            (False, True): QSvgRenderer(str(resource("icons/mark_check_off.svg"))),
            (False, False): QSvgRenderer(str(resource("icons/mark_check_disabled.svg"))),
        }

    def paint_ground(self, painter: QPainter, cell: Cell, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if row.kind == CHANGE:
            super().paint_ground(painter, cell, index)
            return
        selected = cell.widget.selectionModel().isSelected(index)
        ground = colours.HEAD if row.kind == COPY else colours.CARD
        painter.fillRect(cell.rect, QColor(colours.SELECT if selected else ground))
        painter.fillRect(cell.rect.left(), cell.rect.bottom(), cell.rect.width(), 1, QColor(colours.LINE))
        if selected:
            painter.fillRect(cell.rect.left(), cell.rect.top(), 3, cell.rect.height(), QColor(colours.ACCENT))

    def paint_content(self, painter: QPainter, cell: Cell, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if row.kind == COPY:
            self._paint_copy(painter, QRectF(cell.rect), row)
        elif row.kind == TRUST:
            self._paint_trust(painter, QRectF(cell.rect), row)
        elif row.kind == MORE:
            self._paint_more(painter, QRectF(cell.rect), row)
        elif row.kind == LARGE:
            self._paint_question(painter, QRectF(cell.rect), QRectF(cell.rect).left() + 67, LARGE_WORDS, row.ticked)
        else:
            super().paint_content(painter, cell, index)

    def _paint_copy(self, painter: QPainter, room: QRectF, row: PreviewRow) -> None:
        middle = room.center().y()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if row.verdict == REFUSED and not row.tickable and row.icon_name == "error_circle":
            paint_icon(painter, QRectF(room.left() + 14, middle - 8, 16, 16), row.icon_name, colours.ERROR, True)
        elif row.verdict == KNOWN:
            paint_icon(painter, QRectF(room.left() + 14, middle - 8, 16, 16), row.icon_name, colours.INK3)
        else:
            self._box(painter, room.left() + 14, middle, row.ticked, row.tickable)
        left = room.left() + 47
        if row.verdict not in (KNOWN, REFUSED):
            self._chevron(painter, left, middle, row.folded)
        left += 20
        bold = theme.font(bold=True)
        width = QFontMetrics(bold).horizontalAdvance(visible(row.title))
        width = min(width + 4, int(room.width() * 0.4))
        painter.setFont(bold)
        painter.setPen(QColor(colours.INK2 if row.verdict == KNOWN else colours.INK))
        words = painter.fontMetrics().elidedText(visible(row.title), Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(QRectF(left, room.top(), width + 2, room.height() - 1), flags, words)
        left += width + 16
        painter.setFont(theme.font(theme.NOTE))
        wrong = row.verdict == REFUSED and not row.tickable and row.icon_name == "error_circle"
        painter.setPen(QColor(colours.ERROR if wrong else colours.INK2))
        rest = QRectF(left, room.top(), room.right() - left - 15, room.height() - 1)
        facts = painter.fontMetrics().elidedText(visible(row.facts), Qt.TextElideMode.ElideRight, int(rest.width()))
        painter.drawText(rest, flags, facts)

    def _paint_trust(self, painter: QPainter, room: QRectF, row: PreviewRow) -> None:
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        left = room.left() + 67
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK3))
        painter.drawText(QRectF(left, room.top() + 6, 300, theme.scaled(18)), flags, "写这份副本的电脑的核对码")
        painter.setFont(theme.font(theme.BIG_NUMBER - 2, bold=True))
        painter.setPen(QColor(colours.INK))
        painter.drawText(QRectF(left, room.top() + theme.scaled(22), 400, theme.scaled(32)), flags, row.code)
        self._paint_question(painter, room, left + theme.scaled(340), TRUST_WORDS, row.ticked)

    def _paint_more(self, painter: QPainter, room: QRectF, row: PreviewRow) -> None:
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.ACCENT if row.ticked else colours.INK2))
        painter.drawText(room.adjusted(46 + PAD, 0, -PAD, 0), flags, row.title)

    def _paint_question(self, painter: QPainter, room: QRectF, left: float, words: str, ticked: bool) -> None:
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        self._box(painter, left, room.center().y(), ticked, True)
        painter.setFont(theme.font(bold=ticked))
        painter.setPen(QColor(colours.ACCENT if ticked else colours.INK))
        painter.drawText(QRectF(left + 24, room.top(), room.right() - left - 30, room.height()), flags, words)

    def _box(self, painter: QPainter, left: float, middle: float, ticked: bool, enabled: bool) -> None:
        self._boxes[ticked, enabled].render(painter, QRectF(left, middle - 8, 16, 16))

    def _chevron(self, painter: QPainter, left: float, middle: float, folded: bool) -> None:
        name = "chevron_right" if folded else "chevron_down"
        paint_icon(painter, QRectF(left - 2, middle - 8, 16, 16), name, colours.INK2)


class PreviewTable(RowTable):
    """The preview.  A click or Space toggles a tick or a trust; a click on a head folds its copy, Enter too."""

    tick_wanted = Signal(object, bool)
    trust_wanted = Signal(str, bool)
    large_wanted = Signal(object, bool)
    fold_wanted = Signal(object)
    more_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, row_height=theme.PREVIEW_ROW)
        self.preview = PreviewModel()
        self.setObjectName("preview")
        self.setAccessibleName("合入前预览")
        self.shows_cell_focus = False
        self.setItemDelegate(PreviewDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setModel(self.preview)

    def show_rows(self, rows: list[PreviewRow]) -> None:
        """Show these rows; the row selected and the place scrolled to stay."""
        place, current = self.verticalScrollBar().value(), self._current_key()
        self.clearSpans()
        self.preview.set_rows(rows)
        width = len(self.preview.columns)
        for number, row in enumerate(rows):
            if row.kind != CHANGE:
                self.setSpan(number, 0, 1, width)
            height = {COPY: theme.PREVIEW_ROW, TRUST: _TRUST_ROW}.get(row.kind, theme.PREVIEW_ROW)
            self.setRowHeight(number, theme.scaled(height))
        for number, row in enumerate(rows):
            if current is not None and (row.kind, row.file, row.code, row.subject) == current:
                self.setCurrentIndex(self.preview.index(number, 0 if row.kind != CHANGE else 1))
                break
        self.verticalScrollBar().setValue(place)

    def row_of(self, kind: str, file: Path) -> int:
        """Number of the first row of a kind for a file; -1 when it is not shown."""
        return next((i for i, r in enumerate(self.preview.rows) if r.kind == kind and r.file == file), -1)

    def show_file(self, file: Path) -> None:
        """Select a copy's head and bring it into view."""
        number = self.row_of(COPY, file)
        if number >= 0:
            index = self.preview.index(number, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def _current_key(self) -> tuple[str, Path, str, str] | None:
        index = self.currentIndex()
        if not index.isValid() or index.row() >= len(self.preview.rows):
            return None
        row = self.preview.row(index.row())
        return row.kind, row.file, row.code, row.subject

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            row = self.preview.row(index.row())
            if row.kind == COPY and event.position().x() >= _TICK_ROOM:
                self.fold_wanted.emit(row.file)
            else:
                self._toggle(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        row = self.preview.row(index.row()) if index.isValid() else None
        if row is not None and event.key() == Qt.Key.Key_Space:
            self._toggle(row)
        elif row is not None and row.kind == COPY and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.fold_wanted.emit(row.file)
        elif row is not None and row.kind == MORE and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(row)
        else:
            super().keyPressEvent(event)

    def _toggle(self, row: PreviewRow) -> None:
        if row.kind == COPY and row.tickable:
            self.tick_wanted.emit(row.file, not row.ticked)
        elif row.kind == TRUST:
            self.trust_wanted.emit(row.code, not row.ticked)
        elif row.kind == MORE and row.ticked:
            self.more_wanted.emit(row.file)
        elif row.kind == LARGE:
            self.large_wanted.emit(row.file, not row.ticked)
