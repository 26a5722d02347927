"""17 copies go through the window and back with their answers: dropped at once, previewed, merged, reviewed, answered."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.services import exchange, filing, ledgers, periods
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.pages.exchange import ExchangePage
from ganzhou_desktop.ui.pages.exchange.board import MERGED, WAITING
from ganzhou_desktop.ui.pages.exchange.office_view import OfficeView
from ganzhou_desktop.ui.pages.exchange.preview_rows import COPY, TRUST
from ganzhou_desktop.ui.pages.exchange.unit_view import UnitView
from tests.ui.test_quarter import LEFT, Pc

PERIOD = "2018Q1"
PLAN = read_plan(paths.plan_file("ganzhou-2017.toml"))
UNITS = tuple(u.id for u in PLAN.responsible_units)
WEAK = {"gxj": "请写明走访了哪几家。", "lzb": "数字与上期对不上，请核对。"}


def _at(day: int) -> datetime:
    return datetime(2018, 4, day, 2, tzinfo=UTC)


@contextmanager
def _office(path: Path) -> Iterator[ledgers.Ledger]:
    made, _ = ledgers.new_ledger(path, PLAN, clock=lambda: _at(1), author="汇总员")
    with closing(made):
        periods.open_period(made, PERIOD)
        yield made


def _filled(folder: Path, office: ledgers.Ledger, unit: str) -> Path:
    """A unit's ledger with a filled and submitted form; the copy it hands over."""
    handed, copy = folder / f"给{unit}.gzcopy", folder / "U盘" / f"{PLAN.unit_by_id[unit].name}.gzcopy"
    exchange.hand_out(office, unit, handed)
    with closing(exchange.join(handed, folder / f"{unit}.gzdb", clock=lambda: _at(3), author="填报员")) as ledger:
        form = filing.form_state(ledger, unit, PERIOD).form
        matters = tuple(
            replace(
                m,
                answer=Answer("progress", f"任务{m.task}走访企业若干家。", "", "下季度继续。"),
                measurements=dict.fromkeys(m.measurements, Decimal(1)),
            )
            for m in form.matters
        )
        filing.submit(ledger, replace(form, matters=matters))
        exchange.export(ledger, copy)
    return copy


def _drop(page: ExchangePage, *places: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(place)) for place in places])
    given = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page, QDragEnterEvent(QPoint(300, 300), *given))
    QApplication.sendEvent(page, QDropEvent(QPointF(300, 300), *given))


