"""The office's answer to a unit in words, row by row: each matter, then the confirmed figures that concern it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ganzhou_desktop.domain.filings import ACCEPTED, MISSING, REFILED, RETURNED, SUBMITTED
from ganzhou_desktop.domain.forms import role_in
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.exchange_desk import NOT_SAID, MatterAnswer
from ganzhou_desktop.services.merging import FieldChange
from ganzhou_desktop.ui.change_words import pair_lines, subject, task_words
from ganzhou_desktop.ui.texts import figure_number, role_word, with_unit

CONFIRMED = "confirmed"
CHANGED_FIGURE = "figure"

VERDICT_WORDS = {
    ACCEPTED: "已接收",
    RETURNED: "退回",
    SUBMITTED: "等区里审核",
    NOT_SAID: "没有退回",
    MISSING: "未提交",
    CONFIRMED: "核定值",
    CHANGED_FIGURE: "核定值变了",
}
STATE_WORDS = {
    MISSING: "还没有提交",
    SUBMITTED: "已提交，等区里审核",
    ACCEPTED: "区里已接收",
    RETURNED: "区里已退回",
    REFILED: "已重报，等区里审核",
}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of 逐条答复; `task` empty for a figure."""

    task: str
    subject: str
    role: str
    verdict: str
    reason: str

    @property
    def word(self) -> str:
        return VERDICT_WORDS[self.verdict]


def answer_rows(
    plan: Plan, unit: str, matters: Iterable[MatterAnswer], changes: Iterable[FieldChange] = ()
) -> list[AnswerRow]:
    """Matters first, then the confirmed figures of this unit's matters; `changes`: what the last answer changed."""
    rows = []
    tasks = []
    for matter in matters:
        task = plan.task_by_id.get(matter.task)
        title = task_words(plan, matter.task) + (f"　{task.title}" if task is not None else "")
        tasks.append(matter.task)
        rows.append(
            AnswerRow(matter.task, title, role_word(role_in(plan, unit, matter.task)), matter.verdict, matter.reason)
        )
    told = set()
    for change in changes:
        if change.kind == "figure" and change.field == "confirmed":
            before, after = pair_lines(plan, change.kind, change.field, change.before, change.after)
            words = subject(plan, change.kind, change.key, change.field)
            told.add(change.key)
            after = marked(after, change.key in plan.contested)
            rows.append(AnswerRow("", words, "", CHANGED_FIGURE, f"由 {before} 改为 {after}"))
    for figure in plan.figures:
        target = plan.target_by_id.get(figure.id.partition(".")[0])
        if figure.confirmed is None or figure.id in told or target is None or target.task not in tasks:
            continue
        if target.headline and target.reporting_unit != unit:
            continue
        basis = f"，依据：{figure.basis}" if figure.basis else ""
        printed = f"，原文 {figure.printed}" if figure.printed else ""
        value = marked(with_unit(figure.confirmed, figure.unit), figure.id in plan.contested)
        rows.append(
            AnswerRow("", f"{figure_number(figure.id)}　{figure.name}", "", CONFIRMED, f"{value}{printed}{basis}")
        )
    return rows
