"""The window: navigation at the left, one page at a time, a quiet status bar; it knows pages only by `PageEntry`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import app_icon, pixmap
from ganzhou_desktop.ui.navigation import Navigation
from ganzhou_desktop.ui.texts import OFFLINE, PROGRAM, visible
from ganzhou_desktop.ui.widgets import ElidedLabel, PlainLabel, Tag

COLLAPSE_BELOW = 1280
MINIMUM = QSize(1200, 680)


@runtime_checkable
class Page(Protocol):
    """What the window asks of a page's widget."""

    def refresh(self) -> None:
        """Show what the ledger holds now; called whenever the page comes to the front."""

    def can_leave(self) -> bool:
        """Whether the page may be left; it saves or asks first."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: its key, its word and icon in the navigation, and how its widget is made when first shown.

    `group` numbers the blocks between separators; `at_foot` puts it above the identity; an empty `icon` keeps it out
    of the navigation (a page reached from another), `under` is then the entry marked as current.
    """

    key: str
    title: str
    icon: str
    make: Callable[[], QWidget]
    group: int = 0
    at_foot: bool = False
    under: str = ""


class StatusBar(QFrame):
    """Facts separated by · at the left; saved or draft, and 单机 · 不联网, at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "status")
        self.demo = Tag("demo")
        self.facts = ElidedLabel(role="note")
        self._saved_icon = QLabel()
        self._saved = PlainLabel(role="note")
        self._offline = PlainLabel(OFFLINE, "note")

        self.setFixedHeight(theme.scaled(theme.STATUS_BAR))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAGE_MARGIN, 1, theme.PAGE_MARGIN, 0)
        row.setSpacing(6)
        row.addWidget(self.demo)
        row.addWidget(self.facts, 1)
        row.addWidget(self._saved_icon)
        row.addWidget(self._saved)
        row.addSpacing(theme.GAP_M)
        row.addWidget(self._offline)
        self.demo.hide()

    def set_facts(self, facts: Sequence[str]) -> None:
        """Show facts, e.g. ledger, period, due day."""
        self.facts.setText("　·　".join(fact for fact in facts if fact))

    def set_saved(self, words: str, icon_name: str = "checkmark_circle") -> None:
        """Say 已保存 09:42, 草稿已自动保存 09:41:27 …; empty says nothing."""
        self._saved.setText(words)
        self._saved_icon.setVisible(bool(words))
        self._saved_icon.setPixmap(pixmap(icon_name, 16, colours.INK2, False, self.devicePixelRatioF()))

    def saved_text(self) -> str:
        """What is said of saving."""
        return self._saved.text()


def first_place(page: QWidget) -> QWidget | None:
    """Where the keyboard begins on a page: its focus proxy, else the first place that Tab would reach in it."""
    if page.focusProxy() is not None:
        return page.focusProxy()
    place = page.nextInFocusChain()
    while place is not None and place is not page:
        tabs = place.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tabs and page.isAncestorOf(place) and place.isVisibleTo(page) and place.isEnabled():
            return place
        place = place.nextInFocusChain()
    return None


class MainWindow(QMainWindow):
    """The shell.  `show_page` moves between pages; a page that may not be left keeps the front."""

    page_shown = Signal(str)
    closing = Signal()
    help_wanted = Signal()

    def __init__(self, entries: Iterable[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = {entry.key: entry for entry in entries}
        self._made: dict[str, QWidget] = {}
        self._current = ""
        self.nav = Navigation()
        self.stack = QStackedWidget()
        self.status = StatusBar()

        self.setWindowTitle(PROGRAM)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(MINIMUM)
        self._lay_out()
        for entry in self._entries.values():
            if entry.icon:
                self.nav.add(entry.key, entry.title, entry.icon, entry.group, at_foot=entry.at_foot)

        self.nav.chosen.connect(self.show_page)
        for number, key in enumerate(self.nav.keys[:9], start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda key=key: self._go_by_key(key))
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.activated.connect(self.refresh)
        QShortcut(QKeySequence(Qt.Key.Key_F1), self).activated.connect(self.help_wanted)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.nav)
        row.addLayout(right, 1)
        self.setCentralWidget(body)

    @property
    def current_key(self) -> str:
        """Key of the page in front; empty before the first."""
        return self._current

    @property
    def keys(self) -> list[str]:
        """Keys of all pages, those outside the navigation included."""
        return list(self._entries)

    def page(self, key: str) -> QWidget:
        """A page's widget, made when first asked for."""
        if key not in self._made:
            self._made[key] = self._entries[key].make()
            self.stack.addWidget(self._made[key])
        return self._made[key]

    def show_page(self, key: str) -> bool:
        """Bring a page to the front and refresh it; False if the page in front may not be left."""
        if key != self._current and not self.may_leave():
            return False
        self.stack.setCurrentWidget(self.page(key))
        self._current = key
        self.nav.set_current(self._marked(key))
        self.refresh()
        self.page_shown.emit(key)
        return True

    def _go_by_key(self, key: str) -> None:
        """Whoever calls a page by its key has the hands on the keys: the page takes the focus, too."""
        if self.show_page(key):
            place = first_place(self.page(key))
            if place is not None:
                place.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Refresh the page in front."""
        front: object = self._made.get(self._current)
        if isinstance(front, Page):
            front.refresh()

    def set_badge(self, key: str, count: int) -> None:
        """Show how many things wait behind an entry; 0 hides the badge."""
        self.nav.set_badge(key, count)

    def set_identity(self, role: str, unit: str) -> None:
        """Who sits here: 区级汇总 / 甘州区."""
        self.nav.set_identity(role, unit)

    def set_demo(self, demo: bool) -> None:
        """Say that all data is invented."""
        self.status.demo.setVisible(demo)

    def set_ledger(self, name: str) -> None:
        """Put the ledger's name into the window's title."""
        self.setWindowTitle(f"{visible(name)} — {PROGRAM}" if name else PROGRAM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.nav.set_narrow(self.width() < COLLAPSE_BELOW)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_leave():
            self.closing.emit()
            event.accept()
        else:
            event.ignore()

    def may_leave(self) -> bool:
        """Whether the page in front may be left; it saves or asks first."""
        front: object = self._made.get(self._current)
        return not isinstance(front, Page) or front.can_leave()

    def _marked(self, key: str) -> str:
        entry = self._entries.get(key)
        return entry.under or entry.key if entry is not None else ""
