"""裁定两处不一致: the values side by side with what they began from, and one of them taken."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.provisional import CONTESTED
from ganzhou_desktop.services import conflicts
from ganzhou_desktop.services.conflicts import Conflict, Value
from ganzhou_desktop.services.exchange_desk import Cases, read_cases
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.change_words import differing_words, subject, unit_name, value_text
from ganzhou_desktop.ui.diff_text import alike
from ganzhou_desktop.ui.operations import Progress
from ganzhou_desktop.ui.pages.exchange.conflict_cards import (
    WITHDRAWN,
    BasisRow,
    CaseList,
    ValueCard,
    stem,
    value_in_short,
    value_words,
    who_words,
)
from ganzhou_desktop.ui.pages.exchange.value_editor import NotReadable, ValueEditor, editable
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import NO_VALUE, joined, period_text
from ganzhou_desktop.ui.widgets import BusyBar, Button, ElidedLabel, MessageLine, PlainLabel, ScrimDialog, rule

_THIRD = "third"
_BACK = "back"
_MOST_CARDS = 8
"""Values side by side; honest cases have two or three."""


class ConflictsDialog(ScrimDialog):
    """Goes through the open cases.  `review_wanted` carries the review page's argument; `decided` after each case."""

    review_wanted = Signal(object)
    decided = Signal()

    def __init__(self, session: Session, parent: QWidget, cases: Cases) -> None:
        super().__init__(
            parent,
            "裁定两处不一致",
            " ",
            icon_name="branch_compare",
            icon_colour=colours.DIFFER,
            width=1040,
            height=610,
        )
        self._session = session
        self._cases = cases
        self._choice: str | None = None
        self._choices: dict[str, QRadioButton] = {}
        self.list = CaseList()
        self.heading = PlainLabel(role="card")
        self.about = ElidedLabel(role="second")
        self.values = QHBoxLayout()
        self.cards: list[ValueCard] = []
        self.group = QButtonGroup(self)
        self.third = QRadioButton("都不对，写一个新的值")
        self.editor = ValueEditor()
        self.back = QRadioButton("退回单位定")
        self.back_note = PlainLabel(role="note")
        self.outcome = QFrame()
        self.result_note = PlainLabel(role="note")
        self.result_text = PlainLabel(wrap=True)
        self.whole = QCheckBox()
        self.basis = BasisRow()
        self.message = MessageLine()
        self.before_button = Button("上一处", "chevron_left")
        self.next_button = Button("下一处", "chevron_right")
        self.leave_button = Button("先放着", kind="text")
        self.take_button = Button("采用", kind="main")
        self.busy = BusyBar(self.panel)

        for widget, name in (
            (self.third, "third"),
            (self.back, "return_to_unit"),
            (self.whole, "whole_record"),
            (self.before_button, "case_before"),
            (self.next_button, "case_next"),
            (self.leave_button, "leave_it"),
            (self.take_button, "take"),
        ):
            widget.setObjectName(name)
        self._lay_out()
        self.list.currentRowChanged.connect(lambda _: self._show_case())
        self.third.toggled.connect(partial(self._chose, _THIRD))
        self.back.toggled.connect(partial(self._chose, _BACK))
        self.editor.edited.connect(self._show_result)
        self.whole.toggled.connect(lambda _: self._show_result())
        self.before_button.clicked.connect(lambda: self._step(-1))
        self.next_button.clicked.connect(lambda: self._step(1))
        self.leave_button.clicked.connect(self._leave)
        self.take_button.clicked.connect(self._take)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.take_button.click)
        self._fill()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(rule("vline"))
        content = QWidget()
        content.setProperty("kind", "scrollBody")
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(theme.GAP_S)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_M)
        head.addWidget(self.heading)
        head.addWidget(self.about, 1)
        column.addLayout(head)
        self.values.setSpacing(10)
        column.addLayout(self.values, 1)
        column.addWidget(self.third)
        column.addWidget(self.editor)
        back = QHBoxLayout()
        back.setSpacing(theme.GAP_M)
        back.addWidget(self.back)
        back.addWidget(self.back_note, 1)
        column.addLayout(back)
        self.outcome.setProperty("kind", "result")
        inside = QVBoxLayout(self.outcome)
        inside.setContentsMargins(14, 9, 14, 10)
        inside.setSpacing(3)
        inside.addWidget(self.result_note)
        inside.addWidget(self.result_text)
        column.addWidget(self.outcome)
        column.addWidget(self.whole)
        column.addWidget(self.basis)
        column.addWidget(self.message)
        self.content = QScrollArea()
        self.content.setWidgetResizable(True)
        self.content.setWidget(content)
        row.addWidget(self.content, 1)
        self.body.addLayout(row, 1)
        self.add_foot_left(self.before_button)
        self.add_foot_left(self.next_button)
        self.add_foot(self.leave_button)
        self.add_foot(self.take_button)

    # -- showing --------------------------------------------------------------------------------------------

    @property
    def case(self) -> Conflict | None:
        """The case in view."""
        row = self.list.currentRow()
        return self._cases.conflicts[row] if 0 <= row < len(self._cases.conflicts) else None

    def _fill(self, at: int = 0) -> None:
        plan = self._session.plan
        blocked = self.list.blockSignals(True)
        self.list.clear()
        for case in self._cases.conflicts:
            self.list.add_case(
                unit_name(plan, case.scope),
                subject(plan, case.kind, case.key, case.field, self._session.period or "", case.about),
                self._values_in_short(case),
            )
        self.list.blockSignals(blocked)
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        self._show_case()

    def _values_in_short(self, case: Conflict) -> str:
        plan = self._session.plan
        words = differing_words([v.value for v in case.values])
        if words:
            return f"{words}两边不一样"
        return " / ".join(value_in_short(plan, case, v) for v in case.values)

    def _show_case(self) -> None:
        case = self.case
        if case is None:
            return
        plan, total = self._session.plan, len(self._cases.conflicts)
        at = self.list.currentRow()
        self.note.setText(f"第 {at + 1} 处，共 {total} 处")
        self.heading.setText(self._heading(case))
        when = period_text(case.key) if case.kind == "submission" else ""
        what = subject(plan, case.kind, case.key, case.field, case.key, case.about).rpartition(" · ")[2]
        self.about.setText(joined((what, unit_name(plan, case.scope), when)))
        self._choice = None
        self.message.set_message("")
        self.basis.clear()
        self.whole.setChecked(False)
        self._make_cards(case)
        held = [v.value for v in case.values]
        may = conflicts.decidable(case, office=self._session.office)
        third = may and not self._session.office and editable(plan, case, held)
        self.third.setVisible(third)
        self.editor.hide()
        if third:
            self.editor.begin_with(plan, case, held)
        back = self._session.office and case.kind == "submission"
        self.back.setVisible(back)
        self.back_note.setVisible(back)
        unit = unit_name(plan, case.scope)
        self.back_note.setText(
            f"本处先按{stem(case, case.values[0])}显示并标 {CONTESTED}；到审核页写明原因退回，等{unit}重报"
        )
        if not may:
            self.message.set_message("这一处由区级汇总裁定；本机先按甲显示，裁定后随下发副本带来。", "info")
        elif len(case.values) > _MOST_CARDS:
            more = len(case.values) - _MOST_CARDS
            self.message.set_message(
                f"这一处有 {len(case.values)} 个值，另 {more} 个没有列出；先问清为什么再裁定。", "info"
            )
        self.before_button.setEnabled(at > 0)
        self.next_button.setEnabled(at < total - 1)
        self._show_result()

    def _heading(self, case: Conflict) -> str:
        plan = self._session.plan
        words = subject(plan, case.kind, case.key, case.field, case.key, case.about)
        head = words.partition(" · ")[0]
        task = next((t for t in plan.tasks if head == f"任务 {t.id}"), None)
        return f"{head}　{task.title}" if task is not None else head

    def _make_cards(self, case: Conflict) -> None:
        for radio in (self.third, self.back):
            self.group.removeButton(radio)
        self.group.setExclusive(False)
        for radio in (self.third, self.back):
            radio.setChecked(False)
        for card in self.cards:
            self.group.removeButton(card.radio)
        while (item := self.values.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.group.setExclusive(True)
        base = self._text(case, case.base)
        texts = [self._text(case, value.value) for value in case.values]
        near = case.base is not None and all(alike(base, text) for text in texts)
        origin = "两边改之前" if case.base is not None else "两边写之前还没有值"
        origin += "\n紫色标出与它不同的字" if near else "\n紫色标出两边互相不同的字"
        first = ValueCard("原来的值", origin, base, None, choosable=False)
        if case.base is None:
            first.setFixedWidth(theme.scaled(150))
        self.values.addWidget(first, 1)
        self.cards = []
        may = conflicts.decidable(case, office=self._session.office)
        for place, value in enumerate(case.values[:_MOST_CARDS]):
            # Far from what both began with, the values are compared with each other.
            against = base if near else texts[1 if place == 0 and len(texts) > 1 else 0]
            card = self._card(case, value, against, first=place == 0)
            card.radio.setEnabled(may)
            card.chosen.connect(partial(self._chose, value.key, True))
            self.group.addButton(card.radio)
            self.values.addWidget(card, 1)
            self.cards.append(card)
        for radio in (self.third, self.back):
            self.group.addButton(radio)

    def _card(self, case: Conflict, value: Value, base: str, *, first: bool) -> ValueCard:
        name = stem(case, value)
        facts = [WITHDRAWN] * value.withdrawn + [f"现在显示 {CONTESTED}"] * first
        title = f"{name}（{'，'.join(facts)}）" if facts else name
        text = value_words(self._session.plan, case, value)
        who = who_words(value, dict(self._cases.sites), self._cases.here)
        return ValueCard(title, who, text, None if value.withdrawn else base)

    def _text(self, case: Conflict, value: Json) -> str:
        return value_text(self._session.plan, case.kind, case.field, value, case.about)

    # -- choosing -------------------------------------------------------------------------------------------

    def _chose(self, choice: str, down: bool) -> None:
        if not down:
            return
        self._choice = choice
        self.editor.setVisible(choice == _THIRD)
        self._show_result()
        if choice == _THIRD:
            self.editor.begin()
            QTimer.singleShot(0, self, lambda: self.content.ensureWidgetVisible(self.outcome))

    def _show_result(self) -> None:
        case, choice = self.case, self._choice
        if case is None:
            return
        together = self._whole_record()
        self.whole.setVisible(together is not None)
        self.basis.setVisible(choice not in (None, _BACK))
        self.outcome.setVisible(choice is not None)
        if choice is None:
            self.take_button.setText("采用")
            self.take_button.set_enabled_because(False, "先选采用哪一个值。")
            return
        self.take_button.set_enabled_because(True)
        count = 0 if together is None else together[1]
        decided = count if self.whole.isChecked() else 1
        onwards = "，下一处" if len(self._cases.conflicts) > decided else ""
        self.result_text.show()
        if choice == _BACK:
            self.result_note.setText("裁定后　这里先不裁定，转到审核页写明原因，退回单位重报")
            self.result_text.hide()
            self.take_button.setText("去审核页退回")
        elif choice == _THIRD:
            self._show_typed(case)
            self.take_button.setText(f"采用新的值{onwards}")
        else:
            value = next(v for v in case.values if v.key == choice)
            name = stem(case, value)
            self.result_note.setText(f"裁定后　采用{name}，另一个值留在历史里")
            self.result_text.setText(
                self._text(case, value.value) if value.value is not None else "没有值（等于没有填）"
            )
            self.take_button.setText(f"采用{name}{onwards}")
            self.whole.setText(f"这条记录的 {count} 处不一致，都采用这台电脑写的")
            if decided > 1:
                self.result_note.setText(f"裁定后　这条记录 {count} 处都采用{name}那台电脑写的，别的值留在历史里")
                self.take_button.setText(f"整条采用{name}{onwards}")

    def _whole_record(self) -> tuple[str, int] | None:
        """The PC whose values can be taken for every case of this record at once, and how many those are."""
        case = self.case
        value = None if case is None else next((v for v in case.values if v.key == self._choice), None)
        if case is None or value is None:
            return None
        able = conflicts.whole_records(self._cases.conflicts).get(case.record, ())
        site = next((s for s in value.sites if s in able), None)
        count = sum(other.record == case.record for other in self._cases.conflicts)
        return None if site is None else (site, count)

    def _show_typed(self, case: Conflict) -> None:
        self.result_note.setText("裁定后　采用新写的值，原来的几个都留在历史里")
        try:
            self.result_text.setText(self._text(case, self.editor.value()))
            self.message.set_message("")
        except NotReadable as exc:
            self.result_text.setText(NO_VALUE)
            self.message.set_message(exc.text)
            self.take_button.set_enabled_because(False, exc.text)

    def _step(self, by: int) -> None:
        self.list.setCurrentRow(min(max(self.list.currentRow() + by, 0), self.list.count() - 1))

    def _leave(self) -> None:
        """Leave this case as it is: the next one, or none left to look at."""
        if self.list.currentRow() < self.list.count() - 1:
            self._step(1)
        else:
            self.accept()

    def _take(self) -> None:
        case, choice = self.case, self._choice
        if case is None or choice is None:
            return
        if choice == _BACK:
            self.accept()
            self.review_wanted.emit({"unit": case.scope, "period": case.key})
            return
        value: Json = None
        if choice == _THIRD:
            try:
                value = self.editor.value()
            except NotReadable as exc:
                self.message.set_message(exc.text)
                return
        ledger, take = self._session.ledger, None if choice == _THIRD else choice
        together = self._whole_record() if self.whole.isChecked() else None
        basis = self.basis.text()

        def work(_progress: Progress) -> Cases:
            if together is not None:
                conflicts.resolve_record(ledger, case.record, together[0], basis=basis)
            else:
                conflicts.resolve(ledger, case.id, take=take, value=value, basis=basis)
            return read_cases(ledger)

        def failed(error: LedgerError) -> None:
            self.take_button.setEnabled(True)
            self.message.set_message(error.text)

        self.take_button.setEnabled(False)
        self._session.operations.run_write(
            self,
            "裁定两处不一致",
            work,
            self._settle,
            kinds=("conflict", "filing", "figure", "profile", "period", "plan", "review"),
            on_error=failed,
            busy=self.busy,
        )

    def _settle(self, cases: Cases) -> None:
        at = self.list.currentRow()
        self._cases = cases
        self.decided.emit()
        if cases.conflicts:
            self._fill(at)
        else:
            self.accept()
