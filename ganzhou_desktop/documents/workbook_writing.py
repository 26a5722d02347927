"""Writes .xlsx: real dates and numbers, text that never becomes a formula, ready to be printed and filtered."""

import copy
import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzhou_desktop.documents.clipboard import formula_like, value_words
from ganzhou_desktop.documents.files import clean, write_whole
from ganzhou_desktop.documents.keys import KEY_TITLE, NO_ENTRY, key_cell
from ganzhou_desktop.documents.values import BODY, FLAG_WORDS, GROUP, TOTAL, CellValue, Column, Row, Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CELL_LIMIT = 32767
"""Characters a cell holds, in Excel and WPS alike."""
CUT = "……（原文超过一格能放的 32767 字，此处截断，全文见台账）"
_EXCEL_DIGITS = 15
_NARROWEST, _WIDEST = 6.0, 46.0
_LINE, _TALLEST = 15.0, 409.0
"""Points of a line, and of the tallest row there can be."""
_SPARE_ROWS = 500
"""Rows under the table in which the choices are offered too."""
_CHOICES_SHEET = "选项"
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMATS = {"text": "@", "choice": "@", "flag": "@", "date": "yyyy-mm-dd", "integer": "0", "decimal": "General"}
_PAPER = {"A4": 9, "A3": 8}


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """One .xlsx with a worksheet for each sheet, complete under its name or not at all.  Raises EnvironmentFailed."""

    def save(buffer: io.BytesIO) -> None:
        # Loaded on use: it takes a quarter of a second that the program's start does not have.
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        names = _sheet_names(sheets)
        choices = _Choices()
        for sheet, name in zip(sheets, names, strict=True):
            _Page(book.create_sheet(name), sheet, choices).write()
        choices.write(book)
        book.properties.creator = "甘州科创台账"
        book.properties.title = clean(sheets[0].title) if sheets else ""
        book.save(buffer)

    write_whole(path, save)


def safe_text(text: str) -> str:
    """What goes into a cell: no control characters, cut (and saying so) at what a cell holds."""
    text = clean(text)
    # Excel reads _x0041_ as the letter A; the escaped underscore keeps what was written.
    escaped = _ESCAPED.sub("_x005F_", text)
    return escaped if len(escaped) <= CELL_LIMIT else escaped[: CELL_LIMIT - len(CUT)] + CUT


def put(cell: Any, value: CellValue) -> None:
    """A value into an openpyxl cell, of the type it is; a text is a text whatever it begins with."""
    if isinstance(value, bool):
        value = FLAG_WORDS[0] if value else FLAG_WORDS[1]
    elif not _held(value):
        value = value_words(value)
    if isinstance(value, str):
        text = safe_text(value)
        cell.value = text or None
        if text:
            cell.data_type = "s"
            if formula_like(text):
                cell.quotePrefix = True
    else:
        cell.value = value


def _held(value: CellValue) -> bool:
    """Whether a spreadsheet can hold it as it is: its numbers have 15 digits, its days begin in 1900."""
    if isinstance(value, date):
        return value.year >= 1900
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        return (
            number.is_finite()
            and len(number.normalize().as_tuple().digits) <= _EXCEL_DIGITS
            and abs(number.adjusted()) < _EXCEL_DIGITS
        )
    return True


def text_width(text: str) -> float:
    """Width in the characters of a column's width: a Chinese character is two, as in the code of Windows."""
    return max(len(line.encode("gbk", "replace")) for line in text.split("\n"))


def _sheet_names(sheets: Sequence[Sheet]) -> list[str]:
    names: list[str] = []
    for sheet in sheets:
        name = (_BAD_IN_NAME.sub("", clean(sheet.name)).strip("' \n\t") or "表")[:28]
        taken = {n.lower() for n in (*names, _CHOICES_SHEET)}
        names.append(name if name.lower() not in taken else f"{name[:25]}_{len(names) + 1}")
    return names


