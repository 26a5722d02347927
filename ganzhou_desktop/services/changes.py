"""What one operation changed, field by field; for 历史."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services.ledgers import Ledger

MOST = 400
"""Fields told of one operation; the adoption of a plan sets thousands."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that an operation set: where, from what, to what.  `before` is None where nothing was written."""

    record: str
    kind: str
    key: str
    field: str
    before: Json
    after: Json
    about: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    """The record's fields as shown now, for entries and applications."""


@dataclass(frozen=True, slots=True)
class OperationChanges:
    """The changes of one operation; `left_out` counts those beyond MOST."""

    changes: tuple[FieldChange, ...]
    left_out: int


def changes_of(ledger: Ledger, operation: str) -> OperationChanges:
    """What an operation changed; RuleBroken when it is not held."""
    found = ledger.journal.operation(operation)
    if found is None:
        raise RuleBroken("unknown_operation", "本台账里没有这一步改动，可能刚刚撤销了合并；请刷新后再看。")
    places = [(n, name) for n, revision in enumerate(found.revisions) for name in revision.set]
    told = places[:MOST]
    histories = ledger.journal.histories({found.record(n) for n, _ in told})
    changes = []
    for n, name in told:
        revision, record = found.revisions[n], found.record(n)
        before = histories[record][1].before(found.revision_id(n), name) if record in histories else ()
        value = before[0].value if before else None
        about: dict[str, Json] = {}
        if revision.kind in ("entry", "application") and record in histories:
            about = {n: f.value for n, f in histories[record][1].state().fields.items() if f.value is not None}
        changes.append(FieldChange(record, revision.kind, revision.key, name, value, revision.set[name], about))
    return OperationChanges(tuple(changes), len(places) - len(told))
