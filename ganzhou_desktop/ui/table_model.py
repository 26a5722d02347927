"""A table model over frozen rows: columns say how a row is shown; widths and alignment come with them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.texts import date_text, moment_text, number_text, plain_tip, visible

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

LEFT = "left"
RIGHT = "right"
CENTRE = "centre"

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The row itself, from any of its cells."""
STATE_ROLE = ROW_ROLE + 1
"""A state key to be painted before the words, or None."""
TONE_ROLE = ROW_ROLE + 2
"""What a row is marked as: error, differ, quiet, or empty."""
TAG_ROLE = ROW_ROLE + 3
"""Kind of the tag the words are painted in, or None."""

_ALIGN = {
    LEFT: Qt.AlignmentFlag.AlignLeft,
    RIGHT: Qt.AlignmentFlag.AlignRight,
    CENTRE: Qt.AlignmentFlag.AlignHCenter,
}
_NONE = QModelIndex()


def shown(value: object) -> str:
    """A value as a cell shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, Decimal | float):
        return number_text(value)
    return visible(str(value))


def copied(text: str) -> str:
    """A cell's text for the clipboard: no tabs or line breaks, and no formula when pasted into a spreadsheet."""
    flat = " ".join(text.split())
    return f"'{flat}" if re.match(r"[=+@]|-(?![\d.])", flat) else flat


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.  `getter` gives the value shown and sorted by; `width` in pixels at 100 %, 0: shares what is left.

    `state`, `tag`, `icon_name`, `tip` give a cell's painted state, tag kind, icon and tool tip; `bold` its weight.
    """

    title: str
    getter: Callable[[Row], Any]
    align: str = LEFT
    width: int = 0
    tip: Callable[[Row], str] | None = None
    bold: bool = False
    state: Callable[[Row], str | None] | None = None
    tag: Callable[[Row], str | None] | None = None
    icon_name: Callable[[Row], str] | None = None
    colour: Callable[[Row], str | None] | None = None


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows and columns; `tone` marks whole rows (error, differ, quiet).  Sorting keeps equal rows in given order."""

    def __init__(
        self, columns: Sequence[Column[Row]], rows: Sequence[Row] = (), tone: Callable[[Row], str] | None = None
    ) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._given = tuple(rows)
        self._rows = list(rows)
        self._tone = tone
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the order shown."""
        return tuple(self._rows)

    def row(self, index: int) -> Row:
        """One row by its place on screen."""
        return self._rows[index]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, in the sort order in force."""
        self.beginResetModel()
        self._given = tuple(rows)
        self._rows = self._in_order()
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(column.getter(row))
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(column.tip(row)) if column.tip else None
            case Qt.ItemDataRole.FontRole:
                return theme.font(bold=True) if column.bold else None
            case Qt.ItemDataRole.ForegroundRole:
                colour = column.colour(row) if column.colour else None
                return QBrush(QColor(colour)) if colour else None
            case Qt.ItemDataRole.DecorationRole:
                name = column.icon_name(row) if column.icon_name else ""
                return icon(name) if name else None
            case _:
                return self._own_data(row, column, role)

    def _own_data(self, row: Row, column: Column[Row], role: int) -> Any:
        if role == ROW_ROLE:
            return row
        if role == STATE_ROLE:
            return column.state(row) if column.state else None
        if role == TAG_ROLE:
            return column.tag(row) if column.tag else None
        if role == TONE_ROLE:
            return self._tone(row) if self._tone else ""
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGN[self.columns[section].align] | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        held = [(index, self._rows[index.row()]) for index in self.persistentIndexList()]
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self._rows = self._in_order()
        places = {id(row): place for place, row in enumerate(self._rows)}
        for index, row in held:
            self.changePersistentIndex(index, self.index(places[id(row)], index.column()))
        self.layoutChanged.emit()

    def _in_order(self) -> list[Row]:
        if self._sorted_by is None:
            return list(self._given)
        column, order = self._sorted_by
        getter = self.columns[column].getter
        falling = order == Qt.SortOrder.DescendingOrder
        empty = [row for row in self._given if getter(row) in (None, "")]
        full = [row for row in self._given if getter(row) not in (None, "")]
        return sorted(full, key=getter, reverse=falling) + empty  # rows without a value stay last both ways
