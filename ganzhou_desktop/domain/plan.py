"""A plan as frozen values: what an 实施方案 says, clause by clause, and what the program assumes where it is silent.

Every class below is one kind of record of scope `all` (`KINDS` gives the kind's name); its `id` is the record's key,
its other fields are the record's fields.  A plan file (TOML) has one array of tables per kind with the same names.
Values are text, integers, booleans, dates, decimals and tuples of text, so that a record, a TOML table and a
dataclass are three spellings of one thing; `plan_codec` does the spelling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from ganzhou_desktop.domain.canonical import is_date
from ganzhou_desktop.domain.known import Known, gone

LEAD = "lead"
SUPPORT = "support"

HEADLINE = "T"
"""Task id of the matter that asks for the headline targets, which the plan gives to no task."""

CUMULATIVE = "cumulative"
EVERY_YEAR = "every_year"
STOCK = "stock"
FLOOR = "floor"
LEVEL = "level"
CHECKLIST = "checklist"
STANDING = "standing"
TARGET_KINDS = (CUMULATIVE, EVERY_YEAR, STOCK, FLOOR, LEVEL, CHECKLIST, STANDING)

PRINTED = "printed"
BASELINE = "baseline"

TEXT, LONG_TEXT, INTEGER, DECIMAL, DATE, CHOICE, FLAG = "text", "long", "integer", "decimal", "date", "choice", "flag"
COLUMN_FORMS = (TEXT, LONG_TEXT, INTEGER, DECIMAL, DATE, CHOICE, FLAG)

NEW, STANDING_STOCK, SUM, GROUPS, SHARE = "new", "stock", "sum", "groups", "share"
RULE_WAYS = (NEW, STANDING_STOCK, SUM, GROUPS, SHARE)
"""new 新增的条数, stock 当日仍有效的条数, sum 一栏的合计, groups 达到门槛的组数, share 两栏合计之比（%）."""

DEFAULT_SETTINGS: Mapping[str, str] = {"due_day": "5", "proof_limit_mb": "20"}
"""For a plan that leaves these out: 应报 on the 5th, a proof file of 20 MB at most."""


@dataclass(frozen=True, slots=True)
class Document:
    """The plan's own facts (one per plan, id `plan`)."""

    id: str
    title: str
    short_title: str
    region: str
    """What the ledger is called after, e.g. 甘州区."""
    issuer: str
    version: str
    """Version of this data, `2017.1`; moves with every dated change."""
    issued: date
    """成文日期; pace runs from here."""
    published: date | None
    deadline: date
    """The last day of the plan; pace runs to here."""
    deadline_printed: str
    parents: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    """Qualitative goals without a number, verbatim."""
    note: str = ""
    demo: bool = False
    """演示数据: every page and print says so."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the plan's text, verbatim (as printed, lost digits included)."""

    id: str
    order: int
    parent: str
    number: str
    """As printed before the heading: `一、`, `(一)`, `1.`; empty where none."""
    title: str
    """Without the full stop that stands in print between a `1.` heading and its text."""
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """三大平台, 三大工程, 三大保障."""

    id: str
    order: int
    number: str
    title: str
    clause: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit, the supervisor or the owner of the plan."""

    id: str
    """`[a-z0-9]{2,32}`: also the scope of what the unit files."""
    order: int
    """建制序, the order of columns and lists."""
    name: str
    short: str
    """As column head, e.g. 科技局."""
    part: str
    """`task` (a responsible unit), `supervisor`, `owner`."""
    aliases: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    """Later names, oldest first: `2018-07-20 国家税务总局张掖市甘州区税务局 区税务局` (from-date, name, short)."""
    valid_from: date | None = None
    valid_to: date | None = None
    """First day on which the unit no longer exists; then `successor` stands in its place."""
    successor: str = ""
    collective: bool = False
    """Several bodies under one name (辖区内有关金融机构)."""
    assumed: bool = False
    """True where validity, names or identity of aliases are our assumption, for the office to confirm (待明确)."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One of the nine tasks."""

    id: str
    order: int
    group: str
    title: str
    short: str
    """For narrow places, e.g. 园区基地."""
    clause: str
    steps: tuple[str, ...] = ()
    """Ids of the process steps the clause names, in order."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """One cell of the matrix: a unit's part in a task.  `id` is `task/unit`."""

    id: str
    order: int
    """Place in the printed list of its kind, from 1."""
    task: str
    unit: str
    kind: str
    """`lead` 牵头 or `support` 配合."""
    principal: bool
    """主牵头: by custom the first listed, for the office to confirm."""
    asked: str
    """What the plan asks of this unit here, in the plan's own words as far as it has any."""
    printed: str
    """The unit's name as printed in this list."""


