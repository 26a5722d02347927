"""导出：整本台账成一份副本。"""

from tests.bench.common import Place, median, say


def run(place: Place) -> None:
    """Export of everything against SQLite's backup API on the same file."""
    from ganzhou_desktop.services import backups, exchange, ledgers

    ledger = ledgers.open_ledger(place.ledger)
    number = 0

    def export() -> None:
        nonlocal number
        number += 1
        exchange.export(ledger, place.folder / f"out{number}.gzcopy", all_proof=True)

    def backup() -> None:
        nonlocal number
        number += 1
        backups.backup(ledger, place.folder / f"out{number}.gzdb")

    say("导出副本", median(export), "备份接口", median(backup))
    ledger.close()
