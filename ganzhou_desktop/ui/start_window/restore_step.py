"""用备份恢复: what the backup holds, where it goes, and the name typed when it replaces a ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import backups, ledgers
from ganzhou_desktop.services.standing import read_standing
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.operations import Busy, Operations
from ganzhou_desktop.ui.preferences import Recent
from ganzhou_desktop.ui.session import LEDGERS, Files
from ganzhou_desktop.ui.start_window.join_step import offered_place
from ganzhou_desktop.ui.start_window.steps import Facts, PlaceCard, Step, with_suffix
from ganzhou_desktop.ui.texts import joined, period_text, size_text
from ganzhou_desktop.ui.widgets import Button, Card, PlainLabel


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself, and the place offered for it (`replaces`: a ledger lies there)."""

    file: Path
    name: str
    who: str
    code: str
    period: str
    operations: int
    size: int
    place: Path
    replaces: bool


def look_into(file: Path, recent: Sequence[Recent]) -> Backup:
    """Read a backup without writing to it; offers the place of the ledger opened lately under the same name."""
    opened = ledgers.open_ledger(file, writer=False)
    try:
        standing = read_standing(opened)
        operations, _ = opened.journal.counts()
        code = ledgers.code_of_ledger(opened)
    finally:
        opened.close()
    held = next((Path(r.path) for r in recent if r.name == standing.name and Path(r.path).is_file()), None)
    place = held if held is not None and held != file else offered_place(f"{standing.name}.gzdb")[0]
    return Backup(
        file,
        standing.name,
        standing.who,
        code,
        standing.period or "",
        operations,
        file.stat().st_size,
        place,
        place.exists(),
    )


class RestoreStep(Step):
    """Restores and then asks to open the ledger: `restored(place)`."""

    restored = Signal(object)

    def __init__(
        self,
        operations: Operations,
        files: Files,
        busy: Callable[[], Busy],
        recent: Sequence[Recent],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "用备份恢复台账",
            "恢复是整本换回备份那时的样子，以后写的都不在里面；要收别的电脑写的内容，请用“数据交换”合并。",
            "恢复",
            parent,
        )
        self._operations = operations
        self._files = files
        self._busy = busy
        self._recent = recent
        self._backup: Backup | None = None
        self.card = Card("这份备份")
        self.facts = Facts()
        self.other = Button("换一份备份…", "folder_open")
        self.place = PlaceCard("恢复到哪里")
        self.replacing = QWidget()
        self.warning = PlainLabel(wrap=True)
        self.typed = QLineEdit()
        self._lay_out()

        self.other.clicked.connect(self.choose)
        self.place.row.change_wanted.connect(self._change_place)
        self.typed.textChanged.connect(lambda _: self._update())
        self.go.connect(self._restore)

    def _lay_out(self) -> None:
        self.main.setObjectName("restore_confirm")
        self.typed.setObjectName("restore_name")
        self.typed.setAccessibleName("输入名称以确认替换")
        self.typed.setPlaceholderText("输入名称以确认替换")
        self.card.add_action(self.other)
        self.card.body.addWidget(self.facts)
        self.card.body.addLayout(self.failure_place)
        column = QVBoxLayout(self.replacing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        column.addWidget(self.warning)
        row = QHBoxLayout()
        self.typed.setFixedWidth(theme.scaled(280))
        row.addWidget(self.typed)
        row.addStretch(1)
        column.addLayout(row)
        self.place.body.addWidget(self.replacing)
        self.body.addWidget(self.card)
        self.body.addWidget(self.place)

    def choose(self) -> bool:
        """Let the person pick a backup; False when cancelled."""
        path = self._files.open_file(self, "选择备份", LEDGERS)
        if path is None:
            return False
        self.offer(path)
        return True

    def offer(self, path: Path) -> None:
        """Look into a backup and show what it holds."""
        self._backup = None
        self.main.setEnabled(False)
        self.place.hide()
        self.typed.clear()
        self.show_failure("", "")
        self.card.set_note(path.name)
        self.facts.show_facts([])
        recent = self._recent
        self._operations.run_read(
            self,
            lambda _progress: look_into(path, recent),
            self._show,
            title="查看备份",
            on_error=lambda error: self.show_failure("这份备份不能用", error.text),
            busy=self._busy(),
        )

    def _show(self, backup: Backup) -> None:
        self._backup = backup
        self.facts.show_facts(
            [
                ("台账", backup.name, "row", ""),
                ("台账码", backup.code, "strong", "要和被替换的那本一致"),
                ("期次", period_text(backup.period) if backup.period else "还没有开期次", "body", ""),
                ("内容", joined([f"{backup.operations} 步改动", size_text(backup.size)]), "body", ""),
            ]
        )
        self.place.show()
        self._set_place(backup.place, backup.replaces)

    def _set_place(self, place: Path, replaces: bool) -> None:
        backup = self._backup
        assert backup is not None
        self.place.set_place(place)
        self.replacing.setVisible(replaces)
        self.warning.setText(
            f"那里已有台账“{place.name}”，会被这份备份替换；替换前先自动备份它。确实要替换，请在下面输入：{backup.who}"
        )
        self.typed.clear()
        self._update()
        (self.typed if replaces else self.main).setFocus()

    def _update(self) -> None:
        backup = self._backup
        sure = backup is not None and (self.replacing.isHidden() or self.typed.text().strip() == backup.who)
        self.main.setEnabled(sure)

    def _change_place(self) -> None:
        now = self.place.path()
        path = self._files.save_file(self, "恢复到哪里", "台账.gzdb" if now is None else now.name, LEDGERS)
        if path is not None:
            place = with_suffix(path)
            self._set_place(place, place.exists())

    def _restore(self) -> None:
        backup, place = self._backup, self.place.path()
        if backup is None or place is None or not self.main.isEnabled():
            return
        replace = not self.replacing.isHidden()

        def work(_progress: object) -> Path:
            place.parent.mkdir(parents=True, exist_ok=True)
            backups.restore(backup.file, place, replace=replace)
            return place

        self._operations.run_write(
            self,
            "用备份恢复",
            work,
            self.restored.emit,
            kinds=(),
            on_error=self._failed,
            busy=self._busy(),
        )

    def _failed(self, error: LedgerError) -> None:
        self.show_failure("没有恢复，原来的台账没有变化", error.text)
