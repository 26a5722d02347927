"""What people type into a cell: dates and numbers in many spellings, choices, 是否, and words that do not fit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.canonical import MAX_INTEGER, Json, decimal_text, encode
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import COLUMN_FORMS
from ganzhou_desktop.domain.typed import fits, half_width, read_date, read_number, read_value, value_text
from tests.domain.kept import column

FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
COLUMNS = {
    form: column(form, form, choices=("工程(技术)中心", "其他") if form == "choice" else ()) for form in COLUMN_FORMS
}


def refused(form: str, typed: object) -> str:
    with pytest.raises(RuleBroken) as broken:
        read_value(COLUMNS[form], typed)
    assert broken.value.code == "bad_value"
    assert f"“栏{form}”" in broken.value.text
    return broken.value.text


# -- dates --------------------------------------------------------------------------------------------------------

SPELLINGS = [
    "{y:04}-{m:02}-{d:02}",
    "{y:04}-{m}-{d}",
    "{y:04}.{m}.{d}",
    "{y:04}/{m:02}/{d:02}",
    "{y:04}年{m}月{d}日",
    "{y:04} 年 {m} 月 {d} 日",
    "{y:04}年{m:02}月{d:02}",
    "{y:04}年{m}月{d}号",
    "{y:04}{m:02}{d:02}",
    "{y:04}–{m}—{d}",
    "{y:04}−{m}‐{d}",
    "{y:04}/{m}/{d} 0:00:00",
    "{y:04}-{m:02}-{d:02} 00:00",
]


@given(st.dates(), st.sampled_from(SPELLINGS), st.booleans(), st.sampled_from(["{}", " {}", "{}　", "\t{}\n"]))
def test_a_day_in_any_spelling(day: date, spelling: str, wide: bool, around: str) -> None:
    text = spelling.format(y=day.year, m=day.month, d=day.day)
    text = around.format(text.translate(FULL_WIDTH) if wide else text)
    assert read_date(text) == day
    assert read_value(COLUMNS["date"], text) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018",
        "2018年4月",
        "4月5日",
        "18-4-5",
        "217-9-28",
        "2018-02-29",
        "2018-13-01",
        "2018-04-31",
        "201845",
        "2018-W01-1",
        "2018-4-5-6",
        "2018-04-05 10:30",
        "明天",
        "２０１８",
        "43195",
        "2018-04-05x",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert read_date(text) is None
    if text:
        assert "不是日期，请写成 2018-04-05 或 2018年4月5日；这一格没有改动。" in refused("date", text)


def test_a_day_from_a_workbook() -> None:
    assert read_value(COLUMNS["date"], date(2018, 4, 5)) == "2018-04-05"
    assert read_value(COLUMNS["date"], datetime(2018, 4, 5, 23, 59)) == "2018-04-05"  # noqa: DTZ001
    assert read_value(COLUMNS["text"], date(2018, 4, 5)) == "2018-04-05"
    refused("date", 43195)


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_none(text: str) -> None:
    day = read_date(text)
    assert day is None or read_date(day.isoformat()) == day


# -- numbers ------------------------------------------------------------------------------------------------------

numbers = st.decimals(-(10**12), 10**12, places=6) | st.integers(-(10**15), 10**15).map(Decimal)


@given(numbers, st.booleans(), st.booleans(), st.sampled_from(["", "0", "000"]))
def test_a_number_in_any_spelling(number: Decimal, commas: bool, wide: bool, zeros: str) -> None:
    text = format(number, ",f" if commas else "f")
    text += zeros if "." in text else ""
    text = text.translate(FULL_WIDTH) if wide else text
    assert read_number(f" {text}　") == number
    assert read_value(COLUMNS["decimal"], text) == decimal_text(number)
    assert read_value(COLUMNS["decimal"], number) == decimal_text(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1.",
        ".5",
        "1,23",
        "12,34,567",
        "1e3",
        "0x1",
        "5%",
        "3万元",
        "三",
        "1 000",
        "NaN",
        "Infinity",
        "1.0000001",
        "9" * 19,
        "--1",
        "1,234,",
        "1.2.3",
        "9" * 6000,
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None
    if text:
        refused("decimal", text)
        refused("integer", text)


def test_signs_and_dashes() -> None:
    assert read_number("−5") == read_number("－5") == -5
    assert read_number("+1,234.50") == Decimal("1234.5")


@pytest.mark.parametrize(
    "typed", [Decimal("NaN"), Decimal("Infinity"), Decimal("0.0000001"), Decimal("1e18"), True, [], 10**30]
)
def test_cells_that_are_no_number(typed: object) -> None:
    refused("decimal", typed)
    refused("integer", typed)


@pytest.mark.parametrize("typed", ["0", "１２", "1,200", "3.0", "3.00", 7, Decimal("7.0"), MAX_INTEGER])
def test_whole_numbers(typed: Any) -> None:
    value = read_value(COLUMNS["integer"], typed)
    assert type(value) is int
    assert value == Decimal(str(typed).replace(",", ""))


@pytest.mark.parametrize("typed", ["-1", "1.5", MAX_INTEGER + 1, Decimal("0.1"), -3])
def test_no_whole_numbers(typed: object) -> None:
    assert "应为 0 以上的整数" in refused("integer", typed)


# -- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [(word, True) for word in ("是", "√", "✔", "Ｙ", " yes ", "1", True, 1)]
    + [(word, False) for word in ("否", "无", "×", "FALSE", False, 0)],
)
def test_yes_and_no(typed: object, value: bool) -> None:
    assert read_value(COLUMNS["flag"], typed) is value


def test_neither_yes_nor_no() -> None:
    assert "请写“是”或“否”" in refused("flag", "也许")


@pytest.mark.parametrize("typed", ["工程(技术)中心", "工程（技术）中心", " 工程(技术)中心\n", "工程（技术)中心"])
def test_a_choice_whatever_its_brackets(typed: str) -> None:
    assert read_value(COLUMNS["choice"], typed) == "工程(技术)中心"


def test_no_choice() -> None:
    assert refused("choice", "工程中心").endswith("不在选项里，请选：工程(技术)中心、其他；这一格没有改动。")


def test_text_in_one_line_and_in_several() -> None:
    assert read_value(COLUMNS["text"], " 甲\r\n乙\x07 ") == "甲 乙"
    assert read_value(COLUMNS["long"], "甲\r\n乙") == "甲\n乙"
    assert read_value(COLUMNS["text"], 12) == "12"
    assert "有 501 字，最多 500 字" in refused("text", "字" * 501)
    assert read_value(COLUMNS["long"], "字" * 5000) == "字" * 5000
    assert "最多 5000 字" in refused("long", "字" * 5001)


@pytest.mark.parametrize("form", COLUMN_FORMS)
@pytest.mark.parametrize("typed", [None, "", "  ", "　\n\t"])
def test_an_empty_cell_is_no_value(form: str, typed: object) -> None:
    assert read_value(COLUMNS[form], typed) is None


cells: st.SearchStrategy[object] = (
    st.text(max_size=20) | st.integers() | st.decimals() | st.dates() | st.datetimes() | st.booleans() | st.floats()
)


@pytest.mark.parametrize("form", COLUMN_FORMS)
@given(typed=cells)
def test_whatever_is_typed_is_a_value_that_can_be_kept_or_a_sentence(form: str, typed: object) -> None:
    try:
        value = read_value(COLUMNS[form], typed)
    except RuleBroken:
        refused(form, typed)
        return
    assert value is None or fits(COLUMNS[form], value)
    encode(value)
    if value is not None:
        assert value != ""
        assert read_value(COLUMNS[form], value_text(COLUMNS[form], value)) == value


# -- values that came from elsewhere ------------------------------------------------------------------------------

FITTING: dict[str, list[Json]] = {
    "text": ["甲"],
    "long": ["甲\n乙"],
    "integer": [0, 7],
    "decimal": ["0.5", "-3"],
    "date": ["2018-04-05"],
    "choice": ["其他"],
    "flag": [True, False],
}


@pytest.mark.parametrize("form", COLUMN_FORMS)
def test_fits(form: str) -> None:
    assert all(fits(COLUMNS[form], value) for value in FITTING[form])
    wrong = {"text": [7, True, None], "long": [7], "choice": ["甲"], "flag": ["是", 1], "integer": ["7", True, "0.5"]}
    wrong |= {
        "decimal": [7, "07", "0.50", "-0", "甲"],
        "date": ["2018-02-30", "２０１８-04-05", "2018-W01-1", "20180405", 20180405],
    }
    assert not any(fits(COLUMNS[form], value) for value in wrong[form])


def test_values_as_people_read_them() -> None:
    shown = [value_text(COLUMNS[form], value) for form, value in (("flag", True), ("flag", False), ("integer", 0))]
    assert shown == ["是", "否", "0"]
    assert value_text(COLUMNS["text"], None) == ""


def test_half_width() -> None:
    assert half_width("　ＺＬ２０１８（甲）　") == "ZL2018(甲)"
