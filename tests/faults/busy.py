"""A PC at work until it is killed: saves, submits, exports, merges, undoes, restores, and tells each thing when it is done.

    python busy.py WORK WHERE SEED

The instants of the kills are chosen by whoever runs it.  What is done is told on standard output, one line each, after
the service has returned: from then on it must be there whatever happens.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from ganzhou_desktop.domain.errors import RuleBroken  # noqa: E402
from ganzhou_desktop.domain.filings import Answer  # noqa: E402
from ganzhou_desktop.services import backups, exchange, filing, ledgers, merging, taking_back, undoing  # noqa: E402
from ganzhou_desktop.store.journal import Change  # noqa: E402

PERIOD = "2018Q1"


def tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Busy:
    """The unit's PC; `copies` are hand-outs of the office it may merge, newest last."""

    def __init__(self, folder: Path, name: str, random: Random) -> None:
        self.folder, self.name, self.random = folder, name, random
        self.path = folder / "a.gzdb"
        self.copies = sorted((folder / "handed").glob("*.gzcopy"))
        self.number = 0
        self.ledger = ledgers.open_ledger(self.path, author="填报员")

    def new(self, ending: str) -> Path:
        self.number += 1
        return self.folder / "out" / f"{self.name}-{self.number}{ending}"

    def text(self) -> str:
        self.number += 1
        return f"{self.name}-{self.number}" + "字" * self.random.choice((1, 1000, 15_000))

    def save(self) -> None:
        done = self.ledger.act(
            "登记", {"ab": [Change("entry", f"{self.random.randrange(3):032x}", {"name": self.text()})]}
        )
        tell("op", done[0].id)

    def draft(self) -> None:
        form = filing.form_state(self.ledger, "ab", PERIOD).form
        first, *others = form.matters
        text = self.text()
        filing.save_draft(
            self.ledger, replace(form, matters=(replace(first, answer=Answer("progress", text)), *others))
        )
        tell("draft", text)

    def submit(self) -> None:
        self.draft()
        tell("submitting")
        tell("op", filing.submit(self.ledger, filing.form_state(self.ledger, "ab", PERIOD).form))
        tell("submitted")

    def withdraw(self) -> None:
        state = filing.form_state(self.ledger, "ab", PERIOD)
        if state.draft_saved is not None or state.filing is None or not state.filing.submitted:
            return
        text = state.form.matters[0].answer.progress
        tell("withdrawing", text)
        try:
            filing.withdraw(self.ledger, "ab", PERIOD)
        except RuleBroken:
            tell("kept")
        else:
            tell("draft", text)

    def held(self) -> set[str]:
        return {i for some in self.ledger.journal.operation_ids().values() for i in some}

    def undo(self) -> None:
        step = undoing.undoable(self.ledger)
        if step is None or step.nature == "submit":
            return
        operations = self.ledger.journal.operations_of_step(step.seq) if step.what == "merge" else []
        merged, before = {o.id for o in operations}, self.held()
        assert merged <= before
        tell("undoing", *merged)
        try:
            taking_back.undo_or_withdraw(self.ledger)
        except RuleBroken:
            tell("kept")
        else:
            tell("undone", *(merged & self.held()))
            tell("op", *(self.held() - before))

    def merge(self) -> None:
        held = self.held()
        tell("merging")
        merging.merge(self.ledger, self.random.sample(self.copies, 2))
        tell("op", *(self.held() - held))

    def rethink(self) -> None:
        self.merge()
        self.undo()

    def export(self) -> None:
        out = self.new(".gzcopy")
        exchange.export(self.ledger, out)
        tell("file", out)

    def backup(self) -> None:
        out = self.new(".gzdb")
        backups.backup(self.ledger, out)
        tell("file", out)

    def restore(self) -> None:
        """A backup just made, put back: it may lose nothing at all."""
        out = self.new(".gzdb")
        backups.backup(self.ledger, out)
        self.ledger.close()
        backups.restore(out, self.path, replace=True)
        self.ledger = ledgers.open_ledger(self.path, author="填报员")
        tell("restored")


DOINGS = ("save", "save", "draft", "submit", "withdraw", "undo", "merge", "rethink", "export", "backup", "restore")


def work(folder: Path, name: str, random: Random) -> None:
    busy = Busy(folder, name, random)
    tell("open")
    while True:
        getattr(busy, random.choice(DOINGS))()


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], Random(int(sys.argv[3])))
