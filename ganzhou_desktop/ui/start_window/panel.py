"""The dark side of the start page: the program's mark, what it is, and the plan's own pattern of ◎ and ○."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop import __version__
from ganzhou_desktop.domain.plan import LEAD, Plan
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import app_mark, pixmap
from ganzhou_desktop.ui.texts import DOT, PROGRAM
from ganzhou_desktop.ui.widgets import PlainLabel

WIDTH = 420
_FACTS = ("单机使用，不联网，不要管理员权限", "一个台账就是一个文件，用 U 盘交接", "每个数都能点开，看到它由哪几条组成")
_CLEAR = (255, 255, 255, 185)
_FAINT = (255, 255, 255, 125)
_DOT = (255, 255, 255, 60)


class RolePattern(QWidget):
    """Tasks × units of the plan as rings and dots; empty until a plan is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: dict[tuple[int, int], bool] = {}
        self._size = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(200)

    def show_plan(self, plan: Plan) -> None:
        """Paint the plan's roles."""
        rows = {task.id: i for i, task in enumerate(plan.tasks)}
        columns = {unit.id: i for i, unit in enumerate(plan.responsible_units)}
        self._size = (len(rows), len(columns))
        self._cells = {(rows[r.task], columns[r.unit]): r.kind == LEAD for r in plan.roles if r.unit in columns}
        self.setAccessibleName(f"{len(rows)} 项任务、{len(columns)} 家单位、{len(plan.roles)} 处分工")
        self.update()

    def count(self) -> int:
        """How many roles are painted."""
        return len(self._cells)

    def paintEvent(self, event: QPaintEvent) -> None:
        rows, columns = self._size
        if not rows or not columns:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across, down = (self.width() - 12) / max(columns - 1, 1), (self.height() - 14) / max(rows - 1, 1)
        for row in range(rows):
            for column in range(columns):
                centre = QPointF(6 + column * across, 7 + row * down)
                self._paint_cell(painter, centre, self._cells.get((row, column)))

    def _paint_cell(self, painter: QPainter, centre: QPointF, lead: bool | None) -> None:
        if lead is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*_DOT))
            painter.drawEllipse(centre, 1.1, 1.1)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(*(_CLEAR if lead else _FAINT)), 1.5 if lead else 1.1))
        painter.drawEllipse(centre, 5.0, 5.0)
        if lead:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*_CLEAR))
            painter.drawEllipse(centre, 2.2, 2.2)


class BrandPanel(QWidget):
    """Mark, name, three facts, the pattern, version."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pattern = RolePattern()
        self.setFixedWidth(WIDTH)
        # White words on the panel's own ground; everywhere else words are ink.
        self.setStyleSheet(f"QLabel {{ color: {colours.WHITE}; }}")

        column = QVBoxLayout(self)
        column.setContentsMargins(40, 48, 40, 30)
        column.setSpacing(0)
        mark = QLabel()
        mark.setPixmap(app_mark(52, colours.WHITE, colours.ACCENT_DOWN, self.devicePixelRatioF()))
        column.addWidget(mark)
        column.addSpacing(22)
        name = PlainLabel(PROGRAM)
        name.setStyleSheet(f"font-size: {theme.scaled(28)}px; font-weight: bold;")
        column.addWidget(name)
        column.addSpacing(6)
        for words in ("把一份实施方案，从纸面管到结果：", "分工、填报、合账、审核、出表。"):
            line = PlainLabel(words, "nav")
            column.addWidget(line)
        column.addSpacing(32)
        for fact in _FACTS:
            column.addLayout(self._fact(fact))
            column.addSpacing(9)
        column.addStretch(3)
        column.addWidget(self.pattern)
        column.addStretch(2)
        column.addWidget(PlainLabel(f"版本 {__version__}{DOT}不存放涉密内容"))

    def _fact(self, words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(pixmap("checkmark", 16, colours.WHITE, False, self.devicePixelRatioF()))
        row.addWidget(sign)
        row.addWidget(PlainLabel(words), 1)
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(self.rect()), QColor(colours.ACCENT_DOWN))
