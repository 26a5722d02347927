"""Trust: whose key speaks where, told through what people do: accounts, new and dead PCs, backups, successors, the log."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services import (
    backups,
    conflicts,
    exchange,
    filing,
    ledgers,
    periods,
    reviewing,
    sites,
    undoing,
    views,
)
from ganzhou_desktop.store.copies import read_manifest
from ganzhou_desktop.store.journal import Change
from tests.laws.world import law_plan
from tests.store.kit import Pc, answer

Q1 = "2018Q1"


class Office:
    """An office, and PCs that join it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pc = Pc(folder, "office")
        self.pcs = [self.pc]
        self.recovery = self.pc.found(law_plan())
        self.pc.do(periods.open_period, self.pc.ledger, Q1)
        self.number = 0

    def file(self, ending: str = ".gzcopy") -> Path:
        self.number += 1
        return self.folder / f"{self.number}{ending}"

    def new(self, name: str, path: Path | None = None) -> Pc:
        made = Pc(self.folder, name)
        made.path = path or made.path
        self.pcs.append(made)
        return made

    def joined(self, name: str, unit: str, *, trusted: bool = True) -> Pc:
        made = self.new(name)
        made.join(self.pc.hand_out(unit, self.file()))
        if trusted:
            assert self.pc.merge(made.export(self.file()), trust=[made.ledger.code()]).done
        return made

    def answer(self, pc: Pc) -> None:
        assert not pc.merge(self.pc.hand_out(pc.ledger.unit, self.file())).refused


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    for pc in made.pcs:
        pc.close()


def submit(pc: Pc, text: str, task: str = "1") -> str:
    unit = pc.ledger.unit
    heads = next((r.heads for r in pc.ledger.journal.records(["submission"], scope=unit, key=Q1)), ())
    filed = {"round": 1, "mode": "unit", "source": "", "names": None}
    pc.act("提交", unit, Change("submission", Q1, {task: answer(text), "filed": filed}, heads), nature=ledgers.SUBMIT)
    return str(pc.ledger.journal.records(["submission"], scope=unit, key=Q1)[0].fields["filed"].operation)


def text_at(pc: Pc, unit: str, task: str = "1") -> str:
    return filing.read_filings(pc.ledger, Q1, unit)[unit, Q1].answers[task].progress


def test_two_accounts_of_one_ledger_have_a_key_each(office: Office) -> None:
    """The code on a form is that of the account that wrote it, and the code the office is asked to compare."""
    first = office.joined("first", "ab")
    submit(first, "第一个账户")
    key, code = first.key(), first.ledger.code()
    first.close()
    second = office.new("second", first.path)
    submit(second, "第二个账户")
    assert second.key().site != key.site
    assert second.ledger.code() != code
    copy = second.export(office.file())
    assert read_manifest(copy).site == second.key().site
    assert exchange.inspect(copy).code == second.ledger.code()
    (asked,) = office.pc.merge(copy).refused
    assert asked.to_trust == (second.ledger.code(),)
    written = second.ledger.journal.records(["submission"])[0].fields["1"].operation
    assert sites.code_of_writer(second.ledger, written) == second.ledger.code(), "the code on the paper is the writer's"
    assert office.pc.merge(copy, trust=[second.ledger.code()]).done
    assert text_at(office.pc, "ab") == "第二个账户"
    office.answer(second)
    assert [s.code for s in sites.list_sites(second.ledger) if s.here] == [second.ledger.code()]
    second.close()
    submit(first, "又是第一个账户")
    assert [s.code for s in sites.list_sites(first.ledger) if s.here] == [first.ledger.code()]
    assert office.pc.merge(first.export(office.file())).done
    assert ledgers.verify(first.ledger).ok


def test_another_account_at_the_office_needs_the_recovery_sheet(office: Office) -> None:
    office.pc.close()
    second = office.new("second", office.pc.path)
    with pytest.raises(EnvironmentFailed) as told:
        second.act("开期次", "all", Change("period", "2018Q2", {"closed": False}))
    assert told.value.code == "no_key"
    assert "恢复单" in told.value.text
    second.do(ledgers.recover, second.ledger, office.recovery, pc="第二个账户")
    second.act("开期次", "all", Change("period", "2018Q2", {"first": "2018-04-01"}))
    assert [s.code for s in sites.list_sites(second.ledger) if s.here] == [second.ledger.code()]
    copy = second.hand_out("ab", office.file())
    second.close()
    assert office.pc.ledger.code() != exchange.inspect(copy).code
    assert [s.code for s in sites.list_sites(office.pc.ledger) if s.here] == [office.pc.ledger.code()]
    unit = office.new("unit")
    unit.join(copy)
    assert unit.ledger.journal.verify() == []


