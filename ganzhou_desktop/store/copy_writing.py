"""Writing a copy (`.gzcopy`): built up row by row, flushed, read back as the other side will, then given its name."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ganzhou_desktop.domain.canonical import encode, heads_digest
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.operations import FORMAT
from ganzhou_desktop.paths import put_in_place
from ganzhou_desktop.store import parts
from ganzhou_desktop.store.copies import (
    APPLICATION_ID,
    MAGIC,
    MAX_PLAN,
    MOST_HELD,
    PAGE_SIZE,
    SCHEMA,
    SIGNED_PREFIX,
    Manifest,
    file_sha256,
    open_copy,
)
from ganzhou_desktop.store.engine import failures_told, raw
from ganzhou_desktop.store.keys import KeyPair
from ganzhou_desktop.store.ledger_file import LedgerFile


def write_copy(
    journal: LedgerFile,
    out: Path,
    *,
    scopes: Iterable[str],
    signer: KeyPair,
    period: str,
    program: str,
    plan: str,
    skip_proof: Callable[[str, str], bool],
    record: Callable[[Manifest], None] = lambda _manifest: None,
    progress: Callable[[int, int], bool] | None = None,
) -> Manifest:
    """Build a copy of these scopes at `out`: temporary name, flushed, read back, checked, recorded, then renamed.

    `skip_proof(scope, sha256)` leaves out files the other side already holds; proof of drafts never travels.
    `progress(done, total)` may answer False to stop; then nothing is left behind.
    """
    wanted = sorted(set(scopes))
    temporary, mark = parts.part_of(out), None
    parts.clear_away(out.parent)
    try:
        with failures_told(out):
            mark = parts.begin(temporary)
            ids, held = _fill(journal, temporary, wanted, skip_proof, progress)
            manifest = Manifest(
                ledger=journal.ledger,
                scopes=tuple(wanted),
                site=signer.site,
                period=period,
                program=program,
                format=FORMAT,
                plan=plan[:MAX_PLAN],
                heads=heads_digest(ids),
                operations=len(ids),
                held=tuple(sorted(held)[:MOST_HELD]),
                size=temporary.stat().st_size,
                sha256=file_sha256(temporary, temporary.stat().st_size),
            )
            data = encode(manifest.as_json())
            with temporary.open("ab") as file:
                signature = signer.sign(SIGNED_PREFIX + data)
                file.write(data + signature + len(data).to_bytes(4, "big") + MAGIC)
                file.flush()
                os.fsync(file.fileno())
        _read_back(temporary, manifest, out)
        record(manifest)
        with failures_told(out):
            put_in_place(temporary, out)
            _sync_folder(out.parent)
    finally:
        with failures_told(out):
            parts.end(temporary, mark)
    return manifest


def _read_back(temporary: Path, manifest: Manifest, out: Path) -> None:
    """What lies on the stick now must pass the very checks of the other side."""
    try:
        with open_copy(temporary, large=True) as copy:
            same = copy.manifest == manifest and bool(copy.operation_ids())
    except RuleBroken:
        same = False
    if not same:
        raise EnvironmentFailed("io", f"写好的“{out.name}”读回来对不上，可能是U盘有问题；请换一个U盘再导出。")


def _fill(
    journal: LedgerFile,
    path: Path,
    scopes: list[str],
    skip_proof: Callable[[str, str], bool],
    progress: Callable[[int, int], bool] | None,
) -> tuple[list[str], set[str]]:
    target = sqlite3.connect(path, isolation_level=None)
    ids: list[str] = []
    held: set[str] = set()

    def go_on(number: int) -> None:
        if progress is not None and not progress(number, 0):
            raise EnvironmentFailed("cancelled", "已取消，没有留下文件。")

    try:
        target.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA cache_size = -32768")
        target.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        target.execute("BEGIN")
        for statement in SCHEMA:
            target.execute(statement)
        with journal.reading() as connection:
            source = raw(connection)
            wanted = json.dumps(scopes)
            rows = source.execute(
                "SELECT id, bytes, signature FROM operation"
                f" WHERE seq IN (SELECT seq FROM operation WHERE scope {_AMONG}) ORDER BY seq",  # no bytes are sorted
                (wanted,),
            )
            while some := rows.fetchmany(500):
                go_on(len(ids))
                ids += [row[0] for row in some]
                target.executemany("INSERT INTO operation VALUES (?, ?, ?)", some)
            listing = source.execute(f"SELECT seq, scope, sha256 FROM proof WHERE scope {_AMONG}", (wanted,)).fetchall()
            filed = _filed_proof(source, wanted) if listing else set()
            for seq, scope, digest in listing:
                if (scope, digest) not in filed:
                    continue
                held.add(f"{scope}/{digest}")
                if skip_proof(scope, digest):
                    continue
                go_on(len(ids))
                (data,) = source.execute("SELECT bytes FROM proof WHERE seq = ?", (seq,)).fetchone()
                target.execute("INSERT INTO proof VALUES (?, ?, ?)", (scope, digest, data))
        target.execute("COMMIT")
    finally:
        target.close()
    return ids, held


_AMONG = "IN (SELECT value FROM json_each(?))"


def _filed_proof(database: sqlite3.Connection, scopes: str) -> set[tuple[str, str]]:
    """(scope, SHA-256) of every file some operation names: what lies here only for a draft is not among them."""
    rows = database.execute(
        "SELECT r.scope, f.key FROM p_record AS r, json_each(r.body) AS f"
        " WHERE r.kind IN ('submission', 'stamped', 'entry', 'application')"
        " AND (instr(r.body, '\"proof/') OR instr(r.body, '\"scan/'))"
        f" AND (f.key GLOB 'proof/*' OR f.key GLOB 'scan/*') AND r.scope {_AMONG}",
        (scopes,),
    )
    return {(scope, name.rpartition("/")[2]) for scope, name in rows}


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        with suppress(OSError):  # the file itself is flushed; not every file system can flush a folder
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
