"""The part of the matrix that columns and filters leave, and how many cells of each state there are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ganzhou_desktop.domain.matrix import Cell, Matrix
from ganzhou_desktop.domain.matrix_changes import CHANGE_WORDS, Change
from ganzhou_desktop.domain.plan import LEAD, SUPPORT, Plan

PRINCIPAL = "principal"
RETURNED = "returned"
PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty fields ask for everything.

    `state` is a state key, RETURNED, PROVISIONAL or a kind of change; `role` LEAD, SUPPORT or PRINCIPAL; `words` a text
    sought in tasks, their targets and units; `changed` leaves what differs from the period compared with.
    """

    unit: str = ""
    state: str = ""
    role: str = ""
    words: str = ""
    changed: bool = False

    @property
    def any(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is shown: a matrix without the rows and columns that nothing is left of, and the counts for the legend."""

    matrix: Matrix
    counts: Mapping[str, int]
    """Cells by state, by kind of change, RETURNED and PROVISIONAL, whatever state is asked for."""


class Narrower:
    """One matrix, narrowed again and again as filters are typed."""

    def __init__(self, matrix: Matrix, plan: Plan, changes: Mapping[tuple[str, str], Change] | None = None) -> None:
        self.matrix = matrix
        self._plan = plan
        self._changes = changes or {}

    @cached_property
    def _task_words(self) -> dict[str, str]:
        return {t.id: task_words(self._plan, t.id) for t in self.matrix.tasks}

    @cached_property
    def _unit_words(self) -> dict[str, str]:
        return {u.id: unit_words(self._plan, u.id, u.name, u.short) for u in self.matrix.units}

    def narrow(self, filters: Filters) -> Narrowed:
        """Apply filters.  Without any, every task and unit stays, cells or not."""
        matrix = self.matrix
        found = [c for c in matrix.cells if self._found(c, filters)] if filters.any else list(matrix.cells)
        if filters.words.strip():
            sought = filters.words.strip().casefold()
            tasks = {i for i, words in self._task_words.items() if sought in words}
            units = {i for i, words in self._unit_words.items() if sought in words}
            found = [c for c in found if c.task in tasks or c.unit in units]
        counts = Counter(c.state for c in found)
        counts[RETURNED] = sum(c.returned for c in found)
        counts[PROVISIONAL] = sum(c.provisional for c in found)
        if self._changes:
            kinds = (self._changes.get((c.task, c.unit)) for c in found)
            counts.update(change.kind for change in kinds if change is not None)
        if not filters.any:
            return Narrowed(matrix, counts)
        shown = [c for c in found if self._state_fits(c, filters.state)] if filters.state else found
        return Narrowed(_left(matrix, shown), counts)

    def _found(self, cell: Cell, filters: Filters) -> bool:
        return (
            (not filters.unit or cell.unit == filters.unit)
            and _role_fits(cell, filters.role)
            and (not filters.changed or (cell.task, cell.unit) in self._changes)
        )

    def _state_fits(self, cell: Cell, state: str) -> bool:
        if state == RETURNED:
            return cell.returned
        if state == PROVISIONAL:
            return cell.provisional
        if state in CHANGE_WORDS:
            change = self._changes.get((cell.task, cell.unit))
            return change is not None and change.kind == state
        return cell.state == state


def narrowed(
    matrix: Matrix, plan: Plan, filters: Filters, changes: Mapping[tuple[str, str], Change] | None = None
) -> Narrowed:
    """One matrix narrowed once."""
    return Narrower(matrix, plan, changes).narrow(filters)


def _left(matrix: Matrix, shown: list[Cell]) -> Matrix:
    with_cells = {c.task for c in shown}
    load = Counter((c.unit, c.role == LEAD) for c in shown)
    units = tuple(
        replace(u, leads=load[u.id, True], supports=load[u.id, False])
        for u in matrix.units
        if load[u.id, True] or load[u.id, False]
    )
    tasks = tuple(t for t in matrix.tasks if t.id in with_cells)
    kept_groups = {t.group for t in tasks}
    groups = tuple(g for g in matrix.groups if g.id in kept_groups)
    return replace(matrix, groups=groups, tasks=tasks, units=units, cells=tuple(shown))


def _role_fits(cell: Cell, role: str) -> bool:
    if role == PRINCIPAL:
        return cell.principal
    return not role or cell.role == (LEAD if role == LEAD else SUPPORT)


def task_words(plan: Plan, task: str) -> str:
    """What a task is found by: its number, its names, its targets."""
    known = plan.task_by_id[task]
    targets = (f"{t.id} {t.name} {t.short}" for t in plan.targets_of(task))
    return "\n".join((f"任务{task}", known.title, known.short, *targets)).casefold()


def unit_words(plan: Plan, unit: str, name: str, short: str) -> str:
    """What a unit is found by: every name it bears or bore."""
    known = plan.unit_by_id[unit]
    return "\n".join((name, short, known.name, known.short, *known.aliases, *known.renamed)).casefold()
