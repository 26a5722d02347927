"""Authority: three levels, no cycles, learnt in any order."""

import itertools

from ganzhou_desktop.domain import canonical, kinds
from ganzhou_desktop.domain.acceptance import Authority, certificates_first
from ganzhou_desktop.domain.operations import Operation, Revision, compose

FOUNDER, SEAT, SEAT2, UNIT, OTHER = (c * 64 for c in "12345")
SALT = "0" * 32
LEDGER = canonical.ledger_id(bytes.fromhex(FOUNDER), bytes.fromhex(SALT))


def op(site: str, scope: str, kind: str, key: str, /, **fields: object) -> Operation:
    return compose(
        ledger=LEDGER,
        scope=scope,
        site=site,
        act="0" * 32,
        author="",
        at="2018-01-02T01:00:00Z",
        title="",
        revisions=(Revision(kind, key, (), fields),),
    )


def learnt(*operations: Operation) -> Authority:
    authority = Authority(LEDGER)
    for operation in certificates_first(operations):
        authority.learn(operation)
    return authority


PIN = op(FOUNDER, "all", "ledger", "ledger", key=FOUNDER, salt=SALT)


def test_certificates_are_learnt_in_any_order() -> None:
    chain = [
        PIN,
        op(FOUNDER, "all", "site", SEAT, pc="x"),
        op(FOUNDER, "all", "site", SEAT2, pc="x"),
        op(SEAT2, "ab", "site", UNIT, pc="x"),
    ]
    for order in itertools.permutations(chain):
        authority = learnt(*order)
        assert authority.founder == FOUNDER
        assert authority.seats == {SEAT, SEAT2}
        assert authority.units == {"ab": {UNIT}}
        assert authority.part(UNIT, "ab") == kinds.UNIT
        assert authority.part(UNIT, "cd") is None
        assert authority.part(SEAT, "cd") == kinds.SEAT


def test_nobody_raises_himself() -> None:
    seat = op(FOUNDER, "all", "site", SEAT, pc="x")
    authority = learnt(
        PIN,
        seat,
        op(SEAT, "all", "site", SEAT2, pc="x"),  # a seat makes no seats
        op(FOUNDER, "ab", "site", UNIT, pc="x"),  # the founding key certifies seats and nothing else
        op(UNIT, "ab", "site", OTHER, pc="x"),
        op(OTHER, "all", "site", OTHER, pc="x"),
    )
    assert authority.seats == {SEAT}
    assert authority.units == {}
    for kind in kinds.KINDS:
        assert authority.may_write(kinds.FOUNDER, "all", kind) == (kind in ("ledger", "site"))
        assert not authority.may_write(None, "ab", kind)


def test_the_ledger_pins_its_founding_key() -> None:
    assert learnt(op(OTHER, "all", "ledger", "ledger", key=OTHER, salt=SALT)).founder == ""
    assert learnt(op(OTHER, "all", "ledger", "ledger", key=FOUNDER)).founder == ""
    assert learnt(op(OTHER, "all", "ledger", "ledger", key=None, salt=SALT)).founder == ""
