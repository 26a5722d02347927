"""The form page's widgets and how they lie; what they show and do is filing_view's and filing_page's."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain import states
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.filing.matter_form import MatterForm
from ganzhou_desktop.ui.pages.filing.matter_list import MatterList
from ganzhou_desktop.ui.pages.filing.submit_bar import SubmitBar
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    ChipCombo,
    EmptyState,
    NoticeBar,
    PlainLabel,
    StateLabel,
    Tag,
    TitleRow,
    page_column,
)

LIST_WIDTH = 272
"""Of the list, at most a quarter of the page."""


class FilingBoard(QWidget):
    """Title row; notices; list and form; foot.  Or, before any period is opened, what to do first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title_row = TitleRow("填报")
        self.unit = ChipCombo("单位", size=theme.NAV)
        self.by_office = Tag("accent", "代录")
        self.due = PlainLabel(role="second")
        self.late = StateLabel(states.OVERDUE)
        self.after = Tag("plain", "期后")
        self.word = Button("Word", "document_text", tip="导出成 Word 给领导看和改，改好再读回")
        self.back = Button("上一件", "chevron_left")
        self.forward = Button("下一件", "chevron_right")
        self.notice = NoticeBar()
        self.newer = NoticeBar(closable=False)
        self.source = QLineEdit()
        self.list = MatterList()
        self.form = MatterForm()
        self.bar = SubmitBar()
        self.empty = EmptyState("还没有开期次", "", "", "clipboard_edit")
        self.busy = BusyBar(self, self.title_row)
        self._facts: tuple[QWidget, ...] = (self.unit, self.by_office, self.due, self.late, self.after)

        self._lay_out()

    def _lay_out(self) -> None:
        for fact in self._facts:
            self.title_row.add_left(fact)
            fact.hide()
        for button in (self.word, self.back, self.forward):
            self.title_row.add_action(button)
        self.word.setObjectName("word")
        self.unit.setObjectName("unit")
        self.source_row = self._make_source()
        board = QWidget()
        column = QVBoxLayout(board)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        for widget in (self.newer, self.notice, self.source_row):
            column.addWidget(widget)
        middle = QHBoxLayout()
        middle.setSpacing(theme.CARD_GAP)
        middle.addWidget(self.list)
        middle.addWidget(self.form, 1)
        column.addLayout(middle, 1)
        column.addWidget(self.bar)
        self.stack = QStackedWidget()
        self.stack.addWidget(board)
        self.stack.addWidget(self.empty)
        page_column(self, self.title_row).addWidget(self.stack)

    def _make_source(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(theme.GAP_L, 5, theme.GAP_L, 5)
        row.setSpacing(theme.GAP_S)
        row.addWidget(PlainLabel("来源", "strong"))
        row.addWidget(PlainLabel("必填", "note"))
        row.addWidget(self.source, 1)
        self.source.setObjectName("source")
        self.source.setAccessibleName("来源")
        self.source.setMaxLength(200)
        self.source.setPlaceholderText("根据哪份纸质材料代录，例如：4月3日收到的盖章填报表")
        frame.hide()
        return frame
