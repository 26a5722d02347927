"""The shell: pages made when first shown, navigation that collapses, leaving asked for, facts in the status bar."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.ui.main_window import MainWindow, PageEntry


class _Page(QWidget):
    """A page that counts refreshes and may refuse to be left."""

    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0
        self.may_leave = True

    def refresh(self) -> None:
        self.refreshed += 1

    def can_leave(self) -> bool:
        return self.may_leave


@pytest.fixture
def made() -> list[str]:
    """Keys of the pages made so far."""
    return []


@pytest.fixture
def window(qtbot: QtBot, made: list[str]) -> MainWindow:
    def factory(key: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            made.append(key)
            return _Page()

        return make

    shell = MainWindow(
        [
            PageEntry("overview", "总览", "home", factory("overview")),
            PageEntry("matrix", "任务矩阵", "grid", factory("matrix")),
            PageEntry("filing", "填报", "clipboard_edit", factory("filing"), group=1),
            PageEntry("target", "目标详情", "", factory("target"), under="overview"),
            PageEntry("settings", "设置", "settings", factory("settings"), at_foot=True),
        ]
    )
    qtbot.addWidget(shell)
    shell.resize(1366, 697)
    shell.show()
    shell.show_page("overview")
    return shell


def test_a_page_called_by_its_key_takes_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    page = window.page("matrix")
    disabled, wanted, other = QPushButton("不能点", page), QPushButton("打印", page), QPushButton("导出", page)
    disabled.setEnabled(False)
    window.activateWindow()
    window.nav.item("overview").setFocus()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key == "matrix"
    assert window.focusWidget() is wanted, "the first place that can have it"
    page.setFocusProxy(other)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is other, "or where the page wants it"


def test_pages_are_made_when_first_shown(window: MainWindow, made: list[str], qtbot: QtBot) -> None:
    assert made == ["overview"]
    qtbot.mouseClick(window.nav.item("matrix"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.nav.item("overview"), Qt.MouseButton.LeftButton)
    assert made == ["overview", "matrix"]
    assert window.page("overview").refreshed == 2  # type: ignore[attr-defined]


def test_a_page_that_may_not_be_left_stays(window: MainWindow, qtbot: QtBot) -> None:
    window.page("overview").may_leave = False  # type: ignore[attr-defined]
    qtbot.mouseClick(window.nav.item("matrix"), Qt.MouseButton.LeftButton)
    assert window.current_key == "overview"
    assert window.nav.item("overview").isChecked()
    assert not window.close()
    window.page("overview").may_leave = True  # type: ignore[attr-defined]
    with qtbot.waitSignal(window.closing):
        assert window.close()


def test_navigation_collapses_below_1280(window: MainWindow) -> None:
    assert (window.nav.narrow, window.nav.width()) == (False, 160)
    window.resize(1200, 680)
    assert (window.nav.narrow, window.nav.width()) == (True, 48)
    assert window.nav.item("matrix").toolTip() == "<qt>任务矩阵</qt>"
    window.resize(1280, 697)
    assert (window.nav.narrow, window.nav.width()) == (False, 160)
    assert window.nav.item("matrix").toolTip() == ""


def test_a_page_without_entry_marks_the_one_it_belongs_to(window: MainWindow) -> None:
    assert "target" not in window.nav.keys
    window.show_page("matrix")
    window.show_page("target")
    assert window.nav.item("overview").isChecked()
    assert window.current_key == "target"


def test_keyboard_reaches_pages(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key == "filing"
    window.nav.item("filing").setFocus()
    qtbot.keyClick(window.nav.item("filing"), Qt.Key.Key_Up)
    assert window.nav.item("matrix").hasFocus()
    qtbot.keyClick(window.nav.item("matrix"), Qt.Key.Key_Return)
    assert window.current_key == "matrix"


def test_badge_is_painted_and_named(window: MainWindow) -> None:
    item = window.nav.item("filing")
    bare = item.grab().toImage()
    window.set_badge("filing", 3)
    assert item.accessibleName() == "填报 · 3 件待办"
    assert item.grab().toImage() != bare
    window.set_badge("filing", 0)
    assert item.grab().toImage() == bare


def test_status_bar_says_facts_and_demo(window: MainWindow) -> None:
    window.status.set_facts(["甘州区 2018 台账", "", "期次 2018年第一季度"])
    window.status.set_saved("已保存 09:42")
    assert window.status.facts.full_text() == "甘州区 2018 台账　·　期次 2018年第一季度"
    assert window.status.saved_text() == "已保存 09:42"
    assert not window.status.demo.isVisible()
    window.set_demo(True)
    assert window.status.demo.isVisible()
