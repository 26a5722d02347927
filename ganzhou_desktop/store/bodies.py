"""Entries and applications as one row each, for pages that show thousands; part of the projection."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.chunks import chunks

KINDS = ("entry", "application")
"""Kinds of records that units keep by the thousand."""


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One entry or application.  `body` is parsed when asked for: a page shows few of its rows."""

    record: str
    scope: str
    key: str
    heads_json: str
    contested: bool
    body: str

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(json.loads(self.heads_json))

    def values(self) -> Mapping[str, Json]:
        return json.loads(self.body)  # type: ignore[no-any-return]


def create(connection: Connection) -> None:
    """Make the table in a ledger of format 1 and fill it."""
    t.p_body.create(connection, checkfirst=True)
    held = connection.execute(select(t.p_record.c.id).where(t.p_record.c.kind.in_(KINDS))).scalars()
    refresh(connection, held.all())


def exist(connection: Connection) -> bool:
    """Whether this ledger has the table: one of format 1 that was opened read-only has not."""
    return connection.dialect.has_table(connection, t.p_body.name)


def refresh(connection: Connection, records: Iterable[str]) -> None:
    """Write the rows of these records anew from their fields; records of other kinds are passed over."""
    for batch in chunks(records):
        connection.execute(delete(t.p_body).where(t.p_body.c.record.in_(batch)))
        connection.execute(t.p_body.insert().from_select([c.name for c in t.p_body.c], _rows(batch)))


def computed(connection: Connection) -> list[Any]:
    """Every row as it would be, in the order of the table's key."""
    rows = _rows(None).subquery()
    return list(connection.execute(select(rows).order_by(rows.c.record)))


def _rows(records: Sequence[str] | None) -> Select[Any]:
    fields = (
        select(t.p_field.c.record, t.p_field.c.name, t.p_field.c.value)
        .join(t.p_record, t.p_record.c.id == t.p_field.c.record)
        .where(t.p_record.c.kind.in_(KINDS), ~t.p_record.c.deleted)
        .order_by(t.p_field.c.record, t.p_field.c.name)
    )
    ordered = (fields if records is None else fields.where(t.p_record.c.id.in_(records))).subquery()
    body = func.json_group_object(ordered.c.name, func.json(ordered.c.value)).label("body")
    whole = select(ordered.c.record, body).group_by(ordered.c.record).subquery()
    return select(
        t.p_record.c.id.label("record"),
        t.p_record.c.kind,
        func.coalesce(func.json_extract(whole.c.body, "$.register"), "").label("register"),
        t.p_record.c.scope,
        t.p_record.c.key,
        t.p_record.c.heads,
        t.p_record.c.contested,
        whole.c.body,
    ).join(whole, whole.c.record == t.p_record.c.id)


def read(
    connection: Connection, kind: str, register: str | None, *, scope: str | None = None, key: str | None = None
) -> list[BodyRow]:
    """The rows of a kind (of one register, of one scope, one row), by scope and key."""
    if not exist(connection):
        return []  # a ledger of format 1, opened read-only: no program of that format wrote any
    query = (
        select(
            t.p_body.c.record,
            t.p_body.c.scope,
            t.p_body.c.key,
            t.p_body.c.heads,
            t.p_body.c.contested,
            t.p_body.c.body,
        )
        .where(t.p_body.c.kind == kind)
        .order_by(t.p_body.c.scope, t.p_body.c.key)
    )
    if register is not None:
        query = query.where(t.p_body.c.register == register)
    if scope is not None:
        query = query.where(t.p_body.c.scope == scope)
    if key is not None:
        query = query.where(t.p_body.c.key == key)
    return [BodyRow(*row) for row in connection.execute(query)]


def counts(connection: Connection, kind: str) -> dict[tuple[str, str], int]:
    """(register, scope) → how many rows of a kind there are."""
    if not exist(connection):
        return {}
    places = (t.p_body.c.register, t.p_body.c.scope)
    rows = connection.execute(select(*places, func.count()).where(t.p_body.c.kind == kind).group_by(*places))
    return {(register, scope): int(number) for register, scope, number in rows}
