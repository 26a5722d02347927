"""Gauges: bullet and dial, painted by functions that print uses too."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.plan import FLOOR
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_hatch
from ganzhou_desktop.ui.texts import joined, plain_tip, with_unit

TRACK = 18
CAP = 6
"""Room above a bullet's track for the cap of the 序时 tick."""

_SCALE_OVER = 1.25
_RED_BELOW = 0.30
_YELLOW_BELOW = 0.10
_ARC = 220.0
_ARC_WIDTH = 14.0


@dataclass(frozen=True, slots=True)
class GaugeLook:
    """What a gauge shows.  `kind` is a target kind of the plan; a floor has no 序时.  `word` stands where no value is."""

    actual: float | None
    expected: float | None
    target: float | None
    state: str
    unit: str = ""
    kind: str = ""
    word: str = ""
    at_least: bool = False
    formula: str = ""
    actual_provisional: bool = False
    aim_provisional: bool = False
    scale_to: float | None = None
    """Right end of the track; None: 1.25 × target."""

    @property
    def end(self) -> float:
        """The value at the right end of the track."""
        if self.scale_to:
            return self.scale_to
        return _SCALE_OVER * self.target if self.target else max(_SCALE_OVER * (self.actual or 0), 1.0)

    @property
    def words(self) -> str:
        """The gauge in words, for screen readers and empty tracks."""
        state = self.word or STATE_LOOKS[self.state].word
        actual = f"实际 {marked(with_unit(self.actual, self.unit), self.actual_provisional)}"
        pace = "" if self.expected is None else f"序时 {self._aim(self.expected, self.unit)}"
        return joined((actual, pace, self.target_words, state))

    @property
    def target_words(self) -> str:
        """目标 ≥8 项; nothing where there is none."""
        return "" if self.target is None else f"目标 {'≥' if self.at_least else ''}{self._aim(self.target, self.unit)}"

    @property
    def numbers(self) -> dict[str, str]:
        """实际, 序时, 目标 → the number alone, for captions; — where there is none."""
        return {
            "实际": marked(with_unit(self.actual, ""), self.actual_provisional),
            "序时": self._aim(self.expected, ""),
            "目标": self._aim(self.target, ""),
        }

    def _aim(self, value: float | None, unit: str) -> str:
        return marked(with_unit(value, unit), self.aim_provisional)


def _fill(look: GaugeLook, black_white: bool) -> tuple[QColor, QColor | None]:
    """Fill of the bar and its edge; yellow needs an edge, on paper 滞后 is hollow."""
    state = STATE_LOOKS[look.state]
    if black_white:
        hollow = look.state == states.BEHIND
        return QColor(colours.WHITE if hollow else colours.BLACK), QColor(colours.BLACK) if hollow else None
    return QColor(state.fill), QColor(state.colour) if state.fill != state.colour else None


