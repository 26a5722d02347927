"""The one byte form of exchanged values: canonical JSON, the value types inside it, ids and codes made from it.

The form is that of docs/ledger-format.md: what `json.dumps(x, sort_keys=True, ensure_ascii=False,
separators=(',', ':'))` writes, in UTF-8.  Reading is strict, because a plain parse-dump-compare lets `1.0`
and `NaN` through.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from ganzhou_desktop.domain.errors import RuleBroken

Json: TypeAlias = Any
"""A JSON value: object, array, string, true, false, null, or an integer 0…2^53−1."""

MAX_DEPTH = 6
MAX_INTEGER = 2**53 - 1

NAME = re.compile(r"[a-z0-9_./-]{1,96}\Z")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
HEX32 = re.compile(r"[0-9a-f]{32}\Z")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{0,5}[1-9])?\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class NotCanonical(RuleBroken):
    """Bytes that are not in the one allowed form."""

    def __init__(self, detail: str) -> None:
        super().__init__("not_canonical", f"数据不是约定的写法（{detail}），这份内容不能采用。")
        self.detail = detail


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def encode(value: Json) -> bytes:
    """The canonical bytes of a JSON value.  Does not check the value: `decode` and `check_tree` do."""
    return _ENCODER.encode(value).encode("utf-8")


def encode_text(value: Json) -> str:
    """The canonical bytes of a JSON value as text, for columns of text."""
    return _ENCODER.encode(value)


def decode(data: bytes) -> Json:
    """Parse canonical bytes; raises NotCanonical for anything else, however deep or odd it is."""
    try:
        text = data.decode("utf-8")
        value = _DECODER.decode(text)
    except (UnicodeDecodeError, json.JSONDecodeError) as exc:
        raise NotCanonical("不是 JSON") from exc
    except RecursionError as exc:
        raise NotCanonical("层数过多") from exc
    # Without an escape no text can hold what only an escape can spell: U+0000 and lone surrogates.
    check_tree(value, texts="\\u" in text)
    if _ENCODER.encode(value) != text:  # a name that stands twice too: only one of the two was written again
        raise NotCanonical("字节与约定写法不同")
    return value


def check_tree(value: Json, *, texts: bool = True) -> None:
    """Raise NotCanonical unless every name, value type and the depth are allowed; `texts`: look into texts too."""
    level = [value]
    for depth in range(MAX_DEPTH + 1):
        deeper: list[Json] = []
        for one in level:
            kind = type(one)
            if kind is str:
                if texts:
                    _check_text(one)
            elif kind is dict or kind is list:
                if depth == MAX_DEPTH:
                    raise NotCanonical("层数过多")
                if kind is dict:
                    if not _NAMES.issuperset(one):
                        _check_names(one)
                    deeper.extend(one.values())
                elif _NUMBERS.issuperset(map(type, one)):
                    if one and not 0 <= min(one) <= max(one) <= MAX_INTEGER:
                        raise NotCanonical("整数越界")
                elif texts or not _TEXTS.issuperset(map(type, one)):
                    deeper.extend(one)
            elif kind is int:
                if not 0 <= one <= MAX_INTEGER:
                    raise NotCanonical("整数越界")
            elif one is not None and kind is not bool:
                raise NotCanonical("值的类型不合规")
        if not deeper:
            return
        level = deeper


_NUMBERS = frozenset({int})
_TEXTS = frozenset({str})
"""Lists of nothing else, which may have a million members, are not looked at one by one."""

_NAMES: set[str] = set()
"""Names found in order before, so that most need no look; bounded."""
_MOST_NAMES = 4096


def _check_names(names: Iterable[Json]) -> None:
    for name in names:
        if not isinstance(name, str) or not NAME.match(name):
            raise NotCanonical("名称不合规")
        if len(_NAMES) < _MOST_NAMES:
            _NAMES.add(name)


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise NotCanonical("含有空字符")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise NotCanonical("含有残缺字符") from exc


def _refuse_number(text: str) -> Json:
    raise NotCanonical("数字写法不合规")


def _small_integer(text: str) -> int:
    if len(text) > 16:
        raise NotCanonical("整数越界")
    return int(text)


_DECODER = json.JSONDecoder(
    parse_float=_refuse_number,
    parse_constant=_refuse_number,
    parse_int=_small_integer,
)


# -- values -----------------------------------------------------------------------------------------------


def clean_text(text: str) -> str:
    """Text as it is kept when typed: NFC, line ends LF, no control characters but line feed and tab, no outer blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


def decimal_text(value: Decimal) -> str:
    """The one spelling of a decimal, e.g. `2`, `0.5`, `-1.25`; raises RuleBroken beyond 18 digits or 6 places."""
    if not value.is_finite():
        raise RuleBroken("bad_number", "这不是一个数，请填写普通数字。")
    if value == 0:
        return "0"
    if not -8 < value.adjusted() < 18:
        raise RuleBroken("bad_number", "数字太长：整数部分最多 18 位，小数最多 6 位。")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if not DECIMAL.match(text):
        raise RuleBroken("bad_number", "数字太长：整数部分最多 18 位，小数最多 6 位。")
    return text


