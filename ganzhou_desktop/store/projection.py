"""The projection: current state of every record as indexed rows, computed from the operations and nothing else."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, TypeAlias

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateIndex, CreateTable

from ganzhou_desktop.domain.canonical import Json, record_id
from ganzhou_desktop.domain.operations import Operation, parse
from ganzhou_desktop.domain.records import DELETED, History, Write
from ganzhou_desktop.store import filed_numbers
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.engine import raw
from ganzhou_desktop.store.rows import COLUMNS, FieldRow, RecordRow, StoredRow, read_row, stored, stored_new

LAYOUT = "4"
"""Moves when the tables below, or what is computed into them, are no longer the same: then they are made anew."""

Numbered: TypeAlias = tuple[int, Operation]
"""An operation with its `seq` in the journal."""
RecordName: TypeAlias = tuple[str, str, str]
"""Scope, kind, key."""
Origins: TypeAlias = dict[str, Any]
"""Revision id → the operation (parsed, without its revisions) it belongs to."""

_RECORD = f"SELECT {', '.join(COLUMNS)} FROM p_record"
_AMONG = "IN (SELECT value FROM json_each(?))"
_PUT = (
    f"INSERT INTO p_record ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in COLUMNS[4:])}"
)
_BATCH = 1000
"""Operations taken in at once by `build`: bounds what it holds in memory."""
_TOGETHER = 200
"""Records whose histories are held at once."""


def create(connection: Connection, schema: str | None = None) -> None:
    """The tables and their indexes, empty."""
    _create_tables(connection, schema)
    _create_indexes(connection, schema)


def _in_schema(schema: str | None) -> MetaData:
    """The same tables in another schema of the connection (`temp`)."""
    if schema is None:
        return t.projection
    there = MetaData()
    for table in t.projection.sorted_tables:
        table.to_metadata(there, schema=schema)
    return there


def _create_tables(connection: Connection, schema: str | None) -> None:
    for table in _in_schema(schema).sorted_tables:
        connection.execute(CreateTable(table))


def _create_indexes(connection: Connection, schema: str | None) -> None:
    for table in _in_schema(schema).sorted_tables:
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            connection.execute(CreateIndex(index))


def drop(connection: Connection) -> None:
    """Drop every table of a projection, of whatever layout."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'p_*'"))
    for name in names.scalars().all():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


@dataclass(slots=True)
class Touched:
    """The records that new operations were about: as they were and as they are."""

    before: dict[str, RecordRow] = field(default_factory=dict)
    after: dict[str, RecordRow] = field(default_factory=dict)
    new: dict[str, tuple[Operation, int]] = field(default_factory=dict)
    """Records not in `after` because one revision is all there is of them: the operation, and its place in it."""


def apply(connection: Connection, numbered: Sequence[Numbered]) -> Touched:
    """Take new operations, which the journal holds already, into the projection."""
    database = raw(connection)
    arrived = _by_record(numbered)
    touched, slow = _take(database, numbered, arrived)
    _recompute(database, database, slow, touched)
    _move_numbers(database, touched)
    return touched


def _move_numbers(database: sqlite3.Connection, touched: Touched) -> None:
    before: filed_numbers.Filed = {}
    after: filed_numbers.Filed = {}
    for rows, numbers in ((touched.before, before), (touched.after, after)):
        for row in rows.values():
            if row.kind == filed_numbers.SUBMISSION:
                numbers |= filed_numbers.numbers_of(row.scope, row.key, row.values())
    for operation, position in touched.new.values():
        revision = operation.revisions[position]
        if revision.kind == filed_numbers.SUBMISSION:
            after |= filed_numbers.numbers_of(operation.scope, revision.key, revision.set)
    filed_numbers.move(database, before, after)


def build(
    connection: Connection,
    operations: Iterable[Numbered],
    *,
    schema: str | None = None,
    journal: Connection | None = None,
) -> None:
    """Make the tables and fill them from all operations, a batch at a time.

    `journal` holds the operations if `connection` does not: then the rows are only to be compared, and have no
    indexes but what that takes.  What the fast path cannot take is left to the end and computed once.
    """
    _create_tables(connection, schema)
    database = raw(connection)
    late: set[str] = set()
    for batch in batches(operations, _BATCH):
        arrived = _by_record(batch)
        _, slow = _take(database, batch, arrived, late)
        late.update(slow)
    if journal is None or late:
        _create_indexes(connection, schema)
    _recompute(database, raw(journal or connection), sorted(late), Touched())
    filed_numbers.put_all(database)


