"""A unit's filing for the 盖章: A4 portrait, with both codes the office compares."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from ganzhou_desktop.domain.provisional import SHOWN_SO, marked
from ganzhou_desktop.ui.printing.cells import Block, Cell, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Document, Item, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp
from ganzhou_desktop.ui.printing.phrases import day_words, fours, moment_words, number_words
from ganzhou_desktop.ui.printing.words import balanced

_PAPER = A4_PORTRAIT
_HEAD = Style("hei", 10, align="center", pitch=1.3)
_BODY = Style("fangsong", 10.5, pitch=1.35)
_SMALL = Style("song", 9, pitch=1.35)


@dataclass(frozen=True, slots=True)
class FilingNumber:
    """One number of a matter: `2a 新认定…  3 家`."""

    id: str
    name: str
    value: Decimal | None
    unit: str
    word: str = ""
    """What stands in the place of a missing number, e.g. 未发布."""
    provisional: bool = False
    """True while two values differ: marked ※."""


@dataclass(frozen=True, slots=True)
class FilingRow:
    """One matter: its task and what the unit answered."""

    number: str
    title: str
    role: str
    answer: str
    progress: str = ""
    problems: str = ""
    next_steps: str = ""
    expected: str = ""
    """When it will be done, if behind (ISO day or words)."""
    measurements: tuple[FilingNumber, ...] = ()
    proofs: tuple[str, ...] = ()
    returned: str = ""
    """Why the office returned it last time."""
    provisional: bool = False
    """True while two answers to it differ: marked ※."""


class RegisterNumber(NamedTuple):
    """What a register makes a number of, beside what the form says."""

    name: str
    counted: Decimal
    reported: Decimal | None
    unit: str
    counted_provisional: bool = False
    reported_provisional: bool = False


@dataclass(frozen=True, slots=True)
class FilingRegister:
    """A register the unit keeps: entries new in the period (— where it has no such day) and in force at its end."""

    name: str
    new: int | None
    in_force: int
    numbers: tuple[RegisterNumber, ...] = ()
    provisional: bool = False
    """Whether two PCs differ about what is new or in force."""


@dataclass(frozen=True, slots=True)
class FilingPrint:
    """Everything on the printed form.  `draft` prints 草稿 and no codes; `source` names the paper of a 代录."""

    plan_title: str
    region: str
    unit_name: str
    period_title: str
    rows: tuple[FilingRow, ...]
    round: int = 1
    submitted_at: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """head 负责人, reviewer 审核人, clerk 填表人, phone 联系电话."""
    site_code: str = ""
    """核对码 of the PC's key."""
    form_code: str = ""
    """校验码 of what the form says."""
    mode: str = "unit"
    source: str = ""
    draft: bool = False
    demo: bool = False
    printed_at: str = ""
    ledger_name: str = ""
    registers: tuple[FilingRegister, ...] = ()
    """台账情况; those without entries are in `empty_registers`."""
    empty_registers: tuple[str, ...] = ()


REGISTERS_NOTE = "台账情况按打印时的登记；校验码只管上面填报的内容。自报数与计数不同的标 ≠，请核对登记或改填报数。"


def filing_document(filing: FilingPrint) -> Document:
    """The form as a document."""
    title = f"{filing.unit_name}{filing.period_title}重点任务落实情况填报表"
    flow = Flow(_PAPER, _PAPER.height - 27)
    _head(flow, filing, title)
    flow.head = lambda f: running_head(f, f"{title}（续）")
    flow.table(_table(filing), after=0.0 if filing.registers else _ending_height(filing))
    if _provisional(filing):
        flow.y += 1.5
        flow.words(SHOWN_SO, _SMALL, "provisional")
    _registers(flow, filing)
    _sign_off(flow, filing)
    stamps = (*(("草稿",) if filing.draft else ()), *(("演示数据",) if filing.demo else ()))
    return flow.finish(title, lambda n, total: _foot(n, total, filing, stamps))


def _provisional(filing: FilingPrint) -> bool:
    """Whether anything on the paper bears ※."""
    filed = any(row.provisional or any(n.provisional for n in row.measurements) for row in filing.rows)
    return filed or any(r.provisional or any(n.counted_provisional for n in r.numbers) for r in filing.registers)


