"""未报名单: the units whose copy has not come, whom to call, and the 催报 text of one or of all."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.exchange_desk import Desk
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.pages.exchange.board import LATE, MISSING, TileState
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import NO_VALUE, date_text, period_text
from ganzhou_desktop.ui.widgets import Button, Card

_ASK = "请尽快填报、打印盖章，并把导出的副本送区级汇总。"


def reminder(plan: Plan, desk: Desk, tiles: Sequence[TileState]) -> str:
    """The text of a call or a message: to one unit, or to all that are missing."""
    assert desk.period is not None
    what = f"{plan.document.short_title}{period_text(desk.period.name)}进展情况"
    due = date_text(desk.period.due)
    if len(tiles) == 1:
        tile = tiles[0]
        late = f"已过应报日（{due}），{tile.left}" if tile.left.startswith(LATE) else f"应报日是 {due}"
        return f"{plan.unit_by_id[tile.unit].name}：{what}{late}，区里还没有收到贵单位的报表副本。{_ASK}"
    named = (plan.unit_by_id[t.unit].name + (f"（{t.left}）" if t.left.startswith(LATE) else "") for t in tiles)
    return f"{what}应报日是 {due}，区里还没有收到以下 {len(tiles)} 家的报表副本：{'、'.join(named)}。{_ASK}"


class MissingList(Card):
    """`reminder_wanted`: the units to be reminded; `unit_chosen`: to be shown on the board."""

    closed = Signal()
    reminder_wanted = Signal(object)
    unit_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("未报名单", " ", parent=parent, flush=True)
        self.setObjectName("missing_list")
        self._people: dict[str, dict[str, str]] = {}
        self.copy_button = Button("复制全部催报", "copy")
        self.close_button = Button(icon_name="dismiss", kind="bare", tip="关闭，回到放入的副本")
        self.table = RowTable(row_height=34)
        self.rows: TableModel[TileState] = TableModel(
            (
                Column("单位", lambda t: t.name, width=230),
                Column("应报", lambda t: t.left, width=150),
                Column("填表人", lambda t: self._person(t.unit, "clerk"), width=130),
                Column("电话", lambda t: self._person(t.unit, "phone"), width=150),
                Column("负责人", lambda t: self._person(t.unit, "head"), width=130),
                Column("", lambda t: "复制催报", colour=lambda _: colours.ACCENT),
            )
        )
        self.copy_button.setObjectName("copy_reminders")
        self.table.setObjectName("missing")
        self.table.setAccessibleName("未报的单位")
        self.table.setModel(self.rows)
        self.body.addWidget(self.table)
        self.add_action(self.copy_button)
        self.add_action(self.close_button)
        self.copy_button.clicked.connect(lambda: self.reminder_wanted.emit([t.unit for t in self.rows.rows]))
        self.close_button.clicked.connect(self.closed)
        self.table.opened.connect(lambda index: self.unit_chosen.emit(self.rows.row(index.row()).unit))
        self.table.clicked.connect(self._clicked)

    def show_missing(self, tiles: Sequence[TileState], desk: Desk) -> None:
        """Show the units that are missing among these."""
        self._people = {unit: dict(people) for unit, people in desk.contacts.items()}
        found = [t for t in tiles if t.state == MISSING]
        self.set_note(f"{len(found)} 家" if found else "没有单位未报")
        self.copy_button.set_enabled_because(bool(found) and desk.period is not None, "没有单位要催。")
        self.rows.set_rows(found)

    def _person(self, unit: str, name: str) -> str:
        return self._people.get(unit, {}).get(name) or NO_VALUE

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == len(self.rows.columns) - 1:
            self.reminder_wanted.emit([self.rows.row(index.row()).unit])
