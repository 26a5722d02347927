"""The door: which packages of operations a ledger takes in, decided before anything is written.

Pure: signatures are checked by a function that is handed in, what is held is asked of a `Held`.
Authority is asked here, once, of operations that arrive in packages; never of what is written here, never again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeAlias

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import ledger_id, site_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.operations import Operation, parse

UNKNOWN_KEY = "unknown_key"


@dataclass(slots=True)
class Authority:
    """Who may write what in one ledger: the founding key, the seats, the certified keys of each unit."""

    ledger: str
    founder: str = ""
    seats: set[str] = field(default_factory=set)
    units: dict[str, set[str]] = field(default_factory=dict)

    def copy(self) -> "Authority":
        return Authority(self.ledger, self.founder, set(self.seats), {u: set(s) for u, s in self.units.items()})

    def part(self, site: str, scope: str) -> str | None:
        """As what a key speaks in a scope: founder, seat, unit or None (not certified)."""
        if site == self.founder:
            return kinds.FOUNDER
        if site in self.seats:
            return kinds.SEAT
        return kinds.UNIT if site in self.units.get(scope, ()) else None

    def may_write(self, part: str | None, scope: str, kind: str) -> bool:
        """The founding key certifies seats and nothing else; seats certify unit keys; units file."""
        if kind == "site":
            return part == (kinds.FOUNDER if scope == kinds.ALL else kinds.SEAT)
        return part in kinds.KINDS[kind].writers

    def learn(self, operation: Operation) -> None:
        """Take in the certificates an accepted operation gives, and the founding key it pins."""
        for revision in operation.revisions:
            if revision.kind == "ledger" and _pins(operation.ledger, revision.set):
                self.founder = str(revision.set["key"])
            elif revision.kind == "site":
                part = self.part(operation.site, operation.scope)
                if self.may_write(part, operation.scope, "site"):
                    if operation.scope == kinds.ALL:
                        self.seats.add(revision.key)
                    else:
                        self.units.setdefault(operation.scope, set()).add(revision.key)


def _pins(ledger: str, fields: Mapping[str, object]) -> bool:
    key, salt = fields.get("key"), fields.get("salt")
    return (
        isinstance(key, str)
        and isinstance(salt, str)
        and (ledger_id(bytes.fromhex(key), bytes.fromhex(salt)) == ledger)
    )


class Held(Protocol):
    """What a ledger holds, as the door needs to know it."""

    def record_of(self, revisions: Iterable[str]) -> Mapping[str, str]:
        """Record id of each of these revisions that is held."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One operation as it lies in a package."""

    id: str
    data: bytes
    signature: bytes


class Refused(RuleBroken):
    """A package is not taken in.  `unknown`: keys to be trusted first; `waiting`: another package may help.

    `missing`: ids of the operations that have to come first.
    """

    def __init__(
        self,
        code: str,
        text: str,
        *,
        unknown: Mapping[str, tuple[str, str]] | None = None,
        waiting: bool = False,
        missing: Iterable[str] = (),
    ) -> None:
        super().__init__(code, text)
        self.unknown = dict(unknown or {})
        """核对码 → (scope, key)."""
        self.waiting = waiting
        self.missing = frozenset(missing)


Verify: TypeAlias = Callable[[Sequence[tuple[str, bytes, bytes]]], Sequence[bool]]
"""Whether each (site, signature, message) is right."""

_TOGETHER = 500
"""Operations whose signatures are checked at once: few enough that a bad one is soon found."""


def read_package(
    incoming: Iterable[Incoming], *, ledger: str, scopes: frozenset[str], verify: Verify
) -> list[Operation]:
    """Check the form and signature of operations not held yet, each by itself; raises RuleBroken.

    `scopes`: what this package may speak of.  Nothing here depends on what a ledger holds, so once is enough.
    """
    operations = []
    items = iter(incoming)
    while some := list(islice(items, _TOGETHER)):
        read = [_read(item, ledger, scopes) for item in some]
        signed = [(o.site, item.signature, o.signed_bytes) for o, item in zip(read, some, strict=True)]
        if not all(verify(signed)):
            raise Refused("bad_signature", "里面有一步操作的签名对不上，内容可能被改过；请对方重新导出一份。")
        operations += read
    return certificates_first(operations)


