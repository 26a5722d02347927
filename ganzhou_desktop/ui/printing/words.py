"""Words into lines: cleaned of control characters, broken by the rules of Chinese typesetting, nothing lost."""

import itertools
import math
import re
import unicodedata
from functools import lru_cache

from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QTextLayout, QTextOption

from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.faces import PLAIN
from ganzhou_desktop.ui.printing.items import Style
from ganzhou_desktop.ui.texts import visible

_SLACK = 0.02
"""Millimetres by which a line may exceed its box before it counts as too wide (rounding only)."""

_CHUNK = 1500
"""UTF-16 units laid out at once: Qt counts widths in 26.6 fixed point, which longer runs would overflow."""

_UNSURE = 0.06
"""Ems about the end of a line in which Qt decides whether a character still fits: glyphs may reach over their width."""

_KANGXI = re.compile("[\u2e80-\u2fd5]")


def clean(text: str) -> str:
    """Text as it may be printed: what would reorder or hide words is spelled out, as on screen."""
    text = visible(re.sub("\r\n?|[\u2028\u2029]", "\n", text).replace("\t", "  "))
    # A radical pasted from a PDF looks like its ideograph but is not found by a search.
    return _KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def fits(text: str, width: float, style: Style) -> bool:
    """Whether a text stands in one line of a width in millimetres."""
    return fonts.text_width(text, style.role, style.size, style.bold) <= width + _SLACK


@lru_cache(maxsize=4096)
def break_lines(text: str, width: float, style: Style) -> tuple[str, ...]:
    """The lines of a text in a width in millimetres; a paragraph without words is one empty line."""
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines += _break_paragraph(paragraph.rstrip(), width, style)
    return tuple(lines)


def _break_paragraph(text: str, width: float, style: Style) -> list[str]:
    if fits(text, width, style):
        return [text]
    plain = _break_plain(text, width, style) if PLAIN.fullmatch(text) and " " not in text else None
    if plain is not None:
        return plain
    rest = text.encode("utf-16-le", "surrogatepass")  # Qt counts UTF-16 units, Python counts characters
    lines: list[str] = []
    while rest:
        cut = min(len(rest), 2 * _CHUNK)
        if cut < len(rest) and 0xDC00 <= int.from_bytes(rest[cut : cut + 2], "little") <= 0xDFFF:
            cut -= 2
        chunk = rest[:cut]
        spans = _layout(chunk.decode("utf-16-le", "surrogatepass"), width, style)
        if cut < len(rest) and len(spans) > 1:
            spans.pop()  # its line goes on in the next chunk
        for start, length in spans:
            lines.append(chunk[2 * start : 2 * (start + length)].decode("utf-16-le", "surrogatepass").rstrip())
        rest = rest[2 * sum(spans[-1]) :]
    return lines


def _break_plain(text: str, width: float, style: Style) -> list[str] | None:
    """PLAIN words without spaces, filled into lines between the places where Qt breaks; None where Qt has to decide."""
    face = fonts.face(style.role, style.size, style.bold)
    ends = (0.0, *itertools.accumulate(face.advances(text)))
    room, unsure = (width + _SLACK) * fonts.UNITS, _UNSURE * face.font.pixelSize()
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    lines: list[str] = []
    start = last = 0
    while (place := finder.toNextBoundary()) >= 0:
        if ends[place] - ends[start] > room - unsure:
            if ends[place] - ends[start] < room + unsure or last == start:
                return None
            lines.append(text[start:last])
            start = last
            if ends[place] - ends[start] > room - unsure:
                return None
        last = place
    return [*lines, text[start:]]


def _layout(text: str, width: float, style: Style) -> list[tuple[int, int]]:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, fonts.font(style.role, style.size, style.bold))
    layout.setTextOption(option)
    layout.beginLayout()
    spans = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth((width + _SLACK) * fonts.UNITS)
        spans.append((line.textStart(), line.textLength()))
    layout.endLayout()
    return spans


def balanced(text: str, width: float, style: Style, at_most: int) -> tuple[str, ...] | None:
    """A short name in lines of equal length (区工商 / 质监局); None when that takes more than `at_most` lines."""
    text = clean(text).replace("\n", "")
    for count in range(1, at_most + 1):
        step = math.ceil(len(text) / count) or 1
        lines = tuple(text[i : i + step] for i in range(0, len(text), step)) or ("",)
        if all(fits(line, width, style) for line in lines):
            return lines
    return None
