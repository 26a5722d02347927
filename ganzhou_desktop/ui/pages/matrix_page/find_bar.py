"""查找: finds words in the matrix that is shown and goes from one place to the next; nothing is left out meanwhile."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.matrix_page.model import FROZEN, STATE, TASK, MatrixModel, cell_text
from ganzhou_desktop.ui.pages.matrix_page.narrowing import task_words, unit_words
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

    sought = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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

        self.field.textChanged.connect(self.sought)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.cross.clicked.connect(self.closed)

    def open(self) -> None:
        """Show the line, ready to type over what was sought last."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def tell(self, at: int, of: int) -> None:
        """第 3 处，共 17 处; `at` counts from 1, 0 while none of them is the current place."""
        if not self.field.text().strip():
            self.count.setText("")
        elif not of:
            self.count.setText("没有找到")
        else:
            self.count.setText(f"第 {at} 处，共 {of} 处" if at else f"共 {of} 处")
        for button in (self.before, self.after):
            button.setEnabled(of > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
