"""The matrix as a table model: group rows, task rows, the 合计 row; first three columns, then one a unit."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell, Matrix, MatrixGroup, MatrixTask, MatrixUnit
from ganzhou_desktop.domain.plan import LEAD
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.texts import plain_tip, visible

FROZEN = 3
NUMBER, TASK, STATE = range(FROZEN)

CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 20
"""The Cell of an index, or None."""
LINE_ROLE = CELL_ROLE + 1
"""The Line of an index."""

_NONE = QModelIndex()
_HEADS = ("序", "重点任务", "任务状态")
_TAILS = ("局", "办", "会", "委")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a group, a task, or (both None) the 合计 row."""

    group: MatrixGroup | None = None
    task: MatrixTask | None = None

    @property
    def total(self) -> bool:
        return self.group is None and self.task is None


def head_lines(short: str) -> tuple[str, ...]:
    """A unit's short name in lines of at most three characters, cut where the word is cut: 工商 / 质监局."""
    short = short.removeprefix("有关")  # 有关金融机构: a column head has no room for it, the tip has the whole name
    if len(short) <= 3:
        return (short,)
    if short.endswith(_TAILS) and len(short) <= 6:
        return short[:-3], short[-3:]
    return tuple(short[i : i + 2] for i in range(0, len(short), 2))


def cell_mark(cell: Cell) -> str:
    """◎¹, ◎ or ○, as copied."""
    if cell.role != LEAD:
        return "○"
    return "◎¹" if cell.principal else "◎"


def cell_text(cell: Cell) -> str:
    """A cell as copied: ◎ 逾期※（已退回）."""
    word = f"{cell.word}{'※' if cell.provisional else ''}{'（已退回）' if cell.returned else ''}"
    return f"{cell_mark(cell)} {word}"


class MatrixModel(QAbstractTableModel):
    """Frozen values in, cells out; `set_matrix` replaces all of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._units: tuple[MatrixUnit, ...] = ()
        self._cells: dict[tuple[str, str], Cell] = {}

    def set_matrix(self, matrix: Matrix | None) -> None:
        """Show another matrix, or none."""
        self.beginResetModel()
        self._lines, self._units, self._cells = [], (), {}
        if matrix is not None and matrix.tasks:
            for group in matrix.groups:
                self._lines.append(Line(group=group))
                self._lines += [Line(task=t) for t in matrix.tasks if t.group == group.id]
            self._lines.append(Line())
            self._units = matrix.units
            self._cells = {(c.task, c.unit): c for c in matrix.cells}
        self.endResetModel()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rows in order."""
        return tuple(self._lines)

    @property
    def units(self) -> tuple[MatrixUnit, ...]:
        """The units in the order of their columns."""
        return self._units

    def place(self, task: str, unit: str) -> tuple[int, int] | None:
        """(row, column) of a cell's place; None when it is not shown."""
        row = next((i for i, line in enumerate(self._lines) if line.task and line.task.id == task), None)
        column = next((i for i, u in enumerate(self._units) if u.id == unit), None)
        return None if row is None or column is None else (row, FROZEN + column)

    def cell_at(self, row: int, column: int) -> Cell | None:
        """The cell of a place, None where the plan has no role."""
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        if line is None or line.task is None or not FROZEN <= column < self.columnCount():
            return None
        return self._cells.get((line.task.id, self._units[column - FROZEN].id))

    def filled(self) -> list[tuple[int, int]]:
        """Places of all cells, row by row."""
        columns = range(FROZEN, self.columnCount())
        return [(r, c) for r in range(len(self._lines)) for c in columns if self.cell_at(r, c) is not None]

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else FROZEN + len(self._units)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._lines[index.row()].group is not None:
            return Qt.ItemFlag.NoItemFlags  # the cursor passes over group rows
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        line, cell = self._lines[index.row()], self.cell_at(index.row(), index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(self._shown(line, cell, index.column()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return visible(self._spoken(line, cell, index.column()))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._tip(line, cell, index.column()))
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignCenter)
        if role == CELL_ROLE:
            return cell
        if role == LINE_ROLE:
            return line
        return None

    def _shown(self, line: Line, cell: Cell | None, column: int) -> str:
        if line.group is not None:
            return f"{line.group.number}{line.group.title}" if column == TASK else ""
        if line.total:
            return self._total(column)
        assert line.task is not None
        if column >= FROZEN:
            return cell_text(cell) if cell is not None else ""
        return (line.task.id, line.task.title, line.task.word)[column]

    def _total(self, column: int) -> str:
        if column < STATE:
            return "合计" if column == TASK else ""
        leads, supports = self.sums(column)
        return f"◎{leads} ○{supports}"

    def sums(self, column: int) -> tuple[int, int]:
        """(◎, ○) of a unit's column, or of all of them at 任务状态."""
        units = self._units if column == STATE else (self._units[column - FROZEN],)
        return sum(u.leads for u in units), sum(u.supports for u in units)

    def _spoken(self, line: Line, cell: Cell | None, column: int) -> str:
        if line.task is None or column < FROZEN:
            return self._shown(line, cell, column)
        unit = self._units[column - FROZEN].name
        where = f"任务{line.task.id}，{unit}"
        if cell is None:
            return f"{where}，没有分工"
        facts = [texts.role_word(cell.role, cell.principal), cell.word]
        facts += ["已退回"] * cell.returned + ["有两处不一致"] * cell.provisional
        return "，".join((where, *facts))

    def _tip(self, line: Line, cell: Cell | None, column: int) -> str:
        if cell is not None:
            return f"{self._spoken(line, cell, column)}\n{cell.why}"
        if line.task is not None and column == TASK:
            return line.task.title
        if line.task is not None and column == STATE:
            return f"{line.task.word}：取各 ◎ 格最差的一档。"
        return ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            if section < FROZEN:
                return _HEADS[section]
            return "\n".join(head_lines(visible(self._units[section - FROZEN].short)))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == TASK else Qt.AlignmentFlag.AlignHCenter
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if section >= FROZEN and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            name = visible(self._units[section - FROZEN].name)
            return plain_tip(name) if role == Qt.ItemDataRole.ToolTipRole else name
        return None


def worst_place(model: MatrixModel, row: int) -> tuple[int, int] | None:
    """The ◎ cell that gives a task its state: where 任务状态 opens."""
    line = model.lines[row]
    if line.task is None:
        return None
    places = [(r, c) for r, c in model.filled() if r == row]
    leads = [(p, cell) for p in places if (cell := model.cell_at(*p)) is not None and cell.role == LEAD]
    wanted = states.worst([cell.state for _, cell in leads]) if leads else ""
    return next((p for p, cell in leads if cell.state == wanted), places[0] if places else None)
