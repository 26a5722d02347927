"""Merging copies: check, insert what is new, recompute; all acceptable copies in one transaction, or a preview of it."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from ganzhou_desktop.domain import acceptance, kinds
from ganzhou_desktop.domain.acceptance import Authority, Incoming, Refused, check_package, read_package
from ganzhou_desktop.domain.canonical import (
    Json,
    encode,
    instant_text,
    record_id,
    same_code,
    sha256_hex,
    site_code,
)
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services.backups import snapshot
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.copies import CopyFile, Manifest, open_copy
from ganzhou_desktop.store.engine import failures_told
from ganzhou_desktop.store.journal import Change, FieldRow, RecordRow, Writing, read_authority

MERGED = "merged"
KNOWN = "known"
REFUSED = "refused"

FAR_AHEAD = timedelta(days=1)
"""A clock that far ahead of this PC's is told of; it never refuses anything."""

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
    beside: Json = None
    """For `contested`: the value that came and now stands beside the one held here."""
    about: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    """The record's fields as they would be: what an entry or an application is called by."""


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
    at: str = ""
    """When its latest new operation was written, by that PC's clock."""
    to_trust: tuple[str, ...] = ()
    """The 核对码 of every key that must be trusted before this copy can be taken in."""


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
    """A copy that passed the first checks and waits for its operations to be judged.

    Of its proof only the names stay in memory; the bytes are read again when it is taken in.
    """

    file: Path
    manifest: Manifest
    incoming: list[Incoming]
    proofs: list[tuple[str, str]]
    lacks: list[str]
    operations: list[Operation] | None = None
    verdict: Package | None = None
    over: bool = False
    """Taken in, or refused for what no other copy can mend."""


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
        ledger.needs_key()
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
        before = None
        if not dry_run and any(a.incoming or a.proofs for a in arrived):
            before = snapshot(ledger, "合入前")
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
            if before is not None:
                before.unlink(missing_ok=True)
            _remember(ledger, arrived)
    for one in arrived:
        assert one.verdict is not None
        verdicts[one.file] = one.verdict
    return Merge(tuple(verdicts[file] for file in files), done=merged and not dry_run)


def _read(
    ledger: Ledger, file: Path, held: set[str], held_proof: set[tuple[str, str]], stopped: set[tuple[str, str]]
) -> _Arrived:
    with failures_told(file):
        own = file.exists() and file.samefile(ledger.path)
    if own:
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
        proofs = [(scope, digest) for scope, digest, _ in copy.proof(held_proof)]
        return _Arrived(file, manifest, list(copy.operations(held)), proofs, lacks)


def _take_all(ledger: Ledger, writing: Writing, arrived: list[_Arrived], trust: Sequence[str]) -> None:
    """Try the copies again until no more becomes acceptable."""
    authority = read_authority(writing.connection, ledger.id)
    taken: set[str] = set()
    taken_proof: set[tuple[str, str]] = set()
    moved = True
    while moved:
        moved = False
        for one in arrived:
            if one.over:
                continue
            try:
                operations, after, granted = _judge(ledger, writing, one, authority, taken, trust)
            except RuleBroken as exc:
                one.over = not (isinstance(exc, Refused) and (exc.waiting or exc.unknown))
                one.verdict = _refusal(ledger, one, exc)
                continue
            _certify(ledger, writing, granted, operations)
            _insert(ledger, writing, one, operations, after, taken_proof, len(granted))
            taken.update(o.id for o in operations)
            authority, one.over, moved = after, True, True


def _judge(
    ledger: Ledger, writing: Writing, one: _Arrived, authority: Authority, taken: set[str], trust: Sequence[str]
) -> tuple[list[Operation], Authority, dict[str, tuple[str, str]]]:
    """What this copy brings that is new, who may write after it, and the keys the clerk trusts for it; or Refused.

    Writes nothing: a certificate is only given when the copy it is for is taken in.
    """
    if one.operations is None:
        one.operations = read_package(
            one.incoming, ledger=ledger.id, scopes=frozenset(one.manifest.scopes), verify=keys.verify
        )
    operations = [o for o in one.operations if o.id not in taken]
    granted: dict[str, tuple[str, str]] = {}
    while True:
        try:
            after = check_package(operations, authority=authority, held=writing)
            _check_carrier(ledger, one.manifest, after)
            return operations, after, granted
        except Refused as exc:
            more = {code: key for code, key in exc.unknown.items() if code not in granted}
            if not more or not all(any(same_code(typed, code) for typed in trust) for code in exc.unknown):
                raise
            granted.update(more)
            authority = authority.copy()
            for scope, site in more.values():
                authority.units.setdefault(scope, set()).add(site)


