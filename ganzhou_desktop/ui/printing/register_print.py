"""A register (台账) on A3 or A4 landscape: the rows as on screen, as wide as the paper, else in groups of columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ganzhou_desktop.domain.provisional import SHOWN_SO, marked
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.cells import EMPTY, Cell, Row, Table, Words, split_columns
from ganzhou_desktop.ui.printing.items import A3_LANDSCAPE, A4_LANDSCAPE, Document, Item, Paper, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp, uncollected
from ganzhou_desktop.ui.printing.phrases import moment_words
from ganzhou_desktop.ui.printing.watching import tell
from ganzhou_desktop.ui.printing.words import balanced, clean

CENTRE, LEFT, RIGHT = "center", "left", "right"
_SAMPLE = 300
"""Rows whose words are measured for the widths of the columns: enough to see what a column is like."""
_PAD = 1.0
"""Room at the sides of a cell, in millimetres."""
_SIGN = 20.0
"""Height of the lines to sign, in millimetres."""


@dataclass(frozen=True, slots=True)
class PrintColumn:
    """A column: its head, how its words stand, and whether they may be broken into lines."""

    title: str
    align: str = LEFT
    breaks: bool = True


@dataclass(frozen=True, slots=True)
class PrintRow:
    """An entry's words, in the order of the columns; `contested`: 两处不一致, marked ※."""

    cells: tuple[str, ...]
    contested: bool = False


@dataclass(frozen=True, slots=True)
class RegisterPrint:
    """Everything on the paper.

    The first `keys` columns stand on every page; `unit_line` stands between 填报单位 and （盖章）; `scope` names the filter.
    """

    title: str
    unit_line: str
    when: str
    columns: tuple[PrintColumn, ...]
    rows: tuple[PrintRow, ...]
    keys: int = 1
    scope: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """head 负责人, reviewer 审核人, clerk 填表人, phone 联系电话."""
    demo: bool = False
    partial: bool = False
    printed_at: str = ""
    ledger_name: str = ""


@uncollected()
def register_document(printed: RegisterPrint, *, paper: str = "A4", attachment: str = "附件") -> Document:
    """The register as a document."""
    page = A3_LANDSCAPE if paper == "A3" else A4_LANDSCAPE
    big = paper == "A3"
    below = 18.0 if big else 15.0
    flow = Flow(page, page.height - below - 2)
    _head(flow, printed, attachment, big)
    running = f"{printed.title}（续）　填报单位：{printed.unit_line}　{printed.when}"
    flow.head = lambda f: running_head(f, running)
    tables = _tables(printed, page, 10.5 if big else 9)
    for n, table in enumerate(tables):
        if n:
            flow.new_page()
        flow.table(table, after=_SIGN if n == len(tables) - 1 else 0.0)
    if not printed.rows:
        flow.y += 2
        flow.words("没有符合条件的登记。" if printed.scope else "还没有登记。", Style("song", 10.5, pitch=1.3), "empty")
    if any(row.contested for row in printed.rows):
        flow.y += 1.5
        flow.words(SHOWN_SO, Style("song", 9, pitch=1.3), "provisional")
    _sign_off(flow, printed, 10.5 if big else 9)
    stamps = (*(("演示数据",) if printed.demo else ()), *(("仅含本单位",) if printed.partial else ()))
    imprint = "，".join(w for w in (printed.ledger_name, f"{moment_words(printed.printed_at)} 打印") if w)

    def page_foot(n: int, total: int) -> list[Item]:
        return [*foot(page, n, page.height - below, f"{imprint}，共 {total} 页"), *stamp(page, stamps)]

    return flow.finish(printed.title, page_foot)


def _head(flow: Flow, printed: RegisterPrint, attachment: str, big: bool) -> None:
    page = flow.paper
    if attachment:
        flow.add(line_of(page.left, page.top, 60, attachment, Style("hei", 16 if big else 14, pitch=1.2), "attachment"))
    flow.y = page.top + (7 if big else 5)
    flow.words(printed.title, Style("title", 22 if big else 18, align=CENTRE, pitch=1.3), "title")
    flow.y += 2
    style = Style("song", 10.5 if big else 9.5, pitch=1.3)
    told = f"{printed.when}，共 {len(printed.rows)} 条" + (f"，只印：{printed.scope}" if printed.scope else "")
    right = line_of(
        page.left + page.text_width * 0.4, flow.y, page.text_width * 0.6, told, replace(style, align=RIGHT), "when"
    )
    flow.add(right)
    top = flow.y
    flow.words(f"填报单位：{printed.unit_line}（盖章）", style, "unit line", w=page.text_width * 0.4 - 3)
    flow.y = max(flow.y, top + right.box.h) + 1.2


def _sign_off(flow: Flow, printed: RegisterPrint, size: float) -> None:
    flow.need(_SIGN)
    flow.y += 5
    names = printed.names
    signs = (
        ("填报单位（盖章）：", "", 2.8), ("单位负责人（签字）：", names.get("head", ""), 3.4), ("审核人：", names.get("reviewer", ""), 2.3),
        ("填表人：", names.get("clerk", ""), 2.3), ("联系电话：", names.get("phone", ""), 2.9), ("填报日期：", "　　年　月　日", 2.9),
    )  # fmt: skip
    style = Style("song", size, pitch=1.3)
    unit = flow.paper.text_width / sum(share for _, _, share in signs)
    x, height = flow.paper.left, 0.0
    for label, value, share in signs:
        item = line_of(x, flow.y, unit * share - 2, label + value, style, "signature")
        flow.add(item)
        x, height = x + unit * share, max(height, item.box.h)
    flow.y += height + 2


