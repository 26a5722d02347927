"""Workbooks: what to write and what was read, in one place for those who use them."""

from ganzhou_desktop.documents.clipboard import clipboard_text, rows_from_clipboard
from ganzhou_desktop.documents.marking import mark_errors
from ganzhou_desktop.documents.values import (
    BODY,
    GROUP,
    TOTAL,
    CellError,
    CellValue,
    Column,
    ReadRow,
    Row,
    Sheet,
    SheetRows,
)
from ganzhou_desktop.documents.workbook_reading import read_pasted, read_workbook
from ganzhou_desktop.documents.workbook_writing import write_workbook

__all__ = [
    "BODY",
    "GROUP",
    "TOTAL",
    "CellError",
    "CellValue",
    "Column",
    "ReadRow",
    "Row",
    "Sheet",
    "SheetRows",
    "clipboard_text",
    "mark_errors",
    "read_pasted",
    "read_workbook",
    "rows_from_clipboard",
    "write_workbook",
]
