"""联系人 of the units: who stands on the printed form and whom to call; read one by one or together, saved as one act."""

from collections.abc import Mapping

from ganzhou_desktop.domain.canonical import Json, clean_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import CONTACTS
from ganzhou_desktop.services.ledgers import Ledger, changed
from ganzhou_desktop.store.journal import Change


def contacts_of(ledger: Ledger, unit: str) -> dict[str, str]:
    """负责人 head, 审核人 reviewer, 填表人 clerk, 电话 phone of a unit; empty texts where not entered."""
    rows = ledger.journal.records(["profile"], scope=unit)
    return _named(rows[0].values() if rows else {})


def all_contacts(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Contacts of every unit held that has any, in one statement."""
    return {row.scope: _named(row.values()) for row in ledger.journal.records(["profile"])}


def _named(values: Mapping[str, Json]) -> dict[str, str]:
    return {name: str(values.get(name) or "") for name in CONTACTS}


def save_contacts(ledger: Ledger, wanted: Mapping[str, Mapping[str, str]]) -> None:
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