# -- the table ----------------------------------------------------------------------------------------------------


def _tables(printed: RegisterPrint, page: Paper, size: float) -> list[Table]:
    """The whole table where it fits the width, else one for each group of columns."""
    body = Style("fangsong", size, pitch=1.3)
    head = Style("hei", size, align=CENTRE, pitch=1.25)
    columns = (PrintColumn("序号", CENTRE, breaks=False), *printed.columns)
    rows = [PrintRow((str(n), *row.cells), row.contested) for n, row in enumerate(printed.rows, 1)]
    wants = [_wants(column, place, rows, head, body, page) for place, column in enumerate(columns)]
    keys = printed.keys + 1
    widths, sizes = _widths(wants, keys, page.text_width)
    styles = [replace(body, align=column.align) for column in columns]
    heads = [_head_cell(column.title, width, head) for column, width in zip(columns, widths, strict=True)]
    header = Row(tuple(heads), "header", 9)
    table_rows = []
    for number, row in enumerate(rows, 1):
        tell(None, lambda: f"正在排版，共 {len(rows)} 条")
        cells = []
        for place, (words, style) in enumerate(zip(row.cells, styles, strict=True)):
            shown = marked(words, row.contested and place == printed.keys)
            cells.append(Cell((Words(shown, style),), pad=(_PAD, 0.9)) if shown else EMPTY)
        table_rows.append(Row(tuple(cells), "body", 7, f"row:{number}"))
    whole = Table(tuple(widths), (header,), tuple(table_rows), keys=keys, continued=printed.keys)
    return split_columns(whole, sizes) if len(sizes) > 1 else [whole]


def _head_cell(title: str, width: float, style: Style) -> Cell:
    """A head in lines of equal length where that takes no more than three (登记 / 单位)."""
    lines = balanced(title, width - 0.8, style, 3) or ()
    lines = () if any(line[0] in "、，。）”" for line in lines) else lines
    return Cell((Words(title, style, lines),), pad=(0.4, 1.3))


@dataclass(frozen=True, slots=True)
class _Want:
    """What a column needs at least, and what it needs to stand on one line, in millimetres."""

    least: float
    whole: float


def _wants(column: PrintColumn, place: int, rows: Sequence[PrintRow], head: Style, body: Style, page: Paper) -> _Want:
    """From the words of the column: short ones stay whole, long ones may take several lines."""

    def width(text: str, style: Style) -> float:
        return max((fonts.text_width(line, style.role, style.size) for line in clean(text).split("\n")), default=0.0)

    step = max(1, len(rows) // _SAMPLE)
    widest = max((width(row.cells[place], body) for row in rows[::step]), default=0.0) + 2 * _PAD + 0.6
    em = 0.353 * body.size
    title = width(column.title, head) + 1.2
    lines = 2 if len(column.title) > 3 else 1
    least_title = title / lines + em * (lines - 1) * 0.6
    if not column.breaks:
        return _Want(max(widest, least_title), max(widest, title))
    # Six characters a line are the least that reads; a whole page must not go to one column.
    least = max(least_title, min(widest, 6 * em + 2 * _PAD + 0.6))
    return _Want(least, min(max(widest, title), page.text_width * 0.3))


def _widths(wants: Sequence[_Want], keys: int, room: float) -> tuple[list[float], list[int]]:
    """The columns' widths, and how many columns after the keys stand side by side on a page."""
    if sum(w.least for w in wants) <= room:
        return _stretched(wants, room), [len(wants) - keys]
    fixed = [min(w.whole, room * 0.2) if n else w.whole for n, w in enumerate(wants[:keys])]
    left = room - sum(fixed)
    groups: list[list[_Want]] = [[]]
    for want in wants[keys:]:
        if groups[-1] and sum(w.least for w in groups[-1]) + want.least > left:
            groups.append([])
        groups[-1].append(want)
    groups = _even(groups, left)
    return [*fixed, *(w for group in groups for w in _stretched(group, left))], [len(group) for group in groups]


def _even(groups: list[list[_Want]], left: float) -> list[list[_Want]]:
    """The same columns in as many groups, of like width: two half-full pages read better than one full and a rest."""
    columns = [want for group in groups for want in group]
    share = sum(w.least for w in columns) / len(groups)
    found: list[list[_Want]] = [[]]
    done = 0.0
    for want in columns:
        full = sum(w.least for w in found[-1]) + want.least > left
        over = done + want.least / 2 > share * len(found) and len(found) < len(groups)
        if found[-1] and (full or over):
            found.append([])
        found[-1].append(want)
        done += want.least
    return found if len(found) == len(groups) else groups


def _stretched(wants: Sequence[_Want], room: float) -> list[float]:
    """Widths between what is needed and what would be good, together as wide as the room."""
    least, whole = sum(w.least for w in wants), sum(max(w.whole, w.least) for w in wants)
    if whole <= room:
        return [max(w.whole, w.least) * room / whole for w in wants]
    share = max(0.0, min(1.0, (room - least) / (whole - least)))
    return [w.least + (max(w.whole, w.least) - w.least) * share for w in wants]
