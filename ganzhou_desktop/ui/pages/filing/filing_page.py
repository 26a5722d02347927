"""填报: this unit's matters at the left, the form of one in the middle, the period before at the right."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from ganzhou_desktop.domain.draft_moving import Difference
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.forms import ProofEntry
from ganzhou_desktop.services import contacts, drafts, filing, filing_desk, form_docx
from ganzhou_desktop.services.form_docx import Returned
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.pages.filing.dialogs import ClauseDialog, NewerDialog, ReturnedDialog
from ganzhou_desktop.ui.pages.filing.filing_view import FilingView
from ganzhou_desktop.ui.printing.jobs import filing_job
from ganzhou_desktop.ui.proof_list import ProofOpener
from ganzhou_desktop.ui.session import ANY, Session

DOCX = "Word 文档 (*.docx);;所有文件 (*)"


class FilingPage(FilingView):
    """The form page: what its buttons do.  `show_argument` takes {"unit", "task", "period"}, each optional."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._opener = ProofOpener(session)
        form, bar = self.form, self.bar

        form.clause_wanted.connect(self._show_clause)
        form.conflicts_wanted.connect(lambda: session.go("exchange", "conflicts"))
        form.proof.add_wanted.connect(lambda: self._add_files(session.files.open_files(self, "选择佐证材料", ANY)))
        form.proof.dropped.connect(self._add_files)
        form.proof.open_wanted.connect(self._open_proof)
        form.proof.remove_wanted.connect(self._remove_proof)
        self.newer.action_chosen.connect(self._look_at_newer)
        bar.contacts.kept.connect(self._keep_contacts)
        bar.print_form.clicked.connect(self._print)
        bar.drop.clicked.connect(self._drop_changes)
        bar.withdraw.clicked.connect(self._withdraw)
        bar.unlock.clicked.connect(self._unlock)
        bar.submit.clicked.connect(self._submit)
        bar.export.clicked.connect(self._next_step)
        self.word.clicked.connect(self._word_menu)
        self.empty.started.connect(lambda: session.go("settings" if session.office else "exchange"))

    # -- proof ----------------------------------------------------------------------------------------------------

    def _add_files(self, paths: list[Path]) -> None:
        editing, task = self.editing, self._task
        if not paths or editing is None or self._locked:
            return
        ledger, unit = self._session.ledger, editing.form.unit

        def done(found: tuple[tuple[ProofEntry, ...], tuple[str, ...]]) -> None:
            entries, refused = found
            if editing is self.editing:
                have = {p.sha256 for p in editing.matter(task).proof}
                new = tuple({e.sha256: e for e in entries if e.sha256 not in have}.values())
                editing.set_proof(task, (*editing.matter(task).proof, *new))
                self._proofs_changed(frozenset(e.sha256 or "" for e in entries))
                self.form.proof.message.set_message("".join(refused))
                if refused:
                    self.form.show_refusal()

        self._session.operations.run_write(
            self,
            "添加佐证",
            lambda _progress: filing_desk.attach_files(ledger, unit, tuple(paths)),
            done,
            kinds={"draft"},
            busy=self.busy,
        )

    def _proofs_changed(self, more: frozenset[str] = frozenset()) -> None:
        if self.editing is not None:
            self.form.show_proof(self.editing, self._held() | more)
            if self._desk is not None and more:
                self._desk = filing_desk.with_held(self._desk, more)
            self._touched()

    def _remove_proof(self, entry: ProofEntry) -> None:
        editing = self.editing
        if editing is not None and not self._locked:
            editing.set_proof(self._task, tuple(p for p in editing.matter(self._task).proof if p != entry))
            self.form.proof.message.set_message("")
            self._proofs_changed()

    def _open_proof(self, entry: ProofEntry) -> None:
        if self.editing is not None:
            self._opener.open(self, self.editing.form.unit, entry)

    # -- what the buttons do --------------------------------------------------------------------------------------

    def _submit(self) -> None:
        editing, desk = self.editing, self._desk
        if editing is None or desk is None or editing.errors:
            return
        ledger, form, source = self._session.ledger, editing.form, editing.source
        self.keeper.forget()
        self.stack.setEnabled(False)  # nothing is typed into a form that is on its way
        self._session.operations.run_write(
            self,
            "提交本期",
            lambda _progress: filing_desk.submit_desk(ledger, form, source),
            lambda _filing: self._submitted(),
            kinds={"filing", "draft"},
            on_error=self._not_submitted,
            busy=self.busy,
        )

    def _submitted(self) -> None:
        self.stack.setEnabled(True)
        self._unlocked.discard((self._unit, self._desk.period.name if self._desk else ""))
        self._session.saved.emit("已提交", "checkmark_circle")
        self.refresh()
        open_matters = len(self.editing.unanswered()) if self.editing is not None else 0
        left = f"其中 {open_matters} 件没有填，区里看到的是“未填报”。" if open_matters else ""
        if self._session.office:
            self._say(f"代录已提交。{left}下一步：在审核页接收或退回。", "done", "去审核", self._next_step)
        else:
            self._say(f"已提交。{left}下一步：打印盖章，再导出副本交区里。", "done", "打印填报表", self._print)

    def _not_submitted(self, error: LedgerError) -> None:
        self.stack.setEnabled(True)
        self.keeper.touch()  # what was typed goes on being kept
        self._say(f"没有提交：{error.text}", "error")

    def _withdraw(self) -> None:
        desk = self._desk
        if desk is None:
            return
        ledger = self._session.ledger

        def done(_nothing: object) -> None:
            self._session.saved.emit("已撤回，又是草稿", "checkmark_circle")
            self.refresh()
            self._say("已撤回，写的内容都在草稿里，改好再提交。", "done")

        self._session.operations.run_write(
            self,
            "撤回提交",
            lambda _progress: filing.withdraw(ledger, desk.unit, desk.period.name),
            done,
            kinds={"filing", "draft"},
        )

    def _unlock(self) -> None:
        if self._desk is not None:
            self._unlocked.add((self._desk.unit, self._desk.period.name))
            self._show_title(self._desk)
            self._show_matter()
            self._show_bar()
            self.form.focus_field("progress")

    def _drop_changes(self) -> None:
        desk = self._desk
        if desk is None or not self._session.messages.confirm(
            self, "放弃改动", "提交以后又写的内容会去掉，回到已经提交的样子。", "放弃改动"
        ):
            return
        self.keeper.forget()
        self._unlocked.discard((desk.unit, desk.period.name))
        ledger = self._session.ledger
        self._session.operations.run_write(
            self,
            "放弃改动",
            lambda _progress: drafts.drop_draft(ledger, desk.unit, desk.period.name),
            lambda _nothing: self.refresh(),
            kinds={"draft"},
        )

    def _print(self) -> None:
        desk, plan = self._desk, self._session.plan
        if desk is not None and not self.keeper.save_now():
            name = plan.naming(plan.unit_by_id[desk.unit], desk.period.last)[0]
            self._session.go("preview", filing_job(self._session.ledger, desk.unit, name, desk.period.name))

    def _next_step(self) -> None:
        if self._session.office and self._desk is not None:
            self._session.go("review", {"unit": self._unit, "period": self._desk.period.name})
        else:
            self._session.go("exchange")

    def _keep_contacts(self, values: dict[str, str]) -> None:
        desk = self._desk
        if desk is None:
            return
        ledger, unit = self._session.ledger, desk.unit
        self._session.operations.run_write(
            self,
            "保存表上人员",
            lambda _progress: contacts.save_contacts(ledger, {unit: values}),
            lambda _nothing: self.refresh(),
            kinds={"profile"},
        )

    def _show_clause(self) -> None:
        if self._desk is not None and self._task:
            self._open_dialog(ClauseDialog(self, self._session.plan, self._task, self._desk.unit))

    def _look_at_newer(self) -> None:
        desk, ledger = self._desk, self._session.ledger
        if desk is None or self.keeper.save_now():
            return
        unit, period = desk.unit, desk.period.name

        def show(found: tuple[Difference, ...]) -> None:
            if not found:
                self.refresh()
                return
            dialog = NewerDialog(self, self._session.plan, found)
            dialog.accepted.connect(lambda: self._move_draft(unit, period, dialog))
            self._open_dialog(dialog)

        self._session.operations.run_read(
            self, lambda _progress: drafts.compare_draft(ledger, unit, period), show, title="对照新内容"
        )

    def _move_draft(self, unit: str, period: str, dialog: NewerDialog) -> None:
        ledger, choices = self._session.ledger, dialog.choices()

        def done(_state: object) -> None:
            self.refresh()
            self._say("草稿已接在新内容上，您写的字都在。", "done")

        self._session.operations.run_write(
            self,
            "采用新内容为底",
            lambda _progress: drafts.move_draft(ledger, unit, period, choices),
            done,
            kinds={"draft"},
        )

    # -- the form as a Word file ----------------------------------------------------------------------------------

    def _word_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("arrow_export"), "导出成 Word，给领导看和改…", self.write_word)
        back = menu.addAction(icon("arrow_import"), "读回改好的 Word…", self.read_word)
        back.setEnabled(not self._locked)
        menu.popup(self.word.mapToGlobal(self.word.rect().bottomLeft()))

    def write_word(self) -> None:
        """The whole form as one table with fixed labels."""
        desk = self._desk
        if desk is None or self.keeper.save_now():
            return
        unit, period = desk.unit, desk.period.name
        name = f"{self._session.plan.unit_by_id[unit].short}_{period}_填报表.docx"
        out = self._session.files.save_file(self, "导出成 Word", name, DOCX)
        if out is None:
            return
        ledger = self._session.ledger
        self._session.operations.run_write(
            self,
            "导出成 Word",
            lambda _progress: form_docx.write_form(ledger, unit, period, out),
            lambda _nothing: self._say(f"已导出“{out.name}”。改好以后在这里读回，改动会先列出来。", "done"),
            kinds=(),
            busy=self.busy,
        )

    def read_word(self) -> None:
        """What came back, compared first; nothing is taken over unseen."""
        desk = self._desk
        if desk is None or self._locked or self.keeper.save_now():
            return
        path = self._session.files.open_file(self, "读回改好的 Word", DOCX)
        if path is None:
            return
        ledger, unit, period = self._session.ledger, desk.unit, desk.period.name

        def show(returned: Returned) -> None:
            dialog = ReturnedDialog(self, self._session.plan, returned, path.name)
            dialog.accepted.connect(lambda: self._take_word(returned, dialog))
            self._open_dialog(dialog)

        self._session.operations.run_read(
            self,
            lambda _progress: form_docx.read_returned(ledger, unit, period, path),
            show,
            title="读回 Word",
            busy=self.busy,
        )

    def _take_word(self, returned: Returned, dialog: ReturnedDialog) -> None:
        ledger, choices = self._session.ledger, dialog.choices()

        def done(_saved: str) -> None:
            self.refresh()
            self._say("Word 里选定的内容已经放进草稿，还没有提交。", "done")

        self._session.operations.run_write(
            self,
            "读回 Word",
            lambda _progress: form_docx.take_returned(ledger, returned, choices),
            done,
            kinds={"draft"},
        )
