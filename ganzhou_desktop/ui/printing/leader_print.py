"""领导一页纸 on A4: the worst matters, one line and one contact each, to be read in black and white at arm's length."""

from dataclasses import replace

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.provisional import COUNTED_SO, marked
from ganzhou_desktop.services.leader import LeaderItem, LeaderPage
from ganzhou_desktop.ui.printing.cells import Cell, Inline, Mark, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Document, Item, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, stamp
from ganzhou_desktop.ui.printing.phrases import day_words, moment_words
from ganzhou_desktop.ui.texts import period_text

_PAPER = A4_PORTRAIT
_HEAD = Style("hei", 12, align="center")
_BODY = Style("fangsong", 13, pitch=1.4)
_NOTE = Style("song", 10, pitch=1.4)


def leader_document(page: LeaderPage, *, printed_at: str, ledger_name: str = "", colour: bool = False) -> Document:
    """The page as a document."""
    title = f"{page.region}科技创新重点任务协调事项"
    flow = Flow(_PAPER, _PAPER.height - 27)
    flow.y = 24
    flow.words(title, Style("title", 22, align="center", pitch=1.35), "title")
    flow.y += 1
    when = f"（{period_text(page.period.name)}，截至{day_words(page.on)}）"
    flow.words(when, Style("kai", 14, align="center", pitch=1.35), "period")
    flow.y += 4
    for words in summary_words(page):
        flow.words(words, replace(_BODY, size=14, pitch=1.5), "summary")
        flow.y += 1
    flow.y += 3
    if page.items:
        flow.table(_table(page, colour))
        flow.y += 3
        note = "按严重程度排列，最多列五项；“需要协调”一栏是单位本期报表里“存在问题”的原话，过长的有删节。"
        flow.words(note, _NOTE, "note")
    if page.provisional:
        flow.y += 1
        flow.words(COUNTED_SO, _NOTE, "provisional")
    stamps = (*(("演示数据",) if page.demo else ()), *(("仅含本单位",) if page.partial else ()))
    imprint = "，".join(w for w in (ledger_name, f"{moment_words(printed_at)} 打印") if w)

    def page_foot(n: int, _total: int) -> list[Item]:
        return [*foot(_PAPER, n, _PAPER.height - 25, imprint), *stamp(_PAPER, stamps)]

    return flow.finish(title, page_foot)


def summary_words(page: LeaderPage) -> tuple[str, ...]:
    """How the headline targets stand, and who has reported."""
    count = sum(number for _, number in page.headline)
    standing = "、".join(
        marked(f"{states.WORDS[state]} {number} 项", state in page.doubtful) for state, number in page.headline
    )
    lines = [f"一、总体目标 {count} 项：{standing}。" if count else "一、方案没有带数字的总体目标。"]
    if not page.asked:
        lines.append("二、本期没有应报的单位。")
    elif page.missing:
        done = page.asked - len(page.missing)
        lines.append(f"二、应报 {page.asked} 家，已报 {done} 家；未报：{'、'.join(page.missing)}。")
    else:
        lines.append(f"二、应报 {page.asked} 家，已全部报送。")
    found = f"三、需要协调的 {len(page.items)} 项：" if page.items else "三、目前没有滞后、逾期或低于底线的事项。"
    return (*lines, found)


def _table(page: LeaderPage, colour: bool) -> Table:
    heads = ("序号", "状态", "事项和需要协调的问题", "等谁办", "联系人")
    header = Row(tuple(Cell((Words(words, _HEAD),), pad=(0.3, 1.6)) for words in heads), "header", 10)
    rows = tuple(_row(n, item, colour) for n, item in enumerate(page.items, 1))
    widths = (11.0, 25.0, 66.0, 28.0, _PAPER.text_width - 130.0)
    return Table(widths, (header,), rows, keys=2)


def _row(n: int, item: LeaderItem, colour: bool) -> Row:
    centred = replace(_BODY, align="center")
    word = Words(states.WORDS[item.state], Style("hei", 12))
    state = Inline((Mark(f"state:{item.state}", 3.6, colour), word), 0.8)
    waits_for = item.unit + ("\n（待明确）" if item.assumed or not item.unit else "")
    return Row(
        (
            Cell((Words(str(n), centred),), pad=(0.3, 1.5)),
            Cell((state,) if state.width <= 24 else (word,), pad=(0.3, 1.5)),
            Cell((Words(item.text, replace(_BODY, bold=True)), Words(item.ask, _BODY)), pad=(1.5, 1.5), gap=1),
            Cell((Words(waits_for.strip(), centred),), pad=(0.8, 1.5)),
            Cell((Words(item.contact, centred),), pad=(0.8, 1.5)),
        ),
        "body",
        20,
        f"item:{n}",
    )
