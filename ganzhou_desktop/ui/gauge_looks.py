"""How a gauge of the domain is shown: its look for bullet and dial, and its numbers in words."""

from decimal import Decimal

from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.plan import HEADLINE
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui.gauge_widgets import GaugeLook
from ganzhou_desktop.ui.texts import NO_VALUE, TARGET_KIND_WORDS, joined, number_text, with_unit


def gauge_look(gauge: Gauge) -> GaugeLook:
    """What bullet and dial paint of a gauge."""
    return GaugeLook(
        actual=_float(gauge.actual),
        expected=_float(gauge.pace),
        target=_float(gauge.to_reach),
        state=gauge.state,
        unit=gauge.unit,
        kind=gauge.kind,
        word=gauge.word,
        at_least=gauge.at_least,
        formula=gauge.formula,
        actual_provisional=gauge.actual_provisional,
        aim_provisional=gauge.aim_provisional,
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def actual_text(gauge: Gauge) -> str:
    """6, with ※ while two differ; — for none."""
    return marked(number_text(gauge.actual), gauge.actual_provisional)


def amount_text(gauge: Gauge) -> str:
    """6 项, with ※ while two differ; — for none."""
    return marked(with_unit(gauge.actual, gauge.unit), gauge.actual_provisional)


def pace_text(gauge: Gauge) -> str:
    """序时, likewise."""
    return marked(number_text(gauge.pace), gauge.aim_provisional)


def reported_text(gauge: Gauge) -> str:
    """自报数, likewise."""
    return marked(number_text(gauge.reported), gauge.reported_provisional)


def target_text(gauge: Gauge) -> str:
    """≥8 项; 提高 5 % for a rise over the baseline; the number of named parts where no number is printed."""
    return marked(_target_text(gauge), gauge.aim_provisional)


def _target_text(gauge: Gauge) -> str:
    if gauge.target is None:
        return with_unit(gauge.to_reach, gauge.unit) if gauge.to_reach is not None else NO_VALUE
    if gauge.to_reach != gauge.target:
        return f"提高 {with_unit(gauge.target, gauge.unit)}"
    return f"{'≥' if gauge.at_least else ''}{with_unit(gauge.target, gauge.unit)}"


def to_confirm(gauge: Gauge) -> bool:
    """Whether the target figure is still 待核定; one the plan does not print needs no confirming."""
    return gauge.printed is not None and gauge.confirmed is None


def kind_text(gauge: Gauge) -> str:
    """T1 · 累计."""
    return joined((gauge.id, TARGET_KIND_WORDS.get(gauge.kind, "")))


def forecast_lines(gauge: Gauge) -> tuple[str, str]:
    """(number or word, word under the number) of the forecast; — where the kind has none."""
    if gauge.forecast is None:
        return marked(gauge.forecast_word, gauge.provisional) if gauge.forecast_word else NO_VALUE, ""
    return marked(with_unit(gauge.forecast, gauge.unit), gauge.provisional), gauge.forecast_word


def stalled_text(periods: int) -> str:
    """停滞 3 期; nothing for none."""
    return f"停滞 {periods} 期" if periods else ""


def needed_text(gauge: Gauge) -> str:
    """What is still needed a quarter."""
    return NO_VALUE if gauge.needed is None else marked(number_text(gauge.needed), gauge.provisional)


def gauge_tip(gauge: Gauge) -> str:
    """Hovering a gauge: its name, today's numbers, the formula with them, where a click leads."""
    name = gauge.name if gauge.task == HEADLINE else f"任务 {gauge.task} · {gauge.name}"
    target = f"{target_text(gauge)}（待核定）" if to_confirm(gauge) else target_text(gauge)
    numbers = f"实际 {amount_text(gauge)}，目标 {target}，{gauge.word}"
    return "\n".join((name, numbers, gauge.formula, "单击看它由哪些填报构成"))
