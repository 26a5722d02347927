"""The matrix as a table model: group rows, task rows, the 合计 row; first three columns, then one a unit."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell, Matrix, MatrixGroup, MatrixTask, MatrixUnit
from ganzhou_desktop.domain.matrix_changes import TASK as TASK_STATE
from ganzhou_desktop.domain.matrix_changes import Change
from ganzhou_desktop.domain.plan import LEAD
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.texts import head_lines, plain_tip, visible

FROZEN = 3
NUMBER, TASK, STATE = range(FROZEN)

CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 20
"""The Cell of an index, or None."""
LINE_ROLE = CELL_ROLE + 1
"""The Line of an index."""

_NONE = QModelIndex()
ORDER = (
    states.OK,
    states.SLOW,
    states.BEHIND,
    states.BADLY_BEHIND,
    states.OVERDUE,
    states.BELOW_FLOOR,
    states.DONE,
    states.REACHED,
    states.NOT_DUE,
    states.IDLE,
    states.NOT_PUBLISHED,
    states.NO_BASELINE,
    states.NOT_FILED,
    states.NOT_APPLICABLE,
    states.NOT_HELD,
)
"""States as the legend and the counts of groups put them."""

_ON = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_OFF = Qt.ItemFlag.NoItemFlags
_HEADS = ("序", "重点任务", "任务状态")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a group, a task, or (both None) the 合计 row; `cells` by column, `counts` of cells by state."""

    group: MatrixGroup | None = None
    task: MatrixTask | None = None
    cells: Mapping[int, Cell] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    tasks: int = 0
    """How many tasks a group has here."""

    @property
    def total(self) -> bool:
        return self.group is None and self.task is None


def cell_mark(cell: Cell) -> str:
    """◎¹, ◎ or ○, as copied."""
    if cell.role != LEAD:
        return "○"
    return "◎¹" if cell.principal else "◎"


def task_text(task: MatrixTask) -> str:
    """任务状态 as copied and painted: 逾期※."""
    return marked(task.word, task.provisional)


def cell_text(cell: Cell) -> str:
    """A cell as copied: ◎ 逾期※（已退回）."""
    word = f"{marked(cell.word, cell.provisional)}{'（已退回）' if cell.returned else ''}"
    return f"{cell_mark(cell)} {word}"


