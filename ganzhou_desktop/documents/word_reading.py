"""Takes a filled-in form back out of a .docx: by the hidden name of each row, or by its label; words only."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganzhou_desktop.documents.files import clean, damaged, is_ole, is_zip, locked, ole_holds, read_limited, unzipped
from ganzhou_desktop.documents.word import FormDocument, FormRow, form_bookmark, is_form_bookmark, row_bookmark
from ganzhou_desktop.domain.errors import RuleBroken

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_NOT_WORDS = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}instrText",
    f"{_W}pPr",
    f"{_W}rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
"""What a reader of the document does not see: deleted words, codes of fields, looks, the second copy of a text box."""
_BOX = f"{_W}txbxContent"


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """What came back: row key → text.  `notes` are sentences for the person who takes it in."""

    values: Mapping[str, str]
    notes: tuple[str, ...] = ()
    absent: tuple[FormRow, ...] = ()
    """Rows of the form that were not found; what the ledger has of them stays."""
    known: bool = True
    """Whether the hidden mark of the form was still there; without it the reader goes by title and labels alone."""
    heading: tuple[str, ...] = field(default=())
    """The lines above the table, to be compared by a person when the mark is gone."""


def read_form_docx(path: Path, form: FormDocument) -> FormAnswers:
    """The answers in a file that was made from `form` and edited in Word or WPS.

    Raises RuleBroken when the file is another form's, holds more than text, or is no .docx; EnvironmentFailed when it
    cannot be read.
    """
    root = _parsed(_document(path), path)
    body = root.find(f"{_W}body")
    if body is None:
        raise damaged(path)
    marks = {name for e in body.iter(f"{_W}bookmarkStart") if is_form_bookmark(name := e.get(f"{_W}name", ""))}
    if marks and form_bookmark(form.code) not in marks:
        raise RuleBroken(
            "other_form",
            f"“{path.name}”是别的单位或别的期次的填报表，没有读入任何内容；请选“{'　'.join(form.lines)}”的那一份。",
        )
    reading = _Reading(form)
    for row in body.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tc"), None) is None:  # a table within a cell is that cell's words
            reading.take(row)
    if not reading.values:
        raise RuleBroken(
            "no_rows",
            f"“{path.name}”里没有认得出的栏目，没有读入任何内容；请用程序导出的表填写，保留左边的栏目名称。",
        )
    above = [text for e in body.findall(f"{_W}p") if (text := _text(e).strip())]
    return FormAnswers(
        reading.values,
        tuple(reading.notes),
        tuple(row for row in form.rows if row.key and row.key not in reading.values),
        bool(marks),
        tuple(above),
    )


def _document(path: Path) -> bytes:
    data = read_limited(path)
    if is_ole(data) and ole_holds(data, "EncryptedPackage"):
        raise locked(path)
    if is_ole(data):
        raise RuleBroken(
            "old_word",
            f"“{path.name}”是老格式（.doc 或 .wps），没有读入任何内容；请在 WPS 或 Word 中打开它，另存为 .docx 再选。",
        )
    if not is_zip(data):
        raise RuleBroken("wrong_kind", f"“{path.name}”不是 .docx 文件，没有读入任何内容；请选填好的那份 Word 文档。")
    names: list[str] = []

    def wanted(name: str) -> bool:
        names.append(name.lower())
        return name.lower() in ("word/document.xml", "[content_types].xml")

    parts = {name.lower(): part for name, part in unzipped(data, path, wanted).items()}
    if "word/document.xml" not in parts:
        raise RuleBroken("wrong_kind", f"“{path.name}”不是 .docx 文件，没有读入任何内容；请选填好的那份 Word 文档。")
    if any("vbaproject" in name or "activex/" in name for name in names) or b"macroEnabled" in parts.get(
        "[content_types].xml", b""
    ):
        raise RuleBroken(
            "has_macros",
            f"“{path.name}”里有宏或控件，没有读入任何内容；请把文字复制到程序导出的表里，另存为 .docx 再选。",
        )
    if any(name.startswith("word/embeddings/") for name in names):
        raise RuleBroken(
            "has_objects",
            f"“{path.name}”里嵌了别的文件，没有读入任何内容；请删去嵌入的文件再选，那些文件可以作为佐证添加。",
        )
    return parts["word/document.xml"]


def _parsed(data: bytes, path: Path) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as failure:
        raise damaged(path) from failure
    if root.getroottree().docinfo.doctype or next(root.iter(f"{_W}altChunk"), None) is not None:
        raise damaged(path)
    return root


class _Reading:
    """Rows taken one after another; a heading row says in which part of the form the next labels stand."""

    def __init__(self, form: FormDocument) -> None:
        self.values: dict[str, str] = {}
        self.notes: list[str] = []
        self._by_mark = {row_bookmark(row.key): row for row in form.rows if row.key}
        self._parts: dict[str, dict[str, FormRow]] = {"": {}}
        part = ""
        for row in form.rows:
            if row.key:
                self._parts[part][plain_label(row.label)] = row
            else:
                part = plain_label(row.label)
                self._parts[part] = {}
        self._part = ""

    def take(self, row: Any) -> None:
        """One row of a table: a heading, or a label with what was written beside it."""
        cells = row.findall(f"{_W}tc") or row.findall(f".//{_W}tc")
        words = _text(cells[0]).strip() if cells else ""
        label = plain_label(words)
        if len(cells) < 2:
            self._part = label if label in self._parts else self._part
            return
        marks = (e.get(f"{_W}name", "") for e in cells[0].iter(f"{_W}bookmarkStart"))
        marked = next((self._by_mark[name] for name in marks if name in self._by_mark), None)
        named = self._labelled(label)
        found = marked or named
        if found is None:
            if label:
                self.notes.append(f"栏目“{words[:20]}”不在这张表里，它的内容没有读入；请把内容移到原来的栏目里。")
            return
        if marked is not None and plain_label(marked.label) != label:
            if named is not None:
                self.notes.append(f"栏目“{words[:20]}”与“{marked.label}”分不清，两处的内容请核对；这一行没有读入。")
                return
            self.notes.append(f"栏目“{marked.label}”的名称被改成了“{words[:20]}”，内容按原栏目读入；请核对。")
        if found.key in self.values:
            self.notes.append(f"栏目“{found.label}”出现了两次，只读入了第一处；请核对。")
            return
        self.values[found.key] = _cell_text(cells[1:])
        self._note_losses(found.label, cells[1:])

    def _labelled(self, label: str) -> FormRow | None:
        """The row with a label in the part the reader is in; elsewhere only when one row alone is called so."""
        here = self._parts[self._part].get(label)
        everywhere = [rows[label] for rows in self._parts.values() if label in rows]
        return here or (everywhere[0] if len(everywhere) == 1 else None)

    def _note_losses(self, label: str, cells: list[Any]) -> None:
        tags = {element.tag for cell in cells for element in cell.iter() if isinstance(element.tag, str)}
        if f"{_W}drawing" in tags or f"{_W}pict" in tags or f"{_W}object" in tags:
            self.notes.append(f"栏目“{label}”里的图片没有读入；请作为佐证添加。")
        if f"{_W}numPr" in tags:
            self.notes.append(f"栏目“{label}”用了自动编号，编号没有读入；请把“1.”“2.”等打成字。")


def plain_label(text: str) -> str:
    """A label as it is compared: no blanks, no punctuation, 全角 as 半角."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def _cell_text(cells: list[Any]) -> str:
    """Paragraph by paragraph, cells split off by hand joined again; blank lines at the ends dropped."""
    lines = [_text(p).rstrip() for cell in cells for p in _paragraphs(cell)]
    return "\n".join(lines).strip("\n").strip()


def _paragraphs(element: Any) -> Iterator[Any]:
    """Paragraphs in the order they stand, those of text boxes and tables within included."""
    for child in element:
        if child.tag in _NOT_WORDS or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}p":
            yield child
        yield from _paragraphs(child)


def _text(element: Any) -> str:
    return clean("".join(_pieces(element)))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_WORDS or child.tag == _BOX or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _pieces(child)
