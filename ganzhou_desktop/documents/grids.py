"""Cells out of a file somebody handed over: .xlsx, .xls, .ods, .csv; measured before a library sees it."""

import csv
import functools
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any

from ganzhou_desktop.documents import files
from ganzhou_desktop.documents.clipboard import rows_from_clipboard
from ganzhou_desktop.documents.files import (
    clean,
    damaged,
    is_ole,
    is_zip,
    ole_holds,
    read_limited,
    too_big,
    unzipped,
    zipped,
)
from ganzhou_desktop.documents.old_excel import old_extent
from ganzhou_desktop.documents.values import CellValue
from ganzhou_desktop.domain.errors import RuleBroken

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_MERGED = 5000
MAX_CELLS = 3_000_000
"""Of the rectangle around everything: the reader keeps all of it, empty or not."""
PATIENCE = 60.0
"""Seconds a file may take."""

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A worksheet's cells from A1; rows may differ in length."""

    name: str
    rows: list[list[CellValue]]
    merged: tuple[Merged, ...] = ()
    notes: tuple[str, ...] = ()


class Deadline:
    """Ends a reading that takes too long, with a sentence."""

    def __init__(self, path: Path) -> None:
        self._path, self._until = path, time.monotonic() + PATIENCE

    def check(self) -> None:
        if time.monotonic() > self._until:
            raise too_big(self._path, f"{PATIENCE:.0f} 秒没有读完")


def read_grids(path: Path) -> list[Grid]:
    """The visible worksheets of a file.  RuleBroken or EnvironmentFailed with a sentence."""
    data = read_limited(path)
    deadline = Deadline(path)
    if is_zip(data):
        return _from_zip(data, path, deadline)
    if is_ole(data):
        return _from_ole(data, path, deadline)
    return [_from_text(data, path)]


def _wrong_kind(path: Path, what: str) -> RuleBroken:
    return RuleBroken(
        "wrong_kind", f"“{path.name}”{what}，没有读入任何内容；请在 WPS 中打开它，另存为 .xlsx 后再导入。"
    )


def _from_zip(data: bytes, path: Path, deadline: Deadline) -> list[Grid]:
    parts = unzipped(data, path, _readable_part)
    names = {name.lower() for name in parts}
    if "xl/workbook.xml" in names:
        notes = _measure_xlsx(parts, path, deadline)
    elif "content.xml" in names:
        _measure_ods(parts, path, deadline)
        notes = {}
    elif "word/document.xml" in names:
        raise _wrong_kind(path, "是 Word 文档，不是表格")
    else:
        raise _wrong_kind(path, "不是程序认识的表格（.xlsx、.xls、.ods、.csv）")
    return _read(zipped(parts), path, deadline, notes)


def _readable_part(name: str) -> bool:
    """Parts with cells in them; pictures, macros and printers' settings are left packed."""
    low = name.lower()
    if low in ("mimetype", "content.xml", "meta-inf/manifest.xml", "[content_types].xml", "word/document.xml"):
        return True
    return low.startswith(("xl/", "_rels/")) and low.endswith((".xml", ".rels")) and "/drawings/" not in low


def _events(data: bytes, path: Path, tags: tuple[str, ...]) -> Iterator[Any]:
    """Elements of an XML part as they end, forgotten afterwards; no entities, nothing fetched."""
    from lxml import etree

    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as failure:
        raise damaged(path) from failure


def _measure_xlsx(parts: Mapping[str, bytes], path: Path, deadline: Deadline) -> dict[str, str]:
    """Refuse a sheet whose cells lie too far apart; tell formulas that were never worked out."""
    unsolved = percents = 0
    shown_as_percent = _percent_styles(parts, path)
    for name, data in parts.items():
        if not name.lower().startswith("xl/worksheets/") or not name.lower().endswith(".xml"):
            continue
        line = right = bottom = column = 0
        for element in _events(data, path, ("{*}c", "{*}row")):
            deadline.check()
            place = element.get("r")
            if element.tag.endswith("}row"):
                line, column = _place(f"A{place}", path)[0] if place else line + 1, 0
                continue
            if place:
                row, column = _place(place, path)
            else:
                parent = element.getparent()
                above = parent.get("r") if parent is not None else None
                row, column = _place(f"A{above}", path)[0] if above else line + 1, column + 1
            if len(element):
                right, bottom = max(right, column), max(bottom, row)
                unsolved += _unsolved(element)
                percents += element.get("s") in shown_as_percent
                _fits(path, bottom, right)
    notes = {}
    if unsolved:
        notes["formulas"] = (
            f"有 {unsolved} 个公式没有算出的结果，这些格按空白读入；请在 WPS 中打开这个文件，保存一次后再导入。"
        )
    if percents:
        notes["percents"] = (
            f"有 {percents} 个格子用了百分数格式（显示 45%，存的是 0.45），按 0.45 读入；应为 45 的请改成普通数字再导入。"
        )
    return notes


def _percent_styles(parts: Mapping[str, bytes], path: Path) -> set[str]:
    """Numbers of the cell styles that show a number as percent."""
    data = next((part for name, part in parts.items() if name.lower() == "xl/styles.xml"), b"")
    percent, found = {"9", "10"}, set()
    for element in _events(data, path, ("{*}numFmt", "{*}cellXfs")) if data else ():
        if element.tag.endswith("}numFmt"):
            percent |= {element.get("numFmtId", "")} if "%" in element.get("formatCode", "") else set()
        else:
            found = {str(n) for n, style in enumerate(element) if style.get("numFmtId") in percent}
    return found


