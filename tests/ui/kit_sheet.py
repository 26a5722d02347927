"""One sheet with every control of the kit, to lay beside the design's picture: `python -m tests.ui.kit_sheet OUT.png`."""

import os
import sys
from collections.abc import Sequence

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.plan import FLOOR, LEAD, SUPPORT
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.gauge_widgets import Bullet, Dial, GaugeLook
from ganzhou_desktop.ui.shapes import NOTICE_LOOKS, STATE_LOOKS, draw_notice, draw_role, draw_state
from ganzhou_desktop.ui.table_model import RIGHT, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import (
    Button,
    Card,
    ChipCombo,
    CountCard,
    EmptyState,
    FailureBox,
    MessageLine,
    PlainLabel,
    SearchField,
    Segmented,
    StateLabel,
    Tag,
    mark_error,
)

_SWATCHES = (
    ("主色", colours.ACCENT),
    ("主色按下", colours.ACCENT_DOWN),
    ("选中底", colours.SELECT),
    ("强调底", colours.ACCENT_MARK),
    ("正文", colours.INK),
    ("次要", colours.INK2),
    ("说明", colours.INK3),
    ("不可用", colours.DISABLED),
    ("窗底", colours.WIN),
    ("导航底", colours.NAV),
    ("细线", colours.LINE),
    ("框线", colours.LINE2),
    ("退回与冲突", colours.DIFFER),
    ("填写错误", colours.ERROR),
)
_STATES = (
    (states.OK, ""),
    (states.BEHIND, ""),
    (states.OVERDUE, "逾期 · 低于底线"),
    (states.DONE, ""),
    (states.NOT_DUE, ""),
    (states.NOT_PUBLISHED, "未发布 · 缺基期"),
    (states.NOT_FILED, ""),
    (states.NOT_APPLICABLE, ""),
)
BULLETS = (
    ("正常", GaugeLook(6, 2, 15, states.OK, "家")),
    ("滞后", GaugeLook(1, 3, 8, states.BEHIND, "项")),
    ("低于底线", GaugeLook(13, None, 15, states.BELOW_FLOOR, "人", FLOOR)),
    ("已达到", GaugeLook(2, 0, 2, states.REACHED, "家")),
    ("未发布", GaugeLook(None, None, 55, states.NOT_PUBLISHED, "%")),
    ("期中示例", GaugeLook(7, 9, 15, states.BEHIND, "家")),
)


class Swatch(QWidget):
    """A colour as a square."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(36, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.LINE2))
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(QRectF(0.5, 0.5, 35, 35), 4, 4)


class Marks(QWidget):
    """A cell of ◎ with a state on its tint, or the state in black and white."""

    def __init__(self, state: str, *, paper: bool) -> None:
        super().__init__()
        self._state, self._paper = state, paper
        self.setFixedSize(80 if paper else 56, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = STATE_LOOKS[self._state]
        if self._paper:
            draw_state(painter, QRectF(1, 6, 12, 12), self._state, black_white=True)
            painter.setPen(QColor(colours.BLACK))
            painter.setFont(theme.font(theme.NOTE))
            painter.drawText(QRectF(24, 0, 56, 24), Qt.AlignmentFlag.AlignVCenter, look.word)
        else:
            painter.fillRect(self.rect(), QColor(look.tint if look.tint != colours.WHITE else colours.GREY_TINT))
            draw_role(painter, QRectF(7, 5, 14, 14), LEAD)
            draw_state(painter, QRectF(34, 6, 12, 12), self._state)


class Roles(QWidget):
    """◎¹ ◎ ○ with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font())
        for left, role, principal, word in (
            (0, LEAD, True, "主牵头"),
            (84, LEAD, False, "牵头"),
            (148, SUPPORT, False, "配合"),
        ):
            draw_role(painter, QRectF(left, 5, 14, 14), role, principal)
            painter.setPen(QColor(colours.INK))
            at = left + (28 if principal else 20)
            painter.drawText(QRectF(at, 0, 60, 24), Qt.AlignmentFlag.AlignVCenter, word)


