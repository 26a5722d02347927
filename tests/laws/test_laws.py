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
from tests.laws import drafts_law, histories, numbers_law
from tests.laws import world as worlds
from tests.laws.trusting import everybody_is_trusted
from tests.laws.world import SEATS, Account, Copy, World, world_of
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
        numbers_law.holds(histories.step(world, random))
    for name, pc in world.pcs.items():
        world.log.append(f"{name}: last copy")
        worlds.at_work(world, pc)
        file = pc.export(world.file())
        world.copies.append(Copy(file, name, pc.unit))
        world.remember(pc, "")
        rebuilding_changes_nothing(pc)
    everybody_is_trusted(world)
    whole = any_order_any_grouping(base, world, random)
    stamped_forms_equal_their_data(world, whole)
    deciding_closes_everywhere(world, whole, random)
    whole.close()


def any_order_any_grouping(base: World, world: World, random: Random) -> Account:
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
            halves = files[: len(files) // 2], files[len(files) // 2 :]
            (first, left), (second, more) = (through(base, world, half) for half in halves)
            groups = [[first, second], [*left, *more]]
        bring_in(world, pc, groups)
        assert world.ids(pc) == set(world.written), "an operation is lost"
        outcomes.append((pc.ledger.journal.heads(), worlds.dump(pc), conflicts.list_conflicts(pc.ledger)))
        assert outcomes[-1] == outcomes[0], "the order of merging shows"
        rebuilding_changes_nothing(pc)
        if way != "through others":
            pc.close()
    assert outcomes[0][0] == heads_digest(list(world.written))
    return pc


def bring_in(world: World, pc: Account, groups: list[list[Path]]) -> None:
    """Merge them; who comes before his certificate, or before his 停用 was lifted, is tried again until all is in."""
    waiting: list[Path] = []
    for group in groups:
        waiting += tried(world, pc, group)
    while waiting:
        left = tried(world, pc, waiting)
        assert len(left) < len(waiting), "an honest copy is refused for ever"
        waiting = left


def tried(world: World, pc: Account, files: list[Path]) -> list[Path]:
    """Merge, and return what was refused for now."""
    return [p.file for p in worlds.merge(world, pc, *files, compare=False).refused]


def through(base: World, world: World, files: list[Path]) -> tuple[Path, list[Path]]:
    """These copies merged at another seat, and what that seat exports; and those it could not take in."""
    pc = world.collector(base)
    left = tried(world, pc, files) if files else []
    out = pc.export(world.file("through"))
    pc.close()
    return out, left


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
        mine = [c.file for c in world.suited(pc)]
        bring_in(world, pc, [[*mine, *([brought[pc.unit]] if pc.unit else [])]])
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
        worlds.merge(world, pc, decided[pc.unit] if pc.unit else everything)
        assert conflicts.list_conflicts(pc.ledger) == (), "a decided case is open again"
        assert not tried(world, pc, [c.file for c in world.suited(pc)]), "a copy is refused after all is told"
        assert conflicts.list_conflicts(pc.ledger) == ()
        assert ledgers.verify(pc.ledger).ok


def scopes(pc: Account) -> set[str]:
    return {"all", pc.unit} if pc.unit else {"all", "ab", "cd"}
