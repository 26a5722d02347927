"""Registers as read: what is kept between readings is never older than the ledger; the statements are few and fixed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ganzhou_desktop.services import register_desk, registers, undoing
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit
from tests.services.made import Made, made_in
from tests.statements import recorded

ON = date(2018, 6, 30)
PLATFORM = {"name": "示例众创空间", "type": "众创空间", "level": "省级", "recognised": "2018-03-01"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as folder:
        yield folder


@pytest.fixture
def office(made: Made) -> Ledger:
    ledger = made.office()
    registers.save_entries(ledger, "platforms", "gxj", [Edit({**PLATFORM, "name": f"示例{n}"}) for n in range(5)])
    return ledger


def names(ledger: Ledger) -> list[object]:
    return sorted(row.entry.values.get("name") for row in register_desk.read_desk(ledger, "platforms", ON).rows)


def test_a_register_is_read_in_one_statement_however_many_entries_it_has(office: Ledger) -> None:
    office.plan()
    counts = []
    for _ in range(3):
        registers.save_entries(office, "platforms", "kjj", [Edit({**PLATFORM, "name": f"另{n}"}) for n in range(40)])
        with recorded(office) as statements:
            register_desk.read_desk(office, "platforms", ON)
        counts.append(len(statements))
    assert counts == [1, 1, 1]
    with recorded(office) as statements:
        register_desk.read_desk(office, "platforms", ON)
    assert statements == [], "nothing was written: nothing is read again"


def test_what_is_kept_follows_every_write(office: Ledger) -> None:
    before = register_desk.read_desk(office, "platforms", ON)
    first = before.rows[0].entry
    register_desk.save_cell(office, first, "name", "示例改名")
    after = register_desk.read_desk(office, "platforms", ON)
    assert names(office).count("示例改名") == 1
    assert sum(a is b for a in before.rows for b in after.rows) == 4, "rows of entries that stayed are not made again"
    undoing.undo(office)
    assert "示例改名" not in names(office)
    registers.delete_entries(office, "platforms", registers.read_entries(office, "platforms")[:1])
    assert len(names(office)) == 4
    assert register_desk.read_desk(office, "platforms", ON).counts == {("platforms", "gxj"): 4}


def test_doubles_and_the_tally_follow_an_edit(office: Ledger) -> None:
    rows = register_desk.read_desk(office, "platforms", ON).rows
    counted = register_desk.read_desk(office, "platforms", ON).targets
    register_desk.save_cell(office, rows[0].entry, "name", rows[1].entry.values["name"])
    desk = register_desk.read_desk(office, "platforms", ON)
    assert sum(bool(row.doubles) for row in desk.rows) == 2
    assert [t.value for t in desk.targets] != [t.value for t in counted], "what looks the same counts once"
    register_desk.save_cell(office, next(r for r in desk.rows if r.doubles).entry, "name", "示例又改开")
    assert not any(row.doubles for row in register_desk.read_desk(office, "platforms", ON).rows)


def test_deleting_entries_of_several_units_is_undone_as_one(office: Ledger) -> None:
    """The office deletes for two units: one step, which 撤销 brings back whole."""
    made = {"type": "众创空间", "level": "省级", "recognised": "2018-02-01"}
    for unit in ("gxj", "kjj"):
        registers.save_entries(office, "platforms", unit, [Edit({**made, "name": f"示例{unit}"})])
    before = registers.read_entries(office, "platforms")
    gone = [
        e for e in before if str(e.values.get("name", "")).startswith("示例gxj") or e.values.get("name") == "示例kjj"
    ]
    assert {e.unit for e in gone} == {"gxj", "kjj"}
    registers.delete_entries(office, "platforms", gone)
    assert len(registers.read_entries(office, "platforms")) == len(before) - 2
    undoing.undo(office)
    assert [e.values for e in registers.read_entries(office, "platforms")] == [e.values for e in before]
