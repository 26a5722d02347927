"""Copies from outside: each kind of bad one is refused with one sentence, in seconds, and changes nothing."""

import itertools
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganzhou_desktop.domain.canonical import encode, record_id, sha256_hex
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import backups, exchange, merging, sites
from ganzhou_desktop.store import copies, copy_writing, keys
from ganzhou_desktop.store.journal import Change
from tests.store import kit
from tests.store.kit import World, forge, members, put, revision, submission

SECONDS = 5.0


def refused(world: World, file: Path, code: str | tuple[str, ...]) -> merging.Package:
    """The office refuses this file with this code and one sentence, and nothing in it has changed."""
    ledger = world.office.ledger
    before = (ledger.journal.heads(), world.office.dump(), ledger.journal.steps(), ledger.journal.proof_hashes())
    start = time.monotonic()
    result = world.office.merge(file)
    assert time.monotonic() - start < SECONDS
    (package,) = result.packages
    assert not result.done
    assert (package.verdict, package.reason) == ("refused", package.reason)
    assert package.reason in ((code,) if isinstance(code, str) else code), package
    assert package.text.endswith("。")
    assert package.text.count("。") == 1
    assert "\n" not in package.text
    assert (
        ledger.journal.heads(),
        world.office.dump(),
        ledger.journal.steps(),
        ledger.journal.proof_hashes(),
    ) == before
    return package


@pytest.fixture
def copy(world: World) -> Path:
    """A good copy of PC A with something new in it."""
    return world.a.export(world.file())


def test_the_copy_that_all_the_others_are_made_of_is_good(world: World, copy: Path) -> None:
    same = forge(copy, world.file(), world.a.key())
    assert world.office.merge(same).done
    assert world.office.merge(copy).packages[0].verdict == "known"


# -- files that are no copies -------------------------------------------------------------------------------


def test_files_that_are_no_copies(world: World, copy: Path) -> None:
    file = world.file("text")
    file.write_text("区科技局\n一季度汇报\n" * 200, "utf-8")
    refused(world, file, "not_a_copy")
    file = world.file("short")
    file.write_bytes(b"x")
    refused(world, file, "not_a_copy")
    file = world.file("empty")
    file.touch()
    refused(world, file, "empty")
    refused(world, world.folder / "没有.gzcopy", "not_found")
    refused(world, world.folder, "not_a_file")
    refused(world, world.folder / ("长" * 300), ("long_name", "not_found", "io"))


def test_a_ledger_or_its_backup_is_no_copy(world: World) -> None:
    refused(world, world.office.path, "own_ledger")
    backup = world.folder / "备份.gzdb"
    backups.backup(world.office.ledger, backup)
    refused(world, backup, "a_ledger")
    backup.rename(backup.with_suffix(".gzcopy"))
    refused(world, backup.with_suffix(".gzcopy"), "a_ledger")


def test_cut_anywhere(world: World, copy: Path) -> None:
    data = copy.read_bytes()
    size = copies.read_manifest(copy).size
    places = {1, 15, 16, 99, 100, 511, 512, 4095, 4096, size - 1, size, size + 1, size + 200, len(data) - 1}
    places |= {len(data) - n for n in (4, 8, 12, 13, 70, 77)} | set(range(0, len(data), len(data) // 20))
    for place in sorted(places):
        file = world.folder / "cut.gzcopy"
        file.write_bytes(data[:place])
        refused(world, file, ("not_a_copy", "damaged", "empty"))


def test_one_bit_anywhere(world: World, copy: Path) -> None:
    data = copy.read_bytes()
    size = copies.read_manifest(copy).size
    file = world.folder / "bit.gzcopy"
    places = [*range(0, len(data), 512), *range(size, len(data), 7), len(data) - 1]
    for number, place in enumerate(places):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1 << number % 8]) + data[place + 1 :])
        with pytest.raises(LedgerError) as told, copies.open_copy(file) as opened:
            opened.operation_ids()
        assert told.value.code in ("damaged", "not_a_copy", "newer_format")


def test_bytes_added_before_after_and_within(world: World, copy: Path) -> None:
    data = copy.read_bytes()
    size = copies.read_manifest(copy).size
    for spoilt in (b"\x00" + data, data + b"\x00", data[:size] + b"\x00" + data[size:], data + data[size:]):
        file = world.file()
        file.write_bytes(spoilt)
        refused(world, file, ("damaged", "not_a_copy"))
    refused(world, forge(copy, world.file(), world.a.key(), body=lambda b: b + b"\x00" * 4096), "damaged")


