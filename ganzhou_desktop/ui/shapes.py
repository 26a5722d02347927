"""Painted marks: state shapes, role rings, filing marks, notice boxes; on screen and in black-and-white print."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.colours import BLACK, INK, INK3, LINE2, WHITE

DISC = "disc"
TRIANGLE = "triangle"
SQUARE = "square"
DIAMOND = "diamond"
DIAMOND_DOT = "diamond_dot"
DIAMOND_STROKE = "diamond_stroke"
STAR = "star"
DASH = "dash"
HATCH = "hatch"


@dataclass(frozen=True, slots=True)
class StateLook:
    """How one state is shown: shape, word, colour of word and edge, fill of shape and bar, tint of a ◎ cell."""

    shape: str
    word: str
    colour: str
    fill: str
    tint: str


def _look(state: str, shape: str, colour: str, tint: str, fill: str = "") -> StateLook:
    return StateLook(shape, states.WORDS[state], colour, fill or colour, tint)


STATE_LOOKS: dict[str, StateLook] = {
    state: _look(state, *rest)
    for state, *rest in (
        (states.OK, DISC, colours.GREEN, colours.GREEN_TINT),
        (states.SLOW, DISC, colours.GREEN, colours.GREEN_TINT),
        (states.BEHIND, TRIANGLE, colours.YELLOW, colours.YELLOW_TINT, colours.YELLOW_FILL),
        (states.BADLY_BEHIND, SQUARE, colours.RED, colours.RED_TINT),
        (states.OVERDUE, SQUARE, colours.RED, colours.RED_TINT),
        (states.BELOW_FLOOR, SQUARE, colours.RED, colours.RED_TINT),
        (states.DONE, STAR, colours.DONE, colours.DONE_TINT),
        (states.REACHED, STAR, colours.DONE, colours.DONE_TINT),
        (states.NOT_DUE, DIAMOND, colours.GREY, colours.GREY_TINT),
        (states.IDLE, DIAMOND, colours.GREY, colours.GREY_TINT),
        (states.NOT_PUBLISHED, DIAMOND_DOT, colours.GREY, colours.GREY_TINT),
        (states.NO_BASELINE, DIAMOND_DOT, colours.GREY, colours.GREY_TINT),
        (states.NOT_FILED, DIAMOND_STROKE, colours.GREY, colours.GREY_TINT),
        (states.NOT_APPLICABLE, DASH, colours.GREY, WHITE),
        (states.NOT_HELD, HATCH, colours.GREY, WHITE),
    )
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One fill or stroke of a mark, about its centre, in shares of its side; no fill or no edge when empty.

    Marks are layers so that a page of paper with hundreds of the same mark can paint them all in one stroke.
    """

    path: QPainterPath
    fill: str = ""
    edge: str = ""
    weight: float = 0.0

    def prepare(self, painter: QPainter, side: float) -> None:
        """Give the painter this layer's pen and brush for marks of a size."""
        if self.edge:
            pen = QPen(QColor(self.edge), self.weight * side)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.fill) if self.fill else Qt.BrushStyle.NoBrush)


def _draw_layers(painter: QPainter, rect: QRectF, layers: tuple[Layer, ...]) -> None:
    """Draw a mark centred in a rectangle, as large as the shorter side allows."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center())
    painter.scale(side, side)
    for layer in layers:
        layer.prepare(painter, 1.0)
        painter.drawPath(layer.path)
    painter.restore()


def draw_state(painter: QPainter, rect: QRectF, state: str, black_white: bool = False) -> None:
    """Draw a state's shape centred in a rectangle, as large as the shorter side allows."""
    look = STATE_LOOKS[state]
    if look.shape == HATCH:
        draw_hatch(painter, rect, BLACK if black_white else LINE2)
        return
    _draw_layers(painter, rect, state_layers(state, black_white))


def state_layers(state: str, black_white: bool = False) -> tuple[Layer, ...]:
    """A state's shape; a triangle in black is hollow, so that paper tells it from ■.  未分工 (a hatch) has none."""
    look = STATE_LOOKS[state]
    shape = look.shape
    edge, fill = (BLACK, BLACK) if black_white else (look.colour, look.fill)
    pen = 1.2 / _GRID
    if shape == DISC:
        return (Layer(_ellipse(5), fill),)
    if shape == TRIANGLE:
        return (Layer(_polygon((0, -4.6), (5.2, 4.6), (-5.2, 4.6)), WHITE if black_white else fill, edge, pen),)
    if shape == SQUARE:
        return (Layer(_polygon((-4.6, -4.6), (4.6, -4.6), (4.6, 4.6), (-4.6, 4.6)), fill),)
    if shape == STAR:
        return (Layer(_polygon(*_star(5.8, 2.4)), fill),)
    if shape == DASH:
        return (Layer(_line((-5.5, 0), (5.5, 0)), edge=edge, weight=1.5 / _GRID),)
    if shape == HATCH:
        return ()
    diamond = Layer(_polygon((0, -5.2), (5.2, 0), (0, 5.2), (-5.2, 0)), edge=edge, weight=pen)
    if shape == DIAMOND_DOT:
        return diamond, Layer(_ellipse(1.5), edge)
    if shape == DIAMOND_STROKE:
        return diamond, Layer(_line((-1.9, 1.9), (1.9, -1.9)), edge=edge, weight=pen)
    return (diamond,)


_GRID = 12.0
"""State shapes are designed on a 12 × 12 grid about the centre."""


def _ellipse(radius: float, grid: float = _GRID) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), radius / grid, radius / grid)
    return path


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x / _GRID, y / _GRID) for x, y in points]))
    path.closeSubpath()
    return path


