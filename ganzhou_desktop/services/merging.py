"""Merging copies: check, insert what is new, recompute; all acceptable copies in one transaction, or a preview of it."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzhou_desktop.domain import acceptance, kinds
from ganzhou_desktop.domain.acceptance import Authority, Incoming, Refused, check_package
from ganzhou_desktop.domain.canonical import Json, same_code, site_code
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.services.ledgers import Ledger, snapshot
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.copies import Manifest, open_copy
from ganzhou_desktop.store.journal import Change, RecordRow, Writing, read_authority

MERGED = "merged"
KNOWN = "known"
REFUSED = "refused"

NEW = "new"
CHANGED = "changed"
CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a merge would change (or has changed): what lay here before, what lies here after."""

    unit: str
    record: str
    kind: str
    key: str
    field: str
    how: str
    """`new`, `changed` or `contested` (both values kept)."""
    before: Json
    after: Json
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class Package:
    """The verdict on one copy.  `code`: 核对码 of its writer, or of the key to be trusted first."""

    file: Path
    verdict: str
    reason: str
    text: str
    unit: str = ""
    period: str = ""
    site: str = ""
    code: str = ""
    new: int = 0
    conflicts: int = 0
    changes: tuple[FieldChange, ...] = ()
    handed_out: bool = False
    """Signed by a seat: an answer of the office."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge did, or on a dry run would do."""

    packages: tuple[Package, ...]
    done: bool

    @property
    def refused(self) -> tuple[Package, ...]:
        return tuple(p for p in self.packages if p.verdict == REFUSED)


@dataclass(slots=True)
class _Arrived:
    """A copy that passed the first checks and waits for its operations to be judged."""

    file: Path
    manifest: Manifest
    incoming: list[Incoming]
    proofs: list[tuple[str, str, bytes]]
    lacks: list[str]
    refusal: Refused | None = None
    verdict: Package | None = None


class _DryRun(Exception):
    """Leaves the transaction without a trace."""


def merge(
    ledger: Ledger,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    trust: Sequence[str] = (),
    progress: Callable[[int, int], bool] | None = None,
) -> Merge:
    """Merge copies into this ledger.  Refused ones are listed with their reason and change nothing.

    `trust`: 核对码 the clerk compared with the stamped form; only a seat may accept keys.  With `dry_run` everything
    is done but the last step.  `progress(done, total)` may answer False: then nothing is merged.
    """
    if trust:
        ledger.needs_office()
    verdicts: dict[Path, Package] = {}
    arrived: list[_Arrived] = []
    files = list(dict.fromkeys(files))
    held = {i for ids in ledger.journal.operation_ids().values() for i in ids}
    held_proof = ledger.journal.proof_hashes()
    stopped = ledger.journal.stopped_sites()
    for number, file in enumerate(files):
        if progress is not None and not progress(number, len(files)):
            raise RuleBroken("cancelled", "已取消合入，台账没有变化。")
        try:
            arrived.append(_read(ledger, file, held, held_proof, stopped))
        except LedgerError as exc:
            verdicts[file] = Package(file, REFUSED, exc.code, exc.text)
    merged = False
    if arrived:
        if not dry_run and any(a.incoming or a.proofs for a in arrived):
            snapshot(ledger, "合入前")
        try:
            with ledger.journal.writing(
                at=ledger.now(), what="merge", nature="merge", title=f"合入 {len(arrived)} 份副本"
            ) as writing:
                _take_all(ledger, writing, arrived, trust)
                _log(ledger, writing, arrived)
                merged = any(a.verdict is not None and a.verdict.verdict == MERGED for a in arrived)
                if dry_run or not merged:
                    raise _DryRun
        except _DryRun:
            pass
        if not merged and not dry_run:
            _remember(ledger, arrived)
    for one in arrived:
        assert one.verdict is not None
        verdicts[one.file] = one.verdict
    return Merge(tuple(verdicts[file] for file in files), done=merged and not dry_run)


def _read(
    ledger: Ledger, file: Path, held: set[str], held_proof: set[tuple[str, str]], stopped: set[tuple[str, str]]
) -> _Arrived:
    if file.exists() and ledger.path.exists() and file.samefile(ledger.path):
        raise RuleBroken("own_ledger", "这就是正在使用的台账本身，不用合入；请选对方导出的 .gzcopy 副本。")
    with open_copy(file) as copy:
        manifest = copy.manifest
        if manifest.ledger != ledger.id:
            raise RuleBroken("other_ledger", "这是另一本台账的副本，不能合入这本台账；请核对是不是拿错了文件。")
        foreign = [s for s in manifest.scopes if not ledger.journal.holds_scope(s)]
        if foreign:
            raise RuleBroken(
                "foreign_scope", "这份副本含有其他单位的内容，责任单位的电脑不能合入；请改用区里给本单位的下发副本。"
            )
        if any((scope, manifest.site) in stopped for scope in (*manifest.scopes, kinds.ALL)):
            raise RuleBroken("stopped", "写这份副本的电脑已经停用，没有合入；确需接收，请区里先恢复这台电脑。")
        ids = set(copy.operation_ids())
        mine = ledger.journal.operation_ids([ledger.unit]).get(ledger.unit, []) if ledger.unit else []
        lacks = [i for i in mine if i not in ids]
        return _Arrived(file, manifest, list(copy.operations(held)), list(copy.proof(held_proof)), lacks)


