"""Operations: the signed, immutable things a ledger is a set of; building, parsing and checking their bytes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import (
    HEX32,
    HEX64,
    Json,
    NotCanonical,
    decode,
    encode,
    is_instant,
    record_ids,
    sha256_hex,
)
from ganzhou_desktop.domain.errors import RuleBroken

FORMAT = 2
SIGNED_PREFIX = b"gz-operation-1\n"
MAX_REVISIONS = 2000
MAX_BYTES = 4 * 1024 * 1024

_REVISION_ID = re.compile(r"[0-9a-f]{64}\.(0|[1-9][0-9]{0,3})\Z")
_MEMBERS = {"ledger", "scope", "site", "act", "author", "at", "title", "format", "revisions"}
_REVISION_MEMBERS = {"kind", "key", "parents", "set"}


class BadOperation(RuleBroken):
    """An operation that is not of the agreed form."""

    def __init__(self, detail: str) -> None:
        super().__init__("bad_operation", f"里面有一步操作不合规（{detail}），这份内容不能采用。")


class NewerFormat(RuleBroken):
    """Written by a newer program."""

    def __init__(self) -> None:
        super().__init__("newer_format", "这份内容是更新版本的程序写的，本机程序读不了；请先向区里要新版安装程序。")


@dataclass(frozen=True, slots=True)
class Revision:
    """What one operation does to one record."""

    kind: str
    key: str
    parents: tuple[str, ...]
    set: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Operation:
    """A parsed operation; `data` are its canonical bytes, `id` their SHA-256."""

    id: str
    data: bytes
    ledger: str
    scope: str
    site: str
    act: str
    author: str
    at: str
    title: str
    revisions: tuple[Revision, ...]
    _records: list[str] = field(default_factory=list, repr=False, compare=False)

    def revision_id(self, position: int) -> str:
        return f"{self.id}.{position}"

    def records(self) -> Sequence[str]:
        """The id of the record each revision is about."""
        if not self._records:
            self._records.extend(record_ids(self.ledger, self.scope, ((r.kind, r.key) for r in self.revisions)))
        return self._records

    def record(self, position: int) -> str:
        """The record id a revision of this operation is about."""
        return self.records()[position]

    @property
    def signed_bytes(self) -> bytes:
        return SIGNED_PREFIX + self.data


def compose(
    *,
    ledger: str,
    scope: str,
    site: str,
    act: str,
    author: str,
    at: str,
    title: str,
    revisions: tuple[Revision, ...],
) -> Operation:
    """A new operation, put through the same check as one from outside."""
    return parse(
        encode(
            {
                "ledger": ledger,
                "scope": scope,
                "site": site,
                "act": act,
                "author": author,
                "at": at,
                "title": title,
                "format": FORMAT,
                "revisions": [
                    {"kind": r.kind, "key": r.key, "parents": sorted(r.parents), "set": dict(r.set)} for r in revisions
                ],
            }
        )
    )


def parse(data: bytes) -> Operation:
    """Parse and check the bytes of an operation: the one function of (bytes, format) that judges form."""
    if len(data) > MAX_BYTES:
        raise BadOperation("过大")
    try:
        value = decode(data)
    except NotCanonical as exc:
        raise BadOperation(exc.detail) from exc
    if not isinstance(value, dict):
        raise BadOperation("不是一步操作")
    number = value.get("format")
    if type(number) is int and number > FORMAT:
        raise NewerFormat
    if value.keys() != _MEMBERS or type(number) is not int or number < 1:
        raise BadOperation("成员不符")
    for name, pattern in (("ledger", HEX64), ("site", HEX64), ("act", HEX32), ("scope", kinds.SCOPE)):
        if not isinstance(value[name], str) or not pattern.match(value[name]):
            raise BadOperation(f"{name} 不合规")
    if not isinstance(value["author"], str) or not isinstance(value["title"], str) or not is_instant(value["at"]):
        raise BadOperation("署名或时间不合规")
    return Operation(
        id=sha256_hex(data),
        data=data,
        ledger=value["ledger"],
        scope=value["scope"],
        site=value["site"],
        act=value["act"],
        author=value["author"],
        at=value["at"],
        title=value["title"],
        revisions=_revisions(value["scope"], value["revisions"]),
    )


def _revisions(scope: str, items: Json) -> tuple[Revision, ...]:
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_REVISIONS:
        raise BadOperation("改动条数不合规")
    revisions = tuple(_revision(scope, item) for item in items)
    if len({(r.kind, r.key) for r in revisions}) != len(revisions):
        raise BadOperation("同一条记录改了两次")
    return revisions


def _revision(scope: str, item: Json) -> Revision:
    if not isinstance(item, dict) or item.keys() != _REVISION_MEMBERS:
        raise BadOperation("改动的成员不符")
    name, key, parents, fields = item["kind"], item["key"], item["parents"], item["set"]
    kind = kinds.KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadOperation("记录种类不认识")
    if not isinstance(key, str) or not kind.key(key):
        raise BadOperation("记录的键不合规")
    if (kind.place == "all" and scope != kinds.ALL) or (kind.place == "unit" and scope == kinds.ALL):
        raise BadOperation("记录不在自己的范围里")
    if not isinstance(parents, list) or (parents and not _are_parents(parents)):
        raise BadOperation("前一版的写法不合规")
    if not isinstance(fields, dict) or not fields:
        raise BadOperation("没有改动内容")
    for named, content in fields.items():
        if not kinds.field_allowed(kind, named, content):
            raise BadOperation(f"{name} 的 {named} 内容不合规")
    return Revision(kind=name, key=key, parents=tuple(parents), set=fields)


def _are_parents(items: list[Json]) -> bool:
    return all(isinstance(p, str) and _REVISION_ID.match(p) for p in items) and items == sorted(set(items))
