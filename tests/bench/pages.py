"""各页：第一次打开；以后换到前面并画好。"""

import statistics
import time

from tests.bench.common import Place, say


def run(place: Place) -> None:
    """Pages brought to the front and painted; the limit is 100 ms."""
    from PySide6.QtWidgets import QApplication

    from ganzhou_desktop.app import App
    from ganzhou_desktop.ui import theme
    from ganzhou_desktop.ui.messages import RecordedMessages
    from ganzhou_desktop.ui.operations import InstantRunner
    from ganzhou_desktop.ui.pages.preview_page import PreviewPage
    from ganzhou_desktop.ui.preferences import Preferences
    from ganzhou_desktop.ui.session import PreparedFiles

    application = QApplication.instance() or QApplication(["bench"])
    theme.apply_theme(application)
    app = App(Preferences(), messages=RecordedMessages(), files=PreparedFiles(), make_operations=InstantRunner)
    app.open_path(place.ledger)
    app.window.resize(1366, 697)
    app.window.show()

    until = time.monotonic() + 30
    while app.window.findChild(PreviewPage) is None and time.monotonic() < until:
        application.processEvents()
    for key, word in (("matrix", "任务矩阵"), ("review", "审核"), ("filing", "填报"), ("exchange", "数据交换")):
        began = time.process_time()
        app.window.show_page(key)
        app.window.grab()
        say(f"第一次打开{word}（处理器时间）", time.process_time() - began, "上限", 0.1)

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
