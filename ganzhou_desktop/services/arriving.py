"""A copy that arrives: what of it can be judged by itself, and what is kept of it until its operations are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Authority, Incoming, Refused
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.merge_verdicts import CHANGED_SINCE, Package
from ganzhou_desktop.store import amounts
from ganzhou_desktop.store.amounts import TooLarge
from ganzhou_desktop.store.copies import CopyFile, Going, Manifest, damaged, open_copy
from ganzhou_desktop.store.engine import failures_told


@dataclass(slots=True)
class Arrived:
    """A copy that passed the first checks and waits for its operations to be judged.

    Of its proof only the names stay in memory, and of its operations the bytes if they are not too many: what is not
    kept is read again when it is taken in.  Parsed they are only while they are judged.
    """

    file: Path
    manifest: Manifest
    new: frozenset[str]
    """Ids of its operations that are not held."""
    kept: list[Incoming] | None
    proofs: list[tuple[str, str]]
    lacks: list[str]
    heavy: bool
    """Not read yet: its writer's 核对码 comes first, or the clerk's word that it shall be read however large it is."""
    beyond: TooLarge | None
    """Why the clerk is asked."""
    large: bool
    """The clerk said so."""
    verified: bool = False
    """Its signatures were checked."""
    refused: Refused | None = None
    under: Authority | None = None
    """Why it waits, and who might write when it was judged."""
    verdict: Package | None = None
    over: bool = False
    """Taken in, or refused for what no other copy can mend."""

    def incoming(self, going: Going) -> list[Incoming]:
        """Its operations that are not held."""
        if self.kept is not None:
            return self.kept
        with self.again(going) as copy:
            copy.operation_ids()
            return [i for i in copy.operations(set()) if i.id in self.new]

    @contextmanager
    def again(self, going: Going) -> Iterator[CopyFile]:
        """The same copy once more; RuleBroken where it is gone or another: that stops this one and no other."""
        try:
            with open_copy(self.file, large=self.large, going=going) as copy:
                if copy.manifest != self.manifest:
                    raise damaged("读到一半时被换掉了")
                yield copy
        except EnvironmentFailed as exc:
            raise RuleBroken(exc.code, exc.text) from exc

    def may_have_changed(self, authority: Authority, taken: set[str]) -> bool:
        """Whether what it waits for may have come since it was judged."""
        if self.refused is None:
            return True
        return self.refused.missing <= taken if self.refused.missing else authority != self.under


_HEAVY = 4 * 1024 * 1024
"""Bytes of operations that are read of whoever wrote them: nothing about a smaller copy has to be asked first."""


@dataclass(slots=True)
class Here:
    """What lies here, asked once for all copies."""

    operations: set[str]
    own: list[str]
    """Ids of this unit's own operations; none at the office."""
    proof: set[tuple[str, str]]
    stopped: set[tuple[str, str]]
    authority: Authority
    room: int = 64 * 1024 * 1024
    """How many bytes of operations may yet be kept in memory until they are judged."""

    @classmethod
    def of(cls, ledger: Ledger) -> "Here":
        ids = ledger.journal.operation_ids()
        own = ids.get(ledger.unit, []) if ledger.unit else []
        held = {i for some in ids.values() for i in some}
        journal = ledger.journal
        return cls(held, own, journal.proof_hashes(), journal.stopped_sites(), journal.authority())

    def knows(self, manifest: Manifest) -> bool:
        """Whether a copy's writer is certified already."""
        return self.authority.part(manifest.site, manifest.unit) is not None


def read(
    ledger: Ledger, file: Path, here: Here, *, large: bool = False, seal: str | None = None, going: Going
) -> Arrived:
    """Read a copy as far as it can be judged by itself; LedgerError when it is refused.

    `large`: it shall be read however much it is; `seal`: of the copy that was looked at under this name.
    """
    with failures_told(file):
        own = file.exists() and file.samefile(ledger.path)
    if own:
        raise RuleBroken("own_ledger", "这就是正在使用的台账本身，不用合入；请选对方导出的 .gzcopy 副本。")
    with open_copy(file, large=large, going=going) as copy:
        manifest = copy.manifest
        if seal is not None and manifest.seal != seal:
            raise RuleBroken(CHANGED_SINCE, "这份副本在预览以后换成了另一份，没有合入；请看过新的预览再合入。")
        if manifest.ledger != ledger.id:
            raise RuleBroken("other_ledger", "这是另一本台账的副本，不能合入这本台账；请核对是不是拿错了文件。")
        foreign = [s for s in manifest.scopes if not ledger.journal.holds_scope(s)]
        if foreign:
            raise RuleBroken(
                "foreign_scope", "这份副本含有其他单位的内容，责任单位的电脑不能合入；请改用区里给本单位的下发副本。"
            )
        if any((scope, manifest.site) in here.stopped for scope in (*manifest.scopes, kinds.ALL)):
            raise stopped_writer()
        ids = set(copy.operation_ids())
        lacks = [i for i in here.own if i not in ids]
        # Proof is a unit's; what a unit's PC puts beside the plan would be kept by everybody and named by nobody.
        units = set(manifest.scopes) - {kinds.ALL}
        proofs = [(scope, digest) for scope, digest, _ in copy.proof(here.proof) if scope in units]
        beyond, heavy = None, False
        if manifest.size > min(_HEAVY, amounts.NEW_BYTES) or manifest.operations > amounts.NEW_OPERATIONS:
            beyond = copy.beyond(here.operations)
            heavy = beyond is not None or (not here.knows(manifest) and copy.weight(here.operations).size > _HEAVY)
        kept = None if heavy else _kept(copy, here)
        return Arrived(file, manifest, frozenset(ids - here.operations), kept, proofs, lacks, heavy, beyond, large)


def stopped_writer() -> RuleBroken:
    """A copy written by a PC that is 停用."""
    return RuleBroken("stopped", "写这份副本的电脑已经停用，没有合入；确需接收，请区里先恢复这台电脑。")


def _kept(copy: CopyFile, here: Here) -> list[Incoming] | None:
    kept = []
    for item in copy.operations(here.operations):
        here.room -= len(item.data)
        if here.room < 0:
            return None
        kept.append(item)
    return kept
