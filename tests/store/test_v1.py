"""Files of format 1 as they were written then: each opens, verifies and merges, now and in every later version."""

import gzip
from pathlib import Path

import pytest

from ganzhou_desktop.services import conflicts, exchange, ledgers, merging
from ganzhou_desktop.store.keys import new_key, store_key

V1 = Path(__file__).resolve().parents[1] / "ledgers" / "v1"
UNIT = "fgw"


def unpacked(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.decompress((V1 / f"{name}.gz").read_bytes()))
    return path


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return unpacked(tmp_path, "office.gzdb")


def test_the_files_are_small() -> None:
    assert sum(f.stat().st_size for f in V1.iterdir()) <= 300_000


def test_the_ledger_opens_and_verifies(office: Path) -> None:
    ledger = ledgers.open_ledger(office)
    assert ledgers.verify(ledger).ok
    assert ledger.plan().unit_by_id[UNIT].name
    assert ledger.journal.records(["submission"])[0].scope == UNIT
    before = ledger.journal.heads()
    ledger.journal.rebuild()
    assert ledgers.verify(ledger).ok
    assert ledger.journal.heads() == before
    ledger.close()


def test_the_unit_copy_merges(office: Path, tmp_path: Path) -> None:
    ledger = ledgers.open_ledger(office)
    assert merging.merge(ledger, [unpacked(tmp_path, "handout.gzcopy")]).packages[0].verdict == "known"
    package = merging.merge(ledger, [unpacked(tmp_path, "unit.gzcopy")]).packages[0]
    assert (package.verdict, package.new, package.conflicts) == ("merged", 1, 1)
    (case,) = conflicts.list_conflicts(ledger)
    assert (case.field, case.base, {v.value for v in case.values}) == ("note", "一户", {"区里改", "单位改"})
    assert ledgers.verify(ledger).ok
    store_key(ledger.id, "all", new_key())
    ledger.close()


def test_the_hand_out_is_joined_and_the_copy_merged(tmp_path: Path) -> None:
    assert exchange.inspect(unpacked(tmp_path, "handout.gzcopy")).unit == UNIT
    ledger = exchange.join(unpacked(tmp_path, "handout.gzcopy"), tmp_path / "unit.gzdb")
    assert ledgers.verify(ledger).ok
    assert merging.merge(ledger, [unpacked(tmp_path, "unit.gzcopy")]).done
    assert len(conflicts.list_conflicts(ledger)) == 1
    assert len(ledger.journal.proof_hashes()) == 1
    ledger.close()