class _Choices:
    """Lists of choices on a hidden sheet: a list within the rule itself may hold no comma and 255 characters only."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, ...]] = []

    def range_of(self, choices: tuple[str, ...]) -> str:
        from openpyxl.utils import get_column_letter

        if choices not in self._lists:
            self._lists.append(choices)
        letter = get_column_letter(self._lists.index(choices) + 1)
        return f"'{_CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"

    def write(self, book: Any) -> None:
        if not self._lists:
            return
        from openpyxl.cell import WriteOnlyCell

        page = book.create_sheet(_CHOICES_SHEET)
        page.sheet_state = "hidden"
        for n in range(max(map(len, self._lists))):
            line = []
            for choices in self._lists:
                cell = WriteOnlyCell(page)
                put(cell, choices[n] if n < len(choices) else None)
                line.append(cell)
            page.append(line)


class _Looks:
    """Prototypes of cells: a style is made once and copied, as 400,000 cells would otherwise make it each."""

    def __init__(self, page: Any) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._page, self._cell, self._fill = page, WriteOnlyCell, PatternFill
        self._styles: dict[tuple[str, str, str, bool], Any] = {}
        thin = Side(style="thin", color="999999")
        self._border = Border(left=thin, right=thin, top=thin, bottom=thin)
        self._fonts = {
            "title": Font(name="黑体", size=16),
            "line": Font(name="宋体", size=10.5),
            "header": Font(name="黑体", size=10.5),
            GROUP: Font(name="宋体", size=10.5, bold=True),
            TOTAL: Font(name="宋体", size=10.5, bold=True),
            BODY: Font(name="宋体", size=10.5),
        }
        self._grounds = {"header": "EDEDED", GROUP: "F5F5F5", TOTAL: "F5F5F5"}
        self._alignment = Alignment

    def cell(self, look: str, value: CellValue, kind: str = "text", ground: str = "", *, centred: bool = False) -> Any:
        """A cell of a look (title, line, header, body, group, total) holding a value of a column's kind."""
        key = (look, kind, ground, centred)
        cell = self._cell(self._page)
        if key not in self._styles:
            self._dress(cell, look, kind, ground, centred)
            self._styles[key] = copy.copy(cell._style)
        style = self._styles[key]
        # A formula-like text and a day where none is expected add to their style; all others share one.
        alone = (isinstance(value, str) and formula_like(value)) or (isinstance(value, date) and kind != "date")
        cell._style = copy.copy(style) if alone else style
        put(cell, value)
        return cell

    def _dress(self, cell: Any, look: str, kind: str, ground: str, centred: bool) -> None:
        cell.font = self._fonts[look]
        if look in ("title", "line"):
            return
        cell.border = self._border
        ground = ground or self._grounds.get(look, "")
        if ground:
            cell.fill = self._fill("solid", fgColor=ground)
        across = "center" if look == "header" or centred or kind in ("date", "flag") else None
        # A heading runs on over the empty cells beside it; broken into its own narrow cell it could not be read.
        cell.alignment = self._alignment(
            horizontal=None if look == GROUP else across, vertical="center", wrap_text=look != GROUP
        )
        if look != "header":
            cell.number_format = _FORMATS[kind]


