"""一本台账的规模：20 000 条登记，打开、筛选、查找、排序、改一格（虚构内容）。"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.bench.common import Place, median, say
from tests.bench.common_ledgers import words

ENTRIES = 20_000
REGISTER = "enterprises"
WINDOW = (1206, 671)
LIMIT = 0.1
ON = date(2019, 6, 30)


def run(place: Place) -> None:
    """Each action from the click to the painted table against 100 ms; opening against a QTableWidget of the same cells."""
    from PySide6.QtWidgets import QApplication

    from ganzhou_desktop import paths
    from ganzhou_desktop.services import ledgers, register_desk
    from ganzhou_desktop.services.plan_files import read_plan
    from ganzhou_desktop.ui import theme
    from tests.statements import recorded

    theme.apply_theme(QApplication.instance() or QApplication(["bench"]))  # type: ignore[arg-type]
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    count = max(200, int(ENTRIES * place.size))
    ledger, _ = ledgers.new_ledger(place.folder / "registers.gzdb", plan)
    began = time.perf_counter()
    fill(ledger, count)
    print(f"登记 {count} 条 {time.perf_counter() - began:.1f} 秒", flush=True)
    try:
        read = lambda: register_desk.read_desk(ledger, REGISTER, ON)  # noqa: E731
        say("读台账（工作线程），台账刚打开", median(_anew(ledger, read), 3))
        say("读台账（工作线程），没有写过再看", median(read, 3), "上限", LIMIT)
        with recorded(ledger) as statements:
            _anew(ledger, read)()
        print(f"读台账：{len(statements)} 条 SQL，与条数无关", flush=True)
        _screen(ledger)
        _paper(place, ledger)
    finally:
        ledger.close()


def fill(ledger: Any, count: int) -> None:
    """Entries as units write them: every column filled but one in twenty, one in forty a double."""
    from ganzhou_desktop.services import registers
    from ganzhou_desktop.services.registers import Edit

    plan, rng = ledger.plan(), random.Random(20)
    columns = plan.columns_by_register[REGISTER]
    units = plan.writers_of(REGISTER)
    edits: list[Edit] = []
    for number in range(count):
        values = {c.name: _value(c, rng, number) for c in columns if rng.random() > 0.05 or c is columns[0]}
        edits.append(Edit(dict(edits[-1].values) if number % 40 == 39 else values))
    for place, unit in enumerate(units):
        registers.save_entries(ledger, REGISTER, unit.id, edits[place :: len(units)])


def _value(column: Any, rng: random.Random, number: int) -> Any:
    match column.form:
        case "date":
            return (date(2015, 1, 1) + timedelta(days=rng.randrange(2000))).isoformat()
        case "integer":
            return rng.randrange(10**4)
        case "decimal":
            return str(rng.randrange(1, 10**4))
        case "choice":
            return rng.choice(column.choices)
        case "flag":
            return rng.random() < 0.5
        case "long":
            return words(rng, 40)
    return f"示例{number}{words(rng, 8)}"


def _anew(ledger: Any, read: Callable[[], object]) -> Callable[[], object]:
    """Reading as right after the ledger was opened, when nothing is kept from before."""
    from ganzhou_desktop.services import register_desk, registers

    def work() -> object:
        registers._held.pop(ledger, None)
        register_desk._rows.pop(ledger, None)
        return read()

    return work


def _screen(ledger: Any) -> None:
    from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem, QWidget

    from ganzhou_desktop.services import register_desk
    from ganzhou_desktop.ui.messages import RecordedMessages
    from ganzhou_desktop.ui.operations import InstantRunner
    from ganzhou_desktop.ui.pages.registers_page import RegistersPage
    from ganzhou_desktop.ui.session import PreparedFiles, Session

    application = QApplication.instance()
    assert application is not None
    messages = RecordedMessages()
    session = Session(ledger, InstantRunner(messages), messages, PreparedFiles(), ledger.plan())
    page = RegistersPage(session)
    page.resize(*WINDOW)
    page.show_argument({"register": REGISTER})
    page.show()
    page.refresh()
    application.processEvents()
    read = (register_desk.read_desk(ledger, REGISTER, session.today()), "")

    def shown() -> None:
        page._desk = None  # as when another register was shown before
        page._show(read)
        page.grab()

    peers: list[QWidget] = []

    def widget() -> None:
        desk = read[0]
        table = QTableWidget(len(desk.rows), len(desk.view.columns))
        for row, held in enumerate(desk.rows):
            for column, name in enumerate(desk.view.columns):
                table.setItem(row, column, QTableWidgetItem(str(held.entry.values.get(name.name, ""))))
        table.resize(page.table.size())
        table.show()
        application.processEvents()
        table.grab()
        peers[:] = [table]

    opened = median(shown, 5)
    say("打开（界面线程：排好、画好）", opened, "QTableWidget", median(widget, 2))
    say("打开（界面线程：排好、画好）", opened, "上限", LIMIT)
    peers.clear()

    def acted(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            work()
            page.grab()

        return run

    states = iter(("gaps", "all", "doubles", "in_force", "all") * 100)

    def state() -> None:
        page.filter_row.state.set_current(next(states))
        page._fill()

    say("按状态筛选并画好", median(acted(state), 10), "上限", LIMIT)
    page.filter_row.state.set_current("all")
    page._fill()
    typed = iter(("示", "示例", "示例7", "示例77", "") * 100)
    say("打一个字查找并画好", median(acted(lambda: page.filter_row.search.setText(next(typed))), 10), "上限", LIMIT)
    page.filter_row.search.setText("")
    model = page.model
    assert model is not None
    places = [model.place_of(c.name) for c in model.desk.view.columns]
    sorts = iter(places * 20)
    order = page.table.horizontalHeader()
    page.table.setSortingEnabled(True)
    say(
        "按一栏排序并画好",
        median(acted(lambda: order.setSortIndicator(next(sorts), order.sortIndicatorOrder())), 10),
        "上限",
        LIMIT,
    )
    text = model.desk.view.columns[0].name
    rows = iter(range(50, 10_000, 97))
    number = iter(range(10_000))

    def edit() -> None:
        now = page.model
        assert now is not None
        now.setData(now.index(next(rows) % now.rowCount(), now.place_of(text)), f"示例改名{next(number)}")

    say("改一格，存好并画好（含写台账）", median(acted(edit), 15), "上限", LIMIT)

    def again() -> None:
        edit()
        page.refresh()

    say("改一格，接着整本再读（工作线程）、再排", median(again, 3))
    page.close()


def _paper(place: Place, ledger: Any) -> None:
    """The whole register as A3 PDF, laid out and written, against LibreOffice with the workbook of the same rows."""
    from ganzhou_desktop.services import register_desk, register_files
    from ganzhou_desktop.ui.printing import papers
    from ganzhou_desktop.ui.printing.painting import to_pdf

    rows = register_desk.read_desk(ledger, REGISTER, ON).rows
    began, used = time.perf_counter(), time.process_time()
    document = papers.register_paper(ledger, REGISTER, rows, on=ON, paper="A3")
    laid = time.perf_counter()
    to_pdf(document, place.folder / "register.pdf")
    ours, used = time.perf_counter() - began, time.process_time() - used
    pages = len(document.pages)
    print(f"{len(rows)} 条的台账 PDF，A3 {pages} 页：排版 {laid - began:.1f} 秒，共 {ours:.1f} 秒", flush=True)
    office = shutil.which("soffice")
    if office is None:
        say(f"{len(rows)} 条的台账 PDF，处理器时间（本机没有 soffice，没有对照）", used)
        return
    sheet = place.folder / "register.xlsx"
    register_files.write_register(ledger, REGISTER, [row.entry for row in rows], sheet)
    command = [office, f"-env:UserInstallation={(place.folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(place.folder / "out"), str(sheet)]
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    theirs = after.children_user - before.children_user + after.children_system - before.children_system
    say(f"{len(rows)} 条的台账 PDF，处理器时间", used, "LibreOffice 打开导出的 xlsx 并转成 PDF", theirs)
