"""核定值: entering it with its basis, taking it back."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import figures, views
from tests.services.made import Made, made_in


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def test_confirm_and_take_back(made: Made) -> None:
    office = made.office()
    assert all(f.state in ("pending", "missing") for f in figures.list_figures(office))
    done = figures.confirm(office, "T1", " 80 ", "纸质原件第 2 页")
    assert (done.value, done.confirmed, done.basis, done.state) == (
        Decimal(8),
        Decimal(80),
        "纸质原件第 2 页",
        "confirmed",
    )
    gauge = next(g for g in views.read_gauges(office) if g.id == "T1")
    assert (gauge.printed, gauge.confirmed, gauge.target) == (Decimal(8), Decimal(80), Decimal(80))
    back = figures.confirm(office, "T1", "", "")
    assert (back.confirmed, back.basis, back.state) == (None, "", "pending")


def test_a_baseline_makes_a_pace(made: Made) -> None:
    office = made.office()
    assert next(g for g in views.read_gauges(office) if g.id == "T7").pace is None
    figures.confirm(office, "T7.baseline", "4", "2017 年 9 月名册")
    assert next(g for g in views.read_gauges(office) if g.id == "T7").pace == Decimal(5)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("５５", "55"), ("2.50", "2.5"), ("+3", "3"), ("0", "0"), ("-1", "-1")],
    ids=["full width", "zeros", "plus", "zero", "minus"],
)
def test_numbers_as_typed(made: Made, typed: str, number: str) -> None:
    assert figures.confirm(made.office(), "T3", typed, "原件").confirmed == Decimal(number)


@pytest.mark.parametrize("typed", ["8项", "1e3", "1_000", "NaN", "1,000", "9" * 19, "0.1234567", "八"])
def test_what_is_no_number(made: Made, typed: str) -> None:
    office = made.office()
    before = office.journal.heads()
    with pytest.raises(RuleBroken, match="bad_number"):
        figures.confirm(office, "T1", typed, "原件")
    assert office.journal.heads() == before


def test_refusals(made: Made) -> None:
    office = made.office()
    with pytest.raises(RuleBroken, match="no_basis"):
        figures.confirm(office, "T1", "8", " ")
    with pytest.raises(RuleBroken, match="unknown_figure"):
        figures.confirm(office, "T77", "8", "原件")
    with pytest.raises(RuleBroken, match="office_only"):
        figures.confirm(made.unit(office, "kjj"), "T1", "8", "原件")
