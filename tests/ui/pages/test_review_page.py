"""审核: real widgets on the real demo ledger."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services import filed_views, ledgers, periods, proof_copies, review_desk, reviewing
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.review_desk import ReviewDraft
from ganzhou_desktop.services.reviewing import UnitStatus
from ganzhou_desktop.ui.main_window import MainWindow, PageEntry
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import ThreadRunner
from ganzhou_desktop.ui.pages.review_page import ReviewPage
from ganzhou_desktop.ui.pages.review_page.page import AUTOSAVE_MS
from ganzhou_desktop.ui.pages.review_page.unit_list import ALL, MISSING, TO_REVIEW, late_words, look_key
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.proof_list import ProofLink
from ganzhou_desktop.ui.session import PreparedFiles, Session
from tests.statements import recorded

Make = Callable[[Ledger], Session]
Open = Callable[[Ledger], tuple[ReviewPage, Session]]
LAST = "2018Q3"


@pytest.fixture
def open_page(make_session: Make, qtbot: QtBot) -> Iterator[Open]:
    """Opens the page on a ledger in a window."""
    kept: list[MainWindow] = []

    def make(ledger: Ledger) -> tuple[ReviewPage, Session]:
        session = make_session(ledger)
        page = ReviewPage(session)
        window = MainWindow([PageEntry("review", "审核", "clipboard_edit", lambda: page)])
        kept.append(window)
        window.resize(1366, 697)
        window.show()
        qtbot.waitExposed(window)
        window.show_page("review")
        return page, session

    yield make
    for window in kept:
        window.close()
        delete(window)  # at once: restyling windows of earlier tests would make each test slower


def statuses(ledger: Ledger, name: str = LAST) -> tuple[UnitStatus, ...]:
    return reviewing.statuses(ledger, periods.period_named(ledger, name), ledger.today())


def unit_in(ledger: Ledger, key: str) -> str:
    return next(s.unit for s in statuses(ledger) if look_key(s) == key)


def status_of(ledger: Ledger, unit: str) -> UnitStatus:
    return next(s for s in statuses(ledger) if s.unit == unit)


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tick(qtbot: QtBot, page: ReviewPage, task: str) -> None:
    box = page.view.findChild(QCheckBox, f"tick_{task}")
    assert box is not None
    page.view.reading.ensureWidgetVisible(box)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)


def test_every_unit_stands_with_state_and_lateness(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    expected = statuses(demo_ledger)
    model = page.units.model
    assert [row.unit for row in model.rows] == [s.unit for s in expected]
    late = next(i for i, s in enumerate(expected) if s.lateness.late and s.received)
    days = expected[late].lateness.days
    assert model.index(late, 3).data() == f"逾期 {days} 天"
    waiting = sum(look_key(s) == TO_REVIEW for s in expected)
    words = [page.units.tabs.tabText(i) for i in range(page.units.tabs.count())]
    assert words[:2] == [f"全部 {len(expected)}", f"待审核 {waiting}"]
    assert page.unit == unit_in(demo_ledger, TO_REVIEW), "the first that waits is in front"


def test_the_list_keeps_qts_rules(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    tester = QAbstractItemModelTester(page.units.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.refresh()
    assert tester.model() is page.units.model


def test_filter_shows_only_those_and_goes_to_the_next(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    page.units.tabs.set_current(MISSING)
    assert {look_key(s) for s in page.units.model.rows} == {MISSING}
    assert page.unit == page.units.current()
    assert look_key(status_of(demo_ledger, page.unit)) == MISSING
    page.units.tabs.set_current(ALL)
    assert len(page.units.model.rows) == len(statuses(demo_ledger))


def test_a_filing_is_shown_matter_by_matter_beside_last_period(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot
) -> None:
    page, _ = open_page(demo_ledger)
    page.show_argument({"unit": "gxj"})
    plan = demo_ledger.plan()
    assert [b.matter.task for b in page.view.blocks] == list(plan.matters_of("gxj"))
    review = page.view.review
    assert review is not None
    assert review.earlier is not None
    block = next(b for b in page.view.blocks if b.matter.task == "6")
    assert not block.earlier.isVisible()
    page.view.reading.ensureWidgetVisible(block.fold)
    press(qtbot, block.fold)
    assert block.earlier.isVisible()
    assert block.matter.earlier is not None
    assert block.matter.answer is not None
    page.view.beside.setChecked(True)
    assert all(b.earlier.isVisible() for b in page.view.blocks)


def test_numbers_stand_before_and_after(demo_ledger: Ledger) -> None:
    review = filed_views.read_unit_review(demo_ledger, "gxj", LAST)
    numbers = {n.target.id: n for m in review.matters for n in m.numbers}
    assert set(numbers) == {t.id for t in demo_ledger.plan().targets if t.numeric and t.reporting_unit == "gxj"}
    summed = numbers["6a"]
    assert summed.before is not None
    assert summed.value is not None
    assert summed.gauge.actual == summed.before + summed.value


def test_accepting_goes_through_and_offers_the_next(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    unit = page.unit
    waiting = page.units.waiting()
    press(qtbot, page.view.bar.accept)
    found = status_of(demo_ledger, unit)
    assert found.state == filings.ACCEPTED
    assert found.received == review_day(page)
    assert page.unit == unit
    assert page.units.waiting() == waiting - 1
    assert page.notice.isVisible()
    assert "已接收" in page.notice.text()
    press(qtbot, next(b for b in page.notice.findChildren(QPushButton) if b.text() == "下一家待审核"))
    assert page.unit != unit
    assert look_key(status_of(demo_ledger, page.unit)) == TO_REVIEW


def review_day(page: ReviewPage) -> date | None:
    return page.view.bar.received.value()


def test_under_the_waiting_filter_the_next_comes_by_itself(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    page.units.tabs.set_current(TO_REVIEW)
    seen = []
    for _ in range(page.units.waiting()):
        seen.append(page.unit)
        press(qtbot, page.view.bar.accept)
    assert len(set(seen)) == len(seen)
    assert all(status_of(demo_ledger, unit).state == filings.ACCEPTED for unit in seen)
    assert page.units.nothing.isVisible()
    assert not page.view.isVisible()


def test_returning_needs_a_reason_and_nothing_typed_is_lost(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    unit = page.unit
    task = page.view.blocks[0].matter.task
    tick(qtbot, page, task)
    press(qtbot, page.view.bar.back)
    assert "原因" in page.view.bar.message.text()
    assert page.view.ticked() == (task,)
    assert look_key(status_of(demo_ledger, unit)) == TO_REVIEW
    qtbot.keyClicks(page.view.bar.reason, "too short")
    assert not page.view.bar.message.text()
    press(qtbot, page.view.bar.back)
    found = status_of(demo_ledger, unit)
    assert found.state == filings.RETURNED
    assert dict(found.reviews[-1].tasks) == {task: "too short"}
    assert page.view.bar.text() == ""
    messages = session.messages
    assert isinstance(messages, RecordedMessages)
    assert not messages.said


def test_a_whole_return_and_another_day(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    unit = page.unit
    period = periods.period_named(demo_ledger, LAST)
    page.view.bar.received.setDate(period.due + timedelta(days=4))
    qtbot.keyClicks(page.view.bar.reason, "redo")
    press(qtbot, page.view.bar.back)
    found = status_of(demo_ledger, unit)
    assert found.reviews[-1].reason == "redo"
    assert not found.reviews[-1].tasks
    assert found.received == period.due + timedelta(days=4)
    assert any(m.returned for m in (b.matter for b in page.view.blocks))


def test_accepting_with_ticks_asks_first(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    messages = session.messages
    assert isinstance(messages, RecordedMessages)
    unit = page.unit
    tick(qtbot, page, page.view.blocks[0].matter.task)
    messages.answers += [False, True]
    press(qtbot, page.view.bar.accept)
    assert look_key(status_of(demo_ledger, unit)) == TO_REVIEW
    press(qtbot, page.view.bar.accept)
    assert status_of(demo_ledger, unit).state == filings.ACCEPTED
    assert [said[0] for said in messages.said] == ["confirm", "confirm"]


def test_what_is_typed_stays_with_its_unit(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    saved: list[str] = []
    session.saved.connect(lambda words, _icon: saved.append(words))
    unit, task = page.unit, page.view.blocks[0].matter.task
    qtbot.keyClicks(page.view.bar.reason, "half a thought")
    tick(qtbot, page, task)
    qtbot.keyClick(page.view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    if page.unit == unit:
        press(qtbot, page.view.after)
    assert page.unit != unit
    assert page.view.bar.text() == ""
    assert page.view.ticked() == ()
    assert saved
    page.show_argument({"unit": unit})
    assert page.view.bar.text() == "half a thought"
    assert page.view.ticked() == (task,)


def test_what_is_typed_outlives_the_page(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    unit = page.unit
    qtbot.keyClicks(page.view.bar.reason, "not lost")
    assert page.can_leave()
    again, _ = open_page(demo_ledger)
    again.show_argument({"unit": unit})
    assert again.view.bar.text() == "not lost"


def test_autosave_keeps_it_without_leaving(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    with qtbot.waitSignal(session.saved, timeout=5000):
        qtbot.keyClicks(page.view.bar.reason, "kept")
    draft = review_desk.read_review_draft(demo_ledger, page.unit, LAST)
    assert draft is not None
    assert draft.reason == "kept"


def test_typing_without_a_pause_is_kept_too(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    typing = time.monotonic() + AUTOSAVE_MS / 1000 * 1.6
    while time.monotonic() < typing:
        qtbot.keyClicks(page.view.bar.reason, "word ")
        qtbot.wait(60)
    draft = review_desk.read_review_draft(demo_ledger, page.unit, LAST)
    assert draft is not None
    assert page.view.bar.text().startswith(draft.reason)


def test_a_pc_without_its_key_only_looks(demo_ledger: Ledger, open_page: Open, ganzhou_home: Path) -> None:
    shutil.rmtree(ganzhou_home)
    page, _ = open_page(demo_ledger)
    assert not page.view.bar.accept.isEnabled()
    assert "没有这本台账的身份" in page.view.bar.accept.toolTip()
    assert page.view.bar.reason.isReadOnly()


def test_a_refresh_keeps_what_is_being_typed(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    qtbot.keyClicks(page.view.bar.reason, "abc")
    page.refresh()
    assert page.view.bar.text() == "abc"
    qtbot.keyClicks(page.view.bar.reason, "d")
    assert "d" in page.view.bar.text()


def test_what_cannot_be_saved_is_still_there(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = open_page(demo_ledger)
    unit = page.unit

    def full(*_: object) -> None:
        raise EnvironmentFailed("disk_full", "磁盘已满，没有写入。")

    monkeypatch.setattr(demo_ledger.journal, "save_draft", full)
    qtbot.keyClicks(page.view.bar.reason, "precious")
    press(qtbot, page.view.after)
    assert page.unit != unit
    page.show_argument({"unit": unit})
    assert page.view.bar.text() == "precious"


def test_typing_while_another_unit_is_being_read_stays_with_the_first(
    demo_ledger: Ledger, qapp: object, qtbot: QtBot
) -> None:
    messages = RecordedMessages()
    runner = ThreadRunner(messages)
    session = Session(demo_ledger, runner, messages, PreparedFiles(), demo_ledger.plan())
    session.period = LAST
    page = ReviewPage(session)
    qtbot.addWidget(page)
    page.refresh()
    qtbot.waitUntil(lambda: page.view.review is not None)
    first = page.unit
    qtbot.keyClicks(page.view.bar.reason, "abc")
    page.units.step(1)
    qtbot.keyClicks(page.view.bar.reason, "def")  # the first unit is still in view
    qtbot.waitUntil(lambda: page.view.review is not None and page.view.review.unit != first)
    assert page.view.bar.text() == ""
    page.units.step(-1)
    qtbot.waitUntil(lambda: page.view.review is not None and page.view.review.unit == first)
    assert page.view.bar.text() == "abcdef"
    runner.close()


def test_an_answer_leaves_no_draft_behind(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    unit = page.unit
    qtbot.keyClicks(page.view.bar.reason, "go on")
    page.flush()
    press(qtbot, page.view.bar.back)
    assert status_of(demo_ledger, unit).state == filings.RETURNED
    assert review_desk.read_review_draft(demo_ledger, unit, LAST) is None


def test_a_missing_unit_shows_whom_to_call_and_can_be_entered(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot
) -> None:
    page, session = open_page(demo_ledger)
    unit = unit_in(demo_ledger, MISSING)
    page.show_argument({"unit": unit})
    assert not page.view.bar.isVisible()
    assert page.view.empty.isVisible()
    assert "电话" in page.view.people.full_text()
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    press(qtbot, page.view.empty.button)
    assert went == [("filing", {"unit": unit, "period": LAST})]


def test_the_units_paper_is_previewed(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    page.show_argument({"unit": "gxj"})
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    press(qtbot, page.view.paper)
    assert went[0][0] == "preview"
    assert isinstance(went[0][1], PreviewJob)
    assert went[0][1].back == "review"


def test_proof_opens_from_the_filing(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    unit = next(s.unit for s in statuses(demo_ledger) if s.filing is not None and any(p.held for p in s.filing.proofs))
    page.show_argument({"unit": unit})
    link = page.view.findChildren(ProofLink)[0]
    page.view.reading.ensureWidgetVisible(link)
    press(qtbot, link)
    files = session.files
    assert isinstance(files, PreparedFiles)
    assert files.opened[0].is_file()


def test_up_and_down_go_through_the_units_by_key(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    order = [s.unit for s in statuses(demo_ledger)]
    page.show_argument({"unit": order[0]})
    assert not page.view.before.isEnabled()
    page.units.table.setFocus()
    qtbot.keyClick(page.units.table, Qt.Key.Key_Down)
    assert page.unit == order[1]
    press(qtbot, page.view.after)
    assert page.unit == order[2]
    press(qtbot, page.view.before)
    assert page.unit == order[1]
    qtbot.keyClick(page.units.table, Qt.Key.Key_Return)
    assert page.view.bar.reason.hasFocus() or not page.isActiveWindow()


def test_rounds_tell_what_happened(demo_ledger: Ledger) -> None:
    unit = next(s.unit for s in statuses(demo_ledger) if s.state == filings.REFILED)
    rounds = filed_views.read_unit_review(demo_ledger, unit, LAST).rounds
    assert [r.what for r in rounds] == ["submit", "return", "submit"]
    assert [r.number for r in rounds if r.what == "submit"] == [1, 2]


def test_statements_are_a_fixed_number(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    counts = []
    for unit in ("gxj", "kjj", "czj"):
        with recorded(demo_ledger) as found:
            page.show_argument({"unit": unit})
        counts.append(len(found))
    assert max(counts) <= 24
    assert len(set(counts)) <= 2, "with or without the day a filing came in"


def test_a_units_pc_does_not_review(unit_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(unit_ledger)
    assert page.empty.isVisible()
    assert "区级汇总" in page.empty.title.text()
    assert not page.units.isVisible()


def test_without_a_period_it_says_what_to_do(
    demo_ledger: Ledger, open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", demo_ledger.plan(), author="甲", pc="机")
    page, session = open_page(ledger)
    went: list[str] = []
    session.went.connect(lambda key, _argument: went.append(key))
    assert page.empty.isVisible()
    press(qtbot, page.empty.button)
    assert went == ["settings"]
    ledger.close()


def test_a_filing_that_moved_on_is_not_decided_unseen(demo_ledger: Ledger) -> None:
    unit = unit_in(demo_ledger, TO_REVIEW)
    with pytest.raises(RuleBroken) as broken:
        review_desk.decide(demo_ledger, unit, LAST, ("0" * 64,), accept=True)
    assert broken.value.code == "moved_on"
    assert look_key(status_of(demo_ledger, unit)) == TO_REVIEW


def test_a_draft_is_kept_dropped_and_never_exported(demo_ledger: Ledger) -> None:
    unit = unit_in(demo_ledger, TO_REVIEW)
    heads = demo_ledger.journal.heads()
    draft = ReviewDraft(("a" * 64,), "原因", ("2",), date(2018, 10, 9))
    review_desk.save_review_draft(demo_ledger, unit, LAST, draft)
    assert review_desk.read_review_draft(demo_ledger, unit, LAST) == draft
    assert demo_ledger.journal.heads() == heads
    review_desk.save_review_draft(demo_ledger, unit, LAST, ReviewDraft(("a" * 64,)))
    assert review_desk.read_review_draft(demo_ledger, unit, LAST) is None


def test_a_proof_is_laid_out_once_and_only_if_it_is_here(demo_ledger: Ledger, tmp_path: Path) -> None:
    status = next(s for s in statuses(demo_ledger) if s.filing is not None and s.filing.proofs)
    assert status.filing is not None
    proof = status.filing.proofs[0]
    folder = tmp_path / "看"
    one = proof_copies.lay_out_proof(demo_ledger, status.unit, proof.sha256, "坏名字.exe", folder)
    assert one.name == f"坏名字.exe.{proof.kind}"
    assert proof_copies.lay_out_proof(demo_ledger, status.unit, proof.sha256, "坏名字.exe", folder) == one
    with pytest.raises(EnvironmentFailed):
        proof_copies.lay_out_proof(demo_ledger, status.unit, "0" * 64, "没有.pdf", folder)


def test_late_words() -> None:
    from ganzhou_desktop.domain.periods import Lateness

    missing = UnitStatus("gxj", filings.MISSING, None, (), None, Lateness(True, 3, True), taken=True)
    assert late_words(missing) == "逾期 3 天"
