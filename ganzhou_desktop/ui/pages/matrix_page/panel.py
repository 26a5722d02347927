"""The panel at the right of the matrix: what stands behind one cell."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain import filings, states
from ganzhou_desktop.domain.filings import Answer, Filing, Proof, Review
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.matrix import Cell, MatrixTask, MatrixUnit
from ganzhou_desktop.domain.plan import Plan, Role
from ganzhou_desktop.domain.provisional import CONTESTED, marked
from ganzhou_desktop.services.filed_views import MatrixView
from ganzhou_desktop.ui import colours, gauge_looks, texts, theme
from ganzhou_desktop.ui.filed_blocks import (
    Section,
    TintBlock,
    answer_rows,
    answer_words,
    contact_line,
    day_of,
    so_far_word,
    target_button,
    target_words,
)
from ganzhou_desktop.ui.proof_list import ProofList
from ganzhou_desktop.ui.read_text import ReadText, excerpt, spans_of
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_role
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, PlainLabel, StateLabel, Tag, rule

WIDTH = 300
_LATE = (states.BEHIND, states.BADLY_BEHIND, states.OVERDUE, states.BELOW_FLOOR)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the matrix: its task, its column's unit, its cell (None where the plan has no role)."""

    task: MatrixTask
    unit: MatrixUnit
    cell: Cell | None


