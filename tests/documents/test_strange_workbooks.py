"""Workbooks as they come: other kinds, odd headers, and files made to do harm."""

import contextlib
import io
import struct
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ganzhou_desktop.documents import files, grids
from ganzhou_desktop.documents.sheets import CellError, CellValue, Column, mark_errors, read_workbook
from ganzhou_desktop.domain.errors import RuleBroken

SAMPLES = Path(__file__).parent / "samples"
COLUMNS = (
    Column("name", "企业名称", aliases=("单位名称",)),
    Column("amount", "金额", "decimal", unit="万元"),
    Column("count", "人数", "integer"),
    Column("on", "认定日期", "date"),
)


def workbook(tmp_path: Path, rows: list[list[object]], *merged: str) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(tmp_path / "表.xlsx")
    return tmp_path / "表.xlsx"


def cells(path: Path, columns: tuple[Column, ...] = COLUMNS) -> list[dict[str, CellValue]]:
    return [dict(row.cells) for row in read_workbook(path, columns).rows]


def refusal(path: Path) -> RuleBroken:
    with pytest.raises(RuleBroken) as refused:
        read_workbook(path, COLUMNS)
    assert path.name in refused.value.text
    assert "没有读入任何内容" in refused.value.text
    return refused.value


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_excel_and_open_document_are_read_alike_and_marked_in_a_new_workbook(tmp_path: Path, kind: str) -> None:
    source = SAMPLES / f"libreoffice.{kind}"
    read = read_workbook(source, COLUMNS)
    assert [(row.number, dict(row.cells)) for row in read.rows] == [
        (3, {"name": "甲公司（样例）", "amount": Decimal("3.5"), "count": 12, "on": date(2018, 4, 5)}),
        (4, {"name": "乙公司（样例）", "amount": Decimal("0.1"), "count": 3, "on": "2018年4月6日"}),
    ]
    mark_errors(read, tmp_path / "批注.xlsx", [CellError(4, "日期不对", "on")])
    page = openpyxl.load_workbook(tmp_path / "批注.xlsx").active
    assert (page["A1"].value, page["A3"].value, page["B3"].value) == ("企业培育台账", "甲公司（样例）", 3.5)
    assert (page["E4"].value, page["D4"].comment.text) == ("日期不对", "日期不对")


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files_in_the_codes_of_windows(tmp_path: Path, code: str, separator: str) -> None:
    lines = [["单位名称", "金额", "人数"], ["甲公司", "3.5", "１２"], ['"两\n行"', "", ""]]
    path = tmp_path / "表.csv"
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(code))
    assert cells(path) == [{"name": "甲公司", "amount": "3.5", "count": "１２"}, {"name": "两\n行"}]


def test_the_header_is_found_below_titles_and_by_other_words(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["某某台账"],
        ["填报单位：样例局"],
        [],
        ["序号", " 单位 名称*", "金额(元)", "人 数"],
        [1, "甲", 2.5, 3],
    ]
    read = read_workbook(workbook(tmp_path, rows, "A1:D1"), COLUMNS)
    assert read.header_row == 4
    assert [(row.number, dict(row.cells)) for row in read.rows] == [
        (5, {"name": "甲", "amount": Decimal("2.5"), "count": 3})
    ]
    assert (read.missing, read.unknown) == (("认定日期",), ("序号",))


def test_a_header_of_two_rows_with_merged_titles(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["企业名称", "资金", None, "认定"],
        [None, "金额", "人数", "日期"],
        ["甲", 5, 6, "2018.4.5"],
    ]
    path = workbook(tmp_path, rows, "A1:A2", "B1:C1")
    assert cells(path) == [{"name": "甲", "amount": 5, "count": 6, "on": "2018.4.5"}]


def test_merged_words_count_for_each_row_merged_amounts_once(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, [["企业名称", "金额", "人数"], ["甲", 5, 1], [None, None, 2], [None, None, 3]], "A2:A4", "B2:B4"
    )
    read = read_workbook(path, COLUMNS)
    assert [dict(row.cells) for row in read.rows] == [
        {"name": "甲", "amount": 5, "count": 1},
        {"name": "甲", "count": 2},
        {"name": "甲", "count": 3},
    ]
    assert [note[:9] for note in read.notes] == ["第 2–4 行合并", "第 2–4 行合并"]
    assert "只算在第 2 行" in read.notes[1]


