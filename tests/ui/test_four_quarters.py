"""The nine tasks carried for four quarters by their units through the windows alone: registers, forms, copies, money.

The year is lived once, by keyboard and mouse; each test then looks at one thing that came of it.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.domain.applications import AMOUNTS
from ganzhou_desktop.domain.filings import filing_state
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.services import applications, registers, views
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.services.reviewing import read_reviews
from ganzhou_desktop.ui.pages.settings_page import SettingsPage
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.start_window.choices import Choice
from tests.ui.test_quarter import LEFT
from tests.ui.year import (
    APPLIED,
    CHANGES,
    GONE,
    LAST_DAYS,
    NEXT_YEAR,
    NOT_ELIGIBLE,
    QUARTERS,
    REFUSED,
    RETURNED,
    UNITS,
    Typed,
    units_of,
)
from tests.ui.year_count import NaiveCount
from tests.ui.year_pc import YearPc

# The year is lived within the first test of the module.
pytestmark = pytest.mark.timeout(600)

PLAN = read_plan(paths.plan_file("ganzhou-2017.toml"))
REPORT_DAYS = {"2018Q1": date(2018, 4, 3), "2018Q2": date(2018, 7, 3), "2018Q3": date(2018, 10, 9),
               "2018Q4": date(2019, 1, 4)}  # fmt: skip


class Year:
    """The office, the units, everything typed, and what was seen at the end of each quarter."""

    def __init__(self, bot: QtBot, folder: Path) -> None:
        self.bot, self.folder = bot, folder
        self.typed: list[Typed] = []
        self.units: dict[str, YearPc] = {}
        self.taken: dict[str, dict[str, str]] = {}
        self.counted: dict[str, dict[str, Gauge]] = {}
        self.states: dict[str, dict[tuple[str, str], str]] = {}
        self.matrices: dict[str, Matrix] = {}
        self.checkups: dict[str, str] = {}
        self.refusals: dict[str, str] = {}
        self.checks: dict[str, list[str]] = {}
        self.office = YearPc(bot)
        start = self.office.start()
        choice = start.findChild(Choice, "start_new")
        assert choice is not None
        bot.mouseClick(choice, LEFT)
        self.office.click("new_confirm")

    def live(self) -> None:
        for period, last in LAST_DAYS.items():
            self.open(period, last)
            handed = self.hand_out(period)
            self.typed += QUARTERS[period]
            copies = [self.at_unit(unit, period, handed[unit]) for unit in units_of(period)]
            self.take_in(period, copies)
        self.open("2019Q1", NEXT_YEAR)

    def open(self, name: str, on: date) -> None:
        """The office opens a period."""
        self.office.today = on
        settings = self.office.go("settings")
        assert isinstance(settings, SettingsPage)
        first = settings.section.empty.button
        self.bot.mouseClick(first if first.isVisible() else settings.section.open, LEFT)
        dialog = settings.section.dialog
        assert dialog.name() == name
        self.office.click("period_open_ok", dialog)

    def hand_out(self, period: str) -> dict[str, Path]:
        """A copy for each unit, in the folder of its name: the first time to begin with, then with the answers."""
        named = {PLAN.unit_by_id[unit].name: unit for unit in units_of(period)}
        copies = self.office.hand_out(self.folder / f"下发-{period}", *units_of(period))
        assert len(copies) == len(named)
        return {named[copy.name.split("_")[0]]: copy for copy in copies}

    def at_unit(self, unit: str, period: str, handed: Path) -> Path:
        """A unit's quarter at its own PC: registers, applications, the form; the copy it hands over."""
        first = unit not in self.units
        if first:
            self.units[unit] = YearPc(self.bot)
        pc = self.units[unit]
        pc.today = LAST_DAYS[period]
        if first:
            pc.join(handed)
        else:
            pc.switch_on()
            pc.put_in(handed)
        kept: dict[str, list[Typed]] = {}
        for row in QUARTERS[period]:
            if row.unit == unit:
                kept.setdefault(row.register, []).append(row)
        for rows in kept.values():
            pc.enter(rows)
        for _, register, named, column, text in (change for change in CHANGES.get(period, []) if change[0] == unit):
            pc.change_cell(register, named, column, text)
            for row in self.typed:
                if row.register == register and named in list(row.values.values())[:2]:
                    row.values[column] = text
        pc.today = REPORT_DAYS[period]
        self.money(unit, period)
        self.taken.setdefault(period, {}).update(pc.file_quarter(period, with_news=bool(kept)))
        copy = pc.export(self.folder / f"U盘-{period}-{unit}")
        if period == [quarter for quarter in LAST_DAYS if unit in units_of(quarter)][-1]:
            self.checkups[unit] = pc.checkup()
        pc.switch_off()
        return copy

    def money(self, unit: str, period: str) -> None:
        """Apply in the second quarter, hear of it in the third, get it in the fourth."""
        pc = self.units[unit]
        for _, subsidy, name, amount in (one for one in APPLIED if one[0] == unit):
            refused, returned = (unit, subsidy) == REFUSED, (unit, subsidy) == RETURNED
            if period == "2018Q2":
                pc.apply(subsidy, name, amount)
            elif period == "2018Q3":
                city = "退回" if returned else "已办"
                province = {} if returned else {"province": "不予支持" if refused else "已办"}
                pc.go_on(subsidy, {"city": city, **province}, {})
            elif period == "2018Q4" and not refused:
                steps = ("city", "province", "approval", "payment", "receipt")
                pc.go_on(subsidy, dict.fromkeys(steps, "已办"), dict.fromkeys(AMOUNTS[1:], amount))
        for _, subsidy, name, _ in (one for one in NOT_ELIGIBLE if one[0] == unit and period == "2018Q2"):
            self.refusals[subsidy] = pc.eligible(subsidy, name)
            self.checks[subsidy] = pc.checked(subsidy, name)

    def take_in(self, period: str, copies: list[Path]) -> None:
        """The office merges all copies at once and accepts each form."""
        self.office.today = REPORT_DAYS[period]
        self.office.put_in(*copies)
        for unit in units_of(period):
            self.office.review(unit)
        self.matrices[period] = views.read_matrix(self.office.ledger, period)
        found = views.read_gauges(self.office.ledger, LAST_DAYS[period])
        self.counted[period] = {g.id: g for g in found}
        view = applications.read_applications_view(self.office.ledger, REPORT_DAYS[period])
        self.states[period] = {(r.application.unit, r.application.subsidy): r.standing.state for r in view.rows}


