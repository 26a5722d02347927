"""A whole quarter through the window: keyboard and mouse only, no service called; the office and two units.

New ledger → open 2018Q1 → hand out → both fill, submit, print, export → merge in either order, same content → matrix
and gauges show it → return one, accept one → hand out again → the unit sees the reason, refiles → merge → accept →
close → A3 PDF with all tasks and units → 体检 everywhere.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.app import App
from ganzhou_desktop.ui.main_window import MainWindow
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.pages.exchange import ExchangePage
from ganzhou_desktop.ui.pages.exchange.preview_rows import TRUST
from ganzhou_desktop.ui.pages.filing import FilingPage
from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
from ganzhou_desktop.ui.pages.overview_page import OverviewPage
from ganzhou_desktop.ui.pages.preview_page import PreviewPage
from ganzhou_desktop.ui.pages.review_page import ReviewPage
from ganzhou_desktop.ui.pages.settings_page import SettingsPage
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.session import PreparedFiles
from ganzhou_desktop.ui.start_window import StartWindow
from ganzhou_desktop.ui.start_window.choices import Choice

LEFT = Qt.MouseButton.LeftButton
KEEP = Qt.KeyboardModifier.NoModifier
ON_BOX = QPoint(8, 12)


class Pc:
    """One PC with the program running: a person at its keyboard and mouse."""

    def __init__(self, bot: QtBot, day: date) -> None:
        self.bot = bot
        self.messages = RecordedMessages()
        self.files = PreparedFiles()
        self.app = App(
            Preferences(),
            messages=self.messages,
            files=self.files,
            make_operations=InstantRunner,
            clock=lambda: datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC),
        )

    def start(self) -> StartWindow:
        """Start the program for the first time."""
        start = self.app.show_start()
        start.resize(1366, 697)
        start.show()
        return start

    @property
    def window(self) -> MainWindow:
        assert isinstance(self.app.window, MainWindow)
        return self.app.window

    def go(self, key: str) -> QWidget:
        """Click an entry of the navigation."""
        self.bot.mouseClick(self.window.nav.item(key), LEFT)
        assert self.window.current_key == key
        return self.window.page(key)

    def click(self, name: str, where: QWidget | None = None) -> None:
        """Click the visible button of that name."""
        found = [b for b in (where or self.app.window).findChildren(QPushButton, name) if b.isVisible()]
        assert len(found) == 1, (name, len(found))
        assert found[0].isEnabled(), f"{name}: {found[0].toolTip()}"
        self.bot.mouseClick(found[0], LEFT)

    def write(self, box: QWidget, text: str) -> None:
        """Type as an input method commits it."""
        box.setFocus()
        commit = QInputMethodEvent()
        commit.setCommitString(text)
        QApplication.sendEvent(box, commit)

    def join(self, copy: Path) -> None:
        """接收下发的副本."""
        start = self.start()
        self.files.answers = [copy]
        found = start.findChild(Choice, "start_join")
        assert found is not None
        self.bot.mouseClick(found, LEFT)
        self.click("join_confirm")

    def answers(self, texts: Callable[[str], str], numbers: dict[str, str]) -> None:
        """Fill every matter in the form."""
        page = self.go("filing")
        assert isinstance(page, FilingPage)
        tasks = [row.task for row in page.list.rows if row.task]
        for place, task in enumerate(tasks):
            button = page.form.answer.buttons["progress"]
            self.bot.mouseClick(button, LEFT, KEEP, QPoint(8, button.height() // 2))
            area = page.form.areas["progress"].area
            assert isinstance(area, QTextEdit) or hasattr(area, "toPlainText")
            area.selectAll()
            self.bot.keyClick(area, Qt.Key.Key_Delete)
            self.write(area, texts(task))
            for target, row in page.form.numbers.rows.items():
                if target in numbers:
                    row.box.selectAll()
                    self.bot.keyClicks(row.box, numbers[target])
            if place + 1 < len(tasks):
                self.bot.mouseClick(page.forward, LEFT)

    def to_pdf(self, out: Path) -> str:
        """Save what the preview shows as PDF; its words."""
        page = self.window.page("preview")
        assert isinstance(page, PreviewPage)
        assert page.preview is not None
        self.files.answers = [out]
        self.bot.mouseClick(page.preview.pdf_button, LEFT)
        text = "".join(p.extract_text() for p in PdfReader(out).pages)
        self.bot.mouseClick(page.preview.close_button, LEFT)
        return text

    def export(self, folder: Path) -> Path:
        """导出副本 to a stick."""
        folder.mkdir()
        self.go("exchange")
        self.files.answers = [folder]
        self.click("export")
        (file,) = folder.iterdir()
        return file

    def exchange(self) -> ExchangePage:
        page = self.go("exchange")
        assert isinstance(page, ExchangePage)
        return page

    def put_in(self, *copies: Path) -> ExchangePage:
        """Put copies in, accept keys after comparing their 核对码, merge."""
        page = self.exchange()
        self.files.answers = list(copies)
        self.bot.mouseClick(page.put_in, LEFT)
        panel = page.desk_view.panel
        for _ in range(20):
            rows = [i for i, r in enumerate(panel.table.preview.rows) if r.kind == TRUST and not r.ticked]
            if not rows:
                break
            index = panel.table.preview.index(rows[0], 0)
            panel.table.scrollTo(index)
            place = panel.table.visualRect(index).center()
            place.setX(440)
            self.bot.mouseClick(panel.table.viewport(), LEFT, pos=place)
        assert panel.merge_button.isEnabled()
        self.bot.mouseClick(panel.merge_button, LEFT)
        return page

    def hand_out(self, folder: Path, *units: str) -> list[Path]:
        """下发副本 to some units."""
        folder.mkdir()
        page = self.exchange()
        self.click("hand_out")
        dialog = page.hand_out_dialog
        assert dialog is not None
        self.bot.mouseClick(dialog.all_box, LEFT, KEEP, ON_BOX)
        for unit in units:
            dialog.tick(unit)
        self.files.answers = [folder]
        self.bot.mouseClick(dialog.choose_button, LEFT)
        self.bot.mouseClick(dialog.write_button, LEFT)
        self.bot.mouseClick(dialog.write_button, LEFT)
        return sorted(folder.iterdir())

    def checkup(self) -> str:
        """体检: its sentence, with the digest of everything held."""
        page = self.exchange()
        self.bot.mouseClick(page.views.button("check"), LEFT)
        view = page.check_view
        if not view.card.isVisible():
            self.bot.mouseClick(view.empty.button, LEFT)
        else:
            self.bot.mouseClick(view.again_button, LEFT)
        words = view.sentence.text() + view.means.text()
        self.bot.mouseClick(page.views.button("desk"), LEFT)
        return words

    def review(self, unit: str, *, back: str = "", tasks: tuple[str, ...] = ()) -> None:
        """Accept a unit's filing, or return it."""
        page = self.go("review")
        assert isinstance(page, ReviewPage)
        row = next(i for i, s in enumerate(page.units.model.rows) if s.unit == unit)
        place = page.units.table.visualRect(page.units.model.index(row, 0)).center()
        self.bot.mouseClick(page.units.table.viewport(), LEFT, pos=place)
        assert page.unit == unit
        for task in tasks:
            box = page.view.findChild(QCheckBox, f"tick_{task}")
            assert box is not None
            page.view.reading.ensureWidgetVisible(box)
            box.setFocus()
            self.bot.keyClick(box, Qt.Key.Key_Space)
        if back:
            self.write(page.view.bar.reason, back)
        self.click("return" if back else "accept", page)


