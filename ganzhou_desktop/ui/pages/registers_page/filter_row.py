"""What of a register is shown: by state, unit and words; how many there are of each state stands on its button."""

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain.registers import ENDED, IN_FORCE, PENDING, STATE_WORDS
from ganzhou_desktop.services.register_desk import DOUBLES, GAPS, EntryRow, RegisterDesk
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.registers_page.model import RegisterModel
from ganzhou_desktop.ui.widgets import ChipCombo, SearchField, Segmented

ALL = "all"
_WORDS = {
    ALL: "全部",
    IN_FORCE: STATE_WORDS[IN_FORCE],
    PENDING: STATE_WORDS[PENDING],
    ENDED: STATE_WORDS[ENDED],
    GAPS: "缺项",
    DOUBLES: "疑似重复",
}


class FilterRow(QWidget):
    """`changed` when somebody asks for other rows."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = Segmented(list(_WORDS.items()))
        self.unit = ChipCombo("单位")
        self.search = SearchField("查找")
        self._counted: tuple[RegisterDesk, str] | None = None
        """Of what `_rows` and `_numbers` were made: a register as read, the unit chosen."""
        self._rows: list[EntryRow] = []
        self._numbers: Counter[str] = Counter()

        self.state.setObjectName("register_state")
        self.search.setObjectName("register_search")
        self.search.setFixedWidth(theme.scaled(180))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_L, 4, theme.GAP_L, 6)
        row.setSpacing(10)
        row.addWidget(self.state)
        row.addStretch(1)
        row.addWidget(self.unit)
        row.addWidget(self.search)

        self.state.chosen.connect(lambda _: self.changed.emit())
        self.unit.activated.connect(lambda _: self.changed.emit())
        self.search.textChanged.connect(lambda _: self.changed.emit())

    def offer_units(self, desk: RegisterDesk, *, office: bool) -> None:
        """Offer the units whose entries lie here; the one chosen stays chosen."""
        held = self.unit.currentData()
        shown = [(u.id, u.short) for u in desk.view.units]
        self.unit.set_options([("", "全部"), *shown], held if held in dict(shown) else "")
        self.unit.setVisible(office and len(shown) > 1)

    def chosen_unit(self) -> str:
        """Id of the unit chosen; empty for all."""
        return str(self.unit.currentData() or "")

    def show_all_states(self) -> None:
        """Take back the choice of a state; that of a unit stays."""
        self.state.set_current(ALL)

    def seek(self) -> None:
        """To the words sought, as the key for it asks."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def first(self) -> QWidget:
        """Where Tab comes in."""
        return self.state.button(ALL)

    def narrowed(self, desk: RegisterDesk, model: RegisterModel) -> tuple[list[EntryRow], int]:
        """(the rows let through, how many there are of the unit chosen); tells the numbers of each state."""
        self._count(desk)
        for key, word in _WORDS.items():
            button = self.state.button(key)
            button.setText(f"{word} {self._numbers[key]}")
            button.setVisible(key in (ALL, self.state.current()) or self._numbers[key] > 0)
        wanted = str(self.state.current())
        through = self._rows if wanted == ALL else [row for row in self._rows if row.is_in(wanted)]
        return model.matching(through, self.search.text()), len(self._rows)

    def _count(self, desk: RegisterDesk) -> None:
        unit = self.chosen_unit()
        if self._counted is not None and self._counted[0] is desk and self._counted[1] == unit:
            return
        self._counted = desk, unit
        self._rows = [row for row in desk.rows if not unit or row.entry.unit == unit]
        states = Counter(row.state for row in self._rows)
        states[ALL] = len(self._rows)
        states[GAPS] = sum(bool(row.gaps) for row in self._rows)
        states[DOUBLES] = sum(bool(row.doubles) for row in self._rows)
        self._numbers = states

    def words(self, unit: str = "") -> str:
        """The filters in words; `unit`: the name of the one chosen, where the words should have it."""
        state = _WORDS[str(self.state.current())] if self.state.current() != ALL else ""
        sought = f"含“{self.search.text().strip()}”" if self.search.text().strip() else ""
        return "，".join(word for word in (state, unit, sought) if word)
