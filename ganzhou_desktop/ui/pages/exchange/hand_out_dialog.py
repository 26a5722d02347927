"""下发副本: which units, into which folder; then each copy with 已核对，可以拔出 or why not."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ganzhou_desktop.services import exchange
from ganzhou_desktop.services.exchange import Handed, HandedUnit
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.operations import Progress
from ganzhou_desktop.ui.session import COPIES, Session
from ganzhou_desktop.ui.texts import CANCEL, CLOSE, joined, plain_tip, size_text, visible
from ganzhou_desktop.ui.widgets import BusyBar, Button, ElidedLabel, PlainLabel, ScrimDialog

SAFE_TO_REMOVE = "已核对，可以拔出"


class HandOutDialog(ScrimDialog):
    """Writes one copy a unit.  `marks`: unit → a word beside its name (已退回, 未报 …)."""

    def __init__(
        self,
        session: Session,
        parent: QWidget,
        marks: dict[str, str] | None = None,
        ticked: Iterable[str] | None = None,
    ) -> None:
        super().__init__(parent, "下发副本", icon_name="arrow_export", width=740, height=560)
        self._session = session
        self._folder: Path | None = None
        self._done = False
        self._writing = False
        units = session.plan.responsible_units
        wanted = {u.id for u in units} if ticked is None else set(ticked)
        self.units = QListWidget()
        self.all_box = QCheckBox("全选")
        self.folder = ElidedLabel("还没有选放到哪里", "second")
        self.choose_button = Button("选文件夹…", "folder_open")
        self.proof_box = QCheckBox("附全部佐证（换新电脑时选，文件会大得多）")
        self.seat_button = Button(
            "给另一台汇总电脑…", kind="text", tip="把本机的全部内容写成一份副本，交给区级汇总的另一台电脑合入"
        )
        self.cancel_button = Button(CANCEL)
        self.write_button = Button("下发", kind="main")
        self.outcome = PlainLabel(role="strong")
        self.busy = BusyBar(self.panel)

        for widget, name in (
            (self.units, "hand_out_units"),
            (self.all_box, "hand_out_all"),
            (self.choose_button, "hand_out_folder"),
            (self.proof_box, "hand_out_proof"),
            (self.write_button, "hand_out_write"),
            (self.seat_button, "export_to_seat"),
        ):
            widget.setObjectName(name)
        self._fill(wanted, marks or {})
        self._lay_out()
        self.units.itemChanged.connect(lambda _: self._count())
        self.all_box.clicked.connect(self._tick_all)
        self.choose_button.clicked.connect(self._choose)
        self.cancel_button.clicked.connect(self.reject)
        self.write_button.clicked.connect(self._write)
        self.seat_button.clicked.connect(self._to_seat)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.write_button.click)
        self._count()

    def _fill(self, wanted: set[str], marks: dict[str, str]) -> None:
        self.units.setAccessibleName("要下发的单位")
        self.units.setUniformItemSizes(True)
        self.units.setStyleSheet(
            f"QListWidget {{ border: 1px solid {colours.LINE2}; border-radius: 4px; padding: 4px; }}"
        )
        for unit in self._session.plan.responsible_units:
            mark = marks.get(unit.id, "")
            item = QListWidgetItem(visible(f"{unit.name}　{mark}".rstrip("　")))
            item.setData(Qt.ItemDataRole.UserRole, unit.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if unit.id in wanted else Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, theme.scaled(theme.PREVIEW_ROW)))
            self.units.addItem(item)

    def _lay_out(self) -> None:
        told = (
            "一份下发副本里有全区公共内容和这个单位的全部历史：单位第一次用它建台账，以后用它收区里的答复，"
            "电脑坏了也用它找回全部内容。可以随时重做。"
        )
        self.intro = PlainLabel(told, "second", wrap=True)
        self.body.addWidget(self.intro)
        head = QHBoxLayout()
        head.addWidget(self.all_box)
        head.addWidget(self.outcome, 1)
        self.outcome.hide()
        self.body.addLayout(head)
        self.body.addWidget(self.units, 1)
        place = QHBoxLayout()
        place.setSpacing(10)
        place.addWidget(PlainLabel("放到", "strong"))
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose_button)
        below = QVBoxLayout()
        below.setSpacing(4)
        below.addLayout(place)
        below.addWidget(self.proof_box)
        self.body.addLayout(below)
        self.add_foot_left(self.seat_button)
        self.add_foot(self.cancel_button)
        self.add_foot(self.write_button)

    # -- choosing -------------------------------------------------------------------------------------------

    def _items(self) -> list[QListWidgetItem]:
        return [self.units.item(i) for i in range(self.units.count())]

    def chosen(self) -> list[str]:
        """Ids of the units ticked, in 建制序."""
        return [str(i.data(Qt.ItemDataRole.UserRole)) for i in self._items() if i.checkState() == Qt.CheckState.Checked]

    def tick(self, unit: str, ticked: bool = True) -> None:
        """Tick a unit or not."""
        for item in self._items():
            if item.data(Qt.ItemDataRole.UserRole) == unit:
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _tick_all(self, ticked: bool) -> None:
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _count(self) -> None:
        if self._done:
            return
        count = len(self.chosen())
        self.all_box.setChecked(count == self.units.count())
        self.all_box.setText(f"全选（已选 {count} 家，共 {self.units.count()} 家）")
        self.write_button.setText(f"下发 {count} 份")
        reason = "先勾选单位。" if not count else "先选放到哪个文件夹，比如 U 盘。"
        self.write_button.set_enabled_because(bool(count) and self._folder is not None, reason)

    def _choose(self) -> None:
        folder = self._session.files.choose_folder(self, "副本放到哪个文件夹")
        if folder is not None:
            self._folder = folder
            self.folder.setText(str(folder))
            self.folder.set_role("body")
            self._count()

    # -- writing --------------------------------------------------------------------------------------------

    def _write(self) -> None:
        folder, units, ledger = self._folder, self.chosen(), self._session.ledger
        if self._done or folder is None or not units:
            return
        all_proof = self.proof_box.isChecked()
        names = {u.id: u.name for u in self._session.plan.units}

        def work(progress: Progress) -> tuple[HandedUnit, ...]:
            def step(number: int, total: int) -> bool:
                return progress(number / total, f"正在写第 {number + 1} 份，共 {total} 份：{names[units[number]]}")

            return exchange.hand_out_several(ledger, units, folder, all_proof=all_proof, progress=step)

        self._writing = True
        self.write_button.setEnabled(False)
        self._session.operations.run_write(
            self, "下发副本", work, self._show, kinds=("export",), on_error=lambda e: self._fail(e.text), busy=self.busy
        )

    def _to_seat(self) -> None:
        """Everything held here, for the other PC of the office."""
        session = self._session
        ledger, all_proof = session.ledger, self.proof_box.isChecked()

        def named(name: str) -> None:
            out = session.files.save_file(self, "给另一台汇总电脑的副本", name, COPIES)
            if out is None:
                return
            self._writing = True
            session.operations.run_write(
                self,
                "导出全部副本",
                lambda progress: exchange.export(
                    ledger, out, all_proof=all_proof, progress=lambda done, _: progress(None, f"已写 {done} 步")
                ),
                self._show_seat,
                kinds=("export",),
                on_error=lambda e: self._fail(e.text),
                busy=self.busy,
            )

        session.operations.run_read(self, lambda _progress: exchange.copy_name(ledger, ""), named)

    def _show_seat(self, handed: Handed) -> None:
        self._writing = False
        self.outcome.setText(joined((SAFE_TO_REMOVE, handed.file.name, size_text(handed.size))))
        self.outcome.show()

    def reject(self) -> None:
        """Closing waits until the copy being written is whole; the busy bar can stop the rest."""
        if not self._writing:
            super().reject()

    def _fail(self, text: str) -> None:
        self._writing = False
        self._count()
        self.outcome.setText(text)
        self.outcome.show()

    def _show(self, found: Sequence[HandedUnit]) -> None:
        """The result instead of the choice."""
        self._done, self._writing = True, False
        names = {u.id: u.name for u in self._session.plan.units}
        good = [one for one in found if one.handed is not None]
        words = f"{len(good)} 份都{SAFE_TO_REMOVE}" if len(good) == len(found) else f"{len(good)} 份{SAFE_TO_REMOVE}"
        if len(good) < len(found):
            words += f"，{len(found) - len(good)} 份没有写成"
        self.outcome.setText(words)
        self.outcome.show()
        for widget in (self.all_box, self.proof_box, self.choose_button, self.intro, self.seat_button):
            widget.hide()
        self.units.clear()
        self.units.setObjectName("hand_out_results")
        self.units.setAccessibleName("下发的结果")
        for one in found:
            if one.handed is not None:
                told = joined((SAFE_TO_REMOVE, one.handed.file.name, size_text(one.handed.size)))
                item = QListWidgetItem(icon("checkmark_circle", colours.ACCENT), visible(f"{names[one.unit]}　{told}"))
            else:
                item = QListWidgetItem(
                    icon("error_circle", colours.ERROR, True), visible(f"{names[one.unit]}　{one.reason}")
                )
                item.setForeground(QColor(colours.ERROR))
            item.setToolTip(plain_tip(item.text()))
            item.setSizeHint(QSize(0, theme.scaled(theme.PREVIEW_ROW)))
            self.units.addItem(item)
        self.cancel_button.hide()
        self.write_button.setText(CLOSE)
        self.write_button.setToolTip("")
        self.write_button.setEnabled(True)
        self.write_button.clicked.disconnect()
        self.write_button.clicked.connect(self.accept)
        self.write_button.setFocus()
