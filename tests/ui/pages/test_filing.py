"""The form page with real widgets on a real ledger: typing, saving, errors, submitting, the office's answer."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.domain.form_json import form_from_json
from ganzhou_desktop.services import contacts, drafts, exchange, filing, ledgers, merging, periods, reviewing
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import ThreadRunner
from ganzhou_desktop.ui.pages.filing import FilingPage
from ganzhou_desktop.ui.pages.filing.dialogs import ClauseDialog, NewerDialog, ReturnedDialog
from ganzhou_desktop.ui.pages.filing.draft_keeper import DELAY_MS
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.session import PreparedFiles, Session
from tests.statements import recorded

PERIOD = "2018Q4"
Open = Callable[[Session], FilingPage]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def office(demo_ledger: Ledger) -> Ledger:
    """The demo office with a new period that nobody has filed."""
    periods.open_period(demo_ledger, PERIOD)
    return demo_ledger


@pytest.fixture
def unit(office: Ledger, tmp_path: Path) -> Iterator[Ledger]:
    """区工信局's PC before it files that period."""
    exchange.hand_out(office, "gxj", tmp_path / "first.gzcopy")
    ledger = exchange.join(tmp_path / "first.gzcopy", tmp_path / "unit.gzdb", author="填表人乙")
    yield ledger
    ledger.close()


@pytest.fixture
def open_page(qtbot: QtBot) -> Open:
    """Shows the page as the window would."""

    def make(session: Session) -> FilingPage:
        page = FilingPage(session)
        qtbot.addWidget(page)
        page.resize(1206, 671)
        page.refresh()
        with qtbot.waitExposed(page):
            page.show()
        return page

    return make


