"""Accepting, returning, 收到日 and lateness."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import periods, reviewing, views
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.reviewing import UnitStatus
from tests.services.made import Q1, Made, file, made_in


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def _status(ledger: Ledger, unit: str, on: date = date(2018, 4, 10)) -> UnitStatus:
    return next(s for s in reviewing.statuses(ledger, periods.period_named(ledger, Q1), on) if s.unit == unit)


def test_returned_refiled_accepted(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    assert _status(office, "kjj").state == filings.MISSING
    file(kjj, "kjj", "4", "第一稿")
    made.send(kjj, office)
    assert _status(office, "kjj").state == filings.SUBMITTED
    reviewing.review(office, "kjj", Q1, accept=False, reason="写得太简单", tasks=["4", "5"])
    made.send(office, kjj)
    for ledger in (office, kjj):
        status = _status(ledger, "kjj")
        assert status.state == filings.RETURNED
        assert status.reviews[0].tasks == {"4": "写得太简单", "5": "写得太简单"}
        returned = {c.task for c in views.read_matrix(ledger).cells if c.returned}
        assert returned == {"4", "5"}
    file(kjj, "kjj", "4", "第二稿，写明走访企业与专利数")
    assert _status(kjj, "kjj").state == filings.REFILED
    made.send(kjj, office)
    assert _status(office, "kjj").state == filings.REFILED
    reviewing.review(office, "kjj", Q1, accept=True)
    assert _status(office, "kjj").state == filings.ACCEPTED
    assert not any(c.returned for c in views.read_matrix(office).cells)
    with pytest.raises(RuleBroken, match="nothing_changed"):
        reviewing.review(office, "kjj", Q1, accept=True)


def test_a_return_can_be_changed_into_another_and_into_an_acceptance(made: Made) -> None:
    office = made.office()
    file(office, "kjj", "4", "第一稿")
    reviewing.review(office, "kjj", Q1, accept=False, reason="甲", tasks=["4"])
    reviewing.review(office, "kjj", Q1, accept=False, reason="乙", tasks=["5"])
    assert _status(office, "kjj").reviews[0].tasks == {"5": "乙"}
    reviewing.review(office, "kjj", Q1, accept=True)
    status = _status(office, "kjj")
    assert (status.state, dict(status.reviews[0].tasks)) == (filings.ACCEPTED, {})


def test_refusals(made: Made) -> None:
    office = made.office()
    with pytest.raises(RuleBroken, match="not_filed"):
        reviewing.review(office, "kjj", Q1, accept=True)
    file(office, "kjj", "4", "第一稿")
    with pytest.raises(RuleBroken, match="no_reason"):
        reviewing.review(office, "kjj", Q1, accept=False, reason=" ")
    with pytest.raises(RuleBroken, match="unknown_task"):
        reviewing.review(office, "kjj", Q1, accept=False, reason="x", tasks=["10"])
    with pytest.raises(RuleBroken, match="accept_whole"):
        reviewing.review(office, "kjj", Q1, accept=True, tasks=["4"])


def test_lateness_is_judged_by_the_day_received(made: Made) -> None:
    office = made.office()
    assert _status(office, "kjj").lateness.days == 5
    assert _status(office, "kjj", date(2018, 4, 5)).lateness.days == 0
    file(office, "kjj", "4", "第一稿")
    assert not _status(office, "kjj").lateness.known
    reviewing.review(office, "kjj", Q1, accept=True, received=date(2018, 4, 9))
    status = _status(office, "kjj")
    assert (status.received, status.lateness.days, status.lateness.known) == (date(2018, 4, 9), 4, True)


def test_the_day_received_is_offered_from_the_merge_and_a_refiling_does_not_make_late(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    file(kjj, "kjj", "4", "第一稿")
    made.clock.day = date(2018, 4, 4)
    made.send(kjj, office)
    made.clock.day = date(2018, 4, 8)
    reviewing.review(office, "kjj", Q1, accept=False, reason="再写")
    assert _status(office, "kjj").received == date(2018, 4, 4)
    made.send(office, kjj)
    file(kjj, "kjj", "4", "第二稿")
    made.clock.day = date(2018, 4, 12)
    made.send(kjj, office)
    reviewing.review(office, "kjj", Q1, accept=True)
    status = _status(office, "kjj")
    assert (status.received, status.lateness.days) == (date(2018, 4, 12), 0)


def test_two_filings_side_by_side_are_both_answered(made: Made) -> None:
    office = made.office()
    one, two = made.unit(office, "kjj", "one"), made.unit(office, "kjj", "two")
    file(one, "kjj", "4", "一号机")
    file(two, "kjj", "5", "二号机")
    made.send(one, office)
    made.send(two, office)
    reviewing.review(office, "kjj", Q1, accept=True)
    status = _status(office, "kjj")
    assert status.state == filings.ACCEPTED
    assert status.filing is not None
    assert {r.filing for r in status.reviews} == set(status.filing.ids)
