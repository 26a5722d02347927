"""One matter as the office reads it: a tick to return it, what was filed, the numbers, last period's text beside."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ganzhou_desktop.domain.filings import Answer, Proof
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.domain.provisional import CONTESTED, marked
from ganzhou_desktop.services.filed_views import MatterView
from ganzhou_desktop.ui import colours, gauge_looks, texts, theme
from ganzhou_desktop.ui.filed_blocks import TintBlock, answer_rows, answer_words, target_button, target_words
from ganzhou_desktop.ui.proof_list import ProofList
from ganzhou_desktop.ui.read_text import ReadText
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, PlainLabel, StateLabel, Tag, rule

_BESIDE = 250


def matter_title(plan: Plan, task: str) -> str:
    """任务 5 关键技术突破工程; 目标任务 for the headline targets."""
    return "目标任务" if task == HEADLINE else f"{task}  {plan.task_by_id[task].title}"


class MatterBlock(QWidget):
    """`ticked` speaks when the user ticks; `proof_opened` when a proof file is to be shown."""

    ticked = Signal()
    proof_opened = Signal(object)
    target_wanted = Signal(str)

    def __init__(self, plan: Plan, matter: MatterView, earlier_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matter = matter
        self._plan = plan
        self.tick = QCheckBox("退回这一项")
        self.tick.setObjectName(f"tick_{matter.task}")
        self.tick.setAccessibleName(f"退回 {matter_title(plan, matter.task)}")
        self.fold = Button("看上期", kind="text")
        self.fold.setCheckable(True)
        self.fold.setObjectName(f"earlier_{matter.task}")
        self.earlier = self._earlier(earlier_name)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        column.addLayout(self._head())
        both = QHBoxLayout()
        both.setSpacing(theme.GAP_L)
        both.addWidget(self._now(), 1, Qt.AlignmentFlag.AlignTop)
        both.addWidget(self.earlier, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(both)
        self.fold.setVisible(bool(earlier_name))
        self.earlier.hide()

        self.fold.toggled.connect(self.show_earlier)
        self.tick.clicked.connect(lambda _on: self.ticked.emit())

    def show_earlier(self, shown: bool) -> None:
        """Unfold or fold last period's text."""
        self.earlier.setVisible(shown and not self.fold.isHidden())
        self.fold.setText("收起上期" if shown else "看上期")
        blocked = self.fold.blockSignals(True)
        self.fold.setChecked(shown)
        self.fold.blockSignals(blocked)

    def _head(self) -> QHBoxLayout:
        matter = self.matter
        head = QHBoxLayout()
        head.setSpacing(10)
        title = ElidedLabel(matter_title(self._plan, matter.task), "card")
        head.addWidget(title, 1)
        role = texts.role_word(matter.role.kind, matter.role.principal) if matter.role is not None else "报送"
        head.addWidget(PlainLabel(texts.joined((role, answer_words(matter.answer))), "second"))
        if matter.returned:
            head.addWidget(Tag("returned"))
        if matter.provisional:
            head.addWidget(Tag("returned", f"{CONTESTED} 有两处不一致"))
        if matter.state:
            state = StateLabel(matter.state, tinted=True)
            state.setToolTip(texts.plain_tip(matter.why))
            head.addWidget(state)
        head.addWidget(self.fold)
        head.addWidget(self.tick)
        return head

    def _now(self) -> QWidget:
        matter, answer = self.matter, self.matter.answer or Answer()
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        if answer.progress.strip():
            column.addWidget(ReadText(answer.progress))
        elif not answer_rows(answer):
            words = "（没有写文字）" if answer.kind is not None else "（这一项没有答复）"
            column.addWidget(ReadText(words, colour=colours.INK3))
        rows = answer_rows(answer)
        if rows:
            column.addWidget(TintBlock(rows))
        if matter.numbers:
            column.addLayout(self._numbers())
        if matter.proofs:
            column.addWidget(PlainLabel(f"佐证 {len(matter.proofs)} 件", "noteStrong"))
            column.addWidget(ProofList(matter.proofs, self._open, room=380))
        return made

    def _open(self, proof: Proof) -> None:
        self.proof_opened.emit(proof)

    def _numbers(self) -> QGridLayout:
        """指标, 上期末, 本期, 到本期末, 目标, state."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP_L)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(0, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, words in enumerate(("指标", "上期末", "本期填报", "到本期末", "目标", "")):
            label = PlainLabel(words, "noteStrong")
            if 0 < column < 4:
                label.setAlignment(right)
            grid.addWidget(label, 0, column)
        grid.addWidget(rule(), 1, 0, 1, 6)
        for row, number in enumerate(self.matter.numbers, start=2):
            gauge, target = number.gauge, number.target
            name = ElidedLabel(f"{target.id} {target.short}")
            name.setToolTip(target.name)
            named = QHBoxLayout()
            named.setSpacing(2)
            named.addWidget(name, 1)
            named.addWidget(target_button(target, self.target_wanted.emit))
            grid.addLayout(named, row, 0)
            filed = texts.with_unit(number.value, target.unit) if number.value is not None else "未填"
            if number.counted is not None and number.counted != number.value:
                filed = f"{filed}（台账计 {texts.number_text(number.counted)}）"
            shown = (
                (marked(texts.number_text(number.before), number.before_provisional), "second"),
                (marked(filed, number.provisional), "strong" if number.value is not None else "second"),
                (gauge_looks.actual_text(gauge), "body"),
            )
            for column, (words, role) in enumerate(shown, start=1):
                label = PlainLabel(words, role)
                label.setAlignment(right)
                grid.addWidget(label, row, column)
            aim, tag = target_words(self._plan, target)
            last = QHBoxLayout()
            last.setSpacing(6)
            last.addWidget(PlainLabel(aim))
            if tag:
                last.addWidget(Tag(tag))
            last.addStretch(1)
            grid.addLayout(last, row, 4)
            state = StateLabel(gauge.state, gauge.word)
            state.setToolTip(texts.plain_tip(gauge.formula))
            grid.addWidget(state, row, 5)
        return grid

    def _earlier(self, name: str) -> QFrame:
        """What the unit said the period before."""
        box = QFrame()
        box.setProperty("kind", "note")
        box.setObjectName(f"earlierText_{self.matter.task}")
        box.setFixedWidth(theme.scaled(_BESIDE))
        column = QVBoxLayout(box)
        column.setContentsMargins(theme.GAP_M, theme.GAP_S, theme.GAP_M, theme.GAP_S)
        column.setSpacing(theme.GAP)
        answer = self.matter.earlier
        column.addWidget(PlainLabel(texts.joined((name, answer_words(answer))), "noteStrong"))
        rows = answer_rows(answer, progress=True) if answer is not None else []
        for label, words in rows:
            column.addWidget(PlainLabel(label, "note"))
            column.addWidget(ReadText(words, colour=colours.INK2))
        return box
