"""查找: finds words in the matrix that is shown and goes from one place to the next; nothing is left out meanwhile."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.matrix_page.model import FROZEN, STATE, TASK, MatrixModel, cell_text
from ganzhou_desktop.ui.pages.matrix_page.narrowing import task_words, unit_words
from ganzhou_desktop.ui.pages.matrix_page.table import MatrixTable
from ganzhou_desktop.ui.widgets import Button, PlainLabel, SearchField

Place = tuple[int, int]


def places_with(model: MatrixModel, plan: Plan, words: str) -> list[Place]:
    """Where words are found, row by row: tasks by their names and targets, units in their topmost cell, cells by word."""
    sought = words.strip().casefold()
    if not sought:
        return []
    found: set[Place] = set()
    units = {
        FROZEN + n for n, unit in enumerate(model.units) if sought in unit_words(plan, unit.id, unit.name, unit.short)
    }
    for row, line in enumerate(model.lines):
        if line.task is None:
            continue
        if sought in task_words(plan, line.task.id):
            found.add((row, TASK))
        if sought in line.task.word:
            found.add((row, STATE))
        for column, cell in line.cells.items():
            if column in units:
                found.add((row, column))
                units.discard(column)
            elif sought in cell_text(cell):
                found.add((row, column))
    return sorted(found)


class FindBar(QWidget):
    """A line over the matrix: words, how many places, back and forth.  Enter goes on, Shift+Enter back, Esc closes."""

    def __init__(self, table: MatrixTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._plan: Plan | None = None
        self._found: list[Place] = []
        self.field = SearchField("在矩阵里查找任务、单位、状态")
        self.count = PlainLabel("", "second")
        self.before = Button(icon_name="chevron_up", kind="icon", tip="上一处（Shift+Enter）")
        self.after = Button(icon_name="chevron_down", kind="icon", tip="下一处（Enter 或 F3）")
        self.cross = Button(icon_name="dismiss", kind="bare", tip="关闭查找（Esc）")
        self.field.setObjectName("findWords")
        self.count.setObjectName("findCount")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_S)
        row.addWidget(self.field, 1)
        for widget in (self.count, self.before, self.after, self.cross):
            row.addWidget(widget)
        self.field.setMaximumWidth(theme.scaled(360))
        row.addStretch(1)
        self.hide()

        self.field.textChanged.connect(lambda _words: self._find())
        self.before.clicked.connect(lambda: self.step(-1))
        self.after.clicked.connect(lambda: self.step(1))
        self.cross.clicked.connect(self.leave)

    def open(self) -> None:
        """Show the line, ready to type over what was sought last."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._find()

    def find_in(self, plan: Plan) -> None:
        """The table shows something else: look anew; the current place stays until a step is asked for."""
        self._plan = plan
        if not self.isHidden():
            self._find()

    def step(self, by: int) -> None:
        """Go to the next (1) or the previous (-1) place; after the last comes the first."""
        if not self._found:
            return
        at = (bisect_right if by > 0 else bisect_left)(self._found, self._table.here())
        self._table.move_to(*self._found[at % len(self._found) if by > 0 else at - 1])
        self._tell()

    def leave(self) -> None:
        """Hide the line and its marks; the keyboard goes back to the table."""
        self.hide()
        self._find()
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _find(self) -> None:
        words = "" if self.isHidden() else self.field.text()
        self._found = [] if self._plan is None else places_with(self._table.matrix, self._plan, words)
        self._table.mark_found(self._found)
        self._tell()

    def _tell(self) -> None:
        """第 3 处，共 17 处; without the first while none of them is the current place."""
        of, here = len(self._found), self._table.here()
        if not self.field.text().strip():
            self.count.setText("")
        elif not of:
            self.count.setText("没有找到")
        else:
            at = f"第 {self._found.index(here) + 1} 处，" if here in self._found else ""
            self.count.setText(f"{at}共 {of} 处")
        for button in (self.before, self.after):
            button.setEnabled(of > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
