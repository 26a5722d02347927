"""体检: every operation, signature, parent, proof file and row of the projection of a ledger, a batch at a time."""

import sqlite3
from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from ganzhou_desktop.domain.canonical import sha256_hex
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.operations import Operation, parse
from ganzhou_desktop.store import projection
from ganzhou_desktop.store.engine import raw, scratch_engine
from ganzhou_desktop.store.keys import verify_many

PROJECTION_DIFFERS = "当前状态与操作记录算出来的不一致；可用“重建”修复，数据不会丢"
"""The one problem that `rebuild` repairs."""


def problems(connection: Connection, ledger: str, going: Callable[[int], None] = lambda _done: None) -> list[str]:
    """Every problem found, one sentence each; none when all is well.

    The state is computed again in a database of its own and compared row by row.  `going(operations done)` may raise.
    """
    database = raw(connection)
    (cache,) = database.execute("PRAGMA cache_size").fetchone()
    database.execute("PRAGMA cache_size = -131072")  # every row is looked up in every index
    try:
        return _problems(connection, database, ledger, going)
    finally:
        database.execute(f"PRAGMA cache_size = {cache}")


def _problems(
    connection: Connection, database: sqlite3.Connection, ledger: str, going: Callable[[int], None]
) -> list[str]:
    found = [f"文件结构有损坏：{line}" for (line,) in database.execute("PRAGMA integrity_check(20)") if line != "ok"]
    engine = scratch_engine()
    try:
        with engine.begin() as scratch:
            seen = _Seen(ledger, raw(scratch), going)
            projection.build(scratch, seen.operations(database), journal=connection)
            found += [*seen.problems, *seen.orphans(), *_proof(database)]
            if not projection.same(scratch, connection):
                found.append(PROJECTION_DIFFERS)
    finally:
        engine.dispose()
    return found


class _Seen:
    """The operations of a file, each judged as it goes by; a revision may come before its parents."""

    def __init__(self, ledger: str, scratch: sqlite3.Connection, going: Callable[[int], None]) -> None:
        self.problems: list[str] = []
        self._going = going
        self._done = 0
        self._ledger = ledger
        self._scratch = scratch
        self._scratch.execute("CREATE TABLE operation (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)")
        self._waiting: list[tuple[str, str, tuple[str, ...]]] = []
        self._next = _PARENTS_AT_ONCE

    def operations(self, database: sqlite3.Connection) -> Iterator[projection.Numbered]:
        rows = database.execute("SELECT seq, id, scope, bytes, signature FROM operation ORDER BY seq")
        for some in projection.batches(rows, _SIGNATURES_AT_ONCE):
            self._going(self._done)
            self._done += len(some)
            read = []
            for seq, i, scope, data, signature in some:
                try:
                    operation = parse(data)
                except LedgerError:
                    self.problems.append(f"第 {seq} 步操作的内容已损坏")
                    continue
                fits = operation.id == i and operation.scope == scope and operation.ledger == self._ledger
                if not fits:
                    self.problems.append(f"第 {seq} 步操作与它的编号对不上")
                read.append((seq, operation, signature, fits))
            # Of no signature at all (a damaged file) libsodium would look for one in the message.
            signed = verify_many([(o.site, signature or b"", o.signed_bytes) for _, o, signature, _ in read])
            for (seq, operation, _, fits), right in zip(read, signed, strict=True):
                if fits and not right:
                    self.problems.append(f"第 {seq} 步操作的签名对不上")
                self._scratch.execute("INSERT OR IGNORE INTO operation VALUES (?, ?)", (seq, operation.id))
                self._wait(operation)
                yield seq, operation

    def orphans(self) -> Iterator[str]:
        """Operations with parents that are not held or are of another record."""
        self._settle()
        for operation, _, _ in self._waiting:
            yield f"操作 {operation[:12]} 接着的前一份内容缺失"

    def _wait(self, operation: Operation) -> None:
        for revision, record in zip(operation.revisions, operation.records(), strict=True):
            if revision.parents:
                self._waiting.append((operation.id, record, revision.parents))
        if len(self._waiting) >= self._next:
            self._settle()
            self._next = len(self._waiting) + _PARENTS_AT_ONCE

    def _settle(self) -> None:
        """Drop those whose parents have gone by."""
        known = projection.record_of(self._scratch, {p for _, _, parents in self._waiting for p in parents})
        self._waiting = [w for w in self._waiting if any(known.get(p) != w[1] for p in w[2])]


_PARENTS_AT_ONCE = 5000
_SIGNATURES_AT_ONCE = 500


def _proof(database: sqlite3.Connection) -> Iterator[str]:
    for seq, digest in database.execute("SELECT seq, sha256 FROM proof ORDER BY seq").fetchall():
        (data,) = database.execute("SELECT bytes FROM proof WHERE seq = ?", (seq,)).fetchone()
        if sha256_hex(data) != digest:
            yield f"佐证文件 {digest[:12]} 的内容与记录对不上"