def check_package(operations: list[Operation], *, authority: Authority, held: Held) -> Authority:
    """Check authority and parents of operations that passed `read_package`; all or nothing.

    Returns the authority after them; raises Refused, `waiting` when another package may help.
    """
    after = authority.copy()
    for operation in operations:  # `read_package` has put them in the order in which authority is learnt
        after.learn(operation)
    _check_authority(operations, after)
    _check_parents(operations, held)
    return after


def _read(item: Incoming, ledger: str, scopes: frozenset[str]) -> Operation:
    operation = parse(item.data)
    if operation.id != item.id:
        raise Refused("bad_id", "里面有一步操作与它的编号对不上，内容可能被改过；请对方重新导出一份。")
    if operation.ledger != ledger:
        raise Refused("other_ledger", "里面混有另一本台账的内容，不能合入这本台账。")
    if operation.scope not in scopes:
        raise Refused("foreign_scope", "里面有不属于这份副本范围的内容，不能合入；请对方重新导出一份。")
    return operation


def certificates_first(operations: Iterable[Operation]) -> list[Operation]:
    """The founding key, then seats, then unit keys, then all else: the order in which authority can be learnt."""

    def rank(operation: Operation) -> int:
        names = {r.kind for r in operation.revisions}
        if "ledger" in names:
            return 0
        if "site" in names:
            return 1 if operation.scope == kinds.ALL else 2
        return 3

    return sorted(operations, key=rank)


def _check_authority(operations: list[Operation], authority: Authority) -> None:
    unknown: set[tuple[str, str]] = set()
    for operation in operations:
        part = authority.part(operation.site, operation.scope)
        if part is None:
            if operation.scope == kinds.ALL or any(
                kinds.UNIT not in kinds.KINDS[r.kind].writers for r in operation.revisions
            ):
                raise Refused(
                    "no_authority", "里面有冒用区里身份写的内容，不能合入；请核实这份副本的来历。", waiting=True
                )
            unknown.add((operation.scope, operation.site))
        elif not all(authority.may_write(part, operation.scope, r.kind) for r in operation.revisions):
            raise Refused("no_authority", "里面有超出对方权限的内容，不能合入；请核实这份副本的来历。")
    if unknown:
        raise unknown_key({site_code(authority.ledger, *key): key for key in unknown})


_NAMED = 4
"""核对码 named in the sentence; a unit has few PCs, and a stranger's copy may speak of thousands."""


def unknown_key(unknown: Mapping[str, tuple[str, str]]) -> Refused:
    """The refusal that asks the office to compare 核对码 on paper and screen."""
    named = sorted(unknown)
    codes = "、".join(named[:_NAMED]) + (f" 等 {len(named)} 个" if len(named) > _NAMED else "")
    return Refused(
        UNKNOWN_KEY,
        f"这份副本来自区里还没有认可的电脑，核对码 {codes}；请与盖章表页脚上的核对码比对，一致才认可。",
        unknown=unknown,
    )


def _check_parents(operations: list[Operation], held: Held) -> None:
    records: dict[str, str] = {}
    for operation in operations:
        for position, record in enumerate(operation.records()):
            records[operation.revision_id(position)] = record
    wanted = {p for o in operations for r in o.revisions for p in r.parents if p not in records}
    records.update(held.record_of(wanted))
    missing = wanted - records.keys()
    if missing:
        raise Refused(
            "missing_parents",
            "这份副本接着的前一份内容这里还没有；请把对方更早导出的副本一起合入，或请对方重新导出一份。",
            waiting=True,
            missing={parent.partition(".")[0] for parent in missing},
        )
    for operation in operations:
        for record, revision in zip(operation.records(), operation.revisions, strict=True):
            if any(records[parent] != record for parent in revision.parents):
                raise Refused("bad_parents", "里面有一步操作接错了记录，内容可能被改过；请对方重新导出一份。")
