"""Copies (`.gzcopy`): their form, and reading one from outside, hostile until every check is passed.

Layout: SQLite bytes, then the manifest (canonical JSON), a 64-byte signature over `gz-copy-1\\n` + manifest, the
manifest's length (4 bytes, big-endian) and `GZCOPY1\\n`.  SQLite ignores what follows its pages.
"""

import hashlib
import itertools
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Incoming
from ganzhou_desktop.domain.canonical import HEX64, Json, decode, encode, heads_digest, sha256_hex
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.operations import FORMAT, MAX_BYTES, NewerFormat
from ganzhou_desktop.domain.periods import PERIOD_NAME
from ganzhou_desktop.domain.proof_kinds import MOST_PROOF
from ganzhou_desktop.store import amounts
from ganzhou_desktop.store.amounts import TooLarge, Weight
from ganzhou_desktop.store.engine import APPLICATION_ID as LEDGER_ID
from ganzhou_desktop.store.engine import failures_told, needs_file, sqlite_uri
from ganzhou_desktop.store.keys import verify

MAGIC = b"GZCOPY1\n"
SIGNED_PREFIX = b"gz-copy-1\n"
APPLICATION_ID = 0x475A4350  # "GZCP"
PAGE_SIZE = 4096
MAX_MANIFEST = 4 * 1024 * 1024
MAX_PLAN = 100
"""Letters of the plan's version."""
MOST_SCOPES = 5000
"""Scopes of a copy: far more than a plan has units."""
MOST_HELD = 40_000
"""Proof files named as held: they fit into a manifest; one that is not named only travels once more."""
_STEPS = 10_000
"""SQLite asks after so many instructions whether to go on."""
LEAST_OPERATION = 256
"""No operation with its id and signature is shorter: a copy cannot hold more of them than its size allows."""

_HELD = re.compile(r"[a-z0-9]{2,32}/[0-9a-f]{64}\Z")

SCHEMA = (
    "CREATE TABLE operation (id TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB NOT NULL)",
    "CREATE TABLE proof (scope TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (scope, sha256))",
)

SHAPE = {
    ("table", "operation", "operation", SCHEMA[0]),
    ("index", "sqlite_autoindex_operation_1", "operation", None),
    ("table", "proof", "proof", SCHEMA[1]),
    ("index", "sqlite_autoindex_proof_1", "proof", None),
}
"""All of sqlite_master, text by text: a table more, a view or a trigger, a column defined otherwise is refused."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself, signed by the PC that wrote it.

    `held`: `scope/SHA-256` of the proof files the writer holds in these scopes, so that they need not travel back;
    `operations`: how many operations the copy holds.
    """

    ledger: str
    scopes: tuple[str, ...]
    site: str
    period: str
    program: str
    format: int
    plan: str
    heads: str
    operations: int
    held: tuple[str, ...]
    size: int
    sha256: str

    def as_json(self) -> Json:
        return {
            "ledger": self.ledger,
            "scopes": list(self.scopes),
            "site": self.site,
            "period": self.period,
            "program": self.program,
            "format": self.format,
            "plan": self.plan,
            "heads": self.heads,
            "operations": self.operations,
            "held": list(self.held),
            "size": self.size,
            "sha256": self.sha256,
        }

    @property
    def seal(self) -> str:
        """Names the very copy: another file under the same name has another."""
        return sha256_hex(encode(self.as_json()))

    @property
    def unit(self) -> str:
        """The one unit it speaks of; empty for a copy of all an office holds."""
        units = [s for s in self.scopes if s != kinds.ALL]
        return units[0] if len(units) == 1 else ""


def _refused(code: str, text: str) -> RuleBroken:
    return RuleBroken(code, text)


def damaged(why: str) -> RuleBroken:
    return _refused("damaged", f"这份副本已损坏或不完整（{why}），没有采用；请对方重新导出，拷完再拔U盘。")


Going: TypeAlias = Callable[[], None]
"""Called every few milliseconds of long work; raises when it shall stop."""


def _on() -> None:
    """Nobody stops it."""


def file_sha256(path: Path, size: int, going: Going = _on) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0:
            going()
            block = file.read(min(size, 1 << 20))
            if not block:
                break
            size -= len(block)
            digest.update(block)
    return digest.hexdigest()


