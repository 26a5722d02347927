"""Copies made to do harm, by strangers and by an insider whose key is trusted: refused in a sentence, soon, in little memory.

What is wrong with a file or its form is in test_copies.py; here is what it costs, what it says, and what lies beside it.
"""

import itertools
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ganzhou_desktop.domain.canonical import Json, encode, local_moment, sha256_hex
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError
from ganzhou_desktop.services import backups, exchange, filing, finding, ledgers, merging, sticks
from ganzhou_desktop.store import amounts, copies, keys
from tests.store import kit
from tests.store.kit import World, forge, members, put, revision

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0
MEMORY = 160 * 2**20
"""More than the program itself needs, far less than what the files claim."""

PAGE = 4096


@pytest.fixture
def copy(world: World) -> Path:
    """A good copy of PC A with something new in it."""
    return world.a.export(world.file())


# -- what a table can be made to claim -------------------------------------------------------------------------


def varint(number: int) -> bytes:
    """A number as SQLite writes it in a cell."""
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(number & 0x7F | 0x80)
    return bytes(reversed(parts))


def cell(rowid: int, columns: list[tuple[int, bytes]], overflow: int) -> bytes:
    """A table cell whose columns are (serial type, local bytes); what is claimed beyond lies on the page `overflow`."""
    header = b"".join(varint(kind) for kind, _ in columns)
    header = varint(len(header) + 1) + header
    claimed = len(header) + sum((kind - 12) // 2 for kind, _ in columns)
    usable = PAGE
    largest, least = usable - 35, (usable - 12) * 32 // 255 - 23
    local = least + (claimed - least) % (usable - 4)
    local = local if local <= largest else least
    assert claimed > largest, "there is something to go on with"
    body = (header + b"".join(data for _, data in columns)).ljust(local, b"a")[:local]
    return varint(claimed) + varint(rowid) + body + overflow.to_bytes(4, "big")


def leaf(cells: list[bytes]) -> bytes:
    """A leaf page of a table."""
    place, pointers, content = PAGE, b"", b""
    for one in cells:
        place -= len(one)
        pointers += place.to_bytes(2, "big")
        content = one + content
    head = b"\x0d\0\0" + struct.pack(">HH", len(cells), place) + b"\0"
    return head + pointers + bytes(PAGE - len(head) - len(pointers) - len(content)) + content


def with_leaf(table: str, columns: list[tuple[int, bytes]], rows: int) -> Callable[[bytes], bytes]:
    """The file with 300 times the same page of rows for a table, all of which go on in one page that goes on in itself.

    SQLite lets no row claim more than the file has bytes, so it has some; but nothing keeps rows from sharing them.
    """

    def change(data: bytes) -> bytes:
        pages = [data[n : n + PAGE] for n in range(0, len(data), PAGE)]
        pages.append((len(pages) + 1).to_bytes(4, "big") + b"a" * (PAGE - 4))
        loop = len(pages)
        with closing(sqlite3.connect(":memory:")) as memory:
            memory.deserialize(data)
            (root,) = memory.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        pages += [bytes(PAGE)] * 600
        pages.append(leaf([cell(n + 1, columns, loop) for n in range(rows)]))
        pages[root - 1] = _interior(len(pages), 0)
        pages[0] = pages[0][:28] + len(pages).to_bytes(4, "big") + pages[0][32:]
        return b"".join(pages)

    return change


def text(size: int) -> tuple[int, bytes]:
    return 13 + 2 * size, b"a" * 64


def blob(size: int) -> tuple[int, bytes]:
    return 12 + 2 * size, b"a" * 64


MEGA = 2**20
SIGNATURE = (12 + 2 * 64, b"s" * 64)

BOMBS = {
    "ids of 2 MB": ("operation", [text(2 * MEGA), blob(600), SIGNATURE], 1),
    "ids of 1 GB": ("operation", [text(2**30), blob(600), SIGNATURE], 1),
    "an operation of 2 MB": ("operation", [text(64), blob(2 * MEGA), SIGNATURE], 1),
    "an operation of 1 GB": ("operation", [text(64), blob(2**30), SIGNATURE], 1),
    "a signature of 2 MB": ("operation", [text(64), blob(600), blob(2 * MEGA)], 1),
    "scopes of 2 MB": ("proof", [text(2 * MEGA), text(64), blob(600)], 1),
    "hashes of 2 MB": ("proof", [text(2), text(2 * MEGA), blob(600)], 1),
    "proof of 2 MB": ("proof", [text(2), text(64), blob(2 * MEGA)], 1),
    "proof of 1 GB": ("proof", [text(2), text(64), blob(2**30)], 1),
}

MEASURED = """
    import json, resource, sys, time
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from ganzhou_desktop.services import ledgers, merging
    ledger = ledgers.open_ledger(Path(sys.argv[2]))
    merging.merge(ledger, [Path(sys.argv[2]).with_name("does not exist.gzcopy")])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    (package,) = merging.merge(ledger, [Path(sys.argv[3])]).packages
    took = time.monotonic() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(json.dumps([package.verdict, package.reason, package.text, took, grown]))
    ledger.close()
"""


def measured(world: World, file: Path, *, memory: int = MEMORY) -> tuple[str, str, str]:
    """The office merges a file in a program of its own: its verdict, after asserting time, memory and an untouched ledger."""
    before = (world.office.ledger.journal.heads(), world.office.dump())
    world.office.close()
    data = world.office.path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURED), str(ROOT), str(world.office.path), str(file)],
        capture_output=True,
        text=True,
        env={**os.environ, "GANZHOU_HOME": str(world.office.home), "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    verdict, reason, words, took, grown = json.loads(done.stdout)
    assert took < SECONDS, (reason, took)
    assert grown < memory, (reason, grown)
    assert world.office.path.read_bytes() == data, "not a byte of the ledger changed"
    assert (world.office.ledger.journal.heads(), world.office.dump()) == before
    return verdict, reason, words


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(world: World, copy: Path, bomb: str) -> None:
    """A small file whose rows claim to be huge, signed by a trusted key."""
    table, columns, rows = BOMBS[bomb]
    claims = {"operations": 300 * rows + rows} if table == "operation" else {}
    file = forge(copy, world.file(), world.a.key(), body=with_leaf(table, columns, rows), **claims)
    assert file.stat().st_size < 4 * MEGA
    verdict, reason, words = measured(world, file)
    assert (verdict, reason) == ("refused", "damaged"), words


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
def test_a_schema_that_goes_on_for_ever(world: World, copy: Path) -> None:
    """sqlite_master itself is read before anything can be asked of it: its pages name one another again and again."""

    def many(connection: sqlite3.Connection) -> None:
        for number in range(3000):
            connection.execute(f"CREATE TABLE t{number} (a, b, c)")

    for file in (
        forge(copy, world.file(), world.a.key(), sql=many),
        forge(copy, world.file(), world.a.key(), body=_exploding_schema),
    ):
        verdict, reason, words = measured(world, file)
        assert (verdict, reason) == ("refused", "damaged"), words


def _exploding_schema(data: bytes) -> bytes:
    """Page 1 becomes the top of a tree in which each level names the next one's page 300 times: 300^4 rows."""
    pages = [bytearray(data[n : n + PAGE]) for n in range(0, len(data), PAGE)]
    kept = 100 + 12
    row = b"table" + b"x" + b"x" + b"CREATE TABLE x(y)"
    header = bytes([6, 23, 15, 15, 1, 13 + 2 * 17])
    payload = header + b"table" + b"x" + b"x" + b"\x02" + b"CREATE TABLE x(y)"
    del row
    pages.append(bytearray(leaf([varint(len(payload)) + varint(1) + payload])))
    child = len(pages)
    for _ in range(3):
        pages.append(bytearray(_interior(child, 0)))
        child = len(pages)
    top = _interior(child, 100)
    pages[0] = bytearray(pages[0][:100] + top[100:])
    pages[0][28:32] = len(pages).to_bytes(4, "big")
    assert kept
    return b"".join(pages)


def _interior(child: int, start: int) -> bytes:
    place, pointers, content = PAGE, b"", b""
    for rowid in range(300):
        one = child.to_bytes(4, "big") + varint(rowid)
        place -= len(one)
        pointers += place.to_bytes(2, "big")
        content = one + content
    head = b"\x05\0\0" + struct.pack(">HH", 300, place) + b"\0" + child.to_bytes(4, "big")
    body = bytes(start) + head + pointers
    return body + bytes(PAGE - len(body) - len(content)) + content


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
def test_json_made_to_be_slow(world: World, copy: Path) -> None:
    """The largest operations there may be, deep, odd or made of a million names, signed by a trusted key."""
    key, ledger = world.a.key(), world.office.ledger.id
    site = key.site
    plain = members(ledger, site)
    big = 4 * MEGA - 1000
    spoilt = [
        b"[" * big,
        b'{"a":' * (big // 5),
        b"[" + b"1," * (big // 2) + b"1]",
        encode({**plain, "title": {f"n{n}": 0 for n in range(200_000)}}),
        encode({**plain, "title": "\u202e" * (big // 4), "extra": 1}),
        encode({**plain, "revisions": [revision("entry", "0" * 32, **{f"f{n}": n for n in range(150_000)}), 0]}),
    ]
    for data in spoilt:
        file = forge(copy, world.file(), key, sql=put(data, key))
        verdict, reason, words = measured(world, file)
        assert (verdict, reason) == ("refused", "bad_operation"), words


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
def test_a_strangers_copy_is_not_read_however_much_it_brings(world: World, copy: Path) -> None:
    """Operations of the right form and of millions of values: its 核对码 comes first; once compared, it is read."""
    stranger = keys.new_key()

    def bringing(number: int) -> Path:
        def add(connection: sqlite3.Connection) -> None:
            for n in range(number):
                values = revision("entry", f"{n:032x}", register="x", name=[0] * (2 * MEGA - 1000))
                put(encode(members(world.office.ledger.id, stranger.site, revisions=[values])), stranger)(connection)

        return forge(copy, world.file(), stranger, sql=add)

    verdict, reason, words = measured(world, bringing(8))
    assert (verdict, reason) == ("refused", "unknown_key"), words
    large = bringing(2)
    (asked,) = world.office.merge(large).packages
    assert (asked.reason, asked.new) == ("unknown_key", 3)
    assert world.office.merge(large, trust=asked.to_trust).done, "it is refused only until its code is compared"


def out_of_order(table: str) -> Callable[[bytes], bytes]:
    """The rows of a table's one leaf in another order than that of their numbers: met in passing, not found by number."""

    def change(data: bytes) -> bytes:
        with closing(sqlite3.connect(":memory:")) as memory:
            memory.deserialize(data)
            (root,) = memory.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        start = (root - 1) * PAGE
        assert data[start] == 0x0D, "one leaf"
        rows = int.from_bytes(data[start + 3 : start + 5], "big")
        assert rows > 2
        pointers = [data[start + 8 + 2 * n : start + 10 + 2 * n] for n in range(rows)]
        return data[: start + 8] + b"".join(reversed(pointers)) + data[start + 8 + 2 * rows :]

    return change


@pytest.mark.parametrize("table", ["operation", "proof"])
def test_rows_that_are_not_found_again(world: World, copy: Path, table: str) -> None:
    """By anybody: refused as damaged, and the copy beside it is merged."""
    key, ledger = world.a.key(), world.office.ledger.id

    def few(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM operation")
        for number in range(4):
            put(encode(members(ledger, key.site, revisions=[revision(key=f"{number:032x}", kind="entry", a=1)])), key)(
                connection
            )
            data = b"%PDF" + bytes([number]) * 40
            connection.execute("INSERT INTO proof VALUES ('ab', ?, ?)", (sha256_hex(data), data))

    file = forge(copy, world.file(), key, sql=few, body=out_of_order(table))
    result = world.office.merge(file, copy)
    assert [(p.verdict, p.reason) for p in result.packages] == [("refused", "damaged"), ("merged", "")]
    if table == "operation":
        with pytest.raises(LedgerError, match="damaged"):
            exchange.inspect(file)
    sticks.look_at(world.office.ledger, world.folder)


def test_a_manifest_of_a_million_scopes(world: World, copy: Path) -> None:
    """By anybody: what is asked of each scope is not asked a million times."""
    scopes = sorted({f"{n:06d}" for n in range(400_000)} | {"all"})
    start = time.monotonic()
    (package,) = world.office.merge(forge(copy, world.file(), kit.fresh_key(), scopes=scopes)).refused
    assert package.reason == "damaged"
    assert time.monotonic() - start < SECONDS


def test_what_a_copy_says_it_holds_fills_no_ledger(world: World, copy: Path) -> None:
    """40,000 hashes nobody here has ever seen, in every copy by a trusted key: they are of no use and are not kept."""
    held = sorted(f"ab/{sha256_hex(str(n).encode())}" for n in range(40_000))
    size = world.office.path.stat().st_size
    for _ in range(2):
        assert not world.office.merge(forge(copy, world.file(), world.a.key(), held=held)).refused
    assert world.office.path.stat().st_size < size + MEGA
    assert [row["held"] for row in world.office.ledger.journal.packages()[-2:]] == ["", ""]


@pytest.mark.parametrize(("what", "revisions", "fields"), [("改了 700 次", 700, 1), ("写了 30000 处", 10, 3000)])
def test_one_record_written_very_often_is_asked_about(
    world: World, copy: Path, what: str, revisions: int, fields: int
) -> None:
    """Beside one another, by a trusted key: what stands is worked out from all of them, so not unasked."""
    key, ledger = world.a.key(), world.office.ledger.id

    def fill(connection: sqlite3.Connection) -> None:
        for number in range(revisions):
            values = {f"f{n}": number for n in range(fields)}
            put(encode(members(ledger, key.site, revisions=[revision("entry", "5" * 32, **values)])), key)(connection)

    file = forge(copy, world.file(), key, sql=fill)
    start = time.monotonic()
    (asked,) = world.office.merge(file).refused
    assert time.monotonic() - start < SECONDS
    assert (asked.reason, what in asked.text) == ("large", True), asked.text
    assert world.office.merge(file, large=[file]).done


# -- what an insider's copy may cost ---------------------------------------------------------------------------


def entries(number: int, rows: int, **values: object) -> list[Json]:
    return [revision("entry", f"{number * rows + n:032x}", register="x", **values) for n in range(rows)]


LADEN: dict[str, Callable[[int], list[Json]]] = {
    "as many operations as may be": lambda n: entries(n, 1),
    "rows as they are filed": lambda n: entries(n, 9, name="甘州区第一农机合作社", note="备注" * 20, year=2018),
    "2000 rows an operation": lambda n: entries(n, 2000, name="甘州区第一农机合作社", days=["2018-01-01"]),
    "a million numbers": lambda n: entries(n, 1, name=[0] * (2 * MEGA - 1000)),
    "a million texts": lambda n: entries(n, 1, name=["ab"] * (4 * MEGA // 5 - 1000)),
    "60,000 parents": lambda n: [
        revision(
            "entry", f"{n:032x}", sorted(f"{sha256_hex(b'%d %d' % (n, k))}.0" for k in range(60_000)), register="x"
        )
    ],
}


def laden(world: World, copy: Path, what: str, *, operations: int, size: int, spoilt: bool) -> Path:
    """A copy of PC A, which is trusted, with that much in it; the last operation's signature is wrong if `spoilt`."""
    key, ledger = world.a.key(), world.office.ledger.id

    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        total = number = 0
        while True:
            data = encode(members(ledger, key.site, revisions=LADEN[what](number)))
            total, number = total + len(data), number + 1
            last = number == operations or total + len(data) > size
            put(data, key, signature=bytes(64) if last and spoilt else None)(connection)
            if last:
                break
        connection.execute("COMMIT")

    return forge(copy, world.file(), key, sql=fill)


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
@pytest.mark.parametrize("what", LADEN)
def test_an_insiders_copy_costs_no_more_than_what_is_usual(world: World, copy: Path, what: str) -> None:
    """As much as is read unasked, signed by a trusted key, right but for its very last signature."""
    new = amounts.NEW_OPERATIONS - 10, amounts.NEW_BYTES - MEGA // 2
    file = laden(world, copy, what, operations=new[0], size=new[1], spoilt=True)
    verdict, reason, words = measured(world, file, memory=320 * MEGA)
    assert (verdict, reason) == ("refused", "bad_signature"), words


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
def test_what_goes_beyond_is_not_read_however_it_is_signed(world: World, copy: Path) -> None:
    """76 MB by a trusted key: in a moment, whatever is wrong with it or not."""
    file = laden(world, copy, "2000 rows an operation", operations=10**6, size=76 * MEGA, spoilt=True)
    verdict, reason, words = measured(world, file, memory=32 * MEGA)
    assert (verdict, reason) == ("refused", "large"), words
    assert chinese(words), words


SMALL = {"NEW_OPERATIONS": 3, "NEW_BYTES": 2000, "OPERATIONS": 3, "PROOF": 1, "FILE": 9000}


@pytest.mark.parametrize("amount", SMALL)
def test_a_large_honest_copy_is_taken_in_when_somebody_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, amount: str
) -> None:
    """Each of the amounts, made small: asked first, then merged; nothing honest is refused for ever."""
    for number in range(4):
        digest = world.a.do(world.a.ledger.journal.keep_proof, "ab", b"%PDF-1.4 " + bytes([number]) * 900)
        file = {"name": "照片.pdf", "size": 909, "kind": "pdf"}
        world.a.act("提交", "ab", kit.Change("submission", kit.PERIOD, {f"proof/1/{digest}": file}))
    large, usual = world.a.export(world.file(), all_proof=True), world.b.export(world.file())
    monkeypatch.setattr(amounts, amount, SMALL[amount])
    before = world.office.ledger.journal.heads()
    (asked,) = world.office.merge(large).packages
    assert (asked.verdict, asked.reason) == ("refused", "large")
    assert chinese(asked.text), asked.text
    assert world.office.ledger.journal.heads() == before
    assert not world.office.merge(large, dry_run=True, large=[usual]).packages[0].changes, (
        "asked of each file by itself"
    )
    (preview,) = world.office.merge(large, dry_run=True, large=[large]).packages
    assert preview.new == 5
    result = world.office.merge(usual, large, large=[large], trust=[world.b.ledger.code()])
    assert [p.verdict for p in result.packages] == (
        ["refused", "merged"] if amount in ("OPERATIONS", "FILE") else ["merged", "merged"]
    )
    assert ledgers.verify(world.office.ledger).ok


@pytest.mark.parametrize("amount", ["NEW_OPERATIONS", "NEW_BYTES", "OPERATIONS", "FILE"])
def test_joining_and_finding_again_ask_the_same_way(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, amount: str
) -> None:
    start = world.office.hand_out("ab", world.file())
    monkeypatch.setattr(amounts, amount, SMALL[amount])
    new, found = kit.Pc(tmp_path, "new"), kit.Pc(tmp_path, "found")
    for call, given, pc in (
        (exchange.join, (start, new.path), new),
        (exchange.revive_office, (start, found.path, world.recovery), found),
    ):
        with pytest.raises(LedgerError) as told:
            pc.do(call, *given)
        assert (told.value.code, chinese(told.value.text)) == ("large", True)
        assert not pc.path.exists()
        pc.do(call, *given, large=True).close()
        assert ledgers.verify(pc.ledger).ok
        pc.close()
    seen = exchange.inspect(start, large=True)
    assert seen.large
    assert seen.title


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX tells it")
def test_looking_at_a_laden_copy_reads_only_what_names_it(world: World, copy: Path) -> None:
    """`inspect` of 40 MB: who wrote it and what of, without its rows."""
    file = laden(world, copy, "a million texts", operations=10**6, size=40 * MEGA, spoilt=True)
    start = time.monotonic()
    seen = exchange.inspect(file)
    assert time.monotonic() - start < SECONDS
    assert seen.large
    assert seen.code == world.a.ledger.code()
    assert seen.unit_name == world.office.ledger.plan().unit_by_id["ab"].name


# -- what is said ----------------------------------------------------------------------------------------------


def chinese(words: str) -> bool:
    """One sentence, in Chinese, that ends as a sentence does and says what to do."""
    han = sum("\u4e00" <= c <= "\u9fff" for c in words)
    foreign = re.findall(r"[A-Za-z]+", re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}|\.gzcopy|\.gzdb|U盘|JSON", "", words))
    return words.endswith("。") and words.count("。") == 1 and "\n" not in words and han > 10 and len(foreign) <= 2


def test_every_refusal_is_a_chinese_sentence_about_a_named_file(world: World, copy: Path) -> None:
    key, ledger = world.a.key(), world.office.ledger.id
    data = copy.read_bytes()

    def raw(content: bytes) -> Path:
        file = world.file()
        file.write_bytes(content)
        return file

    def one(**more: object) -> Path:
        operation = encode({**members(ledger, key.site), **more})
        return forge(copy, world.file(), key, sql=put(operation, key))

    stranger = kit.fresh_key()
    files = [
        raw(b""),
        raw("一季度汇报".encode() * 100),
        raw(data[:5000]),
        raw(data[:-1]),
        raw(data[:700] + b"?" + data[701:]),
        forge(copy, world.file(), key, sql=lambda c: c.execute("CREATE VIEW v AS SELECT 1")),
        forge(copy, world.file(), key, format=9),
        forge(copy, world.file(), key, ledger="0" * 64),
        forge(copy, world.file(), stranger),
        one(format=9),
        one(extra=1),
        one(scope="cd"),
        one(ledger="0" * 64),
        one(revisions=[revision(parents=["0" * 64 + ".0"])]),
        one(scope="all", revisions=[revision("period", closed=True)]),
        world.folder / "没有.gzcopy",
        world.office.path,
    ]
    result = world.office.merge(*files)
    assert len(result.refused) == len(files)
    for file, package in zip(files, result.packages, strict=True):
        assert package.file == file
        assert chinese(package.text), package.text
    assert len({p.reason for p in result.packages}) >= 12


def test_cut_at_every_length_of_a_small_copy(world: World, copy: Path) -> None:
    """Not one shorter file is taken for a copy; asked of the reader itself, some thousands of times."""
    data = copy.read_bytes()
    file = world.folder / "cut.gzcopy"
    file.write_bytes(data)
    size = copies.read_manifest(file).size
    lengths = sorted({*range(0, len(data), 97), *range(size - 3, len(data))}, reverse=True)
    start = time.monotonic()
    for length in lengths:
        os.truncate(file, length)
        with pytest.raises(LedgerError) as told:
            copies.read_manifest(file)
        assert told.value.code in ("damaged", "not_a_copy", "empty")
        assert chinese(told.value.text)
    assert time.monotonic() - start < 60


# -- what lies beside, what is named ---------------------------------------------------------------------------


def test_nothing_beside_a_copy_is_read_written_or_removed(world: World, copy: Path) -> None:
    """A hot journal, a WAL that would bring other rows, a folder of that name: the copy alone counts."""
    with closing(sqlite3.connect(world.folder / "evil.db")) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE operation (id, bytes, signature)")
        other.commit()
        wal = (world.folder / "evil.db-wal").read_bytes()
    beside = {copy.with_name(copy.name + "-wal"): wal, copy.with_name(copy.name + "-journal"): copy.read_bytes()}
    for file, data in beside.items():
        file.write_bytes(data)
    copy.with_name(copy.name + "-shm").mkdir()
    assert world.office.merge(copy).done
    assert {f: f.read_bytes() for f in beside} == beside
    assert ledgers.verify(world.office.ledger).ok


NAMES = [
    "..",
    "../../etc/passwd",
    "..\\..\\x.exe",
    "CON",
    "NUL.pdf",
    "报告\u202efdp.exe",
    "a" * 5000,
    "",
    "x\ty",
    ".",
    "C:\\x",
]


def test_proof_that_is_a_program_or_badly_named_opens_as_harmless_text(world: World, tmp_path: Path) -> None:
    """Taken in as data; its safe copy lies inside the folder asked for, under a name no system takes for a command."""
    from ganzhou_desktop.domain.proof_kinds import safe_name

    changes = {}
    for number, name in enumerate(NAMES):
        data = b"MZ\x90\x00" + bytes([number]) * 600
        digest = world.a.do(world.a.ledger.journal.keep_proof, "ab", data)
        changes[f"proof/1/{digest}"] = {"name": name, "size": len(data), "kind": "exe"}
    world.a.act("提交", "ab", kit.Change("submission", kit.PERIOD, changes))
    assert world.office.merge(world.a.export(world.file())).done
    row = next(r for r in world.office.ledger.journal.records(["submission"]))
    for name in (str(f.value["name"]) for n, f in row.fields.items() if n.startswith("proof/")):
        safe = safe_name(name, "txt")
        assert Path(safe).name == safe
        assert safe.split(".")[0].upper() not in {"CON", "NUL", "PRN", "AUX", ""}
        assert not set(safe) & set('\\/:*?"<>|\u202e\u202d\u2066')
        assert len(safe.encode()) < 250


# -- content that the door lets in, whatever it says: no page may break on it -----------------------------------


def test_instants_no_calendar_here_can_hold() -> None:
    """A trusted PC whose clock stands in the year 1 or 9999: shown somehow, never a crash."""
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "2018-04-02T01:00:00Z"):
        assert local_moment(at).tzinfo is not None


def test_a_filing_beyond_every_limit_of_a_form_opens_as_a_draft(world: World) -> None:
    """The door lets it in; a draft of it must open again, or the unit could never fill in its form."""
    digest = "0" * 64
    said = {**kit.ANSWER, "progress": "长" * 30_000, "expected": "0001-01-01"}
    file = {"name": "", "size": 1, "kind": "exe"}
    world.a.act("提交", "ab", kit.Change("submission", kit.PERIOD, {"1": said, f"proof/1/{digest}": file}))
    shown = filing.form_state(world.a.ledger, "ab", kit.PERIOD).form
    filing.save_draft(world.a.ledger, shown)
    again = filing.form_state(world.a.ledger, "ab", kit.PERIOD)
    assert again.draft_saved is not None
    assert again.form == shown


def test_a_copy_of_one_ledger_that_names_the_other_as_its_own(world: World, tmp_path: Path) -> None:
    """The same operations in a ledger of the same id that somebody else founded: there is none."""
    other = kit.Pc(tmp_path, "other")
    other.found()
    stolen = forge(other.hand_out("ab", world.file()), world.file(), other.key(), ledger=world.office.ledger.id)
    (package,) = world.office.merge(stolen).refused
    assert package.reason == "other_ledger"
    assert exchange.inspect(stolen).ledger_code  # looking at it does no harm
    other.close()


def test_many_heads_and_long_chains_are_judged_soon(world: World, copy: Path) -> None:
    """A thousand writes beside one another, and a thousand one after another, by a trusted key."""
    key, ledger = world.a.key(), world.office.ledger.id

    def fill(connection: sqlite3.Connection) -> None:
        parents: list[str] = []
        for number in range(1000):
            beside = revision("entry", "5" * 32, name=f"旁{number}")
            after = revision("entry", "6" * 32, parents, name=f"后{number}")
            data = encode({**members(ledger, key.site), "revisions": [beside, after]})
            parents = [f"{sha256_hex(data)}.1"]
            put(data, key)(connection)

    file = forge(copy, world.file(), key, sql=fill)
    start = time.monotonic()
    (asked,) = world.office.merge(file).refused
    assert (asked.reason, "同一条记录改了 1000 次" in asked.text) == ("large", True)
    result = world.office.merge(file, large=[file])
    assert result.done
    assert time.monotonic() - start < 20
    rows = {r.key: r for r in world.office.ledger.journal.records(["entry"])}
    assert len(rows["5" * 32].fields["name"].writes) == 1000
    assert rows["6" * 32].values() == {"name": "后999"}
    assert not list(itertools.chain(merging.merge(world.office.ledger, [file], dry_run=True).refused))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices lie in folders on POSIX only")
def test_what_is_no_file_is_told_at_once(world: World, copy: Path) -> None:
    folder = world.folder / "odd"
    folder.mkdir()
    os.mkfifo(folder / "管道.gzcopy")
    (folder / "文件夹.gzcopy").mkdir()
    (folder / "圈.gzcopy").symlink_to(folder / "圈.gzcopy")
    (folder / "无底.gzcopy").symlink_to("/dev/zero")
    for path in folder.iterdir():
        (package,) = world.office.merge(path).packages
        assert package.reason == ("not_found" if path.name.startswith("圈") else "not_a_file"), package
        for call, given in (
            (exchange.join, (path, world.folder / "new.gzdb")),
            (exchange.inspect, (path,)),
            (backups.restore, (path, world.folder / "new.gzdb")),
            (ledgers.open_ledger, (path,)),
        ):
            with pytest.raises(EnvironmentFailed) as told:
                world.b.do(call, *given)
            assert told.value.code == package.reason
    assert finding.find_copies(folder).files == ()
    assert not (world.folder / "new.gzdb").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_is_taken_refused_and_logged(world: World, copy: Path) -> None:
    """Names written by a PC of another code: half a character must not stop the other sixteen copies."""
    odd = Path(os.fsdecode(os.fsencode(world.folder) + "/副本.gzcopy".encode("gbk")))
    odd.write_bytes(b"x" * 2000)
    other = odd.with_name(odd.name + ".gzcopy")
    shutil.copyfile(copy, other)
    result = world.office.merge(odd, other)
    world.office.do(exchange.note_refused, world.office.ledger, result.packages)
    assert [p.verdict for p in result.packages] == ["refused", "merged"]
    assert [t.verdict for t in exchange.list_travelled(world.office.ledger)][:2] == ["refused", "merged"]
    assert world.office.hand_out("ab", odd.with_name(odd.name + "2")).exists()
