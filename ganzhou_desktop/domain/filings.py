"""What a unit files for a period and what the office answers it, as frozen values read from the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PROGRESS = "progress"
NO_PROGRESS = "no_progress"
NOT_PUBLISHED = "not_published"
NOT_APPLICABLE = "not_applicable"
ANSWERS = (PROGRESS, NO_PROGRESS, NOT_PUBLISHED, NOT_APPLICABLE)

ACCEPT = "accept"
RETURN = "return"

CONTACTS = ("head", "reviewer", "clerk", "phone")
"""负责人, 审核人, 填表人, 电话: who stands on the printed form."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One matter's answer, true only together: one field of the submission record (the task's id).

    `kind` is one of ANSWERS or None (not answered); `expected` is set when the unit says it is behind.
    """

    kind: str | None = None
    progress: str = ""
    problems: str = ""
    next_steps: str = ""
    expected: date | None = None

    @property
    def blank(self) -> bool:
        return self == Answer()


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof file of one matter.  `held` tells whether its bytes lie in this ledger (else 佐证未随附)."""

    task: str
    sha256: str
    name: str
    size: int
    kind: str
    held: bool = True


@dataclass(frozen=True, slots=True)
class Filing:
    """The current state of a unit's submission record for a period.

    `ids` are the filings (operation ids) that are current: none while nothing is submitted or after a withdrawal,
    several when two PCs submitted without seeing each other.  `contested` names fields with 两处不一致.
    """

    unit: str
    period: str
    record: str
    ids: tuple[str, ...] = ()
    round: int = 0
    mode: str = "unit"
    """`unit`, or `office` for 代录."""
    source: str = ""
    """代录: from which paper."""
    at: str = ""
    author: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """负责人 head, 审核人 reviewer, 填表人 clerk, 电话 phone at submit."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    measurements: Mapping[str, Decimal] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    contested: frozenset[str] = frozenset()
    counted: Mapping[str, Decimal] = field(default_factory=dict)
    """What the registers made of each number asked when it was submitted; beside the number typed, never added."""

    @property
    def submitted(self) -> bool:
        return bool(self.ids)


@dataclass(frozen=True, slots=True)
class Review:
    """The office's answer to one filing."""

    record: str
    unit: str
    period: str
    filing: str
    result: str | None
    """`accept`, `return` or None while only 收到日 is written."""
    reason: str
    tasks: Mapping[str, str]
    """Task id → reason, for matters returned one by one."""
    received: date | None
    at: str
    author: str
    contested: bool = False


def returned_matters(matters: Iterable[str], returns: Iterable[Review]) -> dict[str, tuple[Review, str]]:
    """Of a unit's matters those that these returns send back, with the answer and its reason; the last one counts.

    A return that names matters returns those only, one that names none returns every matter.
    """
    found: dict[str, tuple[Review, str]] = {}
    asked = tuple(matters)
    for review in returns:
        for task in asked:
            if not review.tasks or task in review.tasks:
                found[task] = (review, review.tasks.get(task) or review.reason)
    return found


SUBMITTED = "submitted"
ACCEPTED = "accepted"
RETURNED = "returned"
REFILED = "refiled"
MISSING = "missing"


def filing_state(filing: Filing | None, reviews: tuple[Review, ...]) -> str:
    """草稿 apart (they are local): missing, submitted, accepted, returned or refiled.

    Judged by the current filing: accepted or returned only if a review names it; refiled when an earlier filing of
    the same submission was returned.
    """
    if filing is None or not filing.submitted:
        return RETURNED if any(r.result == RETURN for r in reviews) and filing is not None else MISSING
    results = [r.result for r in reviews if r.filing in filing.ids]
    if RETURN in results:
        return RETURNED
    if results.count(ACCEPT) and len([r for r in results if r == ACCEPT]) >= len(filing.ids):
        return ACCEPTED
    return REFILED if any(r.result == RETURN for r in reviews) else SUBMITTED
