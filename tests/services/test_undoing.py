"""Undo of an act: the last one, once, only if nobody wrote there since or beside it."""

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import conflicts, ledgers, undoing
from ganzhou_desktop.services.ledgers import SUBMIT
from ganzhou_desktop.store.journal import Change
from tests.store import conftest as worlds
from tests.store import kit
from tests.store.kit import World

made_world = worlds.made_world
world = worlds.world

PHONE = Change("profile", "profile", {"phone": "1"})


def values(pc: kit.Pc) -> list[dict[str, object]]:
    return [row.values() for row in pc.ledger.journal.records(["profile", "entry", "submission"]) if not row.deleted]


def refused(pc: kit.Pc, code: str) -> None:
    heads = pc.ledger.journal.heads()
    with pytest.raises(RuleBroken) as told:
        pc.do(undoing.undo, pc.ledger)
    assert told.value.code == code
    assert pc.ledger.journal.heads() == heads


def test_the_last_act_is_taken_back_once_by_a_new_operation(world: World) -> None:
    office = world.office
    before = values(office)
    office.do(
        office.ledger.act,
        "几个单位",
        {"ab": [PHONE, Change("entry", "0" * 32, {"name": "x"})], "cd": [PHONE]},
    )
    count = office.ledger.journal.counts()[0]
    office.do(undoing.undo, office.ledger)
    assert [v for v in values(office) if v] == before
    assert office.ledger.journal.counts()[0] == count + 2
    assert ledgers.verify(office.ledger).ok
    refused(office, "nothing_to_undo")


def test_values_go_back_to_what_they_were_and_others_stay(world: World) -> None:
    office = world.office
    office.act("一", "ab", Change("profile", "profile", {"phone": "1", "head": "甲"}))
    office.act("二", "ab", Change("profile", "profile", {"phone": "2"}))
    office.do(undoing.undo, office.ledger)
    assert values(office)[0] == {"phone": "1", "head": "甲"}
    office.act("删", "ab", Change("entry", "0" * 32, {"name": "x"}))
    office.act("删", "ab", Change("entry", "0" * 32, {"deleted": True}))
    office.do(undoing.undo, office.ledger)
    assert {"name": "x"} in values(office)


@pytest.mark.parametrize("nature", [ledgers.DECISION, ledgers.CERTIFICATE, ledgers.ADOPTION, ledgers.UNDO])
def test_some_acts_are_not_taken_back(world: World, nature: str) -> None:
    world.office.act("一", "ab", PHONE)
    world.office.act("二", "ab", Change("profile", "profile", {"phone": "2"}), nature=nature)
    refused(world.office, "nothing_to_undo")


def test_adopting_a_plan_and_joining_are_not_taken_back(world: World) -> None:
    refused(world.b, "nothing_to_undo")
    new = kit.Pc(world.folder, "fresh")
    new.found()
    refused(new, "nothing_to_undo")
    new.close()


def test_not_when_another_write_came_since_or_beside(world: World) -> None:
    office = world.office
    world.office.merge(world.b.export(world.file()), trust=[world.b.ledger.code()])
    world.b.act("旁", "ab", Change("profile", "profile", {"phone": "旁"}))
    beside = world.b.export(world.file())
    office.act("一", "ab", PHONE)
    assert office.merge(beside).done
    office.hand_out("cd", world.file())  # so that the merge cannot be undone and the act is what would be
    refused(office, "written_since")
    (case,) = conflicts.list_conflicts(office.ledger)
    office.do(conflicts.resolve, office.ledger, case.id, take="A")
    refused(office, "nothing_to_undo")


def test_a_submission_that_left_this_pc_stays(world: World) -> None:
    world.a.act("提交", "ab", kit.submission("再"), nature=SUBMIT)
    step = undoing.undoable(world.a.ledger)
    assert step is not None
    assert step.nature == SUBMIT
    world.a.export(world.file())
    refused(world.a, "nothing_to_undo")
    # Neither does a merge that was undone open it again.
    world.office.act("联系人", "ab", PHONE)
    assert world.a.merge(world.office.hand_out("ab", world.file())).done
    assert world.a.do(undoing.undo, world.a.ledger).merge
    refused(world.a, "nothing_to_undo")


def test_a_deletion_somebody_edited_beside_is_decided_not_undone(world: World) -> None:
    entry = "0" * 32
    world.office.merge(world.b.export(world.file()), trust=[world.b.ledger.code()])
    world.office.act("新", "ab", Change("entry", entry, {"name": "x"}))
    world.b.merge(world.office.hand_out("ab", world.file()))
    world.b.act("改", "ab", Change("entry", entry, {"name": "y"}))
    world.office.act("删", "ab", Change("entry", entry, {"deleted": True}))
    assert world.office.merge(world.b.export(world.file())).done
    world.office.hand_out("cd", world.file())
    refused(world.office, "written_since")
