"""History: every operation held, or those of one record, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import Json, site_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services.ledgers import Ledger


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation, or what it did to one record: when by that PC's clock, who, on which PC, what was set."""

    operation: str
    at: str
    author: str
    site: str
    code: str
    scope: str
    title: str
    records: tuple[str, ...]
    set: Mapping[str, Json]


def read_history(ledger: Ledger, record: str | None = None) -> tuple[Entry, ...]:
    """All operations in the order of arrival, or the revisions of one record in causal order."""
    seats = ledger.seats()

    def code(scope: str, site: str) -> str:
        return site_code(ledger.id, kinds.ALL if site in seats else scope, site)

    if record is None:
        return tuple(
            Entry(
                o.id,
                o.at,
                o.author,
                o.site,
                code(o.scope, o.site),
                o.scope,
                o.title,
                tuple(o.record(i) for i in range(len(o.revisions))),
                {},
            )
            for o in ledger.journal.operations()
        )
    found = ledger.journal.histories([record]).get(record)
    if found is None:
        raise RuleBroken("unknown_record", f"没有编号为“{record}”的记录。")
    _, history, origins = found
    return tuple(
        Entry(
            write.id.partition(".")[0],
            write.at,
            origins[write.id]["author"],
            origins[write.id]["site"],
            code(origins[write.id]["scope"], origins[write.id]["site"]),
            origins[write.id]["scope"],
            origins[write.id]["title"],
            (record,),
            write.set,
        )
        for write in history.writes
    )
