"""Merging copies: check, insert what is new, recompute; all acceptable copies in one transaction, or a preview of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

from ganzhou_desktop.domain import acceptance, kinds
from ganzhou_desktop.domain.acceptance import Authority, Incoming, Refused, check_package, read_package
from ganzhou_desktop.domain.canonical import (
    code_bytes,
    encode,
    record_id,
    sha256_hex,
    site_code,
)
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.services.arriving import Arrived, Here, read, stopped_writer
from ganzhou_desktop.services.backups import snapshot
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.merge_changes import CHANGED, CONTESTED, NEW, FieldChange, changes_of
from ganzhou_desktop.services.merge_verdicts import (
    CHANGED_SINCE,
    KNOWN,
    MERGED,
    REFUSED,
    TOO_LARGE,
    Merge,
    Package,
    carrier_code,
    package_row,
    refusal,
    sentence,
)
from ganzhou_desktop.store import amounts, keys
from ganzhou_desktop.store.copies import Manifest, damaged
from ganzhou_desktop.store.journal import Change, Writing, is_stopped, read_authority
from ganzhou_desktop.store.keys import KeyPair

__all__ = [
    "CHANGED",
    "CHANGED_SINCE",
    "CONTESTED",
    "KNOWN",
    "MERGED",
    "NEW",
    "REFUSED",
    "TOO_LARGE",
    "FieldChange",
    "Merge",
    "Package",
    "merge",
]


class _DryRun(Exception):
    """Leaves the transaction without a trace."""


class _Cancelled(RuleBroken):
    """The clerk wants no more of it."""

    def __init__(self) -> None:
        super().__init__("cancelled", "已取消合入，台账没有变化。")


class _Pace:
    """How far a merge has come, and whether it may go on."""

    def __init__(self, progress: Callable[[int, int], bool] | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, -1

    def next(self) -> None:
        """One copy more is begun; those tried again count no further."""
        self._done = min(self._done + 1, self._total - 1)
        self.going()

    def going(self) -> None:
        """Raise if it was cancelled."""
        if self._progress is not None and not self._progress(self._done, self._total):
            raise _Cancelled

    def over(self, items: Iterable[Incoming]) -> Iterator[Incoming]:
        """The same operations, asking now and then."""
        for number, item in enumerate(items):
            if number % 100 == 0:
                self.going()
            yield item


def merge(
    ledger: Ledger,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    trust: Sequence[str] = (),
    large: Collection[Path] = (),
    seen: Mapping[Path, str] | None = None,
    progress: Callable[[int, int], bool] | None = None,
) -> Merge:
    """Merge copies into this ledger.  Refused ones are listed with their reason and change nothing.

    `trust`: 核对码 the clerk compared with the stamped form; only a seat may accept keys.  `large`: copies that shall be
    read however much they bring.  `seen`: the seals a preview told; a file that is another copy by now is refused.
    With `dry_run` everything is done but the last step.  `progress(done, total)`: each copy counts twice, once read and
    once judged; it is asked again and again, and may answer False: then nothing is merged.
    """
    if trust:
        ledger.needs_office()
        ledger.needs_key()
    verdicts: dict[Path, Package] = {}
    arrived: list[Arrived] = []
    files = list(dict.fromkeys(files))
    pace = _Pace(progress, 2 * len(files))
    here = Here.of(ledger)
    seen = seen or {}
    for file in files:
        pace.next()
        try:
            arrived.append(read(ledger, file, here, large=file in large, seal=seen.get(file), going=pace.going))
        except _Cancelled:
            raise
        except LedgerError as exc:
            verdicts[file] = Package(file, REFUSED, exc.code, exc.text)
    merged = False
    if arrived:
        before = None
        bringing = sum(bool(a.new or a.proofs) for a in arrived)
        if not dry_run and bringing:
            before = snapshot(ledger, "合入前")
        try:
            with ledger.journal.writing(
                at=ledger.now(), what="merge", nature="merge", title=f"合入 {bringing or len(arrived)} 份副本"
            ) as writing:
                _take_all(ledger, writing, arrived, trust, pace)
                _log(ledger, writing, arrived, here.proof)
                merged = any(a.verdict is not None and a.verdict.verdict == MERGED for a in arrived)
                if dry_run or not merged:
                    raise _DryRun
        except _DryRun:
            pass
        except BaseException:
            if before is not None:
                before.unlink(missing_ok=True)
            raise
        if not merged and not dry_run:
            if before is not None:
                before.unlink(missing_ok=True)
            _remember(ledger, arrived, here.proof)
    for one in arrived:
        assert one.verdict is not None
        verdicts[one.file] = one.verdict
    return Merge(tuple(verdicts[file] for file in files), done=merged and not dry_run)


def _take_all(ledger: Ledger, writing: Writing, arrived: list[Arrived], trust: Sequence[str], pace: _Pace) -> None:
    """Try the copies again until no more becomes acceptable.

    Those of seats first: a PC that one of them stops is stopped for the others of the same merge, however they lie.
    """
    authority = read_authority(writing.connection, ledger.id)
    arrived = sorted(arrived, key=lambda one: one.manifest.site not in authority.seats)
    trusted = {meant for meant in map(code_bytes, trust) if meant is not None}
    signer = cache(lambda: keys.key_for(ledger.id, ledger.key_scope))
    taken: set[str] = set()
    taken_proof: set[tuple[str, str]] = set()
    moved = True
    while moved:
        moved = False
        for one in arrived:
            if one.over or not one.may_have_changed(authority, taken):
                continue
            pace.next()
            try:
                operations, after, granted = _judge(ledger, writing, one, authority, taken, trusted, pace)
                proofs = _take_proof(writing, one, taken_proof, pace)
            except _Cancelled:
                raise
            except RuleBroken as exc:
                one.over = not (isinstance(exc, Refused) and (exc.waiting or exc.unknown))
                one.refused, one.under = (exc if isinstance(exc, Refused) else None), authority
                one.verdict = refusal(ledger, one.file, one.manifest, len(one.new), exc)
                continue
            _certify(ledger, writing, signer, granted, [o for o, _ in operations])
            _insert(ledger, writing, one, operations, after, proofs, len(granted))
            taken.update(o.id for o, _ in operations)
            authority, one.over, one.kept, moved = after, True, None, True


Signed: TypeAlias = tuple[Operation, bytes]


def _verified(signed: Sequence[keys.Signed]) -> list[bool]:
    return [True] * len(signed)


def _judge(
    ledger: Ledger,
    writing: Writing,
    one: Arrived,
    authority: Authority,
    taken: set[str],
    trusted: set[bytes],
    pace: _Pace,
) -> tuple[list[Signed], Authority, dict[str, tuple[str, str]]]:
    """What this copy brings that is new, who may write after it, and the keys the clerk trusts for it; or Refused.

    Writes nothing: a certificate is only given when the copy it is for is taken in.
    """
    operations: list[Signed] | None = None
    granted: dict[str, tuple[str, str]] = {}
    while True:
        try:
            if operations is None:
                if one.heavy:
                    _check_carrier(ledger, writing, one.manifest, authority)
                    if one.beyond is not None:
                        raise one.beyond
                operations = _operations(ledger, one, taken, pace)
            after = check_package([o for o, _ in operations], authority=authority, held=writing)
            _check_carrier(ledger, writing, one.manifest, after)
            crowded = None if one.large else amounts.crowded([o for o, _ in operations])
            if crowded is not None:
                raise crowded
            return operations, after, granted
        except Refused as exc:
            more = {code: key for code, key in exc.unknown.items() if code not in granted}
            if not more or not all(code_bytes(code) in trusted for code in exc.unknown):
                raise
            granted.update(more)
            authority = authority.copy()
            for scope, site in more.values():
                authority.units.setdefault(scope, set()).add(site)


def _operations(ledger: Ledger, one: Arrived, taken: set[str], pace: _Pace) -> list[Signed]:
    incoming = [i for i in one.incoming(pace.going) if i.id not in taken]
    # What is read again is checked again.
    verify = _verified if one.verified and one.kept is not None else keys.verify_many
    scopes = frozenset(one.manifest.scopes)
    operations = read_package(pace.over(incoming), ledger=ledger.id, scopes=scopes, verify=verify)
    one.verified = True
    signatures = {i.id: i.signature for i in incoming}
    return [(o, signatures[o.id]) for o in operations]


def _take_proof(writing: Writing, one: Arrived, taken: set[tuple[str, str]], pace: _Pace) -> int:
    """Take in its files that are new, all or none; returns how many.  Before its operations: a stick may be gone by now."""
    wanted = {p for p in one.proofs if p not in taken}
    if wanted:
        with writing.apart(), one.again(pace.going) as copy:
            came = set()
            for scope, digest, data in copy.proof(set()):
                pace.going()
                if (scope, digest) in wanted:
                    writing.insert_proof(scope, digest, data)
                    came.add((scope, digest))
            if came != wanted:
                raise damaged("读到一半时被换掉了")
    taken |= wanted
    return len(wanted)


def _insert(
    ledger: Ledger,
    writing: Writing,
    one: Arrived,
    operations: list[Signed],
    authority: Authority,
    proofs: int,
    trusted: int,
) -> None:
    """Take in a copy that passed every check; its verdict says what it changed."""
    changes = changes_of(writing, writing.insert(operations))
    handed_out = one.manifest.site in authority.seats
    fresh = bool(operations or proofs or trusted)
    one.verdict = Package(
        one.file,
        MERGED if fresh else KNOWN,
        "",
        ("已认可写它的电脑；" if trusted else "")
        + sentence(ledger, [o for o, _ in operations], changes, proofs, handed_out),
        unit=one.manifest.unit,
        period=one.manifest.period,
        site=one.manifest.site,
        code=carrier_code(ledger, one.manifest, handed_out=handed_out),
        new=len(operations),
        conflicts=changes.contested,
        changes=changes,
        handed_out=handed_out,
        at=max((o.at for o, _ in operations), default=""),
        seal=one.manifest.seal,
    )


def _check_carrier(ledger: Ledger, writing: Writing, manifest: Manifest, authority: Authority) -> None:
    """Refused unless the copy's signer may speak for every scope in it: a seat, or a key of its one unit."""
    places = [record_id(ledger.id, s, "site", manifest.site) for s in {*manifest.scopes, kinds.ALL}]
    if any(map(is_stopped, writing.records_by_id(places).values())):
        raise stopped_writer()
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
    ledger: Ledger,
    writing: Writing,
    signer: Callable[[], KeyPair],
    granted: Mapping[str, tuple[str, str]],
    operations: Sequence[Operation],
) -> None:
    """Certificates for the keys whose codes the clerk compared; part of the merge, so undone with it.

    They bear the time of the newest thing they let in and an act of their own making, so that a seat that accepts
    the same key with the same copy writes the same operation, in whichever order copies are merged.
    """
    for code, (scope, site) in granted.items():
        pair = signer()
        writing.write(
            pair,
            scope=scope,
            act=sha256_hex(encode(["gz-trust-1", ledger.id, scope, site, pair.site]))[:32],
            author=ledger.author,
            at=max((o.at for o in operations if o.site == site), default=ledger.now()),
            title=f"认可电脑 {code}",
            changes=[Change("site", site, {"stopped": False})],
        )


def _log(ledger: Ledger, writing: Writing, arrived: Sequence[Arrived], held: set[tuple[str, str]]) -> None:
    at = ledger.now()
    proof = held.union(*(a.proofs for a in arrived if a.verdict is not None and a.verdict.verdict == MERGED))
    rows = [package_row(at, a.verdict, a.manifest, proof, a.lacks) for a in arrived if a.verdict is not None]
    writing.log_packages(rows)


def _remember(ledger: Ledger, arrived: Sequence[Arrived], proof: set[tuple[str, str]]) -> None:
    """Copies that brought nothing new still tell what proof their writer holds."""
    known = [
        package_row(ledger.now(), a.verdict, a.manifest, proof, a.lacks)
        for a in arrived
        if a.verdict is not None and a.verdict.verdict == KNOWN
    ]
    if known:
        ledger.journal.log_packages(known)
