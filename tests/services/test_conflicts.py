"""两处不一致: listed until decided, one by one or the record as a whole; who may decide what."""

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import conflicts, ledgers
from ganzhou_desktop.store.journal import Change
from tests.store import conftest as worlds
from tests.store import kit
from tests.store.kit import World, answer

made_world = worlds.made_world
world = worlds.world
ENTRY = "0" * 32


@pytest.fixture
def split(world: World) -> World:
    """Office and B wrote the same record differently from the same base; the office holds both."""
    world.office.act("新", "ab", Change("entry", ENTRY, {"name": "原", "note": "原"}))
    world.office.merge(world.b.export(world.file()), trust=[world.b.ledger.code()])
    world.b.merge(world.office.hand_out("ab", world.file()))
    world.office.act("改", "ab", Change("entry", ENTRY, {"name": "区", "note": "区"}))
    world.b.act("改", "ab", Change("entry", ENTRY, {"name": "乙", "note": "乙", "more": "同"}))
    assert world.office.merge(world.b.export(world.file())).packages[0].conflicts == 2
    return world


def told(call: object, *given: object, **named: object) -> str:
    with pytest.raises(RuleBroken) as refused:
        call(*given, **named)  # type: ignore[operator]
    assert refused.value.text.endswith("。")
    return refused.value.code


def test_one_by_one_even_for_the_value_already_shown(split: World) -> None:
    office = split.office
    first, second = conflicts.list_conflicts(office.ledger)
    assert (first.field, second.field, first.base) == ("name", "note", "原")
    assert {v.value for v in first.values} == {"区", "乙"}
    assert first.values[0].value == office.ledger.journal.records(["entry"])[0].fields["name"].value
    office.do(conflicts.resolve, office.ledger, first.id, take="A")
    assert [c.field for c in conflicts.list_conflicts(office.ledger)] == ["note"]
    assert told(office.do, conflicts.resolve, office.ledger, first.id, take="A") == "unknown_conflict"
    assert told(office.do, conflicts.resolve, office.ledger, second.id, take="C") == "unknown_value"
    assert told(office.do, conflicts.resolve, office.ledger, second.id, value="第三个") == "office_takes"
    office.do(conflicts.resolve, office.ledger, second.id, take=" b ")
    assert conflicts.list_conflicts(office.ledger) == ()
    # Decided here is decided there.
    split.b.merge(office.hand_out("ab", split.file()))
    assert conflicts.list_conflicts(split.b.ledger) == ()
    assert ledgers.verify(split.b.ledger).ok


def test_forty_values_beside_one_another_are_each_taken_by_their_own_key(world: World) -> None:
    office = world.office
    office.act("新", "ab", Change("entry", ENTRY, {"name": "原"}))
    heads = office.ledger.journal.records(["entry"])[0].heads
    for number in range(40):
        office.act("改", "ab", Change("entry", ENTRY, {"name": f"值{number:02}"}, parents=heads))
    (case,) = conflicts.list_conflicts(office.ledger)
    keys = [v.key for v in case.values]
    assert len({k.upper() for k in keys}) == 40
    assert keys[24:29] == ["Y", "Z", "AA", "AB", "AC"]
    chosen = case.values[33]
    office.do(conflicts.resolve, office.ledger, case.id, take=chosen.key.lower())
    assert office.ledger.journal.records(["entry"])[0].fields["name"].value == chosen.value


def test_the_record_as_a_whole(split: World) -> None:
    office = split.office
    record = conflicts.list_conflicts(office.ledger)[0].record
    assert told(office.do, conflicts.resolve_record, office.ledger, record, "0" * 64) == "unknown_value"
    before = office.ledger.journal.counts()[0]
    assert office.do(conflicts.resolve_record, office.ledger, record, split.b.key().site) == 2
    assert office.ledger.journal.counts()[0] == before + 1
    row = office.ledger.journal.records(["entry"])[0]
    assert row.values() == {"name": "乙", "note": "乙", "more": "同"}
    assert told(office.do, conflicts.resolve_record, office.ledger, record, split.b.key().site) == "unknown_conflict"


def test_the_unit_may_write_a_third_text_but_not_a_wrong_one(split: World) -> None:
    b = split.b
    b.merge(split.office.hand_out("ab", split.file()))
    first, _ = conflicts.list_conflicts(b.ledger)
    assert told(b.do, conflicts.resolve, b.ledger, first.id, value=[[]]) == "bad_value"
    assert told(b.do, conflicts.resolve, b.ledger, first.id, value=1.5) in ("bad_value", "not_canonical")
    b.do(conflicts.resolve, b.ledger, first.id, value="第三个")
    assert [c.field for c in conflicts.list_conflicts(b.ledger)] == ["note"]


def test_two_decisions_beside_each_other_are_a_case_again(split: World) -> None:
    split.b.merge(split.office.hand_out("ab", split.file()))
    case = conflicts.list_conflicts(split.b.ledger)[0]
    split.b.do(conflicts.resolve, split.b.ledger, case.id, take="A")
    split.office.do(conflicts.resolve, split.office.ledger, case.id, take="B")
    split.office.merge(split.b.export(split.file()))
    again = conflicts.list_conflicts(split.office.ledger)
    assert case.id in [c.id for c in again]


def test_an_answer_is_never_mixed_of_two_halves(world: World) -> None:
    world.office.merge(world.b.export(world.file()), trust=[world.b.ledger.code()])
    one = {**answer("甲"), "problems": "甲的问题"}
    two = {**answer("乙"), "next_steps": "乙的打算"}
    world.office.act("代录", "ab", Change("submission", kit.PERIOD, {"1": one}))
    world.b.act("提交", "ab", Change("submission", kit.PERIOD, {"1": two}))
    world.office.merge(world.b.export(world.file()))
    (case,) = conflicts.list_conflicts(world.office.ledger)
    assert sorted(v.value["progress"] for v in case.values) == ["乙", "甲"]
    assert all(v.value in (one, two) for v in case.values)
    assert conflicts.conflict_subject(world.office.ledger.plan(), case) == "任务 1 · 本期答复"
