"""Disks that are full, gone, read-only or not ours; a second program; long and Chinese paths: one clear sentence each."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.services import backups, exchange, filing, ledgers, merging, undoing
from ganzhou_desktop.store.journal import Change
from tests.store import conftest as worlds
from tests.store import kit
from tests.store.kit import World

made_world = worlds.made_world
world = worlds.world

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="mounts and permissions of POSIX")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def told(code: str | tuple[str, ...], call: Callable[..., object], *given: object, **named: object) -> str:
    """The call fails with that code and one Chinese sentence, which is returned."""
    with pytest.raises(LedgerError) as failed:
        call(*given, **named)
    codes = (code,) if isinstance(code, str) else code
    assert failed.value.code in codes, (failed.value.code, failed.value.text)
    words = failed.value.text
    assert words.endswith("。"), words
    assert words.count("。") == 1, words
    assert re.search("请|U盘|先", words), f"it does not say what to do: {words}"
    return words


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A function that gives a disk of so many bytes, really full when it is full."""
    if not ROOT:
        pytest.skip("only root may mount")
    mounted: list[Path] = []

    def mount(size: int) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path, leave: int) -> Path:
    """Fill a disk up but for so many bytes."""
    file = folder / "other people's files"
    with contextlib.suppress(OSError), file.open("ab") as out:
        while True:
            out.write(b"x" * 4096)
            out.flush()
    size = file.stat().st_size
    os.truncate(file, max(0, size - leave))
    return file


def unchanged(pc: kit.Pc, before: tuple[object, ...]) -> None:
    assert (pc.ledger.journal.heads(), pc.dump()) == before
    assert ledgers.verify(pc.ledger).ok


def test_a_full_stick(world: World, small: Callable[[int], Path]) -> None:
    """Export, hand-out and backup to a stick too small: told, nothing left on it, and the next one fits."""
    before = (world.a.ledger.journal.heads(), world.a.dump())
    stick = small(2**20)
    ballast = fill(stick, 16384)
    for call, name in ((world.a.export, "单位.gzcopy"), (_backup(world.a), "备份.gzdb")):
        words = told("disk_full", call, stick / name)
        assert name in words
        assert [f.name for f in stick.iterdir()] == [ballast.name]
    unchanged(world.a, before)
    assert not [s for s in world.a.ledger.journal.steps() if s.what == "export" and s.seq > 5 and s.title == ""]
    ballast.unlink()
    assert exchange.inspect(world.a.export(stick / "单位.gzcopy")).unit == "ab"
    _backup(world.a)(stick / "备份.gzdb")


def _backup(pc: kit.Pc) -> Callable[[Path], None]:
    return lambda out: pc.do(backups.backup, pc.ledger, out)


def test_a_full_disk_under_the_ledger(world: World, small: Callable[[int], Path]) -> None:
    """Saving, submitting, drafts, merging and undo on a disk without room: told, whole, and going on once there is room."""
    disk = small(4 * 2**20)
    copy = world.a.export(world.file())
    world.office.close()
    shutil.copyfile(world.office.path, disk / "office.gzdb")
    world.office.path = disk / "office.gzdb"
    pc = world.office
    pc.act("写", "ab", Change("profile", "profile", {"phone": "1"}))
    filing.save_draft(pc.ledger, filing.form_state(pc.ledger, "ab", kit.PERIOD).form)
    before = (pc.ledger.journal.heads(), pc.dump())
    ballast = fill(disk, 0)
    long = "长" * 100_000
    told("disk_full", pc.act, "写", "ab", Change("entry", "0" * 32, {"name": long}))
    told("disk_full", pc.ledger.journal.save_draft, "ab", "2018Q2", long, "2018-04-02T00:00:00Z")
    told("disk_full", pc.ledger.journal.keep_proof, "ab", long.encode())
    told("disk_full", pc.merge, copy)
    form = filing.form_state(pc.ledger, "ab", kit.PERIOD).form
    full = replace(form, matters=tuple(replace(m, answer=Answer("progress", long)) for m in form.matters))
    told("disk_full", pc.do, filing.submit, pc.ledger, full, source="盖章表")
    unchanged(pc, before)
    assert pc.ledger.journal.draft("ab", kit.PERIOD) is not None
    ballast.unlink()
    pc.act("写", "ab", Change("entry", "0" * 32, {"name": long}))
    assert pc.merge(copy).done
    merged = (pc.ledger.journal.heads(), pc.dump())
    pc.close()  # the journal file of the last writes lies there as long as the ledger is open, and is room enough
    assert pc.ledger.writable
    fill(disk, 0)
    told("disk_full", pc.do, undoing.undo, pc.ledger)
    unchanged(pc, merged)
    ballast.unlink()
    assert pc.do(undoing.undo, pc.ledger).merge
    assert ledgers.verify(pc.ledger).ok
    pc.close()
    assert not list(disk.glob("*.gzdb-*"))


