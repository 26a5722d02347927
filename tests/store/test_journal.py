"""Ledger files that cannot be opened or written: one sentence each, EnvironmentFailed, nothing changed."""

import errno
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services import backups, exchange, ledgers
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.engine import failures_told, os_failure, sqlite_uri
from ganzhou_desktop.store.journal import Change, Journal
from tests.store import kit
from tests.store.kit import World

ROOT = Path(__file__).resolve().parents[2]


def fails(code: str, path: Path, *, writer: bool = True) -> None:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(EnvironmentFailed) as told:
        Journal.open(path, writer=writer).close()
    assert told.value.code == code, told.value
    assert told.value.text.endswith("。")
    assert told.value.text.count("。") == 1
    assert (path.read_bytes() if path.is_file() else None) == before


def test_files_that_are_no_ledgers(tmp_path: Path, world: World) -> None:
    file = tmp_path / "x.gzdb"
    fails("not_found", file)
    file.write_bytes(b"")
    fails("not_a_ledger", file)
    file.write_text("一季度汇报" * 100, "utf-8")
    fails("not_a_ledger", file)
    with sqlite3.connect(file.with_suffix(".db")) as other:
        other.execute("CREATE TABLE x (y)")
    other.close()
    fails("not_a_ledger", file.with_suffix(".db"))
    fails("not_a_ledger", world.a.export(world.file()))
    fails("not_a_file", tmp_path)
    whole = world.office.path.read_bytes()
    for size in (50, 100, 4000):
        file.write_bytes(whole[:size])
        fails("not_a_ledger" if size < 72 else "damaged", file)


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER t AFTER INSERT ON operation BEGIN DELETE FROM operation WHERE scope <> 'all'; END",
        "CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        "ALTER TABLE meta RENAME TO m; CREATE VIEW meta AS"
        " WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS name, x AS value FROM n",
    ],
)
def test_a_ledger_with_something_planted_in_it(world: World, planted: str) -> None:
    """A backup somebody hands over is whole by every signature and would still lose what is written into it."""
    given = world.folder / "给你的备份.gzdb"
    world.office.do(backups.backup, world.office.ledger, given)
    with sqlite3.connect(given) as connection:
        connection.executescript(planted)
    connection.close()
    fails("tampered", given)
    fails("tampered", given, writer=False)
    world.office.close()
    with pytest.raises(EnvironmentFailed) as told:
        world.office.do(backups.restore, given, world.office.path, replace=True)
    assert told.value.code == "tampered"
    good = world.folder / "自己的备份.gzdb"
    world.office.do(backups.backup, world.office.ledger, good)
    world.office.close()
    world.office.path.write_bytes(given.read_bytes())
    world.office.do(backups.restore, good, world.office.path, replace=True, clock=world.office.clock)
    assert ledgers.verify(world.office.ledger).ok, "one that was planted in is replaced by a good one"


def test_a_newer_ledger(tmp_path: Path, world: World) -> None:
    with sqlite3.connect(world.office.path) as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    fails("newer_format", world.office.path)
    fails("newer_format", world.office.path, writer=False)


