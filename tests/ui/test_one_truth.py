"""Every number opens into its clause, rule, entries and versions in at most two clicks, and is the same everywhere."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.app import App
from ganzhou_desktop.domain.plan import HEADLINE
from ganzhou_desktop.services import overview, views
from ganzhou_desktop.ui.main_window import MainWindow
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.figures_page import FiguresPage
from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
from ganzhou_desktop.ui.pages.overview_page import OverviewPage
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.pages.review_page import ReviewPage
from ganzhou_desktop.ui.pages.settings_page import SettingsPage
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.items import Document, TextItem
from ganzhou_desktop.ui.session import PreparedFiles
from ganzhou_desktop.ui.tables import RowTable
from tests.ui.ending import end
from tests.ui.test_quarter import LEFT, Pc

PERIOD = "2018Q3"


class Office(Pc):
    """The demo office with its window open."""

    def __init__(self, bot: QtBot, path: Path) -> None:
        self.bot = bot
        self.app = App(
            Preferences(),
            messages=RecordedMessages(),
            files=PreparedFiles(),
            make_operations=InstantRunner,
            clock=lambda: datetime(2018, 10, 12, 2, 0, tzinfo=UTC),
        )
        self.start()
        self.app.open_path(path)
        assert isinstance(self.app.window, MainWindow)
        self.window.resize(1366, 697)
        assert self.app.session is not None
        self.session = self.app.session
        self.ledger = self.session.ledger
        self.plan = self.session.plan

    def on_target(self) -> TargetPage:
        """The target page, which a click has brought to the front."""
        assert self.window.current_key == "target"
        page = self.window.page("target")
        assert isinstance(page, TargetPage)
        return page

    def at(self, table: RowTable, row: int) -> QPoint:
        index = table.model().index(row, 0)
        table.scrollTo(index)
        return table.visualRect(index).center()

    def open_row(self, table: RowTable, row: int) -> None:
        """Click a row and press Enter."""
        self.bot.mouseClick(table.viewport(), LEFT, pos=self.at(table, row))
        self.bot.keyClick(table, Qt.Key.Key_Return)

    def choose(self, table: RowTable, row: int, words: str) -> None:
        """The entry of a row's menu."""
        menu = QMenu()
        assert table._menu_filler is not None
        table._menu_filler(menu, table.model().index(row, 0))
        next(a for a in menu.actions() if a.text() == words).trigger()

    def versions(self) -> int:
        """How many versions the history in front shows, each with what it changed."""
        assert self.window.current_key == "settings"
        page = self.window.page("settings")
        assert isinstance(page, SettingsPage)
        shown = page.section
        assert shown.count.text().startswith("这一条记录")  # type: ignore[attr-defined]
        assert shown.changes.rowCount() > 0  # type: ignore[attr-defined]
        return int(shown.table.model().rowCount())  # type: ignore[attr-defined]

    def gauges(self) -> dict[str, views.Gauge]:  # type: ignore[name-defined]
        period = next(
            p
            for p in overview.read_board(self.ledger, PERIOD, self.session.today()).overview.periods
            if p.name == PERIOD
        )
        return {g.id: g for g in views.read_gauges(self.ledger, period.last)}


