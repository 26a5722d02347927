"""The one byte form, its values, ids and codes."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain import canonical
from ganzhou_desktop.domain.canonical import NotCanonical, decode, encode
from ganzhou_desktop.domain.errors import RuleBroken

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, canonical.MAX_INTEGER) | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"\A[a-z0-9_./-]{1,8}\Z"), inner, max_size=3)
    ),
    max_leaves=8,
)


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((depth(v) for v in inner), default=0) + isinstance(value, dict | list)


@given(values)
def test_what_is_written_is_read_again(value: object) -> None:
    if depth(value) > canonical.MAX_DEPTH:
        with pytest.raises(NotCanonical):
            decode(encode(value))
    else:
        assert decode(encode(value)) == value
        assert encode(value) == json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"1.0", b"1e2", b"-0", b"-1", b"NaN", b"Infinity", b"-Infinity", b"9007199254740992", b"1" * 5000, b" 1", b"1 ",
        b"01", b'"\\u0000"', b'"\\ud800"', b'"\\u00e9"', b'"\\/"', b"'x'", b"", b"tru", b"\xef\xbb\xbf1", b'"\xff"',
        b'"\xed\xa0\x80"', b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"A":1}', b'{"":1}', b'{"\xe4\xb8\xad":1}', b'{"a": 1}',
        b'{"' + b"a" * 97 + b'":1}', b"[1,]", b"[" * 7 + b"]" * 7, b"[" * 200_000, b"[" * 200_000 + b"]" * 200_000,
        b'"a\nb"', b'"\\u000a"',
    ],
)  # fmt: skip
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical) as told:
        decode(data)
    assert told.value.text.endswith("。")


def test_the_edges_of_what_is_allowed() -> None:
    for data in (b"0", b"9007199254740991", b"[[[[[[]]]]]]", b'{"a/b.c_d-9":null}', '"甲\\n\u2028\U0001f600"'.encode()):
        assert encode(decode(data)) == data


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_decimal_has_one_spelling(value: Decimal) -> None:
    text = canonical.decimal_text(value)
    assert canonical.is_decimal(text)
    assert Decimal(text) == value
    assert canonical.decimal_text(Decimal(text)) == text


@pytest.mark.parametrize(
    "text", ["-0", "1.0", "01", ".5", "1.", "+1", "1e3", "0.0000001", "1234567890123456789", "", " 1", "１"]
)
def test_other_spellings_are_no_decimals(text: str) -> None:
    assert not canonical.is_decimal(text)


def test_numbers_too_long_are_refused_at_once() -> None:
    for value in ("NaN", "Infinity", "1E+999999999999", "1E-999999999999", "1234567890123456789", "0.0000001", "1E18"):
        with pytest.raises(RuleBroken):
            canonical.decimal_text(Decimal(value))
    assert canonical.decimal_text(Decimal("0E-20")) == "0"
    assert canonical.decimal_text(Decimal("-0.00")) == "0"
    assert canonical.decimal_text(Decimal("9" * 18 + ".000001")) == "9" * 18 + ".000001"


def test_dates_and_instants() -> None:
    assert canonical.is_date("2020-02-29")
    assert not any(canonical.is_date(v) for v in ("2019-02-29", "20200229", "2020-W01-1", "2020-2-9", None, 20200229))
    assert canonical.is_instant("2018-04-02T01:00:00Z")
    assert not any(
        canonical.is_instant(v) for v in ("2018-04-02T24:00:00Z", "2018-04-02T01:00:60Z", "2018-04-02 01:00:00Z", 1)
    )


def test_text_is_made_one_form_when_typed() -> None:
    assert canonical.clean_text(" e\u0301\r\nx\ry\x00\x07\ud800 ") == "é\nx\ny"


@given(st.binary(min_size=10, max_size=10))
def test_codes_are_typed_back(data: bytes) -> None:
    text = canonical.crockford(data)
    assert len(text) == 16
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    for typed in (
        text,
        text.lower(),
        text.replace("0", "O").replace("1", "l"),
        "－".join(text[i : i + 4] for i in (0, 4, 8, 12)),
        wide,
    ):
        assert canonical.from_crockford(typed, 10) == data


def test_a_code_with_a_mistake_is_no_code() -> None:
    code = canonical.site_code("a" * 64, "ab", "b" * 64)
    assert canonical.same_code(code, code)
    assert not canonical.same_code(code[:-1], code)
    assert not canonical.same_code("U" + code[1:], code)
    assert not canonical.same_code("", code)
