"""What a sheet is made of, as plain values: columns, rows, what was read out of a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

Kind = Literal["text", "integer", "decimal", "date", "choice", "flag"]
CellValue = str | int | Decimal | date | bool | None
BODY, GROUP, TOTAL = "body", "group", "total"
FLAG_WORDS = ("是", "否")
REMARKS_TITLE = "导入说明"
"""The column that tells a clerk what was wrong with each row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; `width` in characters, 0 for as wide as its content."""

    key: str
    title: str
    kind: Kind = "text"
    width: float = 0
    choices: tuple[str, ...] = ()
    unit: str = ""
    aliases: tuple[str, ...] = ()
    """Other titles it is recognised by when a workbook is read."""
    centred: bool = False

    @property
    def heading(self) -> str:
        """The title with the unit, as it stands on the sheet."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns.  `id` goes into the hidden key column; `kind`: body, group or total."""

    cells: tuple[CellValue, ...]
    id: str = ""
    kind: str = BODY
    fills: Mapping[int, str] = field(default_factory=dict)
    """Column index → fill colour RRGGBB, where a state is to be seen at a glance; the word stands in the cell too."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: title and lines above the table, the table, lines below it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lines: tuple[str, ...] = ()
    """Under the title: unit, 期次, and the filter in words."""
    foot: tuple[str, ...] = ()
    frozen: int = 1
    """Columns that stay when scrolled sideways."""
    key_scope: str = ""
    """With a scope the sheet has a hidden column of row ids, each with a check code of the scope, for taking it in again."""
    paper: Literal["A4", "A3"] = "A4"
    landscape: bool = True


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it was read: its number in the workbook (from 1) and column key → cell, empty cells left out."""

    number: int
    cells: Mapping[str, CellValue]
    id: str = ""
    """From the hidden key column; empty for a new row."""
    id_problem: str = ""
    """A sentence when the hidden key cannot be used; the row then counts as new."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """What was read out of a workbook."""

    path: Path
    sheet: str
    header_row: int
    """Number of the (last) header row, from 1."""
    titles: Mapping[str, int]
    """Column key → column number in the workbook, from 1."""
    rows: tuple[ReadRow, ...]
    missing: tuple[str, ...] = ()
    """Titles that were looked for and not found."""
    unknown: tuple[str, ...] = ()
    """Titles that stand there and were not asked for; their columns are not taken in."""
    notes: tuple[str, ...] = ()
    """Sentences about what the reader decided by itself."""


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with a cell (`column` is its key) or with a whole row (no column)."""

    row: int
    text: str
    column: str = ""
