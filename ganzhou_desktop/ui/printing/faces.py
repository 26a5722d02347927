"""A font with what was measured of it: words become glyphs once, however often a print says them."""

import itertools
import re
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QGlyphRun, QRawFont, QTextLayout

PLAIN = re.compile("[-0-9A-Z ()+%./\u4e00-\u9fff、。《》「」【】（）〔〕，．：；？！％＋－／＝※◎○●]*")
"""Words whose characters stand alone: none joins or changes its shape beside another, so that widths add up."""

_RUNS_KEPT = 4096
"""Lines of words whose glyphs are kept: what tables repeat, not a register of a hundred thousand different cells."""

_ENDLESS = 1e6


_SEVERAL = -1
"""The font of a character that takes no single glyph."""


class _Character(NamedTuple):
    """How far a character moves the pen, its glyph, and the place of its font among those of the face."""

    advance: float
    glyph: int
    font: int


class Face:
    """A font at a size, lengths in its pixels.

    Shaping is most of what a print costs.  PLAIN words are put together from characters shaped once; only others are
    shaped as a whole.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        # A CJK line looks centred when its em box is, not when the font's own ascent and descent are.
        self.middle = self._metrics.tightBoundingRect("国").center().y()
        """The middle of a character, from the base line (upwards is negative)."""
        self._characters: dict[str, _Character] = {}
        self._raw_fonts: list[QRawFont] = []
        self._runs: dict[str, list[QGlyphRun]] = {}
        self._places: dict[tuple[float, ...], list[QPointF]] = {}

    def advances(self, plain: str) -> list[float]:
        """The width of each character of PLAIN words."""
        known = self._characters
        try:
            return [known[character].advance for character in plain]
        except KeyError:
            for character in set(plain) - known.keys():
                known[character] = self._character(character)
            return [known[character].advance for character in plain]

    def advance(self, text: str) -> float:
        """The width of one line."""
        return sum(self.advances(text)) if PLAIN.fullmatch(text) else self._metrics.horizontalAdvance(text)

    def runs(self, text: str) -> list[QGlyphRun]:
        """One line as glyphs, its left end on the base line at the origin."""
        found = self._runs.get(text)
        if found is None:
            if len(self._runs) >= _RUNS_KEPT:
                self._runs.clear()
            found = self._runs[text] = self._joined(text) if PLAIN.fullmatch(text) else self._shaped(text)
        return found

    def _joined(self, plain: str) -> list[QGlyphRun]:
        advances = self.advances(plain)
        characters = [self._characters[character] for character in plain]
        used = {character.font for character in characters}
        if len(used) != 1 or _SEVERAL in used:
            return self._shaped(plain)
        run = QGlyphRun()
        run.setRawFont(self._raw_fonts[characters[0].font])
        run.setGlyphIndexes([character.glyph for character in characters])
        run.setPositions(self._positions(advances))
        return [run]

    def _positions(self, advances: list[float]) -> list[QPointF]:
        """Where characters stand; dates, codes and words of one length stand alike."""
        key = tuple(advances)
        found = self._places.get(key)
        if found is None:
            if len(self._places) >= _RUNS_KEPT:
                self._places.clear()
            found = [QPointF(x, 0) for x in itertools.accumulate(advances[:-1], initial=0.0)]
            self._places[key] = found
        return found

    def _shaped(self, text: str) -> list[QGlyphRun]:
        layout = QTextLayout(text, self.font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(_ENDLESS)
        line.setPosition(QPointF(0, -line.ascent()))
        layout.endLayout()
        return layout.glyphRuns()

    def _character(self, character: str) -> _Character:
        advance, runs = self._metrics.horizontalAdvance(character), self._shaped(character)
        if len(runs) != 1 or len(runs[0].glyphIndexes()) != 1 or runs[0].positions()[0] != QPointF(0, 0):
            return _Character(advance, 0, _SEVERAL)
        raw_font = runs[0].rawFont()
        if raw_font not in self._raw_fonts:
            self._raw_fonts.append(raw_font)
        return _Character(advance, runs[0].glyphIndexes()[0], self._raw_fonts.index(raw_font))
