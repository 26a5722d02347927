"""The ledger file: opening, writing signed operations, undoing what was merged, verifying, reading records.

One `Journal` is one open file with one connection.  Every change goes through `writing`: one transaction, one step.
"""

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from ganzhou_desktop import paths
from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Authority, certificates_first
from ganzhou_desktop.domain.canonical import Json, heads_digest, record_id, sha256_hex
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError, RuleBroken
from ganzhou_desktop.domain.operations import MAX_BYTES, NewerFormat, Operation, Revision, compose, parse
from ganzhou_desktop.store import bodies, projection
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.bodies import BodyRow
from ganzhou_desktop.store.chunks import chunks
from ganzhou_desktop.store.engine import (
    APPLICATION_ID,
    FORMAT,
    failures_told,
    memory_engine,
    open_engine,
    os_failure,
    read_only,
)
from ganzhou_desktop.store.keys import KeyPair, verify

EVERYTHING = "*"
"""What an office's ledger holds; a unit's holds `all` and its own scope."""

PROJECTION_DIFFERS = "当前状态与操作记录算出来的不一致；可用“重建”修复，数据不会丢"
"""The one problem that `rebuild` repairs."""

_REVISIONS_AN_OPERATION = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A wanted change of one record; `parents` None means: on top of the present heads."""

    kind: str
    key: str
    set: Mapping[str, Json]
    parents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field's current value with who wrote it; `writes`: its candidates' revision ids, the one shown first."""

    value: Json
    contested: bool
    writes: tuple[str, ...]
    at: str
    author: str
    site: str

    @property
    def operation(self) -> str:
        """Id of the operation that wrote the value shown."""
        return self.writes[0].partition(".")[0]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record's current state."""

    id: str
    scope: str
    kind: str
    key: str
    heads: tuple[str, ...]
    deleted: bool
    contested: bool
    deletion_contested: bool
    fields: Mapping[str, FieldRow] = field(default_factory=dict)

    def values(self) -> dict[str, Json]:
        """Field values that are set (null ones left out)."""
        return {name: row.value for name, row in self.fields.items() if row.value is not None}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done in this file: a write, a merge, an export."""

    seq: int
    at: str
    what: str
    nature: str
    title: str
    act: str
    undone: bool


class Journal:
    """An open ledger file.  Not thread-safe: one thread uses it at a time."""

    def __init__(self, path: Path, engine: Engine, *, writer: bool) -> None:
        self.path = path
        self.engine = engine
        self.writer = writer
        self.ledger = ""
        self.holds = EVERYTHING
        self.site = ""
        self._scopes = ""
        self.generation = 0
        """Counts writes of scope `all`: a plan that was read at an earlier generation is stale."""

    # -- opening --------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, *, ledger: str, holds: str, site: str) -> "Journal":
        """A new, empty ledger file at `path`, which must not exist."""
        if path.exists():
            raise EnvironmentFailed("exists", f"“{path.name}”已经存在，没有覆盖它；请换个名字或先把它移走。")
        with failures_told(path):
            remove_journal(path)
        journal = cls(path, open_engine(path, writer=True, create=True), writer=True)
        try:
            with failures_told(path), journal.engine.begin() as connection:
                for statement in (
                    (paths.program_root() / "db" / "migrations" / "0001.sql").read_text("utf-8").split(";")
                ):
                    if statement.strip():
                        connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
                projection.create(connection)
                for name, value in (("ledger", ledger), ("holds", holds), ("site", site)):
                    connection.execute(insert(t.meta).values(name=name, value=value))
            journal._read_meta()
        except BaseException:
            journal.close()
            remove_file(path)
            raise
        return journal

    @classmethod
    def open(cls, path: Path, *, writer: bool = True) -> "Journal":
        """Open a ledger file; EnvironmentFailed when it is not one, is newer, locked, damaged or unreadable."""
        _check_header(path, writer=writer)
        killed = writer and path.with_name(path.name + "-journal").exists()
        journal = cls(path, open_engine(path, writer=writer), writer=writer)
        try:
            journal._read_meta()
            older = writer and file_format(path) < FORMAT
            if killed or older:
                # SQLite keeps the file a killed program left until the next write; at rest a ledger is one file.
                with failures_told(path), journal.engine.begin() as connection:
                    if older:
                        bodies.create(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
        except BaseException:
            journal.close()
            raise
        return journal

    def close(self) -> None:
        self.engine.dispose()

    def _read_meta(self) -> None:
        with self.reading() as connection:
            meta = {row.name: row.value for row in connection.execute(select(t.meta))}
        try:
            self.ledger, self.holds, self.site = meta["ledger"], meta["holds"], meta["site"]
        except KeyError as exc:
            raise _not_a_ledger(self.path) from exc

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction."""
        with failures_told(self.path), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, at: str, what: str, nature: str, title: str, act: str = "") -> Iterator["Writing"]:
        """One transaction, recorded as one step; leaving by an exception rolls everything back."""
        if not self.writer:
            raise EnvironmentFailed("read_only", f"“{self.path.name}”是只读打开的，不能改动；请复制到本机硬盘再打开。")
        site = self.site
        try:
            with failures_told(self.path), self.engine.begin() as connection:
                result = connection.execute(
                    insert(t.step).values(at=at, what=what, nature=nature, title=title, act=act, undone=0)
                )
                assert result.inserted_primary_key is not None
                yield Writing(self, connection, int(result.inserted_primary_key[0]))
        except BaseException:
            self.site = site
            self.generation += 1  # what was read inside is no longer so
            raise

    # -- reading --------------------------------------------------------------------------------------------

    def holds_scope(self, scope: str) -> bool:
        return self.holds in (EVERYTHING, scope) or scope == kinds.ALL

    def records(self, wanted: Sequence[str], *, scope: str | None = None, key: str | None = None) -> list[RecordRow]:
        """Records of these kinds that exist (deleted ones included), in one statement."""
        query = (
            select(t.p_record, t.p_field)
            .join(t.p_field, t.p_field.c.record == t.p_record.c.id)
            .where(t.p_record.c.kind.in_(wanted))
            .order_by(t.p_record.c.kind, t.p_record.c.scope, t.p_record.c.key)
        )
        if scope is not None:
            query = query.where(t.p_record.c.scope == scope)
        if key is not None:
            query = query.where(t.p_record.c.key == key)
        return self._rows(query)

    def record(self, record: str) -> RecordRow | None:
        rows = self._rows(
            select(t.p_record, t.p_field)
            .join(t.p_field, t.p_field.c.record == t.p_record.c.id)
            .where(t.p_record.c.id == record)
        )
        return rows[0] if rows else None

    def contested(self) -> list[RecordRow]:
        """Records with 两处不一致."""
        return self._rows(
            select(t.p_record, t.p_field)
            .join(t.p_field, t.p_field.c.record == t.p_record.c.id)
            .where(t.p_record.c.contested)
            .order_by(t.p_record.c.scope, t.p_record.c.kind, t.p_record.c.key)
        )

    def _rows(self, query: Any) -> list[RecordRow]:
        with self.reading() as connection:
            return read_rows(connection, query)

    def bodies(
        self, kind: str, register: str | None = None, *, scope: str | None = None, key: str | None = None
    ) -> list[BodyRow]:
        """Entries or applications that are not deleted, each with all its values, in one statement."""
        with self.reading() as connection:
            return bodies.read(connection, kind, register, scope=scope, key=key)

    def body_counts(self, kind: str) -> dict[tuple[str, str], int]:
        """(register, scope) → how many entries or applications are not deleted."""
        with self.reading() as connection:
            return bodies.counts(connection, kind)

    def histories(self, records: Iterable[str]) -> dict[str, tuple[projection.RecordName, Any, projection.Origins]]:
        with self.reading() as connection:
            return projection.histories(connection, records)

    def steps(self) -> list[Step]:
        """Everything done in this file, oldest first."""
        with self.reading() as connection:
            return [_step(row) for row in connection.execute(select(t.step).order_by(t.step.c.seq))]

    def operations_of_step(self, step: int) -> list[Operation]:
        with self.reading() as connection:
            rows = connection.execute(
                select(t.operation.c.bytes).where(t.operation.c.step == step).order_by(t.operation.c.seq)
            )
            return [parse(row.bytes) for row in rows]

    def arrived_at(self, operations: Sequence[str]) -> str | None:
        """When the last of these operations came into this file (`at` of the step that brought it)."""
        with self.reading() as connection:
            return connection.execute(
                select(func.max(t.step.c.at))
                .join(t.operation, t.operation.c.step == t.step.c.seq)
                .where(t.operation.c.id.in_(list(operations)))
            ).scalar()

    def operations(self) -> Iterator[Operation]:
        """Every operation, in the order of arrival."""
        with self.reading() as connection:
            for row in connection.execute(select(t.operation.c.bytes).order_by(t.operation.c.seq)):
                yield parse(row.bytes)

    def operation(self, wanted: str) -> Operation | None:
        """One operation by its id; None when it is not held."""
        with self.reading() as connection:
            data = connection.execute(select(t.operation.c.bytes).where(t.operation.c.id == wanted)).scalar()
        return None if data is None else parse(data)

    def operations_in(self, scope: str) -> list[tuple[int, Operation]]:
        """(step, operation) of one scope, in the order of arrival."""
        with self.reading() as connection:
            rows = connection.execute(
                select(t.operation.c.step, t.operation.c.bytes)
                .where(t.operation.c.scope == scope)
                .order_by(t.operation.c.seq)
            )
            return [(row.step, parse(row.bytes)) for row in rows]

    def operation_ids(self, scopes: Iterable[str] | None = None) -> dict[str, list[str]]:
        """Ids of all operations held, by scope."""
        query = select(t.operation.c.scope, t.operation.c.id)
        if scopes is not None:
            query = query.where(t.operation.c.scope.in_(list(scopes)))
        found: dict[str, list[str]] = {}
        with self.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.scope, []).append(row.id)
        return found

    def heads(self) -> str:
        """The digest of all operations held."""
        return heads_digest([i for ids in self.operation_ids().values() for i in ids])

    def authority(self) -> Authority:
        """Who may write, from every certificate held: certificates only add."""
        with self.reading() as connection:
            return read_authority(connection, self.ledger)

    def stopped_sites(self) -> set[tuple[str, str]]:
        """(scope, key) of the sites now marked 停用; one that is stopped here and not there counts until decided."""
        found = set()
        for row in self.records(["site"]):
            stopped = row.fields.get("stopped")
            if stopped is not None and (stopped.value is True or stopped.contested):
                found.add((row.scope, row.key))
        return found

    # -- proof and drafts -----------------------------------------------------------------------------------

    def proof(self, scope: str, sha256: str) -> bytes | None:
        with self.reading() as connection:
            return connection.execute(
                select(t.proof.c.bytes).where(t.proof.c.scope == scope, t.proof.c.sha256 == sha256)
            ).scalar()

    def proof_hashes(self, scopes: Iterable[str] | None = None) -> set[tuple[str, str]]:
        """(scope, SHA-256) of the proof files whose bytes lie here."""
        query = select(t.proof.c.scope, t.proof.c.sha256)
        if scopes is not None:
            query = query.where(t.proof.c.scope.in_(list(scopes)))
        with self.reading() as connection:
            return {(row.scope, row.sha256) for row in connection.execute(query)}

    def keep_proof(self, scope: str, data: bytes) -> str:
        """Keep a proof file's bytes (a draft's; no step); returns its SHA-256."""
        digest = sha256_hex(data)
        if (scope, digest) not in self.proof_hashes([scope]):
            with failures_told(self.path), self.engine.begin() as connection:
                connection.execute(insert(t.proof).values(scope=scope, sha256=digest, bytes=data, step=None))
        return digest

    def draft(self, unit: str, period: str) -> tuple[str, str] | None:
        """(body, saved at) of a draft."""
        with self.reading() as connection:
            row = connection.execute(
                select(t.draft.c.body, t.draft.c.saved).where(t.draft.c.unit == unit, t.draft.c.period == period)
            ).one_or_none()
        return None if row is None else (row.body, row.saved)

    def save_draft(self, unit: str, period: str, body: str, saved: str) -> None:
        with failures_told(self.path), self.engine.begin() as connection:
            connection.execute(
                insert(t.draft).prefix_with("OR REPLACE").values(unit=unit, period=period, body=body, saved=saved)
            )

    def drop_draft(self, unit: str, period: str) -> None:
        with failures_told(self.path), self.engine.begin() as connection:
            connection.execute(delete(t.draft).where(t.draft.c.unit == unit, t.draft.c.period == period))

    def packages(self) -> list[dict[str, Any]]:
        """The log of copies, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(select(t.package).order_by(t.package.c.seq))
            return [dict(row._mapping) for row in rows]

    def log_packages(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Log copies outside any step (they changed nothing)."""
        with failures_told(self.path), self.engine.begin() as connection:
            last = connection.execute(select(func.max(t.step.c.seq))).scalar()
            connection.execute(insert(t.package), [{"step": last, **row} for row in rows])

    # -- whole-file checks ----------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Drop the projection and compute it again from the operations."""
        with failures_told(self.path), self.engine.begin() as connection:
            projection.drop(connection)
            projection.create(connection)
            projection.apply(connection, list(_all_operations(connection)))
        self.generation += 1

    def verify(self) -> list[str]:
        """Every problem found in the file, one sentence each; none when all is well."""
        problems: list[str] = []
        with self.reading() as connection:
            for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
                if line != "ok":
                    problems.append(f"文件结构有损坏：{line}")
            operations = []
            known: dict[str, str] = {}
            rows = connection.execute(select(t.operation).order_by(t.operation.c.seq))
            for row in rows:
                problem, operation = _verify_operation(row, self.ledger)
                if problem:
                    problems.append(problem)
                if operation is not None:
                    operations.append(operation)
                    for position in range(len(operation.revisions)):
                        known[operation.revision_id(position)] = operation.record(position)
            problems.extend(_verify_parents(operations, known))
            for row in connection.execute(select(t.proof.c.scope, t.proof.c.sha256, t.proof.c.bytes)):
                if sha256_hex(row.bytes) != row.sha256:
                    problems.append(f"佐证文件 {row.sha256[:12]} 的内容与记录对不上")
            held = projection.dump(connection)
        engine = memory_engine()
        try:
            with engine.begin() as scratch:
                projection.create(scratch)
                projection.apply(scratch, operations, journal={o.id: o for o in operations})
                if projection.dump(scratch) != held:
                    problems.append(PROJECTION_DIFFERS)
        finally:
            engine.dispose()
        return problems

    def counts(self) -> tuple[int, int]:
        """How many operations and revisions are held."""
        with self.reading() as connection:
            operations = connection.execute(select(func.count()).select_from(t.operation)).scalar_one()
            revisions = connection.execute(select(func.count()).select_from(t.p_revision)).scalar_one()
        return int(operations), int(revisions)

    def backup(self, out: Path) -> None:
        """A whole copy of the file through SQLite's backup API: temporary name, read back, renamed."""
        temporary = out.with_name(out.name + ".part")
        with failures_told(out):
            try:
                remove_file(temporary)
                with self.engine.connect() as connection:
                    source = connection.connection.driver_connection
                    assert isinstance(source, sqlite3.Connection)
                    target = sqlite3.connect(temporary)
                    try:
                        source.backup(target)
                    finally:
                        target.close()
                copy = Journal.open(temporary, writer=False)
                try:
                    whole = copy.heads() == self.heads()
                finally:
                    copy.close()
                if not whole:
                    raise EnvironmentFailed("io", f"写好的“{out.name}”读回来对不上；请换个位置再试。")
                # A journal that a killed program left beside the old file would be rolled back into the new one.
                remove_journal(out)
                paths.put_in_place(temporary, out)
            finally:
                remove_file(temporary)


