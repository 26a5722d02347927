"""What leaves a PC: no text of another unit, no draft, no key; searched in the bytes, where SQLite overwrites nothing."""

import json
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.services import backups, exchange, filing, ledgers
from ganzhou_desktop.store.journal import Change
from tests.laws import histories, people
from tests.laws import world as worlds
from tests.laws.world import UNITS, World, world_of
from tests.store.kit import Pc

STEPS = 120


@pytest.fixture(scope="module", autouse=True)
def nothing_is_overwritten() -> Iterator[None]:
    """Every connection of the program leaves deleted text in the pages, as the SQLite of many a Python does."""
    connect = sqlite3.connect

    def leaving(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*given, **named)
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", leaving)
        yield


@pytest.fixture(scope="module")
def lived(nothing_is_overwritten: None) -> Iterator[World]:
    """A long history, in which texts are typed, filed, edited, deleted, withdrawn and merged; and proof of every unit."""
    seed = secrets.randbits(32)
    base = World(worlds.fast_folder("privacy")).begin()
    with world_of(base) as world:
        random = Random(seed)
        world.log.append(f"seed {seed}")
        for _ in range(STEPS):
            histories.step(world, random)
        for name, unit in UNITS.items():
            attach(world, world.pcs[name], unit)
            worlds.merge(world, world.pcs["one"], world.pcs[name].export(world.file()))
            people.pass_on(world, world.pcs["one"], random)
        world.close()
        yield world
    shutil.rmtree(base.folder)


@pytest.fixture
def history(lived: World) -> Iterator[World]:
    yield lived
    lived.close()


def attach(world: World, pc: Pc, unit: str) -> None:
    """Proof whose bytes are the unit's secret too."""
    data = (world.text(unit) * 40).encode()
    digest = pc.ledger.journal.keep_proof(unit, data)
    named = {"name": world.text(unit) + ".txt", "size": len(data), "kind": "txt"}
    pc.act("佐证", unit, Change("submission", "2018Q1", {f"proof/1/{digest}": named}))


def found(data: bytes, text: str) -> bool:
    return any(text.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"))


def deletes_are_left_in_the_pages(path: Path) -> bool:
    """Whether text deleted through a connection as the program makes them is found in the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [("密删掉的" * 9,)] * 500)
        connection.commit()
        connection.execute("DELETE FROM t")
        connection.commit()
    return found(path.read_bytes(), "密删掉的")


def test_no_text_of_another_unit_leaves(history: World, tmp_path: Path) -> None:
    assert deletes_are_left_in_the_pages(tmp_path / "x.db")
    one = history.pcs["one"]
    files = {c.file: c.unit for c in history.copies if c.unit}
    for unit in ("ab", "cd"):
        files[one.hand_out(unit, history.file(), all_proof=True)] = unit
    for name, unit in UNITS.items():
        files[history.pcs[name].export(history.file(), all_proof=True)] = unit
    assert len(files) >= 8, "a history that carries hardly anything out proves nothing"
    for file, unit in files.items():
        data = file.read_bytes()
        other = "cd" if unit == "ab" else "ab"
        assert not found(data, f"密{other}"), f"{file.name} for {unit}, {history.log[0]}"
    assert sum(found(f.read_bytes(), f"密{unit}") for f, unit in files.items()) > 10, "their own texts are found so"


def test_a_units_own_ledger_holds_nothing_of_others(history: World) -> None:
    for name, unit in UNITS.items():
        pc = history.pcs[name]
        pc.close()
        data = pc.path.read_bytes()
        assert found(data, f"密{unit}")
        assert not found(data, "密cd" if unit == "ab" else "密ab")


def test_no_draft_leaves(history: World) -> None:
    """Texts typed and never submitted, on every PC; also those thrown away and those that hold a file."""
    for name, pc in history.pcs.items():
        worlds.at_work(history, pc)
        unit = pc.unit or "ab"
        form = pc.do(filing.form_state, pc.ledger, unit, "2018Q2").form
        secret = f"草稿的话{name}" * 3
        bytes_of_file = f"草稿的佐证{name}".encode() * 500
        pc.ledger.journal.keep_proof(unit, bytes_of_file)
        for text in (secret + "一", secret):
            first, *others = form.matters
            form = replace(form, matters=(replace(first, answer=Answer("progress", text)), *others))
            pc.do(filing.save_draft, pc.ledger, form)
        copies = [pc.export(history.file(), all_proof=True)]
        if not pc.unit:
            copies.append(pc.hand_out("ab", history.file(), all_proof=True))
        for copy in copies:
            data = copy.read_bytes()
            assert not found(data, "草稿的话")
            assert not found(data, "草稿的佐证")
        pc.do(filing.discard_draft, pc.ledger, unit, "2018Q2")
        assert not found(pc.export(history.file(), all_proof=True).read_bytes(), "草稿的话")


def secrets_of(world: World) -> list[bytes]:
    """Every private key of every PC, and the founding one."""
    from ganzhou_desktop.store.keys import from_recovery_code

    files = [f for pc in world.pcs.values() for f in (pc.home / "keys").glob("*.key")]
    assert len(files) == len(world.pcs)
    return [
        *(bytes.fromhex(json.loads(f.read_text())["secret"]) for f in files),
        from_recovery_code(world.recovery).secret,
    ]


def test_no_key_lies_in_any_file_that_leaves(history: World) -> None:
    """In no copy, ledger or backup: not raw, not as hex, not as the sheet's code."""
    one = history.pcs["one"]
    backup = history.file("backup", ".gzdb")
    one.do(backups.backup, one.ledger, backup)
    history.close()
    files = [*history.folder.glob("*.gzcopy"), *history.folder.glob("*.gzdb"), *history.folder.glob("home-*/backups/*")]
    assert len(files) > 30
    spoken = [history.recovery, history.recovery.replace(" ", "")]
    forms = [form for s in secrets_of(history) for form in (s, s.hex().encode(), s.hex().upper().encode())]
    for file in files:
        data = file.read_bytes()
        assert not any(form in data for form in forms), file.name
        assert not any(found(data, text) for text in spoken), file.name


def test_titles_and_names_of_acts_on_many_units_speak_of_one(history: World) -> None:
    """What the office does to several units at once is a separate operation for each, with a title of its own."""
    from ganzhou_desktop.services import contacts, periods, undoing

    one = history.pcs["one"]
    for _ in range(2):  # what decides 两处不一致 there is not undone; the second of two decides nothing
        heads = {unit: {"head": history.text(unit)} for unit in ("ab", "cd")}
        one.do(contacts.save_contacts, one.ledger, heads)
    one.do(undoing.undo, one.ledger)
    one.do(periods.open_period, one.ledger, "2018Q3")
    one.do(periods.close_period, one.ledger, "2018Q3")
    for operation in one.ledger.journal.operations():
        for unit, other in (("ab", "cd"), ("cd", "ab")):
            if operation.scope == unit:
                assert f"密{other}" not in operation.data.decode()
                assert f"区{other}局" not in operation.title
    copy = one.hand_out("ab", history.file())
    assert not found(copy.read_bytes(), "密cd")
    assert exchange.inspect(copy).unit == "ab"
    assert ledgers.verify(one.ledger).ok
