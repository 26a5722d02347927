"""The marks of a page: every mark of one kind and size together, in as few strokes as one mark takes."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QTransform

from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.ui import shapes
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import MarkItem

_HATCH_INK, _HATCH_STEP, _HATCH_WEIGHT = "#8C9693", 1.8, 0.12

Key = tuple[str, bool, int]
"""A mark's kind, whether it is in colour, and its side in UNITS of the fonts."""


class MarkPainter:
    """Paints the marks of pages, knowing those it painted before.

    Everything lies on whole UNITS, a hundredth of a millimetre: a PDF spells out every coordinate of every mark.
    """

    def __init__(self) -> None:
        self._known: dict[Key, list[tuple[shapes.Layer, QPainterPath]]] = {}

    def paint(self, painter: QPainter, marks: list[MarkItem]) -> None:
        """Paint the marks of a page with a painter in UNITS; hatches lie under the others."""
        units = fonts.UNITS
        alike: dict[Key, list[tuple[int, int]]] = {}
        for mark in marks:
            box, kind = mark.box, mark.kind
            if kind == "hatch":
                area = QRectF(box.x * units, box.y * units, box.w * units, box.h * units)
                shapes.draw_hatch(painter, area, _HATCH_INK, _HATCH_STEP * units, _HATCH_WEIGHT * units)
                continue
            side, x, y = min(box.w, box.h), box.x + box.w / 2, box.y + box.h / 2
            if kind == "corner":
                side, x, y = 2 * side, box.right, box.bottom
            alike.setdefault((kind, mark.colour, round(side * units)), []).append((round(x * units), round(y * units)))
        painter.save()
        for key, places in alike.items():
            for layer, path in self._layers(key):
                together = QPainterPath()
                for x, y in places:
                    together.addPath(path.translated(x, y))
                layer.prepare(painter, key[2])
                painter.drawPath(together)
        painter.restore()

    def _layers(self, key: Key) -> list[tuple[shapes.Layer, QPainterPath]]:
        known = self._known.get(key)
        if known is None:
            kind, colour, side = key
            found = _layers(kind, black_white=not colour)
            known = self._known[key] = [(layer, _on_whole_units(layer.path, side)) for layer in found]
        return known


def _on_whole_units(path: QPainterPath, side: float) -> QPainterPath:
    grown = QTransform.fromScale(side, side).map(path)
    for n in range(grown.elementCount()):
        element = grown.elementAt(n)
        grown.setElementPositionAt(n, round(element.x), round(element.y))  # type: ignore[attr-defined]
    return grown


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