def _head(flow: Flow, filing: FilingPrint, title: str) -> None:
    flow.y = 24
    flow.words(title, Style("title", 18, align="center", pitch=1.35), "title")
    flow.y += 0.8
    flow.words(f"（{filing.plan_title}）", Style("kai", 10.5, align="center", pitch=1.35), "plan")
    flow.y += 2
    half = _PAPER.text_width / 2
    at = flow.y
    flow.words(f"填报单位：{filing.unit_name}（盖章）", Style("song", 10.5, pitch=1.35), "unit line", w=half + 20)
    if filing.draft:
        state = "尚未提交"
    else:
        filed = f"第 {filing.round} 次提交" if filing.round > 1 else "提交"
        state = f"{moment_words(filing.submitted_at)} {filed}" if filing.submitted_at else ""
    right = replace(_SMALL, align="right")
    flow.add(line_of(_PAPER.left + half + 20, at + 0.3, half - 20, state, right, "submitted"))
    if filing.mode == "office":
        flow.words(f"代录：由{filing.region}汇总单位依据“{filing.source}”录入。", _SMALL, "source")
    flow.y += 0.8


def _table(filing: FilingPrint) -> Table:
    heads = ("序号", "重点任务", "分工", "本期情况", "本期进展", "存在问题", "下步措施")
    header = Row(tuple(Cell((Words(h, _HEAD),), pad=(0.4, 1.4)) for h in heads), "header", 10)
    rows: list[Row] = []
    for row in filing.rows:
        rows.append(_answer_row(row))
    return Table((9, 23, 12, 15.6, 51, 29.4, 30), (header,), tuple(rows), keys=2, continued=1)


def _answer_row(row: FilingRow) -> Row:
    centred = Style("song", 10, align="center", pitch=1.3)
    answer = marked(row.answer, row.provisional)
    progress: list[Block] = []
    if row.progress:
        progress.append(Words(row.progress, _BODY))
    for number in row.measurements:
        value = f"{number_words(number.value)} {number.unit}" if number.value is not None else number.word or "未填"
        value = marked(value.rstrip(), number.provisional)
        progress.append(Words(f"[{number.id}] {number.name}：{value}", replace(_SMALL, role="sans")))
    if row.proofs:
        progress.append(Words(f"佐证 {len(row.proofs)} 件：{'、'.join(row.proofs)}", _SMALL))
    if row.returned:
        progress.append(Words(f"上次退回原因：{row.returned}", _SMALL))
    steps: list[Block] = [Words(row.next_steps, _BODY)] if row.next_steps else []
    if row.expected:
        steps.append(Words(f"预计 {day_words(row.expected)} 完成", _SMALL))
    return Row(
        (
            Cell((Words(row.number, centred),), pad=(0.3, 1.2)),
            Cell((Words(row.title, replace(_BODY, size=10)),), pad=(0.8, 1.2)),
            Cell((Words(row.role, centred),), pad=(0.3, 1.2)),
            Cell((Words(answer, centred, balanced(answer, 14, centred, 3) or ()),), pad=(0.4, 1.2)),
            Cell(tuple(progress), pad=(1.2, 1.2), gap=0.8),
            Cell((Words(row.problems, _BODY),) if row.problems else (), pad=(1.2, 1.2)),
            Cell(tuple(steps), pad=(1.2, 1.2), gap=0.8),
        ),
        "body",
        14,
        f"row:{row.number}",
    )


def _registers(flow: Flow, filing: FilingPrint) -> None:
    """台账情况: what the registers say beside what the form says."""
    empty = f"还没有登记：{'、'.join(filing.empty_registers)}。" if filing.empty_registers else ""
    if filing.registers:
        flow.y += 4
        flow.need(32)
        flow.words("台账情况", Style("hei", 11, pitch=1.35), "heading")
        flow.y += 0.8
        flow.table(_registers_table(filing), after=_ending_height(filing) + 10)
        flow.y += 1
        flow.words(f"{empty}{REGISTERS_NOTE}", _SMALL, "registers note")
    elif empty:
        flow.y += 2
        flow.words(f"台账情况：{empty}", _SMALL, "registers note")