def test_a_damaged_page_is_told_and_found(world: World) -> None:
    data = bytearray(world.office.path.read_bytes())
    for page in range(5, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    world.office.path.write_bytes(data)
    with pytest.raises(EnvironmentFailed) as told, closing(Journal.open(world.office.path)) as journal:
        list(journal.operations())
    assert told.value.code == "damaged"
    assert world.office.path.read_bytes() == data


def test_a_ledger_without_its_tables(world: World) -> None:
    with sqlite3.connect(world.office.path) as connection:
        connection.execute("DROP TABLE meta")
    connection.close()
    fails("damaged", world.office.path)


def test_every_changed_operation_is_found(world: World) -> None:
    assert ledgers.verify(world.office.ledger).ok
    world.office.close()
    for statement in (
        "UPDATE operation SET bytes = CAST(replace(CAST(bytes AS TEXT), '方案', '方桉') AS BLOB) WHERE seq = 2",
        "UPDATE operation SET signature = zeroblob(64) WHERE seq = 2",
        "UPDATE operation SET scope = 'cd' WHERE seq = 2",
        "DELETE FROM operation WHERE seq = 2",
        "UPDATE p_record SET origins = replace(origins, 'office', '别人') WHERE kind = 'document'",
        "UPDATE p_record SET body = replace(body, '方案', '方桉') WHERE kind = 'document'",
        "UPDATE p_record SET register = 'x' WHERE kind = 'document'",
        "DELETE FROM p_record WHERE kind = 'document'",
        "UPDATE p_revision SET record = '0' WHERE (operation, position) IN (SELECT max(operation), 0 FROM p_revision)",
        "DELETE FROM p_revision",
    ):
        spoilt = world.folder / "spoilt.gzdb"
        spoilt.write_bytes(world.office.path.read_bytes())
        with sqlite3.connect(spoilt) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            assert connection.execute(statement).rowcount
        connection.close()
        journal = Journal.open(spoilt, writer=False)
        assert journal.verify(), statement
        journal.close()
        spoilt.unlink()


HOLD = """
    import sys, time
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from ganzhou_desktop.store.journal import Journal
    journal = Journal.open(Path(sys.argv[2]))
    print("held", flush=True)
    time.sleep(60)
"""


def child(code: str, *given: object, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(ROOT), *map(str, given)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **more},
    )


TRY = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from ganzhou_desktop.domain.errors import EnvironmentFailed
    from ganzhou_desktop.store.journal import Journal
    try:
        Journal.open(Path(sys.argv[2])).close()
        print("opened", flush=True)
    except EnvironmentFailed as exc:
        print(exc.code, flush=True)
"""


def test_a_look_into_the_file_does_not_let_a_second_program_in(world: World) -> None:
    # Qt's file dialog opens and closes every file it lists; POSIX then drops SQLite's own lock.
    path = world.a.path
    with closing(Journal.open(path)):
        path.read_bytes()
        with child(TRY, path) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "locked\n"
        with child(TRY, path) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "locked\n", "nor after it was refused once"
    with child(TRY, path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "opened\n"


def test_a_second_program_is_told(world: World) -> None:
    path = world.a.path
    with child(HOLD, path) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            fails("locked", path)
            fails("locked", path, writer=False)
        finally:
            other.kill()
    Journal.open(path).close()


@pytest.fixture
def ordinary() -> Iterator[Path]:
    """A folder as an ordinary person sees it: for root, permissions do not bind."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_read_only_file_and_folder(world: World, request: pytest.FixtureRequest) -> None:
    data = world.office.path.read_bytes()
    Journal.open(world.office.path).close()
    folder: Path = request.getfixturevalue("ordinary")
    path = folder / "x.gzdb"
    if os.getuid() == 0:
        os.seteuid(0)
    path.write_bytes(data)
    path.chmod(0o444)
    folder.chmod(0o555)
    if os.getuid() == 0:
        os.seteuid(65534)
    fails("read_only", path)
    journal = Journal.open(path, writer=False)
    assert journal.heads()
    with pytest.raises(EnvironmentFailed) as told:
        journal.save_draft("ab", kit.PERIOD, "x", "")
    assert told.value.code == "read_only"
    with pytest.raises(EnvironmentFailed) as told, journal.writing(at="", what="write", nature="edit", title=""):
        pass
    assert told.value.code == "read_only"
    with pytest.raises(EnvironmentFailed) as told:
        journal.backup(folder / "y.gzdb")
    assert told.value.code in ("no_permission", "cannot_open")
    journal.close()
    with pytest.raises(EnvironmentFailed) as told:
        Journal.create(folder / "z.gzdb", ledger="a" * 64, holds="*", site="b" * 64)
    assert told.value.code == "cannot_open"
    assert [p.name for p in folder.iterdir()] == ["x.gzdb"]


