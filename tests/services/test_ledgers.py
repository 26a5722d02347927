"""Making, reviving, backing up and restoring ledgers; what this PC may know of the others."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzhou_desktop.domain.backups import to_drop
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services import backups, exchange, ledgers, sites, undoing
from ganzhou_desktop.store.journal import Change
from tests.store import conftest as worlds
from tests.store import kit
from tests.store.kit import World

made_world = worlds.made_world
world = worlds.world


def test_recovery_makes_a_seat_and_stops_the_old_one(world: World) -> None:
    old, backup = world.office.ledger.journal.site, world.folder / "backup.gzdb"
    backups.backup(world.office.ledger, backup)
    new = kit.Pc(world.folder, "new", world.office.clock)
    new.do(backups.restore, backup, new.path)
    with pytest.raises(EnvironmentFailed) as told:
        new.act("改", "ab", Change("profile", "profile", {"phone": "1"}))
    assert told.value.code == "no_key"
    for code, stop, wanted in (
        (world.recovery[:-1], "", "bad_code"),
        (kit.keys.recovery_code(kit.fresh_key()), "", "other_recovery"),
        (world.recovery, "0" * 64, "unknown_site"),
        (world.recovery, world.a.key().site, "unknown_site"),
    ):
        with pytest.raises(RuleBroken) as refused:
            new.do(ledgers.recover, new.ledger, code, stop=stop)
        assert refused.value.code == wanted
    assert len(sites.list_sites(new.ledger)) == 2
    code = new.do(ledgers.recover, new.ledger, world.recovery.lower(), pc="新", stop=old)
    (here,) = [s for s in sites.list_sites(new.ledger) if s.here]
    assert (here.code, here.pc, here.site) == (code, "新", new.ledger.journal.site)
    assert [s.stopped for s in sites.list_sites(new.ledger) if s.site == old] == [True]
    with pytest.raises(RuleBroken):
        new.do(ledgers.recover, new.ledger, world.recovery, stop=here.site)
    # The unit takes the new seat's answer, and no longer the old one's.
    assert world.a.merge(new.hand_out("ab", world.file())).done
    assert world.a.merge(world.office.hand_out("ab", world.file())).packages[0].reason == "stopped"
    with pytest.raises(RuleBroken) as refused:
        world.a.do(ledgers.recover, world.a.ledger, world.recovery)
    assert refused.value.code == "office_only"
    new.close()


def test_a_stopped_seat_hands_out_no_new_ledgers(world: World) -> None:
    old = world.office.ledger.journal.site
    new = kit.Pc(world.folder, "new", world.office.clock)
    backups.backup(world.office.ledger, new.path)
    new.do(ledgers.recover, new.ledger, world.recovery, stop=old)
    world.office.merge(new.export(world.file()))
    with pytest.raises(RuleBroken) as told:
        kit.Pc(world.folder, "third").join(world.office.hand_out("ab", world.file()))
    assert told.value.code == "stopped"
    new.close()


def test_seventeen_copies_are_seventeen_backups(world: World) -> None:
    """The office's PC dies: an old backup, the recovery sheet and a unit's copy bring everything back."""
    backup = world.folder / "old.gzdb"
    backups.backup(world.office.ledger, backup)
    world.office.merge(world.a.export(world.file()))
    world.office.act("联系人", "ab", Change("profile", "profile", {"phone": "9"}))
    world.a.merge(world.office.hand_out("ab", world.file()))
    heads = world.office.ledger.journal.heads()
    new = kit.Pc(world.folder, "new", world.office.clock)
    new.do(backups.restore, backup, new.path)
    new.do(ledgers.recover, new.ledger, world.recovery)
    assert new.merge(world.a.export(world.file())).done
    assert {o.id for o in world.office.ledger.journal.operations()} <= {o.id for o in new.ledger.journal.operations()}
    assert new.ledger.journal.heads() != heads
    assert ledgers.verify(new.ledger).ok
    new.close()


def test_restore_backs_up_first_and_asks_before_replacing(world: World) -> None:
    office, backup = world.office, world.folder / "backup.gzdb"
    backups.backup(office.ledger, backup)
    before = office.ledger.journal.heads()
    office.act("改", "ab", Change("profile", "profile", {"phone": "1"}))
    after = office.ledger.journal.heads()
    office.close()
    with pytest.raises(EnvironmentFailed) as told:
        office.do(backups.restore, backup, office.path)
    assert told.value.code == "exists"
    with pytest.raises(EnvironmentFailed):
        backups.backup(office.ledger, backup)
    with pytest.raises(EnvironmentFailed) as told:
        office.do(backups.restore, backup, office.path, replace=True)
    assert told.value.code == "locked"
    office.close()
    office.do(backups.restore, backup, office.path, replace=True, clock=office.clock)
    assert office.ledger.journal.heads() == before
    (kept,) = (office.home / "backups").glob("*恢复前*")
    kept_ledger = ledgers.open_ledger(kept, writer=False)
    assert kept_ledger.journal.heads() == after
    kept_ledger.close()
    for source, code in ((office.path, "own_ledger"),):
        with pytest.raises(RuleBroken) as refused:
            office.do(backups.restore, source, office.path, replace=True)
        assert refused.value.code == code


def test_restore_over_a_damaged_ledger_and_the_journal_left_beside_it(world: World) -> None:
    office, backup = world.office, world.folder / "backup.gzdb"
    backups.backup(office.ledger, backup)
    heads = office.ledger.journal.heads()
    office.close()
    spoilt = office.path.read_bytes()[:5000]
    office.path.write_bytes(spoilt)
    beside = office.path.with_name(office.path.name + "-journal")
    beside.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 600)
    office.do(backups.restore, backup, office.path, replace=True, clock=office.clock)
    assert not beside.exists()
    assert office.ledger.journal.heads() == heads
    assert ledgers.verify(office.ledger).ok
    assert [f.read_bytes() for f in (office.home / "backups").glob("*损坏")] == [spoilt]


def test_a_backup_gets_no_journal_of_a_file_that_lay_there_before(world: World) -> None:
    out = world.folder / "new.gzdb"
    beside = out.with_name(out.name + "-journal")
    beside.write_bytes(b"left by a killed program")
    backups.backup(world.office.ledger, out)
    assert not beside.exists()
    assert sorted(p.name for p in world.folder.glob("new.gzdb*")) == ["new.gzdb"]


def test_a_units_backup_does_not_replace_the_offices_ledger(world: World) -> None:
    """The same ledger by its id: all the other units would be gone, and no copy takes a unit's ledger back."""
    mistaken = world.folder / "单位的备份.gzdb"
    world.a.do(backups.backup, world.a.ledger, mistaken)
    before = world.office.ledger.journal.heads()
    world.office.close()
    with pytest.raises(RuleBroken) as told:
        world.office.do(backups.restore, mistaken, world.office.path, replace=True, clock=world.office.clock)
    assert told.value.code == "other_holder"
    assert world.office.ledger.office
    assert world.office.ledger.journal.heads() == before


