"""任务矩阵和总览的规模：500 项任务 × 100 家单位，存 48 个月、显示一个月（虚构方案）。"""

import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.bench.common import Place, median, say

TASKS, UNITS, MONTHS = 500, 100, 48
WINDOW = (1366, 697)
# Actual and number of filings of every target: what a 总览 of these numbers cannot do without.
AGGREGATE = """
SELECT f.key, sum(CAST(f.value AS REAL)), count(*) FROM p_record AS r, json_each(r.body) AS f
WHERE r.kind = 'submission' AND f.type = 'text' GROUP BY f.key
"""


def run(place: Place) -> None:
    """Open, frame and filter against a QTableWidget; paper against LibreOffice; the overview against its aggregate."""
    from PySide6.QtWidgets import QApplication

    from ganzhou_desktop.services import ledgers, overview, periods, views
    from ganzhou_desktop.ui import theme
    from tests import big_plan
    from tests.statements import recorded

    theme.apply_theme(QApplication.instance() or QApplication(["bench"]))  # type: ignore[arg-type]
    path = place.folder / "big.gzdb"
    began = time.perf_counter()
    big_plan.build(path, big_plan.plan(TASKS, UNITS), MONTHS).close()
    print(f"造数据 {time.perf_counter() - began:.0f} 秒，台账 {path.stat().st_size / 2**20:.0f} MB", flush=True)
    ledger = ledgers.open_ledger(path, writer=False)
    ledger.plan()
    try:
        period = periods.period_named(ledger, None)

        def aggregate() -> Any:
            with ledger.journal.reading() as connection:
                return connection.execute(text(AGGREGATE)).all()

        filed = sum(row[2] for row in aggregate())
        bare = median(aggregate)
        board = lambda: overview.read_board(ledger, period.name, period.due)  # noqa: E731
        matrix = lambda: views.read_matrix(ledger, period.name)  # noqa: E731
        say(f"总览，{filed} 个数，打开台账后第一次", median(_anew(ledger, board)), "只做汇总的 SQL", bare)
        say("总览，再看", median(board), "只做汇总的 SQL", bare)
        say("读矩阵，打开台账后第一次", median(_anew(ledger, matrix)), "上限", 0.1)
        say("读矩阵，再看", median(matrix), "上限", 0.1)
        say("读矩阵，打开台账先看过总览（窗口总是先开总览）", _after(ledger, board, matrix), "上限", 0.1)
        for name, work in (("矩阵", matrix), ("总览", board)):
            with recorded(ledger) as statements:
                _anew(ledger, work)()
            print(f"读{name}：{len(statements)} 条 SQL，与期次多少无关", flush=True)
        _screen(ledger)
        _paper(place, ledger)
    finally:
        ledger.close()


def _anew(ledger: Any, read: Callable[[], object]) -> Callable[[], object]:
    """Reading as after opening a ledger, when nothing is kept yet."""
    from ganzhou_desktop.services import judging

    def work() -> object:
        judging._kept.pop(ledger, None)
        return read()

    return work


