"""数字核定: figures are found, confirmed with their basis and taken back; nothing typed is lost; a unit only looks."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from ganzhou_desktop.services import figures
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.pages.figures_page import FiguresPage
from ganzhou_desktop.ui.printing.items import TextItem
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.printing.preview import Options
from ganzhou_desktop.ui.session import Session

MakeSession = Callable[[Ledger], Session]


def _type(box: QWidget, text: str) -> None:
    """Type as an input method does: Chinese cannot be clicked key by key."""
    commit = QInputMethodEvent()
    commit.setCommitString(text)
    QApplication.sendEvent(box, commit)


@pytest.fixture
def session(demo_ledger: Ledger, make_session: MakeSession) -> Session:
    return make_session(demo_ledger)


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> Iterator[FiguresPage]:
    made = FiguresPage(session)
    qtbot.addWidget(made)
    made.resize(1206, 671)
    made.refresh()
    made.show()
    yield made
    made.hide()


def _messages(session: Session) -> RecordedMessages:
    assert isinstance(session.messages, RecordedMessages)
    return session.messages


def _box(page: FiguresPage, name: str) -> QLineEdit:
    box = page.findChild(QLineEdit, name)
    assert isinstance(box, QLineEdit)
    return box


def _button(page: FiguresPage, name: str) -> QPushButton:
    button = page.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    return button


def _ids(page: FiguresPage) -> list[str]:
    return [row.id for row in page.model.rows if row.figure]


def test_all_figures_stand_in_groups(page: FiguresPage, session: Session) -> None:
    assert _ids(page) == [f.id for f in session.plan.figures]
    heads = [row.title for row in page.model.rows if row.figure is None]
    assert heads[0] == "目标任务（8）"
    assert any("任务 2" in head for head in heads)
    assert any("奖补" in head for head in heads)
    assert heads[-1].startswith("基期值")
    assert page.state.button("all").text() == f"全部 {len(session.plan.figures)}"


def test_filter_and_search(page: FiguresPage, qtbot: QtBot, session: Session) -> None:
    qtbot.mouseClick(page.state.button("missing"), Qt.MouseButton.LeftButton)
    missing = [f.id for f in session.plan.figures if f.state == "missing"]
    assert _ids(page) == missing
    qtbot.mouseClick(page.state.button("all"), Qt.MouseButton.LeftButton)
    _type(page.search, "孵化器")
    assert _ids(page)
    assert all("孵化器" in page.model.row(i).figure.quote for i, r in enumerate(page.model.rows) if r.figure)  # type: ignore[union-attr]
    page.search.setText("没有这样的数字")
    assert page.empty.isVisible()
    assert not page.detail.isVisible()
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert len(_ids(page)) == len(session.plan.figures)


def test_choosing_shows_the_clause_with_the_quote_marked(page: FiguresPage, qtbot: QtBot, session: Session) -> None:
    page.show_argument("4a.threshold")
    figure = session.plan.figure_by_id["4a.threshold"]
    assert page.detail.clause.toPlainText() == session.plan.clause_by_id[figure.clause].text
    assert page.detail.clause.marked() == figure.quote
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.chosen is not None
    assert page.chosen.id == "4b"


def test_confirm_by_keyboard(page: FiguresPage, qtbot: QtBot, demo_ledger: Ledger) -> None:
    page.show_argument("T8")
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    value, basis = _box(page, "figure_value"), _box(page, "figure_basis")
    _type(value, "１５０")
    qtbot.keyClick(value, Qt.Key.Key_Return)
    _type(basis, "纸质原件第 2 页")
    qtbot.keyClick(basis, Qt.Key.Key_Return)
    figure = demo_ledger.plan().figure_by_id["T8"]
    assert (str(figure.confirmed), figure.basis) == ("150", "纸质原件第 2 页")
    row = next(r for r in page.model.rows if r.id == "T8")
    assert row.figure is not None
    assert row.figure.state == "confirmed"
    assert value.text() == "150"


def test_the_last_basis_is_offered_again(page: FiguresPage, qtbot: QtBot, demo_ledger: Ledger) -> None:
    page.show_argument("T8")
    qtbot.keyClicks(_box(page, "figure_value"), "150")
    _type(_box(page, "figure_basis"), "原件第 2 页")
    qtbot.mouseClick(_button(page, "figure_confirm"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(_button(page, "figure_next"), Qt.MouseButton.LeftButton)
    assert page.chosen is not None
    following = page.chosen.id
    assert page.chosen.state != "confirmed"
    qtbot.keyClicks(_box(page, "figure_value"), "3")
    qtbot.mouseClick(_button(page, "figure_basis_again"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert demo_ledger.plan().figure_by_id[following].basis == "原件第 2 页"


def test_what_is_missing_is_said_beside_the_boxes(page: FiguresPage, qtbot: QtBot, demo_ledger: Ledger) -> None:
    page.show_argument("T8")
    confirm = _button(page, "figure_confirm")
    qtbot.mouseClick(confirm, Qt.MouseButton.LeftButton)
    assert "核定值" in page.detail.line.text()
    _type(_box(page, "figure_value"), "十五")
    qtbot.mouseClick(confirm, Qt.MouseButton.LeftButton)
    assert "依据" in page.detail.line.text()
    _type(_box(page, "figure_basis"), "原件")
    qtbot.mouseClick(confirm, Qt.MouseButton.LeftButton)
    assert "不是一个数" in page.detail.line.text()
    assert _box(page, "figure_value").text() == "十五"
    assert demo_ledger.plan().figure_by_id["T8"].confirmed is None


def test_taking_back_asks(page: FiguresPage, qtbot: QtBot, session: Session, demo_ledger: Ledger) -> None:
    page.show_argument("T1")
    _messages(session).answers = [False, True]
    take_back = _button(page, "figure_take_back")
    qtbot.mouseClick(take_back, Qt.MouseButton.LeftButton)
    assert demo_ledger.plan().figure_by_id["T1"].confirmed is not None
    qtbot.mouseClick(take_back, Qt.MouseButton.LeftButton)
    figure = demo_ledger.plan().figure_by_id["T1"]
    assert (figure.confirmed, figure.basis) == (None, "")
    assert _box(page, "figure_value").text() == ""


def test_typed_text_waits_for_its_figure(page: FiguresPage, qtbot: QtBot, session: Session) -> None:
    page.show_argument("T8")
    qtbot.keyClicks(_box(page, "figure_value"), "150")
    page.show_argument("T5")
    assert _box(page, "figure_value").text() == ""
    page.refresh()
    page.show_argument("T8")
    assert _box(page, "figure_value").text() == "150"
    _messages(session).answers = ["留在这一页", "先离开"]
    assert not page.can_leave()
    assert page.can_leave()
    assert _box(page, "figure_value").text() == "150"
    qtbot.keyClick(_box(page, "figure_value"), Qt.Key.Key_Escape)
    assert page.can_leave()


def test_questions_lead_to_their_figure(page: FiguresPage, qtbot: QtBot, session: Session) -> None:
    page.show_argument("questions")
    table = page.questions.table
    assert table.isVisible()
    assert page.questions.model.rowCount() == len(session.plan.questions)
    row = next(i for i, q in enumerate(session.plan.questions) if q.subjects[0] == "T8")
    table.selectRow(row)
    assert session.plan.questions[row].question == page.questions.text.toPlainText()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert page.chosen is not None
    assert page.chosen.id == "T8"
    assert page.table.isVisible()


def test_printing_goes_to_the_preview(page: FiguresPage, qtbot: QtBot, session: Session) -> None:
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    qtbot.mouseClick(_button(page, "figures_print"), Qt.MouseButton.LeftButton)
    assert went[0][0] == "preview"
    assert isinstance(went[0][1], PreviewJob)


def test_a_unit_only_looks(unit_ledger: Ledger, make_session: MakeSession, qtbot: QtBot) -> None:
    page = FiguresPage(make_session(unit_ledger))
    qtbot.addWidget(page)
    page.refresh()
    page.show()
    assert _box(page, "figure_value").isReadOnly()
    assert not _button(page, "figure_confirm").isVisible()
    assert "区级汇总" in page.detail.line.text()
    page.hide()


def test_reading_takes_a_fixed_number_of_statements(page: FiguresPage, demo_ledger: Ledger) -> None:
    seen: list[str] = []
    event.listen(demo_ledger.journal.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    page.refresh()
    assert len(seen) <= 2


def test_the_plans_checkup_stands_beside_the_questions_and_on_paper(
    page: FiguresPage, qtbot: QtBot, session: Session
) -> None:
    """What stands out in the plan is listed; confirming a figure takes its remark along; the list is printed too."""
    page.tabs.set_current("checkup")
    assert page.checkup.isVisible()
    assert not page.detail.isVisible()
    said = [page.checkup.model.index(r, 1).data() for r in range(page.checkup.model.rowCount())]
    assert "任务7“体制机制改革”没有配合单位。" in said
    pending = next(s for s in said if "待核定" in s)
    figures.confirm(session.ledger, next(f.id for f in session.plan.figures if f.state == "pending"), "3", "原件")
    page.refresh()
    now = [page.checkup.model.index(r, 1).data() for r in range(page.checkup.model.rowCount())]
    assert pending not in now
    with qtbot.waitSignal(session.went) as went:
        qtbot.mouseClick(_button(page, "figures_print"), Qt.MouseButton.LeftButton)
    document = went.args[1].make(Options("A4P"))
    words = "".join(w for p in document.pages for i in p.items if isinstance(i, TextItem) for w in i.lines)
    assert "任务7“体制机制改革”没有配合单位。" in words
