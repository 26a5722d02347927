"""`dev.py gallery OUTDIR`: every page and dialog with demo data, at 1366×697 and at 1920×1080 (125 %).

The pictures are what a change of a screen is judged by; `--manual` in place of OUTDIR renews those of the manual
(tests/manual_pictures.py).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TODAY = datetime(2018, 10, 10, 1, 42, tzinfo=UTC)
SIZES = {"1366": ((1366, 697), "1"), "1920": ((1536, 864), "1.25")}


def main() -> int:
    """Take all pictures, one process a size, as Qt reads the scale once."""
    if sys.argv[1:] == ["--manual"]:
        return subprocess.run([sys.executable, "-m", "tests.manual_pictures"], cwd=ROOT, check=False).returncode
    out = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "gallery").absolute()
    if len(sys.argv) > 2:
        _take(out, sys.argv[2])
        return 0
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        env = {**os.environ, "GANZHOU_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "GZ_GALLERY": folder}
        env.setdefault("QT_LOGGING_RULES", "default.warning=false")  # the offscreen platform's chatter
        _make_ledgers(Path(folder), env)
        for name, (_, scale) in SIZES.items():
            done = subprocess.run(
                [sys.executable, "-m", "tests.gallery", str(out), name],
                env={**env, "QT_SCALE_FACTOR": scale},
                cwd=ROOT,
                check=False,
            )
            if done.returncode:
                return done.returncode
    print(f"图片在 {out}")
    return 0


def _make_ledgers(folder: Path, env: dict[str, str]) -> None:
    """The demo office, a demo unit joined from it, and copies that wait to be merged."""
    os.environ["GANZHOU_HOME"] = env["GANZHOU_HOME"]
    from ganzhou_desktop.services import demo, exchange

    office = demo.build(folder / "甘州区汇总台账.gzdb", 3)
    for unit in ("gxj", "kjj"):
        exchange.hand_out(office, unit, folder / f"{unit}.gzcopy")
        exchange.join(folder / f"{unit}.gzcopy", folder / f"{unit}.gzdb", author="演示员乙").close()
    (folder / "kjj.gzcopy").rename(folder / "区科技局_下发副本.gzcopy")
    (folder / "copies").mkdir()
    demo.hand_over(office, folder / "copies")
    office.close()


class Gallery:
    """Takes pictures of one window size."""

    def __init__(self, out: Path, name: str) -> None:
        from PySide6.QtWidgets import QApplication

        from ganzhou_desktop.ui import theme

        self.out = out
        self.name = name
        self.size = SIZES[name][0]
        self.application = QApplication(["gallery"])
        theme.apply_theme(self.application)

    def shoot(self, title: str, widget: object) -> None:
        """Save the picture of a window."""
        from PySide6.QtCore import QEvent
        from PySide6.QtWidgets import QWidget

        assert isinstance(widget, QWidget)
        for _ in range(5):
            self.application.processEvents()
            # No loop runs here that would: what a page put away must not lie under what it shows.
            self.application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        target = self.out / f"{title}_{self.name}.png"
        assert widget.grab().save(str(target)), target
        print(target.name, flush=True)

    def shoot_dialog(self, title: str, opens: Callable[[], object]) -> None:
        """Picture of the window-modal dialog that `opens` opens; then it is closed."""
        opens()
        self.application.processEvents()
        dialog = self.application.activeModalWidget()
        assert dialog is not None, f"{title}: no dialog came up"
        self.shoot(title, dialog)
        dialog.close()
        self.application.processEvents()

    @contextmanager
    def app(self, ledger: Path | None) -> Iterator[object]:
        """The program on a ledger, at this size, reading at once."""
        from ganzhou_desktop.app import App
        from ganzhou_desktop.ui.messages import RecordedMessages
        from ganzhou_desktop.ui.operations import InstantRunner
        from ganzhou_desktop.ui.preferences import Preferences
        from ganzhou_desktop.ui.session import PreparedFiles

        app = App(
            Preferences.load(),
            messages=RecordedMessages(),
            files=PreparedFiles(),
            make_operations=InstantRunner,
            clock=lambda: TODAY,
        )
        if ledger is None:
            app.show_start()
        else:
            assert app.open_path(ledger)
        assert app.window is not None
        app.window.resize(*self.size)
        app.window.show()
        yield app
        app.close()


def _take(out: Path, name: str) -> None:
    folder = Path(os.environ["GZ_GALLERY"])
    gallery = Gallery(out, name)
    office = folder / f"office-{name}.gzdb"
    shutil.copy(folder / "甘州区汇总台账.gzdb", office)
    with gallery.app(office) as app:
        _office(gallery, app, folder)
    with gallery.app(folder / "gxj.gzdb") as app:
        _unit(gallery, app)
    with gallery.app(None) as app:
        gallery.shoot("01_首次启动", app.window)
        app.window.offer_copy(folder / "区科技局_下发副本.gzcopy")
        gallery.shoot("24_接收下发副本", app.window)


def _office(gallery: Gallery, app: object, folder: Path) -> None:
    from ganzhou_desktop.ui.printing import jobs

    session, window = app.session, app.window
    for title, key, argument in (
        ("02_总览", "overview", None),
        ("03_目标详情", "target", "T7"),
        ("04_任务矩阵", "matrix", None),
        ("05_任务矩阵_一格", "matrix", {"task": "5", "unit": "gxj"}),
        ("06_审核", "review", {"unit": "kjj"}),
        ("07_代录", "filing", {"unit": "gtj"}),
        ("08_数字核定", "figures", "T7"),
        ("09_设置_期次", "settings", None),
        ("10_设置_身份", "settings", "identity"),
        ("11_设置_恢复单", "settings", "recovery"),
        ("12_设置_历史", "settings", "history"),
    ):
        session.go(key, argument)
        gallery.shoot(title, window)
    session.go("exchange")
    exchange = window.page("exchange")
    gallery.shoot("13_合账台", window)
    exchange.put_in_files(sorted((folder / "copies").iterdir()))
    gallery.shoot("14_合账台_预览", window)
    gallery.shoot_dialog("15_下发副本", exchange.hand_out)
    gallery.shoot_dialog("16_两处不一致", lambda: session.go("exchange", "conflicts"))
    session.go("preview", jobs.matrix_job(session.ledger, session.period))
    gallery.shoot("17_打印预览_矩阵", window)
    session.go("preview", jobs.filing_job(session.ledger, "kjj", "区科技局", session.period))
    gallery.shoot("18_打印预览_填报表", window)
    session.go("preview", jobs.figures_job(session.ledger))
    gallery.shoot("19_打印预览_提请核定", window)


def _unit(gallery: Gallery, app: object) -> None:
    session, window = app.session, app.window
    for title, key, argument in (
        ("20_单位_总览", "overview", None),
        ("21_填报", "filing", {"task": "6"}),
        ("22_单位_任务矩阵", "matrix", None),
        ("23_单位_数据交换", "exchange", None),
    ):
        session.go(key, argument)
        gallery.shoot(title, window)


if __name__ == "__main__":
    sys.exit(main())
