"""What pages are laid out with: title row, cards, count cards, empty page, failure box, notice bar."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import paint_icon, pixmap
from ganzhou_desktop.ui.texts import visible
from ganzhou_desktop.ui.widgets.buttons import Button, ChipCombo, PaintedButton
from ganzhou_desktop.ui.widgets.labels import ElidedLabel, PlainLabel


class TitleRow(QWidget):
    """A page's first row: title, period, note at the left; its few actions at the right.

    `period_chosen` carries the key of the period the user chose.
    """

    period_chosen = Signal(object)

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(title, "page")
        self.period = ChipCombo(size=theme.NAV)
        self.note = ElidedLabel(note, "note")

        self.setFixedHeight(theme.scaled(theme.TITLE_ROW))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._left = QHBoxLayout()
        self._left.setSpacing(10)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(10)
        self._left.addWidget(self.title)
        self._left.addWidget(self.period)
        self._row.addLayout(self._left)
        self._row.addWidget(self.note, 1)
        self._row.addLayout(self._actions)
        self.period.hide()

        self.period.chosen.connect(self.period_chosen)

    def set_periods(self, periods: Iterable[tuple[object, str]], current: object = None) -> None:
        """Offer periods as (key, words); none hides the choice."""
        self.period.set_options(periods, current)
        self.period.setVisible(self.period.count() > 0)

    def set_title(self, title: str) -> None:
        """Change the page's name."""
        self.title.setText(title)

    def set_note(self, note: str) -> None:
        """Change the facts after the title."""
        self.note.setText(note)

    def add_before(self, widget: QWidget) -> None:
        """Put a widget before the title, e.g. the way back."""
        self._left.insertWidget(0, widget)

    def add_left(self, widget: QWidget) -> None:
        """Put a widget after the title and the period."""
        self._left.addWidget(widget)

    def add_action(self, widget: QWidget) -> None:
        """Put an action at the right end; the main one is added last."""
        self._actions.addWidget(widget)


def page_column(page: QWidget, title_row: TitleRow, margin: int = theme.PAGE_MARGIN) -> QVBoxLayout:
    """Lay a page out: its title row, then a column of cards; returns the column."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(margin, 0, margin, theme.CARD_GAP)
    outer.setSpacing(0)
    outer.addWidget(title_row)
    column = QVBoxLayout()
    column.setSpacing(theme.CARD_GAP)
    outer.addLayout(column, 1)
    return column


class Card(QFrame):
    """A white board with an optional head; put content into `body`.

    `flush` lets the body reach the edges, for tables; the head keeps its margins.
    """

    def __init__(self, title: str = "", note: str = "", parent: QWidget | None = None, *, flush: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.title = PlainLabel(title, "card")
        self.note = ElidedLabel(note, "note")
        self.head = QHBoxLayout()
        self.body = QVBoxLayout()

        side = theme.GAP_L
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.head.setContentsMargins(side - 1, 11, side - 1, 9)
        self.head.setSpacing(10)
        if title:
            self.head.addWidget(self.title)
            self.head.addWidget(self.note, 1)
            column.addLayout(self.head)
        top = 0 if title else 11
        self.body.setContentsMargins(*((0, 0, 0, 0) if flush else (side - 1, top, side - 1, 13)))
        self.body.setSpacing(theme.GAP_S)
        column.addLayout(self.body, 1)

    def set_note(self, note: str) -> None:
        """Change the facts after the card's title."""
        self.note.setText(note)

    def add_action(self, widget: QWidget) -> None:
        """Put a widget at the right of the head."""
        self.head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class CountCard(PaintedButton):
    """How many of something wait for me: number, its unit, what it is, since when; opens on click."""

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = visible(title)
        self._unit = unit
        self._count: int | None = None
        self._note = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(None)

    @property
    def count(self) -> int | None:
        return self._count

    def set_count(self, count: int | None, note: str = "") -> None:
        """Show a number (None: not known yet) and the line under the title."""
        self._count, self._note = count, visible(note)
        number = "—" if count is None else str(count)
        self.setAccessibleName(f"{self._title} {number} {self._unit} {self._note}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(172), theme.scaled(62))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hover = self.underMouse() and self.isEnabled()
        painter.setBrush(QColor(colours.HEAD if hover or self.isDown() else colours.CARD))
        if self.key_focus:
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS_CARD, theme.RADIUS_CARD)
        else:
            painter.setPen(QColor(colours.LINE3 if hover else colours.LINE))
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CARD, theme.RADIUS_CARD
            )
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        middle = self.height() / 2
        quiet = not self._count
        big = theme.font(theme.BIG_NUMBER, bold=True)
        number = "—" if self._count is None else str(self._count)
        width = QFontMetrics(big).horizontalAdvance(number)
        painter.setFont(big)
        painter.setPen(QColor(colours.INK3 if quiet else colours.INK))
        baseline = middle + QFontMetrics(big).capHeight() / 2
        painter.drawText(13, round(baseline), number)
        small = theme.font(theme.NOTE)
        painter.setFont(small)
        painter.setPen(QColor(colours.INK3))
        painter.drawText(13 + width + 5, round(baseline) - 1, self._unit)

        left = max(theme.scaled(62), 13 + width + 5 + QFontMetrics(small).horizontalAdvance(self._unit) + 8)
        room = self.width() - left - 24
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.setPen(QColor(colours.INK))
        line = theme.scaled(20)
        two = bool(self._note)
        top = QRectF(left, middle - (line - 1 if two else line / 2), room, line)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(top, flags, _elided(painter, self._title, room))
        painter.setFont(small)
        painter.setPen(QColor(colours.INK3))
        painter.drawText(top.translated(0, line - 1), flags, _elided(painter, self._note, room + 4))
        paint_icon(painter, QRectF(self.width() - 20, middle - 8, 16, 16), "chevron_right", colours.LINE3)


