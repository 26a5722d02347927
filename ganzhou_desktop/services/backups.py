"""Backups of a whole ledger: to a chosen place, by itself before risky acts and once a day; and restoring one."""

import re
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ganzhou_desktop import paths
from ganzhou_desktop.domain.backups import to_drop as backups_to_drop
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services.ledgers import Clock, Ledger, open_ledger, system_clock
from ganzhou_desktop.store.engine import failures_told, lies_there
from ganzhou_desktop.store.journal import Journal


def offered_name(ledger: Ledger) -> str:
    """The name offered for a backup to a place of one's own: 台账_备份_20180405-1032.gzdb."""
    return f"{ledger.path.stem}_备份_{ledger.clock().astimezone().strftime('%Y%m%d-%H%M')}.gzdb"


def backup(ledger: Ledger, out: Path) -> None:
    """A backup of the whole file (keys are not in it); never over an existing file."""
    if lies_there(out):
        raise EnvironmentFailed("exists", f"“{out.name}”已经存在，没有覆盖它；请换个名字。")
    ledger.journal.backup(out)


def snapshot(ledger: Ledger, reason: str) -> Path:
    """A backup into this user's backup folder before a risky act; older ones are thinned."""
    folder = paths.backups_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise EnvironmentFailed("backup_folder", "备份文件夹建不了，这一步没有做；请检查磁盘空间和权限。") from exc
    out = _backup_name(ledger.path, ledger.id, ledger.clock(), reason)
    ledger.journal.backup(out)
    _thin(ledger, keep=out)
    return out


def daily_backup(ledger: Ledger) -> Path | None:
    """The day's backup, made once a day when a ledger is opened for writing; None when there is one already."""
    today = ledger.clock().strftime("%Y%m%d")
    if not ledger.writable or any(time.strftime("%Y%m%d") == today for time in _backups(ledger).values()):
        return None
    return snapshot(ledger, "每日")


_BACKUP = re.compile(r".*_(?P<ledger>[0-9a-f]{8})_(?P<stamp>[0-9]{8}-[0-9]{6})_[^_]+(_[0-9]+)?\.gzdb\Z")


def _backup_name(path: Path, ledger: str, moment: datetime, reason: str) -> Path:
    stem = f"{path.stem}_{ledger[:8]}_{moment.strftime('%Y%m%d-%H%M%S')}_{reason}"
    out, number = paths.backups_dir() / f"{stem}.gzdb", 1
    while out.exists():
        number += 1
        out = paths.backups_dir() / f"{stem}_{number}.gzdb"
    return out


def _backups(ledger: Ledger) -> dict[Path, datetime]:
    """This ledger's backups in the backup folder, as their names tell."""
    found = {}
    for file in paths.backups_dir().glob("*.gzdb"):
        named = _BACKUP.match(file.name)
        if named is not None and named["ledger"] == ledger.id[:8]:
            found[file] = datetime.strptime(named["stamp"], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return found


def _thin(ledger: Ledger, *, keep: Path) -> None:
    for part in paths.backups_dir().glob("*.gzdb.part*"):
        named = _BACKUP.match(part.name.partition(".part")[0])
        # Whoever wrote it had this ledger open for writing, as this program has now: it was killed.
        if named is not None and named["ledger"] == ledger.id[:8]:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    backups = _backups(ledger)
    drop = backups_to_drop(backups.values(), ledger.clock())
    for file, time in backups.items():
        if time in drop and file != keep:
            with suppress(OSError):  # one that cannot be removed now goes the next time
                file.unlink(missing_ok=True)


def restore(source: Path, path: Path, *, replace: bool = False, clock: Clock = system_clock) -> None:
    """Put a backup in place of a ledger.  An existing ledger is backed up first and only replaced when asked."""
    with failures_told(source):
        if path.exists() and path.samefile(source):
            raise RuleBroken("own_ledger", "备份和要恢复的台账是同一个文件，没有改动；请选备份文件。")
    with_source = Journal.open(source, writer=False)
    try:
        problems = with_source.verify()
        if problems:
            raise RuleBroken("damaged", f"这份备份没有通过检查（{problems[0]}），没有恢复；请换一份备份。")
        if lies_there(path):
            if not replace:
                raise EnvironmentFailed(
                    "exists", f"“{path.name}”已经存在，没有覆盖它；确实要用备份替换它，请明确说“替换”。"
                )
            _set_aside(path, with_source, clock)
        with_source.backup(path)
    finally:
        with_source.close()


def _set_aside(path: Path, source: Journal, clock: Clock) -> None:
    """Back up what a restore is about to replace; a file too damaged to be opened is copied byte by byte."""
    try:
        with closing(open_ledger(path, clock=clock)) as present:
            if present.id != source.ledger:
                raise RuleBroken("other_ledger", "这份备份是另一本台账的，不能用来替换这一本；请选对备份。")
            if present.journal.holds != source.holds:
                # The same ledger as another holds it: a unit's in place of the office's would be all but one unit gone.
                raise RuleBroken(
                    "other_holder",
                    "这份备份是别的单位或区里那一台的（同一本台账，内容的范围不同），不能用来替换这一本；请选对备份。",
                )
            snapshot(present, "恢复前")
    except EnvironmentFailed as exc:
        if exc.code not in ("damaged", "not_a_ledger", "tampered"):
            raise
        folder = paths.backups_dir()
        with failures_told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for ending in ("", "-journal"):
                beside = path.with_name(path.name + ending)
                if beside.exists():
                    shutil.copyfile(beside, folder / f"{path.name}_{clock().strftime('%Y%m%d-%H%M%S')}_损坏{ending}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder of automatic backups, of whatever ledger: how many; the latest, its time and size."""

    count: int
    latest: Path | None = None
    at: datetime | None = None
    size: int = 0


def kept_backups() -> Kept:
    """Look into the folder of automatic backups."""
    folder = paths.backups_dir()
    files = sorted(folder.glob("*.gzdb"), key=lambda p: p.stat().st_mtime) if folder.is_dir() else []
    if not files:
        return Kept(0)
    latest = files[-1].stat()
    return Kept(len(files), files[-1], datetime.fromtimestamp(latest.st_mtime).astimezone(), latest.st_size)
