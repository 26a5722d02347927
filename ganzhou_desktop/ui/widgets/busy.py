"""A thin bar with words and 取消 that appears when work lasts longer than 0.3 s."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.texts import CANCEL
from ganzhou_desktop.ui.widgets.buttons import Button
from ganzhou_desktop.ui.widgets.labels import PlainLabel

DELAY_MS = 300
_TICK_MS = 40
_BAR = 3


class BusyBar(QWidget):
    """Floats over the top of its parent, under `below` if given, so that nothing moves when it comes."""

    def __init__(self, parent: QWidget, below: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = parent
        self._below = below
        self._fraction: float | None = None
        self._phase = 0.0
        self._cancel_call: Callable[[], None] | None = None
        self._words = PlainLabel(role="note")
        self._cancel = Button(CANCEL, kind="text")
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._tick = QTimer(self, interval=_TICK_MS)

        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_M, _BAR, theme.PAGE_MARGIN + theme.GAP_S, 0)
        row.addStretch(1)
        row.addWidget(self._words)
        row.addWidget(self._cancel)
        self.hide()

        parent.installEventFilter(self)
        self._delay.timeout.connect(self._appear)
        self._tick.timeout.connect(self._step)
        self._cancel.clicked.connect(self._stop)

    def begin(self, words: str, on_cancel: Callable[[], None] | None = None) -> None:
        """Start counting; the bar shows after 0.3 s unless `finish` comes first."""
        self._fraction = None
        self._cancel_call = on_cancel
        self._words.setText(words)
        self._cancel.setVisible(on_cancel is not None)
        self._cancel.setEnabled(True)
        if not self.isVisible():
            self._delay.start()

    def set_progress(self, fraction: float | None, words: str = "") -> None:
        """How far it is, 0…1 (None: not known), and what is being done."""
        self._fraction = None if fraction is None else min(max(fraction, 0.0), 1.0)
        if words:
            self._words.setText(words)
            self._place()
        self.update()

    def finish(self) -> None:
        """Take the bar away."""
        self._delay.stop()
        self._tick.stop()
        self._cancel_call = None
        self.hide()

    def _appear(self) -> None:
        self._place()
        self.raise_()
        self.show()
        self._tick.start()

    def _place(self) -> None:
        top = 0 if self._below is None else self._below.geometry().bottom() + 1
        self.setGeometry(0, top, self._host.width(), self.sizeHint().height())

        # The page around the bar and the words stays readable and answers to clicks.
        self.setMask(QRegion(0, 0, self.width(), _BAR) | QRegion(self._chip()))

    def _chip(self) -> QRect:
        """The room of the words and the button."""
        wide = self._words.sizeHint().width() + theme.GAP_M + theme.GAP_XL
        if not self._cancel.isHidden():
            wide += self._cancel.sizeHint().width()
        return QRect(self.width() - wide - theme.PAGE_MARGIN, _BAR, wide, self.height() - _BAR)

    def _step(self) -> None:
        self._phase = (self._phase + 0.012) % 1.0
        self.update(0, 0, self.width(), _BAR)

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        if self._cancel_call is not None:
            self._cancel_call()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.LINE2))
        painter.fillRect(self._chip().adjusted(1, 0, -1, -1), QColor(colours.WIN))
        painter.fillRect(0, 0, self.width(), _BAR, QColor(colours.LINE))
        if self._fraction is not None:
            done = QRectF(0, 0, self.width() * self._fraction, _BAR)
        else:
            part = self.width() * 0.28
            done = QRectF(self._phase * (self.width() + part) - part, 0, part, _BAR)
        painter.fillRect(done, QColor(colours.ACCENT))
