"""The marks of a page: every mark of one kind and size together, in as few strokes as one mark takes."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QTransform

from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.ui import shapes
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import MarkItem

_HATCH_INK, _HATCH_STEP, _HATCH_WEIGHT = "#8C9693", 1.8, 0.12


def paint_marks(painter: QPainter, marks: list[MarkItem]) -> None:
    """Paint marks with a painter in millimetres; hatches lie under the others."""
    alike: dict[tuple[str, bool, float], list[QRectF]] = {}
    for mark in marks:
        area = mark.box.rect
        if mark.kind == "hatch":
            shapes.draw_hatch(painter, area, _HATCH_INK, _HATCH_STEP, _HATCH_WEIGHT)
            continue
        side = min(mark.box.w, mark.box.h)
        if mark.kind == "corner":
            area = QRectF(area.right() - side, area.bottom() - side, 2 * side, 2 * side)
            side *= 2
        alike.setdefault((mark.kind, mark.colour, side), []).append(area)
    painter.save()
    for (kind, colour, side), areas in alike.items():
        for layer in _layers(kind, black_white=not colour):
            one = QTransform.fromScale(side, side).map(layer.path)
            together = QPainterPath()
            for area in areas:
                together.addPath(one.translated(area.center()))
            layer.prepare(painter, side)
            painter.drawPath(together)
    painter.restore()


def _layers(mark: str, *, black_white: bool) -> tuple[shapes.Layer, ...]:
    kind, _, name = mark.partition(":")
    if kind == "state":
        return shapes.state_layers(name, black_white)
    if kind == "role":
        role = SUPPORT if name == "support" else LEAD
        return shapes.role_layers(role, name == "principal", black_white, fonts.font(fonts.SANS, 9, True))
    if kind == "corner":
        return shapes.corner_layers(black_white)
    raise ValueError(mark)
