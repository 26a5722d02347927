"""Gauges: each target's actual value, pace and state on a day, with what it is made of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from ganzhou_desktop.domain import pace, states
from ganzhou_desktop.domain.counting import Tally
from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import EVERY_YEAR, HEADLINE, Plan, Target

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


@dataclass(frozen=True, slots=True)
class Gauge:
    """One target on one day.

    `printed`/`confirmed`: the target figure; `actual`: None when missing; `pace`: what should have been reached by
    `on` (None where the kind has no pace); `forecast`: at today's rate on the deadline; `needed`: still needed a
    quarter from now; `formula`: the pace with today's numbers, in words.
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
    pace: Decimal | None
    state: str
    word: str
    formula: str
    forecast: Decimal | None
    forecast_word: str
    needed: Decimal | None
    sources: tuple[Source, ...]
    trend: tuple[TrendPoint, ...] = ()
    provisional: bool = False
    counted: bool = False
    """Whether `actual` is counted from register entries (`reported` then is the 自报数 beside it, never added)."""
    reported: Decimal | None = None
    """What the filings alone say."""
    to_reach: Decimal | None = None
    """What `actual` is held against: the figure, the baseline raised by it (9c 提高5%), or how many named parts."""

    @property
    def target(self) -> Decimal | None:
        """The figure to calculate with: confirmed, else as printed."""
        return self.printed if self.confirmed is None else self.confirmed


class _Entry(NamedTuple):
    """One filing looked at for one target; `rival` tells that another unit's number of that period stands."""

    period: Period
    filing: Filing
    value: Decimal | None
    rival: bool


@dataclass(frozen=True, slots=True)
class _Count:
    actual: Decimal | None
    sources: tuple[Source, ...]
    answer: str | None
    asked: bool
    provisional: bool


def build_gauges(
    plan: Plan,
    periods: Iterable[Period],
    filings: Mapping[tuple[str, str], Filing],
    on: date,
    held_units: frozenset[str] | None = None,
    tally: Tally | None = None,
    whole: Collection[str] | None = None,
) -> tuple[Gauge, ...]:
    """Every numeric target on a day: the headline targets, then each task's, in plan order.

    `filings` by (unit id, period name).  A filing counts from the last day of its period on, whenever it came and
    whatever the office answered it: an answer marks a number, it never hides it.  `held_units`: the units whose
    filings this ledger holds, None for all.  `tally`: what register entries make of the targets; one counted from
    entries has that number, whatever was typed.  `whole`: ids of the targets that get their sources and their trend,
    None for all; the others come to the same numbers and states without them.
    """
    ended = tuple(sorted((p for p in periods if p.last <= on), key=_by_end))
    filed, nothing = _Filed(plan, ended, filings), _Filed(plan, ended, {})
    targets = [*plan.targets_of(HEADLINE), *(t for task in plan.tasks for t in plan.targets_of(task.id))]
    found = []
    for target in targets:
        if target.numeric:
            held = held_units is None or target.reporting_unit in held_units
            with_all = whole is None or target.id in whole
            found.append(_gauge(plan, target, filed if held else nothing, on, held, tally, whole=with_all))
    return tuple(found)


def answers_needed(periods: Iterable[Period], on: date, deadline: date) -> frozenset[str]:
    """Names of the periods whose answers the gauges of a day look at; of the others they need the numbers alone."""
    ended = [p for p in periods if p.last <= on]
    year = pace.judged_year(on, deadline)
    asked = (ended, [p for p in ended if p.last.year == year])
    days = {max(p.last for p in some) for some in asked if some}
    return frozenset(p.name for p in ended if p.last in days)


