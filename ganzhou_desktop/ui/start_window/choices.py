"""A big choice of the start page, and a row with a place on disk."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.texts import visible
from ganzhou_desktop.ui.widgets import Button, ElidedLabel


class Choice(QAbstractButton):
    """Icon, title, what it does, for whom.  Enter and space choose; arrows move to the neighbours."""

    def __init__(self, icon_name: str, title: str, sentence: str, whom: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon_name
        self._title = visible(title)
        self._sentence = visible(sentence)
        self._whom = visible(whom)
        self.setText("")
        self.setAccessibleName(f"{self._title}，{self._whom}")
        self.setAccessibleDescription(self._sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # Lower where the window is low and the type large.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(theme.scaled(84))

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(640), theme.scaled(84))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(360), theme.scaled(58))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        front = self.hasFocus()
        hover = self.underMouse()
        painter.setBrush(QColor(colours.HEAD if self.isDown() or (hover and not front) else colours.CARD))
        painter.setPen(QPen(QColor(colours.ACCENT), 2) if front else QColor(colours.LINE3 if hover else colours.LINE2))
        inset = 1.0 if front else 0.5
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), theme.RADIUS_CARD, theme.RADIUS_CARD
        )
        middle = self.height() / 2
        tile = QRectF(18, middle - 22, 44, 44)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.SELECT if front else colours.HEAD))
        painter.drawRoundedRect(tile, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        glyph = QRectF(0, 0, 24, 24)
        glyph.moveCenter(tile.center())
        paint_icon(painter, glyph, self._icon, colours.ACCENT if front else colours.INK2)
        self._paint_words(painter, middle, front)

    def _paint_words(self, painter: QPainter, middle: float, front: bool) -> None:
        left, line = 80, theme.scaled(22)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        title, small = theme.font(theme.CARD_TITLE, bold=True), theme.font(theme.NOTE)
        whom = QFontMetrics(small).horizontalAdvance(self._whom) + 2
        right = self.width() - 44
        painter.setFont(title)
        painter.setPen(QColor(colours.ACCENT if front else colours.INK))
        painter.drawText(QRectF(left, middle - line - 1, right - whom - left - 8, line), flags, self._title)
        painter.setFont(small)
        painter.setPen(QColor(colours.INK3))
        painter.drawText(QRectF(right - whom, middle - line - 1, whom, line), flags, self._whom)
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.INK2))
        room = QRectF(left, middle + 2, right - left, line)
        words = painter.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags, words)
        paint_icon(painter, QRectF(self.width() - 34, middle - 9, 18, 18), "chevron_right", colours.INK2)


class PlaceRow(QWidget):
    """Where a file will lie, and a button to choose another place; `change_wanted` asks for it."""

    change_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self.words = ElidedLabel()
        self.button = Button("换个位置…", "folder_open")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_M)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self.change_wanted)

    def path(self) -> Path | None:
        """The place."""
        return self._path

    def set_path(self, path: Path | None) -> None:
        """Show a place."""
        self._path = path
        self.words.setText("" if path is None else str(path))