# -- SQLite inside ------------------------------------------------------------------------------------------


def _remake(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def run(connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT * FROM operation").fetchall()
        connection.execute("ALTER TABLE operation RENAME TO o")
        for statement in statements:
            connection.execute(statement)
        if any("TABLE operation" in s for s in statements):
            columns = ", ".join("?" * 3)
            connection.executemany(f"INSERT INTO operation (id, bytes, signature) VALUES ({columns})", rows)
            connection.execute("DROP TABLE o")

    return run


SHAPES = {
    "view": _remake("CREATE VIEW operation AS SELECT * FROM o"),
    "without rowid": _remake(
        "CREATE TABLE operation (id TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB NOT NULL) WITHOUT ROWID"
    ),
    "generated column": _remake(
        "CREATE TABLE operation (id TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB NOT NULL,"
        " x TEXT AS (lower(id)))"
    ),
    "other blanks": _remake(
        "CREATE TABLE operation (id TEXT  NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB NOT NULL)"
    ),
    "trigger": lambda c: c.execute("CREATE TRIGGER x AFTER INSERT ON operation BEGIN SELECT 1; END"),
    "index": lambda c: c.execute("CREATE INDEX x ON operation (signature)"),
    "third table": lambda c: c.execute("CREATE TABLE x (y)"),
    "virtual table": lambda c: c.execute("CREATE VIRTUAL TABLE x USING fts5(y)"),
    "no proof table": lambda c: c.execute("DROP TABLE proof"),
    "recursive view": lambda c: c.execute(
        "CREATE VIEW x AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT * FROM n"
    ),
    "statistics": lambda c: c.execute("ANALYZE"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_another_shape_inside(world: World, copy: Path, shape: str) -> None:
    refused(world, forge(copy, world.file(), world.a.key(), sql=SHAPES[shape]), "damaged")


def test_another_page_size_or_application(world: World, copy: Path) -> None:
    def vacuum(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("VACUUM")

    refused(world, forge(copy, world.file(), world.a.key(), sql=vacuum), "damaged")

    def claim(data: bytes) -> bytes:
        return data[:16] + (8192).to_bytes(2, "big") + data[18:]

    refused(world, forge(copy, world.file(), world.a.key(), body=claim), "damaged")
    other = forge(copy, world.file(), world.a.key(), sql=lambda c: c.execute("PRAGMA application_id = 7"))
    refused(world, other, "not_a_copy")


def test_rows_of_other_types(world: World, copy: Path) -> None:
    def typed(statement: str) -> Callable[[sqlite3.Connection], object]:
        return lambda c: c.execute(statement)

    for statement in (
        "UPDATE operation SET bytes = CAST(bytes AS TEXT)",
        "UPDATE operation SET signature = substr(hex(signature), 1, 64)",
        "UPDATE operation SET signature = zeroblob(63)",
        "UPDATE operation SET id = CAST(id AS BLOB)",
        "UPDATE operation SET id = upper(id)",
        "UPDATE operation SET bytes = zeroblob(5000000) WHERE rowid = 1",
    ):
        refused(world, forge(copy, world.file(), world.a.key(), sql=typed(statement)), "damaged")


def test_one_id_twice(world: World, copy: Path) -> None:
    """A table whose index was left out of its rows: SQLite would not have let that be."""

    def twice(connection: sqlite3.Connection) -> None:
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'operation'").fetchone()[0]
        rows = connection.execute("SELECT * FROM operation").fetchall()
        connection.execute("DROP TABLE operation")
        connection.execute(sql.replace("PRIMARY KEY", "").replace("id TEXT", "id TEXT"))
        connection.executemany("INSERT INTO operation VALUES (?, ?, ?)", [*rows, rows[-1]])
        connection.execute("CREATE INDEX i ON operation (id)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'operation'", (sql,))
        connection.execute(
            "UPDATE sqlite_master SET name = 'sqlite_autoindex_operation_1', sql = NULL WHERE name = 'i'"
        )

    refused(world, forge(copy, world.file(), world.a.key(), sql=twice), "damaged")


def test_pages_that_lead_round_in_circles(world: World, copy: Path) -> None:
    """Every page of a grown table points at itself: reading must end by itself."""

    def circle(data: bytes) -> bytes:
        pages = [data[n : n + 4096] for n in range(0, len(data), 4096)]
        for number, page in enumerate(pages[1:], start=2):
            if page[0] == 5:  # an interior page of a table: all its children become the page itself
                cells = int.from_bytes(page[3:5], "big")
                spoilt = bytearray(page)
                spoilt[8:12] = number.to_bytes(4, "big")
                for cell in range(cells):
                    place = int.from_bytes(page[12 + 2 * cell : 14 + 2 * cell], "big")
                    spoilt[place : place + 4] = number.to_bytes(4, "big")
                pages[number - 1] = bytes(spoilt)
        return b"".join(pages)

    def grow(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT INTO operation VALUES (?, ?, ?)",
            [(sha256_hex(b"%d" % n), b"x" * 600, b"y" * 64) for n in range(900)],
        )

    refused(world, forge(copy, world.file(), world.a.key(), sql=grow, body=circle), "damaged")
    refused(world, forge(copy, world.file(), world.a.key(), operations=2**53 - 1), "damaged")


def test_few_pages_that_look_like_billions_of_rows(world: World, copy: Path) -> None:
    """Each level of a table's tree names the one page of the next level 300 times."""

    def grow(connection: sqlite3.Connection) -> None:
        rows = [(sha256_hex(b"%d" % n), b"x" * 600, b"y" * 64) for n in range(900)]
        connection.executemany("INSERT INTO operation VALUES (?, ?, ?)", rows)

    def explode(data: bytes) -> bytes:
        pages = [data[n : n + 4096] for n in range(0, len(data), 4096)]
        root = next(n for n, page in enumerate(pages[1:], start=2) if page[0] == 5)
        leaves = [n for n, page in enumerate(pages[1:], start=2) if page[0] == 13 and n > root]
        levels = [root, *leaves[:5]]
        for page, child in itertools.pairwise([*levels, leaves[6]]):
            cells, place = b"", 4096
            pointers = []
            for rowid in range(300):
                cell = child.to_bytes(4, "big") + (
                    bytes([rowid]) if rowid < 128 else bytes([0x80 | rowid >> 7, rowid & 127])
                )
                place -= len(cell)
                pointers.append(place.to_bytes(2, "big"))
                cells = cell + cells
            head = b"\x05\0\0" + (300).to_bytes(2, "big") + place.to_bytes(2, "big") + b"\0" + child.to_bytes(4, "big")
            body = head + b"".join(pointers)
            pages[page - 1] = body + bytes(4096 - len(body) - len(cells)) + cells
        return b"".join(pages)

    file = forge(copy, world.file(), world.a.key(), sql=grow, body=explode)
    with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as connection:
        connection.execute("SELECT id FROM operation LIMIT 1 OFFSET 100000").fetchone()  # they are there
    connection.close()
    refused(world, file, "damaged")
    for claim in (2**53 - 1, 10**6):
        refused(world, forge(copy, world.file(), world.a.key(), sql=grow, body=explode, operations=claim), "damaged")


def test_a_journal_lying_beside_is_not_looked_at(world: World, copy: Path) -> None:
    beside = copy.with_name(copy.name + "-journal")
    shutil.copyfile(world.office.path, beside)
    copy.with_name(copy.name + "-wal").write_bytes(os.urandom(4096))
    spoilt = beside.read_bytes()
    assert world.office.merge(copy).done
    assert beside.read_bytes() == spoilt


# -- lies of the manifest -----------------------------------------------------------------------------------


def test_lies_of_a_manifest_signed_by_a_trusted_key(world: World, copy: Path) -> None:
    key, office = world.a.key(), world.office.ledger
    lies: list[tuple[str, dict[str, object]]] = [
        ("damaged", {"sha256": "0" * 64}),
        ("damaged", {"size": 4096}),
        ("damaged", {"size": 2**40}),
        ("damaged", {"heads": office.journal.heads()}),
        ("damaged", {"operations": 1}),
        ("damaged", {"operations": True}),
        ("damaged", {"operations": "9"}),
        ("other_ledger", {"ledger": "0" * 64}),
        ("newer_format", {"format": 3}),
        ("damaged", {"format": 0}),
        ("damaged", {"format": True}),
        ("damaged", {"scopes": []}),
        ("damaged", {"scopes": ["all", "../x"]}),
        ("damaged", {"scopes": ["ab", "all", "all"]}),
        ("foreign_scope", {"scopes": ["all"]}),
        ("foreign_scope", {"scopes": ["all", "cd"]}),
        ("no_authority", {"scopes": ["ab", "all", "cd"]}),
        ("damaged", {"held": ["x"]}),
        ("damaged", {"period": "第一季度"}),
        ("damaged", {"extra": 1}),
        ("damaged", {"site": world.office.ledger.journal.site}),
        ("damaged", {"site": "0" * 64}),
        ("damaged", {"site": 5}),
    ]
    for code, lie in lies:
        refused(world, forge(copy, world.file(), key, **lie), code)


def test_trailers_that_are_no_manifest(world: World, copy: Path) -> None:
    size, key = copies.read_manifest(copy).size, world.a.key()
    body = copy.read_bytes()[:size]
    for data in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"a":1.0}', b'{"format":9}'):
        file = world.file()
        file.write_bytes(body + kit.trailer(data, key))
        refused(world, file, ("damaged", "newer_format"))
    for length in (0, 1, 2**32 - 1, 4 * 1024 * 1024 + 1):
        file = world.file()
        file.write_bytes(body + b"x" * 400 + length.to_bytes(4, "big") + copies.MAGIC)
        refused(world, file, "damaged")


# -- operations ---------------------------------------------------------------------------------------------


def _bytes(world: World, pc: kit.Pc, **more: object) -> bytes:
    return encode(members(world.office.ledger.id, pc.key().site, **more))  # type: ignore[arg-type]


def _with(world: World, copy: Path, data: bytes, **more: object) -> Path:
    key = world.a.key()
    return forge(copy, world.file(), key, sql=put(data, key, **more))  # type: ignore[arg-type]


def test_a_forged_operation_of_the_right_form_is_taken(world: World, copy: Path) -> None:
    """The forger's own check: what the other tests spoil is otherwise acceptable."""
    assert world.office.merge(_with(world, copy, _bytes(world, world.a))).done


def test_operations_whose_bytes_are_not_canonical(world: World, copy: Path) -> None:
    good = _bytes(world, world.a, title="TITLE", revisions=[revision(proof="VALUE")])
    good = good.replace(b'"proof":"VALUE"', b'"1":VALUE')
    plain = encode(kit.answer("x"))
    spoilt = [
        good.replace(b"VALUE", b"1.0"),
        good.replace(b"VALUE", b"1e3"),
        good.replace(b"VALUE", b"NaN"),
        good.replace(b"VALUE", b"-Infinity"),
        good.replace(b"VALUE", b"-1"),
        good.replace(b"VALUE", b"-0"),
        good.replace(b"VALUE", b"9007199254740992"),
        good.replace(b"VALUE", b"9" * 5000),
        good.replace(b"VALUE", b"[" * 100_000 + b"]" * 100_000),
        good.replace(b"VALUE", b'{"a":' * 7 + b"null" + b"}" * 7),
        good.replace(b"VALUE", plain.replace(b'"x"', b'"\\ud800"')),
        good.replace(b"VALUE", plain.replace(b'"x"', b'"\\u0000"')),
        good.replace(b"VALUE", plain.replace(b'"x"', b'"\\u4e2d"')),
        good.replace(b"VALUE", plain.replace(b'"x"', b'"\xff"')),
        good.replace(b"VALUE", plain.replace(b'"x"', b'"\xed\xa0\x80"')),
        good.replace(b"VALUE", plain).replace(b'"act":', b'"act":"' + b"0" * 32 + b'","act":'),
        good.replace(b"VALUE", plain).replace(b",", b", ", 1),
        good.replace(b"VALUE", plain) + b"\n",
        b"\xef\xbb\xbf" + good.replace(b"VALUE", plain),
        good.replace(b"VALUE", plain).replace(b'"title":"TITLE",', b"") + b" ",
        b"",
        b"[]",
        b"null",
    ]
    for data in spoilt:
        assert data != good
        refused(world, _with(world, copy, data), "bad_operation")


def test_operations_of_another_form(world: World, copy: Path) -> None:
    a = world.a.key().site
    spoilt: list[dict[str, object]] = [
        {"format": 0},
        {"format": True},
        {"format": "1"},
        {"scope": "A"},
        {"scope": "../../x"},
        {"act": "0"},
        {"at": "2018-04-03"},
        {"at": "2018-02-30T00:00:00Z"},
        {"author": 1},
        {"title": None},
        {"extra": 1},
        {"revisions": []},
        {"revisions": {}},
        {"revisions": [revision(), revision()]},
        {"revisions": [revision("wish")]},
        {"revisions": [revision(key="2018Q5")]},
        {"revisions": [revision(key="../2018Q1")]},
        {"revisions": [revision(parents=["x"])]},
        {"revisions": [revision(parents=["1" * 64 + ".0", "0" * 64 + ".0"])]},
        {"revisions": [revision(parents=["0" * 64 + ".0"] * 2)]},
        {"revisions": [{**revision(), "set": {}}]},
        {"revisions": [{**revision(), "more": 1}]},
        {"revisions": [revision(**{"1": "不是小数"})]},
        {"revisions": [revision(**{"1": "1.50"})]},
        {"revisions": [revision(**{"1": "-0"})]},
        {"revisions": [revision(**{"1": {**kit.ANSWER, "answer": "great"}})]},
        {"revisions": [revision(**{"1": {**kit.ANSWER, "expected": "2018-02-30"}})]},
        {"revisions": [revision(deleted=True)]},
        {"revisions": [revision(**{"proof/1/" + "0" * 64: {"name": "x", "size": True, "kind": "pdf"}})]},
        {"revisions": [revision(**{"proof/../" + "0" * 63: None})]},
        {"revisions": [revision("period", first="2018-01-01")]},
        {"revisions": [revision("profile", "profile", phone=1)]},
        {"revisions": [revision("entry", "0" * 32, **{f"f{n}": [[]] for n in range(2)})]},
        {"revisions": [revision("entry", f"{n:032x}", name="x") for n in range(2001)]},
        {"scope": "all", "revisions": [revision("profile", "profile", phone="1")]},
    ]
    for more in spoilt:
        refused(world, _with(world, copy, encode({**members(world.office.ledger.id, a), **more})), "bad_operation")


HEX = "0" * 32
STEP = {"result": "done", "on": "2018-04-09", "due": None, "number": "", "who": "", "note": ""}
AMOUNT = {"value": "10", "on": None, "payer": "", "number": ""}


def _record(kind: str, key: str = HEX, /, **fields: Any) -> dict[str, Any]:
    return {"revisions": [{"kind": kind, "key": key, "parents": [], "set": fields}]}


def test_entries_and_applications_of_the_right_form_are_taken(world: World, copy: Path) -> None:
    """What the next test spoils is otherwise acceptable, also what fits no column: it is shown as text."""
    good: list[dict[str, Any]] = [
        _record("entry", register="r", name="甲", number=7, flag=True, several=["甲", 1, False]),
        _record("entry", "1" * 32, **{f"proof/{'0' * 64}": {"name": "x", "size": 3, "kind": "pdf"}}),
        _record("application", beneficiary="甲", year=2018, **{"step/x": STEP, "amount/applied": AMOUNT}),
        {"revisions": [revision("entry", f"{n:032x}", name="x") for n in range(2000)]},
    ]
    for more in good:
        assert world.office.merge(_with(world, copy, _bytes(world, world.a, format=2, **more))).done


def test_entries_and_applications_of_another_form(world: World, copy: Path) -> None:
    spoilt: list[dict[str, Any]] = [
        _record("entry", name={"a": "b"}),
        _record("entry", name=[["deep"]]),
        _record("entry", name=[None]),
        _record("entry", name=[{"a": 1}]),
        _record("entry", **{"n" * 49: "x"}),
        _record("entry", **{"name.x": "x"}),
        _record("entry", **{"name/x": "x"}),
        _record("entry", **{"proof/0": None}),
        _record("entry", **{f"proof/{'0' * 64}": {"name": "x", "size": 3}}),
        _record("entry", **{f"proof/{'0' * 64}": {"name": "x", "size": 3, "kind": "pdf", "run": "x"}}),
        _record("entry", deleted=1),
        _record("entry", "0" * 31, name="x"),
        _record("entry", "G" * 32, name="x"),
        _record("application", applicant="x"),
        _record("application", beneficiary=5),
        _record("application", year="2018"),
        _record("application", **{"step/x": {**STEP, "more": "x"}}),
        _record("application", **{"step/x": {k: v for k, v in STEP.items() if k != "who"}}),
        _record("application", **{"step/x": {**STEP, "result": "paid"}}),
        _record("application", **{"step/x": {**STEP, "on": "2018-02-30"}}),
        _record("application", **{"step/x": [STEP]}),
        _record("application", **{"step/x/y": STEP}),
        _record("application", **{"amount/applied": {**AMOUNT, "value": 10}}),
        _record("application", **{"amount/applied": {**AMOUNT, "value": "1e9"}}),
        _record("application", **{"amount/applied": "10"}),
        _record("application", **{"amount/a-b": AMOUNT}),
        {"scope": "all", **_record("entry", name="x")},
        {"scope": "all", **_record("application", beneficiary="x")},
        {"revisions": [revision("application", f"{n:032x}", beneficiary="x") for n in range(2001)]},
    ]
    for more in spoilt:
        refused(world, _with(world, copy, _bytes(world, world.a, format=2, **more)), "bad_operation")


def test_entries_and_applications_of_another_unit(world: World, copy: Path) -> None:
    """A unit's key writes its own unit's registers only, whatever the copy says it holds."""
    for more in (_record("entry", name="x"), _record("application", beneficiary="x")):
        data = _bytes(world, world.a, format=2, scope="cd", **more)
        refused(world, _with(world, copy, data), "foreign_scope")
        key = world.a.key()
        claimed = forge(copy, world.file(), key, sql=put(data, key), scopes=["ab", "all", "cd"])
        refused(world, claimed, "unknown_key")
        stranger = kit.fresh_key()
        signed = encode(members(world.office.ledger.id, stranger.site, format=2, **more))
        refused(world, forge(copy, world.file(), key, sql=put(signed, stranger)), "unknown_key")


def test_operations_of_others(world: World, copy: Path) -> None:
    key, office = world.a.key(), world.office.ledger
    refused(world, _with(world, copy, encode(members("0" * 64, key.site))), "other_ledger")
    refused(world, _with(world, copy, _bytes(world, world.a, scope="cd")), "foreign_scope")
    refused(world, _with(world, copy, _bytes(world, world.a, format=3)), "newer_format")
    refused(world, _with(world, copy, _bytes(world, world.a), operation_id="0" * 64), "bad_id")
    refused(world, _with(world, copy, _bytes(world, world.a), signature=b"\0" * 64), "bad_signature")
    # In the office's name, signed by A.
    seat = encode(members(office.id, office.journal.site, scope="all", revisions=[revision("period", closed=True)]))
    refused(world, _with(world, copy, seat), "bad_signature")
    # Without a prefix the signature of something else could be passed off as one of an operation.
    data = _bytes(world, world.a)
    refused(world, _with(world, copy, data, signature=key.sign(data)), "bad_signature")


def test_what_a_unit_may_not_write(world: World, copy: Path) -> None:
    review = revision("review", f"{kit.PERIOD}/{'0' * 64}", verdict={"result": "accept", "reason": ""})
    more = [
        {"revisions": [review]},
        {"revisions": [revision("closing", filings=[])]},
        {"revisions": [revision(), review]},
        {"revisions": [revision("site", kit.fresh_key().site, pc="x")]},
        {"revisions": [revision("site", world.a.key().site, stopped=False)]},
        {"scope": "all", "revisions": [revision("period", "2018Q2", closed=False)]},
        {"scope": "all", "revisions": [revision("site", world.a.key().site, pc="x")]},
        {
            "scope": "all",
            "revisions": [{**revision("ledger", "ledger"), "set": {"key": world.a.key().site, "salt": "0" * 32}}],
        },
    ]
    for one in more:
        refused(world, _with(world, copy, _bytes(world, world.a, **one)), "no_authority")


def test_an_unknown_key_stops_the_whole_copy(world: World, copy: Path) -> None:
    stranger = kit.fresh_key()
    data = encode(members(world.office.ledger.id, stranger.site))
    file = forge(copy, world.file(), world.a.key(), sql=put(data, stranger))
    told = refused(world, file, "unknown_key")
    assert told.code in told.text
    # A seat's certificate that is none: signed by the stranger himself, it gives him nothing.
    certificate = encode(
        members(world.office.ledger.id, stranger.site, scope="all", revisions=[revision("site", stranger.site, pc="x")])
    )

    def both(connection: sqlite3.Connection) -> None:
        put(certificate, stranger)(connection)
        put(data, stranger)(connection)

    refused(world, forge(copy, world.file(), stranger, sql=both), "no_authority")


def test_a_copy_of_thousands_of_strangers_is_refused_in_a_short_sentence(world: World, copy: Path) -> None:
    strangers = [keys.new_key() for _ in range(500)]

    def add(connection: sqlite3.Connection) -> None:
        for pair in strangers:
            put(encode(members(world.office.ledger.id, pair.site)), pair)(connection)

    package = refused(world, forge(copy, world.file(), strangers[0], sql=add), "unknown_key")
    assert len(package.text) < 200
    assert "等 500 个" in package.text
    assert len(package.to_trust) == 500


def test_parents(world: World, copy: Path) -> None:
    missing = _bytes(world, world.a, revisions=[revision(parents=["0" * 64 + ".0"])])
    refused(world, _with(world, copy, missing), "missing_parents")
    other = world.a.ledger.journal.records(["submission"])[0].heads
    wrong = _bytes(world, world.a, revisions=[revision("profile", "profile", other, phone="1")])
    refused(world, _with(world, copy, wrong), "bad_parents")


def test_a_refused_copy_certifies_nobody(world: World, copy: Path) -> None:
    """Trusting a key does not help a copy that is refused for something else, and leaves nothing behind."""
    data = _bytes(world, world.b, revisions=[revision(parents=["0" * 64 + ".0"])])
    file = forge(copy, world.file(), world.b.key(), sql=put(data, world.b.key()))
    good = world.file()
    shutil.copyfile(copy, good)
    result = world.office.merge(file, good, trust=[world.b.ledger.code()])
    assert [p.verdict for p in result.packages] == ["refused", "merged"]
    assert world.b.ledger.code() not in [s.code for s in sites.list_sites(world.office.ledger)]
    good_too = world.b.export(world.file())
    result = world.office.merge(file, good_too, trust=[world.b.ledger.code()])
    assert [p.verdict for p in result.packages] == ["refused", "merged"]
    assert world.b.ledger.code() in [s.code for s in sites.list_sites(world.office.ledger)]


def test_executable_proof_and_names_that_are_paths_are_only_text(world: World, tmp_path: Path) -> None:
    data = b"MZ\x90\x00" + b"\x00" * 600
    digest = sha256_hex(data)
    named = {"name": "..\\..\\Windows\\x.exe", "size": len(data), "kind": "exe"}
    world.a.do(world.a.ledger.journal.keep_proof, "ab", data)
    world.a.act("提交", "ab", Change("submission", kit.PERIOD, {f"proof/1/{digest}": named}))
    before = sorted(tmp_path.rglob("*"))
    copy = world.a.export(world.file())

    def spoil(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE proof SET bytes = ?", (data + b"!",))

    def elsewhere(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE proof SET scope = 'cd'")

    refused(world, forge(copy, world.file(), world.a.key(), sql=spoil), "damaged")
    refused(world, forge(copy, world.file(), world.a.key(), sql=elsewhere), "damaged")
    assert world.office.merge(copy).done
    assert world.office.ledger.journal.proof("ab", digest) == data
    row = world.office.ledger.journal.records(["submission"])[0]
    assert row.fields[f"proof/1/{digest}"].value == named
    assert not [p for p in tmp_path.rglob("*.exe") if p not in before]


def test_join_of_hostile_copies_leaves_no_file(world: World, tmp_path: Path) -> None:
    hand_out = world.office.hand_out("ab", world.file())
    stranger = kit.fresh_key()
    unit = world.a.export(world.file())
    pc = kit.Pc(tmp_path, "new")
    for file, code in (
        (forge(hand_out, world.file(), stranger), "not_by_office"),
        (unit, "not_by_office"),
        (forge(hand_out, world.file(), world.a.key(), ledger="0" * 64), "other_ledger"),
        (forge(hand_out, world.file(), world.office.key(), scopes=["all", "cd"]), "foreign_scope"),
        (forge(hand_out, world.file(), world.office.key(), scopes=["all"]), "not_handed_out"),
    ):
        with pytest.raises(LedgerError) as told:
            pc.join(file)
        assert told.value.code == code
        assert not list(tmp_path.glob("new.gzdb*"))
    assert not list(pc.home.rglob("*.key"))
    pc.join(hand_out)
    assert pc.ledger.journal.verify() == []
    pc.close()


def test_a_copy_is_built_up_and_drafts_stay_here(world: World) -> None:
    secret = "这是还没提交的草稿内容"
    world.a.ledger.journal.save_draft("ab", kit.PERIOD, secret, "2018-04-02T00:00:00Z")
    digest = world.a.ledger.journal.keep_proof("ab", (secret * 50).encode())
    copy = world.a.export(world.file())
    data = copy.read_bytes()
    assert secret.encode() not in data
    assert digest.encode() not in data
    manifest = copies.read_manifest(copy)
    with sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
        ids = {row[0] for row in connection.execute("SELECT id FROM operation")}
    connection.close()
    assert ids == {i for some in world.a.ledger.journal.operation_ids().values() for i in some}
    assert manifest.heads == world.a.ledger.journal.heads()


def test_more_proof_than_a_manifest_can_name_and_a_long_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export is never refused for what it is about; what is not named as held only travels once more."""
    monkeypatch.setattr(copy_writing, "MOST_HELD", 2)
    for number in range(4):
        digest = world.a.ledger.journal.keep_proof("ab", b"%PDF" + bytes([number]) * 50)
        file = {"name": "a.pdf", "size": 54, "kind": "pdf"}
        world.a.act("提交", "ab", Change("submission", kit.PERIOD, {f"proof/1/{digest}": file}))
    (document,) = world.office.ledger.journal.records(["document"])
    world.office.act("改", "all", Change("document", document.key, {"version": "2017.1 " + "很长" * 100}))
    copy = world.a.export(world.file())
    assert len(copies.read_manifest(copy).held) == 2
    assert world.office.merge(copy).done
    answer = world.office.hand_out("ab", world.file())
    assert len(copies.read_manifest(answer).plan) == copies.MAX_PLAN
    assert world.a.merge(answer).done


def test_proof_travels_once(world: World) -> None:
    data = "佐证".encode() * 400
    digest = sha256_hex(data)

    def proofs(file: Path) -> set[str]:
        with copies.open_copy(file) as opened:
            return {d for _, d, _ in opened.proof(set())}

    world.a.ledger.journal.keep_proof("ab", data)
    world.a.act(
        "提交",
        "ab",
        Change("submission", kit.PERIOD, {f"proof/1/{digest}": {"name": "x.txt", "size": 1, "kind": "txt"}}),
    )
    first = world.a.export(world.file())
    assert proofs(first) == {digest}
    assert world.office.merge(first).done
    answer = world.office.hand_out("ab", world.file())
    assert proofs(answer) == set()
    assert proofs(world.office.hand_out("ab", world.file(), all_proof=True)) == {digest}
    assert proofs(world.office.hand_out("cd", world.file())) == set()
    assert world.a.merge(answer).packages[0].handed_out
    assert world.a.merge(answer).packages[0].verdict == "known"
    assert proofs(world.a.export(world.file())) == set()
    assert proofs(world.a.export(world.file(), all_proof=True)) == {digest}
    # What PC B holds does not tell what the office holds.
    world.b.merge(world.office.hand_out("ab", world.file(), all_proof=True))
    more = "另一件".encode() * 300
    world.b.ledger.journal.keep_proof("ab", more)
    world.b.act(
        "提交",
        "ab",
        Change("submission", kit.PERIOD, {f"proof/1/{sha256_hex(more)}": {"name": "y.txt", "size": 1, "kind": "txt"}}),
    )
    # A copy that is known here but brings proof that is not.
    world.office.merge(world.b.export(world.file()), trust=[world.b.ledger.code()])
    world.a.merge(world.office.hand_out("ab", world.file()))
    assert world.a.ledger.journal.proof("ab", sha256_hex(more)) is None
    whole = world.a.merge(world.office.hand_out("ab", world.file(), all_proof=True))
    assert whole.packages[0].verdict == "merged"
    assert world.a.ledger.journal.proof("ab", sha256_hex(more)) == more


def test_record_ids_of_the_file_are_computed(world: World) -> None:
    row = world.a.ledger.journal.records(["submission"])[0]
    assert row.id == record_id(world.office.ledger.id, "ab", "submission", kit.PERIOD)
    assert isinstance(submission("x"), Change)
    assert keys.verify("00" * 32, b"\0" * 64, b"") in (True, False)
    assert exchange.inspect(world.a.export(world.file())).unit == "ab"
