"""Plain words put together from single characters are, glyph for glyph, what Qt makes of the whole words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF, QTextLayout

from ganzhou_desktop.ui.printing import fonts, words
from ganzhou_desktop.ui.printing.faces import PLAIN, Face
from ganzhou_desktop.ui.printing.items import Style

STYLES = tuple(Style(role, 10.5, bold) for role in fonts.ROLES for bold in (False, True))
COMMON = "0123456789ABZ-()+%./ 、。《》（）：；％※◎区科技局甘州项目一二十示范基地"
plain_words = st.lists(
    st.one_of(st.sampled_from(COMMON), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)), max_size=80
).map("".join)


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    pass


def _glyphs_of(face: Face, text: str) -> set[tuple[float, int, str]]:
    return {
        (round(position.x(), 3), glyph, run.rawFont().familyName())
        for run in face.runs(text)
        for glyph, position in zip(run.glyphIndexes(), run.positions(), strict=True)
    }


def _shaped_by_qt(face: Face, text: str) -> set[tuple[float, int, str]]:
    layout = QTextLayout(text, face.font)
    layout.beginLayout()
    layout.createLine().setLineWidth(1e6)
    layout.endLayout()
    return {
        (round(position.x(), 3), glyph, run.rawFont().familyName())
        for run in layout.glyphRuns()
        for glyph, position in zip(run.glyphIndexes(), run.positions(), strict=True)
    }


@given(plain_words, st.sampled_from(STYLES))
def test_plain_words_are_what_qt_shapes(text: str, style: Style) -> None:
    assert PLAIN.fullmatch(text)
    face = fonts.face(style.role, style.size, style.bold)
    assert _glyphs_of(face, text) == _shaped_by_qt(face, text)
    assert face.advance(text) == pytest.approx(QFontMetricsF(face.font).horizontalAdvance(text), abs=1e-6)


@given(plain_words, st.floats(4, 60), st.sampled_from(STYLES))
def test_plain_words_break_where_qt_breaks_them(text: str, width: float, style: Style) -> None:
    text = text.rstrip()
    broken = words.break_lines(text, width, style)
    if words.fits(text, width, style):
        assert broken == (text,)
    else:
        spans = words._layout(text, width, style)
        assert broken == tuple(text[start : start + length].rstrip() for start, length in spans)


def test_more_lines_than_are_kept_are_drawn_all_the_same() -> None:
    face = fonts.face(fonts.SONG, 9)
    for n in range(5000):
        face.runs(f"第{n}行")
    assert len(_glyphs_of(face, "第17行")) == 4
