"""Finds the table in a workbook by its titles and reads its rows."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ganzhou_desktop.documents.clipboard import rows_from_clipboard
from ganzhou_desktop.documents.files import too_big
from ganzhou_desktop.documents.grids import MAX_ROWS, Grid, read_grids
from ganzhou_desktop.documents.keys import KEY_TITLE, NO_ENTRY, id_of_key
from ganzhou_desktop.documents.values import REMARKS_TITLE, CellValue, Column, ReadRow, SheetRows
from ganzhou_desktop.domain.errors import RuleBroken

HEADER_WITHIN = 20
"""The titles stand in one of the first rows."""


def read_workbook(path: Path, columns: Sequence[Column], *, key_scope: str = "") -> SheetRows:
    """The rows under the wanted titles, of the worksheet where most of them stand.

    Raises RuleBroken when the file is refused or has no such titles, EnvironmentFailed when it cannot be read.
    """
    return _rows_of(path, read_grids(path), columns, key_scope)


def read_pasted(text: str, columns: Sequence[Column]) -> SheetRows:
    """Rows copied with their titles; without any, the columns as they stand, in order."""
    rows: list[list[CellValue]] = [[cell.strip() or None for cell in row] for row in rows_from_clipboard(text)]
    grid = Grid("剪贴板", rows)
    titles = [plain_title(cell) for cell in rows[0] if cell is not None] if rows else []
    known = {plain_title(n) for c in columns for n in (*c.aliases, c.heading, c.title)}
    # Two columns copied with their titles are few, but nothing else stands in their first row.
    enough = len(titles) if titles and known.issuperset(titles) else None
    if _header(grid, columns, enough) is not None:
        return _rows_of(Path("剪贴板"), [grid], columns, "", enough)
    places = {column.key: n for n, column in enumerate(columns)}
    return SheetRows(Path("剪贴板"), "剪贴板", 0, {key: n + 1 for key, n in places.items()}, _read(grid, 0, places))


def plain_title(text: object) -> str:
    """A title as it is compared: without blanks, units in brackets, stars and colons; 全角 as 半角."""
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[\s*:、,.。]", "", plain)


def _rows_of(
    path: Path, grids: Sequence[Grid], columns: Sequence[Column], scope: str, enough: int | None = None
) -> SheetRows:
    found = [(grid, header) for grid in grids if (header := _header(grid, columns, enough)) is not None]
    if not found:
        wanted = "、".join(column.title for column in columns[:6])
        raise RuleBroken(
            "no_titles",
            f"在“{path.name}”每张表的前 {HEADER_WITHIN} 行里都没有找到表头（如 {wanted}），没有读入任何内容；"
            "请对照导出的表格检查列名，或选别的文件。",
        )
    grid, header = max(found, key=lambda pair: len(pair[1].places))
    notes = list(grid.notes)
    if len(found) > 1:
        notes.append(f"文件里有 {len(found)} 张表都有这样的表头，读的是“{grid.name}”；其余的没有读。")
    notes += header.notes
    grid, filled = _unmerged(path, grid, header)
    return SheetRows(
        path,
        grid.name,
        header.last,
        {key: n + 1 for key, n in header.places.items()},
        _read(grid, header.last, header.places, header.key, scope),
        tuple(column.title for column in columns if column.key not in header.places),
        header.unknown,
        (*notes, *filled),
    )


class _Header:
    """Where the titles stand: `last` is the number of their last row, `places` column key → index."""

    def __init__(self, last: int, places: dict[str, int], key: int | None, unknown: tuple[str, ...]) -> None:
        self.last, self.places, self.key, self.unknown = last, places, key, unknown
        self.notes: tuple[str, ...] = ()


def _header(grid: Grid, columns: Sequence[Column], enough: int | None = None) -> _Header | None:
    """The row, or two rows with a title over several columns, that names most of the columns: `enough` of them, without
    it at least half or three.
    """
    names = {plain_title(n): c.key for c in columns for n in (*c.aliases, c.heading, c.title)}
    best: _Header | None = None
    tops = [_filled_right(grid, n) for n in range(min(HEADER_WITHIN, len(grid.rows)))]
    for n, titles in enumerate(tops):
        single = _match(titles, [[t] for t in titles], n + 1, names)
        pairs = list(zip(titles, tops[n + 1], strict=True)) if n + 1 < len(tops) else []
        double = _match(titles, [[low, up, f"{up or ''}{low or ''}"] for up, low in pairs], n + 2, names)
        for header in (single, double):
            if best is None or len(header.places) > len(best.places):
                best = header
    enough = min(3, (len(columns) + 1) // 2) if enough is None else enough
    return best if best is not None and len(best.places) >= max(1, enough) else None


def _match(titles: list[CellValue], ways: list[list[CellValue]], last: int, names: Mapping[str, str]) -> _Header:
    places: dict[str, int] = {}
    key, unknown = None, []
    for n, candidates in enumerate(ways):
        words = [plain_title(text) for text in candidates if text is not None]
        found = next((names[word] for word in words if word in names and names[word] not in places), None)
        if plain_title(KEY_TITLE) in words:
            key = n
        elif found is not None:
            places[found] = n
        elif words and candidates[0] is not None and plain_title(REMARKS_TITLE) not in words:
            unknown.append(str(candidates[0]))
    return _Header(last, places, key, tuple(unknown))


def _filled_right(grid: Grid, n: int) -> list[CellValue]:
    """A row with titles merged over several columns repeated in each, as wide as the grid."""
    width = max(map(len, grid.rows[: HEADER_WITHIN + 1]))
    row = [*grid.rows[n], *[None] * (width - len(grid.rows[n]))]
    for top, left, _bottom, right in grid.merged:
        if top == n + 1:
            row[left - 1 : right] = [row[left - 1]] * (min(right, width) - left + 1)
    return row


def _unmerged(path: Path, grid: Grid, header: _Header) -> tuple[Grid, list[str]]:
    """Words merged over several rows stand in each of them; a merged number is left where it is, or it would count twice."""
    rows = [list(row) for row in grid.rows]
    notes: list[str] = []
    columns = set(header.places.values())
    left_to_fill = MAX_ROWS * len(columns)  # merged areas of an honest file do not lie on one another
    for top, left, bottom, right in grid.merged:
        if top <= header.last or bottom <= top or left != right or left - 1 not in columns or top > len(rows):
            continue
        value = rows[top - 1][left - 1] if left <= len(rows[top - 1]) else None
        bottom = min(bottom, len(rows))
        left_to_fill -= bottom - top
        if left_to_fill < 0:
            raise too_big(path, "合并的单元格太多")
        if isinstance(value, str):
            for n in range(top, bottom):
                rows[n].extend([None] * (left - len(rows[n])))
                rows[n][left - 1] = value
            notes.append(f"第 {top}–{bottom} 行合并的单元格“{value[:12]}”按每行都填了读入。")
        elif value is not None:
            notes.append(f"第 {top}–{bottom} 行合并的单元格“{value}”只算在第 {top} 行；请核对。")
    return Grid(grid.name, rows, grid.merged, grid.notes), notes


def _read(
    grid: Grid, start: int, places: Mapping[str, int], key: int | None = None, scope: str = ""
) -> tuple[ReadRow, ...]:
    found: list[ReadRow] = []
    for n, row in enumerate(grid.rows[start:], start + 1):
        code = str(row[key] or "") if key is not None and key < len(row) else ""
        cells = {k: v for k, at in places.items() if at < len(row) and (v := row[at]) is not None}
        if cells and code != NO_ENTRY:
            row_id = id_of_key(scope, code)
            problem = "隐藏的行号码被改动过，或来自别的台账，本行按新增处理。" if code and not row_id else ""
            found.append(ReadRow(n, cells, row_id, problem))
    return tuple(_once(found))


def _once(rows: Iterable[ReadRow]) -> Iterable[ReadRow]:
    """A row copied to make a new one carries the old one's id; only the first keeps it."""
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.id] += bool(row.id)
        if seen[row.id] > 1:
            yield ReadRow(row.number, row.cells, "", "这一行是复制来的（行号码与前面的行相同），按新增处理。")
        else:
            yield row
