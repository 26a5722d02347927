"""Opening SQLite files: one connection, pragmas, transactions, and what went wrong said in one sentence."""

import errno
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.paths import FileHeld

if sys.platform != "win32":
    import fcntl

APPLICATION_ID = 0x475A4442  # "GZDB"
FORMAT = 2
"""2 since registers and applications; a ledger of format 1 is taken over when it is opened for writing."""
SQLITE_VERSION = sqlite3.sqlite_version
MINIMUM_SQLITE = (3, 37, 0)
_PATIENCE = 2.0
"""Seconds to wait for another program to let go of the file."""
_WINDOWS_PATH = 260
"""From so many characters on Windows finds no file, unless the PC is set to long paths."""
_NO_FLOCK = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
"""A file system without such locks (some shares): SQLite's own lock is what there is."""


def open_engine(path: Path, *, writer: bool, create: bool = False) -> Engine:
    """An engine on one SQLite file with a single connection.

    A writer holds the file's lock as long as it is open, so that a second program is told so at once; readers open
    read-only and work from a read-only stick too.  Raises EnvironmentFailed.
    """
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        raise EnvironmentFailed("old_sqlite", "本机的 SQLite 组件太旧，程序无法保证数据安全；请换用完整的安装包。")
    mode = "rwc" if create else "rw" if writer else "ro"
    uri = f"{sqlite_uri(path.absolute())}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, factory=_HeldConnection
        )
        try:
            connection.hold(path, writer=writer)
            _prepare(connection, writer=writer)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate if writer else _begin)
    try:
        with failures_told(path), engine.connect():
            pass
    except BaseException:
        engine.dispose()
        raise
    return engine


