"""接收下发的副本: what the copy says of itself, the codes to compare, where this unit's ledger will lie."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ganzhou_desktop import paths
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import exchange
from ganzhou_desktop.services.exchange import Inspected
from ganzhou_desktop.ui.operations import Busy, Operations
from ganzhou_desktop.ui.session import COPIES, LEDGERS, Files
from ganzhou_desktop.ui.start_window.steps import VERY_LARGE, Facts, PlaceCard, Step, with_suffix
from ganzhou_desktop.ui.texts import joined, period_text, size_text
from ganzhou_desktop.ui.widgets import Button, Card

NOT_FOR_A_UNIT = "这不是下发给某个单位的副本，本机没法知道是哪个单位。请向区里要“下发副本”。"


def offered_place(name: str) -> tuple[Path, Path | None]:
    """A free place under the usual name, and the ledger that has that name already."""
    usual = paths.default_ledger_dir() / name
    free = exchange.free_name(usual)
    return free, usual if free != usual else None


class JoinStep(Step):
    """`joined(copy, place, large)` when the person has compared the codes and says yes; `open_wanted(ledger)`."""

    joined = Signal(object, object, bool)
    open_wanted = Signal(object)

    def __init__(
        self, operations: Operations, files: Files, busy: Callable[[], Busy], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "接收下发的副本",
            "先和区里（电话或当面）核对台账码，一致再接收；接收后本机就是这个单位的填报电脑。",
            "台账码一致，接收",
            parent,
        )
        self._operations = operations
        self._files = files
        self._busy = busy
        self._inspected: Inspected | None = None
        self.card = Card("这份副本")
        self.facts = Facts()
        self.place = PlaceCard()
        self.other = Button("换一份副本…", "folder_open")
        self.main.setObjectName("join_confirm")
        self.other.setObjectName("join_other")
        self.place.row.button.setObjectName("join_place")
        self.card.add_action(self.other)
        self.card.body.addWidget(self.facts)
        self.card.body.addLayout(self.failure_place)
        self.body.addWidget(self.card)
        self.body.addWidget(self.place)

        self.other.clicked.connect(self.choose)
        self.place.row.change_wanted.connect(self._change_place)
        self.place.open_wanted.connect(self.open_wanted)
        self.go.connect(self._join)

    def choose(self) -> bool:
        """Let the person pick a copy, of any file ending; False when cancelled."""
        path = self._files.open_file(self, "选择区里下发的副本", COPIES)
        if path is None:
            return False
        self.offer(path)
        return True

    def offer(self, path: Path, *, large: bool = False) -> None:
        """Look into a copy, however `large`, and show what it says, or its one sentence when it is no good."""
        self._inspected = None
        self.main.setEnabled(False)
        self.place.hide()
        self.show_failure("", "")
        self.card.set_note(path.name)
        self.facts.show_facts([])

        def work(_progress: object) -> tuple[Inspected, tuple[Path, Path | None]]:
            found = exchange.inspect(path, large=large)
            return found, offered_place(f"{found.unit_name or found.unit}台账.gzdb")

        def bad(error: LedgerError) -> None:
            self.show_refused("这份副本不能接收", error, lambda: self.offer(path, large=True))
            self.other.setFocus()

        self._operations.run_read(self, work, self._show, title="查看副本", on_error=bad, busy=self._busy())

    def _show(self, read: tuple[Inspected, tuple[Path, Path | None]]) -> None:
        found, (place, taken) = read
        self.facts.show_facts(
            [
                ("单位", found.unit_name or found.unit or "没有写明", "row", ""),
                ("期次", period_text(found.period) if found.period else "还没有开期次", "body", ""),
                ("方案", found.title or "—", "body", ""),
                ("台账码", found.ledger_code, "big", "与区里核对"),
                ("写这份副本的电脑", found.code, "strong", "区里那台电脑的核对码"),
                (
                    "内容",
                    joined([f"{found.operations} 步改动", size_text(found.size)]),
                    "body",
                    VERY_LARGE if found.large else "",
                ),
            ]
        )
        if not found.unit:
            self.show_failure("这份副本不能接收", NOT_FOR_A_UNIT)
            return
        self._inspected = found
        self.place.show()
        self.place.set_place(place, taken)
        self.main.setEnabled(True)
        self.main.setFocus()

    def _change_place(self) -> None:
        now = self.place.path()
        path = self._files.save_file(self, "台账放在哪里", "台账.gzdb" if now is None else now.name, LEDGERS)
        if path is not None:
            self.place.set_place(with_suffix(path))

    def _join(self) -> None:
        place = self.place.path()
        if self._inspected is not None and place is not None:
            self.joined.emit(self._inspected.file, place, self._inspected.large)
