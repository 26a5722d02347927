"""`dev.py bench`: medians on this machine, each beside a peer or a limit measured in the same run.

Every figure names what it is divided by.  Nothing here is a test: times belong here, not in tests.
"""

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_START = """
import sys, time
began = float(sys.argv[2])
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ganzhou_desktop.app import App
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.preferences import Preferences
application = QApplication(["bench"])
theme.apply_theme(application)
app = App(Preferences())
app.open_path(Path(sys.argv[1]))
app.window.resize(1366, 697)
app.window.show()
app.operations.read_now(lambda: None)
for _ in range(20):
    application.processEvents()
app.window.grab()
print(time.time() - began)
app.close()
"""


def median(work: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of some runs after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def machine() -> str:
    """The machine in one line: processor, cores, Python."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text("utf-8", errors="replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return f"{model}，{os.cpu_count()} 核，Python {platform.python_version()}，{platform.system()}"


def say(what: str, seconds: float, peer: str = "", peer_seconds: float = 0.0) -> None:
    """One line: the figure, and the ratio to its peer."""
    line = f"{what}：{seconds * 1000:.1f} ms"
    if peer:
        line += f"；{peer} {peer_seconds * 1000:.1f} ms，比值 {seconds / peer_seconds:.2f}"
    print(line, flush=True)


def bench_start(ledger: Path) -> None:
    """From the start of the process to a window with its first page painted; the limit is one second."""

    def start() -> float:
        done = subprocess.run(
            [sys.executable, "-c", _START, str(ledger), str(time.time())],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        return float(done.stdout.split()[-1])

    start()
    say("启动到可用窗口", statistics.median(start() for _ in range(5)), "上限", 1.0)


def bench_pages(ledger_file: Path) -> None:
    """Pages brought to the front and painted; the limit is 100 ms."""
    from PySide6.QtWidgets import QApplication

    from ganzhou_desktop.app import App
    from ganzhou_desktop.ui import theme
    from ganzhou_desktop.ui.messages import RecordedMessages
    from ganzhou_desktop.ui.operations import InstantRunner
    from ganzhou_desktop.ui.preferences import Preferences
    from ganzhou_desktop.ui.session import PreparedFiles

    application = QApplication.instance() or QApplication(["bench"])
    theme.apply_theme(application)
    app = App(Preferences(), messages=RecordedMessages(), files=PreparedFiles(), make_operations=InstantRunner)
    app.open_path(ledger_file)
    app.window.resize(1366, 697)
    app.window.show()

    def show(key: str) -> None:
        app.window.show_page("settings")
        application.processEvents()
        began = time.perf_counter()
        app.window.show_page(key)
        app.window.grab()
        times.append(time.perf_counter() - began)

    for key, word in (
        ("matrix", "任务矩阵"),
        ("overview", "总览"),
        ("review", "审核"),
        ("filing", "填报"),
        ("exchange", "数据交换"),
    ):
        times: list[float] = []
        for _ in range(6):
            show(key)
        say(f"打开{word}", statistics.median(times[1:]), "上限", 0.1)
    app.close()


def bench_save(folder: Path) -> None:
    """Submitting one form against a bare SQLite commit with synchronous=FULL of the same bytes."""
    from ganzhou_desktop.services import demo, filing, ledgers

    demo.build(folder / "save.gzdb", 1).close()
    ledger = ledgers.open_ledger(folder / "save.gzdb")
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = DELETE")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE operation (id TEXT PRIMARY KEY, bytes BLOB)")
    number = 0

    def submit() -> None:
        nonlocal number
        number += 1
        form = filing.form_state(ledger, "kjj", "2018Q1").form
        matter = replace(form.matters[0], answer=replace(form.matters[0].answer, progress=f"第 {number} 次填报"))
        filing.submit(ledger, replace(form, matters=(matter, *form.matters[1:])), source="台架")

    def commit() -> None:
        nonlocal number
        number += 1
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO operation VALUES (?, ?)", (str(number), b"x" * 4000))
        bare.execute("COMMIT")

    say("提交一份报表", median(submit, 15), "裸 SQLite 提交", median(commit, 15))
    bare.close()
    ledger.close()


def bench_export(ledger_file: Path, folder: Path) -> None:
    """Export of everything against SQLite's backup API on the same file."""
    from ganzhou_desktop.services import backups, exchange, ledgers

    ledger = ledgers.open_ledger(ledger_file)
    number = 0

    def export() -> None:
        nonlocal number
        number += 1
        exchange.export(ledger, folder / f"out{number}.gzcopy", all_proof=True)

    def backup() -> None:
        nonlocal number
        number += 1
        backups.backup(ledger, folder / f"out{number}.gzdb")

    say("导出副本", median(export), "备份接口", median(backup))
    ledger.close()


def bench_merge(folder: Path) -> None:
    """17 one-quarter copies into a fresh office ledger, per merge (trusting every PC), preview included."""
    from ganzhou_desktop import paths
    from ganzhou_desktop.services import exchange, filing, ledgers, merging, periods
    from ganzhou_desktop.services.plan_files import read_plan

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


def main() -> int:
    """Run every figure; prints one line each."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # the offscreen platform's chatter
    print(f"机器：{machine()}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GANZHOU_HOME"] = f"{folder}/home"
        from ganzhou_desktop.services import demo

        ledger = Path(folder) / "demo.gzdb"
        demo.build(ledger, 4).close()
        for number, bench in enumerate(
            (
                lambda place: bench_start(ledger),
                lambda place: bench_pages(ledger),
                bench_save,
                lambda place: bench_export(ledger, place),
                bench_merge,
            )
        ):
            place = Path(folder) / str(number)
            place.mkdir()
            bench(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
