"""往来记录: every copy that came in or went out."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.exchange import Travelled
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.change_words import at_text
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import NO_VALUE, period_text
from ganzhou_desktop.ui.widgets import Card, ChipCombo, EmptyState

VERDICT_WORDS = {
    "merged": "已合入",
    "known": "没有新内容",
    "refused": "没有合入",
    "hand_out": "已下发",
    "export": "已导出",
}
_VERDICT_ICONS = {
    "merged": "checkmark_circle",
    "known": "checkmark",
    "refused": "error_circle",
    "hand_out": "arrow_export",
    "export": "arrow_export",
}
ALL = ""
IN = "in"
OUT = "out"


def verdict_word(row: Travelled) -> str:
    """What became of a copy."""
    return "已合入，后撤销" if row.undone else VERDICT_WORDS.get(row.verdict, row.verdict)


class TravelledTable(RowTable):
    """The log as a table; `short` leaves out what one unit's card need not repeat."""

    def __init__(self, parent: QWidget | None = None, *, short: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("travelled_short" if short else "travelled")
        self.setAccessibleName("往来的副本")
        self._plan: Plan | None = None
        columns: list[Column[Travelled]] = [
            Column("时间", lambda r: r.at and at_text(r.at), width=118),
            Column("往来", lambda r: "来" if r.incoming else "去", width=52),
        ]
        if not short:
            columns += [
                Column("单位", self._unit_name, width=132),
                Column("期次", lambda r: period_text(r.period) if r.period else NO_VALUE, width=132),
            ]
        columns += [
            Column(
                "结果",
                verdict_word,
                width=124,
                icon_name=lambda r: "arrow_undo" if r.undone else _VERDICT_ICONS.get(r.verdict, ""),
                colour=lambda r: colours.ERROR if r.verdict == "refused" else None,
            ),
            Column("文件", lambda r: r.file, tip=lambda r: r.file),
        ]
        if not short:
            columns += [
                Column("说明", lambda r: r.text, tip=lambda r: r.text),
                Column("写它的电脑（核对码）", lambda r: r.code, width=186),
            ]
        self.log: TableModel[Travelled] = TableModel(columns, tone=lambda r: "quiet" if r.undone else "")
        self.setModel(self.log)
        if not short:
            self.setSortingEnabled(True)

    def show_rows(self, rows: Sequence[Travelled], plan: Plan | None = None) -> None:
        """Show these copies."""
        self._plan = plan
        self.log.set_rows(rows)

    def _unit_name(self, row: Travelled) -> str:
        unit = None if self._plan is None else self._plan.unit_by_id.get(row.unit)
        return unit.name if unit is not None else "区级汇总" if not row.unit else row.unit


class TravelledView(QWidget):
    """The whole log with a filter by direction."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Travelled, ...] = ()
        self._plan: Plan | None = None
        self.direction = ChipCombo("往来")
        self.direction.setObjectName("direction")
        self.direction.set_options([(ALL, "全部"), (IN, "来的"), (OUT, "去的")], ALL)
        self.table = TravelledTable()
        self.empty = EmptyState(
            "还没有副本来往", "每次下发、导出和合入都会记在这里：时间、文件、是哪台电脑写的。", icon_name="history"
        )
        self.card = Card("往来记录", " ", flush=True)
        self.card.add_action(self.direction)
        self.card.body.addWidget(self.table)
        self.card.body.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)

        self.direction.chosen.connect(lambda _: self._show())

    def show_log(self, rows: tuple[Travelled, ...], plan: Plan) -> None:
        """Show the log."""
        self._rows, self._plan = rows, plan
        self._show()

    def _show(self) -> None:
        wanted = self.direction.currentData()
        rows = [r for r in self._rows if wanted == ALL or r.incoming == (wanted == IN)]
        self.table.show_rows(rows, self._plan)
        self.table.setVisible(bool(self._rows))
        self.empty.setVisible(not self._rows)
        came = sum(r.incoming for r in rows)
        self.card.set_note(f"共 {len(rows)} 次：来 {came} 次，去 {len(rows) - came} 次" if self._rows else "")
