"""目标详情: one target's dial, trend, its words in the plan, and every filing its number is made of."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain.counting import Member
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.filings import MISSING
from ganzhou_desktop.domain.outlook import can_suppose
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.targets import SourceRow, TargetView, read_target
from ganzhou_desktop.ui import gauge_looks, theme
from ganzhou_desktop.ui.gauge_export import ExportButton, Exported, clean_name
from ganzhou_desktop.ui.pages.target_page.cards import PlanCard, StandCard, TrendCard
from ganzhou_desktop.ui.pages.target_page.sources import member_columns, share_columns, source_columns
from ganzhou_desktop.ui.pages.target_page.suppose import SupposeView
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.rule_words import counted_how
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_model import TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import TARGET_KIND_WORDS, joined, period_text
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    Card,
    ChipCombo,
    EmptyState,
    PlainLabel,
    Segmented,
    TitleRow,
    page_column,
)

FIRST = "T1"
ENTRIES, FILINGS, BY_UNIT, SUPPOSE = "entries", "filings", "by_unit", "suppose"
SOURCES = "构成这个数的填报"


class TargetPage(QWidget):
    """One target; `show_argument("T7")` says which, the buttons and the list move to the others."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._target = FIRST
        self._shown: TargetView | None = None
        self.title_row = TitleRow("目标详情")
        self.busy = BusyBar(self, self.title_row)
        self.back = Button("总览", "chevron_left")
        self.choice = ChipCombo()
        self.before = Button(icon_name="chevron_up", kind="icon", tip="上一个指标（Ctrl+PgUp）")
        self.after = Button(icon_name="chevron_down", kind="icon", tip="下一个指标（Ctrl+PgDn）")
        self.stand = StandCard()
        self.trend = TrendCard(session)
        self.words = PlanCard(session.office)
        self.sources = Card(SOURCES, " ", flush=True)
        self.table = RowTable()
        self.model: TableModel[SourceRow] | None = None
        self.entries = RowTable()
        self.members: TableModel[Member] | None = None
        self.shares = RowTable()
        self.suppose = SupposeView()
        self.which = Segmented(
            [(ENTRIES, "台账登记"), (FILINGS, "自报数"), (BY_UNIT, "谁完成的"), (SUPPOSE, "假如")], FILINGS
        )
        self.export_button = ExportButton(session, self, self._paper)
        self.rule = PlainLabel("", "note")
        self.how = PlainLabel("", "note", wrap=True)
        self.nothing = EmptyState("没有填报", "", icon_name="clipboard_edit")
        self.empty = EmptyState(
            "还没有开过期次", "开了期次、单位填报以后，这里显示这个目标的进度和由来。", "回总览", "calendar"
        )

        for widget, name in (
            (self.back, "back"),
            (self.before, "before"),
            (self.after, "after"),
            (self.choice, "choice"),
            (self.table, "sources"),
            (self.entries, "entries"),
            (self.which, "which"),
            (self.shares, "shares"),
        ):
            widget.setObjectName(name)
        self.choice.setAccessibleName("指标")
        self.table.setAccessibleName("构成这个数的填报")
        self._lay_out()

        self.back.clicked.connect(lambda: session.go("overview"))
        self.empty.started.connect(lambda: session.go("overview"))
        self.before.clicked.connect(lambda: self._step(-1))
        self.after.clicked.connect(lambda: self._step(1))
        self.choice.chosen.connect(lambda target: self._go_to(str(target)))
        self.title_row.period_chosen.connect(session.set_period)
        self.words.to_figures.clicked.connect(lambda: session.go("figures"))
        self.table.opened.connect(self._open)
        self.table.set_menu(self._filing_menu)
        self.entries.set_menu(self._entry_menu)
        self.entries.opened.connect(self._open_entry)
        self.which.chosen.connect(lambda _: self._show_which())
        session.period_changed.connect(lambda _name: self._refresh_if_seen())
        session.operations.changed.connect(lambda _kinds, _by: self._refresh_if_seen())

    def _lay_out(self) -> None:
        self.title_row.add_before(self.back)
        for widget in (self.choice, self.before, self.after, self.export_button):
            self.title_row.add_action(widget)
        self.choice.setMaximumWidth(theme.scaled(230))
        self.choice.view().setMinimumWidth(theme.scaled(320))
        self._body = body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.CARD_GAP)
        row.addWidget(self.stand)
        row.addWidget(self.trend, 1)
        row.addWidget(self.words)
        column.addLayout(row, 1)
        column.addWidget(self.sources, 1)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._below = QStackedWidget()
        self._below.addWidget(self.table)
        self._below.addWidget(self.nothing)
        self._below.addWidget(self.entries)
        self._below.addWidget(self.shares)
        self._below.addWidget(self.suppose)
        self.shares.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.shares.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.shares.setAccessibleName("谁完成了多少")
        self.entries.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.entries.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.entries.setAccessibleName("构成这个数的台账登记")
        self.sources.add_action(self.rule)
        self.sources.add_action(self.which)
        self.how.setContentsMargins(theme.GAP_L, 0, theme.GAP_L, 4)
        self.sources.body.addWidget(self.how)
        self.sources.body.addWidget(self._below, 1)
        empty = Card()
        empty.body.addWidget(self.empty)
        self._stack = QStackedWidget()
        self._stack.addWidget(body)
        self._stack.addWidget(empty)
        page_column(self, self.title_row).addWidget(self._stack, 1)

    # -- reading and showing --------------------------------------------------------------------------------

    def show_argument(self, argument: object) -> None:
        """Show the target of that id."""
        if isinstance(argument, str) and argument:
            self._target = argument
            self._refresh_if_seen()

    def refresh(self) -> None:
        """Read the target at the end of the shared period and show it."""
        ledger, target, period = self._session.ledger, self._target, self._session.period
        self._session.operations.run_read(
            self,
            lambda _progress: read_target(ledger, target, period),
            self._show,
            title="读取目标",
            busy=self.busy,
            on_error=self._missed,
        )

    def can_leave(self) -> bool:
        """Nothing is typed here."""
        return True

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _missed(self, error: LedgerError) -> None:
        """No period yet, or a target the plan does not have."""
        if error.code != "no_period":
            self._session.messages.info(self, "没有这个指标", error.text)
            if self._shown is not None:
                self._target = self._shown.target.id
            return
        self._stack.setCurrentIndex(1)

    def _show(self, view: TargetView) -> None:
        same = self._shown is not None and self._shown.target.id == view.target.id
        self._shown = view
        self._stack.setCurrentIndex(0)
        plan, gauge = self._session.plan, view.gauge
        self.title_row.set_title(f"{gauge.id}  {gauge.short}")
        self.title_row.title.setToolTip(gauge.name)
        self.title_row.set_periods([(p.name, period_text(p.name)) for p in view.periods], view.period.name)
        partial = "" if self._session.office else "仅含本单位"
        self.title_row.set_note(joined((TARGET_KIND_WORDS.get(gauge.kind, ""), gauge.unit, partial)))
        ids = [key for key, _ in view.gauges]
        self.choice.set_options([(key, f"{key} {short}") for key, short in view.gauges], gauge.id)
        self.before.setEnabled(ids.index(gauge.id) > 0)
        self.after.setEnabled(ids.index(gauge.id) < len(ids) - 1)
        self.stand.show_gauge(gauge, view.stalled)
        self.words.show_view(plan, view)
        self._show_sources(plan, view, same)
        self.trend.show_view(view)

    def _show_sources(self, plan: Plan, view: TargetView, same: bool) -> None:
        row, place = self.table.currentIndex().row(), self.table.verticalScrollBar().value()
        self.model = TableModel(source_columns(plan, view), view.rows, lambda r: "" if r.counted else "quiet")
        self.table.setModel(self.model)
        if same and 0 <= row < len(view.rows):
            self.table.setCurrentIndex(self.model.index(row, 0))
            self.table.verticalScrollBar().setValue(place)
        unit = plan.unit_by_id.get(view.gauge.reporting_unit)
        name = unit.name if unit is not None else "别的单位"
        self.nothing.sentence.setText(f"这个数由{name}填报，不在本副本里；区级台账里看得到。")
        self.nothing.sentence.show()
        self.members = TableModel(member_columns(plan), view.members, lambda r: "" if r.counted else "quiet")
        self.entries.setModel(self.members)
        how = counted_how(plan, view.target.id)
        self.how.setText(f"怎么计：{how}")
        self.how.setToolTip(how)
        self.how.setVisible(bool(how))
        self.which.button(ENTRIES).setText(f"台账登记 {sum(m.counted for m in view.members)}")
        own = f"自报数 {gauge_looks.reported_text(view.gauge)}"
        self.which.button(FILINGS).setText(own if view.gauge.counted else "填报")
        self.shares.setModel(TableModel(share_columns(plan, view), view.contributions))
        self.suppose.show_view(view, self._session.plan.document.deadline)
        for key, there in (
            (ENTRIES, bool(view.members)),
            (BY_UNIT, bool(view.contributions)),
            (SUPPOSE, can_suppose(view.gauge)),
        ):
            self.which.button(key).setVisible(there)
            if not there and self.which.current() == key:
                self.which.set_current(FILINGS)
        if not same:
            self.which.set_current(ENTRIES if view.gauge.counted else FILINGS)
        self._show_which()

    def _show_which(self) -> None:
        """The entries of the registers, or the filings (one of them makes the number), who brought it, 假如."""
        view = self._shown
        if view is None:
            return
        self.which.setVisible(bool(view.members or view.contributions) or can_suppose(view.gauge))
        titles = {BY_UNIT: "谁完成了多少", SUPPOSE: "假如多完成一些"}
        self.sources.title.setText(titles.get(str(self.which.current()), SOURCES))
        if self.which.current() == BY_UNIT:
            self._below.setCurrentWidget(self.shares)
            self.sources.set_note(f"{len(view.contributions)} 家，合计 {gauge_looks.amount_text(view.gauge)}")
            by = "计入的台账登记" if view.gauge.counted else "计入的填报"
            self.rule.setText(f"按{by}，一家一行")
            return
        if self.which.current() == SUPPOSE:
            self._below.setCurrentWidget(self.suppose)
            self.sources.set_note("")
            self.rule.setText("只在这里算一算，不写进台账")
            return
        entries = bool(view.members) and self.which.current() == ENTRIES
        if entries:
            self._below.setCurrentWidget(self.entries)
            counted = sum(m.counted for m in view.members)
            self.sources.set_note(f"{len(view.members)} 条登记，计入 {counted} 条")
            self.rule.setText("按台账计数，自报数放在旁边不另加；双击或按回车打开登记")
            return
        self._below.setCurrentWidget(self.table if view.rows else self.nothing)
        counted = sum(r.counted for r in view.rows)
        self.sources.set_note(f"{len(view.rows)} 条，计入 {counted} 条" if view.rows else "")
        self.rule.setText("规则：已提交的就计入，退回只作标记；双击或按回车打开填报")

    def _paper(self) -> Exported | None:
        """What 导出 writes: the page as it stands, or the printed table of all targets."""
        if self._shown is None:
            return None
        view, ledger = self._shown, self._session.ledger
        name = f"{view.gauge.id}_{view.gauge.short}_{view.period.last.isoformat()}"
        return Exported(
            self._body, clean_name(name), lambda: papers.gauges_paper(ledger, view.period.last, colour=True)
        )

    # -- ways on --------------------------------------------------------------------------------------------

    def _ids(self) -> Sequence[str]:
        return [] if self._shown is None else [key for key, _ in self._shown.gauges]

    def _step(self, by: int) -> None:
        ids = self._ids()
        if self._target in ids and 0 <= ids.index(self._target) + by < len(ids):
            self._go_to(ids[ids.index(self._target) + by])

    def _go_to(self, target: str) -> None:
        self._target = target
        self.refresh()

    def _open(self, index: QModelIndex) -> None:
        """What was filed: under review at the office, as the form on a unit's own PC."""
        if self.model is None or self._shown is None:
            return
        row = self.model.row(index.row())
        argument = {"unit": row.unit, "period": row.period}
        if self._session.office and row.state != MISSING:
            self._session.go("review", argument)
        else:
            self._session.go("filing", {**argument, "task": self._shown.target.task})

    def _filing_menu(self, menu: QMenu, index: QModelIndex) -> None:
        if self.model is None or self._shown is None:
            return
        row = self.model.row(index.row())
        menu.addAction("打开填报", lambda: self._open(index))
        record = next((s.record for s in self._shown.gauge.sources if (s.unit, s.period) == (row.unit, row.period)), "")
        if record:
            menu.addAction("历史", lambda: self._session.go("settings", f"history:{record}"))

    def _entry_menu(self, menu: QMenu, index: QModelIndex) -> None:
        if self.members is not None:
            record = f"history:{self.members.row(index.row()).entry.record}"
            menu.addAction("打开登记", lambda: self._open_entry(index))
            menu.addAction("历史", lambda: self._session.go("settings", record))

    def _open_entry(self, index: QModelIndex) -> None:
        if self.members is not None:
            entry = self.members.row(index.row()).entry
            self._session.go("registers", {"register": entry.register, "entry": entry.id})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self._session.go("overview")
        elif control and event.key() == Qt.Key.Key_PageUp:
            self._step(-1)
        elif control and event.key() == Qt.Key.Key_PageDown:
            self._step(1)
        else:
            super().keyPressEvent(event)
