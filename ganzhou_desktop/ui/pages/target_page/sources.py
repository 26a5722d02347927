"""The columns of 构成这个数的填报."""

from ganzhou_desktop.domain.canonical import local_moment
from ganzhou_desktop.domain.counting import Member
from ganzhou_desktop.domain.outlook import Contribution
from ganzhou_desktop.domain.pace import SUMMED
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.domain.registers import called
from ganzhou_desktop.services.targets import SourceRow, TargetView
from ganzhou_desktop.ui.filed_looks import FILED_LOOKS
from ganzhou_desktop.ui.table_model import RIGHT, Column
from ganzhou_desktop.ui.texts import NO_VALUE, moment_text, number_text, period_text, with_unit


def source_columns(plan: Plan, view: TargetView) -> tuple[Column[SourceRow], ...]:
    """Period, unit, value, whether it counts and why, what the office answered, when it was submitted."""
    ends = {p.name: p.last for p in view.periods}
    summed = view.target.kind in SUMMED

    def unit_name(row: SourceRow) -> str:
        unit = plan.unit_by_id.get(row.unit)
        return row.unit if unit is None else plan.naming(unit, ends.get(row.period))[0]

    def value(row: SourceRow) -> str:
        return marked(with_unit(row.value, view.target.unit if row.value is not None else ""), row.provisional)

    def counted(row: SourceRow) -> str:
        if not row.counted:
            return "不计"
        return marked(f"+{number_text(row.value)}", row.provisional) if summed else "计入"

    def why(row: SourceRow) -> str:
        words = row.why.partition("：")[2] or row.why
        for period in view.periods:
            shown = period_text(period.name)
            words = words.replace(f"{period.name} ", shown).replace(period.name, shown)
        return words

    def answer_colour(row: SourceRow) -> str:
        return FILED_LOOKS[row.state].colour

    return (
        Column("期次", lambda r: period_text(r.period), width=170),
        Column("填报单位", unit_name, width=190),
        Column("本期新增" if summed else "期末数", value, RIGHT, 100),
        Column("计入", counted, width=96, icon_name=lambda r: "checkmark" if r.counted else ""),
        Column("为什么", why, tip=why),
        Column(
            "区里答复",
            lambda r: FILED_LOOKS[r.state].word,
            width=110,
            icon_name=lambda r: FILED_LOOKS[r.state].icon or "circle_hint",
            colour=answer_colour,
        ),
        Column("提交时间", lambda r: _local(r.at), RIGHT, 170),
    )


def _local(at: str) -> str:
    return moment_text(local_moment(at)) if at else NO_VALUE


def member_columns(plan: Plan) -> list[Column[Member]]:
    """The columns of the entries behind a counted number."""

    def name(row: Member) -> str:
        words = called(plan, row.entry.register, row.entry.values) or row.entry.key
        return marked(words, row.provisional)

    def day(row: Member) -> str:
        register = plan.register_by_id.get(row.entry.register)
        return str(row.entry.values.get(register.starts) or "") if register is not None else ""

    return [
        Column("台账", lambda r: plan.register_by_id[r.entry.register].short, width=110),
        Column("登记", name, bold=True, tip=name),
        Column("单位", lambda r: plan.unit_by_id[r.entry.unit].short, width=110),
        Column("日期", day, width=110),
        Column("计数", lambda r: marked(f"{r.amount}", r.provisional) if r.counted else "", align=RIGHT, width=70),
        Column("为什么", lambda r: r.why, width=320, tip=lambda r: r.why),
    ]


def share_columns(plan: Plan, view: TargetView) -> tuple[Column[Contribution], ...]:
    """Unit, amount, share of the whole, and of what it is made."""

    def of(row: Contribution) -> str:
        parts = (
            marked(f"{period_text(name)} +{number_text(amount)}", name in row.doubtful) for name, amount in row.periods
        )
        return "，".join(parts) or f"{row.count} 条登记"

    return (
        Column("单位", lambda r: _name(plan, r.unit, view), bold=True, width=220),
        Column("完成", lambda r: marked(with_unit(r.amount, view.target.unit), bool(r.doubtful)), RIGHT, 110),
        Column("占比", lambda r: marked(f"{number_text(r.share)}%", view.gauge.actual_provisional), RIGHT, 90),
        Column("由来", of, tip=of),
    )


def _name(plan: Plan, unit: str, view: TargetView) -> str:
    known = plan.unit_by_id.get(unit)
    return unit if known is None else plan.naming(known, view.period.last)[0]
