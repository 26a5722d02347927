"""按实施方案建新台账: which plan, what it holds or every mistake in it, where the office's ledger will lie."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QRadioButton, QWidget

from ganzhou_desktop import paths
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.plan_check import PlanErrors
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.operations import Busy, Operations
from ganzhou_desktop.ui.session import LEDGERS, PLANS, Files
from ganzhou_desktop.ui.start_window.join_step import offered_place
from ganzhou_desktop.ui.start_window.steps import Facts, PlaceCard, Step, with_suffix
from ganzhou_desktop.ui.texts import date_text, joined, visible
from ganzhou_desktop.ui.widgets import Button, Card, PlainLabel

BUILT_IN = "ganzhou-2017.toml"


class NewStep(Step):
    """`made(plan file or None for the built-in one, place)` when the person says yes; `open_wanted(ledger)`."""

    made = Signal(object, object)
    open_wanted = Signal(object)

    def __init__(
        self, operations: Operations, files: Files, busy: Callable[[], Busy], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "按实施方案建新台账",
            "区级汇总用，一个区只建一本。建好后先打印恢复单锁好，再开期次、给各单位下发副本。",
            "建立台账",
            parent,
        )
        self._operations = operations
        self._files = files
        self._busy = busy
        self._file: Path | None = None
        self._other: Path | None = None
        self.card = Card("用哪个方案")
        self.built_in = QRadioButton("甘州区 2017 年实施方案（程序自带）")
        self.from_file = QRadioButton("另一份方案文件（.toml）")
        self.choose_file = Button("选择文件…", "folder_open")
        self.facts = Facts()
        self.errors_head = PlainLabel(role="error", wrap=True)
        self.errors = QPlainTextEdit()
        self.copy = Button("复制全部", "copy")
        self.again = Button("改好了，再读一次", "arrow_clockwise")
        self.place = PlaceCard()
        self._lay_out()

        self.built_in.clicked.connect(lambda: self.read(None))
        self.from_file.clicked.connect(self._from_file)
        self.choose_file.clicked.connect(self._choose_file)
        self.again.clicked.connect(lambda: self.read(self._file))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.errors.toPlainText()))
        self.place.row.change_wanted.connect(self._change_place)
        self.place.open_wanted.connect(self.open_wanted)
        self.go.connect(self._make)

    def _lay_out(self) -> None:
        for widget, name in (
            (self.main, "new_confirm"),
            (self.choose_file, "new_choose"),
            (self.errors, "new_errors"),
            (self.built_in, "new_built_in"),
            (self.from_file, "new_from_file"),
        ):
            widget.setObjectName(name)
        self.errors.setReadOnly(True)
        self.errors.setTabChangesFocus(True)
        self.errors.setAccessibleName("方案文件里的错误")
        self.errors.setMinimumHeight(theme.scaled(170))
        self.built_in.setChecked(True)
        first = QHBoxLayout()
        first.setSpacing(theme.GAP_XL)
        first.addWidget(self.built_in)
        first.addWidget(self.from_file)
        first.addWidget(self.choose_file)
        first.addStretch(1)
        self.card.body.addLayout(first)
        self.card.body.addSpacing(2)
        self.card.body.addWidget(self.facts)
        self.card.body.addWidget(self.errors_head)
        self.card.body.addWidget(self.errors)
        self._error_buttons = QWidget()
        row = QHBoxLayout(self._error_buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.copy)
        row.addWidget(self.again)
        row.addStretch(1)
        self.card.body.addWidget(self._error_buttons)
        self.body.addWidget(self.card)
        self.body.addWidget(self.place)
        self._show_errors("", ())

    def start(self) -> None:
        """Begin with the built-in plan."""
        self.built_in.setChecked(True)
        self.read(None)
        self.built_in.setFocus()

    def read(self, path: Path | None) -> None:
        """Read a plan file (None: the built-in plan) and show what it holds, or all its mistakes."""
        self._file = path
        self.main.setEnabled(False)
        self.place.hide()
        self.show_failure("", "")
        self.facts.show_facts([])
        self._show_errors("", ())
        (self.from_file if path is not None else self.built_in).setChecked(True)

        def work(_progress: object) -> tuple[Plan, tuple[Path, Path | None]]:
            plan = read_plan(path or paths.plan_file(BUILT_IN))
            return plan, offered_place(f"{plan.document.region}汇总台账.gzdb")

        self._operations.run_read(self, work, self._show, title="读取方案", on_error=self._show_bad, busy=self._busy())

    def offer(self, path: Path) -> None:
        """Read a plan file that was dropped or chosen."""
        self._other = path
        self.read(path)

    def _from_file(self) -> None:
        if self._other is not None:
            self.read(self._other)
        elif not self._choose_file():
            self.built_in.setChecked(True)

    def _choose_file(self) -> bool:
        path = self._files.open_file(self, "选择方案文件", PLANS)
        if path is not None:
            self.offer(path)
        return path is not None

    def _show_bad(self, error: LedgerError) -> None:
        where = f"“{self._file.name}”" if self._file is not None else "自带的方案"
        if isinstance(error, PlanErrors):
            self._show_errors(f"{where}有 {len(error.errors)} 处不合规，没有采用。逐处改好后再读一次：", error.errors)
        else:
            self._show_errors(f"{where}没有读成：", (error.text,))

    def _show_errors(self, head: str, errors: tuple[str, ...]) -> None:
        self.errors_head.setText(head)
        self.errors.setPlainText("\n".join(f"{n}. {visible(text)}" for n, text in enumerate(errors, start=1)))
        for widget in (self.errors_head, self.errors, self._error_buttons):
            widget.setVisible(bool(errors))
        self.again.setVisible(bool(errors) and self._file is not None)

    def _show(self, read: tuple[Plan, tuple[Path, Path | None]]) -> None:
        plan, (place, taken) = read
        document = plan.document
        leads = sum(r.kind == "lead" for r in plan.roles)
        self.facts.show_facts(
            [
                ("方案", document.short_title, "strong", ""),
                (
                    "印发",
                    joined([document.issuer, date_text(document.issued), f"数据版本 {document.version}"]),
                    "body",
                    "",
                ),
                (
                    "分工",
                    joined(
                        [
                            f"{len(plan.tasks)} 项任务",
                            f"{len(plan.responsible_units)} 家责任单位",
                            f"牵头 {leads} 处、配合 {len(plan.roles) - leads} 处",
                        ]
                    ),
                    "body",
                    "",
                ),
                (
                    "数字",
                    joined(
                        [
                            f"{len(plan.figures)} 个，都按原文照录、待核定",
                            f"待明确事项 {len(plan.questions)} 条",
                            f"完成时限 {date_text(document.deadline)}",
                        ]
                    ),
                    "body",
                    "",
                ),
            ]
        )
        self.place.show()
        self.place.set_place(place, taken)
        self.main.setEnabled(True)

    def _change_place(self) -> None:
        now = self.place.path()
        path = self._files.save_file(self, "台账放在哪里", "台账.gzdb" if now is None else now.name, LEDGERS)
        if path is not None:
            self.place.set_place(with_suffix(path))

    def _make(self) -> None:
        place = self.place.path()
        if place is not None and self.main.isEnabled():
            self.made.emit(self._file, place)
