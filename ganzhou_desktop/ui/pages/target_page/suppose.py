"""假如: so many more a quarter, or so many of the sub-targets: where the target would land.  Nothing is written."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSlider, QSpinBox, QVBoxLayout, QWidget

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.outlook import can_suppose, supposed
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.targets import TargetView
from ganzhou_desktop.ui import gauge_looks, theme
from ganzhou_desktop.ui.texts import date_text, with_unit
from ganzhou_desktop.ui.widgets import PlainLabel, StateLabel

MOST = 999
_SLIDER = 20


class _Choice:
    """A number by slider or by keyboard; both say the same."""

    def __init__(self, words: str, name: str) -> None:
        self.label = PlainLabel(words)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.box = QSpinBox()
        self.slider.setRange(0, _SLIDER)
        self.slider.setAccessibleName(words)
        self.slider.setMinimumWidth(theme.scaled(160))
        self.box.setRange(0, MOST)
        self.box.setAccessibleName(words)
        self.box.setObjectName(name)
        self.box.setFixedWidth(theme.scaled(92))
        self.slider.valueChanged.connect(self._from_slider)
        self.box.valueChanged.connect(self._to_slider)

    def _from_slider(self, value: int) -> None:
        if min(self.box.value(), self.slider.maximum()) != value:  # a number beyond the slider stays
            self.box.setValue(value)

    def _to_slider(self, value: int) -> None:
        self.slider.setValue(min(value, self.slider.maximum()))


class SupposeView(QWidget):
    """每季再完成 n, and of each sub-target 再完成 n: 到期末预计 m."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TargetView | None = None
        self._deadline = date.max
        self.quarterly: _Choice | None = None
        self.parts: dict[str, _Choice] = {}
        self.result = PlainLabel("", "strong", wrap=True)
        self.state = StateLabel(states.OK)
        self.note = PlainLabel("", "note", wrap=True)
        self.result.setObjectName("supposed")

        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_L, theme.GAP_S, theme.GAP_L, theme.GAP_M)
        column.setSpacing(theme.GAP_S)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_M)
        row.addWidget(self.state)
        row.addWidget(self.result, 1)
        column.addLayout(row)
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        column.addWidget(self.note)
        column.addStretch(1)

    def show_view(self, view: TargetView, deadline: date) -> None:
        """Take another target or its new numbers; what was set stays while the target does."""
        before = self._view
        self._view, self._deadline = view, deadline
        if not can_suppose(view.gauge):
            return
        ids = (view.gauge.id, *(g.id for g in view.feeding))
        if before is None or ids != (before.gauge.id, *(g.id for g in before.feeding)) or self.quarterly is None:
            self._make(view)
        self._tell()

    def _make(self, view: TargetView) -> None:
        while self._place.count():
            item = self._place.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_M)
        grid.setColumnStretch(1, 1)
        unit = view.gauge.unit
        self.quarterly = _Choice(f"每季再完成（{unit}）", "quarterly")
        self.parts = {g.id: _Choice(f"{g.id} {g.short} 再完成（{g.unit}）", f"part_{g.id}") for g in view.feeding}
        for row, choice in enumerate((self.quarterly, *self.parts.values())):
            grid.addWidget(choice.label, row, 0)
            grid.addWidget(choice.slider, row, 1)
            grid.addWidget(choice.box, row, 2)
            choice.box.valueChanged.connect(lambda _value: self._tell())
        self._place.addWidget(inner)

    def _tell(self) -> None:
        view, quarterly = self._view, self.quarterly
        if view is None or quarterly is None:
            return
        gauge = view.gauge
        reach = gauge.to_reach
        assert reach is not None
        once = sum(choice.box.value() for choice in self.parts.values())
        at_end = supposed(
            gauge, view.period.last, self._deadline, quarterly.box.value(), once, whole=view.target.integral
        )
        enough = at_end >= reach
        provisional = gauge.provisional
        short = "" if enough else f"，还差 {marked(with_unit(reach - at_end, gauge.unit), provisional)}"
        self.state.set_state(states.REACHED if enough else states.BEHIND, "可完成" if enough else "完不成")
        nothing = not quarterly.box.value() and not once
        said = "假如不再增加" if nothing else "照下面填的数"
        self.result.setText(
            f"{said}，到{date_text(self._deadline)}预计 {marked(with_unit(at_end, gauge.unit), gauge.actual_provisional)}，"
            f"目标 {marked(with_unit(reach, gauge.unit), gauge.aim_provisional)}{short}"
        )
        of = "、".join(f"{g.id} {g.short}" for g in view.feeding)
        feeding = (
            f"{of}按台账计数的口径每新增一{gauge.unit}，这里也多一{gauge.unit}（口径为默认，待明确）。" if of else ""
        )
        self.note.setText(f"从现在的 {gauge_looks.amount_text(gauge)}算起，不计失效、注销的。{feeding}")
