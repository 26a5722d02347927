"""Copies put in, looked at and merged: the preview card and the foot that merges and takes back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services import exchange, merging, taking_back, undoing
from ganzhou_desktop.services.exchange_desk import Desk, LastMerge
from ganzhou_desktop.services.finding import Found, find_copies
from ganzhou_desktop.services.merging import CHANGED_SINCE, CONTESTED, KNOWN, MERGED, REFUSED, Merge, Package
from ganzhou_desktop.services.periods import latest_name
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.change_words import at_text
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.operations import Busy, Job, Progress
from ganzhou_desktop.ui.pages.exchange.merge_foot import MergeFoot, Working, counted
from ganzhou_desktop.ui.pages.exchange.merge_notice import MergeNotice
from ganzhou_desktop.ui.pages.exchange.preview_rows import (
    ALL,
    MORE_AT_ONCE,
    TABS,
    Staged,
    counts,
    rows_of,
    units_waiting,
    waiting_words,
)
from ganzhou_desktop.ui.pages.exchange.preview_table import PreviewTable
from ganzhou_desktop.ui.pages.exchange.told import Told, looked_at
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import Button, Card, EmptyState

MERGE_KINDS = ("merge", "plan", "period", "filing", "review", "figure", "profile", "site", "conflict")
_SAFE = "合入前自动备份；有新操作之前，可整次撤销"


class MergePanel(QWidget):
    """Files put in wait here with their verdicts; nothing is taken in before 合入.

    `looked`: unit → how many changes its waiting copy brings, or what is asked first; `merged`: what was taken in; `undone`: a merge was
    taken back; `conflicts_wanted`: the clerk wants to decide 两处不一致.
    """

    looked = Signal(object)
    merged = Signal(object)
    undone = Signal()
    conflicts_wanted = Signal()
    files_wanted = Signal()

    def __init__(self, session: Session, busy: Busy, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._busy = busy
        self._staged: dict[Path, Staged] = {}
        self._trusted: set[str] = set()
        self._look = 0
        self._job: Job | None = None
        self._working = False
        self._last: LastMerge | None = None
        self._open_cases = 0
        self._after = ""
        self.card = Card("合入前预览" if session.office else "答复预览", flush=True)
        self.tabs = QTabBar()
        self.clear_button = Button("清空", kind="text", tip="把放入的副本都拿开，不合入")
        self.notice = MergeNotice(session)
        self.table = PreviewTable()
        self.empty = empty
        self.stack = QStackedWidget()
        self._inside = QStackedWidget()
        self.foot = MergeFoot()
        self.see_button, self.undo_button = self.foot.see_button, self.foot.undo_button
        self.merge_button = self.foot.merge_button

        self.tabs.setObjectName("preview_tabs")
        self.clear_button.setObjectName("clear")
        self._lay_out()
        self.tabs.currentChanged.connect(lambda _: self._show_rows())
        self.table.tick_wanted.connect(self._tick)
        self.table.trust_wanted.connect(self._trust)
        self.table.large_wanted.connect(self._read_large)
        self.table.fold_wanted.connect(self._fold)
        self.table.more_wanted.connect(self._list_more)
        self.table.set_menu(self._fill_menu)
        self.merge_button.clicked.connect(self._merge)
        self.undo_button.clicked.connect(self._undo)
        self.see_button.clicked.connect(self._see)
        self.clear_button.clicked.connect(self.clear)
        self.empty.started.connect(self.files_wanted)
        self._show()

    def _lay_out(self) -> None:
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName("预览的分类")
        for key, word in TABS:
            self.tabs.setTabData(self.tabs.addTab(word), key)
        self.card.head.setContentsMargins(15, 0, 9, 0)
        self.card.title.setMinimumHeight(theme.scaled(42))
        self.card.head.insertSpacing(1, 6)
        self.card.head.insertWidget(2, self.tabs)
        self.card.add_action(self.clear_button)
        self._inside.addWidget(self.empty)
        self._inside.addWidget(self.table)
        self.card.body.addWidget(self._inside)
        self.stack.addWidget(self.card)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        column.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        column.addWidget(self.foot)

    # -- what is put in -------------------------------------------------------------------------------------

    @property
    def staged(self) -> tuple[Staged, ...]:
        return tuple(self._staged.values())

    def put_in(self, paths: Sequence[Path]) -> None:
        """Files as they are, folders by the copies found in them; then look at all."""
        self.notice.dismiss()
        folders = [path for path in paths if path.is_dir()]
        files = [path for path in paths if path not in folders]
        if not folders:
            self._add(files)
            return

        def work(progress: Progress) -> list[Found]:
            def going(seen: int) -> None:
                if not progress(None, f"正在找副本，已看 {seen} 个文件"):
                    raise RuleBroken("cancelled", "没有找完，什么也没有放入。")

            return [find_copies(folder, going) for folder in folders]

        def done(looked: list[Found]) -> None:
            found = [file for one in looked for file in one.files]
            if not all(one.whole for one in looked):
                more = "找到的先放进来了；没有列出来的" if found else "还没有找到副本"
                self.notice.say(f"里面的文件太多，没有全看完，{more}，请直接选文件。", "info")
            elif not found and not files:
                self.notice.say("这个文件夹里没有台账副本；请换一个文件夹，或直接选文件。", "info")
            self._add([*files, *found])

        self._session.operations.run_read(self, work, done, title="在文件夹里找副本", busy=self._busy)

    def clear(self) -> None:
        """Take everything away again; nothing was merged."""
        self._staged.clear()
        self._trusted.clear()
        self._look += 1
        self._after = ""
        self._show()
        self.looked.emit({})

    def show_unit(self, unit: str) -> bool:
        """Bring the waiting copy of a unit into view; False when there is none."""
        for one in self._staged.values():
            if one.package is not None and one.package.unit == unit:
                self.tabs.setCurrentIndex(0)
                self.table.show_file(one.file)
                return True
        return False

    def show_desk(self, desk: Desk) -> None:
        """What the ledger says around the preview: the merge to be undone, the cases to be decided."""
        self._last = desk.merge
        self._open_cases = len(desk.conflicts)
        self._show()

    def _add(self, files: Sequence[Path]) -> None:
        if self._job is not None and self._job.stopped:
            # What was put in and not looked at before 取消 does not come back unasked.
            self._staged = {f: s for f, s in self._staged.items() if s.package is not None}
        for file in files:
            self._staged.setdefault(file, Staged(file))
        if files:
            self._after = ""
            self._look_again()

    def _take_away(self, file: Path) -> None:
        self._staged.pop(file, None)
        if self._staged:
            self._look_again()
        else:
            self.clear()

    def _look_again(self) -> None:
        """The same merge without its last step, over everything that is ticked."""
        self._look += 1
        look = self._look
        files = [s.file for s in self._staged.values() if s.ticked]
        trusted, large = tuple(self._trusted), self._large()

        def work(progress: Progress) -> tuple[Merge, dict[Path, Told]]:
            pace, ledger = counted(progress, "查看"), self._session.ledger
            return looked_at(merging.merge(ledger, files, dry_run=True, trust=trusted, large=large, progress=pace))

        def done(result: tuple[Merge, dict[Path, Told]]) -> None:
            if look == self._look:
                self._keep(*result)

        def failed(error: LedgerError) -> None:
            self.notice.say(error.text, "error")
            self._staged = {f: s for f, s in self._staged.items() if s.package is not None}
            self._show()

        self._job = self._session.operations.run_read(
            self, work, done, title="查看副本", on_error=failed, busy=self._busy
        )

    def _keep(self, seen: Merge, said: Mapping[Path, Told]) -> None:
        for package in seen.packages:
            one = self._staged.get(package.file)
            if one is not None:
                one.keep(package, said[package.file])
        self._show()
        self.looked.emit(units_waiting(self.staged))

    def _tick(self, file: Path, ticked: bool) -> None:
        self._staged[file].ticked = ticked
        self._look_again()

    def _trust(self, code: str, trusted: bool) -> None:
        if trusted:
            self._trusted.add(code)
        else:
            self._trusted.discard(code)
        for one in self._staged.values():
            if code in one.codes:
                one.ticked = True
        self._look_again()

    def _read_large(self, file: Path, wanted: bool) -> None:
        self._staged[file].large = wanted
        self._staged[file].ticked = True
        self._look_again()

    def _large(self) -> tuple[Path, ...]:
        """The files that shall be read however much they bring."""
        return tuple(s.file for s in self._staged.values() if s.large)

    def _fold(self, file: Path) -> None:
        self._staged[file].folded = not self._staged[file].folded
        self._show_rows()

    def _list_more(self, file: Path) -> None:
        self._staged[file].listed += MORE_AT_ONCE
        self._show_rows()

    def _fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        file = self.table.preview.row(index.row()).file
        away = menu.addAction(icon("dismiss"), "把这份副本拿开")
        away.triggered.connect(lambda: self._take_away(file))

    # -- what is shown --------------------------------------------------------------------------------------

    def _show(self) -> None:
        seen = [s for s in self._staged.values() if s.package is not None]
        self._inside.setCurrentWidget(self.table if seen else self.empty)
        self.clear_button.setVisible(bool(seen))
        self.tabs.setVisible(bool(seen))
        found = counts(seen)
        for number, (key, word) in enumerate(TABS):
            self.tabs.setTabText(number, f"{word} {found[key]}")
            self.tabs.setTabVisible(number, key in (ALL, self.tabs.tabData(self.tabs.currentIndex())) or found[key] > 0)
        self._show_rows()
        self._show_foot(seen, found)

    def _show_rows(self) -> None:
        plan: Plan = self._session.plan
        names = {} if not self._session.office else {u.id: u.name for u in plan.units}
        tab = str(self.tabs.tabData(self.tabs.currentIndex()))
        self.table.show_rows(
            rows_of(plan, self.staged, tab, frozenset(self._trusted), names, self._session.period or "")
        )

    def _show_foot(self, seen: Sequence[Staged], found: dict[str, int]) -> None:
        ready = len(self._ready())
        office = self._session.office
        known = [s for s in seen if s.package is not None and s.package.verdict == KNOWN]
        self.foot.line1.setText(_SAFE)
        words = waiting_words(seen, [self._title(s.package) for s in known if s.package is not None])
        self.foot.line2.setText(words)
        coming = found[CONTESTED] > 0
        cases = found[CONTESTED] or self._open_cases
        self.foot.differ.setText(f"{cases} 处不一致，两个值都留，合入后裁定" if coming else f"{cases} 处不一致待裁定")
        self.foot.differ.setVisible(cases > 0)
        self.see_button.setText(f"看 {cases} 处不一致")
        self.see_button.setVisible(cases > 0)
        undoable = not ready and not any(s.asks for s in seen) and self._last is not None
        if undoable and self._last is not None:
            self.foot.line1.setText(f"已{self._last.title}，可整次撤销")
            self.foot.line2.setText(self._after or f"{at_text(self._last.at)} 合入，之后本机还没有别的操作")
            if seen:
                self.foot.line2.setText(words)
        self.undo_button.setVisible(undoable)
        answers = ready or (len(known) if not office else 0)
        self.merge_button.setText(
            f"合入 {ready} 份" if office else "接收这份答复" if answers < 2 else f"接收 {answers} 份"
        )
        self.merge_button.setVisible(bool(seen))
        self.foot.setVisible(office or bool(seen) or undoable or cases > 0)
        self.merge_button.set_enabled_because(
            bool(answers) and not self._working, "没有可以合入的副本：请先打勾，或看每份副本后面的说明。"
        )

    def _title(self, package: Package) -> str:
        unit = self._session.plan.unit_by_id.get(package.unit)
        return package.file.name if unit is None else unit.name

    # -- what is done ---------------------------------------------------------------------------------------

    def _ready(self) -> list[Path]:
        return [
            s.file for s in self._staged.values() if s.ticked and s.package is not None and s.package.verdict == MERGED
        ]

    def _merge(self) -> None:
        files = self._ready()
        known = [s.file for s in self._staged.values() if s.package is not None and s.package.verdict == KNOWN]
        refused = [s.package for s in self._staged.values() if s.package is not None and s.package.verdict == REFUSED]
        # A copy that brings nothing still tells what the other side holds: that alone is worth a line in the log.
        files += known
        trusted, large = tuple(self._trusted), self._large()
        seals = {s.file: s.package.seal for s in self._staged.values() if s.package is not None and s.package.seal}
        ledger = self._session.ledger

        def work(progress: Progress) -> tuple[Merge, Plan, str]:
            before = latest_name(ledger)
            pace = counted(progress, "合入")
            done = merging.merge(ledger, files, trust=trusted, large=large, seen=seals, progress=pace)
            if done.done:
                exchange.note_refused(ledger, [*refused, *(p for p in done.refused if not p.site)])
            after = latest_name(ledger)
            done, _ = looked_at(done)
            return done, ledger.plan(), after if after != before else ""

        def finished(result: tuple[Merge, Plan, str]) -> None:
            merge, self._session.plan, opened = result
            self._settle(merge, opened)

        self._session.operations.run_write(
            self, self.merge_button.text(), work, finished, kinds=MERGE_KINDS, busy=Working(self, self._busy)
        )

    def _settle(self, merge: Merge, opened: str) -> None:
        taken = [p for p in merge.packages if p.verdict == MERGED]
        for package in merge.packages:
            if package.verdict != REFUSED:
                self._staged.pop(package.file, None)
            elif package.file in self._staged:
                self._staged[package.file].keep(package)
        self._staged = {f: s for f, s in self._staged.items() if s.package and s.package.verdict != KNOWN}
        names = "、".join(dict.fromkeys(self._title(p) for p in taken))
        cases = sum(p.conflicts for p in taken)
        self._after = f"{names}；{cases} 处不一致等人裁定" if cases else names
        if taken:
            words = f"已合入 {len(taken)} 份：{names}。" if self._session.office else "区里的答复已接收。"
            words += f"有 {cases} 处不一致，两个值都留着。" if cases else ""
            self.notice.say_taken(words, opened)
        elif any(p.verdict == KNOWN for p in merge.packages):
            self.notice.say("这份答复里没有新内容，已记下区里收到了哪些。", "done")
        elif merge.refused:
            self.notice.say("没有合入：" + merge.refused[0].text, "error")
        self.tabs.setCurrentIndex(0)
        self._show()
        self.merged.emit(merge)
        self.looked.emit({})
        if any(p.reason == CHANGED_SINCE for p in merge.refused):
            self._look_again()

    def _undo(self) -> None:
        if self._last is None or not self._session.messages.confirm(
            self,
            "撤销本次合入",
            f"{self._last.title}带来的内容会全部退出本台账，连同一起认可的电脑；副本文件还在，可以再合入。",
            "撤销",
        ):
            return
        ledger = self._session.ledger

        def work(_progress: Progress) -> Plan:
            step = undoing.undoable(ledger)
            if step is None or step.what != "merge":
                raise RuleBroken("not_last", "这次合入之后又有了别的操作，不能整次撤销；不对的报表请在审核里退回。")
            taking_back.undo_or_withdraw(ledger)
            return ledger.plan()

        def finished(plan: Plan) -> None:
            self._session.plan = plan
            self.notice.say("已撤销本次合入，台账回到合入之前。", "done")
            self.undone.emit()

        self._session.operations.run_write(
            self, "撤销本次合入", work, finished, kinds=(*MERGE_KINDS, "undo"), busy=self._busy
        )

    def _see(self) -> None:
        """Before merging the rows in question; afterwards the cases to be decided."""
        if any(s.told.counts.get(CONTESTED) for s in self._staged.values()):
            self.tabs.setCurrentIndex(next(i for i in range(self.tabs.count()) if self.tabs.tabData(i) == CONTESTED))
            self.table.setFocus()
        else:
            self.conflicts_wanted.emit()

    def set_working(self, working: bool) -> None:
        """While a merge is under way it cannot be started again."""
        self._working = working
        self.table.setEnabled(not working)
        seen = [s for s in self._staged.values() if s.package is not None]
        self._show_foot(seen, counts(seen))
