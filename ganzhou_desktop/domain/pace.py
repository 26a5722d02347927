"""序时进度: what a target should have reached by a day, and what that makes of what was reached.  Exact, no floats.

The plan states no pace; the rules here are ours (docs/decisions/0003-states-and-pace.md).  All dates come from the
caller: nothing here reads a clock.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple, TypeAlias

from ganzhou_desktop.domain import filings, plan, states
from ganzhou_desktop.domain.canonical import shown_number

SLOW_POINTS = Decimal(10)
BEHIND_POINTS = Decimal(30)
QUARTER_DAYS = Fraction(365, 4)

Ratio: TypeAlias = tuple[int, int]
"""A fraction as numerator and denominator (positive), not reduced: thousands of targets are judged at once, and whole
numbers are several times quicker than `Fraction`, which reduces every result."""

FROM_BASELINE = (plan.STOCK, plan.LEVEL)
"""Kinds whose line starts at a baseline of their own."""
SUMMED = (plan.CUMULATIVE, plan.EVERY_YEAR)
"""Kinds that report what is new in a period; the others report where things stand at its end."""

_WITH_LINE = (*SUMMED, *FROM_BASELINE)
_ZERO = Decimal(0)

CAN = "可完成"
CANNOT = "完不成"
UNKNOWN = "无法推算"


@dataclass(frozen=True, slots=True)
class Pace:
    """One target judged on one day: its state, and what that was judged by.

    What is shown beside the state is worked out when it is asked for: of thousands of targets a page shows a few.
    """

    target: plan.Target
    figure: Decimal | None
    baseline: Decimal | None
    actual: Decimal | None
    on: date
    start: date
    deadline: date
    state: str
    behind: Ratio | None

    @property
    def word(self) -> str:
        return states.WORDS[self.state]

    @property
    def expected(self) -> Decimal | None:
        """序时, None where the kind has none or its baseline is missing."""
        return self._line().expected

    @property
    def formula(self) -> str:
        return self._line().formula

    @property
    def points(self) -> Decimal | None:
        """Percentage points of the span that the actual value is behind (negative: ahead), to one place."""
        return None if self.behind is None else rounded_ratio(self.behind, 1)

    @property
    def forecast(self) -> Decimal | None:
        """At the rate so far, on the deadline."""
        return _forecast(self)[0]

    @property
    def forecast_word(self) -> str:
        return _forecast(self)[1]

    @property
    def needed(self) -> Decimal | None:
        """Still needed a quarter, from now to the deadline."""
        return _needed(self)

    @property
    def to_reach(self) -> Decimal | None:
        """What `actual` is held against: see `value_to_reach`."""
        return value_to_reach(self.target, self.figure, self.baseline)

    def _line(self) -> "Line":
        return line(self.target, self.figure, self.baseline, self.on, self.start, self.deadline)


@dataclass(frozen=True, slots=True)
class Line:
    """The pace line at one day: `exact` is what is compared, `expected` what is shown."""

    exact: Ratio | None
    expected: Decimal | None
    span: Ratio | None
    """100 points: from baseline to target, or the whole target where there is no baseline."""
    formula: str


def clipped_days(on: date, start: date, deadline: date) -> tuple[int, int]:
    """(days elapsed, days in all); 184 of 1190 for 2017-09-28 … 2020-12-31 on 2018-03-31."""
    total = max(0, (deadline - start).days)
    return min(max(0, (on - start).days), total), total


def first_full_year(target: plan.Target, start: date) -> int:
    """The first calendar year an every-year target is asked for: as the plan data say, else the first full one."""
    if target.first_year is not None:
        return target.first_year
    return start.year if (start.month, start.day) == (1, 1) else start.year + 1


def judged_year(on: date, deadline: date) -> int:
    """The calendar year an every-year target is judged for on a day: never one after the deadline."""
    return min(on, deadline).year


def value_to_reach(target: plan.Target, figure: Decimal | None, baseline: Decimal | None) -> Decimal | None:
    """The number to reach: the figure, or the baseline raised by it (9c 提高5%), or how many named parts there are.

    None where that cannot be said: no figure, or a rise over a baseline nobody entered.
    """
    if target.over_baseline:
        return None if figure is None or baseline is None else baseline + figure
    if figure is None and target.items:
        return Decimal(len(target.items))
    return figure


def line(
    target: plan.Target, figure: Decimal | None, baseline: Decimal | None, on: date, start: date, deadline: date
) -> Line:
    """The pace line of a target on a day; independent of what was reached."""
    value = value_to_reach(target, figure, baseline)
    at = _course(target, value, baseline, on, start, deadline)
    if value is None or at is None:
        return Line(None, None, None, _why_no_line(target, figure, value, on, start, deadline))
    expected = rounded_ratio(at.exact, 6 if target.integral else 2)
    shown = shown_number(rounded_ratio(value.as_integer_ratio(), 6))
    product = f"{shown} × {at.elapsed} ÷ {at.total}"
    if target.kind in FROM_BASELINE and baseline is not None:
        if baseline >= value:
            formula = f"基期 {shown_number(baseline)} 已不低于目标 {shown}，须保持：序时 = {shown}"
            return Line(at.exact, value, at.span, formula)
        low = shown_number(rounded_ratio(baseline.as_integer_ratio(), 6))
        product = _rounded_down(target, f"({shown} − {low}) × {at.elapsed} ÷ {at.total}")
        return Line(at.exact, expected, at.span, f"序时 = {low} + {product} = {shown_number(expected)}")
    year = f"（{judged_year(on, deadline)}年）" if target.kind == plan.EVERY_YEAR else ""
    formula = f"序时 = {_rounded_down(target, product)} = {shown_number(expected)}{year}"
    return Line(at.exact, expected, at.span, formula)


def _rounded_down(target: plan.Target, product: str) -> str:
    return f"⌊{product}⌋" if target.integral else product


def _why_no_line(
    target: plan.Target, figure: Decimal | None, value: Decimal | None, on: date, start: date, deadline: date
) -> str:
    if target.kind == plan.STANDING:
        return "长期工作，没有数字"
    if value is None:
        missing = figure is not None and target.over_baseline
        return "目标是在基期上提高，基期还没有填" if missing else "没有目标数，不设序时"
    shown = shown_number(value)
    if target.kind == plan.FLOOR:
        return f"底线 {shown} {target.unit}，每期都不得低于，不设序时"
    if target.kind == plan.CHECKLIST:
        return f"共 {shown} 项，按完成项数计，不设序时"
    if target.kind == plan.EVERY_YEAR:
        year, first = judged_year(on, deadline), first_full_year(target, start)
        return f"{first} 年起每年 {shown} {target.unit}，{year} 年未到期"
    elapsed, total = clipped_days(on, start, deadline)
    return f"序时 = 基期 + {_rounded_down(target, f'({shown} − 基期) × {elapsed} ÷ {total}')}，基期还没有填"


class _Course(NamedTuple):
    exact: Ratio
    span: Ratio
    elapsed: int
    total: int


def _course(
    target: plan.Target, value: Decimal | None, baseline: Decimal | None, on: date, start: date, deadline: date
) -> _Course | None:
    """Where the line stands on a day: straight to the value, rounded down on top of its start for whole counts.

    None where there is no line: the kind has none, its number or baseline is missing, or the first year is to come.
    """
    if value is None or target.kind not in _WITH_LINE:
        return None
    low: Decimal | None = _ZERO
    if target.kind == plan.EVERY_YEAR:
        year = judged_year(on, deadline)
        if year < first_full_year(target, start):
            return None
        eve, last = date(year - 1, 12, 31), date(year, 12, 31)
        elapsed, total = (min(on, deadline) - eve).days, (last - eve).days
    else:
        elapsed, total = clipped_days(on, start, deadline)
        if target.kind in FROM_BASELINE:
            low = baseline
    if low is None:
        return None
    reach, begun = value.as_integer_ratio(), low.as_integer_ratio()
    if target.kind in FROM_BASELINE and low >= value:
        return _Course(reach, reach, elapsed, total)
    span = _minus(reach, begun)
    part = (span[0] * elapsed, span[1] * total) if total else span
    if target.integral:
        part = (part[0] // part[1], 1)
    exact = (begun[0] * part[1] + part[0] * begun[1], begun[1] * part[1])
    return _Course(exact, span, elapsed, total)


def assess(
    target: plan.Target,
    figure: Decimal | None,
    baseline: Decimal | None,
    actual: Decimal | None,
    on: date,
    *,
    start: date,
    deadline: date,
    slow_points: Decimal = SLOW_POINTS,
    behind_points: Decimal = BEHIND_POINTS,
    answer: str | None = None,
    asked: bool = True,
) -> Pace:
    """Judge one target on one day.

    `figure`: the target's effective figure; `actual`: None when missing, which is never 0; `answer`: the reporting
    unit's answer to the matter in the latest period (one of filings.ANSWERS, None: not answered), asked only where
    `actual` is missing; `asked`: whether any period has ended that asked for it.
    """
    value = value_to_reach(target, figure, baseline)
    state, points = _state(target, value, baseline, actual, on, start, deadline, slow_points, behind_points)
    if actual is None and state != states.NOT_DUE:
        state = _missing(target, answer, asked)
    return Pace(target, figure, baseline, actual, on, start, deadline, state, points)


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up (away from zero only upwards) to some places, without trailing zeros."""
    return rounded_ratio((value.numerator, value.denominator), places)


