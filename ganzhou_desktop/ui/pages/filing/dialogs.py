"""Dialogs of the form page: the plan's own words, and what came in beside what the draft says."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganzhou_desktop.domain.draft_moving import BOTH, MINE, THEIRS, Choices, Difference, Value
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.services.form_docx import Returned
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.texts import ANSWER_WORDS, CLOSE, date_text, number_text
from ganzhou_desktop.ui.widgets import Button, PlainLabel, ScrimDialog, Segmented, rule

FIELD_WORDS = {
    "answer": "本期情况",
    "progress": "本期进展",
    "problems": "存在问题",
    "next_steps": "下步措施",
    "expected": "预计完成",
    "proof": "佐证材料",
}


def matter_name(plan: Plan, task: str) -> str:
    """任务6 创新技术企业培育工程, 目标任务."""
    return "目标任务" if task == HEADLINE else f"任务{task} {plan.task_by_id[task].title}"


def field_name(plan: Plan, field: str) -> str:
    """本期进展, 6b 小微企业成长为规上企业."""
    known = FIELD_WORDS.get(field)
    return known if known else f"{field} {plan.target_by_id[field].short}"


def value_words(value: Value) -> str:
    """A value as people read it; （空） for none."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date):
        return date_text(value)
    return ANSWER_WORDS.get(value or "", value or "（空）")


def _scrolled(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    content.setProperty("kind", "scrollBody")
    scroll.setWidget(content)
    return scroll


class ClauseDialog(ScrimDialog):
    """方案原文: the clauses behind a matter in full, and what this unit is asked."""

    def __init__(self, parent: QWidget, plan: Plan, task: str, unit: str) -> None:
        super().__init__(parent, "方案原文", matter_name(plan, task), icon_name="document_text", width=680, height=460)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.GAP_M, 0)
        column.setSpacing(theme.GAP_S)
        role = plan.role_by_cell.get((task, unit))
        if role is not None and role.asked:
            column.addWidget(PlainLabel(f"要{plan.unit_by_id[unit].name}做的", "strong"))
            quote = QFrame()
            quote.setProperty("kind", "result")
            inside = QVBoxLayout(quote)
            inside.addWidget(PlainLabel(role.asked, wrap=True))
            column.addWidget(quote)
        for clause_id in self._clauses(plan, task, unit):
            clause = plan.clause_by_id[clause_id]
            column.addSpacing(theme.GAP)
            column.addWidget(PlainLabel(f"{clause.number}{clause.title}", "strong", wrap=True))
            column.addWidget(PlainLabel(clause.text, wrap=True))
        for target in plan.asked_of(unit, task):
            if target.note:
                column.addWidget(PlainLabel(f"{target.id}：{target.note}", "note", wrap=True))
        column.addWidget(PlainLabel("以上照录方案印本；印本中的数字待区里核定。", "note"))
        column.addStretch(1)
        self.body.addWidget(_scrolled(content), 1)
        close = Button(CLOSE)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        self.add_foot(close)

    def _clauses(self, plan: Plan, task: str, unit: str) -> list[str]:
        if task == HEADLINE:
            return list(dict.fromkeys(t.clause for t in plan.asked_of(unit, task) if t.clause in plan.clause_by_id))
        found = plan.task_by_id[task].clause
        return [found, *(c.id for c in plan.clauses if c.parent == found)] if found in plan.clause_by_id else []


