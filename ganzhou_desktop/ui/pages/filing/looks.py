"""What the form page says of a desk: the list's lines, the head of a matter, the foot; plain values for its widgets."""

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.filing_desk import Desk
from ganzhou_desktop.ui.pages.filing.dialogs import field_name
from ganzhou_desktop.ui.pages.filing.editing import Editing
from ganzhou_desktop.ui.pages.filing.matter_form import MatterLook
from ganzhou_desktop.ui.pages.filing.matter_list import MatterRow
from ganzhou_desktop.ui.pages.filing.number_table import number_rows
from ganzhou_desktop.ui.pages.filing.submit_bar import Spot
from ganzhou_desktop.ui.texts import (
    ANSWER_WORDS,
    ROLE_WORDS,
    joined,
    number_text,
    period_text,
    role_word,
    short_date,
)

FILING_WORDS = {
    filings.MISSING: "未提交",
    filings.SUBMITTED: "已提交",
    filings.ACCEPTED: "已接收",
    filings.RETURNED: "已退回",
    filings.REFILED: "已重报",
}
OFFICE = "区级汇总"


def filing_word(state: str) -> str:
    """已提交, 已接收 …; empty for an unknown state."""
    return FILING_WORDS.get(state, "")


def state_of(desk: Desk) -> str:
    """Where the unit's filing stands."""
    return desk.status.state if desk.status is not None else filings.MISSING


def at_rest(desk: Desk) -> bool:
    """Submitted, not returned, and no draft begun since: then it is looked at, not typed into."""
    state = state_of(desk)
    return state in (filings.SUBMITTED, filings.ACCEPTED, filings.REFILED) and desk.state.draft_saved is None


def matter_title(plan: Plan, task: str) -> str:
    """6 创新技术企业培育工程, 目标任务."""
    return "目标任务" if task == HEADLINE else f"{task} {plan.task_by_id[task].title}"


def short_title(plan: Plan, task: str) -> str:
    """6 企业培育, 目标任务."""
    return "目标任务" if task == HEADLINE else f"{task} {plan.task_by_id[task].short}"


# -- the list -----------------------------------------------------------------------------------------------------


def list_rows(plan: Plan, desk: Desk, editing: Editing) -> tuple[MatterRow, ...]:
    """The list in groups: 牵头, 配合, 目标任务."""
    groups: dict[str, list[MatterRow]] = {}
    for task in editing.tasks():
        role = "目标任务" if task == HEADLINE else ROLE_WORDS[editing.matter(task).role]
        groups.setdefault(role, []).append(_row(plan, desk, editing, task))
    found: list[MatterRow] = []
    for word, rows in groups.items():
        found += [MatterRow("", word, str(len(rows))), *rows]
    return tuple(found)


def _row(plan: Plan, desk: Desk, editing: Editing, task: str) -> MatterRow:
    role = plan.role_by_cell.get((task, desk.unit))
    answer = editing.matter(task).answer
    returned = desk.returned.get(task)
    state = _row_state(desk, editing, task)
    if returned is not None:
        note = f"退回：{returned.reason}"
    else:
        part = "报送" if role is None else role_word(role.kind, role.principal)
        note = joined([part, ANSWER_WORDS.get(answer.kind or "", "")])
    title = "目标任务的各项指标" if task == HEADLINE else short_title(plan, task)
    principal = role is not None and role.principal
    return MatterRow(task, title, note, "" if role is None else role.kind, principal, state)


def _row_state(desk: Desk, editing: Editing, task: str) -> str:
    if any(where.startswith(f"{task}/") for where in editing.errors):
        return "error"
    if task in desk.returned:
        return "mended" if editing.changed(task) else "returned"
    if desk.state.filing is not None and _contested(plan_places(editing, task), desk.state.filing):
        return "differs"
    if state_of(desk) == filings.ACCEPTED and not editing.changed(task):
        return "received"
    return "filled" if editing.answered(task) else "empty"


def plan_places(editing: Editing, task: str) -> set[str]:
    """The task's id and the ids of its numbers, as 两处不一致 name them."""
    return {task, *editing.matter(task).measurements}


def _contested(places: set[str], filing: Filing) -> bool:
    return bool(places & filing.contested)


def first_task(desk: Desk, editing: Editing) -> str:
    """Where to begin: what was returned, else what is not filled, else the first."""
    tasks = editing.tasks()
    back = [t for t in tasks if t in desk.returned and not editing.changed(t)]
    return next(iter([*back, *editing.unanswered(), *tasks]), "")


# -- the matter ---------------------------------------------------------------------------------------------------


