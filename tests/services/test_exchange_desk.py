"""What the exchange page reads: the answer matter by matter, copies found on a stick, the log of copies, hand-outs."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import ACCEPTED, MISSING, RETURNED, SUBMITTED, Answer
from ganzhou_desktop.services import (
    contacts,
    exchange,
    exchange_desk,
    filing,
    finding,
    ledgers,
    merging,
    reviewing,
    sticks,
    undoing,
)
from ganzhou_desktop.services.exchange_desk import NOT_SAID
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store import amounts
from tests.services.made import Q1, Made, made_in

UNIT = "gxj"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def _file(ledger: Ledger, text: str) -> None:
    state = filing.form_state(ledger, UNIT, Q1)
    matters = tuple(replace(m, answer=Answer("progress", f"{text}{m.task}")) for m in state.form.matters)
    filing.submit(ledger, replace(state.form, matters=matters))


def _verdicts(ledger: Ledger) -> list[tuple[str, str]]:
    return [(m.verdict, m.reason) for m in exchange_desk.read_desk(ledger, Q1).matters]


def test_the_answer_matter_by_matter(made: Made) -> None:
    """未提交, 等审核, one matter returned and the rest not, the whole returned, accepted."""
    office = made.office()
    unit = made.unit(office, UNIT)
    tasks = office.plan().matters_of(UNIT)
    assert _verdicts(unit) == [(MISSING, "")] * len(tasks)
    _file(unit, "进展")
    assert _verdicts(unit) == [(SUBMITTED, "")] * len(tasks)
    assert exchange_desk.read_desk(unit, Q1).compared.missing_count == 1
    made.send(unit, office)
    reviewing.review(office, UNIT, Q1, accept=False, reason="补充时间", tasks=[tasks[1]])
    made.send(office, unit)
    found = _verdicts(unit)
    assert found[1] == (RETURNED, "补充时间")
    assert set(found[:1] + found[2:]) == {(NOT_SAID, "")}
    assert exchange_desk.read_desk(unit, Q1).compared.missing_count == 0
    reviewing.review(office, UNIT, Q1, accept=False, reason="全部重写")
    made.send(office, unit)
    assert set(_verdicts(unit)) == {(RETURNED, "全部重写")}
    reviewing.review(office, UNIT, Q1, accept=True)
    made.send(office, unit)
    assert set(_verdicts(unit)) == {(ACCEPTED, "")}


def test_the_log_says_what_became_of_each_copy(made: Made) -> None:
    """Latest first; a merge that was taken back says so; only a merge is offered for undoing."""
    office = made.office()
    unit = made.unit(office, UNIT)
    assert exchange_desk.read_desk(office, Q1).merge is None
    _file(unit, "进展")
    made.send(unit, office)
    desk = exchange_desk.read_desk(office, Q1)
    assert desk.merge is not None
    came = desk.travelled[0]
    assert (came.incoming, came.verdict, came.unit, came.code, came.undone) == (
        True,
        merging.MERGED,
        UNIT,
        unit.code(),
        False,
    )
    assert desk.travelled[1].verdict == "hand_out"
    assert desk.travelled[1].code == office.code()
    undoing.undo(office)
    assert exchange_desk.read_desk(office, Q1).travelled[0].undone


def test_contested_changes_tell_what_came(made: Made) -> None:
    """`beside` is the arriving value, whichever of the two is shown for now."""
    office = made.office()
    one = made.unit(office, UNIT, "one")
    _file(one, "甲")
    made.send(one, office)
    first = made.unit(office, UNIT, "two")
    _file(first, "乙")
    copy = made.copy()
    _file(one, "丙")
    made.send(one, office)
    exchange.export(first, copy)
    found = merging.merge(office, [copy], dry_run=True, trust=[first.code()]).packages[0]
    contested = [c for c in found.changes if c.how == merging.CONTESTED and c.field == "1"]
    assert [c.before["progress"] for c in contested] == ["丙1"]
    assert [c.beside["progress"] for c in contested] == ["乙1"]


def test_unknown_keys_are_all_named(made: Made) -> None:
    """A copy of a PC nobody knows asks for just its code."""
    office = made.office()
    unit = made.unit(office, UNIT)
    _file(unit, "进展")
    copy = made.copy()
    exchange.export(unit, copy)
    assert merging.merge(office, [copy], dry_run=True).packages[0].to_trust == (unit.code(),)


def test_copies_are_found_by_content(made: Made, tmp_path: Path) -> None:
    """Whatever their names, however deep, newest first; a cut one by its ending; not what was thrown away."""
    office = made.office()
    stick = tmp_path / "stick"
    (stick / "a" / "b").mkdir(parents=True)
    exchange.hand_out(office, UNIT, stick / "x.gzcopy")
    data = (stick / "x.gzcopy").read_bytes()
    (stick / "a" / "改了名.dat").write_bytes(data)
    deep = stick / "二〇一八年" / "第三季度" / "各单位交来" / "区科技局" / "重新导出的"
    deep.mkdir(parents=True)
    (deep / "很深.gzcopy").write_bytes(data)
    (stick / "$RECYCLE.BIN").mkdir()
    (stick / "$RECYCLE.BIN" / "删掉的.gzcopy").write_bytes(data)
    if os.name == "posix":
        (stick / "圈").symlink_to(stick, target_is_directory=True)
    (stick / "拷了一半.gzcopy").write_bytes(data[:900])
    (stick / "照片.jpg").write_bytes(b"0" * 3000)
    (stick / "空.txt").write_bytes(b"")
    found = finding.find_copies(stick)
    assert {p.name for p in found.files} == {"x.gzcopy", "改了名.dat", "拷了一半.gzcopy", "很深.gzcopy"}
    assert found.whole
    assert finding.find_copies(tmp_path / "没有") == finding.Found((), True)


def test_a_copy_among_thousands_of_photos_is_found(made: Made, tmp_path: Path) -> None:
    """By its name wherever it lies; of other files only so many are opened, and then it is said."""
    stick = tmp_path / "stick"
    (stick / "照片").mkdir(parents=True)
    for number in range(finding.OPENED + 5):
        (stick / "照片" / f"{number:05d}.jpg").touch()
    exchange.hand_out(made.office(), UNIT, stick / "照片" / "zzz.gzcopy")
    found = finding.find_copies(stick)
    assert [p.name for p in found.files] == ["zzz.gzcopy"]
    assert not found.whole
    seen: list[int] = []

    def enough(number: int) -> None:
        seen.append(number)
        if len(seen) == 2:
            raise RuleBroken("cancelled", "够了。")

    with pytest.raises(RuleBroken, match="cancelled"):
        finding.find_copies(stick, enough)
    assert seen == [200, 400]


def test_a_stick_is_looked_at_without_reading_all_of_it(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asked: a large copy counts as new, of what comes after so many bytes only the end is read."""
    office = made.office()
    unit = made.unit(office, UNIT)
    _file(unit, "进展")
    stick = tmp_path / "stick"
    stick.mkdir()
    exchange.export(unit, stick / "一.gzcopy")
    merging.merge(office, [stick / "一.gzcopy"], trust=[unit.code()])
    (lying,) = sticks.look_at(office, stick).copies
    assert lying.known
    _file(unit, "又有进展")
    exchange.export(unit, stick / "二.gzcopy")
    monkeypatch.setattr(sticks, "_READ", 10)
    assert {c.file.name: c.known for c in sticks.look_at(office, stick).copies} == {
        "一.gzcopy": True,
        "二.gzcopy": False,
    }
    monkeypatch.setattr(sticks, "_READ", 2**30)
    monkeypatch.setattr(amounts, "FILE", 5000)
    assert {c.file.name: c.known for c in sticks.look_at(office, stick).copies} == {
        "一.gzcopy": False,
        "二.gzcopy": False,
    }


