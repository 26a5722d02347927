"""The task matrix: tasks × units, each cell's state from one rule."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ganzhou_desktop.domain import filings as filing
from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.filings import Answer, Filing, Review
from ganzhou_desktop.domain.forms import FILED
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import LEAD, Plan, Role


class Cell(NamedTuple):
    """One cell.  `state` is a state key (see states.py), `word` what is shown, `record` the submission it opens.

    A tuple: of those there are thousands, and a frozen dataclass takes three times as long to make.
    """

    task: str
    unit: str
    role: str
    principal: bool
    state: str
    word: str
    record: str | None
    returned: bool = False
    provisional: bool = False
    """True while 两处不一致 touches it: shown and printed with ※."""
    why: str = ""
    """One sentence: how the rule came to this state."""


@dataclass(frozen=True, slots=True)
class MatrixTask:
    """A row: task with its group and 任务状态, the worst of its ◎ cells."""

    id: str
    title: str
    group: str
    state: str
    word: str
    provisional: bool = False
    """True while one of the ◎ cells is: another value may make another of them the worst."""


@dataclass(frozen=True, slots=True)
class MatrixUnit:
    """A column, named as on the day asked for."""

    id: str
    name: str
    short: str
    leads: int
    supports: int


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """A group row: 一、完善三大平台."""

    id: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix for one period as of one day."""

    title: str
    period: str
    period_last: str
    as_of: str
    groups: tuple[MatrixGroup, ...]
    tasks: tuple[MatrixTask, ...]
    units: tuple[MatrixUnit, ...]
    cells: tuple[Cell, ...]
    demo: bool = False
    partial: bool = False
    """True on a unit's PC: 仅含本单位."""


PACED = (states.BELOW_FLOOR, states.OVERDUE, states.BADLY_BEHIND, states.BEHIND, states.SLOW, states.OK)
"""Gauge states that say something about a lead's work; the others (no data, no baseline, not due) say nothing."""
FULFILLED = (states.REACHED, states.DONE)


def cell_state(
    role: str, answer: Answer | None, gauges: Iterable[Gauge], period_last: date, *, filed: bool, held: bool
) -> tuple[str, str]:
    """The one rule of a cell: (state, how it came to that in one sentence).

    In this order: data not held here → 不在本副本; nothing filed or this matter unanswered → 未填报; answered 不适用 or
    数据未发布 → that.  Then the unit's own report: an expected day before the period's last day → 逾期, any other
    expected day → 滞后 (giving one says one is behind), 有进展 → 正常, 无进展 → 滞后 for ◎ and 无进展 for ○.  For ○
    that is all.  For ◎ it is the worst of the report and of `gauges`, the targets this unit reports on this task, as
    far as those have a pace or a floor (PACED).  完成 only if the report is 正常 and every one of at least one gauge
    is reached or done.  Whether the filing came late never matters here: `periods.lateness` says that.
    """
    if not held:
        return states.NOT_HELD, "本副本不含这个单位的数据。"
    if not filed or answer is None or answer.kind is None:
        return states.NOT_FILED, "本期填了报表，但这一项没有答复。" if filed else "本期还没有提交。"
    if answer.kind == filing.NOT_APPLICABLE:
        return states.NOT_APPLICABLE, "单位答复：不适用。"
    if answer.kind == filing.NOT_PUBLISHED:
        return states.NOT_PUBLISHED, "单位答复：数据未发布。"
    state, why = _own_report(role, answer, period_last)
    if role != LEAD:
        return state, why + "配合事项只看本单位的配合情况。"
    mine = list(gauges)
    if state == states.OK and mine and all(g.state in FULFILLED for g in mine):
        return states.DONE, f"{why}所报指标（{_names(mine)}）都已达到或完成。"
    paced = [g for g in mine if g.state in PACED]
    if not paced:
        return state, why
    overall = states.worst([state, *(g.state for g in paced)])
    if overall == state:
        return state, why
    cause = [g for g in paced if g.state == overall]
    return overall, f"{why}所报指标 {_names(cause)} {states.WORDS[overall]}，取最差的一档。"


def _own_report(role: str, answer: Answer, period_last: date) -> tuple[str, str]:
    said = "有进展" if answer.kind == filing.PROGRESS else "无进展"
    if answer.expected is not None:
        day = f"{answer.expected.year}年{answer.expected.month}月{answer.expected.day}日"
        if answer.expected < period_last:
            return states.OVERDUE, f"单位答复：{said}，预计 {day} 完成，到期末已过。"
        return states.BEHIND, f"单位答复：{said}，预计 {day} 完成，即尚未按时完成。"
    if answer.kind == filing.PROGRESS:
        return states.OK, "单位答复：有进展。"
    return states.BEHIND if role == LEAD else states.IDLE, "单位答复：无进展。"


def _names(gauges: Iterable[Gauge]) -> str:
    return "、".join(f"{g.id} {g.short}" for g in gauges)


def returned_tasks(current: Filing | None, reviews: Iterable[Review]) -> frozenset[str] | None:
    """The matters of the current filing that were returned one by one; None when it was returned as a whole.

    A return that names matters returns those only.  Once the unit files anew, earlier returns no longer count.
    """
    tasks: set[str] = set()
    for review in reviews:
        if current is None or review.filing not in current.ids:
            continue
        if review.result == filing.RETURN and not review.tasks:
            return None
        tasks.update(review.tasks)
    return frozenset(tasks)


