"""总览: the targets as gauges, what waits for this PC, who has not reported, units and tasks at a glance."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain.matrix import Cell
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.services import overview as board_of
from ganzhou_desktop.services.judging import shown_gauges
from ganzhou_desktop.services.overview import Board, Urgent, Waiting
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.gauge_export import ExportButton, Exported
from ganzhou_desktop.ui.pages.overview_page.boards import MattersCard, TasksCard, UnitsCard
from ganzhou_desktop.ui.pages.overview_page.gauges_card import BULLETS, DIALS, GaugesCard
from ganzhou_desktop.ui.pages.overview_page.side import CountLook, MissingCard, OwnCard, UrgentCard, WaitingCards
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.jobs import gauges_job
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import date_text, joined, period_text, short_date
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, EmptyState, PlainLabel, Segmented, TitleRow

SIDE = 352
MARGIN = 20
LOW = 720
ONLY_OWN = "仅含本单位"


class OverviewPage(QWidget):
    """The first page; every number on it opens what it is made of."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._board: Board | None = None
        self.title_row = TitleRow("总览")
        self.view = Segmented([(BULLETS, "条形"), (DIALS, "表盘")])
        self.export_button = ExportButton(session, self, self._paper)
        self.print_button = Button(icon_name="print", kind="icon", tip="打印目标任务进度表")
        self.busy = BusyBar(self, self.title_row)
        self.gauges = GaugesCard()
        self.units = UnitsCard()
        self.tasks = TasksCard()
        self.matters = MattersCard()
        self.empty = _empty(session.office)
        self.since = PlainLabel("", "note")
        self.waiting = WaitingCards()
        self.missing = MissingCard()
        self.own = OwnCard()
        self.urgent = UrgentCard()

        self.view.setObjectName("view")
        self.print_button.setObjectName("print")
        self._lay_out()
        for card in (self.units, self.tasks, self.missing):
            card.setVisible(session.office)
        for own in (self.matters, self.own):
            own.setVisible(not session.office)

        self._connect()

    def _lay_out(self) -> None:
        self.title_row.add_action(self.view)
        self.title_row.add_action(self.print_button)
        self.title_row.add_action(self.export_button)
        left = QWidget()
        left.setProperty("kind", "scrollBody")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        column.addWidget(self.gauges, 1)
        for card in (self.units, self.tasks, self.matters):
            column.addWidget(card)
        scroll = QScrollArea()  # with large type on a low screen the left column scrolls
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(left)
        nothing = Card()
        nothing.body.addWidget(self.empty)
        self._stack = QStackedWidget()
        self._stack.addWidget(scroll)
        self._stack.addWidget(nothing)
        self._nothing = nothing

        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.CARD_GAP)
        head = QHBoxLayout()
        head.setContentsMargins(1, 2, 0, 0)
        head.addWidget(PlainLabel("待我办理", "card"))
        head.addStretch(1)
        head.addWidget(self.since)
        top = QVBoxLayout()
        top.setSpacing(7)
        top.addLayout(head)
        top.addWidget(self.waiting)
        right.addLayout(top)
        right.addWidget(self.missing)
        right.addWidget(self.own)
        right.addWidget(self.urgent, 1)
        self._rest = QWidget()
        right.addWidget(self._rest, 1)

        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN, 0, MARGIN, theme.CARD_GAP)
        page.setSpacing(0)
        page.addWidget(self.title_row)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(self._stack, 1)
        row.addWidget(self._side)
        page.addLayout(row, 1)

    def _connect(self) -> None:
        session = self._session
        self.title_row.period_chosen.connect(session.set_period)
        self.view.chosen.connect(lambda view: self.gauges.set_view(str(view)))
        self.print_button.clicked.connect(self.print_gauges)
        self.gauges.opened.connect(lambda target: session.go("target", target))
        self.units.opened.connect(self._open_unit)
        self.tasks.opened.connect(lambda task: session.go("matrix", {"task": task}))
        self.tasks.matrix_wanted.connect(lambda: session.go("matrix"))
        self.matters.matrix_wanted.connect(lambda: session.go("matrix"))
        self.matters.opened.connect(lambda task: self._go_filing(task=task))
        self.waiting.opened.connect(self._open_waiting)
        self.own.opened.connect(lambda period: self._go_filing(period=period))
        self.urgent.opened.connect(self._open_urgent)
        self.empty.started.connect(lambda: session.go("settings" if session.office else "exchange"))
        session.period_changed.connect(lambda _name: self._refresh_if_seen())
        session.operations.changed.connect(lambda _kinds, _by: self._refresh_if_seen())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(min(theme.scaled(SIDE), max(SIDE, round(self.width() * 0.32))))
        self.waiting.set_low(self.height() < theme.scaled(LOW))

    # -- reading and showing --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the overview of the shared period and show it."""
        ledger, name, on = self._session.ledger, self._session.period, self._session.today()
        self._session.operations.run_read(
            self,
            lambda _progress: board_of.read_board(ledger, name, on),
            self._show,
            title="正在读取总览",
            busy=self.busy,
        )

    def can_leave(self) -> bool:
        """Nothing is typed here."""
        return True

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show(self, board: Board) -> None:
        self._board = board
        overview, period = board.overview, board.overview.period
        self.title_row.set_periods(
            [(p.name, period_text(p.name)) for p in overview.periods], period.name if period is not None else None
        )
        office = self._session.office
        self.title_row.set_note("" if office or period is None else ONLY_OWN)
        self.since.setText(f"截至 {date_text(self._session.today())}")
        self.waiting.set_cards([_count_look(board, waiting, office=office) for waiting in board.waiting])
        for widget in (self.view, self.print_button, self.export_button):
            widget.setVisible(period is not None)
        for card, own in ((self.missing, office), (self.own, not office), (self.urgent, True)):
            card.setVisible(own and period is not None)
        self._rest.setVisible(period is None)
        if period is None:
            self._stack.setCurrentWidget(self._nothing)
            return
        self._stack.setCurrentIndex(0)
        self._show_period(board, period)

    def _show_period(self, board: Board, period: Period) -> None:
        overview, plan = board.overview, self._session.plan
        office = self._session.office
        deadline = plan.document.deadline
        end = f"{deadline.year}年底预计" if deadline.month == 12 else f"{short_date(deadline)}预计"
        passed, total = board_of.time_passed(plan, period.last)
        share = f"时间已过 {100 * passed / total:.1f}%" if total else ""
        note = joined((f"截至 {date_text(period.last)}", share))
        gauges = shown_gauges(self._session.ledger, overview.gauges)
        title = f"{len(gauges)} 项目标" if office else f"本单位报数的 {len(gauges)} 项指标" if gauges else "目标进度"
        self.gauges.set_gauges(title, note, gauges, end, board.stalled)
        self.urgent.set_urgent(board.urgent)
        if office:
            names = {u.id: plan.naming(u, period.last)[0] for u in plan.responsible_units}
            self.units.set_statuses(plan, period, overview.statuses)
            self.missing.set_missing(board.missing, names, period.last.year, len(overview.statuses))
            if overview.matrix is not None:
                self.tasks.set_tasks(plan, overview.matrix)
        elif overview.matrix is not None:
            self.matters.set_cells(plan, [c for c in overview.matrix.cells if _is_own(c, self._session)])
            self.own.set_own(board.own)

    # -- ways on --------------------------------------------------------------------------------------------

    def print_gauges(self) -> None:
        """The gauges on paper, as of the period's last day."""
        if self._board is not None and self._board.overview.period is not None:
            self._session.go("preview", gauges_job(self._session.ledger, self._board.overview.period.last))

    def _paper(self) -> Exported | None:
        """What 导出 writes: the gauges as they stand on the screen, or the printed table of all."""
        if self._board is None or self._board.overview.period is None:
            return None
        ledger, on = self._session.ledger, self._board.overview.period.last
        return Exported(self.gauges, f"目标进度_{on.isoformat()}", lambda: papers.gauges_paper(ledger, on, colour=True))

    def _open_unit(self, unit: str) -> None:
        """A unit that filed: its filing under review; one that did not: whom to call."""
        if unit in self.missing.rows:
            self.missing.focus_unit(unit)
        else:
            self._go_review(unit)

    def _open_waiting(self, kind: str) -> None:
        waiting = self._board.waits(kind) if self._board is not None else None
        first = waiting.items[0] if waiting is not None and waiting.items else ""
        match kind:
            case board_of.MISSING:
                self.missing.focus_unit(first)
            case board_of.CONFLICTS:
                self._session.go("exchange", "conflicts")
            case board_of.FIGURES:
                self._session.go("figures")
            case board_of.TO_FILL:
                self._go_filing(task=first)
            case board_of.TO_SUBMIT:
                self._go_filing(period=first)
            case board_of.RETURNED if not self._session.office:
                self._go_filing(task=first)
            case _:
                self._go_review(first)

    def _open_urgent(self, urgent: Urgent) -> None:
        if urgent.target:
            self._session.go("target", urgent.target)
        else:
            self._session.go("matrix", {"task": urgent.task, "unit": urgent.unit})

    def _go_review(self, unit: str) -> None:
        argument = {"period": self._shown_period()}
        self._session.go("review", {"unit": unit, **argument} if unit else argument)

    def _go_filing(self, task: str = "", period: str = "") -> None:
        argument = {"unit": self._session.unit, "period": period or self._shown_period()}
        self._session.go("filing", {**argument, "task": task} if task else argument)

    def _shown_period(self) -> str:
        assert self._board is not None
        period = self._board.overview.period
        return "" if period is None else period.name


