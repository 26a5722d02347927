"""Merging through the whole door: any order, any grouping, three PCs; undo of a merge; trust; retries; stops."""

import itertools
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services import backups, conflicts, ledgers, merging, sites, undoing
from ganzhou_desktop.store.journal import Change
from tests.store import conftest as worlds
from tests.store import kit
from tests.store.kit import World, answer, submission

made_world = worlds.made_world
world = worlds.world

ENTRY = "0" * 32

actions = st.lists(
    st.tuples(
        st.sampled_from(["edit", "edit", "stale", "delete", "undo", "hand_out", "export", "decide"]),
        st.integers(0, 2),
        st.sampled_from(["entry", "1", "2"]),
        st.sampled_from(["甲", "乙", "丙"]),
    ),
    min_size=4,
    max_size=12,
)


def play(world: World, steps: list[tuple[str, int, str, str]]) -> None:
    """What three PCs do; copies go to and fro, some of them old when they are merged."""
    pcs = (world.office, world.a, world.b)
    seen: dict[str, tuple[str, ...]] = {}
    for what, who, where, value in steps:
        pc = pcs[who]
        kind, key, field = ("entry", ENTRY, "name") if where == "entry" else ("submission", kit.PERIOD, where)
        content = value if kind == "entry" else answer(value)
        rows = pc.ledger.journal.records([kind], scope="ab", key=key)
        if what in ("edit", "stale", "delete"):
            parents = seen.get(f"{who}{kind}") if what == "stale" else None
            fields = {"deleted": True} if what == "delete" and kind == "entry" else {field: content}
            seen.setdefault(f"{who}{kind}", rows[0].heads if rows else ())
            pc.act("改", "ab", Change(kind, key, fields, parents))
        elif what == "undo":
            if undoing.undoable(pc.ledger) is not None:
                with suppress(RuleBroken):  # written since, or it was a decision
                    pc.do(undoing.undo, pc.ledger)
        elif what == "hand_out":
            file = world.office.hand_out("ab", world.file())
            for other in (world.a, world.b):
                other.merge(file)
        elif what == "export":
            file = (world.a if who == 0 else pc).export(world.file())
            for other in pcs:
                other.merge(file)
        elif what == "decide":
            for case in conflicts.list_conflicts(pc.ledger)[:1]:
                pc.do(conflicts.resolve, pc.ledger, case.id, take="A")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=actions, data=st.data())
