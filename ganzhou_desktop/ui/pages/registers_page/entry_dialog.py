"""One entry in a form: every column with its help, proof files, and whether the plan's subsidies fit it."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain import plan as p
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.forms import ProofEntry
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.domain.typed import read_value, value_text
from ganzhou_desktop.services import filing_desk, register_desk, registers
from ganzhou_desktop.services.register_desk import RegisterDesk
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.services.typed_drafts import Typed, keep_typed
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.proof_box import ProofBox
from ganzhou_desktop.ui.proof_list import ProofOpener
from ganzhou_desktop.ui.session import ANY, Session
from ganzhou_desktop.ui.texts import CANCEL, CLOSE
from ganzhou_desktop.ui.typed_keeper import TypedKeeper, file_texts, files_of
from ganzhou_desktop.ui.widgets import Button, ChipCombo, MessageLine, PlainLabel, ScrimDialog, look_only, mark_error

NEW = "new"


class EntryDialog(ScrimDialog):
    """A new entry, or one to change.  `saved` carries its key after each 保存; typed text survives a crash.

    `refusal`: why it can only be looked at.
    """

    saved = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        desk: RegisterDesk,
        entry: Entry | None = None,
        unit: str = "",
        offered: Mapping[str, Json] | None = None,
        refusal: str = "",
    ) -> None:
        register = desk.view.register
        title = f"{register.short}：{'看一条' if refusal else '改一条' if entry else '登记一条'}"
        super().__init__(parent, title, register.help, icon_name="document_table", width=720, height=560)
        self._session = session
        self._desk = desk
        self._entry = entry
        self._offered = dict(offered or {})
        self._refusal = refusal
        self.fields: dict[str, QWidget] = {}
        self.messages: dict[str, MessageLine] = {}
        self._proofs: dict[str, ProofEntry] = {}
        self._files: dict[str, Json] = {}
        self._opener = ProofOpener(session)
        self.unit = ChipCombo("单位")
        self.line = MessageLine()
        self.proof = ProofBox()
        self.save = Button("保存", "save", kind="main")
        self.again = Button("保存，再登一条")
        self._keeper = TypedKeeper(self, session, self._draft, self._unsaved, self.line.set_message)
        self._lay_out(entry.unit if entry else unit)
        self._for = self._unit
        self._fill()

        self.unit.activated.connect(lambda _: self._move())
        self.save.clicked.connect(lambda: self._save(again=False))
        self.again.clicked.connect(lambda: self._save(again=True))
        self.proof.add_wanted.connect(self._add_proof)
        self.proof.dropped.connect(self._attach)
        self.proof.open_wanted.connect(lambda file: self._opener.open(self, self._unit, file))
        self.proof.remove_wanted.connect(self._remove_proof)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self).activated.connect(lambda: self._save(again=False))

    def _lay_out(self, unit: str) -> None:
        content = QWidget()
        content.setProperty("kind", "scrollBody")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, theme.GAP_M, 0)
        grid.setHorizontalSpacing(theme.GAP_M)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        names = [unit] if self._refusal else [u for u in self._desk.view.writable if u in self._desk.plan.unit_by_id]
        self.unit.set_options(
            [(u, self._desk.plan.unit_by_id[u].name) for u in names], unit or (names[0] if names else None)
        )
        self.unit.setEnabled(self._entry is None)
        row = 0
        if len(names) > 1:
            grid.addWidget(PlainLabel("登记单位", "strong"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.unit, row, 1, Qt.AlignmentFlag.AlignLeft)
            row += 1
        for column in self._desk.view.columns:
            label = PlainLabel(f"{column.title}{' *' if column.required else ''}", "strong", wrap=True)
            label.setFixedWidth(theme.scaled(132))
            field = self._make(column)
            field.setObjectName(f"entry_{column.name}")
            field.setAccessibleName(column.title)
            self.fields[column.name] = field
            self.messages[column.name] = MessageLine()
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addLayout(self._with_unit(field, column))
            if column.help:
                cell.addWidget(PlainLabel(column.help, "note", wrap=True))
            cell.addWidget(self.messages[column.name])
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(cell, row, 1)
            row += 1
        grid.addWidget(self.proof, row, 0, 1, 2)
        grid.setRowStretch(row + 1, 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.line)
        cancel = Button(CLOSE if self._refusal else CANCEL)
        cancel.clicked.connect(self.reject)
        if not self._refusal:
            self.add_foot_left(PlainLabel("* 为必填；先空着也能保存，会标“缺项”", "note"))
        self.add_foot(cancel)
        if self._entry is None:
            self.add_foot(self.again)
        self.add_foot(self.save)
        self.save.setObjectName("entry_save")
        self.again.setObjectName("entry_again")

    def _make(self, column: p.Column) -> QWidget:
        if column.form in (p.CHOICE, p.FLAG):
            combo = QComboBox()
            combo.addItems(["", *(column.choices or ("是", "否"))])
            combo.currentTextChanged.connect(lambda _: self._touched(column.name))
            return combo
        if column.form == p.LONG_TEXT:
            area = QPlainTextEdit()
            area.setFixedHeight(theme.scaled(72))
            area.setTabChangesFocus(True)
            area.textChanged.connect(lambda: self._touched(column.name))
            return area
        line = QLineEdit()
        if column.form == p.DATE:
            line.setPlaceholderText("如 2018-04-05、2018年4月5日")
        if column.form in (p.DATE, p.INTEGER, p.DECIMAL):
            line.setFixedWidth(theme.scaled(220))
        line.textEdited.connect(lambda _: self._touched(column.name))
        return line

    def _with_unit(self, field: QWidget, column: p.Column) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addWidget(field)
        if column.unit:
            row.addWidget(PlainLabel(column.unit, "second"))
        if column.form in (p.DATE, p.INTEGER, p.DECIMAL, p.CHOICE, p.FLAG):
            row.addStretch(1)
        return row

    # -- what is typed --------------------------------------------------------------------------------------

    @property
    def _unit(self) -> str:
        return self._entry.unit if self._entry is not None else str(self.unit.currentData() or self._session.unit)

    @property
    def _key(self) -> str:
        return self._entry.key if self._entry is not None else NEW

    def text(self, name: str) -> str:
        """What stands in a field."""
        field = self.fields[name]
        if isinstance(field, QComboBox):
            return field.currentText()
        return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()  # type: ignore[attr-defined]

    def set_text(self, name: str, text: str) -> None:
        """Put a text into a field."""
        field = self.fields[name]
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findText(text)))
        elif isinstance(field, QPlainTextEdit):
            field.setPlainText(text)
        elif isinstance(field, QLineEdit):
            field.setText(text)

    def _held(self, column: p.Column) -> str:
        values = self._entry.values if self._entry is not None else self._offered
        return value_text(column, values.get(column.name))

    def _fill(self) -> None:
        for column in self._desk.view.columns:
            self.set_text(column.name, self._held(column))
        if self._entry is not None:
            self._proofs = {f.sha256: ProofEntry(None, f.name, f.sha256, f.size, f.kind) for f in self._entry.proofs}
        self._show_proofs()
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        self._keeper.stop()  # lists and long texts tell of being filled, too
        if self._refusal:
            for field in self.fields.values():
                look_only(field)
            self.line.set_message(self._refusal, "info")
            self.save.set_enabled_because(False, self._refusal)
        else:
            self._keeper.put_back(self._put_back)

    def _put_back(self, kept: Typed) -> None:
        held = {c.name: self._held(c) for c in self._desk.view.columns}
        for name, text in kept.texts.items():
            if name in held and self.text(name) == held[name]:
                self.set_text(name, text)
                if kept.was.get(name, "") != held[name]:
                    self.messages[name].set_message(
                        f"填这一格以后，台账里已改成“{held[name] or '（空）'}”；保存会用这里填的，请核对。", "info"
                    )
        for digest, file in files_of(kept.texts).items():
            self._files[digest] = file
            if file is None:
                self._proofs.pop(digest, None)
            else:
                self._proofs[digest] = ProofEntry(None, file["name"], digest, file["size"], file["kind"])
        self._show_proofs()
        self.line.set_message("上次填了没有保存的内容已经放回来了。", "info")
        self._keeper.touch()

    def _touched(self, name: str) -> None:
        self.messages[name].set_message("")
        mark_error(self.fields[name], False)
        self._keeper.touch()

    def typed(self) -> dict[str, str]:
        """The fields that differ from what is held."""
        return {c.name: self.text(c.name) for c in self._desk.view.columns if self.text(c.name) != self._held(c)}

    def _draft(self) -> tuple[str, str]:
        return self._unit, register_desk.draft_name(self._desk.view.register.id, self._key)

    def _unsaved(self) -> Typed:
        texts = self.typed()
        was = {c.name: self._held(c) for c in self._desk.view.columns if c.name in texts}
        return Typed({**texts, **file_texts(self._files)}, was)

    def _move(self) -> None:
        """It is for another unit: what is typed goes there with its draft, or that unit's own draft is put back."""
        before, self._for = self._for, self._unit
        if self.typed():
            self._keeper.forget(before, self._draft()[1])
            self._keeper.keep()
        else:
            self._keeper.put_back(self._put_back)

    # -- proof ----------------------------------------------------------------------------------------------

    def _add_proof(self) -> None:
        paths = self._session.files.open_files(self, "选择佐证材料", ANY)
        if paths:
            self._attach(paths)

    def _attach(self, paths: list[Path]) -> None:
        ledger, unit = self._session.ledger, self._unit

        def done(read: tuple[tuple[ProofEntry, ...], tuple[str, ...]]) -> None:
            entries, refused = read
            for file in entries:
                if file.sha256 is not None:
                    self._proofs[file.sha256] = file
                    self._files[file.sha256] = {"name": file.name, "size": file.size, "kind": file.kind}
            self.proof.message.set_message("\n".join(refused))
            self._show_proofs()
            self._keeper.touch()

        self.unit.setEnabled(False)
        self._session.operations.run_write(
            self,
            "添加佐证",
            lambda _progress: filing_desk.attach_files(ledger, unit, tuple(paths)),
            done,
            kinds={"draft"},
        )

    def _remove_proof(self, file: ProofEntry) -> None:
        if file.sha256 is not None and self._proofs.pop(file.sha256, None) is not None:
            if self._files.pop(file.sha256, None) is None:
                self._files[file.sha256] = None
            self._show_proofs()
            self._keeper.touch()

    def _show_proofs(self) -> None:
        shown = tuple(self._proofs.values())
        self.proof.show_files(shown, {f.sha256 for f in shown if f.sha256}, locked=bool(self._refusal))
        # The bytes of a file lie with the unit it was attached for.
        self.unit.setEnabled(self._entry is None and not self._files)

    # -- saving ---------------------------------------------------------------------------------------------

    def _read(self) -> dict[str, Json] | None:
        """The values typed; None when one cannot be read (and said at its field)."""
        values: dict[str, Json] = {}
        first: QWidget | None = None
        held = self._entry.values if self._entry is not None else {}
        for column in self._desk.view.columns:
            try:
                value = read_value(column, self.text(column.name))
            except RuleBroken as exc:
                self.messages[column.name].set_message(exc.text)
                mark_error(self.fields[column.name], True)
                first = first or self.fields[column.name]
                continue
            if value != held.get(column.name):
                values[column.name] = value
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return values

    def _save(self, *, again: bool) -> None:
        values = None if self._keeper.saving or self._refusal else self._read()
        if values is None:
            return
        if not values and not self._files:
            if self._entry is None:
                self.line.set_message("一格都没有填，没有登记。", "info")
            else:
                self.accept()
            return
        entry, unit, register = self._entry, self._unit, self._desk.view.register.id
        edit = Edit(values, entry.key if entry else None, entry.heads if entry else None, dict(self._files))
        ledger, draft = self._session.ledger, self._draft()

        def work(_progress: object) -> str:
            made = registers.save_entries(ledger, register, unit, [edit])[0]
            keep_typed(ledger, *draft, Typed())
            return made

        def done(made: str) -> None:
            self.saved.emit(made)
            if not again:
                self.accept()
                return
            self._offered, self._files, self._proofs = {}, {}, {}
            for column in self._desk.view.columns:
                self.set_text(column.name, "")
            self._keeper.stop()
            self._show_proofs()
            self.line.set_message("已登记，可以接着登下一条。", "info")
            next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

        def failed(error: LedgerError) -> None:
            self.line.set_message(error.text)
            self._keeper.touch()

        self._session.operations.run_write(
            self, "保存登记", work, done, kinds={"entry"}, on_error=failed, busy=self._keeper
        )

    def reject(self) -> None:
        """Leave without saving: what was typed and not wanted is forgotten only when the clerk says so."""
        if self._keeper.may_leave():
            super().reject()
