"""Register entries and applications through copies: two PCs of a unit, unit and office, deletion, undo, proof, words."""

import itertools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ganzhou_desktop.domain.applications import Amount, Application, StepState
from ganzhou_desktop.domain.canonical import sha256_hex
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.domain.typed import value_text
from ganzhou_desktop.services import applications, conflicts, register_desk, register_files, registers, undoing
from ganzhou_desktop.services.conflicts import Conflict
from ganzhou_desktop.services.ledgers import verify
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.ui import change_words
from tests.services.made import PLAN
from tests.store.kit import Pc

UNIT, REGISTER = "gxj", "platforms"
PLATFORM = {"name": "示例众创空间", "type": "众创空间", "level": "省级", "recognised": "2018-03-01"}


class Office:
    """An office and two PCs of 区工信局, all trusted; one entry that everybody holds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.office, self.one, self.two = (Pc(folder, name) for name in ("office", "one", "two"))
        self.office.found(PLAN)
        for pc in (self.one, self.two):
            pc.join(self.office.hand_out(UNIT, self.file()))
            assert self.office.merge(pc.export(self.file()), trust=[pc.ledger.code()]).done
        (self.key,) = self.save(self.one, Edit(PLATFORM))
        self.round(self.one, self.office, self.two)

    def file(self) -> Path:
        self.number += 1
        return self.folder / f"{self.number}.gzcopy"

    def save(self, pc: Pc, *edits: Edit) -> list[str]:
        return pc.do(registers.save_entries, pc.ledger, REGISTER, UNIT, list(edits))  # type: ignore[no-any-return]

    def edit(self, pc: Pc, **values: object) -> None:
        held = self.entry(pc)
        self.save(pc, Edit(values, held.key, held.heads))

    def entry(self, pc: Pc) -> Entry:
        (found,) = (e for e in registers.read_entries(pc.ledger, REGISTER) if e.key == self.key)
        return found

    def send(self, source: Pc, target: Pc) -> None:
        file = self.file()
        if source is self.office:
            source.hand_out(UNIT, file)
        else:
            source.export(file)
        result = target.merge(file)
        assert not result.refused, result.refused

    def round(self, *pcs: Pc) -> None:
        for source, target in itertools.pairwise(pcs):
            self.send(source, target)

    def everybody(self) -> None:
        """Everything reaches everybody, and all hold the same in good order."""
        self.round(self.one, self.office, self.two, self.office, self.one)
        for pc in (self.office, self.one, self.two):
            assert verify(pc.ledger).ok

    def case(self) -> Conflict:
        (found,) = conflicts.list_conflicts(self.office.ledger)
        return found


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    for pc in (office.office, office.one, office.two):
        pc.close()


def test_different_columns_of_one_entry_stand_side_by_side(made: Office) -> None:
    made.edit(made.one, level="国家级")
    made.edit(made.two, name="示例众创空间（更名）")
    made.everybody()
    for pc in (made.office, made.one, made.two):
        entry = made.entry(pc)
        assert (entry.values["level"], entry.values["name"]) == ("国家级", "示例众创空间（更名）")
        assert not entry.contested
    assert conflicts.list_conflicts(made.office.ledger) == ()


def test_one_column_written_twice_is_a_case_said_in_words_and_decided_for_all(made: Office) -> None:
    made.edit(made.one, recognised="2018-03-05")
    made.edit(made.two, recognised="2018-03-09")
    made.everybody()
    for pc in (made.office, made.one, made.two):
        assert made.entry(pc).contested
    case = made.case()
    said = change_words.subject(PLAN, case.kind, case.key, case.field, about=case.about)
    column = next(c for c in PLAN.columns_by_register[REGISTER] if c.name == "recognised")
    assert PLAN.register_by_id[REGISTER].short in said
    assert "示例众创空间" in said
    assert said.endswith(column.title)
    wanted = next(v for v in case.values if v.value == "2018-03-09")
    made.office.do(conflicts.resolve, made.office.ledger, case.id, take=wanted.key, basis="认定文件")
    made.everybody()
    for pc in (made.office, made.one, made.two):
        assert made.entry(pc).values["recognised"] == "2018-03-09"
        assert not made.entry(pc).contested


def test_deleted_here_and_edited_there_stays_until_it_is_decided(made: Office) -> None:
    made.one.do(registers.delete_entries, made.one.ledger, REGISTER, [made.entry(made.one)])
    made.edit(made.two, level="国家级")
    made.everybody()
    for pc in (made.office, made.one, made.two):
        assert made.entry(pc).values["level"] == "国家级", "what somebody still works on does not vanish"
    case = made.case()
    assert case.field == "deleted"
    gone = next(v for v in case.values if v.value is True)
    assert "删去" in change_words.value_text(PLAN, case.kind, case.field, gone.value, case.about)
    made.office.do(conflicts.resolve, made.office.ledger, case.id, take=gone.key)
    made.everybody()
    for pc in (made.office, made.one, made.two):
        assert registers.read_entries(pc.ledger, REGISTER) == ()


def test_what_was_undone_is_undone_everywhere(made: Office) -> None:
    made.edit(made.one, level="国家级")
    made.send(made.one, made.office)
    made.one.do(undoing.undo, made.one.ledger)
    assert made.entry(made.one).values["level"] == "省级"
    made.everybody()
    for pc in (made.office, made.two):
        assert made.entry(pc).values["level"] == "省级"
        assert not made.entry(pc).contested


def test_undoing_a_merge_takes_its_entries_out_again(made: Office) -> None:
    made.save(made.two, Edit({**PLATFORM, "name": "示例另一家"}))
    made.send(made.two, made.office)
    assert len(registers.read_entries(made.office.ledger, REGISTER)) == 2
    made.office.do(undoing.undo, made.office.ledger)
    assert [e.values["name"] for e in registers.read_entries(made.office.ledger, REGISTER)] == ["示例众创空间"]
    made.send(made.two, made.office)
    assert len(registers.read_entries(made.office.ledger, REGISTER)) == 2


def test_proof_of_an_entry_travels_with_it(made: Office) -> None:
    data = "%PDF-1.4 虚构的认定文件".encode()
    digest = made.one.ledger.journal.keep_proof(UNIT, data)
    held = made.entry(made.one)
    file = {"name": "认定文件.pdf", "size": len(data), "kind": "pdf"}
    made.save(made.one, Edit({}, held.key, held.heads, {digest: file}))
    made.send(made.one, made.office)
    (proof,) = made.entry(made.office).proofs
    assert (proof.name, proof.sha256, proof.size) == ("认定文件.pdf", sha256_hex(data), len(data))
    assert made.office.ledger.journal.proof(UNIT, digest) == data


def test_an_application_of_unit_and_office_side_by_side_and_against_each_other(made: Office) -> None:
    steps = [s.id for s in PLAN.steps]
    key = made.one.do(
        applications.save_application,
        made.one.ledger,
        UNIT,
        texts={"beneficiary": "示例企业", "subsidy": PLAN.subsidies[0].id},
        amounts={"applied": Amount(Decimal(10))},
    )
    made.everybody()

    def held(pc: Pc) -> Application:
        (found,) = applications.read_applications(pc.ledger)
        return found

    def save(pc: Pc, **more: object) -> None:
        pc.do(applications.save_application, pc.ledger, UNIT, key=key, heads=held(pc).heads, **more)

    save(made.one, steps={steps[0]: StepState("done", date(2018, 4, 9), number="〔2018〕1号")})
    save(made.office, amounts={"approved": Amount(Decimal(8), payer="区财政局")})
    made.everybody()
    for pc in (made.office, made.one, made.two):
        both = held(pc)
        assert both.steps[steps[0]].result == "done"
        assert both.amounts["approved"].value == 8
        assert not both.contested

    save(made.one, amounts={"approved": Amount(Decimal(9), payer="区财政局")}, steps={steps[1]: StepState("done")})
    save(
        made.office, amounts={"approved": Amount(Decimal(7), payer="区财政局")}, steps={steps[1]: StepState("returned")}
    )
    made.everybody()
    cases = {c.field: c for c in conflicts.list_conflicts(made.one.ledger)}
    assert set(cases) == {"amount/approved", f"step/{steps[1]}"}
    for field, label, texts in (
        ("amount/approved", "批复额", {"9 万元；支付方：区财政局", "7 万元；支付方：区财政局"}),
        (f"step/{steps[1]}", PLAN.steps[1].name, {"已办", "退回"}),
    ):
        case = cases[field]
        said = change_words.subject(PLAN, case.kind, case.key, field, about=case.about)
        assert said.startswith("申报")
        assert "示例企业" in said
        assert said.endswith(label)
        assert {change_words.value_text(PLAN, case.kind, field, v.value, case.about) for v in case.values} == texts


def test_a_value_that_does_not_fit_its_column_is_shown_as_text_and_counted_nowhere(made: Office) -> None:
    """Of a unit's own program, another version of the plan's columns: numbers and words where a day should be."""
    on = date(2018, 6, 30)
    before = {t.target.id: t.value for t in register_desk.read_desk(made.office.ledger, REGISTER, on).targets}
    odd = {"register": REGISTER, "name": ["示例", 2], "recognised": "去年春天", "level": 7, "type": "没有这一类"}
    made.one.act("登记", UNIT, Change("entry", "e" * 32, odd))
    every = {"register": "guided", **{c.name: "词" for c in PLAN.columns_by_register["guided"]}}
    made.one.act("登记", UNIT, Change("entry", "f" * 32, every))
    made.everybody()
    desk = register_desk.read_desk(made.office.ledger, REGISTER, on)
    assert {t.target.id: t.value for t in desk.targets} == before
    row = next(r for r in desk.rows if r.entry.key == "e" * 32)
    assert sum("写法不对" in gap for gap in row.gaps) == 4
    columns = {c.name: c for c in desk.view.columns}
    shown = {name: value_text(columns[name], value) for name, value in row.entry.values.items()}
    assert shown == {"name": "示例、2", "recognised": "去年春天", "level": "7", "type": "没有这一类"}
    for register in (REGISTER, "guided", *(r.id for r in PLAN.registers)):
        entries = registers.read_entries(made.office.ledger, register)
        register_files.write_register(made.office.ledger, register, entries, made.folder / f"{register}.xlsx")
    book = load_workbook(made.folder / f"{REGISTER}.xlsx").active
    assert "去年春天" in {cell.value for line in book.iter_rows() for cell in line}


def test_every_form_of_column_is_exported_when_nothing_fits(made: Office) -> None:
    for column in PLAN.columns:
        for value in ("词", 7, True, ["词", 1], "2018-02-30", "1e9"):
            cell = register_files.cell_of(column, value)
            assert isinstance(cell, str | int | bool | date | Decimal), (column.id, value)