def _line(start: tuple[float, float], end: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(start[0] / _GRID, start[1] / _GRID))
    path.lineTo(end[0] / _GRID, end[1] / _GRID)
    return path


def _star(outer: float, inner: float) -> list[tuple[float, float]]:
    points = []
    for i in range(10):
        radius = inner if i % 2 else outer
        angle = math.radians(36 * i - 90)
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return points


def draw_hatch(painter: QPainter, rect: QRectF, colour: str = LINE2, step: float = 6.0, width: float = 1.0) -> None:
    """45° lines across a rectangle, clipped to it; starts at its corner, so it scrolls with what it covers."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), width))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += step
    painter.restore()


def draw_role(
    painter: QPainter,
    rect: QRectF,
    role: str,
    principal: bool = False,
    black_white: bool = False,
    font: QFont | None = None,
) -> None:
    """Draw ◎ (lead), ◎¹ (principal lead) or ○ (support) centred in a rectangle; other roles draw nothing."""
    _draw_layers(painter, rect, role_layers(role, principal, black_white, font or painter.font()))


def role_layers(role: str, principal: bool, black_white: bool, font: QFont) -> tuple[Layer, ...]:
    """The rings of a role, on a 14 × 14 grid, and the ¹ of ◎¹ as an outline, so that it scales with them on paper."""
    grid = 14.0
    if role == SUPPORT:
        return (Layer(_ellipse(5.4, grid), edge=BLACK if black_white else INK3, weight=1.1 / grid),)
    if role != LEAD:
        return ()
    ink = BLACK if black_white else INK
    rings = Layer(_ellipse(6, grid), edge=ink, weight=1.5 / grid), Layer(_ellipse(2.4, grid), ink)
    if not principal:
        return rings
    raised = QFont(font)
    raised.setPixelSize(10)
    raised.setBold(True)
    one = QPainterPath()
    one.addText(0, 0, raised, "1")
    return *rings, Layer(QTransform(1 / grid, 0, 0, 1 / grid, 7.5 / grid, -1.0 / grid).map(one), ink)


def draw_returned_corner(painter: QPainter, rect: QRectF, black_white: bool = False, side: float = 8.0) -> None:
    """The small corner at the lower right of a cell that was returned."""
    corner = QRectF(0, 0, 2 * side, 2 * side)  # the layer is about the corner itself
    corner.moveCenter(QPointF(rect.x() + rect.width(), rect.y() + rect.height()))
    _draw_layers(painter, corner, corner_layers(black_white))


def corner_layers(black_white: bool) -> tuple[Layer, ...]:
    """The returned corner in a square whose centre is the corner."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0, -0.5), QPointF(0, 0), QPointF(-0.5, 0)]))
    path.closeSubpath()
    return (Layer(path, BLACK if black_white else colours.DIFFER),)


@dataclass(frozen=True, slots=True)
class FilingLook:
    """How a filing or copy is shown: an icon's name (empty: the dashed ring), its word, its colour."""

    icon: str
    word: str
    colour: str


FILING_LOOKS: dict[str, FilingLook] = {
    "received": FilingLook("checkmark_circle", "已接收", colours.INK2),
    "merged": FilingLook("checkmark_circle", "已合入", colours.INK2),
    "to_merge": FilingLook("arrow_download", "待合入", colours.ACCENT),
    "to_review": FilingLook("clock", "待审核", colours.ACCENT),
    "returned": FilingLook("arrow_undo", "已退回", colours.DIFFER),
    "differs": FilingLook("branch_compare", "有不一致", colours.DIFFER),
    "filled": FilingLook("checkmark_circle", "已填", colours.INK2),
    "empty": FilingLook("", "未填", colours.INK2),
    "missing": FilingLook("", "未报", colours.INK2),
}


def draw_dashed_ring(painter: QPainter, rect: QRectF, colour: str = colours.INK2) -> None:
    """未报, 未填: a ring of dashes on the 20 px icon grid."""
    side = min(rect.width(), rect.height())
    unit = side / 20
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), 1.3 * unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    ring = QRectF(0, 0, 15 * unit, 15 * unit)
    ring.moveCenter(rect.center())
    for i in range(8):
        painter.drawArc(ring, round((i * 45 + 8) * 16), 29 * 16)
    painter.restore()


@dataclass(frozen=True, slots=True)
class NoticeLook:
    """How a notice's level is shown: boxes filled of three, word, colour of word, fill of boxes."""

    boxes: int
    word: str
    colour: str
    fill: str


NOTICE_LOOKS: dict[str, NoticeLook] = {
    "remind": NoticeLook(1, "蓝·提醒", colours.NOTICE_BLUE, colours.NOTICE_BLUE),
    "warn": NoticeLook(2, "黄·警告", colours.YELLOW, colours.YELLOW_FILL),
    "summon": NoticeLook(3, "红·约谈", colours.RED, colours.RED),
}

NOTICE_BOX = (7.0, 11.0, 3.0)  # width, height, gap


def draw_notice(painter: QPainter, at: QPointF, level: str, black_white: bool = False) -> float:
    """Draw three boxes from a left centre point; returns the width used."""
    look = NOTICE_LOOKS[level]
    width, height, gap = NOTICE_BOX
    painter.save()
    for i in range(3):
        filled = i < look.boxes
        edge = BLACK if black_white else look.colour if filled else colours.LINE3
        fill = (BLACK if black_white else look.fill) if filled else WHITE
        box = QRectF(at.x() + i * (width + gap), at.y() - height / 2, width, height)
        painter.fillRect(box, QColor(edge))
        painter.fillRect(box.adjusted(1, 1, -1, -1), QColor(fill))
    painter.restore()
    return 3 * width + 2 * gap
