"""目标详情 as its users see it: every target, its words in the plan, its figures, its sources and the way back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QImage, QTextCursor
from pytestqt.qtbot import QtBot

from ganzhou_desktop.services import figures, ledgers, registers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import ThreadRunner
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.session import PreparedFiles, Session
from ganzhou_desktop.ui.table_model import TableModel
from ganzhou_desktop.ui.widgets import ElidedLabel, Tag


class Opened:
    """A page on a ledger, shown; `went` is where it led."""

    def __init__(self, page: TargetPage, session: Session) -> None:
        self.page, self.session = page, session
        self.went: list[tuple[str, object]] = []
        session.went.connect(lambda key, argument: self.went.append((key, argument)))


@pytest.fixture
def open_page(qtbot: QtBot, make_session: Callable[[Ledger], Session]) -> Callable[[Ledger], Opened]:
    def open_(ledger: Ledger) -> Opened:
        session = make_session(ledger)
        page = TargetPage(session)
        qtbot.addWidget(page)
        page.resize(1206, 671)
        page.show()
        page.refresh()
        return Opened(page, session)

    return open_


@pytest.fixture
def office(open_page: Callable[[Ledger], Opened], demo_ledger: Ledger) -> Opened:
    return open_page(demo_ledger)


@pytest.fixture
def fresh(tmp_path: Path, demo_ledger: Ledger) -> Iterator[Ledger]:
    """An office's ledger in which no period was opened."""
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", demo_ledger.plan())
    yield ledger
    ledger.close()


def _marked(page: TargetPage) -> str:
    """The words of the clause that stand out."""
    document, found = page.words.text.document(), ""
    cursor = QTextCursor(document)
    for place in range(document.characterCount() - 1):
        cursor.setPosition(place + 1)
        if cursor.charFormat().fontWeight() == QFont.Weight.Bold:
            found += document.characterAt(place)
    return found


def _box(page: TargetPage) -> list[str]:
    """Values and tags of the box under the clause."""
    grid = page.words.box.layout()
    assert grid is not None
    found = []
    for place in range(grid.count()):
        widget = grid.itemAt(place).widget()
        if isinstance(widget, ElidedLabel):
            found.append(widget.full_text())
        elif isinstance(widget, Tag):
            found.append(widget.accessibleName())
    return found


