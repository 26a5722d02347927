"""An office's ledger in which two PCs of a unit, and two copies of its own, differ: numbers, an entry, an application."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.domain.applications import Amount
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.services import applications, exchange, figures, filing, ledgers, merging, periods, registers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan

PLAN = read_plan(paths.plan_file("ganzhou-2017.toml"))
PERIOD, UNIT = "2018Q1", "kjj"
BEGUN = datetime(2018, 4, 2, 1, tzinfo=UTC)


@dataclass
class Pcs:
    """An office and the PCs of one unit, each with keys and a clock of its own."""

    folder: Path
    patch: pytest.MonkeyPatch
    office: Ledger
    count: int = 0

    @contextmanager
    def at(self, home: str) -> Iterator[None]:
        """At one of the PCs, and back to where one was."""
        before = os.environ["GANZHOU_HOME"]
        self.patch.setenv("GANZHOU_HOME", str(self.folder / home))
        yield
        self.patch.setenv("GANZHOU_HOME", before)

    def copy(self) -> Path:
        self.count += 1
        return self.folder / f"{self.count}.gzcopy"

    @contextmanager
    def pc(self, name: str, minute: int, unit: str = UNIT) -> Iterator[Ledger]:
        """A new PC of the unit; what it wrote reaches the office at the end.  `minute`: by its clock after the day began."""
        handed = self.copy()
        with self.at("office"):
            exchange.hand_out(self.office, unit, handed)
        with self.at(name):
            joined = exchange.join(
                handed,
                self.folder / f"{name}.gzdb",
                clock=lambda: BEGUN + timedelta(minutes=minute),
                author=f"填报员{name}",
                pc=name,
            )
            with closing(joined):
                yield joined
                out = self.copy()
                exchange.export(joined, out)
                code = joined.code()
        self.take(out, code)

    def take(self, copy: Path, *trust: str) -> None:
        """Merged at the office; refused copies fail the test."""
        with self.at("office"):
            result = merging.merge(self.office, [copy], trust=list(trust))
        assert not result.refused, result.refused


@contextmanager
def pcs_in(folder: Path) -> Iterator[Pcs]:
    """An office with a period opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANZHOU_HOME", str(folder / "office"))
        made, _ = ledgers.new_ledger(folder / "office.gzdb", PLAN, clock=lambda: BEGUN, author="汇总员")
        with closing(made):
            periods.open_period(made, PERIOD)
            yield Pcs(folder, patch, made)


def file(ledger: Ledger, numbers: Mapping[str, str | None], texts: Mapping[str, str] = MappingProxyType({})) -> None:
    """Submit the unit's form with these numbers; every matter with the same words but those of `texts`."""
    form = filing.form_state(ledger, UNIT, PERIOD).form
    matters = tuple(
        replace(
            matter,
            answer=Answer("progress", texts.get(matter.task, "有关工作照计划进行。")),
            measurements={
                target: Decimal(said) if (said := numbers.get(target)) is not None else None
                for target in matter.measurements
            },
        )
        for matter in form.matters
    )
    filing.submit(ledger, replace(form, matters=matters))


def build(folder: Path) -> Path:
    """The office's ledger with its key in `office` beside it.

    T1, T8 and the words about task 8 were typed differently; T2 and B4 were confirmed differently by an office that was
    restored from a backup; 3a counts an entry whose day differs; of an application the amount applied for differs.  Of
    nothing else do two PCs differ.
    """
    with pcs_in(folder) as pcs:
        office = pcs.office
        entry = {"name": "共建分园", "kind": "分园区", "founder_kind": "高校院所", "established": "2018-02-01"}
        (key,) = registers.save_entries(office, "partners", UNIT, [registers.Edit(entry)])
        applied = applications.save_application(office, UNIT, texts={"beneficiary": "甲园区", "subsidy": "B4"})
        with closing(_restored(pcs)) as other:
            figures.confirm(office, "T2", "6", "原件一")
            figures.confirm(office, "B4", "6", "原件一")
            figures.confirm(other, "T2", "7", "原件二")
            figures.confirm(other, "B4", "7", "原件二")
            copy = pcs.copy()
            exchange.hand_out(other, UNIT, copy)
        # Both PCs are handed the same, then each writes without the other's.
        with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two:
            for ledger, home, number, day in ((one, "一号机", "1", "2018-02-03"), (two, "二号机", "2", "2018-02-05")):
                with pcs.at(home):
                    file(ledger, {"T1": number, "T2": "2", "T3": "52", "T8": number}, {"8": f"办贷款 {number} 笔。"})
                    held = registers.read_entry(ledger, "partners", UNIT, key)
                    assert held is not None
                    edit = registers.Edit({"established": day}, key, held.heads)
                    registers.save_entries(ledger, "partners", UNIT, [edit])
                    amounts = {"applied": Amount(Decimal(number))}
                    applications.save_application(ledger, UNIT, key=applied, amounts=amounts)
        pcs.take(copy)
    return folder / "office.gzdb"


def _restored(pcs: Pcs) -> Ledger:
    """The office again, as a backup has it."""
    shutil.copy(pcs.folder / "office.gzdb", pcs.folder / "restored.gzdb")
    return ledgers.open_ledger(
        pcs.folder / "restored.gzdb", clock=lambda: BEGUN + timedelta(minutes=1), author="汇总员二"
    )
