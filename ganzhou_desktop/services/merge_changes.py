"""What a merge changes, field by field: before, after, and what stands beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple, overload

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.operations import Operation, parse
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.store.journal import REGISTERED, FieldRow, RecordRow, Touched, Writing

NEW = "new"
CHANGED = "changed"
CONTESTED = "contested"

_NOTHING: Mapping[str, Json] = MappingProxyType({})


class FieldChange(NamedTuple):
    """One field that a merge would change (or has changed): what lay here before, what lies here after."""

    unit: str
    record: str
    kind: str
    key: str
    field: str
    how: str
    """`new`, `changed` or `contested` (both values kept)."""
    before: Json
    after: Json
    at: str
    author: str
    beside: Json = None
    """For `contested`: the value that came and now stands beside the one held here."""
    about: Mapping[str, Json] = _NOTHING
    """The record's fields as they would be: what an entry or an application is called by."""


class Changes(Sequence[FieldChange]):
    """Every field that differs, by unit, kind and key.

    Of records that are new only the operations' bytes are kept, and read when somebody looks: the changes of 200
    large copies at once would take more memory than all else.
    """

    def __init__(self, new: Iterable[tuple[bytes, list[int]]], others: Sequence[FieldChange], length: int) -> None:
        self._new = tuple(new)
        self._others = tuple(others)
        self._length = length

    def __iter__(self) -> Iterator[FieldChange]:
        found = list(self._others)
        for data, positions in self._new:
            operation = parse(data)
            for position in positions:
                found += _of_new(operation, position)
        found.sort(key=_place)
        return iter(found)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> FieldChange: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FieldChange]: ...
    def __getitem__(self, index: int | slice) -> FieldChange | Sequence[FieldChange]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Changes) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def contested(self) -> int:
        """How many are 两处不一致: a record that is new has none."""
        return sum(c.how == CONTESTED for c in self._others)


_place = itemgetter(0, 2, 3)
"""Unit, kind and key."""


def changes_of(writing: Writing, touched: Touched) -> Changes:
    """What new operations changed."""
    new: dict[str, tuple[bytes, list[int]]] = {}
    for operation, position in touched.new.values():
        new.setdefault(operation.id, (operation.data, []))[1].append(position)
    others = [c for i, row in touched.after.items() for c in _changes(touched.before.get(i), row)]
    fields = sum(
        value is not None
        for operation, position in touched.new.values()
        for value in operation.revisions[position].set.values()
    )
    return Changes(new.values(), _with_beside(writing, touched.before, others), fields + len(others))


def _of_new(operation: Operation, position: int) -> list[FieldChange]:
    revision = operation.revisions[position]
    record, kind, key = operation.record(position), revision.kind, revision.key
    scope, at, author = operation.scope, operation.at, operation.author
    about = {n: v for n, v in revision.set.items() if v is not None} if kind in REGISTERED else _NOTHING
    return [
        FieldChange(scope, record, kind, key, name, NEW, None, value, at, author, None, about)
        for name, value in revision.set.items()
        if value is not None
    ]


def _changes(old: RecordRow | None, row: RecordRow) -> Iterator[FieldChange]:
    record = (row.scope, row.id, row.kind, row.key)
    about = row.values() if row.kind in REGISTERED else _NOTHING
    for name, held in row.fields.items():
        was = old.fields.get(name) if old is not None else None
        how = _how(was, held)
        if how is not None:
            earlier = None if was is None else was.value
            yield FieldChange(*record, name, how, earlier, held.value, held.at, held.author, None, about)
    gone = old is not None and old.deleted
    if row.deletion_contested and not (old is not None and old.deletion_contested):
        yield FieldChange(*record, DELETED, CONTESTED, gone, False, "", "", None, about)
    elif row.deleted != gone and old is not None:
        yield FieldChange(*record, DELETED, CHANGED, gone, row.deleted, "", "", None, about)


def _how(was: FieldRow | None, held: FieldRow) -> str | None:
    """What a merge did to a field; None when it is as it was."""
    if held.contested:
        return None if was is not None and was.contested and set(was.writes) == set(held.writes) else CONTESTED
    if was is None or was.value is None:
        return None if held.value is None and not (was is not None and was.contested) else NEW
    return None if was.value == held.value and not was.contested else CHANGED


def _with_beside(
    writing: Writing, before: Mapping[str, RecordRow], changes: list[FieldChange]
) -> tuple[FieldChange, ...]:
    """Put into contested changes what came: its value, time and author, whichever of the two is shown for now."""
    contested = {c.record for c in changes if c.how == CONTESTED}
    if not contested:
        return tuple(changes)
    histories = writing.histories(contested)
    found = []
    for change in changes:
        if change.how == CONTESTED:
            _, history, origins = histories[change.record]
            old = before.get(change.record)
            held = set() if old is None or change.field not in old.fields else set(old.fields[change.field].writes)
            came = [c for c in history.candidates(change.field) if c.write not in held] or history.candidates(
                change.field
            )
            author = origins[came[0].write]["author"]
            change = change._replace(beside=came[0].value, at=came[0].at, author=author)
        found.append(change)
    return tuple(found)