def test_a_bad_or_foreign_backup_is_not_restored(world: World) -> None:
    backup = world.folder / "backup.gzdb"
    backups.backup(world.office.ledger, backup)
    world.office.close()
    before = world.office.path.read_bytes()
    with sqlite3.connect(backup) as connection:
        connection.execute("UPDATE operation SET signature = zeroblob(64) WHERE seq = 2")
    connection.close()
    with pytest.raises(RuleBroken) as told:
        world.office.do(backups.restore, backup, world.office.path, replace=True)
    assert told.value.code == "damaged"
    other = kit.Pc(world.folder, "other")
    other.found()
    other.close()
    with pytest.raises(RuleBroken) as told:
        world.office.do(backups.restore, other.path, world.office.path, replace=True)
    assert told.value.code == "other_ledger"
    with pytest.raises(EnvironmentFailed):
        world.office.do(backups.restore, world.folder / "没有.gzdb", world.office.path, replace=True)
    assert world.office.path.read_bytes() == before


@settings(max_examples=50)
@given(st.lists(st.integers(0, 400 * 24), max_size=60))
def test_thinning_keeps_the_newest_and_one_of_each_span(hours: list[int]) -> None:
    now = datetime(2018, 4, 2, tzinfo=UTC)
    times = {now - timedelta(hours=h) for h in hours}
    dropped = to_drop(times, now)
    kept = times - dropped
    assert set(sorted(times)[-10:]) <= kept
    assert {t.strftime("%Y%m") for t in kept} == {t.strftime("%Y%m") for t in times}
    assert {t for t in times if now - t <= timedelta(days=2)} <= kept
    assert to_drop(kept, now) == set()


def test_backups_are_daily_and_of_one_ledger_only(world: World) -> None:
    office, folder = world.office, world.office.home / "backups"
    first = office.do(backups.daily_backup, office.ledger)
    assert first is not None
    assert office.do(backups.daily_backup, office.ledger) is None
    other = folder / first.name.replace(office.ledger.id[:8], "0" * 8)
    shutil.copyfile(first, other)
    for _ in range(100):
        office.clock.now += timedelta(days=1)
        assert office.do(backups.daily_backup, office.ledger) is not None
    mine = [f for f in folder.glob("*.gzdb") if office.ledger.id[:8] in f.name]
    assert 60 < len(mine) < 70
    assert other.exists()


def test_a_plan_item_whose_adding_was_undone_leaves_a_readable_plan(world: World) -> None:
    before = world.office.ledger.plan()
    world.office.act(
        "添单位", "all", Change("unit", "ef", {"order": 3, "name": "新局", "short": "新局", "part": "task"})
    )
    assert len(world.office.ledger.plan().units) == 3
    world.office.do(undoing.undo, world.office.ledger)
    assert world.office.ledger.plan() == before


def test_what_the_office_lacks(world: World) -> None:
    compared = exchange.compare_with_answer(world.a.ledger)
    assert (compared.answered, compared.missing) == (
        True,
        ("提交",),
    )
    world.office.merge(world.a.export(world.file()))
    answer = world.office.hand_out("ab", world.file())
    world.a.merge(answer)
    assert exchange.compare_with_answer(world.a.ledger).missing == ()
    world.a.act("再改", "ab", kit.submission("再"))
    assert exchange.compare_with_answer(world.a.ledger).missing == ("再改",)


def test_a_unit_that_wrote_nothing_yet_can_export(world: World, tmp_path: Path) -> None:
    file = world.b.export(world.file())
    assert exchange.inspect(file).unit == "ab"
    assert world.office.merge(file, trust=[world.b.ledger.code()]).done
    seat = exchange.inspect(world.office.hand_out("ab", world.file()))
    assert seat.code == world.office.ledger.code()
