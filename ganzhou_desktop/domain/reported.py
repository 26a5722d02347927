"""What the filings make of a target on a day: which of the numbers filed count, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise, takewhile
from typing import NamedTuple, TypeAlias

from ganzhou_desktop.domain import pace
from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import EVERY_YEAR, Plan, Target

_ZERO = Decimal(0)


class Series(NamedTuple):
    """The numbers of one target by period: each one's text or value, in the order of `periods`."""

    periods: tuple[str, ...]
    values: Sequence[Decimal | str]


Numbers: TypeAlias = Mapping[str, Mapping[str, Series]]
"""Target id → unit id → the numbers filed; only of filings that stand."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What gauges are made of as far as numbers go.

    `filings` by (unit id, period name): at least those of the periods that `answers_needed` names.
    """

    numbers: Numbers
    filings: Mapping[tuple[str, str], Filing]
    contested: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """(unit id, period name) → ids of what two places say differently there."""


_NONE = Series((), ())
NOTHING = Reported({}, {})


def reported_in(filings: Mapping[tuple[str, str], Filing]) -> Reported:
    """The same from filings that are whole."""
    numbers: dict[str, dict[str, dict[str, Decimal | str]]] = {}
    for (unit, period), filing in filings.items():
        for target, value in filing.measurements.items() if filing.submitted else ():
            numbers.setdefault(target, {}).setdefault(unit, {})[period] = value
    series = {target: {unit: _series(some) for unit, some in by_unit.items()} for target, by_unit in numbers.items()}
    return Reported(series, filings, {place: f.contested for place, f in filings.items() if f.contested})


def _series(by_period: Mapping[str, Decimal | str]) -> Series:
    return Series(tuple(by_period), tuple(by_period.values()))


def answers_needed(periods: Iterable[Period], on: date, deadline: date) -> frozenset[str]:
    """Names of the periods whose answers the gauges of a day look at; of the others they need the numbers alone."""
    ended = [p for p in periods if p.last <= on]
    year = pace.judged_year(on, deadline)
    asked = (ended, [p for p in ended if p.last.year == year])
    days = {max(p.last for p in some) for some in asked if some}
    return frozenset(p.name for p in ended if p.last in days)


