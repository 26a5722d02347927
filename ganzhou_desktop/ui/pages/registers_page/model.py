"""The table of a register: a column for each of the plan's, one for what is odd, and text typed that cannot be read."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import itemgetter

from PySide6.QtCore import Qt

from ganzhou_desktop.domain import plan as p
from ganzhou_desktop.domain.canonical import Json, is_decimal
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.typed import half_width, value_text
from ganzhou_desktop.services.register_desk import EntryRow, RegisterDesk
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.table_model import CENTRE, LEFT, RIGHT, Column, Index, TableModel

# The least a column is given; see RegisterTable for the rest.
_WIDTHS = {
    p.TEXT: 150,
    p.LONG_TEXT: 240,
    p.INTEGER: 84,
    p.DECIMAL: 96,
    p.DATE: 104,
    p.CHOICE: 128,
    p.FLAG: 60,
}
_ALIGN = {p.INTEGER: RIGHT, p.DECIMAL: RIGHT, p.FLAG: CENTRE}
MARKS = 0
"""Place of the column that says what is odd; the entry's unit follows at the office."""


def marks(row: EntryRow) -> str:
    """What is odd about an entry, in few words."""
    found = []
    if row.entry.contested:
        found.append("两处不一致")
    if row.doubles:
        found.append("疑似重复")
    if row.gaps:
        found.append(f"缺{len(row.gaps)}项")
    return "、".join(found)


def marks_tip(row: EntryRow, plan: Plan) -> str:
    """The same in full sentences."""
    lines = []
    if row.entry.contested:
        lines.append("两处不一致：到“数据交换 → 两处不一致”里裁定。")
    for other in row.doubles:
        first = next(iter(other.values.values()), "")
        lines.append(f"和{plan.unit_by_id[other.unit].short}登记的“{first}”像是同一件；计数时只计一次。")
    if row.gaps:
        lines.append(f"没有填好：{'、'.join(row.gaps)}。")
    return "\n".join(lines)