def ends_like_a_copy(path: Path) -> bool:
    """Whether a file ends as copies do, whatever its name; it may still be refused."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(MAGIC)))
        return file.read(len(MAGIC)) == MAGIC


def peek(path: Path) -> Manifest:
    """What a file says of itself at its end, signed; whether the rest is what was signed, nobody has looked."""
    needs_file(path)
    with failures_told(path):
        total = path.stat().st_size
        with path.open("rb") as file:
            return _trailer(file.read(100), file, total)


def read_manifest(path: Path, *, large: bool = False, going: Going = _on) -> Manifest:
    """The manifest of a copy after its trailer, signature, size and hash hold; SQLite has not seen the file yet.

    TooLarge for a huge file, before it is hashed, unless it shall be read all the same (`large`).
    """
    manifest = peek(path)
    with failures_told(path):
        if manifest.size > amounts.FILE and not large:
            raise TooLarge(f"{manifest.size // 2**20} MB")
        if file_sha256(path, manifest.size, going) != manifest.sha256:
            raise damaged("内容与校验值对不上")
    return manifest


def _trailer(head: bytes, file: BinaryIO, total: int) -> Manifest:
    tail_size = len(MAGIC) + 4
    if total == 0:
        raise _refused("empty", "这个文件是空的，里面什么也没有；请对方重新导出。")
    if total < 512 + tail_size + 64:
        raise _refused("not_a_copy", "这不是台账副本文件；请选单位导出的或区里下发的 .gzcopy 文件。")
    file.seek(total - tail_size)
    tail = file.read(tail_size)
    if tail[4:] != MAGIC:
        if head.startswith(b"SQLite format 3\x00"):
            if int.from_bytes(head[68:72], "big") == LEDGER_ID:
                raise _refused(
                    "a_ledger", "这是一本台账或它的备份，不是副本，不能合入；请选 .gzcopy 副本，要用备份请到“恢复”。"
                )
            raise damaged("结尾缺失")
        raise _refused("not_a_copy", "这不是台账副本文件；请选单位导出的或区里下发的 .gzcopy 文件。")
    length = int.from_bytes(tail[:4], "big")
    start = total - tail_size - 64 - length
    if length > MAX_MANIFEST or start < 512:
        raise damaged("结尾不对")
    file.seek(start)
    data = file.read(length)
    signature = file.read(64)
    manifest = _manifest(data)
    if manifest.size != start:
        raise damaged("长度对不上")
    if not verify(manifest.site, signature, SIGNED_PREFIX + data):
        raise damaged("签名对不上")
    return manifest


def _manifest(data: bytes) -> Manifest:
    try:
        value = decode(data)
    except LedgerError as exc:
        raise damaged("清单读不出") from exc
    if isinstance(value, dict) and type(value.get("format")) is int and value["format"] > FORMAT:
        raise NewerFormat
    checks: Mapping[str, Callable[[Json], bool]] = {
        "ledger": _hex64,
        "scopes": lambda v: (
            _texts(v) and 0 < len(v) <= MOST_SCOPES and all(kinds.SCOPE.match(s) for s in v) and v == sorted(set(v))
        ),
        "site": _hex64,
        "period": lambda v: v == "" or (isinstance(v, str) and PERIOD_NAME.match(v) is not None),
        "program": lambda v: isinstance(v, str) and len(v) <= 100,
        "format": lambda v: type(v) is int and 1 <= v <= FORMAT,
        "plan": lambda v: isinstance(v, str) and len(v) <= MAX_PLAN,
        "heads": _hex64,
        "operations": lambda v: type(v) is int,
        "held": lambda v: _texts(v) and all(_HELD.match(s) for s in v) and v == sorted(set(v)),
        "size": lambda v: type(v) is int,
        "sha256": _hex64,
    }
    if not isinstance(value, dict) or value.keys() != checks.keys():
        raise damaged("清单不符")
    if not all(check(value[name]) for name, check in checks.items()):
        raise damaged("清单不符")
    members: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in value.items()}
    return Manifest(**members)


def _hex64(value: Json) -> bool:
    return isinstance(value, str) and HEX64.match(value) is not None


def _texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


class CopyFile:
    """An opened copy, still hostile: reads are bounded in time and size.

    `large`: somebody said that it shall be read however much it brings.
    """

    def __init__(self, path: Path, manifest: Manifest, connection: sqlite3.Connection, *, large: bool = False) -> None:
        self.path = path
        self.manifest = manifest
        self.large = large
        self._connection = connection

    def operation_ids(self) -> list[str]:
        """Ids of its operations; refuses unless there are just the ones the manifest was signed over."""
        claimed = self.manifest.operations
        if claimed * LEAST_OPERATION > self.manifest.size:
            raise damaged("操作条数对不上")
        if claimed > amounts.OPERATIONS and not self.large:
            raise TooLarge(f"{claimed} 步操作")
        # The pages may lead round in circles: never read more rows than there can be.
        rows = self._connection.execute("SELECT id FROM operation ORDER BY rowid LIMIT ?", (claimed + 1,))
        ids = []
        for (i,) in rows:  # judged one by one: each may claim to be as long as SQLite allows
            if not _hex64(i):
                raise damaged("操作条数对不上")
            ids.append(i)
        if len(ids) != claimed:
            raise damaged("操作条数对不上")
        if len(set(ids)) != claimed or heads_digest(ids) != self.manifest.heads:
            raise damaged("操作清单对不上")
        return ids

    def weight(self, held: set[str]) -> Weight:
        """How much is not held yet, as the lengths say; only after `operation_ids` has passed."""
        rows = self._connection.execute("SELECT id, length(bytes) FROM operation LIMIT ?", (self.manifest.operations,))
        new = [length for i, length in rows if i not in held and type(length) is int]
        return Weight(len(new), sum(new))

    @property
    def unusual(self) -> bool:
        """Whether whoever takes in all of it has to say that it shall be read however much it is."""
        claimed = self.manifest.size > amounts.FILE or self.manifest.operations > amounts.OPERATIONS
        return claimed or self.weight(set()).beyond() is not None

    def beyond(self, held: set[str]) -> TooLarge | None:
        """Why its new operations are not read unasked; None when they are no more than usual."""
        return None if self.large else self.weight(held).beyond()

    def operations(self, held: set[str]) -> Iterator[Incoming]:
        """The operations that are not held yet; only after `operation_ids` has passed."""
        query = (
            "SELECT id, typeof(bytes), length(bytes), typeof(signature), length(signature), rowid"
            " FROM operation ORDER BY rowid LIMIT ?"
        )
        seen = 0
        for i, kind, length, signed, size, row in self._connection.execute(
            query, (self.manifest.operations + 1,)
        ).fetchall():
            if (kind, signed) != ("blob", "blob") or length > MAX_BYTES or size != 64:
                raise damaged("操作大小不符")
            seen += length
            if seen > self.manifest.size:
                raise damaged("操作大小不符")
            if i in held:
                continue
            data, signature = self._row("SELECT bytes, signature FROM operation WHERE rowid = ?", row)
            if type(data) is not bytes or type(signature) is not bytes or len(data) != length or len(signature) != size:
                raise damaged("操作大小不符")  # two rows of one number
            yield Incoming(i, data, signature)

    def proof(self, held: set[tuple[str, str]]) -> Iterator[tuple[str, str, bytes]]:
        """(scope, SHA-256, bytes) of proof files not held yet, each checked against its hash, one in memory at a time."""
        most = self.manifest.size // 64
        query = "SELECT scope, sha256, typeof(bytes), length(bytes), rowid FROM proof ORDER BY rowid LIMIT ?"
        total, seen, scopes = 0, set(held), frozenset(self.manifest.scopes)
        found: list[tuple[str, str, int]] = []
        for scope, digest, kind, length, row in self._connection.execute(query, (most + 1,)):
            if len(found) >= amounts.PROOF and not self.large:
                raise TooLarge(f"佐证 {amounts.PROOF} 件以上")
            if kind != "blob" or length > MOST_PROOF or scope not in scopes or not _hex64(digest):
                raise damaged("佐证文件不符")
            total += length
            if total > self.manifest.size:
                raise damaged("佐证文件不符")
            found.append((scope, digest, row))
        for scope, digest, row in found:
            if (scope, digest) in seen:
                continue
            seen.add((scope, digest))
            (data,) = self._row("SELECT bytes FROM proof WHERE rowid = ?", row)
            if type(data) is not bytes or sha256_hex(data) != digest:
                raise damaged("佐证文件的内容与校验值对不上")
            yield scope, digest, data

    def _row(self, query: str, row: int) -> tuple[Any, ...]:
        """A row met in going through its table; pages out of order hide it from whoever looks it up."""
        found: tuple[Any, ...] | None = self._connection.execute(query, (row,)).fetchone()
        if found is None:
            raise damaged("内部结构读不出")
        return found


@contextmanager
def open_copy(path: Path, *, large: bool = False, going: Going = _on) -> Iterator[CopyFile]:
    """Open a copy from outside: trailer first, then SQLite read-only and immutable, with limits.

    `large`: it shall be read however much it is; without that TooLarge is raised wherever it costs more than usual.
    """
    manifest = read_manifest(path, large=large, going=going)
    _check_first_page(path)
    # A budget of instructions, not of time, so that a slow PC refuses no good copy: these need about a third of it.
    budget = itertools.count(500 + manifest.size // 5_000, -1)
    uri = f"{sqlite_uri(path.absolute())}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    except sqlite3.Error as exc:
        raise damaged("内部结构读不出") from exc
    try:
        connection.set_progress_handler(lambda: next(budget) < 0, _STEPS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_PROOF + 1024)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        _check_shape(connection, manifest.size)
        yield CopyFile(path, manifest, connection, large=large)
    except sqlite3.Error as exc:
        if getattr(exc, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise _refused("too_slow", "这份副本读了太久还没读完，可能有问题，没有采用；请对方重新导出。") from exc
        raise damaged("内部结构读不出") from exc
    finally:
        connection.close()


def _check_first_page(path: Path) -> None:
    """Two tables and their indexes fit on one leaf: a schema that is a tree could keep SQLite busy before any question."""
    with failures_told(path), path.open("rb") as file:
        head = file.read(105)
    if head[100:101] != b"\x0d" or int.from_bytes(head[103:105], "big") != len(SHAPE):
        raise damaged("表结构不符")


def _check_shape(connection: sqlite3.Connection, size: int) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _refused("not_a_copy", "这不是台账副本文件；请选单位导出的或区里下发的 .gzcopy 文件。")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    if connection.execute("PRAGMA page_size").fetchone()[0] != PAGE_SIZE or pages * PAGE_SIZE != size:
        raise damaged("页数不符")
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 9").fetchall()
    if len(found) != len(SHAPE) or set(found) != SHAPE:
        raise damaged("表结构不符")
