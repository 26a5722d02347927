"""How much a copy may bring before somebody says that it shall be read all the same.

What a refusal costs grows with what is read until it: whoever wrote a copy, and however it is signed, no more than
this is read of it unasked.  The largest honest copies (years of a whole district for a second seat) go beyond; so it is
a question, never the last word.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.operations import Operation

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
REVISIONS = 500
"""New revisions of one record: what stands beside one another is worked out from all of them."""
WRITES = 20_000
"""Fields these write."""


class TooLarge(RuleBroken):
    """A copy of which more would have to be read than anybody hands over in the ordinary course."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "large",
            f"这份副本比平常大得多（{what}），还没有读完，什么也没有采用；请先问清对方，确实是这么多再选“仍要读完”。",
        )


def crowded(operations: Sequence[Operation]) -> TooLarge | None:
    """Whether one record is written so often that working out what stands for it takes more than usual."""
    revisions: Counter[str] = Counter()
    writes: Counter[str] = Counter()
    for operation in operations:
        for record, revision in zip(operation.records(), operation.revisions, strict=True):
            revisions[record] += 1
            writes[record] += len(revision.set)
    most = max(revisions.values(), default=0)
    if most > REVISIONS:
        return TooLarge(f"同一条记录改了 {most} 次")
    most = max(writes.values(), default=0)
    return TooLarge(f"同一条记录写了 {most} 处") if most > WRITES else None


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
