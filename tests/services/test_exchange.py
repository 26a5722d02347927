"""Hand-out, join, export: names, what is refused, what is never exported, cancelling."""

from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError
from ganzhou_desktop.services import exchange, ledgers
from ganzhou_desktop.store import copies
from ganzhou_desktop.store.journal import Change
from tests.store import conftest as worlds
from tests.store import kit
from tests.store.kit import World

made_world = worlds.made_world
world = worlds.world


def told(call: object, *given: object, **named: object) -> str:
    with pytest.raises(LedgerError) as refused:
        call(*given, **named)  # type: ignore[operator]
    assert refused.value.text.endswith("。")
    return refused.value.code


def test_a_hand_out_is_starter_answer_and_revival_in_one(world: World) -> None:
    world.office.merge(world.a.export(world.file()))
    copy = world.office.hand_out("ab", world.file())
    new = kit.Pc(world.folder, "revived")
    new.join(copy)
    assert [r.values() for r in new.ledger.journal.records(["submission"])] == [
        r.values() for r in world.a.ledger.journal.records(["submission"])
    ]
    assert set(new.ledger.journal.operation_ids()) == {"all", "ab"}
    assert new.ledger.code() != world.a.ledger.code()
    assert world.a.merge(copy).done
    assert world.a.merge(copy).packages[0].verdict == "known"
    new.act("提交", "ab", kit.submission("新电脑"))
    assert world.office.merge(new.export(world.file()), trust=[new.ledger.code()]).done
    new.close()


def test_nothing_is_written_over_or_into_nowhere(world: World) -> None:
    ledger = world.a.ledger
    there = world.file()
    there.write_bytes(b"x")
    assert told(world.a.export, there) == "exists"
    assert told(world.a.export, world.a.path) == "exists"
    assert told(world.a.export, world.folder / "没有" / "x.gzcopy") in ("cannot_open", "not_found")
    assert told(world.office.hand_out, "ab", there) == "exists"
    assert told(world.a.hand_out, "ab", world.file()) == "office_only"
    assert there.read_bytes() == b"x"
    assert not list(world.folder.glob("*.part"))
    assert not [s for s in ledger.journal.steps() if s.what == "export" and s.title == ""]


def test_cancelled_or_failed_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    out, steps = world.file(), len(world.a.ledger.journal.steps())
    assert told(world.a.export, out, progress=lambda *_: False) == "cancelled"

    def bad_stick(_: int) -> None:
        (part,) = world.folder.glob("*.part")
        with part.open("r+b") as file:
            file.seek(9000)
            file.write(b"\xff")

    monkeypatch.setattr(copies.os, "fsync", bad_stick)
    assert told(world.a.export, out) == "io"
    assert not list(world.folder.glob(f"{out.name}*"))
    assert len(world.a.ledger.journal.steps()) == steps


def test_what_left_is_known_here_before_it_has_its_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise OSError(5, "x")

    monkeypatch.setattr(copies.os, "replace", stop)
    assert told(world.a.export, world.file()) == "io"
    assert world.a.ledger.journal.steps()[-1].what == "export"
    assert not list(world.folder.glob("*.part"))


def test_names_offered_are_names_of_files(world: World) -> None:
    world.office.act("改名", "all", Change("unit", "ab", {"name": '区/科技:局 "甲"*?'}))
    for unit in ("ab", "cd", ""):
        name = exchange.copy_name(world.office.ledger, unit)
        assert Path(name).name == name
        assert not set(name) & set('\\/:*?"<>| ')
        assert name.endswith(".gzcopy")


def test_history_names_pcs_by_the_code_on_their_paper(world: World) -> None:
    from ganzhou_desktop.services.history import read_history

    world.office.act("联系人", "ab", Change("profile", "profile", {"phone": "1"}))
    entry = read_history(world.office.ledger)[-1]
    assert entry.code == world.office.ledger.code()
    assert read_history(world.office.ledger, entry.records[0])[0].code == entry.code


def test_reading_needs_no_key_and_writes_nothing(world: World) -> None:
    before = world.a.path.read_bytes()
    ledger = ledgers.open_ledger(world.a.path, writer=False)
    assert ledgers.verify(ledger).ok
    assert told(ledger.act, "x", {"ab": [Change("profile", "profile", {"phone": "1"})]}) in ("no_key", "read_only")
    with pytest.raises(EnvironmentFailed), world.a.here():
        ledger.act("x", {"ab": [Change("profile", "profile", {"phone": "1"})]})
    ledger.close()
    assert world.a.path.read_bytes() == before
