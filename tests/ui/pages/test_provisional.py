"""※ on every screen, paper, workbook and line of the terminal that shows a number two PCs differ about."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.cli.program import main
from ganzhou_desktop.domain import provisional, states
from ganzhou_desktop.services import (
    applications,
    conflicts,
    figures,
    filing_desk,
    form_docx,
    ledgers,
    periods,
    register_files,
    registers,
    views,
)
from ganzhou_desktop.services.exchange_desk import matter_answers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.answers import answer_rows
from ganzhou_desktop.ui.gauge_looks import gauge_look
from ganzhou_desktop.ui.gauge_widgets import Bullet, Dial, GaugeLook
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.filing.number_table import NumberTable, number_rows
from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
from ganzhou_desktop.ui.pages.overview_page import OverviewPage
from ganzhou_desktop.ui.pages.overview_page.gauges_card import DIALS
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.pages.review_page import ReviewPage
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.pages.target_page.page import BY_UNIT, SUPPOSE
from ganzhou_desktop.ui.printing import export, papers, subsidy_export
from ganzhou_desktop.ui.printing.items import Document, TextItem
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import ElidedLabel, PlainLabel
from tests.ui.pages import differing
from tests.ui.pages.differing import PERIOD, UNIT

Show = Callable[..., QWidget]
LAST = date(2018, 3, 31)
MEANING = "裁定以前先按其中一个"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return differing.build(tmp_path_factory.mktemp("differing"))


@pytest.fixture
def ledger(built: Path, tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    """T1, T8 typed differently, T2 and B4 confirmed differently, 3a counts an entry that differs; all at the office."""
    shutil.copy(built, tmp_path / "office.gzdb")
    shutil.copytree(built.parent / "office", ganzhou_home, dirs_exist_ok=True)
    opened = ledgers.open_ledger(tmp_path / "office.gzdb")
    yield opened
    opened.close()


@pytest.fixture
def show(qtbot: QtBot, make_session: Callable[[Ledger], Session]) -> Show:
    """Opens a page on a ledger."""

    def open_(page_of: Callable[[Session], QWidget], ledger: Ledger, argument: object = None) -> QWidget:
        page = page_of(make_session(ledger))
        qtbot.addWidget(page)
        page.resize(1376, 838)
        page.show()
        if argument is not None:
            page.show_argument(argument)  # type: ignore[attr-defined]
        page.refresh()  # type: ignore[attr-defined]
        return page

    return open_


def decided(ledger: Ledger) -> Ledger:
    for case in conflicts.list_conflicts(ledger):
        conflicts.resolve(ledger, case.id, take="A")
    return ledger


def told(widget: QWidget) -> list[str]:
    """Every label, as it is read."""
    plain = [label.text() for label in widget.findChildren(PlainLabel)]
    return plain + [label.full_text() for label in widget.findChildren(ElidedLabel)]


def words(document: Document, tag: str = "") -> list[str]:
    return [
        "".join(item.lines)
        for page in document.pages
        for item in page.items
        if isinstance(item, TextItem) and (not tag or item.tag == tag)
    ]


# -- the one rule --------------------------------------------------------------------------------------------


def test_the_mark_stands_once_behind_the_words() -> None:
    assert provisional.marked("2 项", True) == "2 项※"
    assert provisional.marked("2 项※", True) == "2 项※"
    assert provisional.marked("2 项", False) == "2 项"


def test_what_differs_is_told_apart(ledger: Ledger) -> None:
    """Actual value, figure, or an entry that counts; each once decided is none any more."""
    found = {g.id: (g.actual_provisional, g.aim_provisional) for g in views.read_gauges(ledger) if g.provisional}
    assert found == {"T1": (True, False), "T2": (False, True), "T8": (True, False), "3a": (True, False)}
    assert ledger.plan().contested == {"T2", "B4"}
    decided(ledger)
    assert not any(g.provisional for g in views.read_gauges(ledger))
    assert ledger.plan().contested == frozenset()


def test_an_entry_that_differs_in_what_no_rule_looks_at_marks_no_number(ledger: Ledger) -> None:
    decided(ledger)
    (entry,) = registers.read_entries(ledger, "partners")
    seen = replace(entry, contested=frozenset({"note", "place"}))
    counted = registers.make_tally(ledger.plan(), [seen])
    assert not counted.doubtful("3a")
    assert registers.make_tally(ledger.plan(), [replace(entry, contested=frozenset({"kind"}))]).doubtful("3a")
    assert registers.make_tally(ledger.plan(), [replace(entry, contested=frozenset({"deleted"}))]).doubtful("3a")


def test_a_number_one_of_two_took_back_is_no_plain_dash(tmp_path: Path) -> None:
    """The later PC cleared its number: there is none for now, and that is marked."""
    with differing.pcs_in(tmp_path) as pcs:
        with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two:
            with pcs.at("一号机"):
                differing.file(one, {"T1": "1", "T2": "2"})
            with pcs.at("二号机"):
                differing.file(two, {"T1": "3", "T2": "2"})
                differing.file(two, {"T1": None, "T2": "2"})
        gauges = {g.id: g for g in views.read_gauges(pcs.office)}
        assert (gauges["T1"].actual, gauges["T1"].actual_provisional) == (None, True)
        assert (gauges["T2"].actual, gauges["T2"].actual_provisional) == (2, False)
        assert gauge_look(gauges["T1"]).words.startswith("实际 — 项※")


# -- gauges --------------------------------------------------------------------------------------------------


def _picture(widget: QWidget) -> QImage:
    widget.resize(240, 150)
    return widget.grab().toImage()


LOOK = GaugeLook(2, 1, 8, states.OK, "项", "cumulative", "正常", True, actual_provisional=True)
AIM = replace(LOOK, aim_provisional=True)


@pytest.mark.parametrize("make", [Dial, lambda: Dial(bare=True), lambda: Bullet(captions=True)])
def test_dial_and_bullet_paint_and_speak_the_mark(qtbot: QtBot, make: Callable[[], Dial | Bullet]) -> None:
    """The picture of a marked number is another than that of a bare one, and the words are too."""
    widget = make()
    qtbot.addWidget(widget)
    pictures = []
    for look, words in (
        (replace(LOOK, actual_provisional=False), "实际 2 项 · 序时 1 项 · 目标 ≥8 项 · 正常"),
        (LOOK, "实际 2 项※ · 序时 1 项 · 目标 ≥8 项 · 正常"),
        (AIM, "实际 2 项※ · 序时 1 项※ · 目标 ≥8 项※ · 正常"),
    ):
        widget.set_look(look)
        assert widget.accessibleName() == words
        assert words in widget.toolTip()
        pictures.append(_picture(widget))
    assert pictures[0] != pictures[1]
    if widget.look is not None and not (isinstance(widget, Dial) and widget._bare):
        assert pictures[1] != pictures[2], "the target's own number, where it stands on the gauge"


def test_the_rows_and_dials_of_the_overview(show: Show, ledger: Ledger) -> None:
    page = show(OverviewPage, ledger)
    assert isinstance(page, OverviewPage)
    model = page.gauges.model
    rows = {g.id: [str(model.index(n, c).data()) for c in range(7)] for n, g in enumerate(model.rows)}
    assert (rows["T1"][1], rows["T1"][2], rows["T1"][3]) == (
        "2※ 项",
        "≥8 项 待核定",
        "实际 2 项※ · 序时 1 项 · 目标 ≥8 项 · 正常",
    )
    assert (rows["T1"][5], rows["T1"][6]) == ("12 项※ 可完成", "0.54※")
    assert (rows["T2"][1], rows["T2"][2], rows["T2"][5]) == ("2 项", "≥7 项※", "12 项※ 可完成")
    assert rows["T8"][5] == "立即补 13 人※"
    assert not [cell for cell in rows["T3"] if "※" in cell]
    assert "实际 2 项※，目标" in model.columns[1].tip(model.rows[0])  # type: ignore[misc]
    page.gauges.set_view(DIALS)
    assert page.gauges.dials.dials["T1"].accessibleName().startswith("原始创新成果 实际 2 项※")
    assert "实际 2 项※" in page.gauges.dials.dials["T1"].toolTip()
    assert "目标 ≥7 项※" in told(page.gauges.dials)
    urgent = [row.accessibleName() for row in page.urgent.rows]
    assert urgent[0].startswith("低于底线 · 科技特派员队伍 2 人※，比底线少 13 人※ · ")
    tiles = [tile.accessibleName() for grid in page.tasks.grids.values() for tile in grid.tiles]
    assert [words for words in tiles if words.startswith("任务 3 ")] == [
        f"任务 3 · {ledger.plan().task_by_id['3'].title} · 正常※"
    ]
    decided(ledger)
    page.refresh()
    assert page.urgent.rows[0].accessibleName().startswith("低于底线 · 科技特派员队伍 2 人，比底线少 13 人 · ")
    assert not any("※" in str(model.index(n, c).data()) for n in range(8) for c in range(7))


def test_the_page_of_a_target(show: Show, ledger: Ledger) -> None:
    """Dial, bullet, need, forecast, chart, the filings it is made of, 合计 and 假如."""
    page = show(TargetPage, ledger, "T1")
    assert isinstance(page, TargetPage)
    assert page.stand.dial.accessibleName() == page.stand.bullet.accessibleName()
    assert page.stand.bullet.accessibleName().startswith("实际 2 项※ · 序时 1 项")
    assert page.trend.needed.text() == "还需每季 0.54 项※"
    assert page.trend.forecast.text() == "预计 12 项※ · 可完成"
    chart = page.trend.chart
    assert chart is not None
    assert chart.accessibleName().endswith("2018年3月31日 2 项※ · 目标 8 · 预计 12※")
    assert page.model is not None
    assert [page.model.index(0, c).data() for c in (2, 3)] == ["2 项※", "+2※"]
    page.which.button(BY_UNIT).click()
    assert page.sources.note.full_text() == "1 家，合计 2 项※"
    shares = page.shares.model()
    assert [shares.index(0, c).data() for c in (1, 2, 3)] == ["2 项※", "100%※", "2018年第一季度 +2※"]
    page.which.button(SUPPOSE).click()
    assert "预计 2 项※，目标 8 项，还差 6 项※" in page.suppose.result.text()
    assert page.suppose.note.text().startswith("从现在的 2 项※算起")


def test_the_page_of_a_target_whose_figure_differs(show: Show, ledger: Ledger) -> None:
    page = show(TargetPage, ledger, "T2")
    assert isinstance(page, TargetPage)
    assert page.stand.bullet.accessibleName().startswith("实际 2 项 · 序时 1 项※ · 目标 ≥7 项※")
    assert page.stand.formula.text().endswith("= 1※")
    assert "7 项※" in told(page.words)
    assert page.trend.forecast.text() == "预计 12 项※ · 可完成"
    page.which.button(SUPPOSE).click()
    assert "预计 2 项，目标 7 项※，还差 5 项※" in page.suppose.result.text()


def test_a_number_counted_from_entries(show: Show, ledger: Ledger) -> None:
    """The target's page marks the entry that differs; the register's tile marks the number."""
    page = show(TargetPage, ledger, "3a")
    assert isinstance(page, TargetPage)
    assert page.stand.dial.accessibleName().startswith("实际 1 家※")
    assert page.members is not None
    assert [page.members.index(0, c).data() for c in (1, 4)] == ["共建分园※", "1※"]
    kept = show(RegistersPage, ledger, {"register": "partners"})
    assert isinstance(kept, RegistersPage)
    (tile,) = kept.targets.tiles
    assert tile.accessibleName().startswith("3a 设立分园区等机构：1 家※，目标 ≥3 家")
    assert tile._numbers()[0] == "1※"


# -- the other pages -----------------------------------------------------------------------------------------


def test_the_review_page(show: Show, ledger: Ledger) -> None:
    page = show(ReviewPage, ledger)
    assert isinstance(page, ReviewPage)
    page.show_argument({"unit": UNIT, "period": PERIOD})
    shown = told(page.view)
    assert shown.count("2 项※") == 1, "as filed"
    assert shown.count("2※") == 2, "T1 and T8 up to the end of the period"
    assert "≥7 项※" in shown
    assert "2 人※" in shown


def test_the_matrix_its_panel_and_its_workbook(show: Show, ledger: Ledger, tmp_path: Path) -> None:
    page = show(MatrixPage, ledger)
    assert isinstance(page, MatrixPage)
    model = page.table.matrix
    row = next(n for n, line in enumerate(model.lines) if line.task is not None and line.task.id == "3")
    assert model.index(row, 2).data() == "正常※"
    page.show_argument({"task": "3", "unit": UNIT})
    assert "累计 1※" in " ".join(told(page.panel))
    export.export_matrix(ledger, tmp_path / "矩阵.xlsx")
    rows = [[str(c) for c in row] for row in openpyxl.load_workbook(tmp_path / "矩阵.xlsx").active.values]
    (task,) = [row for row in rows if row[0] == "3"]
    assert task[2] == "正常※"
    assert "◎¹ 正常※" in task
    printed = "".join(words(papers.matrix_paper(ledger)))
    assert "正常※" in printed
    assert "※ 两处不一致" in printed


def test_the_form_of_the_next_period(qtbot: QtBot, ledger: Ledger) -> None:
    """What stood before, what that makes, the aim, and what registers count."""
    periods.open_period(ledger, "2018Q2")
    desk = filing_desk.read_desk(ledger, UNIT, "2018Q2", LAST)
    assert desk is not None
    table = NumberTable()
    qtbot.addWidget(table)
    plan = ledger.plan()
    rows = number_rows(plan, plan.asked_of(UNIT, "T"), desk.sums, desk.counted, desk.doubtful, desk.doubtful_counts)
    table.set_rows(rows)
    first = table.rows["T1"]
    assert "2※" in told(first), "上期累计"
    first.show_total(None)
    assert first.total.text() == "2※"
    assert "≥7 项※" in told(table.rows["T2"])
    assert "2" in told(table.rows["T2"])
    (counted,) = number_rows(plan, plan.asked_of(UNIT, "3"), desk.sums, desk.counted, (), desk.doubtful_counts)
    table.set_rows([counted])
    assert table.rows["3a"].counted.text().startswith("按台账计 0 家※")


def test_subsidies_and_applications(show: Show, ledger: Ledger, tmp_path: Path) -> None:
    """Amounts that differ, a standard two offices confirmed differently, sums of both; the legend says so."""
    page = show(ApplicationsPage, ledger)
    assert isinstance(page, ApplicationsPage)
    shown = told(page.strip)
    assert "7※" in shown
    assert "2※" in shown
    assert "※ 原文数字待核定，或两处不一致" in shown
    assert "1 件，有两处不一致" in shown
    view = applications.read_applications_view(ledger, LAST)
    printed = "".join(words(papers.sums_paper(ledger, LAST)))
    assert provisional.COUNTED_SO in printed
    assert printed.count("2※") >= 3, "by subsidy, unit and year"
    sheets = subsidy_export.sums_sheets(ledger.plan(), view, on=LAST)
    (row,) = [r for r in sheets[0].rows if str(r.cells[0]).startswith("B4")]
    assert "※ 两处不一致" in row.cells
    sheet = subsidy_export.applications_sheet(ledger.plan(), view.rows, on=LAST)
    assert [r.cells[-1] for r in sheet.rows] == ["两处不一致", "其中 1 件※ 两处不一致"]
    decided(ledger)
    assert provisional.COUNTED_SO not in "".join(words(papers.sums_paper(ledger, LAST)))


# -- paper ---------------------------------------------------------------------------------------------------


def test_the_table_of_gauges_on_paper(ledger: Ledger) -> None:
    paper = papers.gauges_paper(ledger, LAST)
    rows = {target: words(paper, f"gauge:{target}") for target in ("T1", "T2", "T3", "T8")}
    assert "2 项※" in rows["T1"]
    assert "≥8 项" in rows["T1"]
    assert "可完成※" in rows["T1"]
    assert "2 项" in rows["T2"]
    assert "≥7 项※" in rows["T2"]
    assert "1 项※" in rows["T2"], "序时"
    assert "立即补 13 人※" in rows["T8"]
    assert "※" not in "".join(rows["T3"])
    assert MEANING in "".join(words(paper, "note"))
    assert "※" not in "".join(words(papers.gauges_paper(decided(ledger), LAST)))


def test_the_leaders_page(ledger: Ledger) -> None:
    paper = papers.leader_paper(ledger, PERIOD, LAST)
    first = "".join(words(paper, "item:1"))
    assert "科技特派员队伍 2 人※，比底线少 13 人※" in first
    (standing,) = [line for line in words(paper, "summary") if line.startswith("一、")]
    assert "低于底线 1 项※" in standing
    assert words(paper, "provisional") == [provisional.COUNTED_SO]
    paper = papers.leader_paper(decided(ledger), PERIOD, LAST)
    assert "※" not in "".join(words(paper))


def test_the_list_of_figures_and_the_answers(ledger: Ledger) -> None:
    paper = papers.figures_paper(ledger)
    assert "7 项※" in words(paper, "figure:T2")
    assert "※" not in "".join(words(paper, "figure:T1"))
    assert MEANING in "".join(words(paper, "lead"))
    plan = ledger.plan()
    status = next(s for s in views.read_overview(ledger, PERIOD, LAST).statuses if s.unit == UNIT)
    rows = answer_rows(plan, UNIT, matter_answers(plan.matters_of(UNIT), status))
    (answer,) = [row for row in rows if row.subject.startswith("T2")]
    assert answer.reason.startswith("7 项※，")
    figures.confirm(ledger, "T1", "9", "原件")
    rows = answer_rows(ledger.plan(), UNIT, matter_answers(plan.matters_of(UNIT), status))
    assert [r.reason.startswith("9 项，") for r in rows if r.subject.startswith("T1")] == [True]


def test_the_printed_form(ledger: Ledger) -> None:
    paper = papers.filing_paper(ledger, UNIT, PERIOD)
    numbers = words(paper, "row:总")
    assert "[T1] 原始创新成果：2 项※" in numbers
    assert "[T2] 重大关键技术突破：2 项" in numbers
    assert "有进展※" in words(paper, "row:8")
    assert "有进展" in words(paper, "row:9")
    assert [line for line in words(paper, "register:合作机构") if "※" in line] == ["1※", "1※", "1 家※"]
    assert words(paper, "provisional") == [provisional.SHOWN_SO]
    assert "※" not in "".join(words(papers.filing_paper(decided(ledger), UNIT, PERIOD)))


# -- files and the terminal ----------------------------------------------------------------------------------


def test_files_that_are_read_back_tell_beside_their_cells(ledger: Ledger, tmp_path: Path) -> None:
    """A ※ in a cell would be read back as part of it: the sentence stands outside the table."""
    form_docx.write_form(ledger, UNIT, PERIOD, tmp_path / "表.docx")
    document = docx.Document(str(tmp_path / "表.docx"))
    (note,) = [p.text for p in document.paragraphs if "※" in p.text]
    assert note.endswith(f"{provisional.SHOWN_SO}有：任务8、T1、T8。")
    assert not [c.text for row in document.tables[0].rows for c in row.cells if "※" in c.text]
    assert not form_docx.read_returned(ledger, UNIT, PERIOD, tmp_path / "表.docx").found
    entries = registers.read_entries(ledger, "partners")
    register_files.write_register(ledger, "partners", entries, tmp_path / "台账.xlsx")
    cells = [str(c) for row in openpyxl.load_workbook(tmp_path / "台账.xlsx").active.values for c in row if c]
    assert [c for c in cells if "※" in c] == [f"{provisional.SHOWN_SO}共 1 条：共建分园"]
    draft = register_files.read_import(ledger, "partners", UNIT, tmp_path / "台账.xlsx")
    assert draft.count(register_files.SAME) == len(draft.rows) == 1


def test_the_terminal(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(ledger.path)
    ledger.close()

    def lines(*arguments: str) -> list[str]:
        assert main([*arguments]) == 0
        return capsys.readouterr().out.splitlines()

    gauges = {line.partition(" ")[0]: line for line in lines("gauges", path)}
    assert "：2※ / 8 项" in gauges["T1"]
    assert "：2 / 7※ 项" in gauges["T2"]
    assert "※" not in gauges["T3"]
    matrix = {line.partition(" ")[0]: line for line in lines("matrix", path)}
    assert "[正常※] " in matrix["3"]
    assert "◎科技局:正常※" in matrix["3"]
    assert "科技特派员队伍 2 人※，比底线少 13 人※" in lines("leader", path)[0]
    confirmed = {line.partition(" ")[0]: line for line in lines("confirm", path)}
    assert confirmed["T2"].endswith("核定值 7※")