def _insert(
    ledger: Ledger,
    writing: Writing,
    one: _Arrived,
    operations: list[Operation],
    authority: Authority,
    taken_proof: set[tuple[str, str]],
    trusted: int,
) -> None:
    """Take in a copy that passed every check; its verdict says what it changed."""
    signatures = {i.id: i.signature for i in one.incoming}
    touched = sorted({o.record(n) for o in operations for n in range(len(o.revisions))})
    before = writing.records_by_id(touched)
    writing.insert([(o, signatures[o.id]) for o in operations])
    changes = _with_beside(writing, before, _changes(before, writing.records_by_id(touched)))
    proofs = [p for p in one.proofs if p not in taken_proof]
    if proofs:
        with open_copy(one.file) as copy:
            for scope, digest, data in copy.proof(set()):
                if (scope, digest) in proofs:
                    writing.insert_proof(scope, digest, data)
                    taken_proof.add((scope, digest))
    handed_out = one.manifest.site in authority.seats
    fresh = bool(operations or proofs or trusted)
    one.verdict = Package(
        one.file,
        MERGED if fresh else KNOWN,
        "",
        ("已认可写它的电脑；" if trusted else "") + _sentence(ledger, operations, changes, len(proofs), handed_out),
        unit=one.manifest.unit,
        period=one.manifest.period,
        site=one.manifest.site,
        code=_carrier_code(ledger, one.manifest, handed_out=handed_out),
        new=len(operations),
        conflicts=sum(c.how == CONTESTED for c in changes),
        changes=changes,
        handed_out=handed_out,
        at=max((o.at for o in operations), default=""),
    )


def _check_carrier(ledger: Ledger, manifest: Manifest, authority: Authority) -> None:
    """Refused unless the copy's signer may speak for every scope in it: a seat, or a key of its one unit."""
    if manifest.site in authority.seats:
        return
    unit = manifest.unit
    if not unit:
        raise Refused(
            "no_authority",
            "这份副本不是哪一个单位的，却也不是区级汇总的电脑写的，不能合入；请核实这份副本的来历。",
            waiting=True,
        )
    if authority.part(manifest.site, unit) is None:
        if not ledger.office:
            raise Refused(
                acceptance.UNKNOWN_KEY,
                "写这份副本的电脑还没有经区里认可；请先交区里合入，再用区里的下发副本。",
                waiting=True,
            )
        raise acceptance.unknown_key({site_code(ledger.id, unit, manifest.site): (unit, manifest.site)})


def _certify(
    ledger: Ledger, writing: Writing, granted: Mapping[str, tuple[str, str]], operations: Sequence[Operation]
) -> None:
    """Certificates for the keys whose codes the clerk compared; part of the merge, so undone with it.

    They bear the time of the newest thing they let in and an act of their own making, so that a seat that accepts
    the same key with the same copy writes the same operation, in whichever order copies are merged.
    """
    if not granted:
        return
    pair = keys.key_for(ledger.id, ledger.key_scope)
    for code, (scope, site) in granted.items():
        writing.write(
            pair,
            scope=scope,
            act=sha256_hex(encode(["gz-trust-1", ledger.id, scope, site, pair.site]))[:32],
            author=ledger.author,
            at=max((o.at for o in operations if o.site == site), default=ledger.now()),
            title=f"认可电脑 {code}",
            changes=[Change("site", site, {"stopped": False})],
        )


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
        to_trust=tuple(sorted(unknown)) if ledger.office else (),
    )


def _carrier_code(ledger: Ledger, manifest: Manifest, *, handed_out: bool) -> str:
    return site_code(ledger.id, kinds.ALL if handed_out or not manifest.unit else manifest.unit, manifest.site)


def _changes(before: Mapping[str, RecordRow], after: Mapping[str, RecordRow]) -> tuple[FieldChange, ...]:
    found = []
    for record, row in sorted(after.items(), key=lambda item: (item[1].scope, item[1].kind, item[1].key)):
        old = before.get(record)
        for name, held in row.fields.items():
            was = old.fields.get(name) if old is not None else None
            how = _how(was, held)
            if how is not None:
                earlier = None if was is None else was.value
                found.append(_change(row, name, how, earlier, held.value, held.at, held.author))
        gone = old is not None and old.deleted
        if row.deletion_contested and not (old is not None and old.deletion_contested):
            found.append(_change(row, DELETED, CONTESTED, gone, False, "", ""))
        elif row.deleted != gone and old is not None:
            found.append(_change(row, DELETED, CHANGED, gone, row.deleted, "", ""))
    return tuple(found)