def _elided(painter: QPainter, text: str, room: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))


class EmptyState(QWidget):
    """A page or card with nothing yet: what is missing, what follows, and one button that begins."""

    started = Signal()

    def __init__(
        self,
        title: str,
        sentence: str = "",
        button: str = "",
        icon_name: str = "notebook",
        parent: QWidget | None = None,
        *,
        main: bool = True,
    ) -> None:
        super().__init__(parent)
        picture = QLabel()
        picture.setPixmap(pixmap(icon_name, 28, colours.LINE3, False, self.devicePixelRatioF()))
        self.title = PlainLabel(title, "card")
        self.sentence = PlainLabel(sentence, "second", wrap=True)
        self.button = Button(button, kind="main" if main else "plain")

        column = QVBoxLayout(self)
        column.setSpacing(6)
        column.addStretch(1)
        for widget in (picture, self.title, self.sentence):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.sentence.setVisible(bool(sentence))
        self.button.setVisible(bool(button))

        self.button.clicked.connect(self.started)


class FailureBox(QWidget):
    """What failed, what it means and what is unharmed, with one or two ways out.

    `way_chosen` carries the words of the way.
    """

    way_chosen = Signal(str)

    def __init__(self, happened: str, means: str = "", ways: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sign = QLabel()
        sign.setPixmap(pixmap("warning", 20, colours.ERROR, False, self.devicePixelRatioF()))
        self.happened = PlainLabel(happened, "strong", wrap=True)
        self.means = PlainLabel(means, "second", wrap=True)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.happened)
        column.addWidget(self.means)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_S)
        for way in ways:
            button = Button(way)
            button.clicked.connect(lambda _=False, way=way: self.way_chosen.emit(way))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        row.addLayout(column, 1)
        self.means.setVisible(bool(means))


class NoticeBar(QFrame):
    """A quiet bar inside a page: tone info, done, error or differ; an optional action, and a cross."""

    action_chosen = Signal()
    dismissed = Signal()

    _TONES: ClassVar = {
        "info": ("info", colours.ACCENT, False),
        "done": ("checkmark_circle", colours.ACCENT, False),
        "error": ("error_circle", colours.ERROR, True),
        "differ": ("arrow_undo", colours.DIFFER, False),
    }

    def __init__(self, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._icon = QLabel()
        self._text = PlainLabel(wrap=True)
        self._action = Button(kind="text")
        self._cross = Button(icon_name="dismiss", kind="bare", tip="关闭")

        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_M, 3, theme.GAP, 3)
        row.setSpacing(theme.GAP_S)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._cross)
        self._cross.setVisible(closable)
        self.hide()

        self._action.clicked.connect(self.action_chosen)
        self._cross.clicked.connect(self.dismiss)

    def text(self) -> str:
        """What the bar says."""
        return self._text.text()

    def say(self, text: str, tone: str = "done", action: str = "") -> None:
        """Show a sentence, with an action's words if there is one."""
        name, colour, filled = self._TONES[tone]
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self._icon.setPixmap(pixmap(name, theme.ICON_BUTTON, colour, filled, self.devicePixelRatioF()))
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(visible(text))
        self.show()

    def dismiss(self) -> None:
        """Take the bar away."""
        self.hide()
        self.dismissed.emit()
