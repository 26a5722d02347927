"""A ledger that an older version of the program made: what opening it for writing does, and the backup before it."""

from contextlib import closing
from pathlib import Path

from ganzhou_desktop.services.backups import snapshot
from ganzhou_desktop.services.ledgers import open_ledger
from ganzhou_desktop.store.engine import FORMAT
from ganzhou_desktop.store.journal import file_format


def taking_over(path: Path) -> str:
    """What will happen when this ledger is opened for writing, in sentences; empty when nothing is converted."""
    older = file_format(path)
    if older >= FORMAT or not _can_be_written(path):
        return ""
    return (
        f"“{path.name}”是旧版程序建的（格式 {older}），本机程序用格式 {FORMAT}。转换时已有的内容一条不少、一条不改，"
        "先自动存一份备份。转换以后旧版程序打不开它，所以请把用这本台账的电脑都换成新版。"
    )


def back_up_before(path: Path) -> Path:
    """A backup of the ledger as it is, in this user's backup folder."""
    with closing(open_ledger(path, writer=False)) as older:
        return snapshot(older, "升级前")


def _can_be_written(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False
