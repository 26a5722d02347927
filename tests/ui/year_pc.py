"""One PC of the year: its person keeps registers, fills the form, applies and goes on with applications."""

from datetime import UTC, date, datetime, time

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.app import App
from ganzhou_desktop.domain.plan import SUPPORT
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.applications_page.dialog import ApplicationDialog
from ganzhou_desktop.ui.pages.filing import FilingPage
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.pages.registers_page.entry_dialog import EntryDialog
from ganzhou_desktop.ui.pages.registers_page.import_dialog import ImportDialog
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.session import PreparedFiles
from tests.ui.ending import end
from tests.ui.test_quarter import LEFT, Pc
from tests.ui.year import FORM, Typed


class YearPc(Pc):
    """A PC whose clock is set on from quarter to quarter."""

    def __init__(self, bot: QtBot) -> None:
        self.bot = bot
        self.today = date(2018, 3, 30)
        self.messages = RecordedMessages()
        self.files = PreparedFiles()
        self.preferences = Preferences()
        self.checks: dict[str, list[str]] = {}
        """Subsidy → what the form said when nothing could be chosen for it."""
        self.app = self._program()

    def _program(self) -> App:
        return App(
            self.preferences,
            messages=self.messages,
            files=self.files,
            make_operations=InstantRunner,
            clock=lambda: datetime.combine(self.today, time(2), UTC),
        )

    def switch_off(self) -> None:
        """End the program."""
        end(self.app)

    def switch_on(self) -> None:
        """Start the program again and open the ledger that was open last."""
        self.app = self._program()
        recent = self.start().findChild(QTableView, "start_recent")
        assert recent is not None
        recent.setCurrentIndex(recent.model().index(0, 0))
        self.bot.keyClick(recent, Qt.Key.Key_Return)
        assert self.app.session is not None

    @property
    def ledger(self) -> Ledger:
        session = self.app.session
        assert session is not None
        return session.ledger

    def dialog(self, kind: type[QWidget]) -> QWidget:
        """The dialog in front."""
        QApplication.processEvents()
        (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        return found

    def put(self, field: QWidget, text: str) -> None:
        """Type into a field, or choose in a list with the arrow keys."""
        if isinstance(field, QComboBox):
            field.setFocus()
            self.bot.keyClick(field, Qt.Key.Key_Home)
            place = next(n for n in range(field.count()) if field.itemText(n).split(" ")[0] == text)
            for _ in range(place):
                self.bot.keyClick(field, Qt.Key.Key_Down)
            assert field.currentIndex() == place
            return
        if isinstance(field, QLineEdit):
            field.selectAll()
        self.write(field, text)

    def row(self, table: QTableView, words: str, column: int = 0) -> None:
        """Click the row whose cell begins with these words."""
        model = table.model()
        shown = [str(model.index(n, column).data()) for n in range(model.rowCount())]
        index = model.index(next(n for n, s in enumerate(shown) if s.startswith(words)), column)
        table.scrollTo(index)
        self.bot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(index).center())
        assert table.currentIndex().row() == index.row()

    def at_period(self, page: FilingPage | TargetPage, name: str) -> None:
        """Choose a 期次 above the page with the arrow keys."""
        box = page.title_row.period
        box.setFocus()
        if box.currentData() != name:
            self.bot.keyClick(box, Qt.Key.Key_Home)
        for _ in range(box.count()):
            if box.currentData() == name:
                break
            self.bot.keyClick(box, Qt.Key.Key_Down)
        assert self.app.session is not None
        assert self.app.session.period == name

    # -- registers ------------------------------------------------------------------------------------------

    def register(self, name: str) -> RegistersPage:
        """台账, and a click on one of the list."""
        page = self.go("registers")
        assert isinstance(page, RegistersPage)
        for n in range(page.list.count()):
            item = page.list.item(n)
            if item.data(Qt.ItemDataRole.UserRole) == name:
                page.list.scrollToItem(item)
                self.bot.mouseClick(page.list.viewport(), LEFT, pos=page.list.visualItemRect(item).center())
        assert page.model is not None
        assert page.model.desk.view.register.id == name
        return page

    def enter(self, rows: list[Typed]) -> None:
        """Register entries of one register, in the form or by pasting what was copied from a sheet."""
        page = self.register(rows[0].register)
        if rows[0].by == FORM:
            for row in rows:
                self.bot.mouseClick(page.add, LEFT)
                form = self.dialog(EntryDialog)
                assert isinstance(form, EntryDialog)
                for name, text in row.values.items():
                    self.put(form.fields[name], text)
                self.bot.mouseClick(form.save, LEFT)
                assert not form.isVisible(), form.line.text()
            return
        assert page.model is not None
        titles = {c.name: c.title for c in page.model.desk.view.columns}
        names = list(dict.fromkeys(name for row in rows for name in row.values))
        lines = ["\t".join(titles[n] for n in names)]
        lines += ["\t".join(row.values.get(n, "") for n in names) for row in rows]
        QApplication.clipboard().setText("\r\n".join(lines) + "\r\n")
        self.window.activateWindow()
        QApplication.processEvents()
        assert QApplication.activeWindow() is self.window
        place = page.table if page.table.isVisible() else page.empty.button
        place.setFocus()
        self.bot.keyClick(place, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        draft = self.dialog(ImportDialog)
        assert isinstance(draft, ImportDialog)
        self.bot.mouseClick(draft.take, LEFT)
        assert not draft.isVisible(), draft.line.text()

    def change_cell(self, register: str, first: str, column: str, text: str) -> None:
        """Type over a cell of the table."""
        page = self.register(register)
        model = page.model
        assert model is not None
        named = [model.column_at(c) is not None for c in range(model.columnCount())].index(True)
        found = [n for n in range(model.rowCount()) if first in (model.index(n, c).data() for c in (named, named + 1))]
        index = model.index(found[0], model.place_of(column))
        page.table.scrollTo(index)
        at = page.table.visualRect(index).center()
        self.bot.mouseClick(page.table.viewport(), LEFT, pos=at)
        self.bot.mouseDClick(page.table.viewport(), LEFT, pos=at)
        (editor,) = (line for line in page.table.viewport().findChildren(QLineEdit) if line.isVisible())
        self.put(editor, text)
        self.bot.keyClick(editor, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert str(index.data()) == text

    # -- the form of the quarter ------------------------------------------------------------------------------

    def file_quarter(self, period: str, *, with_news: bool) -> dict[str, str]:
        """Answer every matter, take the counted numbers over, submit; what was taken over.

        A unit without news says so of all its 配合 matters in one click.
        """
        page = self.go("filing")
        assert isinstance(page, FilingPage)
        self.at_period(page, period)
        tasks = [row.task for row in page.list.rows if row.task]
        supported = {row.task for row in page.list.rows if row.role == SUPPORT}
        if supported and not with_news:
            self.bot.mouseClick(page.list.no_news, LEFT)
        taken = {}
        for place, task in enumerate(tasks):
            if not with_news and supported.issuperset(tasks[place:]):
                break
            if not with_news and task in supported:
                self.bot.mouseClick(page.forward, LEFT)
                continue
            button = page.form.answer.buttons["progress"]
            self.bot.mouseClick(button, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(8, button.height() // 2))
            area = page.form.areas["progress"].area
            area.selectAll()
            self.write(area, f"{period} 任务{task}已经开展，详见台账。")
            for target, row in page.form.numbers.rows.items():
                if not row.counted.isHidden() and row.counted.isEnabled():
                    self.bot.mouseClick(row.counted, LEFT)
                    taken[target] = row.box.text()
                    assert not row.counted.isEnabled(), "一致"
            if place + 1 < len(tasks):
                self.bot.mouseClick(page.forward, LEFT)
        self.click("submit")
        return taken

    # -- applications -----------------------------------------------------------------------------------------

    def money(self, tab: str) -> ApplicationsPage:
        """申报奖补, one of its tabs."""
        page = self.go("applications")
        assert isinstance(page, ApplicationsPage)
        place = next(n for n in range(page.tabs.count()) if page.tabs.tabData(n) == tab)
        self.bot.mouseClick(page.tabs, LEFT, pos=page.tabs.tabRect(place).center())
        return page

    def form(self) -> ApplicationDialog:
        dialog = self.dialog(ApplicationDialog)
        assert isinstance(dialog, ApplicationDialog)
        return dialog

    def checked(self, subsidy: str, name: str) -> list[str]:
        """What the form of an application for a candidate holds against the conditions; nothing is applied for."""
        self.eligible(subsidy, name)
        page = self.window.page("applications")
        assert isinstance(page, ApplicationsPage)
        self.bot.mouseClick(page.subsidies.apply, LEFT)
        form = self.form()
        told = form.checks.texts()
        self.bot.keyClick(form, Qt.Key.Key_Escape)
        assert not form.isVisible()
        return told

    def eligible(self, subsidy: str, name: str) -> str:
        """What the check says of a candidate, which stays chosen."""
        page = self.money("subsidies")
        self.row(page.subsidies.table, subsidy)
        people = page.subsidies.people
        self.row(people, name)
        row = people.currentIndex().row()
        return " ".join(str(people.model().index(row, c).data()) for c in (2, 3, 4))

    def apply(self, subsidy: str, name: str, amount: str) -> None:
        """Apply for an entry that fits, or where the plan looks at no register for the subsidy itself."""
        page = self.money("subsidies")
        self.row(page.subsidies.table, subsidy)
        if page.subsidies.nobody.isVisible():
            self.bot.mouseClick(page.subsidies.apply, LEFT)
            form = self.form()
            self.checks[subsidy] = form.checks.texts()
            self.put(form.beneficiary, name)
        else:
            assert "✓ 符合" in self.eligible(subsidy, name), (subsidy, name)
            self.bot.mouseClick(page.subsidies.apply, LEFT)
            form = self.form()
            assert form.beneficiary.text() == name
            self.put(form.beneficiary, name)
        self.put(form.amounts["applied"].value, amount)
        self.put(form.steps["report"].on, self.today.isoformat())
        self.put(form.steps["report"].result, "已办")
        self.bot.mouseClick(form.save, LEFT)
        assert not form.isVisible(), form.line.text()

    def open_application(self, subsidy: str) -> ApplicationDialog:
        """Double-click an application in the table."""
        page = self.money("table")
        self.bot.mouseClick(page.state.button("all"), LEFT)
        self.row(page.table, subsidy, 1)
        at = page.table.visualRect(page.table.currentIndex()).center()
        self.bot.mouseDClick(page.table.viewport(), LEFT, pos=at)
        return self.form()

    def go_on(self, subsidy: str, steps: dict[str, str], amounts: dict[str, str]) -> None:
        """Write what became of some steps, and amounts."""
        form = self.open_application(subsidy)
        for step, result in steps.items():
            if step in form.steps:
                self.put(form.steps[step].result, result)
                self.put(form.steps[step].on, self.today.isoformat())
        for name, amount in amounts.items():
            self.put(form.amounts[name].value, amount)
            self.put(form.amounts[name].payer, "示例支付方")
        self.bot.mouseClick(form.save, LEFT)
        assert not form.isVisible(), form.line.text()
