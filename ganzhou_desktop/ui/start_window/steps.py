"""The steps of the start page behind its choices: a way back, a heading, cards, and a foot with one main button."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services.merging import TOO_LARGE
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.start_window.choices import PlaceRow
from ganzhou_desktop.ui.widgets import Button, Card, FailureBox, MessageLine, PlainLabel

LEDGER_SUFFIX = ".gzdb"
READ_ALL = "仍要读完"
VERY_LARGE = "比平常大得多，要读几分钟；请先问清区里"


class Step(QWidget):
    """One step: Esc and 返回 send `back`; the main button sends `go`."""

    back = Signal()
    go = Signal()

    def __init__(self, title: str, sentence: str, main: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_button = Button("返回", "chevron_left", kind="text")
        self.title = PlainLabel(title)
        self.title.setStyleSheet(f"font-size: {theme.scaled(theme.BIG_NUMBER)}px; font-weight: bold;")
        self.sentence = PlainLabel(sentence, "second", wrap=True)
        self.body = QVBoxLayout()
        self.main = Button(main, kind="main")
        self.failure_place = QVBoxLayout()
        """Where a failure is told; the step puts it into the card that it is about."""
        self._failure: FailureBox | None = None

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.back_button)
        column.addSpacing(10)
        column.addWidget(self.title)
        column.addSpacing(4)
        column.addWidget(self.sentence)
        column.addSpacing(16)
        self.body.setSpacing(theme.CARD_GAP)
        column.addLayout(self.body)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.main)
        column.addLayout(foot)
        self.main.setEnabled(False)

        self.back_button.clicked.connect(self.back)
        self.main.clicked.connect(self.go)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.main.isEnabled():
            self.go.emit()
        else:
            super().keyPressEvent(event)

    def show_failure(self, happened: str, means: str, way: str = "", on_way: Callable[[], None] | None = None) -> None:
        """Say what failed, with a way out if there is one; nothing when `happened` is empty."""
        if self._failure is not None:
            self.failure_place.removeWidget(self._failure)
            self._failure.deleteLater()
            self._failure = None
        if happened:
            self._failure = FailureBox(happened, means, (way,) if way else ())
            if on_way is not None:
                self._failure.way_chosen.connect(lambda _: on_way())
            self.failure_place.addWidget(self._failure)

    def show_refused(self, happened: str, error: LedgerError, read_all: Callable[[], None]) -> None:
        """Say why a copy was refused; one that is only much larger than usual is read when the person says so."""
        if error.code == TOO_LARGE:
            self.show_failure("这份副本还没有读完", error.text, READ_ALL, read_all)
        else:
            self.show_failure(happened, error.text)

    def failure_text(self) -> str:
        """What is said to have failed."""
        return "" if self._failure is None else f"{self._failure.happened.text()} {self._failure.means.text()}"


class Facts(QWidget):
    """Names and values of a file, one below the other; a value may be big, for comparing by eye or by telephone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP_L)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(1, 1)
        self._shown: list[QWidget] = []
        self._words: list[str] = []

    def show_facts(self, facts: Iterable[tuple[str, str, str, str]]) -> None:
        """Show (name, value, role of the value, note after it)."""
        for widget in self._shown:
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._shown, self._words = [], []
        for row, (name, value, role, note) in enumerate(facts):
            label, shown, after = PlainLabel(name, "second"), PlainLabel(value, role), PlainLabel(note, "note")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            line = QWidget()
            inside = QHBoxLayout(line)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(theme.GAP_M)
            inside.addWidget(shown)
            inside.addWidget(after, 1)
            shown.setWordWrap(not note)
            if not note:
                inside.setStretch(0, 1)
                inside.setStretch(1, 0)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(line, row, 1)
            self._shown += [label, line]
            self._words.append(f"{name} {value} {note}".rstrip())

    def text(self) -> str:
        """All that is shown, for tests and readers."""
        return "\n".join(self._words)


class PlaceCard(Card):
    """Where the ledger will lie, with what is to be known of that place."""

    open_wanted = Signal(object)

    def __init__(self, title: str = "台账放在哪里", parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.row = PlaceRow()
        self.line = MessageLine()
        self.open_there = Button("打开它", kind="text")
        self._there: Path | None = None
        self.body.addWidget(self.row)
        told = QHBoxLayout()
        told.addWidget(self.line, 1)
        told.addWidget(self.open_there, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(told)
        self.open_there.hide()
        self.open_there.clicked.connect(lambda: self.open_wanted.emit(self._there))

    def path(self) -> Path | None:
        """The place."""
        return self.row.path()

    def set_place(self, path: Path, taken: Path | None = None) -> None:
        """Show a place; `taken`: a ledger of the usual name lies there already."""
        self.row.set_path(path)
        self._there = taken
        self.open_there.setVisible(taken is not None)
        if taken is not None:
            self.line.set_message(
                f"那里已有“{taken.name}”，新的改了个名字。以前接收过、建过的，打开原来那本就行。", "info"
            )
        else:
            self.line.set_message("")


def with_suffix(path: Path) -> Path:
    """A place for a ledger, ending as ledgers do."""
    return path if path.suffix.lower() == LEDGER_SUFFIX else path.with_name(path.name + LEDGER_SUFFIX)
