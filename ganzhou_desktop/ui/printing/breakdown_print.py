"""任务分解表 with the customary columns, A3 or A4 landscape."""

from collections.abc import Iterator
from dataclasses import replace

from ganzhou_desktop.services.breakdown import Breakdown, BreakdownRow
from ganzhou_desktop.ui.printing.cells import Cell, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A3_LANDSCAPE, A4_LANDSCAPE, Document, Item, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp
from ganzhou_desktop.ui.printing.phrases import moment_words

TITLE = "重点任务分解表"
HEADS = ("序号", "重点任务", "具体举措及目标要求", "牵头单位", "配合单位", "责任领导", "责任人", "完成时限")
SIGNS = ("填报单位（盖章）：", "单位负责人（签字）：", "审核人：", "填表人：", "联系电话：", "填报日期：")
_SHARES = (4.5, 14, 34.5, 15, 15, 8.5, 15, 13)
_SIGN = 14.0
"""Height of the line to sign, in millimetres."""


def group_words(number: str, title: str) -> str:
    """一、完善三大平台, whatever brackets the plan puts around the number."""
    mark = number.strip("()（）、.")
    return f"{mark}、{title}" if mark else title


def grouped(breakdown: Breakdown) -> Iterator[tuple[str, list[BreakdownRow]]]:
    """Groups that have tasks, with their heading; last, without one, what belongs to none."""
    known = {group for group, _, _ in breakdown.groups}
    for group, number, title in breakdown.groups:
        if found := [row for row in breakdown.rows if row.group == group]:
            yield group_words(number, title), found
    if left := [row for row in breakdown.rows if row.group not in known]:
        yield "", left


def row_words(row: BreakdownRow) -> tuple[str, ...]:
    """A task's words, in the order of HEADS; 责任领导 is left for the hand."""
    return (
        row.number,
        row.title,
        row.measures,
        "、".join(row.leads),
        "、".join(row.supports) or "—",
        "",
        "\n".join(row.persons),
        row.deadline,
    )


def breakdown_document(
    breakdown: Breakdown, *, printed_at: str, ledger_name: str = "", paper: str = "A3", attachment: str = "附件"
) -> Document:
    """The table as a document."""
    page = A3_LANDSCAPE if paper == "A3" else A4_LANDSCAPE
    big = paper == "A3"
    below = 18.0 if big else 15.0
    flow = Flow(page, page.height - below - 2)
    title = f"{breakdown.region}{TITLE}"
    if attachment:
        flow.add(line_of(page.left, page.top, 60, attachment, Style("hei", 16, pitch=1.2), "attachment"))
    flow.y = page.top + 7
    flow.words(title, Style("title", 22 if big else 18, align="center", pitch=1.3), "title")
    flow.y += 1
    flow.words(f"（{breakdown.plan_title}）", Style("kai", 10.5, align="center", pitch=1.3), "plan")
    flow.y += 2.5
    flow.head = lambda f: running_head(f, f"{title}（续）")
    flow.table(_table(breakdown, page.text_width, 10.5 if big else 9), after=_SIGN)
    flow.need(_SIGN)
    flow.y += 5
    style = Style("song", 10.5 if big else 9, pitch=1.3)
    room = page.text_width / len(SIGNS)
    for n, words in enumerate(SIGNS):
        flow.add(line_of(page.left + n * room, flow.y, room - 2, words, style, "signature"))
    flow.y += 7
    stamps = (*(("演示数据",) if breakdown.demo else ()), *(("仅含本单位",) if breakdown.partial else ()))
    imprint = "，".join(w for w in (ledger_name, f"{moment_words(printed_at)} 打印") if w)

    def page_foot(n: int, total: int) -> list[Item]:
        return [*foot(page, n, page.height - below, f"{imprint}，共 {total} 页"), *stamp(page, stamps)]

    return flow.finish(title, page_foot)


def _table(breakdown: Breakdown, width: float, size: float) -> Table:
    head = Style("hei", size, align="center")
    body = Style("fangsong", size, pitch=1.35)
    centred = replace(body, align="center")
    header = Row(tuple(Cell((Words(words, head),), pad=(0.3, 1.5)) for words in HEADS), "header", 10)
    rows: list[Row] = []
    for heading, found in grouped(breakdown):
        if heading:
            words = Words(heading, Style("hei", size))
            rows.append(Row((Cell((words,), span=8, pad=(3, 0.8)), *(None,) * 7), "group", 8))
        for row in found:
            cells = tuple(
                Cell((Words(words, centred if n in (0, 5) else body),) if words else (), pad=(1.2, 1.2))
                for n, words in enumerate(row_words(row))
            )
            rows.append(Row(cells, "body", 12, f"row:{row.number}"))
    widths = tuple(width * share / sum(_SHARES) for share in _SHARES)
    return Table(widths, (header,), tuple(rows), keys=2, continued=1)
