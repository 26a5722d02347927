"""Files in and out: written whole or not at all; read up to a limit, a zip only as far as it was measured."""

import contextlib
import errno
import io
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken

MAX_FILE = 50 * 2**20
MAX_UNZIPPED = 200 * 2**20
MAX_PARTS = 5000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text that XML can hold: no control characters, one kind of line break."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_whole(path: Path, save: Callable[[io.BytesIO], None]) -> None:
    """Let `save` fill a buffer and put it under its name in one step; EnvironmentFailed when the disk does not let us."""
    buffer = io.BytesIO()
    temporary = ""
    try:
        save(buffer)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(buffer.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as failure:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise _not_written(failure, path) from failure


def _not_written(failure: OSError, path: Path) -> EnvironmentFailed:
    if failure.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", -1)):
        return EnvironmentFailed("disk_full", f"磁盘已满，没能写入“{path.name}”；请腾出空间或换个位置再导出。")
    if isinstance(failure, FileNotFoundError | NotADirectoryError):
        return EnvironmentFailed("not_found", f"没能写入“{path.name}”：文件夹不在了，U盘可能已经拔出；请另选位置。")
    if isinstance(failure, PermissionError | IsADirectoryError) or failure.errno == errno.EROFS:
        return EnvironmentFailed(
            "file_in_use",
            f"没能写入“{path.name}”：文件正被别的程序打开（如 WPS、Excel），或这个文件夹不能写；请关闭那个文件，或换个名字、位置再导出。",
        )
    return EnvironmentFailed(
        "io", f"写入“{path.name}”时出错（{failure.strerror or failure}），没有留下半个文件；请换个位置再试。"
    )


def read_limited(path: Path) -> bytes:
    """The bytes of a file someone handed over; a sentence when it cannot be read or is too big."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError as failure:
        raise EnvironmentFailed("not_found", f"找不到“{path.name}”；请检查位置，U盘是否已经拔出。") from failure
    except PermissionError as failure:
        raise EnvironmentFailed(
            "file_in_use",
            f"读不了“{path.name}”：文件正被别的程序打开，或没有权限；请关闭那个文件再试。",
        ) from failure
    except OSError as failure:
        raise EnvironmentFailed(
            "io", f"读“{path.name}”时出错（{failure.strerror or failure}），没有读入任何内容；请换个位置再试。"
        ) from failure
    if len(data) > MAX_FILE:
        raise too_big(path, f"文件超过 {MAX_FILE // 2**20} MB")
    if not data:
        raise RuleBroken("empty_file", f"“{path.name}”是空文件，没有读入任何内容；请重新保存后再选它。")
    return data


def too_big(path: Path, why: str) -> RuleBroken:
    """The refusal of something too big to be read safely."""
    return RuleBroken(
        "too_big", f"“{path.name}”太大（{why}），没有读入任何内容；请删去不需要的部分，或分成几份再导入。"
    )


def damaged(path: Path) -> RuleBroken:
    """The refusal of a file that is not what it says it is."""
    return RuleBroken(
        "damaged", f"“{path.name}”读不出来，可能没有传完或已经损坏，没有读入任何内容；请在 WPS 中打开它，另存后再试。"
    )


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def is_ole(data: bytes) -> bool:
    """An old Office file (.xls, .doc, .wps), or a new one with a password."""
    return data.startswith(_OLE)


def ole_holds(data: bytes, stream: str) -> bool:
    """Whether the directory of an old Office file names a stream."""
    return (stream + "\0").encode("utf-16-le") in data


def locked(path: Path) -> RuleBroken:
    """The refusal of a file with a password."""
    return RuleBroken(
        "has_password", f"“{path.name}”设有打开密码，没有读入任何内容；请在 WPS 或 Excel 中去掉密码，另存后再试。"
    )


def unzipped(data: bytes, path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The wanted parts of a zip by name, measured while they are unpacked: what a part says of its size counts for nothing."""
    parts: dict[str, bytes] = {}
    room = MAX_UNZIPPED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS:
                raise too_big(path, f"里面有 {len(entries)} 个部分")
            for entry in entries:
                name = entry.filename.replace("\\", "/").lstrip("/")
                if not wanted(name):
                    continue
                if entry.flag_bits & 1:
                    raise locked(path)
                with archive.open(entry) as file:
                    parts[name] = file.read(room + 1)
                room -= len(parts[name])
                if room < 0:
                    raise too_big(path, f"解开后超过 {MAX_UNZIPPED // 2**20} MB")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        OverflowError,
        RuntimeError,
    ) as failure:
        raise damaged(path) from failure
    return parts


def zipped(parts: dict[str, bytes]) -> io.BytesIO:
    """Measured parts as a zip again: the library that reads it sees only what was checked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    buffer.seek(0)
    return buffer
