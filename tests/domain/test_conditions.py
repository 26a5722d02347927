"""Conditions on entries: what can be written, and when they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.conditions import Condition, all_hold, read_condition, read_conditions


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("level=国家级|省级", Condition("level", ("国家级", "省级"))),
        ("type!=其他", Condition("type", ("其他",), negated=True)),
        ("recognised", Condition("recognised", ())),
        ("a=b=c", Condition("a", ("b=c",))),
        ("type=工程(技术)研究中心", Condition("type", ("工程(技术)研究中心",))),
    ],
)
def test_what_is_a_condition(text: str, condition: Condition) -> None:
    assert read_condition(text) == condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=甲",
        "level=",
        "level!=",
        "level!甲",
        "level=甲|",
        "level=|甲",
        "Level=甲",
        "级别=甲",
        "1a",
        "a b",
        "x" * 33,
    ],
)
def test_what_is_none_never_holds(text: str) -> None:
    assert read_condition(text) is None
    (never,) = read_conditions([text])
    assert not any(never.holds(fields) for fields in ({}, {"level": ""}, {"level": "甲"}, {"a": True}))


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("x=甲|乙", "乙", True),
        ("x=甲|乙", "丙", False),
        ("x=甲|乙", None, False),
        ("x!=甲", "乙", True),
        ("x!=甲", "甲", False),
        ("x!=甲", None, True),
        ("x=是", True, True),
        ("x=是", False, False),
        ("x=否", False, True),
        ("x=否", None, False),
        ("x=3", 3, True),
        ("x=3", "3", True),
        ("x=0.5", "0.5", True),
        ("x", "甲", True),
        ("x", 0, True),
        ("x", False, True),
        ("x", "", False),
        ("x", None, False),
    ],
)
def test_when_it_holds(text: str, value: Json, holds: bool) -> None:
    (condition,) = read_conditions([text])
    assert condition.holds({} if value is None else {"x": value}) is holds
    assert condition.holds({"x": value}) is holds


def test_all_must_hold() -> None:
    conditions = read_conditions(["a=甲", "b"])
    assert all_hold(conditions, {"a": "甲", "b": "乙"})
    assert not all_hold(conditions, {"a": "甲"})
    assert all_hold((), {})


words = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), min_size=1, max_size=4)


@given(st.lists(words, min_size=1, max_size=3), words)
def test_a_condition_and_its_contrary(values: list[str], value: str) -> None:
    listed = "|".join(values)
    positive, negative = read_conditions([f"x={listed}", f"x!={listed}"])
    assert positive.holds({"x": value}) == (value in values) == (not negative.holds({"x": value}))
