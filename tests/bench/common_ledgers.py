"""What the subjects on copies share: rows of invented text, PCs of units that join, write and export."""

import os
import random
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WORDS = "企业研发项目资金专利申请高新技术创新平台甲乙丙丁戊己庚辛壬癸"


def words(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_WORDS, k=length))


def entry(rng: random.Random) -> dict[str, Any]:
    """A row of a register: seven fields, texts of 14, 8 and 30 characters, a number, a date and an amount."""
    return {
        "register": "bench",
        "name": words(rng, 14),
        "number": f"甲-{rng.randrange(10**9)}",
        "date": f"2018-03-{rng.randrange(1, 29):02}",
        "money": rng.randrange(10**7),
        "place": words(rng, 8),
        "note": words(rng, 30),
    }


def changes(rng: random.Random, count: int) -> list[Any]:
    """So many new rows."""
    from ganzhou_desktop.store.journal import Change

    return [Change("entry", f"{rng.getrandbits(128):032x}", entry(rng), ()) for _ in range(count)]


@dataclass
class Office:
    """An office's ledger with one period, and a folder in which PCs of its units come and go."""

    folder: Path
    rng: random.Random

    @classmethod
    def new(cls, folder: Path, seed: int = 1) -> "Office":
        from ganzhou_desktop import paths
        from ganzhou_desktop.services import exchange, ledgers, periods
        from ganzhou_desktop.services.plan_files import read_plan

        made = cls(folder, random.Random(seed))
        folder.mkdir(parents=True, exist_ok=True)
        made.at("office")
        plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
        office, _ = ledgers.new_ledger(made.path, plan)
        periods.open_period(office, "2018Q1")
        for unit in made.units():
            exchange.hand_out(office, unit, folder / f"start-{unit}.gzcopy")
        office.close()
        return made

    @property
    def path(self) -> Path:
        return self.folder / "office.gzdb"

    def at(self, pc: str) -> None:
        """From here on this is another PC: it has keys of its own."""
        os.environ["GANZHOU_HOME"] = str(self.folder / f"home-{pc}")

    def units(self) -> list[str]:
        from ganzhou_desktop import paths
        from ganzhou_desktop.services.plan_files import read_plan

        return [u.id for u in read_plan(paths.plan_file("ganzhou-2017.toml")).responsible_units]

    def join(self, unit: str, pc: str) -> Any:
        """A new PC of a unit; close it with `leave`."""
        from ganzhou_desktop.services import exchange

        self.at(pc)
        return exchange.join(self.folder / f"start-{unit}.gzcopy", self.folder / f"{pc}.gzdb")

    def leave(self, ledger: Any, pc: str) -> Path:
        """Export and go: only the copy stays."""
        from ganzhou_desktop.services import exchange

        copy = self.folder / f"{pc}.gzcopy"
        exchange.export(ledger, copy)
        ledger.close()
        ledger.path.unlink()
        shutil.rmtree(self.folder / f"home-{pc}")
        self.at("office")
        return copy

    def write_entries(self, ledger: Any, revisions: int, size: int, unit: str = "") -> None:
        """Rows of a register in operations of this size, all new records, of the ledger's own unit or that one."""
        pair = ledger.key()
        with ledger.journal.writing(at=ledger.now(), what="write", nature="edit", title="登记") as writing:
            for start in range(0, revisions, size):
                writing.write(
                    pair,
                    scope=unit or ledger.unit,
                    act=secrets.token_hex(16),
                    author="张某",
                    at=ledger.now(),
                    title="登记",
                    changes=changes(self.rng, min(size, revisions - start)),
                )

    def trust(self, sites: Sequence[tuple[str, str]]) -> None:
        """Certify (unit, key) beforehand."""
        from ganzhou_desktop.services import ledgers
        from ganzhou_desktop.store.journal import Change

        self.at("office")
        office = ledgers.open_ledger(self.path)
        wanted: dict[str, list[Change]] = {}
        for unit, site in sites:
            wanted.setdefault(unit, []).append(Change("site", site, {"stopped": False}))
        office.act("认可", wanted)
        office.close()

    def fresh(self, name: str) -> Any:
        """The office's ledger as it is now, in a file of its own, opened."""
        from ganzhou_desktop.services import ledgers

        return ledgers.open_ledger(Path(shutil.copy(self.path, self.folder / f"{name}.gzdb")))
