"""Registers, rules and entries for tests, made by hand."""

from collections.abc import Mapping
from typing import Any

from ganzhou_desktop.domain.plan import Column, Register, Rule
from ganzhou_desktop.domain.registers import Entry


def column(name: str, form: str = "text", register: str = "r", order: int = 1, **more: Any) -> Column:
    return Column(
        id=f"{register}/{name}", order=order, register=register, name=name, title=f"栏{name}", form=form, **more
    )


def register(id: str = "r", **more: Any) -> Register:
    values: dict[str, Any] = {"order": 1, "name": f"台账{id}", "short": id, "tasks": ("1",), "clause": "c", **more}
    return Register(id=id, **values)


def rule(target: str, how: str, register: str = "r", **more: Any) -> Rule:
    return Rule(id=f"{target}.1", order=1, target=target, register=register, how=how, **more)


def entry(unit: str, key: str, values: Mapping[str, Any], register: str = "r") -> Entry:
    """An entry; a value None is an empty cell."""
    return Entry(key, unit, register, {name: value for name, value in values.items() if value is not None})
