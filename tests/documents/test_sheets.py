"""Workbooks out and in: what was written comes back, and nothing that was typed becomes a formula."""

import subprocess
import sys
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzhou_desktop.documents.files import clean
from ganzhou_desktop.documents.sheets import (
    GROUP,
    TOTAL,
    CellError,
    CellValue,
    Column,
    Row,
    Sheet,
    clipboard_text,
    mark_errors,
    read_pasted,
    read_workbook,
    rows_from_clipboard,
    write_workbook,
)
from ganzhou_desktop.domain.errors import EnvironmentFailed

COLUMNS = (
    Column("name", "企业名称"),
    Column("amount", "金额", "decimal", unit="万元"),
    Column("count", "人数", "integer"),
    Column("on", "认定日期", "date"),
    Column("level", "级别", "choice", choices=("国家级", "省级", "市级,其他")),
    Column("paid", "已拨付", "flag"),
)
ROWS = (
    Row(("甲公司（样例）", Decimal("3.50"), 12, date(2018, 4, 5), "省级", True), "E1"),
    Row(("乙公司（样例）", Decimal("0.1"), 0, date(2017, 12, 31), "市级,其他", False), "E2"),
)


def sheet(rows: tuple[Row, ...] = ROWS, **more: object) -> Sheet:
    made: dict[str, object] = {
        "name": "企业",
        "title": "企业培育台账",
        "columns": COLUMNS,
        "rows": rows,
        "lines": ("填报单位：样例局", "筛选：级别为省级，只看未拨付"),
        "foot": ("填报单位（盖章）：　填表人：",),
        "key_scope": "ledger/enterprises",
        **more,
    }
    return Sheet(**made)  # type: ignore[arg-type]


def written(tmp_path: Path, *sheets: Sheet) -> Path:
    path = tmp_path / "表.xlsx"
    write_workbook(path, sheets)
    return path


def as_typed(values: tuple[CellValue, ...]) -> dict[str, CellValue]:
    words = ["是" if v is True else "否" if v is False else v for v in values]
    return {c.key: v for c, v in zip(COLUMNS, words, strict=True) if v is not None}


def test_what_was_written_comes_back_with_its_row_ids(tmp_path: Path) -> None:
    read = read_workbook(written(tmp_path, sheet()), COLUMNS, key_scope="ledger/enterprises")
    assert [row.cells for row in read.rows] == [as_typed(row.cells) for row in ROWS]
    assert [(row.id, row.number) for row in read.rows] == [("E1", 5), ("E2", 6)]
    assert (read.header_row, read.missing, read.unknown, read.notes) == (4, (), (), ())


def test_an_id_of_another_ledger_or_a_copied_row_counts_as_new(tmp_path: Path) -> None:
    path = written(tmp_path, sheet((ROWS[0], ROWS[0], ROWS[1])))
    read = read_workbook(path, COLUMNS, key_scope="ledger/enterprises")
    assert [row.id for row in read.rows] == ["E1", "", "E2"]
    assert "复制" in read.rows[1].id_problem
    other = read_workbook(path, COLUMNS, key_scope="other/enterprises")
    assert [row.id for row in other.rows] == ["", "", ""]
    assert all("别的台账" in row.id_problem for row in other.rows)


def test_groups_totals_and_foot_are_no_entries(tmp_path: Path) -> None:
    rows = (Row(("一组", *[None] * 5), kind=GROUP), *ROWS, Row(("合计", Decimal("3.6"), *[None] * 4), kind=TOTAL))
    read = read_workbook(written(tmp_path, sheet(rows)), COLUMNS, key_scope="ledger/enterprises")
    assert [row.id for row in read.rows] == ["E1", "E2"]


def test_the_sheet_is_ready_for_the_printer_and_for_filters(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, sheet()))
    page = book["企业"]
    assert [page["A1"].value, page["A2"].value, page["A3"].value] == [
        "企业培育台账",
        "填报单位：样例局",
        "筛选：级别为省级，只看未拨付",
    ]
    assert [cell.value for cell in page[4]][:3] == ["企业名称", "金额（万元）", "人数"]
    assert (page.freeze_panes, page.print_title_rows, page.auto_filter.ref) == ("B5", "$4:$4", "A4:G6")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.page_setup.orientation) == (1, 0, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert not page.merged_cells.ranges
    assert page.column_dimensions["G"].hidden
    assert "筛选：级别为省级" in page.oddHeader.right.text
    assert (page["B5"].value, page["D5"].value.date(), page["D5"].number_format) == (
        3.5,
        date(2018, 4, 5),
        "yyyy-mm-dd",
    )
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"E5:E506": "'选项'!$A$1:$A$3", "F5:F506": "'选项'!$B$1:$B$2"}
    assert (book["选项"].sheet_state, [c.value for c in book["选项"]["A"]]) == (
        "hidden",
        ["国家级", "省级", "市级,其他"],
    )


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-甲", "@SUM(A1)", '=HYPERLINK("x")', "＝1+1", "#N/A"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, sheet((Row((text, *[None] * 5)),)))
    cell = openpyxl.load_workbook(path)["企业"]["A5"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == (text != "#N/A")
    with zipfile.ZipFile(path) as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist() if "sheets/sheet" in name)
    assert read_workbook(path, COLUMNS).rows[0].cells == {"name": text}


