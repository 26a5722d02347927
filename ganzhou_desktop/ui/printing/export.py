"""What is printed, as files to go on working with: the same values as .xlsx, .docx or PDF, by the name's ending."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from ganzhou_desktop.documents.sheet_files import write_sheet
from ganzhou_desktop.documents.values import GROUP, TOTAL, Column, Row, Sheet
from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell, Matrix, MatrixTask
from ganzhou_desktop.domain.plan import LEAD
from ganzhou_desktop.domain.provisional import CONTESTED, marked
from ganzhou_desktop.services import breakdown, periods, views
from ganzhou_desktop.services.breakdown import Breakdown
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.printing import breakdown_print, papers
from ganzhou_desktop.ui.printing.offscreen import write_pdf

SIGNS = "填报单位（盖章）：　　　　　　单位负责人（签字）：　　　　　审核人：　　　　填表人：　　　　联系电话：　　　　填报日期："
_RED, _YELLOW = "F8D7DA", "FFF3CD"
_FILLS = {
    states.BELOW_FLOOR: _RED,
    states.OVERDUE: _RED,
    states.BADLY_BEHIND: _RED,
    states.BEHIND: _YELLOW,
    states.NOT_FILED: "E9ECEF",
}
"""So light that the word in the cell stays what tells the state, on a black-and-white printer too."""


def export_matrix(
    ledger: Ledger,
    path: Path,
    period: str | None = None,
    *,
    as_of: date | None = None,
    paper: str = "A3",
    narrow: Callable[[Matrix], Matrix] | None = None,
    scope: str = "",
) -> None:
    """The matrix as on screen and on paper; `narrow` leaves the part that `scope` names.

    Raises RuleBroken for another ending than .xlsx, .docx, .pdf, EnvironmentFailed when it cannot be written.
    """
    if path.suffix.lower() == ".pdf":
        made = papers.matrix_paper(ledger, period, paper=paper, as_of=as_of, narrow=narrow, scope=scope)
        write_pdf(lambda _papers: made, path)
        return
    matrix = views.read_matrix(ledger, period, as_of)
    plan = ledger.plan()
    sheet = matrix_sheet(
        matrix if narrow is None else narrow(matrix),
        title=f"{plan.document.short_title}重点任务责任矩阵",
        unit_line=plan.document.region,
        scope=scope,
    )
    write_sheet(path, sheet, size=8)


def matrix_sheet(matrix: Matrix, *, title: str = "", unit_line: str = "", scope: str = "") -> Sheet:
    """The matrix as a sheet: columns, order, groups and totals as on paper."""
    columns = (
        Column("number", "序号", width=6, centred=True),
        Column("task", "重点任务", width=30),
        Column("state", "任务状态", width=10, centred=True),
        *(Column(unit.id, unit.short, width=11, centred=True) for unit in matrix.units),
    )
    when = [texts.period_text(matrix.period), f"截至{_day(matrix.period_last)}"]
    if matrix.as_of != matrix.period_last:
        when.append(f"机构按{_day(matrix.as_of)}")
    if scope:
        when.append(f"只列{scope}")
    marks = [*(("演示数据",) if matrix.demo else ()), *(("仅含本单位",) if matrix.partial else ())]
    return Sheet(
        f"责任矩阵{matrix.period}",
        title or matrix.title,
        columns,
        tuple(_matrix_rows(matrix)),
        lines=(f"填报单位：{unit_line}（盖章）", "，".join(when), *marks),
        foot=(f"◎¹ 主牵头　◎ 牵头　○ 配合　{CONTESTED} 两处不一致，待定　空白：方案没有分工", SIGNS),
        frozen=3,
        paper="A3",
    )


def _matrix_rows(matrix: Matrix) -> Iterator[Row]:
    cells = {(cell.task, cell.unit): cell for cell in matrix.cells}
    known = {group.id for group in matrix.groups}
    for group in (*matrix.groups, None):
        tasks = [t for t in matrix.tasks if (t.group == group.id if group else t.group not in known)]
        if group and tasks:
            words = breakdown_print.group_words(group.number, group.title)
            yield Row((words, *[None] * (2 + len(matrix.units))), kind=GROUP)
        for task in tasks:
            yield _task_row(task, [cells.get((task.id, unit.id)) for unit in matrix.units])
    loads = [f"{unit.leads}／{unit.supports}" for unit in matrix.units]
    total = f"{sum(unit.leads for unit in matrix.units)}／{sum(unit.supports for unit in matrix.units)}"
    yield Row((None, "合计（牵头／配合）", total, *loads), kind=TOTAL)


def _task_row(task: MatrixTask, cells: list[Cell | None]) -> Row:
    looks = [None, None, task.state, *(cell.state if cell is not None else None for cell in cells)]
    fills = {n: _FILLS[state] for n, state in enumerate(looks) if state in _FILLS}
    return Row(
        (task.id, task.title, marked(task.word, task.provisional), *(cell_words(cell) for cell in cells)), fills=fills
    )


def cell_words(cell: Cell | None) -> str | None:
    """A cell of the matrix in words: its sign, its state, ※ while two values differ, 已退回."""
    if cell is None:
        return None
    sign = "○" if cell.role != LEAD else "◎¹" if cell.principal else "◎"
    return f"{sign} {marked(cell.word, cell.provisional)}{'（已退回）' if cell.returned else ''}"


def _day(iso: str) -> str:
    return texts.date_text(date.fromisoformat(iso))


def export_breakdown(ledger: Ledger, path: Path, *, paper: str = "A3") -> None:
    """任务分解表 as .xlsx, .docx or PDF.  Raises as `export_matrix` does."""
    if path.suffix.lower() == ".pdf":
        made = papers.breakdown_paper(ledger, paper=paper)
        write_pdf(lambda _papers: made, path)
        return
    found = periods.list_periods(ledger)
    write_sheet(path, breakdown_sheet(breakdown.read_breakdown(ledger, found[-1].last if found else None)), size=9)


def breakdown_sheet(found: Breakdown) -> Sheet:
    """任务分解表 as a sheet, with the words of the print."""
    widths = (6, 18, 60, 20, 20, 12, 16, 16)
    heads = breakdown_print.HEADS
    columns = tuple(
        Column(head, head, width=width, centred=n in (0, 5))
        for n, (head, width) in enumerate(zip(heads, widths, strict=True))
    )
    rows: list[Row] = []
    for heading, some in breakdown_print.grouped(found):
        rows += [Row((heading, *[None] * 7), kind=GROUP)] if heading else []
        rows += [Row(breakdown_print.row_words(row)) for row in some]
    marks = [*(("演示数据",) if found.demo else ()), *(("仅含本单位",) if found.partial else ())]
    return Sheet(
        "任务分解表",
        f"{found.region}{breakdown_print.TITLE}",
        columns,
        tuple(rows),
        lines=(f"（{found.plan_title}）", *marks),
        foot=(SIGNS,),
        frozen=2,
        paper="A3",
    )
