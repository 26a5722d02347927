"""The task matrix on paper: A3 or A4 landscape, black and white by default."""

import math
from dataclasses import dataclass, replace
from functools import cache, partial

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell as MatrixCell
from ganzhou_desktop.domain.matrix import Matrix, MatrixTask, MatrixUnit
from ganzhou_desktop.domain.plan import LEAD
from ganzhou_desktop.domain.provisional import CONTESTED, marked
from ganzhou_desktop.ui.printing import items
from ganzhou_desktop.ui.printing.cells import (
    EMPTY,
    Cell,
    Gap,
    Inline,
    Known,
    Mark,
    Row,
    Table,
    Words,
    measured_row,
    moved,
    place_inline,
    split_columns,
)
from ganzhou_desktop.ui.printing.items import Box, Document, Item, Paper, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp, uncollected
from ganzhou_desktop.ui.printing.phrases import day_words, moment_words
from ganzhou_desktop.ui.printing.words import balanced
from ganzhou_desktop.ui.shapes import STATE_LOOKS
from ganzhou_desktop.ui.texts import period_text

NARROWEST = 11.0
"""Millimetres below which unit columns are split over several pages instead."""

_SIGNATURES = (("单位负责人（签字）：", 0.0), ("审核人：", 0.34), ("填表人：", 0.55), ("联系电话：", 0.765))


@dataclass(frozen=True, slots=True)
class _Size:
    """Measures of one paper in millimetres and points."""

    paper: Paper
    number: float
    task: float
    state: float
    widest: float
    header: float
    group: float
    total: float
    tallest: float
    least: float
    ring: float
    shape: float
    gap: float
    head: float
    unit: float
    body: float
    word: float
    foot: float
    """Where the line with ledger and page number begins."""


_SIZES = {
    "A3": _Size(items.A3_LANDSCAPE, 11, 62, 21, 26, 15, 8.5, 9, 17.4, 12.5, 3.9, 3.4, 1.9, 10.5, 9, 10.5, 9, 279.2),
    "A4": _Size(items.A4_LANDSCAPE, 9, 44, 17, 24, 12, 6.6, 7, 13, 10.5, 3.3, 2.9, 1.3, 9, 7.5, 9, 8, 195.2),
}


@uncollected()
def matrix_document(
    matrix: Matrix,
    *,
    ledger_name: str,
    printed_at: str,
    paper: str = "A3",
    colour: bool = False,
    attachment: str = "附件1",
    title: str = "",
    unit_line: str = "",
    signature: bool = True,
    legend: bool = True,
    imprint: bool = True,
    scope: str = "",
) -> Document:
    """The matrix as a document.

    `printed_at` is an ISO moment or ready words; `unit_line` stands between 填报单位 and （盖章）; `imprint` prints ledger and time;
    `scope` says what part of the matrix this is, empty for the whole.
    """
    size = _SIZES[paper]
    title = title or matrix.title
    flow = Flow(size.paper, size.foot - 2)
    stamps = _stamps(matrix)
    running = f"{title}（{period_text(matrix.period)}，续）"
    tables = _tables(matrix, size, colour)
    _head(flow, matrix, size, attachment, title, unit_line, scope, printed_at)
    flow.head = lambda f: running_head(f, running, Style("song", 10.5, pitch=1.3))
    ending = _ending(flow, matrix, size, colour, tables, signature, legend)
    for n, table in enumerate(tables):
        if n:
            flow.new_page()
        after = ending.height if n == len(tables) - 1 else 0.0
        flow.table(_stretched(table, flow.room - after, size), after=after)
    flow.need(ending.height)
    ending.draw(flow)
    count = len(matrix.cells)
    imprint_words = f"{ledger_name}，{moment_words(printed_at)} 打印，共 {count} 格" if imprint else ""
    return flow.finish(title, lambda n, _total: _foot(n, size, imprint_words, stamps))


def _stamps(matrix: Matrix) -> tuple[str, ...]:
    return (*(("演示数据",) if matrix.demo else ()), *(("仅含本单位",) if matrix.partial else ()))


