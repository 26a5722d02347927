"""合入：一个季度 17 份副本。"""

import statistics
import time

from tests.bench.common import Place, median, say


def run(place: Place) -> None:
    """17 one-quarter copies into a fresh office ledger, per merge (trusting every PC), preview included."""
    from ganzhou_desktop import paths
    from ganzhou_desktop.services import exchange, filing, ledgers, merging, periods
    from ganzhou_desktop.services.plan_files import read_plan

    folder = place.folder
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    office, _ = ledgers.new_ledger(folder / "office.gzdb", plan)
    periods.open_period(office, "2018Q1")
    copies, codes = [], []
    for unit in plan.responsible_units:
        exchange.hand_out(office, unit.id, folder / f"{unit.id}-out.gzcopy")
        mine = exchange.join(folder / f"{unit.id}-out.gzcopy", folder / f"{unit.id}.gzdb")
        form = filing.form_state(mine, unit.id, "2018Q1").form
        filing.submit(mine, form)
        exchange.export(mine, folder / f"{unit.id}.gzcopy")
        copies.append(folder / f"{unit.id}.gzcopy")
        codes.append(mine.code())
        mine.close()
    say("预览合入 17 份副本", median(lambda: merging.merge(office, copies, dry_run=True, trust=codes)))
    office.close()
    empty = (folder / "office.gzdb").read_bytes()
    times = []
    for number in range(5):
        path = folder / f"office{number}.gzdb"
        path.write_bytes(empty)
        fresh = ledgers.open_ledger(path)
        began = time.perf_counter()
        done = merging.merge(fresh, copies, trust=codes)
        times.append(time.perf_counter() - began)
        assert done.done
        assert not done.refused
        fresh.close()
    say("合入 17 份一季度副本", statistics.median(times))
