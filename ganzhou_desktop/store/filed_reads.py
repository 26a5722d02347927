"""Reading what was filed in bulk: thousands of records as plain rows, where a RecordRow each would take too long."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.reported import Series
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.journal import Journal
from ganzhou_desktop.store.rows import decode


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
    site: str


def filed_records(
    journal: Journal,
    kind: str,
    origin: str,
    *,
    keys: Collection[str] | None = None,
    prefixes: Collection[str] | None = None,
    scope: str | None = None,
    or_with: str | None = None,
) -> list[FiledRecord]:
    """Records of a kind with all their fields in one statement, in the order of scopes and keys.

    `keys`: only these; `prefixes`: only keys that begin so; `origin`: the field whose writes, moment and author are
    told, those of another field where it was never written; `or_with`: of other scopes those with this field set.
    """
    r = t.p_record.c
    query = select(r.scope, r.key, r.id, r.contested, r.body, r.origins).where(r.kind == kind).order_by(r.scope, r.key)
    if keys is not None:
        query = query.where(r.key.in_(keys))
    if prefixes is not None:
        query = query.where(or_(*(r.key.startswith(prefix, autoescape=True) for prefix in prefixes)))
    if scope is not None and or_with is not None:
        query = query.where(or_(r.scope == scope, func.json_extract(r.body, f'$."{or_with}"').is_not(None)))
    elif scope is not None:
        query = query.where(r.scope == scope)
    with journal.reading() as connection:
        rows = connection.execute(query).all()
    found = []
    for where, key, i, contested, body, origins in rows:
        values = decode(body)[0]
        groups, others = decode(origins)[0]
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
                wrote[3],
            )
        )
    return found


def filed_numbers(journal: Journal) -> dict[str, dict[str, Series]]:
    """Field → unit → the numbers filed, of every submission that is filed, in one statement."""
    found: dict[str, dict[str, Series]] = {}
    known: dict[str, tuple[str, ...]] = {}  # nearly all have numbers of the same periods
    with journal.reading() as connection:
        n = t.p_number.c
        for field, scope, text, values in connection.execute(select(n.field, n.scope, n.periods, n.numbers)).all():
            periods = known.get(text)
            if periods is None:
                periods = known[text] = tuple(text.split(","))
            found.setdefault(field, {})[scope] = Series(periods, values.split(","))
    return found


def version_of(journal: Journal) -> tuple[int, int]:
    """Differs once anything was written, here or (into a file opened for reading) by another program."""
    with journal.reading() as connection:
        file = connection.connection.driver_connection
        assert file is not None
        return file.execute("PRAGMA data_version").fetchone()[0], file.total_changes