def _head(
    flow: Flow, matrix: Matrix, size: _Size, attachment: str, title: str, unit_line: str, scope: str, printed_at: str
) -> None:
    """附件1, title, period, 填报单位 and 填报日期, at the places of the picture."""
    big = size.paper.name == "A3"
    paper = size.paper
    if attachment:
        flow.add(line_of(paper.left, 18 if big else 11, 60, attachment, Style("hei", 16, pitch=1.2), "attachment"))
    flow.y = 26.3 if big else 15.5
    flow.words(title, Style("title", 22 if big else 18, align="center", pitch=1.3), "title")
    flow.y += 1.8 if big else 0.7
    when = [period_text(matrix.period), f"截至{day_words(matrix.period_last)}"]
    if matrix.as_of != matrix.period_last:
        when.append(f"机构按{day_words(matrix.as_of)}")
    if scope:
        when.append(f"只印{scope}")
    flow.words(f"（{'，'.join(when)}）", Style("kai", 14 if big else 12, align="center", pitch=1.3), "period")
    flow.y += 3.4 if big else 0.6
    style = Style("song", 10.5, pitch=1.3)
    half = paper.text_width / 2
    at = flow.y
    flow.words(
        f"填报单位：{unit_line}" if "盖章" in unit_line else f"填报单位：{unit_line}（盖章）",
        style,
        "unit line",
        w=half,
    )
    date = f"填报日期：{day_words(printed_at)}"
    flow.add(line_of(paper.left + half, at, half, date, replace(style, align="right"), "date"))
    flow.y += 2.1 if big else 0.8


def _foot(n: int, size: _Size, imprint: str, stamps: tuple[str, ...]) -> list[Item]:
    return [*foot(size.paper, n, size.foot - 0.2, imprint), *stamp(size.paper, stamps)]