class Writing:
    """What can be done inside one transaction of a Journal."""

    def __init__(self, journal: Journal, connection: Connection, step: int) -> None:
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
        found: dict[str, tuple[str, ...]] = {}
        for batch in chunks(ids):
            rows = self.connection.execute(
                select(t.p_record.c.id, t.p_record.c.heads).where(t.p_record.c.id.in_(batch))
            )
            found.update((row.id, tuple(json.loads(row.heads))) for row in rows)
        return [found.get(i, ()) for i in ids]

    def insert(self, signed: Sequence[tuple[Operation, bytes]]) -> set[str]:
        """Take in operations that passed the door (or were just written); returns the records touched."""
        if not signed:
            return set()
        self.connection.execute(
            insert(t.operation),
            [
                {"id": o.id, "scope": o.scope, "bytes": o.data, "signature": signature, "step": self.step}
                for o, signature in signed
            ],
        )
        self._plan_may_move([o for o, _ in signed])
        return projection.apply(self.connection, [o for o, _ in signed])

    def _plan_may_move(self, operations: Sequence[Operation]) -> None:
        if any(o.scope == kinds.ALL for o in operations):
            self.journal.generation += 1

    def insert_proof(self, scope: str, sha256: str, data: bytes) -> None:
        self.connection.execute(insert(t.proof).values(scope=scope, sha256=sha256, bytes=data, step=self.step))

    def log_package(self, **row: Any) -> None:
        self.connection.execute(insert(t.package).values(step=self.step, **row))

    def set_site(self, site: str) -> None:
        """This file is now written by another key (a new PC of the unit, a new seat)."""
        self.connection.execute(update(t.meta).where(t.meta.c.name == "site").values(value=site))
        self.journal.site = site

    def mark_undone(self, step: int) -> None:
        self.connection.execute(update(t.step).where(t.step.c.seq == step).values(undone=1))

    def take_out(self, step: int) -> None:
        """Undo of a merge: delete exactly what that step inserted."""
        rows = self.connection.execute(select(t.operation.c.bytes).where(t.operation.c.step == step)).all()
        operations = [parse(row.bytes) for row in rows]
        self.connection.execute(delete(t.operation).where(t.operation.c.step == step))
        self._keep_proof_of_drafts(step)
        self.connection.execute(delete(t.proof).where(t.proof.c.step == step))
        self._plan_may_move(operations)
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
        found: dict[str, RecordRow] = {}
        for batch in chunks(ids):
            query = (
                select(t.p_record, t.p_field)
                .join(t.p_field, t.p_field.c.record == t.p_record.c.id)
                .where(t.p_record.c.id.in_(batch))
            )
            found.update((row.id, row) for row in read_rows(self.connection, query))
        return found

    def histories(self, records: Iterable[str]) -> dict[str, tuple[projection.RecordName, Any, projection.Origins]]:
        """The whole history of these records as it stands inside the transaction."""
        return projection.histories(self.connection, records)

    def record_of(self, revisions: Iterable[str]) -> dict[str, str]:
        """Record id of each of these revisions that is held (the door's question)."""
        found: dict[str, str] = {}
        for batch in chunks(revisions):
            rows = self.connection.execute(
                select(t.p_revision.c.id, t.p_revision.c.record).where(t.p_revision.c.id.in_(batch))
            )
            found.update((row.id, row.record) for row in rows)
        return found


