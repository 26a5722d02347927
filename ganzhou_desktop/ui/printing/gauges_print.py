"""All gauges on A4 landscape: the headline targets, then each task's, with words and numbers beside every bar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtGui import QPainter

from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.plan import HEADLINE, Task
from ganzhou_desktop.domain.provisional import COUNTED_SO, marked
from ganzhou_desktop.ui.gauge_looks import gauge_look
from ganzhou_desktop.ui.gauge_widgets import draw_bullet
from ganzhou_desktop.ui.printing.cells import Block, Cell, Drawing, Gap, Inline, Mark, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A4_LANDSCAPE, Box, Document, Item, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, running_head, stamp
from ganzhou_desktop.ui.printing.phrases import day_words, moment_words, number_words
from ganzhou_desktop.ui.shapes import STATE_LOOKS

_PAPER = A4_LANDSCAPE
_HEAD = Style("hei", 9.5, align="center")
_BODY = Style("fangsong", 9.5, pitch=1.25)
_NUMBER = Style("song", 9.5, align="right", pitch=1.25)
_NOTE = Style("song", 8.5, pitch=1.25)


def gauges_document(
    gauges: Sequence[Gauge],
    tasks: Sequence[Task],
    *,
    on: str,
    ledger_name: str,
    printed_at: str,
    region: str = "",
    unit_names: Mapping[str, str] | None = None,
    colour: bool = False,
    demo: bool = False,
    partial: bool = False,
) -> Document:
    """The gauges as of the ISO day `on`; targets without a number and without a gauge are not listed."""
    title = f"{region}科技创新目标任务进度表"
    flow = Flow(_PAPER, _PAPER.height - 17)
    flow.y = 14
    flow.words(title, Style("title", 18, align="center", pitch=1.3), "title")
    flow.words(f"（截至{day_words(on)}）", Style("kai", 12, align="center", pitch=1.3), "day")
    flow.y += 1.5
    flow.head = lambda f: running_head(f, f"{title}（续）")
    flow.table(_table(gauges, tasks, unit_names or {}, colour), after=11)
    flow.y += 2
    flow.words(
        "横条为实际值，细竖线（▼）为序时进度，粗竖线为目标值；"
        "灰底由深到浅为落后 30 个百分点以上、10 至 30 个百分点、其余。"
        "斜线空条表示没有数据，不等于零。目标值标“待核定”的，按方案原文数字计算。"
        + (COUNTED_SO if any(g.provisional for g in gauges) else ""),
        _NOTE,
        "note",
    )
    stamps = (*(("演示数据",) if demo else ()), *(("仅含本单位",) if partial else ()))
    words = f"{ledger_name}，{moment_words(printed_at)} 打印"
    return flow.finish(title, lambda n, total: _foot(n, total, words, stamps))


def _table(gauges: Sequence[Gauge], tasks: Sequence[Task], unit_names: Mapping[str, str], colour: bool) -> Table:
    heads = ("编号", "目标", "填报单位", "实际", "序时", "目标值", "进度", "状态", "预计（至期末）")
    header = Row(tuple(Cell((Words(h, _HEAD),), pad=(0.3, 0.8)) for h in heads), "header", 8)
    groups = [("总体目标", HEADLINE), *((f"任务{t.id}　{t.title}", t.id) for t in tasks)]
    rows: list[Row] = []
    for name, task in groups:
        found = [g for g in gauges if g.task == task]
        if found:
            cell = Cell((Words(name, Style("hei", 9.5)),), span=9, pad=(2, 0.5))
            rows.append(Row((cell, *(None,) * 8), "group", 5.6))
        rows += [_row(g, unit_names, colour) for g in found]
    return Table((14, 60.5, 30.5, 20, 18, 29, 44, 22, 28), (header,), tuple(rows), keys=2, continued=1)


def _row(gauge: Gauge, unit_names: Mapping[str, str], colour: bool) -> Row:
    target = f"{'≥' if gauge.at_least else ''}{marked(_with_unit(gauge.target, gauge.unit), gauge.aim_provisional)}"
    origin = "" if gauge.target is None else "已核定" if gauge.confirmed is not None else "待核定"
    tag = (
        (Gap(2.0), Words(origin, Style("sans", 7, pitch=1.3), framed=gauge.confirmed is None), Gap(0.3))
        if origin
        else ()
    )
    target_line = Inline((Words(target, _NUMBER), *tag), 0, "right")
    target_cell: tuple[Block, ...] = (target_line,)
    if target_line.width > 26:
        target_cell = (Words(target, _NUMBER), *((Inline(tag[1:], 0, "right"),) if tag else ()))
    actual = marked(_with_unit(gauge.actual, gauge.unit), gauge.actual_provisional)
    pace = marked(_with_unit(gauge.pace, gauge.unit), gauge.aim_provisional)
    reporting = unit_names.get(gauge.reporting_unit, gauge.reporting_unit)
    reporting += "（待明确）" if gauge.reporting_assumed and reporting else ""
    look = STATE_LOOKS[gauge.state]
    word = Style("sans", 8.5, True, "left", look.colour if colour else "#000000", 1.2)
    state = Inline((Mark(f"state:{gauge.state}", 2.9, colour), Words(gauge.word, word)), 0.7, "left")
    forecast = marked(gauge.forecast_word or _with_unit(gauge.forecast, gauge.unit), gauge.provisional)
    return Row(
        (
            Cell((Words(gauge.id, replace(_NUMBER, align="center")),), pad=(0.2, 0.7)),
            Cell((Words(gauge.name, _BODY),), pad=(1.2, 0.7)),
            Cell((Words(reporting, _NOTE),), pad=(0.8, 0.7)),
            Cell((Words(actual, replace(_NUMBER, bold=True)),), pad=(1.2, 0.7)),
            Cell((Words(pace, _NUMBER),), pad=(1.2, 0.7)),
            Cell(target_cell, pad=(1.5, 0.7)),
            Cell((Drawing(f"bullet:{gauge.id}", 4.4, _bullet(gauge, colour)),), pad=(2, 0.7)),
            Cell((state if state.width < 20.4 else Words(gauge.word, word),), pad=(0.8, 0.7)),
            Cell((Words(forecast, _NOTE),), pad=(1.0, 0.7)),
        ),
        "body",
        7,
        f"gauge:{gauge.id}",
    )


def _with_unit(value: Decimal | None, unit: str) -> str:
    return number_words(value) if value is None else f"{number_words(value)} {unit}".rstrip()


def _bullet(gauge: Gauge, colour: bool) -> Callable[[QPainter, Box], None]:
    look = gauge_look(gauge)  # the very look of the screen: paper and window show one thing

    def paint(painter: QPainter, box: Box) -> None:
        draw_bullet(painter, box.rect, look, not colour)

    return paint


def _foot(n: int, total: int, words: str, stamps: tuple[str, ...]) -> list[Item]:
    y = _PAPER.height - 15.2
    return [*foot(_PAPER, n, y, f"{words}，共 {total} 页"), *stamp(_PAPER, stamps)]
