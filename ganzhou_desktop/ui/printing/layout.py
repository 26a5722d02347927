"""The layout engine: words and tables flow down pages; headers repeat, rows stay whole, every page has its foot."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ganzhou_desktop.ui.printing.cells import (
    Known,
    MeasuredRow,
    Row,
    Table,
    measured_row,
    place_cell,
    row_pieces,
)
from ganzhou_desktop.ui.printing.items import Box, Document, Item, LineItem, Page, Paper, Style, TextItem
from ganzhou_desktop.ui.printing.painting import line_pitch
from ganzhou_desktop.ui.printing.watching import tell
from ganzhou_desktop.ui.printing.words import break_lines

THICK, MIDDLE, THIN = 0.5, 0.3, 0.15
"""Weights of rules in millimetres: outer top and bottom; under the header and above totals; the others."""

_STAMP, _STAMPS = 6.4, 60.0
"""Height of the stamps at the top of a page, and the room kept for them, in millimetres."""

_WORTH_STARTING = 40.0
"""A row taller than a page begins where it stands only if so many millimetres are left there."""


@contextmanager
def uncollected() -> Iterator[None]:
    """While a large table is laid out nothing becomes garbage in circles; looking for it took a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@dataclass
class Flow:
    """Pages being filled from top to bottom.

    `bottom` is where the body ends; `head` draws what stands at the top of every page after the first and returns
    nothing: it moves `y` by calling the flow.
    """

    paper: Paper
    bottom: float
    head: Callable[["Flow"], None] | None = None
    pages: list[list[Item]] = field(default_factory=lambda: [[]])
    y: float = 0.0
    _top: float | None = None
    _measured: dict[int, MeasuredRow] = field(default_factory=dict)
    """The rows of the table that is being laid out which were measured and not placed yet, by identity."""
    _cells: Known = field(default_factory=dict)
    """The cells of that table which were measured."""
    _edges: tuple[float, list[float]] | None = None
    """Where the upright rules of the rows just placed began, and where they stand from the page's left."""

    def __post_init__(self) -> None:
        self.y = self.paper.top

    @property
    def room(self) -> float:
        """Millimetres left on this page."""
        return self.bottom - self.y

    def add(self, *items: Item) -> None:
        """Put items on this page without moving on."""
        self.pages[-1] += items

    def new_page(self) -> None:
        tell(None, lambda: f"正在排版，已排 {len(self.pages)} 页")
        self.pages.append([])
        self.y = self.paper.top
        if self.head is not None:
            self.head(self)

    def need(self, height: float) -> None:
        """Begin a new page unless so much room is left here."""
        if height > self.room and self.pages[-1]:
            self.new_page()

    def space(self, height: float) -> None:
        self.y += height

    def words(self, text: str, style: Style, tag: str = "", x: float | None = None, w: float | None = None) -> None:
        """Words across the page (or from `x`, `w` wide), going on over the page end line by line."""
        left = self.paper.left if x is None else x
        width = self.paper.text_right - left if w is None else w
        lines = break_lines(text, width, style)
        pitch = line_pitch(style.size, style.pitch)
        while lines:
            self.need(pitch)
            count = max(1, int((self.room + 1e-6) / pitch))
            taken, lines = lines[:count], lines[count:]
            self.add(TextItem(Box(left, self.y, width, len(taken) * pitch), taken, style, tag))
            self.y += len(taken) * pitch

    def table(self, table: Table, x: float | None = None, after: float = 0.0) -> None:
        """A table from here on, over as many pages as it takes.

        `after` millimetres of what follows (signatures) stay with the last row, so that nobody signs an empty page.
        """
        left = self.paper.left if x is None else x
        self._measured, self._cells = {}, {}
        header = sum(self._height(table, r) for r in table.header)
        rows = list(table.rows)
        if rows:
            self.need(header + min(self._keep(table, rows, 0, after), self._full(header)))
        self._open(table, left)
        index = 0
        while index < len(rows):
            row = rows[index]
            height = self._height(table, row)
            if height > self._full(header):
                if self.room < _WORTH_STARTING:
                    self._turn(table, left)
                rows[index : index + 1] = row_pieces(table, row, self.room, self._full(header))
                self._measured, self._cells = {}, {}  # pieces may come to lie where the row was
                height = self._height(table, rows[index])
                self._row(table, rows[index], left, height)
            else:
                if self._keep(table, rows, index, after) > self.room + 1e-6:
                    self._turn(table, left)
                self._row(table, row, left, height)
            index += 1
        self._close(table, left)

    def finish(self, title: str, foot: Callable[[int, int], list[Item]]) -> Document:
        """The document; `foot(n, total)` gives what stands on page n (from 1) apart from the body."""
        total = len(self.pages)
        pages = tuple(Page(self.paper, (*items, *foot(n, total))) for n, items in enumerate(self.pages, 1))
        return Document(title, pages)

    def _height(self, table: Table, row: Row) -> float:
        return self._measure(table, row).height

    def _measure(self, table: Table, row: Row) -> MeasuredRow:
        known = self._measured.get(id(row))
        if known is None:
            known = self._measured[id(row)] = measured_row(table, row, self._cells)
        return known

    def _full(self, header: float) -> float:
        """Room for rows on a page of its own."""
        if self._top is None:
            probe = Flow(self.paper, self.bottom)
            if self.head is not None:
                self.head(probe)
            self._top = probe.y
        return self.bottom - self._top - header

    def _keep(self, table: Table, rows: list[Row], index: int, after: float) -> float:
        """Height of a row with what must stay with it: a group row its first row, the last rows what follows."""
        height = self._height(table, rows[index])
        full = self._full(sum(self._height(table, r) for r in table.header))
        if index + 1 == len(rows):
            following = after
        elif rows[index].kind == "group" or rows[index + 1].kind == "total":
            following = self._keep(table, rows, index + 1, after)
        else:
            return height
        if height + following <= full:
            return height + following
        return height + _WORTH_STARTING if rows[index].kind == "group" else height

    def _turn(self, table: Table, left: float) -> None:
        self._close(table, left)
        self.new_page()
        self._open(table, left)

    def _open(self, table: Table, left: float) -> None:
        self._rule(left, left + table.width, THICK)
        for row in table.header:
            self._row(table, row, left, self._height(table, row))

    def _close(self, table: Table, left: float) -> None:
        self._uprights([])
        self._rule(left, left + table.width, THICK)

    def _rule(self, x1: float, x2: float, weight: float) -> None:
        self.add(LineItem(x1, self.y, x2, self.y, weight))

    def _uprights(self, edges: list[float]) -> None:
        """The rules between columns go on as far as the columns do; from here they stand at `edges`."""
        if self._edges is not None:
            top, before = self._edges
            if before == edges:
                return
            self.add(*(LineItem(x, top, x, self.y, THIN) for x in before))
        self._edges = (self.y, edges) if edges else None

    def _row(self, table: Table, row: Row, left: float, height: float) -> None:
        top, right = self.y, left + table.width
        if row.kind == "total":
            self._rule(left, right, MIDDLE)
        tag = row.tag or row.kind
        measured = self._measure(table, row)
        self._uprights([*(left + x for x in measured.edges), right])
        page = self.pages[-1]
        for x, width, cell in measured.cells:
            page += place_cell(cell, Box(left + x, top, width, height), tag)
        if row.kind != "header":
            del self._measured[id(row)]  # a long table would keep the words of all its rows twice
        self.y += height
        self._rule(left, right, MIDDLE if row.kind == "header" else THIN)


