"""Files being written under a temporary name: marked as such while they are, cleared away when a killed program left them.

Half a copy of one unit must not travel on the same stick to the next.
"""

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def part_of(out: Path) -> Path:
    """The temporary name of a copy: this process's own."""
    return out.with_name(f"{out.name}.{os.getpid()}.part")


_LEFT = re.compile(r".+\.gzcopy\.[0-9]+\.part\Z", re.DOTALL)


def begin(part: Path) -> int | None:
    """Make the empty file, marked as being written; returns what `end` takes.

    On POSIX by a lock, as a file that is open there can be removed.  On Windows it cannot; a handle of ours would
    keep the file from getting its name.
    """
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    if sys.platform == "win32":
        os.close(descriptor)
        return None
    with suppress(OSError):  # a file system without such locks: then nothing of it is ever cleared away
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def end(part: Path, mark: int | None) -> None:
    """Remove the part if it did not get its name; take the mark off."""
    try:
        part.unlink(missing_ok=True)
    finally:
        if mark is not None:
            os.close(mark)


def clear_away(folder: Path) -> None:
    """Remove the copies that killed programs left half-written in a folder; one that is being written now stays."""
    with suppress(OSError):  # what cannot be seen or removed now goes the next time
        for part in folder.iterdir():
            if _LEFT.match(part.name) and part.is_file() and not part.is_symlink():
                with suppress(OSError):
                    _remove(part)


def _remove(part: Path) -> None:
    if sys.platform == "win32":
        part.unlink()
        return
    descriptor = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()
    finally:
        os.close(descriptor)
