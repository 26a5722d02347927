"""Where things lie: the person's own files, and the program's, from source, frozen and portable; putting files there."""

import os
import sys
import tempfile
import time
from pathlib import Path

PRODUCT = "甘州科创台账"
PORTABLE_MARKER = "便携模式.txt"
"""A file of this name beside the frozen program keeps everything there, on the stick, and nothing on the PC."""
PORTABLE_DATA = "数据"


def _frozen_folder() -> Path | None:
    """The folder of the frozen program's exe; None from source."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def _environment_folder(name: str) -> Path | None:
    # The XDG specification asks to ignore relative paths, and they would change with the current folder.
    value = os.environ.get(name, "")
    return Path(value) if value and Path(value).is_absolute() else None


def portable_folder() -> Path | None:
    """The program's folder if it runs portably, else None."""
    folder = _frozen_folder()
    return folder if folder is not None and (folder / PORTABLE_MARKER).exists() else None


def user_home() -> Path:
    """The folder of keys, backups, logs and settings. Not made here: whoever writes makes it.

    GANZHOU_HOME comes first, then a portable program's own folder, then the system's place for it.
    """
    override = os.environ.get("GANZHOU_HOME")
    if override:
        return Path(override).absolute()
    portable = portable_folder()
    if portable is not None:
        return portable / PORTABLE_DATA
    if sys.platform == "win32":
        return (_environment_folder("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / PRODUCT
    return (_environment_folder("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "ganzhou-desktop"


def keys_dir() -> Path:
    """Private keys: never in a ledger, a copy or a backup."""
    return user_home() / "keys"


def backups_dir() -> Path:
    return user_home() / "backups"


def log_dir() -> Path:
    return user_home() / "log"


def spare_log_dir() -> Path:
    """Where the log goes when the person's own folder takes nothing: a stick that is write-protected."""
    return Path(tempfile.gettempdir()) / f"{PRODUCT}-log"


def default_ledger_dir() -> Path:
    """Where a ledger is put unless the person says otherwise: the documents, not a hidden folder."""
    if os.environ.get("GANZHOU_HOME") or portable_folder() is not None:
        return user_home() / "ledgers"
    for name in ("Documents", "文档"):
        folder = Path.home() / name
        if folder.is_dir():
            return folder / PRODUCT
    return user_home() / "ledgers"


def program_root() -> Path:
    """The folder that holds `resources/` and `db/`: the checkout, or what the frozen program unpacked."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return Path(unpacked) if unpacked else Path(__file__).resolve().parents[1]


def resource(name: str) -> Path:
    """A file of `resources/`, such as `icons/add_20_regular.svg`."""
    return program_root() / "resources" / name


def plan_file(name: str) -> Path:
    """A plan as data, of `db/plans/`."""
    return program_root() / "db" / "plans" / name


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths name one file; a path that leads nowhere yet is compared as it stands."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return one.absolute() == other.absolute()


_HELD = (5, 32, 33)
"""Windows' ERROR_ACCESS_DENIED (what it says of a name whose file is open), ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION."""


class FileHeld(PermissionError):
    """Another program holds a file that was to be replaced, and did not let go in time."""


def put_in_place(part: Path, target: Path, *, patience: float = 3.0) -> None:
    """Give a finished file its name, over an older one.

    On Windows a scanner looks into every new file and a preview keeps files open: waits for them a moment, then raises
    FileHeld.
    """
    until = time.monotonic() + patience
    while True:
        try:
            os.replace(part, target)
        except PermissionError as exc:
            if getattr(exc, "winerror", None) not in _HELD:
                raise
            if time.monotonic() >= until:
                raise FileHeld(exc.errno, exc.strerror, str(target)) from exc
            time.sleep(0.1)
        else:
            return
