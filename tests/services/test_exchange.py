"""Hand-out, join, export: names, what is refused, what is never exported, cancelling."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError, RuleBroken
from ganzhou_desktop.services import backups, exchange, filing, ledgers, merging, periods, reviewing
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.store import copies, keys
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
    assert told(world.a.export, world.a.path) == "own_ledger"
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


def test_what_a_killed_program_left_half_written_is_cleared_away(world: World) -> None:
    """Half a copy of one unit must not go on to another with the stick; what is being written now, and others', stays."""
    stick = world.folder / "U盘"
    stick.mkdir()
    killed = stick / "区cd局_2018Q1_下发副本_20180405-1032.gzcopy.4711.part"
    writing = stick / "区cd局_2018Q1_下发副本_20180405-1033.gzcopy.4712.part"
    other = stick / "照片.part"
    script = "import pathlib, sys, time; from ganzhou_desktop.store import parts\n" + (
        "mark = parts.begin(pathlib.Path(sys.argv[1])); held = open(sys.argv[1], 'rb'); print('begun', flush=True); time.sleep(60)"
    )
    for file in (killed, other):
        file.write_bytes(b"SQLite format 3\0 half")
    with subprocess.Popen(
        [sys.executable, "-c", script, str(writing)], stdout=subprocess.PIPE, cwd=Path(__file__).resolve().parents[2]
    ) as busy:
        try:
            assert busy.stdout is not None
            assert busy.stdout.readline().strip() == b"begun"
            copy = world.office.hand_out("ab", stick / "区ab局.gzcopy")
            assert {f.name for f in stick.iterdir()} == {writing.name, other.name, copy.name}
        finally:
            busy.kill()
    world.office.hand_out("ab", stick / "区ab局2.gzcopy")
    assert not writing.exists()


def test_a_backup_that_was_killed_is_cleared_away_with_the_next(world: World) -> None:
    made = world.office.do(backups.snapshot, world.office.ledger, "合入前")
    half = made.with_name(made.name.replace("合入前", "每日") + ".part")
    foreign = half.with_name(half.name.replace(f"_{world.office.ledger.id[:8]}_", "_00000000_"))
    for file in (half, half.with_name(half.name + "-journal"), foreign):
        file.write_bytes(b"SQLite format 3\0 half")
    world.office.do(backups.snapshot, world.office.ledger, "合入前")
    assert list(made.parent.glob("*.part*")) == [foreign]


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


def test_an_office_is_found_again_from_the_copies_of_its_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's PC died without a backup: the 恢复单 and the units' copies bring everything back, decisions too."""
    office, code = ledgers.new_ledger(tmp_path / "o.gzdb", read_plan(paths.plan_file("ganzhou-2017.toml")))
    periods.open_period(office, "2018Q1")
    answers = {}
    for unit in ("gxj", "czj"):
        exchange.hand_out(office, unit, tmp_path / f"{unit}.gzcopy")
        mine = exchange.join(tmp_path / f"{unit}.gzcopy", tmp_path / f"{unit}.gzdb")
        filing.submit(mine, filing.form_state(mine, unit, "2018Q1").form)
        exchange.export(mine, tmp_path / f"{unit}-交.gzcopy")
        merging.merge(office, [tmp_path / f"{unit}-交.gzcopy"], trust=[mine.code()])
        reviewing.review(office, unit, "2018Q1", accept=True)
        exchange.hand_out(office, unit, tmp_path / f"{unit}-答.gzcopy")
        merging.merge(mine, [tmp_path / f"{unit}-答.gzcopy"])
        exchange.export(mine, tmp_path / f"{unit}-再交.gzcopy")
        answers[unit] = tmp_path / f"{unit}-再交.gzcopy"
        mine.close()
    heads = office.journal.heads()
    office.close()

    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "新电脑"))
    with pytest.raises(RuleBroken) as wrong:
        exchange.revive_office(answers["gxj"], tmp_path / "x.gzdb", keys.recovery_code(keys.new_key()))
    assert wrong.value.code == "other_recovery"
    assert not (tmp_path / "x.gzdb").exists()
    first = tmp_path / "gxj-交.gzcopy"  # older than the certificate of the PC that wrote it
    for number, copy in enumerate((first, tmp_path / "gxj.gzcopy")):
        early = exchange.revive_office(copy, tmp_path / f"{number}.gzdb", code)
        assert filing.read_filings(early, "2018Q1") == {}
        (asked,) = merging.merge(early, [first]).refused
        assert asked.reason == "unknown_key"
        assert merging.merge(early, [first], trust=asked.to_trust).done
        assert ("gxj", "2018Q1") in filing.read_filings(early, "2018Q1")
        assert ledgers.verify(early).ok
        early.close()
    again = exchange.revive_office(answers["gxj"], tmp_path / "新.gzdb", code)
    assert merging.merge(again, [answers["czj"]]).done
    held = {i for ids in again.journal.operation_ids().values() for i in ids}
    assert again.office
    assert ledgers.verify(again).ok
    states = {s.unit: s.state for s in reviewing.statuses(again, periods.period_named(again, None), date(2018, 4, 1))}
    assert (states["gxj"], states["czj"]) == ("accepted", "accepted")
    assert heads != again.journal.heads(), "the new seat's certificate is one more"
    assert len(held) == again.journal.counts()[0]
    periods.close_period(again, "2018Q1")
    again.close()


def test_a_copy_of_ours_may_be_made_again_under_its_name(tmp_path: Path) -> None:
    """An earlier copy by this PC that holds nothing the new one lacks is replaced; any other file is not."""
    office, _ = ledgers.new_ledger(tmp_path / "o.gzdb", read_plan(paths.plan_file("ganzhou-2017.toml")))
    out = tmp_path / "gxj.gzcopy"
    exchange.hand_out(office, "gxj", out)
    periods.open_period(office, "2018Q1")
    assert exchange.hand_out(office, "gxj", out).operations == exchange.inspect(out).operations
    assert exchange.inspect(out).period == "2018Q1"
    with pytest.raises(EnvironmentFailed) as refused:
        exchange.hand_out(office, "czj", out)
    assert refused.value.code == "exists"
    (tmp_path / "信.txt").write_text("不要覆盖", "utf-8")
    with pytest.raises(EnvironmentFailed):
        exchange.hand_out(office, "gxj", tmp_path / "信.txt")
    assert (tmp_path / "信.txt").read_text("utf-8") == "不要覆盖"
    office.close()
