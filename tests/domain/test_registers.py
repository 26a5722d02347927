"""Entries: read from a record's fields, what is missing or odd, what looks the same, where each stands."""

from datetime import date

import pytest

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.registers import (
    ENDED,
    IN_FORCE,
    PENDING,
    STATE_WORDS,
    Entry,
    day_of,
    duplicates,
    entry_of_fields,
    may_write,
    missing,
    odd,
    plain,
    sameness,
    state_on,
)
from tests.domain.kept import column, entry, register
from tests.domain.plans import plan, unit

KEPT = register(unique=("name", "type"), starts="on", ends="gone")


def test_an_entry_from_its_record() -> None:
    fields: dict[str, Json] = {
        "register": "parks",
        "name": "甲",
        "gone": None,
        "count": 0,
        "proof/" + "a" * 64: {"name": "批文.pdf", "size": 7, "kind": "pdf"},
        "proof/" + "b" * 64: None,
    }
    made = entry_of_fields("kjj", "k", "rec", fields, heads=("h",), contested=frozenset({"title"}))
    assert (made.id, made.register, made.record, made.heads, made.contested) == (
        ("kjj", "k"),
        "parks",
        "rec",
        ("h",),
        frozenset({"title"}),
    )
    assert made.values == {"name": "甲", "count": 0}
    assert [(p.name, p.size, p.kind) for p in made.proofs] == [("批文.pdf", 7, "pdf")]
    assert entry_of_fields("kjj", "k", "rec", {}).register == ""


def test_what_is_missing() -> None:
    columns = (column("a", required=True), column("b", "integer", required=True), column("c"))
    assert [c.name for c in missing(columns, {"b": 0})] == ["a"]
    assert [c.name for c in missing(columns, {"a": "", "b": 1})] == ["a"]
    assert missing(columns, {"a": "x", "b": 1}) == ()


def test_what_is_odd() -> None:
    columns = (column("a", "date"), column("b", "integer"), column("c", "choice", choices=("甲",)))
    assert [c.name for c in odd(columns, {"a": "昨天", "b": 1, "c": "乙"})] == ["a", "c"]
    assert odd(columns, {"d": "no column"}) == ()


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2018-04-05", date(2018, 4, 5)),
        ("2018-02-30", None),
        ("2018-W01-1", None),
        ("20180405", None),
        (20180405, None),
    ],
)
def test_the_day_in_a_column(value: Json, day: date | None) -> None:
    assert day_of({"on": value}, "on") == day
    assert day_of({"on": value}, "") is None
    assert day_of({}, "on") is None


@pytest.mark.parametrize(
    ("values", "on", "state"),
    [
        ({"on": "2018-04-05"}, "2018-04-04", PENDING),
        ({"on": "2018-04-05"}, "2018-04-05", IN_FORCE),
        ({}, "2018-04-05", PENDING),
        ({"on": "2018-04-05", "gone": "2019-04-05"}, "2019-04-04", IN_FORCE),
        ({"on": "2018-04-05", "gone": "2019-04-05"}, "2019-04-05", ENDED),
        ({"gone": "2019-04-05"}, "2019-04-05", ENDED),
        ({"on": "昨天"}, "2019-04-05", PENDING),
    ],
)
def test_where_an_entry_stands(values: dict[str, Json], on: str, state: str) -> None:
    assert state_on(KEPT, values, date.fromisoformat(on)) == state
    assert state in STATE_WORDS


def test_an_entry_without_days_is_in_force() -> None:
    assert state_on(register(), {}, date(2018, 1, 1)) == IN_FORCE
    assert state_on(register(ends="gone"), {"gone": "2018-01-02"}, date(2018, 1, 1)) == IN_FORCE


def test_what_looks_the_same() -> None:
    assert plain(" ＡＢＣ（虚构）　有限 公司 ") == plain("abc(虚构)有限公司")
    assert sameness(KEPT, {"name": "甲（虚构）", "type": "中心"}) == sameness(
        KEPT, {"name": "甲(虚构) ", "type": "中心", "on": "x"}
    )
    assert sameness(KEPT, {"name": "甲"}) is None
    assert sameness(KEPT, {"name": " ", "type": "中心"}) is None
    assert sameness(register(), {"name": "甲"}) is None
    assert sameness(register(unique=("year",)), {"year": 0}) == ("0",)


def test_duplicates_of_any_unit() -> None:
    def named(unit: str, key: str, name: str | None, kind: str = "中心") -> Entry:
        return entry(unit, key, {"name": name, "type": kind})

    entries = [
        named("kjj", "1", "甲"),
        named("gxj", "1", "甲 "),
        named("kjj", "2", "甲"),
        named("kjj", "3", "甲", "园"),
        named("kjj", "4", None),
        named("gxj", "4", None),
    ]
    found = duplicates(KEPT, entries)
    assert {key: [e.id for e in others] for key, others in found.items()} == {
        ("kjj", "1"): [("gxj", "1"), ("kjj", "2")],
        ("gxj", "1"): [("kjj", "1"), ("kjj", "2")],
        ("kjj", "2"): [("kjj", "1"), ("gxj", "1")],
    }


def test_who_keeps_a_register() -> None:
    which = plan(
        (unit("a", 1), unit("b", 2), unit("c", 3)),
        {"1": ("a", "b"), "2": ("c", "")},
        registers=(register("own"), register("all", tasks=()), register("named", writers=("c",))),
    )
    kept = {r.id: [u.id for u in which.writers_of(r.id)] for r in which.registers}
    assert kept == {"own": ["a", "b"], "all": ["a", "b", "c"], "named": ["c"]}
    assert [r.id for r in which.registers_of("c")] == ["all", "named"]
    assert may_write(which, "a", "own")
    assert not may_write(which, "c", "own")
    assert not may_write(which, "a", "unheard of")
