"""Drafts of one dialog (an entry, an application): what was typed and not saved, with what stood there at the time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ganzhou_desktop.services.ledgers import Ledger


@dataclass(frozen=True, slots=True)
class Typed:
    """`texts`: place → what was typed; `was`: the same places → what was held when it was typed."""

    texts: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)


def read_typed(ledger: Ledger, unit: str, name: str) -> Typed:
    """What was typed into a dialog and not saved; `name` is one no 期次 has."""
    kept = ledger.journal.draft(unit, name)
    if kept is None:
        return Typed()
    body = json.loads(kept[0])
    return Typed(body["texts"], body["was"])


def keep_typed(ledger: Ledger, unit: str, name: str, typed: Typed) -> None:
    """Autosave of a dialog; nothing typed forgets it."""
    if not ledger.writable:
        return
    if typed.texts:
        body = {"texts": dict(typed.texts), "was": dict(typed.was)}
        ledger.journal.save_draft(unit, name, json.dumps(body, ensure_ascii=False), ledger.now())
    else:
        ledger.journal.drop_draft(unit, name)
