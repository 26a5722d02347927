"""The pieces of 裁定两处不一致: the list of cases at the left, the card of one value."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.services.conflicts import BASIS_LIMIT, Conflict, Value
from ganzhou_desktop.services.sites import Site
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.change_words import at_text
from ganzhou_desktop.ui.diff_text import DiffText
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.tables import Cell
from ganzhou_desktop.ui.texts import joined, visible
from ganzhou_desktop.ui.widgets import PlainLabel

STEMS = "甲乙丙丁戊己庚辛壬癸"
_CASE_HEIGHT = 66
_CARD_TEXT = 136


def stem(case: Conflict, value: Value) -> str:
    """甲, 乙, … by the order shown."""
    place = case.values.index(value)
    return STEMS[place] if place < len(STEMS) else value.key


def who_words(value: Value, sites: dict[str, Site], here: str) -> str:
    """Who wrote a value, on which PC, when by its clock."""
    site = sites.get(value.site)
    if value.site == here:
        pc = "本机"
    elif site is None:
        pc = "不认识的电脑"
    elif site.scope == "all":
        pc = f"区级汇总 {site.pc}".strip()
    else:
        pc = f"{site.pc}（{site.code}）" if site.pc else f"核对码 {site.code}"
    return joined((at_text(value.at), value.author)) + "\n" + pc


class ValueCard(QFrame):
    """One value that stands, or the base both began with (then nothing to choose).  `chosen` on a click anywhere."""

    chosen = Signal()

    def __init__(
        self,
        title: str,
        who: str,
        text: str,
        base: str | None,
        *,
        choosable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.radio = QRadioButton(title)
        self.heading = PlainLabel(title, "strong")
        self.who = PlainLabel(who, "note", wrap=True)
        self.text = DiffText(text, base)
        self._choosable = choosable
        self.setObjectName("value_card")
        column = QVBoxLayout(self)
        column.setContentsMargins(13, 8, 13, 12)
        column.setSpacing(4)
        column.addWidget(self.radio if choosable else self.heading)
        self.radio.setVisible(choosable)
        self.heading.setVisible(not choosable)
        self.heading.setMinimumHeight(theme.scaled(26))
        column.addWidget(self.who)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(theme.scaled(_CARD_TEXT))
        holder = QWidget()
        holder.setProperty("kind", "scrollBody")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.addWidget(self.text)
        inside.addStretch(1)
        scroll.setWidget(holder)
        scroll.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        column.addWidget(scroll, 1)
        self.mark(False)
        self.radio.toggled.connect(self._toggled)

    def _toggled(self, down: bool) -> None:
        self.mark(down)
        if down:
            self.chosen.emit()

    def mark(self, chosen: bool) -> None:
        """The edge of the value to be taken."""
        edge = f"2px solid {colours.ACCENT}" if chosen else f"1px solid {colours.LINE2}"
        ground = colours.CARD if self._choosable else colours.HEAD
        self.setStyleSheet(
            f"QFrame#value_card {{ background: {ground}; border: {edge}; border-radius: 4px; }}"
            f"QFrame#value_card QRadioButton:checked {{ color: {colours.ACCENT}; }}"
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._choosable and self.radio.isEnabled():
            self.radio.setChecked(True)
        super().mousePressEvent(event)


class BasisRow(QWidget):
    """裁定依据: why it is decided so, kept in the history."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QLineEdit()
        self.box.setObjectName("basis")
        self.box.setAccessibleName("裁定依据")
        self.box.setPlaceholderText("可以不写；写了就记进历史，随裁定带给单位")
        self.box.setMaxLength(BASIS_LIMIT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_M)
        row.addWidget(PlainLabel("裁定依据", "strong"))
        row.addWidget(self.box, 1)

    def text(self) -> str:
        """What was typed."""
        return self.box.text()

    def clear(self) -> None:
        """Nothing typed yet."""
        self.box.clear()


class CaseList(QListWidget):
    """The open cases: unit, subject, the values in short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cases")
        self.setAccessibleName("两处不一致")
        self.setFixedWidth(theme.scaled(216))
        self.setItemDelegate(_CaseDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(f"QListWidget {{ background: {colours.WIN}; border-bottom-left-radius: 8px; }}")

    def add_case(self, unit: str, subject: str, values: str) -> None:
        """One case more."""
        item = QListWidgetItem(visible(f"{unit}\n{subject}\n{values}".replace("\r", "")))
        item.setSizeHint(QSize(0, theme.scaled(_CASE_HEIGHT)))
        self.addItem(item)


class _CaseDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = QStyleOptionViewItem(option)
        room = QRect(cell.rect)
        chosen = bool(cell.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(room, QColor(colours.CARD if chosen else colours.WIN))
        painter.fillRect(room.left(), room.bottom(), room.width(), 1, QColor(colours.LINE))
        if chosen:
            painter.fillRect(room.left(), room.top(), 3, room.height(), QColor(colours.ACCENT))
        lines = str(index.data() or "").split("\n")[:3]
        top = room.top() + theme.scaled(5)
        looks = (
            (theme.font(theme.NOTE), colours.INK2),
            (theme.font(bold=True), colours.INK),
            (theme.font(theme.NOTE), colours.INK2),
        )
        for line, (font, colour) in zip(lines, looks, strict=False):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            place = QRectF(room.left() + 16, top, room.width() - 24, theme.scaled(19))
            words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
            top += theme.scaled(19)
        painter.restore()
