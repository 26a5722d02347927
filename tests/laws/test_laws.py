"""The laws of the ledger on histories of five PCs, new ones at every run; a failure prints the seed that repeats it.

`GANZHOU_SEED` repeats one history, `GANZHOU_HISTORIES` asks for more of them.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from ganzhou_desktop.domain.canonical import form_code, heads_digest, sha256_hex
from ganzhou_desktop.services import conflicts, ledgers
from tests.laws import drafts_law, numbers_law
from tests.laws import world as worlds
from tests.laws.world import SEATS, UNITS, Copy, World, world_of
from tests.store.kit import Pc

HISTORIES = worlds.count_of("GANZHOU_HISTORIES", 5)
STEPS = 80


@pytest.fixture(scope="session")
def base() -> Iterator[World]:
    folder = worlds.fast_folder("base")
    yield World(folder).begin()
    shutil.rmtree(folder)


def seeds() -> list[int]:
    given = os.environ.get("GANZHOU_SEED")
    return [int(given)] if given else [secrets.randbits(32) for _ in range(HISTORIES)]


@pytest.mark.timeout(60 + 30 * HISTORIES)
def test_the_laws_hold(base: World) -> None:
    for seed in seeds():
        with world_of(base) as world:
            try:
                history(base, world, Random(seed))
            except BaseException as exc:
                exc.add_note("\n".join([f"GANZHOU_SEED={seed}", *world.log]))
                raise


def history(base: World, world: World, random: Random) -> None:
    """Many things done at random, then everything is brought together in many ways."""
    for _ in range(STEPS):
        numbers_law.holds(worlds.step(world, random))
    for name, pc in world.pcs.items():
        world.log.append(f"{name}: last copy")
        file = pc.export(world.file())
        world.copies.append(Copy(file, name, UNITS.get(name, "")))
        world.remember(pc, "")
        rebuilding_changes_nothing(pc)
    whole = any_order_any_grouping(base, world, random)
    stamped_forms_equal_their_data(world, whole)
    deciding_closes_everywhere(world, whole, random)
    whole.close()


def any_order_any_grouping(base: World, world: World, random: Random) -> Pc:
    """Every copy ever made, merged into fresh seats: one by one, at once, in groups, twice, through others."""
    files = [c.file for c in world.copies]
    outcomes = []
    for way in ("one by one", "at once", "in groups", "twice", "through others"):
        world.log.append(f"all copies {way}")
        random.shuffle(files)
        pc = world.collector(base, random.choice(SEATS))
        if way == "one by one":
            groups = [[f] for f in files]
        elif way == "at once":
            groups = [files]
        elif way == "twice":
            groups = [files[: len(files) // 2], files, files]
        elif way == "in groups":
            groups = [files[n : n + 3] for n in range(0, len(files), 3)]
        else:
            groups = [[through(base, world, files[: len(files) // 2]), through(base, world, files[len(files) // 2 :])]]
        for group in groups:
            assert not pc.merge(*group).refused
        assert world.ids(pc) == set(world.written), "an operation is lost"
        outcomes.append((pc.ledger.journal.heads(), worlds.dump(pc), conflicts.list_conflicts(pc.ledger)))
        assert outcomes[-1] == outcomes[0], "the order of merging shows"
        rebuilding_changes_nothing(pc)
        if way != "through others":
            pc.close()
    assert outcomes[0][0] == heads_digest(list(world.written))
    return pc


def through(base: World, world: World, files: list[Path]) -> Path:
    """These copies merged at another seat, and what that seat exports."""
    pc = world.collector(base)
    if files:
        assert not pc.merge(*files).refused
    out = pc.export(world.file("through"))
    pc.close()
    return out


def rebuilding_changes_nothing(pc: Pc) -> None:
    before = (pc.ledger.journal.heads(), worlds.dump(pc))
    assert ledgers.verify(pc.ledger).problems == ()
    pc.do(ledgers.rebuild, pc.ledger)
    assert (pc.ledger.journal.heads(), worlds.dump(pc)) == before


def stamped_forms_equal_their_data(world: World, whole: Pc) -> None:
    """The code on a form leads to the operation, and the state there is what was printed, whatever came later."""
    for form in world.stamped:
        data = world.written.get(form.filing)
        if data is None:
            continue  # lost with a PC that went back to a backup before it sent anything
        assert sha256_hex(data) == form.filing
        assert form_code(form.filing) == form.code
        there = drafts_law.fields_at(whole, form.unit, form.period, (f"{form.filing}.0",))
        assert there == form.fields, "a stamped form no longer equals its data"


def deciding_closes_everywhere(world: World, whole: Pc, random: Random) -> None:
    """Every case decided at one seat is closed at every PC that gets it, however often old copies come again."""
    world.log.append("everybody gets everything")
    brought = {unit: whole.hand_out(unit, world.file()) for unit in ("ab", "cd")}
    for pc in world.pcs.values():
        mine = [c.file for c in world.copies if pc.name in SEATS or c.unit == UNITS[pc.name]]
        worlds.merge(world, pc, *mine, *([] if pc.name in SEATS else [brought[UNITS[pc.name]]]))
        held = {i for s, some in whole.ledger.journal.operation_ids().items() if s in scopes(pc) for i in some}
        assert world.ids(pc) == held
        rows = [r for r in worlds.dump(whole) if r[0] == "p_record" and r[2] in scopes(pc)]
        assert [r for r in worlds.dump(pc) if r[0] == "p_record"] == rows
    for case in conflicts.list_conflicts(whole.ledger):
        whole.do(conflicts.resolve, whole.ledger, case.id, take=random.choice(case.values).key)
    assert conflicts.list_conflicts(whole.ledger) == ()
    decided = {unit: whole.hand_out(unit, world.file()) for unit in ("ab", "cd")}
    everything = whole.export(world.file())
    for pc in world.pcs.values():
        worlds.merge(world, pc, everything if pc.name in SEATS else decided[UNITS[pc.name]])
        assert conflicts.list_conflicts(pc.ledger) == (), "a decided case is open again"
        again = [c.file for c in world.copies if pc.name in SEATS or c.unit == UNITS[pc.name]]
        worlds.merge(world, pc, *again)
        assert conflicts.list_conflicts(pc.ledger) == ()
        assert ledgers.verify(pc.ledger).ok


def scopes(pc: Pc) -> set[str]:
    return {"all", "ab", "cd"} if pc.name in SEATS else {"all", UNITS[pc.name]}
