"""One unit's filing at the right of the list: who, when, matter by matter, earlier rounds; the answer at the foot."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.filings import Proof
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.domain.provisional import CONTESTED
from ganzhou_desktop.services.filed_views import SUBMITTED, Round, UnitReview
from ganzhou_desktop.services.reviewing import UnitStatus
from ganzhou_desktop.ui import colours, texts, theme
from ganzhou_desktop.ui.filed_blocks import contact_line, day_of
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.pages.review_page.matter_block import MatterBlock
from ganzhou_desktop.ui.pages.review_page.unit_list import late_words, look_key, state_words
from ganzhou_desktop.ui.pages.review_page.verdict_bar import VerdictBar
from ganzhou_desktop.ui.printing.phrases import moment_words
from ganzhou_desktop.ui.read_text import ReadText
from ganzhou_desktop.ui.shapes import FILING_LOOKS
from ganzhou_desktop.ui.widgets import (
    Button,
    Card,
    ElidedLabel,
    EmptyState,
    MessageLine,
    PlainLabel,
    StateLabel,
    Tag,
    rule,
)


def task_words(tasks: Sequence[str]) -> str:
    """任务2、目标任务."""
    return "、".join("目标任务" if task == HEADLINE else f"任务{task}" for task in tasks)


class UnitView(QWidget):
    """Shows a UnitReview.  Which matters are ticked and what is typed is asked of it; it writes nothing."""

    stepped = Signal(int)
    print_wanted = Signal()
    filing_wanted = Signal()
    conflicts_wanted = Signal()
    proof_opened = Signal(object)
    target_wanted = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.review: UnitReview | None = None
        self.blocks: list[MatterBlock] = []
        self.name = PlainLabel("", "row")
        self._icon = QLabel()
        self._word = PlainLabel("", "strong")
        self.late = StateLabel("overdue", tinted=True)
        self.after_close = Tag("plain", "期后")
        self.facts = ElidedLabel(role="note")
        self.people = ElidedLabel(role="note")
        self.beside = QCheckBox("并排看上期")
        self.paper = Button("打印填报表", "print")
        self.by_paper = Button("代录", "clipboard_edit")
        self.before = Button(icon_name="chevron_left", kind="icon", tip="上一家（Ctrl+PgUp）")
        self.after = Button(icon_name="chevron_right", kind="icon", tip="下一家（Ctrl+PgDn）")
        self.notes = MessageLine(tone="differ")
        self.conflicts = Button("去看两处不一致", kind="text")
        self.reading = QScrollArea()
        self.bar = VerdictBar()
        self.empty = EmptyState("还没有报", "", "代录纸质报表", "clipboard_edit")

        for widget, name in (
            (self.paper, "printFiling"),
            (self.by_paper, "enterByHand"),
            (self.before, "unitBefore"),
            (self.after, "unitAfter"),
            (self.beside, "beside"),
            (self.conflicts, "goConflicts"),
        ):
            widget.setObjectName(name)
        self._lay_out()

        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.paper.clicked.connect(self.print_wanted)
        self.by_paper.clicked.connect(self.filing_wanted)
        self.empty.started.connect(self.filing_wanted)
        self.conflicts.clicked.connect(self.conflicts_wanted)
        self.beside.toggled.connect(self._show_earlier)
        self.bar.edited.connect(self.edited)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        shown: tuple[QWidget, ...] = (self.name, self._icon, self._word, self.late, self.after_close)
        actions: tuple[QWidget, ...] = (self.beside, self.paper, self.by_paper, self.before, self.after)
        for widget in shown:
            first.addWidget(widget)
        first.addStretch(1)
        for widget in actions:
            first.addWidget(widget)
        second = QHBoxLayout()
        second.setSpacing(theme.GAP_L)
        second.addWidget(self.facts, 1)
        third = QHBoxLayout()
        third.addWidget(self.people, 1)
        warned = QHBoxLayout()
        warned.addWidget(self.notes, 1, Qt.AlignmentFlag.AlignVCenter)
        warned.addWidget(self.conflicts)
        head = QVBoxLayout()
        head.setContentsMargins(theme.GAP_L, 10, theme.GAP_L, 8)
        head.setSpacing(2)
        for layout in (first, second, third, warned):
            head.addLayout(layout)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setWidgetResizable(True)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setAccessibleName("填报内容")
        self.reading.setObjectName("filed")
        card = Card(flush=True)
        card.body.setSpacing(0)
        card.body.addLayout(head)
        card.body.addWidget(rule())
        card.body.addWidget(self.reading, 1)
        card.body.addWidget(self.empty, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        column.addWidget(card, 1)
        column.addWidget(self.bar)

    def show_review(self, plan: Plan, review: UnitReview, status: UnitStatus, contacts: Mapping[str, str]) -> None:
        """Show a unit; the scroll position stays when it is the one shown already."""
        same = self.review is not None and (self.review.unit, self.review.period.name) == (
            review.unit,
            review.period.name,
        )
        down = self.reading.verticalScrollBar().value() if same else 0
        unfolded = {b.matter.task for b in self.blocks if b.fold.isChecked()} if same else set()
        ticked = self.ticked() if same else ()
        self.review = review
        name = plan.naming(plan.unit_by_id[review.unit], review.period.last)[0]
        filing = review.filing if review.filing is not None and review.filing.submitted else None
        self._show_head(name, review, status, contacts)
        self.reading.setVisible(filing is not None)
        self.bar.setVisible(filing is not None)
        self.empty.setVisible(filing is None)
        self.paper.setVisible(filing is not None)
        self.beside.setVisible(filing is not None and review.earlier is not None)
        # 代录 is for units without a PC: nothing filed yet, or filed by hand before.
        self.by_paper.setVisible(filing is not None and filing.mode == "office")
        if filing is None:
            self._show_missing(name, review, status)
        self._fill(plan, review, unfolded)
        self.set_ticked(ticked)
        self.reading.widget().adjustSize()
        self.reading.verticalScrollBar().setValue(down)

    def _show_head(self, name: str, review: UnitReview, status: UnitStatus, contacts: Mapping[str, str]) -> None:
        filing, year = review.filing, review.period.due.year
        look = FILING_LOOKS[look_key(status)]
        self.name.setText(name)
        self._icon.setPixmap(pixmap(look.icon or "circle_hint", theme.ICON_BUTTON, look.colour))
        self._word.setText(state_words(status))
        self._word.setStyleSheet(f"color: {look.colour};")
        self.late.setVisible(status.lateness.late)
        if status.lateness.late:
            self.late.set_state("overdue", late_words(status))
        self.after_close.setVisible(not status.taken and filing is not None and filing.submitted)
        facts = [f"应报日 {texts.short_date(review.period.due, year)}"]
        if filing is not None and filing.submitted:
            facts[:0] = [f"第 {max(filing.round, 1)} 次报送 {moment_words(filing.at)}", filing.author]
            if status.received is not None:
                facts.append(f"收到日 {texts.short_date(status.received, year)}")
            if filing.mode == "office":
                facts.append(f"代录{'：' + filing.source if filing.source else ''}")
        self.facts.setText(texts.joined(facts))
        names = filing.names if filing is not None and any(filing.names.values()) else contacts
        self.people.setText(
            contact_line({**names, "phone": contacts.get("phone") or names.get("phone", "")}) or "还没有登记联系人"
        )
        contested = len(filing.contested) if filing is not None else 0
        words = f"有两处不一致 {contested} 处：两台电脑写得不一样，裁定以前标 {CONTESTED}。" if contested else ""
        self.notes.set_message(words, "differ")
        self.conflicts.setVisible(bool(contested))

    def _show_missing(self, name: str, review: UnitReview, status: UnitStatus) -> None:
        self.empty.title.setText(f"{name}还没有报 {texts.period_text(review.period.name)}")
        due = f"应报日 {texts.date_text(review.period.due)}"
        late = f"，已逾期 {status.lateness.days} 天" if status.lateness.late else ""
        self.empty.sentence.setText(f"{due}{late}。合入它的副本，或照盖章的纸质报表代录。")
        self.empty.sentence.show()

    def _fill(self, plan: Plan, review: UnitReview, unfolded: set[str]) -> None:
        body = QWidget()
        body.setProperty("kind", "scrollBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_L, theme.GAP_L)
        column.setSpacing(theme.GAP_M)
        earlier = f"上期（{texts.period_text(review.earlier.name)}）" if review.earlier is not None else ""
        self.blocks = []
        submitted = review.filing is not None and review.filing.submitted
        for matter in review.matters if submitted else ():
            block = MatterBlock(plan, matter, earlier)
            block.show_earlier(self.beside.isChecked() or matter.task in unfolded)
            block.ticked.connect(self._ticked)
            block.proof_opened.connect(self._proof)
            block.target_wanted.connect(self.target_wanted)
            self.blocks.append(block)
            column.addWidget(block)
            column.addWidget(rule())
        if review.rounds:
            column.addWidget(self._rounds(review))
        column.addStretch(1)
        old = self.reading.takeWidget()
        if old is not None:
            old.deleteLater()
        self.reading.setWidget(body)

    def _rounds(self, review: UnitReview) -> QWidget:
        made = QWidget()
        made.setObjectName("rounds")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(PlainLabel("历次报送与审核", "noteStrong"))
        for entry in reversed(review.rounds):
            row = QHBoxLayout()
            row.setSpacing(theme.GAP_M)
            when = PlainLabel(day_of(entry.at, review.period.due.year), "note")
            when.setFixedWidth(theme.scaled(90))
            when.setMinimumHeight(theme.scaled(21))
            row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
            back = entry.what == filings.RETURN
            row.addWidget(ReadText(round_words(entry), colour=colours.DIFFER if back else colours.INK), 1)
            column.addLayout(row)
        return made

    def _proof(self, proof: Proof) -> None:
        self.proof_opened.emit(proof)

    def _show_earlier(self, shown: bool) -> None:
        for block in self.blocks:
            block.show_earlier(shown)

    # -- the answer --------------------------------------------------------------------------------------------

    def ticked(self) -> tuple[str, ...]:
        """The matters ticked, in order."""
        return tuple(b.matter.task for b in self.blocks if b.tick.isChecked())

    def set_ticked(self, tasks: Sequence[str]) -> None:
        """Tick these matters, without a signal."""
        for block in self.blocks:
            block.tick.setChecked(block.matter.task in tasks)
        self._show_ticks()

    def _ticked(self) -> None:
        self._show_ticks()
        self.bar.say("")
        self.edited.emit()

    def _show_ticks(self) -> None:
        self.bar.show_ticks([task_words([task]) for task in self.ticked()], len(self.blocks))


def round_words(entry: Round) -> str:
    """第 1 次报送 · 甲某三; 退回任务6 · 演示员甲：原因."""
    if entry.what == SUBMITTED:
        return texts.joined((f"第 {max(entry.number, 1)} 次报送", entry.author, entry.text))
    if entry.what == filings.ACCEPT:
        word = "接收"
    elif entry.what == filings.RETURN:
        word = f"退回{task_words(entry.tasks) or '整份'}"
    else:
        word = "撤回报送"
    said = texts.joined((word, entry.author))
    return f"{said}：{entry.text}" if entry.text else said