_SMALL = Style("song", 9, pitch=1.3)


def running_head(flow: Flow, words: str, style: Style = _SMALL) -> None:
    """What stands at the top of every page after the first, beside the stamps; the body begins below both."""
    flow.words(words, style, "running head", w=flow.paper.text_width - _STAMPS)
    flow.y = max(flow.y + 2, flow.paper.top + _STAMP + 1.2)


def page_number(n: int, paper: Paper, y: float, size: float = 14) -> TextItem:
    """“— 1 —” at the outer edge: right on odd pages, left on even ones."""
    style = Style("song", size, align="right" if n % 2 else "left", pitch=1.2)
    width = 30.0
    x = paper.text_right - width if n % 2 else paper.left
    return TextItem(Box(x, y, width, line_pitch(size, 1.2)), (f"— {n} —",), style, "page number")


def line_of(x: float, y: float, w: float, text: str, style: Style, tag: str = "") -> TextItem:
    """One unbroken or broken run of words at a place of the page (feet, heads)."""
    lines = break_lines(text, w, style)
    return TextItem(Box(x, y, w, len(lines) * line_pitch(style.size, style.pitch)), lines, style, tag)


def stamp(paper: Paper, words: tuple[str, ...]) -> list[Item]:
    """演示数据, 仅含本单位, 草稿: framed words at the upper right of every page."""
    items: list[Item] = []
    right, y = paper.text_right, paper.top
    style = Style("hei", 12, align="center", pitch=1.2)
    for word in words:
        width, height = 0.36 * 12 * len(word) + 4, _STAMP
        x = right - width
        pitch = line_pitch(12, 1.2)
        items.append(TextItem(Box(x, y + (height - pitch) / 2, width, pitch), (word,), style, "stamp"))
        corners = ((x, y), (right, y), (right, y + height), (x, y + height))
        items += [LineItem(*a, *b, MIDDLE) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
        right = x - 3
    return items


def foot(paper: Paper, n: int, y: float, words: str) -> list[Item]:
    """The page number at the outer edge and what, when and from which ledger at the inner one."""
    found: list[Item] = [page_number(n, paper, y)]
    if words:
        odd = n % 2 == 1
        style = Style("sans", 7.5, align="left" if odd else "right", pitch=1.3)
        x = paper.left if odd else paper.left + 32
        found.append(line_of(x, y + 1.6, paper.text_width - 32, words, style, "imprint"))
    return found
