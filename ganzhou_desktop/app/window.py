"""One window at a time: the start page, or an open ledger with its pages; what happens to them from outside."""

import importlib
import logging
import platform
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QSize, QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QWidget

from ganzhou_desktop import diagnostics, paths
from ganzhou_desktop.app.pages import entries, page_module
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError
from ganzhou_desktop.services import backups, exchange, ledgers, recovery
from ganzhou_desktop.services.clock import doubtful_clock
from ganzhou_desktop.services.ledgers import Clock, Ledger, system_clock
from ganzhou_desktop.services.merging import TOO_LARGE
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.services.standing import Standing, read_standing
from ganzhou_desktop.services.taking_over import back_up_before, taking_over
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.main_window import MainWindow
from ganzhou_desktop.ui.messages import DialogMessages, Messages, failure_of
from ganzhou_desktop.ui.operations import Operations, ThreadRunner
from ganzhou_desktop.ui.preferences import Preferences, Recent
from ganzhou_desktop.ui.session import DialogFiles, Files, Session, TakesArgument

if TYPE_CHECKING:
    from ganzhou_desktop.ui.start_window import StartWindow

_log = logging.getLogger(__name__)

PLAN = "ganzhou-2017.toml"
MakeOperations = Callable[[Messages], Operations]

_FRAME = QSize(0, 40)
"""What the system puts around a window: its title."""
_ONLY_READ, _TAKE_OVER = "只看，不转换", "备份并转换"

_IDLE = 400
"""Milliseconds after the first page before the others are prepared; and `_STEP` between them."""
_STEP = 60


