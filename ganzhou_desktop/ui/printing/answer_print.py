"""回执单: what the office answered to a unit's filing, row by row, and whether it holds all the unit's PC wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ganzhou_desktop.ui.printing.cells import Cell, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Document, Item, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp
from ganzhou_desktop.ui.printing.phrases import day_words, fours, moment_words

_PAPER = A4_PORTRAIT
_HEAD = Style("hei", 10.5, align="center")
_BODY = Style("fangsong", 11, pitch=1.35)
_CENTRED = Style("song", 10.5, align="center", pitch=1.3)
_LINE = Style("song", 11, pitch=1.45)
_NOTE = Style("song", 9, pitch=1.35)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One matter or figure: its number (empty for a figure), what it is, the unit's part, the word and the reason."""

    number: str
    title: str
    role: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerPrint:
    """Everything the paper says; moments are ISO, `held` is the sentence on what the office has received."""

    region: str
    unit_name: str
    period_title: str
    state: str
    rows: Sequence[AnswerLine]
    figures: Sequence[AnswerLine] = ()
    round: int = 0
    submitted_at: str = ""
    received: str = ""
    form_code: str = ""
    held: str = ""
    missing: Sequence[str] = ()
    printed_at: str = ""
    ledger_name: str = ""
    demo: bool = False


def answer_document(answer: AnswerPrint) -> Document:
    """The paper, A4 portrait."""
    title = "填报回执单"
    flow = Flow(_PAPER, _PAPER.height - 27)
    flow.y = 24
    flow.words(title, Style("title", 20, align="center", pitch=1.35), "title")
    flow.y += 0.8
    flow.words(f"（{answer.period_title}）", Style("kai", 12, align="center", pitch=1.35), "period")
    flow.y += 2
    _facts(flow, answer)
    flow.y += 2
    flow.head = lambda f: running_head(f, f"{title}　{answer.unit_name}（续）")
    flow.table(_table(answer.rows, ("序", "事项", "分工", "区里的答复", "原因或说明")), after=10)
    if answer.figures:
        flow.y += 5
        flow.need(30)
        flow.words("与本单位有关的核定值", Style("hei", 12, pitch=1.35), "heading")
        flow.y += 1
        flow.table(_table(answer.figures, ("", "数字", "", "核定", "数值和依据")), after=10)
    _held(flow, answer)
    _sign_off(flow, answer)
    stamps = ("演示数据",) if answer.demo else ()
    words = "，".join(w for w in (answer.ledger_name, f"{moment_words(answer.printed_at)} 打印") if w)
    return flow.finish(
        f"{title}（{answer.unit_name}）",
        lambda n, total: _foot(n, total, words, stamps),
    )


def _facts(flow: Flow, answer: AnswerPrint) -> None:
    half = _PAPER.text_width / 2
    round_words = f"第 {answer.round} 稿" if answer.round else "—"
    submitted = moment_words(answer.submitted_at) if answer.submitted_at else "—"
    facts = (
        (f"单位：{answer.unit_name}", f"结果：{answer.state}"),
        (f"报表：{round_words}，{submitted} 提交" if answer.round else "报表：还没有提交", f"收到日：{_day(answer)}"),
        (f"校验码：{fours(answer.form_code)}" if answer.form_code else "", ""),
    )
    for left, right in facts:
        if not left and not right:
            continue
        first = line_of(_PAPER.left, flow.y, half - 3, left, _LINE, "fact")
        second = line_of(_PAPER.left + half, flow.y, half, right, _LINE, "fact")
        flow.add(first, second)
        flow.y += max(first.box.h, second.box.h) + 0.6


def _day(answer: AnswerPrint) -> str:
    return day_words(answer.received) if answer.received else "—"


def _table(rows: Sequence[AnswerLine], heads: Sequence[str]) -> Table:
    wide = bool(heads[0])
    widths = (10.0, 58.0, 16.0, 26.0, 46.0) if wide else (0.0, 58.0, 0.0, 22.0, 76.0)
    kept = [n for n, width in enumerate(widths) if width]
    spare = _PAPER.text_width - sum(widths)
    sizes = tuple(widths[n] + (spare if n == 4 else 0) for n in kept)
    header = Row(tuple(Cell((Words(heads[n], _HEAD),), pad=(0.3, 1.2)) for n in kept), "header", 9)
    made = []
    for line in rows:
        bold = replace(_CENTRED, bold=line.word == "退回")
        cells = (
            Cell((Words(line.number, _CENTRED),), pad=(0.2, 1.2)),
            Cell((Words(line.title, _BODY),), pad=(1.2, 1.2)),
            Cell((Words(line.role, _CENTRED),), pad=(0.3, 1.2)),
            Cell((Words(line.word, bold),), pad=(0.4, 1.2)),
            Cell((Words(line.reason, _BODY),), pad=(1.2, 1.2)),
        )
        made.append(Row(tuple(cells[n] for n in kept), "body", 8, f"row:{line.number or line.title}"))
    return Table(sizes, (header,), tuple(made))


def _held(flow: Flow, answer: AnswerPrint) -> None:
    if not answer.held:
        return
    flow.y += 5
    flow.need(16)
    flow.words(answer.held, replace(_LINE, bold=not answer.missing), "held")
    for title in answer.missing:
        flow.words(f"　· {title}", _NOTE, "missing")


def _sign_off(flow: Flow, answer: AnswerPrint) -> None:
    flow.need(24)
    flow.y += 8
    third = _PAPER.text_width / 3
    for n, words in enumerate((f"{answer.region}汇总单位（盖章）：", "经办人：", "日期：　　　年　　月　　日")):
        flow.add(line_of(_PAPER.left + n * third, flow.y, third - 2, words, replace(_LINE, size=10.5), "signature"))
    flow.y += 9


def _foot(n: int, total: int, words: str, stamps: tuple[str, ...]) -> list[Item]:
    return [*foot(_PAPER, n, _PAPER.height - 20, f"{words}，共 {total} 页"), *stamp(_PAPER, stamps)]