def shown_number(value: Decimal) -> str:
    """A decimal spelled as `decimal_text` does, of whatever length: sums and shares are shown, never refused."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if value == 0 else text


def is_decimal(value: Json) -> bool:
    return isinstance(value, str) and DECIMAL.match(value) is not None and value != "-0"


def is_date(value: Json) -> bool:
    if not isinstance(value, str) or not DATE.match(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_instant(value: Json) -> bool:
    if not isinstance(value, str) or not INSTANT.match(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def instant_text(moment: datetime) -> str:
    """An aware moment as `YYYY-MM-DDTHH:MM:SSZ` in UTC, seconds truncated."""
    # Not strftime: it writes the year 800 in three digits.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def local_moment(text: str) -> datetime:
    """An instant as `instant_text` writes it, by this PC's time zone; in UTC where this PC's calendar does not reach."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    try:
        return moment.astimezone()
    except (OverflowError, OSError, ValueError):  # a clock that stands in the year 9999, or on Windows before 1970
        return moment


# -- ids and codes ----------------------------------------------------------------------------------------


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def ledger_id(founding_key: bytes, salt: bytes) -> str:
    """The id of a ledger pins its founding public key (32 bytes) and 16 random bytes."""
    return sha256_hex(b"gz-ledger-1\n" + founding_key + salt)


def record_id(ledger: str, scope: str, kind: str, key: str) -> str:
    """32 hex digits that name a record everywhere."""
    return record_ids(ledger, scope, [(kind, key)])[0]


def record_ids(ledger: str, scope: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """The ids of many (kind, key) of one scope: the canonical bytes of `[ledger, scope, kind, key]`, put together."""
    encoded = _ENCODER.encode
    begun = hashlib.sha256(f"[{encoded(ledger)},{encoded(scope)},".encode())
    found = []
    for kind, key in named:
        digest = begun.copy()
        digest.update(f"{encoded(kind)},{encoded(key)}]".encode())
        found.append(digest.hexdigest()[:32])
    return found


def crockford(data: bytes) -> str:
    """Crockford base 32 of bytes, most significant bits first, zero-padded at the end to whole digits."""
    bits = int.from_bytes(data, "big")
    length = len(data) * 8
    digits = -(-length // 5)
    bits <<= digits * 5 - length
    return "".join(_CROCKFORD[(bits >> (5 * (digits - 1 - i))) & 31] for i in range(digits))


def from_crockford(text: str, length: int) -> bytes:
    """Bytes typed as Crockford base 32; blanks, dashes, width and case do not matter, O is 0, I and L are 1."""
    folded = (
        re.sub(r"[\s\-·—–]", "", unicodedata.normalize("NFKC", text))
        .upper()
        .replace("O", "0")
        .replace("I", "1")
        .replace("L", "1")
    )
    digits = -(-length * 8 // 5)
    if len(folded) != digits or any(c not in _CROCKFORD for c in folded):
        raise RuleBroken("bad_code", "这串代码不完整或有错字，请对照纸面逐组核对后重新输入。")
    bits = 0
    for c in folded:
        bits = bits << 5 | _CROCKFORD.index(c)
    spare = digits * 5 - length * 8
    if bits & ((1 << spare) - 1):
        raise RuleBroken("bad_code", "这串代码有错字，请对照纸面逐组核对后重新输入。")
    return (bits >> spare).to_bytes(length, "big")


def _code(parts: list[str]) -> str:
    text = crockford(hashlib.sha256(encode(parts)).digest()[:10])
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def site_code(ledger: str, scope: str, site: str) -> str:
    """核对码 of a PC's key in one scope: 80 bits as 4×4 characters."""
    return _code(["gz-site-1", ledger, scope, site])


def ledger_code(ledger: str) -> str:
    """The ledger's own code, shown when a copy is joined."""
    return _code(["gz-ledger-1", ledger])


def form_code(filing: str) -> str:
    """Check code of a stamped form: ties the paper to one filing (operation id)."""
    return _code(["gz-form-1", filing])


def code_bytes(typed: str) -> bytes | None:
    """What a typed code stands for, forgiving about blanks, dashes, case and look-alike letters; None if it is none."""
    try:
        return from_crockford(typed, 10)
    except RuleBroken:
        return None


def same_code(typed: str, code: str) -> bool:
    """Whether a typed code is that code."""
    meant = code_bytes(typed)
    return meant is not None and meant == code_bytes(code)


def heads_digest(operation_ids: list[str]) -> str:
    """`heads`: SHA-256 of all operation ids, sorted, each followed by a line feed."""
    return sha256_hex("".join(f"{i}\n" for i in sorted(operation_ids)).encode("ascii"))
