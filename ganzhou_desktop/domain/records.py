"""The state of one record: heads, and for each field the value or the 两处不一致, from its revisions alone.

A function of the set of revisions: their order of arrival changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ganzhou_desktop.domain.canonical import Json, encode

DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Write:
    """One revision as the state needs it.  `at` is that PC's clock: shown, tie-break, nothing else."""

    id: str
    at: str
    parents: tuple[str, ...]
    set: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that stand for a field."""

    write: str
    at: str
    value: Json


@dataclass(frozen=True, slots=True)
class FieldState:
    """`candidates` in the order shown (the provisional or only value first); `contested` if their bytes differ."""

    candidates: tuple[Candidate, ...]
    contested: bool

    @property
    def value(self) -> Json:
        return self.candidates[0].value


@dataclass(frozen=True, slots=True)
class RecordState:
    """Everything about a record now.  `deleted` may be contested: then it is shown as not deleted."""

    heads: tuple[str, ...]
    fields: Mapping[str, FieldState]
    deleted: bool
    deletion_contested: bool

    @property
    def contested(self) -> bool:
        return self.deletion_contested or any(f.contested for f in self.fields.values())


class History:
    """The revisions of one record in causal order, parents before children.

    Who is whose ancestor is found by walking, never kept for all pairs: a record with 100,000 revisions costs what
    its revisions weigh, not their square.
    """

    def __init__(self, writes: Iterable[Write]) -> None:
        by_id = {w.id: w for w in writes}
        self.writes: list[Write] = _causal_order(by_id)
        self._place = {w.id: i for i, w in enumerate(self.writes)}
        self._parents = [[self._place[p] for p in w.parents if p in self._place] for w in self.writes]
        self._names = {name: bit for bit, name in enumerate({name for w in self.writes for name in w.set})}
        self._standing: dict[str, tuple[Candidate, ...]] | None = None
        self._last: tuple[tuple[int, ...], frozenset[int]] = ((), frozenset())
        self._bases: dict[frozenset[tuple[int, ...]], dict[str, tuple[Candidate, ...]]] = {}

    def ancestor(self, earlier: str, later: str) -> bool:
        """Whether `earlier` is a proper ancestor of `later`."""
        return self._place[earlier] in self._ancestors(self._place[later])

    def heads(self) -> tuple[str, ...]:
        covered = {p for parents in self._parents for p in parents}
        return tuple(sorted(w.id for i, w in enumerate(self.writes) if i not in covered))

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """Writes of a field that are no ancestor of another write of it, latest `at`, then highest id, first."""
        if self._standing is None:
            self._standing = self._stand(range(len(self.writes)))
        return self._standing.get(name, ())

    def base(self, name: str, candidates: Sequence[Candidate]) -> Json:
        """What all the candidates' authors had before them: the field's value among their common ancestors."""
        if not candidates:
            return None
        # Hundreds of fields may stand beside one another written by the same few, or by many who saw the same.
        seen = frozenset(tuple(self._parents[self._place[c.write]]) for c in candidates)
        if seen not in self._bases:
            common = frozenset.intersection(*(self._reached(parents) for parents in seen))
            self._bases[seen] = self._stand(sorted(common))
        before = self._bases[seen].get(name)
        return before[0].value if before else None

    def beside(self, writes: Iterable[str]) -> list[Write]:
        """The revisions that are neither these nor ancestors or descendants of any of them, in causal order."""
        own = {self._place[write] for write in writes}
        above = self._reached(own)
        below = set(own)
        for place, parents in enumerate(self._parents):
            if not below.isdisjoint(parents):
                below.add(place)
        return [w for i, w in enumerate(self.writes) if i not in above and i not in below]

    def fields_at(self, heads: Iterable[str]) -> dict[str, Json]:
        """The fields as somebody saw them who had these heads before him (unknown heads are passed over)."""
        known = [self._place[head] for head in heads if head in self._place]
        seen = self._reached(known)
        return {name: found[0].value for name, found in sorted(self._stand(sorted(seen)).items())}

    def fields_since(self, heads: Sequence[str], mine: Mapping[str, Json]) -> dict[str, Json]:
        """The fields as shown now; of those that `mine` says otherwise what came new since `heads`, shown or not."""
        seen, then = self._reached([self._place[head] for head in heads if head in self._place]), self.fields_at(heads)
        found = {}
        for name in sorted(self._names.keys() - {DELETED}):
            standing = self.candidates(name)
            shown = found[name] = standing[0].value
            if name in mine and mine[name] != shown:
                news = (c.value for c in standing if self._place[c.write] not in seen)
                found[name] = next((v for v in news if v not in (mine[name], then.get(name))), shown)
        return found

    def before(self, write: str, name: str) -> tuple[Candidate, ...]:
        """The candidates of a field that the author of `write` had before him."""
        return self._stand(sorted(self._ancestors(self._place[write]))).get(name, ())

    def state(self) -> RecordState:
        """The record's state."""
        fields = {}
        for name in sorted(self._names.keys() - {DELETED}):
            candidates = self.candidates(name)
            fields[name] = FieldState(candidates, contested=_differ(candidates))
        deleted, contested = self._deletion() if DELETED in self._names else (False, False)
        return RecordState(self.heads(), fields, deleted, contested)

    def _reached(self, places: Iterable[int]) -> frozenset[int]:
        """These places and all their ancestors."""
        waiting = list(places)
        found = set(waiting)
        while waiting:
            for parent in self._parents[waiting.pop()]:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return frozenset(found)

    def _ancestors(self, place: int) -> frozenset[int]:
        parents = tuple(self._parents[place])
        if self._last[0] != parents:
            self._last = (parents, self._reached(parents))
        return self._last[1]

    def _stand(self, places: Sequence[int]) -> dict[str, tuple[Candidate, ...]]:
        """The candidates of every field among these places (in causal order, closed under ancestors).

        Children first, each hands to its parents the set of fields written by it or after it.
        """
        covered: dict[int, int] = {}
        found: dict[str, list[Write]] = {}
        for place in reversed(places):
            write = self.writes[place]
            after = covered.pop(place, 0)
            mine = after
            for name in write.set:
                bit = 1 << self._names[name]
                if not after & bit:
                    found.setdefault(name, []).append(write)
                    mine |= bit
            for parent in self._parents[place]:
                held = covered.get(parent)
                covered[parent] = mine if held is None else held | mine
        return {
            name: tuple(
                Candidate(w.id, w.at, w.set[name]) for w in sorted(writes, key=lambda w: (w.at, w.id), reverse=True)
            )
            for name, writes in found.items()
        }

    def _deletion(self) -> tuple[bool, bool]:
        candidates = self.candidates(DELETED)
        deletes = [c for c in candidates if c.value is True]
        if not deletes:
            return False, False
        if _differ(candidates) or not self._covering([self._place[d.write] for d in deletes]):
            return False, True
        return True, False

    def _covering(self, deletes: Sequence[int]) -> bool:
        """Whether one of these has every write that does not itself delete among its ancestors or descendants."""
        for start in range(0, len(deletes), _AT_ONCE):
            some = deletes[start : start + _AT_ONCE]
            own = {place: 1 << bit for bit, place in enumerate(some)}
            above = [0] * len(self.writes)  # which of them are ancestors of each write, itself included
            for place, parents in enumerate(self._parents):
                for parent in parents:
                    above[place] |= above[parent]
                above[place] |= own.get(place, 0)
            left = (1 << len(some)) - 1
            below = [0] * len(self.writes)  # which of them are descendants of each write, itself included
            for place in range(len(self.writes) - 1, -1, -1):
                below[place] |= own.get(place, 0)
                for parent in self._parents[place]:
                    below[parent] |= below[place]
                if self.writes[place].set.get(DELETED) is not True:
                    left &= above[place] | below[place]
            if left:
                return True
        return False


_AT_ONCE = 1024
"""Deletions looked at in one pass: bounds what a record with very many of them needs."""


def _differ(candidates: Sequence[Candidate]) -> bool:
    return len(candidates) > 1 and len({encode(c.value) for c in candidates}) > 1


def _causal_order(by_id: Mapping[str, Write]) -> list[Write]:
    """Parents before children; among free choices by id, so that the order is a function of the set."""
    waiting = {i: {p for p in w.parents if p in by_id} for i, w in by_id.items()}
    children: dict[str, list[str]] = {}
    for i, parents in waiting.items():
        for parent in parents:
            children.setdefault(parent, []).append(i)
    ready = sorted(i for i, parents in waiting.items() if not parents)
    ordered = []
    while ready:
        done = ready
        ready = []
        for i in done:
            ordered.append(by_id[i])
            for child in children.get(i, ()):
                waiting[child].discard(i)
                if not waiting[child]:
                    ready.append(child)
        ready.sort()
    return ordered