def ended_by(periods: Iterable[Period], on: date) -> tuple[Period, ...]:
    """By last day; of several with one last day the finest comes last."""
    return tuple(sorted((p for p in periods if p.last <= on), key=lambda p: (p.last, p.first, p.name)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Periods whose numbers may count, by name; the names from the earliest on, and from the latest back."""

    by_name: Mapping[str, Period]
    names: tuple[str, ...]
    back: tuple[str, ...]
    counting: dict[tuple[tuple[str, ...], bool], Sequence[int]] = field(default_factory=dict)
    """What was found out once: nearly all targets have numbers of the same periods."""


class Filed:
    """What was filed for the periods that had ended."""

    def __init__(self, plan: Plan, ended: tuple[Period, ...], reported: Reported) -> None:
        self.ended = ended
        self.filings = reported.filings
        self.separate = all(a.last < b.first for a, b in pairwise(sorted(ended, key=lambda p: p.first)))
        """Whether no two periods overlap, so that nothing can count twice."""
        self._numbers = reported.numbers
        self._contested = reported.contested
        self._order = {u.id: u.order for u in plan.units}
        self._asked: dict[tuple[date, int | None], Asked] = {}

    def asked(self, target: Target, on: date, deadline: date) -> "Asked":
        """Of the periods that had ended by a day, the last day or an earlier one, those whose numbers may count."""
        year = year_of(target, on, deadline)
        found = self._asked.get((on, year))
        if found is None:
            some = (p for p in self.ended if p.last <= on)
            by_name = {p.name: p for p in some if year is None or p.last.year == year}
            found = self._asked[on, year] = Asked(by_name, tuple(by_name), tuple(reversed(by_name)))
        return found

    def numbers(self, target: Target) -> Series:
        """The number that stands for each period.

        One number a period: the reporting unit's, else that of the first in 建制序 of the others that hold this number
        (from an earlier assignment).
        """
        by_unit = self._numbers.get(target.id)
        if not by_unit:
            return _NONE
        if len(by_unit) == 1:
            return next(iter(by_unit.values()))
        found: dict[str, Decimal | str] = {}
        for unit in reversed(self._units(target)):
            found |= zip(*by_unit[unit], strict=True)
        return _series(found)

    def counting(self, target: Target, periods: tuple[str, ...], asked: Asked) -> Sequence[int]:
        """Of the periods that have a number the places of those whose numbers count; `asked`: those that may."""
        summed = target.kind in pace.SUMMED
        found = asked.counting.get((periods, summed))
        if found is None:
            found = asked.counting[periods, summed] = self._places(periods, asked, summed=summed)
        return found

    def _places(self, periods: tuple[str, ...], asked: Asked, *, summed: bool) -> list[int]:
        usable = [asked.by_name[name] for name in asked.names if name in periods]
        if not summed:
            usable = usable[-1:]
        elif not self.separate:
            usable = _without_overlap(usable)
        return [periods.index(p.name) for p in usable]

    def unit(self, target: Target, period: str) -> str:
        """Whose number stands for a period; there is one."""
        return next(unit for unit in self._units(target) if period in self._numbers[target.id][unit].periods)

    def _units(self, target: Target) -> list[str]:
        last = len(self._order)
        units = self._numbers[target.id]
        return sorted(units, key=lambda u: (u != target.reporting_unit, self._order.get(u, last), u))

    def doubtful(self, target: Target, periods: Sequence[str], places: Iterable[int], asked: Asked) -> bool:
        """Whether two PCs differ in one of the numbers that count, or about whether there is one that would count."""
        if not self._contested:
            return False
        counting = {periods[n] for n in places}
        if any(self._differ(self.unit(target, name), name, target) for name in counting):
            return True
        # Where one of two took its number back, none may stand now; the other's would be added, or be the latest.
        summed = target.kind in pace.SUMMED
        open_ones = asked.back if summed else takewhile(lambda name: name not in counting, asked.back)
        return any(name not in periods and self._differ(target.reporting_unit, name, target) for name in open_ones)

    def _differ(self, unit: str, period: str, target: Target) -> bool:
        return target.id in self._contested.get((unit, period), ())


def year_of(target: Target, on: date, deadline: date) -> int | None:
    """The one year whose numbers count for a target on a day; None for all."""
    return pace.judged_year(on, deadline) if target.kind == EVERY_YEAR else None


def added_up(values: Sequence[Decimal | str], places: Sequence[int]) -> Decimal | None:
    """What the numbers at these places come to; None for none, which is never 0."""
    if not places:
        return None
    chosen = values if len(places) == len(values) else [values[n] for n in places]
    return sum(map(Decimal, chosen), _ZERO)


def _without_overlap(periods: Iterable[Period]) -> list[Period]:
    """The finest periods first; a coarser one that overlaps one taken already is left out, so nothing counts twice."""
    taken: list[Period] = []
    for period in sorted(periods, key=lambda p: (p.last - p.first, p.first, p.name)):
        if not any(overlap(period, t) for t in taken):
            taken.append(period)
    return taken


def overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def latest_answer(target: Target, filed: Filed, asked: Asked) -> tuple[str | None, bool]:
    """(the reporting unit's answer in the latest of the periods asked, whether two of it differ)."""
    for name in asked.back:
        if asked.by_name[name].last != asked.by_name[asked.back[0]].last:
            break
        filing = filed.filings.get((target.reporting_unit, name))
        answer = filing.answers.get(target.task) if filing is not None and filing.submitted else None
        if filing is not None and answer is not None and answer.kind is not None:
            return answer.kind, target.task in filing.contested
    return None, False