def test_what_a_text_needs_does_not_rub_off_on_the_cells_below(tmp_path: Path) -> None:
    rows = (("=1", *[None] * 5), ("甲", *[None] * 5), (date(2018, 4, 5), *[None] * 5), ("乙", *[None] * 5))
    page = openpyxl.load_workbook(written(tmp_path, sheet(tuple(Row(cells) for cells in rows))))["企业"]
    assert [page.cell(n, 1).quotePrefix for n in range(5, 9)] == [True, False, False, False]
    assert [page.cell(n, 1).number_format for n in (6, 8)] == ["@", "@"]
    assert page["A7"].value.date() == date(2018, 4, 5)


def test_more_than_a_cell_holds_is_cut_and_says_so(tmp_path: Path) -> None:
    read = read_workbook(written(tmp_path, sheet((Row(("长" * 40_000, *[None] * 5)),))), COLUMNS)
    text = str(read.rows[0].cells["name"])
    assert len(text) == 32767
    assert text.endswith("此处截断，全文见台账）")


def test_long_numbers_keep_their_last_digit(tmp_path: Path) -> None:
    row = Row((None, Decimal("123456789012345678.5"), 12345678901234567, None, None, None))
    read = read_workbook(written(tmp_path, sheet((row,))), COLUMNS)
    assert read.rows[0].cells == {"amount": "123456789012345678.5", "count": "12345678901234567"}


def test_sheet_names_that_excel_refuses_are_mended(tmp_path: Path) -> None:
    path = written(
        tmp_path, sheet(name="区/局[1]:*?" + "长" * 40), sheet(name="选项"), sheet(name="a"), sheet(name="A")
    )
    names = openpyxl.load_workbook(path).sheetnames
    assert len({name.lower() for name in names}) == 5
    assert all(len(name) <= 31 for name in names)


def test_a_file_that_cannot_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "表.xlsx"
    folder.mkdir()
    with pytest.raises(EnvironmentFailed, match="正被别的程序打开"):
        write_workbook(folder, [sheet()])
    with pytest.raises(EnvironmentFailed, match="文件夹不在了"):
        write_workbook(tmp_path / "没有" / "表.xlsx", [sheet()])
    assert [p.name for p in tmp_path.iterdir()] == ["表.xlsx"]


SOME_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["_x0041_", "a_x000D_b", "换\n行", "'=1", "''", '"甲"', '"', "=cmd|' /C calc'!A0", "001", "1e5", "-5.3", "　全角　"]
)
CELLS = st.tuples(
    SOME_TEXT,
    st.decimals(-(10**9), 10**9, places=4, allow_nan=False) | st.none(),
    st.integers(0, 10**12) | st.none(),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)) | st.none(),
    st.sampled_from(COLUMNS[4].choices) | st.none(),
    st.booleans() | st.none(),
)


@settings(max_examples=60)
@given(rows=st.lists(CELLS, min_size=1, max_size=6))
def test_any_values_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[CellValue, ...]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "表.xlsx"
    write_workbook(path, [sheet(tuple(Row(row, f"E{n}") for n, row in enumerate(rows)))])
    expected = []
    for n, row in enumerate(rows):
        cells = as_typed(row)
        cells["name"] = clean(str(cells["name"])).strip()
        if not cells["name"]:
            del cells["name"]
        if cells:
            expected.append((f"E{n}", cells))
    read = read_workbook(path, COLUMNS, key_scope="ledger/enterprises")
    assert [(row.id, dict(row.cells)) for row in read.rows] == expected


@given(rows=st.lists(st.lists(SOME_TEXT, min_size=2, max_size=4), min_size=1, max_size=4))
def test_the_clipboard_gives_back_what_it_was_given(rows: list[list[str]]) -> None:
    assert rows_from_clipboard(clipboard_text(rows)) == [[clean(cell) for cell in row] for row in rows]