@pytest.fixture(scope="module")
def office(
    qapp: QApplication,
    request: pytest.FixtureRequest,
    demo_of: Callable[[int], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Office]:
    """Nothing is written by these tests: one window serves them all."""
    folder = tmp_path_factory.mktemp("truth")
    shutil.copytree(demo_of(3).parent / "home", folder / "home")
    shutil.copyfile(demo_of(3), folder / "demo.gzdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANZHOU_HOME", str(folder / "home"))
        made = Office(QtBot(request), folder / "demo.gzdb")
        yield made
        end(made.app)


def test_a_target_opens_into_clause_rule_entries_and_versions(office: Office) -> None:
    """First click: the target with its clause and rule.  Second: an entry or filing, or its versions."""
    gauges = office.gauges()
    page = office.go("overview")
    assert isinstance(page, OverviewPage)
    ids = [page.gauges.model.row(n).id for n in range(page.gauges.model.rowCount())]
    assert ids == [t.id for t in office.plan.targets if t.task == HEADLINE and t.id in gauges]
    for row, target in enumerate(ids):
        office.go("overview")
        assert page.gauges.model.row(row).actual == gauges[target].actual
        office.open_row(page.gauges.table, row)
        assert office.on_target()._shown is not None
        assert office.on_target()._shown.target.id == target  # type: ignore[union-attr]
    office.session.go("target", ids[0])
    page_of = office.on_target()
    seen = 0
    for _ in office.plan.targets:
        view = page_of._shown
        assert view is not None
        gauge = gauges[view.target.id]
        assert view.gauge.actual == gauge.actual, view.target.id
        assert view.target.quote in page_of.words.text.toPlainText()
        told = page_of.how.toolTip() if not page_of.how.isHidden() else ""
        for rule in office.plan.rules_by_target.get(view.target.id, ()):
            assert office.plan.register_by_id[rule.register].short in told, view.target.id
            assert ("推定，待明确" in told) == rule.assumed
        if gauge.counted:
            rows = page_of.entries.model().rowCount()
            counted = [n for n in range(rows) if str(page_of.entries.model().index(n, 5).data()).startswith("计入")]
            assert f"{len(counted)}" in page_of.which.button("entries").text()
            if not page_of.entries.isHidden() and counted:
                office.choose(page_of.entries, counted[0], "历史")
                assert office.versions() >= 1
                seen += 1
                office.session.go("target", view.target.id)
        elif view.rows and any(s.record for s in gauge.sources):
            held = [
                n
                for n, r in enumerate(view.rows)
                if any((s.unit, s.period) == (r.unit, r.period) for s in gauge.sources)
            ]
            office.choose(page_of.table, held[0], "历史")
            assert office.versions() >= 1
            seen += 1
            office.session.go("target", view.target.id)
        if not page_of.after.isEnabled():
            break
        office.bot.mouseClick(page_of.after, LEFT)
    assert seen >= 15


def test_a_registers_targets_open_and_have_the_same_number(office: Office) -> None:
    gauges, opened = office.gauges(), 0
    for register in office.plan.registers:
        office.go("overview")
        office.session.go("registers", {"register": register.id})
        page = office.window.page("registers")
        assert isinstance(page, RegistersPage)
        desk = page._desk
        assert desk is not None
        listed = next(
            page.list.item(n)
            for n in range(page.list.count())
            if page.list.item(n).data(Qt.ItemDataRole.UserRole) == register.id
        )
        assert page.model is not None
        number = sum(n for (name, _), n in desk.counts.items() if name == register.id)
        assert desk.view.register.id == register.id
        assert page.model.rowCount() == number == len(desk.rows), register.id
        assert listed.text().endswith(str(number)) or not number
        for counted in desk.targets:
            office.go("overview")
            office.session.go("registers", {"register": register.id})
            target = counted.target.id
            tile = next(t for t in page.targets.tiles if t.counted.target.id == target)
            said = tile.accessibleName()
            assert said.startswith(f"{target} {counted.target.short}：")
            office.bot.mouseClick(tile, LEFT)
            view = office.on_target()._shown
            assert view is not None
            assert view.target.id == target
            assert view.gauge.actual == gauges[target].actual
            if gauges[target].counted and gauges[target].kind != "every_year":
                shown = "" if counted.value is None else f"{counted.value.normalize():f}"
                assert shown in said, target
                assert counted.gauge is not None
                assert counted.gauge.actual == counted.value
            opened += 1
    assert opened == len({(r.register, r.target) for r in office.plan.rules})


def test_an_entry_shows_its_versions(office: Office) -> None:
    office.session.go("registers", {"register": "platforms"})
    page = office.window.page("registers")
    assert isinstance(page, RegistersPage)
    office.choose(page.table, 0, "历史")
    assert office.versions() >= 1


def test_the_numbers_of_a_cell_and_of_a_review_open_their_target(office: Office) -> None:
    gauges = office.gauges()
    page = office.go("matrix")
    assert isinstance(page, MatrixPage)
    for key, argument in (("matrix", {"task": "6", "unit": "gxj"}), ("review", {"unit": "kjj", "period": PERIOD})):
        office.session.go(key, argument)
        where = office.window.page(key)
        assert isinstance(where, QWidget)
        names = {b.objectName() for b in where.findChildren(QPushButton) if b.objectName().startswith("open_")}
        assert len(names) >= 6, key
        for name in sorted(names):
            office.session.go(key, argument)
            button = next(b for b in where.findChildren(QPushButton, name) if b.isVisible())
            button.setFocus()
            office.bot.keyClick(button, Qt.Key.Key_Space)
            view = office.on_target()._shown
            assert view is not None
            assert name == f"open_{view.target.id}"
            assert view.gauge.actual == gauges[view.target.id].actual


def test_what_waits_is_as_many_as_what_it_opens(office: Office) -> None:
    board = overview.read_board(office.ledger, PERIOD, office.session.today())
    page = office.go("overview")
    assert isinstance(page, OverviewPage)
    for waiting in board.waiting:
        office.go("overview")
        tile = page.waiting.cards[waiting.kind]
        assert f" {len(waiting.items)} " in tile.accessibleName(), waiting.kind
        if not waiting.items or waiting.kind == overview.CONFLICTS:
            continue
        office.bot.mouseClick(tile, LEFT)
        match waiting.kind:
            case overview.TO_REVIEW | overview.RETURNED | overview.AFTERWARDS:
                review = office.window.page("review")
                assert isinstance(review, ReviewPage)
                assert office.window.current_key == "review"
                assert review.unit in waiting.items
            case overview.MISSING:
                assert set(page.missing.rows) == set(waiting.items)
            case overview.CONFLICTS:
                assert office.window.current_key == "exchange"
            case overview.FIGURES:
                figures = office.window.page("figures")
                assert isinstance(figures, FiguresPage)
                assert office.window.current_key == "figures"


def test_a_line_of_the_sums_opens_the_applications_it_is_made_of(office: Office) -> None:
    page = office.go("applications")
    assert isinstance(page, ApplicationsPage)
    opened = 0
    for way in ("subsidy", "unit", "year", "payer"):
        page.tabs.set_current("subsidies")
        office.bot.mouseClick(page.subsidies.way.button(way), LEFT)
        for row in range(page.subsidies.table.model().rowCount()):
            page.tabs.set_current("subsidies")
            line = page.subsidies.table.model().row(row)  # type: ignore[attr-defined]
            office.open_row(page.subsidies.table, row)
            assert page.tabs.current() == "table"
            assert page.model.rowCount() == line.sums.count, (way, line.name)
            opened += 1
    assert opened > len(office.plan.subsidies)
    page.search.clear()
    page.unit.set_current("")
    page._fill()
    office.choose(page.table, 0, "历史")
    assert office.versions() >= 1


def _words(document: Document) -> str:
    return "".join(
        "".join("".join(i.lines).split()) for p in document.pages for i in p.items if isinstance(i, TextItem)
    )


def test_the_prints_say_what_the_services_say(office: Office) -> None:
    gauges = office.gauges()
    period = next(
        p
        for p in overview.read_board(office.ledger, PERIOD, office.session.today()).overview.periods
        if p.name == PERIOD
    )
    words = _words(papers.gauges_paper(office.ledger, period.last))
    for gauge in gauges.values():
        if gauge.task == HEADLINE and gauge.actual is not None:
            assert f"{gauge.actual.normalize():f}" in words, gauge.id
    matrix = views.read_matrix(office.ledger, PERIOD)
    printed = _words(papers.matrix_paper(office.ledger, PERIOD))
    for cell in matrix.cells:
        assert cell.word in printed or cell.word[:2] in printed, cell
