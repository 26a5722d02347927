"""Ledgers made for the tests of services: an office, units that joined, a clock that is set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

from ganzhou_desktop import paths
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import Form, Matter
from ganzhou_desktop.services import exchange, filing, ledgers, merging, periods
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan

PLAN = read_plan(paths.plan_file("ganzhou-2017.toml"))
Q1 = "2018Q1"


class Clock:
    """Noon of a day, a minute later at each look."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.looks = 0

    def __call__(self) -> datetime:
        self.looks += 1
        noon = datetime.combine(self.day, time(12), tzinfo=timezone(timedelta(hours=8)))
        return noon + timedelta(minutes=self.looks)


class Made:
    """A folder of ledgers that are closed at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock(date(2018, 4, 2))
        self.open: list[Ledger] = []
        self.count = 0

    def office(self) -> Ledger:
        made, _ = ledgers.new_ledger(self.folder / "office.gzdb", PLAN, clock=self.clock, author="汇总员")
        self.open.append(made)
        periods.open_period(made, Q1)
        return made

    def copy(self) -> Path:
        self.count += 1
        return self.folder / f"{self.count}.gzcopy"

    def unit(self, office: Ledger, unit: str, name: str = "") -> Ledger:
        copy = self.copy()
        exchange.hand_out(office, unit, copy)
        made = exchange.join(copy, self.folder / f"{name or unit}.gzdb", clock=self.clock, author="填报员")
        self.open.append(made)
        return made

    def send(self, source: Ledger, target: Ledger, unit: str = "") -> None:
        """A copy from one to the other, trusted where the office has to."""
        copy = self.copy()
        if source.office:
            exchange.hand_out(source, unit or target.unit, copy)
        else:
            exchange.export(source, copy)
        trust = [p.code for p in merging.merge(target, [copy], dry_run=True).refused if p.reason == "unknown_key"]
        result = merging.merge(target, [copy], trust=trust)
        assert not result.refused, result.refused


@contextmanager
def made_in(folder: Path) -> Iterator[Made]:
    made = Made(folder)
    try:
        yield made
    finally:
        for ledger in made.open:
            ledger.close()


def answered(form: Form, task: str, progress: str) -> Form:
    """The form with one matter 有进展."""

    def change(matter: Matter) -> Matter:
        return replace(matter, answer=Answer("progress", progress))

    return changed(form, task, change)


def changed(form: Form, task: str, change: Callable[[Matter], Matter]) -> Form:
    return replace(form, matters=tuple(change(m) if m.task == task else m for m in form.matters))


def matter(form: Form, task: str) -> Matter:
    return next(m for m in form.matters if m.task == task)


def file(ledger: Ledger, unit: str, task: str, progress: str) -> str:
    """Submit the present form with one matter changed."""
    return filing.submit(ledger, answered(filing.form_state(ledger, unit, Q1).form, task, progress))
