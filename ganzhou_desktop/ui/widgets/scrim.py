"""The dialog base: a rounded panel over its window, which shows through a scrim and cannot be reached meanwhile."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.texts import CLOSE
from ganzhou_desktop.ui.widgets.buttons import Button
from ganzhou_desktop.ui.widgets.labels import ElidedLabel, PlainLabel

_SCRIM_ALPHA = 0.36
_SHADOW = 14
_EDGE = 24


class ScrimDialog(QDialog):
    """A modal dialog: put content into `body`, buttons into the foot; Esc and the cross reject.

    It is a real window-modal dialog, so Qt keeps focus and shortcuts inside.  What shows under the scrim is a picture
    of the window, which needs no translucent windows from the system.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        note: str = "",
        *,
        icon_name: str = "",
        icon_colour: str = colours.ACCENT,
        width: int = 560,
        height: int = 0,
    ) -> None:
        super().__init__(parent.window(), Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self._window = parent.window()
        self._under = QPixmap()
        self._room = (theme.scaled(width), theme.scaled(height))
        self.panel = QFrame(self)
        self.title = PlainLabel(title, "dialog")
        self.note = ElidedLabel(note, "second")
        self.cross = Button(icon_name="dismiss", kind="bare", tip=CLOSE)
        self.body = QVBoxLayout()
        self._foot_left = QHBoxLayout()
        self._foot_right = QHBoxLayout()

        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.panel.setProperty("kind", "dialog")
        column = QVBoxLayout(self.panel)
        self._column = column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head(icon_name, icon_colour))
        self.body.setContentsMargins(20, 16, 20, 16)
        self.body.setSpacing(theme.GAP_M)
        column.addLayout(self.body, 1)
        self._foot = self._make_foot()
        column.addWidget(self._foot)

        self.cross.clicked.connect(self.reject)
        # The window's own F1 is out of reach meanwhile.
        wanted = getattr(self._window, "help_wanted", None)
        if wanted is not None:
            QShortcut(QKeySequence(Qt.Key.Key_F1), self).activated.connect(wanted)
        self._window.installEventFilter(self)

    def add_foot_left(self, button: QWidget) -> None:
        """Put a button at the left of the foot."""
        self._foot.show()
        self._foot_left.addWidget(button)

    def add_foot(self, button: QWidget) -> None:
        """Put a button at the right of the foot; the main one is added last."""
        self._foot.show()
        self._foot_right.addWidget(button)

    def _make_head(self, icon_name: str, icon_colour: str) -> QFrame:
        head = QFrame()
        head.setProperty("kind", "dialogHead")
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 10, 12, 10)
        row.setSpacing(theme.GAP_S)
        if icon_name:
            sign = QLabel()
            sign.setPixmap(pixmap(icon_name, 20, icon_colour, False, self.devicePixelRatioF()))
            row.addWidget(sign)
        row.addWidget(self.title)
        row.addWidget(self.note, 1)
        row.addWidget(self.cross)
        return head

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("kind", "dialogFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 11, 20, 11)
        for side in (self._foot_left, self._foot_right):
            side.setSpacing(theme.GAP_S)
        row.addLayout(self._foot_left)
        row.addStretch(1)
        row.addLayout(self._foot_right)
        foot.hide()
        return foot

    def setVisible(self, visible: bool) -> None:
        if visible:
            self._cover()
        super().setVisible(visible)

    def _cover(self) -> None:
        """Lie exactly over the window's client area, with a fresh picture of it."""
        window = self._window
        self._under = window.grab()
        self.setGeometry(QRect(window.mapToGlobal(window.rect().topLeft()), window.size()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.isVisible() and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._cover()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panel()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_panel()
        return handled

    def _place_panel(self) -> None:
        width = min(self._room[0], self.width() - 2 * _EDGE)
        layout = self._column
        needed = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        height = min(max(self._room[1], needed), self.height() - 2 * _EDGE)
        self.panel.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._under)
        scrim = QColor(colours.INK)
        scrim.setAlphaF(_SCRIM_ALPHA)
        painter.fillRect(self.rect(), scrim)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        panel = QRectF(self.panel.geometry())
        for i in range(_SHADOW, 0, -1):
            shade = QColor(colours.INK)
            shade.setAlphaF(0.020)
            painter.setBrush(shade)
            radius = theme.RADIUS_DIALOG + i
            painter.drawRoundedRect(panel.adjusted(-i, 3 - i, i, 3 + i), radius, radius)
