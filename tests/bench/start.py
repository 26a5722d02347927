"""启动：从进程开始到第一页画好。"""

import statistics
import subprocess
import sys
import time

from tests.bench.common import ROOT, Place, say

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


def run(place: Place) -> None:
    """From the start of the process to a window with its first page painted; the limit is one second."""

    def start() -> float:
        done = subprocess.run(
            [sys.executable, "-c", _START, str(place.ledger), str(time.time())],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        return float(done.stdout.split()[-1])

    start()
    say("启动到可用窗口", statistics.median(start() for _ in range(5)), "上限", 1.0)