def _after(ledger: Any, first: Callable[[], object], then: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of a reading as a person comes to it, who has just opened the ledger and seen its first page."""
    times = []
    for _ in range(runs):
        _anew(ledger, first)()
        began = time.perf_counter()
        then()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _screen(ledger: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem, QWidget

    from ganzhou_desktop.services import periods, views
    from ganzhou_desktop.ui.messages import RecordedMessages
    from ganzhou_desktop.ui.operations import InstantRunner
    from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
    from ganzhou_desktop.ui.pages.matrix_page.model import cell_text
    from ganzhou_desktop.ui.pages.matrix_page.narrowing import Filters
    from ganzhou_desktop.ui.session import PreparedFiles, Session

    application = QApplication.instance()
    assert application is not None
    messages = RecordedMessages()
    session = Session(ledger, InstantRunner(messages), messages, PreparedFiles(), ledger.plan())
    session.period = periods.period_named(ledger, None).name
    page = MatrixPage(session)
    page.resize(*WINDOW)
    page.show()
    application.processEvents()  # shown, it paints what it is told to

    def opened() -> None:
        page.refresh()
        page.grab()

    peers: list[QWidget] = []

    def widget() -> QTableWidget:
        matrix = views.read_matrix(ledger)
        table = QTableWidget(len(matrix.tasks), 3 + len(matrix.units))
        column_of = {unit.id: 3 + n for n, unit in enumerate(matrix.units)}
        row_of = {}
        for row, task in enumerate(matrix.tasks):
            row_of[task.id] = row
            for column, words in enumerate((task.id, task.title, task.word)):
                table.setItem(row, column, QTableWidgetItem(words))
        for cell in matrix.cells:
            item = QTableWidgetItem(cell_text(cell))
            item.setToolTip(cell.why)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            table.setItem(row_of[cell.task], column_of[cell.unit], item)
        table.resize(page.table.size())
        table.show()
        application.processEvents()
        table.grab()
        peers[:] = [table]
        return table

    say("打开矩阵并画好（读、排、画）", median(opened), "QTableWidget", median(widget))
    peer = widget()
    bar, other = page.table.verticalScrollBar(), peer.verticalScrollBar()

    def scrolled(value: int) -> None:
        bar.setValue(value)
        page.table.viewport().repaint()
        page.table.frozen_view.viewport().repaint()

    def peer_scrolled(value: int) -> None:
        other.setValue(value)
        peer.viewport().repaint()

    steps = iter(range(1, 10_000))
    frame = median(lambda: scrolled(next(steps) * 37), 40)
    say("滚动一帧", frame, "QTableWidget", median(lambda: peer_scrolled(next(steps) % 400), 40))
    say("滚动一帧", frame, "上限", 0.016)
    asked = iter(("示范点", "虚构12局", "任务3", "指标", "") * 100)

    def filtered() -> None:
        page.filter_row.set_filters(Filters(words=next(asked)))
        page.grab()

    say("筛选并画好", median(filtered, 10), "上限", 0.05)
    page.close()
    peers.clear()


def _paper(place: Place, ledger: Any) -> None:
    from ganzhou_desktop.services import views
    from ganzhou_desktop.ui.printing import papers
    from ganzhou_desktop.ui.printing.painting import to_pdf

    pages = []
    used = []

    def printed() -> None:
        began = time.process_time()
        document = papers.matrix_paper(ledger, paper="A3")
        pages.append(len(document.pages))
        to_pdf(document, place.folder / "matrix.pdf")
        used.append(time.process_time() - began)

    ours = median(printed, 3)
    print(f"矩阵 PDF：处理器时间 {statistics.median(used) * 1000:.0f} ms", flush=True)
    reading = median(lambda: views.read_matrix(ledger))
    office = shutil.which("soffice")
    if office is None:
        say(f"矩阵 PDF，A3 {pages[-1]} 页（本机没有 soffice，没有对照）", ours)
        return
    sheet = _sheet(place.folder, views.read_matrix(ledger))

    def converted(kind: str) -> None:
        command = [office, f"-env:UserInstallation={(place.folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", kind, "--outdir", str(place.folder / "out"), str(sheet)]
        subprocess.run(command, check=True, capture_output=True)

    say("读出矩阵", reading, "LibreOffice 打开同一张表的 xlsx（转成 csv）", median(lambda: converted("csv"), 2))
    say(f"矩阵 PDF，A3 {pages[-1]} 页", ours, "LibreOffice 打开并转成 PDF", median(lambda: converted("pdf"), 2))


def _sheet(folder: Path, matrix: Any) -> Path:
    """The same table as an office would have it in a workbook: borders, repeated heads, A3 landscape."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Side

    book = Workbook()
    sheet = book.active
    line = Side(style="thin")
    border, middle = Border(left=line, right=line, top=line, bottom=line), Alignment("center", "center", wrap_text=True)
    cells = {(c.task, c.unit): f"{'◎' if c.role == 'lead' else '○'}\n{c.word}" for c in matrix.cells}
    sheet.append(["序", "重点任务", "任务状态", *(u.short for u in matrix.units)])
    for task in matrix.tasks:
        sheet.append([task.id, task.title, task.word, *(cells.get((task.id, u.id), "") for u in matrix.units)])
    for row in sheet.iter_rows():
        for cell in row:
            cell.border, cell.alignment = border, middle
    sheet.column_dimensions["B"].width = 30
    sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols = "D2", "1:1", "A:C"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    path = folder / "matrix.xlsx"
    book.save(path)
    return path
