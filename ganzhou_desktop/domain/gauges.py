"""Gauges: each target's actual value, pace and state on a day, with what it is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import pace, states
from ganzhou_desktop.domain.canonical import is_decimal
from ganzhou_desktop.domain.counting import Tally
from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import HEADLINE, Plan, Target
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.domain.reported import (
    NOTHING,
    Filed,
    Reported,
    Series,
    added_up,
    ended_by,
    latest_answer,
    overlap,
    reported_in,
    year_of,
)

REPORTED = "自报数：这个目标按台账计数，不另加"


@dataclass(frozen=True, slots=True)
class Source:
    """One filing that a gauge's number is made of."""

    record: str
    unit: str
    period: str
    value: Decimal | None
    counted: bool
    why: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Actual and expected value at the end of one period."""

    on: date
    period: str
    actual: Decimal | None
    expected: Decimal | None
    provisional: bool = False
    """Whether `actual` is."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """One target on one day.

    `printed`/`confirmed`: the target figure; `actual`: None when missing; `judged`: the same held against its pace,
    from which the rest is worked out when it is shown.
    """

    id: str
    task: str
    name: str
    short: str
    kind: str
    unit: str
    at_least: bool
    printed: Decimal | None
    confirmed: Decimal | None
    baseline: Decimal | None
    reporting_unit: str
    reporting_assumed: bool
    actual: Decimal | None
    state: str
    judged: pace.Pace
    sources: tuple[Source, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    actual_provisional: bool = False
    """Whether a filing or an entry that makes `actual` is 两处不一致, or whether there is a number at all."""
    aim_provisional: bool = False
    """Whether two offices differ about the figure or the baseline."""
    counted: bool = False
    """Whether `actual` is counted from register entries (`reported` then is the 自报数 beside it, never added)."""
    reported: Decimal | None = None
    """What the filings alone say."""
    reported_provisional: bool = False

    @property
    def provisional(self) -> bool:
        """Whether anything it is judged by is 两处不一致: then its state, forecast and need are provisional as well."""
        return self.actual_provisional or self.aim_provisional

    @property
    def target(self) -> Decimal | None:
        """The figure to calculate with: confirmed, else as printed."""
        return self.printed if self.confirmed is None else self.confirmed

    @property
    def word(self) -> str:
        return states.WORDS[self.state]

    @property
    def pace(self) -> Decimal | None:
        """What should have been reached by the day; None where the kind has no pace."""
        return self.judged.expected

    @property
    def formula(self) -> str:
        """The pace with today's numbers, in words."""
        return marked(self.judged.formula, self.aim_provisional)

    @property
    def forecast(self) -> Decimal | None:
        """At today's rate on the deadline."""
        return self.judged.forecast

    @property
    def forecast_word(self) -> str:
        return "" if self.state == states.NOT_HELD else self.judged.forecast_word

    @property
    def needed(self) -> Decimal | None:
        """Still needed a quarter from now."""
        return self.judged.needed

    @property
    def to_reach(self) -> Decimal | None:
        """What `actual` is held against: the figure, the baseline raised by it (9c 提高5%), or how many named parts."""
        return self.judged.to_reach


def build_gauges(
    plan: Plan,
    periods: Iterable[Period],
    filings: Mapping[tuple[str, str], Filing],
    on: date,
    held_units: frozenset[str] | None = None,
    tally: Tally | None = None,
) -> tuple[Gauge, ...]:
    """Every numeric target on a day: the headline targets, then each task's, in plan order.

    `filings` by (unit id, period name).  A filing counts from the last day of its period on, whenever it came and
    whatever the office answered it: an answer marks a number, it never hides it.  `held_units`: the units whose
    filings this ledger holds, None for all.  `tally`: what register entries make of the targets; one counted from
    entries has that number, whatever was typed.
    """
    ended = ended_by(periods, on)
    day = _Day(plan, ended, reported_in(filings), on, held_units, tally)
    return day.gauges(_LookedAt(plan, ended, filings), trend=True)


