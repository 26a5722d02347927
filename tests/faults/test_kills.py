"""Killed at random instants, new ones at every run: what was done is there, whole, and nothing half has a final name.

`GANZHOU_KILLS` asks for more of them (1,000 in `.ci/long`), `GANZHOU_SEED` repeats the instants of one run.
"""

import os
import secrets
import select
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from ganzhou_desktop.services import backups, filing, ledgers
from ganzhou_desktop.store import copies
from ganzhou_desktop.store.journal import Change, Journal
from tests.faults import busy
from tests.laws.world import count_of, fast_folder
from tests.store import kit

KILLS = count_of("GANZHOU_KILLS", 50)
A_LEDGER = 10
"""Kills on one ledger before it is made anew: it goes on from what the last kill left."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="forks and kills as POSIX does"),
    pytest.mark.timeout(60 + KILLS),
]


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A unit's ledger with its key, and hand-outs of the office, old ones and new ones."""
    folder = fast_folder("kills")
    world = kit.World(folder)
    world.start(world.a)
    (folder / "handed").mkdir()
    for number in range(6):
        key, name = f"{number % 3 + 7:032x}", f"区里{number}" + "长" * 5000
        world.office.act("区里登记", "ab", Change("entry", key, {"name": name}))
        world.office.hand_out("ab", folder / "handed" / f"{number}.gzcopy")
    world.close()
    yield folder
    shutil.rmtree(folder)


def fresh(made: Path) -> Path:
    folder = fast_folder("killed")
    shutil.copyfile(made / "a.gzdb", folder / "a.gzdb")
    shutil.copytree(made / "home-a", folder / "home")
    shutil.copytree(made / "handed", folder / "handed")
    (folder / "out").mkdir()
    return folder


@dataclass
class Told:
    """What a killed program had told before.

    An operation told is there until taking it out is told to begin, and gone once that was told to be done; in between
    all of it is there or nothing.  A merge that was told to begin may bring back what was taken out.
    """

    operations: set[str] = field(default_factory=set)
    undoing: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    merging: bool = False
    text: str = ""
    files: list[Path] = field(default_factory=list)
    last: str = ""

    def hear(self, lines: list[str]) -> None:
        for line in lines:
            word, *rest = line.split(" ")
            if word == "op":
                self.operations |= set(rest)
                self.gone -= set(rest)
                self.merging = False
            elif word == "undoing":
                self.undoing = set(rest)
            elif word == "undone":
                assert not rest, "an undone merge is still there"
                self.operations -= self.undoing
                self.gone |= self.undoing
                self.undoing = set()
            elif word == "kept":
                self.undoing = set()
            elif word == "merging":
                self.merging = True
            elif word == "draft":
                self.text = rest[0]
            elif word == "file":
                self.files.append(Path(rest[0]))
            self.last = word

    def hold_against(self, held: set[str]) -> None:
        """What the ledger holds after the kill is what was told; from then on that is what is known."""
        assert self.operations - self.undoing <= held, "a completed operation is gone"
        assert self.undoing <= held or not self.undoing & held, "half a merge was taken out"
        assert self.merging or not self.gone & held, "an undone merge is still there"
        self.gone = (self.gone | self.undoing) - held
        self.operations &= held
        self.undoing, self.merging = set(), False


def run_and_kill(folder: Path, name: str, random: Random) -> list[str]:
    """A process of its own works until it is killed, by the clock or at some call that it makes; what it told."""
    by_clock = random.random() < 0.5
    instant, call = random.uniform(0, 0.12), random.randrange(60_000)
    seed = random.randrange(2**32)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(write, 1)
            os.environ["GANZHOU_HOME"] = str(folder / "home")
            if not by_clock:
                sys.setprofile(_killer(call))
            busy.work(folder, name, Random(seed))
        except BaseException:
            sys.setprofile(None)
            os.write(1, traceback.format_exc().encode())
        finally:
            os._exit(7)
    os.close(write)
    try:
        heard = b""
        until = None
        while True:
            wait = 60.0 if until is None else max(0.0, until - time.monotonic())
            ready, _, _ = select.select([read], [], [], wait)
            if not ready:
                break
            part = os.read(read, 65536)
            if not part:
                break
            heard += part
            if by_clock and until is None and b"\n" in heard:
                until = time.monotonic() + instant
        os.kill(child, signal.SIGKILL)
        while part := os.read(read, 65536):
            heard += part
    finally:
        os.close(read)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it ended by itself, having told {heard[-2000:].decode()}"
    return heard.decode().split("\n")[:-1]


