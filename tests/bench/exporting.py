"""导出：整本台账成一份副本；演示台账，和一本 200 MB 的。

The peer is SQLite's backup API (`sqlite3.Connection.backup`) into a new file: it copies pages and checks nothing.
"""

import sqlite3
from pathlib import Path
from typing import Any

from tests.bench.common import Place, median, say
from tests.bench.common_ledgers import Office


def run(place: Place) -> None:
    """Export of everything against SQLite's backup API on the same file."""
    from ganzhou_desktop.services import ledgers

    ledger = ledgers.open_ledger(place.ledger)
    against_backup(ledger, place.folder, runs=5)
    ledger.close()
    office = Office.new(place.folder / "large")
    large = ledgers.open_ledger(office.path)
    units = office.units()
    for unit in units:
        office.write_entries(large, max(100, int(150_000 * place.size)) // len(units), 9, unit)
    against_backup(large, place.folder, runs=3)
    large.close()


def against_backup(ledger: Any, folder: Path, runs: int) -> None:
    """One line: this ledger, exported with all proof and copied whole."""
    from ganzhou_desktop.services import exchange

    number = 0

    def export() -> None:
        nonlocal number
        number += 1
        out = folder / f"out{number}.gzcopy"
        exchange.export(ledger, out, all_proof=True)
        out.unlink()

    def backup() -> None:
        target = sqlite3.connect(folder / "backup.db")
        source = sqlite3.connect(f"{ledger.path.as_uri()}?mode=ro&immutable=1", uri=True)
        source.backup(target)
        target.close()
        source.close()
        (folder / "backup.db").unlink()

    size = ledger.path.stat().st_size / 2**20
    say(f"导出 {size:.0f} MB 的台账", median(export, runs), "备份接口", median(backup, runs))
