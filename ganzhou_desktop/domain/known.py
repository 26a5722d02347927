"""Items of a plan by id, and what stands in for one that the plan does not hold (any more)."""

from collections.abc import Callable, Mapping
from typing import TypeVar

V = TypeVar("V")


class Known(dict[str, V]):
    """The items of a plan by id; asked for one that is not in it, a stand-in that says so.

    What was filed stays when a unit, a task or a register is taken out of the plan: pages and papers must name it all
    the same.  `get` and `in` tell whether it is there.
    """

    def __init__(self, items: Mapping[str, V], make: Callable[[str], V]) -> None:
        super().__init__(items)
        self._make = make

    def __missing__(self, key: str) -> V:
        return self._make(key)


def gone(item: str) -> str:
    """The name of such a stand-in."""
    return f"{item}（方案里没有）"