def test_the_clipboard_carries_no_formula_and_reads_what_excel_puts_there() -> None:
    assert clipboard_text([["=1+1", "-5.3", Decimal("-2"), date(2018, 4, 5), True, None]]) == (
        "'=1+1\t-5.3\t-2\t2018-04-05\t是\t\r\n"
    )
    assert clipboard_text([["\t=1", "两\n行"]]) == '"\'\t=1"\t"两\n行"\r\n'
    assert rows_from_clipboard('"甲"公司\t"两\n行 ""引""  "\t"独"\r\n\tb\r\n') == [
        ['"甲"公司', '两\n行 "引"  ', '"独"'],
        ["", "b"],
    ]
    assert rows_from_clipboard("") == []


def test_pasted_rows_go_by_their_titles_or_else_by_their_order() -> None:
    by_title = read_pasted("人数\t企业名称\t 金额(万元) \r\n3\t甲\t1,000.5\r\n", COLUMNS)
    assert by_title.rows[0].cells == {"count": "3", "name": "甲", "amount": "1,000.5"}
    assert read_pasted("甲\t5\t3\n", COLUMNS).rows[0].cells == {"name": "甲", "amount": "5", "count": "3"}


def test_wrong_cells_come_back_marked_in_the_clerks_own_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"] = "我的表", "企业名称"
    page["B2"], page["C2"], page["D2"] = "金额（万元）", "合计", "自己的列"
    page["A3"], page["B3"], page["C3"], page["D3"] = "甲", "很多", "=B3*2", "备注"
    page["A3"].font = openpyxl.styles.Font(bold=True)
    page.column_dimensions["A"].width = 33
    source, marked, again = tmp_path / "原表.xlsx", tmp_path / "批注.xlsx", tmp_path / "再批.xlsx"
    book.save(source)
    before = source.read_bytes()
    columns = COLUMNS[:2]
    errors = [CellError(3, "“金额”填的“很多”不是数字", "amount"), CellError(3, "=缺认定日期")]
    mark_errors(read_workbook(source, columns), marked, errors)
    page = openpyxl.load_workbook(marked).active
    assert (page["E2"].value, page["E3"].value) == ("导入说明", "“金额”填的“很多”不是数字\n=缺认定日期")
    assert page["B3"].comment.text == "“金额”填的“很多”不是数字"
    assert page["B3"].fill.fgColor.rgb == "00FFD9D9"
    assert (page["C3"].value, page["D3"].value, page["A3"].font.bold) == ("=B3*2", "备注", True)
    assert page.column_dimensions["A"].width == 33
    assert source.read_bytes() == before
    mark_errors(read_workbook(marked, columns), again, [CellError(3, "还缺日期")])
    page = openpyxl.load_workbook(again).active
    assert (page["E3"].value, page["F2"].value, page["B3"].comment) == ("还缺日期", None, None)
    assert page["B3"].fill.fill_type is None


def test_errors_in_text_files_come_back_as_a_new_workbook(tmp_path: Path) -> None:
    source = tmp_path / "表.csv"
    source.write_bytes("企业名称,金额\n甲,=1+1\n".encode("gb18030"))
    mark_errors(read_workbook(source, COLUMNS[:2]), tmp_path / "批注.xlsx", [CellError(2, "不是数字", "amount")])
    page = openpyxl.load_workbook(tmp_path / "批注.xlsx").active
    assert [[cell.value for cell in row] for row in page] == [
        ["企业名称", "金额", "导入说明"],
        ["甲", "=1+1", "不是数字"],
    ]
    assert page["B2"].data_type == "s"


def test_office_libraries_are_not_loaded_before_they_are_used() -> None:
    code = (
        "import sys, ganzhou_desktop.documents.sheets;"
        "sys.exit(any(m in sys.modules for m in ('openpyxl', 'python_calamine', 'docx', 'lxml')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_many_rows_are_written_and_read_within_seconds(tmp_path: Path) -> None:
    day = date(2018, 1, 1)
    rows = tuple(
        Row((f"企业{n}", Decimal(n) / 4, n, day + timedelta(n % 900), "省级", n % 2 == 0), f"E{n}") for n in range(3000)
    )
    read = read_workbook(written(tmp_path, sheet(rows)), COLUMNS, key_scope="ledger/enterprises")
    assert len(read.rows) == 3000
    assert read.rows[2999].cells == as_typed(rows[2999].cells)