def test_handing_out_to_several_stops_within_one(made: Made, tmp_path: Path) -> None:
    """取消 does not wait until the copy under way is written; what was finished stays."""
    office = made.office()
    out = tmp_path / "out"
    out.mkdir()
    asked: list[int] = []

    def go(done: int, _total: int) -> bool:
        asked.append(done)
        return asked.count(1) < 2  # asked once before the second copy, once inside it

    first, second, third = exchange.hand_out_several(office, [UNIT, "czj", "njj"], out, progress=go)
    assert first.handed is not None
    assert (second.handed, third.handed) == (None, None)
    assert "取消" in second.reason
    assert len(list(out.iterdir())) == 1


def test_hand_out_to_several(made: Made, tmp_path: Path) -> None:
    """One that fails keeps no other from being written; stopping leaves the rest unwritten; names never collide."""
    office = made.office()
    out = tmp_path / "out"
    out.mkdir()
    owner = next(u for u in office.plan().units if u.part != "task")
    found = exchange.hand_out_several(office, [UNIT, owner.id, "czj"], out)
    assert [f.handed is not None for f in found] == [True, False, True]
    assert "不是责任单位" in found[1].reason
    stopped = exchange.hand_out_several(office, [UNIT, "czj"], out, progress=lambda done, total: done < 1)
    assert [f.handed is not None for f in stopped] == [True, False]
    assert len(list(out.iterdir())) == 3
    first = out / "同名.gzcopy"
    first.touch()
    assert exchange.free_name(first).name == "同名_2.gzcopy"
    unit = made.unit(office, UNIT)
    with pytest.raises(RuleBroken):
        exchange.hand_out_several(unit, [UNIT], out)