def test_any_order_any_grouping_any_number_of_times(
    tmp_path_factory: pytest.TempPathFactory,
    trusted_world: World,
    steps: list[tuple[str, int, str, str]],
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("laws")
    world = kit.reopened(trusted_world, folder)
    base = folder / "base.gzdb"
    shutil.copyfile(world.office.path, base)
    play(world, steps)
    pcs = (world.office, world.a, world.b)
    files = [world.office.hand_out("ab", world.file()), world.a.export(world.file()), world.b.export(world.file())]
    everything = {i for pc in pcs for some in pc.ledger.journal.operation_ids().values() for i in some}
    outcomes = []
    order = data.draw(st.permutations(files))
    for groups in ([[f] for f in order], [order[:2], order[2:]], [order, order], [list(reversed(order)), order[:1]]):
        twin = kit.Pc(folder, f"twin{len(outcomes)}", world.office.clock)
        shutil.copyfile(base, twin.path)
        shutil.copytree(world.office.home, twin.home)
        for group in groups:
            result = twin.merge(*group)
            assert not result.refused, result.refused[0]
        assert {i for some in twin.ledger.journal.operation_ids().values() for i in some} == everything
        assert ledgers.verify(twin.ledger).ok
        outcomes.append((twin.ledger.journal.heads(), twin.dump(), conflicts.list_conflicts(twin.ledger)))
        if len(outcomes) == 4:
            closes_everywhere(world, twin)
        twin.close()
    assert all(one == outcomes[0] for one in outcomes)
    world.close()
    shutil.rmtree(folder)


def closes_everywhere(world: World, office: kit.Pc) -> None:
    """What is decided at one PC is decided at the others once they have it."""
    for case in conflicts.list_conflicts(office.ledger):
        office.do(conflicts.resolve, office.ledger, case.id, take="A")
    assert conflicts.list_conflicts(office.ledger) == ()
    decided = office.hand_out("ab", world.file())
    for pc in (world.a, world.b):
        pc.merge(decided)
        assert conflicts.list_conflicts(pc.ledger) == ()
        assert ledgers.verify(pc.ledger).ok


@pytest.fixture(scope="session")
def trusted_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An office and two PCs of a unit, both trusted."""
    made = World(tmp_path_factory.mktemp("trusted"))
    made.start(made.a, made.b)
    made.close()
    return made


@pytest.fixture
def both(trusted_world: World, tmp_path: Path) -> World:
    return kit.reopened(trusted_world, tmp_path)


def test_a_preview_is_the_merge_without_its_last_step(world: World) -> None:
    file = world.a.export(world.file())
    before = (world.office.ledger.journal.heads(), world.office.dump(), world.office.ledger.journal.steps())
    preview = world.office.merge(file, dry_run=True)
    assert not preview.done
    assert (world.office.ledger.journal.heads(), world.office.dump(), world.office.ledger.journal.steps()) == before
    assert world.office.merge(file).packages == preview.packages
    assert preview.packages[0].new == 1


def test_undo_of_a_merge_takes_out_just_what_it_brought(world: World) -> None:
    office = world.office
    world.b.act("提交", "ab", submission("乙"))
    files = [world.a.export(world.file()), world.b.export(world.file())]
    before = (office.ledger.journal.heads(), office.dump(), sites.list_sites(office.ledger))
    assert office.merge(*files, trust=[world.b.ledger.code()]).done
    assert len(conflicts.list_conflicts(office.ledger)) == 1
    assert len(sites.list_sites(office.ledger)) == 3
    assert office.do(undoing.undo, office.ledger).merge
    assert (office.ledger.journal.heads(), office.dump(), sites.list_sites(office.ledger)) == before
    assert ledgers.verify(office.ledger).ok
    # A merge before it may then be undone too; and all of it may come again.
    assert office.merge(files[0]).done
    assert office.merge(files[1], trust=[world.b.ledger.code()]).done
    for _ in range(2):
        assert office.do(undoing.undo, office.ledger).merge
    assert (office.ledger.journal.heads(), office.dump()) == before[:2]


@pytest.mark.parametrize("what", ["write", "hand_out", "export"])
def test_no_undo_of_a_merge_once_something_went_out_or_was_written(world: World, what: str) -> None:
    office = world.office
    assert office.merge(world.a.export(world.file())).done
    if what == "write":
        office.act("改", "ab", Change("profile", "profile", {"phone": "1"}))
    elif what == "hand_out":
        office.hand_out("cd", world.file())
    else:
        office.export(world.file())
    step = undoing.undoable(office.ledger)
    assert step is None or step.what == "write"
    assert office.ledger.journal.records(["submission"])


def test_a_draft_keeps_proof_that_came_with_an_undone_merge(world: World) -> None:
    data = "佐证".encode() * 300
    digest = world.a.ledger.journal.keep_proof("ab", data)
    named = {"name": "x.txt", "size": len(data), "kind": "txt"}
    world.a.act("提交", "ab", Change("submission", kit.PERIOD, {f"proof/1/{digest}": named}))
    assert world.office.merge(world.a.export(world.file())).done
    world.office.ledger.journal.save_draft("ab", kit.PERIOD, f'{{"sha256":"{digest}"}}', "")
    world.office.do(undoing.undo, world.office.ledger)
    assert world.office.ledger.journal.proof("ab", digest) == data
    world.office.ledger.journal.drop_draft("ab", kit.PERIOD)
    assert world.office.merge(world.a.export(world.file(), all_proof=True)).done


def test_copies_are_tried_until_no_more_becomes_acceptable(world: World) -> None:
    """A's operations stand on B's; B is trusted only now; whatever the order of the files."""
    world.office.merge(first := world.b.export(world.file()), trust=[world.b.ledger.code()])
    world.a.merge(world.office.hand_out("ab", world.file()))
    world.b.act("提交", "ab", submission("乙一"))
    later = [world.b.export(world.file())]
    world.a.merge(later[0])
    world.a.act("提交", "ab", submission("甲在乙后", "2"))
    stands_on = world.a.export(world.file())
    # What A's copy holds of B it brings along: strip it, so that it needs the other file.
    mine = [o.id for o in world.a.ledger.journal.operations() if o.site == world.b.key().site]
    alone = kit.forge(
        stands_on,
        world.file(),
        world.a.key(),
        sql=lambda c: c.execute("DELETE FROM operation WHERE id = ?", (mine[-1],)),
    )
    assert [p.reason for p in world.office.merge(alone).packages] == ["missing_parents"]
    result = world.office.merge(alone, first, later[0])
    assert [p.verdict for p in result.packages] == ["merged", "known", "merged"]


def test_a_seat_whose_certificate_comes_with_another_copy(world: World) -> None:
    """A new seat of the office decided something; its own certificate lies only in the second file."""
    backup = world.folder / "backup.gzdb"
    backups.backup(world.office.ledger, backup)
    new = kit.Pc(world.folder, "new-office", world.office.clock)
    new.do(backups.restore, backup, new.path)
    with pytest.raises(EnvironmentFailed):
        new.act("改", "all", Change("period", kit.PERIOD, {"closed": True}))
    new.do(ledgers.recover, new.ledger, world.recovery, pc="新电脑")
    new.act("改", "all", Change("period", kit.PERIOD, {"due": "2018-04-06"}))
    whole = new.export(world.file())
    certificate = next(o.id for o in new.ledger.journal.operations() if o.title == "用恢复单认可本机")
    without = kit.forge(
        whole,
        world.file(),
        world.a.key(),
        sql=lambda c: c.execute("DELETE FROM operation WHERE id = ?", (certificate,)),
    )
    assert world.office.merge(without).packages[0].reason == "no_authority"
    result = world.office.merge(without, whole)
    assert sorted(p.verdict for p in result.packages) == ["known", "merged"] or result.done
    assert not result.refused
    new.close()


def test_a_stopped_pc_carries_nothing_but_its_older_operations_stay_welcome(world: World) -> None:
    old = world.a.export(world.file())
    code = world.a.ledger.code()
    world.office.merge(world.b.export(world.file()), trust=[world.b.ledger.code()])
    site = world.office.do(sites.stop_site, world.office.ledger, code)
    assert site.site == world.a.key().site
    assert world.office.merge(old).packages[0].reason == "stopped"
    world.b.merge(world.office.hand_out("ab", world.file()))
    assert world.b.merge(old).packages[0].reason == "stopped"
    # B got A's filing before the stop was known to it.
    carried = kit.forge(old, world.file(), world.b.key())
    assert world.office.merge(carried).done
    assert world.office.ledger.journal.records(["submission"])
    world.office.do(sites.stop_site, world.office.ledger, code, lift=True)
    assert world.office.merge(old).packages[0].verdict == "known"


def test_trust_is_given_by_a_seat_for_the_code_on_the_paper(world: World) -> None:
    file = world.b.export(world.file())
    told = world.office.merge(file).packages[0]
    assert (told.reason, told.to_trust) == ("unknown_key", (world.b.ledger.code(),))
    assert world.office.merge(file, trust=["0000-0000-0000-0000"]).packages[0].reason == "unknown_key"
    with pytest.raises(RuleBroken) as refused:
        world.a.merge(file, trust=[world.b.ledger.code()])
    assert refused.value.code == "office_only"
    assert world.a.merge(file).packages[0].reason == "unknown_key"
    typed = world.b.ledger.code().lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert world.office.merge(file, trust=[typed]).done
    assert world.office.merge(file).packages[0].verdict == "known"
    world.a.merge(world.office.hand_out("ab", world.file()))
    assert world.a.merge(file).packages[0].verdict == "known"


def test_a_unit_takes_only_scopes_it_holds(world: World) -> None:
    world.office.act("联系人", "cd", Change("profile", "profile", {"phone": "2"}))
    for file in (world.office.export(world.file()), world.office.hand_out("cd", world.file())):
        assert world.a.merge(file).packages[0].reason == "foreign_scope"
    assert set(world.a.ledger.journal.operation_ids()) == {"all", "ab"}


def test_changes_tell_deletions_and_new_candidates(both: World) -> None:
    world = both
    world.a.act("新", "ab", Change("entry", ENTRY, {"name": "一", "note": "旁"}))
    world.office.merge(world.a.export(world.file()))
    world.b.merge(world.office.hand_out("ab", world.file()))
    world.b.act("删", "ab", Change("entry", ENTRY, {"deleted": True}))
    gone = world.b.export(world.file())
    (change,) = world.office.merge(gone).packages[0].changes
    assert (change.field, change.how, change.before, change.after) == ("deleted", "changed", False, True)
    world.a.act("改", "ab", Change("entry", ENTRY, {"name": "二"}))
    package = world.office.merge(world.a.export(world.file())).packages[0]
    assert {(c.field, c.how) for c in package.changes} == {("name", "changed"), ("deleted", "contested")}
    (case,) = conflicts.list_conflicts(world.office.ledger)
    assert [(v.value, v.withdrawn) for v in case.values] == [(True, False), (None, False)]
    world.office.do(conflicts.resolve, world.office.ledger, case.id, take="B")
    assert conflicts.list_conflicts(world.office.ledger) == ()
    assert not world.office.ledger.journal.records(["entry"])[0].deleted
    world.close()


def test_a_clock_far_ahead_is_told_and_refuses_nothing(world: World) -> None:
    world.a.clock.now = world.office.clock.now.replace(year=2038)
    world.a.act("提交", "ab", submission("未来"))
    package = world.office.merge(world.a.export(world.file())).packages[0]
    assert package.verdict == "merged"
    assert "时钟" in package.text


@pytest.mark.parametrize("year", [800, 1970, 9999])
def test_no_clock_is_so_wrong_that_nothing_works(world: World, year: int) -> None:
    world.a.act("提交", "ab", submission("甲"))
    world.office.clock.now = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    assert world.office.merge(world.a.export(world.file())).packages[0].verdict == "merged"
    world.office.act("写", "ab", Change("profile", "profile", {"phone": "1"}))
    world.office.do(undoing.undo, world.office.ledger)
    assert world.a.merge(world.office.hand_out("ab", world.file())).done
    assert ledgers.verify(world.a.ledger).ok


def test_a_merge_of_many_copies_keeps_their_proof_out_of_memory(world: World) -> None:
    import tracemalloc

    data = b"0123456789abcdef" * 65536 * 4
    for number in range(6):
        digest = world.a.ledger.journal.keep_proof("ab", data + bytes([number]))
        named = {"name": "x.txt", "size": len(data), "kind": "txt"}
        world.a.act("提交", "ab", Change("submission", kit.PERIOD, {f"proof/1/{digest}": named}))
    files = [world.a.export(world.file(), all_proof=True) for _ in range(4)]
    tracemalloc.start()
    assert world.office.merge(*files).done
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(data)
    assert len(world.office.ledger.journal.proof_hashes()) == 6


@pytest.mark.parametrize("fault", ["gone", "cut", "another"])
def test_a_copy_that_changes_while_it_is_taken_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Between its check and the taking of its proof a file goes, is cut, or becomes another copy."""
    data = "佐证".encode() * 300
    digest = world.a.ledger.journal.keep_proof("ab", data)
    other = world.a.export(world.file())
    named = {"name": "x.txt", "size": len(data), "kind": "txt"}
    world.a.act("提交", "ab", Change("submission", kit.PERIOD, {f"proof/1/{digest}": named}))
    spoilt = world.a.export(world.file())
    world.b.act("提交", "ab", submission("乙", "2"))
    good = world.b.export(world.file())
    read = merging.read

    def and_then(*given: Any, **named: Any) -> Any:
        found = read(*given, **named)
        if given[1] == good:
            content = {"cut": spoilt.read_bytes()[:9000], "another": other.read_bytes()}
            spoilt.unlink() if fault == "gone" else spoilt.write_bytes(content[fault])
        return found

    monkeypatch.setattr(merging, "read", and_then)
    result = world.office.merge(spoilt, good, trust=[world.b.ledger.code()])
    assert [p.verdict for p in result.packages] == ["refused", "merged"]
    assert result.packages[0].reason == ("not_found" if fault == "gone" else "damaged")
    (row,) = world.office.ledger.journal.records(["submission"])
    assert set(row.values()) == {"2"}, "nothing of the copy that changed came in"
    assert world.office.ledger.journal.proof("ab", digest) is None
    assert ledgers.verify(world.office.ledger).ok


def test_a_file_that_is_another_copy_than_the_one_looked_at_is_refused(world: World) -> None:
    """Swapped between preview and merge, by hand or by a stick put in again: the clerk has not seen it."""
    looked_at, other = world.a.export(world.file()), world.b.export(world.file())
    trust = [world.b.ledger.code()]
    preview = world.office.merge(looked_at, other, dry_run=True, trust=trust)
    seen = {p.file: p.seal for p in preview.packages}
    world.a.act("再改", "ab", submission("预览以后写的"))
    shutil.copyfile(world.a.export(world.file()), looked_at)
    result = world.office.merge(looked_at, other, trust=trust, seen=seen)
    assert [(p.verdict, p.reason) for p in result.packages] == [("refused", "changed"), ("merged", "")]
    assert "预览" in result.packages[0].text
    again = world.office.merge(looked_at, dry_run=True)
    assert world.office.merge(looked_at, seen={looked_at: again.packages[0].seal}).done


def test_a_merge_can_be_cancelled_at_every_step(world: World) -> None:
    """While a file is read, before a copy is judged, in the middle of one: nothing came, nothing is left behind."""
    for number in range(250):
        world.a.act("改", "ab", Change("entry", f"{number:032x}", {"name": "甲"}))
    files = [world.a.export(world.file()), world.office.hand_out("cd", world.file())]
    before = (world.office.ledger.journal.heads(), world.office.dump(), world.office.ledger.journal.steps())
    folder = world.office.home / "backups"
    backups_before = set(folder.glob("*"))
    asked: list[tuple[int, int]] = []

    def count(done: int, total: int) -> bool:
        asked.append((done, total))
        return True

    assert world.office.merge(*files, dry_run=True, progress=count).packages[0].new == 251
    assert {total for _, total in asked} == {4}
    assert [done for done, _ in asked] == sorted(done for done, _ in asked)
    assert asked.count((3, 4)) >= 3, "asked again within one copy"
    for stop in range(len(asked)):
        answers = iter([True] * stop + [False] * len(asked))
        with pytest.raises(RuleBroken) as told:
            world.office.merge(*files, progress=lambda *_, answers=answers: next(answers))
        assert told.value.code == "cancelled"
        now = (world.office.ledger.journal.heads(), world.office.dump(), world.office.ledger.journal.steps())
        assert now == before
        assert set(folder.glob("*")) == backups_before
    assert world.office.merge(*files).done
    assert ledgers.verify(world.office.ledger).ok


def test_a_snapshot_is_made_before_and_only_when_something_came(world: World) -> None:
    folder = world.office.home / "backups"
    before = set(folder.glob("*.gzdb"))
    world.office.merge(kit.forge(world.a.export(world.file()), world.file(), kit.fresh_key()))
    assert set(folder.glob("*.gzdb")) == before
    heads = world.office.ledger.journal.heads()
    assert world.office.merge(world.a.export(world.file())).done
    (new,) = set(folder.glob("*.gzdb")) - before
    snapshot = ledgers.open_ledger(new, writer=False)
    assert snapshot.journal.heads() == heads
    snapshot.close()


def test_every_order_of_conflicting_copies_is_quick_and_the_same(both: World) -> None:
    world = both
    world.office.act("代录", "ab", submission("区"))
    world.a.act("提交", "ab", submission("甲"))
    world.b.act("提交", "ab", submission("乙"))
    files = [world.a.export(world.file()), world.b.export(world.file())]
    start = time.monotonic()
    dumps = []
    for number, order in enumerate(itertools.permutations(files)):
        twin = kit.Pc(world.folder, f"t{number}", world.office.clock)
        backups.backup(world.office.ledger, twin.path)
        twin.merge(*order)
        dumps.append(twin.dump())
        (case,) = conflicts.list_conflicts(twin.ledger)
        assert len(case.values) == 3
        twin.close()
    assert dumps[0] == dumps[1]
    assert time.monotonic() - start < 10
    world.close()
