"""A page of a print on its grey stage, as it will lie on paper."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.painting import render_page

_EDGE = 12
_SHADE = "#D5DAD8"


class PageView(QWidget):
    """One page on a grey stage, as large as the room (整页) or as on paper (100%)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._document: Document | None = None
        self._page = 0
        self._whole = True
        self._room = QSize(1, 1)
        self._image: QImage | None = None

    def set_page(self, document: Document, page: int) -> None:
        """Show a page (from 0)."""
        self._document, self._page, self._image = document, page, None
        paper = document.pages[page].paper
        self.setAccessibleName(f"第 {page + 1} 页，{paper.name} {paper.width:g}×{paper.height:g} 毫米")
        self.fit(self._room, self._whole)

    def fit(self, room: QSize, whole: bool) -> None:
        """Take the room of the stage; whole page or real size."""
        self._room, self._whole, self._image = room, whole, None
        shown = self._shown()
        self.setFixedSize(
            room if whole else shown.expandedTo(room - QSize(2 * _EDGE, 2 * _EDGE)) + QSize(2 * _EDGE, 2 * _EDGE)
        )
        self.update()

    def dpi(self) -> float:
        """The resolution at which the page is shown, in device-independent pixels."""
        if self._document is None:
            return 96.0
        if not self._whole:
            return float(self.logicalDpiX())
        paper = self._document.pages[self._page].paper
        width, height = self._room.width() - 2 * _EDGE, self._room.height() - 2 * _EDGE
        return max(10.0, 25.4 * min(width / paper.width, height / paper.height))

    def _shown(self) -> QSize:
        if self._document is None:
            return QSize(1, 1)
        paper = self._document.pages[self._page].paper
        return QSize(math.ceil(paper.width * self.dpi() / 25.4), math.ceil(paper.height * self.dpi() / 25.4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(_SHADE))
        if self._document is None:
            return
        ratio = self.devicePixelRatioF()
        if self._image is None:
            self._image = render_page(self._document, self._page, self.dpi() * ratio)
            self._image.setDevicePixelRatio(ratio)
        size = self._image.deviceIndependentSize()
        x = round((self.width() - size.width()) / 2)
        y = round((self.height() - size.height()) / 2)
        area = QRectF(x, y, size.width(), size.height())
        for n, alpha in ((3, 18), (2, 26), (1, 34)):
            painter.fillRect(area.adjusted(-n, -n + 2, n, n + 2), QColor(0, 0, 0, alpha))
        painter.drawImage(area.topLeft(), self._image)
        painter.setPen(QPen(QColor(colours.LINE2), 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))


class Stage(QScrollArea):
    """Keeps the page view told of the room there is."""

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self._view = view
        self.whole = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(view)
        self.setCornerWidget(QWidget())
        self.viewport().setAutoFillBackground(True)
        palette = self.viewport().palette()
        palette.setColor(self.viewport().backgroundRole(), QColor(_SHADE))
        self.viewport().setPalette(palette)

    def refit(self) -> None:
        """Fit the page again, after a resize or another zoom."""
        self._view.fit(self.maximumViewportSize(), self.whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()