def _how(was: FieldRow | None, held: FieldRow) -> str | None:
    """What a merge did to a field; None when it is as it was."""
    if held.contested:
        return None if was is not None and was.contested and set(was.writes) == set(held.writes) else CONTESTED
    if was is None or was.value is None:
        return None if held.value is None and not (was is not None and was.contested) else NEW
    return None if was.value == held.value and not was.contested else CHANGED


def _change(row: RecordRow, name: str, how: str, before: Json, after: Json, at: str, author: str) -> FieldChange:
    about = row.values() if row.kind in ("entry", "application") else {}
    return FieldChange(row.scope, row.id, row.kind, row.key, name, how, before, after, at, author, about=about)


def _with_beside(
    writing: Writing, before: Mapping[str, RecordRow], changes: tuple[FieldChange, ...]
) -> tuple[FieldChange, ...]:
    """Put into contested changes what came: its value, time and author, whichever of the two is shown for now."""
    histories = writing.histories({c.record for c in changes if c.how == CONTESTED})
    found = []
    for change in changes:
        if change.how == CONTESTED:
            _, history, origins = histories[change.record]
            old = before.get(change.record)
            held = set() if old is None or change.field not in old.fields else set(old.fields[change.field].writes)
            came = [c for c in history.candidates(change.field) if c.write not in held] or history.candidates(
                change.field
            )
            author = origins[came[0].write]["author"]
            change = replace(change, beside=came[0].value, at=came[0].at, author=author)
        found.append(change)
    return tuple(found)


def _sentence(
    ledger: Ledger,
    operations: Sequence[Operation],
    changes: Sequence[FieldChange],
    proofs: int,
    handed_out: bool,
) -> str:
    brought = f"佐证 {proofs} 件"
    if not operations:
        return f"内容这里都已经有了，补来{brought}。" if proofs else "里面的内容这里都已经有了，不用再合。"
    contested = sum(c.how == CONTESTED for c in changes)
    more = f"、{brought}" if proofs else ""
    more += f"，其中两处不一致 {contested} 处，两个值都留着，等人裁定" if contested else ""
    ahead = max(o.at for o in operations) > instant_text(ledger.clock() + FAR_AHEAD)
    more += "；写它的电脑时钟比本机快一天以上，请核对两边的日期" if ahead else ""
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


def take_whole(ledger: Ledger, copy: CopyFile, *, founder: str = "") -> None:
    """Fill a new, empty ledger from one copy; the founding key is pinned by the ledger's id.

    A unit's from a hand-out, signed by a seat; or, with the founding key from the 恢复单, the office's from any copy.
    """
    manifest = copy.manifest
    copy.operation_ids()
    with ledger.journal.writing(
        at=ledger.now(), what="merge", nature="join", title="恢复区级台账" if founder else "接收下发副本"
    ) as writing:
        one = _Arrived(copy.path, manifest, list(copy.operations(set())), [], [])
        operations = read_package(one.incoming, ledger=ledger.id, scopes=frozenset(manifest.scopes), verify=keys.verify)
        given = Authority(ledger.id)
        for operation in operations:
            given.learn(operation)
        if founder and given.founder != founder:
            raise RuleBroken("other_recovery", "这张恢复单是另一本台账的，不能用在这本台账上；请核对恢复单上的台账码。")
        if not founder and (not given.founder or manifest.site not in given.seats):
            raise RuleBroken(
                "not_by_office", "这份副本不是区级汇总的电脑下发的，不能用它建立台账；请向区里要下发副本。"
            )
        check_package(operations, authority=given, held=writing)
        signatures = {i.id: i.signature for i in one.incoming}
        writing.insert([(o, signatures[o.id]) for o in operations])
        seat = record_id(ledger.id, kinds.ALL, "site", manifest.site)
        held = writing.records_by_id([seat]).get(seat)
        stopped = None if held is None else held.fields.get("stopped")
        if not founder and stopped is not None and (stopped.value is True or stopped.contested):
            raise RuleBroken("stopped", "写这份副本的电脑已经停用，没有采用；请向区里要新的下发副本。")
        for scope, digest, data in copy.proof(set()):
            writing.insert_proof(scope, digest, data)
        words = "用恢复单从这份副本找回区级台账。" if founder else "接收下发副本，建立本单位的台账。"
        one.verdict = Package(copy.path, MERGED, "", words, new=len(operations))
        _log(ledger, writing, [one])
