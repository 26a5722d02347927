"""The page 设置: sections at the left, the one chosen at the right; the 恢复单 that waits is said above them all."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.services import recovery
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.settings_page.about import AboutSection, AppearanceSection
from ganzhou_desktop.ui.pages.settings_page.backup import BackupSection
from ganzhou_desktop.ui.pages.settings_page.contacts import ContactsSection
from ganzhou_desktop.ui.pages.settings_page.history import HistorySection
from ganzhou_desktop.ui.pages.settings_page.identity import IdentitySection
from ganzhou_desktop.ui.pages.settings_page.periods import PeriodsSection
from ganzhou_desktop.ui.pages.settings_page.recovery import RecoverySection
from ganzhou_desktop.ui.pages.settings_page.section import Section
from ganzhou_desktop.ui.pages.settings_page.section_list import SectionList
from ganzhou_desktop.ui.pages.settings_page.sites import SitesSection
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import BusyBar, Card, NoticeBar, TitleRow, page_column

WAITING = "还没有打印恢复单。这台电脑坏了、丢了，只有恢复单能让另一台电脑接着办；请现在打印，锁进保险柜。"
LIST_WIDTH = 172


class SettingsPage(QWidget):
    """设置.  `show_argument(section key)` shows a section; `history:<record>` the history of one record."""

    def __init__(self, session: Session, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.title_row = TitleRow("设置")
        self.busy = BusyBar(self, self.title_row)
        self.waiting_bar = NoticeBar()
        self.told_bar = NoticeBar()
        self.stack = QStackedWidget()
        makers = self._makers(session, preferences)
        self._make = {kind.key: make for kind, make in makers.items()}
        self._made: dict[str, Section] = {}
        self._areas: dict[str, QScrollArea] = {}
        self.list = SectionList([(kind.key, kind.title, kind.icon) for kind in makers])
        self._current = next(iter(self._make))
        self._lay_out()
        self.section_of(self._current)

        self.list.set_current(self._current, silent=True)
        self.list.chosen.connect(self._choose)
        self.waiting_bar.action_chosen.connect(self._print_recovery)
        session.operations.changed.connect(self._changed)

    def _makers(self, session: Session, preferences: Preferences) -> dict[type[Section], Callable[[], Section]]:
        """How each section is made; made when first shown, so that the page opens at once."""
        busy = self.busy
        office: dict[type[Section], Callable[[], Section]] = {
            SitesSection: lambda: SitesSection(session, busy),
            RecoverySection: lambda: RecoverySection(session, busy),
        }
        return {
            PeriodsSection: lambda: PeriodsSection(session, busy),
            IdentitySection: lambda: IdentitySection(session, busy, preferences),
            ContactsSection: lambda: ContactsSection(session, busy),
            **(office if session.office else {}),
            HistorySection: lambda: HistorySection(session, busy),
            BackupSection: lambda: BackupSection(session, busy),
            AppearanceSection: lambda: AppearanceSection(session, busy, preferences),
            AboutSection: lambda: AboutSection(session, busy),
        }

    def section_of(self, key: str) -> Section:
        """A section, made when first asked for."""
        if key not in self._made:
            section = self._make[key]()
            section.told.connect(self.told_bar.say)
            self._areas[key] = _scrolling(section)
            self.stack.addWidget(self._areas[key])
            self._made[key] = section
        return self._made[key]

    def _lay_out(self) -> None:
        self.list.setObjectName("settings_list")
        self.waiting_bar.setObjectName("recovery_waiting")
        card = Card(flush=True)
        card.setFixedWidth(theme.scaled(LIST_WIDTH))
        card.body.setContentsMargins(0, 8, 0, 8)
        card.body.addWidget(self.list)
        column = page_column(self, self.title_row)
        column.addWidget(self.waiting_bar)
        body = QHBoxLayout()
        body.setSpacing(theme.CARD_GAP)
        body.addWidget(card)
        right = QVBoxLayout()
        right.setSpacing(theme.CARD_GAP)
        right.addWidget(self.told_bar)
        right.addWidget(self.stack, 1)
        body.addLayout(right, 1)
        column.addLayout(body, 1)

    @property
    def part(self) -> str:
        """The key of the section in front, which the manual opens at."""
        return self._current

    # -- reading --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the section in front anew; keeps what is typed and chosen."""
        self.section.refresh()
        self._read_state()

    def _read_state(self) -> None:
        ledger = self._session.ledger
        office = self._session.office
        self._session.operations.run_read(
            self,
            lambda _progress: (office and recovery.waiting(ledger) is not None, why_cannot_write(ledger)),
            self._show_state,
        )

    def _show_state(self, read: tuple[bool, str]) -> None:
        waiting, refusal = read
        self.list.mark("recovery", waiting)
        self.title_row.set_note(refusal)
        if waiting and self._current != "recovery":
            self.waiting_bar.say(WAITING, "info", "打印恢复单")
        else:
            self.waiting_bar.hide()

    def _changed(self, kinds: frozenset[str], _by: object) -> None:
        if self.isVisible() and kinds & self.section.kinds:
            self.section.refresh()
            self._read_state()

    # -- choosing -------------------------------------------------------------------------------------------

    @property
    def section(self) -> Section:
        """The section in front."""
        return self.section_of(self._current)

    def _choose(self, key: str) -> None:
        if not key or key == self._current:
            return
        if not self.section.can_leave():
            self.list.set_current(self._current, silent=True)
            return
        self._current = key
        self.told_bar.hide()
        self.section_of(key)
        self.stack.setCurrentWidget(self._areas[key])
        self.refresh()

    def show_argument(self, argument: object) -> None:
        """Show a section by its key; `history:<record>` narrows the history to one record."""
        if not isinstance(argument, str):
            return
        key, _, record = argument.partition(":")
        if key not in self._make:
            return
        if key == "history":
            history = self.section_of(key)
            assert isinstance(history, HistorySection)
            history.show_record(record)
        self.list.set_current(key)

    def _print_recovery(self) -> None:
        self.show_argument("recovery")
        section = self.section
        if isinstance(section, RecoverySection):
            section.print_sheet()

    def can_leave(self) -> bool:
        """As the section in front says."""
        return self.section.can_leave()


def _scrolling(section: Section) -> QScrollArea:
    """A section scrolls when the window is too low for it, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    section.setProperty("kind", "scrollBody")
    area.setWidget(section)
    return area