def test_what_the_system_says_as_one_sentence(tmp_path: Path) -> None:
    for error, code in (
        (OSError(errno.ENOSPC, "x"), "disk_full"),
        (OSError(errno.EFBIG, "x"), "disk_full"),
        (OSError(errno.EROFS, "x"), "no_permission"),
        (PermissionError(errno.EACCES, "x"), "no_permission"),
        (FileNotFoundError(errno.ENOENT, "x"), "not_found"),
        (OSError(errno.ENAMETOOLONG, "x"), "long_name"),
        (OSError(errno.EIO, "x"), "io"),
    ):
        with pytest.raises(EnvironmentFailed) as told, failures_told(tmp_path / "x.gzdb"):
            raise error
        assert told.value.code == code
        assert os_failure(error, tmp_path / "x.gzdb").text.endswith("。")


def test_a_network_share_can_be_opened() -> None:
    assert sqlite_uri(PureWindowsPath(r"\\server\share\台账.gzdb")).startswith("file:////server/share/")
    assert sqlite_uri(PureWindowsPath("\\\\?\\C:\\x#")) == "file:%5C%5C%3F%5CC%3A%5Cx%23"
    assert sqlite_uri(PureWindowsPath(r"C:\台账 1\x#?.gzdb")) == "file:///C:/%E5%8F%B0%E8%B4%A6%201/x%23%3F.gzdb"