def _tables(matrix: Matrix, size: _Size, colour: bool) -> list[Table]:
    """The table, in as many groups of unit columns as the paper needs."""
    units = len(matrix.units)
    keys = size.number + size.task + size.state
    room = size.paper.text_width - keys
    groups = math.ceil(units / max(1, int(room / NARROWEST))) if units else 0
    sizes = [units // groups + (i < units % groups) for i in range(groups)] if groups else []
    widths: list[float] = []
    for count in sizes:
        widths += [min(size.widest, room / count)] * count
    whole = Table(
        widths=(size.number, size.task, size.state, *widths),
        header=(_header(matrix.units, widths, size),),
        rows=_rows(matrix, size, colour),
        keys=3,
        continued=1,
    )
    parts = split_columns(whole, sizes) if sizes else [whole]
    # What narrow tables leave free goes to 重点任务, so that every page is as wide as the paper.
    full = size.paper.text_width
    return [replace(p, widths=(p.widths[0], p.widths[1] + full - p.width, *p.widths[2:])) for p in parts]


def _stretched(table: Table, room: float, size: _Size) -> Table:
    """Rows as tall as the page allows when the table fits on it, within reason."""
    heights: list[tuple[float, bool]] = []
    known: Known = {}
    used = 0.0
    for row in (*table.header, *table.rows):
        heights.append((measured_row(table, row, known).height, row.kind == "body"))
        used += heights[-1][0]
        if used > room:
            return table
    low, high = size.least, size.tallest
    for _ in range(20):
        middle = (low + high) / 2
        fits = sum(max(height, middle) if body else height for height, body in heights) <= room
        low, high = (middle, high) if fits else (low, middle)
    return table.stretched(low)


def _header(units: tuple[MatrixUnit, ...], widths: list[float], size: _Size) -> Row:
    style = Style("hei", size.head, align="center")
    cells = [Cell((Words(w, style),)) for w in ("序号", "重点任务", "任务状态")]
    for unit, width in zip(units, widths, strict=True):
        words = head_words(unit, width, size.unit)
        cells.append(Cell((Words("".join(words), _unit_style(size.unit), words),), pad=(0.05, 1.0)))
    return Row(tuple(cells), "header", size.header)


def _unit_style(size: float) -> Style:
    return Style("hei", size, align="center", pitch=1.5)


def head_words(unit: MatrixUnit, width: float, size: float) -> tuple[str, ...]:
    """The unit's full name on at most two lines, else its short name, on as many as it takes."""
    style, inner = _unit_style(size), width * 0.93
    for name, most in ((unit.name, 2), (unit.short, 2), (unit.short, len(unit.short) or 1)):
        lines = balanced(name, inner, style, most)
        if lines is not None:
            return lines
    return (unit.short,)


def _rows(matrix: Matrix, size: _Size, colour: bool) -> tuple[Row, ...]:
    cells = {(c.task, c.unit): c for c in matrix.cells}
    known = {g.id for g in matrix.groups}
    blank = (None,) * (2 + len(matrix.units))
    # A large matrix says the same few things over and over: cells that look alike are one cell.
    look = cache(partial(_unit_cell, size, colour))

    def shown(cell: MatrixCell | None) -> Cell:
        if cell is None:
            return EMPTY
        return look(cell.role, cell.principal, cell.state, cell.word, cell.provisional, cell.returned)

    rows: list[Row] = []
    for group in (*matrix.groups, None):
        tasks = [t for t in matrix.tasks if (t.group == group.id if group else t.group not in known)]
        if group and tasks:
            mark = group.number.strip("()（）、.")
            words = Words(f"{mark}、{group.title}" if mark else group.title, Style("hei", size.head))
            rows.append(Row((Cell((words,), span=len(blank) + 1, pad=(3, 0.6)), *blank), "group", size.group))
        for task in tasks:
            rows.append(_task_row(task, [shown(cells.get((task.id, u.id))) for u in matrix.units], size, colour))
    return (*rows, _total_row(matrix, size))


def _task_row(task: MatrixTask, unit_cells: list[Cell], size: _Size, colour: bool) -> Row:
    centred = Style("song", size.body, align="center")
    state_words = Words(marked(task.word, task.provisional), _word_style(size, True, task.state, colour))
    state = Inline((Mark(f"state:{task.state}", size.shape, colour), state_words), 0.9, "left")
    if task.state == states.NOT_HELD or state.width > size.state - 1.8:
        shown = Cell((state_words,), pad=(0.5, 0.5))
    else:
        shown = Cell((state,), pad=(min(2.4, size.state - 0.6 - state.width), 0.5))
    return Row(
        (
            Cell((Words(task.id, centred),), pad=(0.3, 0.5)),
            Cell((Words(task.title, Style("fangsong", size.body)),), pad=(2.2, 0.8)),
            shown,
            *unit_cells,
        ),
        "body",
        size.least,
        f"row:{task.id}",
    )


def _word_style(size: _Size, bold: bool, state: str, colour: bool) -> Style:
    return Style("sans", size.word, bold, "center", STATE_LOOKS[state].colour if colour else "#000000", 1.25)


def _role_mark(role: str, principal: bool) -> str:
    return ("role:principal" if principal else "role:lead") if role == LEAD else "role:support"


def _unit_cell(
    size: _Size, colour: bool, role: str, principal: bool, state: str, word: str, provisional: bool, returned: bool
) -> Cell:
    """Role mark and state shape side by side, the word beneath; ◎ words bold, ※ while two values differ."""
    mark = Mark(_role_mark(role, principal), size.ring, colour)
    if state == states.NOT_HELD:
        return Cell((Inline((mark,)),), hatched=True)
    room_for_one = (Gap(size.ring * 0.3),) if principal else ()
    marks = Inline((mark, Gap(size.gap), *room_for_one, Mark(f"state:{state}", size.shape, colour)), 0)
    words = Words(marked(word, provisional), _word_style(size, role == LEAD, state, colour))
    corner = ("corner:colour" if colour else "corner") if returned else ""
    return Cell((marks, words), corner=corner, pad=(0.05, 0.6), gap=1.5 if size.paper.name == "A3" else 0.4)


def _total_row(matrix: Matrix, size: _Size) -> Row:
    leads, supports = sum(u.leads for u in matrix.units), sum(u.supports for u in matrix.units)
    style = Style("song", size.word, align="center")
    return Row(
        (
            Cell((Words("合计（牵头／配合）", Style("hei", size.head)),), span=2, pad=(3, 0.5)),
            None,
            Cell((Words(f"{leads}／{supports}", replace(style, size=size.head)),), pad=(0.2, 0.5)),
            *(Cell((Words(f"{u.leads}／{u.supports}", style),), pad=(0.05, 0.5)) for u in matrix.units),
        ),
        "total",
        size.total,
    )


@dataclass(frozen=True, slots=True)
class _Ending:
    """Legend, signatures and full names under the table, kept together."""

    height: float
    parts: tuple[tuple[float, tuple[Item, ...]], ...]
    """(offset, items placed at y = 0)."""

    def draw(self, flow: Flow) -> None:
        for offset, found in self.parts:
            flow.add(*(moved(item, 0, flow.y + offset) for item in found))
        flow.y += self.height


def _ending(
    flow: Flow, matrix: Matrix, size: _Size, colour: bool, tables: list[Table], signature: bool, legend: bool
) -> _Ending:
    paper = size.paper
    parts: list[tuple[float, tuple[Item, ...]]] = []
    y = 2.8
    beside = paper.text_width * 0.6 - 4
    style = Style("sans", 9, pitch=1.3)
    lines = _legend_lines(matrix, colour, beside) if legend else []
    # Signatures stand beside a legend that leaves them room, else below it.
    one_line = signature and paper.name == "A3" and len(lines) <= 1
    if legend and not one_line:
        lines = _legend_lines(matrix, colour, paper.text_width)
    for n, line in enumerate(lines):
        parts.append((y, tuple(place_inline(line, Box(paper.left, 0, line.width, 4.6), "legend"))))
        y += 5.4 if n < len(lines) - 1 else 4.6
    if signature:
        x = paper.left + (paper.text_width * 0.6 if one_line else 0.0)
        at = 2.8 if one_line else y + 3.0
        room = paper.text_right - x
        signs = tuple(line_of(x + room * share, 0.25, 36, words, style, "signature") for words, share in _SIGNATURES)
        parts.append((at, signs))
        y = max(y, at + 4.6)
    names = _full_names(matrix, tables)
    if names:
        note = line_of(paper.left, 0, paper.text_width, names, replace(style, role="song"), "full names")
        parts.append((y + 1.4, (note,)))
        y += 1.4 + note.box.h
    return _Ending(y + 0.2, tuple(parts))


def _full_names(matrix: Matrix, tables: list[Table]) -> str:
    """短名＝全称 for every unit whose head is not its full name."""
    heads = [
        "".join(b.lines) for t in tables for c in t.header[0].cells[3:] if c for b in c.blocks if isinstance(b, Words)
    ]
    short = [f"{head}＝{u.name}" for head, u in zip(heads, matrix.units, strict=True) if head != u.name]
    return f"单位全称：{'；'.join(short)}。" if short else ""


def _legend_lines(matrix: Matrix, colour: bool, width: float) -> list[Inline]:
    """The signs that occur, then the words they stand for, in as many lines as they need."""
    style = Style("sans", 9, pitch=1.3)
    lines: list[Inline] = []
    for mark, word in _legend_entries(matrix, colour):
        words = Words(word, style)
        raised = 2.3 if mark and mark.kind == "role:principal" else 0.8
        entry = (mark, Gap(raised), words) if mark else (words,)
        if lines and Inline((*lines[-1].parts, Gap(4.2), *entry), 0, "left").width <= width:
            first_state = mark and mark.kind.startswith("state") and lines[-1].parts[-1] == Words("配合", style)
            between = 8.0 if first_state else 4.2
            lines[-1] = replace(lines[-1], parts=(*lines[-1].parts, Gap(between), *entry))
        else:
            lead = (Words("图例：", style), Gap(1.0)) if not lines else (Gap(10.6),)
            lines.append(Inline((*lead, *entry), 0, "left"))
    return lines


def _legend_entries(matrix: Matrix, colour: bool) -> list[tuple[Mark | None, str]]:
    roles = {_role_mark(c.role, c.principal) for c in matrix.cells}
    found: list[tuple[Mark | None, str]] = [
        (Mark(kind, 3.9, colour), word)
        for kind, word in (("role:principal", "主牵头"), ("role:lead", "牵头"), ("role:support", "配合"))
        if kind in roles
    ]
    shown = {c.state for c in matrix.cells} | {t.state for t in matrix.tasks}
    for state in STATE_LOOKS:
        if state in shown and state != states.NOT_HELD:
            found.append((Mark(f"state:{state}", 3.2, colour), states.WORDS[state]))
    if states.NOT_HELD in shown:
        found.append((Mark("hatch", 3.4), states.WORDS[states.NOT_HELD]))
    if any(c.returned for c in matrix.cells):
        found.append((Mark("corner", 3.0, colour), "已退回"))
    if any(c.provisional for c in matrix.cells):
        found.append((None, f"{CONTESTED} 两处不一致，待定"))
    return found
