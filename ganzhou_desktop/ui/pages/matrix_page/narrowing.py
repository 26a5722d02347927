"""The part of the matrix that the filters leave, and how many cells of each state there are."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ganzhou_desktop.domain.matrix import Cell, Matrix
from ganzhou_desktop.domain.plan import LEAD, SUPPORT, Plan

PRINCIPAL = "principal"
RETURNED = "returned"
PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty fields ask for everything.

    `state` is a state key, RETURNED or PROVISIONAL; `role` LEAD, SUPPORT or PRINCIPAL; `words` a text sought in tasks,
    their targets and units.
    """

    unit: str = ""
    state: str = ""
    role: str = ""
    words: str = ""

    @property
    def any(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is shown: a matrix without the rows and columns that nothing is left of, and the counts for the legend."""

    matrix: Matrix
    counts: Mapping[str, int]
    """Cells by state, RETURNED and PROVISIONAL, whatever state is asked for."""


def narrowed(matrix: Matrix, plan: Plan, filters: Filters) -> Narrowed:
    """Apply filters.  Without any, every task and unit stays, cells or not."""
    sought = filters.words.strip().casefold()
    tasks = {t.id for t in matrix.tasks if sought in _task_words(plan, t.id)}
    units = {u.id for u in matrix.units if sought in _unit_words(plan, u.id, u.name, u.short)}
    found = [
        c
        for c in matrix.cells
        if (not filters.unit or c.unit == filters.unit)
        and _role_fits(c, filters.role)
        and (not sought or _hit(c, tasks, units))
    ]
    shown = [c for c in found if _state_fits(c, filters.state)]
    counts = Counter(c.state for c in found)
    counts[RETURNED] = sum(c.returned for c in found)
    counts[PROVISIONAL] = sum(c.provisional for c in found)
    if not filters.any:
        return Narrowed(matrix, counts)
    with_cells = {c.task for c in shown}, {c.unit for c in shown}
    kept_tasks = tuple(t for t in matrix.tasks if t.id in with_cells[0])
    kept_units = tuple(
        replace(
            u,
            leads=sum(c.unit == u.id and c.role == LEAD for c in shown),
            supports=sum(c.unit == u.id and c.role != LEAD for c in shown),
        )
        for u in matrix.units
        if u.id in with_cells[1]
    )
    groups = tuple(g for g in matrix.groups if any(t.group == g.id for t in kept_tasks))
    return Narrowed(replace(matrix, groups=groups, tasks=kept_tasks, units=kept_units, cells=tuple(shown)), counts)


def _hit(cell: Cell, tasks: Collection[str], units: Collection[str]) -> bool:
    return cell.task in tasks or cell.unit in units


def _role_fits(cell: Cell, role: str) -> bool:
    if role == PRINCIPAL:
        return cell.principal
    return not role or cell.role == (LEAD if role == LEAD else SUPPORT)


def _state_fits(cell: Cell, state: str) -> bool:
    if state == RETURNED:
        return cell.returned
    if state == PROVISIONAL:
        return cell.provisional
    return not state or cell.state == state


def _task_words(plan: Plan, task: str) -> str:
    known = plan.task_by_id[task]
    targets = (f"{t.id} {t.name} {t.short}" for t in plan.targets_of(task))
    return "\n".join((f"任务{task}", known.title, known.short, *targets)).casefold()


def _unit_words(plan: Plan, unit: str, name: str, short: str) -> str:
    known = plan.unit_by_id[unit]
    return "\n".join((name, short, known.name, known.short, *known.aliases, *known.renamed)).casefold()