class App(QObject):
    """One window at a time: the start page, or an open ledger."""

    def __init__(
        self,
        preferences: Preferences,
        *,
        messages: Messages | None = None,
        files: Files | None = None,
        make_operations: MakeOperations = ThreadRunner,
        clock: Clock = system_clock,
    ) -> None:
        super().__init__()
        self._clock = clock
        self.preferences = preferences
        self.messages = messages or DialogMessages()
        self.files = files or DialogFiles(paths.default_ledger_dir())
        self._make_operations = make_operations
        self.operations = make_operations(self.messages)
        self.window: QWidget | None = None
        self.session: Session | None = None
        self.manual: Any = None

    # -- the start page -------------------------------------------------------------------------------------

    def show_start(self) -> "StartWindow":
        """The first page: join, make or open a ledger."""
        made = importlib.import_module("ganzhou_desktop.ui.start_window")
        start: StartWindow = made.StartWindow(self.operations, self.messages, self.files, self.preferences.recent)
        start.wants_open.connect(self.open_path)
        start.wants_new.connect(lambda plan, path: self._make(start, plan, path))
        start.wants_join.connect(lambda copy, path, large: self._join(start, copy, path, large))
        start.help_wanted.connect(self.show_manual)
        self._replace(start)
        return start

    def _make(self, parent: QWidget, plan: Path | None, path: Path) -> None:
        pc, author = platform.node(), self.preferences.author

        def work(_progress: object) -> None:
            make_folder(path.parent)
            read = read_plan(plan or paths.plan_file(PLAN))
            recovery.new_office_ledger(path, read, author=author, pc=pc, clock=self._clock).close()

        self.operations.run_write(
            parent, "建立台账", work, lambda _: self._opened(path), kinds=(), busy=getattr(parent, "busy", None)
        )

    def _join(self, parent: QWidget, copy: Path, path: Path, large: bool) -> None:
        pc, author = platform.node(), self.preferences.author

        def work(_progress: object) -> None:
            make_folder(path.parent)
            exchange.join(copy, path, author=author, pc=pc, clock=self._clock, large=large).close()

        def failed(error: LedgerError) -> None:
            if error.code != TOO_LARGE:
                self.messages.failure(parent, failure_of(error, "接收下发副本"))
            elif self.messages.confirm(parent, "这份副本比平常大得多", error.text, "仍要读完"):
                self._join(parent, copy, path, True)

        busy = getattr(parent, "busy", None)
        self.operations.run_write(
            parent, "接收下发副本", work, lambda _: self._opened(path), kinds=(), on_error=failed, busy=busy
        )

    # -- an open ledger -------------------------------------------------------------------------------------

    def open_path(self, path: Path, *, unattended: bool = False) -> bool:
        """Open a ledger in the main window; says what is wrong and stays where it is when that fails.

        `unattended`: nobody is there to be asked or told, so a ledger of an older version is only read.
        """
        try:
            writer = not taking_over(path) if unattended else self._may_take_over(path)
            ledger = ledgers.open_ledger(path, writer=writer, author=self.preferences.author, clock=self._clock)
        except LedgerError as exc:
            if exc.code != "read_only":
                return self._failed(path, exc, unattended=unattended)
            try:
                ledger = ledgers.open_ledger(path, writer=False, author=self.preferences.author, clock=self._clock)
            except LedgerError as again:
                return self._failed(path, again, unattended=unattended)
        try:
            standing = read_standing(ledger)
        except LedgerError as exc:
            ledger.close()
            return self._failed(path, exc, unattended=unattended)
        self._show_ledger(ledger, standing)
        return True

    def _may_take_over(self, path: Path) -> bool:
        """Say what becomes of a ledger of an older version and ask; the answer no opens it for reading only."""
        told = taking_over(path)
        if not told:
            return True
        asked = self.window or self.show_start()
        if self.messages.choose(asked, "旧版程序建的台账", told, (_ONLY_READ, _TAKE_OVER)) != _TAKE_OVER:
            return False
        back_up_before(path)
        return True

    def _opened(self, path: Path) -> None:
        self.open_path(path)

    def _failed(self, path: Path, exc: LedgerError, *, unattended: bool) -> bool:
        if self.window is None:
            self.show_start()
        assert self.window is not None
        if unattended:
            _log.warning("not opened: %s", exc)
            return False
        self.messages.failure(self.window, failure_of(exc, f"打开 {path.name}"))
        return False

    def _show_ledger(self, ledger: Ledger, standing: Standing) -> None:
        self._close_session()
        self.operations.close()
        self.operations = self._make_operations(self.messages)
        session = Session(ledger, self.operations, self.messages, self.files, standing.plan, parent=self)
        session.period = standing.period
        self.session = session
        window = MainWindow(entries(session, self.preferences))
        window.set_demo(standing.plan.document.demo)
        window.set_ledger(standing.name)
        window.set_identity("区级汇总" if session.office else "填报单位", standing.who)
        session.went.connect(self._go)
        session.saved.connect(window.status.set_saved)
        session.period_changed.connect(lambda _: self._read_standing())
        session.operations.changed.connect(lambda _kinds, _by: self._read_standing())
        window.closing.connect(self._close_session)
        window.help_wanted.connect(self.show_manual)
        self._replace(window)
        self._stand(standing)
        window.show_page("overview" if standing.period is not None or session.unit else "settings")
        self._watch_over(session, window, standing)
        steps: list[Callable[[], object]] = [partial(page_module, key) for key in window.keys]
        steps += [partial(window.page, key) for key in window.keys]
        QTimer.singleShot(_IDLE, window, lambda: self._prepare(session, window, steps))
        self.preferences.remember(
            Recent(
                str(ledger.path),
                standing.name,
                "区级汇总" if session.office else standing.who,
                texts.period_text(standing.period) if standing.period else "",
                datetime.now().astimezone().isoformat(timespec="minutes"),
            )
        )

    def _prepare(self, session: Session, window: MainWindow, steps: Sequence[Callable[[], object]]) -> None:
        """Take the steps one after another while this ledger is open, giving way to the user in between."""
        if steps and self.session is session:
            steps[0]()
            QTimer.singleShot(_STEP, window, lambda: self._prepare(session, window, steps[1:]))

    def _watch_over(self, session: Session, window: MainWindow, standing: Standing) -> None:
        """The day's backup, on the worker; a word when the file lies where it cannot be written or may get damaged, and
        when the clock cannot be right."""
        ledger = session.ledger
        session.operations.run_read(
            window,
            lambda _progress: backups.daily_backup(ledger),
            lambda _made: None,
            title="每日备份",
            on_error=lambda error: window.status.set_saved(f"今天的自动备份没有做成：{error.text}", "warning"),
        )
        where = standing.doubtful_place
        title = "台账放的位置"
        if not ledger.writable:
            _log.info("opened for reading only")
            # Where it lies matters less than that nothing can be written there.
            title = "只能看，不能写"
            where = (
                f"“{ledger.path.name}”现在是只读打开的（放在不能写的地方，或没有转换）：可以看、查、打印，不能填报和合入。"
                "要写，请把它复制到本机硬盘再打开。"
            )

        def tell(clock: str) -> None:
            for heading, words in ((title, where), ("电脑的时钟", clock)):
                if words:
                    self.messages.info(window, heading, words)

        session.operations.run_read(
            window,
            lambda _progress: doubtful_clock(ledger),
            lambda clock: QTimer.singleShot(0, window, lambda: tell(clock)),
            title="核对时钟",
            on_error=lambda error: _log.info("clock not checked: %s", error.code),
        )

    def _go(self, key: str, argument: object) -> None:
        window = self.window
        if key == "manual":
            self.show_manual()
        elif key == "start":
            # The ledger is let go of first, so that the start page may restore over it.
            if not isinstance(window, MainWindow) or window.may_leave():
                self._close_session()
                self.operations.close()
                self.operations = self._make_operations(self.messages)
                self.show_start()
        elif isinstance(window, MainWindow):
            page = window.page(key)
            if window.show_page(key) and argument is not None and isinstance(page, TakesArgument):
                page.show_argument(argument)

    def _read_standing(self) -> None:
        if self.session is not None and isinstance(self.window, MainWindow):
            ledger, period = self.session.ledger, self.session.period
            self.session.operations.run_read(self.window, lambda _progress: read_standing(ledger, period), self._stand)

    def _stand(self, standing: Standing) -> None:
        """Show where the ledger stands in the frame: badges, facts, identity."""
        session, window = self.session, self.window
        if session is None or not isinstance(window, MainWindow):
            return
        session.plan = standing.plan
        if session.period is None and standing.period is not None:
            session.set_period(standing.period)
        offered = window.nav.keys
        for key, count in standing.badges.items():
            if key in offered:
                window.set_badge(key, count)
        window.status.set_facts(
            [
                standing.name,
                f"期次 {texts.period_text(standing.period)}" if standing.period else "还没有开期次",
                f"应报日 {texts.date_text(standing.due)}" if standing.due else "",
                "期次已关" if standing.closed else "",
                "" if session.office else "仅含本单位",
                "" if standing.can_write else "只能看，不能写",
            ]
        )

    def _close_session(self) -> None:
        if self.session is not None:
            self.session.operations.close()
            self.session.ledger.close()
            self.session.deleteLater()
            self.session = None

    def _replace(self, window: QWidget) -> None:
        old, self.window = self.window, window
        if old is not None:
            window.setGeometry(old.normalGeometry() if old.isMaximized() else old.geometry())
            if old.isVisible():
                _show(window, maximized=old.isMaximized())
            old.hide()
            old.deleteLater()

    def show_manual(self) -> None:
        """使用手册, at the chapter for what is in front; loaded when first asked for."""
        book = importlib.import_module("ganzhou_desktop.ui.manual.book")
        topic = book.topic_of("start")
        if isinstance(self.window, MainWindow):
            page = self.window.current_key
            part = getattr(self.window.page(page), "part", "") if page else ""
            topic = book.topic_of(page, part, office=self.session is not None and self.session.office)
        if self.manual is None:
            made = importlib.import_module("ganzhou_desktop.ui.manual.window")
            self.manual = made.ManualWindow(self.files, lambda: self.operations)
        self.manual.open_at(topic)

    def come_forward(self, path: Path | None) -> None:
        """The program was started once more: open its file here, and come to the front."""
        if path is not None and path.suffix.lower() == ".gzcopy" and self.session is not None:
            self.session.go("exchange", path)
        elif path is not None and (self.session is None or not paths.same_file(path, self.session.ledger.path)):
            front = self.window
            if not isinstance(front, MainWindow) or front.may_leave():
                self.open_path(path)
        if self.window is not None:
            self.window.raise_()
            self.window.activateWindow()

    def offer_crash_report(self) -> None:
        """After a start that follows a crash: say where the report lies, and that the ledger was checked."""
        report = diagnostics.unseen_report()
        if report is None or self.window is None:
            return
        diagnostics.mark_seen(report)
        if self.session is None:
            self._tell_of_crash(report, "")
            return
        ledger = self.session.ledger

        def tell(found: ledgers.Verified) -> None:
            problem = f"台账体检发现问题：{found.problems[0]}。" if found.problems else ""
            self._tell_of_crash(report, problem or "台账已体检，全部完好；草稿都在。")

        self.session.operations.run_read(
            self.window,
            lambda _progress: ledgers.verify(ledger),
            tell,
            title="体检",
            on_error=lambda error: self._tell_of_crash(report, error.text),
        )

    def _tell_of_crash(self, report: Path, checked: str) -> None:
        if self.window is None:
            return
        way = self.messages.choose(
            self.window,
            "上次程序没有正常结束",
            f"{checked}差错记录在“{report}”，里面没有填报的内容，可以交给维护人员。",
            ("打开记录", "知道了"),
        )
        if way == "打开记录":
            self.files.show_outside(report)

    def show_first(self) -> None:
        """The window where it was left; the first time, and where its screen is gone, on the whole of a screen."""
        assert self.window is not None
        place = QByteArray.fromBase64(self.preferences.window.encode("ascii", "replace"))
        restored = not place.isEmpty() and self.window.restoreGeometry(place)
        _show(self.window, maximized=not restored or self.window.isMaximized())

    def remember_place(self) -> None:
        """Keep where the window is for the next start."""
        if self.window is not None:
            self.preferences.window = bytes(self.window.saveGeometry().toBase64().data()).decode("ascii")
            self.preferences.save()

    def before_session_ends(self, manager: QSessionManager) -> None:
        """The PC is shut down or the person logs off: save what is typed, finish what is being written.

        Only a draft that cannot be saved asks, and may keep the PC from shutting down.
        """
        if isinstance(self.window, MainWindow) and not self.window.may_leave():
            manager.cancel()
        self.operations.read_now(lambda: None)  # it has its turn after all writes under way
        _log.info("the session ends, what is typed is saved")

    def close(self) -> None:
        """Leave: finish writes, close the ledger."""
        if self.manual is not None:
            self.manual.close()
            self.manual.deleteLater()
            self.manual = None
        self._close_session()
        self.operations.close()


def make_folder(folder: Path) -> None:
    """Make the folder a ledger is to lie in; EnvironmentFailed when that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise EnvironmentFailed(
            "no_permission", f"文件夹“{folder.name}”建不了，台账没有地方放；请换一个自己能写的文件夹。"
        ) from exc


def _show(window: QWidget, *, maximized: bool) -> None:
    """Show a window, no larger than the screen: at 150 % a usual screen is smaller than the smallest size it likes."""
    room = window.screen().availableSize() - _FRAME
    window.setMinimumSize(window.minimumSize().boundedTo(room))
    if maximized:
        window.showMaximized()
    else:
        window.show()
