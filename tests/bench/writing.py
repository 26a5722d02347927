"""写：提交一份报表。"""

import sqlite3
from dataclasses import replace

from tests.bench.common import Place, median, say


def run(place: Place) -> None:
    """Submitting one form against a bare SQLite commit with synchronous=FULL of the same bytes."""
    from ganzhou_desktop.services import demo, filing, ledgers

    folder = place.folder
    demo.build(folder / "save.gzdb", 1).close()
    ledger = ledgers.open_ledger(folder / "save.gzdb")
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = DELETE")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE operation (id TEXT PRIMARY KEY, bytes BLOB)")
    number = 0

    def submit() -> None:
        nonlocal number
        number += 1
        form = filing.form_state(ledger, "kjj", "2018Q1").form
        matter = replace(form.matters[0], answer=replace(form.matters[0].answer, progress=f"第 {number} 次填报"))
        filing.submit(ledger, replace(form, matters=(matter, *form.matters[1:])), source="台架")

    def commit() -> None:
        nonlocal number
        number += 1
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO operation VALUES (?, ?)", (str(number), b"x" * 4000))
        bare.execute("COMMIT")

    say("提交一份报表", median(submit, 15), "裸 SQLite 提交", median(commit, 15))
    bare.close()
    ledger.close()
