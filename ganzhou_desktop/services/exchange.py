"""Copies going out and coming in for the first time: hand out, export, inspect, join."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Authority, certificates_first
from ganzhou_desktop.domain.canonical import ledger_code, site_code
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError, RuleBroken
from ganzhou_desktop.domain.operations import Operation, parse
from ganzhou_desktop.paths import same_file
from ganzhou_desktop.services.joining import take_whole
from ganzhou_desktop.services.ledgers import PROGRAM, Clock, Ledger, building, open_ledger, recover, system_clock
from ganzhou_desktop.services.merging import KNOWN, MERGED, REFUSED, Package
from ganzhou_desktop.services.periods import latest_name
from ganzhou_desktop.store import amounts, keys
from ganzhou_desktop.store.amounts import TooLarge
from ganzhou_desktop.store.copies import Manifest, open_copy
from ganzhou_desktop.store.copy_writing import write_copy
from ganzhou_desktop.store.engine import lies_there
from ganzhou_desktop.store.journal import EVERYTHING, Journal

Progress = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Handed:
    """A copy that was written, read back and checked: 已核对，可以拔出."""

    file: Path
    unit: str
    size: int
    operations: int
    heads: str


def copy_name(ledger: Ledger, unit: str) -> str:
    """The name offered: 区科技局_2018Q1_副本_20180405-1032.gzcopy (下发副本 from the office)."""
    plan = ledger.plan()
    who = plan.unit_by_id[unit].name if unit else plan.document.region + "汇总"
    who = re.sub(r'[\\/:*?"<>|\s]', "", who)[:40]
    stamp = ledger.clock().astimezone().strftime("%Y%m%d-%H%M")
    word = "下发副本" if ledger.office and unit else "副本"
    return "_".join(part for part in (who, latest_name(ledger), word, stamp) if part) + ".gzcopy"


def hand_out(
    ledger: Ledger, unit: str, out: Path, *, all_proof: bool = False, progress: Progress | None = None
) -> Handed:
    """下发副本: starter, answer and revival of a dead PC in one; scope `all` and the unit's whole history."""
    ledger.needs_office()
    named = ledger.plan().unit_by_id[unit]
    if named.part != "task":
        raise RuleBroken("not_responsible", f"{named.name}不是责任单位，不填报，不用下发副本。")
    return _write(ledger, out, (kinds.ALL, unit), unit, f"下发副本：{named.name}", "hand_out", all_proof, progress)


@dataclass(frozen=True, slots=True)
class HandedUnit:
    """What became of one unit's copy: written and checked, or why not."""

    unit: str
    handed: Handed | None
    reason: str = ""


def hand_out_several(
    ledger: Ledger, units: Sequence[str], folder: Path, *, all_proof: bool = False, progress: Progress | None = None
) -> tuple[HandedUnit, ...]:
    """下发副本 to several units under their usual names; one that fails keeps no other from being written.

    `progress(done, total)` may answer False: then no further copy is begun.
    """
    ledger.needs_office()
    found = []
    for number, unit in enumerate(units):
        if progress is not None and not progress(number, len(units)):
            found += [HandedUnit(rest, None, "已取消，没有写这一份。") for rest in units[number:]]
            break
        try:
            out = free_name(folder / copy_name(ledger, unit))
            handed = hand_out(ledger, unit, out, all_proof=all_proof, progress=_within(progress, number, len(units)))
        except LedgerError as exc:
            found.append(HandedUnit(unit, None, exc.text))
        else:
            found.append(HandedUnit(unit, handed))
    return tuple(found)


def _within(progress: Progress | None, done: int, total: int) -> Progress | None:
    """For one of several copies: asks whether to go on, and tells how many are done."""
    return None if progress is None else lambda _number, _all: progress(done, total)


def free_name(path: Path) -> Path:
    """The same path, or with _2, _3 … where a file of that name lies there already."""
    number, free = 1, path
    while lies_there(free):
        number += 1
        free = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return free


def export(ledger: Ledger, out: Path, *, all_proof: bool = False, progress: Progress | None = None) -> Handed:
    """Export all this ledger holds: the unit's copy for the office, or the office's for another seat."""
    scopes = (kinds.ALL, ledger.unit) if ledger.unit else tuple(ledger.journal.scopes())
    return _write(ledger, out, scopes, ledger.unit, "导出副本", "export", all_proof, progress)


