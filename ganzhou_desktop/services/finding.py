"""Finding copies in a folder or on a stick: by their ending wherever they lie, by content among the first other files."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ganzhou_desktop.store.copies import ends_like_a_copy

SUFFIX = ".gzcopy"
DEPTH = 12
"""Folders below the one chosen; deeper ones are told."""
ENTRIES = 200_000
"""Files and folders looked at by name."""
OPENED = 2000
"""Files of other names that are opened to see how they end: the last bytes of each have to be read from the stick."""
_NOT_OURS = {"$recycle.bin", "system volume information", ".trash", ".trashes", ".git"}
"""Where systems keep what was thrown away: nobody hands that over."""


@dataclass(frozen=True, slots=True)
class Found:
    """The copies found, the newest first; `whole`: everything there was looked at."""

    files: tuple[Path, ...]
    whole: bool


def find_copies(folder: Path, going: Callable[[int], None] = lambda _seen: None) -> Found:
    """The copies in a folder and everywhere below.  `going(files seen)` is called now and then and may raise to stop."""
    found: list[tuple[float, Path]] = []
    others = seen = 0
    whole = True
    for seen, entry in enumerate(_walk(folder), start=1):
        if seen % 200 == 0:
            going(seen)
        if entry is None or seen > ENTRIES:
            whole = False
            if seen > ENTRIES:
                break
            continue
        path = Path(entry.path)
        try:
            named = path.suffix.lower() == SUFFIX
            if not named:
                others += 1
                if others > OPENED:
                    whole = False
                    continue
            if entry.is_file() and (named or ends_like_a_copy(path)):
                found.append((entry.stat().st_mtime, path))
        except OSError:
            continue  # what cannot be read is told when it is chosen by name
    return Found(tuple(path for _, path in sorted(found, key=lambda f: (-f[0], f[1].name))), whole)


def _walk(folder: Path) -> "Iterator[os.DirEntry[str] | None]":
    """What lies in a folder and below, the upper folders first; None where it is too deep to go on."""
    waiting = deque([(folder, 0)])
    while waiting:
        place, depth = waiting.popleft()
        try:
            with os.scandir(place) as listing:
                entries = sorted(listing, key=lambda e: e.name)
        except OSError:
            continue
        for entry in entries:
            try:
                below = entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if not below:
                yield entry
            elif entry.name.lower() not in _NOT_OURS:
                if depth < DEPTH:
                    waiting.append((Path(entry.path), depth + 1))
                else:
                    yield None
