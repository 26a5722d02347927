"""One change of the preview in full: what lies here beside what comes."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.merging import CONTESTED, FieldChange
from ganzhou_desktop.ui.change_words import HOW_WORDS, at_text, subject, unit_name, value_text
from ganzhou_desktop.ui.pages.exchange.conflict_cards import ValueCard
from ganzhou_desktop.ui.texts import CLOSE, joined, period_text
from ganzhou_desktop.ui.widgets import Button, PlainLabel, ScrimDialog

_SAID = {
    CONTESTED: "两边互不知道对方的改动：合入后两个值都留着，等人裁定。",
    "new": "这里还没有写过，合入后就是来册值。",
    "changed": "来册值是在本册现值上接着改的，合入后就是来册值；现值留在历史里。",
}


class ValuesDialog(ScrimDialog):
    """Both values side by side; nothing to choose."""

    def __init__(self, parent: QWidget, plan: Plan, change: FieldChange) -> None:
        words = subject(plan, change.kind, change.key, change.field, change.key, change.about)
        when = period_text(change.key) if change.kind == "submission" else ""
        super().__init__(
            parent, words, joined((unit_name(plan, change.unit), when, HOW_WORDS[change.how])), width=860, height=460
        )
        came = change.beside if change.how == CONTESTED else change.after
        before, after = (value_text(plan, change.kind, change.field, v, change.about) for v in (change.before, came))
        row = QHBoxLayout()
        row.setSpacing(10)
        self.before = ValueCard("本册现值", "合入前显示的\n ", before, None, choosable=False)
        who = joined((at_text(change.at), change.author)) or "—"
        self.after = ValueCard("来册值", f"{who}\n紫色标出与现值不同的字", after, before, choosable=False)
        row.addWidget(self.before, 1)
        row.addWidget(self.after, 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(PlainLabel(_SAID[change.how], "second", wrap=True))
        self.close_button = Button(CLOSE, kind="main")
        self.close_button.setObjectName("close_values")
        self.close_button.clicked.connect(self.accept)
        self.add_foot(self.close_button)
        self.close_button.setFocus()
