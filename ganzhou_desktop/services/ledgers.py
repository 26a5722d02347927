"""Opening, making, joining, reviving and checking ledgers; `Ledger` is what every other service works on."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ganzhou_desktop import __version__
from ganzhou_desktop.domain import kinds, plan_codec
from ganzhou_desktop.domain.canonical import (
    heads_digest,
    instant_text,
    ledger_code,
    ledger_id,
    site_code,
)
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.domain.plan import Plan, Unit
from ganzhou_desktop.paths import put_in_place
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.engine import failures_told, lies_there
from ganzhou_desktop.store.journal import (
    EVERYTHING,
    PROJECTION_DIFFERS,
    Change,
    Journal,
    RecordRow,
    Writing,
    remove_file,
    remove_journal,
)
from ganzhou_desktop.store.keys import KeyPair

Clock = Callable[[], datetime]

PROGRAM = f"ganzhou-desktop {__version__}"

EDIT = "edit"
SUBMIT = "submit"
DECISION = "decision"
CERTIFICATE = "certificate"
ADOPTION = "adoption"
UNDO = "undo"


def system_clock() -> datetime:
    """The PC's clock: handed in at the top, never read below."""
    return datetime.now(UTC)


class Ledger:
    """An open ledger with the plan it carries, this PC's key for it, a clock and the person's name."""

    def __init__(self, journal: Journal, *, clock: Clock = system_clock, author: str = "") -> None:
        self.journal = journal
        self.clock = clock
        self.author = author
        self._plan: tuple[int, Plan] | None = None
        self._seats: tuple[int, frozenset[str]] | None = None

    @property
    def path(self) -> Path:
        return self.journal.path

    @property
    def id(self) -> str:
        return self.journal.ledger

    @property
    def office(self) -> bool:
        """Whether this is a district office's ledger (it holds every scope)."""
        return self.journal.holds == EVERYTHING

    @property
    def unit(self) -> str:
        """The unit this PC files for; empty at the office."""
        return "" if self.office else self.journal.holds

    @property
    def key_scope(self) -> str:
        return kinds.ALL if self.office else self.journal.holds

    @property
    def writable(self) -> bool:
        return self.journal.writer

    def close(self) -> None:
        self.journal.close()

    def now(self) -> str:
        return instant_text(self.clock())

    def today(self) -> date:
        """The local calendar day of the clock handed in; for the outer layers' defaults only."""
        return self.clock().astimezone().date()

    def plan(self) -> Plan:
        """The plan as adopted and changed since; read again only after a write."""
        if self._plan is None or self._plan[0] != self.journal.generation:
            self._plan = (self.journal.generation, self._read_plan())
        return self._plan[1]

    def seats(self) -> frozenset[str]:
        """The keys of the office's PCs; read again only after a write."""
        if self._seats is None or self._seats[0] != self.journal.generation:
            self._seats = (self.journal.generation, frozenset(self.journal.authority().seats))
        return self._seats[1]

    def _read_plan(self) -> Plan:
        records: dict[str, dict[str, Mapping[str, object]]] = {name: {} for name in Plan.KINDS}
        differing: dict[tuple[str, str], frozenset[str]] = {}
        for kind, key, values, contested in self.journal.values(list(Plan.KINDS)):
            if contested and kind == "figure" and not differing:
                differing = self.journal.differing(kind)
            if values:  # an item whose adding was undone has no values left
                records[kind][key] = values
        numbers = {"confirmed", "value"}
        figures = frozenset(key for (_, key), names in differing.items() if not numbers.isdisjoint(names))
        return replace(plan_codec.plan_as_held(records), contested=figures)

    def unit_named(self, text: str) -> Unit:
        """A unit by id, name or alias; RuleBroken when there is none."""
        unit = self.plan().find_unit(text)
        if unit is None:
            names = "、".join(u.name for u in self.plan().responsible_units)
            raise RuleBroken("unknown_unit", f"没有叫“{text}”的单位；本台账的责任单位有：{names}。")
        return unit

    def needs_office(self) -> None:
        """RuleBroken on a unit's PC."""
        if not self.office:
            raise RuleBroken("office_only", "这件事由区级汇总的电脑来做，本机是责任单位的电脑，没有改动任何数据。")

    def needs_key(self) -> None:
        """EnvironmentFailed when this account cannot sign here: at the office only a key the founding key certified may.

        A unit's account needs none yet: its first write makes one, which the office is then asked to accept.
        """
        pair = keys.load_key(self.id, self.key_scope)
        if self.office and (
            pair is None or not self.journal.records(["site"], scope=kinds.ALL, key=pair.site)
        ):  # a certified key whose certificate went with a restored backup would sign what every unit refuses
            raise EnvironmentFailed(
                "no_key", "本机没有这本台账的身份，只能看不能写；请用恢复单让本机成为区级汇总的电脑。"
            )
        if pair is None and not self.writable:
            raise EnvironmentFailed(
                "no_key", "本机没有这本台账的身份，台账又是只读打开的，只能看；请复制到本机硬盘再打开。"
            )

    def key(self) -> KeyPair:
        """This account's key for this ledger; EnvironmentFailed as `needs_key` says."""
        self.needs_key()
        pair = keys.key_for(self.id, self.key_scope)
        self.journal.site = pair.site
        return pair

    def code(self) -> str:
        """核对码 of this PC for this ledger."""
        return site_code(self.id, self.key_scope, self.journal.site)

    def act(
        self,
        title: str,
        changes: Mapping[str, Sequence[Change]],
        *,
        nature: str = EDIT,
        signer: KeyPair | None = None,
        titles: Mapping[str, str] | None = None,
        also: Callable[[Writing], None] | None = None,
    ) -> list[Operation]:
        """Write one act: one operation per scope, all in one transaction (`also` in it too); returns the operations.

        Changes that set nothing are left out; nothing at all to do is RuleBroken `nothing_changed`.
        """
        wanted = {scope: [c for c in some if c.set] for scope, some in changes.items()}
        wanted = {scope: some for scope, some in wanted.items() if some}
        if not wanted:
            raise RuleBroken("nothing_changed", "没有需要保存的改动。")
        pair = self.key() if signer is None else signer
        act, at = secrets.token_hex(16), self.now()
        with self.journal.writing(at=at, what="write", nature=nature, title=title, act=act) as writing:
            if also is not None:
                also(writing)
            return [
                operation
                for scope, some in wanted.items()
                for operation in writing.write(
                    pair,
                    scope=scope,
                    act=act,
                    author=self.author,
                    at=at,
                    title=(titles or {}).get(scope, title),
                    changes=some,
                )
            ]


