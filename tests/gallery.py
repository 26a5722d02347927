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
    unit = folder / f"gxj-{name}.gzdb"
    shutil.copy(folder / "gxj.gzdb", unit)
    with gallery.app(unit) as app:
        _unit(gallery, app, folder)
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
    _large(gallery, window, exchange, folder)
    gallery.shoot_dialog("15_下发副本", exchange.hand_out)
    gallery.shoot_dialog("16_两处不一致", lambda: session.go("exchange", "conflicts"))
    session.go("preview", jobs.matrix_job(session.ledger, session.period))
    gallery.shoot("17_打印预览_矩阵", window)
    session.go("preview", jobs.filing_job(session.ledger, "kjj", "区科技局", session.period))
    gallery.shoot("18_打印预览_填报表", window)
    session.go("preview", jobs.figures_job(session.ledger))
    gallery.shoot("19_打印预览_提请核定", window)
    _registers(gallery, app, folder)
    _applications(gallery, app)
    ledger = session.ledger
    for title, job in (
        ("34_打印预览_台账", _register_job(session, "platforms")),
        ("35_打印预览_奖补汇总", jobs.sums_job(ledger, session.today())),
        ("36_打印预览_提请明确", jobs.questions_job(ledger)),
        ("37_打印预览_领导一页纸", jobs.leader_job(ledger, session.period, TODAY.date())),
        ("38_打印预览_任务分解表", jobs.breakdown_job(ledger)),
    ):
        session.go("preview", job)
        gallery.shoot(title, window)
    _other_looks(gallery, app)


def _other_looks(gallery: Gallery, app: object) -> None:
    """What a click away from a page's first look shows: dials, comparison, the tabs, the other settings and papers."""
    from datetime import date

    from ganzhou_desktop.ui.printing import jobs

    session, window = app.session, app.window
    session.go("overview")
    overview = window.page("overview")
    overview.view.button("dials").click()
    gallery.shoot("39_总览_表盘", window)
    overview.view.button("bullets").click()
    session.go("matrix")
    matrix = window.page("matrix")
    matrix.against.set_current("2018Q2")
    matrix.against.chosen.emit("2018Q2")
    matrix.filter_row.role.set_current("lead")
    matrix.filter_row.role.chosen.emit("lead")
    gallery.shoot("40_任务矩阵_对比和筛选", window)
    matrix.filter_row.clear.click()
    for title, target, tab in (
        ("41_目标详情_谁完成的", "T7", "by_unit"),
        ("42_目标详情_假如", "T5", "suppose"),
        ("43_目标详情_自报数", "T1", "filings"),
    ):
        session.go("target", target)
        window.page("target").which.button(tab).click()
        gallery.shoot(title, window)
    session.go("registers", {"register": "enterprises"})
    gallery.shoot("44_台账_企业培育", window)
    session.go("exchange")
    exchange = window.page("exchange")
    board = exchange.desk_view.board
    board.views.button("tasks").click()
    gallery.shoot("45_合账台_单位和任务", window)
    board.views.button("tiles").click()
    for title, view in (("46_往来记录", "log"), ("47_体检", "check")):
        exchange.views.button(view).click()
        gallery.shoot(title, window)
    for title, section in (
        ("48_设置_联系人", "contacts"),
        ("49_设置_电脑清单", "sites"),
        ("50_设置_备份与恢复", "backup"),
        ("51_设置_字号", "appearance"),
        ("52_设置_关于", "about"),
    ):
        session.go("settings", section)
        gallery.shoot(title, window)
    ledger = session.ledger
    for title, job in (
        ("53_打印预览_目标任务进度表", jobs.gauges_job(ledger, date(2018, 9, 30))),
        ("54_打印预览_回执单", jobs.answer_job(ledger, "gxj", "区工信局", session.period)),
        ("55_打印预览_恢复单", jobs.recovery_job(ledger, " ".join(["0000"] * 14))),
    ):
        session.go("preview", job)
        gallery.shoot(title, window)