class MatrixModel(QAbstractTableModel):
    """Frozen values in, cells out; `set_matrix` replaces all of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._units: tuple[MatrixUnit, ...] = ()
        self._filled: list[tuple[int, int]] = []
        self._row_of: dict[str, int] = {}
        self._column_of: dict[str, int] = {}
        self.changes: Mapping[tuple[str, str], Change] = {}
        self.load_in_head = False
        """Whether column heads also say how many ◎ and ○ a unit has: while the 合计 row is out of sight."""

    def set_matrix(self, matrix: Matrix | None, changes: Mapping[tuple[str, str], Change] | None = None) -> None:
        """Show another matrix, or none; `changes` since the period compared with."""
        self.beginResetModel()
        self._lines, self._units, self._filled = [], (), []
        self.changes = changes or {}
        if matrix is not None and matrix.tasks:
            self._units = matrix.units
            self._lines = _lines(matrix)
        self._row_of = {line.task.id: row for row, line in enumerate(self._lines) if line.task is not None}
        self._column_of = {unit.id: FROZEN + n for n, unit in enumerate(self._units)}
        self._filled = [(row, column) for row, line in enumerate(self._lines) for column in sorted(line.cells)]
        self.endResetModel()

    @property
    def lines(self) -> list[Line]:
        """The rows in order."""
        return self._lines

    @property
    def units(self) -> tuple[MatrixUnit, ...]:
        """The units in the order of their columns."""
        return self._units

    def place(self, task: str, unit: str) -> tuple[int, int] | None:
        """(row, column) of a cell's place; None when it is not shown."""
        row, column = self._row_of.get(task), self._column_of.get(unit)
        return None if row is None or column is None else (row, column)

    def row_of(self, task: str) -> int | None:
        """The row of a task; None when it is not shown."""
        return self._row_of.get(task)

    def cell_at(self, row: int, column: int) -> Cell | None:
        """The cell of a place, None where the plan has no role."""
        return self._lines[row].cells.get(column) if 0 <= row < len(self._lines) else None

    def change_at(self, row: int, column: int) -> Change | None:
        """What changed at a place since the period compared with; 任务状态 stands for the task."""
        task = self._lines[row].task
        if not self.changes or task is None or column < STATE:
            return None
        return self.changes.get((task.id, TASK_STATE if column == STATE else self._units[column - FROZEN].id))

    def filled(self) -> list[tuple[int, int]]:
        """Places of all cells, row by row."""
        return self._filled

    def next_filled(self, here: tuple[int, int], by: int) -> tuple[int, int] | None:
        """The next (1) or previous (-1) place that has a cell."""
        if by > 0:
            at = bisect_right(self._filled, here)
            return self._filled[at] if at < len(self._filled) else None
        at = bisect_left(self._filled, here) - 1
        return self._filled[at] if at >= 0 else None

    def show_load(self, shown: bool) -> None:
        """Whether column heads also say how many ◎ and ○."""
        if shown != self.load_in_head:
            self.load_in_head = shown
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(self.columnCount() - 1, 0))

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else FROZEN + len(self._units)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = index.row()  # asked for every place painted
        return _OFF if row < 0 or self._lines[row].group is not None else _ON  # the cursor passes over group rows

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        line = self._lines[row]
        cell = line.cells.get(column)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(self._shown(line, cell, row, column))
            case Qt.ItemDataRole.AccessibleTextRole:
                return visible(self._spoken(line, cell, row, column))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._tip(line, cell, row, column))
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignCenter)
        if role == CELL_ROLE:
            return cell
        if role == LINE_ROLE:
            return line
        return None

    def _shown(self, line: Line, cell: Cell | None, row: int, column: int) -> str:
        if line.group is not None:
            return f"{line.group.number}{line.group.title}" if column == TASK else ""
        if line.total:
            return self._total(column)
        assert line.task is not None
        change = self.change_at(row, column)
        since = "" if change is None else f"（{change.word}，{change.was}）"
        if column >= FROZEN:
            return f"{cell_text(cell)}{since}" if cell is not None else ""
        return (line.task.id, line.task.title, f"{task_text(line.task)}{since}")[column]

    def _total(self, column: int) -> str:
        if column < STATE:
            return "合计" if column == TASK else ""
        leads, supports = self.sums(column)
        return f"◎{leads} ○{supports}"

    def sums(self, column: int) -> tuple[int, int]:
        """(◎, ○) of a unit's column, or of all of them at 任务状态."""
        units = self._units if column == STATE else (self._units[column - FROZEN],)
        return sum(u.leads for u in units), sum(u.supports for u in units)

    def _spoken(self, line: Line, cell: Cell | None, row: int, column: int) -> str:
        if line.group is not None:
            return f"{line.group.number}{line.group.title}，{line.tasks} 项任务，{state_counts(line.counts)}"
        if line.total:
            return f"合计，{state_counts(line.counts)}" if column < FROZEN else self._load(column)
        assert line.task is not None
        if column < FROZEN:
            words = self._shown(line, cell, row, column)
            return f"任务{line.task.id}，任务状态{words}" if column == STATE else words
        unit = self._units[column - FROZEN].name
        where = f"任务{line.task.id}，{unit}"
        if cell is None:
            return f"{where}，没有分工"
        facts = [texts.role_word(cell.role, cell.principal), cell.word]
        facts += ["已退回"] * cell.returned + ["有两处不一致"] * cell.provisional
        change = self.change_at(row, column)
        facts += [f"{change.word}，{change.was}"] if change is not None else []
        return "，".join((where, *facts))

    def _load(self, column: int) -> str:
        unit = self._units[column - FROZEN]
        counts = Counter(line.cells[column].state for line in self._lines if column in line.cells)
        return f"{unit.name}：牵头 {unit.leads} 项，配合 {unit.supports} 项；{state_counts(counts)}"

    def _tip(self, line: Line, cell: Cell | None, row: int, column: int) -> str:
        if cell is not None:
            return f"{self._spoken(line, cell, row, column)}\n{cell.why}"
        if line.group is not None or line.total:
            return self._spoken(line, cell, row, column)
        assert line.task is not None
        if column == TASK:
            return line.task.title
        if column == STATE:
            change = self.change_at(row, column)
            since = "" if change is None else f"\n{change.word}，{change.was}。"
            return f"{task_text(line.task)}：取各 ◎ 格最差的一档。{since}"
        return ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            if section < FROZEN:
                return f"{_HEADS[STATE]}\n牵头/配合" if section == STATE and self.load_in_head else _HEADS[section]
            unit = self._units[section - FROZEN]
            load = (f"{unit.leads}/{unit.supports}",) if self.load_in_head else ()
            return "\n".join((*head_lines(visible(unit.short)), *load))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == TASK else Qt.AlignmentFlag.AlignHCenter
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if section >= FROZEN and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = visible(self._load(section))
            return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        return None


def state_counts(counts: Mapping[str, int]) -> str:
    """正常 28、滞后 6: cells by state, as the legend orders them."""
    return "、".join(f"{states.WORDS[state]} {counts[state]}" for state in ORDER if counts.get(state))


def _lines(matrix: Matrix) -> list[Line]:
    column_of = {unit.id: FROZEN + n for n, unit in enumerate(matrix.units)}
    cells: dict[str, dict[int, Cell]] = {}
    for cell in matrix.cells:
        cells.setdefault(cell.task, {})[column_of[cell.unit]] = cell
    by_group: dict[str, list[MatrixTask]] = {}
    for task in matrix.tasks:
        by_group.setdefault(task.group, []).append(task)
    lines: list[Line] = []
    total: Counter[str] = Counter()
    for group in matrix.groups:
        tasks = by_group.get(group.id, [])
        counts = Counter(cell.state for task in tasks for cell in cells.get(task.id, {}).values())
        lines.append(Line(group=group, counts=counts, tasks=len(tasks)))
        lines += [Line(task=task, cells=cells.get(task.id, {})) for task in tasks]
        total.update(counts)
    lines.append(Line(counts=total))
    return lines


def worst_place(model: MatrixModel, row: int) -> tuple[int, int] | None:
    """The ◎ cell that gives a task its state: where 任务状态 opens."""
    cells = sorted(model.lines[row].cells.items())
    leads = [(column, cell) for column, cell in cells if cell.role == LEAD]
    wanted = states.worst([cell.state for _, cell in leads]) if leads else ""
    column = next((column for column, cell in leads if cell.state == wanted), cells[0][0] if cells else None)
    return None if column is None else (row, column)