def read_rows(connection: Connection, query: Any) -> list[RecordRow]:
    """RecordRows from a query of p_record joined with p_field, in the query's order."""
    found: dict[str, tuple[Any, dict[str, FieldRow]]] = {}
    for row in connection.execute(query):
        _, fields = found.setdefault(row.id, (row, {}))
        fields[row.name] = FieldRow(
            json.loads(row.value), row.contested_1, tuple(json.loads(row.writes)), row.at, row.author, row.site
        )
    return [
        RecordRow(
            id=i,
            scope=row.scope,
            kind=row.kind,
            key=row.key,
            heads=tuple(json.loads(row.heads)),
            deleted=row.deleted,
            contested=row.contested,
            deletion_contested=row.deletion_contested,
            fields=fields,
        )
        for i, (row, fields) in found.items()
    ]


def read_authority(connection: Connection, ledger: str) -> Authority:
    """The authority given by all certificates held in this database."""
    certificates = connection.execute(
        select(t.operation.c.bytes)
        .where(
            t.operation.c.id.in_(
                select(t.p_revision.c.operation)
                .join(t.p_record, t.p_record.c.id == t.p_revision.c.record)
                .where(t.p_record.c.kind.in_(["ledger", "site"]))
            )
        )
        .order_by(t.operation.c.seq)
    ).all()
    authority = Authority(ledger)
    for operation in certificates_first(parse(row.bytes) for row in certificates):
        authority.learn(operation)
    return authority