def rebuild(connection: Connection, schema: str | None = None) -> None:
    """Drop the projection and compute it again from the operations."""
    if schema is None:
        drop(connection)
    rows = raw(connection).execute("SELECT seq, bytes FROM operation ORDER BY seq")
    build(connection, ((seq, parse(data)) for seq, data in rows), schema=schema)


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Items in lists of at most this many."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


_Arrived: TypeAlias = dict[str, list[tuple[Operation, int]]]


def _by_record(numbered: Sequence[Numbered]) -> _Arrived:
    found: _Arrived = {}
    for _, operation in numbered:
        for position, record in enumerate(operation.records()):
            found.setdefault(record, []).append((operation, position))
    return found


def stored_rows(database: sqlite3.Connection, records: Iterable[str]) -> dict[str, StoredRow]:
    """The rows of these records that exist."""
    return {row[0]: row for row in database.execute(f"{_RECORD} WHERE id {_AMONG}", (json.dumps(list(records)),))}


def _take(
    database: sqlite3.Connection, numbered: Sequence[Numbered], arrived: _Arrived, late: set[str] | None = None
) -> tuple[Touched, list[str]]:
    """Apply on top what names exactly the heads before it; returns the records that must be computed anew."""
    revisions = [(seq, n, record) for seq, operation in numbered for n, record in enumerate(operation.records())]
    database.executemany("INSERT INTO p_revision (operation, position, record) VALUES (?, ?, ?)", revisions)
    touched = Touched({i: read_row(row) for i, row in stored_rows(database, arrived).items()})
    slow = []
    rows = []
    for record, those in arrived.items():
        if late is not None and record in late:
            continue
        operation, position = those[0]
        revision = operation.revisions[position]
        if len(those) == 1 and record not in touched.before and not revision.parents and DELETED not in revision.set:
            touched.new[record] = operation, position
            rows.append(stored_new(record, operation, position))
            continue
        after = _on_top(record, touched.before.get(record), those)
        if after is None:
            slow.append(record)
        else:
            touched.after[record] = after
            rows.append(stored(after))
    database.executemany(_PUT, rows)
    return touched, slow


def _on_top(record: str, before: RecordRow | None, arrived: list[tuple[Operation, int]]) -> RecordRow | None:
    """The state after revisions that each name exactly the heads before them; None when the whole history decides."""
    if before is not None and (before.deleted or before.contested):
        return None
    heads = () if before is None else before.heads
    fields = {} if before is None else dict(before.fields)
    for operation, position in arrived:
        revision = operation.revisions[position]
        if revision.parents != heads or DELETED in revision.set:
            return None
        heads = (operation.revision_id(position),)
        origin = (False, heads, operation.at, operation.author, operation.site)
        for name, value in revision.set.items():
            fields[name] = FieldRow(value, *origin)
    operation, position = arrived[0]
    revision = operation.revisions[position]
    return RecordRow(record, operation.scope, revision.kind, revision.key, heads, False, False, False, fields)


def _recompute(
    database: sqlite3.Connection, journal: sqlite3.Connection, records: Sequence[str], touched: Touched
) -> None:
    for some in batches(records, _TOGETHER):
        rows = []
        touching = database.execute(
            f"SELECT DISTINCT operation FROM p_revision WHERE record {_AMONG}", (json.dumps(some),)
        )
        seqs = json.dumps([seq for (seq,) in touching])
        operations = journal.execute(f"SELECT id, bytes FROM operation WHERE seq {_AMONG}", (seqs,))
        for record, (name, history, origins) in _histories(operations, set(some)).items():
            state = history.state()
            fields = {}
            for field_name, held in state.fields.items():
                shown = origins[held.candidates[0].write]
                writes = tuple(c.write for c in held.candidates)
                fields[field_name] = FieldRow(
                    held.value, held.contested, writes, shown["at"], shown["author"], shown["site"]
                )
            after = RecordRow(
                record, *name, state.heads, state.deleted, state.contested, state.deletion_contested, fields
            )
            touched.after[record] = after
            rows.append(stored(after))
        database.executemany(_PUT, rows)


def histories(connection: Connection, records: Iterable[str]) -> dict[str, tuple[RecordName, History, Origins]]:
    """The whole history of each of these records: its name, its revisions, who wrote which."""
    wanted = set(records)
    rows = connection.exec_driver_sql(
        f"SELECT id, bytes FROM operation WHERE seq IN (SELECT operation FROM p_revision WHERE record {_AMONG})",
        (json.dumps(sorted(wanted)),),
    )
    return _histories((tuple(row) for row in rows), wanted)


