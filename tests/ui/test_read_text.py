"""Text to be read wraps anywhere, stays plain, and marks what is quoted."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.read_text import ReadText, excerpt, spans_of


@pytest.mark.parametrize(
    ("quotes", "spans"),
    [
        (["每年2个"], [(4, 8)]),
        (["没有"], []),
        (["有效举措", "每年"], [(0, 6)]),
        (["举措", "有效"], [(0, 4)]),
        ([""], []),
    ],
)
def test_quotes_are_found_and_joined(quotes: list[str], spans: list[tuple[int, int]]) -> None:
    assert spans_of("有效举措每年2个以上", quotes) == spans


def test_excerpt_keeps_what_stands_around_the_quote() -> None:
    text = "甲" * 50 + "关键" + "乙" * 50
    assert excerpt(text, ["关键"], 5) == "…" + "甲" * 5 + "关键" + "乙" * 5 + "…"
    assert excerpt(text, ["没有"]) == text


def test_a_long_word_is_broken_and_the_widget_grows(qtbot: QtBot) -> None:
    text = ReadText("x" * 400)
    qtbot.addWidget(text)
    assert text.heightForWidth(200) > 5 * text.heightForWidth(4000)
    assert text.minimumSizeHint().width() < 200


def test_markup_and_direction_marks_stay_letters(qtbot: QtBot, qapp: QApplication) -> None:
    text = ReadText("<img src=x>\u202e甲&乙\n丙")
    qtbot.addWidget(text)
    assert text.text() == "<img src=x>⟨U+202E⟩甲&乙\n丙"
    assert text.heightForWidth(600) == 2 * text.heightForWidth(600) // 2
    assert text.accessibleName() == text.text()


def test_the_quoted_stretch_is_painted_on_the_mark(qtbot: QtBot) -> None:
    text = ReadText("𠮷采取有效举措，每年2个以上。", ["每年2个"])
    qtbot.addWidget(text)
    text.resize(400, 21)
    picture = text.grab().toImage()
    row = [picture.pixelColor(x, 10).name().upper() for x in range(picture.width())]
    marked = [x for x, colour in enumerate(row) if colour == colours.ACCENT_MARK]
    assert marked, "nothing is marked"
    assert text.marked() == ["每年2个"]
    left = text.fontMetrics().horizontalAdvance("𠮷采取有效举措，")
    assert abs(marked[0] - left) < 4