class _Filed:
    """What was filed for the periods that had ended: by unit, and the numbers by target, in the order of periods."""

    def __init__(self, plan: Plan, ended: tuple[Period, ...], filings: Mapping[tuple[str, str], Filing]) -> None:
        self.ended = ended
        self.by_place = filings
        self.separate = all(a.last < b.first for a, b in pairwise(sorted(ended, key=lambda p: p.first)))
        """Whether no two periods overlap, so that nothing can count twice."""
        order = {u.id: u.order for u in plan.units}
        by_period: dict[str, list[Filing]] = {}
        for (_unit, name), filing in filings.items():
            by_period.setdefault(name, []).append(filing)
        self._period_of = {period.name: period for period in ended}
        self._filings_with: dict[str, list[Filing]] = {}
        """Target id → the filings with a number of it: not an object for each of a hundred thousand numbers."""
        self._several: set[str] = set()
        """Targets with a number that another unit holds, or that was withdrawn: for them each period is looked at."""
        reporting = {target.id: target.reporting_unit for target in plan.targets}
        held = self._filings_with
        for period in ended:
            found = by_period.get(period.name, [])
            found.sort(key=lambda f: (order.get(f.unit, len(order)), f.unit))
            for filing in found:
                unit = filing.unit if filing.submitted else None
                for target in filing.measurements:
                    if target in held:
                        held[target].append(filing)
                    else:
                        held[target] = [filing]
                    if reporting.get(target) != unit:
                        self._several.add(target)

    def entries(self, target: Target, *, whole: bool) -> list[_Entry]:
        """The filings looked at for a target; without `whole` those that do not count may be left out."""
        periods = self._period_of
        numbers = [
            _Entry(periods[f.period], f, f.measurements[target.id], False)
            for f in self._filings_with.get(target.id, ())
        ]
        if not whole and target.id not in self._several:
            return numbers
        by_period: dict[str, list[_Entry]] = {}
        for entry in numbers:
            by_period.setdefault(entry.period.name, []).append(entry)
        return [e for p in self.ended for e in self._of_period(target, p, by_period.get(p.name, []))]

    def plain(self, target: Target) -> bool:
        """Whether every number of a target is the reporting unit's and stands."""
        return target.id not in self._several

    def _of_period(self, target: Target, period: Period, numbers: list[_Entry]) -> list[_Entry]:
        """The reporting unit's filing, then those of other units that hold this number (from an earlier assignment).

        One number a period: the reporting unit's, else the first of the others in 建制序.
        """
        mine = self.by_place.get((target.reporting_unit, period.name))
        own = [] if mine is None else [_Entry(period, mine, mine.measurements.get(target.id), False)]
        entries: list[_Entry] = []
        taken = False
        for entry in own + [e for e in numbers if e.filing.unit != target.reporting_unit]:
            entries.append(entry._replace(rival=taken and entry.value is not None))
            taken = taken or (entry.value is not None and entry.filing.submitted)
        return entries


def thresholds(plan: Plan) -> tuple[Decimal, Decimal]:
    """(slow, behind) points as set in the plan (settings `slow_points`, `behind_points`), else 10 and 30."""
    found = {s.id: s.value for s in plan.settings}
    return (
        Decimal(found.get("slow_points") or pace.SLOW_POINTS),
        Decimal(found.get("behind_points") or pace.BEHIND_POINTS),
    )


def _by_end(period: Period) -> tuple[date, date, str]:
    """By last day; of several with one last day the finest comes last."""
    return period.last, period.first, period.name


def _gauge(
    plan: Plan, target: Target, filed: _Filed, on: date, held: bool, tally: Tally | None, *, whole: bool
) -> Gauge:
    start, deadline = plan.document.issued, plan.document.deadline
    slow, behind = thresholds(plan)
    figure = plan.figure_by_id.get(target.id)
    base_figure = plan.figure_by_id.get(f"{target.id}.baseline")
    value = None if figure is None else figure.effective
    baseline = None if base_figure is None else base_figure.effective
    entries = filed.entries(target, whole=whole)
    counted = held and tally is not None and tally.counts(target.id)

    def number(day: date, filed: _Count) -> Decimal | None:
        return tally.value(target, day) if counted and tally is not None else filed.actual

    count = _count(target, filed, filed.ended, entries, on, deadline, whole=whole)
    actual = number(on, count)
    judged = pace.assess(
        target,
        value,
        baseline,
        actual,
        on,
        start=start,
        deadline=deadline,
        slow_points=slow,
        behind_points=behind,
        answer=count.answer,
        asked=count.asked,
    )
    trend = []
    for day, period in {p.last: p for p in filed.ended}.items() if whole else ():
        periods_then = tuple(p for p in filed.ended if p.last <= day)
        entries_then = [e for e in entries if e.period.last <= day]
        then = _count(target, filed, periods_then, entries_then, day, deadline, whole=False)
        expected = pace.line(target, value, baseline, day, start, deadline).expected
        trend.append(TrendPoint(on=day, period=period.name, actual=number(day, then), expected=expected))
    state = judged.state if held else states.NOT_HELD
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
        pace=judged.expected,
        state=state,
        word=states.WORDS[state],
        formula=judged.formula,
        forecast=judged.forecast,
        forecast_word=judged.forecast_word if held else "",
        needed=judged.needed,
        sources=tuple(replace(s, counted=False, why=REPORTED) for s in count.sources) if counted else count.sources,
        trend=tuple(trend),
        counted=counted,
        reported=count.actual if counted else None,
        provisional=(count.provisional and not counted) or bool(plan.contested & {target.id, f"{target.id}.baseline"}),
        to_reach=pace.value_to_reach(target, value, baseline),
    )


