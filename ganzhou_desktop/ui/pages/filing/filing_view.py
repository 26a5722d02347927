"""What the form page shows and what typing does: reading the desk, the matter in view, the list and the foot."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain import filings, forms, states
from ganzhou_desktop.domain.draft_moving import Difference
from ganzhou_desktop.services import filing_desk
from ganzhou_desktop.services.filing_desk import Desk
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.filing import looks
from ganzhou_desktop.ui.pages.filing.draft_keeper import DraftKeeper
from ganzhou_desktop.ui.pages.filing.editing import Editing
from ganzhou_desktop.ui.pages.filing.filing_board import LIST_WIDTH, FilingBoard
from ganzhou_desktop.ui.pages.filing.submit_bar import Spot
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import period_text, short_date
from ganzhou_desktop.ui.widgets import ScrimDialog

_RELEVANT = {"entry", "plan", "period", "filing", "review", "merge", "undo", "conflict", "profile"}


class FilingView(FilingBoard):
    """The page without its deeds.  `show_argument` takes {"unit", "task", "period"}, each optional."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._unit = session.unit
        self._task = ""
        self._wanted_task = ""
        self._desk: Desk | None = None
        self._unlocked: set[tuple[str, str]] = set()
        self._notice_action: Callable[[], None] | None = None
        self.editing: Editing | None = None
        self.dialog: ScrimDialog | None = None
        self.keeper = DraftKeeper(session, self)

        form = self.form
        self.title_row.period_chosen.connect(session.set_period)
        session.period_changed.connect(self._period_changed)
        session.operations.changed.connect(self._changed_elsewhere)
        self.unit.chosen.connect(lambda unit: self.show_argument({"unit": unit}))
        self.back.clicked.connect(lambda: self._step(-1))
        self.forward.clicked.connect(lambda: self._step(1))
        self.notice.action_chosen.connect(self._act_on_notice)
        self.source.textEdited.connect(self._source_typed)
        self.list.chosen.connect(self.open_task)
        self.list.no_news_wanted.connect(self._no_news)
        form.kind_chosen.connect(lambda kind: self._edit(lambda e, t: e.set_kind(t, kind)))
        form.text_typed.connect(lambda name, text: self._edit(lambda e, t: e.set_text(t, name, text)))
        form.number_typed.connect(lambda target, text: self._edit(lambda e, t: e.set_number(t, target, text)))
        form.register_wanted.connect(lambda register: session.go("registers", {"register": register}))
        form.expected_chosen.connect(lambda day: self._edit(lambda e, t: e.set_expected(t, day)))
        self.bar.gone_to.connect(self._go_to_spot)
        self.bar.save.clicked.connect(self._save_by_hand)
        self.keeper.kept.connect(self._show_bar)
        self.keeper.failed.connect(self._draft_failed)
        save = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        save.activated.connect(self._save_by_hand)

    # -- the page protocol ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the desk; what is typed is saved first, and never covered by what was read before it."""
        self.keeper.save()
        session = self._session
        if session.office and not self._unit:
            self._unit = next((u.id for u in session.plan.responsible_units), "")
        ledger, unit, period, today = session.ledger, self._unit, session.period, session.today()
        version = self.keeper.version
        session.operations.run_read(
            self,
            lambda _progress: filing_desk.read_desk(ledger, unit, period, today),
            lambda desk: self._arrived(desk, unit, version),
            title="读取填报表",
            busy=self.busy,
        )

    def can_leave(self) -> bool:
        """Save what is typed; ask when that does not work."""
        self.bar.contacts.finish()
        why = self.keeper.save_now()
        return not why or self._session.messages.confirm(
            self, "草稿没有存上", f"{why}\n现在离开，刚打的字没有存进台账，关闭程序就没有了。", "仍然离开", "留下"
        )

    def show_argument(self, argument: object) -> None:
        """Show a unit's form (at the office), a matter, a period."""
        if not isinstance(argument, dict):
            return
        self.keeper.save()
        unit = str(argument.get("unit") or self._unit)
        if self._session.office:
            self._unit = unit
        self._wanted_task = str(argument.get("task") or "")
        if argument.get("period"):
            self._session.set_period(str(argument["period"]))
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.setFixedWidth(min(theme.scaled(LIST_WIDTH), round(self.width() * 0.24)))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keeper.save()

    def _period_changed(self, _name: object) -> None:
        if self.isVisible():
            self.refresh()

    def _save_by_hand(self) -> None:
        if not self._locked:
            self.keeper.save(by_hand=True)

    def _changed_elsewhere(self, kinds: frozenset[str], origin: object) -> None:
        if origin is not self and self.isVisible() and kinds & _RELEVANT:
            self.refresh()

    # -- showing --------------------------------------------------------------------------------------------------

    def _arrived(self, desk: Desk | None, unit: str, version: int) -> None:
        if version != self.keeper.version:
            self.refresh()  # typed meanwhile: saved first, then read again
            return
        if self.keeper.dirty and self._desk is not None:
            self._unit = self._desk.unit  # the draft could not be saved: what is typed stays in view
            self._show_title(self._desk)
            return
        if unit != self._unit:
            return
        if desk is None:
            self._show_empty()
            return
        moved = self._desk is None or (self._desk.unit, self._desk.period.name) != (desk.unit, desk.period.name)
        self._desk = desk
        state = desk.state
        self.editing = Editing(self._session.plan, state.form, desk.typed, state.filing, state.previous)
        self.keeper.watch(self.editing)
        tasks = self.editing.tasks()
        if self._wanted_task in tasks:
            self._task, self._wanted_task = self._wanted_task, ""
        elif moved or self._task not in tasks:
            self._task = looks.first_task(desk, self.editing)
        if moved:
            self.notice.hide()
        self.stack.setCurrentIndex(0)
        self._show_title(desk)
        self._show_newer(desk.newer, kept_back=bool(desk.state.overlap))
        self.source.setText(self.editing.source)
        self._show_matter()
        self._show_bar()

    def _show_empty(self) -> None:
        self._desk = self.editing = None
        self.keeper.watch(None)
        office = self._session.office
        self.empty.sentence.setText(
            "开一期（名称、起止、应报日），各单位才有要填的报表。"
            if office
            else "接收区里的下发副本以后，这里就有本单位要填的报表。"
        )
        self.empty.sentence.show()
        self.empty.button.setText("去开期次" if office else "去接收副本")
        self.empty.button.show()
        self.title_row.set_periods(())
        for widget in (*self._facts, self.back, self.forward):
            widget.hide()
        self.stack.setCurrentIndex(1)

    def _show_title(self, desk: Desk) -> None:
        plan, office = self._session.plan, self._session.office
        self.title_row.set_periods([(p.name, period_text(p.name)) for p in reversed(desk.periods)], desk.period.name)
        if office:
            self.unit.set_options([(u.id, u.name) for u in plan.responsible_units], desk.unit)
        self.unit.setVisible(office)
        filed = desk.state.filing
        self.by_office.setVisible(office and (not self._locked or (filed is not None and filed.mode == "office")))
        self.due.setText(f"应报日 {short_date(desk.period.due, desk.period.last.year)}")
        self.due.show()
        late = desk.status.lateness if desk.status is not None else None
        self.late.setVisible(late is not None and late.late)
        if late is not None and late.late:
            self.late.set_state(states.OVERDUE, f"逾期 {late.days} 天")
        self.after.setVisible(desk.period.closed)
        self.after.set_tag("plain", "本期已关，再报算期后" if not self._locked else "本期已关")
        self.back.show()
        self.forward.show()

    def _show_newer(self, found: tuple[Difference, ...], *, kept_back: bool) -> None:
        clashes = sum(d.clash for d in found)
        if not found:
            self.newer.hide()
        elif clashes:
            words = f"草稿起了以后又合入了新内容，有 {clashes} 处和草稿写得不同；草稿的字都在，新内容还没有用上。"
            self.newer.say(words, "differ", "对照着看")
        elif kept_back:
            words = (
                f"草稿起了以后又合入了 {len(found)} 处新内容，和草稿写在同一件事项里；草稿没有动，新内容还没有用上。"
            )
            self.newer.say(words, "differ", "对照着看")
        else:
            words = f"草稿起了以后又合入了 {len(found)} 处新内容，草稿没有动过那里，已照新内容显示。"
            self.newer.say(words, "info", "看一看")

    @property
    def _locked(self) -> bool:
        desk = self._desk
        if desk is None or desk.why_not:
            return True
        return looks.at_rest(desk) and (desk.unit, desk.period.name) not in self._unlocked

    def _show_matter(self) -> None:
        desk, editing = self._desk, self.editing
        if desk is None or editing is None or not self._task:
            return
        look = looks.matter_look(self._session.plan, desk, editing, self._task, locked=self._locked)
        self.form.show_matter(look, editing, self._held())

    def _held(self) -> frozenset[str]:
        return self._desk.held if self._desk is not None else frozenset()

    def _show_bar(self) -> None:
        """The list, the counts and which buttons there are."""
        desk, editing = self._desk, self.editing
        if desk is None or editing is None:
            return
        plan, office, locked = self._session.plan, self._session.office, self._locked
        rows = looks.list_rows(plan, desk, editing)
        tasks = editing.tasks()
        self.list.set_rows(rows, len(tasks) - len(editing.unanswered()), self._task)
        self.list.show_no_news(0 if locked else editing.blank_support())
        place = tasks.index(self._task) if self._task in tasks else 0
        self.back.setEnabled(place > 0)
        self.forward.setEnabled(place < len(tasks) - 1)
        errors, unfilled, remarks = ([], [], []) if locked else looks.spots(plan, editing)
        bar = self.bar
        bar.show_spots(errors, unfilled, remarks)
        needs_source = office and not locked and not editing.source.strip()
        self.source_row.setVisible(office and not locked)
        bar.standing.setText(
            looks.standing(desk, office=office) if locked else "写明来源才能提交" if needs_source else ""
        )
        bar.contacts.show_contacts(desk.contacts, may_write=not desk.why_not)
        submitted = desk.state.filing is not None and desk.state.filing.submitted
        bar.save.setVisible(not locked)
        drafted = desk.state.draft_saved is not None or editing.form != desk.state.form
        bar.drop.setVisible(not locked and submitted and drafted)
        bar.print_form.setText("打印填报表" if locked or (submitted and not drafted) else "看全表")
        bar.submit.setVisible(not locked)
        bar.submit.setText("提交代录" if office else "重报本期" if submitted else "提交本期")
        bar.submit.set_enabled_because(
            not errors and not needs_source, "有读不懂的地方，改好才能提交。" if errors else "写明来源才能提交。"
        )
        rest = locked and not desk.why_not
        bar.withdraw.setVisible(rest and desk.withdrawable)
        bar.unlock.setVisible(rest and not desk.withdrawable)
        bar.unlock.setText("代录修改" if office else "修改后重报")
        accepted = looks.state_of(desk) == filings.ACCEPTED
        bar.export.setVisible(rest and not accepted)
        bar.export.setText("去审核" if office else "导出副本")
        bar.export.set_icon("checkmark_circle" if office else "arrow_export")

    # -- editing --------------------------------------------------------------------------------------------------

    def _edit(self, change: Callable[[Editing, str], None]) -> None:
        if self.editing is None or self._locked:
            return
        change(self.editing, self._task)
        self._touched()

    def _touched(self) -> None:
        if self.editing is not None:
            self.keeper.touch()
            self.form.show_messages(self.editing)
            self._show_bar()

    def _source_typed(self, text: str) -> None:
        if self.editing is not None:
            self.editing.set_source(text)
            self._touched()

    def open_task(self, task: str) -> None:
        """Show another matter; what is typed in this one is saved."""
        if self.editing is None or task == self._task:
            return
        self.keeper.save()
        self._task = task
        self._show_matter()
        self._show_bar()

    def _step(self, by: int) -> None:
        if self.editing is not None:
            tasks = self.editing.tasks()
            self.open_task(tasks[min(max(tasks.index(self._task) + by, 0), len(tasks) - 1)])

    def _go_to_spot(self, spot: Spot) -> None:
        if spot.task:
            self.open_task(spot.task)
            self.form.focus_field(spot.field)

    def _no_news(self) -> None:
        editing = self.editing
        if editing is None or self._locked:
            return
        before = editing.form
        count = editing.blank_support()
        editing.form = forms.all_other_support_no_progress(self._session.plan, before)
        filled = editing.form
        self._show_matter()
        self._touched()

        def take_back() -> None:
            untouched = {m.task: m for m in before.matters}
            for new in filled.matters:
                if editing is self.editing and editing.matter(new.task) == new:
                    editing.put_back(untouched[new.task])
            self._show_matter()
            self._touched()

        self._say(f"已为 {count} 件配合事项填上“本期无新进展”。", "done", "撤销", take_back)

    # -- saying ---------------------------------------------------------------------------------------------------

    def _open_dialog(self, dialog: ScrimDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _say(self, text: str, tone: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        self._notice_action = act
        self.notice.say(text, tone, action)

    def _act_on_notice(self) -> None:
        act, self._notice_action = self._notice_action, None
        self.notice.hide()
        if act is not None:
            act()

    def _draft_failed(self, text: str) -> None:
        self._say(f"草稿没有存上：{text}打的字还在本页。", "error", "再试", self._save_by_hand)
