"""What the door lets in, every page can show: content of the right form, whatever it says, breaks no reading.

State, lateness and the rules of forms are never asked at the door, and never may be: so whoever reads must stand it.
A reading may answer with a sentence; any other error would be a page that no longer opens, for ever.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.plan import Target
from ganzhou_desktop.services import (
    applications,
    breakdown,
    changes,
    conflicts,
    contacts,
    drafts,
    exchange,
    exchange_desk,
    figures,
    filed_views,
    filing,
    filing_desk,
    history,
    leader,
    ledgers,
    overview,
    periods,
    register_desk,
    registers,
    reviewing,
    standing,
    targets,
    views,
)
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.ui.printing import papers
from tests.services.made import PLAN, Q1, Clock, made_in

pytestmark = pytest.mark.usefixtures("qapp")

UNIT = "kjj"
DAY = date(2018, 4, 20)
FILE, HASH = {"name": None, "size": None, "kind": None}, "0" * 64
NOTHING = {"answer": None, "progress": None, "problems": None, "next_steps": None, "expected": None}
FILED = {"round": None, "mode": None, "source": None, "names": None}
FAR = {**NOTHING, "answer": "progress", "progress": "进展"}
REGISTER = PLAN.registers[0].id

READINGS: dict[str, Callable[[Ledger], object]] = {
    "standing": lambda ledger: standing.read_standing(ledger),
    "matrix": lambda ledger: filed_views.read_matrix_view(ledger),
    "gauges": lambda ledger: views.read_gauges(ledger, DAY),
    "board": lambda ledger: overview.read_board(ledger, None, DAY),
    "leader": lambda ledger: leader.read_leader_page(ledger, None, DAY),
    "breakdown": lambda ledger: breakdown.read_breakdown(ledger, DAY),
    "targets": lambda ledger: [targets.read_target(ledger, t.id, None) for t in numeric(ledger)[::6]],
    "review list": lambda ledger: filed_views.read_review_list(ledger, None, DAY),
    "unit review": lambda ledger: filed_views.read_unit_review(ledger, UNIT, Q1),
    "filing desk": lambda ledger: filing_desk.read_desk(ledger, UNIT, Q1, DAY),
    "form": lambda ledger: _draft_and_form(ledger),
    "exchange": lambda ledger: exchange_desk.read_desk(ledger, None),
    "cases": lambda ledger: exchange_desk.read_cases(ledger),
    "subjects": lambda ledger: [conflicts.conflict_subject(ledger.plan(), c) for c in conflicts.list_conflicts(ledger)],
    "history": lambda ledger: history.read_history(ledger),
    "changes": lambda ledger: [changes.changes_of(ledger, e.operation) for e in history.read_history(ledger)[-3:]],
    "figures": lambda ledger: figures.list_figures(ledger),
    "contacts": lambda ledger: contacts.all_contacts(ledger),
    "registers": lambda ledger: [register_desk.read_desk(ledger, r.id, DAY) for r in ledger.plan().registers],
    "tally": lambda ledger: registers.read_tally(ledger),
    "applications": lambda ledger: applications.read_applications_view(ledger, DAY),
    "statuses": lambda ledger: reviewing.statuses(ledger, periods.period_named(ledger, None), DAY),
    "travelled": lambda ledger: exchange.list_travelled(ledger),
    "form on paper": lambda ledger: papers.filing_paper(ledger, UNIT, Q1),
    "answer on paper": lambda ledger: papers.answer_paper(ledger, UNIT, Q1),
}


def numeric(ledger: Ledger) -> list[Target]:
    return [t for t in ledger.plan().targets if t.numeric]


def _draft_and_form(ledger: Ledger) -> None:
    """Open the form, autosave it as it is, open it again."""
    state = drafts.open_form(ledger, UNIT, Q1)
    filing.save_draft(ledger, state.form)
    drafts.open_form(ledger, UNIT, Q1)
    drafts.drop_draft(ledger, UNIT, Q1)


def submission(key: str = Q1, /, **fields: Any) -> dict[str, list[Change]]:
    return {UNIT: [Change("submission", key, fields)]}


def unit(kind: str, key: str, /, **fields: Any) -> dict[str, list[Change]]:
    return {UNIT: [Change(kind, key, fields)]}


def plan(kind: str, key: str, /, **fields: Any) -> dict[str, list[Change]]:
    return {"all": [Change(kind, key, fields)]}


CONTENTS: dict[str, dict[str, list[Change]]] = {
    "a number where an answer goes": submission(**{"4": "5", "filed": FILED}),
    "an answer where a number goes": submission(**{"4a": FAR, "filed": FILED}),
    "matters that are none": submission(zz=FAR, t99=FAR, filed=FILED),
    "targets that are none": submission(**{"99z": "1.5", "filed": FILED}),
    "an answer of nothing": submission(**{"4": NOTHING, "filed": FILED}),
    "a negative count": submission(**{"4a": "-5", "4": FAR, "filed": FILED}),
    "half a thing": submission(**{"4a": "0.5", "4": FAR, "filed": FILED}),
    "as many as there can be": submission(**{"4a": "999999999999999999.999999", "filed": FILED}),
    "a filing of nothing": submission(filed=FILED),
    "the last round": submission(filed={**FILED, "round": 2**53 - 1, "mode": "office"}),
    "proof of nothing": submission(**{f"proof/4/{HASH}": FILE, "filed": FILED}),
    "proof of no matter": submission(**{f"proof/zz/{HASH}": FILE, "filed": FILED}),
    "expected in the year 1": submission(**{"4": {**FAR, "expected": "0001-01-01"}, "filed": FILED}),
    "expected in the year 9999": submission(**{"4": {**FAR, "expected": "9999-12-31"}, "filed": FILED}),
    "everything written away": submission(**{"4": None, "4a": None, "filed": None}),
    "a form of the year 0": submission("0000Q1", **{"4": FAR, "filed": FILED}),
    "a form of the year 9999": submission("9999H2", **{"4": FAR, "4a": "3", "filed": FILED}),
    "a form of a month": submission("2018-02", **{"4": FAR, "4a": "3", "filed": FILED}),
    "a stamped form of nothing": unit("stamped", HASH, **{f"scan/{HASH}": FILE}),
    "contacts of nothing": unit("profile", "profile", head=None, phone=None),
    "a contact of many lines": unit("profile", "profile", phone="一\n二\u202e" * 500),
    "a review of nothing": unit("review", f"{Q1}/{HASH}", verdict={"result": None, "reason": None}),
    "a review with no verdict": unit("review", f"{Q1}/{HASH}", received=None),
    "a return of no matter": unit("review", f"{Q1}/{HASH}", **{"matter/zz": {"result": "return", "reason": None}}),
    "received in the year 1": unit("review", f"{Q1}/{HASH}", received="0001-01-01"),
    "a review of the year 0": unit("review", f"0000Q1/{HASH}", received="2018-01-01"),
    "a closing of nothing": unit("closing", Q1, filings=[HASH, HASH]),
    "a closing with none": unit("closing", Q1, filings=None),
    "an entry of no register": unit("entry", "0" * 32, register="nirgends", x=[1, True, ""]),
    "an entry whose register is a number": unit("entry", "0" * 32, register=5, name=True),
    "an entry of other types": unit(
        "entry", "0" * 32, register=REGISTER, **{c.name: [1, "x"] for c in PLAN.columns if c.register == REGISTER}
    ),
    "an entry of numbers": unit(
        "entry", "0" * 32, register=REGISTER, **{c.name: 7 for c in PLAN.columns if c.register == REGISTER}
    ),
    "an entry of words": unit(
        "entry", "0" * 32, register=REGISTER, **{c.name: "词" for c in PLAN.columns if c.register == REGISTER}
    ),
    "an entry deleted before it was": unit("entry", "0" * 32, deleted=True),
    "an entry with proof of nothing": unit("entry", "0" * 32, register=REGISTER, **{f"proof/{HASH}": FILE}),
    "an application of nothing": unit("application", "0" * 32, title=None),
    "an application for nothing": unit(
        "application", "0" * 32, subsidy="nirgends", register="nirgends", entry="nirgends", task="zz", year=2**53 - 1
    ),
    "a step that is none": unit(
        "application",
        "0" * 32,
        **{
            "step/zz": {"result": None, "on": None, "due": "0001-01-01", "number": None, "who": None, "note": None},
            "amount/zz": {"value": None, "on": None, "payer": None, "number": None},
        },
    ),
    "a period of the year 0": plan("period", "0000Q1", closed=False),
    "a period of the year 9999": plan("period", "9999", first="9999-01-01", last="9999-12-31", due="9999-12-31"),
    "a period turned round": plan("period", "2018Q2", first="2018-06-30", last="2018-04-01", due="0001-01-01"),
    "a period of nothing": plan("period", "2018Q2", first=None, last=None, due=None, closed=None),
    "a role of nobody in nothing": plan(
        "role", "zz/zz", order=1, task="zz", unit="zz", kind="lead", principal=True, asked="", printed="无"
    ),
    "a unit taken away": plan("unit", UNIT, deleted=True),
    "a task taken away": plan("task", "4", deleted=True),
    "a target taken away": plan("target", "4a", deleted=True),
    "a figure taken away": plan("figure", PLAN.figures[0].id, deleted=True),
    "a group taken away": plan("group", PLAN.groups[0].id, deleted=True),
    "a setting taken away": plan("setting", PLAN.settings[0].id, deleted=True),
    "a register taken away": plan("register", REGISTER, deleted=True),
    "a column taken away": plan("column", next(c.id for c in PLAN.columns if c.register == REGISTER), deleted=True),
    "a setting that is no number": plan("setting", "due_day", value="很多"),
    "a unit with no name": plan("unit", UNIT, name=None),
    "a unit with nothing but a name": plan("unit", "neu", name="新局"),
    "a column of no register": plan(
        "column", "zz/a", order=1, register="zz", name="a", title="栏", form="text", required=False
    ),
    "a unit that never was": plan("unit", UNIT, valid_from="9999-12-31", valid_to="0001-01-01"),
    "the plan's paper taken away": plan("document", PLAN.document.id, deleted=True),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("readable")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANZHOU_HOME", str(folder / "home"))
        with made_in(folder) as made:
            made.office()
        yield folder


@pytest.mark.parametrize("content", CONTENTS)
def test_every_page_stands_it(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setenv("GANZHOU_HOME", str(base / "home"))
    path = tmp_path / "x.gzdb"
    shutil.copyfile(base / "office.gzdb", path)
    ledger = ledgers.open_ledger(path, clock=Clock(DAY))
    broken, sentences = [], 0
    try:
        ledger.act("怪内容", CONTENTS[content])
        if content != "the plan's paper taken away":
            assert ledger.plan().responsible_units, "one odd item does not take the whole plan away"
        for name, read in READINGS.items():
            try:
                read(ledger)
            except LedgerError:
                sentences += 1
            except Exception as exc:
                broken.append(f"{name}: {type(exc).__name__}: {exc}")
        assert ledgers.verify(ledger).ok
        # The unit itself may be gone, then its own form says so; what is about all the others goes on.
        assert sentences <= 3 or content == "the plan's paper taken away"
    finally:
        ledger.close()
    assert not broken, "\n".join(broken)
