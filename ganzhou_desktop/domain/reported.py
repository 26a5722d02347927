"""What the filings make of a target on a day: which of the numbers filed count, and what they come to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from ganzhou_desktop.domain import pace
from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import EVERY_YEAR, Plan, Target

Numbers: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Decimal | str]]]
"""Target id → unit id → period name → the number filed (or its text); only of filings that stand."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What gauges are made of as far as numbers go.

    `filings` by (unit id, period name): at least those of the periods that `answers_needed` names.
    """

    numbers: Numbers
    filings: Mapping[tuple[str, str], Filing]
    contested: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """(unit id, period name) → ids of what two places say differently there."""


NOTHING = Reported({}, {})


def reported_in(filings: Mapping[tuple[str, str], Filing]) -> Reported:
    """The same from filings that are whole."""
    numbers: dict[str, dict[str, dict[str, Decimal | str]]] = {}
    for (unit, period), filing in filings.items():
        for target, value in filing.measurements.items() if filing.submitted else ():
            numbers.setdefault(target, {}).setdefault(unit, {})[period] = value
    return Reported(numbers, filings, {place: f.contested for place, f in filings.items() if f.contested})


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
        self._asked: dict[tuple[date, int | None], tuple[Period, ...]] = {}

    def asked(self, target: Target, on: date, deadline: date) -> tuple[Period, ...]:
        """Of the periods that had ended by a day, the last day or an earlier one, those whose numbers may count."""
        year = year_of(target, on, deadline)
        if (on, year) not in self._asked:
            some = (p for p in self.ended if p.last <= on)
            self._asked[on, year] = tuple(p for p in some if year is None or p.last.year == year)
        return self._asked[on, year]

    def numbers(self, target: Target) -> Mapping[str, Decimal | str]:
        """Period name → the number that stands for it.

        One number a period: the reporting unit's, else that of the first in 建制序 of the others that hold this number
        (from an earlier assignment).
        """
        by_unit = self._numbers.get(target.id)
        if not by_unit:
            return {}
        if len(by_unit) == 1:
            return next(iter(by_unit.values()))
        found: dict[str, Decimal | str] = {}
        for unit in reversed(self._units(target)):
            found |= by_unit[unit]
        return found

    def unit(self, target: Target, period: str) -> str:
        """Whose number stands for a period; there is one."""
        return next(unit for unit in self._units(target) if period in self._numbers[target.id][unit])

    def _units(self, target: Target) -> list[str]:
        last = len(self._order)
        units = self._numbers[target.id]
        return sorted(units, key=lambda u: (u != target.reporting_unit, self._order.get(u, last), u))

    def doubtful(self, target: Target, periods: Iterable[Period]) -> bool:
        """Whether two places differ in one of the numbers that stand for these periods."""
        return bool(self._contested) and any(
            target.id in self._contested.get((self.unit(target, p.name), p.name), ()) for p in periods
        )


def year_of(target: Target, on: date, deadline: date) -> int | None:
    """The one year whose numbers count for a target on a day; None for all."""
    return pace.judged_year(on, deadline) if target.kind == EVERY_YEAR else None


def counting(target: Target, filed: Filed, numbers: Collection[str], asked: tuple[Period, ...]) -> tuple[Period, ...]:
    """Of the periods that may count, those whose numbers do; `numbers`: the periods that have one."""
    if target.kind not in pace.SUMMED:
        return next(((p,) for p in reversed(asked) if p.name in numbers), ())
    usable = tuple([p for p in asked if p.name in numbers])
    return usable if filed.separate else _without_overlap(usable)


def added_up(numbers: Mapping[str, Decimal | str], chosen: tuple[Period, ...]) -> Decimal | None:
    """What the numbers of these periods come to; None for none, which is never 0."""
    return sum([Decimal(numbers[p.name]) for p in chosen], Decimal(0)) if chosen else None


def _without_overlap(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The finest periods first; a coarser one that overlaps one taken already is left out, so nothing counts twice."""
    taken: list[Period] = []
    for period in sorted(periods, key=lambda p: (p.last - p.first, p.first, p.name)):
        if not any(overlap(period, t) for t in taken):
            taken.append(period)
    return tuple(taken)


def overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def latest_answer(target: Target, filed: Filed, asked: tuple[Period, ...]) -> tuple[str | None, bool]:
    """(the reporting unit's answer in the latest of the periods asked, whether two of it differ)."""
    for period in reversed(asked):
        if period.last != asked[-1].last:
            break
        filing = filed.filings.get((target.reporting_unit, period.name))
        answer = filing.answers.get(target.task) if filing is not None and filing.submitted else None
        if filing is not None and answer is not None and answer.kind is not None:
            return answer.kind, target.task in filing.contested
    return None, False
