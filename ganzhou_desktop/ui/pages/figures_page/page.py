"""The page: figures in groups with filters, the figure chosen below; 待明确事项 as the second tab."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.plan import Figure, Plan
from ganzhou_desktop.services import figures
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.messages import failure_of
from ganzhou_desktop.ui.pages.figures_page.checkup import PlanCheckup
from ganzhou_desktop.ui.pages.figures_page.detail import OFFICE_ONLY, FigureDetail, Typed
from ganzhou_desktop.ui.pages.figures_page.questions import QuestionsTable
from ganzhou_desktop.ui.pages.figures_page.rows import (
    ALL,
    CONFIRMED,
    MISSING,
    PENDING,
    STATE_WORDS,
    FigureRow,
    FiguresDelegate,
    FiguresModel,
    FiguresTable,
    columns,
    grouped,
)
from ganzhou_desktop.ui.printing import jobs
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    Card,
    EmptyState,
    SearchField,
    Segmented,
    Tabs,
    TitleRow,
    page_column,
    rule,
)

FIGURES = "figures"
QUESTIONS = "questions"
CHECKUP = "checkup"
STAY = "留在这一页"
LEAVE = "先离开"


class FiguresPage(QWidget):
    """数字核定.  `show_argument(figure id)` chooses a figure; `questions` shows 待明确事项."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._plan: Plan = session.plan
        self._refusal = "" if session.office else OFFICE_ONLY
        self._chosen = ""
        self._typed: dict[str, Typed] = {}
        self._filling = False
        self.title_row = TitleRow("数字核定")
        self.busy = BusyBar(self, self.title_row)
        self.print = Button("打印提请核定清单", "print")
        self.tabs = Tabs()
        self.state = Segmented([(key, word) for key, word in STATE_WORDS.items()])
        self.search = SearchField("编号、事项、原文、依据")
        self.model = FiguresModel(columns())
        self.table = FiguresTable()
        self.detail = FigureDetail()
        self.empty = EmptyState("没有符合的数字", button="清除筛选", icon_name="filter", main=False)
        self.questions = QuestionsTable()
        self.checkup = PlanCheckup()
        self._lay_out()

        self.tabs.chosen.connect(self._show_tab)
        self.state.chosen.connect(lambda _: self._fill())
        self.search.textChanged.connect(lambda _: self._fill())
        self.empty.started.connect(self._clear_filters)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(now))
        self.table.opened.connect(lambda _: self.detail.value.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.detail.confirm_wanted.connect(self._confirm)
        self.detail.take_back_wanted.connect(self._take_back)
        self.detail.decide_wanted.connect(lambda: session.go("exchange", "conflicts"))
        self.detail.next_wanted.connect(self.choose_next)
        self.detail.typed_changed.connect(self._keep_typed)
        self.questions.figure_wanted.connect(self.show_argument)
        self.print.clicked.connect(lambda: session.go("preview", jobs.figures_job(session.ledger)))
        save = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        save.activated.connect(self.detail.ask)
        session.operations.changed.connect(self._changed)

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.setItemDelegate(FiguresDelegate(self.table))
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        self.table.setObjectName("figures_table")
        self.table.setAccessibleName("数字")
        self.state.setObjectName("figures_state")
        self.search.setObjectName("figures_search")
        self.search.setFixedWidth(theme.scaled(230))
        self.print.setObjectName("figures_print")
        self.title_row.add_action(self.print)
        self.tabs.set_tabs([(FIGURES, "数字核定", None), (QUESTIONS, "待明确事项", None), (CHECKUP, "方案体检", None)])

        card = Card(flush=True)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GAP_L, 4, theme.GAP_L, 4)
        bar.setSpacing(10)
        bar.addWidget(self.tabs, 1)
        bar.addWidget(self.state)
        bar.addWidget(self.search)
        card.body.setSpacing(0)
        card.body.addLayout(bar)
        card.body.addWidget(rule())
        self._tables = QStackedWidget()
        for widget in (self.table, self.empty, self.questions, self.checkup):
            self._tables.addWidget(widget)
        card.body.addWidget(self._tables, 1)
        self.detail.setFixedHeight(theme.scaled(226))
        column = page_column(self, self.title_row)
        assert isinstance(column, QVBoxLayout)
        column.addWidget(card, 1)
        column.addWidget(self.detail)

    # -- reading --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the plan anew; what is chosen, filtered and typed stays."""
        ledger, office = self._session.ledger, self._session.office
        self._session.operations.run_read(
            self,
            lambda _progress: (ledger.plan(), why_cannot_write(ledger) if office else OFFICE_ONLY),
            self._show,
            busy=self.busy,
        )

    def _changed(self, kinds: frozenset[str], _by: object) -> None:
        if self.isVisible() and kinds & {"figure", "plan", "merge", "undo", "conflict"}:
            self.refresh()

    def _show(self, read: tuple[Plan, str]) -> None:
        self._plan, self._refusal = read
        every = self._plan.figures
        counts = {key: sum(f.state == key for f in every) for key in (PENDING, CONFIRMED, MISSING)}
        counts[ALL] = len(every)
        for key, word in STATE_WORDS.items():
            self.state.button(key).setText(f"{word} {counts[key]}")
        self.tabs.set_tabs(
            [
                (FIGURES, "数字核定", len(every)),
                (QUESTIONS, "待明确事项", len(self._plan.questions)),
                (CHECKUP, "方案体检", self.checkup.show_plan(self._plan)),
            ]
        )
        self.title_row.set_note(
            "核定以前按原文值计算，处处标“待核定”" if counts[CONFIRMED] < len(every) else "全部数字都已核定"
        )
        self.questions.show_plan(self._plan)
        self._fill()

    def _fill(self) -> None:
        """Show the rows that the filters let through, keeping the choice and the place."""
        self._filling = True
        rows = grouped(self._plan, str(self.state.current()), self.search.text())
        place = self.table.verticalScrollBar().value()
        self.model.set_rows(rows)
        self.table.clearSpans()
        for i, row in enumerate(rows):
            head = row.figure is None
            self.table.setRowHeight(i, theme.scaled(theme.GROUP_ROW if head else theme.TABLE_ROW))
            if head:
                self.table.setSpan(i, 0, 1, self.model.columnCount())
        self.table.verticalScrollBar().setValue(place)
        self._filling = False
        if not self._select(self._chosen) and not self._select(next((r.id for r in rows if r.figure), "")):
            self._show_chosen()
        self._show_tab(self.tabs.current())

    def _show_tab(self, key: object) -> None:
        asks = key in (QUESTIONS, CHECKUP)
        has_rows = self.model.rowCount() > 0
        rows = self.table if has_rows else self.empty
        self._tables.setCurrentWidget({QUESTIONS: self.questions, CHECKUP: self.checkup}.get(str(key), rows))
        self.detail.setVisible(not asks and has_rows)
        self.state.setVisible(not asks)
        self.search.setVisible(not asks)

    def _clear_filters(self) -> None:
        self.state.set_current(ALL)
        self.search.clear()

    # -- choosing -------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Figure | None:
        """The figure shown below."""
        return self._plan.figure_by_id.get(self._chosen)

    def _rows(self) -> Sequence[FigureRow]:
        return self.model.rows

    def _select(self, figure: str) -> bool:
        if not figure:
            return False
        for i, row in enumerate(self._rows()):
            if row.id == figure:
                if self.table.currentIndex().row() != i:
                    self.table.selectRow(i)
                    self.table.scrollTo(self.model.index(i, 0))
                self._chosen = figure
                self._show_chosen()
                return True
        return False

    def _choose(self, now: QModelIndex) -> None:
        if self._filling or not now.isValid():
            return
        figure = self.model.row(now.row()).id
        if figure and figure != self._chosen:
            self._chosen = figure
            self._show_chosen()

    def _show_chosen(self) -> None:
        self.detail.show_figure(self.chosen, self._plan, self._typed.get(self._chosen), self._refusal)

    def choose_next(self) -> None:
        """Choose the next figure that waits for its 核定值, from the present one on and round again."""
        ids = [f.id for f in self._plan.figures]
        start = ids.index(self._chosen) + 1 if self._chosen in ids else 0
        for figure in (*self._plan.figures[start:], *self._plan.figures[:start]):
            if figure.state != CONFIRMED:
                self.show_argument(figure.id)
                self.detail.value.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def show_argument(self, argument: object) -> None:
        """Choose a figure by its id, or show 待明确事项 for `questions`."""
        if argument == QUESTIONS:
            self.tabs.set_current(QUESTIONS)
        elif isinstance(argument, str) and argument in self._plan.figure_by_id:
            self.tabs.set_current(FIGURES)
            if not self._select(argument):
                self._chosen = argument
                self._clear_filters()
                self._fill()

    # -- writing --------------------------------------------------------------------------------------------

    def _keep_typed(self) -> None:
        if self.detail.differs():
            self._typed[self._chosen] = self.detail.typed()
        else:
            self._typed.pop(self._chosen, None)

    def _confirm(self, value: str, basis: str) -> None:
        figure = self.chosen
        if figure is None:
            return
        ledger, wanted = self._session.ledger, figure.id

        def done(_: Figure) -> None:
            self._typed.pop(wanted, None)
            self.detail.offer_basis(basis)
            self._session.saved.emit(f"已核定 {wanted}", "checkmark_circle")
            self.refresh()

        self._session.operations.run_write(
            self,
            f"核定 {figure.name}",
            lambda _progress: figures.confirm(ledger, wanted, value, basis),
            done,
            kinds={"figure", "plan"},
            on_error=lambda error: self._refused(wanted, error),
            busy=self.busy,
        )

    def _refused(self, figure: str, error: LedgerError) -> None:
        if figure == self._chosen and error.code in ("bad_number", "no_basis"):
            self.detail.refuse("value" if error.code == "bad_number" else "basis", error.text)
        else:
            self._session.messages.failure(self, failure_of(error, "核定"))

    def _take_back(self) -> None:
        figure = self.chosen
        if figure is None or figure.confirmed is None:
            return
        sure = self._session.messages.confirm(
            self,
            "取消核定",
            f"“{figure.name}”回到{'缺基期' if figure.value is None else '待核定'}，"
            "核定值和依据都清空；历史里还查得到。",
            "取消核定",
            "不取消",
        )
        if not sure:
            return
        ledger, wanted = self._session.ledger, figure.id

        def done(_: Figure) -> None:
            self._typed.pop(wanted, None)
            self.refresh()

        self._session.operations.run_write(
            self,
            f"取消核定 {figure.name}",
            lambda _progress: figures.confirm(ledger, wanted, "", ""),
            done,
            kinds={"figure", "plan"},
            busy=self.busy,
        )

    def can_leave(self) -> bool:
        """Ask when something typed is not confirmed yet; it stays in the boxes either way."""
        if not self._typed:
            return True
        names = "、".join(self._typed)
        answer = self._session.messages.choose(
            self,
            "填了还没有核定",
            f"{names} 填了值或依据，还没有点“核定”。先离开的话，填的内容留在框里，关掉程序就没有了。",
            (LEAVE, STAY),
        )
        return answer == LEAVE
