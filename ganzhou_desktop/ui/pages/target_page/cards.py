"""The upper row of 目标详情: where the target stands, its trend, its words and figures in the plan."""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.plan import HEADLINE, Figure, Plan, Target
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.targets import TargetView
from ganzhou_desktop.ui import colours, gauge_looks, theme
from ganzhou_desktop.ui.gauge_widgets import Bullet, Dial
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import NO_VALUE, date_text, joined, plain_tip, visible, with_unit
from ganzhou_desktop.ui.widgets import Button, Card, ElidedLabel, PlainLabel, StateLabel, Tag

if TYPE_CHECKING:
    from ganzhou_desktop.ui.trend_chart import TrendChart

_TREND = "ganzhou_desktop.ui.trend_chart"
_LEFT, _RIGHT = 256, 338


class StandCard(Card):
    """完成情况: state, dial, bullet with its numbers, the formula with today's numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("完成情况", parent=parent)
        self.state = StateLabel("not_due", tinted=True)
        self.dial = Dial()
        self.bullet = Bullet(captions=True)
        self.formula = PlainLabel("", "note", wrap=True)
        self.still = StateLabel(states.IDLE, size=theme.NOTE)
        self.setFixedWidth(theme.scaled(_LEFT))
        self.add_action(self.state)
        self.body.setSpacing(theme.GAP)
        self.body.addWidget(self.dial, 1)
        self.body.addWidget(self.bullet)
        self.body.addWidget(self.formula)
        self.body.addWidget(self.still)
        for gauge in (self.dial, self.bullet):
            gauge.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # here they open nothing: all of it is on this page
            gauge.unsetCursor()
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def show_gauge(self, gauge: Gauge, stalled: int) -> None:
        """Show a gauge, and for how many periods it has not moved."""
        look = gauge_looks.gauge_look(gauge)
        self.state.set_state(gauge.state, gauge.word)
        self.dial.set_look(look)
        self.bullet.set_look(look)
        self.formula.setText(gauge.formula)
        self.still.set_state(states.IDLE, f"{gauge_looks.stalled_text(stalled)}，这几期的数没有变")
        self.still.setVisible(bool(stalled))


class TrendCard(Card):
    """走势与预测: the chart, made when it is first needed; a sentence where there is nothing to draw."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("走势与预测", " ", parent)
        self._session = session
        self._view: TargetView | None = None
        self._asked = False
        self.needed = PlainLabel("", "noteStrong")
        self.forecast = PlainLabel("", "note")
        self.nothing = PlainLabel("", "second", wrap=True)
        self.chart: TrendChart | None = None
        self._place = QVBoxLayout()

        self.add_action(self.needed)
        self.add_action(self.forecast)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addLayout(self._place, 1)
        self._place.addWidget(self.nothing, 1)
        self.nothing.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.nothing.hide()

    def show_view(self, view: TargetView) -> None:
        """Show a target's trend."""
        self._view = view
        gauge, deadline = view.gauge, self._session.plan.document.deadline
        self.set_note(f"到 {date_text(deadline)}")
        needed = (
            "" if gauge.needed is None else f"还需每季 {marked(with_unit(gauge.needed, gauge.unit), gauge.provisional)}"
        )
        self.needed.setText(needed)
        first, word = gauge_looks.forecast_lines(gauge)
        self.forecast.setText("" if first == NO_VALUE else joined((f"预计 {first}" if word else first, word)))
        if self.chart is not None:
            self._draw()
        elif not self._asked:
            # Plotting takes a third of a second to load: on the worker, while the page can be read already.
            self._asked = True
            self._session.operations.run_read(
                self, lambda _progress: importlib.import_module(_TREND), lambda module: self._make(module.TrendChart)
            )

    def _make(self, chart: "type[TrendChart]") -> None:
        self.chart = chart()
        self.chart.setMinimumHeight(theme.scaled(150))
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._place.addWidget(self.chart, 1)
        self._draw()

    def _draw(self) -> None:
        view = self._view
        assert view is not None
        assert self.chart is not None
        look_type = importlib.import_module(_TREND).TrendLook
        document = self._session.plan.document
        reach = view.gauge.to_reach
        empty = not view.actual and not view.line and reach is None
        self.nothing.setText("还没有可以画的数：目标要在基期上提高，基期还没有填。" if empty else "")
        self.nothing.setVisible(empty)
        self.chart.setVisible(not empty)
        if empty:
            return
        self.chart.set_look(
            look_type(
                first=document.issued,
                last=document.deadline,
                actual=tuple((day, float(value)) for day, value in view.actual),
                pace=tuple((day, float(value)) for day, value in view.line),
                target=None if reach is None else float(reach),
                forecast=None if view.gauge.forecast is None else float(view.gauge.forecast),
                state=view.gauge.state,
                unit=view.gauge.unit,
                doubtful=view.doubtful,
                forecast_provisional=view.gauge.provisional,
                target_provisional=view.gauge.aim_provisional,
            )
        )


