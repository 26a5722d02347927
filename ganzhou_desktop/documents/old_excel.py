"""How far the cells of an old .xls reach, from its records alone: the reader would make room for all of it."""

import struct
from pathlib import Path

from ganzhou_desktop.documents.files import damaged, too_big

_CELLS = {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
"""Records that put something into a cell: formula, numbers, texts, truths."""
_RUN = 0x00BD
"""A run of numbers in one row; its last column stands at its end."""
_PASSWORD = 0x002F
_SMALL = 64
_SMALL_BELOW = 4096
"""Streams shorter than this lie in sectors of 64 bytes, which together are a stream of their own."""
_TABLES = 109
"""Tables of sectors the head of the file has room for: 7 MB; what lies beyond would go unmeasured."""


def old_extent(data: bytes, path: Path) -> tuple[bool, int, int]:
    """(has a password, rows, columns) of the file's largest sheet.  RuleBroken when it is no whole .xls."""
    try:
        return _extent(_workbook(data, path))
    except (struct.error, OverflowError) as failure:
        raise damaged(path) from failure


def _extent(stream: bytes) -> tuple[bool, int, int]:
    at = rows = columns = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _PASSWORD:
            return True, 0, 0
        if kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", stream, at + 4)
            if kind == _RUN:
                (column,) = struct.unpack_from("<H", stream, at + 4 + length - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == 0 and length == 0:
            break
        at += 4 + length
    return False, rows, columns


def _workbook(data: bytes, path: Path) -> bytes:
    """The stream called Workbook (in older files Book)."""
    power, small_power = struct.unpack_from("<HH", data, 30)
    if power not in (9, 12) or small_power != 6:
        raise damaged(path)
    size = 1 << power
    count, directory = struct.unpack_from("<II", data, 44)
    (small_table,) = struct.unpack_from("<I", data, 60)
    if count > _TABLES:
        raise too_big(path, "超过 7 MB 的 .xls；请在 WPS 中另存为 .xlsx")
    tables = struct.unpack_from(f"<{_TABLES}I", data, 76)[:count]
    following = [n for t in tables for n in struct.unpack_from(f"<{size // 4}I", data, (t + 1) * size)]
    body = data[size:]
    entries = _chain(body, directory, following, size)
    root = b""
    for at in range(0, len(entries) - 127, 128):
        (letters,) = struct.unpack_from("<H", entries, at + 64)
        name = entries[at : at + max(0, min(letters, 64) - 2)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entries, at + 116)
        if at == 0:
            root = _chain(body, start, following, size)[:length]
        if name in ("Workbook", "Book") and length < _SMALL_BELOW:
            table = _chain(body, small_table, following, size)
            small = list(struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4]))
            return _chain(root, start, small, _SMALL)[:length]
        if name in ("Workbook", "Book"):
            return _chain(body, start, following, size)[:length]
    raise damaged(path)


def _chain(body: bytes, start: int, following: list[int], size: int) -> bytes:
    """The sectors from `start` on, each naming the next; a chain that bites its tail ends with the file."""
    pieces: list[bytes] = []
    at, left = start, len(body) // size + 1
    while at < len(following) and left:
        pieces.append(body[at * size : (at + 1) * size])
        at, left = following[at], left - 1
    return b"".join(pieces)
