"""联系人 of several units saved as one act."""

from collections.abc import Mapping

from ganzhou_desktop.domain.canonical import clean_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services.filing import CONTACTS
from ganzhou_desktop.services.ledgers import Ledger, changed
from ganzhou_desktop.store.journal import Change


def save_several(ledger: Ledger, wanted: Mapping[str, Mapping[str, str]]) -> None:
    """Save contacts by unit id: one act, one operation a unit; fields left out stay as they are.

    RuleBroken when a unit is not held here, or nothing differs from what is held.
    """
    plan = ledger.plan()
    if any(not ledger.journal.holds_scope(unit) for unit in wanted):
        raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能改它的联系人。")
    held = {row.scope: row for row in ledger.journal.records(["profile"])}
    changes = {}
    for unit, fields in wanted.items():
        clean = {name: clean_text(text) for name, text in fields.items() if name in CONTACTS}
        changes[unit] = [Change("profile", "profile", changed(held.get(unit), clean))]
    titles = {unit: f"联系人：{plan.unit_by_id[unit].name}" for unit in wanted}
    some = next(iter(titles.values())) if len(titles) == 1 else f"联系人（{len(titles)} 家单位）"
    ledger.act(some, changes, titles=titles)
