"""A record's present state as services see it, and as one row of `p_record`: both ways."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from ganzhou_desktop.domain.canonical import Json, encode_text
from ganzhou_desktop.domain.operations import Operation

decode = json.JSONDecoder().raw_decode
"""json.loads without looking for space around: what the projection holds is canonical."""

REGISTERED = ("entry", "application")
"""Kinds of records that units keep by the thousand, in registers."""

StoredRow: TypeAlias = tuple[Any, ...]
"""A row of `p_record`, in the order of COLUMNS."""

COLUMNS = (
    "id",
    "scope",
    "kind",
    "key",
    "register",
    "heads",
    "deleted",
    "deletion_contested",
    "contested",
    "body",
    "origins",
)


class FieldRow(NamedTuple):
    """A field's current value with who wrote it; `writes`: its candidates' revision ids, the one shown first."""

    value: Json
    contested: bool
    writes: tuple[str, ...]
    at: str
    author: str
    site: str

    @property
    def operation(self) -> str:
        """Id of the operation that wrote the value shown."""
        return self.writes[0].partition(".")[0]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record's current state."""

    id: str
    scope: str
    kind: str
    key: str
    heads: tuple[str, ...]
    deleted: bool
    contested: bool
    deletion_contested: bool
    fields: Mapping[str, FieldRow] = field(default_factory=dict)

    def values(self) -> dict[str, Json]:
        """Field values that are set (null ones left out)."""
        return {name: row.value for name, row in self.fields.items() if row.value is not None}


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


def stored(row: RecordRow) -> StoredRow:
    """The one row a state is kept as.

    `origins` is a list of who wrote what (candidates, at, author, site, contested), in one order, and of each field
    that is not the first one's the number of its own.
    """
    groups = {f[1:] for f in row.fields.values()}
    if len(groups) == 1:
        ordered = list(groups)
        others: dict[str, int] = {}
    else:
        ordered = sorted(groups, key=lambda group: (group[1], group))
        number = {group: n for n, group in enumerate(ordered)}
        others = {name: number[f[1:]] for name, f in row.fields.items() if number[f[1:]]}
    named = row.fields.get("register")
    return (
        row.id,
        row.scope,
        row.kind,
        row.key,
        _register(row.kind, None if named is None else named.value),
        encode_text(row.heads),
        int(row.deleted),
        int(row.deletion_contested),
        int(row.contested),
        encode_text({name: f.value for name, f in row.fields.items()}),
        encode_text([[[list(w), at, author, site, int(c)] for c, w, at, author, site in ordered], others]),
    )


def stored_new(record: str, operation: Operation, position: int) -> StoredRow:
    """What `stored` would give for a record of which this revision is all there is; most that arrives is such."""
    revision = operation.revisions[position]
    write = operation.revision_id(position)
    return (
        record,
        operation.scope,
        revision.kind,
        revision.key,
        _register(revision.kind, revision.set.get("register")),
        f'["{write}"]',
        0,
        0,
        0,
        encode_text(revision.set),
        f'[[[["{write}"],"{operation.at}",{encode_text(operation.author)},"{operation.site}",0]],{{}}]',
    )


def set_values(body: str) -> dict[str, Json]:
    """Of a row's `body` the values that are set (null ones left out)."""
    return {name: value for name, value in decode(body)[0].items() if value is not None}


def _register(kind: str, value: Json) -> str | None:
    if kind not in REGISTERED:
        return None
    return value if isinstance(value, str) else ""


def read_row(row: StoredRow) -> RecordRow:
    """The state that a row keeps."""
    i, scope, kind, key, _, heads, deleted, deletion_contested, contested, body, origins = row
    groups, others = json.loads(origins)
    known = [(bool(c), tuple(w), at, author, site) for w, at, author, site, c in groups]
    fields = {name: FieldRow(value, *known[others.get(name, 0)]) for name, value in json.loads(body).items()}
    return RecordRow(
        i, scope, kind, key, tuple(json.loads(heads)), bool(deleted), bool(contested), bool(deletion_contested), fields
    )