class _Page:
    """One worksheet while it is written, row by row from the top."""

    def __init__(self, page: "Worksheet", sheet: Sheet, choices: _Choices) -> None:
        self._page: Any = page
        self._sheet = sheet
        self._choices = choices
        self._looks = _Looks(page)
        self._above = 1 + len(sheet.lines)
        self._header = self._above + 1
        self._last = self._header + len(sheet.rows)
        self._room: list[float] = []
        """Characters that fit on a line of each column."""
        self._columns = len(sheet.columns) + (1 if sheet.key_scope else 0)

    def write(self) -> None:
        """Everything that stands at the head of the file first; rows of a write-only sheet cannot be gone back to."""
        self._widths()
        self._paper()
        self._rules()
        self._rows()

    def _widths(self) -> None:
        from openpyxl.utils import get_column_letter

        sheet, lines = self._sheet, 1
        for n, column in enumerate(sheet.columns):
            wide = column.width or _content_width(column, [row.cells[n] for row in sheet.rows if row.kind == BODY])
            self._page.column_dimensions[get_column_letter(n + 1)].width = wide
            self._room.append(wide - 1)
            lines = max(lines, math.ceil(text_width(column.heading) / (wide - 1)))
        # Said, as not every program works it out for a title that takes two lines.
        self._page.row_dimensions[self._header].height = _LINE * lines + 3
        if sheet.key_scope:
            key = self._page.column_dimensions[get_column_letter(self._columns)]
            key.width, key.hidden = 20, True

    def _paper(self) -> None:
        from openpyxl.utils import get_column_letter

        page, sheet = self._page, self._sheet
        page.freeze_panes = f"{get_column_letter(min(sheet.frozen, len(sheet.columns)) + 1)}{self._header + 1}"
        page.print_title_rows = f"{self._header}:{self._header}"
        if sheet.frozen and len(sheet.columns) > sheet.frozen:
            page.print_title_cols = f"A:{get_column_letter(sheet.frozen)}"
        page.sheet_properties.pageSetUpPr = _fit_to_page()
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.page_setup.paperSize = _PAPER[sheet.paper]
        page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
        page.print_options.horizontalCentered = True
        page.page_margins.left = page.page_margins.right = 0.5
        page.page_margins.top = page.page_margins.bottom = 0.7
        running = "　".join((sheet.title, *sheet.lines))
        page.oddHeader.right.text = _page_words(running)
        page.oddFooter.center.text = "第 &P 页，共 &N 页"
        page.auto_filter.ref = f"A{self._header}:{get_column_letter(self._columns)}{self._last}"

    def _rules(self) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        for n, column in enumerate(self._sheet.columns):
            choices = FLAG_WORDS if column.kind == "flag" else column.choices
            if not choices:
                continue
            rule = DataValidation(type="list", formula1=self._choices.range_of(choices), allow_blank=True)
            rule.errorTitle, rule.error = "不在选项里", "请从下拉选项中选一个。"
            letter = get_column_letter(n + 1)
            rule.add(f"{letter}{self._header + 1}:{letter}{self._last + _SPARE_ROWS}")
            self._page.data_validations.append(rule)

    def _rows(self) -> None:
        sheet, page, looks = self._sheet, self._page, self._looks
        page.append([looks.cell("title", sheet.title)])
        for line in sheet.lines:
            page.append([looks.cell("line", line)])
        header = [looks.cell("header", column.heading) for column in sheet.columns]
        page.append([*header, *self._key(KEY_TITLE, "header")])
        for number, row in enumerate(sheet.rows, self._header + 1):
            lines = 1 if row.kind == GROUP else self._lines(row)
            if lines > 1:
                page.row_dimensions[number].height = min(_TALLEST, _LINE * lines)
            page.append([*self._body(row), *self._key(self._key_text(row), BODY)])
        if sheet.foot:
            page.append([])
        for line in sheet.foot:
            marks = [None] * (len(sheet.columns) - 1)
            page.append([looks.cell("line", line), *marks, *self._key(NO_ENTRY, BODY)])

    def _lines(self, row: Row) -> int:
        """Lines the row takes: Excel and WPS work that out themselves, LibreOffice does not for a file of others."""
        most = 1
        for value, room in zip(row.cells, self._room, strict=True):
            if isinstance(value, str) and (2 * len(value) > room or "\n" in value):
                most = max(most, sum(max(1, math.ceil(text_width(line) / room)) for line in value.split("\n")))
        return most

    def _body(self, row: Row) -> Iterable[Any]:
        if len(row.cells) != len(self._sheet.columns):
            raise ValueError("a row with other columns than its sheet")
        for n, (column, value) in enumerate(zip(self._sheet.columns, row.cells, strict=True)):
            # A number's format on words would show them as words all the same; a text's on a number would make it text.
            kind = column.kind if not isinstance(value, int | Decimal) or isinstance(value, bool) else _number(column)
            yield self._looks.cell(row.kind, value, kind, row.fills.get(n, ""), centred=column.centred)

    def _key(self, text: str, look: str) -> list[Any]:
        return [self._looks.cell(look, text)] if self._sheet.key_scope else []

    def _key_text(self, row: Row) -> str:
        if row.kind != BODY:
            return NO_ENTRY
        return key_cell(self._sheet.key_scope, row.id) if row.id else ""


def _number(column: Column) -> str:
    return column.kind if column.kind in ("integer", "decimal") else "decimal"


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _page_words(text: str) -> str:
    """Words of a page's head: & begins a code there, 255 characters are all it holds with its codes."""
    return clean(text).replace("\n", " ")[:110].replace("&", "&&")


def _content_width(column: Column, values: Sequence[CellValue]) -> float:
    """Wide enough for the title, a long one on two lines, and for nine of ten contents; no wider than reads well."""
    widths = sorted(text_width(value_words(value)) for value in values if value is not None)
    usual = widths[math.ceil(len(widths) * 0.9) - 1] if widths else 0
    title = text_width(column.heading)
    return min(_WIDEST, max(_NARROWEST, usual + 2, title + 2 if title <= 14 else title / 2 + 3))
