"""期次: opening and closing them, and reading them."""

from datetime import date

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.periods import Period, bounds, latest, offered_due
from ganzhou_desktop.domain.plan import Plan, Unit
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.ledgers import Ledger, changed
from ganzhou_desktop.store.journal import Change


def list_periods(ledger: Ledger) -> tuple[Period, ...]:
    """The opened periods, earliest first, in one statement."""
    found = []
    for row in ledger.journal.records(["period"]):
        values = row.values()
        try:
            first, last = bounds(row.key)
        except RuleBroken:  # a name no calendar knows is opened by nobody here; it must not close every page
            continue
        found.append(
            Period(
                row.key,
                date.fromisoformat(values["first"]) if "first" in values else first,
                date.fromisoformat(values["last"]) if "last" in values else last,
                date.fromisoformat(values["due"]) if "due" in values else offered_due(last, 5),
                values.get("closed") is True,
                row.id,
            )
        )
    return tuple(sorted(found, key=lambda p: (p.first, p.last, p.name)))


def period_named(ledger: Ledger, name: str | None) -> Period:
    """The opened period of that name, or the latest opened one; RuleBroken when there is none."""
    return choose(list_periods(ledger), name)


def choose(periods: tuple[Period, ...], name: str | None) -> Period:
    """Of these opened periods the one of that name, or the latest; RuleBroken when there is none."""
    if name is None:
        found = latest(periods)
        if found is None:
            raise RuleBroken("no_period", "还没有开过期次；请区里先开一期（如 2018Q1）。")
        return found
    bounds(name)
    for period in periods:
        if period.name == name:
            return period
    raise RuleBroken("unknown_period", f"还没有开 {name} 这一期；请区里先开这一期。")


def shown_period(periods: tuple[Period, ...], name: str | None) -> Period | None:
    """What a page shows: the opened period of that name, else the latest (it may have been undone); None before any."""
    return next((p for p in periods if p.name == name), None) or latest(periods)


def latest_name(ledger: Ledger) -> str:
    """The name of the latest opened period; empty before any."""
    found = latest(list_periods(ledger))
    return "" if found is None else found.name


def asked_units(plan: Plan, period: Period) -> tuple[Unit, ...]:
    """The units that file for a period, in 建制序: a unit that had ended by its first day is not asked any more."""
    return tuple(
        u
        for u in plan.responsible_units
        if (u.valid_to is None or u.valid_to > period.first) and (u.valid_from is None or u.valid_from <= period.last)
    )


def due_offered(ledger: Ledger, name: str) -> date:
    """The 应报日 offered for a period that is not open yet."""
    return offered_due(bounds(name)[1], ledger.plan().number_setting("due_day"))


def open_period(ledger: Ledger, name: str, due: date | None = None) -> Period:
    """Open a period, or open a closed one again, or move its 应报日."""
    ledger.needs_office()
    first, last = bounds(name)
    rows = ledger.journal.records(["period"], key=name)
    row = rows[0] if rows else None
    held = {} if row is None else row.values()
    wanted: dict[str, object] = {"first": first.isoformat(), "last": last.isoformat()}
    if due is None or held.get("closed") is not False:
        wanted["closed"] = False  # who only moves the day of one that is open decides nothing about its closing
    if due is not None or row is None:
        chosen = due or due_offered(ledger, name)
        if chosen < first:
            raise RuleBroken("bad_due", f"应报日 {chosen} 在这一期开始之前，请重新填写。")
        wanted["due"] = chosen.isoformat()
    fields = changed(row, wanted)
    if not fields:
        raise RuleBroken("already_open", f"{name} 这一期已经开着，应报日没有变化。")
    ledger.act(f"开期次 {name}", {"all": [Change("period", name, fields)]})
    return period_named(ledger, name)


def close_period(ledger: Ledger, name: str) -> Period:
    """Close a period: names the filing taken of every unit; refuses no data, what comes later is 期后."""
    ledger.needs_office()
    period = period_named(ledger, name)
    if period.closed:
        raise RuleBroken("already_closed", f"{name} 这一期已经关了。")
    filings = read_filings(ledger, period.name)
    closings = {r.scope: r for r in ledger.journal.records(["closing"], key=name)}
    changes = {"all": [Change("period", name, {"closed": True})]}
    for unit in asked_units(ledger.plan(), period):
        filing = filings.get((unit.id, name))
        taken = sorted(filing.ids) if filing is not None else []
        changes[unit.id] = [Change("closing", name, changed(closings.get(unit.id), {"filings": taken}))]
    ledger.act(f"关期次 {name}", changes)
    return period_named(ledger, name)
