"""The window program from its command line to its exit code."""

import argparse
import importlib
import logging
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMessageBox

from ganzhou_desktop import __version__, diagnostics, paths
from ganzhou_desktop.app.window import PLAN, App, make_folder
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import recovery
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui import texts, theme
from ganzhou_desktop.ui.messages import Failure, failure_of
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.single_instance import SingleInstance

NO_START = 4
"""Exit code when a fault of the program, or a damaged one, keeps it from opening its window."""


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ganzhou-desktop", description="甘州科创台账")
    parser.add_argument("path", nargs="?", type=Path, help="要打开的台账 .gzdb，或收到的副本 .gzcopy")
    parser.add_argument("--ready", action="store_true", help="没有台账时，先按方案建一本再打开")
    parser.add_argument("--shot", type=Path, help="打开后存一张图片就退出")
    parser.add_argument("--page", default="", help="与 --shot 一起：先翻到这一页")
    parser.add_argument("--size", default="1366x697", help="与 --shot 一起：窗口大小")
    parser.add_argument(
        "--selftest", nargs="?", const="-", metavar="页.pdf", help="看这台电脑上什么能用；可存成一页 PDF"
    )
    parser.add_argument("--version", action="version", version=f"甘州科创台账 {__version__}")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the program's window; returns the exit code."""
    options = _options(list(sys.argv[1:] if argv is None else argv))
    handler = diagnostics.set_up_logging()
    application = QApplication(["ganzhou-desktop", *_qt_options()])
    application.setApplicationName(texts.PROGRAM)
    preferences = Preferences.load()
    theme.apply_theme(application, preferences.scale / 100)
    if options.selftest:
        return _selftest(options.selftest)
    instance = SingleInstance()
    if not instance.first and options.shot is None and instance.hand_over(options.path):
        return 0
    app = App(preferences)
    instance.asked.connect(app.come_forward)
    application.commitDataRequest.connect(app.before_session_ends)
    hooks = diagnostics.CrashHooks(lambda error, report: _tell_crash(app, error, report))
    try:
        _open_first(app, options)
        assert app.window is not None
        if options.shot is not None:
            width, _, height = options.size.partition("x")
            app.window.resize(QSize(int(width), int(height)))
            app.window.show()
            QTimer.singleShot(0, lambda: _take_picture(app, options, application))
        else:
            app.show_first()
            application.lastWindowClosed.connect(app.remember_place)
            QTimer.singleShot(0, app.offer_crash_report)
        return application.exec()
    except Exception as error:
        # Before there is a window that could tell: without this the program would end without a word.
        report = hooks.caught(error)
        if options.shot is None:
            _tell_no_start(report)
        return NO_START
    finally:
        hooks.remove()
        app.close()
        instance.release()
        handler.close()
        logging.getLogger().removeHandler(handler)


def _qt_options() -> list[str]:
    """On Windows: fonts by GDI.  By DirectWrite Qt 6.8 draws a PDF's words as outlines, which nobody can search or copy."""
    if sys.platform == "win32" and not os.environ.get("QT_QPA_PLATFORM"):
        return ["-platform", "windows:nodirectwrite"]
    return []


def _selftest(out: str) -> int:
    """Try everything on this PC; the lines go to stdout, the page to a PDF when one is named."""
    selftest = importlib.import_module("ganzhou_desktop.ui.selftest")
    painting = importlib.import_module("ganzhou_desktop.ui.printing.painting")
    findings = selftest.run()
    for finding in findings:
        print(finding.line)  # noqa: T201  (what this command is for)
    if out != "-":
        painting.to_pdf(selftest.document(findings), Path(out))
    return 3 if any(f.well is False for f in findings) else 0


def _open_first(app: App, options: argparse.Namespace) -> None:
    path = options.path or app.preferences.last_ledger()
    if path is None and options.ready:
        path = paths.default_ledger_dir() / "甘州区汇总台账.gzdb"
        if not path.exists():
            try:
                make_folder(path.parent)
                recovery.new_office_ledger(path, read_plan(paths.plan_file(PLAN)), pc=platform.node()).close()
            except LedgerError as exc:
                app.messages.failure(app.show_start(), failure_of(exc, "建立台账"))
                return
    if path is not None and path.suffix.lower() == ".gzcopy":
        app.show_start().offer_copy(path)
    elif (path is None or not app.open_path(path, unattended=options.shot is not None)) and app.window is None:
        app.show_start()


def _take_picture(app: App, options: argparse.Namespace, application: QApplication) -> None:
    """Wait for what the worker still reads and until the window stays as it is, save it as a picture and leave."""
    if options.page and app.session is not None:
        app.session.go(options.page)
    app.operations.read_now(lambda: None)

    def shoot(before: QImage | None, tries: int) -> None:
        assert app.window is not None
        now = app.window.grab().toImage()
        if now != before and tries:
            # A page still lays itself out, for long on a slow PC.
            QTimer.singleShot(200, lambda: shoot(now, tries - 1))
        else:
            application.exit(0 if now.save(str(options.shot)) else 3)

    QTimer.singleShot(200, lambda: shoot(None, 50))


def _tell_no_start(report: Path | None) -> None:
    where = f"差错记录在“{report}”，里面没有填报的内容。" if report is not None else ""
    box = QMessageBox(QMessageBox.Icon.Critical, texts.PROGRAM, "程序没能打开。")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(
        f"台账没有变化。多半是程序的文件缺了或坏了（例如被杀毒软件隔离）：请重新安装，或重新解开便携版，再打开。"
        f"还是打不开，请找维护人员。{where}"
    )
    box.exec()


def _tell_crash(app: App, error: BaseException, report: Path | None) -> None:
    """On the failing thread: hand the words over to the window."""

    def tell() -> None:
        if app.window is not None:
            where = f"记录在“{report}”。" if report is not None else ""
            app.messages.failure(
                app.window,
                Failure("程序出了差错", f"台账里已经保存的内容没有变化。{where}", details=type(error).__name__),
            )

    QTimer.singleShot(0, app, tell)
