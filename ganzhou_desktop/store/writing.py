"""Writing into a ledger: what can be done inside its one transaction, signed operations above all."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import Json, clean_text, record_id
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.operations import MAX_BYTES, Operation, Revision, compose, parse
from ganzhou_desktop.store import projection
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.engine import raw
from ganzhou_desktop.store.keys import KeyPair
from ganzhou_desktop.store.ledger_file import EVERYTHING, LedgerFile
from ganzhou_desktop.store.projection import Touched
from ganzhou_desktop.store.rows import RecordRow, read_row

_REVISIONS_AN_OPERATION = 500
_MEASURED = ("submission", "entry")


@dataclass(frozen=True, slots=True)
class Change:
    """A wanted change of one record; `parents` None means: on top of the present heads."""

    kind: str
    key: str
    set: Mapping[str, Json]
    parents: tuple[str, ...] | None = None


def log_packages(connection: Connection, rows: Sequence[Mapping[str, Any]], step: int | None) -> None:
    """Log copies; the name of a file from outside may hold halves of characters that no text can be made of."""
    texts = ({name: clean_text(row[name]) for name in ("file", "text")} for row in rows)
    connection.execute(
        insert(t.package), [{"step": step, **row, **text} for row, text in zip(rows, texts, strict=True)]
    )


def save_draft(connection: Connection, unit: str, period: str, body: str, saved: str) -> None:
    connection.execute(
        insert(t.draft).prefix_with("OR REPLACE").values(unit=unit, period=period, body=body, saved=saved)
    )


def drop_draft(connection: Connection, unit: str, period: str) -> None:
    connection.execute(delete(t.draft).where(t.draft.c.unit == unit, t.draft.c.period == period))


class Writing:
    """What can be done inside one transaction of a ledger file."""

    def __init__(self, journal: LedgerFile, connection: Connection, step: int) -> None:
        self.journal = journal
        self.connection = connection
        self.step = step

    def write(
        self, signer: KeyPair, *, scope: str, act: str, author: str, at: str, title: str, changes: Sequence[Change]
    ) -> list[Operation]:
        """Sign and take in the changes as one operation (several of one act when they are many)."""
        self._check_own(scope, changes)
        heads = self._heads(scope, changes)
        written = []
        revisions = tuple(
            Revision(c.kind, c.key, tuple(sorted(heads[i] if c.parents is None else c.parents)), c.set)
            for i, c in enumerate(changes)
        )
        for part in _portions(revisions):
            operation = compose(
                ledger=self.journal.ledger,
                scope=scope,
                site=signer.site,
                act=act,
                author=author,
                at=at,
                title=title,
                revisions=part,
            )
            written.append(operation)
        self.insert([(o, signer.sign(o.signed_bytes)) for o in written])
        return written

    def _check_own(self, scope: str, changes: Sequence[Change]) -> None:
        """What the doors of the others would refuse must not be signed here: it could never be taken back."""
        if not self.journal.holds_scope(scope):
            raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能代它填写。")
        known = [kinds.KINDS[c.kind] for c in changes if c.kind in kinds.KINDS]
        if self.journal.holds != EVERYTHING and not (
            scope == self.journal.holds and all(kinds.UNIT in kind.writers for kind in known)
        ):
            raise RuleBroken("office_only", "这件事由区级汇总的电脑来做，本机是责任单位的电脑，没有改动任何数据。")
        begun_on = {p: record_id(self.journal.ledger, scope, c.kind, c.key) for c in changes for p in c.parents or ()}
        if begun_on and self.record_of(begun_on) != begun_on:
            raise RuleBroken("bad_base", "这一步是照着本台账里没有的内容改的，没有保存；请重新打开再改。")

    def _heads(self, scope: str, changes: Sequence[Change]) -> list[tuple[str, ...]]:
        ids = [record_id(self.journal.ledger, scope, c.kind, c.key) for c in changes]
        found = {i: row.heads for i, row in self.records_by_id(ids).items()}
        return [found.get(i, ()) for i in ids]

    def insert(self, signed: Sequence[tuple[Operation, bytes]]) -> Touched:
        """Take in operations that passed the door (or were just written); returns the records as they were and are."""
        if not signed:
            return Touched()
        database = raw(self.connection)
        last = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'operation'").fetchone()
        first = 1 if last is None else last[0] + 1
        database.executemany(
            "INSERT INTO operation (seq, id, scope, bytes, signature, step) VALUES (?, ?, ?, ?, ?, ?)",
            [(first + n, o.id, o.scope, o.data, signature, self.step) for n, (o, signature) in enumerate(signed)],
        )
        self._tell_what_moves([o for o, _ in signed])
        return projection.apply(self.connection, [(first + n, o) for n, (o, _) in enumerate(signed)])

    def _tell_what_moves(self, operations: Sequence[Operation]) -> None:
        """Whoever keeps what he has read asks these two: the plan may be another, or what is measured."""
        if any(o.scope == kinds.ALL for o in operations):
            self.journal.generation += 1
        if any(r.kind in _MEASURED for o in operations for r in o.revisions):
            self.journal.measured += 1

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is done inside is taken back alone when it fails; all else of the transaction stays."""
        with self.connection.begin_nested():
            yield

    def insert_proof(self, scope: str, sha256: str, data: bytes) -> None:
        self.connection.execute(insert(t.proof).values(scope=scope, sha256=sha256, bytes=data, step=self.step))

    def log_packages(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Log copies that this step took in, refused or wrote."""
        if rows:
            log_packages(self.connection, rows, self.step)

    def set_site(self, site: str) -> None:
        """This file is now written by another key (a new PC of the unit, a new seat)."""
        self.connection.execute(update(t.meta).where(t.meta.c.name == "site").values(value=site))
        self.journal.site = site

    def save_draft(self, unit: str, period: str, body: str, saved: str) -> None:
        """Keep a draft in the very transaction that takes its text out of the filing."""
        save_draft(self.connection, unit, period, body, saved)

    def drop_draft(self, unit: str, period: str) -> None:
        """End a draft in the very transaction that files it."""
        drop_draft(self.connection, unit, period)

    def mark_undone(self, step: int) -> None:
        self.connection.execute(update(t.step).where(t.step.c.seq == step).values(undone=1))

    def take_out(self, step: int) -> None:
        """Undo of a merge: delete exactly what that step inserted."""
        rows = self.connection.execute(
            select(t.operation.c.seq, t.operation.c.bytes).where(t.operation.c.step == step)
        ).all()
        operations = [(row.seq, parse(row.bytes)) for row in rows]
        self.connection.execute(delete(t.operation).where(t.operation.c.step == step))
        self._keep_proof_of_drafts(step)
        self.connection.execute(delete(t.proof).where(t.proof.c.step == step))
        self._tell_what_moves([o for _, o in operations])
        projection.forget(self.connection, operations)
        self.mark_undone(step)

    def _keep_proof_of_drafts(self, step: int) -> None:
        """A file that came with a merge and is also attached to a draft here stays, as the draft's."""
        drafts = self.connection.execute(select(t.draft.c.unit, t.draft.c.body)).all()
        came = self.connection.execute(
            select(t.proof.c.seq, t.proof.c.scope, t.proof.c.sha256).where(t.proof.c.step == step)
        ).all()
        for row in came:
            if any(d.unit == row.scope and row.sha256 in d.body for d in drafts):
                self.connection.execute(update(t.proof).where(t.proof.c.seq == row.seq).values(step=None))

    def records_by_id(self, ids: Iterable[str]) -> dict[str, RecordRow]:
        """Current state of these records inside the transaction."""
        return {i: read_row(row) for i, row in projection.stored_rows(raw(self.connection), ids).items()}

    def histories(self, records: Iterable[str]) -> dict[str, tuple[projection.RecordName, Any, projection.Origins]]:
        """The whole history of these records as it stands inside the transaction."""
        return projection.histories(self.connection, records)

    def record_of(self, revisions: Iterable[str]) -> dict[str, str]:
        """Record id of each of these revisions that is held (the door's question)."""
        return projection.record_of(raw(self.connection), revisions)


def _portions(revisions: tuple[Revision, ...]) -> Iterator[tuple[Revision, ...]]:
    """Split what one act does into operations that stay well under the limits of one."""
    part: list[Revision] = []
    size = 0
    for revision in revisions:
        weight = len(json.dumps(dict(revision.set), ensure_ascii=False).encode("utf-8")) + 200
        if part and (len(part) >= _REVISIONS_AN_OPERATION or size + weight > MAX_BYTES // 2):
            yield tuple(part)
            part, size = [], 0
        part.append(revision)
        size += weight
    if part:
        yield tuple(part)
