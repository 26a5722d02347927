"""How a target is counted from registers, in words: the plan's own rules as one sentence each."""

from ganzhou_desktop.domain.conditions import read_conditions
from ganzhou_desktop.domain.pace import SUMMED
from ganzhou_desktop.domain.plan import EVERY_YEAR, GROUPS, NEW, SHARE, STANDING_STOCK, SUM, Plan, Rule
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui.texts import number_text


def counted_how(plan: Plan, target: str) -> str:
    """The rules of a target as sentences; empty where it is not counted from registers."""
    rules = plan.rules_by_target.get(target, ())
    return "".join(f"{_sentence(plan, rule)}。" for rule in rules)


def _sentence(plan: Plan, rule: Rule) -> str:
    register = plan.register_by_id[rule.register]
    titles = {c.name: c.title for c in plan.columns_by_register[rule.register]}

    def column(name: str) -> str:
        return f"“{titles.get(name, name)}”"

    kind = plan.target_by_id[rule.target].kind
    day = column(rule.date or register.starts)
    ends = "、".join(column(name) for name in dict.fromkeys((rule.until, register.ends)) if name)
    within = "在当年" if kind == EVERY_YEAR else "在方案印发以后"
    when = f"{day}{within}的" if kind in SUMMED else f"当日{day}已到{f'、{ends}未到' if ends else ''}的"
    figure = plan.figure_by_id.get(rule.threshold)
    need = None if figure is None else figure.effective
    how = {
        NEW: f"{when}登记，一条计一",
        STANDING_STOCK: f"{when}登记，一条计一",
        SUM: f"{when}登记，{column(rule.amount)}相加",
        GROUPS: f"{when}登记，按{column(rule.group)}归并"
        + (
            f"，满 {marked(f'{number_text(need)} 条', rule.threshold in plan.contested)}的计一"
            if need is not None and need > 1
            else "，一项计一"
        ),
        SHARE: f"每个{column(rule.group)}最近一条的{column(rule.amount)}占{column(rule.whole)}的百分比",
    }[rule.how]
    found = []
    for condition in read_conditions(rule.where):
        values = "、".join(condition.values)
        sign = "不是" if condition.negated else "是"
        found.append(f"{column(condition.column)}{f'{sign}{values}' if values else '已填'}")
    only = f"（只看{'，'.join(found)}的）" if found else ""
    assumed = "（推定，待明确）" if rule.assumed else ""
    note = f"；{rule.note.rstrip('。')}" if rule.note else ""
    return f"{assumed}台账“{register.short}”里，{how}{only}；同一件只计一次{note}"
