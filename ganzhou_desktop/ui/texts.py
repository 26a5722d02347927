"""Shared Chinese wording: state words, roles, answers, dates, periods, numbers; and text made safe to show."""

import html
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from ganzhou_desktop.domain import filings, plan, states

PROGRAM = "甘州科创台账"
DOT = " · "
NO_VALUE = "—"
OFFLINE = "单机 · 不联网"
CANCEL = "取消"
CLOSE = "关闭"
OK = "知道了"

STATE_WORDS = states.WORDS

ROLE_WORDS = {plan.LEAD: "牵头", plan.SUPPORT: "配合"}
PRINCIPAL = "主牵头"

ANSWER_WORDS = {
    filings.PROGRESS: "有进展",
    filings.NO_PROGRESS: "无进展",
    filings.NOT_PUBLISHED: "数据未发布",
    filings.NOT_APPLICABLE: "不适用",
}

CONTACT_WORDS = {"head": "负责人", "reviewer": "审核人", "clerk": "填表人", "phone": "电话"}

TARGET_KIND_WORDS = {
    plan.CUMULATIVE: "累计",
    plan.EVERY_YEAR: "每年",
    plan.STOCK: "存量",
    plan.FLOOR: "每期底线",
    plan.LEVEL: "期末水平",
    plan.CHECKLIST: "清单",
    plan.STANDING: "常年",
}

_QUARTERS = "一二三四"
_HALVES = {"1": "上半年", "2": "下半年"}

# Characters that reorder, hide or end what follows: bidi marks, embeddings and isolates, zero-width marks, C0 and C1.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """Text with control characters that would reorder or hide it spelled out, e.g. ⟨U+202E⟩; line breaks stay."""
    text = text.replace("\r\n", "\n")
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)


def plain_tip(text: str) -> str:
    """A tool tip that shows the text letter for letter (Qt would guess rich text) and wraps."""
    if not text:
        return ""
    body = html.escape(visible(text)).replace("\n", "<br>")
    return f"<qt>{body}</qt>"


def no_mnemonic(text: str) -> str:
    """Text for a button or menu whose & is a letter, not a mnemonic."""
    return visible(text).replace("&", "&&")


def role_word(role: str, principal: bool = False) -> str:
    """牵头, 主牵头, 配合; empty for a role the plan does not name."""
    return PRINCIPAL if principal and role == plan.LEAD else ROLE_WORDS.get(role, "")


def date_text(day: date | None) -> str:
    """2018年4月5日."""
    return NO_VALUE if day is None else f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date | None, year: int | None = None) -> str:
    """4月5日 inside the given year, else with the year."""
    if day is None:
        return NO_VALUE
    return f"{day.month}月{day.day}日" if year in (None, day.year) else date_text(day)


def moment_text(moment: datetime | None) -> str:
    """2018年4月9日 09:42."""
    return NO_VALUE if moment is None else f"{date_text(moment.date())} {moment:%H:%M}"


def period_text(name: str) -> str:
    """The name people use for a period: `2018Q1` 2018年第一季度, `2018H1` 2018年上半年, `2018-04` 2018年4月, `2018` 2018年.

    A name of another form comes back as it is.
    """
    year, rest = name[:4], name[4:]
    if not year.isdecimal():
        return name
    if rest == "":
        return f"{year}年"
    if re.fullmatch("Q[1-4]", rest):
        return f"{year}年第{_QUARTERS[int(rest[1]) - 1]}季度"
    if re.fullmatch("H[12]", rest):
        return f"{year}年{_HALVES[rest[1]]}"
    if re.fullmatch("-[0-9]{2}", rest):
        return f"{year}年{int(rest[1:])}月"
    return name


def number_text(value: Decimal | float | None, places: int | None = None) -> str:
    """1,280.50 with fixed places, else without trailing zeros; — for none."""
    if value is None:
        return NO_VALUE
    if places is not None:
        return f"{value:,.{places}f}"
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(value: Decimal | float | None, unit: str, places: int | None = None) -> str:
    """15 家, 55 %: a number and its unit keep one space."""
    return f"{number_text(value, places)} {unit}".rstrip()


def joined(facts: Iterable[str]) -> str:
    """Facts of a note separated by ·, empty ones left out."""
    return DOT.join(fact for fact in facts if fact)


def size_text(size: int) -> str:
    """212 KB, 1.4 MB."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def two_lines(text: str, metrics: QFontMetrics, width: float) -> list[str]:
    """A title in at most two lines, cut between characters, the rest as …."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    cut = next(i for i in range(len(text), 0, -1) if i == 1 or metrics.horizontalAdvance(text[:i]) <= width)
    return [text[:cut], metrics.elidedText(text[cut:], Qt.TextElideMode.ElideRight, int(width))]


_TAILS = ("局", "办", "会", "委")


def head_lines(short: str) -> tuple[str, ...]:
    """A unit's short name in lines of at most three characters, cut where the word is cut: 工商 / 质监局."""
    short = short.removeprefix("有关")  # 有关金融机构: a column head has no room for it, the tip has the whole name
    if len(short) <= 3:
        return (short,)
    if short.endswith(_TAILS) and len(short) <= 6:
        return short[:-3], short[-3:]
    return tuple(short[i : i + 2] for i in range(0, len(short), 2))


_PARTS = {"baseline": "基期", "threshold": "门槛"}


def figure_number(figure: str) -> str:
    """A figure's number as it is said and printed: T5 of T5, T5 基期 of T5.baseline."""
    number, _, part = figure.partition(".")
    return f"{number} {_PARTS.get(part, part)}".rstrip()
