"""The projection: current state of every record as indexed rows, computed from the operations and nothing else."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from ganzhou_desktop.domain.canonical import Json, encode, record_id
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.domain.records import DELETED, History, RecordState, Write
from ganzhou_desktop.store import bodies
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.chunks import chunks


def create(connection: Connection) -> None:
    t.projection.create_all(connection)


def drop(connection: Connection) -> None:
    t.projection.drop_all(connection)


def apply(
    connection: Connection, operations: Sequence[Operation], *, journal: Mapping[str, Operation] | None = None
) -> set[str]:
    """Take new operations into the projection; returns the ids of the records touched.

    `journal`: all operations by id, where the database has no journal of its own to read earlier ones from.
    """
    by_record: dict[str, list[tuple[Operation, int]]] = {}
    revisions = []
    for operation in operations:
        for position in range(len(operation.revisions)):
            record = operation.record(position)
            by_record.setdefault(record, []).append((operation, position))
            revisions.append({"id": operation.revision_id(position), "operation": operation.id, "record": record})
    if not revisions:
        return set()
    connection.execute(insert(t.p_revision), revisions)
    fast = _Fast(_plain_heads(connection, by_record))
    slow = [record for record, arrived in by_record.items() if not fast.take(record, arrived)]
    fast.write(connection)
    if slow:
        _recompute(connection, slow, journal)
    bodies.refresh(connection, by_record)
    return set(by_record)


def _plain_heads(connection: Connection, records: Iterable[str]) -> dict[str, list[str] | None]:
    """Heads of the records that exist; None where the fast path is not for them."""
    found: dict[str, list[str] | None] = {}
    for batch in chunks(records):
        rows = connection.execute(
            select(t.p_record.c.id, t.p_record.c.heads, t.p_record.c.deleted, t.p_record.c.contested).where(
                t.p_record.c.id.in_(batch)
            )
        )
        for row in rows:
            found[row.id] = None if row.deleted or row.contested else json.loads(row.heads)
    return found


class _Fast:
    """Records whose new revisions each name exactly the heads before them: applied on top."""

    def __init__(self, heads: dict[str, list[str] | None]) -> None:
        self._heads = heads
        self._records: list[dict[str, Any]] = []
        self._moved: list[dict[str, Any]] = []
        self._fields: dict[tuple[str, str], dict[str, Any]] = {}

    def take(self, record: str, arrived: list[tuple[Operation, int]]) -> bool:
        """Apply them, or say False and leave the record to be recomputed."""
        new = record not in self._heads
        heads = [] if new else self._heads[record]
        if heads is None:
            return False
        fields: dict[tuple[str, str], dict[str, Any]] = {}
        for operation, position in arrived:
            revision = operation.revisions[position]
            if list(revision.parents) != heads or DELETED in revision.set:
                return False
            heads = [operation.revision_id(position)]
            for name, value in revision.set.items():
                fields[record, name] = _field_row(record, name, value, heads, operation)
        self._fields.update(fields)
        if new:
            operation, position = arrived[0]
            self._records.append(
                {
                    "id": record,
                    "scope": operation.scope,
                    "kind": operation.revisions[position].kind,
                    "key": operation.revisions[position].key,
                    "heads": json.dumps(heads),
                    "deleted": False,
                    "deletion_contested": False,
                    "contested": False,
                }
            )
        else:
            self._moved.append({"b_id": record, "heads": json.dumps(heads)})
        return True

    def write(self, connection: Connection) -> None:
        if self._records:
            connection.execute(insert(t.p_record), self._records)
        if self._moved:
            connection.execute(
                t.p_record.update().where(t.p_record.c.id == bindparam("b_id")).values(heads=bindparam("heads")),
                self._moved,
            )
        if self._fields:
            connection.execute(insert(t.p_field).prefix_with("OR REPLACE"), list(self._fields.values()))


def _field_row(record: str, name: str, value: Json, writes: list[str], operation: Operation) -> dict[str, Any]:
    return {
        "record": record,
        "name": name,
        "value": encode(value).decode("utf-8"),
        "contested": False,
        "writes": json.dumps(writes),
        "at": operation.at,
        "author": operation.author,
        "site": operation.site,
    }


def histories(
    connection: Connection, records: Iterable[str], *, journal: Mapping[str, Operation] | None = None
) -> dict[str, tuple["RecordName", History, "Origins"]]:
    """The whole history of each of these records: its name, its revisions, who wrote which."""
    found: dict[str, tuple[RecordName, list[Write], Origins]] = {}
    wanted = set(records)
    for batch in chunks(sorted(wanted)):
        touching = select(t.p_revision.c.operation).where(t.p_revision.c.record.in_(batch)).distinct()
        rows: Iterable[tuple[str, bytes]]
        if journal is None:
            found_rows = connection.execute(
                select(t.operation.c.id, t.operation.c.bytes).where(t.operation.c.id.in_(touching))
            )
            rows = ((row.id, row.bytes) for row in found_rows)
        else:
            rows = [(i, journal[i].data) for i in connection.execute(touching).scalars()]
        mine = set(batch)
        for i, data in rows:
            operation = json.loads(data)
            for position, revision in enumerate(operation["revisions"]):
                record = record_id(operation["ledger"], operation["scope"], revision["kind"], revision["key"])
                if record in mine:
                    name = (operation["scope"], revision["kind"], revision["key"])
                    _, writes, origins = found.setdefault(record, (name, [], {}))
                    write = f"{i}.{position}"
                    writes.append(Write(write, operation["at"], tuple(revision["parents"]), revision["set"]))
                    origins[write] = operation
    return {record: (name, History(writes), origins) for record, (name, writes, origins) in found.items()}


RecordName = tuple[str, str, str]
"""Scope, kind, key."""
Origins = dict[str, Any]
"""Revision id → the operation (as parsed JSON) it belongs to."""


def _recompute(connection: Connection, records: Sequence[str], journal: Mapping[str, Operation] | None = None) -> None:
    record_rows: list[dict[str, Any]] = []
    field_rows: list[dict[str, Any]] = []
    for record, (name, history, origins) in histories(connection, records, journal=journal).items():
        state = history.state()
        record_rows.append(_record_row(record, name, state))
        for field, held in state.fields.items():
            shown = origins[held.candidates[0].write]
            field_rows.append(
                {
                    "record": record,
                    "name": field,
                    "value": encode(held.value).decode("utf-8"),
                    "contested": held.contested,
                    "writes": json.dumps([c.write for c in held.candidates]),
                    "at": shown["at"],
                    "author": shown["author"],
                    "site": shown["site"],
                }
            )
    for batch in chunks(row["id"] for row in record_rows):
        connection.execute(delete(t.p_field).where(t.p_field.c.record.in_(batch)))
    connection.execute(insert(t.p_record).prefix_with("OR REPLACE"), record_rows)
    if field_rows:
        connection.execute(insert(t.p_field), field_rows)


def _record_row(record: str, name: RecordName, state: RecordState) -> dict[str, Any]:
    scope, kind, key = name
    return {
        "id": record,
        "scope": scope,
        "kind": kind,
        "key": key,
        "heads": json.dumps(list(state.heads)),
        "deleted": state.deleted,
        "deletion_contested": state.deletion_contested,
        "contested": state.contested,
    }


def forget(connection: Connection, operations: Sequence[Operation]) -> set[str]:
    """Take operations out again (undo of a merge): drop their revisions, recompute or remove their records."""
    records = {operation.record(i) for operation in operations for i in range(len(operation.revisions))}
    for batch in chunks(operation.id for operation in operations):
        connection.execute(delete(t.p_revision).where(t.p_revision.c.operation.in_(batch)))
    for batch in chunks(records):
        connection.execute(delete(t.p_record).where(t.p_record.c.id.in_(batch)))
        connection.execute(delete(t.p_field).where(t.p_field.c.record.in_(batch)))
    remaining: set[str] = set()
    for batch in chunks(records):
        rows = connection.execute(select(t.p_revision.c.record).where(t.p_revision.c.record.in_(batch)).distinct())
        remaining.update(row.record for row in rows)
    if remaining:
        _recompute(connection, sorted(remaining))
    bodies.refresh(connection, records)
    return records


def dump(connection: Connection) -> list[tuple[Any, ...]]:
    """Every row of the projection in one order: the canonical dump that rebuilding must reproduce."""
    rows: list[tuple[Any, ...]] = []
    for table in (t.p_revision, t.p_record, t.p_field, t.p_body):
        if table is t.p_body and not bodies.exist(connection):
            # A ledger of format 1 that was opened read-only: its rows are what they would be.
            scratch = bodies.computed(connection)
            rows.extend((table.name, *row) for row in scratch)
            continue
        found = connection.execute(select(table).order_by(*table.primary_key.columns))
        rows.extend((table.name, *row) for row in found)
    return rows