def changed(row: RecordRow | None, wanted: Mapping[str, object]) -> dict[str, object]:
    """Of the wanted fields, those that differ from what the record holds (contested ones always count as different).

    An empty text where nothing was written says nothing: written down, it would differ from what another PC writes there.
    """
    held = {} if row is None else row.fields
    return {
        name: value
        for name, value in wanted.items()
        if (name in held and held[name].contested) or _said(held[name].value if name in held else None) != _said(value)
    }


def _said(value: object) -> object:
    return None if value == "" else value


# -- making and opening -------------------------------------------------------------------------------------


def new_ledger(
    path: Path, plan: Plan, *, clock: Clock = system_clock, author: str = "", pc: str = ""
) -> tuple[Ledger, str]:
    """The office's new ledger from a plan; returns it and the 恢复单 code, which is kept nowhere.

    Writes, as two acts: the founding key and this PC as first seat; the adoption of the plan.
    """
    founder, seat = keys.new_key(), keys.new_key()
    salt = secrets.token_bytes(16)
    ledger = ledger_id(bytes.fromhex(founder.site), salt)
    with building(path) as part:
        journal = Journal.create(part, ledger=ledger, holds=EVERYTHING, site=seat.site)
        with closing(Ledger(journal, clock=clock, author=author)) as made:
            keys.store_key(ledger, kinds.ALL, seat)
            _found(made, plan, founder, seat, salt, pc)
    return open_ledger(path, clock=clock, author=author), keys.recovery_code(founder)


def _found(made: Ledger, plan: Plan, founder: KeyPair, seat: KeyPair, salt: bytes, pc: str) -> None:
    made.act(
        "建立台账",
        {
            kinds.ALL: [
                Change("ledger", "ledger", {"key": founder.site, "salt": salt.hex()}),
                Change("site", seat.site, {"pc": pc}),
            ]
        },
        nature=CERTIFICATE,
        signer=founder,
    )
    records = [Change(kind, key, fields) for kind, key, fields in plan_codec.plan_to_records(plan)]
    made.act(f"采用方案：{plan.document.short_title}", {kinds.ALL: records}, nature=ADOPTION)