class _HeldConnection(sqlite3.Connection):
    """A connection with a lock of its own on the file, where the system has such locks.

    POSIX drops SQLite's lock as soon as this process closes the file anywhere else: Qt's file dialog does, looking
    into a file for its kind, and a second program could then write into a ledger that is open here.  flock belongs
    to the file that was opened for it and stays.
    """

    _lock: int | None = None

    def hold(self, path: Path, *, writer: bool) -> None:
        """Take the lock, alone or beside other readers; waits a moment, then raises EnvironmentFailed."""
        if sys.platform == "win32":
            return
        self._lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(self._lock, (fcntl.LOCK_EX if writer else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise _locked(path) from None
                time.sleep(0.05)
            except OSError as exc:
                if exc.errno in _NO_FLOCK:
                    return
                raise

    def close(self) -> None:
        """The file first: closing the lock's would drop SQLite's locks."""
        super().close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _locked(path: Path) -> EnvironmentFailed:
    return EnvironmentFailed("locked", f"“{_name(path)}”正被另一个程序使用，现在不能打开；请先关掉那个程序再试。")


def sqlite_uri(path: PurePath) -> str:
    """The URI by which SQLite opens an absolute path; of a network share it wants the server inside the path."""
    if str(path).startswith("\\\\?\\"):  # Windows' way around its limit of 260 characters, taken as it is
        return f"file:{quote(str(path), safe='')}"
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def scratch_engine() -> Engine:
    """An engine on a database of its own that is gone afterwards: in memory, and on disk what does not fit."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA cache_size = -65536")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, *, writer: bool) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -32768")
    if writer:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    else:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def raw(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection beneath, inside the same transaction: for statements that move many rows."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _name(path: Path) -> str:
    """What a file is called in a sentence: one being built by the name it will have."""
    return path.name.removesuffix(".part")


@contextmanager
def failures_told(path: Path) -> Iterator[None]:
    """Turn SQLite's and the operating system's failures into EnvironmentFailed with one sentence about `path`."""
    try:
        yield
    except DBAPIError as exc:
        if isinstance(exc.orig, sqlite3.Error):
            told = _told(exc.orig, path)
            if told is not None:
                raise told from exc
        raise
    except sqlite3.Error as exc:
        told = _told(exc, path)
        if told is None:
            raise
        raise told from exc
    except OSError as exc:
        raise os_failure(exc, path) from exc


def _told(exc: sqlite3.Error, path: Path) -> EnvironmentFailed | None:
    name = getattr(exc, "sqlite_errorname", "") or ""
    text = str(exc)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _locked(path)
    if name.startswith("SQLITE_FULL"):
        return EnvironmentFailed(
            "disk_full", f"磁盘已满，没有写入“{_name(path)}”，原有数据没有变化；请腾出空间后再试。"
        )
    if name.startswith("SQLITE_READONLY"):
        return read_only(path)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return EnvironmentFailed("damaged", f"“{_name(path)}”不是台账文件或已经损坏，没有打开；请用最近的备份恢复。")
    if name.startswith("SQLITE_CANTOPEN") and _deeper_than_sqlite_goes(path):
        return _long_name(path)
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return EnvironmentFailed("cannot_open", f"打不开“{_name(path)}”：文件不存在或没有权限；请检查位置和权限。")
    if text.startswith(("no such table", "no such column")):
        return EnvironmentFailed(
            "damaged", f"“{_name(path)}”里缺少台账应有的内容，可能已经损坏，没有打开；请用最近的备份恢复。"
        )
    if name.startswith("SQLITE_IOERR") or "disk I/O" in text:
        return EnvironmentFailed("io", f"读写“{_name(path)}”时磁盘出错，原有数据没有变化；请检查磁盘或换个位置再试。")
    return None


def _deeper_than_sqlite_goes(path: Path) -> bool:
    """SQLite on POSIX opens paths of at most 512 bytes, those of its journals included; a Chinese character is three."""
    return sys.platform != "win32" and len(os.fsencode(path.absolute())) > 480


def _long_name(path: Path) -> EnvironmentFailed:
    return EnvironmentFailed(
        "long_name",
        f"文件名或所在文件夹的名字太长（共 {len(str(path.absolute()))} 字），没能读写；请换个短一些的名字或位置。",
    )


def lies_there(path: Path) -> bool:
    """Whether there is something at a path; EnvironmentFailed where the system cannot even look."""
    with failures_told(path):
        return path.exists()


def needs_file(path: Path) -> None:
    """EnvironmentFailed unless a path leads to a file: opening a pipe would wait for ever."""
    with failures_told(path):
        if path.is_file():
            return
        if path.exists():
            raise _not_a_file(path)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _not_a_file(path: Path) -> EnvironmentFailed:
    return EnvironmentFailed("not_a_file", f"“{_name(path)}”不是文件；请选一个文件。")


def read_only(path: Path) -> EnvironmentFailed:
    """A ledger that is to be written lies where nothing can be written."""
    return EnvironmentFailed(
        "read_only", f"“{_name(path)}”只能读不能写，没有改动任何数据；请把它复制到本机硬盘再打开。"
    )


def os_failure(exc: OSError, path: Path) -> EnvironmentFailed:
    """An operating-system failure about a file, as one sentence."""
    if exc.errno == errno.ENOSPC or exc.errno == errno.EFBIG or exc.errno == getattr(errno, "EDQUOT", -1):
        return EnvironmentFailed(
            "disk_full", f"磁盘已满，没能写入“{_name(path)}”，原有数据没有变化；请腾出空间或换个位置。"
        )
    if sys.platform == "win32" and len(str(path)) >= _WINDOWS_PATH and isinstance(exc, FileNotFoundError):
        return EnvironmentFailed(
            "long_name",
            f"“{_name(path)}”的位置太深（连文件夹名共 {len(str(path))} 字，Windows 最多 259），请移到浅一些的文件夹。",
        )
    if isinstance(exc, FileNotFoundError):
        return EnvironmentFailed("not_found", f"找不到“{_name(path)}”；请检查位置，U盘是否已经拔出。")
    if isinstance(exc, FileHeld):
        return EnvironmentFailed(
            "held",
            f"“{_name(path)}”正被别的程序占用（多半是杀毒软件在检查，或正在别处打开着），没有写成，原有数据没有变化；"
            "请关掉那个程序或等一会儿再试。",
        )
    # Windows calls opening a folder a matter of permission.
    opened_folder = sys.platform == "win32" and isinstance(exc.filename, str) and Path(exc.filename).is_dir()
    if isinstance(exc, IsADirectoryError | NotADirectoryError) or opened_folder:
        return _not_a_file(path)
    if isinstance(exc, PermissionError) or exc.errno == errno.EROFS:
        return EnvironmentFailed("no_permission", f"没有权限读写“{_name(path)}”；请换一个自己能写的文件夹。")
    if exc.errno == errno.ENAMETOOLONG:
        return EnvironmentFailed(
            "long_name", f"文件名太长（{len(_name(path))} 字），没能写入；请换个短一些的名字或位置。"
        )
    return EnvironmentFailed(
        "io", f"读写“{_name(path)}”时出错（{exc.strerror or exc}），原有数据没有变化；请换个位置再试。"
    )