def test_a_full_disk_where_a_ledger_is_to_lie(world: World, small: Callable[[int], Path]) -> None:
    """Join, restore and finding again: told by the name the ledger was to have; the old one is what it was."""
    start = world.office.hand_out("ab", world.file())
    backup = world.folder / "备份.gzdb"
    world.office.do(backups.backup, world.office.ledger, backup)
    disk = small(2 * 2**20)
    old = disk / "原来的.gzdb"
    shutil.copyfile(world.a.path, old)
    held = old.read_bytes()
    ballast = fill(disk, 8192)
    for call, given, named in (
        (exchange.join, (start, disk / "新的.gzdb"), {}),
        (exchange.revive_office, (start, disk / "新的.gzdb", world.recovery), {}),
        (backups.restore, (backup, disk / "新的.gzdb"), {}),
    ):
        words = told("disk_full", world.b.do, call, *given, **named)
        assert "“新的.gzdb”" in words
        assert {f.name for f in disk.iterdir()} == {ballast.name, old.name}
    assert old.read_bytes() == held
    ballast.unlink()
    world.b.do(exchange.join, start, disk / "新的.gzdb").close()


def test_a_full_disk_of_backups_stops_the_risky_act(world: World, small: Callable[[int], Path]) -> None:
    """No snapshot, no merge: nothing is risked that could not be taken back."""
    copy = world.a.export(world.file())
    before = (world.office.ledger.journal.heads(), world.office.dump())
    home = small(300_000)
    shutil.copytree(world.office.home, home / "home")
    world.office.home = home / "home"
    fill(home, 8192)
    words = told("disk_full", world.office.merge, copy)
    assert "原有数据没有变化" in words
    unchanged(world.office, before)
    assert not list((home / "home").rglob("*.part*"))


def test_a_stick_pulled_out_while_it_is_written(world: World, small: Callable[[int], Path]) -> None:
    """The folder is gone in the middle; and one that is gone before."""
    stick = small(2**20) / "交表"
    stick.mkdir()
    steps = len(world.a.ledger.journal.steps())

    def pull(*_: int) -> bool:
        shutil.rmtree(stick)
        return True

    words = told(("not_found", "io", "cannot_open"), world.a.export, stick / "甲.gzcopy", progress=pull)
    assert "U盘" in words or "位置" in words
    told(("not_found", "cannot_open"), world.a.export, stick / "甲.gzcopy")
    told(("not_found", "cannot_open"), _backup(world.a), stick / "甲.gzdb")
    assert len(world.a.ledger.journal.steps()) == steps, "what never left is not in the log"
    assert ledgers.verify(world.a.ledger).ok


def test_a_copy_whose_stick_is_pulled_out_before_it_is_taken(world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    copy = world.a.export(stick / "甲.gzcopy")
    shutil.rmtree(stick)
    (package,) = world.office.merge(copy).refused
    assert package.reason == "not_found"
    assert "甲.gzcopy" in package.text
    assert "U盘" in package.text


def test_a_read_only_stick(world: World, small: Callable[[int], Path]) -> None:
    """Copies are merged and ledgers looked at from it; writing to it is told."""
    stick = small(4 * 2**20)
    copy = world.a.export(stick / "甲.gzcopy")
    world.a.close()
    shutil.copyfile(world.a.path, stick / "台账.gzdb")
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    assert world.office.merge(copy).done
    ledger = ledgers.open_ledger(stick / "台账.gzdb", writer=False)
    assert ledgers.verify(ledger).ok
    told("read_only", ledger.journal.save_draft, "ab", "2018Q1", "x", "")
    ledger.close()
    told("read_only", ledgers.open_ledger, stick / "台账.gzdb")
    told(("no_permission", "cannot_open", "read_only"), world.office.hand_out, "ab", stick / "乙.gzcopy")
    told(("no_permission", "cannot_open", "read_only"), _backup(world.office), stick / "乙.gzdb")


@pytest.fixture
def ordinary(world: World) -> Iterator[World]:
    """Root is bound by no permission: what is asked here is asked as an ordinary person, whose files these are."""
    if not ROOT:
        yield world
        return
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    twin = kit.reopened(world, folder)
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield twin
        twin.close()
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)


