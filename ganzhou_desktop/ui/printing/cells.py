"""What a table is made of: cells of words and marks, rows, columns; and how tall a row becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from PySide6.QtGui import QPainter

from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import Box, Item, LineItem, MarkItem, PictureItem, Style, TextItem
from ganzhou_desktop.ui.printing.painting import line_pitch
from ganzhou_desktop.ui.printing.words import break_lines, clean

CONTINUED = "（续）"


@dataclass(frozen=True, slots=True)
class Words:
    """Running words, broken to the cell's width; `lines` overrides the breaking."""

    text: str
    style: Style
    lines: tuple[str, ...] = ()
    framed: bool = False
    """A dashed edge around it (待核定); on a line with others only."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A painted mark of a size in millimetres."""

    kind: str
    size: float
    colour: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty room within a line, in millimetres."""

    size: float


@dataclass(frozen=True, slots=True)
class Inline:
    """Marks and words on one line, never broken, `gap` millimetres apart."""

    parts: tuple[Mark | Gap | Words, ...]
    gap: float = 1.2
    align: str = "center"

    @property
    def width(self) -> float:
        widths = [_width(p) if isinstance(p, Words) else p.size for p in self.parts]
        return sum(widths) + self.gap * max(0, len(widths) - 1)

    @property
    def height(self) -> float:
        return max(
            line_pitch(p.style.size, p.style.pitch) if isinstance(p, Words) else p.size if isinstance(p, Mark) else 0.0
            for p in self.parts
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as wide as the cell."""

    kind: str
    height: float
    paint: Callable[[QPainter, Box], None]


Block = Words | Inline | Drawing


@dataclass(frozen=True, slots=True)
class Cell:
    """Blocks one under another."""

    blocks: tuple[Block, ...] = ()
    span: int = 1
    top: bool = False
    """At the top of the cell instead of its middle."""
    corner: str = ""
    """A mark in the lower right corner: `corner`, `corner:colour`."""
    hatched: bool = False
    pad: tuple[float, float] = (1.0, 1.0)
    """Room at the sides and above/below, in millimetres."""
    gap: float = 0.5
    """Between blocks."""


