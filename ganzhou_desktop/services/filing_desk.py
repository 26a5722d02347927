"""The form page's desk: everything it shows of one unit and period, read at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.canonical import local_moment
from ganzhou_desktop.domain.draft_moving import Difference
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.filings import Filing, Review, filing_state
from ganzhou_desktop.domain.forms import Form, ProofEntry
from ganzhou_desktop.domain.gauges import build_gauges
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.registers import Entry, day_of
from ganzhou_desktop.services import contacts, drafts, filing, periods, registers, reviewing
from ganzhou_desktop.services.filing import FormState
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.reviewing import UnitStatus
from ganzhou_desktop.services.standing import why_cannot_write


@dataclass(frozen=True, slots=True)
class Answered:
    """What the office answered to one matter: `reason` of its return, when (that PC's clock) and who."""

    reason: str
    on: date
    author: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One unit's form of one period with everything around it.

    `why_not`: why nothing can be written here, empty when it can.  `sums`: what a summed target had reached before
    this period (in its year for every-year ones).  `withdrawable`: the last submission may be taken back here.
    """

    periods: tuple[Period, ...]
    period: Period
    unit: str
    state: FormState
    typed: Mapping[str, str]
    status: UnitStatus | None
    returned: Mapping[str, Answered]
    previous_state: str
    sums: Mapping[str, Decimal | None]
    contacts: Mapping[str, str]
    held: frozenset[str]
    withdrawable: bool
    why_not: str
    newer: tuple[Difference, ...] = ()
    """What came in since the draft was begun."""
    counted: Mapping[str, Decimal] = field(default_factory=dict)
    """What the registers make of each target asked, for this period; absent where it is not counted from entries."""
    doubtful: frozenset[str] = frozenset()
    """Targets whose number before this period is 两处不一致."""
    doubtful_counts: frozenset[str] = frozenset()
    """Targets of which what the registers make is."""
    entries: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Register → (entries of this unit that began in the period, of all), for the registers it keeps."""


def read_desk(ledger: Ledger, unit: str, period_name: str | None, on: date) -> Desk | None:
    """The desk of a unit for a period (the latest opened when none is given); None before any period is opened."""
    opened = periods.list_periods(ledger)
    period = periods.shown_period(opened, period_name)
    if period is None:
        return None
    state = drafts.open_form(ledger, unit, period.name)
    reviews = reviewing.read_reviews(ledger)
    status = next((s for s in reviewing.statuses(ledger, period, on) if s.unit == unit), None)
    before = state.previous
    why_not = why_cannot_write(ledger)
    mine = registers.read_entries(ledger, unit=unit)
    sums = _sums(ledger, unit, opened, period)
    counted = filing.counted_numbers(ledger, unit, period.name)
    tally = registers.read_tally(ledger)
    return Desk(
        periods=opened,
        period=period,
        unit=unit,
        state=state,
        typed=drafts.read_typed(ledger, unit, period.name),
        status=status,
        returned=_returned(ledger, unit, state.filing, reviews.get((unit, period.name), ())),
        previous_state="" if before is None else filing_state(before, reviews.get((unit, before.period), ())),
        sums={target: value for target, (value, _) in sums.items()},
        contacts=contacts.contacts_of(ledger, unit),
        held=frozenset(digest for _, digest in ledger.journal.proof_hashes([unit])),
        withdrawable=not why_not and _withdrawable(ledger, unit, state.filing),
        why_not=why_not,
        newer=drafts.compare_draft(ledger, unit, period.name) if state.newer else (),
        counted=counted,
        doubtful=frozenset(target for target, (_, doubtful) in sums.items() if doubtful),
        doubtful_counts=frozenset(target for target in counted if tally.doubtful(target)),
        entries=_entry_numbers(ledger, unit, period, mine),
    )


def with_held(desk: Desk, more: frozenset[str]) -> Desk:
    """The same desk after more proof files were read in."""
    return replace(desk, held=desk.held | more)


def _returned(ledger: Ledger, unit: str, held: Filing | None, reviews: tuple[Review, ...]) -> dict[str, Answered]:
    """The matters that the present return names; every matter when it returns the whole form."""
    ids = held.ids if held is not None else ()
    back = [r for r in reviews if r.result == filings.RETURN]
    mine = [r for r in back if r.filing in ids] if ids else back[-1:]
    named = filings.returned_matters(ledger.plan().matters_of(unit), mine)
    return {task: Answered(reason, local_moment(r.at).date(), r.author) for task, (r, reason) in named.items()}


def _sums(
    ledger: Ledger, unit: str, opened: tuple[Period, ...], period: Period
) -> dict[str, tuple[Decimal | None, bool]]:
    """What each target asked of the unit stood at before this period, by the one rule that gauges count by.

    With it whether that is 两处不一致.
    """
    plan = ledger.plan()
    asked = tuple(t for t in plan.targets if t.numeric and t.reporting_unit == unit)
    earlier = tuple(p for p in opened if p.last < period.first)
    if not asked or not earlier:
        return dict.fromkeys((t.id for t in asked), (None, False))
    gauges = build_gauges(replace(plan, targets=asked), earlier, filing.read_filings(ledger), period.last)
    return {g.id: (g.actual, g.actual_provisional) for g in gauges}


def _entry_numbers(ledger: Ledger, unit: str, period: Period, entries: tuple[Entry, ...]) -> dict[str, tuple[int, int]]:
    """How much of what the unit keeps is there, and is of this period."""
    plan = ledger.plan()
    found = {}
    for register in plan.registers_of(unit):
        held = [e for e in entries if e.register == register.id]
        days = [day_of(e.values, register.starts) for e in held]
        found[register.id] = (sum(d is not None and period.first <= d <= period.last for d in days), len(held))
    return found


def _withdrawable(ledger: Ledger, unit: str, held: Filing | None) -> bool:
    """Whether `filing.withdraw` would go through; what the other side entered is not offered to be withdrawn."""
    if held is None or (held.mode == "office") != ledger.office:
        return False
    try:
        filing.step_to_withdraw(ledger, unit, held)
    except RuleBroken:
        return False
    return True


def submit_desk(ledger: Ledger, form: Form, source: str) -> str:
    """Submit what is on the page; the draft goes with all that was typed into it."""
    done = filing.submit(ledger, form, source=source)
    drafts.drop_typed(ledger, form.unit, form.period)
    return done


def attach_files(ledger: Ledger, unit: str, paths: tuple[Path, ...]) -> tuple[tuple[ProofEntry, ...], tuple[str, ...]]:
    """Read proof files in: those that went in, and a sentence for each that did not."""
    entries, refused = [], []
    for path in paths:
        try:
            entries.append(filing.attach_proof(ledger, unit, path))
        except LedgerError as error:
            refused.append(error.text)
    return tuple(entries), tuple(refused)
