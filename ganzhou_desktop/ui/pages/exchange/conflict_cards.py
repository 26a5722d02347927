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

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services.conflicts import BASIS_LIMIT, Conflict, Value
from ganzhou_desktop.services.sites import Site
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.change_words import moment_of, value_line, value_text
from ganzhou_desktop.ui.diff_text import DiffText
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.tables import Cell
from ganzhou_desktop.ui.texts import joined, moment_text, visible
from ganzhou_desktop.ui.widgets import PlainLabel

STEMS = "甲乙丙丁戊己庚辛壬癸"
WITHDRAWN = "已撤销"
_CASE_HEIGHT = 66
_CARD_TEXT = 136


def stem(case: Conflict, value: Value) -> str:
    """甲, 乙, … by the order shown."""
    place = case.values.index(value)
    return STEMS[place] if place < len(STEMS) else value.key


def who_words(value: Value, sites: dict[str, Site], here: str) -> str:
    """Who wrote a value, when by its PC's clock (a year may be what is wrong with it), on which PC by name and 核对码."""
    site = sites.get(value.site)
    when = joined((moment_text(moment_of(value.at)), value.author))
    if site is None:
        return f"{when}\n不认识的电脑"
    office = "区级汇总" if site.scope == "all" else ""
    name = " ".join(word for word in (office, "本机" if value.site == here else site.pc) if word)
    code = f"核对码 {site.code}"
    return f"{when}\n{f'{name}（{code}）' if name else code}"


def value_words(plan: Plan, case: Conflict, value: Value) -> str:
    """A value as people read it; one that is empty says whether it was taken back, cleared, or never filled in."""
    words = _empty_words(case, value) or value_text(plan, case.kind, case.field, value.value, case.about)
    if not value.withdrawn:
        return words
    told = f"{stem(case, value)}已撤销：那台电脑把自己写的收回了"
    return f"{told}。" if _empty_words(case, value) else f"{told}，回到：\n{words}"


def value_in_short(plan: Plan, case: Conflict, value: Value) -> str:
    """The same in a few words, for the list of cases."""
    if value.withdrawn:
        return WITHDRAWN
    return _empty_words(case, value) or value_line(plan, case.kind, case.field, value.value, case.about)


def _empty_words(case: Conflict, value: Value) -> str:
    """What is said of a value that somebody left or made empty; nothing of others."""
    if value.value is not None or case.field == DELETED:
        return ""
    return "没有填" if case.base is None else "清空了"


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