def brief_gauges(
    plan: Plan,
    periods: Iterable[Period],
    reported: Reported,
    on: date,
    held_units: frozenset[str] | None = None,
    tally: Tally | None = None,
    *,
    trend: bool = False,
) -> tuple[Gauge, ...]:
    """The same numbers and states without what they are made of, and without `trend` unless it is asked for."""
    return _Day(plan, ended_by(periods, on), reported, on, held_units, tally).gauges(None, trend=trend)


class _LookedAt:
    """The filings that were looked at for each target, those that do not count among them."""

    def __init__(self, plan: Plan, ended: tuple[Period, ...], filings: Mapping[tuple[str, str], Filing]) -> None:
        self._ended = ended
        self._filings = filings
        order = {u.id: u.order for u in plan.units}
        self._holding: dict[tuple[str, str], list[Filing]] = {}
        for filing in sorted(filings.values(), key=lambda f: (order.get(f.unit, len(order)), f.unit)):
            for target in filing.measurements:
                self._holding.setdefault((target, filing.period), []).append(filing)

    def of(self, target: Target) -> list[tuple[Period, Filing]]:
        """By period: the reporting unit's filing, then those of other units that hold this number."""
        found = []
        for period in self._ended:
            mine = self._filings.get((target.reporting_unit, period.name))
            if mine is not None:
                found.append((period, mine))
            others = self._holding.get((target.id, period.name), ())
            found += [(period, filing) for filing in others if filing.unit != target.reporting_unit]
        return found


def thresholds(plan: Plan) -> tuple[Decimal, Decimal]:
    """(slow, behind) points as set in the plan (settings `slow_points`, `behind_points`), else 10 and 30."""
    found = {s.id: s.value for s in plan.settings}
    return (
        _points(found.get("slow_points"), pace.SLOW_POINTS),
        _points(found.get("behind_points"), pace.BEHIND_POINTS),
    )


def _points(text: str | None, usual: Decimal) -> Decimal:
    """A setting that is a number; the usual one where what came into the ledger is none."""
    return Decimal(text) if text is not None and is_decimal(text) else usual