class _ClauseView(QPlainTextEdit):
    """The clause as plain text to read and copy; the marked words stay in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("方案原文")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.document().setDocumentMargin(0)

    def show_clause(self, text: str, quote: str) -> None:
        """Show a clause with a stretch of it marked."""
        self.setCurrentCharFormat(QTextCharFormat())  # else the new text would take the mark of the old
        self.setPlainText(visible(text))
        at = visible(text).find(visible(quote)) if quote else -1
        if at < 0:
            return
        mark = QTextCharFormat()
        mark.setBackground(QColor(colours.ACCENT_MARK))
        mark.setFontWeight(QFont.Weight.Bold)
        cursor = QTextCursor(self.document())
        cursor.setPosition(at + len(visible(quote)))
        cursor.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(mark)
        cursor.setPosition(at)
        self.setTextCursor(cursor)
        self.centerCursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.centerCursor()


class PlanCard(Card):
    """方案原文: the clause with this target's words marked, the printed and the confirmed figure, who reports it."""

    def __init__(self, office: bool, parent: QWidget | None = None) -> None:
        super().__init__("方案原文", " ", parent)
        self.text = _ClauseView()
        self.box = QFrame()
        self.responsible = PlainLabel("", "second", wrap=True)
        self.to_figures = Button("去核定", kind="text", tip="到数字核定页填写核定值和依据")
        self._grid = QGridLayout(self.box)

        self.setFixedWidth(theme.scaled(_RIGHT))
        if office:
            self.head.setContentsMargins(15, 6, 11, 4)
            self.add_action(self.to_figures)
        else:
            self.to_figures.setParent(self)
            self.to_figures.hide()
        self.to_figures.setObjectName("to_figures")
        self.text.setMinimumHeight(theme.scaled(63))
        self.box.setProperty("kind", "note")
        self._grid.setContentsMargins(theme.GAP_M, 6, theme.GAP_S, 6)
        self._grid.setHorizontalSpacing(theme.GAP_M)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.box)
        self.body.addWidget(self.responsible)

    def show_view(self, plan: Plan, view: TargetView) -> None:
        """Show a target's clause and figures."""
        target = view.target
        clause = plan.clause_by_id.get(target.clause)
        self.set_note("" if clause is None else f"{clause.number}{clause.title}")
        self.text.show_clause("" if clause is None else clause.text, target.quote)
        self._show_figures(plan, view)
        self.responsible.setText(responsible_text(plan, target))
        note = f"说明：{target.note}" if target.note else ""
        self.responsible.setToolTip(note)
        self.text.setToolTip(plain_tip(note))

    def _show_figures(self, plan: Plan, view: TargetView) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, value, tag, small) in enumerate(_figure_rows(plan, view)):
            self._grid.addWidget(PlainLabel(name, "note"), row, 0, Qt.AlignmentFlag.AlignVCenter)
            words = ElidedLabel(value, "note" if small else "strong")
            self._grid.addWidget(words, row, 1)
            if tag is not None:
                self._grid.addWidget(tag, row, 2, Qt.AlignmentFlag.AlignRight)


def _figure_rows(plan: Plan, view: TargetView) -> list[tuple[str, str, Tag | None, bool]]:
    """(name, value, tag, whether in small type) of the lines about the figures."""
    figure, baseline = view.figure, view.baseline
    rows: list[tuple[str, str, Tag | None, bool]] = []
    if figure is None:
        items = view.target.items
        words = f"没有印数字，按点名的 {len(items)} 项计" if items else "没有印数字"
        rows.append(("原文值", words, None, True))
        if items:
            rows.append(("点名的", "、".join(items), None, True))
    else:
        rows.append(("原文值", figure.printed, Tag("printed"), False))
        rows.append(("核定值", _confirmed_text(plan, figure), _figure_tag(figure), False))
        said = figure.basis or (f"待核定：{figure.doubt}" if figure.doubt else NO_VALUE)
        rows.append(("依据", said, None, True))
    if baseline is not None:
        held = baseline.effective
        words = "还没有填" if held is None else with_unit(held, baseline.unit)
        words = marked(words, baseline.id in plan.contested)
        tag = Tag("to_confirm", "缺基期") if held is None else _figure_tag(baseline)
        rows.append(("基期", words, tag, held is None))
    return rows


def _confirmed_text(plan: Plan, figure: Figure) -> str:
    words = NO_VALUE if figure.confirmed is None else with_unit(figure.confirmed, figure.unit)
    return marked(words, figure.id in plan.contested)


def _figure_tag(figure: Figure) -> Tag:
    return Tag("confirmed" if figure.confirmed is not None else "to_confirm")


def responsible_text(plan: Plan, target: Target) -> str:
    """Who answers for a target and who reports its number; what the plan does not say is called so."""
    unit = plan.unit_by_id.get(target.reporting_unit)
    name = unit.name if unit is not None else ""
    if target.task == HEADLINE:
        if target.reporting_assumed:
            return f"责任单位　方案未明确，默认由{name}填报"
        return f"责任单位　{name}填报"
    assumed = "（主牵头，方案未指定，待明确）" if target.reporting_assumed else ""
    return f"责任单位　任务 {target.task} 牵头单位；由{name}填报{assumed}"