def kind(page: FilingPage, key: str) -> None:
    """Choose 本期情况 with the mouse."""
    button = page.form.answer.buttons[key]
    QTest.mouseClick(button, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(8, button.height() // 2))


def write(page: FilingPage, name: str, text: str) -> None:
    """Type into a text area (whole, as an input method commits it)."""
    area = page.form.areas[name].area
    area.setFocus()
    area.selectAll()
    QTest.keyClick(area, Qt.Key.Key_Delete)
    area.insertPlainText(text)


def number(page: FilingPage, target: str, text: str) -> None:
    """Type into a number box."""
    box = page.form.numbers.rows[target].box
    box.selectAll()
    QTest.keyClicks(box, text) if text.isascii() else box.insert(text)
    if not text.isascii():
        box.textEdited.emit(box.text())


def click(page: QWidget, button: QWidget) -> None:
    """Click a button that is in view."""
    assert button.isVisible(), button.objectName()
    QTest.mouseClick(button, LEFT)


def fill_all(page: FilingPage) -> None:
    """Answer every matter."""
    assert page.editing is not None
    for task in page.editing.tasks():
        page.open_task(task)
        kind(page, filings.PROGRESS)
        write(page, "progress", f"任务{task}的进展")


def state_of(page: FilingPage, task: str) -> str:
    """The state shown in the list."""
    return next(row.state for row in page.list.rows if row.task == task)


# -- the list -----------------------------------------------------------------------------------------------------


def test_matters_lead_first(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    assert [row.task for row in page.list.rows if row.task] == ["1", "2", "5", "6", "3", "4"]
    assert [row.title for row in page.list.rows if not row.task] == ["牵头", "配合"]
    assert page.list.count_text() == "6 件，已填 0 件"
    assert page.form.heading.full_text() == "1 争创国家级、省级创新园区基地"
    assert "创建成果" in page.form.asked.full_text()
    kind(page, filings.NO_PROGRESS)
    assert page.list.count_text() == "6 件，已填 1 件"
    assert state_of(page, "1") == "filled"
    assert page.list.bar.value() == 1


def test_headline_matter_last(office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(office))
    page.show_argument({"unit": "kjj", "task": "T"})
    assert [row.task for row in page.list.rows if row.task][-1] == "T"
    assert page.form.heading.full_text() == "目标任务"
    assert list(page.form.numbers.rows) == [f"T{n}" for n in range(1, 9)]


def test_keys_walk_the_list(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    page.list.view.setFocus()
    QTest.keyClick(page.list.view, Qt.Key.Key_Down)
    assert page.form.heading.full_text().startswith("2 ")
    click(page, page.forward)
    assert page.form.heading.full_text().startswith("5 ")
    for _ in range(3):
        QTest.keyClick(page.list.view, Qt.Key.Key_Down)
    assert page.form.heading.full_text().startswith("4 "), "the head of a group is stepped over"
    assert not page.forward.isEnabled()


# -- typing and saving --------------------------------------------------------------------------------------------


def test_typing_is_saved_by_itself(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, qtbot: QtBot
) -> None:
    session = make_session(unit)
    page = open_page(session)
    area = page.form.areas["progress"].area
    area.setFocus()
    with qtbot.waitSignal(session.saved, timeout=4000) as heard:
        QTest.keyClicks(area, "finished 2")
    assert heard.args is not None
    assert heard.args[0].startswith("草稿已自动保存 ")
    page.close()
    again = open_page(make_session(unit))
    assert again.form.areas["progress"].area.toPlainText() == "finished 2"
    assert again.form.tag.accessibleName() == "草稿"


def test_typing_without_a_pause_is_saved_too(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, qtbot: QtBot
) -> None:
    session = make_session(unit)
    page = open_page(session)
    area = page.form.areas["progress"].area
    area.setFocus()
    saved: list[str] = []
    session.saved.connect(lambda words, _icon: saved.append(words))
    typing = time.monotonic() + DELAY_MS / 1000 * 1.6
    while time.monotonic() < typing:
        QTest.keyClicks(area, "word ")
        qtbot.wait(60)
    assert saved, "a power cut now would take all of it"
    kept = filing.form_state(unit, "gxj", PERIOD).form.matters[0].answer.progress
    assert kept
    assert area.toPlainText().startswith(kept)


def test_switching_matters_saves_at_once(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    write(page, "progress", "写到一半")
    page.open_task("2")
    assert filing.form_state(unit, "gxj", PERIOD).form.matters[0].answer.progress == "写到一半"


def test_leaving_saves_at_once(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    page.open_task("6")
    kind(page, filings.PROGRESS)
    number(page, "6b", "两家")
    assert page.can_leave()
    assert drafts.read_typed(unit, "gxj", PERIOD) == {"6/6b": "两家"}
    again = open_page(make_session(unit))
    again.open_task("6")
    assert again.form.numbers.rows["6b"].box.text() == "两家", "what cannot be read is kept letter for letter"
    assert not again.bar.submit.isEnabled()


def test_ctrl_s_saves(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, qtbot: QtBot) -> None:
    session = make_session(unit)
    page = open_page(session)
    write(page, "problems", "缺人")
    page.activateWindow()
    with qtbot.waitSignal(session.saved, timeout=2000) as heard:
        QTest.keyClick(page.form.areas["problems"].area, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert heard.args is not None
    assert heard.args[0].startswith("草稿已保存")


def test_a_draft_that_cannot_be_saved_stays_in_view(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(unit)
    page = open_page(session)
    write(page, "progress", "不能丢")

    def full(*_args: object) -> str:
        raise EnvironmentFailed("disk_full", "盘已满。")

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "keep_draft", full)
        page.refresh()
        assert "盘已满" in page.notice.text()
        assert page.form.areas["progress"].area.toPlainText() == "不能丢"
        assert isinstance(session.messages, RecordedMessages)
        session.messages.answers = [False]
        assert not page.can_leave()
    assert page.can_leave()
    assert filing.form_state(unit, "gxj", PERIOD).form.matters[0].answer.progress == "不能丢"


def test_pasted_rich_text_becomes_words(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    clip = QMimeData()
    clip.setHtml("<p><b>组织</b>辅导&nbsp;<span style='color:red'>2</span> 场</p><p>&lt;img src=x&gt;</p>")
    QApplication.clipboard().setMimeData(clip)
    area = page.form.areas["progress"].area
    area.setFocus()
    area.paste()
    assert area.toPlainText() == "组织辅导 2 场\n<img src=x>"
    both = QMimeData()
    both.setText("甲\u2028乙\u00a0丙\ufffc")
    both.setHtml("<b>别的</b>")
    QApplication.clipboard().setMimeData(both)
    area.selectAll()
    area.paste()
    assert area.toPlainText() == "甲\n乙 丙"
    assert page.form.areas["progress"].count.text() == "5 字"


def test_last_period_beside_and_taken_over(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    past = filing.form_state(unit, "gxj", PERIOD).previous
    assert past is not None
    said = past.answers["1"]
    assert page.form.past["progress"].text.text() == said.progress
    assert page.form.promise.isVisible() == bool(said.next_steps)
    click(page, page.form.past["progress"].take)
    assert page.form.areas["progress"].area.toPlainText() == f"{said.progress}（沿用上期）"


def test_numbers_add_up_by_kind(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    page.open_task("6")
    assert set(page.form.numbers.rows) == {"6a", "6b", "6d", "6e", "6f", "6g"}
    row = page.form.numbers.rows["6a"]
    before = row.row.before or 0
    number(page, "6a", "2")
    assert row.total.text() == str(before + 2), "newly achieved is added"
    number(page, "6d", "3")
    assert page.form.numbers.rows["6d"].total.text() == "3", "a state at the end is not"
    number(page, "6e", "１")
    assert page.editing is not None
    assert page.editing.matter("6").measurements["6e"] == 1, "full-width digits are digits"
    page.open_task("3")
    assert not page.form.numbers.rows
    assert "区科技局" in page.form._numbers_note.text()


def test_tab_goes_down_the_form(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    page.open_task("6")
    page.activateWindow()
    form = page.form
    form.areas["progress"].area.setFocus()
    seen: list[QWidget | None] = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    boxes: list[QWidget] = [row.box for row in form.numbers.rows.values()]
    expected = [form.past["progress"].take, *boxes, form.areas["problems"].area]
    assert [w for w in seen if w in expected] == [w for w in expected if w.isVisible()]
    boxes[0].setFocus()
    QTest.keyClick(boxes[0], Qt.Key.Key_Return)
    assert QApplication.focusWidget() is boxes[1], "Enter goes to the box below"


def test_behind_asks_for_a_day(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    assert not page.form.behind.day.isVisible()
    page.form.behind.tick.click()
    assert page.form.behind.day.isVisible()
    assert QApplication.focusWidget() is page.form.behind.day
    QTest.keyClicks(page.form.behind.day, "2019")
    assert page.editing is not None
    assert page.editing.matter("1").answer.expected == date(2019, 12, 1)
    assert "进度落后" in page.form.areas["problems"].message.text() or page.bar.remarks.isVisible()
    page.form.behind.tick.click()
    assert page.editing.matter("1").answer.expected is None


def test_one_click_for_the_other_supporting_matters(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    page.open_task("3")
    kind(page, filings.PROGRESS)
    write(page, "progress", "对接两家院所")
    assert page.list.no_news.text() == "其余 1 件配合事项本期无新进展"
    click(page, page.list.no_news)
    assert state_of(page, "4") == "filled"
    assert not page.list.no_news.isVisible()
    page.open_task("4")
    assert page.form.areas["progress"].area.toPlainText() == "本期无新进展"
    page.notice.action_chosen.emit()
    assert state_of(page, "4") == "empty"
    assert state_of(page, "3") == "filled", "what was typed stays"


# -- errors, submitting, withdrawing ------------------------------------------------------------------------------


def test_only_what_cannot_be_read_blocks(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    page.open_task("6")
    kind(page, filings.PROGRESS)
    assert page.bar.submit.isEnabled(), "open matters are soft"
    assert page.bar.unfilled.button.text() == "5 件未填"
    number(page, "6a", "2.5")
    assert page.bar.errors.button.text() == "1 处错误"
    assert not page.bar.submit.isEnabled()
    assert page.form.numbers.rows["6a"].message.text() == "按家计，应填整数，写的是 2.5。"
    assert state_of(page, "6") == "error"
    page.open_task("1")
    click(page, page.bar.errors.button)
    assert page.form.heading.full_text().startswith("6 ")
    assert QApplication.focusWidget() is page.form.numbers.rows["6a"].box
    number(page, "6a", "2")
    assert page.bar.submit.isEnabled()
    assert not page.bar.errors.isVisible()
    assert [action.text() for action in page.bar.remarks.menu().actions()], "soft remarks are listed"


def test_submit_then_the_next_step(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    session = make_session(unit)
    page = open_page(session)
    fill_all(page)
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    click(page, page.bar.submit)
    assert page.notice.text() == "已提交。下一步：打印盖章，再导出副本交区里。"
    assert page.bar.standing.full_text().startswith("已提交（第 1 稿）")
    assert page.form.areas["progress"].area.isReadOnly()
    assert not page.bar.submit.isVisible()
    click(page, page.bar.export)
    assert went[-1] == ("exchange", None)
    click(page, page.bar.print_form)
    job = went[-1][1]
    assert isinstance(job, PreviewJob)
    assert job.title == "区工信局填报表"


def test_what_was_left_open_is_said_after_submitting(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    kind(page, filings.PROGRESS)
    click(page, page.bar.submit)
    assert page.notice.text().startswith("已提交。其中 5 件没有填，区里看到的是“未填报”。下一步：")


def test_withdraw_before_the_first_export(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    page = open_page(make_session(unit))
    fill_all(page)
    click(page, page.bar.submit)
    said: list[str] = []
    page._session.saved.connect(lambda words, _icon: said.append(words))
    click(page, page.bar.withdraw)
    assert "已撤回" in page.notice.text()
    assert said == ["已撤回，又是草稿"], "the status bar no longer says 已提交"
    assert page.list.count_text() == "6 件，已填 6 件", "the text is the draft"
    click(page, page.bar.submit)
    exchange.export(unit, tmp_path / "out.gzcopy")
    page.refresh()
    assert not page.bar.withdraw.isVisible()
    click(page, page.bar.unlock)
    write(page, "progress", "导出以后补充")
    page.keeper.save()
    page.refresh()
    click(page, page.bar.submit)
    assert page.bar.standing.full_text().startswith("已提交（第 3 稿）"), "a withdrawn one has its number too"


def test_giving_up_changes_after_submitting(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    session = make_session(unit)
    page = open_page(session)
    fill_all(page)
    click(page, page.bar.submit)
    exchange.export(unit, tmp_path / "out.gzcopy")
    page.refresh()
    click(page, page.bar.unlock)
    assert not page.bar.drop.isVisible(), "nothing is changed yet"
    write(page, "progress", "改错了")
    assert isinstance(session.messages, RecordedMessages)
    session.messages.answers = [True]
    click(page, page.bar.drop)
    assert page.form.areas["progress"].area.toPlainText().startswith("任务")
    assert page.form.areas["progress"].area.isReadOnly()


def test_returned_then_filed_again(
    unit: Ledger, office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    page = open_page(make_session(unit))
    fill_all(page)
    click(page, page.bar.submit)
    exchange.export(unit, tmp_path / "filed.gzcopy")
    assert merging.merge(office, [tmp_path / "filed.gzcopy"], trust=[unit.code()]).packages[0].verdict == "merged"
    reviewing.review(office, "gxj", PERIOD, accept=False, reason="规上企业只登记 2 家", tasks=["6"])
    exchange.hand_out(office, "gxj", tmp_path / "answer.gzcopy")
    merging.merge(unit, [tmp_path / "answer.gzcopy"])
    page.refresh()
    assert state_of(page, "6") == "returned"
    assert state_of(page, "1") == "filled"
    page.open_task("6")
    assert page.form.returned.isVisible()
    assert page.form.returned.text().startswith("区级汇总 ")
    assert page.form.returned.text().endswith("退回：“规上企业只登记 2 家”")
    assert page.form.tag.accessibleName() == "已退回 · 第 2 稿"
    write(page, "progress", "已按台账更正")
    assert state_of(page, "6") == "mended"
    assert page.bar.submit.text() == "重报本期"
    click(page, page.bar.submit)
    assert page.bar.standing.full_text().startswith("已重报（第 2 稿）")
    assert not page.form.returned.isVisible()
    exchange.export(unit, tmp_path / "again.gzcopy")
    merging.merge(office, [tmp_path / "again.gzcopy"])
    reviewing.review(office, "gxj", PERIOD, accept=True)
    exchange.hand_out(office, "gxj", tmp_path / "accepted.gzcopy")
    merging.merge(unit, [tmp_path / "accepted.gzcopy"])
    page.refresh()
    assert {row.state for row in page.list.rows if row.task} == {"received"}


# -- proof --------------------------------------------------------------------------------------------------------


def test_proof_added_opened_removed(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    session = make_session(unit)
    page = open_page(session)
    good, bad = tmp_path / "签到表.pdf", tmp_path / "坏.exe"
    good.write_bytes(b"%PDF-1.4 sheet")
    bad.write_bytes(b"MZ\x00\x01")
    assert isinstance(session.files, PreparedFiles)
    session.files.answers = [good, bad]
    click(page, page.form.proof.add)
    assert page.editing is not None
    assert [p.name for p in page.editing.matter("1").proof] == ["签到表.pdf"]
    assert "坏.exe" in page.form.proof.message.text()
    QTest.qWait(20)
    message = page.form.proof.message
    assert not message.visibleRegion().isEmpty(), "in view without scrolling"
    assert message.visibleRegion().boundingRect().height() == message.height()
    page.keeper.save()
    good.unlink()
    again = open_page(make_session(unit))
    opener = again.form.proof.findChild(QWidget, "openProof")
    assert opener is not None
    click(again, opener)
    shown = again._session.files
    assert isinstance(shown, PreparedFiles)
    assert shown.opened[0].read_bytes() == b"%PDF-1.4 sheet"
    assert shown.opened[0].name == "签到表.pdf"
    remover = again.form.proof.findChild(QWidget, "removeProof")
    assert remover is not None
    click(again, remover)
    assert again.form.proof.empty.isVisible()


def test_a_dropped_proof_never_opens_as_a_program(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(make_session(unit))
    script = tmp_path / "run.bat"
    script.write_text("start calc", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(script))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.form.proof.dropEvent(drop)
    opener = page.form.proof.findChild(QWidget, "openProof")
    assert opener is not None
    qtbot.waitUntil(opener.isVisible)
    click(page, opener)
    files = page._session.files
    assert isinstance(files, PreparedFiles)
    assert files.opened[0].name == "run.bat.txt"


# -- content that came in meanwhile -------------------------------------------------------------------------------


def office_files(office: Ledger, unit: Ledger, tmp_path: Path, name: str, **texts: str) -> None:
    """The office enters 任务1 from paper, and the unit merges that."""
    form = filing.form_state(office, "gxj", PERIOD).form
    value = {**texts, "answer": "progress", "task": "1"}
    data = {"format": 1, "unit": "gxj", "period": PERIOD, "base": list(form.base), "matters": [value]}
    filing.submit(office, form_from_json(office.plan(), data), source="盖章纸表")
    exchange.hand_out(office, "gxj", tmp_path / name)
    merging.merge(unit, [tmp_path / name])


def test_a_draft_older_than_what_came_in(
    unit: Ledger, office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    session = make_session(unit)
    page = open_page(session)
    kind(page, filings.PROGRESS)
    write(page, "progress", "我打的字")
    page.keeper.save()
    office_files(office, unit, tmp_path, "entered.gzcopy", progress="纸上的进展", next_steps="纸上的措施")
    page.refresh()
    assert page.newer.isVisible()
    assert "1 处和草稿写得不同" in page.newer.text()
    assert page.form.areas["progress"].area.toPlainText() == "我打的字"
    page.newer.action_chosen.emit()
    dialog = page.dialog
    assert isinstance(dialog, NewerDialog)
    seen = {d.field: d for d in drafts.compare_draft(unit, "gxj", PERIOD)}
    assert seen["progress"].theirs == "纸上的进展"
    assert seen["progress"].clash
    assert seen["next_steps"].theirs == "纸上的措施"
    assert not seen["next_steps"].clash
    QTest.mouseClick(dialog.pick("1", "progress").button("both"), LEFT)
    QTest.mouseClick(dialog.take, LEFT)
    assert page.form.areas["progress"].area.toPlainText() == "我打的字\n纸上的进展"
    assert page.form.areas["next_steps"].area.toPlainText() == "纸上的措施"
    assert not page.newer.isVisible()
    assert not filing.form_state(unit, "gxj", PERIOD).newer


def test_what_came_in_beside_typed_words_is_not_said_to_be_shown(
    unit: Ledger, office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    session = make_session(unit)
    page = open_page(session)
    kind(page, filings.PROGRESS)
    write(page, "progress", "我打的字")
    page.keeper.save()
    office_files(office, unit, tmp_path, "entered.gzcopy", next_steps="纸上的措施")
    page.refresh()
    assert not any(d.clash for d in drafts.compare_draft(unit, "gxj", PERIOD))
    assert page.form.areas["next_steps"].area.toPlainText() == ""
    assert "新内容还没有用上" in page.newer.text()
    page.newer.action_chosen.emit()
    assert isinstance(page.dialog, NewerDialog)
    QTest.mouseClick(page.dialog.take, LEFT)
    assert page.form.areas["next_steps"].area.toPlainText() == "纸上的措施"
    assert page.form.areas["progress"].area.toPlainText() == "我打的字"
    assert not page.newer.isVisible()


def test_typed_words_stay_when_nothing_is_chosen(
    unit: Ledger, office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    page = open_page(make_session(unit))
    kind(page, filings.NO_PROGRESS)
    write(page, "problems", "我的问题")
    page.keeper.save()
    office_files(office, unit, tmp_path, "entered.gzcopy", problems="纸上的问题", progress="纸上的进展")
    page.refresh()
    page.newer.action_chosen.emit()
    assert isinstance(page.dialog, NewerDialog)
    QTest.mouseClick(page.dialog.take, LEFT)
    assert page.form.areas["problems"].area.toPlainText() == "我的问题"
    assert page.form.areas["progress"].area.toPlainText() == "纸上的进展"
    assert page.form.answer.buttons[filings.NO_PROGRESS].isChecked()


def test_two_pcs_that_differ_are_told_of(
    unit: Ledger, office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path
) -> None:
    session = make_session(unit)
    page = open_page(session)
    fill_all(page)
    click(page, page.bar.submit)
    office_files(office, unit, tmp_path, "entered.gzcopy", progress="纸上的进展")
    page.refresh()
    assert state_of(page, "1") == "differs"
    page.open_task("1")
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    assert page.form.contested.isVisible()
    page.form.contested.action_chosen.emit()
    assert went == [("exchange", "conflicts")]


def test_too_long_a_text_is_kept_and_told_of(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    long = "字" * 20_001
    write(page, "progress", long)
    assert "最多 20000 字" in page.form.areas["progress"].message.text()
    assert not page.bar.submit.isEnabled()
    assert page.can_leave()
    again = open_page(make_session(unit))
    assert again.form.areas["progress"].area.toPlainText() == long
    write(again, "progress", "短的")
    assert again.bar.submit.isEnabled()


# -- the office, the period, who may write ------------------------------------------------------------------------


def test_office_enters_from_paper(office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    session = make_session(office)
    page = open_page(session)
    page.show_argument({"unit": "czj", "task": "9"})
    assert page.unit.currentData() == "czj"
    assert page.by_office.isVisible()
    kind(page, filings.PROGRESS)
    assert not page.bar.submit.isEnabled()
    assert page.bar.standing.full_text() == "写明来源才能提交"
    page.source.setFocus()
    QTest.keyClicks(page.source, "paper of 3 Jan")
    page.keeper.save()
    page.refresh()
    assert page.source.text() == "paper of 3 Jan", "the source is kept with the draft"
    click(page, page.bar.submit)
    held = filing.read_filings(office, PERIOD, "czj")["czj", PERIOD]
    assert (held.mode, held.source) == ("office", "paper of 3 Jan")
    assert page.bar.standing.full_text().startswith("代录已提交（第 1 稿），来源：paper of 3 Jan")
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    click(page, page.bar.export)
    assert went == [("review", {"unit": "czj", "period": PERIOD})]


def test_periods_and_lateness(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    session = make_session(unit)
    page = open_page(session)
    assert page.due.text().startswith("应报日 2019年1月")
    assert page.late.word.startswith("逾期 ")
    assert page.late.isVisible()
    session.set_period("2018Q1")
    assert page.form.columns.accessibleName().startswith("本期 2018年第一季度；没有上期")
    assert page.after.isVisible()
    assert {row.state for row in page.list.rows if row.task} == {"received"}


def test_read_only(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    path = unit.path
    unit.close()
    shown = ledgers.open_ledger(path, writer=False)
    page = open_page(make_session(shown))
    assert "只读" in page.bar.standing.full_text()
    assert page.form.areas["progress"].area.isReadOnly()
    assert not page.bar.submit.isVisible()
    kind(page, filings.PROGRESS)
    assert state_of(page, "1") == "empty"
    shown.close()


def test_another_account_of_this_pc_may_file_too(
    unit: Ledger,
    make_session: Callable[[Ledger], Session],
    open_page: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its key is made when it first writes; the office is then asked to accept it."""
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "another account"))
    page = open_page(make_session(unit))
    assert page.bar.submit.isVisible()
    assert page.bar.contacts.edit.isVisible()
    assert not page.form.areas["progress"].area.isReadOnly()


def test_contacts_are_edited_in_place(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    line = page.bar.contacts
    click(page, line.edit)
    line.boxes["phone"].selectAll()
    QTest.keyClicks(line.boxes["phone"], "0936-1234567")
    QTest.keyClick(line.boxes["phone"], Qt.Key.Key_Return)
    assert "0936-1234567" in line.line.full_text()
    assert contacts.contacts_of(unit, "gxj")["phone"] == "0936-1234567"
    click(page, line.edit)
    QTest.keyClick(line.boxes["head"], Qt.Key.Key_Escape)
    assert not line.editing


def test_the_plan_in_its_own_words(unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open) -> None:
    page = open_page(make_session(unit))
    click(page, page.form.clause)
    assert isinstance(page.dialog, ClauseDialog)
    words = " ".join(label.text() for label in page.dialog.findChildren(QWidget) if hasattr(label, "text"))
    assert unit.plan().clause_by_id["3.1.1"].text in words
    page.dialog.reject()


def test_before_any_period(
    make_session: Callable[[Ledger], Session], open_page: Open, tmp_path: Path, ganzhou_home: Path
) -> None:
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", read_plan(paths.plan_file("ganzhou-2017.toml")))
    session = make_session(ledger)
    page = open_page(session)
    went: list[str] = []
    session.went.connect(lambda key, _argument: went.append(key))
    assert page.empty.title.text() == "还没有开期次"
    click(page, page.empty.button)
    assert went == ["settings"]
    ledger.close()


def test_a_fixed_number_of_statements(
    unit: Ledger, office: Ledger, make_session: Callable[[Ledger], Session], open_page: Open
) -> None:
    page = open_page(make_session(unit))
    with recorded(unit) as first:
        page.refresh()
    with recorded(unit) as second:
        page._session.set_period("2018Q2")
    assert len(first) <= 18
    assert len(second) <= 20, "a filed period asks besides whether it may be withdrawn"


def test_typing_while_the_worker_reads(unit: Ledger, open_page: Open, qtbot: QtBot) -> None:
    messages = RecordedMessages()
    session = Session(unit, ThreadRunner(messages), messages, PreparedFiles(), unit.plan())
    session.period = PERIOD
    page = open_page(session)
    qtbot.waitUntil(lambda: page.editing is not None)
    write(page, "progress", "甲")
    page.refresh()
    write(page, "progress", "甲乙")
    qtbot.waitUntil(lambda: page.editing is not None and page.editing.form.base == () and not page.keeper.dirty)
    assert page.form.areas["progress"].area.toPlainText() == "甲乙"
    write(page, "problems", "临走写的")
    assert page.can_leave()
    page.hide()
    session.operations.close()
    said = filing.form_state(unit, "gxj", PERIOD).form.matters[0].answer
    assert (said.progress, said.problems) == ("甲乙", "临走写的")
    assert not messages.failures


def test_the_form_goes_out_as_word_and_comes_back_compared(
    unit: Ledger, make_session: Callable[[Ledger], Session], open_page: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    session = make_session(unit)
    page = open_page(session)
    out = tmp_path / "表.docx"
    session.files.answers.append(out)
    page.write_word()
    document = docx.Document(str(out))
    row = next(r for r in document.tables[0].rows if r.cells[0].text == "本期进展")
    row.cells[-1].text = "领导改过的示例文字"
    document.save(str(out))
    session.files.answers.append(out)
    page.read_word()
    dialog = page.dialog
    assert isinstance(dialog, ReturnedDialog)
    assert "1 处" in dialog.take.text()
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    first = page.editing.form.matters[0].task if page.editing is not None else ""
    assert page.editing is not None
    assert page.editing.text(first, "progress") == "领导改过的示例文字"
    assert "还没有提交" in page.notice.text()
