"""The start page: a copy is looked at before it is received, a plan's mistakes are all told, a backup needs the name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.services import backups, exchange, ledgers, periods
from ganzhou_desktop.services.figures import confirm
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.store import amounts
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.preferences import Recent
from ganzhou_desktop.ui.session import PreparedFiles
from ganzhou_desktop.ui.start_window import StartWindow
from ganzhou_desktop.ui.start_window.choices import Choice

LEFT = Qt.MouseButton.LeftButton


def _type(box: QWidget, text: str) -> None:
    """Type as an input method does: Chinese cannot be clicked key by key."""
    commit = QInputMethodEvent()
    commit.setCommitString(text)
    QApplication.sendEvent(box, commit)


class Desk:
    """The window and what it asked for."""

    def __init__(self, qtbot: QtBot, recent: list[Recent] | None = None) -> None:
        self.bot = qtbot
        self.files = PreparedFiles()
        self.messages = RecordedMessages()
        self.asked: list[tuple[object, ...]] = []
        self.window = StartWindow(InstantRunner(self.messages), self.messages, self.files, recent or [])
        qtbot.addWidget(self.window)
        self.window.wants_open.connect(lambda path: self.asked.append(("open", path)))
        self.window.wants_new.connect(lambda plan, path: self.asked.append(("new", plan, path)))
        self.window.wants_join.connect(
            lambda copy, path, large: self.asked.append(("join", copy, path, *(["large"] if large else [])))
        )
        self.window.resize(1366, 697)
        self.window.show()

    def button(self, name: str) -> QPushButton:
        found = self.window.findChild(QPushButton, name)
        assert isinstance(found, QPushButton), name
        return found

    def choose(self, name: str) -> None:
        found = self.window.findChild(Choice, name)
        assert isinstance(found, Choice)
        self.bot.mouseClick(found, LEFT)

    def click(self, name: str) -> None:
        self.bot.mouseClick(self.button(name), LEFT)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Ledger]:
    made, _ = ledgers.new_ledger(tmp_path / "office.gzdb", read_plan(paths.plan_file("ganzhou-2017.toml")))
    periods.open_period(made, "2018Q1")
    yield made
    made.close()


@pytest.fixture
def copy(office: Ledger, tmp_path: Path) -> Path:
    return exchange.hand_out(office, "kjj", tmp_path / "副本.任意结尾").file


def test_the_first_page_shows_the_plan_and_this_pc(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    assert desk.window.panel.pattern.count() == 45
    assert not desk.window.home.recent_card.isVisible()


def test_arrows_and_enter_choose(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot)
    home = desk.window.home
    desk.files.answers = [tmp_path / "x.gzdb"]
    qtbot.keyClick(home.join, Qt.Key.Key_Down)
    qtbot.keyClick(home.new, Qt.Key.Key_Down)
    qtbot.keyClick(home.open, Qt.Key.Key_Return)
    assert desk.asked == [("open", tmp_path / "x.gzdb")]


def test_a_copy_is_received_after_its_codes_were_compared(qtbot: QtBot, copy: Path, office: Ledger) -> None:
    desk = Desk(qtbot)
    desk.files.answers = [copy]
    desk.choose("start_join")
    told = desk.window.join.facts.text()
    assert "区科技局" in told
    assert ledgers.code_of_ledger(office) in told
    assert office.code() in told
    assert desk.asked == []
    desk.click("join_confirm")
    assert desk.asked == [("join", copy, paths.default_ledger_dir() / "区科技局台账.gzdb")]


def test_another_place_and_a_name_that_is_taken(qtbot: QtBot, copy: Path, tmp_path: Path) -> None:
    usual = paths.default_ledger_dir() / "区科技局台账.gzdb"
    usual.parent.mkdir(parents=True)
    usual.write_bytes(b"")
    desk = Desk(qtbot)
    desk.window.offer_copy(copy)
    assert desk.window.join.place.path() == usual.with_name("区科技局台账_2.gzdb")
    qtbot.mouseClick(desk.window.join.place.open_there, LEFT)
    assert desk.asked == [("open", usual)]
    desk.files.answers = [tmp_path / "我的台账"]
    desk.click("join_place")
    qtbot.keyClick(desk.window.join.main, Qt.Key.Key_Return)
    assert desk.asked[-1] == ("join", copy, tmp_path / "我的台账.gzdb")


def test_a_copy_cut_short_says_one_sentence(qtbot: QtBot, copy: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.gzcopy"
    bad.write_bytes(copy.read_bytes()[:700])
    desk = Desk(qtbot)
    desk.window.offer_copy(bad)
    assert "没有采用" in desk.window.join.failure_text()
    assert not desk.button("join_confirm").isEnabled()
    desk.window.offer_copy(copy)
    assert desk.window.join.failure_text() == ""
    qtbot.keyClick(desk.window.join, Qt.Key.Key_Escape)
    assert desk.window.stack.currentWidget() is desk.window.home


def test_a_huge_copy_is_read_when_the_person_says_so(
    qtbot: QtBot, copy: Path, office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too much to be looked into unasked: told, read on 仍要读完, received as such."""
    monkeypatch.setattr(amounts, "FILE", 5000)
    desk = Desk(qtbot)
    desk.window.offer_copy(copy)
    step = desk.window.join
    assert "比平常大得多" in step.failure_text()
    assert not step.main.isEnabled()
    (way,) = [b for b in step.findChildren(QPushButton) if b.text() == "仍要读完"]
    qtbot.mouseClick(way, LEFT)
    assert step.failure_text() == ""
    assert ledgers.code_of_ledger(office) in step.facts.text()
    assert "比平常大得多" in step.facts.text()
    desk.click("join_confirm")
    assert desk.asked == [("join", copy, paths.default_ledger_dir() / "区科技局台账.gzdb", "large")]
    desk.files.answers = [copy]
    desk.click("start_revive")
    assert "比平常大得多" in desk.window.revive.failure_text()
    (way,) = [b for b in desk.window.revive.findChildren(QPushButton) if b.text() == "仍要读完"]
    qtbot.mouseClick(way, LEFT)
    assert "区科技局" in desk.window.revive.facts.text()


