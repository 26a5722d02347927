"""A plain text in which the words that differ from another text are marked, painted, never as rich text."""

import difflib
import re
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.texts import visible

_WORD = re.compile(r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_LINE = 21
_ISLAND = 1
"""A letter left alone between two marked stretches is marked with them."""
_ALIKE = 0.6
LIMIT = 6000
"""Above so many characters nothing is marked: comparing would take longer than reading."""


def words(text: str) -> list[str]:
    """A text in pieces to compare: numbers and Latin words whole, Chinese letter by letter."""
    return _WORD.findall(text)


def marks(base: str, text: str) -> list[tuple[int, int]]:
    """(start, length) of what in `text` is not in `base`, in UTF-16 units as Qt counts."""
    if len(base) + len(text) > LIMIT:
        return []
    mine = words(text)
    found: list[tuple[int, int]] = []
    place = [0]
    for word in mine:
        place.append(place[-1] + len(word.encode("utf-16-le")) // 2)
    for tag, _, _, first, last in difflib.SequenceMatcher(None, words(base), mine, autojunk=False).get_opcodes():
        if tag in ("insert", "replace") and last > first:
            if found and place[first] - sum(found[-1]) <= _ISLAND and "\n" not in mine[first - 1]:
                found[-1] = (found[-1][0], place[last] - found[-1][0])
            else:
                found.append((place[first], place[last] - place[first]))
    return found


def alike(base: str, text: str) -> bool:
    """Whether a text still says mostly what the base said, so that marking what differs helps the eye."""
    if len(base) + len(text) > LIMIT:
        return False
    return difflib.SequenceMatcher(None, words(base), words(text), autojunk=False).ratio() >= _ALIKE


class DiffText(QWidget):
    """Wrapped plain text; what differs from a base is bold on a tint."""

    def __init__(self, text: str = "", base: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._marks: list[tuple[int, int]] = []
        self._layout = QTextLayout()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_text(text, base)

    @property
    def text(self) -> str:
        return self._text

    @property
    def marked(self) -> list[str]:
        """The stretches marked as different."""
        data = self._text.encode("utf-16-le")
        return [data[2 * start : 2 * (start + size)].decode("utf-16-le") for start, size in self._marks]

    def set_text(self, text: str, base: str | None = None) -> None:
        """Show a text, marked where it differs from `base` (None: nothing is marked)."""
        self._text = visible(text)
        self._marks = [] if base is None else marks(visible(base), self._text)
        self.setAccessibleName(self._text)
        self._lay_out(max(self.width(), 1))
        self.updateGeometry()
        self.update()

    def _lay_out(self, width: int) -> float:
        """Break the text to a width; returns the height."""
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout = QTextLayout(self._text.replace("\n", "\u2028"), theme.font())
        self._layout.setTextOption(option)
        self._layout.setFormats(self._formats(self._marks))
        height = 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height + (theme.scaled(_LINE) - line.height()) / 2))
            height += theme.scaled(_LINE)
        self._layout.endLayout()
        return height

    @staticmethod
    def _formats(found: Sequence[tuple[int, int]]) -> list[QTextLayout.FormatRange]:
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.Bold)
        look.setForeground(QColor(colours.DIFFER))
        look.setBackground(QColor(colours.DIFFER_TINT))
        made = []
        for start, length in found:
            stretch = QTextLayout.FormatRange()
            stretch.start, stretch.length, stretch.format = start, length, look  # type: ignore[attr-defined]
            made.append(stretch)
        return made

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._lay_out(max(width, 1))
        if width != self.width():
            self._lay_out(max(self.width(), 1))
        return round(height)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(220), self.heightForWidth(max(self.width(), theme.scaled(220))))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(80), theme.scaled(_LINE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(max(self.width(), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(colours.INK))
        self._layout.draw(painter, QPointF(0, 0))
