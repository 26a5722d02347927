"""序时进度: what a target should have reached by a day, and what that makes of what was reached.  Exact, no floats.

The plan states no pace; the rules here are ours (docs/decisions/0003-states-and-pace.md).  All dates come from the
caller: nothing here reads a clock.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from ganzhou_desktop.domain import filings, plan, states
from ganzhou_desktop.domain.canonical import shown_number

SLOW_POINTS = Decimal(10)
BEHIND_POINTS = Decimal(30)
QUARTER_DAYS = Fraction(365, 4)

FROM_BASELINE = (plan.STOCK, plan.LEVEL)
"""Kinds whose line starts at a baseline of their own."""
SUMMED = (plan.CUMULATIVE, plan.EVERY_YEAR)
"""Kinds that report what is new in a period; the others report where things stand at its end."""

CAN = "可完成"
CANNOT = "完不成"
UNKNOWN = "无法推算"


@dataclass(frozen=True, slots=True)
class Pace:
    """One target judged on one day.

    `expected`: 序时, None where the kind has none or its baseline is missing; `points`: percentage points of the
    span that the actual value is behind (negative: ahead), to one place; `forecast`: at the rate so far, on the
    deadline; `needed`: a quarter, from now to the deadline.
    """

    expected: Decimal | None
    state: str
    formula: str
    points: Decimal | None = None
    forecast: Decimal | None = None
    forecast_word: str = ""
    needed: Decimal | None = None

    @property
    def word(self) -> str:
        return states.WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Line:
    """The pace line at one day: `exact` is what is compared, `expected` what is shown."""

    exact: Fraction | None
    expected: Decimal | None
    span: Fraction | None
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
    if target.kind == plan.STANDING:
        return Line(None, None, None, "长期工作，没有数字")
    value = value_to_reach(target, figure, baseline)
    if value is None:
        missing = figure is not None and target.over_baseline
        return Line(None, None, None, "目标是在基期上提高，基期还没有填" if missing else "没有目标数，不设序时")
    shown = shown_number(value)
    if target.kind == plan.FLOOR:
        return Line(None, None, None, f"底线 {shown} {target.unit}，每期都不得低于，不设序时")
    if target.kind == plan.CHECKLIST:
        return Line(None, None, None, f"共 {shown} 项，按完成项数计，不设序时")
    if target.kind == plan.EVERY_YEAR:
        year = judged_year(on, deadline)
        if year < first_full_year(target, start):
            first = first_full_year(target, start)
            return Line(None, None, None, f"{first} 年起每年 {shown} {target.unit}，{year} 年未到期")
        elapsed = (min(on, deadline) - date(year - 1, 12, 31)).days
        total = (date(year, 12, 31) - date(year - 1, 12, 31)).days
        return _straight(target, Fraction(value), Fraction(0), elapsed, total, f"（{year}年）")
    elapsed, total = clipped_days(on, start, deadline)
    if target.kind not in FROM_BASELINE:
        return _straight(target, Fraction(value), Fraction(0), elapsed, total, "")
    if baseline is None:
        inner = f"({shown} − 基期) × {elapsed} ÷ {total}"
        part = f"⌊{inner}⌋" if target.integral else inner
        return Line(None, None, None, f"序时 = 基期 + {part}，基期还没有填")
    if baseline >= value:
        formula = f"基期 {shown_number(baseline)} 已不低于目标 {shown}，须保持：序时 = {shown}"
        return Line(Fraction(value), value, Fraction(value), formula)
    return _straight(target, Fraction(value), Fraction(baseline), elapsed, total, "")


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
    at = line(target, figure, baseline, on, start, deadline)
    state, points = _state(target, value, baseline, actual, on, start, deadline, at, slow_points, behind_points)
    if actual is None and state != states.NOT_DUE:
        state = _missing(target, answer, asked)
    forecast, word = _forecast(target, value, baseline, actual, on, start, deadline, state)
    return Pace(
        expected=at.expected,
        state=state,
        formula=at.formula,
        points=None if points is None else rounded(points, 1),
        forecast=forecast,
        forecast_word=word,
        needed=_needed(target, value, actual, on, deadline, state),
    )


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up (away from zero only upwards) to some places, without trailing zeros."""
    above, below = value.numerator, value.denominator  # whole numbers: several times quicker than fractions
    units = (2 * above * 10**places + below) // (2 * below)
    return Decimal(shown_number(Decimal(units).scaleb(-places)))


