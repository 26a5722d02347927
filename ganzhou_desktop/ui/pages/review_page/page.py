"""审核: the page; which unit is in front, what is being written about it, and the answer that goes out."""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.filings import Proof
from ganzhou_desktop.services.filed_views import (
    ReviewList,
    UnitReview,
    read_review_list,
    read_unit_review,
)
from ganzhou_desktop.services.review_desk import ReviewDraft, decide, read_review_draft, save_review_draft
from ganzhou_desktop.ui import texts, theme
from ganzhou_desktop.ui.messages import failure_of
from ganzhou_desktop.ui.pages.review_page.unit_list import UnitList
from ganzhou_desktop.ui.pages.review_page.unit_view import UnitView, task_words
from ganzhou_desktop.ui.printing.jobs import filing_job
from ganzhou_desktop.ui.proof_list import ProofOpener
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import BusyBar, EmptyState, NoticeBar, TitleRow, page_column

AUTOSAVE_MS = 800
_SHOWN_BY = frozenset({"plan", "period", "filing", "review", "figure", "profile", "merge", "undo", "conflict"})


class ReviewPage(QWidget):
    """The units of the session's period at the left, one filing at the right, the answer at its foot."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._list: ReviewList | None = None
        self._unit = ""
        self._period = ""
        self._dirty = False
        self._unsaved: dict[tuple[str, str], ReviewDraft] = {}
        """Drafts on their way to the ledger, by unit and period: shown again should saving fail."""
        self._opener = ProofOpener(session)
        self.title_row = TitleRow("审核")
        self.notice = NoticeBar()
        self.units = UnitList(lambda: session.plan)
        self.view = UnitView()
        self.empty = EmptyState(
            "还没有开过期次" if session.office else "审核由区级汇总来做",
            "开了期次，各单位才能报，报来的在这里审核。" if session.office else "本单位的答复在填报页上看。",
            "去设置开期次" if session.office else "去填报",
            "clipboard_edit",
        )
        self.busy = BusyBar(self, self.title_row)
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._lay_out()

        self.title_row.period_chosen.connect(self._period_chosen)
        session.period_changed.connect(lambda _name: self.refresh() if self.isVisible() else None)
        session.operations.changed.connect(self._something_changed)
        self.units.chosen.connect(self._unit_chosen)
        self.units.entered.connect(lambda: self.view.bar.reason.setFocus(Qt.FocusReason.TabFocusReason))
        self.view.stepped.connect(self.units.step)
        self.view.edited.connect(self._edited)
        self.view.bar.accept_wanted.connect(self._accept)
        self.view.bar.return_wanted.connect(self._return)
        self.view.print_wanted.connect(self._print)
        self.view.filing_wanted.connect(self._enter_by_hand)
        self.view.proof_opened.connect(self._open_proof)
        self.view.target_wanted.connect(lambda target: session.go("target", target))
        self.view.conflicts_wanted.connect(lambda: session.go("exchange", "conflicts"))
        self.empty.started.connect(lambda: session.go("settings" if session.office else "filing"))
        self.notice.action_chosen.connect(self._next_waiting)
        self._autosave.timeout.connect(self.flush)
        for keys, by in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self.units.step(by))
        save = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.flush)

    def _lay_out(self) -> None:
        column = page_column(self, self.title_row)
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.CARD_GAP)
        row.addWidget(self.units)
        row.addWidget(self.view, 1)
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        column.addWidget(self.empty, 1)
        self.empty.setVisible(not self._session.office)
        self._body.setVisible(self._session.office)

    # -- what is shown -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the units again; the unit in front, its scroll position and what is typed stay."""
        session, period = self._session, self._session.period
        if not session.office:
            return
        self.flush()
        session.operations.run_read(
            self,
            lambda _progress: read_review_list(session.ledger, period, session.today()),
            self._got_list,
            title="读取各单位报送情况",
            busy=self.busy,
        )

    def can_leave(self) -> bool:
        """What is typed is kept as a draft first."""
        self.flush()
        return True

    def show_argument(self, argument: object) -> None:
        """{"unit","period"}: bring that unit to the front."""
        if not isinstance(argument, dict):
            return
        self.flush()
        self.notice.hide()
        self._unit = str(argument.get("unit") or self._unit)
        self.units.show_all()
        period = argument.get("period")
        if period and period != self._session.period:
            self._session.set_period(str(period))
        else:
            self.refresh()

    @property
    def unit(self) -> str:
        """Id of the unit in front."""
        return self._unit

    def _period_chosen(self, name: object) -> None:
        self.flush()
        self.notice.hide()
        self._session.set_period(str(name))

    def _got_list(self, units: ReviewList | None) -> None:
        self._list = units
        self._body.setVisible(units is not None)
        self.empty.setVisible(units is None)
        if units is None:
            self.title_row.set_periods(())
            return
        names = [(p.name, texts.period_text(p.name)) for p in reversed(units.periods)]
        self.title_row.set_periods(names, units.period.name)
        closed = "已关期次，以后来的算期后" if units.period.closed else ""
        self.title_row.set_note(texts.joined((f"应报日 {texts.date_text(units.period.due)}", closed)))
        blocked = self.units.blockSignals(True)
        front = self.units.show_list(units, self._unit)
        self.units.blockSignals(blocked)
        self._go_to(front)

    def _unit_chosen(self, unit: str) -> None:
        if unit != self._unit:
            self.notice.hide()
        self._go_to(unit)

    def _go_to(self, unit: str) -> None:
        units = self._list
        self.view.setVisible(bool(unit))
        if units is None or not unit:
            return
        session, period = self._session, units.period.name
        if (unit, period) != (self._unit, self._period):
            self.flush()
        self._unit = unit
        self.view.before.setEnabled(self.units.can_step(-1))
        self.view.after.setEnabled(self.units.can_step(1))

        def work(_progress: object) -> tuple[UnitReview, ReviewDraft | None]:
            return read_unit_review(session.ledger, unit, period), read_review_draft(session.ledger, unit, period)

        session.operations.run_read(self, work, self._got_unit, title="读取填报内容", busy=self.busy)

    def _got_unit(self, found: tuple[UnitReview, ReviewDraft | None]) -> None:
        review, draft = found
        units = self._list
        status = self.units.status(review.unit)
        if units is None or status is None or (review.unit, review.period.name) != (self._unit, units.period.name):
            return  # the user has gone on meanwhile
        if self._dirty and self.view.review is not None and self.view.review.unit != review.unit:
            self.flush()  # typed while this unit was being read: it belongs to the one that was shown
        draft = self._unsaved.get((review.unit, review.period.name), draft)
        other = (self._period, self.view.review.unit if self.view.review else "") != (review.period.name, review.unit)
        self._period = review.period.name
        self.view.show_review(self._session.plan, review, status, units.contacts.get(review.unit, {}))
        bar = self.view.bar
        bar.allow(not units.why_not, units.why_not)
        if other or not self._dirty:
            self._dirty = False
            bar.load(draft.reason if draft else "", draft.received if draft else None, review.received)
            self.view.set_ticked(draft.tasks if draft else ())
            ids = review.filing.ids if review.filing is not None else ()
            if draft is not None and set(draft.filing) != set(ids):
                bar.say("下面是对上一次报送写的意见，单位后来又报了，请看过再用。", "info")
        else:
            bar.offer(review.received)

    def _something_changed(self, kinds: frozenset[str], by: object) -> None:
        if self.isVisible() and by is not self and kinds & _SHOWN_BY:
            self.refresh()

    # -- what is typed -----------------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._dirty = True
        # Not put off by the next keystroke: who types without a pause would have nothing saved.
        if not self._autosave.isActive():
            self._autosave.start()

    def flush(self) -> None:
        """Keep what is typed as a draft now."""
        self._autosave.stop()
        review = self.view.review
        if not self._dirty or review is None:
            return
        self._dirty = False
        self._keep(review.unit, review.period.name, self._typed(review))

    def _typed(self, review: UnitReview) -> ReviewDraft:
        ids = review.filing.ids if review.filing is not None else ()
        bar = self.view.bar
        return ReviewDraft(ids, bar.text(), self.view.ticked(), bar.chosen_day())

    def _keep(self, unit: str, period: str, draft: ReviewDraft) -> None:
        session, place = self._session, (unit, period)
        self._unsaved[place] = draft

        def saved(_at: str) -> None:
            if self._unsaved.get(place) is draft:
                del self._unsaved[place]
            session.saved.emit(f"审核意见已暂存 {datetime.now().astimezone():%H:%M:%S}", "checkmark_circle")

        def failed(error: LedgerError) -> None:
            if (self._unit, self._period) == place:
                self._dirty = True
            self.view.bar.say(error.text)

        session.operations.run_write(
            self,
            "暂存审核意见",
            lambda _progress: save_review_draft(session.ledger, unit, period, draft),
            saved,
            kinds={"draft"},
            on_error=failed,
        )

    # -- the answer --------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        ticked = self.view.ticked()
        if ticked:
            sure = self._session.messages.confirm(
                self,
                "仍要接收整份吗",
                f"已勾选要退回的事项：{task_words(ticked)}。接收是接收整份报表，勾选的事项不会退回。",
                "接收整份",
            )
            if not sure:
                return
        self._decide(accept=True)

    def _return(self) -> None:
        self._decide(accept=False)

    def _decide(self, *, accept: bool) -> None:
        review, session, bar = self.view.review, self._session, self.view.bar
        if review is None or review.filing is None:
            return
        unit, period, seen = review.unit, review.period.name, review.filing.ids
        draft = self._typed(review)
        reason, tasks, received = draft.reason, () if accept else draft.tasks, bar.received.value()
        name = self.view.name.text()
        # What is typed goes with the answer; no draft of it may be saved after it.
        self._autosave.stop()
        self._dirty = False
        bar.wait(True)

        def work(_progress: object) -> None:
            decide(session.ledger, unit, period, seen, accept=accept, reason=reason, tasks=tasks, received=received)

        def done(_nothing: object) -> None:
            self._unsaved.pop((unit, period), None)
            self._tell(f"已{'接收' if accept else '退回'} {name} {texts.period_text(period)}的报表。")
            self.refresh()

        def refused(error: LedgerError) -> None:
            bar.wait(False)
            if (self._unit, self._period) == (unit, period):
                self._dirty = True
                self._autosave.start()
                bar.refuse(error.text)
            else:
                self._keep(unit, period, draft)
                session.messages.failure(self, failure_of(error, f"{'接收' if accept else '退回'} {name}"))

        session.operations.run_write(
            self,
            f"{'接收' if accept else '退回'} {name}",
            work,
            done,
            kinds={"review", "draft"},
            on_error=refused,
            busy=self.busy,
        )

    def _tell(self, words: str) -> None:
        left = self.units.waiting() - 1
        self.notice.say(words, "done", "下一家待审核" if left > 0 else "")

    def _next_waiting(self) -> None:
        self.notice.hide()
        self.units.go_next_waiting()

    # -- ways on -----------------------------------------------------------------------------------------------

    def _print(self) -> None:
        review, session = self.view.review, self._session
        if review is not None:
            job = filing_job(session.ledger, review.unit, self.view.name.text(), review.period.name, back="review")
            session.go("preview", job)

    def _enter_by_hand(self) -> None:
        review = self.view.review
        if review is not None:
            self._session.go("filing", {"unit": review.unit, "period": review.period.name})

    def _open_proof(self, proof: Proof) -> None:
        if self.view.review is not None:
            self._opener.open(self, self.view.review.unit, proof)