def test_seventeen_copies_through_the_window_and_back(qtbot: QtBot, tmp_path: Path) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    with _office(tmp_path / "区.gzdb") as made:
        copies = [_filled(tmp_path, made, unit) for unit in UNITS]
    assert len(copies) == 17
    with _office(tmp_path / "别处.gzdb") as other:
        exchange.hand_out(other, "czj", stick / "另一本.gzcopy")
    damaged = bytearray(copies[0].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (stick / "坏的.gzcopy").write_bytes(damaged)
    (stick / "深一层").mkdir()
    shutil.copy(copies[3], stick / "深一层" / "又一份.bin")

    # Everything on the stick is dropped at once; each file has its verdict, nothing is taken in yet.
    office = Pc(qtbot, date(2018, 4, 8))
    office.start()
    office.app.open_path(tmp_path / "区.gzdb")
    page = office.exchange()
    view = page.desk_view
    assert isinstance(view, OfficeView)
    _drop(page, stick)
    rows = view.panel.table.preview.rows
    assert sum(r.kind == COPY for r in rows) == 20
    assert sum(r.kind == TRUST for r in rows) == 18, "the one that came twice shows its code at each copy"
    assert {s.right for s in view.states().values()} == {"先比对核对码"}
    said = {r.file.name: r.facts for r in rows if r.kind == COPY}
    assert "另一本台账" in said["另一本.gzcopy"]
    assert "对不上" in said["坏的.gzcopy"]
    assert not view.panel.merge_button.isEnabled()

    # The codes are compared with the stamped forms, one after the other; the board fills.
    while waiting := [i for i, r in enumerate(view.panel.table.preview.rows) if r.kind == TRUST and not r.ticked]:
        index = view.panel.table.preview.index(waiting[0], 0)
        view.panel.table.scrollTo(index)
        place = view.panel.table.visualRect(index).center()
        place.setX(440)
        qtbot.mouseClick(view.panel.table.viewport(), LEFT, pos=place)
    assert {s.state for s in view.states().values()} == {WAITING}
    qtbot.mouseClick(view.board.views.button("tasks"), LEFT)
    cells = [(r.task, u) for u in UNITS for r in PLAN.roles_of(u)]
    assert {view.board.tasks.state_of(*cell) for cell in cells} == {"waiting"}
    assert view.panel.merge_button.text() == "合入 17 份"
    assert not view.board.missing_button.isVisible()
    before = page.window().windowTitle()

    # One step; then undone, and done again.
    qtbot.mouseClick(view.panel.merge_button, LEFT)
    assert {s.state for s in view.states().values()} == {MERGED}
    assert {view.board.tasks.state_of(*cell) for cell in cells} == {"filed"}
    left = {r.file.name for r in view.panel.table.preview.rows if r.kind == COPY}
    assert left == {"另一本.gzcopy", "坏的.gzcopy"}
    log = page.log_view.table
    told = [str(log.model().index(row, column).data()) for row in range(20) for column in range(7)]
    assert told.count("没有合入") == 2, "what was refused is in the log too"
    assert told.count("没有新内容") == 1
    office.messages.answers = [True]
    qtbot.mouseClick(view.panel.undo_button, LEFT)
    assert {view.board.tasks.state_of(*cell) for cell in cells} == {"missing"}
    qtbot.mouseClick(view.panel.clear_button, LEFT)
    office.put_in(*copies)
    assert {s.state for s in view.states().values()} == {MERGED}
    assert page.window().windowTitle() == before

    # Reviewed: two are returned, the rest accepted.
    for unit in UNITS:
        office.review(unit, back=WEAK.get(unit, ""))

    # The answers of all, into a folder.
    out = tmp_path / "答复"
    out.mkdir()
    office.exchange()
    office.click("hand_out")
    dialog = page.hand_out_dialog
    assert dialog is not None
    assert len(dialog.chosen()) == 17
    office.files.answers = [out]
    qtbot.mouseClick(dialog.choose_button, LEFT)
    qtbot.mouseClick(dialog.write_button, LEFT)
    assert dialog.outcome.text() == "17 份都已核对，可以拔出"
    qtbot.mouseClick(dialog.write_button, LEFT)
    assert "台账完好" in office.checkup()
    office.app.close()

    # Every unit opens its own from the folder with all of them, and reads its rows.
    for unit in UNITS:
        pc = Pc(qtbot, date(2018, 4, 10))
        pc.start()
        pc.app.open_path(tmp_path / f"{unit}.gzdb")
        mine = pc.exchange()
        mine.sticks = lambda: (out,)
        mine.look_for_sticks()
        assert "区里的新答复" in mine.stick_notice.text()
        (opens,) = [b for b in mine.stick_notice.findChildren(QPushButton) if b.text() == "打开最新的一份"]
        qtbot.mouseClick(opens, LEFT)
        desk = mine.desk_view
        assert isinstance(desk, UnitView)
        assert [s.file.name.split("_")[0] for s in desk.panel.staged] == [PLAN.unit_by_id[unit].name]
        qtbot.mouseClick(desk.panel.merge_button, LEFT)
        assert desk.compared.text() == "区里已收到本机全部内容"
        shown = {r.task: (r.word, r.reason) for r in desk.rows.rows if r.task}
        assert set(shown) == set(PLAN.matters_of(unit))
        wanted = ("退回", WEAK[unit]) if unit in WEAK else ("已接收", "")
        assert set(shown.values()) == {wanted}
        pc.app.close()