def _all_operations(connection: Connection) -> Iterator[Operation]:
    for row in connection.execute(select(t.operation.c.bytes).order_by(t.operation.c.seq)).all():
        yield parse(row.bytes)


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


def _step(row: Any) -> Step:
    return Step(row.seq, row.at, row.what, row.nature, row.title, row.act, bool(row.undone))


def _verify_operation(row: Any, ledger: str) -> tuple[str, Operation | None]:
    try:
        operation = parse(row.bytes)
    except LedgerError:
        return f"第 {row.seq} 步操作的内容已损坏", None
    if operation.id != row.id or operation.scope != row.scope or operation.ledger != ledger:
        return f"第 {row.seq} 步操作与它的编号对不上", operation
    if not verify(operation.site, row.signature, operation.signed_bytes):
        return f"第 {row.seq} 步操作的签名对不上", operation
    return "", operation


def _verify_parents(operations: list[Operation], known: Mapping[str, str]) -> Iterator[str]:
    for operation in operations:
        for position, revision in enumerate(operation.revisions):
            if any(known.get(parent) != operation.record(position) for parent in revision.parents):
                yield f"操作 {operation.id[:12]} 接着的前一份内容缺失"


def remove_journal(path: Path) -> None:
    """Remove what SQLite may have left beside a file."""
    for ending in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def remove_file(path: Path) -> None:
    """Remove a SQLite file and what lies beside it, if there."""
    path.unlink(missing_ok=True)
    remove_journal(path)


def file_format(path: Path) -> int:
    """The format of a ledger file, from its first 100 bytes; EnvironmentFailed when it is none."""
    with failures_told(path), path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\x00") or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise _not_a_ledger(path)
    return int.from_bytes(header[60:64], "big")


def _check_header(path: Path, *, writer: bool) -> None:
    """Say at once whether this can be a ledger of a format we read (and may write)."""
    if file_format(path) > FORMAT:
        raise EnvironmentFailed(
            NewerFormat().code, f"“{path.name}”是更新版本的程序建的，本机程序读不了；请装新版程序。"
        )
    if writer:
        try:
            with path.open("r+b"):
                pass  # SQLite would open a read-only file for reading and fail at the first write
        except PermissionError as exc:
            raise read_only(path) from exc
        except OSError as exc:
            raise read_only(path) if exc.errno == errno.EROFS else os_failure(exc, path) from exc


def _not_a_ledger(path: Path) -> EnvironmentFailed:
    return EnvironmentFailed(
        "not_a_ledger", f"“{path.name}”不是台账文件（或已残缺），没有打开；请选 .gzdb 台账，或用最近的备份恢复。"
    )
