"""From pages to paper and workbooks: what is on screen, in its order, with the filter said."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import openpyxl
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain.subsidies import FAILED, MET, OPEN, Check, Eligibility
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.applications_page.subsidies_view import qualification
from ganzhou_desktop.ui.pages.filing import FilingPage
from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
from ganzhou_desktop.ui.pages.matrix_page.narrowing import Filters
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.printing.choices import Options
from ganzhou_desktop.ui.printing.items import Document, TextItem
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.session import PreparedFiles, Session

Make = Callable[[Ledger], Session]
Page = TypeVar("Page", ApplicationsPage, FilingPage, MatrixPage, RegistersPage)


def shown(qtbot: QtBot, page: Page) -> Page:
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.refresh()
    return page


def gone(session: Session) -> list[PreviewJob]:
    """What was sent to the preview from now on."""
    jobs: list[PreviewJob] = []
    session.went.connect(lambda key, argument: jobs.append(argument) if key == "preview" else None)
    return jobs


def made(job: PreviewJob) -> Document:
    return job.make(Options(job.papers[0], False, frozenset(tick.key for tick in job.ticks)))


def rows_of(document: Document, tag: str) -> list[str]:
    """The third cell of each row on the first page: the thing's own name."""
    rows: dict[str, list[TextItem]] = {}
    for item in document.pages[0].items:
        if isinstance(item, TextItem) and item.tag.startswith(tag):
            rows.setdefault(item.tag, []).append(item)
    return ["".join(sorted(items, key=lambda i: i.box.x)[2].lines) for items in rows.values()]


def table_of(path: Path, first: str) -> list[tuple[object, ...]]:
    rows = list(openpyxl.load_workbook(path).active.values)
    start = next(n for n, row in enumerate(rows) if row[0] == first)
    return rows[start:]


def prepared(session: Session, path: Path) -> None:
    assert isinstance(session.files, PreparedFiles)
    session.files.answers.append(path)


def test_a_register_is_printed_as_filtered_and_sorted(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    session = make_session(demo_ledger)
    page = RegistersPage(session)
    page.show_argument({"register": "platforms"})
    shown(qtbot, page)
    assert page.model is not None
    page.filter_row.search.setText("企业")
    page.model.sort(page.model.place_of("name"), Qt.SortOrder.DescendingOrder)
    jobs = gone(session)
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    (job,) = jobs
    document = made(job)
    names = [str(row.entry.values["name"]) for row in page.model.rows]
    assert len(names) > 2
    assert names == sorted(names, reverse=True)
    assert rows_of(document, "row:") == names
    assert "只印：含“企业”" in document.text.replace("\n", "")
    assert job.back == "registers"


def test_the_sums_and_the_open_points_are_printed_from_the_menu(
    demo_ledger: Ledger, make_session: Make, qtbot: QtBot
) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, ApplicationsPage(session))
    jobs = gone(session)
    for action in page.print_menu().actions():
        action.trigger()
    sums, questions = (made(job).text for job in jobs)
    assert "奖补汇总表" in sums
    assert "区财政局（盖章）" in questions
    assert [job.back for job in jobs] == ["applications", "applications"]


def test_applications_are_exported_as_filtered_and_the_sums_from_their_tab(
    demo_ledger: Ledger, make_session: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, ApplicationsPage(session))
    page.unit.set_current("kjj")
    page.unit.activated.emit(page.unit.currentIndex())
    prepared(session, tmp_path / "a.xlsx")
    qtbot.mouseClick(page.export, Qt.MouseButton.LeftButton)
    names = [row.application.beneficiary for row in page.model.rows]
    assert 0 < len(names) < len(page._view.rows if page._view else ())
    table = table_of(tmp_path / "a.xlsx", "受益对象")
    assert [row[0] for row in table[1 : len(names) + 1]] == names
    assert str(table[len(names) + 1][0]) == f"合计 {len(names)} 件"
    page.tabs.set_current("subsidies")
    page._show_tab()
    prepared(session, tmp_path / "s.xlsx")
    qtbot.mouseClick(page.export, Qt.MouseButton.LeftButton)
    assert openpyxl.load_workbook(tmp_path / "s.xlsx").sheetnames == ["按补助", "按单位", "按年度", "按支付方"]


def test_the_matrix_workbook_holds_the_rows_on_screen(
    demo_ledger: Ledger, make_session: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, MatrixPage(session))
    page.filter_row.set_filters(Filters(unit="gxj"))
    on_screen = [line.task.id for line in page.table.matrix.lines if line.task is not None]
    assert 0 < len(on_screen) < 9
    prepared(session, tmp_path / "矩阵")
    qtbot.mouseClick(page.export_button, Qt.MouseButton.LeftButton)
    table = table_of(tmp_path / "矩阵.xlsx", "序号")
    assert [row[0] for row in table if str(row[0]) in set("123456789")] == on_screen
    assert "矩阵.xlsx" in page.notice.text()
    prepared(session, tmp_path / "矩阵.docx")
    qtbot.mouseClick(page.export_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "矩阵.docx").read_bytes().startswith(b"PK")


def test_the_other_papers_of_the_matrix(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, MatrixPage(session))
    jobs = gone(session)
    for action in page.others_menu().actions():
        action.trigger()
    assert [job.title for job in jobs] == ["任务分解表", "领导一页纸"]
    assert "责任领导" in made(jobs[0]).text
    assert jobs[1].back == "matrix"


def test_a_filing_is_looked_at_whole_before_it_is_submitted(
    unit_ledger: Ledger, make_session: Make, qtbot: QtBot
) -> None:
    session = make_session(unit_ledger)
    page = shown(qtbot, FilingPage(session))
    assert page.bar.print_form.text() == "打印填报表", "what is submitted and as it was"
    page.form.areas["progress"].area.insertPlainText("又开了一次会。")
    assert page.bar.print_form.text() == "看全表"
    jobs = gone(session)
    qtbot.mouseClick(page.bar.print_form, Qt.MouseButton.LeftButton)
    text = made(jobs[0]).text.replace("\n", "")
    assert "草稿" in text
    assert "又开了一次会。" in text
    assert "台账情况" in text


def test_the_qualification_says_what_is_still_open() -> None:
    met = Check("级别", MET, "")
    assert qualification(Eligibility("B2", (met,))) == "✓ 符合"
    assert qualification(Eligibility("B2", (met, Check("", OPEN, "")))) == "✓ 符合（有待明确）"
    assert qualification(Eligibility("B2", (Check("级别", FAILED, ""), Check("", OPEN, "")))) == "× 不符合"


def test_going_to_a_register_from_another_page_shows_it(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    """As the window goes: the page is shown and read first, then told where to go."""
    page = shown(qtbot, RegistersPage(make_session(demo_ledger)))
    assert page.model is not None
    assert page.model.desk.view.register.id != "platforms"
    page.show_argument({"register": "platforms"})
    assert page.model.desk.view.register.id == "platforms"
