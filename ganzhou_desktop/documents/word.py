"""Writes .docx: a form that comes back filled in, and tables; GB/T 9704 paper, fonts by name with what replaces them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ganzhou_desktop.documents.files import clean, write_whole

TITLE_FONT, TEXT_FONT, HEAD_FONT, KAI_FONT = "方正小标宋简体", "仿宋", "黑体", "楷体"
_INSTEAD = {
    TITLE_FONT: "华文中宋,宋体",
    TEXT_FONT: "仿宋_GB2312,FangSong",
    HEAD_FONT: "SimHei",
    KAI_FONT: "楷体_GB2312,KaiTi",
}
"""What Word and WPS take when a font is not on the PC; 小标宋 never comes with Windows."""
_PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
_BOOKMARK, _FORM_BOOKMARK = "gzrow_", "gzform_"


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the form: a fixed label, and the text that is the chief's to change.  A row without a key is a heading."""

    label: str
    key: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class FormDocument:
    """A form of one table.  `code` says which form of which unit and 期次 this is; another's is refused when it comes back."""

    code: str
    title: str
    lines: tuple[str, ...]
    """Under the title: unit, 期次."""
    rows: tuple[FormRow, ...]
    foot: tuple[str, ...] = ()
    note: str = ""
    """What to do with the form, above the table."""


def row_bookmark(key: str) -> str:
    """The hidden name of a row: letters and digits, as bookmarks ask for."""
    return _BOOKMARK + _digest(key)


def form_bookmark(code: str) -> str:
    return _FORM_BOOKMARK + _digest(code)


def is_form_bookmark(name: str) -> bool:
    return name.startswith(_FORM_BOOKMARK)


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def write_form_docx(path: Path, form: FormDocument) -> None:
    """The form on A4, complete under its name or not at all.  Raises EnvironmentFailed."""
    page = _Page("A4", landscape=False)
    page.paragraph(form.title, TITLE_FONT, 22, "center", bookmark=form_bookmark(form.code))
    for line in form.lines:
        page.paragraph(line, KAI_FONT, 14, "center")
    if form.note:
        page.paragraph(form.note, TEXT_FONT, 10.5, "left")
    table = page.table((32, 124), len(form.rows))
    for n, row in enumerate(form.rows):
        label, content = table.rows[n].cells
        if not row.key:
            page.cell(label.merge(content), row.label, HEAD_FONT, 12, shade="EDEDED")
            page.keep_whole(table.rows[n], with_next=True)
            continue
        page.cell(label, row.label, HEAD_FONT, 12, bookmark=row_bookmark(row.key))
        page.cell(content, row.content, TEXT_FONT, 12, align="left")
    for line in form.foot or ("",):
        page.paragraph(line, TEXT_FONT, 12, "left")
    page.save(path, form.title)


def write_table_docx(
    path: Path,
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    foot: Sequence[str] = (),
    *,
    widths: Sequence[float] = (),
    lines: Sequence[str] = (),
    groups: frozenset[int] = frozenset(),
    centred: frozenset[int] = frozenset(),
    paper: Literal["A4", "A3"] = "A4",
    landscape: bool = True,
    size: float = 10.5,
) -> None:
    """A table with its header on every page and rows that do not split.

    `widths` are shares of the page; the rows in `groups` are headings over the whole width, the columns in `centred`
    are centred (both numbered from 0).
    """
    page = _Page(paper, landscape=landscape)
    page.paragraph(title, TITLE_FONT, 22 if paper == "A3" else 18, "center")
    for line in lines:
        page.paragraph(line, KAI_FONT, 12, "center")
    shares = widths or [1.0] * len(header)
    table = page.table([page.width * share / sum(shares) for share in shares], len(rows) + 1)
    for cell, words in zip(table.rows[0].cells, header, strict=True):
        page.cell(cell, words, HEAD_FONT, size, align="center", shade="EDEDED")
    page.repeat(table.rows[0])
    for n, row in enumerate(rows):
        cells = table.rows[n + 1].cells
        page.keep_whole(table.rows[n + 1], with_next=n in groups)
        if n in groups:
            page.cell(cells[0].merge(cells[-1]), next((w for w in row if w), ""), HEAD_FONT, size, shade="F5F5F5")
            continue
        for m, (cell, words) in enumerate(zip(cells, row, strict=True)):
            page.cell(cell, words, TEXT_FONT, size, align="center" if m in centred else "left")
    for line in foot or ("",):
        page.paragraph(line, TEXT_FONT, 10.5, "left")
    page.save(path, title)


