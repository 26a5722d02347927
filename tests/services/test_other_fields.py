"""Editing one field decides no case of another and makes none there: one test for every service that writes records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ganzhou_desktop.domain.canonical import Json, record_id
from ganzhou_desktop.services import applications, conflicts, contacts, figures, filing, periods, registers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.store.journal import Change
from tests.services.made import Q1, answered, file, made_in
from tests.store.kit import answer

UNIT = "kjj"
PLATFORM = {"name": "示例众创空间", "type": "众创空间", "level": "省级"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Ledger]:
    with made_in(tmp_path) as made:
        yield made.office()


@dataclass(frozen=True)
class Record:
    """One record of the ledger, written as other PCs do: on top of what they had before them."""

    ledger: Ledger
    scope: str
    kind: str
    key: str

    @property
    def heads(self) -> tuple[str, ...]:
        row = self.ledger.journal.record(record_id(self.ledger.id, self.scope, self.kind, self.key))
        return () if row is None else row.heads

    def write(self, heads: tuple[str, ...], **fields: Json) -> None:
        self.ledger.act("别处写的", {self.scope: [Change(self.kind, self.key, fields, heads)]})

    def cases(self) -> list[str]:
        return [c.field for c in conflicts.list_conflicts(self.ledger)]


def stays_open_and_alone(
    record: Record, contested: dict[str, tuple[Json, Json]], edit: Callable[[], object], beside: dict[str, Json]
) -> None:
    """A case in another field is open before the edit and after; what another PC wrote beside it is no case."""
    seen = record.heads
    for values in zip(*contested.values(), strict=True):
        record.write(seen, **dict(zip(contested, values, strict=True)))
    assert record.cases() == sorted(contested)
    before = record.heads
    edit()
    assert record.heads != before, "something was written"
    assert record.cases() == sorted(contested), "a case was closed by editing another field"
    record.write(before, **beside)
    assert record.cases() == sorted(contested), "a case was invented in a field that was not edited"


def test_submitting(office: Ledger) -> None:
    file(office, UNIT, "4", "第一稿")
    record = Record(office, UNIT, "submission", Q1)
    stays_open_and_alone(
        record,
        {"5": (answer("甲"), answer("乙")), "4a": ("1", "2")},
        lambda: file(office, UNIT, "4", "第二稿"),
        {"6": answer("丙"), "t1": "3"},
    )


def test_submitting_what_was_begun_before_the_case(office: Ledger) -> None:
    file(office, UNIT, "5", "第一稿")
    form = answered(filing.form_state(office, UNIT, Q1).form, "4", "起得早")
    record = Record(office, UNIT, "submission", Q1)
    stays_open_and_alone(
        record, {"5": (answer("甲"), answer("乙"))}, lambda: filing.submit(office, form), {"6": answer("丙")}
    )


def test_saving_an_entry(office: Ledger) -> None:
    (key,) = registers.save_entries(office, "platforms", UNIT, [Edit(PLATFORM)])

    def edit() -> None:
        (entry,) = registers.read_entries(office, "platforms", UNIT)
        registers.save_entries(office, "platforms", UNIT, [Edit({"name": "改名"}, key, entry.heads)])

    stays_open_and_alone(
        Record(office, UNIT, "entry", key), {"level": ("市级", "国家级")}, edit, {"type": "科技企业孵化器"}
    )


def test_saving_an_application(office: Ledger) -> None:
    """Given are also texts that stand there as they are: they are not written again."""
    texts = {"beneficiary": "示例企业", "title": "原名", "programme": "原计划"}
    key = applications.save_application(office, UNIT, texts=texts, year=2018)

    def edit() -> None:
        (held,) = applications.read_applications(office, UNIT)
        applications.save_application(
            office, UNIT, key=key, heads=held.heads, texts={**texts, "title": "新名"}, year=held.year
        )

    stays_open_and_alone(
        Record(office, UNIT, "application", key), {"note": ("甲", "乙")}, edit, {"programme": "另一计划", "year": 2019}
    )


def test_saving_contacts(office: Ledger) -> None:
    """Given are also those that stand there as they are, and one that is empty: nobody wrote it empty."""
    contacts.save_contacts(office, {UNIT: {"head": "原", "clerk": "原"}})
    stays_open_and_alone(
        Record(office, UNIT, "profile", "profile"),
        {"head": ("甲", "乙")},
        lambda: contacts.save_contacts(office, {UNIT: {"phone": "0936-1", "clerk": "原", "reviewer": ""}}),
        {"clerk": "丙", "reviewer": "丁"},
    )


@pytest.mark.parametrize(
    ("value", "basis", "beside"),
    [("80", "新依据", {"confirmed": "81"}), ("81", "原件", {"basis": "另一依据"})],
    ids=["basis", "number"],
)
def test_confirming_a_figure(office: Ledger, value: str, basis: str, beside: dict[str, Json]) -> None:
    figures.confirm(office, "T1", "80", "原件")
    stays_open_and_alone(
        Record(office, "all", "figure", "T1"),
        {"doubt": ("甲", "乙")},
        lambda: figures.confirm(office, "T1", value, basis),
        beside,
    )


def test_moving_the_day_of_an_open_period(office: Ledger) -> None:
    """Whether it is closed is 两处不一致: who only moves its 应报日 decides nothing about that."""
    stays_open_and_alone(
        Record(office, "all", "period", Q1),
        {"closed": (True, False)},
        lambda: periods.open_period(office, Q1, date(2018, 4, 9)),
        {"last": "2018-03-30"},
    )


def test_opening_a_closed_period_again(office: Ledger) -> None:
    periods.close_period(office, Q1)
    stays_open_and_alone(
        Record(office, "all", "period", Q1),
        {"due": ("2018-04-06", "2018-04-07")},
        lambda: periods.open_period(office, Q1),
        {"first": "2018-01-02"},
    )