def test_only_the_projection_is_rebuilt(made: Made) -> None:
    """A wrong present state is told apart from damage, and computed anew."""
    office = made.office()
    assert ledgers.verify(office).ok
    with office.journal.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE p_record SET body = replace(body, '04-05', '04-06') WHERE kind = 'period'")
    found = ledgers.verify(office)
    assert not found.ok
    assert ledgers.only_projection_differs(found)
    ledgers.rebuild(office)
    assert ledgers.verify(office).ok


def test_what_any_answer_held_is_not_missing(made: Made) -> None:
    """An old hand-out merged last takes nothing back; what the office wrote itself is never missing there."""
    office = made.office()
    unit = made.unit(office, UNIT)
    old = made.folder / "旧的.gzcopy"
    exchange.hand_out(office, UNIT, old)
    _file(unit, "进展")
    made.send(unit, office)
    reviewing.review(office, UNIT, Q1, accept=True)
    made.send(office, unit)
    assert exchange.compare_with_answer(unit).missing == ()
    merging.merge(unit, [old])
    assert exchange.compare_with_answer(unit) == exchange.Compared(True, (), 0)
    contacts.save_contacts(unit, {UNIT: {"phone": "8888"}})
    assert exchange.compare_with_answer(unit).missing_count == 1
    merging.merge(unit, [old])
    assert exchange.compare_with_answer(unit).missing_count == 1


def test_a_copy_refused_beside_a_merge_is_in_the_log(made: Made) -> None:
    """With its sentence and without a code; the title counts what brought something."""
    office = made.office()
    unit = made.unit(office, UNIT)
    _file(unit, "进展")
    copy, bad = made.copy(), made.folder / "坏的.gzcopy"
    exchange.export(unit, copy)
    bad.write_bytes(copy.read_bytes()[:-9])
    result = merging.merge(office, [copy, bad], trust=[unit.code()])
    exchange.note_refused(office, [p for p in result.refused if not p.site])
    first, second = exchange.list_travelled(office)[:2]
    assert (first.file, first.verdict, first.code, first.undone) == ("坏的.gzcopy", merging.REFUSED, "", False)
    assert first.text == result.refused[0].text
    assert second.verdict == merging.MERGED
    assert office.journal.steps()[-1].title == "合入 1 份副本"
    undoing.undo(office)
    assert not exchange.list_travelled(office)[0].undone
