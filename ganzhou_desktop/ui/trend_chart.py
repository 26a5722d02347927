"""走势: steps of the actual value, 序时, forecast and target over the plan's days; the only module that plots."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.shapes import STATE_LOOKS
from ganzhou_desktop.ui.texts import date_text, joined, plain_tip, short_date, with_unit

_HEADROOM = 1.18
_LABEL_GAP = 8


@dataclass(frozen=True, slots=True)
class TrendLook:
    """What a trend shows; values by day.  `pace` is the 序时 line's points, `forecast` the value at `last`."""

    first: date
    last: date
    actual: Sequence[tuple[date, float]]
    pace: Sequence[tuple[date, float]]
    target: float | None
    forecast: float | None
    state: str
    unit: str = ""
    doubtful: Collection[date] = ()
    """Days whose value is 两处不一致: marked ※."""
    forecast_provisional: bool = False
    target_provisional: bool = False

    def value_text(self, on: date, value: float) -> str:
        """An actual value with its unit."""
        return marked(with_unit(value, self.unit), on in self.doubtful)


class _YearAxis(pg.AxisItem):
    """Years below their middle, lines where they begin."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._years: list[tuple[float, str]] = []

    def set_span(self, first: date, last: date) -> list[float]:
        """Name the years of a span; returns where each begins inside it."""
        self._years = []
        starts = []
        for year in range(first.year, last.year + 1):
            left = max(date(year, 1, 1), first).toordinal()
            right = min(date(year, 12, 31), last).toordinal()
            if right - left >= 60:  # a stretch too short for its name
                self._years.append(((left + right) / 2, f"{year}年"))
            if date(year, 1, 1) > first:
                starts.append(float(date(year, 1, 1).toordinal()))
        self.setTicks([self._years])
        return starts


class TrendChart(QWidget):
    """The chart of one target; `set_look` shows another."""

    def __init__(self, look: TrendLook | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: TrendLook | None = None
        self._labels: list[tuple[pg.TextItem, float, float]] = []
        self._axis = _YearAxis()
        self._plot = pg.PlotWidget(background=colours.CARD, axisItems={"bottom": self._axis})

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        item = self._plot.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.getViewBox().setMouseEnabled(x=False, y=False)
        item.getViewBox().setDefaultPadding(0)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setStyle(tickLength=0, tickTextOffset=6, tickAlpha=0)
            axis.setTextPen(QColor(colours.INK2))
            axis.setPen(QColor(0, 0, 0, 0))
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if look is not None:
            self.set_look(look)

    def set_look(self, look: TrendLook) -> None:
        """Draw a target's trend."""
        self._look = look
        self._plot.clear()
        self._labels = []
        starts = self._axis.set_span(look.first, look.last)
        top = self._scale(look)
        for x in starts:
            self._line((x, x), (0, top), colours.LINE, 1)
        for value in self._ticks(top):
            self._line(self._span(look), (value, value), colours.LINE if value else colours.LINE3, 1)
        self._draw_lines(look, top)
        self._speak(look)

    def _scale(self, look: TrendLook) -> float:
        values = [value for _, value in (*look.actual, *look.pace)]
        highest = max([*values, look.target or 0, look.forecast or 0, 1.0])
        top = highest * _HEADROOM
        first, last = self._span(look)
        box = self._plot.getPlotItem().getViewBox()
        box.setRange(xRange=(first, last + self._label_room(look)), yRange=(0, top), padding=0)
        font = theme.font(theme.NOTE)
        for side in ("left", "bottom"):
            self._plot.getPlotItem().getAxis(side).setTickFont(font)
        self._plot.getPlotItem().getAxis("left").setTicks([[(v, with_unit(v, "")) for v in self._ticks(top)]])
        return top

    @staticmethod
    def _ticks(top: float) -> list[float]:
        """Three to six round numbers from 0 up to the top."""
        step = 10.0
        while top / step < 3:
            step /= 10
        for factor in (1, 2, 5, 10):
            if top / (step * factor) <= 5:
                step *= factor
                break
        return [i * step for i in range(int(top / step) + 1)]

    @staticmethod
    def _span(look: TrendLook) -> tuple[float, float]:
        return float(look.first.toordinal()), float(look.last.toordinal())

    def _label_room(self, look: TrendLook) -> float:
        """Days to leave at the right for the labels at the line ends."""
        metrics = QFontMetricsF(theme.font(theme.NOTE, bold=True))
        needed = max(metrics.horizontalAdvance(text) for text in self._end_texts(look).values()) + 2 * _LABEL_GAP
        plot = max(self.width() - 48.0, 3 * needed)
        first, last = self._span(look)
        return (last - first) * needed / (plot - needed)

    @staticmethod
    def _end_texts(look: TrendLook) -> dict[str, str]:
        texts = {"pace": "序时线"}
        if look.target is not None:
            texts["target"] = marked(f"目标 {with_unit(look.target, '')}", look.target_provisional)
        if look.forecast is not None:
            texts["forecast"] = marked(f"预计 {with_unit(look.forecast, '')}", look.forecast_provisional)
        return texts

    def _draw_lines(self, look: TrendLook, top: float) -> None:
        state = STATE_LOOKS[look.state].colour
        first, last = self._span(look)
        texts = self._end_texts(look)
        if look.pace:
            self._line(*_points(look.pace), colours.INK3, 1.2, Qt.PenStyle.DashLine)
            self._label_pace(look, texts["pace"])
        if look.target is not None:
            self._line((first, last), (look.target, look.target), colours.INK, 2)
        if look.actual:
            on, value = look.actual[-1]
            if look.forecast is not None and on < look.last:
                days, values = (on.toordinal(), last), (value, look.forecast)
                self._line(days, values, state, 1.8, Qt.PenStyle.DotLine)
            self._line(*_steps(look.actual), state, 2.4)
            dot = pg.ScatterPlotItem(
                [on.toordinal()], [value], size=10, brush=QColor(state), pen=pg.mkPen("w", width=1)
            )
            self._plot.addItem(dot)
            self._label_actual(look, on, value, state, top)
        self._label_ends(look, texts, last, state, top)

    def _line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        pen = pg.mkPen(QColor(colour), width=width, style=style)
        if style == Qt.PenStyle.DotLine:
            pen.setDashPattern([1.4, 1.6])
        elif style == Qt.PenStyle.DashLine:
            pen.setDashPattern([6, 4])
        self._plot.addItem(pg.PlotCurveItem(list(map(float, xs)), list(map(float, ys)), pen=pen, antialias=width != 1))

    def _label(
        self, text: str, x: float, y: float, colour: str, anchor: tuple[float, float], bold: bool = True
    ) -> None:
        ground = QColor(colours.CARD)
        ground.setAlpha(215)  # a line that runs under the words leaves them readable
        label = pg.TextItem(color=QColor(colour), anchor=anchor, fill=ground)
        label.setFont(theme.font(theme.NOTE, bold=bold))
        label.setPlainText(text)
        self._plot.addItem(label, ignoreBounds=True)
        label.setPos(QPointF(x, y))

    def _label_pace(self, look: TrendLook, text: str) -> None:
        first, last = self._span(look)
        (start, low), (end, high) = look.pace[0], look.pace[-1]
        at = first + (last - first) * 0.62
        span = max(end.toordinal() - start.toordinal(), 1)
        share = min(max((at - start.toordinal()) / span, 0.0), 1.0)
        self._label(text, at, low + (high - low) * share, colours.INK3, (-0.05, -0.1), bold=False)

    def _label_actual(self, look: TrendLook, on: date, value: float, colour: str, top: float) -> None:
        text = f"{short_date(on)} {look.value_text(on, value)}"
        first, last = self._span(look)
        share = (on.toordinal() - first) / (last - first)
        across = min(max(share * 3.2, 0.0), 1.0) if share < 0.3 else 0.9
        below = value > top * 0.85
        self._label(text, on.toordinal(), value, colour, (across, -0.25 if below else 1.25))

    def _label_ends(self, look: TrendLook, texts: dict[str, str], last: float, colour: str, top: float) -> None:
        """Labels after the last day; two that would touch are pushed apart."""
        ends: list[tuple[float, str, str]] = []
        if look.target is not None:
            ends.append((look.target, texts["target"], colours.INK))
        if look.forecast is not None:
            ends.append((look.forecast, texts["forecast"], colour))
        ends.sort()
        line = top * 18 / max(self.height() - 40, 60)
        places = [value for value, _, _ in ends]
        if len(places) == 2 and places[1] - places[0] < line:
            lack = (line - (places[1] - places[0])) / 2
            low = max(places[0] - lack, line / 2)
            places = [low, low + line]
        for place, (_, text, ink) in zip(places, ends, strict=True):
            self._label(text, last, min(place, top - line / 2), ink, (-0.06, 0.5))

    def _speak(self, look: TrendLook) -> None:
        facts = [f"{date_text(on)} {look.value_text(on, value)}" for on, value in look.actual[-4:]]
        facts += list(self._end_texts(look).values())[1:]
        self.setAccessibleName(joined(facts))
        self.setToolTip(plain_tip("\n".join(facts)))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self._look is not None:
            self.set_look(self._look)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._look is not None:
            self.set_look(self._look)


def _points(series: Sequence[tuple[date, float]]) -> tuple[list[float], list[float]]:
    return [float(day.toordinal()) for day, _ in series], [value for _, value in series]


def _steps(series: Sequence[tuple[date, float]]) -> tuple[list[float], list[float]]:
    """A value holds until the next one is reported."""
    xs, ys = _points(series)
    stepped_x, stepped_y = xs[:1], ys[:1]
    for i in range(1, len(xs)):
        stepped_x += [xs[i], xs[i]]
        stepped_y += [ys[i - 1], ys[i]]
    return stepped_x, stepped_y
