"""What the subjects share: where they work, the median, one line a figure."""

import os
import platform
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """An empty folder of the subject's own, and a demo ledger of four quarters to copy or to read."""

    folder: Path
    shared: Path
    size: float = 1.0
    """What part of their full size large subjects are of."""

    @cached_property
    def ledger(self) -> Path:
        """A copy of the demo ledger, which is built once a run."""
        from ganzhou_desktop.services import demo

        built = self.shared / "demo.gzdb"
        if not built.exists():
            demo.build(built, 4).close()
        return Path(shutil.copy(built, self.folder / "demo.gzdb"))


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
