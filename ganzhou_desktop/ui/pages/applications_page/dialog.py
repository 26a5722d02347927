"""One application: for whom and what, the check against the plan's conditions, each step, each amount, its papers."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain.applications import (
    Application,
    StepState,
)
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.forms import ProofEntry
from ganzhou_desktop.domain.registers import Entry, called
from ganzhou_desktop.domain.typed import read_number
from ganzhou_desktop.services import applications, filing_desk, registers
from ganzhou_desktop.services.typed_drafts import Typed, keep_typed
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.applications_page.amount_grid import AmountGrid
from ganzhou_desktop.ui.pages.applications_page.condition_list import ConditionList
from ganzhou_desktop.ui.pages.applications_page.step_grid import StepGrid
from ganzhou_desktop.ui.pages.applications_page.typed_fields import Reading
from ganzhou_desktop.ui.proof_box import ProofBox
from ganzhou_desktop.ui.proof_list import ProofOpener
from ganzhou_desktop.ui.session import ANY, Session
from ganzhou_desktop.ui.subsidy_words import standard_words
from ganzhou_desktop.ui.texts import CANCEL, CLOSE
from ganzhou_desktop.ui.typed_keeper import TypedKeeper, file_texts, files_of
from ganzhou_desktop.ui.widgets import (
    Button,
    ChipCombo,
    MessageLine,
    PlainLabel,
    ScrimDialog,
    look_only,
    rule,
)

Place = QLineEdit | QPlainTextEdit | ChipCombo
_TEXTS = ("beneficiary", "title", "programme", "subsidy", "task", "note")


class ApplicationDialog(ScrimDialog):
    """A new application (for an entry, when one is given) or one to go on with.

    `refusal`: why it can only be looked at.
    """

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        application: Application | None = None,
        *,
        unit: str = "",
        entry: Entry | None = None,
        subsidy: str = "",
        writable: tuple[str, ...] = (),
        refusal: str = "",
    ) -> None:
        title = "申报" if application is None else f"申报：{application.beneficiary}"
        super().__init__(
            parent, title, "每一步办到哪里、每一笔钱是多少，分开记", icon_name="money", width=900, height=600
        )
        self._session = session
        self._plan = session.plan
        self._given = application
        self._entry = entry
        self._refusal = refusal
        self._writable = (application.unit,) if application is not None and refusal else writable
        self._proofs: dict[str, ProofEntry] = {}
        self._files: dict[str, Json] = {}
        self._opener = ProofOpener(session)
        self.unit = ChipCombo()
        self.subsidy = ChipCombo()
        self.task = ChipCombo()
        for combo, word in ((self.unit, "申报单位"), (self.subsidy, "补助"), (self.task, "任务")):
            combo.setAccessibleName(word)
        self.beneficiary, self.title_field, self.programme, self.year = (
            QLineEdit(),
            QLineEdit(),
            QLineEdit(),
            QLineEdit(),
        )
        self.note_field = QPlainTextEdit()
        self.standard = PlainLabel("", "note")
        self.checks = ConditionList()
        self._step_grid = StepGrid(self._plan)
        self._amount_grid = AmountGrid()
        self.steps, self.amounts = self._step_grid.rows, self._amount_grid.rows
        self.proof = ProofBox()
        self.line = MessageLine()
        self.save = Button("保存", "save", kind="main")
        self._keeper = TypedKeeper(self, session, self._draft, self._unsaved, self.line.set_message)
        self._lay_out(unit, subsidy)
        self._for = self._unit
        self._places = self._all_places()
        self._fill()
        self._at_first = {place: _text_of(field) for place, field in self._places.items()}
        for field in self._places.values():
            if isinstance(field, QLineEdit):
                field.textEdited.connect(self._keeper.touch)
            elif isinstance(field, QPlainTextEdit):
                field.textChanged.connect(self._keeper.touch)
            else:
                field.activated.connect(self._keeper.touch)
        if refusal:
            for field in self._places.values():
                look_only(field)
            self.line.set_message(refusal, "info")
            self.save.set_enabled_because(False, refusal)
        else:
            self._keeper.put_back(self._put_back)
        self.beneficiary.setFocus(Qt.FocusReason.OtherFocusReason)

        self.unit.activated.connect(lambda _: self._move())
        self.subsidy.activated.connect(lambda _: self._subsidy_chosen())
        self.task.activated.connect(lambda _: self._show_steps())
        self.year.textEdited.connect(lambda _: self._show_checks())
        self.save.clicked.connect(self._save)
        self.proof.add_wanted.connect(self._add_proof)
        self.proof.dropped.connect(self._attach)
        self.proof.open_wanted.connect(lambda file: self._opener.open(self, self._unit, file))
        self.proof.remove_wanted.connect(self._remove_proof)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self).activated.connect(self._save)

    # -- laying out -----------------------------------------------------------------------------------------

    def _lay_out(self, unit: str, subsidy: str) -> None:
        plan = self._plan
        given = self._given
        names = [(u, plan.unit_by_id[u].name) for u in self._writable]
        self.unit.set_options(names, given.unit if given else unit or (names[0][0] if names else None))
        self.unit.setEnabled(given is None)
        rules = [("", "不是方案里的补助"), *((s.id, f"{s.id} {s.beneficiary}") for s in plan.subsidies)]
        self.subsidy.set_options(rules, given.subsidy if given else subsidy)
        tasks = [("", "不归哪项任务"), *((t.id, f"{t.id} {t.short}") for t in plan.tasks)]
        self.task.set_options(tasks, given.task if given else self._offered_task(subsidy))
        for combo in (self.unit, self.subsidy, self.task):
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for field, name in (
            (self.beneficiary, "受益对象"), (self.title_field, "申报项目"), (self.programme, "上级政策"), (self.year, "年度"),
        ):  # fmt: skip
            field.setAccessibleName(name)
        self.beneficiary.setObjectName("application_beneficiary")
        self.year.setObjectName("application_year")
        self.save.setObjectName("application_save")
        self.note_field.setAccessibleName("备注")
        self.note_field.setTabChangesFocus(True)
        self.note_field.setFixedHeight(theme.scaled(52))
        self.year.setFixedWidth(theme.scaled(90))
        self.programme.setPlaceholderText("省、市哪一项政策或资金")

        content = QWidget()
        content.setProperty("kind", "scrollBody")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.GAP_M, 0)
        column.setSpacing(theme.GAP_S)
        head = QGridLayout()
        head.setHorizontalSpacing(theme.GAP_M)
        head.setVerticalSpacing(6)
        head.setColumnStretch(1, 3)
        head.setColumnStretch(3, 2)
        head.setColumnMinimumWidth(3, theme.scaled(220))
        places = [
            ("受益对象 *", self.beneficiary, "申报单位", self.unit), ("补助", self.subsidy, "任务", self.task),
            ("申报项目", self.title_field, "年度", self.year), ("上级政策", self.programme, "标准额", self.standard),
        ]  # fmt: skip
        for row, (left, one, right, other) in enumerate(places):
            head.addWidget(PlainLabel(left, "strong"), row, 0)
            head.addWidget(one, row, 1)
            head.addWidget(PlainLabel(right, "strong"), row, 2)
            head.addWidget(other, row, 3)
        column.addLayout(head)
        column.addWidget(self.checks)
        column.addWidget(rule())
        column.addWidget(PlainLabel("办到哪一步", "card"))
        column.addWidget(self._step_grid)
        column.addWidget(rule())
        column.addWidget(PlainLabel("金额（万元）", "card"))
        column.addWidget(self._amount_grid)
        column.addWidget(rule())
        column.addWidget(self.proof)
        column.addWidget(PlainLabel("备注", "strong"))
        column.addWidget(self.note_field)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.line)
        cancel = Button(CLOSE if self._refusal else CANCEL)
        cancel.clicked.connect(self.reject)
        self.add_foot(cancel)
        self.add_foot(self.save)

    def _offered_task(self, subsidy: str) -> str:
        held = self._plan.subsidy_by_id.get(subsidy)
        if self._entry is not None:
            register = self._plan.register_by_id.get(self._entry.register)
            if register is not None and register.tasks:
                return register.tasks[0]
        return held.tasks[0] if held is not None and held.tasks else ""

    def _subsidy_chosen(self) -> None:
        """Another subsidy: its checks; of a new application its task too."""
        if self._given is None:
            self.task.set_current(self._offered_task(str(self.subsidy.currentData() or "")))
            self._show_steps()
        self._show_checks()

    def _show_steps(self) -> None:
        """The steps of the task chosen, and those in which something is written."""
        self._step_grid.show_steps_of(str(self.task.currentData() or ""))

    def _all_places(self) -> dict[str, Place]:
        """Every field by its place in a draft."""
        found: dict[str, Place] = {
            "beneficiary": self.beneficiary, "title": self.title_field, "programme": self.programme, "year": self.year,
            "subsidy": self.subsidy, "task": self.task, "note": self.note_field,
        }  # fmt: skip
        return {**found, **self._step_grid.places(), **self._amount_grid.places()}

    # -- filling --------------------------------------------------------------------------------------------

    @property
    def _unit(self) -> str:
        if self._given is not None:
            return self._given.unit
        return str(self.unit.currentData() or self._session.unit)

    def _fill(self) -> None:
        given, entry = self._given, self._entry
        if given is None:
            name = "" if entry is None else called(self._plan, entry.register, entry.values)
            self.beneficiary.setText(name)
            self.year.setText(str(self._session.today().year))
        else:
            self.beneficiary.setText(given.beneficiary)
            self.title_field.setText(given.title)
            self.programme.setText(given.programme)
            self.year.setText("" if given.year is None else str(given.year))
            self.note_field.setPlainText(given.note)
            for name, step in given.steps.items():
                self._step_grid.fill(name, step)
            for name, amount in given.amounts.items():
                self._amount_grid.fill(name, amount)
            self._proofs = {f.sha256: ProofEntry(None, f.name, f.sha256, f.size, f.kind) for f in given.proofs}
        self._show_proofs()
        self._show_steps()
        self._show_checks()
        if given is not None and given.entry:
            ledger = self._session.ledger
            self._session.operations.run_read(
                self,
                lambda _progress: registers.read_entry(ledger, given.register, given.unit, given.entry),
                self._show_entry,
            )

    def _show_entry(self, entry: Entry | None) -> None:
        self._entry = entry
        self._show_checks()

    def _show_checks(self) -> None:
        """Hold the entry against the subsidy chosen, condition by condition."""
        subsidy = self._plan.subsidy_by_id.get(str(self.subsidy.currentData() or ""))
        self.standard.setText("" if subsidy is None else standard_words(self._plan, subsidy))
        self.checks.show_checks(self._plan, subsidy, self._entry, self._judged_on())

    def _judged_on(self) -> date:
        """Today, or the last day of the year it is for once that is over."""
        today, year = self._session.today(), read_number(self.year.text())
        past = year is not None and not year % 1 and 0 < year < today.year
        return date(int(year), 12, 31) if past and year is not None else today

    # -- proof ----------------------------------------------------------------------------------------------

    def _add_proof(self) -> None:
        paths = self._session.files.open_files(self, "选择申报材料", ANY)
        if paths:
            self._attach(paths)

    def _attach(self, paths: list[Path]) -> None:
        ledger, unit = self._session.ledger, self._unit

        def done(read: tuple[tuple[ProofEntry, ...], tuple[str, ...]]) -> None:
            entries, refused = read
            for file in entries:
                if file.sha256 is not None:
                    self._proofs[file.sha256] = file
                    self._files[file.sha256] = {"name": file.name, "size": file.size, "kind": file.kind}
            self.proof.message.set_message("\n".join(refused))
            self._show_proofs()
            self._keeper.touch()

        self.unit.setEnabled(False)
        self._session.operations.run_write(
            self,
            "添加材料",
            lambda _progress: filing_desk.attach_files(ledger, unit, tuple(paths)),
            done,
            kinds={"draft"},
        )

    def _remove_proof(self, file: ProofEntry) -> None:
        if file.sha256 is not None and self._proofs.pop(file.sha256, None) is not None:
            if self._files.pop(file.sha256, None) is None:
                self._files[file.sha256] = None
            self._show_proofs()
            self._keeper.touch()

    def _show_proofs(self) -> None:
        shown = tuple(self._proofs.values())
        self.proof.show_files(shown, {f.sha256 for f in shown if f.sha256}, locked=bool(self._refusal))
        # The bytes of a file lie with the unit it was attached for.
        self.unit.setEnabled(self._given is None and not self._files)

    # -- saving ---------------------------------------------------------------------------------------------

    def _save(self) -> None:
        if self._keeper.saving or self._refusal:
            return
        reading = Reading()
        steps, amounts = self._step_grid.read(reading), self._amount_grid.read(reading)
        year = reading.number(self.year, whole=True)
        if reading.first is not None:
            reading.first.setFocus(Qt.FocusReason.OtherFocusReason)
            self.line.set_message(
                "标红的几格不是日期或数字，请改成 2018-04-05、12.5 这样的写法，再保存。"
                if reading.wrong
                else "标红的一行写了日期、支付方或文号，却没有写多少万元；请补上金额，或把这一行清空，再保存。"
            )
            return
        # Only what was changed here: what came in meanwhile in other fields stays.
        typed, new = self.typed(), self._given is None
        texts = {name: _text_of(self._places[name]) for name in _TEXTS if new or name in typed}
        if self._given is None and self._entry is not None:
            texts |= {"register": self._entry.register, "entry": self._entry.key}
        moved = {place.rpartition("/")[0] for place in typed}
        changed_steps = {
            name: step for name, step in steps.items() if f"step/{name}" in moved and (not new or step != StepState())
        }
        changed_amounts = {name: amount for name, amount in amounts.items() if f"amount/{name}" in moved}
        given, ledger, unit, files = self._given, self._session.ledger, self._unit, dict(self._files)
        whole_year: int | str | None = "" if not new and "year" not in typed else None if year is None else int(year)
        draft = self._draft()

        def work(_progress: object) -> None:
            try:
                applications.save_application(
                    ledger,
                    unit,
                    key=given.key if given else None,
                    heads=given.heads if given else None,
                    texts=texts,
                    year=whole_year,
                    steps=changed_steps,
                    amounts=changed_amounts,
                    proofs=files,
                )
            except RuleBroken as error:
                if error.code != "nothing_changed":
                    raise
            keep_typed(ledger, *draft, Typed())

        def done(_none: None) -> None:
            self._keeper.stop()
            self.accept()

        def failed(error: LedgerError) -> None:
            self.line.set_message(error.text)
            self._keeper.touch()

        self._session.operations.run_write(
            self, "保存申报", work, done, kinds={"application"}, on_error=failed, busy=self._keeper
        )

    # -- what is typed and not saved ------------------------------------------------------------------------

    def typed(self) -> dict[str, str]:
        """The fields that differ from what was shown at first, by place."""
        now = {place: _text_of(field) for place, field in self._places.items()}
        return {place: text for place, text in now.items() if text != self._at_first[place]}

    def _draft(self) -> tuple[str, str]:
        key = self._given.key if self._given is not None else "new"
        made_for = f":{self._entry.register}:{self._entry.key}" if self._given is None and self._entry else ""
        return self._unit, f"application:{key}{made_for}"

    def _unsaved(self) -> Typed:
        texts = self.typed()
        was = {place: self._at_first[place] for place in texts}
        return Typed({**texts, **file_texts(self._files)}, was)

    def _put_back(self, kept: Typed) -> None:
        newer = False
        for place, text in kept.texts.items():
            field = self._places.get(place)
            if field is not None and _text_of(field) == self._at_first[place]:
                _set_text(field, text)
                newer = newer or (self._given is not None and kept.was.get(place, "") != self._at_first[place])
        for digest, file in files_of(kept.texts).items():
            self._files[digest] = file
            if file is None:
                self._proofs.pop(digest, None)
            else:
                self._proofs[digest] = ProofEntry(None, file["name"], digest, file["size"], file["kind"])
        self._show_proofs()
        self._show_steps()
        self._show_checks()
        more = "填了以后，台账里这件申报的同一处也改过；保存会用这里填的，请先核对。" if newer else ""
        self.line.set_message(f"上次填了没有保存的内容已经放回来了。{more}", "info")
        self._keeper.touch()

    def _move(self) -> None:
        """It is for another unit: what is typed goes there with its draft, or that unit's own draft is put back."""
        before, self._for = self._for, self._unit
        if self.typed():
            self._keeper.forget(before, self._draft()[1])
            self._keeper.keep()
        else:
            self._keeper.put_back(self._put_back)

    def reject(self) -> None:
        """Leave without saving: what was typed is forgotten only when the clerk says so."""
        if self._keeper.may_leave():
            super().reject()


def _text_of(field: Place) -> str:
    if isinstance(field, QLineEdit):
        return field.text()
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else str(field.currentData() or "")


def _set_text(field: Place, text: str) -> None:
    if isinstance(field, QLineEdit):
        field.setText(text)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    else:
        field.set_current(text)
