"""An open ledger: what is read from it, its drafts and logs, and the one transaction in which it is changed.

One `Journal` is one open file with one connection.  Every change goes through `writing`: one transaction, one step.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, literal_column, select

from ganzhou_desktop.domain.acceptance import Authority, certificates_first
from ganzhou_desktop.domain.canonical import Json, sha256_hex
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.domain.operations import Operation, parse
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.store import projection, verifying
from ganzhou_desktop.store import tables as t
from ganzhou_desktop.store.engine import failures_told
from ganzhou_desktop.store.ledger_file import EVERYTHING, LedgerFile, file_format, remove_file, remove_journal
from ganzhou_desktop.store.projection import Touched
from ganzhou_desktop.store.rows import COLUMNS, REGISTERED, BodyRow, FieldRow, RecordRow, read_row, set_values
from ganzhou_desktop.store.verifying import PROJECTION_DIFFERS
from ganzhou_desktop.store.writing import Change, Writing, drop_draft, log_packages, save_draft

__all__ = [
    "EVERYTHING",
    "PROJECTION_DIFFERS",
    "REGISTERED",
    "BodyRow",
    "Change",
    "FieldRow",
    "Journal",
    "RecordRow",
    "Step",
    "Touched",
    "Writing",
    "file_format",
    "is_stopped",
    "read_authority",
    "remove_file",
    "remove_journal",
]

_RECORDS = select(*(t.p_record.c[name] for name in COLUMNS))


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


class Journal(LedgerFile):
    """An open ledger file.  Not thread-safe: one thread uses it at a time."""

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
            self.measured += 1
            raise

    # -- reading --------------------------------------------------------------------------------------------

    def records(self, wanted: Sequence[str], *, scope: str | None = None, key: str | None = None) -> list[RecordRow]:
        """Records of these kinds that exist (deleted ones included), in one statement."""
        query = _RECORDS.where(t.p_record.c.kind.in_(wanted)).order_by(
            t.p_record.c.kind, t.p_record.c.scope, t.p_record.c.key
        )
        if scope is not None:
            query = query.where(t.p_record.c.scope == scope)
        if key is not None:
            query = query.where(t.p_record.c.key == key)
        return self._rows(query)

    def values(self, wanted: Sequence[str]) -> list[tuple[str, str, dict[str, Json], bool]]:
        """(kind, key, fields that are set, whether any is 两处不一致) of the records of these kinds, in one statement.

        Deleted ones are left out.  For reading thousands of records of which nobody asks who wrote them: a third of the time of `records`.
        """
        r = t.p_record.c
        query = select(r.kind, r.key, r.body, r.contested).where(r.kind.in_(wanted), ~r.deleted)
        query = query.order_by(r.kind, r.scope, r.key)
        with self.reading() as connection:
            rows = connection.execute(query).all()
        return [(kind, key, set_values(body), contested) for kind, key, body, contested in rows]

    def record(self, record: str) -> RecordRow | None:
        rows = self._rows(_RECORDS.where(t.p_record.c.id == record))
        return rows[0] if rows else None

    def contested(self) -> list[RecordRow]:
        """Records with 两处不一致."""
        return self._rows(
            # Not the column as SQLAlchemy compares it (`contested = 1`): SQLite would not see that the index fits.
            _RECORDS.where(literal_column("p_record.contested")).order_by(
                t.p_record.c.scope, t.p_record.c.kind, t.p_record.c.key
            )
        )

    def differing(self, kind: str) -> dict[tuple[str, str], frozenset[str]]:
        """(scope, key) → the fields with 两处不一致, a deletion among them, of the records of a kind that have any."""
        return {
            (row.scope, row.key): frozenset(
                [n for n, f in row.fields.items() if f.contested] + [DELETED] * row.deletion_contested
            )
            for row in self.contested()
            if row.kind == kind
        }

    def _rows(self, query: Select[Any]) -> list[RecordRow]:
        with self.reading() as connection:
            return [read_row(tuple(row)) for row in connection.execute(query)]

    def bodies(
        self, kind: str, register: str | None = None, *, scope: str | None = None, key: str | None = None
    ) -> list[BodyRow]:
        """Entries or applications that are not deleted, by scope and key, in one statement."""
        r = t.p_record.c
        query = (
            select(r.id, r.scope, r.key, r.heads, r.contested, r.body)
            .where(r.kind == kind, ~r.deleted)
            .order_by(r.scope, r.key)
        )
        if register is not None:
            query = query.where(r.register == register)
        if scope is not None:
            query = query.where(r.scope == scope)
        if key is not None:
            query = query.where(r.key == key)
        with self.reading() as connection:
            return [BodyRow(*row) for row in connection.execute(query)]

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

    def scopes(self) -> list[str]:
        """Every scope of which anything is held."""
        with self.reading() as connection:
            return list(connection.execute(select(t.operation.c.scope).distinct()).scalars())

    def authority(self) -> Authority:
        """Who may write, from every certificate held: certificates only add."""
        with self.reading() as connection:
            return read_authority(connection, self.ledger)

    def stopped_sites(self) -> set[tuple[str, str]]:
        """(scope, key) of the sites now marked 停用."""
        return {(row.scope, row.key) for row in self.records(["site"]) if is_stopped(row)}

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
            save_draft(connection, unit, period, body, saved)

    def drop_draft(self, unit: str, period: str) -> None:
        with failures_told(self.path), self.engine.begin() as connection:
            drop_draft(connection, unit, period)

    def packages(self) -> list[dict[str, Any]]:
        """The log of copies, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(select(t.package).order_by(t.package.c.seq))
            return [dict(row._mapping) for row in rows]

    def log_packages(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Log copies outside any step (they changed nothing)."""
        with failures_told(self.path), self.engine.begin() as connection:
            last = connection.execute(select(func.max(t.step.c.seq))).scalar()
            log_packages(connection, rows, last)

    # -- whole-file checks ----------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Drop the projection and compute it again from the operations."""
        with failures_told(self.path), self.engine.begin() as connection:
            projection.rebuild(connection)
        self.generation += 1
        self.measured += 1

    def verify(self, going: Callable[[int], None] = lambda _done: None) -> list[str]:
        """Every problem found in the file, one sentence each; none when all is well.  `going(operations done)` may raise."""
        with self.reading() as connection:
            return verifying.problems(connection, self.ledger, going)

    def counts(self) -> tuple[int, int]:
        """How many operations and revisions are held."""
        with self.reading() as connection:
            operations = connection.execute(select(func.count()).select_from(t.operation)).scalar_one()
            revisions = connection.execute(select(func.count()).select_from(t.p_revision)).scalar_one()
        return int(operations), int(revisions)


def is_stopped(site: RecordRow | None) -> bool:
    """Whether a site is marked 停用; one that is stopped here and not there counts as stopped until decided."""
    stopped = None if site is None else site.fields.get("stopped")
    return stopped is not None and (stopped.value is True or stopped.contested)


def read_authority(connection: Connection, ledger: str) -> Authority:
    """The authority given by all certificates held in this database."""
    certificates = connection.execute(
        select(t.operation.c.bytes)
        .where(
            t.operation.c.seq.in_(
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


def _step(row: Any) -> Step:
    return Step(row.seq, row.at, row.what, row.nature, row.title, row.act, bool(row.undone))
