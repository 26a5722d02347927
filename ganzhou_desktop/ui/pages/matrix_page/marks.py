"""Arrows that say how a state changed: up, down, or both ways; told apart without colour."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganzhou_desktop.domain.matrix_changes import BETTER, SHIFTED, WORSE
from ganzhou_desktop.ui import colours

CHANGE_COLOURS = {BETTER: colours.GREEN, WORSE: colours.RED, SHIFTED: colours.INK2}


def draw_change(painter: QPainter, rect: QRectF, kind: str) -> None:
    """↑ 好转, ↓ 变差, ↔ 有变, centred in a rectangle on a 12 × 12 grid."""
    unit = min(rect.width(), rect.height()) / 12
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center())
    painter.scale(unit, unit)
    if kind == SHIFTED:
        painter.rotate(90)
    elif kind == WORSE:
        painter.rotate(180)
    pen = QPen(QColor(CHANGE_COLOURS[kind]), 1.7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawLine(QPointF(0, 4.8), QPointF(0, -4.8))
    painter.drawPolyline([QPointF(-3.2, -1.6), QPointF(0, -4.8), QPointF(3.2, -1.6)])
    if kind == SHIFTED:
        painter.drawPolyline([QPointF(-3.2, 1.6), QPointF(0, 4.8), QPointF(3.2, 1.6)])
    painter.restore()