def build_matrix(
    plan: Plan,
    period: Period,
    filings: Mapping[str, Filing],
    reviews: Mapping[str, tuple[Review, ...]],
    gauges: Iterable[Gauge],
    held_units: frozenset[str] | None,
    as_of: date,
) -> Matrix:
    """The matrix of one period.

    `filings`, `reviews` of this period by unit id; `gauges` built with on=period.last; `held_units` None for all.
    Columns are the units that exist on `as_of`, named as on that day; the cells of a unit that has ended stand in its
    successor's column (◎ before ○, then the worst).
    """
    by_cell: dict[tuple[str, str], list[Gauge]] = {}
    for gauge in gauges:
        by_cell.setdefault((gauge.task, gauge.reporting_unit), []).append(gauge)
    columns: dict[str, dict[str, list[Cell]]] = {}
    column_of = {u.id: plan.standing_in(u, as_of) for u in plan.units}
    filed_by = {u.id: _Filed.of(u.id, filings.get(u.id), reviews.get(u.id, ()), held_units) for u in plan.units}
    for role in plan.roles:
        column = column_of[role.unit]
        if column.valid_from is None or column.valid_from <= as_of:
            mine = by_cell.get((role.task, role.unit), ()) if role.kind == LEAD else ()
            cell = _cell(plan, role, period, filed_by[role.unit], mine)
            columns.setdefault(role.task, {}).setdefault(column.id, []).append(cell)

    with_cells = set().union(*columns.values())
    shown = [u for u in plan.units if u.id in with_cells]
    order_of_unit = {u.id: n for n, u in enumerate(shown)}
    ordered: list[Cell] = []
    tasks = []
    for task in plan.tasks:
        found = columns.get(task.id, {})
        row = [_folded(plan, unit, found[unit], period) for unit in sorted(found, key=order_of_unit.__getitem__)]
        judged = [c for c in row if c.role == LEAD]
        state, doubtful = states.worst([c.state for c in judged]), any(c.provisional for c in judged)
        tasks.append(MatrixTask(task.id, task.title, task.group, state, states.WORDS[state], doubtful))
        ordered += row
    load = Counter((c.unit, c.role == LEAD) for c in ordered)
    units = []
    for unit in shown:
        name, short = plan.naming(unit, as_of)
        leads, supports = load[unit.id, True], load[unit.id, False]
        units.append(MatrixUnit(id=unit.id, name=name, short=short, leads=leads, supports=supports))
    return Matrix(
        title=f"{plan.document.short_title}任务矩阵",
        period=period.name,
        period_last=period.last.isoformat(),
        as_of=as_of.isoformat(),
        groups=tuple(MatrixGroup(id=g.id, number=g.number, title=g.title) for g in plan.groups),
        tasks=tuple(tasks),
        units=tuple(units),
        cells=tuple(ordered),
        demo=plan.document.demo,
        partial=held_units is not None and any(r.unit not in held_units for r in plan.roles),
    )


@dataclass(frozen=True, slots=True)
class _Filed:
    """What one unit filed for the period; `returned`: the tasks sent back, None for all of them."""

    filing: Filing | None
    submitted: bool
    held: bool
    returned: frozenset[str] | None

    @classmethod
    def of(cls, unit: str, filing: Filing | None, reviews: tuple[Review, ...], held: frozenset[str] | None) -> "_Filed":
        here = held is None or unit in held
        returned = returned_tasks(filing, reviews) if here else frozenset()
        return cls(filing if here else None, filing is not None and filing.submitted, here, returned)


def _cell(plan: Plan, role: Role, period: Period, filed: _Filed, gauges: Sequence[Gauge]) -> Cell:
    current = filed.filing
    answer = current.answers.get(role.task) if current is not None and filed.submitted else None
    state, why = cell_state(role.kind, answer, gauges, period.last, filed=filed.submitted, held=filed.held)
    contested = False
    if current is not None and current.contested:
        asked = (t.id for t in plan.asked_of(role.unit, role.task))
        contested = not current.contested.isdisjoint((role.task, *asked))
        contested = contested or (not filed.submitted and FILED in current.contested)
    if role.kind == LEAD and answer is not None:
        contested = contested or any(g.provisional for g in gauges)
    return Cell(
        task=role.task,
        unit=role.unit,
        role=role.kind,
        principal=role.principal,
        state=state,
        word=states.WORDS[state],
        record=current.record if current is not None else None,
        returned=filed.returned is None or role.task in filed.returned,
        provisional=contested,
        why=why,
    )


def _folded(plan: Plan, column: str, found: list[Cell], period: Period) -> Cell:
    """One cell out of those that fall on one place once ended units stand in their successor's column.

    ◎ before ○: an ○ beside a ◎ is not judged.  A unit that had ended by the period's first day is not missed as
    未填报 while another of them answered.
    """
    if len(found) == 1 and found[0].unit == column:
        return found[0]

    def stood(cell: Cell) -> bool:
        end = plan.unit_by_id[cell.unit].valid_to
        return end is None or end > period.first

    judged = [c for c in found if c.role == LEAD] or found
    cells = [c for c in judged if c.state != states.NOT_FILED or stood(c)] or judged
    state = states.worst([c.state for c in cells])
    shown = next(c for c in cells if c.state == state)
    merged = len(found) > 1
    return Cell(
        task=shown.task,
        unit=column,
        role=shown.role,
        principal=any(c.principal for c in cells),
        state=state,
        word=shown.word,
        record=shown.record,
        returned=any(c.returned for c in cells),
        provisional=any(c.provisional for c in cells),
        why=f"由 {len(found)} 个单位的答复并成，取最差的一档。{shown.why}" if merged else shown.why,
    )
