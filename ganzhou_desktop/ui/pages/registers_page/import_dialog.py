"""导入: what a workbook or pasted cells would bring, row by row, before anything is written."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from ganzhou_desktop.domain import plan as p
from ganzhou_desktop.domain.typed import value_text
from ganzhou_desktop.services.register_files import CHANGED, NEW, SAME, VERDICT_WORDS, WRONG, Draft, DraftRow
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.widgets import Button, ChipCombo, MessageLine, PlainLabel, ScrimDialog, Segmented
from ganzhou_desktop.ui.wrapped_table import WrappedTable

_COLOURS = {NEW: colours.ACCENT, CHANGED: colours.DIFFER, WRONG: colours.ERROR, SAME: colours.INK3}
ALL = "all"


class ImportDialog(ScrimDialog):
    """The draft of an import.  `accepted_draft` carries whether doubles are wanted too; `marked_wanted` asks for the
    clerk's own workbook with the wrong cells marked; with `years` (照上年) `year_wanted` asks for another year's draft.
    """

    accepted_draft = Signal(bool)
    marked_wanted = Signal()
    year_wanted = Signal(int)

    def __init__(
        self, parent: QWidget, plan: p.Plan, draft: Draft, *, from_file: bool, years: tuple[int, ...] = ()
    ) -> None:
        register = plan.register_by_id[draft.register]
        unit = plan.unit_by_id[draft.unit].name
        super().__init__(
            parent,
            f"{'照上年登记' if years else '导入'}：{register.short}",
            f"{'各项照抄，日期空着，收下以后再填' if years else draft.source} → {unit}",
            icon_name="arrow_import",
            width=940,
            height=560,
        )
        self._plan = plan
        self.draft = draft
        self._taking = False
        self._from_file = from_file
        self.filter = Segmented([(ALL, "全部"), *((v, VERDICT_WORDS[v]) for v in (NEW, CHANGED, SAME, WRONG))])
        self.year = ChipCombo("年份")
        self.year.set_options([(year, f"{year} 年") for year in years], years[0] if years else None)
        self.doubles = QCheckBox()
        self.drop = Button("去掉选中的行", tip="选中的行不收下（Del）")
        self.table = WrappedTable()
        self.model = TableModel[DraftRow](self._columns(), draft.rows, tone=lambda r: "error" if r.wrong else "")
        self.line = MessageLine()
        self.take = Button(kind="main")
        self.marked = Button("另存标出错误的表…", "document_table")

        self.table.setModel(self.model)
        self.table.setObjectName("import_table")
        self.table.setAccessibleName("要导入的各行")
        bar = QHBoxLayout()
        self.year.setVisible(bool(years))
        bar.addWidget(self.year)
        bar.addWidget(self.filter)
        bar.addStretch(1)
        bar.addWidget(self.doubles)
        self.body.addLayout(bar)
        for note in draft.notes:
            self.body.addWidget(PlainLabel(note, "note", wrap=True))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.line)
        self.take.setObjectName("import_take")
        self.marked.setObjectName("import_marked")
        self.doubles.setObjectName("import_doubles")
        self.drop.setObjectName("import_drop")
        cancel = Button("不登记" if years else "不导入")
        cancel.clicked.connect(self.reject)
        self.add_foot_left(self.marked)
        self.add_foot_left(self.drop)
        self.add_foot(cancel)
        self.add_foot(self.take)
        self.year.activated.connect(lambda _: self.year_wanted.emit(int(self.year.currentData())))
        self.drop.clicked.connect(self._drop)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self._drop)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self, self.take.click)
        self.filter.chosen.connect(self._show)
        self.doubles.toggled.connect(lambda _: self._count())
        self.take.clicked.connect(self._take)
        self.marked.clicked.connect(self.marked_wanted)
        self.show_draft(draft)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_draft(self, draft: Draft) -> None:
        """Show a draft: another year's, or what is left of this one."""
        self.draft = draft
        counts = {v: draft.count(v) for v in (NEW, CHANGED, SAME, WRONG)}
        doubles = sum(row.verdict == NEW and row.double is not None for row in draft.rows)
        self.filter.button(ALL).setText(f"全部 {len(draft.rows)}")
        for verdict, number in counts.items():
            self.filter.button(verdict).setText(f"{VERDICT_WORDS[verdict]} {number}")
            self.filter.button(verdict).setVisible(number > 0)
            if not number and self.filter.current() == verdict:
                self.filter.set_current(ALL)
        self.doubles.setText(f"疑似重复的 {doubles} 条也登记")
        self.doubles.setVisible(doubles > 0)
        self.marked.setVisible(self._from_file and counts[WRONG] > 0)
        wrong = f"有 {counts[WRONG]} 行填得不对，不会收下；其余各行可以先收。" if counts[WRONG] else ""
        self.line.set_message(wrong, "error")
        self._show(self.filter.current())
        self._count()

    def _drop(self) -> None:
        """The chosen rows are not wanted."""
        chosen = {self.model.row(index.row()).number for index in self.table.selectionModel().selectedRows()}
        if chosen:
            left = tuple(row for row in self.draft.rows if row.number not in chosen)
            self.show_draft(replace(self.draft, rows=left))

    def _columns(self) -> list[Column[DraftRow]]:
        columns = self._plan.columns_by_register[self.draft.register]

        def said(row: DraftRow) -> str:
            words = [text for _, text in row.wrong]
            if row.double is not None:
                who = self._plan.unit_by_id[row.double.unit].short
                words.append(f"和台账里{who}的一条像是同一件。")
            return "".join((*words, *row.remarks)) or self._changes(row)

        found: list[Column[DraftRow]] = [
            Column("行", lambda row: row.number, width=52),
            Column(
                "结果",
                lambda row: VERDICT_WORDS[row.verdict],
                width=84,
                bold=True,
                colour=lambda r: _COLOURS[r.verdict],
            ),
        ]
        found += [
            Column(column.title, self._cell(column), width=150 if place == 0 else 120, tip=self._cell(column))
            for place, column in enumerate(columns[:3])
        ]
        found.append(Column("说明", said, tip=said))
        return found

    def _cell(self, column: p.Column) -> Callable[[DraftRow], str]:
        def text(row: DraftRow) -> str:
            held = {} if row.entry is None else row.entry.values
            return value_text(column, row.values.get(column.name, held.get(column.name)))

        return text

    def _changes(self, row: DraftRow) -> str:
        titles = {c.name: c for c in self._plan.columns_by_register[self.draft.register]}
        if row.entry is None:
            return ""
        parts = [
            f"{titles[name].title}：{value_text(titles[name], row.entry.values.get(name)) or '（空）'}"
            f" → {value_text(titles[name], value) or '（空）'}"
            for name, value in row.changes.items()
        ]
        return "；".join(parts)

    def _show(self, key: object) -> None:
        self.model.set_rows([row for row in self.draft.rows if key in (ALL, row.verdict)])

    def _take(self) -> None:
        """A second click before the first is through would take everything in twice."""
        self._taking = True
        self._count()
        self.accepted_draft.emit(self.doubles.isChecked())

    def failed(self, text: str) -> None:
        """It was not taken in: why, and that it may be tried again."""
        self._taking = False
        self.line.set_message(text)
        self._count()

    def _count(self) -> None:
        wanted = sum(
            row.verdict == CHANGED or (row.verdict == NEW and (row.double is None or self.doubles.isChecked()))
            for row in self.draft.rows
        )
        self.take.setText(f"收下 {wanted} 条")
        why = "正在收下" if self._taking else "没有可以收下的新内容"
        self.take.set_enabled_because(wanted > 0 and not self._taking, why)
        self.take.setMinimumWidth(theme.scaled(96))
