"""The numbers of what is filed, beside the records: every target is judged from them, and no filing is opened for it.

They are part of the projection and made from its records alone: the texts (decimals) of each submission that is filed,
one row for a field of a unit with all its periods.  What the registers made of a number, and numbers whose filing was
withdrawn, are in none.  Neither periods nor decimals have commas: the lists are split at them, which takes a third of
the time of parsing JSON.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.forms import COUNTED, FILED

SUBMISSION = "submission"

Place: TypeAlias = tuple[str, str]
"""Field and unit."""
Filed: TypeAlias = dict[tuple[str, str, str], str]
"""Field, unit, period → the number."""

_PUT = "INSERT OR REPLACE INTO p_number (field, scope, periods, numbers) VALUES (?, ?, ?, ?)"
_HELD = """
SELECT n.field, n.scope, n.periods, n.numbers FROM json_each(?) AS j
JOIN p_number AS n ON n.field = json_extract(j.value, '$[0]') AND n.scope = json_extract(j.value, '$[1]')
"""
_ALL = f"""
SELECT f.key, r.scope, r.key, f.value FROM p_record AS r, json_each(r.body) AS f
WHERE r.kind = '{SUBMISSION}' AND json_extract(r.body, '$.{FILED}') IS NOT NULL
AND f.type = 'text' AND f.key NOT GLOB '*{COUNTED}' ORDER BY 1, 2, 3
"""


def numbers_of(scope: str, key: str, values: Mapping[str, Json]) -> Filed:
    """The numbers that a submission's fields say."""
    if values.get(FILED) is None:
        return {}
    return {
        (name, scope, key): value
        for name, value in values.items()
        if isinstance(value, str) and not name.endswith(COUNTED)
    }


def move(database: sqlite3.Connection, before: Filed, after: Filed) -> None:
    """Keep what submissions say now in place of what they said before."""
    changed: dict[Place, dict[str, str | None]] = {}
    for field, scope, period in before.keys() | after.keys():
        value = after.get((field, scope, period))
        if value != before.get((field, scope, period)):
            changed.setdefault((field, scope), {})[period] = value
    if not changed:
        return
    rows = database.execute(_HELD, (json.dumps(list(changed)),))
    held = {
        (field, scope): zip(periods.split(","), numbers.split(","), strict=True)
        for field, scope, periods, numbers in rows
    }
    gone, kept = [], []
    for place, some in changed.items():
        now = {period: value for period, value in {**dict(held.get(place, ())), **some}.items() if value is not None}
        if now:
            kept.append(_row(place, sorted(now.items())))
        else:
            gone.append(place)
    database.executemany("DELETE FROM p_number WHERE field = ? AND scope = ?", gone)
    database.executemany(_PUT, kept)


def put_all(database: sqlite3.Connection) -> None:
    """Keep the numbers of all records; there are none yet."""
    database.executemany(_PUT, _all(database))


def _all(database: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    for place, some in groupby(database.execute(_ALL).fetchall(), key=itemgetter(0, 1)):
        yield _row(place, [(period, value) for _, _, period, value in some])


def _row(place: Place, by_period: Iterable[tuple[str, str]]) -> tuple[str, str, str, str]:
    periods, numbers = zip(*by_period, strict=True)
    return *place, ",".join(periods), ",".join(numbers)
