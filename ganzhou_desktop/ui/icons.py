"""Fluent icons from resources/icons, recoloured when loaded."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganzhou_desktop.paths import resource
from ganzhou_desktop.ui.colours import ACCENT, DISABLED, INK2, WHITE

_SIZES = (16, 18, 20, 28)


def icon_path(name: str, filled: bool = False) -> Path:
    """The file of an icon; FileNotFoundError names what is missing."""
    path = resource("icons") / f"{name}_20_{'filled' if filled else 'regular'}.svg"
    if not path.is_file():
        raise FileNotFoundError(path)
    return path


@lru_cache(maxsize=512)
def _svg(name: str, colour: str, filled: bool) -> QByteArray:
    # Fluent's files carry no fill of their own, so one on the root colours every path.
    text = icon_path(name, filled).read_text("utf-8").replace("<svg ", f'<svg fill="{colour}" ', 1)
    return QByteArray(text.encode())


def paint_icon(painter: QPainter, rect: QRectF, name: str, colour: str = INK2, filled: bool = False) -> None:
    """Paint an icon into a rectangle at any scale."""
    QSvgRenderer(_svg(name, colour, filled)).render(painter, rect)


@lru_cache(maxsize=512)
def pixmap(name: str, size: int, colour: str = INK2, filled: bool = False, ratio: float = 1.0) -> QPixmap:
    """One icon as a square picture of `size` device-independent pixels."""
    _svg(name, colour, filled)  # a picture that is missing is missed before anything is painted on
    made = QPixmap(QSize(1, 1) * round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, QRectF(0, 0, size, size), name, colour, filled)
    painter.end()
    return made


def _ratios() -> list[float]:
    return sorted({1.0, 2.0} | {screen.devicePixelRatio() for screen in QGuiApplication.screens()})


@lru_cache(maxsize=512)
def icon(name: str, colour: str = INK2, filled: bool = False) -> QIcon:
    """An icon, sharp at the sizes and screens in use, paler when disabled."""
    made = QIcon()
    for ratio in _ratios():
        for size in _SIZES:
            made.addPixmap(pixmap(name, size, colour, filled, ratio))
            made.addPixmap(pixmap(name, size, DISABLED, filled, ratio), QIcon.Mode.Disabled)
    return made


def paint_app_mark(painter: QPainter, rect: QRectF, ground: str = ACCENT, mark: str = WHITE) -> None:
    """The program's mark: ◎ on a rounded square."""
    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(rect.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tile = QPainterPath()
    tile.addRoundedRect(square, side * 0.2, side * 0.2)
    painter.fillPath(tile, QColor(ground))
    centre = QPointF(square.center())
    painter.setPen(QPen(QColor(mark), side * 0.085))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, side * 0.265, side * 0.265)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(QColor(mark)))
    painter.drawEllipse(centre, side * 0.105, side * 0.105)
    painter.restore()


def app_mark(size: int, ground: str = ACCENT, mark: str = WHITE, ratio: float = 1.0) -> QPixmap:
    """The program's mark as a picture."""
    made = QPixmap(QSize(1, 1) * round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_app_mark(painter, QRectF(0, 0, size, size), ground, mark)
    painter.end()
    return made


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """The window's icon at every size Windows asks for."""
    made = QIcon()
    for size in (16, 20, 24, 32, 40, 48, 64, 128, 256):
        made.addPixmap(app_mark(size))
    return made
