"""恢复单: the founding key is kept on this PC only until its sheet is printed, then forgotten."""

from pathlib import Path

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.ledgers import Clock, Ledger, new_ledger, system_clock
from ganzhou_desktop.store import keys

_SCOPE = "founding"


def new_office_ledger(path: Path, plan: Plan, *, clock: Clock = system_clock, author: str = "", pc: str = "") -> Ledger:
    """A new office ledger whose 恢复单 waits to be printed."""
    ledger, code = new_ledger(path, plan, clock=clock, author=author, pc=pc)
    try:
        keys.store_key(ledger.id, _SCOPE, keys.from_recovery_code(code))
    except BaseException:
        ledger.close()
        path.unlink(missing_ok=True)
        raise
    return ledger


def waiting(ledger: Ledger) -> str | None:
    """The code of a 恢复单 that was not printed yet; None once it was."""
    pair = keys.load_key(ledger.id, _SCOPE)
    return None if pair is None else keys.recovery_code(pair)


def forget(ledger: Ledger) -> None:
    """The sheet is printed and lies in the safe: this PC forgets the founding key."""
    keys.drop_key(ledger.id, _SCOPE)


def discard(ledger: Ledger) -> None:
    """Forget every key of a ledger that was made for a trial and is thrown away."""
    forget(ledger)
    keys.drop_key(ledger.id, ledger.key_scope)
