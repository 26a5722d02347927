"""Labels: plain text always, elided text, state shape with word, tags, message lines."""

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_state
from ganzhou_desktop.ui.texts import plain_tip, visible


class PlainLabel(QLabel):
    """A label that shows text letter for letter: no rich text, no mnemonics, no unseen direction marks.

    `role` is one of page, big, row, dialog, card, nav, body, strong, second, note, noteStrong, error.
    """

    def __init__(
        self, text: str = "", role: str = "body", parent: QWidget | None = None, *, wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("textRole", role)
        self.setWordWrap(wrap)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(visible(text))

    def setToolTip(self, text: str) -> None:
        super().setToolTip(plain_tip(text))

    def set_role(self, role: str) -> None:
        """Change what kind of text this is."""
        self.setProperty("textRole", role)
        self.style().unpolish(self)
        self.style().polish(self)


class ElidedLabel(PlainLabel):
    """One line that ends in … when the room is short, with the whole text as tool tip then."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        self._full = ""
        super().__init__(text, role, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def full_text(self) -> str:
        """The whole text, whatever is in view."""
        return self._full

    def setText(self, text: str) -> None:
        self._full = visible(text).replace("\n", " ")
        self.setAccessibleName(self._full)
        self._elide()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("字…"), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def _elide(self) -> None:
        room = max(self.contentsRect().width(), 1)
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            super().setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


def rule(kind: str = "line") -> QFrame:
    """A hairline: line or line2 across, vline down."""
    made = QFrame()
    made.setProperty("kind", kind)
    return made


def mark_error(widget: QWidget, wrong: bool) -> None:
    """Give an input the error edge and tint, or take them away."""
    if bool(widget.property("error")) != wrong:
        widget.setProperty("error", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class StateLabel(QWidget):
    """Painted shape and bold word in the state's colour; `tinted` puts both on the state's tint.

    Never shown without its word; a word of one's own (逾期 5 天) may replace the state's.
    """

    def __init__(
        self, state: str, word: str = "", parent: QWidget | None = None, *, tinted: bool = False, size: int = theme.BODY
    ) -> None:
        super().__init__(parent)
        self._tinted = tinted
        self._size = size
        self._state = state
        self._word = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state, word)

    @property
    def state(self) -> str:
        return self._state

    @property
    def word(self) -> str:
        return self._word

    def set_state(self, state: str, word: str = "") -> None:
        """Show another state."""
        self._state = state
        self._word = visible(word or STATE_LOOKS[state].word)
        self.setAccessibleName(self._word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self._size, bold=True))
        side = 8 if self._tinted else 0
        height = max(metrics.height() + (4 if self._tinted else 0), 20)
        return QSize(metrics.horizontalAdvance(self._word) + 19 + 2 * side, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = STATE_LOOKS[self._state]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        if self._tinted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.tint))
            painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_TAG, theme.RADIUS_TAG)
            left = 8
        draw_state(painter, QRectF(left, (self.height() - 12) / 2, 12, 12), self._state)
        painter.setFont(theme.font(self._size, bold=True))
        painter.setPen(QColor(look.colour))
        painter.drawText(
            QRectF(left + 18, 0, self.width() - left - 18, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            self._word,
        )


# kind: words by default, ground, ink, dashed edge
_TAGS: Mapping[str, tuple[str, str, str, bool]] = {
    "printed": ("照录", colours.NAV, colours.INK2, False),
    "to_confirm": ("待核定", colours.CARD, colours.INK2, True),
    "confirmed": ("已核定", colours.SELECT, colours.ACCENT, False),
    "returned": ("已退回", colours.DIFFER_TINT, colours.DIFFER, False),
    "demo": ("演示数据", colours.CARD, colours.DIFFER, True),
    "plain": ("", colours.NAV, colours.INK2, False),
    "accent": ("", colours.SELECT, colours.ACCENT, False),
    "error": ("", colours.ERROR_TINT, colours.ERROR, False),
}


def tag_width(kind: str, text: str = "") -> int:
    """Width a tag needs at the type size in force."""
    return QFontMetrics(theme.font(theme.NOTE)).horizontalAdvance(text or _TAGS[kind][0]) + 12


def draw_tag(painter: QPainter, rect: QRectF, kind: str, text: str = "") -> None:
    """Paint a tag filling a rectangle; delegates use it inside tables."""
    words, ground, ink, dashed = _TAGS[kind]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(ground))
    if dashed:
        pen = QPen(QColor(colours.LINE3 if kind != "demo" else ink), 1)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_TAG, theme.RADIUS_TAG)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, theme.RADIUS_TAG, theme.RADIUS_TAG)
    painter.setFont(theme.font(theme.NOTE))
    painter.setPen(QColor(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, visible(text or words))
    painter.restore()


class Tag(QWidget):
    """A small word on a tint; kinds: printed 照录, to_confirm 待核定, confirmed 已核定, returned 已退回, demo 演示数据,
    and plain, accent, error with words of one's own.
    """

    def __init__(self, kind: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_tag(kind, text)

    def set_tag(self, kind: str, text: str = "") -> None:
        """Show another tag."""
        self._kind, self._text = kind, text
        self.setAccessibleName(visible(text or _TAGS[kind][0]))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self._kind, self._text), theme.scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_tag(painter, QRectF(self.rect()), self._kind, self._text)


class MessageLine(QWidget):
    """A line with an icon beside a field or under a table: tone error, info, differ or done; hidden while empty."""

    _ICONS: ClassVar = {
        "error": ("error_circle", colours.ERROR, True),
        "info": ("info", colours.INK2, False),
        "differ": ("arrow_undo", colours.DIFFER, False),
        "done": ("checkmark_circle", colours.INK2, False),
    }

    def __init__(self, text: str = "", tone: str = "error", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._text = PlainLabel(role="note", wrap=True)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.set_message(text, tone)

    def text(self) -> str:
        """What the line says."""
        return self._text.text()

    def set_message(self, text: str, tone: str = "error") -> None:
        """Say something; an empty text hides the line."""
        name, colour, filled = self._ICONS[tone]
        self._icon.setPixmap(pixmap(name, theme.ICON_ROW, colour, filled, self.devicePixelRatioF()))
        self._text.set_role("error" if tone == "error" else "note")
        self._text.setText(text)
        self.setAccessibleName(visible(text))
        self.setVisible(bool(text))
