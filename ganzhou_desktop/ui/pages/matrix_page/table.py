"""The matrix's table: three columns that stay, a whole number of unit columns in view, rows that fill the height."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.frozen_table import FrozenTable
from ganzhou_desktop.ui.pages.matrix_page.delegate import MatrixDelegate
from ganzhou_desktop.ui.pages.matrix_page.model import FROZEN, NUMBER, STATE, TASK, MatrixModel
from ganzhou_desktop.ui.table_model import Index

NARROWEST = 46
_WIDEST, _FEW_WIDEST = 104, 220
_NUMBER, _TASK, _STATE = 36, 140, 78
_TASK_WIDE = 420
_HEAD = 44
_GROUP = 26
_LOW, _HIGH = 39, 58
_TOTAL = 38


class MatrixTable(FrozenTable):
    """Keyboard goes cell by cell, past group rows; Ctrl with ← → goes to the next cell that has a role.

    `cell_opened` follows Enter, a double click, and a click without Ctrl or Shift.
    """

    cell_opened = Signal(int, int)
    cell_moved = Signal(int, int)

    _ready = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(FROZEN, parent)
        self.matrix = MatrixModel(self)
        self.setObjectName("matrix")
        self.setAccessibleName("任务矩阵")
        self.setItemDelegate(MatrixDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.header().setFixedHeight(theme.scaled(_HEAD))
        self.header().setSectionsClickable(False)
        self.frozen_view.header().setSectionsClickable(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        for view in (self, self.frozen_view):
            view.verticalHeader().setMinimumSectionSize(theme.scaled(20))
        self.setModel(self.matrix)
        self._ready = True

        self.selectionModel().currentChanged.connect(self._current_moved)
        self.opened.connect(lambda index: self.cell_opened.emit(index.row(), index.column()))
        self.clicked.connect(self._clicked)
        self.frozen_view.clicked.connect(self._clicked)
        self.horizontalScrollBar().valueChanged.connect(self._snap)

    def set_matrix(self, matrix: Matrix | None) -> None:
        """Show a matrix; the current cell and the scroll position stay where they still exist."""
        held = self.current_place()
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.matrix.set_matrix(matrix)
        self._span()
        self.fit_columns()
        place = self.matrix.place(*held) if held is not None else None
        if place is not None:
            self.move_to(*place, scroll=False)
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)

    def current_place(self) -> tuple[str, str] | None:
        """(task, unit) of the current place; None outside the units' columns."""
        index = self.currentIndex()
        line = self.matrix.lines[index.row()] if index.isValid() else None
        if line is None or line.task is None or index.column() < FROZEN:
            return None
        return line.task.id, self.matrix.units[index.column() - FROZEN].id

    def move_to(self, row: int, column: int, *, scroll: bool = True) -> None:
        """Make a cell the current one and bring it into view."""
        index = self.matrix.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if scroll:
            self.scrollTo(index)

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) cell that has a role, row by row; False at the end."""
        filled = self.matrix.filled()
        index = self.currentIndex()
        here = (index.row(), index.column()) if index.isValid() else (-1, -1)
        beyond = [p for p in filled if (p > here if by > 0 else p < here)]
        if not beyond:
            return False
        self.move_to(*(beyond[0] if by > 0 else beyond[-1]))
        return True

    def can_step(self, by: int) -> bool:
        """Whether there is a next or previous cell."""
        filled = self.matrix.filled()
        here = (self.currentIndex().row(), self.currentIndex().column())
        return bool(filled) and (filled[-1] > here if by > 0 else filled[0] < here)

    def columns_in_view(self) -> int:
        """How many unit columns are in view, always a whole number."""
        width = self.columnWidth(FROZEN) if self.matrix.units else 0
        return min(round(self.scroll_room() / width), len(self.matrix.units)) if width else 0

    def fit_columns(self) -> None:
        """Share the width and the height: unit columns of equal width, the rest to the tasks; rows fill the height."""
        if not self._ready or not self.matrix.lines:
            return
        self._fit_widths()
        self._fit_heights()
        self._place()

    def _fit_widths(self) -> None:
        view, count = self.viewport().width(), len(self.matrix.units)
        fixed = theme.scaled(_NUMBER) + theme.scaled(_STATE)
        room = view - fixed - theme.scaled(_TASK)
        least = theme.scaled(NARROWEST)
        shown = max(min(count, room // least), 1)
        # Few columns are wider, so that the tasks do not stand far from them.
        few = min((view - fixed - theme.scaled(_TASK_WIDE)) // shown, theme.scaled(_FEW_WIDEST))
        width = max(min(room // shown, max(theme.scaled(_WIDEST), few)), least)
        self.setColumnWidth(NUMBER, theme.scaled(_NUMBER))
        self.setColumnWidth(STATE, theme.scaled(_STATE))
        # What is left over goes to the tasks, so that the columns in view are whole.
        self.setColumnWidth(TASK, max(view - fixed - shown * width, theme.scaled(_TASK)))
        for column in range(FROZEN, FROZEN + count):
            self.setColumnWidth(column, width)
        self.horizontalScrollBar().setSingleStep(width)

    def _fit_heights(self) -> None:
        lines = self.matrix.lines
        groups = sum(line.group is not None for line in lines)
        tasks = len(lines) - groups - 1
        others = groups * theme.scaled(_GROUP) + theme.scaled(_TOTAL)
        room = (self.viewport().height() - others) // max(tasks, 1)
        height = min(max(room, theme.scaled(_LOW)), theme.scaled(_HIGH))
        total = theme.scaled(_TOTAL)
        left = self.viewport().height() - others - tasks * height
        if 0 < left <= tasks:  # what dividing left over: no white strip under the last row
            total += left
        for row, line in enumerate(lines):
            self.setRowHeight(row, theme.scaled(_GROUP) if line.group is not None else total if line.total else height)

    def _span(self) -> None:
        for view in (self, self.frozen_view):
            view.clearSpans()
        units = len(self.matrix.units)
        for row, line in enumerate(self.matrix.lines):
            if line.group is not None:
                self.frozen_view.setSpan(row, 0, 1, FROZEN)
                if units > 1:
                    self.setSpan(row, FROZEN, 1, units)
            elif line.total:
                self.frozen_view.setSpan(row, NUMBER, 1, 2)

    def _snap(self, value: int) -> None:
        """The units' columns move by whole columns."""
        width = self.columnWidth(FROZEN) if self.matrix.units else 0
        if width and value % width and value != self.horizontalScrollBar().maximum():
            self.horizontalScrollBar().setValue(round(value / width) * width)

    def _current_moved(self, current: Index, _before: Index) -> None:
        self.header().set_crossed(current.column() if current.column() >= FROZEN else -1)
        self.frozen_view.viewport().update()
        self.viewport().update()
        if current.isValid():
            self.cell_moved.emit(current.row(), current.column())

    def _clicked(self, index: Index) -> None:
        if not self._extending:
            self.cell_opened.emit(index.row(), index.column())

    _extending = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._extending = bool(
            event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        )
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)
