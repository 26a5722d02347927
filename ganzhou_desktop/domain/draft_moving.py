"""A draft begun before other content came in: what differs, and the draft on top of the new content, nothing lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import PROOF, Form, Matter, ProofEntry

MINE = "mine"
THEIRS = "theirs"
BOTH = "both"

_MEMBERS = {
    "answer": "kind",
    "progress": "progress",
    "problems": "problems",
    "next_steps": "next_steps",
    "expected": "expected",
}
TEXTS = ("progress", "problems", "next_steps")

Value = str | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of the form that came new: `field` is a member of the answer, a target id, or `proof`.

    `clash`: the draft changed it too, differently; then somebody has to choose.  Proof files never clash.
    """

    task: str
    field: str
    before: Value
    mine: Value
    theirs: Value
    clash: bool

    @property
    def place(self) -> tuple[str, str]:
        return self.task, self.field

    @property
    def text(self) -> bool:
        """Whether both values can be kept, one under the other."""
        return self.field in TEXTS


Choices = Mapping[tuple[str, str], str]
"""(task, field) → MINE, THEIRS or, for texts, BOTH; what is not chosen stays as typed."""


def differences(before: Form, draft: Form, now: Form) -> tuple[Difference, ...]:
    """Every place where what lies here now is not what the draft was begun on; all three forms are complete."""
    found = []
    for old, mine, theirs in _matters(before, draft, now):
        old_values, my_values, their_values = _values(old), _values(mine), _values(theirs)
        for name, value in their_values.items():
            was, said = old_values.get(name), my_values.get(name)
            if value != was and value != said:
                found.append(Difference(theirs.task, name, was, said, value, clash=said != was))
        names = _names(theirs.proof)
        if names != _names(old.proof) and names != _names(mine.proof):
            found.append(Difference(theirs.task, PROOF, _names(old.proof), _names(mine.proof), names, clash=False))
    return tuple(found)


def moved(before: Form, draft: Form, now: Form, choices: Choices) -> Form:
    """The draft on top of what lies here now.

    Untouched places take the new content, typed ones stay as typed unless `choices` says otherwise.
    """
    matters = tuple(_moved(old, mine, theirs, choices) for old, mine, theirs in _matters(before, draft, now))
    return replace(now, matters=matters)


def _moved(old: Matter, mine: Matter, theirs: Matter, choices: Choices) -> Matter:
    old_values, my_values, their_values = _values(old), _values(mine), _values(theirs)

    def one(name: str) -> Value:
        was, said, came = old_values.get(name), my_values.get(name), their_values.get(name)
        if said == was:
            return came
        choice = choices.get((theirs.task, name), MINE) if came not in (was, said) else MINE
        if choice == BOTH and isinstance(said, str) and isinstance(came, str) and name in TEXTS:
            return "\n".join(part for part in (said, came) if part)
        return came if choice == THEIRS else said

    answer = Answer(**{attribute: one(name) for name, attribute in _MEMBERS.items()})  # type: ignore[arg-type]
    numbers = {target: value for target in theirs.measurements if isinstance(value := one(target), Decimal | None)}
    return replace(theirs, answer=answer, measurements=numbers, proof=_proofs(old, mine, theirs))


def _proofs(old: Matter, mine: Matter, theirs: Matter) -> tuple[ProofEntry, ...]:
    """Files of both sides, without those that one side took away."""
    before = {p.sha256 for p in old.proof}
    my_files, their_files = {p.sha256 for p in mine.proof}, {p.sha256 for p in theirs.proof}
    kept = [p for p in theirs.proof if p.sha256 in my_files or p.sha256 not in before]
    return (*kept, *(p for p in mine.proof if p.sha256 not in before and p.sha256 not in their_files))


def _matters(before: Form, draft: Form, now: Form) -> Iterator[tuple[Matter, Matter, Matter]]:
    old = {m.task: m for m in before.matters}
    mine = {m.task: m for m in draft.matters}
    for theirs in now.matters:
        if theirs.task in old and theirs.task in mine:
            yield old[theirs.task], mine[theirs.task], theirs


def _values(matter: Matter) -> dict[str, Value]:
    members: dict[str, Value] = {name: getattr(matter.answer, attribute) for name, attribute in _MEMBERS.items()}
    return {**members, **matter.measurements}


def _names(proof: tuple[ProofEntry, ...]) -> str:
    return "、".join(sorted(p.name for p in proof))