def _cells(model: TableModel, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_a_target_is_told_in_full(office: Opened) -> None:
    """T7: title, state, formula, clause, figures, who answers for it."""
    page = office.page
    page.show_argument("T7")
    assert page.title_row.title.text() == "T7  各级各类创新平台"
    assert page.title_row.note.full_text() == "存量 · 家"
    assert page.stand.state.word == "正常"
    assert page.stand.formula.text() == "序时 = 4 + ⌊(15 − 4) × 367 ÷ 1190⌋ = 7"
    assert _marked(page) == "各级各类创新平台达到15家"
    assert _box(page)[:4] == ["15家", "照录", "15 家", "已核定"]
    assert "方案未明确" in page.words.responsible.text()


def test_the_trend_is_drawn(office: Opened) -> None:
    """The chart is there, with the values in words for those who cannot see it."""
    page = office.page
    page.show_argument("T7")
    assert page.trend.chart is not None
    assert page.trend.chart.isVisible()
    assert "目标 15" in page.trend.chart.accessibleName()
    assert page.trend.needed.text().startswith("还需每季 ")


def test_the_trend_comes_after_the_page_on_the_worker(
    qtbot: QtBot, make_session: Callable[[Ledger], Session], demo_ledger: Ledger
) -> None:
    """With the real runner plotting is loaded off the UI thread, without a word of Qt about it."""
    session = make_session(demo_ledger)
    session.operations = ThreadRunner(session.messages)
    page = TargetPage(session)
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.refresh()
    qtbot.waitUntil(lambda: page.trend.chart is not None)
    assert page.title_row.title.text().startswith("T1")
    session.operations.close()


def test_a_figure_that_waits_says_so(office: Opened, demo_ledger: Ledger) -> None:
    """T8 is 待核定 until it is confirmed; the link leads where that is done."""
    page = office.page
    page.show_argument("T8")
    assert _box(page)[2:4] == ["—", "待核定"]
    page.words.to_figures.click()
    assert office.went == [("figures", None)]
    office.session.operations.run_write(
        page,
        "核定",
        lambda _p: figures.confirm(demo_ledger, "T8", "15", "原件第 2 页"),
        lambda _f: None,
        kinds={"figure"},
    )
    assert _box(page)[2:5] == ["15 人", "已核定", "原件第 2 页"]


def test_a_stock_without_a_baseline_says_so(office: Opened) -> None:
    """T6: 基期 还没有填, 缺基期."""
    office.page.show_argument("T6")
    assert _box(office.page)[-2:] == ["还没有填", "缺基期"]


def test_sources_with_why_and_the_way_to_the_filing(qtbot: QtBot, office: Opened) -> None:
    """Every period's number, whether it counts; Enter and double click open the filing under review."""
    page = office.page
    page.show_argument("T4")
    model = page.model
    assert model is not None
    assert _cells(model, 0)[:2] == ["2018年第三季度", "区科技局"]
    assert _cells(model, 0)[3:5] == ["计入", "最近一期的期末数"]
    assert _cells(model, 1)[3:5] == ["不计", "2018年第三季度更近"]
    assert page.sources.note.full_text() == "3 条，计入 1 条"
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert office.went[-1] == ("review", {"unit": "kjj", "period": "2018Q3"})
    place = page.table.visualRect(model.index(2, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert office.went[-1] == ("review", {"unit": "kjj", "period": "2018Q1"})


def test_a_sum_says_what_each_period_adds(office: Opened) -> None:
    """+n beside what the unit reported as new."""
    page = office.page
    page.show_argument("T2")
    assert page.model is not None
    added = [_cells(page.model, row)[3] for row in range(page.model.rowCount())]
    assert all(word.startswith("+") for word in added)
    assert sum(int(word) for word in added) == 2


def test_every_target_can_be_walked_through(qtbot: QtBot, office: Opened) -> None:
    """下一个 from T1 to the last of the tasks' targets and no further; 上一个 back; the quote is marked in each."""
    page = office.page
    page.show_argument("T1")
    assert not page.before.isEnabled()
    seen = []
    while True:
        shown = page._shown
        assert shown is not None
        seen.append(shown.target.id)
        assert _marked(page) == shown.target.quote, shown.target.id
        if not page.after.isEnabled():
            break
        qtbot.mouseClick(page.after, Qt.MouseButton.LeftButton)
    assert len(seen) == 26
    assert seen[:9] == [*(f"T{n}" for n in range(1, 9)), "1a"]
    qtbot.keyClick(page, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert page.title_row.title.text().startswith(seen[-2])
    page.choice.setCurrentIndex(0)
    page.choice.activated.emit(0)
    assert page.title_row.title.text().startswith("T1")


def test_the_way_back(qtbot: QtBot, office: Opened) -> None:
    """总览 by its button and by Esc."""
    qtbot.mouseClick(office.page.back, Qt.MouseButton.LeftButton)
    qtbot.keyClick(office.page, Qt.Key.Key_Escape)
    assert office.went == [("overview", None)] * 2
    assert office.page.can_leave()


def test_another_period_shows_what_was_known_then(office: Opened) -> None:
    """At the end of the first quarter there is one source."""
    page = office.page
    page.show_argument("T7")
    office.session.set_period("2018Q1")
    assert page.model is not None
    assert page.model.rowCount() == 1
    assert page.title_row.period.currentData() == "2018Q1"


def test_a_units_own_number_opens_its_form(
    qtbot: QtBot, open_page: Callable[[Ledger], Opened], unit_ledger: Ledger
) -> None:
    """On the unit's PC the row leads to the form; a number of another unit is not here and says so."""
    opened = open_page(unit_ledger)
    page = opened.page
    page.show_argument("6a")
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.went == [("filing", {"unit": "gxj", "period": "2018Q3", "task": "6"})]
    page.show_argument("T1")
    assert page.nothing.isVisible()
    assert "由区科技局填报，不在本副本里" in page.nothing.sentence.text()
    assert page.stand.state.word == "不在本副本"
    assert not page.words.to_figures.isVisible()


def test_a_target_the_plan_does_not_have(office: Opened) -> None:
    """One sentence; what was shown stays."""
    page = office.page
    page.show_argument("T2")
    page.show_argument("X9")
    assert office.session.messages.said[-1][1] == "没有这个指标"  # type: ignore[attr-defined]
    page.refresh()
    assert page.title_row.title.text().startswith("T2")


def test_before_any_period(qtbot: QtBot, open_page: Callable[[Ledger], Opened], fresh: Ledger) -> None:
    """It says what is missing and leads back."""
    opened = open_page(fresh)
    assert opened.page.empty.isVisible()
    qtbot.mouseClick(opened.page.empty.button, Qt.MouseButton.LeftButton)
    assert opened.went == [("overview", None)]


def test_the_page_fits_its_place(office: Opened) -> None:
    """No column is cut, no sideways scrolling, at the smallest window too."""
    page = office.page
    page.show_argument("2b")
    page.resize(1152, 654)
    QGuiApplication.processEvents()
    assert page.table.horizontalScrollBar().maximum() == 0
    assert page.minimumSizeHint().width() <= 1152
    assert page.minimumSizeHint().height() <= 654


def test_a_counted_number_opens_into_its_entries(
    qtbot: QtBot, demo_ledger: Ledger, make_session: Callable[[Ledger], Session]
) -> None:
    for unit in ("jkq", "gxj", "kjj"):
        held = registers.read_entries(demo_ledger, "platforms", unit)
        if held:
            registers.delete_entries(demo_ledger, "platforms", held)
    made = {"type": "众创空间", "level": "省级", "recognised": "2018-02-01"}
    registers.save_entries(
        demo_ledger,
        "platforms",
        "gxj",
        [Edit({**made, "name": "示例一号"}), Edit({**made, "name": "示例二号", "recognised": "2031-01-01"})],
    )
    session = make_session(demo_ledger)
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    page = TargetPage(session)
    qtbot.addWidget(page)
    page.show()
    page.show_argument("T7")
    page.refresh()
    assert page.members is not None
    shown = [
        (page.members.row(n).entry.values["name"], page.members.row(n).counted) for n in range(page.members.rowCount())
    ]
    assert shown == [("示例一号", True), ("示例二号", False)]
    assert page.entries.isVisible()
    qtbot.mouseClick(page.which.button("filings"), Qt.MouseButton.LeftButton)
    assert page.table.isVisible(), "what was typed stands beside it, not in it"
    qtbot.mouseClick(page.which.button("entries"), Qt.MouseButton.LeftButton)
    page.entries.setCurrentIndex(page.members.index(0, 0))
    qtbot.keyClick(page.entries, Qt.Key.Key_Return)
    (key, argument) = went[-1]
    assert key == "registers"
    assert isinstance(argument, dict)
    assert argument["register"] == "platforms"


def test_who_brought_how_much_adds_up(office: Opened, qtbot: QtBot) -> None:
    page = office.page
    page.show_argument("T7")
    qtbot.mouseClick(page.which.button("by_unit"), Qt.MouseButton.LeftButton)
    assert page.shares.isVisible()
    assert page.sources.title.text() == "谁完成了多少"
    shown = page.shares.model()
    rows = [[shown.index(r, c).data() for c in range(shown.columnCount())] for r in range(shown.rowCount())]
    assert page._shown is not None
    assert page._shown.gauge.actual == 8
    assert [row[:3] for row in rows] == [["区科技局", "7 家", "87.5%"], ["张掖经济技术开发区管委会", "1 家", "12.5%"]]
    page.show_argument("T8")  # how things stand on a day, counted by entries or by one filing: the way is there or not
    assert page.which.button("by_unit").isVisible() == bool(page._shown.contributions)


def test_what_does_not_move_is_said_with_shape_and_word(office: Opened) -> None:
    page = office.page
    page.show_argument("T5")
    assert page._shown is not None
    assert [p.actual for p in page._shown.gauge.trend] == [2, 2, 2]
    assert page.stand.still.isVisible()
    assert page.stand.still.word.startswith("停滞 2 期")
    page.show_argument("T7")
    assert not page.stand.still.isVisible()


def test_suppose_tells_where_a_headline_lands_and_writes_nothing(office: Opened, qtbot: QtBot) -> None:
    page = office.page
    steps = office.session.ledger.journal.generation
    page.show_argument("T7")
    qtbot.mouseClick(page.which.button("suppose"), Qt.MouseButton.LeftButton)
    view = page.suppose
    assert view.isVisible()
    assert view.quarterly is not None
    # 8 on 30 September 2018, 15 to reach by the end of 2020, nine whole quarters away.
    assert "预计 8 家" in view.result.text()
    assert "还差 7 家" in view.result.text()
    assert view.state.word == "完不成"
    view.quarterly.box.setFocus()
    view.quarterly.box.selectAll()
    qtbot.keyClicks(view.quarterly.box, "1")
    assert "预计 17 家" in view.result.text()
    assert view.state.word == "可完成"
    assert view.quarterly.slider.value() == 1
    view.quarterly.slider.setValue(0)
    assert set(view.parts) == {"2a", "2b"}
    view.parts["2b"].box.setValue(30)  # more than the slider reaches
    assert "预计 38 家" in view.result.text()
    page.refresh()
    assert "预计 38 家" in view.result.text()
    page.show_argument("T5")
    assert set(view.parts) == {"6g"}
    assert "预计 2 家" in view.result.text()
    assert office.session.ledger.journal.generation == steps
    page.show_argument("T3")  # a published level: nothing to suppose, back to its filings
    assert not view.isVisible()
    assert not page.which.button("suppose").isVisible()
    assert page.which.current() == "filings"


def test_export_of_one_target_as_picture_and_pdf(office: Opened, tmp_path: Path) -> None:
    page, files = office.page, office.session.files
    assert isinstance(files, PreparedFiles)
    page.show_argument("T7")
    files.answers += [tmp_path, tmp_path / "表", None]
    page.export_button.as_picture.trigger()
    (picture,) = tmp_path.glob("*.png")
    assert picture.name == "T7_各级各类创新平台_2018-09-30.png"
    image = QImage(str(picture))
    assert image.size() == page._body.size() * 2
    assert len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 20
    page.export_button.as_pdf.trigger()
    assert (tmp_path / "表.pdf").read_bytes().startswith(b"%PDF-")
    page.export_button.as_picture.trigger()  # cancelled: nothing more
    assert len(list(tmp_path.glob("*.png"))) == 1


def test_export_that_cannot_be_written_is_said(office: Opened, tmp_path: Path) -> None:
    page, files = office.page, office.session.files
    assert isinstance(files, PreparedFiles)
    files.answers.append(tmp_path / "没有的文件夹" / "a.png")
    page.export_button.as_picture.trigger()
    messages = office.session.messages
    assert isinstance(messages, RecordedMessages)
    assert "a.png" in "".join(messages.said[-1])