def _histories(
    operations: Iterable[tuple[str, bytes]], wanted: set[str]
) -> dict[str, tuple[RecordName, History, Origins]]:
    found: dict[str, tuple[RecordName, list[Write], Origins]] = {}
    for i, data in operations:
        operation: dict[str, Json] = json.loads(data)
        for position, revision in enumerate(operation.pop("revisions")):
            record = record_id(operation["ledger"], operation["scope"], revision["kind"], revision["key"])
            if record in wanted:
                name = (operation["scope"], revision["kind"], revision["key"])
                _, writes, origins = found.setdefault(record, (name, [], {}))
                write = f"{i}.{position}"
                writes.append(Write(write, operation["at"], tuple(revision["parents"]), revision["set"]))
                origins[write] = operation
    return {record: (name, History(writes), origins) for record, (name, writes, origins) in found.items()}


def record_of(database: sqlite3.Connection, revisions: Iterable[str]) -> dict[str, str]:
    """Record id of each of these revisions that is held."""
    rows = database.execute(
        "SELECT j.value, r.record FROM json_each(?) AS j"
        " JOIN operation AS o ON o.id = substr(j.value, 1, 64)"
        " JOIN p_revision AS r ON r.operation = o.seq AND r.position = CAST(substr(j.value, 66) AS INTEGER)",
        (json.dumps(list(revisions)),),
    )
    return dict(rows.fetchall())


def forget(connection: Connection, numbered: Sequence[Numbered]) -> None:
    """Take operations out again (undo of a merge): drop their revisions, recompute or remove their records."""
    database = raw(connection)
    arrived = _by_record(numbered)
    filed = [
        i for i, ((operation, n), *_) in arrived.items() if operation.revisions[n].kind == filed_numbers.SUBMISSION
    ]
    touched = Touched({i: read_row(row) for i, row in stored_rows(database, filed).items()})
    records = json.dumps(sorted(arrived))
    seqs = json.dumps([seq for seq, _ in numbered])
    database.execute(f"DELETE FROM p_revision WHERE operation {_AMONG}", (seqs,))
    database.execute(f"DELETE FROM p_record WHERE id {_AMONG}", (records,))
    remaining = database.execute(f"SELECT DISTINCT record FROM p_revision WHERE record {_AMONG}", (records,))
    _recompute(database, database, sorted(record for (record,) in remaining), touched)
    _move_numbers(database, touched)


def dump(connection: Connection) -> list[tuple[Any, ...]]:
    """Every row of the projection in one order: the canonical dump that rebuilding must reproduce."""
    database = raw(connection)
    revisions = database.execute(
        "SELECT 'p_revision', o.id, r.position, r.record FROM p_revision AS r"
        " LEFT JOIN operation AS o ON o.seq = r.operation ORDER BY o.id, r.position"
    )
    records = database.execute(f"SELECT 'p_record', {', '.join(COLUMNS)} FROM p_record ORDER BY id")
    numbers = database.execute("SELECT 'p_number', field, scope, periods, numbers FROM p_number ORDER BY field, scope")
    return [*revisions, *records, *numbers]


def same(one: Connection, other: Connection) -> bool:
    """Whether two projections of the same journal hold the same rows; few of them are in memory at a time."""
    for in_order in (
        "SELECT operation, position, record FROM p_revision ORDER BY operation, position",
        "SELECT field, scope, periods, numbers FROM p_number ORDER BY field, scope",
    ):
        if any(a != b for a, b in zip_longest(raw(one).execute(in_order), raw(other).execute(in_order))):
            return False
    found = _same_as_they_lie(raw(one), raw(other))
    if found is None:
        in_order = f"{_RECORD} ORDER BY id"
        found = all(a == b for a, b in zip_longest(raw(one).execute(in_order), raw(other).execute(in_order)))
    return found


def _same_as_they_lie(one: sqlite3.Connection, other: sqlite3.Connection) -> bool | None:
    """Compare records in the order they were written, mostly the same in both: several times quicker than by id.

    None when the orders differ too much for that.
    """
    mine: dict[str, StoredRow] = {}
    theirs: dict[str, StoredRow] = {}
    as_they_lie = f"{_RECORD} ORDER BY rowid"
    for a, b in zip_longest(one.execute(as_they_lie), other.execute(as_they_lie)):
        if a == b:
            continue
        if a is None or b is None:
            return False
        mine[a[0]], theirs[b[0]] = a, b
        for i in (a[0], b[0]):
            if i in mine and i in theirs and mine.pop(i) != theirs.pop(i):
                return False
        if len(mine) > _BATCH * 10:
            return None
    return not mine and not theirs