def rounded_ratio(value: Ratio, places: int) -> Decimal:
    """The same for a ratio."""
    above, below = value
    if not above % below:
        return Decimal(above // below)
    units = (2 * above * 10**places + below) // (2 * below)
    return Decimal(shown_number(Decimal(units).scaleb(-places)))


def _minus(one: Ratio, other: Ratio) -> Ratio:
    return one[0] * other[1] - other[0] * one[1], one[1] * other[1]


def _state(
    target: plan.Target,
    value: Decimal | None,
    baseline: Decimal | None,
    actual: Decimal | None,
    on: date,
    start: date,
    deadline: date,
    slow_points: Decimal,
    behind_points: Decimal,
) -> tuple[str, Ratio | None]:
    if target.kind == plan.STANDING:
        return states.NOT_APPLICABLE, None
    if target.kind == plan.EVERY_YEAR and judged_year(on, deadline) < first_full_year(target, start):
        return states.NOT_DUE, None
    if actual is None:
        return states.NOT_FILED, None
    if value is None:
        return (states.NO_BASELINE if target.over_baseline else states.OK), None
    if target.kind == plan.FLOOR:
        return (states.BELOW_FLOOR if actual < value else states.OK), None
    if actual >= value:
        points = _points(target, value, baseline, actual, on, start, deadline)
        return (states.DONE if target.kind == plan.CHECKLIST else states.REACHED), points
    if on > deadline:
        return states.OVERDUE, _points(target, value, baseline, actual, on, start, deadline)
    if target.kind == plan.CHECKLIST:
        return states.OK, None
    if target.kind in FROM_BASELINE and baseline is None:
        return states.NO_BASELINE, None
    points = _points(target, value, baseline, actual, on, start, deadline)
    if points is None or points[0] <= 0:
        return states.OK, points
    if _minus(points, slow_points.as_integer_ratio())[0] <= 0:
        return states.SLOW, points
    behind = _minus(points, behind_points.as_integer_ratio())[0] <= 0
    return (states.BEHIND if behind else states.BADLY_BEHIND), points


def _points(
    target: plan.Target,
    value: Decimal,
    baseline: Decimal | None,
    actual: Decimal,
    on: date,
    start: date,
    deadline: date,
) -> Ratio | None:
    at = _course(target, value, baseline, on, start, deadline)
    if at is None or at.span[0] <= 0:
        return None
    above, below = _minus(at.exact, actual.as_integer_ratio())
    return above * at.span[1] * 100, below * at.span[0]


def _missing(target: plan.Target, answer: str | None, asked: bool) -> str:
    if target.kind == plan.STANDING or answer == filings.NOT_APPLICABLE:
        return states.NOT_APPLICABLE
    if answer == filings.NOT_PUBLISHED or (target.lagged and answer is not None):
        return states.NOT_PUBLISHED
    return states.NOT_FILED if asked else states.NOT_DUE


def _forecast(judged: Pace) -> tuple[Decimal | None, str]:
    """Where today's rate leads on the deadline, for cumulative and stock kinds, and a word for every kind."""
    target, value, baseline, actual = judged.target, judged.to_reach, judged.baseline, judged.actual
    if judged.state == states.NOT_PUBLISHED:
        return None, "待数据发布"
    if judged.state == states.BELOW_FLOOR and value is not None and actual is not None:
        return None, f"立即补 {shown_number(value - actual)} {target.unit}".rstrip()
    if judged.state == states.NO_BASELINE:
        return None, "待补基期值"
    if value is None or actual is None or target.kind not in (plan.CUMULATIVE, *FROM_BASELINE):
        return None, UNKNOWN if judged.state == states.NOT_FILED else ""
    reached = actual >= value
    if judged.on > judged.deadline:
        return None, "已达到" if reached else "已到期"
    if target.kind in FROM_BASELINE and baseline is None:
        return None, "已达到"
    if target.kind == plan.LEVEL:
        return None, "已达到" if reached else "不作推算"
    origin = Fraction(0) if baseline is None or target.kind == plan.CUMULATIVE else Fraction(baseline)
    elapsed, total = clipped_days(judged.on, judged.start, judged.deadline)
    gained = Fraction(actual) - origin
    if elapsed == 0 or gained <= 0:
        return None, "已达到" if reached else UNKNOWN
    at_end = origin + gained * Fraction(total, elapsed)
    shown = Decimal(floor(at_end)) if target.integral else rounded(at_end, 2)
    return shown, "已达到" if reached else CAN if at_end >= Fraction(value) else CANNOT


def _needed(judged: Pace) -> Decimal | None:
    value, actual = judged.to_reach, judged.actual
    if value is None or actual is None or judged.target.kind not in (plan.CUMULATIVE, *FROM_BASELINE):
        return None
    if judged.state == states.REACHED:
        return Decimal(0)
    left = (judged.deadline - judged.on).days
    if left <= 0:
        return None
    return rounded((Fraction(value) - Fraction(actual)) / left * QUARTER_DAYS, 2)