def test_a_backup_from_before_this_pc_was_a_seat(office: Office) -> None:
    """The office's new PC goes back to a backup in which it was nobody: it says so, and no hand-out of it is refused."""
    old = office.file(".gzdb")
    office.pc.do(backups.backup, office.pc.ledger, old)
    unit = office.joined("unit", "ab")
    new = office.new("new")
    new.do(backups.restore, old, new.path)
    new.do(ledgers.recover, new.ledger, office.recovery, pc="新", stop=office.pc.key().site)
    new.close()
    new.do(backups.restore, old, new.path, replace=True)
    with pytest.raises(EnvironmentFailed) as told:
        new.act("开期次", "all", Change("period", "2018Q2", {"first": "2018-04-01"}))
    assert told.value.code == "no_key"
    assert "恢复单" in told.value.text
    new.do(ledgers.recover, new.ledger, office.recovery, pc="新")
    assert not unit.merge(new.hand_out("ab", office.file())).refused


def test_yesterdays_backup_gets_its_own_decisions_back(office: Office) -> None:
    """What the office decided, answered, confirmed and certified since lies in the units' copies."""
    yesterday = office.file(".gzdb")
    unit, other = office.joined("unit", "ab"), office.joined("other", "cd")
    office.pc.do(backups.backup, office.pc.ledger, yesterday)
    late = office.joined("late", "ab")
    office.answer(unit)
    office.answer(late)
    submit(unit, "一号机")
    submit(late, "二号机")
    office.pc.merge(unit.export(office.file()), late.export(office.file()))
    for case in conflicts.list_conflicts(office.pc.ledger):
        office.pc.do(conflicts.resolve, office.pc.ledger, case.id, take="A")
    office.pc.do(reviewing.review, office.pc.ledger, "ab", Q1, accept=True, received=date(2018, 4, 4))
    office.pc.do(periods.open_period, office.pc.ledger, "2018Q2")
    office.pc.do(periods.close_period, office.pc.ledger, Q1)
    for pc in (unit, late, other):
        office.answer(pc)
    before = (office.pc.ledger.journal.heads(), office.pc.dump())
    copies = [pc.export(office.file()) for pc in (other, late, unit)]
    office.pc.close()
    office.pc.do(backups.restore, yesterday, office.pc.path, replace=True)
    assert office.pc.ledger.journal.heads() != before[0]
    result = office.pc.merge(*copies)
    assert [p.reason for p in result.packages] == ["", "", ""]
    assert (office.pc.ledger.journal.heads(), office.pc.dump()) == before
    assert not office.pc.merge(late.export(office.file())).refused, "what it certified since is certified again"


def test_a_dead_office_pc_is_stopped_by_the_recovery_sheet(office: Office) -> None:
    unit = office.joined("unit", "ab")
    submit(unit, "一季度")
    saved = office.file(".gzdb")
    office.pc.do(backups.backup, office.pc.ledger, saved)
    thief = office.pc.hand_out("ab", office.file())
    new = office.new("new")
    new.do(backups.restore, saved, new.path)
    new.do(ledgers.recover, new.ledger, office.recovery, pc="新", stop=office.pc.key().site)
    assert new.merge(unit.export(office.file())).done
    assert not unit.merge(new.hand_out("ab", office.file())).refused
    (stopped,) = unit.merge(thief).refused
    assert stopped.reason == "stopped"
    (refused,) = new.merge(office.pc.export(office.file())).refused
    assert refused.reason == "stopped"
    # What the dead PC wrote before stays welcome, whoever brings it.
    assert text_at(new, "ab") == "一季度"
    assert not unit.merge(new.hand_out("ab", office.file())).refused
    fresh = office.new("fresh")
    with pytest.raises(RuleBroken) as told:
        fresh.join(_hand_out_of_both(office, new))
    assert told.value.code == "stopped"


def _hand_out_of_both(office: Office, new: Pc) -> Path:
    """The stopped seat merges what says it is stopped, and hands out all the same."""
    assert not office.pc.merge(new.export(office.file())).refused
    return office.pc.hand_out("cd", office.file())


