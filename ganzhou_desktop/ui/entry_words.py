"""Words for a field of a register entry or an application, by the plan's own registers, columns and steps."""

from collections.abc import Mapping

from ganzhou_desktop.domain import applications, registers, typed
from ganzhou_desktop.domain.canonical import Json, is_date, is_decimal
from ganzhou_desktop.domain.plan import TEXT, Column, Plan
from ganzhou_desktop.ui.texts import DOT, joined

ENTRY, APPLICATION = "entry", "application"
_MOST = 20
"""Letters of a thing's own name kept in a narrow place."""

_FIELDS = {
    "beneficiary": "申报单位",
    "title": "事项名称",
    "subsidy": "奖补项目",
    "task": "任务",
    "register": "所在台账",
    "entry": "对应的登记",
    "programme": "上级计划",
    "note": "备注",
    "year": "年度",
}
_STEP_MEMBERS = {"result": "", "on": "办理日", "due": "应办日", "number": "文号", "who": "经办", "note": "说明"}
_AMOUNT_MEMBERS = {"value": "", "on": "日期", "payer": "支付方", "number": "文号"}


def thing(plan: Plan, kind: str, about: Mapping[str, Json]) -> str:
    """What the record is: 创新平台 · 甲禾种业; 申报 · 乙禾种业."""
    if kind == APPLICATION:
        return joined(("申报", _short(about.get("beneficiary") or about.get("title"))))
    register = plan.register_by_id.get(str(about.get(registers.REGISTER) or ""))
    name = "登记" if register is None else register.short or register.name
    return joined((name, _short(_called(plan, about))))


def field_label(plan: Plan, kind: str, about: Mapping[str, Json], field: str) -> str:
    """What one of its fields is called: 认定日期, 佐证, 批复额."""
    if field.startswith(registers.PROOF_PREFIX):
        return "佐证"
    if kind == APPLICATION:
        step = field.removeprefix(applications.STEP_PREFIX)
        if step != field:
            return next((s.name for s in plan.steps if s.id == step), "办理环节")
        amount = field.removeprefix(applications.AMOUNT_PREFIX)
        return applications.AMOUNT_WORDS.get(amount) or _FIELDS.get(field, "内容")
    column = column_of(plan, about, field)
    return "所在台账" if field == registers.REGISTER else column.title if column is not None else "内容"


def in_order(plan: Plan, kind: str, fields: Mapping[str, Json]) -> list[str]:
    """Names of a record's fields as people look for them; the register it is in is said before."""
    columns = plan.columns_by_register.get(str(fields.get(registers.REGISTER) or ""), ())
    first = list(_FIELDS) if kind == APPLICATION else [c.name for c in columns]
    wanted = [n for n in fields if kind == APPLICATION or n != registers.REGISTER]
    return sorted(wanted, key=lambda n: first.index(n) if n in first else len(first))


def value_words(plan: Plan, kind: str, about: Mapping[str, Json], field: str, value: Json) -> str | None:
    """A value of such a field as people read it; None where it reads as any other value does."""
    if field == registers.REGISTER and str(value) in plan.register_by_id:
        return plan.register_by_id[str(value)].name
    if kind == APPLICATION:
        return _application_words(plan, field, value)
    column = column_of(plan, about, field)
    if column is None or not typed.fits(column, value) or is_date(value):
        return None
    return f"{typed.value_text(column, value)} {column.unit}".rstrip()


def _application_words(plan: Plan, field: str, value: Json) -> str | None:
    if field == "subsidy":
        return next((f"{s.id} {s.beneficiary}" for s in plan.subsidies if s.id == value), None)
    if not isinstance(value, dict) or field.startswith(registers.PROOF_PREFIX):
        return None
    step = field.startswith(applications.STEP_PREFIX)
    parts = []
    for name, label in (_STEP_MEMBERS if step else _AMOUNT_MEMBERS).items():
        said = value.get(name)
        if said in (None, ""):
            continue
        if name == "result":
            parts.append(applications.RESULT_WORDS.get(str(said), str(said)))
        elif name == "value":
            parts.append(f"{said} 万元" if is_decimal(said) else str(said))
        else:
            parts.append(f"{label}：{said}")
    return "；".join(parts) or "没有写"


def column_of(plan: Plan, about: Mapping[str, Json], field: str) -> Column | None:
    """The plan's column a field of an entry is; None for one the plan does not know (any more)."""
    columns = plan.columns_by_register.get(str(about.get(registers.REGISTER) or ""), ())
    return next((c for c in columns if c.name == field), None)


def _called(plan: Plan, about: Mapping[str, Json]) -> Json:
    """The value people call the entry by: its first text column that is filled."""
    columns = plan.columns_by_register.get(str(about.get(registers.REGISTER) or ""), ())
    named = (about.get(c.name) for c in columns if c.form == TEXT)
    return next((value for value in named if value), about.get("name"))


def _short(name: Json) -> str:
    text = str(name or "").replace("\n", " ").replace(DOT, " ")
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
