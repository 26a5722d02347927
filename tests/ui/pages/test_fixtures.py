"""The fixtures of the page tests give what they say."""

from collections.abc import Callable

from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.session import Session


def test_office_and_unit(demo_ledger: Ledger, unit_ledger: Ledger, make_session: Callable[[Ledger], Session]) -> None:
    """An office that can write and a unit that can write, on the same plan."""
    assert demo_ledger.key().site == demo_ledger.journal.site
    assert make_session(unit_ledger).unit == "gxj"
    assert make_session(demo_ledger).office
