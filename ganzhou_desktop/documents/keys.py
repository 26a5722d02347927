"""The hidden key of a row: its id with a check code, so that a dragged or foreign id is not taken for a row of ours."""

import hashlib

KEY_TITLE = "行号码（请勿改动）"
NO_ENTRY = "#"
"""What the key column says in rows that are no entries (groups, totals, the foot)."""


def key_cell(scope: str, row_id: str) -> str:
    """`id·code`, where the code binds the id to the scope (which register of which ledger)."""
    return f"{row_id}·{_code(scope, row_id)}"


def id_of_key(scope: str, text: str) -> str:
    """The id in a key cell; empty when the code does not belong to it in this scope."""
    row_id, dot, code = text.strip().rpartition("·")
    return row_id if dot and code.lower() == _code(scope, row_id) else ""


def _code(scope: str, row_id: str) -> str:
    return hashlib.blake2s(f"{scope}\0{row_id}".encode(), digest_size=4).hexdigest()
