"""What can go wrong, as two kinds of exception that carry a code for programs and one Chinese sentence for people."""


class LedgerError(Exception):
    """Something the user can be told: a stable `code` and a `text` saying what happened, what it means, what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class RuleBroken(LedgerError):
    """What was asked for, or what a file holds, is against a rule; nothing was changed."""


class EnvironmentFailed(LedgerError):
    """The machine did not let us: disk full, locked, read-only, not a ledger; nothing was changed."""
