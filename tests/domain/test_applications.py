"""Applications: read from a record, the steps of their task, where each stands on a day, and their amounts."""

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.applications import (
    AMOUNT_PREFIX,
    AMOUNT_WORDS,
    AMOUNTS,
    APPLIED,
    DONE,
    DRAFTING,
    FINISHED,
    NOT_SUPPORTED,
    PAID,
    REFUSED,
    RESULT_WORDS,
    RESULTS,
    RETURNED,
    SENT_BACK,
    STATE_WORDS,
    STEP_PREFIX,
    UNDER_WAY,
    Amount,
    Application,
    StepState,
    application_of_fields,
    standing,
    step_value,
    steps_of,
    total,
)
from ganzhou_desktop.domain.canonical import Json, encode
from ganzhou_desktop.services.plan_files import read_plan

PLAN = read_plan(Path(__file__).parents[2] / "db" / "plans" / "ganzhou-2017.toml")
DAY = date(2018, 6, 1)


def application(task: str = "1", **steps: StepState) -> Application:
    return Application("k", "kjj", task=task, steps=steps)


def done(on: date = DAY) -> StepState:
    return StepState(DONE, on)


# -- from a record and back ---------------------------------------------------------------------------------------


def test_an_application_from_its_record() -> None:
    fields: dict[str, Json] = {
        "beneficiary": "虚构孵化器",
        "subsidy": "B2",
        "task": "8",
        "register": "platforms",
        "entry": "e",
        "year": 2018,
        "note": None,
        "step/report": {
            "result": "done",
            "on": "2018-03-01",
            "due": "2018-02-28",
            "number": "甲科〔2018〕1号",
            "who": "虚构人",
        },
        "step/city": None,
        "amount/applied": {"value": "1.5", "on": "2018-03-01", "payer": "区财政", "number": ""},
        "amount/paid": {"value": "一万"},
        "proof/" + "a" * 64: {"name": "批文.pdf", "size": 7, "kind": "pdf"},
    }
    made = application_of_fields("kjj", "k", "rec", fields, heads=("h",), contested=True)
    assert made.id == ("kjj", "k")
    assert (made.beneficiary, made.subsidy, made.task, made.register, made.entry) == (
        "虚构孵化器",
        "B2",
        "8",
        "platforms",
        "e",
    )
    assert (made.year, made.note, made.title, made.heads, made.contested) == (2018, "", "", ("h",), True)
    assert made.steps == {"report": StepState(DONE, date(2018, 3, 1), date(2018, 2, 28), "甲科〔2018〕1号", "虚构人")}
    assert made.amounts == {APPLIED: Amount(Decimal("1.5"), date(2018, 3, 1), "区财政")}
    assert [p.name for p in made.proofs] == ["批文.pdf"]


@pytest.mark.parametrize("odd", [{}, {"result": "maybe", "on": "昨天", "due": 7, "who": None}, {"result": True}])
def test_what_came_from_elsewhere_is_read_as_far_as_it_goes(odd: dict[str, Json]) -> None:
    made = application_of_fields("kjj", "k", "", {"step/city": odd, "year": True, "amount/paid": {}})
    assert made.steps == {"city": StepState()}
    assert (made.year, made.amounts) == (None, {})


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
states = st.builds(
    StepState, st.sampled_from([None, *RESULTS]), st.none() | st.dates(), st.none() | st.dates(), texts, texts, texts
)


@given(states)
def test_a_step_comes_back_from_the_record(step: StepState) -> None:
    value = step_value(step)
    encode(value)
    fields = {} if value is None else {f"{STEP_PREFIX}city": value}
    assert application_of_fields("kjj", "k", "", fields).steps.get("city", StepState()) == step


def test_every_word_is_there() -> None:
    assert set(RESULT_WORDS) == set(RESULTS)
    assert set(AMOUNT_WORDS) == set(AMOUNTS)
    assert set(STATE_WORDS) == {DRAFTING, UNDER_WAY, SENT_BACK, NOT_SUPPORTED, FINISHED}
    assert AMOUNT_PREFIX.endswith("/")


# -- steps --------------------------------------------------------------------------------------------------------

ALL = ["report", "city", "province", "approval", "payment", "receipt"]


@pytest.mark.parametrize(
    ("task", "steps"),
    [
        ("1", ALL),
        ("2", ALL),
        ("3", ALL),
        ("8", ["report", "city", "approval", "payment", "receipt"]),  # its clause ends with the city
        ("9", ALL),
        ("", ALL),
        ("no such task", ALL),
    ],
)
def test_the_steps_of_a_task(task: str, steps: list[str]) -> None:
    assert [s.id for s in steps_of(PLAN, application(task))] == steps


@pytest.mark.parametrize(
    ("steps", "state", "at"),
    [
        ({}, DRAFTING, "report"),
        ({"report": StepState(None, due=DAY)}, DRAFTING, "report"),
        ({"report": done()}, UNDER_WAY, "city"),
        ({"report": done(), "city": done(), "province": done()}, UNDER_WAY, "approval"),
        ({"report": done(), "city": StepState(RETURNED)}, SENT_BACK, "city"),
        ({"report": done(), "city": StepState(REFUSED)}, NOT_SUPPORTED, None),
        ({"report": StepState(RETURNED), "province": StepState(REFUSED)}, NOT_SUPPORTED, None),
        ({"city": done()}, UNDER_WAY, "report"),
        ({name: done() for name in ALL}, FINISHED, None),
        ({name: done() for name in ALL[:-1]}, UNDER_WAY, "receipt"),
    ],
)
def test_where_it_stands(steps: dict[str, StepState], state: str, at: str | None) -> None:
    found = standing(PLAN, application(**steps), DAY)
    assert (found.state, found.step and found.step.id, found.late_since) == (state, at, None)


@pytest.mark.parametrize(
    ("on", "late"),
    [(date(2018, 3, 31), None), (date(2018, 4, 1), date(2018, 3, 31)), (date(2019, 1, 1), date(2018, 3, 31))],
)
def test_late_from_the_day_after_it_was_due(on: date, late: date | None) -> None:
    due = StepState(None, due=date(2018, 3, 31))
    assert standing(PLAN, application(report=done(), city=due), on).late_since == late
    returned = StepState(RETURNED, due=date(2018, 3, 31))
    assert standing(PLAN, application(report=returned), on).late_since == late


def test_what_is_over_is_not_late() -> None:
    old = date(2018, 1, 1)
    refused = application(report=StepState(None, due=old), city=StepState(REFUSED, due=old))
    assert standing(PLAN, refused, DAY).late_since is None
    finished = application(**{name: StepState(DONE, DAY, due=old) for name in ALL})
    assert standing(PLAN, finished, DAY).late_since is None


def test_a_plan_without_steps_finishes_nothing() -> None:
    which = dataclasses.replace(PLAN, steps=(), tasks=())
    assert standing(which, application(), DAY).state == DRAFTING


def test_totals_keep_amounts_apart() -> None:
    def of(**amounts: Any) -> Application:
        return Application("k", "kjj", amounts={name: Amount(Decimal(value)) for name, value in amounts.items()})

    held = [of(applied="0.1", paid="5"), of(applied="0.2"), of()]
    assert total(held, APPLIED) == Decimal("0.3")
    assert total(held, PAID) == 5
    assert total([], PAID) == 0
