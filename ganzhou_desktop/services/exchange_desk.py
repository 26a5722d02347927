"""What the page 数据交换 shows before any copy is opened: where each unit's copy stands, what the office answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.services.conflicts import Conflict, list_conflicts
from ganzhou_desktop.services.contacts import all_contacts
from ganzhou_desktop.services.exchange import Compared, Travelled, compare_with_answer, list_travelled
from ganzhou_desktop.services.ledgers import Ledger, code_of_ledger
from ganzhou_desktop.services.periods import list_periods, shown_period
from ganzhou_desktop.services.reviewing import UnitStatus, statuses
from ganzhou_desktop.services.sites import Site, list_sites
from ganzhou_desktop.services.undoing import undoable

NOT_SAID = "not_said"
"""A matter of a returned filing that was not itself returned."""


@dataclass(frozen=True, slots=True)
class LastMerge:
    """The merge that may still be taken back."""

    title: str
    at: str


@dataclass(frozen=True, slots=True)
class MatterAnswer:
    """What the office said to one matter: filings' accepted, returned, submitted or missing, or `not_said`."""

    task: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the page shows, read at once.

    `units`: where every unit held here stands in the period (empty before one is opened); `matters`, `compared` and
    `drafts` (periods with an unsubmitted draft) are a unit's; `merge`: the merge that may still be undone.
    """

    period: Period | None
    periods: tuple[Period, ...]
    units: tuple[UnitStatus, ...]
    contacts: Mapping[str, Mapping[str, str]]
    conflicts: tuple[Conflict, ...]
    travelled: tuple[Travelled, ...]
    merge: LastMerge | None
    matters: tuple[MatterAnswer, ...]
    compared: Compared
    drafts: tuple[str, ...]
    code: str
    ledger_code: str


def read_desk(ledger: Ledger, period_name: str | None) -> Desk:
    """The desk of a period; the latest when that name is not opened."""
    periods = list_periods(ledger)
    period = shown_period(periods, period_name)
    units = () if period is None else statuses(ledger, period, ledger.today())
    step = undoable(ledger)
    mine = next((u for u in units if u.unit == ledger.unit), None)
    return Desk(
        period=period,
        periods=periods,
        units=units,
        contacts=all_contacts(ledger),
        conflicts=list_conflicts(ledger),
        travelled=list_travelled(ledger),
        merge=LastMerge(step.title, step.at) if step is not None and step.what == "merge" else None,
        matters=() if mine is None else matter_answers(ledger.plan().matters_of(ledger.unit), mine),
        compared=Compared(False, (), 0) if ledger.office else compare_with_answer(ledger),
        drafts=() if ledger.office else _drafts(ledger, periods),
        code=ledger.code(),
        ledger_code=code_of_ledger(ledger),
    )


def _drafts(ledger: Ledger, periods: tuple[Period, ...]) -> tuple[str, ...]:
    """Only the two latest periods: an older draft is no work in hand."""
    return tuple(p.name for p in periods[-2:] if ledger.journal.draft(ledger.unit, p.name) is not None)


def matter_answers(tasks: tuple[str, ...], status: UnitStatus) -> tuple[MatterAnswer, ...]:
    """The office's answer matter by matter."""
    filing = status.filing
    if filing is None or not filing.submitted:
        return tuple(MatterAnswer(task, filings.MISSING, "") for task in tasks)
    mine = [r for r in status.reviews if r.filing in filing.ids]
    back = [r for r in mine if r.result == filings.RETURN]
    if not back:
        verdict = filings.ACCEPTED if status.state == filings.ACCEPTED else filings.SUBMITTED
        return tuple(MatterAnswer(task, verdict, "") for task in tasks)
    named = filings.returned_matters(tasks, back)
    return tuple(
        MatterAnswer(task, filings.RETURNED, named[task][1]) if task in named else MatterAnswer(task, NOT_SAID, "")
        for task in tasks
    )


@dataclass(frozen=True, slots=True)
class Cases:
    """Every 两处不一致 with the PCs that wrote the values, and this PC's own key."""

    conflicts: tuple[Conflict, ...]
    sites: Mapping[str, Site]
    here: str


def read_cases(ledger: Ledger) -> Cases:
    """What the page of 两处不一致 shows."""
    here = ledger.journal.site
    # This PC has its 核对码 also before the office accepted it.
    sites = {here: Site(ledger.key_scope, here, ledger.code(), "", False, True)}
    sites |= {s.site: s for s in list_sites(ledger)}
    return Cases(list_conflicts(ledger), sites, here)
