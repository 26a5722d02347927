"""A reader of copies written from docs/ledger-format.md alone: the standard library and Ed25519, nothing of the program.

It proves that the document is enough.  What it needs and does not find there belongs into the document, not in here.
"""

import hashlib
import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEMA = {
    "CREATE TABLE operation (id TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB NOT NULL)",
    "CREATE TABLE proof (scope TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (scope, sha256))",
}
MEMBERS = {"ledger", "scope", "site", "act", "author", "at", "title", "format", "revisions"}
MANIFEST = {
    *(
        "ledger",
        "scopes",
        "site",
        "period",
        "program",
        "format",
        "plan",
        "heads",
        "operations",
        "held",
        "size",
        "sha256",
    ),
}
NAME = re.compile(r"[a-z0-9_./-]{1,96}\Z")


@dataclass
class Record:
    """`fields`: name → (the value shown, whether there are 两处不一致)."""

    heads: list[str]
    fields: dict[str, tuple[Any, bool]]
    deleted: bool
    deletion_contested: bool


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def parse(data: bytes) -> Any:
    """Canonical bytes as a value."""

    def refuse(text: str) -> Any:
        raise ValueError(text)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    value = json.loads(data.decode("utf-8"), parse_float=refuse, parse_constant=refuse, object_pairs_hook=once)
    check(value, 1)
    assert canonical(value) == data
    return value


def check(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        assert depth <= 6
        for name in value if isinstance(value, dict) else ():
            assert NAME.match(name)
        for member in value.values() if isinstance(value, dict) else value:
            check(member, depth + 1)
    elif isinstance(value, str):
        assert "\0" not in value
        value.encode("utf-8")
    elif not isinstance(value, bool) and value is not None:
        assert isinstance(value, int)
        assert 0 <= value < 2**53


def verify(site: str, signature: bytes, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(site)).verify(signature, message)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def code(*parts: str) -> str:
    """Four groups of four digits of Crockford's base 32."""
    bits = int.from_bytes(hashlib.sha256(canonical(list(parts))).digest()[:10], "big")
    digits = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> 5 * n & 31] for n in reversed(range(16))]
    return "-".join("".join(digits[n : n + 4]) for n in range(0, 16, 4))


def read_copy(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[tuple[str, str], bytes]]:
    """(manifest, operations by id, proof by scope and hash) of a copy, every statement of the document checked."""
    data = path.read_bytes()
    assert data.endswith(b"GZCOPY1\n")
    length = int.from_bytes(data[-12:-8], "big")
    signature, raw = data[-76:-12], data[-76 - length : -76]
    manifest = parse(raw)
    assert manifest.keys() == MANIFEST
    verify(manifest["site"], signature, b"gz-copy-1\n" + raw)
    body = data[: -76 - length]
    assert (len(body), sha256(body)) == (manifest["size"], manifest["sha256"])
    assert len(body) % 4096 == 0
    assert int.from_bytes(body[16:18], "big") == 4096
    assert int.from_bytes(body[68:72], "big") == 0x475A4350
    connection = sqlite3.connect(":memory:")
    connection.deserialize(body)
    assert {row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")} == SCHEMA
    operations = {}
    for i, content, signed in connection.execute("SELECT id, bytes, signature FROM operation"):
        assert sha256(content) == i
        assert len(content) <= 4 * 2**20
        operations[i] = operation = parse(content)
        verify(operation["site"], signed, b"gz-operation-1\n" + content)
        assert operation.keys() == MEMBERS
        assert operation["ledger"] == manifest["ledger"]
        assert operation["scope"] in manifest["scopes"]
    proof = {(scope, digest): content for scope, digest, content in connection.execute("SELECT * FROM proof")}
    connection.close()
    assert all(sha256(content) == digest for (_, digest), content in proof.items())
    assert manifest["operations"] == len(operations)
    assert manifest["heads"] == heads(operations)
    trusted(manifest["ledger"], operations)
    return manifest, operations, proof


def heads(operations: dict[str, dict[str, Any]]) -> str:
    return sha256("".join(f"{i}\n" for i in sorted(operations)).encode())


def trusted(ledger: str, operations: dict[str, dict[str, Any]]) -> set[str]:
    """The seats: keys certified in `all` by the founding key, which the ledger's id pins."""
    founder = next(
        revision["set"]["key"]
        for operation in operations.values()
        for revision in operation["revisions"]
        if revision["kind"] == "ledger"
        and ledger == sha256(b"gz-ledger-1\n" + bytes.fromhex(revision["set"]["key"] + revision["set"]["salt"]))
    )
    return {
        revision["key"]
        for operation in operations.values()
        for revision in operation["revisions"]
        if revision["kind"] == "site" and operation["scope"] == "all" and operation["site"] == founder
    }


def records(operations: dict[str, dict[str, Any]]) -> dict[tuple[str, str, str], Record]:
    """(scope, kind, key) → the record's state."""
    revisions: dict[tuple[str, str, str], dict[str, tuple[str, dict[str, Any]]]] = {}
    for i, operation in operations.items():
        for position, revision in enumerate(operation["revisions"]):
            place = (operation["scope"], revision["kind"], revision["key"])
            revisions.setdefault(place, {})[f"{i}.{position}"] = (operation["at"], revision)
    return {place: state(some) for place, some in revisions.items()}


def state(revisions: dict[str, tuple[str, dict[str, Any]]]) -> Record:
    ancestors: dict[str, set[str]] = {}

    def above(wanted: str) -> set[str]:
        if wanted not in ancestors:
            parents = revisions[wanted][1]["parents"]
            ancestors[wanted] = set(parents).union(*(above(parent) for parent in parents))
        return ancestors[wanted]

    every = {i: above(i) for i in revisions}
    tops = sorted(i for i in revisions if not any(i in some for some in every.values()))

    def candidates(name: str) -> list[str]:
        writes = [i for i, (_, revision) in revisions.items() if name in revision["set"]]
        left = [i for i in writes if not any(i in every[other] for other in writes)]
        return sorted(left, key=lambda i: (revisions[i][0], i), reverse=True)

    fields, deleted, contested = {}, False, False
    for name in {name for _, revision in revisions.values() for name in revision["set"]}:
        standing = candidates(name)
        values = [revisions[i][1]["set"][name] for i in standing]
        if name != "deleted":
            fields[name] = (values[0], len({canonical(v) for v in values}) > 1)
        elif True in values:
            others = [i for i, (_, revision) in revisions.items() if revision["set"].get("deleted") is not True]
            related = (
                all(o in every[i] or i in every[o] for o in others)
                for i, v in zip(standing, values, strict=True)
                if v is True
            )
            deleted = all(v is True for v in values) and any(related)
            contested = not deleted
    return Record(tops, fields, deleted, contested)
