"""What a look at copies tells people, worked out where the merge runs: 200,000 changes are not for the UI thread."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from ganzhou_desktop.domain.canonical import encode
from ganzhou_desktop.services.merging import CONTESTED, NEW, FieldChange, Merge, Package
from ganzhou_desktop.ui.change_words import WHOLE
from ganzhou_desktop.ui.entry_words import APPLICATION, ENTRY

MOST = 5000
"""Changes of one copy that are kept to be shown; how many there are is counted all the same."""
_UNTOLD = ("ledger",)
"""Kinds of record that say nothing to people."""
_ROWS = (ENTRY, APPLICATION)


@dataclass(frozen=True, slots=True)
class Told:
    """The changes of a copy as people read them: what stands twice first, then what was filed, then rows of registers.

    A new entry or application is one change, of the field WHOLE.  `counts`: how many there are of each kind of change.
    """

    changes: tuple[FieldChange, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


NOTHING = Told((), {})


def told(package: Package) -> Told:
    """What a copy changes; takes as long as its changes are many."""
    first: list[FieldChange] = []
    rows: list[FieldChange] = []
    counts: Counter[str] = Counter()
    contested: list[FieldChange] = []
    for change in _once(_rows(c for c in package.changes if c.kind not in _UNTOLD)):
        counts[change.how] += 1
        some = contested if change.how == CONTESTED else rows if change.kind in _ROWS else first
        if len(some) < MOST:
            some.append(change)
    return Told((*contested, *first, *rows)[:MOST], dict(counts))


def looked_at(merge: Merge) -> tuple[Merge, dict[Path, Told]]:
    """A merge whose packages carry no more changes than are shown, and what is told of each file."""
    found = {p.file: told(p) for p in merge.packages}
    packages = tuple(replace(p, changes=found[p.file].changes) for p in merge.packages)
    return replace(merge, packages=packages), found


def _rows(changes: Iterable[FieldChange]) -> Iterator[FieldChange]:
    """New entries and applications as one change each; all else as it is.  Changes of one record lie together."""
    for _, some in groupby(changes, key=lambda c: c.record):
        of_record = list(some)
        one = of_record[0]
        new = one.kind in _ROWS and all(c.how == NEW for c in of_record) and len(of_record) == len(one.about)
        if new:
            yield one._replace(field=WHOLE, after=one.about)
        else:
            yield from of_record


def _once(changes: Iterable[FieldChange]) -> Iterator[FieldChange]:
    """The office answers each of two filings that stand beside each other alike: told once."""
    seen = set()
    for change in changes:
        if change.kind == "review":
            place = (change.unit, change.key.partition("/")[0], change.field, encode(change.after))
            if place in seen:
                continue
            seen.add(place)
        yield change
