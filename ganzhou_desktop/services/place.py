"""Whether a ledger lies where it should: SQLite files on network shares and in synchronised folders get damaged."""

import ctypes
import sys
from pathlib import Path, PureWindowsPath

_SYNC_NAMES = (
    "onedrive",
    "dropbox",
    "icloud",
    "google drive",
    "googledrive",
    "坚果云",
    "nutstore",
    "百度网盘同步空间",
    "baidusyncdisk",
    "wps云盘",
    "wpsdrive",
    "微云同步",
    "天翼云盘同步盘",
)
_NETWORK_KINDS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "fuse.davfs"}
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def doubtful_place(path: Path) -> str:
    """One sentence when the file lies on a network share or in a synchronised folder; empty when all is well."""
    full = path.absolute()
    synced = next((part for part in full.parts if any(name in part.lower() for name in _SYNC_NAMES)), "")
    if synced:
        return f"台账放在同步文件夹“{synced}”里，两边同时改会互相覆盖；请移到本机的普通文件夹再用。"
    if _on_network(full):
        return "台账放在网络位置上，断网或两人同时打开会损坏它；请移到本机硬盘再用，来往用副本。"
    return ""


def _on_network(path: Path) -> bool:
    if sys.platform == "win32":
        drive = PureWindowsPath(path).drive
        if drive.startswith("\\\\"):
            return True
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE_DRIVE)
    return _mount_kind(path, Path("/proc/mounts")) in _NETWORK_KINDS


def _mount_kind(path: Path, table: Path) -> str:
    """The kind of file system a path lies on, by the longest mount point above it."""
    try:
        lines = table.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(parts[1].replace("\\040", " "))
        if path.is_relative_to(point) and len(point.parts) > best:
            best, kind = len(point.parts), parts[2]
    return kind
