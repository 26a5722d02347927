"""The matrix's table: three columns that stay, a whole number of unit columns in view, rows that fill the height."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.domain.matrix_changes import Change
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
_HEAD_LOADED = 60
_LOW, _HIGH = 39, 58
_LOW_COMPARED, _NARROWEST_COMPARED = 56, 62
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
        self._delegate = MatrixDelegate(self.matrix, self)
        self.setItemDelegate(self._delegate)
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
        self.selectionModel().selectionChanged.connect(lambda *_: self._selected_anew())
        self.opened.connect(lambda index: self.cell_opened.emit(index.row(), index.column()))
        self.clicked.connect(self._clicked)
        self.frozen_view.clicked.connect(self._clicked)
        self.horizontalScrollBar().valueChanged.connect(self._snap)

    def set_matrix(self, matrix: Matrix | None, changes: Mapping[tuple[str, str], Change] | None = None) -> None:
        """Show a matrix; the current cell and the scroll position stay where they still exist."""
        held = self.current_place()
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.matrix.set_matrix(matrix, changes)
        self._delegate.current, self._delegate.several = (-1, -1), False
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
        place = self.matrix.next_filled(self.here(), by)
        if place is not None:
            self.move_to(*place)
        return place is not None

    def can_step(self, by: int) -> bool:
        """Whether there is a next or previous cell."""
        return self.matrix.next_filled(self.here(), by) is not None

    def here(self) -> tuple[int, int]:
        """(row, column) of the current place, (-1, -1) while there is none."""
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else (-1, -1)

    def mark_found(self, places: Collection[tuple[int, int]]) -> None:
        """Mark the places that the words sought are in; none takes the marks away."""
        self._delegate.found = frozenset(places)
        for view in (self, self.frozen_view):
            view.viewport().update()

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
        least = theme.scaled(_NARROWEST_COMPARED if self.matrix.changes else NARROWEST)
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
        special = [row for row, line in enumerate(lines) if line.task is None]
        tasks = len(lines) - len(special)
        total = theme.scaled(_TOTAL)
        others = (len(special) - 1) * theme.scaled(_GROUP) + total
        low = theme.scaled(_LOW_COMPARED if self.matrix.changes else _LOW)
        # The heads say each unit's load while the row that does is out of sight.
        full = self.height() - 2 * self.frameWidth() - theme.scaled(_HEAD)
        self.matrix.show_load(others + tasks * low > full)
        head = theme.scaled(_HEAD_LOADED if self.matrix.load_in_head else _HEAD)
        if self.header().height() != head:
            self.header().setFixedHeight(head)
            self.frozen_view.header().setFixedHeight(head)
            self.updateGeometries()
        room = (self.viewport().height() - others) // max(tasks, 1)
        height = min(max(room, low), max(theme.scaled(_HIGH), low))
        left = self.viewport().height() - others - tasks * height
        if 0 < left <= tasks:  # what dividing left over: no white strip under the last row
            total += left
        heights = {row: theme.scaled(_GROUP) for row in special[:-1]} | {special[-1]: total}
        for view in (self, self.frozen_view):
            # Row by row each would be told to both views: too slow for hundreds.
            rows = view.verticalHeader()
            blocked = rows.blockSignals(True)
            rows.setDefaultSectionSize(height)
            for row, own in heights.items():
                rows.resizeSection(row, own)
            rows.blockSignals(blocked)
        # Only now: a scroll bar that comes or goes with it fits both views anew, from within the first call.
        for view in (self, self.frozen_view):
            view.updateGeometries()
            view.viewport().update()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.begin(self.devicePixelRatioF(), theme.scale())
        super().paintEvent(event)

    def _selected_anew(self) -> None:
        found = self.selectionModel().selection()
        ranges = [found.at(i) for i in range(found.count())]
        self._delegate.several = len(ranges) > 1 or any(r.width() > 1 or r.height() > 1 for r in ranges)

    def _current_moved(self, current: Index, _before: Index) -> None:
        self._delegate.current = (current.row(), current.column())
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

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """As Qt does, but never onto a group row, where Qt would stay: the next row that can be gone to."""
        actions = QAbstractItemView.CursorAction
        if not self.matrix.lines:
            return super().moveCursor(action, modifiers)
        here, last = self.currentIndex(), len(self.matrix.lines) - 1
        ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        row, column = here.row(), here.column()
        if action == actions.MoveHome:
            row, column = (0, 0) if ctrl else (row, 0)
        elif action == actions.MoveEnd:
            row, column = (last, self.matrix.columnCount() - 1) if ctrl else (row, self.matrix.columnCount() - 1)
        elif action in (actions.MovePageUp, actions.MovePageDown):
            page = max(self.viewport().height() // max(self.verticalHeader().defaultSectionSize(), 1) - 1, 1)
            row = min(max(row + (page if action == actions.MovePageDown else -page), 0), last)
        else:
            return super().moveCursor(action, modifiers)
        if self.matrix.lines[max(row, 0)].group is not None:
            row += 1
        index = self.matrix.index(max(row, 0), max(column, 0))
        self.scrollTo(index)
        return index

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)
