"""备份与恢复: a backup to a place of one's own; where restoring is done, and how it differs from 合并."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop import paths
from ganzhou_desktop.services import backups
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.settings_page.section import FactGrid, Section
from ganzhou_desktop.ui.session import LEDGERS, Session
from ganzhou_desktop.ui.texts import moment_text, size_text
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, PlainLabel


class BackupSection(Section):
    """备份与恢复."""

    key = "backup"
    title = "备份与恢复"
    icon = "database"
    kinds = frozenset({"merge"})

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self.make = Button("备份到…", "save", kind="main")
        self.facts = FactGrid()
        self.open_folder = Button("打开所在文件夹", "folder_open")
        self.restore = Button("关上台账，去恢复…", "history")
        self.make.setObjectName("backup_make")
        self.restore.setObjectName("backup_restore")

        backup = Card("备份")
        backup.body.addWidget(
            PlainLabel(
                "整本台账存成一个文件，建议放到 U 盘或另一块硬盘；身份钥匙不在备份里。一份备份只写一次，从不覆盖。",
                "second",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.make)
        row.addStretch(1)
        backup.body.addLayout(row)
        self.column.addWidget(backup)

        automatic = Card("自动备份", "每次合并、恢复以前，程序先在本机存一份")
        self.facts.add("已存")
        self.facts.add("最近一份")
        self.facts.add("放在")
        automatic.body.addWidget(self.facts)
        second = QHBoxLayout()
        second.addSpacing(theme.scaled(88) + theme.GAP_L)
        second.addWidget(self.open_folder)
        second.addStretch(1)
        automatic.body.addLayout(second)
        self.column.addWidget(automatic)

        restoring = Card("恢复", "和合并是两回事")
        for words in (
            "合并：把别的电脑写的内容收进来，原有的一条不少，随时可做（在“数据交换”）。",
            "恢复：整本换回备份那时的样子，备份以后写的内容不在里面。只在台账坏了、误删了时用。",
            "恢复在开始页做：先关上这本台账，选备份，输入单位或地区的名称确认；被替换的台账会先自动备份。",
        ):
            restoring.body.addWidget(PlainLabel(words, "second", wrap=True))
        third = QHBoxLayout()
        third.addWidget(self.restore)
        third.addStretch(1)
        restoring.body.addLayout(third)
        self.column.addWidget(restoring)
        self.column.addStretch(1)

        self.make.clicked.connect(self._backup)
        self.restore.clicked.connect(self._leave)
        self.open_folder.clicked.connect(lambda: session.files.show_outside(paths.backups_dir()))

    def refresh(self) -> None:
        self.session.operations.run_read(self, lambda _progress: backups.kept_backups(), self._show, busy=self.busy)

    def _show(self, kept: backups.Kept) -> None:
        latest = kept.latest
        self.facts.set("已存", f"{kept.count} 份" if kept.count else "还没有（合并过一次就有）")
        self.facts.set(
            "最近一份", f"{latest.name}（{size_text(kept.size)}，{moment_text(kept.at)}）" if latest else "—"
        )
        self.facts.set("放在", str(paths.backups_dir()))
        self.open_folder.set_enabled_because(latest is not None, "还没有自动备份")

    def _backup(self) -> None:
        ledger = self.session.ledger
        out = self.session.files.save_file(self, "备份到", backups.offered_name(ledger), LEDGERS)
        if out is None:
            return

        def work(_progress: object) -> int:
            backups.backup(ledger, out)
            return out.stat().st_size

        self.session.operations.run_write(
            self,
            "备份",
            work,
            lambda size: self.told.emit(f"已备份到“{out}”（{size_text(size)}）。", "done"),
            kinds=(),
            busy=self.busy,
        )

    def _leave(self) -> None:
        sure = self.session.messages.confirm(
            self,
            "关上台账，去恢复",
            "会关上这本台账，回到开始页；已经写的内容都已保存。在开始页点“用备份恢复…”，选好备份再确认。",
            "关上台账",
        )
        if sure:
            self.session.go("start")