class Notices(QWidget):
    """The three levels of a notice."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for i, level in enumerate(("remind", "warn", "summon")):
            used = draw_notice(painter, QPointF(i * 96, 12), level)
            painter.setFont(theme.font(theme.NOTE, bold=True))
            painter.setPen(QColor(NOTICE_LOOKS[level].colour))
            room = QRectF(i * 96 + used + 6, 0, 70, 24)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, NOTICE_LOOKS[level].word)


def _row(*widgets: QWidget, gap: int = 8, stretch: bool = True) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    if stretch:
        row.addStretch(1)
    return row


def _colours_card() -> Card:
    card = Card("颜色")
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    for i, (name, colour) in enumerate(_SWATCHES):
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(name))
        words.addWidget(PlainLabel(colour, "note"))
        cell = QHBoxLayout()
        cell.addWidget(Swatch(colour))
        cell.addLayout(words, 1)
        grid.addLayout(cell, i // 2, i % 2)
    card.body.addLayout(grid)
    return card


def _type_card() -> Card:
    card = Card("字号")
    card.body.addLayout(_row(PlainLabel("页名 20 粗", "page"), PlainLabel("数字 24 粗", "big"), gap=40))
    card.body.addLayout(_row(PlainLabel("块名 14 粗", "card"), PlainLabel("正文 13"), PlainLabel("说明 12", "note")))
    return card


def _states_card() -> Card:
    card = Card("状态：形状 + 字 + 颜色")
    grid = QGridLayout()
    grid.setVerticalSpacing(4)
    for column, head in enumerate(("屏幕", "矩阵 ◎", "黑白打印")):
        grid.addWidget(PlainLabel(head, "note"), 0, column)
    for i, (state, word) in enumerate(_STATES, start=1):
        grid.addWidget(StateLabel(state, word), i, 0)
        grid.addWidget(Marks(state, paper=False), i, 1)
        grid.addWidget(Marks(state, paper=True), i, 2)
    card.body.addLayout(grid)
    return card


def _small_cards() -> list[Card]:
    notices = Card("督办单级别", "不与状态混用")
    notices.body.addWidget(Notices())
    notices.body.addWidget(PlainLabel("形状是三格，填几格就是第几级。", "note"))
    roles = Card("分工")
    roles.body.addWidget(Roles())
    origins = Card("数字的来历")
    origins.body.addLayout(_row(*(Tag(kind) for kind in ("printed", "to_confirm", "confirmed", "returned", "demo"))))
    return [notices, roles, origins]


def _buttons_card() -> Card:
    card = Card("按钮")
    off = Button("不可用")
    off.setEnabled(False)
    focus = Button("焦点")
    focus.setProperty("keyFocus", True)
    card.body.addLayout(_row(Button("提交本期", kind="main"), Button("新增一条", "add", "main"), off))
    card.body.addLayout(
        _row(
            Button("导出", "arrow_export"),
            focus,
            Button("文字钮", kind="text"),
            Button(icon_name="print", kind="icon", tip="打印"),
        )
    )
    chip = ChipCombo("单位")
    chip.set_options([(None, "全部 17 家"), ("a", "区工信局")])
    card.body.addLayout(_row(Segmented([("bar", "条形"), ("dial", "表盘")]), chip))
    return card


def _inputs_card() -> Card:
    card = Card("输入框")
    plain, wrong, fixed = QLineEdit("甲禾种业"), QLineEdit(), QLineEdit("上期 1 家")
    wrong.setPlaceholderText("必填")
    mark_error(wrong, wrong=True)
    fixed.setReadOnly(True)
    for word, field in (("平常", plain), ("错误", wrong), ("只读", fixed), ("搜索", SearchField("名称、单位、文号"))):
        card.body.addLayout(_row(PlainLabel(word, "second"), field, gap=18, stretch=False))
    card.body.addWidget(MessageLine("缺单位名称。照营业执照填写。"))
    return card


def _table_card() -> Card:
    card = Card("表格行", flush=True)
    rows = [
        ("平常", 1280.5, states.OK),
        ("选中", 1280.5, states.BEHIND),
        ("退回", 12.0, states.OVERDUE),
        ("不计", 0.0, states.NOT_DUE),
    ]
    columns: Sequence[Column] = (
        Column("名称", lambda row: row[0], width=80),
        Column("状态", lambda row: STATE_LOOKS[row[2]].word, state=lambda row: row[2]),
        Column("万元", lambda row: row[1], align=RIGHT, width=100),
    )
    table = RowTable()
    table.setModel(TableModel(columns, rows, tone=lambda row: {"退回": "differ", "不计": "quiet"}.get(row[0], "")))
    table.selectRow(1)
    table.model().setParent(table)
    table.setFixedHeight(30 + 4 * 32 + 8)
    card.body.addWidget(table)
    return card


def _bullets_card() -> Card:
    card = Card("子弹条")
    card.body.setSpacing(2)
    for word, look in BULLETS:
        label = PlainLabel(word)
        label.setFixedWidth(68)
        card.body.addLayout(_row(label, Bullet(look), stretch=False))
    return card


def _right_cards() -> list[QWidget]:
    empty = Card("空页")
    empty.body.addWidget(EmptyState("还没有原始创新成果", "登记第一条后，T1 会跟着变。", "新增一条"))
    failed = Card("做不成时")
    failed.body.addWidget(FailureBox("没能写入 U 盘", "盘已满，还差 12 MB。本机的台账没有变化。", ("换个位置", "再试")))
    count = CountCard("待合入副本", "份")
    count.set_count(4, "最早 4月8日收到")
    zero = CountCard("逾期未报", "家")
    zero.set_count(0)
    counts = QWidget()
    row = QHBoxLayout(counts)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(count)
    row.addWidget(zero)
    return [empty, failed, counts]


def make_sheet() -> QWidget:
    """The sheet as one widget."""
    sheet = QWidget()
    sheet.resize(1366, 900)
    page = QVBoxLayout(sheet)
    page.setContentsMargins(20, 8, 20, 20)
    page.addWidget(PlainLabel("控件样张", "page"))
    columns = QHBoxLayout()
    columns.setSpacing(theme.CARD_GAP)
    dial = Card("表盘")
    dial.body.addWidget(Dial(BULLETS[0][1]))
    for cards in (
        [_colours_card(), _type_card(), dial],
        [_states_card(), *_small_cards()],
        [_buttons_card(), _inputs_card(), _table_card()],
        [_bullets_card(), *_right_cards()],
    ):
        column = QVBoxLayout()
        column.setSpacing(theme.CARD_GAP)
        for card in cards:
            column.addWidget(card)
        column.addStretch(1)
        columns.addLayout(column, 1)
    page.addLayout(columns, 1)
    return sheet


def main(out: str, size: QSize | None = None) -> None:
    """Write the sheet as a picture."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply_theme(app)
    sheet = make_sheet()
    if size is not None:
        sheet.resize(size)
    sheet.grab().save(out)


if __name__ == "__main__":
    main(sys.argv[1])
