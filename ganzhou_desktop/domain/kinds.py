"""The kinds of records: in which scope each lives, how its key looks, which fields it has, who may write it.

This is format 2 of docs/ledger-format.md; what format 1 knew is part of it.  For a given format the check never becomes
stricter: what one program accepted, every later one accepts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ganzhou_desktop.domain import applications, filings, plan_codec
from ganzhou_desktop.domain.canonical import HEX32, HEX64, Json, is_date, is_decimal
from ganzhou_desktop.domain.periods import PERIOD_NAME
from ganzhou_desktop.domain.plan import Plan

ALL = "all"
SCOPE = re.compile(r"[a-z0-9]{2,32}\Z")

FOUNDER = "founder"
SEAT = "seat"
UNIT = "unit"

FieldCheck: TypeAlias = Callable[[str, Json], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.  `place`: `all`, `unit` or `either`; `field` judges one (name, value); null is always fine."""

    name: str
    place: str
    key: Callable[[str], bool]
    field: FieldCheck
    writers: frozenset[str]
    deletable: bool = False


def _text(value: Json) -> bool:
    return isinstance(value, str)


def _flag(value: Json) -> bool:
    return value is True or value is False


def _integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _hex64(value: Json) -> bool:
    return isinstance(value, str) and HEX64.match(value) is not None


def _members(**checks: Callable[[Json], bool]) -> Callable[[Json], bool]:
    """An object with exactly these members, each null or passing its check."""

    def check(value: Json) -> bool:
        return (
            isinstance(value, dict)
            and value.keys() == checks.keys()
            and all(value[name] is None or judge(value[name]) for name, judge in checks.items())
        )

    return check


def _one_of(*words: str) -> Callable[[Json], bool]:
    return lambda value: value in words


def _named(**checks: Callable[[Json], bool]) -> FieldCheck:
    return lambda name, value: name in checks and (value is None or checks[name](value))


_FILE = _members(name=_text, size=_integer, kind=_text)
_NAMES = _members(head=_text, reviewer=_text, clerk=_text, phone=_text)
_FILED = _members(round=lambda v: _integer(v) and v >= 1, mode=_one_of("unit", "office"), source=_text, names=_NAMES)
_ANSWER = _members(answer=_one_of(*filings.ANSWERS), progress=_text, problems=_text, next_steps=_text, expected=is_date)
_PLACE = re.compile(r"[a-z0-9._-]{1,32}\Z")
_PROOF = re.compile(r"proof/[a-z0-9._-]{1,32}/[0-9a-f]{64}\Z")
_SCAN = re.compile(r"scan/[0-9a-f]{64}\Z")
_MATTER = re.compile(r"matter/[a-z0-9._-]{1,32}\Z")
_VERDICT = _members(result=_one_of(filings.ACCEPT, filings.RETURN), reason=_text)
_PLAN_KEY = re.compile(r"[A-Za-z0-9_./-]{1,96}\Z")
_ENTRY_FIELD = re.compile(r"[a-z0-9_]{1,48}\Z")
_ENTRY_PROOF = re.compile(r"proof/[0-9a-f]{64}\Z")
_STEP = re.compile(r"step/[A-Za-z0-9._-]{1,48}\Z")
_AMOUNT = re.compile(r"amount/[a-z_]{1,32}\Z")
_STEP_VALUE = _members(
    result=_one_of(*applications.RESULTS), on=is_date, due=is_date, number=_text, who=_text, note=_text
)
_AMOUNT_VALUE = _members(value=is_decimal, on=is_date, payer=_text, number=_text)


def _submission_field(name: str, value: Json) -> bool:
    if name == "filed":
        return value is None or _FILED(value)
    if _PROOF.match(name):
        return value is None or _FILE(value)
    return _PLACE.match(name) is not None and (value is None or _ANSWER(value) or is_decimal(value))


def _review_field(name: str, value: Json) -> bool:
    if name == "received":
        return value is None or is_date(value)
    return (name == "verdict" or _MATTER.match(name) is not None) and (value is None or _VERDICT(value))


_SCALARS = frozenset({str, bool, int})
"""Types that a JSON value has; asked of every field of every row, so not by `isinstance`."""


def _entry_field(name: str, value: Json) -> bool:
    if _ENTRY_FIELD.match(name):
        if value is None or type(value) in _SCALARS:
            return True
        return isinstance(value, list) and _SCALARS.issuperset(map(type, value))
    return _ENTRY_PROOF.match(name) is not None and (value is None or _FILE(value))


def _application_field(name: str, value: Json) -> bool:
    if name in applications.TEXT_FIELDS:
        return value is None or _text(value)
    if name == "year":
        return value is None or _integer(value)
    for pattern, check in ((_STEP, _STEP_VALUE), (_AMOUNT, _AMOUNT_VALUE), (_ENTRY_PROOF, _FILE)):
        if pattern.match(name):
            return value is None or check(value)
    return False


def _plan_field(kind: str) -> FieldCheck:
    types = plan_codec.kind_fields(kind)
    return lambda name, value: name in types and (value is None or plan_codec.check_value(types[name], value))


def _is(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda key: pattern.match(key) is not None


def _review_key(key: str) -> bool:
    period, _, filing = key.partition("/")
    return PERIOD_NAME.match(period) is not None and HEX64.match(filing) is not None


_SEATS = frozenset({SEAT})
_BOTH = frozenset({SEAT, UNIT})

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "ledger",
            "all",
            lambda key: key == "ledger",
            _named(key=_hex64, salt=lambda v: isinstance(v, str) and HEX32.match(v) is not None),
            frozenset({FOUNDER}),
        ),
        Kind("site", "either", _is(HEX64), _named(pc=_text, stopped=_flag), frozenset({FOUNDER, SEAT})),
        *(Kind(name, "all", _is(_PLAN_KEY), _plan_field(name), _SEATS, deletable=True) for name in Plan.KINDS),
        Kind("period", "all", _is(PERIOD_NAME), _named(first=is_date, last=is_date, due=is_date, closed=_flag), _SEATS),
        Kind(
            "profile",
            "unit",
            lambda key: key == "profile",
            _named(head=_text, reviewer=_text, clerk=_text, phone=_text),
            _BOTH,
        ),
        Kind("submission", "unit", _is(PERIOD_NAME), _submission_field, _BOTH),
        Kind(
            "stamped",
            "unit",
            _is(HEX64),
            lambda name, value: _SCAN.match(name) is not None and (value is None or _FILE(value)),
            _BOTH,
        ),
        Kind("review", "unit", _review_key, _review_field, _SEATS),
        Kind(
            "closing",
            "unit",
            _is(PERIOD_NAME),
            _named(filings=lambda v: isinstance(v, list) and all(_hex64(x) for x in v)),
            _SEATS,
        ),
        Kind("entry", "unit", _is(HEX32), _entry_field, _BOTH, deletable=True),
        Kind("application", "unit", _is(HEX32), _application_field, _BOTH, deletable=True),
    )
}


def field_allowed(kind: Kind, name: str, value: Json) -> bool:
    """Whether a field of this kind may have this name and value (null: the field goes back to never written)."""
    if name == "deleted":
        return kind.deletable and (value is None or _flag(value))
    return kind.field(name, value)
