"""The table of a register: a column for each of the plan's, one for what is odd, and text typed that cannot be read."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt

from ganzhou_desktop.domain import plan as p
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.typed import half_width, value_text
from ganzhou_desktop.services.register_desk import EntryRow, RegisterDesk
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.table_model import CENTRE, LEFT, RIGHT, Column, Index, TableModel

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
        self.edit: Callable[[EntryRow, str, str], None] = lambda _row, _name, _text: None
        shown: list[Column[EntryRow]] = [
            Column(
                "提示",
                marks,
                width=96,
                tip=lambda row: marks_tip(row, desk.plan),
                colour=lambda row: colours.DIFFER if row.entry.contested or row.doubles else colours.INK3,
            )
        ]
        if office and len(desk.view.units) > 1:
            self.names.append("")
            shown.append(Column("单位", lambda row: desk.plan.unit_by_id[row.entry.unit].short, width=84))
        for column in desk.view.columns:
            self.names.append(column.name)
            shown.append(self._column(column))
        self.names.append("")
        shown.append(Column("佐证", lambda row: len(row.entry.proofs) or "", align=CENTRE, width=52))
        super().__init__(shown, desk.rows, tone=lambda row: "quiet" if row.state == "ended" else "")
        self._typed_columns = {c.name: c for c in desk.view.columns}
        self._hay: dict[tuple[str, str], str] = {}

    def _column(self, column: p.Column) -> Column[EntryRow]:
        def text(row: EntryRow) -> str:
            kept = self.wrong.get((row.id, column.name))
            return kept[0] if kept is not None else value_text(column, row.entry.values.get(column.name))

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

    def replace_row(self, row: EntryRow) -> None:
        """Show a row as it is now, in its place."""
        self._hay.pop(row.id, None)
        for place, held in enumerate(self._rows):
            if held.id == row.id:
                self._rows[place] = row
        self._given = tuple(row if held.id == row.id else held for held in self._given)
        self._tell(row.id)

    def _tell(self, row_id: tuple[str, str]) -> None:
        for place, held in enumerate(self._rows):
            if held.id == row_id:
                last = self.columnCount() - 1
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def place_of_row(self, row_id: tuple[str, str]) -> int:
        """Where an entry is shown; -1 when it is not."""
        return next((place for place, row in enumerate(self._rows) if row.id == row_id), -1)

    def matching(self, rows: Sequence[EntryRow], text: str) -> list[EntryRow]:
        """The rows in which every word of the text stands, full-width or not."""
        words = half_width(text).lower().split()
        if not words:
            return list(rows)
        return [row for row in rows if all(word in self._haystack(row) for word in words)]

    def _haystack(self, row: EntryRow) -> str:
        found = self._hay.get(row.id)
        if found is None:
            found = half_width("\n".join(map(str, row.entry.values.values()))).lower()
            self._hay[row.id] = found
        return found