def _register_job(session: object, register: str) -> object:
    from ganzhou_desktop.services.register_desk import read_desk
    from ganzhou_desktop.ui.printing import jobs

    desk = read_desk(session.ledger, register, session.today())
    return jobs.register_job(session.ledger, register, desk.view.register.short, desk.rows, on=desk.on)


def _large(gallery: Gallery, window: object, exchange: object, folder: Path) -> None:
    """The question before a copy that brings more than usual: these do, once what is usual is made small."""
    from ganzhou_desktop.store import amounts

    usual, amounts.NEW_BYTES = amounts.NEW_BYTES, 1100
    try:
        exchange.desk_view.panel.clear()
        exchange.put_in_files(sorted((folder / "copies").iterdir()))
        gallery.shoot("14_合账台_很大的副本", window)
    finally:
        amounts.NEW_BYTES = usual
    exchange.desk_view.panel.clear()
    exchange.put_in_files(sorted((folder / "copies").iterdir()))


def _registers(gallery: Gallery, app: object, folder: Path) -> None:
    """台账: the table, the form of an entry, a workbook with mistakes about to be taken in, a target's entries."""
    from openpyxl import Workbook

    session, window = app.session, app.window
    session.go("registers", {"register": "platforms"})
    page = window.page("registers")
    gallery.shoot("25_台账", window)
    gallery.shoot_dialog("26_台账_整条", lambda: page.open_form(page.model.rows[1].entry))
    book = Workbook()
    for row in (
        ("平台名称", "类型", "级别", "依托单位", "认定日期"),
        ("示例甲禾众创空间", "众创空间", "省级", "示例甲禾公司", "2018年7月9日"),
        ("示例乙泉重点实验室", "重点实验室", "省极", "示例乙泉公司", "2018-08-01"),
        ("示例丙川孵化器", "科技企业孵化器", "市级", "示例丙川公司", "八月初"),
    ):
        book.active.append(row)
    book.save(folder / "示例创新平台.xlsx")
    page.filter_row.unit.set_current("kjj")
    session.files.answers.append(folder / "示例创新平台.xlsx")
    gallery.shoot_dialog("27_台账_导入", page.bring.click)
    session.go("target", "T7")
    gallery.shoot("28_目标详情_台账登记", window)


def _applications(gallery: Gallery, app: object) -> None:
    """申报奖补: the table, the board, the subsidies with who fits, the form."""
    session, window = app.session, app.window
    session.go("applications")
    page = window.page("applications")
    for title, tab in (
        ("29_申报", "table"),
        ("30_申报_流程看板", "board"),
        ("31_奖补", "subsidies"),
    ):
        page.tabs.set_current(tab)
        page.tabs.chosen.emit(tab)
        if tab == "subsidies":
            page.subsidies.table.selectRow(3)
        gallery.shoot(title, window)
    page.tabs.set_current("table")
    page.tabs.chosen.emit("table")
    gallery.shoot_dialog("32_申报_办理", lambda: page.open_form(page.model.rows[4]))


def _unit(gallery: Gallery, app: object, folder: Path) -> None:
    session, window = app.session, app.window
    for title, key, argument in (
        ("20_单位_总览", "overview", None),
        ("21_填报", "filing", {"task": "6"}),
        ("22_单位_任务矩阵", "matrix", None),
        ("23_单位_数据交换", "exchange", None),
    ):
        session.go(key, argument)
        gallery.shoot(title, window)
    _word(gallery, app, folder)


def _word(gallery: Gallery, app: object, folder: Path) -> None:
    """The form that went out as Word and came back with the chief's changes."""
    import docx

    session, window = app.session, app.window
    session.go("filing", {"task": "6"})
    page = window.page("filing")
    path = folder / f"填报表-{gallery.name}.docx"
    session.files.answers.append(path)
    page.write_word()
    document = docx.Document(str(path))
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    if "升规辅导" in paragraph.text:
                        paragraph.text = paragraph.text + "领导加的一句：请于四季度再办两场。"
    document.save(str(path))
    session.files.answers.append(path)
    gallery.shoot_dialog("33_读回Word", page.read_word)


if __name__ == "__main__":
    sys.exit(main())
