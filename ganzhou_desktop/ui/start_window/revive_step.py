"""没有备份：the office's ledger again from any unit's copy and the 恢复单."""

import platform
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import exchange
from ganzhou_desktop.services.exchange import Inspected
from ganzhou_desktop.services.merging import TOO_LARGE
from ganzhou_desktop.ui.operations import Busy, Operations
from ganzhou_desktop.ui.recovery_code import CodeForm
from ganzhou_desktop.ui.session import COPIES, LEDGERS, Files
from ganzhou_desktop.ui.start_window.join_step import offered_place
from ganzhou_desktop.ui.start_window.steps import VERY_LARGE, Facts, PlaceCard, Step, with_suffix
from ganzhou_desktop.ui.texts import joined, period_text, size_text
from ganzhou_desktop.ui.widgets import Button, Card, MessageLine


class ReviveStep(Step):
    """`revived(place)`: the ledger lies there, this PC is its seat."""

    revived = Signal(object)
    open_wanted = Signal(object)

    def __init__(
        self, operations: Operations, files: Files, busy: Callable[[], Busy], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "用恢复单从副本找回区级台账",
            "区里的电脑坏了、又没有备份时用：任一单位的副本里都有全区公共内容。找回以后把各单位的副本都合进来，"
            "区里办过的事就都回来了；旧电脑再到“设置 → 恢复单”里停用。有备份的，请用备份恢复。",
            "找回",
            parent,
        )
        self._operations = operations
        self._files = files
        self._busy = busy
        self._inspected: Inspected | None = None
        self.card = Card("这份副本")
        self.facts = Facts()
        self.typed = Card("恢复单上的字", "不分大小写；满一组自动到下一组，也可以整段粘贴")
        self.form = CodeForm()
        self.line = MessageLine()
        self.place = PlaceCard()
        self.other = Button("换一份副本…", "folder_open")
        self.main.setObjectName("revive_confirm")
        self.card.add_action(self.other)
        self.card.body.addWidget(self.facts)
        self.card.body.addLayout(self.failure_place)
        self.typed.body.addWidget(self.form)
        self.typed.body.addWidget(self.line)
        for card in (self.card, self.typed, self.place):
            self.body.addWidget(card)

        self.other.clicked.connect(self.choose)
        self.place.row.change_wanted.connect(self._change_place)
        self.place.open_wanted.connect(self.open_wanted)
        self.form.changed.connect(lambda: self.line.set_message(""))
        self.back.connect(self.form.clear)
        self.go.connect(self._revive)

    def choose(self) -> bool:
        """Let the person pick a unit's copy; False when cancelled."""
        path = self._files.open_file(self, "选一份单位的副本", COPIES)
        if path is None:
            return False
        self._look(path)
        return True

    def _look(self, path: Path, *, large: bool = False) -> None:
        self._inspected = None
        self.main.setEnabled(False)
        self.typed.hide()
        self.place.hide()
        self.show_failure("", "")
        self.card.set_note(path.name)
        self.facts.show_facts([])

        def work(_progress: object) -> tuple[Inspected, tuple[Path, Path | None]]:
            return exchange.inspect(path, large=large), offered_place("区级汇总台账.gzdb")

        def bad(error: LedgerError) -> None:
            self.show_refused("这份副本不能用", error, lambda: self._look(path, large=True))
            self.other.setFocus()

        self._operations.run_read(self, work, self._show, title="查看副本", on_error=bad, busy=self._busy())

    def _show(self, read: tuple[Inspected, tuple[Path, Path | None]]) -> None:
        found, (place, taken) = read
        self._inspected = found
        self.facts.show_facts(
            [
                ("台账码", found.ledger_code, "strong", "要和恢复单上的一致"),
                (
                    "内容",
                    joined(
                        [
                            found.unit_name or "全部单位",
                            period_text(found.period) if found.period else "",
                            f"{found.operations} 步改动",
                            size_text(found.size),
                        ]
                    ),
                    "body",
                    VERY_LARGE if found.large else "",
                ),
            ]
        )
        self.typed.show()
        self.place.show()
        self.place.set_place(place, taken)
        self.main.setEnabled(True)
        self.form.boxes[0].setFocus()

    def _change_place(self) -> None:
        now = self.place.path()
        path = self._files.save_file(self, "台账放在哪里", "台账.gzdb" if now is None else now.name, LEDGERS)
        if path is not None:
            self.place.set_place(with_suffix(path))

    def _revive(self) -> None:
        found, place = self._inspected, self.place.path()
        if found is None or place is None or not self.main.isEnabled():
            return
        wrong = self.form.check()
        if wrong:
            self.line.set_message(wrong)
            return
        file, code, pc, large = found.file, self.form.code(), platform.node(), found.large
        self.main.setEnabled(False)

        def work(_progress: object) -> Path:
            place.parent.mkdir(parents=True, exist_ok=True)
            with closing(exchange.revive_office(file, place, code, pc=pc, large=large)):
                return place

        def done(made: Path) -> None:
            self.form.clear()
            self.revived.emit(made)

        self._operations.run_write(
            self, "从副本找回区级台账", work, done, kinds=(), on_error=self._failed, busy=self._busy()
        )

    def _failed(self, error: LedgerError) -> None:
        self.main.setEnabled(True)
        if error.code == TOO_LARGE and self._inspected is not None:
            self._inspected = replace(self._inspected, large=True)
            self.line.set_message(f"{error.text}仍要读完，再点一次“找回”。")
            return
        self.line.set_message(f"没有找回：{error.text}")
