"""体检: everything the file holds is checked; what was found, and codes to compare with another PC's."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services import ledgers
from ganzhou_desktop.services.ledgers import Verified
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.operations import Busy, Progress
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import Button, Card, EmptyState, MessageLine, PlainLabel


@dataclass(frozen=True, slots=True)
class ScopeCode:
    """A part of the ledger and the code of all it holds."""

    name: str
    code: str


def grouped(digest: str) -> str:
    """The first 16 digits of a digest in groups of four, to be read out over the telephone."""
    return " ".join(digest[i : i + 4] for i in range(0, 16, 4)).upper()


def scope_codes(plan: Plan, found: Verified) -> list[ScopeCode]:
    """全区公共内容 first, then the units in 建制序."""
    order = {u.id: u.order for u in plan.units}
    scopes = sorted(found.scopes, key=lambda s: (s != kinds.ALL, order.get(s, 0)))
    names = {u.id: u.name for u in plan.units}
    return [ScopeCode("全区公共内容" if s == kinds.ALL else names.get(s, s), grouped(found.scopes[s])) for s in scopes]


class CheckupView(QWidget):
    """Nothing is checked before the button is pressed; a check reads the whole file."""

    rebuilt = Signal()

    def __init__(self, session: Session, busy: Busy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._busy = busy
        self.empty = EmptyState(
            "还没有体检",
            "体检把台账从头核对一遍：文件结构、每步操作的签名、佐证文件、当前状态。只看不改，可以随时做。",
            "开始体检",
            "shield_checkmark",
        )
        self.empty.button.setObjectName("check")
        self.card = Card("体检结果", " ")
        self.again_button = Button("再做一次", "arrow_sync")
        self.rebuild_button = Button("重建当前状态")
        self.rebuild_button.setObjectName("rebuild")
        self._sign = QLabel()
        self.sentence = PlainLabel(role="card")
        self.means = PlainLabel(role="second", wrap=True)
        self._problems = QVBoxLayout()
        self.table = RowTable()
        self.codes: TableModel[ScopeCode] = TableModel(
            (Column("范围", lambda r: r.name), Column("内容校验值", lambda r: r.code, width=220))
        )

        self.table.setObjectName("scope_codes")
        self.table.setAccessibleName("各范围的内容校验值")
        self.table.setModel(self.codes)
        self._lay_out()
        self.card.hide()
        self.empty.started.connect(self.check)
        self.again_button.clicked.connect(self.check)
        self.rebuild_button.clicked.connect(self._rebuild)

    def _lay_out(self) -> None:
        self.card.add_action(self.again_button)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._sign)
        head.addWidget(self.sentence, 1)
        head.addWidget(self.rebuild_button)
        self.card.body.addLayout(head)
        self.card.body.addWidget(self.means)
        self._problems.setSpacing(6)
        self.card.body.addLayout(self._problems)
        self.card.body.addSpacing(theme.GAP_S)
        self.card.body.addWidget(PlainLabel("各部分的内容校验值", "noteStrong"))
        note = "两台电脑上同一部分的校验值一样，就是内容一样；不一样，就是一方还有另一方没有合入的内容。可以在电话里念着核对。"
        self.card.body.addWidget(PlainLabel(note, "note", wrap=True))
        self.card.body.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty)
        column.addWidget(self.card, 1)

    def check(self) -> None:
        """Check everything on the worker."""
        ledger = self._session.ledger

        def work(progress: Progress) -> tuple[Verified, str]:
            def tell(done: int, total: int) -> bool:
                return progress(done / max(total, 1), f"正在体检，已查 {done} 步，共 {total} 步")

            return ledgers.verify(ledger, tell), ledgers.code_of_ledger(ledger)

        self._session.operations.run_read(
            self, work, lambda result: self._show(*result), title="正在体检", busy=self._busy
        )

    def _show(self, found: Verified, code: str) -> None:
        self.empty.hide()
        self.card.show()
        name, colour = ("checkmark_circle", colours.ACCENT) if found.ok else ("warning", colours.ERROR)
        self._sign.setPixmap(pixmap(name, 20, colour, False, self.devicePixelRatioF()))
        self.card.set_note(f"台账码 {code}")
        counted = f"共 {found.operations} 步操作、{found.revisions} 处改动，总校验值 {grouped(found.heads)}。"
        repairable = ledgers.only_projection_differs(found)
        if found.ok:
            self.sentence.setText("台账完好，没有发现问题")
            self.means.setText(counted)
        elif repairable:
            self.sentence.setText("操作记录完好，当前状态要重算")
            self.means.setText(f"{counted}数据一条不少，重建以后就好。")
        else:
            self.sentence.setText(f"发现 {len(found.problems)} 个问题")
            self.means.setText(
                f"{counted}请不要再写这本台账，用“设置”里最近一份完好的备份恢复；单位交来的副本还可以再合入。"
            )
        self.rebuild_button.setVisible(repairable)
        while (item := self._problems.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().deleteLater()
        for problem in found.problems:
            self._problems.addWidget(MessageLine(problem))
        self.codes.set_rows(scope_codes(self._session.plan, found))

    def _rebuild(self) -> None:
        ledger = self._session.ledger

        def done(_: None) -> None:
            self.check()
            self.rebuilt.emit()

        self._session.operations.run_write(
            self,
            "重建当前状态",
            lambda _progress: ledgers.rebuild(ledger),
            done,
            kinds=("plan", "period", "filing", "review", "figure", "profile", "site", "conflict"),
            busy=self._busy,
        )
