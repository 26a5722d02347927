"""期次: what is open, due when, how many have filed; the office opens, moves the 应报日, closes and opens again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.services import periods, reviewing
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.reviewing import UnitStatus, read_reviews
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.messages import failure_of
from ganzhou_desktop.ui.pages.settings_page.period_dialogs import DueDialog, OpenPeriodDialog, next_name
from ganzhou_desktop.ui.pages.settings_page.section import Section
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_model import ROW_ROLE, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import period_text
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, EmptyState, PlainLabel, ScrimDialog

CLOSING = "关期次"

Work = Callable[[Ledger], Period]
Done = Callable[[Period], None]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period and where the units held here stand in it."""

    period: Period
    statuses: tuple[UnitStatus, ...]

    @property
    def filed(self) -> tuple[UnitStatus, ...]:
        """Those who have submitted."""
        return tuple(s for s in self.statuses if s.filing is not None and s.filing.submitted)

    @property
    def missing(self) -> tuple[UnitStatus, ...]:
        """Those who have not."""
        return tuple(s for s in self.statuses if s.filing is None or not s.filing.submitted)

    @property
    def after(self) -> int:
        """How many came after the closing (期后)."""
        return sum(not s.taken for s in self.filed)


@dataclass(frozen=True, slots=True)
class PeriodsRead:
    """What the section shows."""

    rows: tuple[PeriodRow, ...]
    refusal: str


def read_periods(ledger: Ledger, today: date) -> PeriodsRead:
    """Every period, the latest first; filings and reviews are read once for all."""
    filed, reviews = read_filings(ledger), read_reviews(ledger)
    closings = reviewing.read_closings(ledger)
    rows = [
        PeriodRow(p, reviewing.statuses_of(ledger, p, today, filed, reviews, closings))
        for p in periods.list_periods(ledger)
    ]
    return PeriodsRead(tuple(reversed(rows)), why_cannot_write(ledger))