def _is_own(cell: Cell, session: Session) -> bool:
    return cell.unit == session.unit


def _empty(office: bool) -> EmptyState:
    if office:
        made = EmptyState(
            "还没有开过期次",
            "先在“设置”里开一个期次（如 2018年第一季度），各单位才有表可填；开期次以后，这里显示目标进度和报送情况。",
            "去设置里开期次",
            "calendar",
        )
    else:
        made = EmptyState(
            "区里还没有开期次",
            "区里开了期次，会给本单位新的下发副本；到“数据交换”里接收以后，就可以填报。",
            "去数据交换",
            "calendar",
        )
    made.button.setObjectName("begin")
    return made


def _count_look(board: Board, waiting: Waiting, *, office: bool) -> CountLook:
    """The words of one card."""
    period = board.overview.period
    year = period.last.year if period is not None else None
    due = f"应报日 {short_date(period.due, year)}" if period is not None else ""
    since = "" if waiting.since is None or not waiting.count else f"最早 {short_date(waiting.since, year)}"
    late = any(m.days for m in board.missing)
    title, unit, note = {
        board_of.TO_REVIEW: ("待审核", "家", since or "没有"),
        board_of.RETURNED: ("退回待重报" if office else "被退回", "家" if office else "件", since or "没有"),
        board_of.MISSING: ("逾期未报" if late else "还没报", "家", due),
        board_of.AFTERWARDS: ("期后报送", "家", "关期次以后才到"),
        board_of.CONFLICTS: ("两处不一致", "处", "要定取哪一个" if waiting.count else "没有"),
        board_of.FIGURES: ("数字待核定", "个", f"共 {waiting.of} 个"),
        board_of.TO_FILL: ("本期待填", "件", f"共 {waiting.of} 件"),
        board_of.TO_SUBMIT: ("待提交", "期", due),
    }[waiting.kind]
    return CountLook(waiting.kind, title, unit, waiting.count, note)
