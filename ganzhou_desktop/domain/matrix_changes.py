"""What differs between the matrix of one period and that of an earlier one: better, worse, or only different."""

from collections.abc import Mapping
from dataclasses import dataclass

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Matrix

BETTER = "better"
WORSE = "worse"
SHIFTED = "shifted"
CHANGE_WORDS = {BETTER: "好转", WORSE: "变差", SHIFTED: "有变"}

_JUDGED = (
    states.BELOW_FLOOR,
    states.OVERDUE,
    states.BADLY_BEHIND,
    states.BEHIND,
    states.SLOW,
    states.OK,
    states.REACHED,
    states.DONE,
)
"""States that say how the work stands, worst first; between the others nothing is better or worse."""

TASK = ""
"""In the place of a unit: the task's own state."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place; `before` is the state it had."""

    kind: str
    before: str

    @property
    def word(self) -> str:
        """好转, as said; `was` tells from what."""
        return CHANGE_WORDS[self.kind]

    @property
    def was(self) -> str:
        return f"原{states.WORDS[self.before]}"


def compare(before: str, now: str) -> Change | None:
    """How a state changed; None where it did not."""
    if before == now:
        return None
    if before not in _JUDGED or now not in _JUDGED:
        return Change(SHIFTED, before)
    return Change(BETTER if _JUDGED.index(now) > _JUDGED.index(before) else WORSE, before)


def changes(now: Matrix, then: Matrix) -> Mapping[tuple[str, str], Change]:
    """(task, unit) → the change, and (task, TASK) for the tasks' own states; both as of the same day."""
    was = {(c.task, c.unit): c.state for c in then.cells} | {(t.id, TASK): t.state for t in then.tasks}
    stands = {(c.task, c.unit): c.state for c in now.cells} | {(t.id, TASK): t.state for t in now.tasks}
    found = {place: compare(was[place], state) for place, state in stands.items() if place in was}
    return {place: change for place, change in found.items() if change is not None}