def test_the_offices_own_export_is_not_for_a_unit(qtbot: QtBot, office: Ledger, tmp_path: Path) -> None:
    whole = exchange.export(office, tmp_path / "whole.gzcopy").file
    desk = Desk(qtbot)
    desk.window.offer_copy(whole)
    assert "不是下发给某个单位" in desk.window.join.failure_text()
    assert not desk.button("join_confirm").isEnabled()


def test_a_new_ledger_from_the_built_in_plan(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.choose("start_new")
    told = desk.window.new.facts.text()
    assert "9 项任务" in told
    assert "17 家责任单位" in told
    desk.click("new_confirm")
    assert desk.asked == [("new", None, paths.default_ledger_dir() / "甘州区汇总台账.gzdb")]


def test_every_mistake_of_a_plan_is_told_and_can_be_copied(qtbot: QtBot, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    good = paths.plan_file("ganzhou-2017.toml").read_text("utf-8")
    plan.write_text(good.replace('kind = "lead"', 'kind = "boss"'), "utf-8")
    desk = Desk(qtbot)
    desk.choose("start_new")
    desk.files.answers = [plan]
    desk.click("new_choose")
    errors = desk.window.findChild(QPlainTextEdit, "new_errors")
    assert isinstance(errors, QPlainTextEdit)
    assert errors.isVisible()
    assert errors.toPlainText().count("boss") >= 22
    assert not desk.button("new_confirm").isEnabled()
    qtbot.mouseClick(desk.window.new.copy, LEFT)
    assert QGuiApplication.clipboard().text() == errors.toPlainText()
    plan.write_text(good, "utf-8")
    qtbot.mouseClick(desk.window.new.again, LEFT)
    assert not errors.isVisible()
    desk.click("new_confirm")
    assert desk.asked[0][:2] == ("new", plan)


def test_recent_ledgers_open_by_enter(qtbot: QtBot, office: Ledger) -> None:
    recent = [
        Recent(str(office.path), "甘州区汇总台账", "区级汇总", "2018年第一季度", "2018-04-09T10:00+08:00"),
        Recent("/nowhere/x.gzdb", "旧台账", "区科技局", "", "不是时间"),
    ]
    desk = Desk(qtbot, recent)
    table = desk.window.home.table
    assert table.model().index(0, 3).data() == "2018年4月9日"
    assert table.model().index(1, 2).data() == "找不到文件了"
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert desk.asked == [("open", office.path)]


def _drop(desk: Desk, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(desk.window, QDragEnterEvent(QPoint(700, 300), Qt.DropAction.CopyAction, data, LEFT, none))
    QApplication.sendEvent(desk.window, QDropEvent(QPointF(700, 300), Qt.DropAction.CopyAction, data, LEFT, none))


def test_files_are_dropped(qtbot: QtBot, copy: Path, office: Ledger) -> None:
    desk = Desk(qtbot)
    _drop(desk, office.path)
    assert desk.asked == [("open", office.path)]
    _drop(desk, copy)
    assert desk.window.stack.currentWidget() is desk.window.join
    assert "区科技局" in desk.window.join.facts.text()


def test_restoring_over_a_ledger_needs_its_name(qtbot: QtBot, office: Ledger, tmp_path: Path) -> None:
    backup = tmp_path / "backup.gzdb"
    backups.backup(office, backup)
    confirm(office, "T8", "150", "原件")
    office.close()
    desk = Desk(qtbot, [Recent(str(office.path), "甘州区汇总台账", "区级汇总", "", "2018-04-09")])
    desk.files.answers = [backup]
    desk.click("start_restore")
    assert desk.window.restore.place.path() == office.path
    assert not desk.button("restore_confirm").isEnabled()
    typed = desk.window.findChild(QLineEdit, "restore_name")
    assert isinstance(typed, QLineEdit)
    _type(typed, "甘州区")
    desk.click("restore_confirm")
    assert desk.asked == [("open", office.path)]
    again = ledgers.open_ledger(office.path, writer=False)
    assert again.plan().figure_by_id["T8"].confirmed is None
    again.close()
    assert list(paths.backups_dir().glob("*.gzdb"))


def test_a_file_that_is_no_backup_is_told(qtbot: QtBot, copy: Path) -> None:
    desk = Desk(qtbot)
    desk.files.answers = [copy]
    desk.click("start_restore")
    assert desk.window.restore.failure_text()
    assert not desk.button("restore_confirm").isEnabled()


def test_the_offices_ledger_is_found_again_from_a_copy(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a backup: any unit's copy and the 恢复单; a group that is wrong is told and nothing is made."""
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    made, code = ledgers.new_ledger(tmp_path / "坏了的.gzdb", plan)
    periods.open_period(made, "2018Q1")
    exchange.hand_out(made, "gxj", tmp_path / "给工信局.gzcopy")
    ledger = made.id
    made.close()
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "新电脑"))
    desk = Desk(qtbot)
    desk.files.answers = [tmp_path / "给工信局.gzcopy"]
    desk.click("start_revive")
    step = desk.window.revive
    assert step.isVisible()
    assert "区工信局" in step.facts.text()
    desk.click("revive_confirm")
    assert "还没有填" in step.line.text()
    QGuiApplication.clipboard().setText(" ".join(["0000"] * 14))
    step.form.boxes[0].setFocus()
    qtbot.keyClick(step.form.boxes[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    desk.click("revive_confirm")
    assert "没有找回" in step.line.text()
    assert desk.asked == []
    QGuiApplication.clipboard().setText(code)
    qtbot.keyClick(step.form.boxes[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    desk.click("revive_confirm")
    ((asked, place),) = desk.asked
    assert asked == "open"
    assert "".join(box.text() for box in step.form.boxes) == ""
    again = ledgers.open_ledger(place)  # type: ignore[arg-type]
    try:
        assert (again.id, again.office) == (ledger, True)
        assert [p.name for p in periods.list_periods(again)] == ["2018Q1"]
        periods.open_period(again, "2018Q2")
    finally:
        again.close()
