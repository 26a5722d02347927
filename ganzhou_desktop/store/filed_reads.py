"""Reading what was filed in bulk: thousands of fields as plain rows, where a RecordRow each would take too long."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, case, func, or_, select

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
    record, column = t.p_record.c, t.p_field.c
    query = (
        select(
            record.scope,
            record.key,
            record.id,
            column.name,
            column.value,
            column.contested,
            column.writes,
            column.at,
            column.author,
        )
        .join(t.p_field, column.record == record.id)
        .where(record.kind == kind)
        .order_by(record.scope, record.key)
    )
    if keys is not None:
        query = query.where(record.key.in_(keys))
    if prefixes is not None:
        query = query.where(or_(*(record.key.startswith(prefix, autoescape=True) for prefix in prefixes)))
    if scope is not None:
        query = query.where(record.scope == scope)
    with journal.reading() as connection:
        rows = connection.execute(query).all()
    found: list[FiledRecord] = []
    held, last, told = _Gathered(), "", False
    for where, key, i, name, text, contested, writes, at, author in rows:
        if i != last:
            if last:
                found.append(held.record())
            held, last, told = _Gathered(where, key, i, at=at, author=author), i, False
        if text != "null":
            held.values[name] = _decode(text)[0]
        if contested:
            held.contested.append(name)
        if name == origin and not told:
            held.writes, held.at, held.author, told = tuple(_decode(writes)[0]), at, author, True
    if last:
        found.append(held.record())
    return found


@dataclass(slots=True)
class _Gathered:
    """A record while its fields come in."""

    scope: str = ""
    key: str = ""
    id: str = ""
    values: dict[str, Json] = field(default_factory=dict)
    contested: list[str] = field(default_factory=list)
    writes: tuple[str, ...] = ()
    at: str = ""
    author: str = ""

    def record(self) -> FiledRecord:
        return FiledRecord(
            self.scope, self.key, self.id, self.values, tuple(self.contested), self.writes, self.at, self.author
        )


def text_records(journal: Journal, kind: str, origin: str) -> list[TextRecord]:
    """Of every record of a kind the fields that are texts, in one statement.

    Of a submission those are its numbers: an answer, a proof and `filed` are objects.
    """
    record, column = t.p_record.c, t.p_field.c
    texts = (
        select(func.json_group_object(column.name, func.json(column.value)))
        .where(and_(column.record == record.id, column.value >= '"', column.value < "#"))
        .scalar_subquery()
    )
    writes = (
        select(column.writes)
        .where(and_(column.record == record.id, column.name == origin, column.value != "null"))
        .scalar_subquery()
    )
    names = select(func.json_group_array(column.name)).where(and_(column.record == record.id, column.contested))
    doubts = case((record.contested, names.scalar_subquery()), else_="[]")
    query = select(record.scope, record.key, record.id, texts, writes, doubts)
    with journal.reading() as connection:
        rows = connection.execute(query.where(record.kind == kind)).all()
    return [
        TextRecord(scope, key, i, _decode(found)[0], tuple(_decode(by)[0]) if by else (), tuple(_decode(doubts)[0]))
        for scope, key, i, found, by, doubts in rows
    ]


def version_of(journal: Journal) -> tuple[int, int]:
    """Differs once anything was written, here or (into a file opened for reading) by another program."""
    with journal.reading() as connection:
        file = connection.connection.driver_connection
        assert file is not None
        return file.execute("PRAGMA data_version").fetchone()[0], file.total_changes