@pytest.fixture(scope="module")
def year(
    qapp: QApplication, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("year")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANZHOU_HOME", str(folder / "home"))
        made = Year(QtBot(request), folder)
        made.live()
        yield made
        made.office.switch_off()


def test_every_register_is_kept_and_every_task_answered(year: Year) -> None:
    ledger = year.office.ledger
    plan = ledger.plan()
    kept = registers.read_entries(ledger)
    assert {e.register for e in kept} == {r.id for r in plan.registers}
    assert len(kept) == len(year.typed)


def test_every_unit_keeps_something_of_its_own(year: Year) -> None:
    assert set(UNITS) == {u.id for u in PLAN.responsible_units} == {r.unit for r in PLAN.roles}
    keepers = {(e.unit, e.register) for e in registers.read_entries(year.office.ledger)}
    assert {unit for unit, _ in keepers} == set(UNITS)
    assert keepers == {(row.unit, row.register) for row in year.typed}


def test_every_cell_of_every_quarter_is_filed_by_its_own_unit_and_accepted(year: Year) -> None:
    filings = read_filings(year.office.ledger)
    reviews = read_reviews(year.office.ledger)
    for period, matrix in year.matrices.items():
        places = {(cell.task, cell.unit) for cell in matrix.cells}
        assert {c.state for c in matrix.cells} <= {"ok", "slow", "idle", "done"}, period
        for unit in units_of(period):
            filing = filings[unit, period]
            assert filing.mode == "unit"
            assert filing_state(filing, reviews[unit, period]) == "accepted"
            for role in PLAN.roles_of(unit):
                assert filing.answers[role.task].kind is not None, (unit, role.task, period)
                stands = PLAN.standing_in(PLAN.unit_by_id[unit], LAST_DAYS[period]).id
                assert (role.task, stands) in places
        assert {period for _, period in filings} == set(LAST_DAYS)
    assert len(year.matrices["2018Q1"].cells) == len(PLAN.roles) == 45


def test_who_was_merged_in_july_stands_in_the_column_of_who_took_over(year: Year) -> None:
    for period, answers in (("2018Q3", 3), ("2018Q4", 3)):
        columns = {unit.id: unit.name for unit in year.matrices[period].units}
        assert set(columns) == set(UNITS) - GONE
        assert columns["gsj"] == "国家税务总局张掖市甘州区税务局"
        (cell,) = (c for c in year.matrices[period].cells if c.unit == "gsj")
        assert cell.why.startswith(f"由 {answers} 个单位的答复并成"), period
        assert cell.state in ("ok", "idle")


def test_every_target_with_a_rule_is_counted_as_a_naive_count_says(year: Year) -> None:
    plan = year.office.ledger.plan()
    for period, last in LAST_DAYS.items():
        naive = NaiveCount(year.typed).at(last)
        assert set(naive) == set(plan.rules_by_target)
        for target, count in naive.items():
            gauge = year.counted[period][target]
            assert gauge.counted or not count.value, (period, target)
            if gauge.counted:
                assert gauge.actual == count.value, (period, target)
    assert all(year.counted["2018Q4"][target].counted for target in plan.rules_by_target)


def test_the_forms_took_over_what_the_registers_of_the_unit_make_of_each_number(year: Year) -> None:
    assert {t: year.taken["2018Q1"][t] for t in ("T8", "3a", "4a", "4b", "4c", "1a", "2a", "6a")} == {
        "T8": "3", "3a": "1", "4a": "1", "4b": "2", "4c": "1", "1a": "1", "2a": "1", "6a": "1"
    }  # fmt: skip
    assert {t: year.taken["2018Q2"][t] for t in ("T1", "T2", "5a", "4d", "6d")} == {
        "T1": "1", "T2": "1", "5a": "2", "4d": "1", "6d": "2"
    }  # fmt: skip
    assert {t: year.taken["2018Q3"][t] for t in ("T8", "6b", "6e", "1b")} == {
        "T8": "2",
        "6b": "1",
        "6e": "1",
        "1b": "1",
    }
    gauge = year.counted["2018Q4"]["T1"]
    assert gauge.reported == Decimal(2), "1 in the second quarter, 1 in the fourth"
    assert gauge.actual == Decimal(2), "自报数 stands beside the count and is never added"
    gauge = year.counted["2018Q4"]["T2"]
    assert (gauge.reported, gauge.actual) == (1, 2), "农业局 registers a second one, which 科技局's form does not say"


def test_what_is_withdrawn_or_gone_lowers_the_stock_and_leaves_what_was_newly_recognised(year: Year) -> None:
    def actual(target: str) -> list[Decimal | None]:
        return [year.counted[period][target].actual for period in LAST_DAYS]

    assert actual("T7") == [5, 7, 6, 6], "one withdrawn in the third quarter"
    assert actual("2a") == [1, 2, 2, 2]
    assert actual("T8") == [3, 4, 3, 3], "one came, one left"
    assert actual("T6") == [1, 1, 1, 0], "its certificate ran out"
    assert actual("6f") == [1, 1, 1, 1]
    assert actual("3a") == [1, 2, 3, 3], "what two units register is one institution"


def test_the_targets_of_every_year_start_anew(year: Year) -> None:
    after = {g.id: g for g in views.read_gauges(year.office.ledger, NEXT_YEAR)}
    before = year.counted["2018Q4"]
    for target in ("4a", "4b", "4c", "5a"):
        assert before[target].actual, target
        assert after[target].actual == 0, target
    assert [after[t].actual for t in ("T1", "T7", "3a", "6a")] == [before[t].actual for t in ("T1", "T7", "3a", "6a")]


def test_the_entries_behind_each_number_stand_on_its_page(year: Year) -> None:
    office = year.office
    plan = office.ledger.plan()
    page = office.window.page("target")
    assert isinstance(page, TargetPage)
    office.go("overview")
    gauges = office.window.page("overview").gauges.table  # type: ignore[attr-defined]
    office.row(gauges, "原始创新成果", 0)
    office.bot.keyClick(gauges, Qt.Key.Key_Return)
    assert office.window.current_key == "target"
    office.at_period(page, "2018Q4")
    naive = NaiveCount(year.typed).at(LAST_DAYS["2018Q4"])
    seen = set()
    for _ in plan.targets:
        target = str(page.choice.currentData())
        if target in naive:
            seen.add(target)
            assert page.entries.isVisible(), target
            model = page.entries.model()
            shown = [[str(model.index(n, c).data()) for c in range(6)] for n in range(model.rowCount())]
            counted = sorted(row[1] for row in shown if row[5].startswith("计入"))
            assert counted == sorted(_name(values) for values in naive[target].entries), target
        if not page.after.isEnabled():
            break
        office.bot.mouseClick(page.after, LEFT)
    assert seen == set(plan.rules_by_target)


def _name(values: dict[str, str]) -> str:
    """What a thing is called: the first of what was typed that is no choice."""
    names = ("name", "enterprise", "body")
    return next(values[n] for n in names if n in values)


def test_the_check_tells_who_fits_and_why_not(year: Year) -> None:
    for _, subsidy, _, why in NOT_ELIGIBLE:
        assert year.refusals[subsidy].startswith("× 不符合"), subsidy
        assert why in year.refusals[subsidy], subsidy
        failed = [line for line in year.checks[subsidy] if line.startswith("×")]
        assert any(line == f"× 不符合　{why}" for line in failed), (subsidy, failed)
    assert {subsidy for _, subsidy, _, _ in NOT_ELIGIBLE} == {s.id for s in PLAN.subsidies if s.registers}
    (lines,) = (pc.checks["B9"] for pc in year.units.values() if pc.checks)
    assert [line for line in lines if line.startswith("？")], "what it looks at no register for stays 待明确"
    assert [line for line in lines if line.startswith(("✓", "×"))] == []


def test_every_subsidy_is_followed_to_the_money_or_to_its_refusal(year: Year) -> None:
    plan = year.office.ledger.plan()
    assert {subsidy for _, subsidy, _, _ in APPLIED} == {s.id for s in plan.subsidies}
    assert set(year.states["2018Q2"].values()) == {"under_way"}
    assert year.states["2018Q3"][RETURNED] == "sent_back"
    assert year.states["2018Q3"][REFUSED] == "not_supported"
    last = year.states["2018Q4"]
    assert last.pop(REFUSED) == "not_supported"
    assert set(last.values()) == {"finished"}


def test_the_office_sums_what_the_units_entered_and_finds_the_double(year: Year) -> None:
    page = year.office.money("table")
    whole = sum((Decimal(a) for *_, a in APPLIED), Decimal(0))
    paid = sum((Decimal(a) for u, s, _, a in APPLIED if (u, s) != REFUSED), Decimal(0))
    shown = [page.strip.findChild(QLabel, f"sum_{name}").text() for name in AMOUNTS]
    assert [Decimal(text) for text in shown] == [whole, paid, paid, paid], "申请、批复、拨付、到账"
    page = year.office.money("subsidies")
    model = page.subsidies.table.model()
    titles = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    places = [titles.index(title) for title in ("件数", "申请额", "到账额")]
    table = {str(model.index(n, 0).data())[:2]: [model.index(n, c).data() for c in places] for n in range(9)}
    for subsidy, (count, asked, received) in table.items():
        amounts = [Decimal(a) for _, s, _, a in APPLIED if s == subsidy]
        assert count == str(len(amounts))
        assert Decimal(str(asked)) == sum(amounts)
        assert Decimal(str(received)) == (0 if subsidy == REFUSED[1] else sum(amounts))
    assert "示例联合实验室" in page.notice.text()
    assert "疑似重复补助" in page.notice.text()


def test_the_office_sees_that_two_units_registered_the_same_institution(year: Year) -> None:
    page = year.office.register("partners")
    year.office.bot.mouseClick(page.filter_row.state.button("doubles"), LEFT)
    assert page.model is not None
    name = page.model.place_of("name")
    assert [page.model.index(n, name).data() for n in range(page.model.rowCount())] == ["示例联合实验室"] * 2
    assert "疑似重复" in str(page.model.index(0, 0).data())


def test_every_ledger_is_sound_at_the_end_of_the_year(year: Year) -> None:
    assert "台账完好" in year.office.checkup()
    assert set(year.checkups) == set(UNITS)
    for unit, words in year.checkups.items():
        assert "台账完好" in words, unit
