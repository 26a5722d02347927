"""Gives a clerk's own workbook back with the wrong cells marked and what was wrong in a last column."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ganzhou_desktop.documents.files import clean, damaged, is_zip, read_limited, unzipped, write_whole, zipped
from ganzhou_desktop.documents.grids import read_grids
from ganzhou_desktop.documents.values import REMARKS_TITLE, CellError, SheetRows
from ganzhou_desktop.documents.workbook_writing import put

WRONG = "FFD9D9"
AUTHOR = "甘州科创台账"


def mark_errors(read: SheetRows, path: Path, errors: Sequence[CellError]) -> None:
    """Write `read`'s workbook to `path` with `errors` marked: cells filled and commented, 导入说明 as the last column.

    An .xlsx keeps its looks, its formulas and its other sheets (pictures and macros are left out); of .xls, .ods and
    text the same rows go into a new .xlsx.  Marks of an earlier round are taken away.  Raises as reading and writing do.
    """
    # Loaded on use, as in writing.
    from openpyxl import Workbook, load_workbook

    data = read_limited(read.path) if read.path.suffix else b""
    if is_zip(data) and read.path.suffix.lower() in (".xlsx", ".xlsm"):
        read_grids(read.path)  # measured again: the file may have changed since
        parts = unzipped(data, read.path, lambda name: "vba" not in name.lower())
        try:
            book = load_workbook(zipped(parts))
            page = book[read.sheet]
        except (KeyError, ValueError, TypeError, AttributeError, IndexError) as failure:
            raise damaged(read.path) from failure
    else:
        book = Workbook()
        page = book.active
        page.title = "导入"
        _copy_rows(read, page)
    _unmark(page, read)
    _mark(page, read, errors)
    write_whole(path, book.save)


def _copy_rows(read: SheetRows, page: Any) -> None:
    grid = next(g for g in read_grids(read.path) if g.name == read.sheet)
    for n, row in enumerate(grid.rows, 1):
        for m, value in enumerate(row, 1):
            if value is not None:
                put(page.cell(n, m), value)


def _remarks_column(page: Any, read: SheetRows) -> int:
    """Where 导入说明 stands, or goes: behind the last title of any kind."""
    header = max(read.header_row, 1)
    titles = {m: page.cell(header, m).value for m in range(1, min(page.max_column, 500) + 1)}
    for m, title in titles.items():
        if title == REMARKS_TITLE:
            return m
    return max([*read.titles.values(), *(m for m, title in titles.items() if title is not None)]) + 1


def _unmark(page: Any, read: SheetRows) -> None:
    from openpyxl.styles import PatternFill

    remarks = _remarks_column(page, read)
    for row in page.iter_rows(min_row=read.header_row + 1, max_col=remarks):
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
            if cell.fill.fgColor.rgb == f"00{WRONG}":
                cell.fill = PatternFill()
            if cell.column == remarks:
                cell.value = None


def _mark(page: Any, read: SheetRows, errors: Sequence[CellError]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter

    fill = PatternFill("solid", fgColor=f"00{WRONG}")
    remarks = _remarks_column(page, read)
    said: dict[int, list[str]] = {}
    for error in errors:
        said.setdefault(error.row, []).append(error.text)
        if error.column not in read.titles:
            continue
        cell = page.cell(error.row, read.titles[error.column])
        if type(cell).__name__ == "MergedCell":
            continue
        cell.fill = fill
        before = [cell.comment.text] if cell.comment is not None else []
        cell.comment = Comment("\n".join((*before, clean(error.text))), AUTHOR, height=90, width=260)
    if read.header_row:
        title = page.cell(read.header_row, remarks)
        title.value = REMARKS_TITLE
        beside = page.cell(read.header_row, max(read.titles.values()))
        title._style = copy.copy(beside._style)
    for number, texts in said.items():
        cell = page.cell(number, remarks)
        put(cell, "\n".join(texts))
        cell.fill = fill
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    page.column_dimensions[get_column_letter(remarks)].width = 48
    page.column_dimensions[get_column_letter(remarks)].hidden = False
