"""Who may write which record where, and that format 1 does not become stricter."""

import pytest

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.plan import Plan

FILE = {"name": "x", "size": 1, "kind": "pdf"}
ANSWER = {"answer": None, "progress": None, "problems": None, "next_steps": None, "expected": None}
FILED = {"round": 1, "mode": "unit", "source": "", "names": {"head": "", "reviewer": "", "clerk": "", "phone": ""}}
PROOF = "proof/2/" + "0" * 64

ACCEPTED: list[tuple[str, str, Json]] = [
    ("ledger", "key", "0" * 64),
    ("site", "pc", ""),
    ("site", "stopped", True),
    ("period", "due", "2018-04-05"),
    ("period", "closed", False),
    ("profile", "phone", ""),
    ("submission", "2", ANSWER),
    ("submission", "2", {**ANSWER, "answer": "progress", "expected": "2018-04-05"}),
    ("submission", "2a", "0.5"),
    ("submission", "filed", FILED),
    ("submission", "filed", {**FILED, "names": None}),
    ("submission", PROOF, FILE),
    ("submission", PROOF, None),
    ("stamped", "scan/" + "0" * 64, FILE),
    ("review", "received", "2018-04-05"),
    ("review", "verdict", {"result": "return", "reason": "x"}),
    ("review", "matter/2", {"result": "return", "reason": None}),
    ("closing", "filings", []),
    ("entry", "name", ["x", True, 5]),
    ("entry", "deleted", True),
]

REFUSED: list[tuple[str, str, Json]] = [
    ("ledger", "key", "A" * 64),
    ("site", "stopped", 1),
    ("site", "deleted", True),
    ("period", "due", "2018-02-30"),
    ("profile", "mail", ""),
    ("submission", "2", {"answer": "progress"}),
    ("submission", "2", {**ANSWER, "more": None}),
    ("submission", "2", 5),
    ("submission", "2", "5.0"),
    ("submission", "deleted", True),
    ("submission", "filed", {**FILED, "round": True}),
    ("submission", "filed", {**FILED, "round": 0}),
    ("submission", PROOF, {**FILE, "size": True}),
    ("submission", PROOF.upper(), FILE),
    ("stamped", "scan/x", FILE),
    ("review", "verdict", "accept"),
    ("closing", "filings", ["x"]),
    ("entry", "name", [[]]),
    ("entry", "deleted", 1),
]


@pytest.mark.parametrize(("kind", "name", "value"), ACCEPTED)
def test_what_was_accepted_once_stays_accepted(kind: str, name: str, value: Json) -> None:
    assert kinds.field_allowed(kinds.KINDS[kind], name, value)
    assert name == "deleted" or kinds.field_allowed(kinds.KINDS[kind], name, None)


@pytest.mark.parametrize(("kind", "name", "value"), REFUSED)
def test_what_is_of_another_form(kind: str, name: str, value: Json) -> None:
    assert not kinds.field_allowed(kinds.KINDS[kind], name, value)


def test_places_and_writers() -> None:
    both, seats = {kinds.UNIT, kinds.SEAT}, {kinds.SEAT}
    wanted = {
        "ledger": ("all", {kinds.FOUNDER}), "site": ("either", {kinds.FOUNDER, kinds.SEAT}), "period": ("all", seats),
        "profile": ("unit", both), "submission": ("unit", both), "stamped": ("unit", both), "review": ("unit", seats),
        "closing": ("unit", seats), "entry": ("unit", both),
            "application": ("unit", both), **dict.fromkeys(Plan.KINDS, ("all", seats)),
    }  # fmt: skip
    assert {k.name: (k.place, set(k.writers)) for k in kinds.KINDS.values()} == wanted


def test_keys_are_natural_or_random() -> None:
    for kind, good, bad in (
        ("ledger", "ledger", "x"),
        ("site", "0" * 64, "0" * 63),
        ("period", "2018Q1", "2018Q5"),
        ("submission", "2018-12", "2018-13"),
        ("submission", "2018H2", "2018H3"),
        ("submission", "2018", "2018Q1\n"),
        ("review", "2018Q1/" + "0" * 64, "2018Q1"),
        ("entry", "0" * 32, "../" + "0" * 29),
        ("profile", "profile", ""),
    ):
        assert kinds.KINDS[kind].key(good)
        assert not kinds.KINDS[kind].key(bad)
