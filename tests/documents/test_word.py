"""The form goes out as .docx, is edited by hand, and comes back by its labels; nothing but words is let in."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzhou_desktop.documents import files
from ganzhou_desktop.documents.files import clean
from ganzhou_desktop.documents.word import FormDocument, FormRow, write_form_docx, write_table_docx
from ganzhou_desktop.documents.word_reading import FormAnswers, read_form_docx
from ganzhou_desktop.domain.errors import RuleBroken

FORM = FormDocument(
    "ledger/kjj/2018Q1",
    "填报表（样例）",
    ("填报单位：样例局", "期次：2018年第一季度"),
    (
        FormRow("任务1　争创园区基地（牵头）"),
        FormRow("1　本期进展", "T1.progress", "完成申报。\n已报市直部门。"),
        FormRow("存在问题", "T1.problems", ""),
        FormRow("任务2　创新平台（配合）"),
        FormRow("2　本期进展", "T2.progress", "=1+1 <b>&amp;"),
        FormRow("存在问题", "T2.problems", "经费不足"),
    ),
    ("负责人：　审核人：　填表人：　电话：　日期：",),
    "请只改右边一栏。",
)
VALUES = {row.key: row.content for row in FORM.rows if row.key}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_form_docx(tmp_path / "表.docx", FORM)
    return tmp_path / "表.docx"


def edited(path: Path, change: Callable[[Any], None]) -> FormAnswers:
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))
    return read_form_docx(path, FORM)


def content(document: Any, row: int) -> Any:
    return document.tables[0].rows[row].cells[1]


def label(document: Any, row: int) -> Any:
    return document.tables[0].rows[row].cells[0]


def without_marks(document: Any) -> None:
    for mark in list(document.element.body.iter(qn("w:bookmarkStart"))):
        mark.getparent().remove(mark)


def retyped(cell: Any, text: str) -> None:
    """Typed over, as a person does: the hidden mark of the row stays."""
    cell.paragraphs[0].runs[0].text = text


def test_what_went_out_comes_back(path: Path) -> None:
    back = read_form_docx(path, FORM)
    assert (back.values, back.notes, back.absent, back.known) == (VALUES, (), (), True)
    assert back.heading[:3] == ("填报表（样例）", "填报单位：样例局", "期次：2018年第一季度")


def test_the_page_is_the_standards(path: Path) -> None:
    document = docx.Document(str(path))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side / Mm(1)) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    fonts = [r.element.rPr.rFonts.get(qn("w:eastAsia")) for p in document.paragraphs for r in p.runs]
    assert fonts[0] == "方正小标宋简体"
    with zipfile.ZipFile(path) as archive:
        assert 'w:altName w:val="华文中宋,宋体"' in archive.read("word/fontTable.xml").decode()


def test_edited_words_are_taken_in_whatever_they_look_like(path: Path) -> None:
    def change(document: Any) -> None:
        cell = content(document, 1)
        cell.text = ""
        cell.paragraphs[0].add_run("甲").bold = True
        cell.paragraphs[0].add_run("\t乙\n丙")
        cell.add_paragraph("丁")
        cell.add_paragraph("")
        within = cell.add_table(1, 2)
        within.cell(0, 0).text, within.cell(0, 1).text = "戊", "己"

    back = edited(path, change)
    assert back.values == {**VALUES, "T1.progress": "甲\t乙\n丙\n丁\n\n戊\n己"}
    assert back.notes == ()


def test_deleted_words_of_tracked_changes_are_left_out(path: Path) -> None:
    def change(document: Any) -> None:
        paragraph = content(document, 5).paragraphs[0]._p
        run = paragraph.findall(qn("w:r"))[0]
        added = paragraph.makeelement(qn("w:ins"), {})
        paragraph.append(added)
        new = paragraph.makeelement(qn("w:r"), {})
        text = paragraph.makeelement(qn("w:t"), {})
        text.text = "已解决"
        new.append(text)
        added.append(new)
        gone = paragraph.makeelement(qn("w:del"), {})
        paragraph.append(gone)
        gone.append(run)

    assert edited(path, change).values["T2.problems"] == "已解决"


def test_without_hidden_marks_the_labels_and_their_part_decide(path: Path) -> None:
    back = edited(path, without_marks)
    assert (back.values, back.notes, back.known) == (VALUES, (), False)


def test_a_renamed_label_is_known_by_its_mark_and_said(path: Path) -> None:
    back = edited(path, lambda document: retyped(label(document, 5), "困难和问题"))
    assert back.values == VALUES
    assert back.notes == ("栏目“存在问题”的名称被改成了“困难和问题”，内容按原栏目读入；请核对。",)


def test_a_renamed_label_without_mark_is_told_and_the_rest_taken(path: Path) -> None:
    def change(document: Any) -> None:
        without_marks(document)
        retyped(label(document, 5), "困难和问题")

    back = edited(path, change)
    assert back.values == {key: text for key, text in VALUES.items() if key != "T2.problems"}
    assert [row.key for row in back.absent] == ["T2.problems"]
    assert back.notes == ("栏目“困难和问题”不在这张表里，它的内容没有读入；请把内容移到原来的栏目里。",)


def test_swapped_labels_are_not_guessed(path: Path) -> None:
    def change(document: Any) -> None:
        retyped(label(document, 1), "2　本期进展")

    back = edited(path, change)
    assert "T1.progress" not in back.values
    assert "分不清" in back.notes[0]


def test_a_row_twice_counts_once(path: Path) -> None:
    def change(document: Any) -> None:
        row = document.tables[0].rows[1]._tr
        copy = docx.oxml.parse_xml(docx.oxml.xmlchemy.serialize_for_reading(row))
        row.addnext(copy)
        retyped(content(document, 2), "第二份")

    back = edited(path, change)
    assert back.values["T1.progress"] == VALUES["T1.progress"]
    assert "出现了两次" in back.notes[0]


def test_a_removed_row_is_absent_not_empty(path: Path) -> None:
    def change(document: Any) -> None:
        row = document.tables[0].rows[2]._tr
        row.getparent().remove(row)

    back = edited(path, change)
    assert "T1.problems" not in back.values
    assert [row.key for row in back.absent] == ["T1.problems"]


def test_pictures_and_automatic_numbers_are_said_to_be_lost(path: Path) -> None:
    def change(document: Any) -> None:
        paragraph = content(document, 2).add_paragraph("第一点", style="List Number")
        numbers = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbers.get_or_add_numId().val = 1
        paragraph._p.append(paragraph._p.makeelement(qn("w:drawing"), {}))

    back = edited(path, change)
    assert back.values["T1.problems"] == "第一点"
    assert [note[9:14] for note in back.notes] == ["的图片没有", "了自动编号"]


def test_another_units_form_is_refused(path: Path) -> None:
    other = FormDocument("ledger/czj/2018Q1", FORM.title, FORM.lines, FORM.rows)
    with pytest.raises(RuleBroken, match="别的单位或别的期次"):
        read_form_docx(path, other)


def with_part(path: Path, name: str, data: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, data)
    path.write_bytes(buffer.getvalue())


DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">%s</w:document>'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("word/vbaProject.bin", b"x", "has_macros"),
        ("word/activeX/activeX1.xml", b"x", "has_macros"),
        ("word/embeddings/oleObject1.bin", b"x", "has_objects"),
        ("word/document.xml", b"<not xml", "damaged"),
        ("word/document.xml", ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + DOCUMENT % "<w:body/>").encode(), "damaged"),
        ("word/document.xml", (DOCUMENT % "<w:body><w:altChunk/></w:body>").encode(), "damaged"),
        ("word/document.xml", (DOCUMENT % "<w:body/>").encode(), "no_rows"),
        ("word/document.xml", (DOCUMENT % "").encode(), "damaged"),
        ("word/document.xml", b" " * (2**21), "too_big"),
    ],
)
def test_what_holds_more_than_words_is_refused(
    path: Path, name: str, data: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_UNZIPPED", 2**20)
    with_part(path, name, data)
    with pytest.raises(RuleBroken) as refused:
        read_form_docx(path, FORM)
    assert refused.value.code == code
    assert "没有读入任何内容" in refused.value.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files._OLE + b"\0" * 600 + "WordDocument\0".encode("utf-16-le"), "old_word"),
        (files._OLE + b"\0" * 600 + "EncryptedPackage\0".encode("utf-16-le"), "has_password"),
        (b"{\\rtf1 x}", "wrong_kind"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_what_is_no_docx_is_refused_with_what_to_do(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "表.docx"
    path.write_bytes(data)
    with pytest.raises(RuleBroken) as refused:
        read_form_docx(path, FORM)
    assert refused.value.code == code


def test_a_workbook_is_no_form(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "表.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    with pytest.raises(RuleBroken, match=r"不是 \.docx"):
        read_form_docx(tmp_path / "表.docx", FORM)


@settings(max_examples=40)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=4, max_size=4))
def test_any_words_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "表.docx"
    keys = iter(texts)
    rows = tuple(FormRow(r.label, r.key, next(keys) if r.key else "") for r in FORM.rows)
    write_form_docx(path, FormDocument(FORM.code, FORM.title, FORM.lines, rows))
    said = ["\n".join(line.rstrip() for line in clean(text).split("\n")).strip("\n").strip() for text in texts]
    assert list(read_form_docx(path, FORM).values.values()) == said


def test_a_table_repeats_its_header_and_keeps_rows_whole(tmp_path: Path) -> None:
    path = tmp_path / "表.docx"
    write_table_docx(
        path,
        "责任矩阵",
        ("任务", "单位"),
        (("一、三大平台", ""), ("1　争创", "牵头 正常")),
        ("填报单位（盖章）：",),
        widths=(3, 1),
        lines=("2018年第一季度",),
        groups=frozenset({0}),
        paper="A3",
    )
    document = docx.Document(str(path))
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["任务", "单位"],
        ["一、三大平台", "一、三大平台"],
        ["1　争创", "牵头 正常"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (420, 297)
    assert [p.text for p in document.paragraphs] == ["责任矩阵", "2018年第一季度", "填报单位（盖章）："]
