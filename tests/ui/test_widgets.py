"""Controls as a person meets them: text shown letter for letter, keyboard, dialogs, waiting."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFocusEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain import states
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.messages import DialogMessages
from ganzhou_desktop.ui.texts import plain_tip
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    ChipCombo,
    CountCard,
    DateField,
    ElidedLabel,
    EmptyState,
    FailureBox,
    MessageLine,
    NoticeBar,
    PlainLabel,
    ScrimDialog,
    Segmented,
    StateLabel,
    Tabs,
    TitleRow,
    mark_error,
)


def _colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_label_shows_markup_as_letters(qtbot: QtBot) -> None:
    label = PlainLabel("<b>&x</b><img src='a'>")
    plain = PlainLabel("x")
    qtbot.addWidget(label)
    qtbot.addWidget(plain)
    assert label.text() == "<b>&x</b><img src='a'>"
    assert label.sizeHint().width() > 10 * plain.sizeHint().width()


def test_label_shows_direction_marks(qtbot: QtBot) -> None:
    label = PlainLabel("甲\u202egpj.exe")
    qtbot.addWidget(label)
    assert label.text() == "甲⟨U+202E⟩gpj.exe"


def test_tool_tip_is_letters_too(qtbot: QtBot) -> None:
    label = PlainLabel("a")
    qtbot.addWidget(label)
    label.setToolTip("<img src=x> & 第二行\n<b>")
    assert label.toolTip() == "<qt>&lt;img src=x&gt; &amp; 第二行<br>&lt;b&gt;</qt>"
    assert plain_tip("") == ""


def test_button_shows_an_ampersand(qtbot: QtBot) -> None:
    button = Button("R&D 经费")
    qtbot.addWidget(button)
    assert button.text() == "R&&D 经费"
    assert button.accessibleName() == "R&D 经费"


def test_elided_label_keeps_the_whole_text(qtbot: QtBot) -> None:
    label = ElidedLabel("一二三四五六七八九十")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text().endswith("…")
    assert "一二三四五六七八九十" in label.toolTip()
    label.resize(400, 20)
    assert label.text() == "一二三四五六七八九十"
    assert label.toolTip() == ""


@pytest.mark.parametrize("state", list(states.WORDS))
def test_every_state_has_shape_and_word(qtbot: QtBot, state: str) -> None:
    label = StateLabel(state)
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    assert label.accessibleName() == states.WORDS[state]
    left = label.grab().copy(0, 0, 14, label.height()).toImage()
    assert len({left.pixel(x, y) for x in range(left.width()) for y in range(left.height())}) > 1


def test_state_colours_differ(qtbot: QtBot) -> None:
    label = StateLabel(states.OK)
    qtbot.addWidget(label)
    assert colours.GREEN.lower() in _colours(label)
    label.set_state(states.OVERDUE, "逾期 5 天")
    assert colours.RED.lower() in _colours(label)
    assert label.accessibleName() == "逾期 5 天"


def test_segmented_speaks_once_and_moves_nothing(qtbot: QtBot) -> None:
    choice = Segmented([("bar", "条形"), ("dial", "表盘")])
    qtbot.addWidget(choice)
    choice.show()
    heard: list[object] = []
    choice.chosen.connect(heard.append)
    before = choice.button("dial").geometry()
    qtbot.mouseClick(choice.button("dial"), Qt.MouseButton.LeftButton)
    assert heard == ["dial"]
    assert choice.current() == "dial"
    assert choice.button("dial").geometry() == before


def test_chip_is_chosen_by_the_user_only(qtbot: QtBot) -> None:
    chip = ChipCombo("单位")
    qtbot.addWidget(chip)
    heard: list[object] = []
    chip.chosen.connect(heard.append)
    chip.set_options([(None, "全部"), ("a", "区工信局")], "a")
    assert (chip.currentData(), heard) == ("a", [])
    chip.set_options([(None, "全部"), ("b", "区科技局"), ("a", "区工信局")])
    assert chip.currentData() == "a"
    qtbot.keyClick(chip, Qt.Key.Key_Up)
    assert heard == ["b"]


def test_date_field_may_be_empty(qtbot: QtBot) -> None:
    field = DateField()
    qtbot.addWidget(field)
    heard: list[object] = []
    field.changed.connect(heard.append)
    assert (field.value(), field.text()) == (None, "未填")
    field.set_value(date(2018, 4, 5))
    assert (field.value(), field.text(), heard) == (date(2018, 4, 5), "2018年4月5日", [])
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert heard == [field.value()]
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert heard[-1] is field.value() is None


def test_date_field_is_typed_into_while_empty(qtbot: QtBot) -> None:
    field = DateField()
    qtbot.addWidget(field)
    field.offer(date(2018, 12, 31))
    qtbot.keyClicks(field, "2019")
    assert field.value() == date(2019, 12, 1)
    field.set_value(None)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == date(2018, 12, 1)


def test_tabs_keep_the_one_in_front(qtbot: QtBot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    heard: list[object] = []
    tabs.chosen.connect(heard.append)
    tabs.set_tabs([("all", "全部", 55), ("new", "新增", 38)])
    assert (tabs.current(), heard) == ("all", [])
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    assert heard == ["new"]
    tabs.set_tabs([("all", "全部", 56), ("new", "新增", 39), ("same", "无变化", None)])
    assert (tabs.current(), tabs.tabText(1), heard) == ("new", "新增 39", ["new"])


def test_title_row_hides_a_choice_without_periods(qtbot: QtBot) -> None:
    row = TitleRow("总览")
    qtbot.addWidget(row)
    row.set_periods([("2018Q1", "2018年第一季度")])
    assert not row.period.isHidden()
    row.set_periods([])
    assert row.period.isHidden()


def test_count_card_opens_by_mouse_and_key(qtbot: QtBot) -> None:
    card = CountCard("待审核", "件")
    qtbot.addWidget(card)
    card.set_count(6, "最久已等 4 天")
    card.show()
    assert card.accessibleName() == "待审核 6 件 最久已等 4 天"
    with qtbot.waitSignal(card.clicked):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        with qtbot.waitSignal(card.clicked):
            qtbot.keyClick(card, key)


def test_focus_edge_is_for_the_keyboard(qtbot: QtBot) -> None:
    button = Button("导出")
    qtbot.addWidget(button)
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.MouseFocusReason))
    assert not button.property("keyFocus")
    size = button.sizeHint()
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert button.property("keyFocus")
    assert button.sizeHint() == size
    assert colours.ACCENT.lower() in _colours(button)


def test_focus_edge_is_still_there_after_a_dialog(qtbot: QtBot) -> None:
    button = Button("导出")
    qtbot.addWidget(button)
    for kind, reason in (
        (QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason),
        (QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason),
        (QEvent.Type.FocusIn, Qt.FocusReason.ActiveWindowFocusReason),
    ):
        QApplication.sendEvent(button, QFocusEvent(kind, reason))
        assert button.property("keyFocus"), reason
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert not button.property("keyFocus")


def test_a_question_shows_what_enter_would_answer(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    seen: list[tuple[str, bool]] = []

    def look() -> None:
        (asked,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, ScrimDialog) and w.isVisible()]
        seen.extend((b.text(), bool(b.property("keyFocus"))) for b in asked.findChildren(Button) if b.text())
        qtbot.keyClick(asked, Qt.Key.Key_Return)

    QTimer.singleShot(0, look)
    assert not DialogMessages().confirm(window, "删除这条登记", "删除后不再计数。", "删除")
    assert seen == [("删除", False), ("取消", True)]


def test_a_dialog_grows_with_the_type_as_far_as_its_window_goes(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 697)
    window.show()
    widths = []
    try:
        for scale in (1.0, 1.25):
            theme.apply_theme(qapp, scale)
            asked = ScrimDialog(window, "申报", width=900, height=600)
            asked.open()
            widths.append(asked.panel.width())
            asked.close()
    finally:
        theme.apply_theme(qapp)
    assert widths[0] == 900
    assert 1100 <= widths[1] <= 1366, "a quarter wider, and inside its window"


def test_wrong_field_is_tinted(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(100, 30)
    mark_error(field, True)
    assert {colours.ERROR_TINT.lower(), colours.ERROR.lower()} <= _colours(field)
    mark_error(field, False)
    assert colours.ERROR_TINT.lower() not in _colours(field)


def test_empty_state_and_failure_offer_ways(qtbot: QtBot) -> None:
    empty = EmptyState("还没有成果", "登记第一条后，T1 会跟着变。", "新增一条")
    failure = FailureBox("没能写入 U 盘", "盘已满。", ("换个位置", "再试"))
    qtbot.addWidget(empty)
    qtbot.addWidget(failure)
    with qtbot.waitSignal(empty.started):
        empty.button.click()
    with qtbot.waitSignal(failure.way_chosen) as chosen:
        next(b for b in failure.findChildren(Button) if b.text() == "再试").click()
    assert chosen.args == ["再试"]


def test_message_line_and_notice_hide_when_they_have_nothing_to_say(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    line, bar = MessageLine(parent=host), NoticeBar(host)
    assert line.isHidden()
    line.set_message("缺单位名称。")
    assert not line.isHidden()
    bar.say("已合入 4 份", action="撤销")
    assert bar.text() == "已合入 4 份"
    bar.dismiss()
    assert bar.isHidden()


def test_busy_bar_waits_before_it_shows(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()
    bar = BusyBar(page)
    asked: list[str] = []
    bar.begin("正在合入…", lambda: asked.append("stop"))
    assert not bar.isVisible()
    qtbot.waitUntil(bar.isVisible, timeout=2000)
    assert bar.width() == 400
    bar.findChild(Button).click()
    assert asked == ["stop"]
    bar.finish()
    assert not bar.isVisible()


def test_quick_work_shows_no_bar(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    bar = BusyBar(page)
    bar.begin("正在读取…")
    bar.finish()
    assert not bar.isVisible()
    assert not any(timer.isActive() for timer in bar.findChildren(QTimer))


@pytest.fixture
def dialog(qtbot: QtBot) -> ScrimDialog:
    """A dialog with one field and two buttons over a white window."""
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    window.setStyleSheet("background: white")
    window.show()
    made = ScrimDialog(window, "裁定两处不一致")
    made.body.addWidget(QLineEdit())
    made.add_foot(Button("先放着"))
    made.add_foot(Button("采用来册", kind="main"))
    made.open()
    qtbot.waitExposed(made)
    return made


def test_escape_closes_a_dialog(dialog: ScrimDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_dialog_covers_its_window_with_a_scrim(dialog: ScrimDialog) -> None:
    window = dialog.parentWidget()
    assert dialog.size() == window.size()
    picture = dialog.grab().toImage()
    corner = picture.pixelColor(QPoint(3, 3))
    ink = QColor(colours.INK)
    assert abs(corner.red() - (255 * 0.64 + ink.red() * 0.36)) < 3
    assert picture.pixelColor(dialog.panel.geometry().center()) == QColor(colours.CARD)
    window.resize(QSize(1000, 700))
    assert dialog.size() == window.size()
    assert abs(dialog.panel.geometry().center().x() - 500) <= 1


def test_focus_stays_in_a_dialog(dialog: ScrimDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    seen = set()
    for _ in range(8):
        qtbot.keyClick(dialog, Qt.Key.Key_Tab)
        focused = dialog.focusWidget()
        assert focused is not None
        assert dialog.isAncestorOf(focused)
        seen.add(focused)
    assert len(seen) >= 4
