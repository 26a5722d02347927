"""The numbers of what is filed, a row each beside the records: every target is judged from them, no filing is opened.

They are part of the projection and made from its records alone: the texts (decimals) of each submission that is filed.
What the registers made of a number, and numbers whose filing was withdrawn, are in none.
"""

import json
import sqlite3
from collections.abc import Iterable

from ganzhou_desktop.domain.forms import COUNTED, FILED

SUBMISSION = "submission"

_NUMBERS = f"r.kind = '{SUBMISSION}' AND f.type = 'text' AND f.key NOT GLOB '*{COUNTED}'"
_AMONG = "r.id IN (SELECT value FROM json_each(?)) AND +"  # the sign: found by id, not all of the kind looked through
_PUT = f"""
INSERT OR REPLACE INTO p_number (field, scope, period, value)
SELECT f.key, r.scope, r.key, f.value FROM p_record AS r, json_each(r.body) AS f
WHERE json_extract(r.body, '$.{FILED}') IS NOT NULL AND
"""
_TAKE_OUT = f"""
DELETE FROM p_number WHERE (field, scope, period) IN (
SELECT f.key, r.scope, r.key FROM p_record AS r, json_each(r.body) AS f WHERE {_AMONG}{_NUMBERS})
"""


def take_out(database: sqlite3.Connection, records: Iterable[str]) -> None:
    """Drop the numbers of these records, which `p_record` still holds as they were."""
    database.execute(_TAKE_OUT, (json.dumps(list(records)),))


def put(database: sqlite3.Connection, records: Iterable[str]) -> None:
    """Keep the numbers of these records as `p_record` holds them now; they must have been taken out before."""
    database.execute(_PUT + _AMONG + _NUMBERS, (json.dumps(list(records)),))


def put_all(database: sqlite3.Connection) -> None:
    """Keep the numbers of all records; sorted, that is several times quicker than as they come."""
    database.execute(_PUT + _NUMBERS + " ORDER BY 1, 2, 3")
