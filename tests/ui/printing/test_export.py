"""What is printed, as files: the same cells, order and part as on paper."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.services import breakdown, ledgers, views
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.printing import export, papers
from ganzhou_desktop.ui.printing.breakdown_print import HEADS
from ganzhou_desktop.ui.printing.painting import pdf_bytes


@pytest.fixture
def ledger(demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path, qapp: object) -> Iterator[Ledger]:
    shutil.copyfile(demo_of(2), tmp_path / "office.gzdb")
    opened = ledgers.open_ledger(tmp_path / "office.gzdb")
    yield opened
    opened.close()


def table_of(path: Path) -> list[list[str]]:
    """The table in a .xlsx or .docx as words, its heading rows as their first cell alone."""
    if path.suffix == ".xlsx":
        rows = [["" if c is None else str(c) for c in row] for row in openpyxl.load_workbook(path).active.values]
        start = next(n for n, row in enumerate(rows) if row[0] == "序号")
        end = next(n for n, row in enumerate(rows) if n > start and not any(row))
        return [[row[0]] if row[0] and not any(row[1:]) else row for row in rows[start:end]]
    found = [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[0].rows]
    return [row[:1] if len(set(row)) == 1 else row for row in found]


def words_of(path: Path) -> str:
    if path.suffix == ".xlsx":
        values = openpyxl.load_workbook(path).active.values
        return "\n".join(str(c) for row in values for c in row if c is not None)
    document = docx.Document(str(path))
    return "\n".join([*(p.text for p in document.paragraphs), *("\n".join(row) for row in table_of(path))])


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_matrix_has_the_cells_of_the_ledger_in_the_order_of_the_paper(
    ledger: Ledger, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"矩阵.{kind}"
    export.export_matrix(ledger, path, "2018Q2")
    matrix = views.read_matrix(ledger, "2018Q2")
    table = table_of(path)
    assert table[0] == ["序号", "重点任务", "任务状态", *(unit.short for unit in matrix.units)]
    assert [row[0] for row in table[1:] if len(row) == 1] == [
        "一、完善三大平台",
        "二、实施三大工程",
        "三、强化三大保障",
    ]
    bodies = [row for row in table[1:-1] if len(row) > 1]
    assert [row[:3] for row in bodies] == [
        [t.id, t.title, f"{t.word}※" if t.provisional else t.word] for t in matrix.tasks
    ]
    assert any(t.provisional for t in matrix.tasks), "the example has 两处不一致 under a ◎"
    shown = {
        (row[0], unit.id): text for row in bodies for unit, text in zip(matrix.units, row[3:], strict=True) if text
    }
    assert shown == {(c.task, c.unit): export.cell_words(c) for c in matrix.cells}
    loads = [f"{unit.leads}／{unit.supports}" for unit in matrix.units]
    total = f"{sum(unit.leads for unit in matrix.units)}／{sum(unit.supports for unit in matrix.units)}"
    assert table[-1][1:] == ["合计（牵头／配合）", total, *loads]
    words = words_of(path)
    assert "2018年第二季度" in words
    assert "演示数据" in words


def test_a_cell_says_everything_the_screen_shows_by_signs(ledger: Ledger) -> None:
    cell = next(c for c in views.read_matrix(ledger, "2018Q2").cells if c.role == "lead")
    odd = cell._replace(principal=True, word="滞后", provisional=True, returned=True)
    assert export.cell_words(odd) == "◎¹ 滞后※（已退回）"
    assert export.cell_words(odd._replace(principal=False, returned=False)) == "◎ 滞后※"
    assert export.cell_words(odd._replace(role="support", provisional=False)) == "○ 滞后（已退回）"


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_the_part_on_screen_is_the_part_in_the_file_and_is_named(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    def one_task(matrix: Matrix) -> Matrix:
        return replace(
            matrix,
            tasks=matrix.tasks[:1],
            units=tuple(reversed(matrix.units))[:2],
            cells=tuple(c for c in matrix.cells if c.task == matrix.tasks[0].id),
        )

    path = tmp_path / f"矩阵.{kind}"
    export.export_matrix(ledger, path, "2018Q2", narrow=one_task, scope="任务 1")
    if kind == "pdf":
        text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)
        assert "只印任务1" in text
        assert "政策金融保障" not in text
        return
    matrix = views.read_matrix(ledger, "2018Q2")
    table = table_of(path)
    assert table[0][3:] == [matrix.units[-1].short, matrix.units[-2].short]
    assert [row[0] for row in table[1:]] == ["一、完善三大平台", "1", table[-1][0]]
    assert "只列任务 1" in words_of(path)


def test_pdf_is_the_print(ledger: Ledger, tmp_path: Path) -> None:
    export.export_matrix(ledger, tmp_path / "a.PDF", "2018Q2", paper="A4")
    export.export_breakdown(ledger, tmp_path / "b.pdf")
    made = pypdf.PdfReader(io.BytesIO(pdf_bytes(papers.matrix_paper(ledger, "2018Q2", paper="A4"))))
    read = pypdf.PdfReader(tmp_path / "a.PDF")
    assert [p.extract_text() for p in read.pages] == [p.extract_text() for p in made.pages]
    assert "责任领导" in "".join(pypdf.PdfReader(tmp_path / "b.pdf").pages[0].extract_text().split())


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_breakdown_has_the_words_of_the_print(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"分解表.{kind}"
    export.export_breakdown(ledger, path)
    found = breakdown.read_breakdown(ledger)
    table = table_of(path)
    assert table[0] == list(HEADS)
    assert [row[:2] for row in table[1:] if len(row) > 1] == [[r.number, r.title] for r in found.rows]
    assert len(table) == 1 + 3 + len(found.rows)


def test_another_ending_is_refused_and_nothing_written(ledger: Ledger, tmp_path: Path) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(RuleBroken, match="只能导出成"):
        export.export_matrix(ledger, tmp_path / "矩阵.doc", "2018Q2")
    assert sorted(p.name for p in tmp_path.iterdir()) == before
