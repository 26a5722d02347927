"""How much a copy may bring before somebody says that it shall be read all the same.

What a refusal costs grows with what is read until it: whoever wrote a copy, and however it is signed, no more than
this is read of it unasked.  The largest honest copies (years of a whole district for a second seat) go beyond; so it is
a question, never the last word.
"""

from dataclasses import dataclass

from ganzhou_desktop.domain.errors import RuleBroken

FILE = 512 * 2**20
"""Bytes of a file: its hash is computed before anything else can be known of it."""
OPERATIONS = 200_000
"""Operations in it, held ones included: their ids are all read."""
PROOF = 20_000
"""Proof files in it."""
NEW_OPERATIONS = 20_000
"""Operations that are not held: each has to be parsed and its signature checked."""
NEW_BYTES = 16 * 2**20
"""Bytes of these."""


class TooLarge(RuleBroken):
    """A copy of which more would have to be read than anybody hands over in the ordinary course."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "large",
            f"这份副本比平常大得多（{what}），还没有读完，什么也没有采用；请先问清对方，确实是这么多再选“仍要读完”。",
        )


@dataclass(frozen=True, slots=True)
class Weight:
    """What of a copy's operations is not held here: how many they are, and their bytes."""

    operations: int
    size: int

    def beyond(self) -> TooLarge | None:
        """Why it is not read unasked; None when it is no more than usual."""
        if self.operations > NEW_OPERATIONS:
            return TooLarge(f"新内容 {self.operations} 步")
        if self.size > NEW_BYTES:
            return TooLarge(f"新内容 {self.size // 2**20} MB")
        return None


NOTHING = Weight(0, 0)
