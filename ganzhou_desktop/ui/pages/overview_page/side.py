"""The right column: what waits, who has not reported, this unit's periods, what is worst."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain import states
from ganzhou_desktop.services.overview import Missing, OwnPeriod, Urgent
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.filed_looks import FILED_LOOKS
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_dashed_ring, draw_state
from ganzhou_desktop.ui.texts import joined, period_text, plain_tip, short_date, visible
from ganzhou_desktop.ui.widgets import Button, Card, CountCard, ElidedLabel, PaintedButton, PlainLabel, StateLabel

ROW = 42
_HIGH, _LOW = 62, 54

_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class CountLook:
    """A card of 待我办理: what waits, how many, in which unit, and a fact about it."""

    kind: str
    title: str
    unit: str
    count: int
    note: str


class WaitingCards(QWidget):
    """Cards two in a row; with an odd number the first is as wide as two.  `opened` carries the kind."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, CountCard] = {}
        self._shown: tuple[tuple[str, str, str], ...] = ()
        self._height = _HIGH
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GAP_S)

    def set_low(self, low: bool) -> None:
        """Lower cards on a low screen, so that the lists under them show whole rows."""
        self._height = _LOW if low else _HIGH
        for card in self.cards.values():
            card.setFixedHeight(theme.scaled(self._height))

    def set_cards(self, looks: Sequence[CountLook]) -> None:
        """Show these counts; cards already there stay, and with them the focus."""
        wanted = tuple((look.kind, look.title, look.unit) for look in looks)
        if wanted != self._shown:
            for card in self.cards.values():
                self._grid.removeWidget(card)
                card.deleteLater()
            self.cards = {}
            self._shown = wanted
            odd = len(looks) % 2
            for place, look in enumerate(looks):
                card = CountCard(look.title, look.unit)
                card.setFixedHeight(theme.scaled(self._height))
                card.setObjectName(f"waiting_{look.kind}")
                card.clicked.connect(lambda _=False, kind=look.kind: self.opened.emit(kind))
                self.cards[look.kind] = card
                if odd and place == 0:
                    self._grid.addWidget(card, 0, 0, 1, 2)
                else:
                    self._grid.addWidget(card, (place + odd) // 2, (place + odd) % 2)
        for look in looks:
            self.cards[look.kind].set_count(look.count, look.note)


class _Scrolled(QScrollArea):
    """Rows under each other that scroll when the room is short; never asks for more than they need."""

    def __init__(self, at_least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at_least = at_least
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_rows(self, rows: Sequence[QWidget]) -> None:
        """Show these rows, scrolled where it was."""
        place = self.verticalScrollBar().value()
        inner = QWidget()
        inner.setProperty("kind", "scrollBody")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        height = 0
        for row in rows:
            column.addWidget(row)
            height += row.sizeHint().height()
        column.addStretch(1)
        self.setWidget(inner)
        each = height // max(len(rows), 1)
        self._height = height
        self.setMinimumHeight(min(height, each * self._at_least))
        self.updateGeometry()
        self.verticalScrollBar().setValue(place)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)


class _MissingRow(QFrame):
    """One unit that has not reported: name and telephone, days, a button for the 催报 text."""

    copied = Signal()

    def __init__(self, look: Missing, name: str, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        clerk = joined((look.clerk, look.phone)) or "没有登记联系人"
        before = "" if not look.had_before else "上期未报" if look.before is None else ""
        before = before or ("" if look.before is None else f"上期 {short_date(look.before, year)}到")
        self.name = ElidedLabel(name, "strong")
        self.contact = ElidedLabel(clerk, "note")
        self.contact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        state = StateLabel(states.OVERDUE, f"{look.days} 天") if look.days else StateLabel(states.NOT_DUE, "未到应报日")
        self.copy = Button("复制催报", kind="text", tip=look.reminder)
        self.copy.setObjectName(f"copy_{look.unit}")
        self.copy.setAccessibleName(visible(f"复制给{name}的催报文字"))

        self.setFixedHeight(theme.scaled(ROW))
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 0, 15, 0)
        row.setSpacing(theme.GAP_S)
        left = _pair(self.name, self.contact)
        row.addLayout(left, 1)
        right = _pair(state, PlainLabel(before, "note"))
        holder = QWidget()
        holder.setLayout(right)
        holder.setFixedWidth(theme.scaled(90))
        row.addWidget(holder)
        row.addWidget(self.copy)

        self.copy.clicked.connect(self.copied)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.scaled(ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(colours.LINE))


def _pair(above: QWidget, below: QWidget) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(1)
    made.addStretch(1)
    made.addWidget(above)
    made.addWidget(below)
    made.addStretch(1)
    return made


class MissingCard(Card):
    """谁还没报."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("谁还没报", " ", parent, flush=True)
        self.rows: dict[str, _MissingRow] = {}
        self.copy_all = Button("全部复制", kind="text", tip="把各单位的催报文字一起复制")
        self.copy_all.setObjectName("copy_all")
        self.everybody = PlainLabel("", "second", wrap=True)
        self._list = _Scrolled(2)

        self.head.setContentsMargins(15, 5, 15, 3)
        self.add_action(self.copy_all)
        self.everybody.setContentsMargins(15, 0, 15, 12)
        self.body.addWidget(self.everybody)
        self.body.addWidget(self._list)

        self.copy_all.clicked.connect(self._copy_all)

    def set_missing(self, missing: Sequence[Missing], names: dict[str, str], year: int, asked: int) -> None:
        """Show these units; none says that everybody has reported."""
        made = {m.unit: _MissingRow(m, names.get(m.unit, m.unit), year) for m in missing}
        for row in made.values():
            row.copied.connect(lambda row=row: self._copy(row))
        self.rows = made
        self._list.set_rows(list(made.values()))
        self._list.setVisible(bool(made))
        self.everybody.setText(f"本期 {asked} 家都已报送。" if not made else "")
        self.everybody.setVisible(not made)
        self.copy_all.setVisible(len(made) > 1)
        self.set_note(f"{len(made)} 家" if made else "")

    def focus_unit(self, unit: str) -> None:
        """Bring a unit's row into view with the focus on its button; any, when the unit is not among them."""
        row = self.rows.get(unit) or next(iter(self.rows.values()), None)
        if row is not None:
            self._list.ensureWidgetVisible(row)
            row.copy.setFocus(Qt.FocusReason.TabFocusReason)

    def _copy(self, row: _MissingRow) -> None:
        QGuiApplication.clipboard().setText(row.look.reminder)
        row.copy.setText("已复制")

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText("\n\n".join(row.look.reminder for row in self.rows.values()))
        for row in self.rows.values():
            row.copy.setText("已复制")


class _LineButton(PaintedButton):
    """A row that opens something: a mark, a line, a quieter line below."""

    def __init__(self, first: str, second: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._second = visible(first), visible(second)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(joined((self._first, self._second)))
        self.setToolTip(plain_tip("\n".join(line for line in (self._first, self._second) if line)))

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(200), theme.scaled(ROW - 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.key_focus or self.underMouse():
            painter.fillRect(self.rect(), QColor(colours.HEAD))
        if self.key_focus:
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -1), 4, 4)
        above, below = theme.scaled(19), theme.scaled(16)
        top = (self.height() - above - (below if self._second else 0)) / 2
        self._paint_mark(painter, QRectF(15, top + (above - 16) / 2, 16, 16))
        room = QRectF(38, top, self.width() - 38 - 15, above)
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.INK))
        self._write(painter, room, self._first)
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK3))
        self._write(painter, QRectF(38, top + above, room.width(), below), self._second)

    @staticmethod
    def _write(painter: QPainter, room: QRectF, text: str) -> None:
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, _FLAGS, words)

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        """Each kind of row has its mark."""