def _write(
    ledger: Ledger,
    out: Path,
    scopes: tuple[str, ...],
    unit: str,
    title: str,
    what: str,
    all_proof: bool,
    progress: Progress | None,
) -> Handed:
    if same_file(out, ledger.path):
        raise RuleBroken("own_ledger", "不能把副本写到台账自己身上；请换个名字。")
    pair = ledger.key()
    if lies_there(out) and not _earlier_of_ours(ledger, out, scopes, pair.site):
        raise EnvironmentFailed("exists", f"“{out.name}”已经存在，没有覆盖它；请换个名字。")
    elsewhere = set() if all_proof else _held_elsewhere(ledger, unit)

    def record(manifest: Manifest) -> None:
        # Before the file gets its name: what has left this PC is never unknown here.
        with ledger.journal.writing(at=ledger.now(), what=what, nature=what, title=title) as writing:
            writing.log_packages(
                [
                    {
                        "at": ledger.now(),
                        "direction": "out",
                        "file": out.name,
                        "site": manifest.site,
                        "unit": unit,
                        "period": manifest.period,
                        "heads": manifest.heads,
                        "verdict": what,
                        "text": title,
                        "held": "",
                        "lacks": "",
                    }
                ]
            )

    manifest = write_copy(
        ledger.journal,
        out,
        scopes=scopes or (kinds.ALL,),
        signer=pair,
        period=latest_name(ledger),
        program=PROGRAM,
        plan=ledger.plan().document.version,
        skip_proof=lambda scope, digest: f"{scope}/{digest}" in elsewhere,
        record=record,
        progress=progress,
    )
    return Handed(out, unit, out.stat().st_size, manifest.operations, manifest.heads)


def _earlier_of_ours(ledger: Ledger, out: Path, scopes: tuple[str, ...], site: str) -> bool:
    """Whether a file is an earlier copy by this PC, all of which the new one holds too: then it may be replaced."""
    try:
        with open_copy(out, large=True) as copy:
            manifest = copy.manifest
            same = manifest.ledger == ledger.id and manifest.site == site and set(manifest.scopes) <= set(scopes)
            held = {i for ids in ledger.journal.operation_ids(scopes).values() for i in ids}
            return same and set(copy.operation_ids()) <= held
    except LedgerError:
        return False


def _held_elsewhere(ledger: Ledger, unit: str) -> set[str]:
    """Proof (`scope/SHA-256`) that the last copy of the other side said it holds.

    A unit's other side is the office, whoever else's copies it merged; what a refused copy says counts for nothing.
    """
    seats = ledger.seats()
    for row in reversed(ledger.journal.packages()):
        theirs = row["site"] in seats if ledger.unit else row["unit"] == unit
        if (
            row["direction"] == "in"
            and row["verdict"] in (MERGED, KNOWN)
            and theirs
            and row["site"] != ledger.journal.site
        ):
            return set(row["held"].split("\n")) - {""}
    return set()


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a copy says of itself after trailer, signature, hash and structure hold; nothing was taken in."""

    file: Path
    ledger: str
    ledger_code: str
    unit: str
    unit_name: str
    period: str
    site: str
    code: str
    program: str
    plan: str
    operations: int
    heads: str
    size: int
    title: str
    large: bool
    """It brings so much that `join` and `revive_office` want to be told that it shall be read all the same."""


_NAMING = tuple(f'"kind":"{kind}"'.encode() for kind in ("ledger", "site", "unit", "document"))
"""In the canonical bytes of every operation that says who wrote a copy and what of."""


def inspect(file: Path, *, large: bool = False) -> Inspected:
    """Look at a copy without any ledger; of what it holds only what names it is read.

    TooLarge for one of which even that is too much, unless it shall be read all the same (`large`).
    """
    operations, read = [], 0
    with open_copy(file, large=large) as copy:
        manifest = copy.manifest
        copy.operation_ids()
        unusual = copy.unusual
        for item in copy.operations(set()):
            if any(name in item.data for name in _NAMING):
                read += len(item.data)
                if read > amounts.NEW_BYTES and not large:
                    raise TooLarge(f"方案和电脑 {read // 2**20} MB 以上")
                operations.append(parse(item.data))
    name, title = _names(operations, manifest.unit)
    authority = Authority(manifest.ledger)
    for operation in certificates_first(operations):
        authority.learn(operation)
    scope = kinds.ALL if manifest.site in authority.seats else manifest.unit or kinds.ALL
    return Inspected(
        file=file,
        ledger=manifest.ledger,
        ledger_code=ledger_code(manifest.ledger),
        unit=manifest.unit,
        unit_name=name,
        period=manifest.period,
        site=manifest.site,
        code=site_code(manifest.ledger, scope, manifest.site),
        program=manifest.program,
        plan=manifest.plan,
        operations=manifest.operations,
        heads=manifest.heads,
        size=file.stat().st_size,
        title=title,
        large=unusual,
    )


def _names(operations: Iterable[Operation], unit: str) -> tuple[str, str]:
    """The unit's name and the plan's title as the copy's own operations say them."""
    name = title = ""
    for operation in operations:
        for revision in operation.revisions:
            if revision.kind == "unit" and revision.key == unit:
                name = str(revision.set.get("name", name))
            elif revision.kind == "document":
                title = str(revision.set.get("title", title))
    return name, title