def test_a_quarter_through_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    office = Pc(qtbot, date(2018, 3, 30))
    start = office.start()
    choice = start.findChild(Choice, "start_new")
    assert choice is not None
    qtbot.mouseClick(choice, LEFT)
    office.click("new_confirm")
    settings = office.window.page("settings")
    assert isinstance(settings, SettingsPage)
    assert office.window.current_key == "settings"
    assert settings.waiting_bar.isVisible(), "the 恢复单 waits to be printed"

    # open 2018Q1, hand out to two units
    qtbot.mouseClick(settings.section.empty.button, LEFT)
    dialog = settings.section.dialog
    assert dialog is not None
    assert dialog.name() == "2018Q1"
    office.click("period_open_ok", dialog)
    copies = office.hand_out(tmp_path / "下发", "kjj", "czj")
    assert len(copies) == 2

    # both units fill, submit, print, export
    units: dict[str, Pc] = {}
    exported: dict[str, Path] = {}
    for copy in copies:
        pc = Pc(qtbot, date(2018, 4, 3))
        pc.join(copy)
        unit = "kjj" if "科技局" in copy.name else "czj"
        units[unit] = pc
        numbers = {"T1": "1", "T2": "1", "T8": "15", "3a": "1", "4a": "1", "5a": "1"}
        pc.answers(lambda task: f"第{task}项已经开展，走访企业若干家。", numbers)
        pc.click("submit")
        pc.click("print_form")
        words = pc.to_pdf(tmp_path / f"{unit}.pdf")
        assert "核对码" in words
        assert "走访企业若干家" in words.replace("\n", "")
        exported[unit] = pc.export(tmp_path / f"U盘-{unit}")

    # merge in either order: same content
    other = tmp_path / "另一台.gzdb"
    ledger = office.app.session.ledger.path  # type: ignore[union-attr]
    office.app.close()
    shutil.copy(ledger, other)
    totals = []
    for path, order in ((ledger, ("kjj", "czj")), (other, ("czj", "kjj"))):
        office = Pc(qtbot, date(2018, 4, 8))
        office.start()
        office.app.open_path(path)
        for unit in order:
            office.put_in(exported[unit])
        totals.append(_unit_codes(office))
        if path == ledger:
            office.app.close()
    assert totals[0] == totals[1]

    # the matrix and the gauges show it
    matrix = office.go("matrix")
    assert isinstance(matrix, MatrixPage)
    model = matrix.table.matrix
    shown = {(task, unit): str(model.index(*place).data()) for task, unit, place in _places(matrix)}
    assert "正常" in shown["3", "kjj"]
    assert "正常" in shown["8", "czj"]
    assert "未填报" in shown["1", "gxj"]
    overview = office.go("overview")
    assert isinstance(overview, OverviewPage)
    gauges = overview.gauges.model
    first = [str(gauges.index(0, column).data()) for column in range(gauges.columnCount())]
    assert "1 项" in first, "one 原始创新成果 counted"

    # return one, accept one, hand out again
    office.review("kjj", back="请写明走访了哪几家。", tasks=("5",))
    office.review("czj")
    (answer,) = office.hand_out(tmp_path / "答复", "kjj")

    # the unit sees the reason, refiles
    unit = units["kjj"]
    page = unit.put_in(answer)
    rows = {r.task: r for r in page.desk_view.rows.rows if r.task}
    assert rows["5"].reason == "请写明走访了哪几家。"
    filing = unit.go("filing")
    assert isinstance(filing, FilingPage)
    filing.show_argument({"task": "5"})
    assert "请写明走访了哪几家" in filing.form.returned.text()
    if filing.bar.unlock.isVisible():
        unit.click("unlock")
    area = filing.form.areas["progress"].area
    area.selectAll()
    unit.write(area, "走访甲禾种业、乙泉食品两家。")
    unit.click("submit")
    again = unit.export(tmp_path / "U盘-再报")

    # merge, accept, close
    office.put_in(again)
    office.review("kjj")
    office.go("settings")
    office.messages.answers = [True]
    office.click("period_close")
    assert "已关" in str(settings_state(office))

    # paper
    office.go("matrix")
    office.click("print")
    words = office.to_pdf(tmp_path / "矩阵.pdf").replace("\n", "")
    plan = office.app.session.plan  # type: ignore[union-attr]
    assert all(task.title in words for task in plan.tasks)
    for named in plan.responsible_units:
        assert named.name in words or named.short in words, named.name
    width = PdfReader(tmp_path / "矩阵.pdf").pages[0].mediabox.width
    assert round(float(width) / 72 * 25.4) == 420

    for pc in (office, *units.values()):
        assert "台账完好" in pc.checkup()
        pc.app.close()


def _places(page: MatrixPage) -> list[tuple[str, str, tuple[int, int]]]:
    """(task, unit, place) of every cell on the screen."""
    found = []
    for place in page.table.matrix.filled():
        cell = page.table.matrix.cell_at(*place)
        assert cell is not None
        found.append((cell.task, cell.unit, place))
    return found


def settings_state(pc: Pc) -> object:
    """What the table of periods says of the first period."""
    page = pc.window.page("settings")
    assert isinstance(page, SettingsPage)
    model = page.section.model
    return [model.index(0, c).data() for c in range(model.columnCount())] + [model.row(0).period.closed and "已关"]


def _unit_codes(pc: Pc) -> dict[str, str]:
    """The digests of the units' content as 体检 shows them."""
    pc.checkup()
    codes = pc.exchange().check_view.codes
    rows = [[codes.index(r, c).data() for c in range(codes.columnCount())] for r in range(codes.rowCount())]
    return {row[0]: row[-1] for row in rows}
