"""Paints app.png and app.ico from the program's own mark: `python resources/icons/make_app_icon.py`."""

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication

from ganzhou_desktop.ui.icons import app_mark

SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)


def png(size: int) -> bytes:
    """The mark as a PNG file."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    app_mark(size).toImage().save(buffer, "PNG")
    return bytes(held.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """An .ico file: a directory of 16-byte entries, then the PNG files themselves."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for size, data in pictures.items():
        side = size % 256  # 256 is written as 0
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return head + entries + b"".join(pictures.values())


def main() -> None:
    """Write both files beside this script."""
    app = QGuiApplication([])
    folder = Path(__file__).resolve().parent
    pictures = {size: png(size) for size in SIZES}
    (folder / "app.png").write_bytes(pictures[256])
    (folder / "app.ico").write_bytes(ico(pictures))
    del app


if __name__ == "__main__":
    main()