class _Page:
    """A document while it is written; python-docx is loaded here and nowhere earlier."""

    def __init__(self, paper: str, *, landscape: bool) -> None:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        self._document: Any = Document()
        section = self._document.sections[0]
        wide, tall = sorted(_PAPERS[paper], reverse=landscape)
        section.page_width, section.page_height = Mm(wide), Mm(tall)
        # The standard's margins are for a page bound at its left; a landscape page is that page turned.
        left, top, right, bottom = (20, 28, 20, 26) if landscape else (28, 37, 26, 35)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.footer_distance = Mm(bottom - 10)
        self.width = wide - left - right
        self._bookmarks = 0
        self._font(self._document.styles["Normal"].element, TEXT_FONT)
        self._name_replacements()
        self._page_number(section.footer.paragraphs[0])

    def paragraph(self, text: str, font: str, size: float, align: str, bookmark: str = "") -> None:
        """One paragraph outside the table."""
        self._fill(self._document.add_paragraph(), text, font, size, align, bookmark)

    def table(self, widths: Sequence[float], rows: int) -> Any:
        """A table with lines around every cell and columns of fixed widths in millimetres."""
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Mm

        table = self._document.add_table(rows, len(widths))
        table.style = "Table Grid"
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    def cell(
        self, cell: Any, text: str, font: str, size: float, *, align: str = "left", shade: str = "", bookmark: str = ""
    ) -> None:
        """Words into a cell, a paragraph for each line."""
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

        if shade:
            self._child(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=shade)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for extra in cell.paragraphs[1:]:  # left over from cells that were merged
            extra._p.getparent().remove(extra._p)
        for n, line in enumerate(text.split("\n")):
            paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
            self._fill(paragraph, line, font, size, align, bookmark if n == 0 else "", tight=True)

    def repeat(self, row: Any) -> None:
        """A row that stands at the head of every page."""
        self._child(row._tr.get_or_add_trPr(), "w:cantSplit")
        self._child(row._tr.get_or_add_trPr(), "w:tblHeader")

    def keep_whole(self, row: Any, *, with_next: bool = False) -> None:
        """A row that is not split over pages, a heading not left alone at a page's end."""
        self._child(row._tr.get_or_add_trPr(), "w:cantSplit")
        for cell in row.cells if with_next else ():
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True

    def save(self, path: Path, title: str) -> None:
        properties = self._document.core_properties
        properties.author, properties.title, properties.comments = "甘州科创台账", clean(title), ""
        write_whole(path, self._document.save)

    def _fill(
        self, paragraph: Any, text: str, font: str, size: float, align: str, bookmark: str, *, tight: bool = False
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if align == "center" else WD_ALIGN_PARAGRAPH.LEFT
        room = paragraph.paragraph_format
        room.space_before = room.space_after = Pt(0 if tight else 4)
        room.line_spacing = Pt(size * 1.5)
        if bookmark:
            self._bookmarks += 1
            self._child(paragraph._p, "w:bookmarkStart", id=str(self._bookmarks), name=bookmark)
        run = paragraph.add_run(clean(text))
        run.font.size = Pt(size)
        self._font(run._r, font)
        if bookmark:
            self._child(paragraph._p, "w:bookmarkEnd", id=str(self._bookmarks))

    @staticmethod
    def _child(parent: Any, tag: str, **attributes: str) -> Any:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        child = OxmlElement(tag)
        for name, value in attributes.items():
            child.set(qn(f"w:{name}"), value)
        parent.append(child)
        return child

    @staticmethod
    def _font(holder: Any, name: str) -> None:
        """One font for all scripts: digits of another face in a Chinese line look foreign."""
        from docx.oxml.ns import qn

        fonts = holder.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), name)

    def _name_replacements(self) -> None:
        """The font table of the file: which font stands in for which."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        fonts = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
            for name, instead in _INSTEAD.items()
        )
        blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space}">{fonts}</w:fonts>'
        part = self._document.part
        for relation in part.rels.values():
            if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
                relation._target = Part(
                    PackURI("/word/fontTable.xml"), relation.target_part.content_type, blob.encode(), part.package
                )

    def _page_number(self, paragraph: Any) -> None:
        """— 1 — in the middle of the foot."""
        self._fill(paragraph, "— ", "宋体", 14, "center", "")
        for kind, words in (("begin", ""), ("", " PAGE "), ("end", "")):
            run = paragraph.add_run()
            self._font(run._r, "宋体")
            if kind:
                self._child(run._r, "w:fldChar", fldCharType=kind)
            else:
                self._child(run._r, "w:instrText").text = words
        tail = paragraph.add_run(" —")
        self._font(tail._r, "宋体")