def test_the_sheet_with_most_titles_is_read_and_hidden_ones_are_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    for name, state in (("旧", "hidden"), ("一", "visible"), ("二", "visible")):
        page = book.create_sheet(name)
        page.sheet_state = state
        page.append(["企业名称", "金额", *(["人数"] if name != "一" else [])])
        page.append([name, 1, 2])
    book.save(tmp_path / "表.xlsx")
    read = read_workbook(tmp_path / "表.xlsx", COLUMNS)
    assert (read.sheet, read.rows[0].cells["name"]) == ("二", "二")
    assert read.notes == ("文件里有 2 张表都有这样的表头，读的是“二”；其余的没有读。",)


def test_numbers_without_noise_and_formulas_without_result(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["企业名称", "金额", "人数"], [13800000000, 0.1 + 0.2, "=1+1"]])
    read = read_workbook(path, COLUMNS)
    assert read.rows[0].cells == {"name": 13800000000, "amount": Decimal("0.3")}
    assert "1 个公式没有算出的结果" in read.notes[0]


def test_cells_shown_as_percent_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["企业名称", "金额", "人数"], ["甲", 0.45, 1], ["乙", 0.5, 2]])
    assert read_workbook(path, COLUMNS).notes == ()
    book = openpyxl.load_workbook(path)
    book.active["B2"].number_format, book.active["B3"].number_format = "0%", "0.0%"
    book.save(path)
    read = read_workbook(path, COLUMNS)
    assert read.rows[0].cells["amount"] == Decimal("0.45")
    assert "2 个格子用了百分数格式" in read.notes[0]


