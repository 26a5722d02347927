"""Painted marks: state shapes, role rings, filing marks, notice boxes; on screen and in black-and-white print."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

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


def draw_state(painter: QPainter, rect: QRectF, state: str, black_white: bool = False) -> None:
    """Draw a state's shape centred in a rectangle, as large as the shorter side allows."""
    look = STATE_LOOKS[state]
    draw_shape(painter, rect, look.shape, BLACK if black_white else look.colour, BLACK if black_white else look.fill)


def draw_shape(painter: QPainter, rect: QRectF, shape: str, edge: str, fill: str) -> None:
    """Draw one shape; a triangle filled like its edge in black is drawn hollow, so that paper tells it from ■."""
    side = min(rect.width(), rect.height())
    unit = side / 12  # shapes are designed on a 12 × 12 grid
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center())
    painter.scale(unit, unit)
    ink, paper = QColor(edge), QColor(fill)
    pen = QPen(ink, 1.2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if shape == DISC:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(paper)
        painter.drawEllipse(QPointF(0, 0), 5, 5)
    elif shape == TRIANGLE:
        painter.setPen(pen)
        painter.setBrush(QColor(WHITE) if fill == BLACK else paper)
        painter.drawPolygon(QPolygonF([QPointF(0, -4.6), QPointF(5.2, 4.6), QPointF(-5.2, 4.6)]))
    elif shape == SQUARE:
        painter.fillRect(QRectF(-4.6, -4.6, 9.2, 9.2), paper)
    elif shape == STAR:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(paper)
        painter.drawPolygon(_star(5.8, 2.4))
    elif shape == DASH:
        painter.setPen(QPen(ink, 1.5))
        painter.drawLine(QPointF(-5.5, 0), QPointF(5.5, 0))
    elif shape == HATCH:
        painter.restore()
        draw_hatch(painter, rect, LINE2 if edge != BLACK else BLACK)
        return
    else:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([QPointF(0, -5.2), QPointF(5.2, 0), QPointF(0, 5.2), QPointF(-5.2, 0)]))
        if shape == DIAMOND_DOT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(0, 0), 1.5, 1.5)
        elif shape == DIAMOND_STROKE:
            painter.drawLine(QPointF(-1.9, 1.9), QPointF(1.9, -1.9))
    painter.restore()


def _star(outer: float, inner: float) -> QPolygonF:
    points = []
    for i in range(10):
        radius = inner if i % 2 else outer
        angle = math.radians(36 * i - 90)
        points.append(QPointF(radius * math.cos(angle), radius * math.sin(angle)))
    return QPolygonF(points)


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
    side = min(rect.width(), rect.height())
    unit = side / 14  # rings are designed on a 14 × 14 grid
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    centre = rect.center()
    if role == LEAD:
        ink = QColor(BLACK if black_white else INK)
        painter.setPen(QPen(ink, 1.5 * unit))
        painter.drawEllipse(centre, 6 * unit, 6 * unit)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(centre, 2.4 * unit, 2.4 * unit)
        if principal:
            _raise_one(painter, QPointF(centre.x() + 7.5 * unit, centre.y() - 1.0 * unit), unit, ink, font)
    elif role == SUPPORT:
        painter.setPen(QPen(QColor(BLACK if black_white else INK3), 1.1 * unit))
        painter.drawEllipse(centre, 5.4 * unit, 5.4 * unit)
    painter.restore()


def _raise_one(painter: QPainter, at: QPointF, unit: float, ink: QColor, font: QFont | None) -> None:
    """The ¹ of ◎¹ as an outline, so that it scales with the ring on paper."""
    raised = QFont(painter.font() if font is None else font)
    raised.setPixelSize(10)
    raised.setBold(True)
    path = QPainterPath()
    path.addText(0, 0, raised, "1")
    painter.translate(at)
    painter.scale(unit, unit)
    painter.fillPath(path, ink)


def draw_returned_corner(painter: QPainter, rect: QRectF, black_white: bool = False, side: float = 8.0) -> None:
    """The small corner at the lower right of a cell that was returned."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(BLACK if black_white else colours.DIFFER))
    right, bottom = rect.x() + rect.width(), rect.y() + rect.height()
    painter.drawPolygon(
        QPolygonF([QPointF(right, bottom - side), QPointF(right, bottom), QPointF(right - side, bottom)])
    )
    painter.restore()


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
