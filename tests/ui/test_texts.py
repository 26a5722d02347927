"""Wording: periods, dates, numbers as offices write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from ganzhou_desktop.domain.plan import LEAD, SUPPORT, TARGET_KINDS
from ganzhou_desktop.ui import texts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2018Q1", "2018年第一季度"),
        ("2018H2", "2018年下半年"),
        ("2018-04", "2018年4月"),
        ("2018", "2018年"),
        ("2018Q9", "2018Q9"),
        ("", ""),
    ],
)
def test_periods(name: str, words: str) -> None:
    assert texts.period_text(name) == words


def test_dates() -> None:
    day = date(2018, 4, 5)
    assert texts.date_text(day) == "2018年4月5日"
    assert texts.short_date(day, 2018) == "4月5日"
    assert texts.short_date(day, 2017) == "2018年4月5日"
    assert texts.moment_text(datetime(2018, 4, 9, 9, 5)) == "2018年4月9日 09:05"  # noqa: DTZ001
    assert texts.date_text(None) == texts.short_date(None) == "—"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "—"),
        (0, "0"),
        (Decimal("15"), "15"),
        (Decimal("100"), "100"),
        (1280.5, "1,280.5"),
        (Decimal("0.730"), "0.73"),
    ],
)
def test_numbers(value: Decimal | float | None, words: str) -> None:
    assert texts.number_text(value) == words


def test_numbers_with_units_and_facts() -> None:
    assert texts.number_text(1280.5, 2) == "1,280.50"
    assert texts.with_unit(Decimal(15), "家") == "15 家"
    assert texts.joined(("a", "", "b")) == "a · b"
    assert (texts.size_text(300), texts.size_text(217_000), texts.size_text(1_500_000)) == ("300 B", "212 KB", "1.4 MB")


def test_roles_and_kinds_have_words() -> None:
    assert texts.role_word(LEAD, principal=True) == "主牵头"
    assert texts.role_word(SUPPORT) == "配合"
    assert set(texts.TARGET_KIND_WORDS) == set(TARGET_KINDS)


def test_unseen_characters_are_spelled_out() -> None:
    assert texts.visible("a\u2066b\x00\n\tc\r\nd") == "a⟨U+2066⟩b⟨U+0000⟩\n\tc\nd"
