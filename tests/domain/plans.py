"""Small plans and filings for tests of the rules, made by hand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.filings import Answer, Filing, Proof
from ganzhou_desktop.domain.periods import Period, bounds, offered_due
from ganzhou_desktop.domain.plan import Document, Figure, Group, Plan, Role, Setting, Target, Task, Unit

START = date(2017, 9, 28)
DEADLINE = date(2020, 12, 31)
Q1_END = date(2018, 3, 31)


def unit(id: str, order: int = 1, **more: object) -> Unit:
    values: dict[str, object] = {"name": f"区{id}局", "short": f"{id}局", "part": "task", **more}
    return Unit(id=id, order=order, **values)  # type: ignore[arg-type]


def target(id: str, task: str = "T", kind: str = "cumulative", reporting_unit: str = "kj", **more: object) -> Target:
    values: dict[str, object] = {
        "order": 1,
        "name": f"目标{id}",
        "short": f"目标{id}",
        "unit": "家",
        "at_least": False,
        "reporting_assumed": False,
        "clause": "c",
        "quote": "",
        **more,
    }
    return Target(id=id, task=task, kind=kind, reporting_unit=reporting_unit, **values)  # type: ignore[arg-type]


def figure(id: str, value: str | None, confirmed: str | None = None) -> Figure:
    return Figure(
        id=id,
        order=1,
        origin="baseline" if id.endswith(".baseline") else "printed",
        name=id,
        printed="" if value is None else value,
        value=None if value is None else Decimal(value),
        unit="家",
        clause="c",
        quote="",
        doubt="",
        confirmed=None if confirmed is None else Decimal(confirmed),
    )


def plan(
    units: tuple[Unit, ...],
    cells: Mapping[str, tuple[str, str]],
    targets: tuple[Target, ...] = (),
    figures: tuple[Figure, ...] = (),
    settings: Mapping[str, str] | None = None,
    **more: object,
) -> Plan:
    """`cells`: task id → (units leading, units supporting), each a blank-separated list."""
    tasks = tuple(
        Task(id=t, order=i, group="g1", title=f"任务{t}", short=f"任务{t}", clause="c")
        for i, t in enumerate(cells, start=1)
    )
    roles = tuple(
        Role(f"{t}/{u}", i, t, u, kind, principal=kind == "lead" and i == 1, asked="", printed=u)
        for t, lists in cells.items()
        for kind, listed in zip(("lead", "support"), lists, strict=True)
        for i, u in enumerate(listed.split(), start=1)
    )
    return Plan(
        document=Document(
            id="plan",
            title="方案",
            short_title="方案",
            region="甘州区",
            issuer="区政府办",
            version="2017.1",
            issued=START,
            published=None,
            deadline=DEADLINE,
            deadline_printed="“十三五”末",
        ),
        groups=(Group("g1", 1, "一、", "完善三大平台", "c"),),
        units=units,
        tasks=tasks,
        roles=roles,
        targets=targets,
        figures=figures,
        settings=tuple(Setting(k, i, k, v, assumed=True) for i, (k, v) in enumerate((settings or {}).items())),
        **more,  # type: ignore[arg-type]
    )


def period(name: str) -> Period:
    first, last = bounds(name)
    return Period(name, first, last, offered_due(last, 5), closed=False, record=f"p-{name}")


def filing(
    unit: str,
    period: str,
    answers: Mapping[str, str | Answer | None] | None = None,
    numbers: Mapping[str, str] | None = None,
    *,
    ids: tuple[str, ...] | None = None,
    contested: frozenset[str] = frozenset(),
    proofs: tuple[Proof, ...] = (),
) -> Filing:
    return Filing(
        unit=unit,
        period=period,
        record=f"r-{unit}-{period}",
        ids=(f"f-{unit}-{period}",) if ids is None else ids,
        round=1,
        answers={t: a if isinstance(a, Answer) else Answer(kind=a) for t, a in (answers or {}).items()},
        measurements={t: Decimal(v) for t, v in (numbers or {}).items()},
        proofs=proofs,
        contested=contested,
    )
