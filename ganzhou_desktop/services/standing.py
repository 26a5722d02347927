"""Where a ledger stands, for the frame around the pages: who, which 期次, how many things wait behind each page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.domain.filings import MISSING, REFILED, RETURNED, SUBMITTED
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.conflicts import list_conflicts
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.periods import list_periods, shown_period
from ganzhou_desktop.services.place import doubtful_place
from ganzhou_desktop.services.reviewing import statuses
from ganzhou_desktop.store.engine import SQLITE_VERSION


@dataclass(frozen=True, slots=True)
class Standing:
    """`who`: 甘州区, or the unit's name; `badges`: page key → what waits there; `can_write`: this PC may write."""

    plan: Plan
    name: str
    who: str
    period: str | None
    due: date | None
    closed: bool
    badges: Mapping[str, int]
    can_write: bool
    doubtful_place: str
    """A sentence when the file lies where it may get damaged."""


def read_standing(ledger: Ledger, period_name: str | None = None) -> Standing:
    """Everything the frame shows, in a fixed number of statements."""
    plan = ledger.plan()
    who = plan.document.region if ledger.office else plan.unit_by_id[ledger.unit].name
    name = f"{who}{'汇总' if ledger.office else ''}台账"
    badges = {"exchange": len(list_conflicts(ledger)), "review": 0, "filing": 0}
    period = shown_period(list_periods(ledger), period_name)
    if period is not None:
        states = [s.state for s in statuses(ledger, period, period.last)]
        if ledger.office:
            badges["review"] = sum(s in (SUBMITTED, REFILED) for s in states)
        else:
            badges["filing"] = sum(s in (MISSING, RETURNED) for s in states)
    return Standing(
        plan,
        name,
        who,
        None if period is None else period.name,
        None if period is None else period.due,
        period is not None and period.closed,
        badges,
        not why_cannot_write(ledger),
        doubtful_place(ledger.path),
    )


def storage_version() -> str:
    """The version of SQLite this program runs on."""
    return SQLITE_VERSION


def why_cannot_write(ledger: Ledger) -> str:
    """Why this PC may only look at the ledger, as a sentence; empty when it may write."""
    if not ledger.writable:
        return "这本台账是只读打开的，只能看，不能改；请复制到本机硬盘再打开。"
    try:
        ledger.needs_key()
    except EnvironmentFailed as exc:
        return exc.text
    return ""
