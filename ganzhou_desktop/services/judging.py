"""The gauges of a day for pages that show many of them: numbers and states without sources and trend, kept until a write.

What they are made of (`views.read_gauges`) is read where one of them is opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.gauges import Gauge, answers_needed, build_gauges
from ganzhou_desktop.domain.outlook import stalled
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import HEADLINE
from ganzhou_desktop.services.filing import SUBMISSION, read_filings, read_numbers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import ENTRY, read_tally
from ganzhou_desktop.store.filed_reads import heads_of, version_of

_KEPT = 8
_FEW = 200
"""So many filings that came in at once are read again by themselves; more, and all are."""


@dataclass
class _Kept:
    """What was read and judged, and of what: the plan's generation, the heads of every filing and register entry."""

    version: tuple[int, int]
    generation: int
    filed: Mapping[str, str]
    entries: Mapping[str, str]
    numbers: Mapping[tuple[str, str], Filing]
    whole: dict[str, dict[tuple[str, str], Filing]] = field(default_factory=dict)
    gauges: dict[date, tuple[Gauge, ...]] = field(default_factory=dict)
    stalled: dict[date, Mapping[str, int]] = field(default_factory=dict)


_kept: WeakKeyDictionary[Ledger, _Kept] = WeakKeyDictionary()


def held_units(ledger: Ledger) -> frozenset[str] | None:
    """Units whose filings this ledger holds; None for all of them."""
    return None if ledger.office else frozenset({ledger.unit})


@dataclass(frozen=True, slots=True)
class Judged:
    """The gauges of a day, and the filings by (unit, period): whole for the period, numbers alone for the others."""

    gauges: tuple[Gauge, ...]
    filings: Mapping[tuple[str, str], Filing]


def shown_gauges(ledger: Ledger, gauges: Iterable[Gauge]) -> tuple[Gauge, ...]:
    """The gauges 总览 shows: at the office the headline targets, at a unit those it reports."""
    if ledger.office:
        return tuple(g for g in gauges if g.task == HEADLINE)
    return tuple(g for g in gauges if g.reporting_unit == ledger.unit)


def judge(ledger: Ledger, opened: tuple[Period, ...], period: Period) -> Judged:
    """Everything judged on the last day of a period.  Only the worker thread that reads the ledger calls this."""
    kept, on, plan = _kept_of(ledger), period.last, ledger.plan()
    if period.name not in kept.whole:
        if len(kept.whole) >= _KEPT:
            kept.whole.clear()
            kept.gauges.clear()
            kept.stalled.clear()
        kept.whole[period.name] = read_filings(
            ledger, {period.name, *answers_needed(opened, on, plan.document.deadline)}
        )
    filings = {**kept.numbers, **kept.whole[period.name]}
    if on not in kept.gauges:
        kept.gauges[on] = build_gauges(plan, opened, filings, on, held_units(ledger), read_tally(ledger), ())
    return Judged(kept.gauges[on], filings)


def stalled_gauges(ledger: Ledger, opened: tuple[Period, ...], period: Period) -> Mapping[str, int]:
    """Of the gauges 总览 shows those that are 停滞 on the last day of a period, with for how many periods."""
    judged, kept, on = judge(ledger, opened, period), _kept_of(ledger), period.last
    if on not in kept.stalled:
        shown = [g.id for g in shown_gauges(ledger, judged.gauges)]
        held, tally = held_units(ledger), read_tally(ledger)
        kept.stalled[on] = stalled(ledger.plan(), opened, judged.filings, on, shown, held, tally)
    return kept.stalled[on]


def _kept_of(ledger: Ledger) -> _Kept:
    """What still holds: an answer of the office or a draft moves no number, a new filing only its own."""
    version, kept = version_of(ledger.journal), _kept.get(ledger)
    if kept is not None and kept.version == version:
        return kept
    generation = ledger.journal.generation
    filed, entries = heads_of(ledger.journal, SUBMISSION, ENTRY)
    if kept is not None and (kept.generation, kept.filed, kept.entries) == (generation, filed, entries):
        kept.version = version
        kept.whole.clear()  # proof may have come for what was filed before
        return kept
    numbers: Mapping[tuple[str, str], Filing]
    moved = [] if kept is None else [i for i, heads in filed.items() if kept.filed.get(i) != heads]
    if kept is None or len(moved) > _FEW:
        numbers = read_numbers(ledger)
    else:
        stands = {place: f for place, f in kept.numbers.items() if filed.get(f.record) == kept.filed.get(f.record)}
        numbers = {**stands, **read_numbers(ledger, moved)}
    made = _kept[ledger] = _Kept(version, generation, filed, entries, numbers)
    return made
