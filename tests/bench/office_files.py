"""表格文件：两万行台账写、读、批注；大矩阵的 xlsx 与 PDF，旁边是 LibreOffice 转同一张表。"""

import shutil
import subprocess
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.bench.common import Place, say

ROWS = 20_000


def run(place: Place) -> None:
    """Each once: they take seconds.  LibreOffice is told to be missing where it is not installed."""
    _register(place.folder)
    _matrix(place.folder)


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def _register(folder: Path) -> None:
    from ganzhou_desktop.documents.sheets import (
        CellError,
        Column,
        Row,
        Sheet,
        mark_errors,
        read_workbook,
        write_workbook,
    )

    columns = (
        Column("name", "企业名称"),
        Column("amount", "金额", "decimal", unit="万元"),
        Column("on", "认定日期", "date"),
        Column("level", "级别", "choice", choices=("国家级", "省级")),
        *(Column(f"t{n}", f"备注{n}") for n in range(8)),
    )
    day = date(2018, 1, 1)
    rows = tuple(
        Row(
            (f"样例企业{n}", Decimal(n) / 4, day + timedelta(n % 900), "省级", *(f"说明{n}-{m}" for m in range(8))),
            f"E{n}",
        )
        for n in range(ROWS)
    )
    out, marked = folder / "register.xlsx", folder / "marked.xlsx"
    sheet = Sheet("台账", "台账", columns, rows, key_scope="bench")
    wrong = [CellError(n, "不是数字", "amount") for n in range(10, 200)]
    say(f"写 {ROWS} 行 × {len(columns)} 列", _timed(lambda: write_workbook(out, [sheet])))
    say("读回", _timed(lambda: read_workbook(out, columns, key_scope="bench")))
    read = read_workbook(out, columns, key_scope="bench")
    say("批注 190 处错误", _timed(lambda: mark_errors(read, marked, wrong)))


def _matrix(folder: Path) -> None:
    from PySide6.QtGui import QGuiApplication

    from ganzhou_desktop.documents.sheet_files import write_sheet
    from ganzhou_desktop.ui.printing.export import matrix_sheet
    from ganzhou_desktop.ui.printing.matrix_print import matrix_document
    from ganzhou_desktop.ui.printing.painting import to_pdf
    from tests.ui.printing.samples import PRINT, big_matrix

    application = QGuiApplication.instance() or QGuiApplication(["bench"])
    matrix = big_matrix()
    size = f"{len(matrix.tasks)} × {len(matrix.units)} 的矩阵"
    workbook = folder / "matrix.xlsx"
    say(f"{size}写成 xlsx", _timed(lambda: write_sheet(workbook, matrix_sheet(matrix))))
    say(f"{size}写成 docx", _timed(lambda: write_sheet(folder / "matrix.docx", matrix_sheet(matrix), size=8)))
    ours = _timed(lambda: to_pdf(matrix_document(matrix, **PRINT), folder / "ours.pdf"))
    office = shutil.which("soffice")
    if office is None:
        say(f"{size}写成 PDF（本机没有 LibreOffice，不能比）", ours)
        return
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    theirs = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
    say(f"{size}写成 PDF", ours, "LibreOffice 打开同一张 xlsx 并转 PDF", theirs)
    del application