@dataclass(frozen=True, slots=True)
class Target:
    """A headline target (T1…T8) or a sub-target or part of a task (1a, 2b, 7d)."""

    id: str
    order: int
    task: str
    """Task id, or `T` for a headline target."""
    name: str
    short: str
    kind: str
    """One of TARGET_KINDS."""
    unit: str
    """项, 家, 人, %, 个; empty for standing work."""
    at_least: bool
    """Printed with 以上 or 至少."""
    reporting_unit: str
    """The one unit whose form has the box; empty for standing work without a number."""
    reporting_assumed: bool
    """True where the plan names nobody and this is our default (待明确)."""
    clause: str
    quote: str
    """The words of the clause this target is made from, verbatim."""
    integral: bool = True
    """Counts are whole; expectation is rounded down for them."""
    lagged: bool = False
    """A published statistic that comes late: no value means 未发布, not 未填报."""
    items: tuple[str, ...] = ()
    """The named parts of a checklist or a floor of named things."""
    first_year: int | None = None
    """For every_year: the first full year asked."""
    over_baseline: bool = False
    """True for a level whose figure is a rise over the baseline (9c 提高5%): to reach is baseline + figure."""
    note: str = ""

    @property
    def headline(self) -> bool:
        return self.task == HEADLINE

    @property
    def numeric(self) -> bool:
        """Whether a number is reported for it."""
        return self.kind != STANDING


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number, or a baseline the plan does not print.

    Target T1 has figure `T1`; a second number in one clause is `4a.threshold`; a baseline `T5.baseline`; others `N1`….
    """

    id: str
    order: int
    origin: str
    """`printed` or `baseline`."""
    name: str
    printed: str
    """原文值, the very characters, e.g. `217年`; empty for a baseline."""
    value: Decimal | None
    """What the characters say as a number, never repaired; None for a baseline."""
    unit: str
    clause: str
    quote: str
    doubt: str
    """Why it is 待核定."""
    confirmed: Decimal | None = None
    """核定值, empty until the office confirms."""
    basis: str = ""
    """依据 of the confirmed value."""

    @property
    def state(self) -> str:
        """`confirmed` 已核定, `pending` 待核定, `missing` (a baseline nobody entered)."""
        if self.confirmed is not None:
            return "confirmed"
        return "missing" if self.value is None else "pending"

    @property
    def effective(self) -> Decimal | None:
        """The value to calculate with: confirmed, else as printed."""
        return self.value if self.confirmed is None else self.confirmed


@dataclass(frozen=True, slots=True)
class Subsidy:
    """A subsidy rule, B1…B9."""

    id: str
    order: int
    beneficiary: str
    condition: str
    basis: str
    """每个, 每人每年, …"""
    figure: str
    """Figure id of the amount in 万元; empty where the plan states none."""
    clause: str
    quote: str
    open: tuple[str, ...] = ()
    """What the plan leaves open (待明确); blocks nothing."""
    registers: tuple[str, ...] = ()
    """Registers whose entries may be beneficiaries."""
    where: tuple[str, ...] = ()
    """Conditions on such an entry (`conditions.py`): all must hold."""
    recognised: str = ""
    """The column with the day that must lie in the window (新认定)."""
    since: date | None = None
    """First day of the window as confirmed by the office; the plan states none."""
    until: date | None = None
    per_year: bool = False
    """每年: once a year instead of once."""
    excludes: tuple[str, ...] = ()
    """Subsidies that the same beneficiary may not have beside this one, once somebody has decided so."""
    targets: tuple[str, ...] = ()
    """Targets whose figures tell how many beneficiaries there would be if all were met (exposure)."""
    tasks: tuple[str, ...] = ()
    """Tasks whose applications may be made for it."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A work requirement, R1…R4."""

    id: str
    order: int
    title: str
    clause: str
    mechanism: str
    """What in the program serves it."""
    lead: str = ""
    """Unit id where the plan names one (R3: 区督查考核局)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the application process, e.g. 市直相关部门审核."""

    id: str
    order: int
    name: str
    actor: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register (台账) that units keep: what one entry of it is, and what its columns mean to the program."""

    id: str
    order: int
    name: str
    short: str
    """For narrow places."""
    tasks: tuple[str, ...]
    """The tasks it serves; empty for one that serves the plan as a whole (R1, R4)."""
    clause: str
    writers: tuple[str, ...] = ()
    """Units that keep it; empty: every unit with a part in one of its tasks."""
    unique: tuple[str, ...] = ()
    """Columns that together tell one thing from another: two entries equal in all of them are 疑似重复."""
    starts: str = ""
    """Column of the day from which an entry counts (认定、设立、发生)."""
    ends: str = ""
    """Column of the first day on which it no longer does (到期、撤销)."""
    help: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register.  `id` is `register/name`."""

    id: str
    order: int
    register: str
    name: str
    """`[a-z][a-z0-9_]*`: the field's name in the entry's record."""
    title: str
    form: str
    """One of COLUMN_FORMS."""
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How entries of a register make a target's number.  A target with several rules is their sum."""

    id: str
    order: int
    target: str
    register: str
    how: str
    """One of RULE_WAYS."""
    date: str = ""
    """Column of the day that counts; empty: the register's `starts`."""
    until: str = ""
    """For what stands on a day: column of the first day on which it no longer counts; the register's `ends` too."""
    where: tuple[str, ...] = ()
    """Conditions on the entry (`conditions.py`): all must hold."""
    group: str = ""
    """For groups: the column that makes one group (企业, 清单的一项)."""
    threshold: str = ""
    """For groups: id of the figure that says how many entries a group needs; empty: one."""
    amount: str = ""
    """For sum and share: the column that is summed."""
    whole: str = ""
    """For share: the column of what `amount` is a share of; the result is in %."""
    assumed: bool = False
    """True where the plan does not say that this is how it counts (待明确)."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value the plan does not state: frequency, due day, thresholds …"""

    id: str
    order: int
    name: str
    value: str
    assumed: bool
    """True while it is our default and nobody has decided it."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something the plan leaves open or contradicts itself in (待明确); printed, blocks nothing."""

    id: str
    order: int
    subjects: tuple[str, ...]
    question: str
    ask: str
    """Unit id to be asked."""