class RegisterModel(TableModel[EntryRow]):
    """Rows of one register.  `edit(row, column name, text)` is asked for each cell typed into.

    A text that cannot be read stays in its cell, marked, until it is put right or given up: `wrong`.
    """

    def __init__(self, desk: RegisterDesk, office: bool) -> None:
        self.desk = desk
        self.names: list[str] = [""]
        self.wrong: dict[tuple[tuple[str, str], str], tuple[str, str]] = {}
        """(entry id, column) → (what was typed, why it cannot be read)."""
        self.pending: dict[tuple[tuple[str, str], str], str] = {}
        """(entry id, column) → what was typed and is being saved."""
        self.edit: Callable[[EntryRow, str, str], None] = lambda _row, _name, _text: None
        shown: list[Column[EntryRow]] = [
            Column(
                "提示",
                marks,
                width=44,
                tip=lambda row: marks_tip(row, desk.plan),
                colour=lambda row: colours.DIFFER if row.entry.contested or row.doubles else colours.INK3,
            )
        ]
        if office and len(desk.view.units) > 1:
            self.names.append("")
            shown.append(Column("单位", lambda row: desk.plan.unit_by_id[row.entry.unit].short, width=112))
        for column in desk.view.columns:
            self.names.append(column.name)
            shown.append(self._column(column))
        self.names.append("")
        shown.append(Column("佐证", lambda row: len(row.entry.proofs) or "", align=CENTRE, width=52))
        super().__init__(shown, desk.rows, tone=lambda row: "quiet" if row.state == "ended" else "")
        self._typed_columns = {c.name: c for c in desk.view.columns}
        self._places: dict[tuple[str, str], int] | None = None

    def _column(self, column: p.Column) -> Column[EntryRow]:
        def text(row: EntryRow) -> str:
            if self.wrong or self.pending:
                place = row.id, column.name
                if place in self.pending:
                    return self.pending[place]
                if place in self.wrong:
                    return self.wrong[place][0]
            return value_text(column, row.entry.values.get(column.name))

        def tip(row: EntryRow) -> str:
            kept = self.wrong.get((row.id, column.name))
            return kept[1] if kept is not None else text(row)

        return Column(
            f"{column.title}（{column.unit}）" if column.unit else column.title,
            text,
            align=_ALIGN.get(column.form, LEFT),
            width=max(_WIDTHS[column.form], 15 * len(column.title) + 20),
            tip=tip,
            bold=column.name == self.desk.view.columns[0].name,
            colour=lambda row: colours.ERROR if (row.id, column.name) in self.wrong else None,
        )

    def column_at(self, place: int) -> p.Column | None:
        """The plan's column at a place of the table; None for those of our own."""
        return self._typed_columns.get(self.names[place]) if 0 <= place < len(self.names) else None

    def place_of(self, name: str) -> int:
        """The place of a column of the plan."""
        return self.names.index(name)

    @property
    def first(self) -> int:
        """The place of the first column of the plan, behind those of our own."""
        return next((place for place, name in enumerate(self.names) if name), 0)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid() or self.column_at(index.column()) is None:
            return flags
        mine = self.row(index.row()).entry.unit in self.desk.view.writable
        return flags | Qt.ItemFlag.ItemIsEditable if mine else flags

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if role == Qt.ItemDataRole.EditRole:
            role = int(Qt.ItemDataRole.DisplayRole)
        return super().data(index, role)

    def setData(self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        column = self.column_at(index.column())
        if role != Qt.ItemDataRole.EditRole or column is None:
            return False
        if str(value) != str(self.data(index)):
            self.edit(self.row(index.row()), column.name, str(value))
        return True

    def mark_wrong(self, row: EntryRow, name: str, typed: str, why: str) -> None:
        """Keep a text that cannot be read in its cell."""
        self.wrong[row.id, name] = (typed, why)
        self._tell(row.id)

    def clear_wrong(self, row: EntryRow, name: str) -> None:
        """Forget a kept text."""
        if self.wrong.pop((row.id, name), None) is not None:
            self._tell(row.id)

    def mark_pending(self, row: EntryRow, name: str, typed: str) -> None:
        """Show what was typed while it is being saved."""
        self.pending[row.id, name] = typed
        self._tell(row.id)

    def clear_pending(self, row: EntryRow, name: str) -> None:
        """It is saved, or was not."""
        if self.pending.pop((row.id, name), None) is not None:
            self._tell(row.id)

    def replace_row(self, row: EntryRow) -> None:
        """Show a row as it is now, in its place."""
        place = self.place_of_row(row.id)
        if place < 0:
            return
        held, self._rows[place] = self._rows[place], row
        self._given = tuple(row if other is held else other for other in self._given)
        self._tell(row.id)

    def show(self, desk: RegisterDesk, rows: Sequence[EntryRow]) -> None:
        """Show these rows of a later reading; the same entries stay in the order they stand in, and what is typed too.

        A row whose sorted column was edited would otherwise jump away from under the clerk's hand.
        """
        self.desk = desk
        if len(rows) != len(self._rows):
            self.set_rows(rows)
            return
        fresh = {row.id: row for row in rows}
        if any(row.id not in fresh for row in self._rows):
            self.set_rows(rows)
            return
        self._given = tuple(rows)
        self._rows = [fresh[row.id] for row in self._rows]
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, self.columnCount() - 1))

    def set_rows(self, rows: Sequence[EntryRow]) -> None:
        self._places = None
        super().set_rows(rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._places = None
        super().sort(column, order)

    def _in_order(self) -> list[EntryRow]:
        column = None if self._sorted_by is None else self.column_at(self._sorted_by[0])
        if self._sorted_by is None or column is None:
            return super()._in_order()
        full: list[tuple[tuple[int, Json], EntryRow]] = []
        empty = []
        for row in self._given:
            value = row.entry.values.get(column.name)
            if value in (None, ""):
                empty.append(row)
            else:
                full.append((_sort_key(column, value), row))
        full.sort(key=itemgetter(0), reverse=self._sorted_by[1] == Qt.SortOrder.DescendingOrder)
        return [row for _, row in full] + empty  # rows without a value stay last both ways

    def _tell(self, row_id: tuple[str, str]) -> None:
        place = self.place_of_row(row_id)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    def place_of_row(self, row_id: tuple[str, str]) -> int:
        """Where an entry is shown; -1 when it is not."""
        if self._places is None:
            self._places = {row.id: place for place, row in enumerate(self._rows)}
        return self._places.get(row_id, -1)

    def matching(self, rows: Sequence[EntryRow], text: str) -> list[EntryRow]:
        """The rows in which every word of the text stands, full-width or not."""
        words = half_width(text).lower().split()
        if not words:
            return list(rows)
        return [row for row in rows if all(word in row.hay for word in words)]


def _sort_key(column: p.Column, value: Json) -> tuple[int, Json]:
    """Numbers by size; what does not fit its column after what does."""
    if column.form == p.DECIMAL:
        return (0, Decimal(value)) if is_decimal(value) else (1, str(value))
    if column.form == p.INTEGER:
        return (0, value) if type(value) is int else (1, str(value))
    return 0, str(value)
