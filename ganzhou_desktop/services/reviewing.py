"""Reviewing: the office accepts or returns what a unit filed, whole or matter by matter, and writes the 收到日."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.canonical import clean_text, local_moment
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Filing, Review, filing_state
from ganzhou_desktop.domain.forms import field_name, place_of_field
from ganzhou_desktop.domain.periods import Lateness, Period, lateness
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.ledgers import Ledger, changed
from ganzhou_desktop.services.periods import asked_units, period_named
from ganzhou_desktop.store import filed_reads
from ganzhou_desktop.store.filed_reads import FiledRecord
from ganzhou_desktop.store.journal import Change

_MATTER = "matter/"


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """Where one unit stands in one period; `state` is one of filings' states, `received` the 收到日 if written."""

    unit: str
    state: str
    filing: Filing | None
    reviews: tuple[Review, ...]
    received: date | None
    lateness: Lateness
    taken: bool
    """False while 期后: submitted but not among the filings taken at closing."""


def read_reviews(
    ledger: Ledger, period: str | Collection[str] | None = None
) -> dict[tuple[str, str], tuple[Review, ...]]:
    """(unit, period) → the office's answers to its filings, in one statement; of one period, of some, or of all."""
    found: dict[tuple[str, str], list[Review]] = {}
    names = [period] if isinstance(period, str) else period
    prefixes = None if names is None else [f"{name}/" for name in names]
    for row in filed_reads.filed_records(ledger.journal, "review", "verdict", prefixes=prefixes):
        review = _review(row)
        found.setdefault((review.unit, review.period), []).append(review)
    return {place: tuple(sorted(some, key=lambda r: r.at)) for place, some in found.items()}


def _review(row: FiledRecord) -> Review:
    values: dict[str, Any] = row.values
    period, _, filing = row.key.partition("/")
    verdict = values.get("verdict") or {}
    return Review(
        record=row.record,
        unit=row.scope,
        period=period,
        filing=filing,
        result=verdict.get("result"),
        reason=verdict.get("reason") or "",
        tasks={
            place_of_field(name.removeprefix(_MATTER)): value.get("reason") or ""
            for name, value in values.items()
            if name.startswith(_MATTER) and value.get("result") == filings.RETURN
        },
        received=date.fromisoformat(values["received"]) if "received" in values else None,
        at=row.at,
        author=row.author,
        contested=bool(row.contested),
    )


def statuses(ledger: Ledger, period: Period, on: date) -> tuple[UnitStatus, ...]:
    """Where every responsible unit held here stands, in 建制序; a unit that had ended before is left out."""
    return statuses_of(ledger, period, on, read_filings(ledger, period.name), read_reviews(ledger, period.name))


def read_closings(ledger: Ledger, period: str | None = None) -> dict[tuple[str, str], set[str]]:
    """(unit, period) → the filings taken when it was closed, in one statement; of one period or of all."""
    rows = ledger.journal.records(["closing"], key=period)
    return {(r.scope, r.key): set(r.values().get("filings", ())) for r in rows}


def statuses_of(
    ledger: Ledger,
    period: Period,
    on: date,
    filed: Mapping[tuple[str, str], Filing],
    reviews: Mapping[tuple[str, str], tuple[Review, ...]],
    closings: Mapping[tuple[str, str], set[str]] | None = None,
) -> tuple[UnitStatus, ...]:
    """The same from filings and reviews that were read already; one more statement unless `closings` were too."""
    if closings is None:
        closings = read_closings(ledger, period.name)
    found = []
    asked = {u.id for u in asked_units(ledger.plan(), period)}
    for unit in ledger.plan().responsible_units:
        # One that ended before and filed all the same is shown: nothing that came in is hidden.
        if not ledger.journal.holds_scope(unit.id) or (unit.id not in asked and (unit.id, period.name) not in filed):
            continue
        filing = filed.get((unit.id, period.name))
        mine = reviews.get((unit.id, period.name), ())
        submitted = filing is not None and filing.submitted
        received = max((r.received for r in mine if r.received and filing and r.filing in filing.ids), default=None)
        # 退回重报 does not make a unit late: the day its first filing came counts.
        first = min((r.received for r in mine if r.received), default=received)
        taken = not period.closed or (
            filing is not None and set(filing.ids) <= closings.get((unit.id, period.name), set())
        )
        found.append(
            UnitStatus(
                unit.id,
                filing_state(filing, mine),
                filing,
                mine,
                received,
                lateness(period, submitted, first, on),
                taken=taken,
            )
        )
    return tuple(found)


def arrived_on(ledger: Ledger, filing: Filing) -> date:
    """The 收到日 offered: the day the filing came into this file, by this PC's calendar."""
    at = ledger.journal.arrived_at(filing.ids)
    if at is None:
        return ledger.today()
    return local_moment(at).date()


def review(
    ledger: Ledger,
    unit: str,
    period_name: str,
    *,
    accept: bool,
    reason: str = "",
    tasks: Sequence[str] = (),
    received: date | None = None,
) -> None:
    """Accept the unit's current filing, or return it (wholly, or just the named matters) with a reason."""
    ledger.needs_office()
    period = period_named(ledger, period_name)
    filing = read_filings(ledger, period.name, unit).get((unit, period.name))
    name = ledger.plan().unit_by_id[unit].name
    if filing is None or not filing.submitted:
        raise RuleBroken("not_filed", f"{name}还没有提交 {period.name} 的报表，没有可以审核的。")
    reason = clean_text(reason)
    if not accept and not reason:
        raise RuleBroken("no_reason", "退回要写明原因，单位才知道改哪里。")
    matters = ledger.plan().matters_of(unit)
    if accept and tasks:
        raise RuleBroken("accept_whole", "接收是接收整份报表；只有退回可以指明是哪几件。")
    unknown = [t for t in tasks if t not in matters]
    if unknown:
        raise RuleBroken("unknown_task", f"{name}没有“{'、'.join(unknown)}”这些事项，没有退回。")
    verdict = {"result": filings.ACCEPT if accept else filings.RETURN, "reason": reason}
    wanted: dict[str, object] = {"verdict": verdict}
    rows = {r.key: r for r in ledger.journal.records(["review"], scope=unit)}
    changes = []
    for filing_id in filing.ids:
        key = f"{period.name}/{filing_id}"
        row = rows.get(key)
        held = {} if row is None else row.values()
        mine = dict(wanted)
        if received is not None or "received" not in held:
            mine["received"] = (received or arrived_on(ledger, filing)).isoformat()
        for task in matters:
            field = _MATTER + field_name(task)
            back = {"result": filings.RETURN, "reason": reason} if task in tasks and not accept else None
            mine[field] = back
        changes.append(Change("review", key, changed(row, mine)))
    word = "接收" if accept else "退回"
    ledger.act(f"{word}：{name} {period.name}", {unit: changes})