def _count(
    target: Target,
    filed: _Filed,
    ended: tuple[Period, ...],
    entries: list[_Entry],
    on: date,
    deadline: date,
    *,
    whole: bool,
) -> _Count:
    """The value on a day from the entries of periods that had ended, each entry with why it counts or not."""
    year = pace.judged_year(on, deadline) if target.kind == EVERY_YEAR else None
    usable = entries
    if whole or year is not None or not filed.plain(target):
        usable = [
            e
            for e in entries
            if e.value is not None and e.filing.ids and not e.rival and (year is None or e.period.last.year == year)
        ]
    chosen = usable[-1:]
    if target.kind in pace.SUMMED:
        chosen = usable if filed.separate else _without_overlap(usable)
    values = [e.value for e in chosen if e.value is not None]
    asked = tuple(p for p in ended if year is None or p.last.year == year)
    answer, doubtful = _latest_answer(target, asked, filed)
    return _Count(
        actual=sum(values, Decimal(0)) if values else None,
        sources=tuple(_source(target, e, chosen, year) for e in entries) if whole else (),
        answer=answer,
        asked=bool(asked),
        provisional=any(target.id in e.filing.contested for e in chosen) or (doubtful and not values),
    )


def _without_overlap(entries: list[_Entry]) -> list[_Entry]:
    """The finest periods first; a coarser one that overlaps one taken already is left out, so nothing counts twice."""
    taken: list[_Entry] = []
    for entry in sorted(entries, key=lambda e: (e.period.last - e.period.first, e.period.first, e.period.name)):
        if not any(_overlap(entry.period, t.period) for t in taken):
            taken.append(entry)
    return taken


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def _latest_answer(target: Target, asked: tuple[Period, ...], filed: _Filed) -> tuple[str | None, bool]:
    """(the reporting unit's answer in the latest period asked, whether two of it differ)."""
    for period in reversed(asked):
        if period.last != asked[-1].last:
            break
        filing = filed.by_place.get((target.reporting_unit, period.name))
        answer = filing.answers.get(target.task) if filing is not None and filing.submitted else None
        if filing is not None and answer is not None and answer.kind is not None:
            return answer.kind, target.task in filing.contested
    return None, False


def _source(target: Target, entry: _Entry, chosen: list[_Entry], year: int | None) -> Source:
    filing, period = entry.filing, entry.period
    counted = any(entry is c for c in chosen)
    if counted:
        why = "计入：本期新增" if target.kind in pace.SUMMED else "计入：最近一期的期末数"
        if filing.unit != target.reporting_unit:
            why += "（由当时的填报单位填报）"
    elif not filing.submitted:
        why = "不计：没有提交，或提交后已撤回"
    elif entry.value is None:
        why = "不计：本期没有填这个数"
    elif entry.rival:
        why = "不计：同一期次已计另一单位填报的数"
    elif year is not None and period.last.year != year:
        why = f"不计：不在 {year} 年内"
    elif target.kind in pace.SUMMED:
        finer = next((c.period.name for c in chosen if _overlap(period, c.period)), "")
        why = f"不计：与 {finer} 重叠，已按 {finer} 计"
    else:
        why = f"不计：{chosen[-1].period.name} 更近" if chosen else "不计"
    return Source(
        record=filing.record,
        unit=filing.unit,
        period=period.name,
        value=entry.value,
        counted=counted,
        why=why,
        provisional=target.id in filing.contested,
    )