class _UrgentRow(_LineButton):
    def __init__(self, look: Urgent, parent: QWidget | None = None) -> None:
        super().__init__(look.text, look.note, parent)
        self._state = look.state
        self.setAccessibleName(joined((STATE_LOOKS[look.state].word, look.text, look.note)))

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        draw_state(painter, box.adjusted(2, 2, -2, -2), self._state)


class UrgentCard(Card):
    """需要协调: the worst gauges and cells, at most five; `opened` carries the one chosen."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("需要协调", "按严重程度，最多 5 条", parent, flush=True)
        self.rows: list[QAbstractButton] = []
        self.nothing = PlainLabel("没有低于底线、逾期或滞后的指标和任务。", "second", wrap=True)
        self._list = _Scrolled(2)

        self.head.setContentsMargins(15, 9, 15, 5)
        self.nothing.setContentsMargins(15, 0, 15, 12)
        self.body.setContentsMargins(0, 0, 0, 6)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self._list)
        self.body.addStretch(1)

    def set_urgent(self, urgent: Sequence[Urgent]) -> None:
        """Show these, worst first."""
        made = []
        for place, look in enumerate(urgent):
            row = _UrgentRow(look)
            row.setObjectName(f"urgent_{place}")
            row.clicked.connect(lambda _=False, look=look: self.opened.emit(look))
            made.append(row)
        self.rows = list(made)
        self._list.set_rows(made)
        self._list.setVisible(bool(made))
        self.nothing.setVisible(not made)


class _OwnRow(_LineButton):
    def __init__(self, look: OwnPeriod, parent: QWidget | None = None) -> None:
        state = FILED_LOOKS[look.state]
        due = f"应报日 {short_date(look.period.due, look.period.last.year)}"
        second = f"退回原因：{look.reason}" if look.reason else joined((due, "已关" if look.period.closed else ""))
        super().__init__(f"{period_text(look.period.name)}　{state.word}", second, parent)
        self._look = state

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        if self._look.icon:
            paint_icon(painter, box, self._look.icon, self._look.colour)
        else:
            draw_dashed_ring(painter, box, self._look.colour)


class OwnCard(Card):
    """本单位各期: where this unit stands in every period; `opened` carries the period's name."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("本单位各期", "区里的答复随下发副本来", parent, flush=True)
        self.rows: list[QAbstractButton] = []
        self._list = _Scrolled(2)
        self.body.setContentsMargins(0, 0, 0, 6)
        self.body.addWidget(self._list)

    def set_own(self, own: Sequence[OwnPeriod]) -> None:
        """Show these periods, latest first."""
        made = []
        for look in own:
            row = _OwnRow(look)
            row.setObjectName(f"own_{look.period.name}")
            row.clicked.connect(lambda _=False, name=look.period.name: self.opened.emit(name))
            made.append(row)
        self.rows = list(made)
        self._list.set_rows(made)