@contextmanager
def building(path: Path) -> Iterator[Path]:
    """A name beside `path` to build a new ledger under: it gets its own name only when it is whole and closed."""
    if lies_there(path):
        raise EnvironmentFailed("exists", f"“{path.name}”已经存在，没有覆盖它；请换个名字或先把它移走。")
    if not path.parent.is_dir():
        raise EnvironmentFailed("not_found", f"文件夹“{path.parent.name}”不存在；请换一个文件夹。")
    part = path.with_name(path.name + ".part")
    try:
        with failures_told(path):
            remove_file(part)
            yield part
            remove_journal(path)
            put_in_place(part, path)
    finally:
        with failures_told(path):
            remove_file(part)


def open_ledger(path: Path, *, writer: bool = True, clock: Clock = system_clock, author: str = "") -> Ledger:
    """Open a ledger; for writing this program alone may have it open."""
    ledger = Ledger(Journal.open(path, writer=writer), clock=clock, author=author)
    with suppress(EnvironmentFailed):  # told when something is to be written
        pair = keys.load_key(ledger.id, ledger.key_scope)
        if pair is not None:
            ledger.journal.site = pair.site  # another account's of the same PC may have made the file
    return ledger


def recover(ledger: Ledger, code: str, *, pc: str = "", stop: str = "") -> str:
    """恢复单: make this PC a seat of the ledger (and stop another seat); returns this PC's 核对码."""
    founder = keys.from_recovery_code(code)
    authority = ledger.journal.authority()
    if founder.site != authority.founder:
        raise RuleBroken("other_recovery", "这张恢复单是另一本台账的，不能用在这本台账上；请核对恢复单上的台账码。")
    if not ledger.office:
        raise RuleBroken("office_only", "这是责任单位的台账，不能变成区级汇总的台账；请用区里的备份来恢复。")
    if stop and stop not in authority.seats:
        raise RuleBroken("unknown_site", "要停用的那台不是区级汇总的电脑，没有改动；请在电脑清单里核对它的核对码。")
    pair = keys.key_for(ledger.id, kinds.ALL)
    if stop == pair.site:
        raise RuleBroken("own_site", "要停用的就是本机，没有改动；请核对要停用的那台的核对码。")
    changes = [Change("site", pair.site, {"pc": pc})] if pair.site not in authority.seats else []
    if stop:
        changes.append(Change("site", stop, {"stopped": True}))
    title, act, at = "用恢复单认可本机", secrets.token_hex(16), ledger.now()
    with ledger.journal.writing(at=at, what="write", nature=CERTIFICATE, title=title, act=act) as writing:
        if changes:
            writing.write(founder, scope=kinds.ALL, act=act, author=ledger.author, at=at, title=title, changes=changes)
        writing.set_site(pair.site)
    return ledger.code()


# -- whole ledgers ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of 体检."""

    problems: tuple[str, ...]
    operations: int
    revisions: int
    heads: str
    scopes: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(ledger: Ledger, progress: Callable[[int, int], bool] | None = None) -> Verified:
    """Check everything the file holds: structure, hashes, signatures, parents, proof, projection.

    `progress(operations done, all)` may answer False: then it is given up.
    """
    operations, revisions = ledger.journal.counts()

    def going(done: int) -> None:
        if progress is not None and not progress(done, operations):
            raise RuleBroken("cancelled", "体检没有做完，台账没有变化。")

    problems = ledger.journal.verify(going)
    by_scope = ledger.journal.operation_ids()
    return Verified(
        tuple(problems),
        operations,
        revisions,
        heads_digest([i for ids in by_scope.values() for i in ids]),
        {scope: heads_digest(ids) for scope, ids in sorted(by_scope.items())},
    )


def only_projection_differs(found: Verified) -> bool:
    """Whether all that 体检 found is what computing anew from the operations repairs."""
    return found.problems == (PROJECTION_DIFFERS,)


def rebuild(ledger: Ledger) -> None:
    """Compute the present state anew from the operations, which stay as they are."""
    if not ledger.writable:
        raise EnvironmentFailed("read_only", f"“{ledger.path.name}”是只读打开的，不能重建；请复制到本机硬盘再打开。")
    ledger.journal.rebuild()


def code_of_ledger(ledger: Ledger) -> str:
    """The ledger's own code, compared when a copy is joined."""
    return ledger_code(ledger.id)
