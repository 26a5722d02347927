"""One ledger file: made, opened, closed, copied whole; its transactions for reading."""

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, insert, select

from ganzhou_desktop import paths
from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import heads_digest
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.domain.operations import NewerFormat
from ganzhou_desktop.store import projection
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.engine import (
    APPLICATION_ID,
    FORMAT,
    failures_told,
    needs_file,
    open_engine,
    os_failure,
    raw,
    read_only,
)

EVERYTHING = "*"
"""What an office's ledger holds; a unit's holds `all` and its own scope."""


class LedgerFile:
    """An open ledger file: one connection, what its `meta` says.  One thread uses it at a time."""

    def __init__(self, path: Path, engine: Engine, *, writer: bool) -> None:
        self.path = path
        self.engine = engine
        self.writer = writer
        self.ledger = ""
        self.holds = EVERYTHING
        self.site = ""
        self.generation = 0
        """Counts writes of scope `all`: a plan that was read at an earlier generation is stale."""
        self.measured = 0
        """Counts writes of what targets are measured by, filings and register entries."""

    @classmethod
    def create(cls, path: Path, *, ledger: str, holds: str, site: str) -> Self:
        """A new, empty ledger file at `path`, which must not exist."""
        if path.exists():
            raise EnvironmentFailed("exists", f"“{path.name}”已经存在，没有覆盖它；请换个名字或先把它移走。")
        with failures_told(path):
            remove_journal(path)
        file = cls(path, open_engine(path, writer=True, create=True), writer=True)
        try:
            with failures_told(path), file.engine.begin() as connection:
                for statement in (
                    (paths.program_root() / "db" / "migrations" / "0001.sql").read_text("utf-8").split(";")
                ):
                    if statement.strip():
                        connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
                projection.create(connection)
                meta = {"ledger": ledger, "holds": holds, "site": site, "projection": projection.LAYOUT}
                connection.execute(insert(t.meta), [{"name": n, "value": v} for n, v in meta.items()])
            file._read_meta()
        except BaseException:
            file.close()
            remove_file(path)
            raise
        return file

    @classmethod
    def open(cls, path: Path, *, writer: bool = True) -> Self:
        """Open a ledger file; EnvironmentFailed when it is not one, is newer, locked, damaged or unreadable."""
        _check_header(path, writer=writer)
        killed = writer and path.with_name(path.name + "-journal").exists()
        file = cls(path, open_engine(path, writer=writer), writer=writer)
        try:
            file._refuse_what_acts_by_itself()
            stale = file._read_meta() != projection.LAYOUT
            if stale and not writer:
                file._project_beside()
            elif stale or killed or (writer and file_format(path) < FORMAT):
                # SQLite keeps the file a killed program left until the next write; at rest a ledger is one file.
                with failures_told(path), file.engine.begin() as connection:
                    if stale:
                        _take_over(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
        except BaseException:
            file.close()
            raise
        return file

    def _refuse_what_acts_by_itself(self) -> None:
        """No ledger has triggers or views: what somebody put into a file would run unseen with each step written."""
        with self.reading() as connection:
            found = connection.exec_driver_sql(
                "SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index') LIMIT 1"
            )
            if found.first() is not None:
                raise EnvironmentFailed(
                    "tampered",
                    f"“{self.path.name}”里被人加进了会自己动的东西（触发器或视图），没有打开；请用可靠的备份恢复。",
                )

    def close(self) -> None:
        self.engine.dispose()

    def _read_meta(self) -> str | None:
        """Take in what the file says of itself; returns the layout of its projection."""
        with self.reading() as connection:
            meta = {row.name: row.value for row in connection.execute(select(t.meta))}
        try:
            self.ledger, self.holds, self.site = meta["ledger"], meta["holds"], meta["site"]
        except KeyError as exc:
            raise _not_a_ledger(self.path) from exc
        return meta.get("projection")

    def _project_beside(self) -> None:
        """Compute the present state of a file that may not be written, where this connection alone sees it."""
        with self.reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
            try:
                projection.rebuild(connection, schema="temp")
            finally:
                connection.exec_driver_sql("PRAGMA query_only = ON")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction."""
        with failures_told(self.path), self.engine.connect() as connection, connection.begin():
            yield connection

    def holds_scope(self, scope: str) -> bool:
        return self.holds in (EVERYTHING, scope) or scope == kinds.ALL

    def operation_ids(self, scopes: Iterable[str] | None = None) -> dict[str, list[str]]:
        """Ids of all operations held, by scope."""
        query = select(t.operation.c.scope, t.operation.c.id)
        if scopes is not None:
            query = query.where(t.operation.c.scope.in_(list(scopes)))
        found: dict[str, list[str]] = {}
        with self.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.scope, []).append(row.id)
        return found

    def heads(self) -> str:
        """The digest of all operations held."""
        return heads_digest([i for ids in self.operation_ids().values() for i in ids])

    def backup(self, out: Path) -> None:
        """A whole copy of the file through SQLite's backup API: temporary name, read back, renamed."""
        temporary = out.with_name(out.name + ".part")
        with failures_told(out):
            try:
                remove_file(temporary)
                with self.engine.connect() as connection:
                    target = sqlite3.connect(temporary)
                    try:
                        # Under this name it may break off at any point: flushed once, when it is whole.
                        target.execute("PRAGMA journal_mode = OFF")
                        target.execute("PRAGMA synchronous = OFF")
                        raw(connection).backup(target)
                    finally:
                        target.close()
                with temporary.open("r+b") as file:
                    os.fsync(file.fileno())
                copy = type(self).open(temporary, writer=False)
                try:
                    whole = copy.heads() == self.heads()
                finally:
                    copy.close()
                if not whole:
                    raise EnvironmentFailed("io", f"写好的“{out.name}”读回来对不上；请换个位置再试。")
                # A journal that a killed program left beside the old file would be rolled back into the new one.
                remove_journal(out)
                paths.put_in_place(temporary, out)
            finally:
                remove_file(temporary)


def _take_over(connection: Connection) -> None:
    """Compute the projection of a file that an earlier program wrote in the way of this one."""
    projection.rebuild(connection)
    connection.execute(insert(t.meta).prefix_with("OR REPLACE").values(name="projection", value=projection.LAYOUT))


def remove_journal(path: Path) -> None:
    """Remove what SQLite may have left beside a file."""
    for ending in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def remove_file(path: Path) -> None:
    """Remove a SQLite file and what lies beside it, if there."""
    path.unlink(missing_ok=True)
    remove_journal(path)


def file_format(path: Path) -> int:
    """The format of a ledger file, from its first 100 bytes; EnvironmentFailed when it is none."""
    needs_file(path)
    with failures_told(path), path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\x00") or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise _not_a_ledger(path)
    return int.from_bytes(header[60:64], "big")


def _check_header(path: Path, *, writer: bool) -> None:
    """Say at once whether this can be a ledger of a format we read (and may write)."""
    if file_format(path) > FORMAT:
        raise EnvironmentFailed(
            NewerFormat().code, f"“{path.name}”是更新版本的程序建的，本机程序读不了；请装新版程序。"
        )
    if writer:
        try:
            with path.open("r+b"):
                pass  # SQLite would open a read-only file for reading and fail at the first write
        except PermissionError as exc:
            raise read_only(path) from exc
        except OSError as exc:
            raise read_only(path) if exc.errno == errno.EROFS else os_failure(exc, path) from exc


def _not_a_ledger(path: Path) -> EnvironmentFailed:
    return EnvironmentFailed(
        "not_a_ledger", f"“{path.name}”不是台账文件（或已残缺），没有打开；请选 .gzdb 台账，或用最近的备份恢复。"
    )