def test_no_permission(ordinary: World) -> None:
    locked = ordinary.folder / "别人的"
    locked.mkdir(mode=0o555)
    told(("no_permission", "cannot_open"), ordinary.a.export, locked / "甲.gzcopy")
    told(("no_permission", "cannot_open"), _backup(ordinary.a), locked / "甲.gzdb")
    copy = ordinary.a.export(ordinary.file())
    copy.chmod(0)
    (package,) = ordinary.office.merge(copy).refused
    assert package.reason == "no_permission"
    assert copy.name in package.text
    copy.chmod(0o600)
    hand_out = ordinary.office.hand_out("ab", ordinary.file())
    told(("no_permission", "cannot_open"), exchange.join, hand_out, locked / "新.gzdb")
    (ordinary.office.home / "backups").mkdir(exist_ok=True)
    (ordinary.office.home / "backups").chmod(0o555)
    before = (ordinary.office.ledger.journal.heads(), ordinary.office.dump())
    told(("no_permission", "cannot_open"), ordinary.office.merge, copy)
    unchanged(ordinary.office, before)
    (ordinary.office.home / "backups").chmod(0o755)
    keys = ordinary.a.home / "keys"
    keys.chmod(0)
    told("no_permission", ordinary.a.act, "写", "ab", Change("profile", "profile", {"phone": "1"}))
    keys.chmod(0o755)
    assert not list(locked.iterdir())


def test_a_second_program_on_the_same_file(world: World) -> None:
    """Whatever it wants of the ledger that is open here, it is told so; looking at a copy is no matter."""
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from ganzhou_desktop.domain.errors import LedgerError\n"
        "from ganzhou_desktop.services import backups, ledgers\n"
        "path = Path(sys.argv[2])\n"
        "for call in (lambda: ledgers.open_ledger(path), lambda: ledgers.open_ledger(path, writer=False),\n"
        "             lambda: backups.restore(Path(sys.argv[3]), path, replace=True)):\n"
        "    try:\n        call()\n    except LedgerError as exc:\n        print(exc.code, exc.text)\n"
    )
    backup = world.folder / "备份.gzdb"
    _backup(world.a)(backup)
    data = world.a.path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).resolve().parents[2]), str(world.a.path), str(backup)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=True,
    )
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["locked"] * 3
    assert all("另一个程序" in line and line.endswith("。") for line in lines)
    assert world.a.path.read_bytes() == data
    world.a.act("写", "ab", Change("profile", "profile", {"phone": "1"}))


NAMES = [
    "带 空格 的 台账",
    "台账（2018年）—甘州区 100%#?&'",
    "\u202e倒过来",
    "e\u0301 组合",
    "🌾台账",
    "-rf",
    ".隐藏",
    "名" * 60,
    "n" * 150,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_kind(world: World, name: str) -> None:
    """New, join, export, merge, backup and restore under odd names, in folders named so."""
    folder = world.folder / name
    folder.mkdir()
    copy = world.a.export(folder / f"{name}.gzcopy")
    assert world.office.merge(copy).done
    new = kit.Pc(world.folder, "new")
    new.path = folder / f"{name}.gzdb"
    new.join(world.office.hand_out("ab", folder / f"{name}2.gzcopy"))
    new.act("写", "ab", Change("profile", "profile", {"phone": "1"}))
    back = folder / f"{name}3.gzdb"
    _backup(new)(back)
    new.close()
    new.do(backups.restore, back, new.path, replace=True)
    assert ledgers.verify(new.ledger).ok
    new.close()
    assert {f.name for f in folder.iterdir()} == {f"{name}.gzcopy", f"{name}.gzdb", f"{name}2.gzcopy", f"{name}3.gzdb"}


def deep(folder: Path, characters: int, letter: str) -> Path:
    """A folder whose path has so many characters."""
    while len(str(folder)) + 1 < characters:
        room = characters - len(str(folder)) - 1
        folder = folder / (letter * min(40, room))
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("letter", ["n", "深"])
def test_a_path_of_250_characters(world: World, letter: str) -> None:
    """It works, whatever it is written in; or a sentence says that the path is too long."""
    folder = deep(world.folder, 236, letter)
    copy = folder / "单位副本.gzcopy"
    new = kit.Pc(world.folder, "new")
    new.path = folder / "台账.gzdb"
    assert 240 <= len(str(copy)) <= 255
    try:
        assert world.office.merge(world.a.export(copy)).done
        new.join(world.office.hand_out("ab", world.file()))
        new.act("写", "ab", Change("profile", "profile", {"phone": "1"}))
        assert ledgers.verify(new.ledger).ok
    except EnvironmentFailed as failed:
        if letter == "n" or failed.code != "long_name":
            raise
    finally:
        new.close()
    assert not list(folder.glob("*.part*"))


def test_a_name_too_long_for_any_disk(world: World) -> None:
    for name in ("长" * 200 + ".gzcopy", "n" * 300 + ".gzcopy"):
        words = told("long_name", world.a.export, world.folder / name)
        assert "短" in words
    told("long_name", _backup(world.a), world.folder / ("长" * 200 + ".gzdb"))
    told("long_name", exchange.join, world.office.hand_out("ab", world.file()), world.folder / ("长" * 200 + ".gzdb"))
    (package,) = merging.merge(world.office.ledger, [world.folder / ("长" * 200 + ".gzcopy")]).refused
    assert package.reason in ("long_name", "not_found")
