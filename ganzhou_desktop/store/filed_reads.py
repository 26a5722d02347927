"""Reading what was filed in bulk: thousands of records as plain rows, where a RecordRow each would take too long."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.journal import Journal

_decode = json.JSONDecoder().raw_decode
"""json.loads without looking for space around: what the projection holds is canonical."""


@dataclass(frozen=True, slots=True)
class FiledRecord:
    """A record's fields that are set, its fields with 两处不一致, and who wrote one of them."""

    scope: str
    key: str
    record: str
    values: dict[str, Json]
    contested: tuple[str, ...]
    writes: tuple[str, ...]
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class TextRecord:
    """A record's fields whose values are texts (decimals among them), and the writes of the one field asked for."""

    scope: str
    key: str
    record: str
    values: Mapping[str, str]
    writes: tuple[str, ...]
    contested: tuple[str, ...]


def filed_records(
    journal: Journal,
    kind: str,
    origin: str,
    *,
    keys: Collection[str] | None = None,
    prefixes: Collection[str] | None = None,
    scope: str | None = None,
) -> list[FiledRecord]:
    """Records of a kind with all their fields in one statement, in the order of scopes and keys.

    `keys`: only these; `prefixes`: only keys that begin so; `origin`: the field whose writes, moment and author are
    told, those of another field where it was never written.
    """
    r = t.p_record.c
    query = select(r.scope, r.key, r.id, r.contested, r.body, r.origins).where(r.kind == kind).order_by(r.scope, r.key)
    if keys is not None:
        query = query.where(r.key.in_(keys))
    if prefixes is not None:
        query = query.where(or_(*(r.key.startswith(prefix, autoescape=True) for prefix in prefixes)))
    if scope is not None:
        query = query.where(r.scope == scope)
    with journal.reading() as connection:
        rows = connection.execute(query).all()
    found = []
    for where, key, i, contested, body, origins in rows:
        values = _decode(body)[0]
        groups, others = _decode(origins)[0]
        wrote = groups[others.get(origin, 0)]
        found.append(
            FiledRecord(
                where,
                key,
                i,
                {name: value for name, value in values.items() if value is not None},
                tuple(n for n in values if groups[others.get(n, 0)][4]) if contested else (),
                tuple(wrote[0]) if origin in values else (),
                wrote[1],
                wrote[2],
            )
        )
    return found


def heads_of(journal: Journal, *wanted: str) -> list[dict[str, str]]:
    """Record id → its heads, for each of these kinds, in one statement: what has the same heads has the same content."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in wanted}
    r = t.p_record.c
    with journal.reading() as connection:
        for kind, i, heads in connection.execute(select(r.kind, r.id, r.heads).where(r.kind.in_(wanted))).all():
            found[kind][i] = heads
    return list(found.values())


def text_records(journal: Journal, kind: str, origin: str, ids: Collection[str] | None = None) -> list[TextRecord]:
    """Of every record of a kind, or of some, the fields that are texts, in one statement.

    Of a submission those are its numbers: an answer, a proof and `filed` are objects.
    """
    some = "" if ids is None else " AND id IN (SELECT value FROM json_each(:ids))"
    with journal.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT scope, key, id, origins, contested,"
            " (SELECT json_group_object(f.key, f.value) FROM json_each(r.body) AS f"
            "  WHERE f.type = 'text' OR (f.key = :origin AND f.type <> 'null') OR (r.contested AND f.type <> 'null'))"
            f" FROM p_record AS r WHERE kind = :kind{some}",
            {"kind": kind, "origin": origin, "ids": json.dumps(list(ids or ()))},
        ).all()
    return [
        _text_record(scope, key, i, origins, body, origin, doubtful) for scope, key, i, origins, doubtful, body in rows
    ]


def _text_record(scope: str, key: str, i: str, origins: str, body: str, origin: str, doubtful: bool) -> TextRecord:
    values = _decode(body)[0]
    groups, others = _decode(origins)[0]
    contested = tuple(name for name in values if groups[others.get(name, 0)][4]) if doubtful else ()
    writes = tuple(groups[others.get(origin, 0)][0]) if values.pop(origin, None) is not None else ()
    if doubtful:  # what differs may be an answer: its name is wanted, not its text
        values = {name: value for name, value in values.items() if isinstance(value, str)}
    return TextRecord(scope, key, i, values, writes, contested)


def version_of(journal: Journal) -> tuple[int, int]:
    """Differs once anything was written, here or (into a file opened for reading) by another program."""
    with journal.reading() as connection:
        file = connection.connection.driver_connection
        assert file is not None
        return file.execute("PRAGMA data_version").fetchone()[0], file.total_changes
