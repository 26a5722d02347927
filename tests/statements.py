"""Counting the SQL statements a piece of the program issues."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from ganzhou_desktop.services.ledgers import Ledger


@contextmanager
def recorded(ledger: Ledger) -> Iterator[list[str]]:
    """The statements issued to this ledger's file inside the block (BEGIN and the like left out)."""
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    event.listen(ledger.journal.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(ledger.journal.engine, "before_cursor_execute", note)
