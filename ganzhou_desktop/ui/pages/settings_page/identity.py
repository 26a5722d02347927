"""本机身份: which ledger, which codes to compare, where the file lies, who writes."""

import platform
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ganzhou_desktop.services import ledgers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.settings_page.section import FactGrid, Section
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import size_text
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, MessageLine, PlainLabel


@dataclass(frozen=True, slots=True)
class Identity:
    """What this PC is for this ledger."""

    name: str
    who: str
    ledger_code: str
    code: str
    refusal: str
    path: Path
    size: int


def read_identity(ledger: Ledger) -> Identity:
    """Read it, on the worker."""
    plan = ledger.plan()
    return Identity(
        papers.ledger_name(ledger),
        plan.document.region if ledger.office else plan.unit_by_id[ledger.unit].name,
        ledgers.code_of_ledger(ledger),
        ledger.code(),
        why_cannot_write(ledger),
        ledger.path,
        ledger.path.stat().st_size,
    )


class IdentitySection(Section):
    """本机身份."""

    key = "identity"
    title = "本机身份"
    icon = "key"
    kinds = frozenset({"site", "plan"})

    def __init__(
        self, session: Session, busy: BusyBar, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, busy, parent)
        self._preferences = preferences
        self.facts = FactGrid()
        self.line = MessageLine(tone="info")
        self.open_folder = Button("打开所在文件夹", "folder_open")
        self.author = QLineEdit()
        self.save = Button("保存署名")
        self._lay_out()

        self.open_folder.clicked.connect(lambda: session.files.show_outside(session.ledger.path.parent))
        self.author.textChanged.connect(lambda _: self._update())
        self.author.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)

    def _lay_out(self) -> None:
        card = Card("这本台账和这台电脑")
        facts = self.facts
        facts.add("台账", "row")
        facts.add("身份", "strong")
        facts.add("台账码", "row", "同一本台账，各处的台账码都一样", [facts.copy_button("台账码")])
        compared = "单位接收下发副本时核对" if self.session.office else "区里认可这台电脑时核对，也印在报表页脚"
        facts.add("本机核对码", "row", compared, [facts.copy_button("本机核对码")])
        facts.add("电脑名")
        facts.add("文件位置")
        facts.add("文件大小")
        card.body.addWidget(facts)
        row = QHBoxLayout()
        row.addSpacing(theme.scaled(88) + theme.GAP_L)
        row.addWidget(self.open_folder)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(self.line)
        self.column.addWidget(card)

        signing = Card("署名", "写进本机以后的每一步改动，历史里看得到是谁做的")
        self.author.setObjectName("author")
        self.author.setMaxLength(40)
        self.author.setAccessibleName("署名")
        self.author.setPlaceholderText("填表人的姓名")
        self.author.setFixedWidth(theme.scaled(220))
        self.save.setObjectName("author_save")
        self.open_folder.setObjectName("open_folder")
        line = QHBoxLayout()
        line.setSpacing(theme.GAP_M)
        line.addWidget(PlainLabel("姓名", "strong"))
        line.addWidget(self.author)
        line.addWidget(self.save)
        line.addStretch(1)
        signing.body.addLayout(line)
        signing.body.addWidget(
            PlainLabel("换人用这台电脑时改一下。署名只记在本机这个用户名下，不改以前的历史。", "note")
        )
        self.column.addWidget(signing)
        self.column.addStretch(1)
        self.author.setText(self._preferences.author)
        self._update()

    def refresh(self) -> None:
        ledger = self.session.ledger
        self.session.operations.run_read(self, lambda _progress: read_identity(ledger), self._show, busy=self.busy)

    def _show(self, found: Identity) -> None:
        self.facts.set("台账", found.name)
        self.facts.set("身份", f"{found.who} · {'区级汇总' if self.session.office else '责任单位填报'}")
        self.facts.set("台账码", found.ledger_code)
        self.facts.set("本机核对码", found.code if not found.refusal else "本机还没有身份")
        self.facts.set("电脑名", platform.node() or "—")
        self.facts.set("文件位置", str(found.path))
        self.facts.set("文件大小", size_text(found.size))
        self.line.set_message(found.refusal, "info")

    def _update(self) -> None:
        same = self.author.text().strip() == self._preferences.author
        self.save.set_enabled_because(not same, "和现在的署名一样")

    def _save(self) -> None:
        name = self.author.text().strip()
        if name == self._preferences.author:
            return
        self._preferences.author = name
        self._preferences.save()
        self.session.ledger.author = name
        self.author.setText(name)
        self._update()
        self.told.emit(f"以后的改动署名“{name}”。" if name else "以后的改动不署名。", "done")

    def can_leave(self) -> bool:
        """A name typed but not saved is saved."""
        self._save()
        return True