def draw_bullet(painter: QPainter, rect: QRectF, look: GaugeLook, black_white: bool = False) -> None:
    """Draw a bullet in a rectangle: the track is its lower part, the cap of 序时 the upper CAP/(CAP+TRACK)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit = rect.height() / (TRACK + CAP)
    track = rect.adjusted(0, CAP * unit, 0, 0)
    ink = QColor(colours.BLACK if black_white else colours.INK)
    if look.actual is None:
        draw_hatch(painter, track, colours.LINE2 if black_white else colours.LINE, 8 * unit, 1.2 * unit)
        painter.setPen(QPen(QColor(colours.LINE2), unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = unit / 2
        painter.drawRect(track.adjusted(half, half, -half, -half))
    else:
        _draw_bands(painter, track, look)
        _draw_bar(painter, track, look, unit, black_white)
        if look.expected is not None and look.kind != FLOOR:
            _draw_pace(painter, track, _at(track, look, look.expected), unit, ink)
    if look.target is not None:
        x = _at(track, look, look.target)
        painter.fillRect(QRectF(x - 1.5 * unit, track.top() - unit, 3 * unit, track.height() + 2 * unit), ink)
    painter.restore()


def _at(track: QRectF, look: GaugeLook, value: float) -> float:
    return track.left() + track.width() * min(max(value / look.end, 0.0), 1.0)


def _draw_bands(painter: QPainter, track: QRectF, look: GaugeLook) -> None:
    painter.fillRect(track, QColor(colours.BAND_GREEN))
    if look.expected is None or not look.target or look.kind == FLOOR:
        return
    for below, colour in ((_YELLOW_BELOW, colours.BAND_YELLOW), (_RED_BELOW, colours.BAND_RED)):
        right = _at(track, look, look.expected - below * look.target)
        if right > track.left():
            painter.fillRect(QRectF(track.left(), track.top(), right - track.left(), track.height()), QColor(colour))


def _draw_bar(painter: QPainter, track: QRectF, look: GaugeLook, unit: float, black_white: bool) -> None:
    assert look.actual is not None
    fill, edge = _fill(look, black_white)
    height = round(track.height() / unit * 0.42) * unit
    width = max(_at(track, look, look.actual) - track.left(), 1.5 * unit)
    bar = QRectF(track.left(), track.center().y() - height / 2, width, height)
    painter.fillRect(bar, fill)
    if edge is not None and width > 2.4 * unit:
        painter.setPen(QPen(edge, 1.2 * unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(0.6 * unit, 0.6 * unit, -0.6 * unit, -0.6 * unit))
    elif edge is not None:
        painter.fillRect(bar, edge)


def _draw_pace(painter: QPainter, track: QRectF, x: float, unit: float, ink: QColor) -> None:
    painter.fillRect(QRectF(x - 0.6 * unit, track.top() - unit, 1.2 * unit, track.height() + 2 * unit), ink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    top, foot = track.top() - CAP * unit, track.top() - unit
    painter.drawPolygon(QPolygonF([QPointF(x - 4 * unit, top), QPointF(x + 4 * unit, top), QPointF(x, foot)]))


def draw_dial(
    painter: QPainter,
    rect: QRectF,
    look: GaugeLook,
    font: QFont | None = None,
    black_white: bool = False,
    bare: bool = False,
) -> None:
    """Draw a dial centred in a rectangle; its designed size is 190 × 132, other sizes scale it.

    The arc runs from 0 to the target.  `font` is the family to write in; sizes follow the rectangle.  `bare` writes
    only the number and, at the size notes have, its unit: for small dials whose target stands beside them.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit = min(rect.width() / 190, rect.height() / 132)
    painter.translate(rect.center().x(), rect.center().y())
    painter.scale(unit, unit)
    painter.translate(0, 28)  # the arc's centre lies below the middle of its box
    ink = QColor(colours.BLACK if black_white else colours.INK)
    quiet = QColor(colours.BLACK if black_white else colours.INK2)
    ring = QRectF(-82, -82, 164, 164)
    start = 90 + _ARC / 2
    _draw_arc(painter, ring, start, _ARC, QColor(colours.BAND_YELLOW))
    end = look.target or look.end
    if look.actual is not None and look.actual > 0:
        fill, edge = _fill(look, black_white)
        span = _ARC * min(look.actual / end, 1.0)
        _draw_arc(painter, ring, start, span, edge if black_white and edge else fill)
    if look.expected is not None and look.actual is not None and look.kind != FLOOR:
        painter.save()
        painter.rotate(-_ARC / 2 + _ARC * min(max(look.expected / end, 0.0), 1.0))
        painter.setPen(QPen(ink, 2))
        painter.drawLine(QPointF(0, -92), QPointF(0, -72))
        painter.restore()
    own = QFont(painter.font() if font is None else font)
    _write_number(painter, look, own, ink)
    if bare:
        own.setPixelSize(max(round(theme.scaled(theme.NOTE) / unit), 1))
        _write_below(painter, own, quiet, look.unit)
    else:
        _write_captions(painter, look, own, quiet)
    painter.restore()


