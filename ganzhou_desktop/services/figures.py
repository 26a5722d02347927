"""Figures: the printed numbers waiting to be confirmed (提请核定清单), and confirming them with their basis."""

import re
import unicodedata
from decimal import Decimal

from ganzhou_desktop.domain.canonical import clean_text, decimal_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import Figure
from ganzhou_desktop.services.ledgers import Ledger, changed
from ganzhou_desktop.store.journal import Change

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")


def list_figures(ledger: Ledger) -> tuple[Figure, ...]:
    """Every figure in the plan's order."""
    return ledger.plan().figures


def confirm(ledger: Ledger, figure_id: str, value: str, basis: str) -> Figure:
    """Enter the 核定值 of a figure with its 依据; an empty value takes a confirmation back."""
    ledger.needs_office()
    figure = ledger.plan().figure_by_id.get(figure_id)
    if figure is None:
        raise RuleBroken("unknown_figure", f"没有编号为“{figure_id}”的数字；编号见提请核定清单。")
    basis = clean_text(basis)
    number = None
    if value.strip():
        # Full-width digits are what a Chinese keyboard types; 8% is the figure's unit, not part of the number.
        typed = unicodedata.normalize("NFKC", value.strip())
        if not _NUMBER.fullmatch(typed):
            raise RuleBroken("bad_number", f"“{value}”不是一个数，没有核定；请只填数字，不带单位。")
        number = decimal_text(Decimal(typed))
        if not basis:
            raise RuleBroken("no_basis", "核定要写明依据（如纸质原件第几页），没有依据不能算数。")
    row = ledger.journal.records(["figure"], key=figure_id)[0]
    fields = changed(row, {"confirmed": number, "basis": basis if number is not None else ""})
    ledger.act(f"核定 {figure.name}", {"all": [Change("figure", figure_id, fields)]})
    return ledger.plan().figure_by_id[figure_id]