def matter_look(plan: Plan, desk: Desk, editing: Editing, task: str, *, locked: bool) -> MatterLook:
    """The head, the numbers and the past column of one matter."""
    role = plan.role_by_cell.get((task, desk.unit))
    asked = plan.asked_of(desk.unit, task)
    past = desk.state.previous
    returned = desk.returned.get(task)
    places = plan_places(editing, task)
    contested = desk.state.filing is not None and _contested(places, desk.state.filing)
    return MatterLook(
        task=task,
        title=matter_title(plan, task),
        role="" if role is None else role.kind,
        principal=role is not None and role.principal,
        role_word="" if role is None else role_word(role.kind, role.principal),
        asked=f"方案要求：{role.asked}" if role is not None and role.asked else _default_note(plan, task),
        tag=_tag(desk, task, locked=locked),
        returned=""
        if returned is None
        else f"{OFFICE} {short_date(returned.on, desk.period.due.year)}退回：“{returned.reason}”",
        contested=contested,
        numbers=number_rows(plan, asked, desk.sums, desk.counted, desk.doubtful, desk.doubtful_counts),
        numbers_note=_numbers_note(plan, desk, task, bool(asked)),
        period=f"本期 {period_text(desk.period.name)}",
        past=joined([f"上期 {period_text(past.period)}", filing_word(desk.previous_state)]) if past else "",
        past_answer=past.answers.get(task) if past else None,
        past_numbers=_past_numbers(plan, desk, task),
        past_proofs=sum(p.task == task for p in past.proofs) if past else 0,
        last_day=desk.period.last,
        locked=locked,
        registers=_register_words(plan, desk, task),
    )


def _register_words(plan: Plan, desk: Desk, task: str) -> tuple[tuple[str, str], ...]:
    """The registers this unit keeps for a task, and for the headline targets it reports those that make them."""
    asked = {t.id for t in plan.asked_of(desk.unit, task)}
    makes = {rule.register for rule in plan.rules if rule.target in asked}
    found = []
    for register in plan.registers_of(desk.unit):
        if task in register.tasks or register.id in makes:
            new, held = desk.entries.get(register.id, (0, 0))
            dated = f"本期 {new} 条，" if register.starts else ""
            found.append((register.id, f"{register.short}：{dated}共 {held} 条"))
    return tuple(found)


def _default_note(plan: Plan, task: str) -> str:
    if task == HEADLINE:
        return "方案没有写明由谁报送，暂由本单位报送（待明确）"
    return ""


def _tag(desk: Desk, task: str, *, locked: bool) -> tuple[str, str]:
    filing = desk.state.filing
    number = filing.round if filing is not None and filing.submitted else 0
    if task in desk.returned:
        return "returned", f"已退回 · 第 {number + 1} 稿" if number else "已退回"
    if desk.why_not and not number:
        return "plain", "未提交"
    if at_rest(desk) and number:
        kind = "accent" if state_of(desk) == filings.ACCEPTED else "plain"
        return kind, f"{filing_word(state_of(desk))} · 第 {number} 稿"
    return "plain", f"草稿 · 第 {number + 1} 稿" if number else "草稿"


def _numbers_note(plan: Plan, desk: Desk, task: str, asked: bool) -> str:
    if asked:
        return "不能确定的留空，没有新增填 0"
    others = dict.fromkeys(t.reporting_unit for t in plan.targets_of(task) if t.numeric and t.reporting_unit)
    names = "、".join(plan.unit_by_id[u].name for u in others)
    return f"由{names}填报，这里不用填" if names else ""


def _past_numbers(plan: Plan, desk: Desk, task: str) -> str:
    past = desk.state.previous
    if past is None:
        return ""
    lines = []
    for target in plan.asked_of(desk.unit, task):
        value = past.measurements.get(target.id)
        said = marked("未填" if value is None else f"{number_text(value)} {target.unit}", target.id in past.contested)
        lines.append(f"{target.id} {target.short} {said}")
    return "\n".join(lines)


# -- the foot -----------------------------------------------------------------------------------------------------


def spots(plan: Plan, editing: Editing) -> tuple[list[Spot], list[Spot], list[Spot]]:
    """(errors, matters not filled, soft remarks) with where to go for each."""
    errors = []
    for where, text in editing.errors.items():
        task, _, field = where.partition("/")
        errors.append(Spot(task, field, text))
    unfilled = [Spot(t, "answer", matter_title(plan, t)) for t in editing.unanswered()]
    remarks = [Spot(r.task, r.field, f"{_short(plan, r.task)}：{r.text}") for r in editing.remarks()]
    for where, text in editing.gone.items():
        _, task, field = where.split("/", 2)
        said = f"方案改了，不再由本单位填{_short(plan, task)}{_field(plan, field)}，草稿里原来写的是：{text}"
        remarks.append(Spot("", "", said))
    return errors, unfilled, remarks


def _short(plan: Plan, task: str) -> str:
    return "目标任务" if task == HEADLINE else f"任务{task}"


def _field(plan: Plan, field: str) -> str:
    return f"“{field_name(plan, field)}”" if field in plan.target_by_id or not field[:1].isdigit() else f"“{field}”"


def standing(desk: Desk, *, office: bool) -> str:
    """Where the filing stands and what comes next, for a form at rest."""
    filing, state = desk.state.filing, state_of(desk)
    if desk.why_not:
        return desk.why_not
    if filing is None or not at_rest(desk):
        return ""
    done = f"{filing_word(state)}（第 {filing.round} 稿）"
    if filing.mode == "office":
        done = f"代录{done}，来源：{filing.source or '未写'}"
    if office:
        return done if state == filings.ACCEPTED else f"{done}。下一步：审核"
    return done if state == filings.ACCEPTED else f"{done}。下一步：打印盖章，导出副本交区里"
