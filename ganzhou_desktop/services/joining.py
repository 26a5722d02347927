"""Filling a new, empty ledger from one copy: a unit's from a hand-out, the office's from any copy and the 恢复单."""

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Authority, Refused, check_package, read_package
from ganzhou_desktop.domain.canonical import record_id
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.merge_verdicts import MERGED, Package, package_row
from ganzhou_desktop.store import amounts, keys
from ganzhou_desktop.store.copies import CopyFile
from ganzhou_desktop.store.journal import is_stopped


def take_whole(ledger: Ledger, copy: CopyFile, *, founder: str = "") -> None:
    """Fill a new, empty ledger from one copy; the founding key is pinned by the ledger's id.

    A unit's from a hand-out, signed by a seat; or, with the founding key from the 恢复单, the office's from any copy.
    TooLarge for a copy that brings more than usual, unless it was opened as one that shall be read all the same.
    """
    manifest = copy.manifest
    copy.operation_ids()
    beyond = copy.beyond(set())
    if beyond is not None:
        raise beyond
    with ledger.journal.writing(
        at=ledger.now(), what="merge", nature="join", title="恢复区级台账" if founder else "接收下发副本"
    ) as writing:
        incoming = list(copy.operations(set()))
        operations = read_package(
            incoming, ledger=ledger.id, scopes=frozenset(manifest.scopes), verify=keys.verify_many
        )
        crowded = None if copy.large else amounts.crowded(operations)
        if crowded is not None:
            raise crowded
        given = Authority(ledger.id)
        for operation in operations:
            given.learn(operation)
        if founder and given.founder != founder:
            raise RuleBroken("other_recovery", "这张恢复单是另一本台账的，不能用在这本台账上；请核对恢复单上的台账码。")
        if not founder and (not given.founder or manifest.site not in given.seats):
            raise RuleBroken(
                "not_by_office", "这份副本不是区级汇总的电脑下发的，不能用它建立台账；请向区里要下发副本。"
            )
        whole = True
        try:
            check_package(operations, authority=given, held=writing)
        except Refused as exc:
            if not founder or not exc.unknown:
                raise
            # A unit's first copy is older than its certificate.  What the office wrote is all there; the rest comes
            # when the copy is merged and its 核对码 is compared.
            strangers = set(exc.unknown.values())
            operations = [o for o in operations if (o.scope, o.site) not in strangers]
            check_package(operations, authority=given, held=writing)
            whole = False
        signatures = {i.id: i.signature for i in incoming}
        writing.insert([(o, signatures[o.id]) for o in operations])
        seat = record_id(ledger.id, kinds.ALL, "site", manifest.site)
        if not founder and is_stopped(writing.records_by_id([seat]).get(seat)):
            raise RuleBroken("stopped", "写这份副本的电脑已经停用，没有采用；请向区里要新的下发副本。")
        proof = set()
        for scope, digest, data in copy.proof(set()) if whole else ():
            writing.insert_proof(scope, digest, data)
            proof.add((scope, digest))
        words = "用恢复单从这份副本找回区级台账。" if founder else "接收下发副本，建立本单位的台账。"
        if not whole:
            words = "用恢复单从这份副本找回区级台账；写它的电脑还没有认可，单位的内容请再合入这份副本。"
        writing.log_packages([package_row(ledger.now(), Package(copy.path, MERGED, "", words), manifest, proof)])