@dataclass(frozen=True)
class Plan:
    """A whole plan: every list in its own order, plus look-ups."""

    KINDS: ClassVar[Mapping[str, type]] = {
        "document": Document,
        "clause": Clause,
        "group": Group,
        "unit": Unit,
        "task": Task,
        "role": Role,
        "target": Target,
        "figure": Figure,
        "subsidy": Subsidy,
        "requirement": Requirement,
        "step": Step,
        "register": Register,
        "column": Column,
        "rule": Rule,
        "setting": Setting,
        "question": OpenQuestion,
    }

    document: Document
    clauses: tuple[Clause, ...] = ()
    groups: tuple[Group, ...] = ()
    units: tuple[Unit, ...] = ()
    tasks: tuple[Task, ...] = ()
    roles: tuple[Role, ...] = ()
    targets: tuple[Target, ...] = ()
    figures: tuple[Figure, ...] = ()
    subsidies: tuple[Subsidy, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    steps: tuple[Step, ...] = ()
    registers: tuple[Register, ...] = ()
    columns: tuple[Column, ...] = ()
    rules: tuple[Rule, ...] = ()
    settings: tuple[Setting, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    contested: frozenset[str] = field(default_factory=frozenset)
    """Ids of figures on whose confirmed value two offices differ (shown with ※)."""

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        return Known({u.id: u for u in self.units}, lambda i: Unit(i, 0, gone(i), gone(i), ""))

    @cached_property
    def task_by_id(self) -> dict[str, Task]:
        return Known({t.id: t for t in self.tasks}, lambda i: Task(i, 0, "", gone(i), gone(i), ""))

    @cached_property
    def target_by_id(self) -> dict[str, Target]:
        return {t.id: t for t in self.targets}

    @cached_property
    def figure_by_id(self) -> dict[str, Figure]:
        return {f.id: f for f in self.figures}

    @cached_property
    def clause_by_id(self) -> dict[str, Clause]:
        return {c.id: c for c in self.clauses}

    @cached_property
    def register_by_id(self) -> dict[str, Register]:
        return Known({r.id: r for r in self.registers}, lambda i: Register(i, 0, gone(i), gone(i), (), ""))

    @cached_property
    def subsidy_by_id(self) -> dict[str, Subsidy]:
        return {s.id: s for s in self.subsidies}

    @cached_property
    def columns_by_register(self) -> dict[str, tuple[Column, ...]]:
        """The columns of each register, in order."""
        found = {r.id: tuple(c for c in self.columns if c.register == r.id) for r in self.registers}
        return Known(found, lambda _: ())

    @cached_property
    def rules_by_target(self) -> dict[str, tuple[Rule, ...]]:
        """The rules of each target that is counted from entries."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            found[rule.target] = (*found.get(rule.target, ()), rule)
        return found

    @cached_property
    def role_by_cell(self) -> dict[tuple[str, str], Role]:
        """Role by (task id, unit id)."""
        return {(r.task, r.unit): r for r in self.roles}

    @cached_property
    def targets_by_task(self) -> dict[str, tuple[Target, ...]]:
        """Task id, or `T`, to its targets."""
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            found.setdefault(target.task, []).append(target)
        return {task: tuple(some) for task, some in found.items()}

    @cached_property
    def responsible_units(self) -> tuple[Unit, ...]:
        """The units that file, in 建制序."""
        return tuple(u for u in self.units if u.part == "task")

    def setting(self, setting_id: str) -> str:
        """The value of a setting, or its default where the plan has none of that id; KeyError where there is none."""
        found = next((s.value for s in self.settings if s.id == setting_id), None)
        return DEFAULT_SETTINGS[setting_id] if found is None else found

    def number_setting(self, setting_id: str) -> int:
        """A setting that is a number from 1; its default where what came into the ledger is none."""
        value = self.setting(setting_id)
        valid = len(value) <= 4 and value.isascii() and value.isdecimal() and int(value) > 0
        return int(value if valid else DEFAULT_SETTINGS[setting_id])

    def roles_of(self, unit: str) -> tuple[Role, ...]:
        """The unit's cells, in task order."""
        order = {t.id: t.order for t in self.tasks}
        return tuple(sorted((r for r in self.roles if r.unit == unit), key=lambda r: order[r.task]))

    def targets_of(self, task: str) -> tuple[Target, ...]:
        """The targets of a task, or the headline targets for `T`."""
        return self.targets_by_task.get(task, ())

    def asked_of(self, unit: str, task: str) -> tuple[Target, ...]:
        """The numbers this unit reports within this task's matter."""
        return tuple(t for t in self.targets_of(task) if t.numeric and t.reporting_unit == unit)

    def matters_of(self, unit: str) -> tuple[str, ...]:
        """Task ids of the matters a unit answers each period: its cells, and `T` if it reports a headline target."""
        tasks = tuple(r.task for r in self.roles_of(unit))
        return (*tasks, HEADLINE) if self.asked_of(unit, HEADLINE) else tasks

    def writers_of(self, register: str) -> tuple[Unit, ...]:
        """The units that keep a register, in 建制序."""
        kept = self.register_by_id[register]
        named = set(kept.writers) or {r.unit for r in self.roles if not kept.tasks or r.task in kept.tasks}
        return tuple(u for u in self.responsible_units if u.id in named)

    def registers_of(self, unit: str) -> tuple[Register, ...]:
        """The registers a unit keeps, in order."""
        return tuple(r for r in self.registers if any(u.id == unit for u in self.writers_of(r.id)))

    def find_unit(self, text: str) -> Unit | None:
        """A unit by id, full name, short name, later name or alias."""
        wanted = text.strip()
        for unit in self.units:
            later = (part for line in unit.renamed for part in line.split(" ")[1:])
            if wanted in (unit.id, unit.name, unit.short, *unit.aliases, *later):
                return unit
        return None

    def naming(self, unit: Unit, on: date | None) -> tuple[str, str]:
        """(full name, short name) the unit bore on a day; its first names when no day is given."""
        name, short = unit.name, unit.short
        if on is not None:
            for line in unit.renamed:
                since, *names = line.split(" ")
                if len(names) == 2 and is_date(since) and date.fromisoformat(since) <= on:
                    name, short = names
        return name, short

    def standing_in(self, unit: Unit, on: date | None) -> Unit:
        """The unit that stands in this one's place on a day (its successor once it has ended)."""
        seen = {unit.id}
        while on is not None and unit.valid_to is not None and unit.valid_to <= on and unit.successor:
            unit = self.unit_by_id[unit.successor]
            if unit.id in seen:
                break
            seen.add(unit.id)
        return unit


FIELD_OF_KIND: Mapping[str, str] = {
    "clause": "clauses",
    "group": "groups",
    "unit": "units",
    "task": "tasks",
    "role": "roles",
    "target": "targets",
    "figure": "figures",
    "subsidy": "subsidies",
    "requirement": "requirements",
    "step": "steps",
    "register": "registers",
    "column": "columns",
    "rule": "rules",
    "setting": "settings",
    "question": "questions",
}
"""Kind → the attribute of Plan that holds its list (a document stands alone)."""
