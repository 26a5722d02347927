"""电脑: which PCs may write in a ledger, stopping one, and whose key wrote an operation."""

from dataclasses import dataclass

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Authority
from ganzhou_desktop.domain.canonical import same_code, site_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services.ledgers import CERTIFICATE, Ledger
from ganzhou_desktop.store.journal import Change, is_stopped


@dataclass(frozen=True, slots=True)
class Site:
    """A PC that may write: its key, in which scope, its name, whether it is stopped, whether it is this one."""

    scope: str
    site: str
    code: str
    pc: str
    stopped: bool
    here: bool
    founder: bool = False


def list_sites(ledger: Ledger) -> tuple[Site, ...]:
    """Every certified PC."""
    authority: Authority = ledger.journal.authority()
    rows = {(r.scope, r.key): r for r in ledger.journal.records(["site"])}
    names = {place: str(row.values().get("pc", "")) for place, row in rows.items()}
    known = [(kinds.ALL, s) for s in sorted(authority.seats)]
    known += [(u, s) for u, some in sorted(authority.units.items()) for s in sorted(some)]
    return tuple(
        Site(
            scope,
            site,
            site_code(ledger.id, scope, site),
            names.get((scope, site), ""),
            is_stopped(rows.get((scope, site))),
            site == ledger.journal.site,
        )
        for scope, site in known
    )


def stop_site(ledger: Ledger, text: str, *, lift: bool = False) -> Site:
    """停用 a unit's PC (its packages are refused until lifted), named by key or 核对码."""
    ledger.needs_office()
    for site in list_sites(ledger):
        if text == site.site or same_code(text, site.code):
            if site.scope == kinds.ALL:
                raise RuleBroken("seat_needs_recovery", "停用区级汇总的电脑要用恢复单；这里只能停用责任单位的电脑。")
            ledger.act(
                "恢复一台电脑" if lift else "停用一台电脑",
                {site.scope: [Change("site", site.site, {"stopped": not lift})]},
                nature=CERTIFICATE,
            )
            return site
    raise RuleBroken("unknown_site", f"没有核对码是“{text}”的电脑；请在电脑清单里核对。")


def code_of_writer(ledger: Ledger, operation: str) -> str:
    """核对码 of the PC that wrote an operation; empty when the operation is not held."""
    held = ledger.journal.operation(operation)
    if held is None:
        return ""
    seat = held.site in ledger.seats()
    return site_code(ledger.id, kinds.ALL if seat else held.scope, held.site)