def _draw_arc(painter: QPainter, ring: QRectF, start: float, span: float, colour: QColor) -> None:
    painter.setPen(QPen(colour, _ARC_WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(ring, round(start * 16), round(-span * 16))


_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip


def _write_number(painter: QPainter, look: GaugeLook, font: QFont, ink: QColor) -> None:
    number = look.numbers["实际"]
    font.setPixelSize(theme.DIAL_NUMBER)
    font.setBold(True)
    room = 132.0
    wide = QFontMetricsF(font).horizontalAdvance(number)
    if wide > room:
        font.setPixelSize(int(theme.DIAL_NUMBER * room / wide))
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(QRectF(-70, -42, 140, 44), _CENTRED, number)


def _write_below(painter: QPainter, font: QFont, quiet: QColor, text: str) -> None:
    font.setBold(False)
    painter.setFont(font)
    painter.setPen(quiet)
    painter.drawText(QRectF(-70, 4, 140, 18), _CENTRED, text)


def _write_captions(painter: QPainter, look: GaugeLook, font: QFont, quiet: QColor) -> None:
    """Unit and target under the number, 0 and the target at the ends of the arc."""
    font.setPixelSize(theme.NOTE)
    _write_below(painter, font, quiet, joined((look.unit, look.target_words)))
    if look.target is not None:
        painter.drawText(QRectF(-66, 17, 30, 18), _CENTRED, "0")
        painter.drawText(QRectF(36, 17, 30, 18), _CENTRED, look.numbers["目标"])


class _Gauge(QWidget):
    """What both gauges share: a look, its words for screen readers, its formula as tip, a click that opens it."""

    opened = Signal()

    def __init__(self, look: GaugeLook | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if look is not None:
            self.set_look(look)

    @property
    def look(self) -> GaugeLook | None:
        return self._look

    def set_look(self, look: GaugeLook) -> None:
        """Show other values."""
        self._look = look
        self.setAccessibleName(look.words)
        self.setToolTip(plain_tip("\n".join(line for line in (look.words, look.formula) if line)))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._look is not None:
            self._paint(painter, self._look)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)

    def _paint(self, painter: QPainter, look: GaugeLook) -> None:
        """Paint the gauge; each kind does its own."""


class Bullet(_Gauge):
    """The bar gauge: track, zones, bar, 序时 tick, target mark.  `captions` writes the three numbers around it."""

    def __init__(self, look: GaugeLook | None = None, parent: QWidget | None = None, *, captions: bool = False) -> None:
        super().__init__(look, parent)
        self._captions = captions
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(220, TRACK + CAP + 6 + (2 * theme.scaled(18) if self._captions else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def _paint(self, painter: QPainter, look: GaugeLook) -> None:
        height = TRACK + CAP
        top = round((self.height() - height) / 2) - 1
        # Whole pixels: the cap may overhang the origin by 4, the target's foot by 1.
        rect = QRectF(4, top, self.width() - 8, height)
        draw_bullet(painter, rect, look)
        if self._captions:
            self._write(painter, rect, look)

    def _write(self, painter: QPainter, rect: QRectF, look: GaugeLook) -> None:
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK2))
        line = theme.scaled(18)
        under = rect.bottom() + 2
        if look.expected is not None and look.kind != FLOOR and look.actual is not None:
            self._caption(painter, rect, look, look.expected, "序时", rect.top() - line)
        taken: QRectF | None = None
        if look.target is not None:
            taken = self._caption(painter, rect, look, look.target, "目标", under)
        if look.actual is not None:
            self._caption(painter, rect, look, look.actual, "实际", under, taken)

    def _caption(
        self,
        painter: QPainter,
        rect: QRectF,
        look: GaugeLook,
        value: float,
        word: str,
        top: float,
        keep_off: QRectF | None = None,
    ) -> QRectF:
        """Write a number under or over its place, inside the widget and left of another caption."""
        text = f"{word} {look.numbers[word]}"
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(_at(rect, look, value) - width / 2, 0.0), self.width() - width)
        if keep_off is not None and left + width + 8 > keep_off.left():
            left = max(keep_off.left() - width - 8, 0.0)
        box = QRectF(left, top, width + 1, theme.scaled(18))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)
        return box


class Dial(_Gauge):
    """The leaders' view: an arc to the target with the number in the middle; `bare` leaves out the target."""

    def __init__(self, look: GaugeLook | None = None, parent: QWidget | None = None, *, bare: bool = False) -> None:
        super().__init__(look, parent)
        self._bare = bare
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(190), theme.scaled(132))

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 78)

    def _paint(self, painter: QPainter, look: GaugeLook) -> None:
        draw_dial(painter, QRectF(self.rect()), look, theme.font(), bare=self._bare)
