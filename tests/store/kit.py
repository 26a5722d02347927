"""PCs with homes of their own, a small plan, and a forger of copies, for the tests of the ledger."""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ganzhou_desktop.domain.canonical import Json, encode, heads_digest, sha256_hex
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services import exchange, ledgers, merging
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store import keys, projection
from ganzhou_desktop.store.copies import MAGIC, SIGNED_PREFIX, read_manifest
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.store.keys import KeyPair
from tests.domain import plans

PERIOD = "2018Q1"
ANSWER = {"answer": "progress", "progress": "走访企业 3 家", "problems": "", "next_steps": "", "expected": None}


class Clock:
    """A clock that moves a second at each look."""

    def __init__(self, start: datetime = datetime(2018, 4, 2, 1, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def small_plan() -> Plan:
    return plans.plan(
        (plans.unit("ab"), plans.unit("cd", 2)),
        {"1": ("ab", "cd"), "2": ("cd", "ab")},
        settings={"due_day": "5", "proof_limit_mb": "20"},
    )


def answer(text: str) -> Json:
    return {**ANSWER, "progress": text}


class Pc:
    """A person's PC: its own keys and backups, one ledger."""

    def __init__(self, folder: Path, name: str, clock: Clock | None = None) -> None:
        self.home = folder / f"home-{name}"
        self.path = folder / f"{name}.gzdb"
        self.name = name
        self.clock = clock or Clock()
        self.open_ledger: Ledger | None = None

    @contextmanager
    def here(self) -> Iterator[None]:
        before = os.environ.get("GANZHOU_HOME")
        os.environ["GANZHOU_HOME"] = str(self.home)
        try:
            yield
        finally:
            if before is None:
                del os.environ["GANZHOU_HOME"]
            else:
                os.environ["GANZHOU_HOME"] = before

    def do(self, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Call something at this PC."""
        with self.here():
            return call(*given, **named)

    @property
    def ledger(self) -> Ledger:
        if self.open_ledger is None:
            self.open_ledger = self.do(ledgers.open_ledger, self.path, clock=self.clock, author=self.name)
        return self.open_ledger

    def found(self, plan: Plan | None = None) -> str:
        self.open_ledger, code = self.do(
            ledgers.new_ledger, self.path, plan or small_plan(), clock=self.clock, author=self.name, pc=self.name
        )
        return str(code)

    def join(self, copy: Path) -> None:
        self.open_ledger = self.do(exchange.join, copy, self.path, clock=self.clock, author=self.name)

    def act(self, title: str, scope: str, *changes: Change, **named: Any) -> str:
        return str(self.do(self.ledger.act, title, {scope: list(changes)}, **named))

    def hand_out(self, unit: str, out: Path, **named: Any) -> Path:
        self.do(exchange.hand_out, self.ledger, unit, out, **named)
        return out

    def export(self, out: Path, **named: Any) -> Path:
        self.do(exchange.export, self.ledger, out, **named)
        return out

    def merge(self, *files: Path, **named: Any) -> merging.Merge:
        return self.do(merging.merge, self.ledger, list(files), **named)  # type: ignore[no-any-return]

    def key(self) -> KeyPair:
        return self.do(self.ledger.key)  # type: ignore[no-any-return]

    def dump(self) -> list[tuple[Any, ...]]:
        return dump(self.ledger)

    def close(self) -> None:
        if self.open_ledger is not None:
            self.open_ledger.close()
            self.open_ledger = None


def dump(ledger: Ledger) -> list[tuple[Any, ...]]:
    with ledger.journal.reading() as connection:
        return projection.dump(connection)


def submission(text: str, matter: str = "1", **more: Json) -> Change:
    return Change("submission", PERIOD, {matter: answer(text), **more})


class World:
    """An office, and two PCs of its unit `ab`; A is trusted, B is trusted when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = Pc(folder, "office")
        self.a = Pc(folder, "a")
        self.b = Pc(folder, "b")
        self.number = 0
        self.recovery = self.office.found()
        self.office.act(
            "开期次",
            "all",
            Change("period", PERIOD, {"first": "2018-01-01", "last": "2018-03-31", "due": "2018-04-05"}),
        )

    def file(self, name: str = "copy") -> Path:
        self.number += 1
        return self.folder / f"{name}-{self.number}.gzcopy"

    def start(self, *pcs: Pc) -> None:
        """Hand out, join, and have the office trust these PCs."""
        for pc in pcs:
            pc.join(self.office.hand_out("ab", self.file("start")))
            back = pc.export(self.file("first"))
            assert self.office.merge(back, trust=[pc.ledger.code()]).done

    def close(self) -> None:
        for pc in (self.office, self.a, self.b):
            pc.close()


def reopened(world: World, folder: Path) -> "World":
    """A world copied to another folder, so that a test may spoil it."""
    import shutil

    twin = World.__new__(World)
    twin.folder, twin.number, twin.recovery = folder, 0, world.recovery
    for name in ("office", "a", "b"):
        source: Pc = getattr(world, name)
        pc = Pc(folder, name, Clock(source.clock.now))
        if source.path.exists():
            shutil.copyfile(source.path, pc.path)
        if source.home.exists():
            shutil.copytree(source.home, pc.home, dirs_exist_ok=True)
        setattr(twin, name, pc)
    return twin


# -- forging ------------------------------------------------------------------------------------------------


def trailer(manifest: Mapping[str, Json] | bytes, signer: KeyPair, signature: bytes | None = None) -> bytes:
    data = manifest if isinstance(manifest, bytes) else encode(manifest)
    signed = signer.sign(SIGNED_PREFIX + data) if signature is None else signature
    return data + signed + len(data).to_bytes(4, "big") + MAGIC


def forge(
    source: Path,
    out: Path,
    signer: KeyPair,
    *,
    sql: Callable[[sqlite3.Connection], object] | None = None,
    body: Callable[[bytes], bytes] | None = None,
    **lies: Json,
) -> Path:
    """A copy changed inside, with a manifest that is right about it but for the lies, signed by `signer`."""
    manifest = read_manifest(source).as_json()
    data = source.read_bytes()[: manifest["size"]]
    work = out.with_name(out.name + ".work")
    work.write_bytes(data)
    if sql is not None:
        connection = sqlite3.connect(work, isolation_level=None)
        try:
            sql(connection)
            ids = _ids(connection)
            if ids is not None:
                manifest.update(heads=heads_digest(ids), operations=len(ids))
        finally:
            connection.close()
    data = work.read_bytes()
    work.unlink()
    if body is not None:
        data = body(data)
    manifest.update(size=len(data), sha256=sha256_hex(data), site=signer.site)
    manifest.update(lies)
    out.write_bytes(data + trailer(manifest, signer))
    return out


def _ids(connection: sqlite3.Connection) -> list[str] | None:
    try:
        ids = [row[0] for row in connection.execute("SELECT id FROM operation")]
    except sqlite3.Error:
        return None
    return ids if all(isinstance(i, str) for i in ids) else None


def put(data: bytes, signer: KeyPair, *, operation_id: str | None = None, signature: bytes | None = None) -> Any:
    """For `forge`: add an operation of these bytes."""

    def add(connection: sqlite3.Connection) -> None:
        signed = signer.sign(b"gz-operation-1\n" + data) if signature is None else signature
        connection.execute("INSERT INTO operation VALUES (?, ?, ?)", (operation_id or sha256_hex(data), data, signed))

    return add


def members(ledger: str, site: str, scope: str = "ab", **more: Json) -> dict[str, Json]:
    """The members of an operation, right in every respect unless told otherwise."""
    return {
        "ledger": ledger,
        "scope": scope,
        "site": site,
        "act": secrets.token_hex(16),
        "author": "某人",
        "at": "2018-04-03T00:00:00Z",
        "title": "一步",
        "format": 1,
        "revisions": [revision()],
        **more,
    }


def revision(kind: str = "submission", key: str = PERIOD, parents: Sequence[str] = (), **fields: Json) -> Json:
    return {"kind": kind, "key": key, "parents": list(parents), "set": fields or {"1": answer("伪造")}}


def signed(operation: Operation, pair: KeyPair) -> tuple[Operation, bytes]:
    return operation, pair.sign(operation.signed_bytes)


def fresh_key() -> KeyPair:
    return keys.new_key()