def _unsolved(element: Any) -> bool:
    """Whether a cell has a formula and no result; a result may be an empty text."""
    tags = {str(child.tag).rpartition("}")[2]: child.text for child in element}
    return "f" in tags and not tags.get("v") and element.get("t") != "str"


def _place(reference: str, path: Path) -> tuple[int, int]:
    """Row and column of a reference such as AB12."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha() and 1 <= len(digits) <= 7):
        raise damaged(path)
    return int(digits), _column(letters)


@functools.cache
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def _fits(path: Path, rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise too_big(path, f"有内容的行到了第 {rows} 行，最多 {MAX_ROWS} 行")
    if columns > MAX_COLUMNS:
        raise too_big(path, f"有内容的列到了第 {columns} 列，最多 {MAX_COLUMNS} 列")
    if rows * columns > MAX_CELLS:
        raise too_big(path, f"{rows} 行 × {columns} 列")


def _measure_ods(parts: Mapping[str, bytes], path: Path, deadline: Deadline) -> None:
    """The same for .ods, where one element may stand for a million rows or columns."""
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise files.locked(path)
    data = next(content for name, content in parts.items() if name.lower() == "content.xml")
    rows = right = column = 0
    held = 0
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    tags = (f"{table}table-cell", f"{table}covered-table-cell", f"{table}table-row", f"{table}table")
    for element in _events(data, path, tags):
        deadline.check()
        if element.tag == f"{table}table":
            rows = right = column = held = 0
        elif element.tag == f"{table}table-row":
            rows += _repeated(element, f"{table}number-rows-repeated", path)
            if held:
                right = max(right, held)
                _fits(path, rows, right)
            column = held = 0
        else:
            column += _repeated(element, f"{table}number-columns-repeated", path)
            if len(element) or any(name.endswith("}value-type") for name in element.attrib):
                held = column


def _repeated(element: Any, name: str, path: Path) -> int:
    text = element.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise damaged(path)
    return max(1, int(text))


def _from_ole(data: bytes, path: Path, deadline: Deadline) -> list[Grid]:
    if ole_holds(data, "EncryptedPackage"):
        raise files.locked(path)
    if ole_holds(data, "WordDocument"):
        raise _wrong_kind(path, "是 Word 文档，不是表格")
    if not (ole_holds(data, "Workbook") or ole_holds(data, "Book")):
        raise _wrong_kind(path, "不是程序认识的表格（.xlsx、.xls、.ods、.csv）")
    has_password, rows, columns = old_extent(data, path)
    if has_password:
        raise files.locked(path)
    _fits(path, rows, columns)
    return _read(io.BytesIO(data), path, deadline, {})


def _read(source: io.BytesIO, path: Path, deadline: Deadline, notes: Mapping[str, str]) -> list[Grid]:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(source)
        shown = [
            m.name
            for m in book.sheets_metadata
            if m.typ == calamine.SheetTypeEnum.WorkSheet and m.visible == calamine.SheetVisibleEnum.Visible
        ]
        grids = []
        for name in shown:
            sheet = book.get_sheet_by_name(name)
            rows = []
            for row in sheet.to_python(skip_empty_area=False):
                deadline.check()
                rows.append([_value(value) for value in row])
            if len(sheet.merged_cell_ranges or ()) > MAX_MERGED:
                raise too_big(path, f"合并的单元格超过 {MAX_MERGED} 处")
            merged = tuple((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
            grids.append(Grid(name, rows, merged, tuple(notes.values())))
    except calamine.PasswordError as failure:
        raise files.locked(path) from failure
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as failure:
        raise damaged(path) from failure
    except BaseException as failure:
        # What the Rust reader stumbles over arrives as a PanicException, which is no Exception and has no importable name.
        if type(failure).__name__ == "PanicException":
            raise damaged(path) from failure
        raise
    if not grids:
        raise RuleBroken("no_sheet", f"“{path.name}”里没有看得见的工作表，没有读入任何内容；请检查文件。")
    return grids


def _value(value: Any) -> CellValue:
    """A cell as it was meant: a day, a number without the binary's noise, text without blanks around."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        number = Decimal(format(value, ".15g"))
        return int(number) if number == number.to_integral_value() else number
    if isinstance(value, datetime):
        return value.date() if value.time() == clock_time() else value.isoformat(" ", "minutes")
    if isinstance(value, int | date):
        return value
    if isinstance(value, clock_time | timedelta):
        return str(value)
    return clean(value).strip() or None


def _from_text(data: bytes, path: Path) -> Grid:
    """Comma- or tab-separated text, in UTF-8 or the Chinese code Windows writes."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<style", b"<meta")):
        raise _wrong_kind(path, "其实是网页（有些网站导出的 .xls 就是这样）")
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"rar!", b"7z\xbc")):
        raise _wrong_kind(path, "不是表格")
    text = _decoded(data, path)
    return Grid(path.stem, _bounded(_separated(text), path))


def _decoded(data: bytes, path: Path) -> str:
    codes = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _wrong_kind(path, "不是程序认识的表格（.xlsx、.xls、.ods、.csv）")


def _separated(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    if first.count("\t") > first.count(","):
        return iter(rows_from_clipboard(text))
    separator = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _bounded(lines: Iterator[list[str]], path: Path) -> list[list[CellValue]]:
    rows: list[list[CellValue]] = []
    deadline = Deadline(path)
    try:
        for line in lines:
            deadline.check()
            rows.append([clean(cell).strip() or None for cell in line])
            _fits(path, len(rows), len(line))
    except csv.Error as failure:
        raise damaged(path) from failure
    return rows
