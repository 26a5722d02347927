"""Applications (申报): one beneficiary's way from 单位上报 to 到账, with amounts kept apart and steps that can be late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.canonical import Json, is_date, is_decimal
from ganzhou_desktop.domain.filings import Proof
from ganzhou_desktop.domain.plan import Plan, Step
from ganzhou_desktop.domain.registers import PROOF_PREFIX

DONE, RETURNED, REFUSED = "done", "returned", "refused"
RESULTS = (DONE, RETURNED, REFUSED)
RESULT_WORDS = {DONE: "已办", RETURNED: "退回", REFUSED: "不予支持"}

APPLIED, APPROVED, PAID, RECEIVED = "applied", "approved", "paid", "received"
AMOUNTS = (APPLIED, APPROVED, PAID, RECEIVED)
AMOUNT_WORDS = {APPLIED: "申请额", APPROVED: "批复额", PAID: "拨付额", RECEIVED: "到账额"}

STEP_PREFIX = "step/"
AMOUNT_PREFIX = "amount/"
STEP_MEMBERS = ("result", "on", "due", "number", "who", "note")
AMOUNT_MEMBERS = ("value", "on", "payer", "number")

TEXT_FIELDS = ("beneficiary", "title", "subsidy", "task", "register", "entry", "programme", "note")
"""`entry` is the key of the register entry it is for; `programme` names the upper level's scheme where there is one."""


@dataclass(frozen=True, slots=True)
class StepState:
    """What is known of one step: true only together, so one field of the record."""

    result: str | None = None
    on: date | None = None
    due: date | None = None
    number: str = ""
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in 万元, with its day, who pays, and the paper's number."""

    value: Decimal
    on: date | None = None
    payer: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """One application as the ledger holds it now."""

    key: str
    unit: str
    beneficiary: str = ""
    title: str = ""
    subsidy: str = ""
    task: str = ""
    register: str = ""
    entry: str = ""
    programme: str = ""
    note: str = ""
    year: int | None = None
    steps: Mapping[str, StepState] = field(default_factory=dict)
    amounts: Mapping[str, Amount] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    record: str = ""
    heads: tuple[str, ...] = ()
    contested: frozenset[str] = frozenset()
    """Names of fields with 两处不一致."""

    @property
    def id(self) -> tuple[str, str]:
        return self.unit, self.key

    def differs(self, amount: str) -> bool:
        """Whether two PCs differ about one of its amounts."""
        return AMOUNT_PREFIX + amount in self.contested


def application_of_fields(
    unit: str,
    key: str,
    record: str,
    fields: Mapping[str, Json],
    *,
    heads: tuple[str, ...] = (),
    contested: frozenset[str] = frozenset(),
) -> Application:
    """The application that a record's fields say."""
    texts = {name: str(fields.get(name) or "") for name in TEXT_FIELDS}
    steps, amounts, proofs = {}, {}, []
    for name, value in sorted(fields.items()):
        if not isinstance(value, dict):
            continue
        if name.startswith(STEP_PREFIX):
            steps[name.removeprefix(STEP_PREFIX)] = _step(value)
        elif name.startswith(AMOUNT_PREFIX) and is_decimal(value.get("value")):
            amounts[name.removeprefix(AMOUNT_PREFIX)] = _amount(value)
        elif name.startswith(PROOF_PREFIX):
            digest = name.removeprefix(PROOF_PREFIX)
            proofs.append(Proof("", digest, value.get("name") or "", value.get("size") or 0, value.get("kind") or ""))
    year = fields.get("year")
    return Application(
        key,
        unit,
        **texts,
        year=year if type(year) is int else None,
        steps=steps,
        amounts=amounts,
        proofs=tuple(proofs),
        record=record,
        heads=heads,
        contested=contested,
    )


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and is_date(value) else None


def _step(value: Mapping[str, Json]) -> StepState:
    result = value.get("result")
    number, who, note = (str(value.get(name) or "") for name in ("number", "who", "note"))
    known = result if result in RESULTS else None
    return StepState(known, _day(value.get("on")), _day(value.get("due")), number, who, note)


def _amount(value: Mapping[str, Json]) -> Amount:
    payer, number = str(value.get("payer") or ""), str(value.get("number") or "")
    return Amount(Decimal(value["value"]), _day(value.get("on")), payer, number)


def step_value(step: StepState) -> Json:
    """A step as one value of the record; null for one that says nothing."""
    if step == StepState():
        return None
    return {
        "result": step.result,
        "on": None if step.on is None else step.on.isoformat(),
        "due": None if step.due is None else step.due.isoformat(),
        "number": step.number,
        "who": step.who,
        "note": step.note,
    }


# -- where an application stands ---------------------------------------------------------------------------------

DRAFTING, UNDER_WAY, SENT_BACK, NOT_SUPPORTED, FINISHED = (
    "drafting",
    "under_way",
    "sent_back",
    "not_supported",
    "finished",
)
STATE_WORDS = {
    DRAFTING: "准备中",
    UNDER_WAY: "办理中",
    SENT_BACK: "退回补正",
    NOT_SUPPORTED: "不予支持",
    FINISHED: "已到账",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`step`: the one it waits at (None when it is over); `late_since`: that step's due day, when it has passed."""

    state: str
    step: Step | None
    late_since: date | None


def steps_of(plan: Plan, application: Application) -> tuple[Step, ...]:
    """The steps its task names, in the plan's order; every step of the plan where the task names none."""
    task = plan.task_by_id.get(application.task)
    if task is None or not task.steps:
        return plan.steps
    # A clause names the steps up to 补助; what no clause names (批复、拨付、到账) goes without saying.
    named = {step for other in plan.tasks for step in other.steps}
    return tuple(s for s in plan.steps if s.id in task.steps or s.id not in named)


def standing(plan: Plan, application: Application, on: date) -> Standing:
    """Where it stands on a day: the first step that is not done, unless one was refused."""
    steps = steps_of(plan, application)
    held = application.steps
    for step in steps:
        if held.get(step.id, StepState()).result == REFUSED:
            return Standing(NOT_SUPPORTED, None, None)
    for step in steps:
        state = held.get(step.id, StepState())
        if state.result == DONE:
            continue
        late = state.due if state.due is not None and state.due < on else None
        if state.result == RETURNED:
            return Standing(SENT_BACK, step, late)
        begun = any(s.result == DONE for s in held.values())
        return Standing(UNDER_WAY if begun else DRAFTING, step, late)
    return Standing(FINISHED if steps else DRAFTING, None, None)


def total(applications: Iterable[Application], amount: str) -> Decimal:
    """Sum of one amount over applications, 万元."""
    return sum((a.amounts[amount].value for a in applications if amount in a.amounts), Decimal(0))