def _take_all(ledger: Ledger, writing: Writing, arrived: list[_Arrived], trust: Sequence[str]) -> None:
    """Try the copies again until no more becomes acceptable."""
    authority = read_authority(writing.connection, ledger.id)
    taken: set[str] = set()
    taken_proof: set[tuple[str, str]] = set()
    records: dict[str, str] = {}
    moved = True
    while moved:
        moved = False
        for one in arrived:
            if one.verdict is not None and one.verdict.verdict != REFUSED:
                continue
            if one.refusal is not None and not one.refusal.waiting and not one.refusal.unknown:
                continue
            try:
                authority = _take(ledger, writing, one, authority, taken, taken_proof, records)
                moved = True
            except Refused as exc:
                one.refusal = exc
                if exc.unknown and _trusted(ledger, writing, exc.unknown, trust):
                    authority = read_authority(writing.connection, ledger.id)
                    one.refusal, moved = None, True
                    continue
                one.verdict = _refusal(ledger, one, exc)
            except LedgerError as exc:
                one.refusal = Refused(exc.code, exc.text)
                one.verdict = _refusal(ledger, one, exc)


def _take(
    ledger: Ledger,
    writing: Writing,
    one: _Arrived,
    authority: Authority,
    taken: set[str],
    taken_proof: set[tuple[str, str]],
    records: dict[str, str],
) -> Authority:
    incoming = [i for i in one.incoming if i.id not in taken]
    operations, after = check_package(
        incoming,
        authority=authority,
        held=writing,
        accepted_records=records,
        scopes=frozenset(one.manifest.scopes),
        verify=keys.verify,
    )
    handed_out = _check_carrier(ledger, one.manifest, after)
    signatures = {i.id: i.signature for i in incoming}
    touched = {o.record(n) for o in operations for n in range(len(o.revisions))}
    before = writing.records_by_id(touched)
    writing.insert([(o, signatures[o.id]) for o in operations])
    changes = _changes(before, writing.records_by_id(touched))
    for scope, digest, data in one.proofs:
        if (scope, digest) not in taken_proof:
            writing.insert_proof(scope, digest, data)
            taken_proof.add((scope, digest))
    taken.update(signatures)
    for operation in operations:
        for position in range(len(operation.revisions)):
            records[operation.revision_id(position)] = operation.record(position)
    fresh = bool(operations or one.proofs)
    one.verdict = Package(
        one.file,
        MERGED if fresh else KNOWN,
        "",
        _sentence(ledger, one.manifest, operations, changes, fresh=fresh, handed_out=handed_out),
        unit=one.manifest.unit,
        period=one.manifest.period,
        site=one.manifest.site,
        code=_carrier_code(ledger, one.manifest, handed_out=handed_out),
        new=len(operations),
        conflicts=sum(c.how == CONTESTED for c in changes),
        changes=changes,
        handed_out=handed_out,
    )
    return after


def _check_carrier(ledger: Ledger, manifest: Manifest, authority: Authority) -> bool:
    """Whether the copy was signed by a seat; Refused unless its signer may speak for every scope in it."""
    if manifest.site in authority.seats:
        return True
    unit = manifest.unit
    if not unit:
        raise Refused("no_authority", "这份副本含有多个单位的内容，却不是区级汇总的电脑写的，不能合入；请核实来历。")
    if authority.part(manifest.site, unit) is None:
        if not ledger.office:
            raise Refused("unknown_key", "写这份副本的电脑还没有经区里认可；请先交区里合入，再用区里的下发副本。")
        raise acceptance.unknown_key({site_code(ledger.id, unit, manifest.site): (unit, manifest.site)})
    return False


def _trusted(ledger: Ledger, writing: Writing, unknown: Mapping[str, tuple[str, str]], trust: Sequence[str]) -> bool:
    """Certify the unknown keys if the clerk compared every one of their codes."""
    if not all(any(same_code(typed, code) for typed in trust) for code in unknown):
        return False
    pair, at = ledger.key(), ledger.now()
    for code, (scope, site) in unknown.items():
        writing.write(
            pair,
            scope=scope,
            act=secrets.token_hex(16),
            author=ledger.author,
            at=at,
            title=f"认可电脑 {code}",
            changes=[Change("site", site, {"stopped": False})],
        )
    return True


