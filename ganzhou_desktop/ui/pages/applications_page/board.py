"""The board: a column for each step, a card for each application that waits there; late ones first."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS, FINISHED, NOT_SUPPORTED, SENT_BACK
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.applications import Row
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.subsidy_words import amount_text, purpose, state_text
from ganzhou_desktop.ui.texts import plain_tip, short_date, two_lines, visible
from ganzhou_desktop.ui.widgets import ElidedLabel, PaintedButton, PlainLabel, draw_tag, tag_width

_SHOWN = 40
"""Cards of one column; the table shows the rest."""
_EDGE = 10
_PITCH = 19


class ApplicationCard(PaintedButton):
    """One application: who, what for, the latest amount, whose, and what is wrong with it."""

    def __init__(self, plan: Plan, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        application = row.application
        held = [name for name in AMOUNTS if name in application.amounts]
        self._name = visible(application.beneficiary)
        self._tag = application.subsidy
        self._purpose = visible(purpose(plan, application).removeprefix(f"{application.subsidy} "))
        self._unit = plan.unit_by_id[application.unit].short
        self._label = AMOUNT_WORDS[held[-1]] if held else "没有写金额"
        self._money = f"{amount_text(application, held[-1])} 万元" if held else ""
        self._remark, self._colour = self._wrong(row)
        told = (self._name, self._purpose, self._unit, f"{self._label} {self._money}".strip(), self._remark)
        self.setAccessibleName("，".join(word for word in told if word))
        self.setToolTip(plain_tip("\n".join(word for word in told if word)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @staticmethod
    def _wrong(row: Row) -> tuple[str, str]:
        if row.standing.late_since is not None:
            return f"■ {short_date(row.standing.late_since)} 逾期", colours.ERROR
        if row.application.contested:
            return "两处不一致", colours.DIFFER
        if row.standing.state == SENT_BACK or row.standing.step is None:
            return state_text(row), colours.INK2
        return ("请核对金额", colours.ERROR) if row.odd else ("", "")

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(140), self.heightForWidth(theme.scaled(140)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = len(self._name_lines(width)) + 3 + bool(self._remark)
        return theme.scaled(8) + lines * theme.scaled(_PITCH)

    def _name_lines(self, width: int) -> list[str]:
        """The beneficiary beside the subsidy's tag: in two lines where one is too short."""
        tag = tag_width("plain", self._tag) + 4 if self._tag else 0
        return two_lines(self._name, QFontMetrics(theme.font(bold=True)), width - 2 * _EDGE - tag)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colours.ACCENT if self.key_focus else colours.LINE2 if self.underMouse() else colours.LINE
        painter.setPen(QPen(QColor(edge), 2 if self.key_focus else 1))
        painter.setBrush(QColor(colours.CARD))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        pitch = theme.scaled(_PITCH)
        y: float = theme.scaled(5)
        wide = self.width() - 2 * _EDGE
        if self._tag:
            tag = tag_width("plain", self._tag)
            draw_tag(painter, QRectF(self.width() - _EDGE - tag, y + 1, tag, pitch - 2), "plain", self._tag)
        for line in self._name_lines(self.width()):
            self._line(painter, y, wide, line, theme.font(theme.BODY, bold=True), colours.INK)
            y += pitch
        note = theme.font(theme.NOTE)
        self._line(painter, y, wide, self._purpose, note, colours.INK2)
        self._line(painter, y + pitch, wide, self._unit, note, colours.INK2)
        self._line(painter, y + 2 * pitch, wide, self._label, note, colours.INK2)
        money = theme.font(theme.BODY, bold=True)
        self._line(painter, y + 2 * pitch, wide, self._money, money, colours.INK, right=True)
        if self._remark:
            self._line(painter, y + 3 * pitch, wide, self._remark, note, self._colour)

    def _line(
        self, painter: QPainter, y: float, wide: float, text: str, font: QFont, colour: str, *, right: bool = False
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(wide))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(_EDGE, y, wide, theme.scaled(_PITCH)), side | Qt.AlignmentFlag.AlignVCenter, shown)


class Board(QScrollArea):
    """`opened` carries the application's row."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setObjectName("applications_board")
        self.setAccessibleName("流程看板")

    def show_rows(self, plan: Plan, rows: Sequence[Row]) -> None:
        """Show applications where they stand."""
        content = QWidget()
        content.setProperty("kind", "scrollBody")
        line = QHBoxLayout(content)
        line.setContentsMargins(theme.GAP_L, theme.GAP_S, theme.GAP_L, theme.GAP_S)
        line.setSpacing(theme.GAP_S)
        for step in plan.steps:
            waiting = [row for row in rows if row.standing.step is not None and row.standing.step.id == step.id]
            late_first = sorted(waiting, key=lambda r: r.standing.late_since is None)
            line.addWidget(self._column(plan, step.name, late_first), 1)
        done = [row for row in rows if row.standing.state in (FINISHED, NOT_SUPPORTED)]
        line.addWidget(self._column(plan, "办完了", done), 1)
        self.setWidget(content)

    def _column(self, plan: Plan, title: str, rows: Sequence[Row]) -> QWidget:
        column = QFrame()
        column.setObjectName("board_column")
        column.setStyleSheet(f"#board_column {{ background: {colours.NAV}; border: none; border-radius: 6px; }}")
        column.setMinimumWidth(theme.scaled(132))
        inside = QVBoxLayout(column)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(ElidedLabel(title, "strong"), 1)
        head.addWidget(PlainLabel(f"{len(rows)} 件", "note"))
        inside.addLayout(head)
        for row in rows[:_SHOWN]:
            card = ApplicationCard(plan, row)
            card.clicked.connect(partial(self.opened.emit, row))
            inside.addWidget(card)
        if len(rows) > _SHOWN:
            inside.addWidget(PlainLabel(f"还有 {len(rows) - _SHOWN} 件，见“申报”一栏", "note", wrap=True))
        inside.addStretch(1)
        return column
