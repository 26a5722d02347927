"""Operations: work runs off the UI thread, its end is told on it, and nobody who is gone is called."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.ui.messages import DialogMessages, RecordedMessages, failure_of
from ganzhou_desktop.ui.operations import InstantRunner, Operations, Progress, ThreadRunner
from ganzhou_desktop.ui.widgets import Button, ScrimDialog


@pytest.fixture
def messages() -> RecordedMessages:
    return RecordedMessages()


@pytest.fixture
def runner(qapp: object, messages: RecordedMessages) -> Iterator[ThreadRunner]:
    made = ThreadRunner(messages)
    yield made
    made.close()


@pytest.fixture(params=["thread", "instant"])
def either(request: pytest.FixtureRequest, qapp: object, messages: RecordedMessages) -> Iterator[Operations]:
    """Both runners must behave alike."""
    made: Operations = ThreadRunner(messages) if request.param == "thread" else InstantRunner(messages)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


class _Bar:
    """What a BusyBar is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, words: str, on_cancel: object = None) -> None:
        self.told.append(("begin", words))

    def set_progress(self, fraction: float | None, words: str = "") -> None:
        self.told.append((fraction, words))

    def finish(self) -> None:
        self.told.append("finish")


def test_work_runs_elsewhere_and_is_told_here(runner: ThreadRunner, page: QWidget, qtbot: QtBot) -> None:
    where: list[int] = []

    def work(progress: Progress) -> str:
        where.append(threading.get_ident())
        return "值"

    told: list[tuple[str, int]] = []
    runner.run_read(page, work, lambda value: told.append((value, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("值", threading.get_ident())]
    assert where[0] != threading.get_ident()


def test_all_work_shares_one_thread_in_order(runner: ThreadRunner, page: QWidget, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []
    for i in range(20):
        runner.run_read(page, lambda _, i=i: (i, threading.get_ident()), seen.append)
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert [i for i, _ in seen] == list(range(20))
    assert len({thread for _, thread in seen}) == 1


def test_a_write_is_broadcast_after_its_callback(either: Operations, page: QWidget, qtbot: QtBot) -> None:
    order: list[object] = []
    either.changed.connect(lambda kinds, initiator: order.append((kinds, initiator)))
    either.run_write(page, "提交本期", lambda _: 3, order.append, kinds={"filings"})
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [3, (frozenset({"filings"}), page)]


def test_a_closed_page_is_not_called_but_others_hear_of_the_write(
    runner: ThreadRunner, qtbot: QtBot, messages: RecordedMessages
) -> None:
    closed, gate = QWidget(), threading.Event()
    called: list[object] = []
    heard: list[object] = []
    runner.changed.connect(lambda kinds, initiator: heard.append((kinds, initiator)))
    runner.run_write(closed, "提交", lambda _: gate.wait(5), called.append, kinds={"filings"})
    delete(closed)
    gate.set()
    qtbot.waitUntil(lambda: bool(heard))
    assert called == []
    assert heard == [(frozenset({"filings"}), None)]


def test_an_error_becomes_a_message_or_goes_to_the_page(
    either: Operations, page: QWidget, qtbot: QtBot, messages: RecordedMessages
) -> None:
    def fail(_: Progress) -> None:
        raise EnvironmentFailed("disk_full", "盘已满，还差 12 MB。本机的台账没有变化。")

    heard: list[object] = []
    either.changed.connect(lambda *args: heard.append(args))
    either.run_write(page, "导出", fail, heard.append, kinds={"copies"})
    qtbot.waitUntil(lambda: bool(messages.failures))
    assert messages.failures[0].happened == "“导出”没能完成"
    assert messages.failures[0].means == "盘已满，还差 12 MB。本机的台账没有变化。"
    own: list[object] = []
    either.run_read(page, fail, heard.append, on_error=lambda error: own.append(error.code))
    qtbot.waitUntil(lambda: bool(own))
    assert own == ["disk_full"]
    assert len(messages.failures) == 1
    assert heard == []


@pytest.mark.expects_log("结账 failed")
def test_a_fault_of_the_program_is_logged_and_told(
    either: Operations, page: QWidget, qtbot: QtBot, messages: RecordedMessages
) -> None:
    either.run_write(
        page, "结账", lambda _: 1 // 0, lambda _: None, kinds=(), on_error=lambda _: pytest.fail("not a rule")
    )
    qtbot.waitUntil(lambda: bool(messages.failures))
    assert "程序差错" in messages.failures[0].happened
    assert messages.failures[0].details.startswith("ZeroDivisionError")


def test_progress_reaches_the_bar_and_can_say_stop(runner: ThreadRunner, page: QWidget, qtbot: QtBot) -> None:
    bar, started, go = _Bar(), threading.Event(), threading.Event()
    answers: list[bool] = []

    def work(progress: Progress) -> None:
        answers.append(progress(0.5, "第 2 份，共 4 份"))
        started.set()
        go.wait(5)
        answers.append(progress(0.75, "第 3 份，共 4 份"))
        raise RuleBroken("stopped", "已取消。")

    job = runner.run_write(page, "合入 4 份", work, lambda _: None, kinds={"copies"}, busy=bar)
    assert started.wait(5)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: "finish" in bar.told)
    assert answers == [True, False]
    assert bar.told == [
        ("begin", "合入 4 份…"),
        (0.5, "第 2 份，共 4 份"),
        (0.75, "第 3 份，共 4 份"),
        "finish",
    ]


def test_a_cancelled_read_is_dropped(runner: ThreadRunner, page: QWidget, qtbot: QtBot) -> None:
    gate, told = threading.Event(), []
    runner.run_read(page, lambda _: gate.wait(5), told.append).cancel()
    gate.set()
    runner.run_read(page, lambda _: "after", told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["after"]


def test_closing_finishes_writes_and_joins(qapp: object, messages: RecordedMessages, page: QWidget) -> None:
    runner = ThreadRunner(messages)
    gate, done = threading.Event(), []
    runner.run_read(page, lambda _: gate.wait(5), done.append)
    runner.run_read(page, lambda _: done.append("read"), done.append)
    runner.run_write(page, "存草稿", lambda _: done.append("written"), done.append, kinds={"drafts"})
    gate.set()
    runner.close()
    assert "written" in done
    assert not any(thread.name.startswith("ledger") for thread in threading.enumerate())
    runner.run_read(page, lambda _: done.append("late"), done.append)
    assert "late" not in done


def test_words_for_errors() -> None:
    assert failure_of(RuleBroken("x", "缺文号。"), "提交").happened == "“提交”没有做成"
    assert failure_of(ValueError("x")).means.startswith("台账里已经保存的内容没有变化")


@pytest.mark.parametrize(("press", "answer"), [("合入", True), ("取消", False), (None, False)])
def test_a_question_is_asked_over_the_window(page: QWidget, qtbot: QtBot, press: str | None, answer: bool) -> None:
    page.resize(800, 600)
    page.show()

    def answer_it() -> None:
        dialog = page.findChild(ScrimDialog)
        if press is None:
            dialog.reject()
        else:
            next(b for b in dialog.findChildren(Button) if b.text() == press).click()

    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, answer_it)
    assert DialogMessages().confirm(page, "合入 4 份副本？", "合入前自动备份。", "合入") is answer


def test_an_unprepared_question_fails_the_test(page: QWidget) -> None:
    messages = RecordedMessages(answers=[True])
    assert messages.confirm(page, "合入？", "", "合入")
    with pytest.raises(AssertionError, match="合入"):
        messages.confirm(page, "合入？", "", "合入")