FULL = """
    import resource, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from ganzhou_desktop.domain.errors import EnvironmentFailed
    from ganzhou_desktop.services import backups, exchange, filing, ledgers
    from ganzhou_desktop.store.journal import Change
    ledger = ledgers.open_ledger(Path(sys.argv[2]))
    out, what = Path(sys.argv[3]), sys.argv[4]
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = int(sys.argv[5])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        if what == "export":
            exchange.export(ledger, out)
        elif what == "backup":
            backups.backup(ledger, out)
        elif what == "write":
            ledger.act("大", {"ab": [Change("entry", "0" * 32, {"text": "长" * 900000})]})
        elif what == "proof":
            ledger.journal.keep_proof("ab", b"x" * 3000000)
    except EnvironmentFailed as exc:
        print(exc.code, exc.text)
    else:
        print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits of POSIX")
@pytest.mark.parametrize("what", ["export", "backup", "write", "proof"])
def test_a_full_disk_leaves_no_half_file(world: World, what: str) -> None:
    ledger = world.a.ledger
    before = (ledger.journal.heads(), world.a.dump())
    size = world.a.path.stat().st_size
    world.a.close()
    out = world.folder / "out.gzcopy"
    limit = {"export": 20_000, "backup": 20_000, "write": size + 8192, "proof": size + 8192}[what]
    with child(FULL, world.a.path, out, what, limit, GANZHOU_HOME=str(world.a.home)) as done:
        told, trace = done.communicate(timeout=60)
    assert told.split()[:1] in (["disk_full"], ["io"]), (told, trace)
    assert told.strip().endswith("。")
    assert not list(world.folder.glob("out*"))
    assert not list(world.folder.glob("*.part*"))
    ledger = world.a.ledger
    assert (ledger.journal.heads(), world.a.dump()) == before
    assert ledger.journal.verify() == []
    assert not ledger.journal.proof_hashes()


WRITE = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from ganzhou_desktop.services import ledgers
    from ganzhou_desktop.store.journal import Change
    ledger = ledgers.open_ledger(Path(sys.argv[2]))
    for number in range(100000):
        ledger.act("写", {"ab": [Change("entry", f"{number:032x}", {"text": "字" * 2000}),
                                 Change("profile", "profile", {"phone": str(number)})]})
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
@pytest.mark.parametrize("instant", [0.0, 0.013, 0.05])
def test_killed_at_any_instant(world: World, instant: float) -> None:
    operations = world.a.ledger.journal.counts()[0]
    world.a.close()
    with child(WRITE, world.a.path, GANZHOU_HOME=str(world.a.home)) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(instant)
        os.kill(writer.pid, signal.SIGKILL)
        told = 1 + len(writer.stdout.read().splitlines())
    ledger = world.a.ledger
    assert ledger.journal.counts()[0] in (operations + told, operations + told + 1)
    assert ledger.journal.verify() == []
    world.a.close()
    assert not list(world.folder.glob("a.gzdb-*"))


def test_a_ledger_gets_its_name_only_when_it_is_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_out = world.office.hand_out("ab", world.file())

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    pc = kit.Pc(world.folder, "new")
    with monkeypatch.context() as patched:
        patched.setattr(keys, "store_key", stop)
        for call in (lambda: pc.join(hand_out), pc.found):
            with pytest.raises(KeyboardInterrupt):
                call()
            assert not list(world.folder.glob("new.gzdb*"))
    pc.path.with_name("new.gzdb.part").write_bytes(b"left by a killed program")
    pc.path.with_name("new.gzdb-journal").write_bytes(b"left by a killed program")
    pc.join(hand_out)
    assert pc.ledger.journal.verify() == []
    pc.close()
    with pytest.raises(EnvironmentFailed):
        pc.join(hand_out)


def test_keys_are_whole_private_and_never_replaced(ganzhou_home: Path) -> None:
    pair = keys.new_key()
    keys.store_key("a" * 64, "ab", pair)
    assert keys.load_key("a" * 64, "ab") == pair
    assert keys.load_key("b" * 64, "ab") is None
    with pytest.raises(EnvironmentFailed):
        keys.store_key("a" * 64, "ab", keys.new_key())
    (file,) = (ganzhou_home / "keys").iterdir()
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for text in ("", "{}", "[]", '{"ledger":"x","secret":"y"}', '{"ledger":1,"secret":2}'):
        file.write_text(text)
        with pytest.raises(EnvironmentFailed) as told:
            keys.load_key("a" * 64, "ab")
        assert told.value.code == "bad_key_file"
    code = keys.recovery_code(pair)
    assert keys.from_recovery_code(code.lower().replace(" ", "-").replace("0", "o")) == pair
    for place in range(0, len(code), 5):
        spoilt = code[:place] + ("7" if code[place] != "7" else "8") + code[place + 1 :]
        with pytest.raises(RuleBroken):
            keys.from_recovery_code(spoilt)


def test_what_others_would_refuse_is_not_signed_here(world: World) -> None:
    before = (world.a.ledger.journal.heads(), world.a.dump())
    for scope, change, code in (
        ("all", Change("period", kit.PERIOD, {"closed": True}), "office_only"),
        ("ab", Change("review", f"{kit.PERIOD}/{'0' * 64}", {"received": "2018-04-05"}), "office_only"),
        ("cd", Change("profile", "profile", {"phone": "1"}), "foreign_scope"),
        ("ab", Change("profile", "profile", {"phone": 1}), "bad_operation"),
        ("ab", Change("profile", "profile", {"phone": "1\x00"}), "bad_operation"),
        ("ab", Change("profile", "profile", {"phone": "1"}, ("0" * 64 + ".0",)), "bad_base"),
        ("ab", Change("entry", "0" * 32, {"x": "长" * 1_500_000}), "bad_operation"),
    ):
        with pytest.raises(RuleBroken) as told:
            world.a.act("错", scope, change)
        assert told.value.code == code
    assert (world.a.ledger.journal.heads(), world.a.dump()) == before
    assert exchange.compare_with_answer(world.a.ledger).answered


def test_one_act_of_many_records_is_several_operations(world: World) -> None:
    changes = [Change("entry", f"{n:032x}", {"x": "y"}) for n in range(1200)]
    world.a.act("导入", "ab", *changes)
    step = world.a.ledger.journal.steps()[-1]
    operations = world.a.ledger.journal.operations_of_step(step.seq)
    assert [len(o.revisions) for o in operations] == [500, 500, 200]
    assert len({o.act for o in operations}) == 1


def test_a_place_too_deep_for_windows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows only says that it finds nothing there."""
    monkeypatch.setattr(sys, "platform", "win32")
    deep = Path("C:/" + "很深的文件夹/" * 40 + "台账.gzdb")
    assert os_failure(FileNotFoundError(2, "x"), deep).code == "long_name"
    assert os_failure(FileNotFoundError(2, "x"), Path("C:/台账.gzdb")).code == "not_found"
