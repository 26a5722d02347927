"""One sheet as a file of the kind its name asks for: .xlsx to go on working with, .docx to go on writing in."""

from pathlib import Path

from ganzhou_desktop.documents.clipboard import value_words
from ganzhou_desktop.documents.values import GROUP, Sheet
from ganzhou_desktop.documents.word import write_table_docx
from ganzhou_desktop.documents.workbook_writing import write_workbook
from ganzhou_desktop.domain.errors import RuleBroken


def write_sheet(path: Path, sheet: Sheet, *, size: float = 10.5) -> None:
    """Write the sheet; `size` is that of the words in a .docx.  RuleBroken for a name that ends otherwise."""
    match path.suffix.lower():
        case ".xlsx":
            write_workbook(path, [sheet])
        case ".docx":
            write_table_docx(
                path,
                sheet.title,
                [column.heading for column in sheet.columns],
                [[value_words(value) for value in row.cells] for row in sheet.rows],
                sheet.foot,
                widths=[column.width or 12 for column in sheet.columns],
                lines=sheet.lines,
                groups=frozenset(n for n, row in enumerate(sheet.rows) if row.kind == GROUP),
                centred=frozenset(n for n, column in enumerate(sheet.columns) if column.centred),
                paper=sheet.paper,
                landscape=sheet.landscape,
                size=size,
            )
        case _:
            raise RuleBroken(
                "wrong_kind", f"“{path.name}”没有写入：表格只能导出成 .xlsx 或 .docx；请改文件名的结尾再导出。"
            )
