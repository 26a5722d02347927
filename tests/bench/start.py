"""启动：从进程开始到窗口画出，从外面看屏幕；旁边是同样量的 Anki 和 LibreOffice Calc。"""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import peers, windows_programs
from tests.bench.common import ROOT, Place
from tests.bench.screens import NoWindow, Screen, Seen, end, forget_files, own_screen

LIMIT = 1.0
UNCOUNTED, WARM, COLD = 2, 5, 2
"""Starts of each program: settings are made and the day's backup is written in those that do not count."""
_OURS = "源码（Linux）"
Program = tuple[Callable[[], "subprocess.Popen[bytes]"], Callable[["subprocess.Popen[bytes]"], None]]
"""How it is started, and ended."""


@dataclass(frozen=True)
class Figures:
    """Medians of the starts of one program."""

    warm: Seen
    cold: Seen | None


def run(place: Place) -> None:
    """Our program from its source, its peers, and what is frozen for Windows."""
    frames = place.folder / "screen"
    frames.mkdir()
    with own_screen(frames) as (screen, display):
        env = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"}
        ours = [sys.executable, "-m", "ganzhou_desktop", str(place.ledger)]
        programs = {_OURS: (_starter(ours, env | {"PYTHONPATH": str(ROOT)}), end)}
        for name, prepare in (("Anki", peers.anki), ("LibreOffice Calc", peers.libreoffice)):
            command, more = prepare(place.folder)
            if command:
                programs[name] = (_starter(command, env | more), end)
            else:
                print(f"{name}：{more}", flush=True)
        measured = _side_by_side(screen, programs)
    for name in measured.keys() - {_OURS}:
        if _OURS in measured:
            print(f"{_OURS} ÷ {name}：{measured[_OURS].warm.painted / measured[name].warm.painted:.2f}", flush=True)
    for kind, name in (("folder", "Wine 里的文件夹程序"), ("onefile", "Wine 里的单个 exe")):
        with windows_programs.opened(kind, place) as (program, screen_there, why):
            if program is None or screen_there is None:
                print(f"{name}：{why}", flush=True)
            else:
                _side_by_side(screen_there, {name: (program.start, program.stop)})


def _starter(command: list[str], env: dict[str, str]) -> "Callable[[], subprocess.Popen[bytes]]":
    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    return start


def _side_by_side(screen: Screen, programs: dict[str, Program]) -> dict[str, Figures]:
    """The figures of each; in turns, as what else this machine does would favour one of them."""
    warm: dict[str, list[Seen]] = {name: [] for name in programs}
    cold: dict[str, list[Seen]] = {name: [] for name in programs}
    left = dict(programs)
    for turn in range(UNCOUNTED + WARM + COLD):
        for name in list(left):
            try:
                if turn < UNCOUNTED + WARM:
                    warm[name].append(_once(screen, left[name]))
                elif forget_files():
                    cold[name].append(_once(screen, left[name]))
            except NoWindow as exc:
                print(f"{name}：{exc}，没有量", flush=True)
                del left[name]
    figures = {
        name: Figures(_median(warm[name][UNCOUNTED:]), _median(cold[name]) if cold[name] else None) for name in left
    }
    for name in left:
        _say(name, figures[name])
    return figures


def _once(screen: Screen, program: Program) -> Seen:
    """One start; a second try for a program that handed over to one that was just leaving (LibreOffice does)."""
    try:
        return _try(screen, program)
    except NoWindow:
        return _try(screen, program)


def _try(screen: Screen, program: Program) -> Seen:
    start, stop = program
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> "subprocess.Popen[bytes]":
        started.append(start())
        return started[0]

    try:
        return screen.watch(begin)
    finally:
        for process in started:
            stop(process)
        screen.settle()


def _median(seen: list[Seen]) -> Seen:
    return Seen(statistics.median(s.painted for s in seen), statistics.median(s.complete for s in seen))


def _say(name: str, figures: Figures) -> None:
    warm, cold = figures.warm, figures.cold
    line = f"{name}：画出 {warm.painted * 1000:.0f} ms，画面不再变 {warm.complete * 1000:.0f} ms"
    line += f"；上限 {LIMIT * 1000:.0f} ms，比值 {warm.painted / LIMIT:.2f}"
    if cold is None:
        line += "；这里不许清文件缓存，冷启动没有量"
    else:
        line += f"；冷启动 画出 {cold.painted * 1000:.0f} ms，不再变 {cold.complete * 1000:.0f} ms"
    print(line, flush=True)