def join(
    copy: Path,
    path: Path,
    *,
    clock: Clock = system_clock,
    author: str = "",
    pc: str = "",
    large: bool = False,
) -> Ledger:
    """Open the copy the office handed out: a unit's new ledger on this PC.  Takes only copies signed by a seat.

    `large`: it shall be read however much it brings.
    """
    with open_copy(copy, large=large) as file:
        manifest = file.manifest
        if not manifest.unit:
            raise RuleBroken(
                "not_handed_out", "这不是下发给某个单位的副本，本机没法知道是哪个单位；请向区里要下发副本。"
            )
        pair = keys.load_key(manifest.ledger, manifest.unit) or keys.new_key()
        with building(path) as part:
            joined = Ledger(
                Journal.create(part, ledger=manifest.ledger, holds=manifest.unit, site=pair.site), clock=clock
            )
            try:
                take_whole(joined, file)
            finally:
                joined.close()
            # Before the ledger gets its name: one without its key could never be written.
            if keys.load_key(manifest.ledger, manifest.unit) is None:
                keys.store_key(manifest.ledger, manifest.unit, pair)
    return open_ledger(path, clock=clock, author=author)


def revive_office(
    copy: Path, path: Path, code: str, *, clock: Clock = system_clock, pc: str = "", large: bool = False
) -> Ledger:
    """The office's ledger again from any copy and the 恢复单, when its PC died without a backup.

    Holds what that copy holds; merging the other units' copies brings the rest, the office's own decisions included.
    `large`: it shall be read however much it brings.
    """
    founder = keys.from_recovery_code(code)
    with open_copy(copy, large=large) as file, building(path) as part:
        ledger_id = file.manifest.ledger
        held = keys.load_key(ledger_id, kinds.ALL)
        pair = held or keys.new_key()
        made = Ledger(Journal.create(part, ledger=ledger_id, holds=EVERYTHING, site=pair.site), clock=clock)
        try:
            take_whole(made, file, founder=founder.site)
            if held is None:
                keys.store_key(ledger_id, kinds.ALL, pair)
            recover(made, code, pc=pc)
        finally:
            made.close()
    return open_ledger(path, clock=clock)


@dataclass(frozen=True, slots=True)
class Travelled:
    """One line of 往来记录: a copy that came in or went out.  `verdict`: merged, known, refused, hand_out, export."""

    at: str
    incoming: bool
    file: str
    unit: str
    period: str
    code: str
    verdict: str
    text: str
    heads: str
    undone: bool


def list_travelled(ledger: Ledger) -> tuple[Travelled, ...]:
    """Every copy that came in or went out, the latest first."""
    seats = ledger.seats()
    undone = {s.seq for s in ledger.journal.steps() if s.what == "merge" and s.undone}
    return tuple(
        Travelled(
            at=row["at"],
            incoming=row["direction"] == "in",
            file=row["file"],
            unit=row["unit"],
            period=row["period"],
            code=_code(ledger, row["site"], "" if row["site"] in seats else row["unit"]),
            verdict=row["verdict"],
            text=row["text"],
            heads=row["heads"],
            undone=row["step"] in undone and row["verdict"] == MERGED,
        )
        for row in reversed(ledger.journal.packages())
    )


def _code(ledger: Ledger, site: str, unit: str) -> str:
    """核对码 of a copy's writer; empty for a file that did not even say who wrote it."""
    return site_code(ledger.id, unit or kinds.ALL, site) if site else ""


def note_refused(ledger: Ledger, packages: Iterable[Package]) -> None:
    """Put copies that were refused beside a merge into the log: somebody may ask what became of them.

    A merge notes those itself that it could read; these are the others, and those that were not even tried again.
    """
    rows = [
        {
            "at": ledger.now(),
            "direction": "in",
            "file": package.file.name,
            "site": package.site,
            "unit": package.unit,
            "period": package.period,
            "heads": "",
            "verdict": REFUSED,
            "text": package.text,
            "held": "",
            "lacks": "",
        }
        for package in packages
        if package.verdict == REFUSED
    ]
    if rows:
        ledger.journal.log_packages(rows)


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether the office's answer held everything this PC has written: 区里已收到本机全部内容 or what is missing."""

    answered: bool
    missing: tuple[str, ...]
    """Titles of this unit's operations that the last hand-out did not have."""
    missing_count: int


def compare_with_answer(ledger: Ledger) -> Compared:
    """Compare with every hand-out merged here: what one of them held, the office has, whichever came last.

    What the office itself wrote, it has; only what this unit's PCs wrote can be missing there.
    """
    seats = ledger.seats()
    answers = [
        (row["step"], set(row["lacks"].split("\n")))
        for row in ledger.journal.packages()
        if row["direction"] == "in" and row["verdict"] in (MERGED, KNOWN) and row["site"] in seats
    ]
    if not answers:
        return Compared(False, (), 0)
    titles = [
        o.title
        for step, o in ledger.journal.operations_in(ledger.unit)
        if o.site not in seats and not any(step <= at and o.id not in lacks for at, lacks in answers)
    ]
    return Compared(True, tuple(titles), len(titles))