class RoleMark(QWidget):
    """◎¹, ◎ or ○ beside a word that says it."""

    def __init__(self, role: str = "", principal: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._principal = role, principal
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_role(self, role: str, principal: bool) -> None:
        """Show another role."""
        self._role, self._principal = role, principal
        self.setAccessibleName(texts.role_word(role, principal))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(24 if self._principal else 16, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_role(painter, QRectF(0, (self.height() - 14) / 2, 14, 14), self._role, self._principal)


class CellPanel(QFrame):
    """Shows a place of the matrix; scrolls; its foot leads on.  It asks nothing of the ledger."""

    closed = Signal()
    stepped = Signal(int)
    review_wanted = Signal(str)
    filing_wanted = Signal(str)
    conflicts_wanted = Signal()
    target_wanted = Signal(str)
    proof_opened = Signal(str, object)

    def __init__(self, parent: QWidget, *, office: bool, mine: str) -> None:
        super().__init__(parent)
        self._office, self._mine = office, mine
        self.setProperty("kind", "card")
        self.setObjectName("cellPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._over = False
        self._unit = ""
        self.number = PlainLabel("", "second")
        self.title = PlainLabel("", "card", wrap=True)
        self.cross = Button(icon_name="dismiss", kind="bare", tip="关闭（Esc）")
        self.mark = RoleMark()
        self.unit = ElidedLabel(role="strong")
        self.role = PlainLabel("", "second")
        self.state = StateLabel(states.OK, tinted=True)
        self.reading = QScrollArea()
        self.review_button = Button("审核", kind="main")
        self.filing_button = Button("代录") if office else Button("打开填报", kind="main")
        self.before = Button(icon_name="chevron_left", kind="icon", tip="上一格（Ctrl+←）")
        self.after = Button(icon_name="chevron_right", kind="icon", tip="下一格（Ctrl+→）")
        self._lay_out()

        self.review_button.setObjectName("openReview")
        self.filing_button.setObjectName("openFiling")
        self.cross.setObjectName("closePanel")
        self.cross.clicked.connect(self.closed)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.review_button.clicked.connect(lambda: self.review_wanted.emit(self._unit))
        self.filing_button.clicked.connect(lambda: self.filing_wanted.emit(self._unit))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_S)
        top = Qt.AlignmentFlag.AlignTop
        for label in (self.number, self.title):
            label.setContentsMargins(0, 4, 0, 0)
        self.number.setContentsMargins(0, 5, 0, 0)
        head.addWidget(self.number, 0, top)
        head.addWidget(self.title, 1, top)
        head.addWidget(self.cross, 0, top)
        who = QHBoxLayout()
        who.setSpacing(6)
        who.addWidget(self.mark)
        who.addWidget(self.unit, 1)
        who.addWidget(self.role)
        who.addWidget(self.state)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setWidgetResizable(True)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reading.setAccessibleName("这一格的填报内容")
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP_S)
        foot.addWidget(self.review_button)
        foot.addWidget(self.filing_button)
        foot.addStretch(1)
        foot.addWidget(self.before)
        foot.addWidget(self.after)
        foot.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_L, theme.GAP_M)
        upper = QVBoxLayout()
        upper.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_M, theme.GAP_S)
        upper.setSpacing(theme.GAP)
        upper.addLayout(head)
        upper.addLayout(who)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addWidget(rule())
        column.addWidget(self.reading, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    def set_over(self, over: bool) -> None:
        """Whether the panel lies over the matrix: then with an edge that tells it apart."""
        if over != self._over:
            self._over = over
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._over:
            painter = QPainter(self)
            painter.setPen(QColor(colours.LINE3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def show_place(self, view: MatrixView, place: Place) -> None:
        """Show a place."""
        cell = place.cell
        self.number.setText(place.task.id)
        self.title.setText(place.task.title)
        self.unit.setText(place.unit.name)
        self.mark.setVisible(cell is not None)
        self.role.setVisible(cell is not None)
        self.state.setVisible(cell is not None)
        roles = view.roles_behind(place.task.id, place.unit.id) if cell is not None else ()
        self._unit = next((r.unit for r in roles if _filed(view, r.unit)), roles[0].unit if roles else "")
        if cell is not None:
            self.mark.set_role(cell.role, cell.principal)
            self.role.setText(texts.role_word(cell.role, cell.principal))
            self.state.set_state(cell.state, cell.word)
            self.setAccessibleName(f"任务{place.task.id} {place.unit.name} {cell.word}")
        filing = view.filings.get(self._unit)
        submitted = filing is not None and filing.submitted
        self.review_button.setVisible(self._office and submitted)
        by_paper = bool(self._unit) and (not submitted or (filing is not None and filing.mode == "office"))
        self.filing_button.setVisible(by_paper if self._office else self._unit == self._mine)
        self._fill(_Contents(self, view, place, roles).made())

    def _fill(self, contents: list[QWidget]) -> None:
        body = QWidget()
        body.setProperty("kind", "scrollBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_L, theme.GAP_M)
        column.setSpacing(theme.GAP_M + 2)
        for widget in contents:
            column.addWidget(widget)
        column.addStretch(1)
        old = self.reading.takeWidget()
        if old is not None:
            old.deleteLater()
        self.reading.setWidget(body)

    def words(self) -> str:
        """Everything the panel says, for tests and for copying."""
        children: list[PlainLabel | ReadText] = [
            *self.reading.findChildren(PlainLabel),
            *self.reading.findChildren(ReadText),
        ]
        return "\n".join(child.text() for child in children)


class _Contents:
    """Makes the widgets for one place."""

    def __init__(self, panel: CellPanel, view: MatrixView, place: Place, roles: tuple[Role, ...]) -> None:
        self._panel = panel
        self._view = view
        self._plan: Plan = view.plan
        self._place = place
        self._roles = roles
        self._year = view.period.last.year

    def made(self) -> list[QWidget]:
        """From top to bottom."""
        cell = self._place.cell
        if cell is None:
            text = f"方案没有安排{self._place.unit.name}承担这项任务，这一格不填。"
            return [ReadText(text, colour=colours.INK2), self._clause(())]
        found: list[QWidget] = [ReadText(cell.why, colour=colours.INK3)]
        if cell.provisional:
            found.append(self._conflict())
        if cell.state != states.NOT_HELD:
            for role in self._roles:
                found += self._filed(role)
        found.append(self._clause(self._roles))
        return found

    def _conflict(self) -> QWidget:
        block = Section(f"{CONTESTED} 有两处不一致")
        block.add(ReadText("两台电脑写得不一样，裁定以前先按现有的值算。", colour=colours.DIFFER))
        go = Button("去看两处不一致", kind="text")
        go.setObjectName("goConflicts")
        go.clicked.connect(self._panel.conflicts_wanted)
        return block.add(go)

    def _filed(self, role: Role) -> list[QWidget]:
        found: list[QWidget] = []
        filing = self._view.filings.get(role.unit)
        if len(self._roles) > 1:
            name = self._plan.unit_by_id[role.unit].name
            found.append(PlainLabel(f"{name} · {texts.role_word(role.kind, role.principal)}", "strong"))
        returned, others = self._reviews(filing, role)
        found += returned
        found += self._answer(filing, role)
        numbers = self._view.gauges_of(role.task, role.unit)
        if numbers:
            found.append(self._numbers(numbers, filing))
        proofs = tuple(p for p in filing.proofs if p.task == role.task) if filing is not None else ()
        if proofs:
            found.append(self._proofs(role.unit, proofs))
        found += others
        names = self._view.contacts.get(role.unit, {})
        line = contact_line(names, lines=2)
        section = Section("联系人")
        found.append(section.add(ReadText(line or "还没有登记联系人。", colour=colours.INK if line else colours.INK3)))
        return found

    def _answer(self, filing: Filing | None, role: Role) -> list[QWidget]:
        if filing is None or not filing.submitted:
            return []
        answer = filing.answers.get(role.task) or Answer()
        number = f"第 {filing.round} 次报" if filing.round > 1 else ""
        entered = "代录" if filing.mode == "office" else ""
        note = texts.joined(
            (day_of(filing.at, self._year), filing.names.get("clerk") or filing.author, number, entered)
        )
        section = Section("本期进展", note)
        said = answer.progress.strip()
        section.add(
            ReadText(said or f"（{answer_words(answer)}，没有写文字）", colour=colours.INK if said else colours.INK3)
        )
        rows = answer_rows(answer)
        if not rows:
            return [section]
        cell = self._place.cell
        late = cell is not None and answer.expected is not None and cell.state in _LATE
        look = STATE_LOOKS[cell.state] if cell is not None and late else None
        block = TintBlock(rows, look.tint, look.fill) if look is not None else TintBlock(rows)
        return [section, block]

    def _reviews(self, filing: Filing | None, role: Role) -> tuple[list[QWidget], list[QWidget]]:
        """(the return of this very matter that stands, every other answer of the office), latest first."""
        returned: list[QWidget] = []
        others: list[QWidget] = []
        for review in reversed(self._view.reviews.get(role.unit, ())):
            if review.result is None:
                continue
            stands = filing is not None and review.filing in filing.ids
            back = review.result == filings.RETURN
            here = back and stands and (not review.tasks or role.task in review.tasks)
            word = "已退回" if back else "已接收"
            if back and review.tasks:
                word = f"退回了{_task_words(review)}"
            when = texts.joined((day_of(review.at, self._year), review.author, "" if stands else "对以前的报送"))
            section = Section(f"区里{word}", when)
            if here:
                section.title.setStyleSheet(f"color: {colours.DIFFER};")
            reason = review.tasks.get(role.task) or review.reason
            if reason:
                tint = (colours.DIFFER_TINT, colours.DIFFER) if here else (colours.HEAD, colours.LINE2)
                section.add(TintBlock([("原因" if back else "意见", reason)], *tint))
            (returned if here else others).append(section)
        return returned, others

    def _numbers(self, gauges: tuple[Gauge, ...], filing: Filing | None) -> QWidget:
        section = Section("数据", "")
        for gauge in gauges:
            target = self._plan.target_by_id[gauge.id]
            value = filing.measurements.get(gauge.id) if filing is not None else None
            aim, tag = target_words(self._plan, target)
            line = QHBoxLayout()
            line.setSpacing(6)
            line.addWidget(ElidedLabel(f"{gauge.id} {target.short}"), 1)
            line.addWidget(target_button(target, self._panel.target_wanted.emit))
            filed = texts.with_unit(value, target.unit) if value is not None else "未填"
            filed = marked(filed, filing is not None and gauge.id in filing.contested)
            line.addWidget(PlainLabel(f"本期 {filed}", "strong" if value is not None else "second"))
            second = QHBoxLayout()
            second.setSpacing(6)
            so_far = f"{so_far_word(target)} {gauge_looks.actual_text(gauge)}"
            pace = f"序时 {gauge_looks.pace_text(gauge)}" if gauge.pace is not None else ""
            second.addWidget(ElidedLabel(texts.joined((f"目标 {aim}", so_far, pace)), "note"), 1)
            third = QHBoxLayout()
            if tag:
                third.addWidget(Tag(tag))
            third.addStretch(1)
            third.addWidget(StateLabel(gauge.state, gauge.word, size=theme.NOTE))
            rows = QWidget()
            rows.setToolTip(texts.plain_tip(gauge.formula))
            column = QVBoxLayout(rows)
            column.setContentsMargins(0, 0, 0, 4)
            column.setSpacing(1)
            for layout in (line, second, third):
                column.addLayout(layout)
            section.add(rows)
        return section

    def _proofs(self, unit: str, proofs: tuple[Proof, ...]) -> QWidget:
        panel = self._panel
        section = Section("佐证", f"{len(proofs)} 件")
        return section.add(ProofList(proofs, lambda proof: panel.proof_opened.emit(unit, proof), room=150))

    def _clause(self, roles: tuple[Role, ...]) -> QWidget:
        task = self._plan.task_by_id[self._place.task.id]
        clause = self._plan.clause_by_id.get(task.clause)
        section = Section("方案原文", _clause_place(self._plan, task.clause))
        text = clause.text if clause is not None else ""
        quotes = self._quotes(roles, text)
        shown = ReadText(excerpt(text, quotes), quotes, colours.INK2)
        section.add(shown)
        if shown.text() != text:
            whole = Button("看全文", kind="text")

            def unfold() -> None:
                shown.set_text(text, quotes)
                whole.hide()

            whole.clicked.connect(unfold)
            section.add(whole)
        return section

    def _quotes(self, roles: tuple[Role, ...], text: str) -> list[str]:
        """The words about the numbers this unit reports, else about its part, else about the task's targets."""
        asked = [t.quote for r in roles for t in self._plan.asked_of(r.unit, r.task)]
        part = [r.asked.removeprefix("配合") for r in roles if r.kind != "lead"]
        targets = [t.quote for t in self._plan.targets_of(self._place.task.id)]
        return next((found for found in (asked, part, targets) if spans_of(text, found)), [])


def _clause_place(plan: Plan, clause_id: str) -> str:
    """三(二)5: the numbers of a clause and of those above it."""
    numbers = []
    clause = plan.clause_by_id.get(clause_id)
    while clause is not None:
        numbers.append(clause.number.strip("、. "))
        clause = plan.clause_by_id.get(clause.parent)
    return "".join(reversed(numbers))


def _task_words(review: Review) -> str:
    return "、".join("目标任务" if t == "T" else f"任务{t}" for t in review.tasks)


def _filed(view: MatrixView, unit: str) -> bool:
    filing = view.filings.get(unit)
    return filing is not None and filing.submitted
