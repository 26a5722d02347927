"""字号, which is the person's choice on this PC; and 关于: the program, the plan, other people's work in it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop import __version__, paths
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.settings_page.section import FactGrid, Section
from ganzhou_desktop.ui.plan_update_dialog import open_plan_update
from ganzhou_desktop.ui.preferences import SCALES, Preferences
from ganzhou_desktop.ui.printing import jobs
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import OFFLINE, PROGRAM, date_text, joined
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, PlainLabel, Segmented

LICENCES = (
    ("Qt 与 PySide6", "界面", "LGPL 3.0"),
    ("SQLAlchemy 与 SQLite", "台账文件", "MIT；公有领域"),
    ("PyNaCl 与 libsodium", "签名", "Apache 2.0；ISC"),
    ("pyqtgraph 与 NumPy", "走势图", "MIT；BSD"),
    ("Fluent UI System Icons", "图标", "MIT"),
)


class AppearanceSection(Section):
    """字号."""

    key = "appearance"
    title = "字号"
    icon = "zoom_in"

    def __init__(
        self, session: Session, busy: BusyBar, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, busy, parent)
        self._preferences = preferences
        self.scale_choice = Segmented([(scale, f"{scale}%") for scale in SCALES], preferences.scale)
        self.scale_choice.setObjectName("type_size")
        self.note = PlainLabel(role="note")
        self._samples: list[tuple[PlainLabel, int, bool]] = []

        card = Card("字号", "只管这台电脑上的这个用户；打印的纸不受影响")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(self.scale_choice)
        row.addWidget(self.note, 1)
        card.body.addLayout(row)
        card.body.addSpacing(6)
        for words, size, bold in (
            ("任务责任矩阵", theme.PAGE_TITLE, True),
            ("各级各类创新平台达到 15 家", theme.CARD_TITLE, True),
            ("本期走访企业 4 家，形成清单 1 份；应报日 2018年4月5日。", theme.BODY, False),
            ("说明和表头用这样大的字。", theme.NOTE, False),
        ):
            label = PlainLabel(words)
            self._samples.append((label, size, bold))
            card.body.addWidget(label)
        self.column.addWidget(card)
        self.column.addStretch(1)

        self.scale_choice.chosen.connect(self._choose)
        self._show()

    def _choose(self, scale: object) -> None:
        if isinstance(scale, int) and scale != self._preferences.scale:
            self._preferences.scale = scale
            self._preferences.save()
        self._show()

    def _show(self) -> None:
        scale = self._preferences.scale
        now = round(theme.scale() * 100)
        same = abs(now - scale) <= 4  # pixel sizes are whole, so 110 % is 108 % in truth
        self.note.setText("就是现在的字号" if same else f"已记下；下次打开程序时换成 {scale}%，下面是换了以后的样子")
        for label, size, bold in self._samples:
            label.setStyleSheet(
                f"font-size: {round(size * scale / 100)}px; font-weight: {'bold' if bold else 'normal'};"
            )


class AboutSection(Section):
    """关于."""

    key = "about"
    title = "关于"
    icon = "info"
    kinds = frozenset({"plan"})

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self.facts = FactGrid()
        self.plan = FactGrid()
        self.see = Button("查看待明确事项", "question_circle")
        self.print = Button("打印", "print")
        self.update_plan = Button("更新方案数据…", "arrow_import")
        self.manual = Button("使用手册", "notebook", tip="使用手册（F1）")
        self.manual.setObjectName("about_manual")
        self.see.setObjectName("about_questions")
        self.print.setObjectName("about_print")
        self.update_plan.setObjectName("about_update_plan")

        program = Card("程序")
        self.facts.add("名称", "strong")
        self.facts.add("版本")
        self.facts.add("用法")
        self.facts.add("运行日志")
        program.body.addWidget(self.facts)
        row = QHBoxLayout()
        row.addSpacing(theme.scaled(88) + theme.GAP_L)
        row.addWidget(self.manual)
        row.addStretch(1)
        program.body.addLayout(row)
        self.column.addWidget(program)

        plan = Card("方案")
        self.plan.add("标题", "strong")
        self.plan.add("印发")
        self.plan.add("数据版本")
        self.plan.add("待明确事项")
        plan.body.addWidget(self.plan)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addSpacing(theme.scaled(88) + theme.GAP_L)
        row.addWidget(self.see)
        row.addWidget(self.print)
        if session.office:
            row.addWidget(self.update_plan)
        row.addStretch(1)
        plan.body.addLayout(row)
        self.column.addWidget(plan)

        licences = Card("用到的开源软件")
        listed = FactGrid()
        for name, what, licence in LICENCES:
            listed.add(what)
            listed.set(what, f"{name}　{licence}")
        licences.body.addWidget(listed)
        self.column.addWidget(licences)
        self.column.addStretch(1)

        self.manual.clicked.connect(lambda: session.go("manual"))
        self.see.clicked.connect(lambda: session.go("figures", "questions"))
        self.update_plan.clicked.connect(lambda: open_plan_update(self, session))
        self.print.clicked.connect(lambda: session.go("preview", jobs.figures_job(session.ledger, back="settings")))

    def refresh(self) -> None:
        document = self.session.plan.document
        self.facts.set("名称", PROGRAM)
        self.facts.set("版本", __version__)
        self.facts.set("用法", f"{OFFLINE}，不要管理员权限；不存放涉密内容、身份证号和银行账号")
        self.facts.set("运行日志", str(paths.log_dir()))
        self.plan.set("标题", document.short_title)
        self.plan.set("印发", joined([document.issuer, date_text(document.issued)]))
        self.plan.set("数据版本", document.version)
        self.plan.set("待明确事项", f"{len(self.session.plan.questions)} 条，随提请核定清单一起打印")
