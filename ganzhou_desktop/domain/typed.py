"""What a clerk types or pastes, as the values records keep: dates and numbers in the many ways offices write them."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from ganzhou_desktop.domain.canonical import MAX_INTEGER, Json, clean_text, decimal_text, is_date, is_decimal
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import CHOICE, DATE, DECIMAL, FLAG, INTEGER, LONG_TEXT, Column

_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:\s+0{1,2}:00(?::00)?)?\Z|(\d{4})(\d{2})(\d{2})\Z"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_YES = ("是", "有", "√", "✓", "✔", "y", "yes", "true", "1")
_NO = ("否", "无", "×", "✗", "n", "no", "false", "0")
TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 5000


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as the plain ones; no blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


def read_date(text: str) -> date | None:
    """`2018-04-05`, `2018.4.5`, `2018/4/5 0:00:00`, `2018年4月5日`, `20180405`; None when it is no day."""
    found = _DATE.match(half_width(text).translate(_DASHES))
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    try:
        return date(*parts)
    except ValueError:
        return None


def read_number(text: str) -> Decimal | None:
    """A plain number, thousands separated by commas or not; None when it is none or finer than six places."""
    plain = half_width(text).translate(_DASHES)
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", plain):
        return None
    try:
        value = Decimal(plain)
        return value if is_decimal(decimal_text(value)) else None
    except (InvalidOperation, RuleBroken):
        return None


def read_value(column: Column, typed: object) -> Json:
    """The value of a column from what was typed (text, or the typed cell of a workbook); None for an empty one.

    RuleBroken `bad_value` with a sentence naming the column when it cannot be read as such.
    """
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    match column.form:
        case "date":
            day = typed if isinstance(typed, date) else read_date(str(typed))
            if day is None:
                raise _wrong(column, typed, "不是日期，请写成 2018-04-05 或 2018年4月5日")
            return date(day.year, day.month, day.day).isoformat()
        case "integer" | "decimal":
            return _number(column, typed)
        case "flag":
            word = "是" if typed is True else "否" if typed is False else half_width(str(typed)).lower()
            if word not in (*_YES, *_NO):
                raise _wrong(column, typed, "请写“是”或“否”")
            return word in _YES
        case "choice":
            text = clean_text(str(typed))
            found = next((c for c in column.choices if half_width(c).lower() == half_width(text).lower()), None)
            if found is None:
                raise _wrong(column, typed, f"不在选项里，请选：{'、'.join(column.choices)}")
            return found
        case _:
            text = clean_text(typed.isoformat() if isinstance(typed, date) else str(typed))
            limit = LONG_TEXT_LIMIT if column.form == LONG_TEXT else TEXT_LIMIT
            if len(text) > limit:
                raise _wrong(column, text[:12] + "…", f"有 {len(text)} 字，最多 {limit} 字，请写短一些")
            return (text if column.form == LONG_TEXT else text.replace("\n", " ")) or None


def _number(column: Column, typed: object) -> Json:
    number = Decimal(typed) if type(typed) is int or isinstance(typed, Decimal) else read_number(str(typed))
    if number is None or not number.is_finite():
        raise _wrong(column, typed, "不是数字，或超过 18 位整数、6 位小数")
    if column.form == DECIMAL:
        try:
            return decimal_text(number)
        except RuleBroken as exc:
            raise _wrong(column, typed, "超过 18 位整数、6 位小数") from exc
    if number != number.to_integral_value() or not 0 <= number <= MAX_INTEGER:
        raise _wrong(column, typed, "应为 0 以上的整数")
    return int(number)


def _wrong(column: Column, typed: object, why: str) -> RuleBroken:
    return RuleBroken("bad_value", f"“{column.title}”填的“{typed}”{why}；这一格没有改动。")


def value_text(column: Column, value: Json) -> str:
    """A value as people read it, also one that does not fit its column; empty for one never written."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(value_text(column, one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def fits(column: Column, value: Json) -> bool:
    """Whether a value that came in a copy is one of this column; others are shown as text and counted nowhere."""
    match column.form:
        case form if form == DATE:
            return is_date(value)
        case form if form == INTEGER:
            return type(value) is int
        case form if form == DECIMAL:
            return isinstance(value, str) and is_decimal(value)
        case form if form == FLAG:
            return isinstance(value, bool)
        case form if form == CHOICE:
            return value in column.choices
    return isinstance(value, str)