def _straight(target: plan.Target, value: Fraction, baseline: Fraction, elapsed: int, total: int, suffix: str) -> Line:
    """A straight line from the baseline to the value, rounded down on top of the baseline for whole counts."""
    span = value - baseline
    part = span * Fraction(elapsed, total) if total else span
    exact = baseline + (floor(part) if target.integral else part)
    expected = rounded(exact, 6) if target.integral else rounded(exact, 2)
    shown, low = shown_number(rounded(value, 6)), shown_number(rounded(baseline, 6))
    difference = f"({shown} − {low})" if target.kind in FROM_BASELINE else shown
    product = f"{difference} × {elapsed} ÷ {total}"
    product = f"⌊{product}⌋" if target.integral else product
    if target.kind in FROM_BASELINE:
        product = f"{low} + {product}"
    return Line(exact, expected, span, f"序时 = {product} = {shown_number(expected)}{suffix}")


def _state(
    target: plan.Target,
    value: Decimal | None,
    baseline: Decimal | None,
    actual: Decimal | None,
    on: date,
    start: date,
    deadline: date,
    at: Line,
    slow_points: Decimal,
    behind_points: Decimal,
) -> tuple[str, Fraction | None]:
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
        return (states.DONE if target.kind == plan.CHECKLIST else states.REACHED), _points(at, actual)
    if on > deadline:
        return states.OVERDUE, _points(at, actual)
    if target.kind == plan.CHECKLIST:
        return states.OK, None
    if target.kind in FROM_BASELINE and baseline is None:
        return states.NO_BASELINE, None
    points = _points(at, actual)
    if points is None or points <= 0:
        return states.OK, points
    if points <= Fraction(slow_points):
        return states.SLOW, points
    return (states.BEHIND if points <= Fraction(behind_points) else states.BADLY_BEHIND), points


def _points(at: Line, actual: Decimal) -> Fraction | None:
    if at.exact is None or not at.span or at.span < 0:
        return None
    return (at.exact - Fraction(actual)) / at.span * 100


def _missing(target: plan.Target, answer: str | None, asked: bool) -> str:
    if target.kind == plan.STANDING or answer == filings.NOT_APPLICABLE:
        return states.NOT_APPLICABLE
    if answer == filings.NOT_PUBLISHED or (target.lagged and answer is not None):
        return states.NOT_PUBLISHED
    return states.NOT_FILED if asked else states.NOT_DUE


def _forecast(
    target: plan.Target,
    value: Decimal | None,
    baseline: Decimal | None,
    actual: Decimal | None,
    on: date,
    start: date,
    deadline: date,
    state: str,
) -> tuple[Decimal | None, str]:
    """Where today's rate leads on the deadline, for cumulative and stock kinds, and a word for every kind."""
    if state == states.NOT_PUBLISHED:
        return None, "待数据发布"
    if state == states.BELOW_FLOOR and value is not None and actual is not None:
        return None, f"立即补 {shown_number(value - actual)} {target.unit}".rstrip()
    if state == states.NO_BASELINE:
        return None, "待补基期值"
    if value is None or actual is None or target.kind not in (plan.CUMULATIVE, *FROM_BASELINE):
        return None, UNKNOWN if state == states.NOT_FILED else ""
    reached = actual >= value
    if on > deadline:
        return None, "已达到" if reached else "已到期"
    if target.kind in FROM_BASELINE and baseline is None:
        return None, "已达到"
    if target.kind == plan.LEVEL:
        return None, "已达到" if reached else "不作推算"
    origin = Fraction(0) if baseline is None or target.kind == plan.CUMULATIVE else Fraction(baseline)
    elapsed, total = clipped_days(on, start, deadline)
    gained = Fraction(actual) - origin
    if elapsed == 0 or gained <= 0:
        return None, "已达到" if reached else UNKNOWN
    at_end = origin + gained * Fraction(total, elapsed)
    shown = Decimal(floor(at_end)) if target.integral else rounded(at_end, 2)
    return shown, "已达到" if reached else CAN if at_end >= Fraction(value) else CANNOT


def _needed(
    target: plan.Target, value: Decimal | None, actual: Decimal | None, on: date, deadline: date, state: str
) -> Decimal | None:
    if value is None or actual is None or target.kind not in (plan.CUMULATIVE, *FROM_BASELINE):
        return None
    if state == states.REACHED:
        return Decimal(0)
    left = (deadline - on).days
    if left <= 0:
        return None
    return rounded((Fraction(value) - Fraction(actual)) / left * QUARTER_DAYS, 2)