def _registers_table(filing: FilingPrint) -> Table:
    centred = Style("song", 10, align="center", pitch=1.35)
    heads = ("台账", "本期新增", "期末有效", "计成的指标", "按台账计数", "自报数")
    header = Row(tuple(Cell((Words(h, _HEAD),), pad=(0.4, 1.2)) for h in heads), "header", 8)
    rows = []
    for kept in filing.registers:
        for n, number in enumerate(kept.numbers or (None,)):
            own = (kept.name, *(marked(w, kept.provisional) for w in (number_of(kept.new), str(kept.in_force))))
            words = (*(own if n == 0 else ("", "", "")), *_number_words(number))
            styles = (_BODY, centred, centred, _BODY if number is not None else centred, centred, centred)
            cells = tuple(
                Cell((Words(w, replace(s, size=10)),) if w else (), pad=(1.2, 0.9))
                for w, s in zip(words, styles, strict=True)
            )
            rows.append(Row(cells, "body", 7, f"register:{kept.name}"))
    return Table((36, 18, 18, 48, 25, 25), (header,), tuple(rows), keys=1)


def _number_words(number: RegisterNumber | None) -> tuple[str, str, str]:
    """(what it is, as counted, as reported); ≠ where the two differ."""
    if number is None:
        return "—", "—", "—"
    counted = marked(f"{number_words(number.counted)} {number.unit}".rstrip(), number.counted_provisional)
    if number.reported is None:
        return number.name, counted, "未填"
    told = marked(f"{number_words(number.reported)} {number.unit}".rstrip(), number.reported_provisional)
    return number.name, counted, told + ("" if number.reported == number.counted else "　≠")


def number_of(count: int | None) -> str:
    """A count of entries; — where there is none to tell."""
    return "—" if count is None else str(count)


def _ending_height(filing: FilingPrint) -> float:
    return 35.0 if filing.draft else 50.0


def _sign_off(flow: Flow, filing: FilingPrint) -> None:
    """Names to sign, the two codes and what to do with them, kept together."""
    codes = not filing.draft
    flow.need(_ending_height(filing))
    flow.y += 4
    style = Style("song", 10.5, pitch=1.35)
    third = _PAPER.text_width / 3
    names = filing.names
    day = day_words(filing.submitted_at) if filing.submitted_at and not filing.draft else "　　年　月　日"
    fields = (
        ("填报单位（盖章）：", ""),
        ("负责人（签字）：", names.get("head", "")),
        ("审核人：", names.get("reviewer", "")),
        ("填表人：", names.get("clerk", "")),
        ("联系电话：", names.get("phone", "")),
        ("填报日期：", day),
    )
    for line in (fields[:3], fields[3:]):
        height = 5.0
        for n, (label, value) in enumerate(line):
            item = line_of(_PAPER.left + n * third, flow.y, third - 3, label + value, style, "signature")
            height = max(height, item.box.h)
            flow.add(item)
        flow.y += height + 5
    if not codes:
        flow.words("草稿不盖章、不报送；提交以后再打印的表才有核对码和校验码。", _SMALL, "note")
        return
    if not filing.form_code:
        flow.words(
            "提交以后这份内容又有改动（两处不一致，或裁定过），表上所印不是哪一次提交的原样，因此没有校验码；请重新提交一次，再打印盖章。",
            _SMALL,
            "note",
        )
        return
    mono = Style("mono", 12, True, pitch=1.3)
    for n, (label, code) in enumerate((("核对码（本机）", filing.site_code), ("校验码（本表）", filing.form_code))):
        x = _PAPER.left + n * _PAPER.text_width / 2
        flow.add(line_of(x, flow.y + 0.5, 27, label, replace(_SMALL, role="hei"), "code label"))
        flow.add(line_of(x + 27, flow.y, _PAPER.text_width / 2 - 27, fours(code) or "—", mono, "code"))
    flow.y += 6.6
    flow.words(
        "合账时请对照：屏幕上这台电脑的核对码、这次填报的校验码，须与本表所印完全一致；"
        "不一致说明纸面与数据包不是同一次填报，请勿接收，先与填表人联系。",
        _SMALL,
        "note",
    )


def _foot(n: int, total: int, filing: FilingPrint, stamps: tuple[str, ...]) -> list[Item]:
    y = _PAPER.height - 20
    printed = f"{moment_words(filing.printed_at)} 打印" if filing.printed_at else ""
    words = "，".join(word for word in (filing.ledger_name, printed, f"共 {total} 页") if word)
    if not filing.draft and filing.form_code:
        words += f"，校验码 {fours(filing.form_code)}"
    return [*foot(_PAPER, n, y, words), *stamp(_PAPER, stamps)]
