"""恢复单: the founding key on paper, to be typed again one day; goes into the safe."""

from collections.abc import Sequence

from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Box, Document, Item, LineItem, Style, TextItem
from ganzhou_desktop.ui.printing.layout import MIDDLE, THICK, Flow, foot, line_of
from ganzhou_desktop.ui.printing.painting import line_pitch
from ganzhou_desktop.ui.printing.phrases import fours, moment_words

_PAPER = A4_PORTRAIT
_BODY = Style("fangsong", 12, pitch=1.6)
_A_LINE = 4
"""Groups on one line: what the eye keeps between paper and keyboard."""


def recovery_document(
    ledger_name: str, region: str, ledger_code: str, groups: Sequence[str], issued_at: str
) -> Document:
    """One sheet; `groups` are the key's typeable groups in order, printed large with the number of each line."""
    flow = Flow(_PAPER, _PAPER.height - 27)
    flow.y = 30
    flow.words("恢 复 单", Style("title", 26, align="center", pitch=1.4), "title")
    flow.y += 2
    flow.words(f"（{region}　{ledger_name}）", Style("kai", 14, align="center", pitch=1.4), "ledger")
    flow.y += 6
    style = Style("song", 12, pitch=1.5)
    half = _PAPER.text_width / 2
    flow.add(line_of(_PAPER.left + half, flow.y, half, f"生成时间：{moment_words(issued_at)}", _right(style), "issued"))
    flow.words(f"台账码：{fours(ledger_code)}", style, "ledger code", w=half)
    flow.y += 4
    _groups(flow, groups)
    flow.y += 8
    for line in (
        "一、这张纸能让一台新电脑成为区级汇总的电脑，并停用旧的那台。谁持有它，谁就能以区里的名义办账。",
        "二、本机打印后不再保存这组字，程序里查不到，也无法补印。请当场逐行核对字迹清楚，再点“已印好并锁好，本机忘掉它”。",
        "三、请装入信封、骑缝签章，存放单位保险柜；不要拍照、复印、扫描，不要存进电脑或 U 盘。",
        "四、启用办法：在新电脑上打开台账的备份 → 设置 → 恢复单 → 按行输入上面各组字 → 用恢复单认可本机。"
        "字母不分大小写，空格可以不输；没有备份的，可以从任一单位交来的副本找回，见使用手册。",
        "五、启用后放回信封重新封存。怀疑泄露的，这本台账的身份就不可靠了：请立即报告，另建台账。",
    ):
        flow.words(line, _BODY, "instruction")
        flow.y += 1.2
    flow.y += 10
    _signatures(flow)
    return flow.finish(f"恢复单（{ledger_name}）", lambda n, _total: foot(_PAPER, n, _PAPER.height - 20, ""))


def _right(style: Style) -> Style:
    return Style(style.role, style.size, style.bold, "right", style.colour, style.pitch)


def _groups(flow: Flow, groups: Sequence[str]) -> None:
    """The groups in a frame, four to a line, each line numbered; smaller only if a group is too long."""
    size = 24.0 if max((len(g) for g in groups), default=0) <= 5 else 18.0
    style = Style("mono", size, True, "center", pitch=1.3)
    left, width = _PAPER.left, _PAPER.text_width
    height = line_pitch(size, 1.3) + 4
    top = flow.y
    column = (width - 16) / _A_LINE
    lines = [groups[i : i + _A_LINE] for i in range(0, len(groups), _A_LINE)]
    for n, line in enumerate(lines, 1):
        y = flow.y
        small = Style("song", 10.5, align="center", pitch=1.3)
        offset = (height - line_pitch(10.5, 1.3)) / 2
        flow.add(TextItem(Box(left, y + offset, 14, line_pitch(10.5, 1.3)), (f"{n}",), small, "line number"))
        for i, group in enumerate(line):
            area = Box(left + 14 + i * column, y + 2, column, height - 4)
            flow.add(TextItem(area, (group,), style, "key group"))
        flow.y += height
        if n < len(lines):
            flow.add(LineItem(left + 14, flow.y, left + width, flow.y, 0.15, "#8C9693"))
    bottom = flow.y
    edges: list[Item] = [
        LineItem(left, top, left + width, top, THICK),
        LineItem(left, bottom, left + width, bottom, THICK),
        LineItem(left, top, left, bottom, MIDDLE),
        LineItem(left + width, top, left + width, bottom, MIDDLE),
        LineItem(left + 14, top, left + 14, bottom, 0.15),
    ]
    flow.add(*edges)


def _signatures(flow: Flow) -> None:
    style = Style("song", 12, pitch=1.5)
    half = _PAPER.text_width / 2
    for first, second in (
        ("生成人（签字）：", "单位负责人（签字）："),
        ("保管人（签字）：", "存放地点："),
        ("封存日期：　　　年　　月　　日", "启封记录："),
    ):
        flow.add(line_of(_PAPER.left, flow.y, half - 4, first, style, "signature"))
        flow.add(line_of(_PAPER.left + half, flow.y, half - 4, second, style, "signature"))
        flow.y += 12
