"""The table of figures: rows in groups, the origin tag beside the printed value, what each column shows."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ganzhou_desktop.domain.plan import BASELINE, Figure, Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.table_header import PAD_EDGE
from ganzhou_desktop.ui.table_model import ROW_ROLE, Column, Index, TableModel
from ganzhou_desktop.ui.tables import Cell, RowDelegate, RowTable
from ganzhou_desktop.ui.texts import NO_VALUE, figure_number, number_text
from ganzhou_desktop.ui.widgets import draw_tag, tag_width

ALL = "all"
PENDING = "pending"
CONFIRMED = "confirmed"
MISSING = "missing"
STATE_WORDS = {ALL: "全部", PENDING: "待核定", CONFIRMED: "已核定", MISSING: "缺基期"}

_TAGS = {PENDING: "to_confirm", CONFIRMED: "confirmed", MISSING: "plain"}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure, or the head of a group when `figure` is None."""

    figure: Figure | None
    title: str = ""
    contested: bool = False

    @property
    def id(self) -> str:
        return "" if self.figure is None else self.figure.id


def group_of(plan: Plan, figure: Figure) -> str:
    """What a figure belongs to."""
    if figure.origin == BASELINE:
        return "基期值（方案没有印，推算序时进度要用）"
    target = plan.target_by_id.get(figure.id.split(".")[0])
    if target is not None and target.headline:
        return "目标任务"
    if target is not None and target.task in plan.task_by_id:
        task = plan.task_by_id[target.task]
        return f"任务 {task.id}　{task.title}"
    if any(figure.id in (s.figure, s.id) for s in plan.subsidies):
        return "奖补标准"
    return "其他数字"


def grouped(plan: Plan, state: str = ALL, wanted: str = "") -> list[FigureRow]:
    """Figures of a state that hold the words wanted, group by group in the plan's order."""
    groups: dict[str, list[FigureRow]] = {}
    for figure in plan.figures:
        title = group_of(plan, figure)
        if (state == ALL or figure.state == state) and _holds(figure, title, wanted):
            groups.setdefault(title, []).append(FigureRow(figure, contested=figure.id in plan.contested))
    rows = []
    for title, some in groups.items():
        rows += [FigureRow(None, f"{title}（{len(some)}）"), *some]
    return rows


def _holds(figure: Figure, title: str, wanted: str) -> bool:
    text = " ".join(
        (
            figure.id,
            figure_number(figure.id),
            figure.name,
            figure.printed,
            figure.quote,
            figure.doubt,
            figure.basis,
            title,
        )
    ).casefold()
    return all(word in text for word in wanted.casefold().split())


def confirmed_text(figure: Figure, contested: bool) -> str:
    """The 核定值 with its unit, ※ while two differ."""
    if figure.confirmed is None:
        return marked(NO_VALUE, contested)
    return marked(f"{number_text(figure.confirmed)} {figure.unit}".strip(), contested)


def state_word(figure: Figure, contested: bool) -> str:
    """待核定, 已核定, 缺基期, or that two offices differ."""
    return "两处不一致" if contested else STATE_WORDS[figure.state]


def state_tag(figure: Figure, contested: bool) -> str:
    """Kind of the tag its state is painted in."""
    return "returned" if contested else _TAGS[figure.state]


def _of(row: FigureRow, name: str) -> str:
    return str(getattr(row.figure, name)) if row.figure is not None else ""


def columns() -> list[Column[FigureRow]]:
    """The columns of the table."""
    return [
        Column("编号", lambda r: r.title or figure_number(r.id), width=96),
        Column("事项", lambda r: _of(r, "name"), width=200, bold=True, tip=lambda r: _of(r, "name")),
        Column("原文值", lambda r: (_of(r, "printed") or "（未印）") if r.figure else "", width=116),
        Column("条款原文", lambda r: _of(r, "quote"), width=188, tip=lambda r: _of(r, "quote")),
        Column("疑点", lambda r: _of(r, "doubt"), tip=lambda r: _of(r, "doubt"), colour=lambda _: colours.INK2),
        Column(
            "核定值", lambda r: confirmed_text(r.figure, r.contested) if r.figure else "", "right", width=80, bold=True
        ),
        Column("依据", lambda r: _of(r, "basis"), width=140, tip=lambda r: _of(r, "basis")),
        Column(
            "状态",
            lambda r: state_word(r.figure, r.contested) if r.figure else "",
            width=96,
            tag=lambda r: state_tag(r.figure, r.contested) if r.figure else None,
        ),
    ]


class FiguresModel(TableModel[FigureRow]):
    """Rows of which the group heads cannot be chosen."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.row(index.row()).figure is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)


class FiguresTable(RowTable):
    """Leaves out 依据, then 条款原文, where the room is short: both are said below the table."""

    _SHARING = 4
    _SPARED = (6, 3)

    def fit_columns(self) -> None:
        model = self.model()
        if not isinstance(model, FiguresModel):
            return
        least = theme.scaled(170)
        taken = sum(theme.scaled(column.width) for column in model.columns)
        for column in self._SPARED:
            spare = self.viewport().width() - taken < least
            self.setColumnHidden(column, spare)
            if spare:
                taken -= theme.scaled(model.columns[column].width)
        for i, shown in enumerate(model.columns):
            if not self.isColumnHidden(i):
                self.setColumnWidth(i, theme.scaled(shown.width))
        self.setColumnWidth(self._SHARING, max(self.viewport().width() - taken, theme.scaled(80)))


class FiguresDelegate(RowDelegate):
    """Paints group heads across the table, and 照录 beside a printed value."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, FigureRow) or row.figure is not None:
            super().paint(painter, option, index)
            return
        cell: Cell = option
        painter.save()
        painter.fillRect(cell.rect, QColor(colours.HEAD))
        painter.fillRect(QRect(cell.rect.left(), cell.rect.bottom(), cell.rect.width(), 1), QColor(colours.LINE))
        painter.setFont(theme.font(theme.NOTE, bold=True))
        painter.setPen(QColor(colours.INK2))
        painter.drawText(
            QRectF(cell.rect).adjusted(PAD_EDGE, 0, -PAD_EDGE, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            row.title,
        )
        painter.restore()

    def paint_content(self, painter: QPainter, cell: Cell, index: Index) -> None:
        super().paint_content(painter, cell, index)
        row = index.data(ROW_ROLE)
        if index.column() != 2 or not isinstance(row, FigureRow) or row.figure is None or not row.figure.printed:
            return
        room = self.content_rect(cell, index)
        left = room.left() + QFontMetrics(theme.font()).horizontalAdvance(row.figure.printed) + 6
        high = theme.scaled(20)
        draw_tag(painter, QRectF(left, room.center().y() - high / 2, tag_width("printed"), high), "printed")
