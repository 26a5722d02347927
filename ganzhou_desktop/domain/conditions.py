"""Conditions on a register entry, as a plan writes them: `level=国家级|省级`, `type!=其他`, `recognised` (is filled in)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ganzhou_desktop.domain.canonical import Json

_FORM = re.compile(r"([a-z][a-z0-9_]{0,31})(?:(!?=)(.+))?\Z", re.S)


@dataclass(frozen=True, slots=True)
class Condition:
    """`column` is one of `values` (or none of them, when `negated`); without values: it is filled in."""

    column: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, fields: Mapping[str, Json]) -> bool:
        value = fields.get(self.column)
        if not self.values:
            return value not in (None, "")
        return (_text(value) in self.values) != self.negated


def read_condition(text: str) -> Condition | None:
    """The condition in a text; None when it is none."""
    found = _FORM.match(text)
    if found is None:
        return None
    column, sign, values = found.groups()
    parts = tuple(values.split("|")) if values else ()
    return None if not all(parts) else Condition(column, parts, sign == "!=")


def read_conditions(texts: Iterable[str]) -> tuple[Condition, ...]:
    """The conditions of an item that plan_check has accepted; what cannot be read never holds (no field is named so)."""
    return tuple(read_condition(text) or Condition(text, ()) for text in texts)


def all_hold(conditions: Iterable[Condition], fields: Mapping[str, Json]) -> bool:
    return all(condition.holds(fields) for condition in conditions)


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
