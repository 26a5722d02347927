"""Typing the code of a 恢复单: fourteen boxes in lines of four, as on the sheet."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QWidget

from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.widgets import PlainLabel, mark_error

GROUPS = 14
A_LINE = 4
SIZE = 4
_UNSEEN = re.compile(r"[\s\-·]")
_LETTERS = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}")


def folded(text: str) -> str:
    """What was typed as the code's letters: no blanks, capitals, O read as 0, I and L as 1."""
    return _UNSEEN.sub("", text).upper().replace("O", "0").replace("I", "1").replace("L", "1")


class CodeBox(QLineEdit):
    """One group of four; `spilled` carries what was pasted beyond it, `emptied` asks for the box before."""

    spilled = Signal(str)
    emptied = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"code_{number}")
        self.setAccessibleName(f"第 {(number - 1) // A_LINE + 1} 行第 {(number - 1) % A_LINE + 1} 组")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(theme.scaled(76))
        self.setMinimumHeight(theme.scaled(30))  # a low window must not push the lines into each other
        self.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.textEdited.connect(self._tidy)

    def _tidy(self, text: str) -> None:
        clean = folded(text)
        if clean != text:
            place = self.cursorPosition()
            self.setText(clean[:SIZE] if len(clean) > SIZE else clean)
            self.setCursorPosition(min(place, SIZE))
        if len(clean) > SIZE:
            self.setText(clean[:SIZE])
        if len(clean) >= SIZE:
            self.spilled.emit(clean[SIZE:])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            clean = folded(QApplication.clipboard().text())
            self.setText(clean[:SIZE])
            self.spilled.emit(clean[SIZE:])
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        else:
            super().keyPressEvent(event)

    def wrong(self) -> str:
        """What is wrong with this group; empty when it may be right."""
        text = self.text()
        if not text:
            return "还没有填"
        if len(text) < SIZE:
            return "少了字"
        return "" if _LETTERS.fullmatch(text) else "有恢复单上不会有的字"


class CodeForm(QWidget):
    """Fourteen boxes in lines of four, as on the sheet."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = [CodeBox(n) for n in range(1, GROUPS + 1)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_S)
        grid.setVerticalSpacing(theme.GAP_S)
        for i, box in enumerate(self.boxes):
            row, column = divmod(i, A_LINE)
            if column == 0:
                grid.addWidget(PlainLabel(f"第 {row + 1} 行", "note"), row, 0)
            grid.addWidget(box, row, column + 1)
            box.spilled.connect(lambda rest, i=i: self._spill(i, rest))
            box.emptied.connect(lambda i=i: self.boxes[max(i - 1, 0)].setFocus())
            box.textChanged.connect(lambda _, box=box: self._typed(box))
        grid.setColumnStretch(A_LINE + 1, 1)

    def _typed(self, box: CodeBox) -> None:
        mark_error(box, False)
        self.changed.emit()

    def _spill(self, at: int, rest: str) -> None:
        for i in range(at + 1, GROUPS):
            if not rest:
                break
            self.boxes[i].setText(rest[:SIZE])
            rest = rest[SIZE:]
            at = i
        following = self.boxes[min(at + 1, GROUPS - 1)]
        following.setFocus()
        following.selectAll()

    def code(self) -> str:
        """What is typed, group by group."""
        return " ".join(box.text() for box in self.boxes)

    def clear(self) -> None:
        """Empty all boxes."""
        for box in self.boxes:
            box.clear()

    def check(self) -> str:
        """Mark the groups that cannot be right; says the first in words, empty when all may be right."""
        first = ""
        for box in self.boxes:
            wrong = box.wrong()
            mark_error(box, bool(wrong))
            if wrong and not first:
                first = f"{box.accessibleName()}{wrong}，请对照纸面改好。"
                box.setFocus()
        return first
