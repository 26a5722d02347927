"""奖补: the plan's subsidies with standard, who fits, what was asked and paid, and what all of it would cost."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.registers import Entry, called
from ganzhou_desktop.domain.subsidies import CHECK_WORDS, FAILED, MET, NO_REGISTER, OPEN, Eligibility, standard
from ganzhou_desktop.services.applications import ApplicationsView
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.applications_page.looks import SIGNS
from ganzhou_desktop.ui.subsidy_words import (
    BY_PAYER,
    BY_SUBSIDY,
    BY_UNIT,
    BY_YEAR,
    DOUBTFUL,
    WAYS,
    SumRow,
    differing,
    exposure_text,
    figure_money,
    money,
    sum_rows,
)
from ganzhou_desktop.ui.table_model import RIGHT, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, EmptyState, PlainLabel, Segmented, rule
from ganzhou_desktop.ui.wrapped_table import WrappedTable

_FOR_ENTRY = "为它申报"
_HEADS = {BY_SUBSIDY: "补助", BY_UNIT: "申报单位", BY_YEAR: "年度", BY_PAYER: "支付方"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be a beneficiary, with its check."""

    entry: Entry
    eligibility: Eligibility
    applied: bool


class SubsidiesView(QWidget):
    """`chosen` carries a subsidy's id, `apply_wanted` (subsidy id, entry or None), `entry_wanted` an entry,
    `register_wanted` the id of the register in which there is nobody yet."""

    chosen = Signal(str)
    apply_wanted = Signal(str, object)
    entry_wanted = Signal(object)
    register_wanted = Signal(str)

    list_wanted = Signal(str, object)
    """(way, the line of the sums) whose applications are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._view: ApplicationsView | None = None
        self._subsidy = ""
        self._refusal = ""
        self.way = Segmented(list(WAYS))
        self.total = ElidedLabel("", "note")
        self.table = RowTable()
        self.quote = PlainLabel("", "note", wrap=True)
        self.open = PlainLabel("", "note", wrap=True)
        self.people = WrappedTable()
        self.nobody = EmptyState("", " ", "去登记", "document_table", main=False)
        self._who = QStackedWidget()
        self.apply = Button(_FOR_ENTRY, "add")
        self.table.setObjectName("subsidies_table")
        self.table.setAccessibleName("各项补助")
        self.people.setObjectName("candidates_table")
        self.people.setAccessibleName("可能的受益对象")
        self.apply.setObjectName("subsidy_apply")

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GAP_L, 6, theme.GAP_L, 6)
        bar.addWidget(self.way)
        bar.addSpacing(theme.GAP)
        bar.addWidget(self.total, 1)
        column.addLayout(bar)
        column.addWidget(rule())
        column.addWidget(self.table, 3)
        column.addWidget(rule())
        told = QHBoxLayout()
        told.setContentsMargins(theme.GAP_L, 6, theme.GAP_L, 4)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.quote)
        words.addWidget(self.open)
        told.addLayout(words, 1)
        told.addWidget(self.apply)
        column.addLayout(told)
        self._who.addWidget(self.people)
        self._who.addWidget(self.nobody)
        column.addWidget(self._who, 2)

        self.way.chosen.connect(lambda _: self._fill())
        self.apply.clicked.connect(self._ask)
        self.table.opened.connect(self._list)
        self.nobody.started.connect(self._to_register)
        self.people.opened.connect(lambda index: self.entry_wanted.emit(self.people.model().row(index.row()).entry))  # type: ignore[attr-defined]

    def show_view(self, plan: Plan, view: ApplicationsView, refusal: str = "") -> None:
        """Show the subsidies of the plan with the sums of the applications; `refusal`: why nobody can apply here."""
        self._plan, self._view, self._refusal = plan, view, refusal
        self._fill()

    def _fill(self) -> None:
        plan, view = self._plan, self._view
        if plan is None or view is None:
            return
        differ = "，或两处不一致" if differing(plan, (row.application for row in view.rows)) else ""
        self.total.setText(f"{exposure_text(view)}；{DOUBTFUL} 为原文数字待核定{differ}")
        rows = sum_rows(plan, view, str(self.way.current()))
        model = TableModel[SumRow](self._columns(plan, str(self.way.current())), rows)
        self.table.setModel(model)
        by_subsidy = self.way.current() == BY_SUBSIDY
        for widget in (self.quote, self.open, self._who, self.apply):
            widget.setVisible(by_subsidy)
        if by_subsidy:
            self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(model.row(now.row())))
            place = next((n for n, row in enumerate(rows) if row.subsidy and row.subsidy.id == self._subsidy), 0)
            if rows:
                self.table.setCurrentIndex(model.index(place, 0))

    def _columns(self, plan: Plan, way: str) -> list[Column[SumRow]]:
        found: list[Column[SumRow]] = [Column(_HEADS[way], lambda r: r.name, bold=True, tip=lambda r: r.name)]
        if way == BY_SUBSIDY:
            found.append(
                Column(
                    "补助标准",
                    lambda r: figure_money(plan, standard(plan, r.subsidy)) if r.subsidy else "",
                    align=RIGHT,
                    width=84,
                )
            )
        found.append(Column("件数", lambda r: r.sums.count or "", align=RIGHT, width=60))
        found.append(Column("标准额", lambda r: r.standard, align=RIGHT, width=88))
        found += [Column(AMOUNT_WORDS[name], _sum_of(name), align=RIGHT, width=88) for name in AMOUNTS]
        if way == BY_SUBSIDY:
            found.append(
                Column(
                    "目标全部完成约需",
                    lambda r: money(r.exposure.amount, doubtful=r.exposure.doubtful) if r.exposure else "",
                    align=RIGHT,
                    width=132,
                    tip=lambda r: r.exposure.formula if r.exposure else "",
                )
            )
        return found

    def _choose(self, row: SumRow) -> None:
        subsidy = row.subsidy
        self._subsidy = subsidy.id if subsidy is not None else ""
        self.quote.setText(f"方案原文：{subsidy.quote}" if subsidy is not None else "")
        self.open.setText("待明确：" + "".join(subsidy.open) if subsidy is not None and subsidy.open else "")
        self._may_apply()
        if subsidy is not None:
            self.chosen.emit(subsidy.id)

    def show_candidates(self, subsidy: str, found: tuple[Candidate, ...]) -> None:
        """Show who may get it: entries of the registers it looks at."""
        plan = self._plan
        if plan is None or subsidy != self._subsidy:
            return
        model = TableModel[Candidate](_people_columns(plan), found)
        self.people.setModel(model)
        self.people.selectionModel().currentRowChanged.connect(lambda _now, _before: self._may_apply())
        self._who.setCurrentWidget(self.people if found else self.nobody)
        if not found:
            self._tell_nobody(plan)
        self._may_apply()

    def _tell_nobody(self, plan: Plan) -> None:
        kept = [plan.register_by_id[r] for r in plan.subsidy_by_id[self._subsidy].registers]
        writers = {unit.id: unit.short for register in kept for unit in plan.writers_of(register.id)}
        mine = bool(self._view and writers.keys() & set(self._view.writable))
        names = f"这项补助看“{'”“'.join(register.short for register in kept)}”，"
        there = "先在那里登记。" if mine else f"由{'、'.join(writers.values())}登记，本机没有可以申报的。"
        self.nobody.title.setText("台账里还没有可能的受益对象" if kept else "这项补助没有名单可对")
        self.nobody.sentence.setText(names + there if kept else NO_REGISTER)
        self.nobody.button.setVisible(mine)

    def _may_apply(self) -> None:
        """An entry is applied for; where the plan looks at no register, the subsidy itself."""
        plan = self._plan
        subsidy = plan.subsidy_by_id.get(self._subsidy) if plan is not None else None
        free = subsidy is not None and not subsidy.registers
        self.apply.setText("申报这项补助" if free else _FOR_ENTRY)
        chosen = self.people.selectionModel() is not None and self.people.currentIndex().isValid()
        self.apply.set_enabled_because(not self._refusal and (free or chosen), self._refusal or "先在下面选一条登记")

    def _to_register(self) -> None:
        if self._plan is not None:
            self.register_wanted.emit(self._plan.subsidy_by_id[self._subsidy].registers[0])

    def _list(self, index: QModelIndex) -> None:
        model = self.table.model()
        if isinstance(model, TableModel):
            self.list_wanted.emit(str(self.way.current()), model.row(index.row()))

    def _ask(self) -> None:
        index = self.people.currentIndex()
        model = self.people.model()
        entry = model.row(index.row()).entry if index.isValid() and isinstance(model, TableModel) else None
        self.apply_wanted.emit(self._subsidy, entry)


def _sum_of(name: str) -> Callable[[SumRow], str]:
    return lambda row: money(row.sums.amounts[name], doubtful=name in row.sums.differing) if row.sums.count else ""


def qualification(eligibility: Eligibility) -> str:
    """✓ 符合, and that something is still open, × 不符合, or ？ 待明确 where nothing can be checked."""
    verdict = eligibility.verdict
    still = verdict == MET and any(check.result == OPEN for check in eligibility.checks)
    return f"{SIGNS[verdict]} {CHECK_WORDS[verdict]}{'（有待明确）' if still else ''}"


def _people_columns(plan: Plan) -> list[Column[Candidate]]:
    def name(row: Candidate) -> str:
        return called(plan, row.entry.register, row.entry.values)

    def why(row: Candidate) -> str:
        wrong = [f"{c.what}：{c.why}" for c in row.eligibility.checks if c.result == FAILED]
        general = plan.subsidy_by_id[row.eligibility.subsidy].open  # said once, above the list
        still = [c.why for c in row.eligibility.checks if c.result == OPEN and c.why not in general]
        return "".join(wrong) or (f"待明确：{''.join(still)}" if still else "")

    return [
        Column("可能的受益对象", name, width=220, bold=True, tip=name),
        Column("登记单位", lambda r: plan.unit_by_id[r.entry.unit].short, width=112),
        Column(
            "资格",
            lambda r: qualification(r.eligibility),
            width=140,
            colour=lambda r: None if r.eligibility.eligible else colours.INK3,
        ),
        Column("申报", lambda r: "已申报" if r.applied else "", width=70),
        Column("说明", why, tip=why),
    ]
