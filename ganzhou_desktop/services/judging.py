"""The gauges of a day for pages that show many of them: numbers and states without sources and trend, kept until a write.

What they are made of (`views.read_gauges`) is read where one of them is opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from weakref import WeakKeyDictionary

from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.gauges import Gauge, brief_gauges
from ganzhou_desktop.domain.outlook import stalled
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import HEADLINE
from ganzhou_desktop.domain.reported import Reported, answers_needed
from ganzhou_desktop.services.filing import read_contested, read_filings, read_numbers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import read_tally
from ganzhou_desktop.store.filed_reads import version_of

_KEPT = 8


@dataclass
class _Kept:
    """What was read and judged, and as of when."""

    version: tuple[int, int]
    measured: tuple[int, int, int]
    """Differs once the plan, a filing or a register entry may have."""
    reported: Reported
    whole: dict[str, dict[tuple[str, str], Filing]] = field(default_factory=dict)
    gauges: dict[date, tuple[Gauge, ...]] = field(default_factory=dict)
    stalled: dict[date, Mapping[str, int]] = field(default_factory=dict)


_kept: WeakKeyDictionary[Ledger, _Kept] = WeakKeyDictionary()


def held_units(ledger: Ledger) -> frozenset[str] | None:
    """Units whose filings this ledger holds; None for all of them."""
    return None if ledger.office else frozenset({ledger.unit})


@dataclass(frozen=True, slots=True)
class Judged:
    """The gauges of a day, and filings by (unit, period): at least those of the period, at a unit of every period."""

    gauges: tuple[Gauge, ...]
    filings: Mapping[tuple[str, str], Filing]


def shown_gauges(ledger: Ledger, gauges: Iterable[Gauge]) -> tuple[Gauge, ...]:
    """The gauges 总览 shows: at the office the headline targets, at a unit those it reports."""
    if ledger.office:
        return tuple(g for g in gauges if g.task == HEADLINE)
    return tuple(g for g in gauges if g.reporting_unit == ledger.unit)


def judge(ledger: Ledger, opened: tuple[Period, ...], period: Period) -> Judged:
    """Everything judged on the last day of a period.  Only the worker thread that reads the ledger calls this."""
    kept, on = _kept_of(ledger), period.last
    if period.name not in kept.whole:
        if len(kept.whole) >= _KEPT:
            kept.whole.clear()
            kept.gauges.clear()
            kept.stalled.clear()
        needed = {period.name, *answers_needed(opened, on, ledger.plan().document.deadline)}
        kept.whole[period.name] = read_filings(ledger, needed if ledger.office else None)
    filings = kept.whole[period.name]
    if on not in kept.gauges:
        reported = replace(kept.reported, filings=filings)
        kept.gauges[on] = brief_gauges(ledger.plan(), opened, reported, on, held_units(ledger), read_tally(ledger))
    return Judged(kept.gauges[on], filings)


def stalled_gauges(ledger: Ledger, opened: tuple[Period, ...], period: Period) -> Mapping[str, int]:
    """Of the gauges 总览 shows those that are 停滞 on the last day of a period, with for how many periods."""
    judged, kept, on = judge(ledger, opened, period), _kept_of(ledger), period.last
    if on not in kept.stalled:
        shown = [g.id for g in shown_gauges(ledger, judged.gauges)]
        held, tally = held_units(ledger), read_tally(ledger)
        reported = replace(kept.reported, filings=judged.filings)
        kept.stalled[on] = stalled(ledger.plan(), opened, reported, on, shown, held, tally)
    return kept.stalled[on]


def _kept_of(ledger: Ledger) -> _Kept:
    """What still holds: an answer of the office or a draft moves no number."""
    version, kept = version_of(ledger.journal), _kept.get(ledger)
    if kept is not None and kept.version == version:
        return kept
    measured = (version[0], ledger.journal.generation, ledger.journal.measured)
    if kept is not None and kept.measured == measured:
        kept.version = version
        kept.whole.clear()  # proof may have come for what was filed before
        return kept
    reported = Reported(read_numbers(ledger), {}, read_contested(ledger))
    made = _kept[ledger] = _Kept(version, measured, reported)
    return made