def test_no_titles_no_sheet_no_content(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path, [["甲", "乙"], [1, 2]])).code == "no_titles"
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")
    assert refusal(empty).code == "empty_file"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><table><tr><td>x</td></tr></table></html>", "wrong_kind"),
        (b"%PDF-1.7 ...", "wrong_kind"),
        (b"\x00\x01\x02\x03" * 50, "wrong_kind"),
        (b"PK\x03\x04" + b"x" * 200, "damaged"),
        (files._OLE + b"\0" * 600 + "EncryptedPackage\0".encode("utf-16-le"), "has_password"),
        (files._OLE + b"\0" * 600 + "WordDocument\0".encode("utf-16-le"), "wrong_kind"),
        (files._OLE + b"\xff" * 600 + "Workbook\0".encode("utf-16-le"), "damaged"),
        (files._OLE + b"\0" * 2000, "wrong_kind"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "给你的.xls"
    path.write_bytes(data)
    assert refusal(path).code == code


def with_part(source: Path, name: str, data: bytes) -> Path:
    """The workbook with one part replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, data)
    source.write_bytes(buffer.getvalue())
    return source


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    "cells_xml",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="CV90000"><v>1</v></c></row>',
        b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
        b'<row r="100001"><c><v>1</v></c></row>',
    ],
)
def test_two_cells_far_apart_are_not_made_room_for(tmp_path: Path, cells_xml: bytes) -> None:
    path = with_part(workbook(tmp_path, [["企业名称"]]), "xl/worksheets/sheet1.xml", SHEET % cells_xml)
    assert refusal(path).code in ("too_big", "damaged")


def test_formats_to_the_end_of_the_sheet_do_no_harm(tmp_path: Path) -> None:
    xml = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xe4\xbc\x81\xe4\xb8\x9a\xe5\x90\x8d\xe7\xa7\xb0</t></is></c></row>'
        b'<row r="2"><c r="A2"><v>7</v></c><c r="XFD2"/></row><row r="1048576"><c r="A1048576"/></row>'
    )
    path = with_part(workbook(tmp_path, [["x"]]), "xl/worksheets/sheet1.xml", SHEET % xml)
    assert cells(path, COLUMNS[:1]) == [{"name": 7}]


def test_a_zip_bomb_is_stopped_whatever_it_says_of_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNZIPPED", 2**20)
    path = with_part(workbook(tmp_path, [["企业名称"]]), "xl/sharedStrings.xml", b" " * 2**22)
    assert refusal(path).code == "too_big"
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 2**22), struct.pack("<I", 100)))
    assert refusal(path).code in ("too_big", "damaged")


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"ha" * 1000)
    sheet = SHEET % b'<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>'
    path = with_part(workbook(tmp_path, [["企业名称"]]), "xl/worksheets/sheet1.xml", bomb + sheet)
    refusal(path)


@pytest.mark.parametrize(
    "xml",
    [
        b'<c xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><v>1</v></c>',
        SHEET % b'<row r="1"><c r="A1"><!-- x --><?y z?><v>1</v></c></row>',
        SHEET % b'<row r="1"><c r="\xc3\x841"><v>1</v></c></row>',
        SHEET % b'<row r="x"><c><v>1</v></c></row>',
    ],
    ids=["no sheet", "a remark in a cell", "no such column", "no such row"],
)
def test_xml_that_no_program_writes_ends_in_a_sentence(tmp_path: Path, xml: bytes) -> None:
    refusal(with_part(workbook(tmp_path, [["企业名称"]]), "xl/worksheets/sheet1.xml", xml))


def test_merged_areas_on_one_another_are_not_filled_for_ever(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["企业名称"], ["甲"]])
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><v>\xe4\xbc\x81\xe4\xb8\x9a\xe5\x90\x8d\xe7\xa7\xb0</v></c></row>' % (n, n)
        for n in (1, 2, 90_000)
    )
    for count in (30, 6000):
        areas = b"".join(b'<mergeCell ref="A2:A%d"/>' % (90_000 - n % 50) for n in range(count))
        data = (SHEET % rows).replace(b"</sheetData>", b"</sheetData><mergeCells>%s</mergeCells>" % areas)
        with_part(path, "xl/worksheets/sheet1.xml", data)
        with pytest.raises(RuleBroken, match="合并的单元格"):
            read_workbook(path, COLUMNS[:1])


def test_an_ods_row_that_stands_for_a_million_is_not_made_room_for(tmp_path: Path) -> None:
    source = tmp_path / "表.ods"
    source.write_bytes((SAMPLES / "libreoffice.ods").read_bytes())
    with zipfile.ZipFile(source) as archive:
        content = archive.read("content.xml")
    at = content.index(b"<table:table-cell", content.index("甲公司".encode()) - 400)
    for name in (b"number-columns-repeated", b"number-rows-repeated"):
        changed = content
        if name == b"number-columns-repeated":
            changed = content[:at] + b'<table:table-cell table:%s="99999"' % name + content[at + 17 :]
        else:
            row = content.rindex(b"<table:table-row", 0, at)
            changed = content[:row] + b'<table:table-row table:%s="999999"' % name + content[row + 16 :]
        assert refusal(with_part(source, "content.xml", changed)).code == "too_big"


def test_a_file_that_takes_too_long_or_is_too_big_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, [["企业名称"], ["甲"]])
    monkeypatch.setattr(grids, "PATIENCE", -1.0)
    assert "没有读完" in refusal(path).text
    monkeypatch.setattr(files, "MAX_FILE", 100)
    assert refusal(path).code == "too_big"


def test_an_old_workbook_with_columns_out_of_bounds_or_a_password(tmp_path: Path) -> None:
    data = (SAMPLES / "libreoffice.xls").read_bytes()
    path = tmp_path / "表.xls"
    number = data.index(struct.pack("<HH", 0x00FD, 10))  # the first text cell: record, length, then row and column
    path.write_bytes(data[: number + 6] + struct.pack("<H", 60_000) + data[number + 8 :])
    assert refusal(path).code == "too_big"
    path.write_bytes(data[:number] + struct.pack("<H", 0x002F) + data[number + 2 :])
    assert refusal(path).code == "has_password"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_file_cut_or_spoilt_anywhere_ends_in_rows_or_a_sentence(tmp_path: Path, kind: str) -> None:
    whole = (
        workbook(tmp_path, [["企业名称", "金额"], ["甲", 1]]) if kind == "xlsx" else SAMPLES / f"libreoffice.{kind}"
    ).read_bytes()
    path = tmp_path / f"坏.{kind}"
    for at in range(8, len(whole), max(1, len(whole) // 60)):
        for data in (whole[:at], whole[:at] + b"\xff\x00\xfe" + whole[at + 3 :]):
            path.write_bytes(data)
            with contextlib.suppress(RuleBroken):
                read_workbook(path, COLUMNS)
