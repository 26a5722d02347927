"""Beyond the state of a target: how long it has not moved, who brought how much of it, and 假如 more is done.

Nothing here is written anywhere; 假如 is arithmetic on what stands today.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

from ganzhou_desktop.domain import plan as plans
from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.counting import Member, Tally
from ganzhou_desktop.domain.gauges import Gauge, brief_gauges
from ganzhou_desktop.domain.pace import QUARTER_DAYS, SUMMED, rounded
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import Plan, Rule, Target
from ganzhou_desktop.domain.reported import Reported

STALLED_FROM = 2
"""So many periods in a row without a move are called 停滞."""
_QUIET = (states.REACHED, states.DONE, states.NOT_DUE, states.NOT_APPLICABLE, states.NOT_HELD)
_PLANNED = (plans.CUMULATIVE, plans.STOCK)
"""Kinds of which 假如 can be told: what is added stays until the deadline."""


def stalled_for(gauge: Gauge) -> int:
    """For how many periods in a row, the last among them, the value has not moved; 0 when that is not 停滞.

    What is reached may stay where it is; a level (published once a year) says nothing by staying; of an every-year
    target only the judged year is looked at.  A value nobody has given yet has not stood still, it is missing.
    """
    if gauge.state in _QUIET or gauge.kind == plans.LEVEL:
        return 0
    if gauge.to_reach is not None and gauge.actual is not None and gauge.actual >= gauge.to_reach:
        return 0
    trend = gauge.trend
    if gauge.kind == plans.EVERY_YEAR and trend:
        trend = tuple(p for p in trend if p.on.year == trend[-1].on.year)
    still = 0
    for earlier, later in reversed(list(pairwise(trend))):
        if later.actual is None or earlier.actual != later.actual:
            break
        still += 1
    return still if still >= STALLED_FROM else 0


def stalled(
    plan: Plan,
    periods: Iterable[Period],
    reported: Reported,
    on: date,
    targets: Collection[str],
    held_units: frozenset[str] | None = None,
    tally: Tally | None = None,
) -> dict[str, int]:
    """Target id → periods without a move, of those of `targets` that are 停滞."""
    wanted = frozenset(targets)
    few = replace(plan, targets=tuple(t for t in plan.targets if t.id in wanted))
    gauges = brief_gauges(few, periods, reported, on, held_units, tally, trend=True)
    found = {g.id: stalled_for(g) for g in gauges}
    return {target: still for target, still in found.items() if still}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one unit brought: its amount, of how many entries or filings, the periods or none for entries.

    `share` in %, of the whole number; `doubtful`: the periods ("" for entries) whose part is 两处不一致.
    """

    unit: str
    amount: Decimal
    count: int
    periods: tuple[tuple[str, Decimal], ...]
    share: Decimal
    doubtful: frozenset[str] = frozenset()


def contributions(gauge: Gauge, members: Iterable[Member]) -> tuple[Contribution, ...]:
    """Who brought how much of a number that is a sum: by unit, most first; empty where parts do not make the whole.

    A counted number by its register entries, another by the filings that are added; what only one filing says (a
    stock, a level) or what counts by groups has no parts.
    """
    by_unit: dict[str, list[tuple[str, Decimal]]] = {}
    doubtful: dict[str, set[str]] = {}
    if gauge.counted:
        for member in members:
            if member.counted:
                by_unit.setdefault(member.entry.unit, []).append(("", member.amount))
                if member.provisional:
                    doubtful.setdefault(member.entry.unit, set()).add("")
    elif gauge.kind in SUMMED:
        for source in gauge.sources:
            if source.counted and source.value is not None:
                by_unit.setdefault(source.unit, []).append((source.period, source.value))
                if source.provisional:
                    doubtful.setdefault(source.unit, set()).add(source.period)
    whole = sum((amount for parts in by_unit.values() for _, amount in parts), Decimal(0))
    if not whole or whole != gauge.actual:
        return ()
    found = []
    for unit, parts in by_unit.items():
        amount = sum((amount for _, amount in parts), Decimal(0))
        share = rounded(Fraction(amount) / Fraction(whole) * 100, 1)
        periods = tuple(sorted((name, some) for name, some in parts if name))
        so = frozenset(doubtful.get(unit, ()))
        found.append(Contribution(unit, amount, len(parts), periods, share, so))
    return tuple(sorted(found, key=lambda c: -c.amount))


def feeding(plan: Plan, target: Target) -> tuple[Target, ...]:
    """The sub-targets of which every new one is one more of a headline target, by the rules of counting.

    So it is where both count the entries of one register by the same day, and what the headline asks of an entry
    is part of what the sub-target asks.
    """
    if target.task != plans.HEADLINE:
        return ()
    mine = plan.rules_by_target.get(target.id, ())
    found = []
    for other in plan.targets:
        theirs = plan.rules_by_target.get(other.id, ())
        if other.task != plans.HEADLINE and theirs and all(any(_within(plan, t, m) for m in mine) for t in theirs):
            found.append(other)
    return tuple(found)


def _within(plan: Plan, narrow: Rule, wide: Rule) -> bool:
    """Whether an entry that begins to count for one rule begins to count for the other."""
    register = plan.register_by_id.get(narrow.register)
    ways = (plans.NEW, plans.STANDING_STOCK)
    return (
        register is not None
        and narrow.register == wide.register
        and narrow.how in ways
        and wide.how in ways
        and (narrow.date or register.starts) == (wide.date or register.starts)
        and set(wide.where) <= set(narrow.where)
    )


def can_suppose(gauge: Gauge) -> bool:
    """Whether 假如 can be told of a target: something to add to, and a number to reach."""
    return gauge.kind in _PLANNED and gauge.actual is not None and gauge.to_reach is not None


def supposed(gauge: Gauge, on: date, deadline: date, quarterly: int = 0, once: int = 0, whole: bool = True) -> Decimal:
    """Where a target lands on the deadline if so many more are done each quarter from now, and so many besides."""
    assert gauge.actual is not None
    left = max(0, (deadline - on).days)
    more = quarterly * Fraction(left) / QUARTER_DAYS
    return gauge.actual + once + (Decimal(floor(more)) if whole else rounded(more, 2))