def _refusal(ledger: Ledger, one: _Arrived, exc: LedgerError) -> Package:
    unknown = exc.unknown if isinstance(exc, Refused) else {}
    text = exc.text
    if unknown and not ledger.office:
        text = "里面有区里还没有认可的电脑写的内容；请先交区里合入，再用区里的下发副本。"
    code = next(iter(sorted(unknown)), "") or _carrier_code(ledger, one.manifest, handed_out=False)
    return Package(
        one.file,
        REFUSED,
        exc.code,
        text,
        unit=one.manifest.unit,
        period=one.manifest.period,
        site=one.manifest.site,
        code=code,
        new=len(one.incoming),
    )


def _carrier_code(ledger: Ledger, manifest: Manifest, *, handed_out: bool) -> str:
    return site_code(ledger.id, kinds.ALL if handed_out or not manifest.unit else manifest.unit, manifest.site)


def _changes(before: Mapping[str, RecordRow], after: Mapping[str, RecordRow]) -> tuple[FieldChange, ...]:
    found = []
    for record, row in after.items():
        old = before.get(record)
        for name, held in row.fields.items():
            was = old.fields.get(name) if old is not None else None
            if was is not None and (was.value, was.contested, was.writes) == (held.value, held.contested, held.writes):
                continue
            if held.contested:
                if was is not None and was.contested and was.value == held.value:
                    continue
                how = CONTESTED
            elif was is None or was.value is None:
                how = NEW
            elif was.value == held.value and not was.contested:
                continue
            else:
                how = CHANGED
            found.append(
                FieldChange(
                    row.scope,
                    record,
                    row.kind,
                    row.key,
                    name,
                    how,
                    None if was is None else was.value,
                    held.value,
                    held.at,
                    held.author,
                )
            )
    return tuple(found)


def _sentence(
    ledger: Ledger,
    manifest: Manifest,
    operations: Sequence[Operation],
    changes: Sequence[FieldChange],
    *,
    fresh: bool,
    handed_out: bool,
) -> str:
    if not fresh:
        return "里面的内容这里都已经有了，不用再合。"
    contested = sum(c.how == CONTESTED for c in changes)
    more = f"，其中 {contested} 处两处不一致，两个值都留着，等人裁定" if contested else ""
    who = "区里的答复" if handed_out and not ledger.office else "新内容"
    return f"{who} {len(operations)} 步、改动 {len(changes)} 处{more}。"


def _log(ledger: Ledger, writing: Writing, arrived: Sequence[_Arrived]) -> None:
    for one in arrived:
        if one.verdict is not None:
            writing.log_package(**_package_row(ledger, one))


def _remember(ledger: Ledger, arrived: Sequence[_Arrived]) -> None:
    """Copies that brought nothing new still tell what proof their writer holds."""
    known = [a for a in arrived if a.verdict is not None and a.verdict.verdict == KNOWN]
    if known:
        ledger.journal.log_packages([_package_row(ledger, a) for a in known])


def _package_row(ledger: Ledger, one: _Arrived) -> dict[str, Any]:
    assert one.verdict is not None
    return {
        "at": ledger.now(),
        "direction": "in",
        "file": one.file.name,
        "site": one.manifest.site,
        "unit": one.manifest.unit,
        "period": one.manifest.period,
        "heads": one.manifest.heads,
        "verdict": one.verdict.verdict,
        "text": one.verdict.text,
        "held": "\n".join(one.manifest.held),
        "lacks": "\n".join(one.lacks),
    }


def take_whole(
    ledger: Ledger,
    file: Path,
    manifest: Manifest,
    incoming: Sequence[Incoming],
    proofs: Sequence[tuple[str, str, bytes]],
) -> None:
    """Fill a new, empty ledger from a handed-out copy; the founding key is pinned by the ledger's id."""
    with ledger.journal.writing(at=ledger.now(), what="merge", nature="join", title="接收下发副本") as writing:
        one = _Arrived(file, manifest, list(incoming), list(proofs), [])
        authority = Authority(ledger.id)
        operations, after = check_package(
            one.incoming,
            authority=authority,
            held=writing,
            accepted_records={},
            scopes=frozenset(manifest.scopes),
            verify=keys.verify,
        )
        if not after.founder or manifest.site not in after.seats:
            raise RuleBroken(
                "not_by_office", "这份副本不是区级汇总的电脑下发的，不能用它建立台账；请向区里要下发副本。"
            )
        signatures = {i.id: i.signature for i in one.incoming}
        writing.insert([(o, signatures[o.id]) for o in operations])
        for scope, digest, data in one.proofs:
            writing.insert_proof(scope, digest, data)
        one.verdict = Package(file, MERGED, "", "", new=len(operations))
        _log(ledger, writing, [one])
