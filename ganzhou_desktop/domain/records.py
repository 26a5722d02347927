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
    """The revisions of one record in causal order, with ancestry as bit sets."""

    def __init__(self, writes: Iterable[Write]) -> None:
        by_id = {w.id: w for w in writes}
        self.writes: list[Write] = _causal_order(by_id)
        self._place = {w.id: i for i, w in enumerate(self.writes)}
        self._ancestors: list[int] = []
        for write in self.writes:
            bits = 0
            for parent in write.parents:
                place = self._place.get(parent)
                if place is not None:
                    bits |= self._ancestors[place] | 1 << place
            self._ancestors.append(bits)

    def ancestor(self, earlier: str, later: str) -> bool:
        """Whether `earlier` is a proper ancestor of `later`."""
        return bool(self._ancestors[self._place[later]] >> self._place[earlier] & 1)

    def heads(self) -> tuple[str, ...]:
        covered = 0
        for bits in self._ancestors:
            covered |= bits
        return tuple(sorted(w.id for i, w in enumerate(self.writes) if not covered >> i & 1))

    def candidates(self, name: str, within: int | None = None) -> tuple[Candidate, ...]:
        """Writes of a field that are no ancestor of another write of it, latest `at`, then highest id, first."""
        places = [i for i, w in enumerate(self.writes) if name in w.set and (within is None or within >> i & 1)]
        covered = 0
        for i in places:
            covered |= self._ancestors[i]
        found = [self.writes[i] for i in places if not covered >> i & 1]
        found.sort(key=lambda w: (w.at, w.id), reverse=True)
        return tuple(Candidate(w.id, w.at, w.set[name]) for w in found)

    def base(self, name: str, candidates: Sequence[Candidate]) -> Json:
        """What all the candidates' authors had before them: the field's value among their common ancestors."""
        common = -1
        for candidate in candidates:
            common &= self._ancestors[self._place[candidate.write]]
        before = self.candidates(name, within=common if candidates else 0)
        return before[0].value if before else None

    def fields_at(self, heads: Iterable[str]) -> dict[str, Json]:
        """The fields as somebody saw them who had these heads before him (unknown heads are passed over)."""
        seen = 0
        for head in heads:
            place = self._place.get(head)
            if place is not None:
                seen |= self._ancestors[place] | 1 << place
        names = {name for i, w in enumerate(self.writes) if seen >> i & 1 for name in w.set}
        return {name: self.candidates(name, within=seen)[0].value for name in sorted(names)}

    def before(self, write: str, name: str) -> tuple[Candidate, ...]:
        """The candidates of a field that the author of `write` had before him."""
        return self.candidates(name, within=self._ancestors[self._place[write]])

    def state(self) -> RecordState:
        """The record's state."""
        names = {name for w in self.writes for name in w.set}
        fields = {}
        for name in sorted(names - {DELETED}):
            candidates = self.candidates(name)
            fields[name] = FieldState(candidates, contested=_differ(candidates))
        deleted, contested = self._deletion() if DELETED in names else (False, False)
        return RecordState(self.heads(), fields, deleted, contested)

    def _deletion(self) -> tuple[bool, bool]:
        candidates = self.candidates(DELETED)
        deletes = [c for c in candidates if c.value is True]
        if not deletes:
            return False, False
        if _differ(candidates) or not any(self._covers(d.write) for d in deletes):
            return False, True
        return True, False

    def _covers(self, delete: str) -> bool:
        """Whether every write that does not itself delete is an ancestor or a descendant of this one."""
        place = self._place[delete]
        mine = self._ancestors[place]
        return all(
            w.set.get(DELETED) is True or mine >> i & 1 or self._ancestors[i] >> place & 1
            for i, w in enumerate(self.writes)
        )


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