EMPTY = Cell()
"""The cell in which nothing is said."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; a cell spanning n columns is followed by n-1 None."""

    cells: tuple[Cell | None, ...]
    kind: str = "body"
    """`header`, `group` (kept with the next row), `body`, `total` (a heavier rule above)."""
    least: float = 0.0
    """Minimal height in millimetres."""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with widths in millimetres; the first `keys` columns stand on every page."""

    widths: tuple[float, ...]
    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    keys: int = 1
    continued: int = 0
    """The column that says （续） on the later pieces of a row taller than a page."""

    @property
    def width(self) -> float:
        return sum(self.widths)

    def stretched(self, least: float) -> "Table":
        """The same table with body rows at least so tall."""
        grown = tuple(replace(r, least=max(r.least, least)) if r.kind == "body" else r for r in self.rows)
        return replace(self, rows=grown)


def split_columns(table: Table, sizes: Sequence[int]) -> list[Table]:
    """One table for each run of the columns after the keys, each with the keys before it."""
    keys, start, parts = table.keys, table.keys, []

    def pick(row: Row, columns: list[int]) -> Row:
        return replace(row, cells=tuple(row.cells[c] for c in columns))

    for size in sizes:
        columns = [*range(keys), *range(start, start + size)]
        parts.append(
            replace(
                table,
                widths=tuple(table.widths[c] for c in columns),
                header=tuple(pick(r, columns) for r in table.header),
                rows=tuple(pick(r, columns) for r in table.rows),
            )
        )
        start += size
    return parts


def _width(words: Words) -> float:
    return fonts.text_width(clean(words.text), words.style.role, words.style.size, words.style.bold)


def cell_widths(table: Table, row: Row) -> list[tuple[float, float, Cell]]:
    """(x from the table's left, width, cell) of each cell of a row, spans added up."""
    found: list[tuple[float, float, Cell]] = []
    x = 0.0
    for cell, width in zip(row.cells, table.widths, strict=True):
        if cell is None and found:
            left, wide, last = found[-1]
            found[-1] = (left, wide + width, last)
        elif cell is not None:
            found.append((x, width, cell))
        x += width
    return found


def words_lines(words: Words, width: float) -> tuple[str, ...]:
    return words.lines or break_lines(words.text, width, words.style)


class MeasuredBlock(NamedTuple):
    """A block in the width it has: its height, its lines of words, or an inline's items as if placed at the origin."""

    block: Block
    height: float
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


class MeasuredCell(NamedTuple):
    """A cell in the width it has, and the height it needs, padding included."""

    cell: Cell
    height: float
    blocks: tuple[MeasuredBlock, ...]


class MeasuredRow(NamedTuple):
    """A row with its words broken: (x, width, cell) of all that is painted, and the left edges of all its cells."""

    height: float
    cells: list[tuple[float, float, MeasuredCell]]
    edges: list[float]


Known = dict[tuple[int, float], MeasuredCell]
"""Cells by identity and width: a table may show one and the same cell in many places.  Kept no longer than the table."""


def measured_row(table: Table, row: Row, known: Known) -> MeasuredRow:
    """A row from the real metrics of its words."""
    tallest, cells, edges = row.least, [], []
    for x, width, cell in cell_widths(table, row):
        edges.append(x)
        if cell is EMPTY:
            continue
        measured = known.get((id(cell), width))
        if measured is None:
            measured = known[id(cell), width] = _measured(cell, width)
        tallest = max(tallest, measured.height)
        cells.append((x, width, measured))
    return MeasuredRow(tallest, cells, edges)


def _measured(cell: Cell, width: float) -> MeasuredCell:
    inner = width - 2 * cell.pad[0]
    blocks = tuple([_measured_block(block, inner) for block in cell.blocks])
    between = cell.gap * max(0, len(blocks) - 1)
    return MeasuredCell(cell, sum([block.height for block in blocks]) + between + 2 * cell.pad[1], blocks)


def _measured_block(block: Block, width: float) -> MeasuredBlock:
    if isinstance(block, Words):
        lines = words_lines(block, width)
        return MeasuredBlock(block, len(lines) * line_pitch(block.style.size, block.style.pitch), lines)
    if isinstance(block, Inline):
        height = block.height
        return MeasuredBlock(block, height, items=tuple(place_inline(block, Box(0, 0, width, height), "")))
    return MeasuredBlock(block, block.height)


def place_cell(measured: MeasuredCell, box: Box, tag: str) -> list[Item]:
    """A cell's items within its box."""
    cell = measured.cell
    left, inner = box.x + cell.pad[0], box.w - 2 * cell.pad[0]
    free = box.h - measured.height
    y = box.y + cell.pad[1] + (0.0 if cell.top else max(0.0, free / 2))
    items: list[Item] = [MarkItem(box, "hatch")] if cell.hatched else []
    for block, height, lines, inline in measured.blocks:
        if isinstance(block, Words):
            items.append(TextItem(Box(left, y, inner, height), lines, block.style, tag))
        elif isinstance(block, Inline):
            items += [moved(item, left, y, tag) for item in inline]
        else:
            items.append(PictureItem(Box(left, y, inner, height), block.kind, block.paint))
        y += height + cell.gap
    if cell.corner:
        side = 2.9
        corner = Box(box.right - side, box.bottom - side, side, side)
        items.append(MarkItem(corner, "corner", cell.corner.endswith("colour")))
    return items


def moved(item: Item, dx: float, dy: float, tag: str = "") -> Item:
    """The same item elsewhere; words get the tag."""
    if isinstance(item, LineItem):
        return replace(item, x1=item.x1 + dx, y1=item.y1 + dy, x2=item.x2 + dx, y2=item.y2 + dy)
    box = Box(item.box.x + dx, item.box.y + dy, item.box.w, item.box.h)
    if isinstance(item, MarkItem):
        return MarkItem(box, item.kind, item.colour)
    if isinstance(item, TextItem):
        return TextItem(box, item.lines, item.style, tag or item.tag)
    return replace(item, box=box)


def place_inline(block: Inline, area: Box, tag: str) -> list[Item]:
    """Marks and words side by side, all about the same middle."""
    free = area.w - block.width
    x = area.x + {"left": 0.0, "center": free / 2, "right": free}[block.align]
    middle = area.y + area.h / 2
    items: list[Item] = []
    for part in block.parts:
        if isinstance(part, Mark):
            items.append(MarkItem(Box(x, middle - part.size / 2, part.size, part.size), part.kind, part.colour))
            x += part.size + block.gap
        elif isinstance(part, Gap):
            x += part.size + block.gap
        else:
            width, height = _width(part), line_pitch(part.style.size, part.style.pitch)
            items.append(TextItem(Box(x, middle - height / 2, width, height), (clean(part.text),), part.style, tag))
            if part.framed:
                items += _frame(Box(x - 0.6, middle - height / 2, width + 1.2, height))
            x += width + block.gap
    return items


def _frame(box: Box) -> list[Item]:
    corners = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))
    return [LineItem(*a, *b, 0.15, dashed=True) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]


def row_pieces(table: Table, row: Row, first_room: float, room: float) -> list[Row]:
    """A row taller than a page as rows that fit: key cells repeated, （续） said, other words going on line by line."""
    left: list[list[Words]] = []
    for index, (_, width, cell) in enumerate(cell_widths(table, row)):
        key = index < table.keys
        left.append([] if key else _single_lines(cell, width))
    pieces: list[Row] = []
    while not pieces or any(left):
        space = (room if pieces else first_room) - 0.1
        cells: list[Cell | None] = []
        for index, (_, _, cell) in enumerate(cell_widths(table, row)):
            if index >= table.keys:
                taken, left[index] = _take(left[index], space - 2 * cell.pad[1])
                cell = replace(cell, blocks=tuple(taken), top=True, gap=0.0)
            else:
                cell = replace(_continued(cell) if pieces and index == table.continued else cell, top=True)
            cells += [cell, *[None] * (cell.span - 1)]
        pieces.append(replace(row, cells=tuple(cells), least=0.0))
    return pieces


def _single_lines(cell: Cell, width: float) -> list[Words]:
    """Every line of a cell as a block of its own; marks keep their place as words cannot be told from them."""
    inner = width - 2 * cell.pad[0]
    return [
        replace(block, text=line, lines=(line,))
        for block in cell.blocks
        if isinstance(block, Words)
        for line in words_lines(block, inner)
    ]


def _take(lines: list[Words], room: float) -> tuple[list[Words], list[Words]]:
    used, count = 0.0, 0
    for line in lines:
        used += line_pitch(line.style.size, line.style.pitch)
        if used > room and count:
            break
        count += 1
    return lines[:count], lines[count:]


def _continued(cell: Cell) -> Cell:
    blocks = list(cell.blocks)
    for n, block in enumerate(blocks):
        if isinstance(block, Words):
            blocks[n] = replace(block, text=block.text + CONTINUED, lines=())
            break
    return replace(cell, blocks=tuple(blocks))