def test_stop_and_lift(office: Office) -> None:
    unit, spare = office.joined("unit", "ab"), office.joined("spare", "ab")
    submit(unit, "停用以前写的")
    office.answer(spare)
    spare.merge(unit.export(office.file()))
    office.pc.do(sites.stop_site, office.pc.ledger, unit.ledger.code())
    file = unit.export(office.file())
    assert [p.reason for p in office.pc.merge(file).refused] == ["stopped"]
    assert office.pc.merge(spare.export(office.file())).done
    assert text_at(office.pc, "ab") == "停用以前写的", "older operations brought by others are welcome"
    assert [s.stopped for s in sites.list_sites(office.pc.ledger) if s.code == unit.ledger.code()] == [True]
    office.answer(spare)
    assert [p.reason for p in spare.merge(file).refused] == ["stopped"], "the unit's other PC knows it too"
    office.pc.do(sites.stop_site, office.pc.ledger, unit.ledger.code(), lift=True)
    submit(unit, "恢复以后")
    assert office.pc.merge(unit.export(office.file())).done
    with pytest.raises(RuleBroken):
        unit.do(sites.stop_site, unit.ledger, spare.ledger.code())
    with pytest.raises(RuleBroken) as told:
        office.pc.do(sites.stop_site, office.pc.ledger, office.pc.ledger.code())
    assert told.value.code == "seat_needs_recovery"


def second_seat(office: Office) -> Pc:
    saved = office.file(".gzdb")
    office.pc.do(backups.backup, office.pc.ledger, saved)
    two = office.new("two")
    two.do(backups.restore, saved, two.path)
    two.do(ledgers.recover, two.ledger, office.recovery, pc="二")
    assert not office.pc.merge(two.export(office.file())).refused
    return two


def test_a_stop_beside_a_lifting_counts_and_is_shown_until_decided(office: Office) -> None:
    unit = office.joined("unit", "ab")
    two = second_seat(office)
    for lift in (False, True):
        office.pc.do(sites.stop_site, office.pc.ledger, unit.ledger.code(), lift=lift)
    two.do(sites.stop_site, two.ledger, unit.ledger.code())
    two.merge(office.pc.export(office.file()))
    office.pc.merge(two.export(office.file()))
    copy = unit.export(office.file())
    for seat in (office.pc, two):
        assert [p.reason for p in seat.merge(copy).refused] == ["stopped"]
        assert [s.stopped for s in sites.list_sites(seat.ledger) if s.scope == "ab"] == [True], "shown as it is taken"
    office.pc.do(sites.stop_site, office.pc.ledger, unit.ledger.code(), lift=True)
    assert conflicts.list_conflicts(office.pc.ledger) == ()
    assert [s.stopped for s in sites.list_sites(office.pc.ledger) if s.scope == "ab"] == [False]
    assert not office.pc.merge(copy).refused


@pytest.mark.parametrize("first", [0, 1])
def test_a_stop_that_comes_with_the_same_merge_counts_in_whatever_order_the_copies_lie(
    office: Office, first: int
) -> None:
    """One seat stopped a stolen PC; the other seat is given both copies at once."""
    unit = office.joined("unit", "ab")
    two = second_seat(office)
    two.do(sites.stop_site, two.ledger, unit.ledger.code())
    submit(unit, "拿走以后写的")
    files = [unit.export(office.file()), two.export(office.file())]
    result = office.pc.merge(files[first], files[1 - first])
    assert {p.file: (p.verdict, p.reason) for p in result.packages} == {
        files[0]: ("refused", "stopped"),
        files[1]: ("merged", ""),
    }


def test_a_new_pc_of_a_unit_holds_what_the_old_one_sent(office: Office) -> None:
    old = office.joined("old", "ab")
    submit(old, "旧电脑")
    office.pc.merge(old.export(office.file()))
    new = office.joined("new", "ab", trusted=False)
    assert text_at(new, "ab") == "旧电脑"
    submit(new, "新电脑")
    copy = new.export(office.file())
    (asked,) = office.pc.merge(copy).refused
    assert (asked.reason, asked.to_trust) == ("unknown_key", (new.ledger.code(),))
    assert new.ledger.code() in asked.text
    with pytest.raises(RuleBroken):
        old.merge(copy, trust=[new.ledger.code()])  # a unit trusts nobody
    (waits,) = old.merge(copy).refused
    assert "区里" in waits.text
    assert office.pc.merge(copy, trust=[new.ledger.code().lower().replace("-", " ")]).done
    office.answer(old)
    assert old.merge(copy).packages[0].verdict == "known"
    assert conflicts.list_conflicts(old.ledger) == ()


