"""Cells on the clipboard, as WPS and Excel put them there: tabs, line breaks, quotes; nothing that becomes a formula."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from ganzhou_desktop.documents.files import clean
from ganzhou_desktop.documents.values import FLAG_WORDS, CellValue

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Full-width signs count: some programs narrow them."""
_HARMLESS = re.compile(r"[-+]?[\d,]*\.?\d+%?\Z|[-+]+\Z")
"""A plain number or a lone sign does nothing when it is taken for one."""


def formula_like(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text.startswith(_FORMULA_STARTS)


def _dangerous(text: str) -> bool:
    return formula_like(text) and not _HARMLESS.match(text)


def value_words(value: CellValue) -> str:
    """A cell's value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return FLAG_WORDS[0] if value else FLAG_WORDS[1]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def clipboard_text(rows: Sequence[Sequence[CellValue]]) -> str:
    """Rows as text that pastes into WPS and Excel as the same cells."""
    return "".join("\t".join(_out(cell) for cell in row) + "\r\n" for row in rows)


def _out(value: CellValue) -> str:
    text = clean(value_words(value))
    if isinstance(value, str) and (_dangerous(text) or text.startswith("'")):
        # An apostrophe in front makes it text there; one that is the text's own is doubled to come back as one.
        text = "'" + text
    if "\t" in text or "\n" in text or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def rows_from_clipboard(text: str) -> list[list[str]]:
    """What was copied in WPS or Excel, cell by cell; an empty last line is none."""
    rows: list[list[str]] = [[]]
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    at = 0
    while True:
        cell, at = _cell(text, at)
        rows[-1].append(_in(cell))
        if at >= len(text):
            break
        if text[at] == "\n":
            rows.append([])
        at += 1
    return [] if rows == [[""]] else rows


def _cell(text: str, at: int) -> tuple[str, int]:
    """The cell that begins at a place, and where it ends."""
    if text.startswith('"', at):
        end = at + 1
        while (end := text.find('"', end)) != -1 and text.startswith('""', end):
            end += 2
        inner = text[at + 1 : end]
        # Excel copies "甲" as it stands: quotes are the clipboard's own only around breaks, tabs or doubled quotes.
        if end != -1 and text[end + 1 : end + 2] in ("", "\t", "\n") and re.search('[\t\n]|""', inner):
            return inner.replace('""', '"'), end + 1
    ends = [place for place in (text.find("\t", at), text.find("\n", at)) if place != -1]
    end = min(ends, default=len(text))
    return text[at:end], end


def _in(cell: str) -> str:
    rest = cell[1:]
    return clean(rest if cell.startswith("'") and (_dangerous(rest) or rest.startswith("'")) else cell)
