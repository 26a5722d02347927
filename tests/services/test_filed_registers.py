"""台账情况 beside a filing: new in the period, in force at its end, counted beside what is reported."""

import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ganzhou_desktop.services import ledgers, periods, registers
from ganzhou_desktop.services.filed_registers import read_standings
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit


@pytest.fixture
def office(demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    shutil.copyfile(demo_of(2), tmp_path / "office.gzdb")
    ledger = ledgers.open_ledger(tmp_path / "office.gzdb")
    yield ledger
    ledger.close()


def test_new_in_the_period_and_in_force_at_its_end(office: Ledger) -> None:
    held = registers.read_entries(office, "platforms", "gxj")
    if held:
        registers.delete_entries(office, "platforms", held)
    entry = {"name": "示例甲", "type": "众创空间", "level": "省级"}
    days = (
        ("2018-02-01", None),
        ("2018-05-01", None),
        ("2018-04-02", "2018-06-01"),
        ("2018-08-01", None),
        (None, None),
    )
    edits = [
        Edit({**entry, "name": f"示例{n}", **({"recognised": a} if a else {}), **({"expires": b} if b else {})})
        for n, (a, b) in enumerate(days)
    ]
    ends = office.plan().register_by_id["platforms"].ends
    edits = [Edit({ends if k == "expires" else k: v for k, v in e.values.items()}) for e in edits]
    registers.save_entries(office, "platforms", "gxj", edits)
    found = {s.register.id: s for s in read_standings(office, "gxj", "2018Q2")}
    assert set(found) == {r.id for r in office.plan().registers_of("gxj")}
    platforms = found["platforms"]
    assert (platforms.held, platforms.new, platforms.in_force) == (5, 2, 2)


def test_the_counted_numbers_stand_with_their_register(office: Ledger) -> None:
    standings = read_standings(office, "kjj", periods.list_periods(office)[-1].name)
    counted = {target.id: value for s in standings for target, value in s.counted}
    assert counted["T8"] > Decimal(0)
    (talent,) = [s for s in standings if s.register.id == "talent"]
    assert [target.id for target, _ in talent.counted] == ["T8"]