def test_a_second_seat_works_beside_the_first(office: Office) -> None:
    """Certified by the founding key; both seats certify, answer and hand out, and agree in the end."""
    saved = office.file(".gzdb")
    office.pc.do(backups.backup, office.pc.ledger, saved)
    two = office.new("two")
    two.do(backups.restore, saved, two.path)
    with pytest.raises(EnvironmentFailed):
        two.act("x", "all", Change("period", Q1, {"closed": True}))
    two.do(ledgers.recover, two.ledger, office.recovery, pc="二")
    assert not office.pc.merge(two.export(office.file())).refused
    unit = office.new("unit")
    unit.join(two.hand_out("ab", office.file()))
    submit(unit, "交给第二台")
    copy = unit.export(office.file())
    assert two.merge(copy, trust=[unit.ledger.code()]).done
    two.do(reviewing.review, two.ledger, "ab", Q1, accept=True, received=date(2018, 4, 4))
    assert office.pc.merge(copy, trust=[unit.ledger.code()]).done
    office.pc.merge(two.export(office.file()))
    two.merge(office.pc.export(office.file()))
    assert (office.pc.ledger.journal.heads(), office.pc.dump()) == (two.ledger.journal.heads(), two.dump())
    assert conflicts.list_conflicts(two.ledger) == (), "the same acceptance twice is no case"
    for seat in (office.pc, two):
        assert not unit.merge(seat.hand_out("ab", office.file())).refused
    assert {s.code for s in sites.list_sites(unit.ledger) if s.scope == "all"} == {
        office.pc.ledger.code(),
        two.ledger.code(),
    }


def test_only_the_founding_key_makes_seats(office: Office) -> None:
    """A seat's certificate for another seat is written nowhere and would be taken nowhere."""
    stranger = office.new("stranger")
    saved = office.file(".gzdb")
    office.pc.do(backups.backup, office.pc.ledger, saved)
    stranger.do(backups.restore, saved, stranger.path)
    other = Pc(office.folder, "other")
    code = other.found(law_plan())
    other.close()
    with pytest.raises(RuleBroken) as told:
        stranger.do(ledgers.recover, stranger.ledger, code)
    assert told.value.code == "other_recovery"
    with pytest.raises(EnvironmentFailed) as refused:
        stranger.act("x", "all", Change("period", Q1, {"closed": True}))
    assert refused.value.code == "no_key"


def test_a_successor_unit(office: Office) -> None:
    """A unit is renamed; later it ends and another takes over its task: old copies stay welcome, nothing is lost."""
    old = office.joined("old", "ab")
    submit(old, "改名以前")
    office.pc.merge(old.export(office.file()))
    office.pc.act("改名", "all", Change("unit", "ab", {"name": "区新名局", "short": "新名局"}))
    office.answer(old)
    assert old.ledger.plan().unit_by_id["ab"].name == "区新名局"
    submit(old, "改名以后")
    assert office.pc.merge(old.export(office.file())).done
    office.pc.act(
        "机构改革",
        "all",
        Change("unit", "ab", {"valid_to": "2018-04-01"}),
        Change(
            "unit",
            "ef",
            {"order": 3, "name": "区接任局", "short": "接任局", "part": "task", "valid_from": "2018-04-01"},
        ),
        Change(
            "role",
            "1/ef",
            {
                "order": 9,
                "task": "1",
                "unit": "ef",
                "kind": "lead",
                "principal": False,
                "asked": "",
                "printed": "区接任局",
            },
        ),
    )
    office.pc.do(periods.open_period, office.pc.ledger, "2018Q2")
    heir = office.joined("heir", "ef")
    heir.act("提交", "ef", Change("submission", "2018Q2", {"1": answer("接任")}))
    assert office.pc.merge(heir.export(office.file())).done
    submit(old, "撤并以后补报一季度", "2")
    assert office.pc.merge(old.export(office.file())).done, "a unit that has ended still brings what it owes"
    assert text_at(office.pc, "ab") == "改名以后"
    office.answer(old)
    office.answer(heir)
    now = periods.period_named(office.pc.ledger, "2018Q2")
    assert [u.id for u in periods.asked_units(office.pc.ledger.plan(), now)] == ["cd", "ef"]
    for pc in (office.pc, old, heir):
        assert views.read_matrix(pc.ledger, "2018Q2")
        assert ledgers.verify(pc.ledger).ok
    assert exchange.compare_with_answer(old.ledger).missing == ()


def test_a_log_of_what_came_and_went(office: Office) -> None:
    unit = office.joined("unit", "ab")
    submit(unit, "一")
    copy = unit.export(office.file())
    assert office.pc.merge(copy).done
    office.pc.merge(copy)
    office.answer(unit)
    came = exchange.list_travelled(office.pc.ledger)
    assert [(t.incoming, t.unit, t.verdict) for t in came][:3] == [
        (False, "ab", "hand_out"),
        (True, "ab", "known"),
        (True, "ab", "merged"),
    ]
    assert {t.code for t in came if t.incoming} == {unit.ledger.code()}
    assert came[1].file == copy.name
    assert came[1].heads == read_manifest(copy).heads
    mine = exchange.list_travelled(unit.ledger)
    assert (mine[0].incoming, mine[0].verdict, mine[0].code) == (True, "merged", office.pc.ledger.code())
    unit.do(undoing.undo, unit.ledger)
    assert exchange.list_travelled(unit.ledger)[0].undone
