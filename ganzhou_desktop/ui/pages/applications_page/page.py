"""The page: applications as a table or a board, and the subsidies; what looks like paying twice is said on top."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.domain.subsidies import Eligibility
from ganzhou_desktop.services import applications
from ganzhou_desktop.services.applications import ApplicationsView, Row
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.pages.applications_page.board import Board
from ganzhou_desktop.ui.pages.applications_page.dialog import ApplicationDialog
from ganzhou_desktop.ui.pages.applications_page.looks import FILTERS, due_text, is_in, step_colour
from ganzhou_desktop.ui.pages.applications_page.strip import AmountStrip
from ganzhou_desktop.ui.pages.applications_page.subsidies_view import Candidate, SubsidiesView
from ganzhou_desktop.ui.printing import subsidy_export
from ganzhou_desktop.ui.printing.jobs import questions_job, sums_job
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.subsidy_words import (
    BY_UNIT,
    SumRow,
    amount_text,
    purpose,
    remark_text,
    state_text,
    step_text,
    sum_names,
)
from ganzhou_desktop.ui.table_model import RIGHT, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import NO_VALUE
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    Card,
    ChipCombo,
    ElidedLabel,
    EmptyState,
    NoticeBar,
    SearchField,
    Segmented,
    Tabs,
    TitleRow,
    page_column,
    rule,
)

XLSX = "Excel 工作簿 (*.xlsx)"
TABLE, BOARD, SUBSIDIES = "table", "board", "subsidies"


class ApplicationsPage(QWidget):
    """申报奖补.  `show_argument({"tab", "entry": Entry, "subsidy"})` opens a tab, or an application for an entry."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._view: ApplicationsView | None = None
        self._refusal = ""
        self._asked: dict[str, object] = {}
        self.title_row = TitleRow("申报奖补")
        self.busy = BusyBar(self, self.title_row)
        self.add = Button("新增申报", "add", kind="main")
        self.print_button = Button("打印…", "print")
        self.export = Button("导出…", "arrow_export")
        self.strip = AmountStrip()
        self.notice = NoticeBar()
        self.tabs = Tabs()
        self.state = Segmented(list(FILTERS.items()))
        self.unit = ChipCombo("单位")
        self.task = ChipCombo("任务")
        self.search = SearchField("查找")
        self.model = TableModel[Row](self._columns())
        self.table = RowTable()
        self.board = Board()
        self.subsidies = SubsidiesView()
        self.empty = EmptyState(
            "还没有申报", "在台账里登记以后，到“奖补”里看谁符合条件，为它申报。", "新增申报", "money", main=False
        )
        self.foot = ElidedLabel("", "note")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(250)
        self._later.timeout.connect(self.refresh)
        self._lay_out()

        self.tabs.chosen.connect(lambda _: self._show_tab())
        self.state.chosen.connect(lambda _: self._fill())
        self.search.textChanged.connect(lambda _: self._fill())
        self.unit.activated.connect(lambda _: self._fill())
        self.task.activated.connect(lambda _: self._fill())
        self.print_button.clicked.connect(self._print_menu)
        self.export.clicked.connect(self._export)
        self.add.clicked.connect(lambda: self.open_form(None))
        self.empty.started.connect(lambda: self.open_form(None))
        self.table.opened.connect(lambda index: self.open_form(self.model.row(index.row())))
        self.table.set_menu(self._menu)
        self.board.opened.connect(self.open_form)
        self.subsidies.chosen.connect(self._read_candidates)
        self.subsidies.apply_wanted.connect(lambda subsidy, entry: self.open_form(None, entry=entry, subsidy=subsidy))
        self.subsidies.list_wanted.connect(self._list)
        self.subsidies.entry_wanted.connect(
            lambda entry: session.go("registers", {"register": entry.register, "entry": entry.id})
        )
        self.subsidies.register_wanted.connect(lambda register: session.go("registers", {"register": register}))
        self.notice.action_chosen.connect(lambda: self.tabs.set_current(TABLE))
        for keys, do in (
            (QKeySequence.StandardKey.New, lambda: self.open_form(None)),
            (QKeySequence.StandardKey.Find, self._find),
            (QKeySequence.StandardKey.Print, self._print_menu),
        ):
            QShortcut(QKeySequence(keys), self, do, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Delete), self.table, self._delete_current,
            context=Qt.ShortcutContext.WidgetShortcut,
        )  # fmt: skip
        self.setFocusProxy(self.tabs)
        session.operations.changed.connect(self._changed)

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.setObjectName("applications_table")
        self.table.setAccessibleName("申报")
        self.add.setObjectName("application_add")
        self.search.setFixedWidth(theme.scaled(180))
        self.print_button.setObjectName("applications_print")
        self.export.setObjectName("applications_export")
        self.search.setObjectName("applications_search")
        for button in (self.print_button, self.export, self.add):
            self.title_row.add_action(button)
        self.tabs.set_tabs([(TABLE, "申报", None), (BOARD, "流程看板", None), (SUBSIDIES, "奖补", None)])
        card = Card(flush=True)
        card.body.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GAP_L, 4, theme.GAP_L, 4)
        bar.setSpacing(10)
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        bar.addWidget(self.unit)
        bar.addWidget(self.task)
        bar.addWidget(self.search)
        card.body.addLayout(bar)
        card.body.addWidget(rule())
        self._states = QWidget()
        states = QHBoxLayout(self._states)
        states.setContentsMargins(theme.GAP_L, 6, theme.GAP_L, 6)
        states.addWidget(self.state)
        states.addStretch(1)
        card.body.addWidget(self._states)
        self._stack = QStackedWidget()
        for widget in (self.table, self.board, self.subsidies, self.empty):
            self._stack.addWidget(widget)
        card.body.addWidget(self._stack, 1)
        below = QHBoxLayout()
        below.setContentsMargins(theme.GAP_L, 5, theme.GAP_L, 7)
        below.addWidget(self.foot, 1)
        card.body.addLayout(below)
        column = page_column(self, self.title_row)
        column.addWidget(self.strip)
        column.addWidget(self.notice)
        column.addWidget(card, 1)

    def _columns(self) -> list[Column[Row]]:
        plan = self._session.plan
        found: list[Column[Row]] = [
            Column(
                "受益对象",
                lambda r: r.application.beneficiary,
                bold=True,
                tip=lambda r: r.application.beneficiary,
            ),
            Column("申报什么", lambda r: purpose(plan, r.application), tip=lambda r: purpose(plan, r.application)),
        ]
        if self._session.office:
            found.append(Column("单位", lambda r: plan.unit_by_id[r.application.unit].short, width=112))
        found += [
            Column("年度", lambda r: r.application.year or "", width=52),
            Column("现状", state_text, width=92),
            Column(
                "在哪一步", lambda r: r.standing.step.name if r.standing.step else NO_VALUE, width=124, tip=step_text
            ),
            Column("应办", due_text, width=120, tip=step_text, colour=step_colour),
        ]
        found += [Column(AMOUNT_WORDS[name], _amount_of(name), align=RIGHT, width=62) for name in AMOUNTS]
        found.append(
            Column(
                "提示",
                remark_text,
                width=80,
                tip=lambda r: "\n".join(r.odd),
                colour=lambda r: colours.DIFFER,
            )
        )
        return found

    # -- reading --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the applications anew; tab, filter and choice stay."""
        ledger, today = self._session.ledger, self._session.today()
        self._session.operations.run_read(
            self,
            lambda _progress: (applications.read_applications_view(ledger, today), why_cannot_write(ledger)),
            self._show,
            busy=self.busy,
        )

    def _changed(self, kinds: frozenset[str], _by: object) -> None:
        if self.isVisible() and kinds & {"application", "entry", "plan", "figure", "merge", "undo", "conflict"}:
            self._later.start()

    def _show(self, read: tuple[ApplicationsView, str]) -> None:
        self._view, self._refusal = read
        view = self._view
        self.add.set_enabled_because(not self._may_not, self._may_not)
        self.empty.button.setVisible(not self._may_not)
        self._offer(view)
        if view.clashes:
            first = view.clashes[0]
            who = "、".join(dict.fromkeys(a.beneficiary for a in first.applications))
            more = f"；另有 {len(view.clashes) - 1} 处" if len(view.clashes) > 1 else ""
            self.notice.say(
                f"疑似重复补助：{who}，{first.why}{more}。请核对后再报。", "error" if first.sure else "differ"
            )
        else:
            self.notice.hide()
        self.subsidies.show_view(self._session.plan, view, self._may_not)
        self._fill()
        asked, self._asked = self._asked, {}
        if asked:
            self._answer(asked)

    @property
    def _may_not(self) -> str:
        """Why nothing can be applied for here; empty when it can."""
        return self._refusal or ("" if self._view is not None and self._view.writable else "本机不能申报")

    def _into_list(self) -> None:
        """Back to what is in front, for whoever goes about by keys."""
        front = self._stack.currentWidget()
        shown = {self.table: self.table, self.subsidies: self.subsidies.table, self.empty: self.empty.button}
        shown.get(front, self.tabs).setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, view: ApplicationsView) -> None:
        """The units and tasks there are applications of; one that was chosen stays."""
        plan = self._session.plan
        units = [(u.id, u.short) for u in plan.units if u.id in view.by_unit]
        held = {row.application.task for row in view.rows}
        tasks = [(t.id, f"{t.id} {t.short}") for t in plan.tasks if t.id in held]
        for combo, options in ((self.unit, units), (self.task, tasks)):
            kept = combo.currentData()
            combo.set_options([("", "全部"), *options], kept if kept in dict(options) else "")

    def _list(self, way: str, row: SumRow) -> None:
        """The applications a line of the sums is made of."""
        self.state.set_current("all")
        self.task.set_current("")
        unit = next((u.id for u in self._session.plan.units if u.name == row.name), "") if way == BY_UNIT else ""
        self.unit.set_current(unit)
        self.search.setText("" if unit else row.name)
        self._fill()
        self.tabs.set_current(TABLE)

    def _fill(self) -> None:
        view = self._view
        if view is None:
            return
        words = self.search.text().split()
        unit, task = str(self.unit.currentData() or ""), str(self.task.currentData() or "")
        plan = self._session.plan
        wanted = str(self.state.current())

        def says(row: Row) -> bool:
            hay = f"{row.application.beneficiary} {sum_names(plan, row.application)}"
            here = unit in ("", row.application.unit) and task in ("", row.application.task)
            return here and all(word in hay for word in words)

        found = [row for row in view.rows if says(row)]
        for key, word in FILTERS.items():
            number = sum(is_in(row, key) for row in found)
            button = self.state.button(key)
            button.setText(f"{word} {number}")
            button.setVisible(number > 0 or key in ("all", wanted))
        rows = [row for row in found if is_in(row, wanted)]
        kept = self.table.currentIndex().row()
        self.model.set_rows(rows)
        # Its room is for the names while there is nothing to be looked at.
        self.table.setColumnHidden(self.model.columnCount() - 1, not any(remark_text(row) for row in rows))
        self.table.fit_columns()
        if 0 <= kept < len(rows):
            self.table.setCurrentIndex(self.model.index(kept, 0))
        self.board.show_rows(plan, rows)
        self.strip.show_rows(plan, rows)
        self.foot.setText(self._told(view, rows))
        self._show_tab()

    def _told(self, view: ApplicationsView, rows: list[Row]) -> str:
        """How many are shown, and how many wait at each step."""
        if not view.rows:
            return ""
        shown = f"共 {len(rows)} 件" if len(rows) == len(view.rows) else f"显示 {len(rows)} 件，共 {len(view.rows)} 件"
        at = Counter(row.standing.step.id for row in rows if row.standing.step is not None)
        steps = "、".join(f"{step.name} {at[step.id]}" for step in self._session.plan.steps if at[step.id])
        late = sum(row.standing.late_since is not None for row in rows)
        return f"{shown}{f'；在办：{steps}' if steps else ''}{f'；逾期 {late} 件' if late else ''}"

    def _show_tab(self) -> None:
        key = self.tabs.current()
        nothing = self._view is not None and not self._view.rows and key != SUBSIDIES
        shown = self.empty if nothing else {TABLE: self.table, BOARD: self.board, SUBSIDIES: self.subsidies}[str(key)]
        self._stack.setCurrentWidget(shown)
        view = self._view
        listed = key != SUBSIDIES and not nothing
        self.strip.setVisible(not nothing and bool(view and view.rows))
        for widget in (self._states, self.search, self.foot):
            widget.setVisible(listed)
        self.task.setVisible(listed and self.task.count() > 1)
        self.unit.setVisible(listed and self._session.office and self.unit.count() > 2)
        self.export.set_enabled_because(
            view is not None and (key == SUBSIDIES or bool(view.rows)), "还没有申报，没有可以导出的"
        )

    def _read_candidates(self, subsidy: str) -> None:
        ledger, view, today = self._session.ledger, self._view, self._session.today()
        applied = (
            {(r.application.unit, r.application.entry) for r in view.rows if r.application.subsidy == subsidy}
            if view
            else set()
        )

        def show(found: tuple[tuple[Entry, Eligibility], ...]) -> None:
            self.subsidies.show_candidates(subsidy, tuple(Candidate(e, check, e.id in applied) for e, check in found))

        self._session.operations.run_read(self, lambda _progress: applications.candidates(ledger, subsidy, today), show)

    # -- going about ----------------------------------------------------------------------------------------

    def show_argument(self, argument: object) -> None:
        """Open a tab, or a new application for an entry, once the page is read."""
        if isinstance(argument, dict):
            self._asked = dict(argument)
            self.refresh()  # the window reads a page before it says where to go in it

    def _answer(self, asked: dict[str, object]) -> None:
        if asked.get("tab"):
            self.tabs.set_current(asked["tab"])
        entry = asked.get("entry")
        if isinstance(entry, Entry):
            self.open_form(None, entry=entry, subsidy=str(asked.get("subsidy") or ""))

    def _find(self) -> None:
        if self.tabs.current() == SUBSIDIES:
            self.tabs.set_current(TABLE)
            self._show_tab()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def can_leave(self) -> bool:
        """Nothing is typed on the page itself."""
        return True

    def open_form(self, row: Row | None, *, entry: Entry | None = None, subsidy: str = "") -> ApplicationDialog | None:
        """The form of an application, or of a new one."""
        view = self._view
        given = row.application if row is not None else None
        if view is None or (given is None and self._may_not):
            return None
        unit = entry.unit if entry is not None else self._session.unit
        dialog = ApplicationDialog(
            self,
            self._session,
            given,
            unit=unit,
            entry=entry,
            subsidy=subsidy,
            writable=view.writable,
            refusal=self._may_not,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self.refresh)
        dialog.finished.connect(lambda _: self._into_list())
        dialog.open()
        return dialog

    def _menu(self, menu: QMenu, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        menu.addAction("打开", lambda: self.open_form(row))
        menu.addAction("历史", lambda: self._session.go("settings", f"history:{row.application.record}"))
        if not self._refusal and self._view is not None and row.application.unit in self._view.writable:
            menu.addAction("删除", lambda: self._delete(row))

    def _delete_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid() and not self._refusal and self._view is not None:
            row = self.model.row(index.row())
            if row.application.unit in self._view.writable:
                self._delete(row)

    def _delete(self, row: Row) -> None:
        text = "删除后不再合计；历史里还看得到。"
        if not self._session.messages.confirm(self, f"删除“{row.application.beneficiary}”的申报", text, "删除"):
            return
        ledger, application = self._session.ledger, row.application
        self._session.operations.run_write(
            self,
            "删除申报",
            lambda _progress: applications.delete_application(ledger, application),
            lambda _none: self.refresh(),
            kinds={"application"},
        )

    # -- paper and workbooks --------------------------------------------------------------------------------

    def print_menu(self) -> QMenu:
        """What can be printed here."""
        session = self._session
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(
            icon("print"), "奖补汇总表…", lambda: session.go("preview", sums_job(session.ledger, session.today()))
        )
        asks = menu.addAction(
            icon("print"), "提请区财政局明确事项…", lambda: session.go("preview", questions_job(session.ledger))
        )
        asks.setEnabled(any(subsidy.open for subsidy in session.plan.subsidies))
        return menu

    def _print_menu(self) -> None:
        self.print_menu().popup(self.print_button.mapToGlobal(self.print_button.rect().bottomLeft()))

    def _export(self) -> None:
        """What is on screen: the applications that the filters let through, or the sums."""
        session, view = self._session, self._view
        if view is None:
            return
        ledger, today = session.ledger, session.today()
        sums = self.tabs.current() == SUBSIDIES
        name = "奖补汇总表" if sums else "申报"
        out = session.files.save_file(self, f"导出{name}", f"{name}_{today:%Y%m%d}.xlsx", XLSX)
        if out is None:
            return
        rows, scope = tuple(self.model.rows), self._scope()

        def work(_progress: object) -> None:
            if sums:
                subsidy_export.export_sums(ledger, out, on=today)
            else:
                subsidy_export.export_applications(ledger, rows, out, on=today, scope=scope)

        told = f"已导出到“{out.name}”" if sums else f"已导出 {len(rows)} 件到“{out.name}”"
        session.operations.run_write(
            self,
            f"导出{name}",
            work,
            lambda _none: session.saved.emit(told, "checkmark_circle"),
            kinds=(),
            busy=self.busy,
        )

    def _scope(self) -> str:
        """The filters in words."""
        words = [FILTERS[str(self.state.current())]] if self.state.current() != "all" else []
        words += [combo.currentText() for combo in (self.unit, self.task) if combo.currentData()]
        words += [f"含“{self.search.text().strip()}”"] if self.search.text().strip() else []
        return "，".join(words)


def _amount_of(name: str) -> Callable[[Row], str]:
    return lambda row: amount_text(row.application, name)
