"""The row of filters over the matrix."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.domain.matrix_changes import CHANGE_WORDS
from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.matrix_page.legend import legend_word
from ganzhou_desktop.ui.pages.matrix_page.model import ORDER
from ganzhou_desktop.ui.pages.matrix_page.narrowing import PRINCIPAL, PROVISIONAL, RETURNED, Filters
from ganzhou_desktop.ui.widgets import Button, ChipCombo, ElidedLabel, SearchField

_SEARCH = 190
_LEAST = 120


class FilterRow(QWidget):
    """单位, 状态, 角色 and words; `changed` carries the filters whenever the user changes one."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filters = Filters()
        self._earlier = ""
        self.unit = ChipCombo("单位")
        self.state = ChipCombo("状态")
        self.role = ChipCombo("角色")
        self.changed_only = QCheckBox("只看变动")
        self.clear = Button("清除筛选", kind="text")
        self.note = ElidedLabel("", "note")
        """What of the matrix is shown, when it is not all of it."""
        self.search = SearchField("任务、子目标、单位")

        for box, name in ((self.unit, "unitFilter"), (self.state, "stateFilter"), (self.role, "roleFilter")):
            box.setObjectName(name)
        self.search.setObjectName("matrixSearch")
        self.search.setMaximumWidth(theme.scaled(_SEARCH))
        self.search.setMinimumWidth(theme.scaled(_LEAST))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clear.setObjectName("clearFilters")
        self.changed_only.setObjectName("changedOnly")
        self.changed_only.setToolTip("只看和对比的那一期不同的格")
        self.changed_only.hide()
        self.role.set_options(
            [("", "牵头与配合"), (LEAD, "只看牵头"), (PRINCIPAL, "只看主牵头"), (SUPPORT, "只看配合")]
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_S)
        for widget in (self.unit, self.state, self.role, self.changed_only, self.clear):
            row.addWidget(widget)
        row.addWidget(self.note, 4)
        row.addWidget(self.search, 3)
        self.clear.hide()

        for box in (self.unit, self.state, self.role):
            box.chosen.connect(lambda _key: self._read())
        self.search.textChanged.connect(lambda _text: self._read())
        self.changed_only.toggled.connect(lambda _on: self._read())
        self.clear.clicked.connect(lambda: self.set_filters(Filters()))

    def offer(self, matrix: Matrix, counts: Mapping[str, int]) -> None:
        """Offer this matrix's units and the states that occur; what is chosen stays chosen."""
        units = [("", f"全部 {len(matrix.units)} 家"), *((u.id, u.short) for u in matrix.units)]
        self.unit.set_options(units, self.filters.unit)
        occurring = [
            k for k in (*ORDER, RETURNED, PROVISIONAL, *CHANGE_WORDS) if counts.get(k) or k == self.filters.state
        ]
        self.state.set_options([("", "全部"), *((k, legend_word(k)) for k in occurring)], self.filters.state)
        if self.filters.unit and self.unit.currentData() != self.filters.unit:
            self._read()

    def set_filters(self, filters: Filters) -> None:
        """Ask for something else, as if the user had."""
        if filters.state and self.state.findData(filters.state) < 0:
            self.state.addItem(legend_word(filters.state), filters.state)
        self.unit.set_current(filters.unit)
        self.state.set_current(filters.state)
        self.role.set_current(filters.role)
        for box, put in (
            (self.search, lambda: self.search.setText(filters.words)),
            (self.changed_only, lambda: self.changed_only.setChecked(filters.changed)),
        ):
            blocked = box.blockSignals(True)
            put()
            box.blockSignals(blocked)
        self._read()

    def _read(self) -> None:
        filters = Filters(
            str(self.unit.currentData() or ""),
            str(self.state.currentData() or ""),
            str(self.role.currentData() or ""),
            self.search.text(),
            self.changed_only.isChecked(),
        )
        if filters != self.filters:
            self.filters = filters
            self.clear.setVisible(filters.any)
            self.changed.emit(filters)

    def compare_with(self, earlier: str) -> None:
        """Say what is compared with, so that its changes can be asked for; empty for nothing."""
        self._earlier = earlier
        self.changed_only.setVisible(bool(earlier))
        filters = self.filters
        if not earlier and (filters.changed or filters.state in CHANGE_WORDS):
            state = "" if filters.state in CHANGE_WORDS else filters.state
            self.set_filters(replace(filters, state=state, changed=False))

    def words(self) -> str:
        """What is asked for, as paper names it: 科技局、未填报、“基地”."""
        changed = [f"与{self._earlier}不同的"] if self.filters.changed else []
        asked = [box.currentText() for box in (self.unit, self.state, self.role) if box.currentData()]
        sought = self.filters.words.strip()
        return "、".join([*asked, *changed, *([f"“{sought}”"] if sought else [])])

    def minimumSizeHint(self) -> QSize:
        return QSize(300, super().minimumSizeHint().height())