def _killer(calls: int) -> object:
    left = [calls]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return count


def number_of(text: str) -> tuple[int, int]:
    """Texts of a later run, or later in a run, are greater."""
    run, _, number = text.rstrip("字").partition("-")
    return (int(run), int(number)) if number else (-1, -1)


def all_is_well(folder: Path, told: Told) -> None:
    ledger = ledgers.open_ledger(folder / "a.gzdb")
    try:
        assert ledgers.verify(ledger).problems == ()
        held = {i for some in ledger.journal.operation_ids().values() for i in some}
        told.hold_against(held)
        shown = filing.form_state(ledger, "ab", busy.PERIOD).form.matters[0].answer.progress
        assert number_of(shown) >= number_of(told.text), (
            f"the draft of a second ago is gone: {shown[:9]} {told.text[:9]}"
        )
    finally:
        ledger.close()
    assert not list(folder.glob("a.gzdb-*")), "at rest a ledger is one file"
    for file in told.files:
        assert file.exists()
    for file in [*(folder / "out").iterdir(), *(folder / "home" / "backups").glob("*")]:
        if file.suffix == ".gzcopy":
            with copies.open_copy(file) as copy:
                assert copy.operation_ids()
        elif file.suffix == ".gzdb":
            journal = Journal.open(file, writer=False)
            assert journal.heads()
            journal.close()
        else:
            assert ".part" in file.name, f"{file.name} is no whole file and has no temporary name"


def test_killed_at_random_instants(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert threading.active_count() == 1, "a process with threads must not fork"
    seed = int(os.environ.get("GANZHOU_SEED") or secrets.randbits(32))
    random, folder, told = Random(seed), fresh(made), Told()
    doing: dict[str, int] = {}
    try:
        for kill in range(KILLS):
            if kill % A_LEDGER == 0:
                shutil.rmtree(folder)
                folder, told = fresh(made), Told()
            monkeypatch.setenv("GANZHOU_HOME", str(folder / "home"))
            lines = run_and_kill(folder, str(kill), random)
            told.hear(lines)
            doing[told.last] = doing.get(told.last, 0) + 1
            try:
                all_is_well(folder, told)
            except BaseException as exc:
                last = "\n".join(line[:100] for line in lines[-12:])
                exc.add_note(f"GANZHOU_SEED={seed}, kill {kill}, which had told:\n{last}")
                raise
    finally:
        shutil.rmtree(folder)
    assert len(doing) > 2, "they came at different instants"


def test_what_a_killed_restore_leaves_is_the_old_ledger_or_the_new(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at calls all over a restore of an older backup: whole before, or whole after; the old one lies aside."""
    folder = fresh(made)
    monkeypatch.setenv("GANZHOU_HOME", str(folder / "home"))
    ledger = ledgers.open_ledger(folder / "a.gzdb")
    backups.backup(ledger, folder / "old.gzdb")
    before = ledger.journal.heads()
    ledger.act("后来", {"ab": [Change("entry", "0" * 32, {"name": "后来"})]})
    after = ledger.journal.heads()
    ledger.close()
    random = Random(secrets.randbits(32))
    found = set()
    for _ in range(max(8, KILLS // 10)):
        work = fast_folder("restore")
        shutil.copyfile(folder / "a.gzdb", work / "a.gzdb")
        call = random.randrange(6000)
        child = os.fork()
        if child == 0:
            try:
                sys.setprofile(_killer(call))
                backups.restore(folder / "old.gzdb", work / "a.gzdb", replace=True)
            finally:
                os._exit(7)
        os.waitpid(child, 0)
        ledger = ledgers.open_ledger(work / "a.gzdb")
        found.add(ledger.journal.heads())
        assert ledgers.verify(ledger).problems == ()
        ledger.close()
        shutil.rmtree(work)
    assert found <= {before, after}
    kept = [Journal.open(f, writer=False) for f in (folder / "home" / "backups").glob("*.gzdb")]
    assert after in {j.heads() for j in kept} or found == {after}
    for journal in kept:
        journal.close()
    shutil.rmtree(folder)
