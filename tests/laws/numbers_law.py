"""The law of numbers: what is kept to judge by is what the operations say, and so is what was judged once and kept."""

from dataclasses import replace

from ganzhou_desktop.domain.forms import COUNTED, FILED, place_of_field
from ganzhou_desktop.domain.records import History, Write
from ganzhou_desktop.services import filing, judging, periods, views
from tests.store.kit import Pc


def holds(pc: Pc) -> None:
    kept = filing.read_numbers(pc.ledger)
    flat = {
        (target, unit, period): value
        for target, by_unit in kept.items()
        for unit, series in by_unit.items()
        for period, value in zip(*series, strict=True)
    }
    assert flat == as_filed(pc), "a number that is kept is none that was filed"
    opened = periods.list_periods(pc.ledger)
    for period in opened:
        judged = judging.judge(pc.ledger, opened, period).gauges
        whole = views.read_gauges(pc.ledger, period.last)
        assert judged == tuple(replace(g, sources=(), trend=()) for g in whole), "what is shown is not what is filed"


def as_filed(pc: Pc) -> dict[tuple[str, str, str], str]:
    """(target, unit, period) → the number, from the operations alone, of every filing that stands."""
    histories: dict[tuple[str, str], list[Write]] = {}
    for operation in pc.ledger.journal.operations():
        for n, revision in enumerate(operation.revisions):
            if revision.kind == "submission":
                write = Write(operation.revision_id(n), operation.at, revision.parents, revision.set)
                histories.setdefault((operation.scope, revision.key), []).append(write)
    found = {}
    for (unit, period), writes in histories.items():
        values = {name: field.value for name, field in History(writes).state().fields.items()}
        if values.get(FILED) is None:
            continue
        for name, value in values.items():
            if isinstance(value, str) and not name.endswith(COUNTED):
                found[place_of_field(name), unit, period] = value
    return found