class NewerDialog(ScrimDialog):
    """What came in since the draft was begun, place by place; where both changed, one is chosen."""

    def __init__(self, parent: QWidget, plan: Plan, found: Sequence[Difference]) -> None:
        clashes = sum(d.clash for d in found)
        note = f"{len(found)} 处新内容，其中 {clashes} 处和草稿不同" if clashes else f"{len(found)} 处新内容"
        super().__init__(parent, "新合入的内容和草稿", note, icon_name="branch_compare", width=760, height=480)
        self._picks: dict[tuple[str, str], Segmented] = {}
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.GAP_M, 0)
        column.setSpacing(theme.GAP_S)
        task = ""
        for difference in found:
            if difference.task != task:
                task = difference.task
                column.addWidget(PlainLabel(matter_name(plan, task), "card"))
            column.addWidget(self._place(plan, difference))
            column.addWidget(rule())
        column.addStretch(1)
        self.body.addWidget(
            PlainLabel(
                "草稿没有动过的地方采用新内容；草稿写过的地方由您选定，不选就保留草稿的字。"
                if clashes
                else "草稿没有动过这些地方，已采用新内容。",
                "second",
                wrap=True,
            )
        )
        self.body.addWidget(_scrolled(content), 1)
        self.take = Button("采用新内容为底", kind="main")
        self.take.setObjectName("moveDraft")
        later = Button("先不动")
        later.clicked.connect(self.reject)
        self.take.clicked.connect(self.accept)
        self.add_foot(later)
        self.add_foot(self.take)

    def pick(self, task: str, field: str) -> Segmented:
        """The choice of one place."""
        return self._picks[task, field]

    def choices(self) -> Choices:
        """What was chosen."""
        return {place: str(pick.current()) for place, pick in self._picks.items()}

    def _place(self, plan: Plan, difference: Difference) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(field_name(plan, difference.field), "strong"))
        head.addStretch(1)
        if difference.clash:
            ways = [(MINE, "留草稿的"), (THEIRS, "用新的")]
            if difference.text and difference.mine and difference.theirs:
                ways.insert(1, (BOTH, "两段都留"))
            pick = Segmented(ways)
            self._picks[difference.place] = pick
            head.addWidget(pick)
        else:
            head.addWidget(PlainLabel("草稿没有动过，采用新内容", "note"))
        column.addLayout(head)
        pair = QHBoxLayout()
        pair.setSpacing(theme.GAP_M)
        words = (("新内容", difference.theirs), ("草稿", difference.mine))
        for title, value in words if difference.clash else (words[0], ("原来", difference.before)):
            side = QVBoxLayout()
            side.setSpacing(0)
            side.addWidget(PlainLabel(title, "note"))
            side.addWidget(PlainLabel(value_words(value), wrap=True))
            side.addStretch(1)
            pair.addLayout(side, 1)
        column.addLayout(pair)
        return box


class ReturnedDialog(ScrimDialog):
    """What came back in a Word file beside the draft, place by place; the paper's is taken unless told otherwise."""

    def __init__(self, parent: QWidget, plan: Plan, returned: Returned, name: str) -> None:
        found = returned.found
        super().__init__(
            parent,
            "读回 Word 表",
            f"{name}：{len(found)} 处和现在填的不同",
            icon_name="branch_compare",
            width=760,
            height=520,
        )
        self._picks: dict[tuple[str, str], Segmented] = {}
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.GAP_M, 0)
        column.setSpacing(theme.GAP_S)
        task = ""
        for difference in found:
            if difference.task != task:
                task = difference.task
                column.addWidget(PlainLabel(matter_name(plan, task), "card"))
            column.addWidget(self._place(plan, difference))
            column.addWidget(rule())
        column.addStretch(1)
        for sentence in (*returned.wrong, *returned.notes):
            self.body.addWidget(PlainLabel(sentence, "note", wrap=True))
        if not found:
            self.body.addWidget(PlainLabel("这份表和现在填的一样，没有要改的。", "second"))
        self.body.addWidget(_scrolled(content), 1)
        self.take = Button(f"采用选定的 {len(found)} 处", kind="main")
        self.take.setObjectName("takeReturned")
        later = Button("不读回")
        later.clicked.connect(self.reject)
        self.take.clicked.connect(self.accept)
        self.add_foot(later)
        self.add_foot(self.take)
        self.take.setVisible(bool(found))
        for pick in self._picks.values():
            pick.chosen.connect(lambda _: self._count())

    def pick(self, task: str, field: str) -> Segmented:
        """The choice of one place."""
        return self._picks[task, field]

    def choices(self) -> Choices:
        """What was chosen."""
        return {place: str(pick.current()) for place, pick in self._picks.items()}

    def _count(self) -> None:
        wanted = sum(pick.current() == THEIRS for pick in self._picks.values())
        self.take.setText(f"采用选定的 {wanted} 处")
        self.take.set_enabled_because(wanted > 0, "没有选用 Word 里的任何一处")

    def _place(self, plan: Plan, difference: Difference) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(field_name(plan, difference.field), "strong"))
        head.addStretch(1)
        pick = Segmented([(THEIRS, "用 Word 里的"), (MINE, "留现在的")])
        self._picks[difference.place] = pick
        head.addWidget(pick)
        column.addLayout(head)
        pair = QHBoxLayout()
        pair.setSpacing(theme.GAP_M)
        for title, value in (("Word 里", difference.theirs), ("现在填的", difference.mine)):
            side = QVBoxLayout()
            side.setSpacing(0)
            side.addWidget(PlainLabel(title, "note"))
            side.addWidget(PlainLabel(value_words(value), wrap=True))
            side.addStretch(1)
            pair.addLayout(side, 1)
        column.addLayout(pair)
        return box
