"""The nine tasks carried for four quarters by four units through the windows alone: registers, forms, copies, money.

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

from ganzhou_desktop.domain.applications import AMOUNTS
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.services import applications, registers, views
from ganzhou_desktop.ui.pages.settings_page import SettingsPage
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.start_window.choices import Choice
from tests.ui.ending import end
from tests.ui.test_quarter import LEFT
from tests.ui.year import CHANGES, LAST_DAYS, NEXT_YEAR, QUARTERS, NaiveCount, Typed
from tests.ui.year_pc import YearPc

UNITS = {"kjj": "科技局", "gxj": "工信局", "jkq": "经济技术开发区管委会", "rsj": "人社局"}
REPORT_DAYS = {"2018Q1": date(2018, 4, 3), "2018Q2": date(2018, 7, 3), "2018Q3": date(2018, 10, 9),
               "2018Q4": date(2019, 1, 4)}  # fmt: skip

APPLIED = [
    ("kjj", "B1", "示例众创联盟", "3"),
    ("kjj", "B2", "示例甲孵化器", "1"),
    ("kjj", "B3", "示例乙空间", "1"),
    ("gxj", "B4", "示例甲公司", "5"),
    ("jkq", "B5", "示例企业中心", "5"),
    ("kjj", "B6", "示例联合实验室", "2"),
    ("gxj", "B6", "示例联合实验室", "2"),
    ("rsj", "B8", "示例无人机项目", "1.5"),
    ("kjj", "B7", "示例专家丁", "2"),
    ("jkq", "B9", "示例农业园", "20"),
]
"""(unit, subsidy, for whom, 万元): one of each, and B6 by two units for the same institution."""
REFUSED, RETURNED = ("jkq", "B5"), ("kjj", "B2")
NOT_ELIGIBLE = {"B1": "示例众筹联盟", "B2": "示例丙孵化器", "B4": "示例乙公司"}


class Year:
    """The office, the units, everything typed, and what was seen at the end of each quarter."""

    def __init__(self, bot: QtBot, folder: Path) -> None:
        self.bot, self.folder = bot, folder
        self.typed: list[Typed] = []
        self.units: dict[str, YearPc] = {}
        self.taken: dict[str, dict[str, str]] = {}
        self.counted: dict[str, dict[str, Gauge]] = {}
        self.states: dict[str, dict[tuple[str, str], str]] = {}
        self.refusals: dict[str, str] = {}
        self.office = YearPc(bot)
        start = self.office.start()
        choice = start.findChild(Choice, "start_new")
        assert choice is not None
        bot.mouseClick(choice, LEFT)
        self.office.click("new_confirm")

    def live(self) -> None:
        for period in LAST_DAYS:
            self.open(period, LAST_DAYS[period])
            self.keep(period)
            self.report(period)
        self.open("2019Q1", NEXT_YEAR)

    def open(self, name: str, on: date) -> None:
        """The office opens a period; the units get it, with the answers to the last."""
        self.office.today = on
        settings = self.office.go("settings")
        assert isinstance(settings, SettingsPage)
        first = settings.section.empty.button
        self.bot.mouseClick(first if first.isVisible() else settings.section.open, LEFT)
        dialog = settings.section.dialog
        assert dialog.name() == name
        self.office.click("period_open_ok", dialog)
        if name == "2019Q1":
            return
        for copy in self.office.hand_out(self.folder / f"下发-{name}", *UNITS):
            unit = next(u for u, words in UNITS.items() if words in copy.name)
            if unit not in self.units:
                self.units[unit] = YearPc(self.bot)
                self.units[unit].today = on
                self.units[unit].join(copy)
            else:
                self.units[unit].today = on
                self.units[unit].put_in(copy)

    def keep(self, period: str) -> None:
        """Every unit keeps its registers and goes on with its applications."""
        by_register: dict[tuple[str, str], list[Typed]] = {}
        for row in QUARTERS[period]:
            by_register.setdefault((row.unit, row.register), []).append(row)
            self.typed.append(row)
        for (unit, _), rows in by_register.items():
            self.units[unit].enter(rows)
        for unit, register, first, column, text in CHANGES.get(period, []):
            self.units[unit].change_cell(register, first, column, text)
            for row in self.typed:
                if row.register == register and first in list(row.values.values())[:2]:
                    row.values[column] = text
        for pc in self.units.values():
            pc.today = REPORT_DAYS[period]
        self.money(period)

    def money(self, period: str) -> None:
        """Apply in the second quarter, hear of it in the third, get it in the fourth."""
        for unit, subsidy, name, amount in APPLIED:
            pc = self.units[unit]
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
        if period == "2018Q2":
            for subsidy, name in NOT_ELIGIBLE.items():
                unit = "gxj" if subsidy == "B4" else "kjj"
                self.refusals[subsidy] = self.units[unit].eligible(subsidy, name)

    def report(self, period: str) -> None:
        """Forms in, copies out, one merge, reviewed."""
        copies = []
        self.office.today = REPORT_DAYS[period]
        for unit, pc in self.units.items():
            self.taken.setdefault(period, {}).update(pc.file_quarter(period))
            copies.append(pc.export(self.folder / f"U盘-{period}-{unit}"))
        self.office.put_in(*copies)
        for unit in self.units:
            self.office.review(unit)
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
        for pc in (made.office, *made.units.values()):
            end(pc.app)


def test_every_register_is_kept_and_every_task_answered(year: Year) -> None:
    ledger = year.office.ledger
    plan = ledger.plan()
    kept = registers.read_entries(ledger)
    assert {e.register for e in kept} == {r.id for r in plan.registers}
    assert len(kept) == len(year.typed)
    for period in LAST_DAYS:
        matrix = views.read_matrix(ledger, period)
        answered = {c.task for c in matrix.cells if c.state != "not_filed" and c.unit in UNITS}
        assert {t.id for t in plan.tasks} <= answered, period


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


def test_what_is_withdrawn_or_gone_lowers_the_stock_and_leaves_what_was_newly_recognised(year: Year) -> None:
    def actual(target: str) -> list[Decimal | None]:
        return [year.counted[period][target].actual for period in LAST_DAYS]

    assert actual("T7") == [4, 5, 4, 4], "one withdrawn in the third quarter"
    assert actual("2a") == [1, 1, 1, 1]
    assert actual("T8") == [3, 4, 3, 3], "one came, one left"
    assert actual("T6") == [1, 1, 1, 0], "its certificate ran out"
    assert actual("6f") == [1, 1, 1, 1]
    assert actual("3a") == [1, 2, 2, 2], "what two units register is one institution"


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
    assert all(words.startswith("× 不符合") for words in year.refusals.values()), year.refusals
    assert "市级" in year.refusals["B2"]


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
    year.office.bot.mouseClick(page.state.button("doubles"), LEFT)
    assert page.model is not None
    name = page.model.place_of("name")
    assert [page.model.index(n, name).data() for n in range(page.model.rowCount())] == ["示例联合实验室"] * 2
    assert "疑似重复" in str(page.model.index(0, 0).data())


def test_every_ledger_is_sound_at_the_end_of_the_year(year: Year) -> None:
    for pc in (year.office, *year.units.values()):
        assert "台账完好" in pc.checkup()