class _Day:
    """What gauges are judged by on one day."""

    def __init__(
        self,
        plan: Plan,
        ended: tuple[Period, ...],
        reported: Reported,
        on: date,
        held_units: frozenset[str] | None,
        tally: Tally | None,
    ) -> None:
        self._plan = plan
        self._on = on
        self._held_units = held_units
        self._tally = tally
        self._start, self._deadline = plan.document.issued, plan.document.deadline
        self._slow, self._behind = thresholds(plan)
        self._filed, self._nothing = Filed(plan, ended, reported), Filed(plan, ended, NOTHING)

    def gauges(self, looked_at: _LookedAt | None, *, trend: bool) -> tuple[Gauge, ...]:
        """Of every numeric target, in plan order; with the filings behind each where those are given."""
        plan = self._plan
        targets = [*plan.targets_of(HEADLINE), *(t for task in plan.tasks for t in plan.targets_of(task.id))]
        return tuple([self._gauge(target, looked_at, trend=trend) for target in targets if target.numeric])

    def _gauge(self, target: Target, looked_at: _LookedAt | None, *, trend: bool) -> Gauge:
        plan, on, deadline = self._plan, self._on, self._deadline
        held = self._held_units is None or target.reporting_unit in self._held_units
        filed = self._filed if held else self._nothing
        tally = self._tally if held and self._tally is not None and self._tally.counts(target.id) else None
        figure = plan.figure_by_id.get(target.id)
        base_figure = plan.figure_by_id.get(f"{target.id}.baseline")
        baseline = None if base_figure is None else base_figure.effective
        numbers, asked = filed.numbers(target), filed.asked(target, on, deadline)
        places = filed.counting(target, numbers.periods, asked)
        actual = added_up(numbers.values, places) if tally is None else tally.value(target, on)
        answer, doubtful = (None, False) if places and actual is not None else latest_answer(target, filed, asked)
        filed_so = filed.doubtful(target, numbers.periods, places, asked) or (doubtful and not places)
        judged = pace.assess(
            target,
            None if figure is None else figure.effective,
            baseline,
            actual,
            on,
            start=self._start,
            deadline=deadline,
            slow_points=self._slow,
            behind_points=self._behind,
            answer=answer,
            asked=bool(asked.names),
        )
        sources: tuple[Source, ...] = ()
        if looked_at is not None and held:
            chosen = [numbers.periods[n] for n in places]
            sources = _sources(target, filed, looked_at.of(target), chosen, on, deadline)
        return Gauge(
            id=target.id,
            task=target.task,
            name=target.name,
            short=target.short,
            kind=target.kind,
            unit=target.unit,
            at_least=target.at_least,
            printed=None if figure is None else figure.value,
            confirmed=None if figure is None else figure.confirmed,
            baseline=baseline,
            reporting_unit=target.reporting_unit,
            reporting_assumed=target.reporting_assumed,
            actual=actual,
            state=judged.state if held else states.NOT_HELD,
            judged=judged,
            sources=sources if tally is None else tuple(replace(s, counted=False, why=REPORTED) for s in sources),
            trend=self._trend(target, filed, numbers, tally, judged) if trend else (),
            actual_provisional=self._counted_doubtfully(target, held) or (tally is None and filed_so),
            aim_provisional=bool(plan.contested)
            and not plan.contested.isdisjoint((target.id, f"{target.id}.baseline")),
            counted=tally is not None,
            reported=None if tally is None else added_up(numbers.values, places),
            reported_provisional=tally is not None and filed_so,
        )

    def _counted_doubtfully(self, target: Target, held: bool) -> bool:
        return held and self._tally is not None and self._tally.doubtful(target.id)

    def _trend(
        self, target: Target, filed: Filed, numbers: Series, tally: Tally | None, judged: pace.Pace
    ) -> tuple[TrendPoint, ...]:
        points = []
        for day, period in {p.last: p for p in filed.ended}.items():
            asked = filed.asked(target, day, self._deadline)
            places = filed.counting(target, numbers.periods, asked)
            actual = added_up(numbers.values, places) if tally is None else tally.value(target, day)
            expected = pace.line(target, judged.figure, judged.baseline, day, self._start, self._deadline).expected
            doubtful = filed.doubtful(target, numbers.periods, places, asked) if tally is None else False
            doubtful = doubtful or (tally is not None and tally.doubtful(target.id))
            points.append(TrendPoint(day, period.name, actual, expected, doubtful))
        return tuple(points)


def _sources(
    target: Target,
    filed: Filed,
    seen: list[tuple[Period, Filing]],
    chosen: Sequence[str],
    on: date,
    deadline: date,
) -> tuple[Source, ...]:
    """Every filing looked at, each with why its number counts or not."""
    year = year_of(target, on, deadline)
    by_name = {p.name: p for p in filed.ended}
    counting_ones = [by_name[name] for name in chosen]
    return tuple(
        Source(
            record=filing.record,
            unit=filing.unit,
            period=period.name,
            value=filing.measurements.get(target.id),
            counted=counted,
            why=why,
            provisional=target.id in filing.contested,
        )
        for period, filing in seen
        for counted, why in (_why(target, filed, period, filing, counting_ones, year),)
    )


def _why(
    target: Target, filed: Filed, period: Period, filing: Filing, chosen: Sequence[Period], year: int | None
) -> tuple[bool, str]:
    """(whether one filing's number counts, why)."""
    if not filing.submitted:
        return False, "不计：没有提交，或提交后已撤回"
    if target.id not in filing.measurements:
        return False, "不计：本期没有填这个数"
    if filing.unit != filed.unit(target, period.name):
        return False, "不计：同一期次已计另一单位填报的数"
    if period in chosen:
        why = "计入：本期新增" if target.kind in pace.SUMMED else "计入：最近一期的期末数"
        return True, why if filing.unit == target.reporting_unit else f"{why}（由当时的填报单位填报）"
    if year is not None and period.last.year != year:
        return False, f"不计：不在 {year} 年内"
    if target.kind in pace.SUMMED:
        finer = next((c.name for c in chosen if overlap(period, c)), "")
        return False, f"不计：与 {finer} 重叠，已按 {finer} 计"
    return False, f"不计：{chosen[-1].name} 更近" if chosen else "不计"
