"""The legend under the matrix: roles, states with their counts; a click on a state shows only its cells."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix_changes import BETTER, CHANGE_WORDS, SHIFTED, WORSE
from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.matrix_page.marks import draw_change
from ganzhou_desktop.ui.pages.matrix_page.model import ORDER
from ganzhou_desktop.ui.pages.matrix_page.narrowing import PROVISIONAL, RETURNED
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_hatch, draw_returned_corner, draw_role, draw_state
from ganzhou_desktop.ui.texts import plain_tip
from ganzhou_desktop.ui.widgets import PaintedButton

ALWAYS = (states.OK, states.BEHIND, states.OVERDUE, states.DONE, states.NOT_FILED)
MARK_WORDS = {RETURNED: "已退回", PROVISIONAL: "有两处不一致", **CHANGE_WORDS}
_MEANINGS = {
    states.OVERDUE: "事项的预计完成日已过，仍没有完成；不是报表交得晚，报表晚交看“合账台”",
    states.NOT_FILED: "本期没有报表，或这一项没有答复；过了应报日的单位在“总览”里叫“逾期未报”",
    BETTER: "和对比的那一期比，状态好了",
    WORSE: "和对比的那一期比，状态差了",
    SHIFTED: "和对比的那一期比，状态变了，但谈不上好坏",
}
"""What a word means where it could be taken for another."""

_GAP = 6
_PAD = 5


def legend_word(key: str) -> str:
    """The word of a state or mark."""
    return MARK_WORDS.get(key) or states.WORDS[key]


class LegendItem(PaintedButton):
    """One state or mark with its count; down while only its cells are shown."""

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.count = 0
        self.setObjectName(f"legend_{key}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        meaning = f"{legend_word(key)}：{_MEANINGS[key]}。\n" if key in _MEANINGS else ""
        self.setToolTip(plain_tip(f"{meaning}只看“{legend_word(key)}”的格，再按一次看全部"))

    def set_count(self, count: int) -> None:
        """Show how many cells."""
        self.count = count
        self.setAccessibleName(f"{legend_word(self.key)} {count} 格")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        small, bold = QFontMetrics(theme.font(theme.BODY)), QFontMetrics(theme.font(theme.BODY, bold=True))
        words = small.horizontalAdvance(legend_word(self.key)) + 4 + bold.horizontalAdvance(str(self.count))
        return QSize(2 * _PAD + 16 + words, theme.scaled(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked() or self.underMouse() or self.key_focus:
            painter.setBrush(QColor(colours.SELECT if self.isChecked() else colours.NAV))
            accent = self.isChecked() or self.key_focus
            painter.setPen(QPen(QColor(colours.ACCENT if accent else colours.LINE2), 2 if self.key_focus else 1))
            painter.drawRoundedRect(edge, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        mark = QRectF(_PAD, (self.height() - 12) / 2, 12, 12)
        self._paint_mark(painter, mark)
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(QColor(colours.INK if self.count else colours.INK3))
        room = QRectF(_PAD + 16, 0, self.width(), self.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(room, flags, legend_word(self.key))
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(legend_word(self.key)) + 4)
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.drawText(room, flags, str(self.count))

    def _paint_mark(self, painter: QPainter, mark: QRectF) -> None:
        if self.key == RETURNED:
            draw_returned_corner(painter, mark, side=11)
        elif self.key in CHANGE_WORDS:
            draw_change(painter, mark, self.key)
        elif self.key == PROVISIONAL:
            painter.setFont(theme.font(theme.BODY, bold=True))
            painter.setPen(QColor(colours.DIFFER))
            painter.drawText(mark.adjusted(-2, -2, 2, 2), Qt.AlignmentFlag.AlignCenter, "※")
        elif self.key == states.NOT_HELD:
            draw_hatch(painter, mark)
            painter.setPen(QColor(STATE_LOOKS[self.key].colour))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(mark.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            draw_state(painter, mark, self.key)


class _Roles(QWidget):
    """◎¹ 主牵头 ◎ 牵头 ○ 配合."""

    _PARTS = ((LEAD, True, "主牵头"), (LEAD, False, "牵头"), (SUPPORT, False, "配合"))

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("◎¹ 主牵头，◎ 牵头，○ 配合")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(theme.BODY))
        width = sum(metrics.horizontalAdvance(word) + 30 + 6 * principal for _, principal, word in self._PARTS)
        return QSize(width + 8, theme.scaled(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(theme.BODY))
        metrics, x = painter.fontMetrics(), 0
        for role, principal, word in self._PARTS:
            draw_role(painter, QRectF(x, (self.height() - 14) / 2, 14, 14), role, principal)
            painter.setPen(QColor(colours.INK2))
            x += 18 + 6 * principal
            wide = metrics.horizontalAdvance(word)
            painter.drawText(QRectF(x, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, word)
            x += wide + 12
        painter.fillRect(QRectF(self.width() - 4, 4, 1, self.height() - 8), QColor(colours.LINE2))


class Legend(QWidget):
    """Wraps into a second line where one is not enough; the roles stand aside first."""

    chosen = Signal(str)
    """Key of the state or mark to show alone, empty for all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = _Roles(self)
        self.items = {key: LegendItem(key, self) for key in (*ORDER, RETURNED, PROVISIONAL, *CHANGE_WORDS)}
        for item in self.items.values():
            item.hide()
            item.clicked.connect(lambda _=False, key=item.key: self._clicked(key))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_counts(self, counts: Mapping[str, int], chosen: str) -> None:
        """Show the states that occur, or are asked for; five stand always."""
        for key, item in self.items.items():
            count = counts.get(key, 0)
            item.set_count(count)
            item.setChecked(key == chosen)
            item.setVisible(bool(count) or key == chosen or key in ALWAYS)
        self._arrange()

    def _clicked(self, key: str) -> None:
        self.chosen.emit(key if self.items[key].isChecked() else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(300, theme.scaled(28))

    def _arrange(self) -> None:
        shown = [item for item in self.items.values() if not item.isHidden()]
        total = sum(item.sizeHint().width() + _GAP for item in shown)
        roles = self._roles.sizeHint().width() + _GAP
        with_roles = roles + total <= self.width()
        self._roles.setVisible(with_roles)
        line = theme.scaled(26)
        x, y = 0, theme.scaled(1)
        if with_roles:
            self._roles.setGeometry(0, y, roles - _GAP, theme.scaled(24))
            x = roles
        for item in shown:
            size = item.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + line
            item.setGeometry(x, y, size.width(), size.height())
            x += size.width() + _GAP
        height = y + line
        if height != self.height():
            self.setFixedHeight(height)
