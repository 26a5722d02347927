"""A font with what was measured of it: words become glyphs once, however often a print says them."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QGlyphRun, QRawFont, QTextLayout

PLAIN = re.compile("[0-9A-Z\u4e00-\u9fff、。《》「」【】（）〔〕，．：；？！％＋－／＝※◎○●]*")
"""Words whose characters stand alone: none joins or changes its shape beside another, so that widths add up."""

_RUNS_KEPT = 4096
"""Lines of words whose glyphs are kept: what tables repeat, not a register of a hundred thousand different cells."""

_ENDLESS = 1e6


@dataclass(frozen=True, slots=True)
class _Character:
    """One character: how far it moves the pen, and (raw font, glyphs, their x) for each face that draws it."""

    advance: float
    drawn: tuple[tuple[int, list[int], list[float]], ...]


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
        x = 0.0
        parts: list[tuple[int, list[int], list[QPointF]]] = []
        for advance, character in zip(self.advances(plain), plain, strict=True):
            for raw_font, glyphs, offsets in self._characters[character].drawn:
                if not parts or parts[-1][0] != raw_font:
                    parts.append((raw_font, [], []))
                parts[-1][1].extend(glyphs)
                parts[-1][2].extend([QPointF(x + offset, 0) for offset in offsets])
            x += advance
        runs = []
        for raw_font, glyphs, positions in parts:
            run = QGlyphRun()
            run.setRawFont(self._raw_fonts[raw_font])
            run.setGlyphIndexes(glyphs)
            run.setPositions(positions)
            runs.append(run)
        return runs

    def _shaped(self, text: str) -> list[QGlyphRun]:
        layout = QTextLayout(text, self.font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(_ENDLESS)
        line.setPosition(QPointF(0, -line.ascent()))
        layout.endLayout()
        return layout.glyphRuns()

    def _character(self, character: str) -> _Character:
        drawn = []
        for run in self._shaped(character):
            raw_font = run.rawFont()
            if raw_font not in self._raw_fonts:
                self._raw_fonts.append(raw_font)
            offsets = [position.x() for position in run.positions()]
            drawn.append((self._raw_fonts.index(raw_font), list(run.glyphIndexes()), offsets))
        return _Character(self._metrics.horizontalAdvance(character), tuple(drawn))