class PeriodsSection(Section):
    """期次."""

    key = "periods"
    title = "期次"
    icon = "calendar"
    kinds = frozenset({"period", "filing", "review", "merge", "undo", "plan"})

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self._read = PeriodsRead((), "")
        self.dialog: ScrimDialog | None = None
        self.open = Button("开期次…", "add", kind="main")
        self.due = Button("改应报日…", "calendar")
        self.close_period = Button("关期次…", "lock_closed")
        self.reopen = Button("重新打开…", "arrow_undo")
        self.model: TableModel[PeriodRow] = TableModel(
            [
                Column("期次", lambda r: period_text(r.period.name), width=170, bold=True),
                Column("起", lambda r: r.period.first, width=130),
                Column("止", lambda r: r.period.last, width=130),
                Column("应报日", lambda r: r.period.due, width=130),
                Column("已交", self._filed_text),
                Column(
                    "状态",
                    lambda r: "已关" if r.period.closed else "开着",
                    width=90,
                    tag=lambda r: "plain" if r.period.closed else "accent",
                ),
            ]
        )
        self.table = RowTable()
        self.empty = EmptyState(
            "还没有开过期次",
            "开了第一期，各单位才能填报；开好后到“数据交换”给各单位下发副本。"
            if session.office
            else "区里开了期次，随下一份下发副本带过来。",
            "开期次…" if session.office else "",
            "calendar",
        )
        self._lay_out()

        self.open.clicked.connect(self.open_dialog)
        self.empty.started.connect(self.open_dialog)
        self.due.clicked.connect(self._due_dialog)
        self.close_period.clicked.connect(self._close)
        self.reopen.clicked.connect(self._reopen)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._update())
        self.table.opened.connect(lambda _: self._due_dialog() if self.due.isEnabled() and session.office else None)

    def _lay_out(self) -> None:
        for widget, name in (
            (self.open, "period_open"),
            (self.due, "period_due_change"),
            (self.close_period, "period_close"),
            (self.reopen, "period_reopen"),
        ):
            widget.setObjectName(name)
        self.table.setModel(self.model)
        self.table.setObjectName("periods_table")
        self.table.setAccessibleName("期次")
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        card = Card(flush=True)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GAP_L, 10, theme.GAP_L, 10)
        bar.setSpacing(theme.GAP_S)
        bar.addWidget(PlainLabel("期次", "card"))
        bar.addStretch(1)
        for button in (self.due, self.close_period, self.reopen, self.open):
            button.setVisible(self.session.office)
            bar.addWidget(button)
        card.body.setSpacing(0)
        card.body.addLayout(bar)
        self._tables = QStackedWidget()
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.empty)
        card.body.addWidget(self._tables, 1)
        note = PlainLabel(
            "应报日由区里定。关期次只是把已交的定下来，不拒收数据；以后交来的算“期后”，仍看得到。"
            if self.session.office
            else "期次由区里开和关，随下发副本带过来。",
            "note",
            wrap=True,
        )
        note.setContentsMargins(theme.GAP_L, 8, theme.GAP_L, 10)
        card.body.addWidget(note)
        self.column.addWidget(card, 1)

    def _filed_text(self, row: PeriodRow) -> str:
        if not self.session.office:
            return "本单位已提交" if row.filed else "本单位还没有提交"
        after = f"，期后 {row.after} 家" if row.after else ""
        return f"{len(row.filed)} / {len(row.statuses)} 家{after}"

    def refresh(self) -> None:
        ledger, today = self.session.ledger, self.session.today()
        self.session.operations.run_read(
            self, lambda _progress: read_periods(ledger, today), self._show, busy=self.busy
        )

    def _show(self, read: PeriodsRead) -> None:
        self._read = read
        chosen = self.chosen
        wanted = chosen.period.name if chosen is not None else self.session.period
        self.model.set_rows(read.rows)
        for i, row in enumerate(read.rows):
            if row.period.name == wanted or (i == 0 and chosen is None):
                self.table.selectRow(i)
        self._tables.setCurrentWidget(self.table if read.rows else self.empty)
        for button in (self.open, self.due):
            button.setVisible(self.session.office and bool(read.rows))
        self._update()

    @property
    def chosen(self) -> PeriodRow | None:
        """The row chosen in the table."""
        row = self.table.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, PeriodRow) else None

    def _update(self) -> None:
        row, refusal = self.chosen, self._read.refusal
        closed = row is not None and row.period.closed
        self.open.set_enabled_because(not refusal, refusal)
        self.empty.button.set_enabled_because(not refusal, refusal)
        none = refusal or "先在表里选一期"
        self.due.set_enabled_because(
            row is not None and not closed and not refusal, "这一期已关，先重新打开再改应报日" if closed else none
        )
        self.close_period.setVisible(row is not None and self.session.office and not closed)
        self.reopen.setVisible(self.session.office and closed)
        self.close_period.set_enabled_because(row is not None and not refusal, none)
        self.reopen.set_enabled_because(not refusal, refusal)

    # -- writing --------------------------------------------------------------------------------------------

    def open_dialog(self) -> None:
        """Ask which period to open."""
        opened = tuple(sorted((r.period for r in self._read.rows), key=lambda p: (p.first, p.last)))
        dialog = OpenPeriodDialog(
            self,
            next_name(opened, self.session.today()),
            frozenset(p.name for p in opened),
            self.session.plan.number_setting("due_day"),
        )
        dialog.wanted.connect(lambda name, due: self._open(dialog, name, due))
        self._show_dialog(dialog)

    def _show_dialog(self, dialog: ScrimDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._dialog_gone)
        self.dialog = dialog
        dialog.open()

    def _dialog_gone(self) -> None:
        self.dialog = None

    def _open(self, dialog: OpenPeriodDialog, name: str, due: date) -> None:
        def done(period: Period) -> None:
            dialog.accept()
            self.session.set_period(period.name)
            self.table.clearSelection()
            self.told.emit(f"{period_text(name)}开好了。接着到“数据交换”给各单位下发副本。", "done")
            self.refresh()

        self._write("开期次", lambda ledger: periods.open_period(ledger, name, due), done, dialog)

    def _write(
        self,
        title: str,
        work: Work,
        done: Done,
        dialog: OpenPeriodDialog | DueDialog | None = None,
    ) -> None:
        ledger = self.session.ledger

        def failed(error: LedgerError) -> None:
            if dialog is not None and dialog is self.dialog:
                dialog.refuse(error.text)
            else:
                self.session.messages.failure(self, failure_of(error, title))

        self.session.operations.run_write(
            self, title, lambda _progress: work(ledger), done, kinds={"period"}, on_error=failed, busy=self.busy
        )

    def _due_dialog(self) -> None:
        row = self.chosen
        if row is None:
            return
        dialog = DueDialog(self, row.period)

        def done(period: Period) -> None:
            dialog.accept()
            self.told.emit(f"{period_text(period.name)}的应报日改好了，下次下发副本时带给各单位。", "done")
            self.refresh()

        name = row.period.name
        dialog.wanted.connect(
            lambda due: self._write("改应报日", lambda ledger: periods.open_period(ledger, name, due), done, dialog)
        )
        self._show_dialog(dialog)

    def _close(self) -> None:
        row = self.chosen
        if row is None:
            return
        name, plan = row.period.name, self.session.plan
        missing = "、".join(plan.unit_by_id[s.unit].short for s in row.missing)
        lines = [f"把 {len(row.filed)} 家已交的报表定为{period_text(name)}的结果。"]
        if missing:
            lines.append(f"还有 {len(row.missing)} 家没有交：{missing}。")
        lines.append("关了以后仍可以收报表，算“期后”；要改可以重新打开。")
        if not self.session.messages.confirm(self, f"关{period_text(name)}", "\n".join(lines), CLOSING):
            return

        def done(_: Period) -> None:
            self.told.emit(f"{period_text(name)}关好了。", "done")
            self.refresh()

        self._write(CLOSING, lambda ledger: periods.close_period(ledger, name), done)

    def _reopen(self) -> None:
        row = self.chosen
        if row is None:
            return
        name = row.period.name
        after = f"已有 {row.after} 家期后交来，打开后照常计入。" if row.after else "打开后新交的照常计入。"
        if not self.session.messages.confirm(self, f"重新打开{period_text(name)}", after, "重新打开"):
            return

        def done(_: Period) -> None:
            self.told.emit(f"{period_text(name)}重新打开了。", "done")
            self.refresh()

        self._write("重新打开期次", lambda ledger: periods.open_period(ledger, name), done)
