"""Every print as a real document: inside its margins, searchable, whole, the same on screen and in the PDF."""

import io
import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.filing_print import filing_document
from ganzhou_desktop.ui.printing.items import Document, LineItem, MarkItem, TextItem
from ganzhou_desktop.ui.printing.layout import THICK
from ganzhou_desktop.ui.printing.leader_print import leader_document
from ganzhou_desktop.ui.printing.matrix_print import matrix_document
from ganzhou_desktop.ui.printing.painting import pdf_bytes
from ganzhou_desktop.ui.shapes import STATE_LOOKS
from tests.ui.printing import samples

GOLDEN = Path(__file__).parents[2] / "golden" / "print"
NAMES = (
    "matrix_a3", "matrix_a4", "filing", "filing_draft", "figures", "recovery", "gauges", "answer", "breakdown_a3",
    "breakdown_a4", "leader", "register_a3", "register_a4", "questions", "sums",
)  # fmt: skip
MEASURED = {"register_a3", "register_a4"}
"""Prints whose columns are as wide as their words, which depends on the machine's fonts."""
VARIES = {"imprint", "running head", "page number"}
"""Words that depend on how many pages the machine's fonts make."""


@pytest.fixture
def prints(qapp: object) -> dict[str, Document]:
    return samples.documents()


def bare(text: str) -> str:
    return "".join(text.split())


def pdf_text(document: Document) -> list[str]:
    return [bare(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages]


def texts(document: Document) -> list[TextItem]:
    return [item for page in document.pages for item in page.items if isinstance(item, TextItem)]


def assert_inside(document: Document) -> None:
    """No item leaves the page's margins, no line of words leaves its box."""
    slack = 0.3
    for n, page in enumerate(document.pages, 1):
        paper = page.paper
        for item in page.items:
            if isinstance(item, LineItem):
                left, top, right, bottom = item.x1, item.y1, item.x2, item.y2
                left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
            else:
                left, top, right, bottom = item.box.x, item.box.y, item.box.right, item.box.bottom
            assert left >= paper.left - slack, (n, item)
            assert right <= paper.text_right + slack, (n, item)
            assert top >= paper.top - slack, (n, item)
            assert bottom <= paper.text_bottom + slack, (n, item)
            if isinstance(item, TextItem):
                style = item.style
                for line in item.lines:
                    wide = fonts.text_width(line.rstrip(), style.role, style.size, style.bold)
                    assert wide <= item.box.w + 0.1, (n, line, wide, item.box)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leaves_the_margins(prints: dict[str, Document], name: str) -> None:
    assert_inside(prints[name])


def assert_nothing_overlaps(document: Document) -> None:
    """No line of words lies on another, on a mark or on the heavy rule of a table."""
    for n, page in enumerate(document.pages, 1):
        placed: list[tuple[float, float, float, float, str]] = []
        for item in page.items:
            if isinstance(item, TextItem):
                style, pitch = item.style, item.box.h / max(1, len(item.lines))
                for place, line in enumerate(item.lines):
                    wide = fonts.text_width(line, style.role, style.size, style.bold)
                    room = item.box.w - wide
                    x = item.box.x + {"left": 0.0, "center": room / 2, "right": room}[style.align]
                    middle = item.box.y + (place + 0.5) * pitch
                    half = style.size * 0.353 * 0.42
                    placed.append((x, middle - half, x + wide, middle + half, line))
            elif isinstance(item, MarkItem) and item.kind.partition(":")[0] in {"state", "role"}:
                placed.append((item.box.x, item.box.y, item.box.right, item.box.bottom, item.kind))
            elif isinstance(item, LineItem) and item.y1 == item.y2 and item.w >= THICK:
                placed.append((item.x1, item.y1 - item.w / 2, item.x2, item.y1 + item.w / 2, "rule"))
        placed.sort()
        for place, (_, top, right, bottom, words) in enumerate(placed):
            for other in placed[place + 1 :]:
                if other[0] >= right - 0.05:
                    break
                beside = other[1] >= bottom - 0.05 or other[3] <= top + 0.05
                assert beside or not words.strip() or not other[4].strip(), (n, words, other[4])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_on_anything_else(prints: dict[str, Document], name: str) -> None:
    assert_nothing_overlaps(prints[name])


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_a_full_legend_and_the_signatures_have_room(qapp: object, paper: str) -> None:
    """Every state, both stamps and ※ at once."""
    matrix = samples.real_matrix()
    states = list(STATE_LOOKS)
    cells = tuple(
        cell._replace(state=states[n % len(states)], provisional=n % 5 == 0, returned=n % 7 == 0)
        for n, cell in enumerate(matrix.cells)
    )
    for count in range(1, len(states) + 1):
        some = tuple(c._replace(state=states[n % count]) for n, c in enumerate(cells))
        for marked in (some, tuple(c._replace(provisional=False) for c in some)):
            document = matrix_document(
                replace(matrix, cells=marked, demo=True, partial=True), paper=paper, **samples.PRINT
            )
            assert_nothing_overlaps(document)
            assert_inside(document)


def test_stamps_stand_clear_of_the_tables_of_later_pages(prints: dict[str, Document]) -> None:
    documents = [matrix_document(replace(samples.big_matrix(), demo=True, partial=True), **samples.PRINT)]
    for document in (*prints.values(), *documents):
        for page in document.pages[1:]:
            stamps = [i.box.bottom for i in page.items if isinstance(i, TextItem) and i.tag == "stamp"]
            rules = [i.y1 for i in page.items if isinstance(i, LineItem) and i.y1 == i.y2 and i.w == THICK]
            assert not stamps or not rules or min(rules) > max(stamps) + 1.5


@pytest.mark.parametrize("name", NAMES)
def test_every_word_can_be_found_in_the_pdf(prints: dict[str, Document], name: str) -> None:
    """Also the hanzi that badly made fonts extract as Kangxi radicals: 工 人 生 月 日 水 火 山 石."""
    document = prints[name]
    pages = pdf_text(document)
    assert len(pages) == len(document.pages)
    for page, extracted in zip(document.pages, pages, strict=True):
        wanted = Counter(bare(page.text))
        found = Counter(extracted)
        assert not wanted - found
        assert not any("\u2e80" <= c <= "\u2fdf" for c in extracted)


def test_radicals_are_searchable(qapp: object) -> None:
    words = "工作、人才、生态、月报、日期、水利、火炬、山区、石油"
    document = filing_document(samples.filing(rows=(replace(samples.filing().rows[0], progress=words),)))
    text = "".join(pdf_text(document))
    for word in words.split("、"):
        assert word in text


@pytest.mark.parametrize("name", NAMES)
def test_golden(prints: dict[str, Document], name: str) -> None:
    """Words, marks and column edges in a form that does not depend on the fonts of the machine."""
    document = prints[name]
    words: dict[tuple[str, str], None] = {}
    for item in texts(document):
        if item.tag not in VARIES:
            words.setdefault((item.tag, bare("".join(item.lines))))
    first = document.pages[0]
    edges = {round(i.x1, 1) for i in first.items if isinstance(i, LineItem) and i.x1 == i.x2 and not i.dashed}
    marks = Counter(i.kind for page in document.pages for i in page.items if isinstance(i, MarkItem))
    made = {
        "title": document.title,
        "paper": f"{first.paper.name} {first.paper.width:g}×{first.paper.height:g}",
        "column edges": [] if name in MEASURED else sorted(edges),
        "marks": dict(sorted(marks.items())),
        "words": [f"{tag}｜{text}" for tag, text in words],
    }
    path = GOLDEN / f"{name}.json"
    if os.environ.get("GANZHOU_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert made == json.loads(path.read_text("utf-8"))


def test_matrix_has_every_task_and_unit_in_full(prints: dict[str, Document]) -> None:
    for name in ("matrix_a3", "matrix_a4"):
        text = "".join(pdf_text(prints[name]))
        for _, title, _, _ in samples.TASKS:
            assert title in text
        for _, full, _, _, _ in samples.UNITS:
            assert full in text, full
    assert len(prints["matrix_a3"].pages) == len(prints["matrix_a4"].pages) == 1


def test_matrix_says_demo_and_partial_on_every_page(qapp: object) -> None:
    document = matrix_document(replace(samples.big_matrix(), demo=True, partial=True), **samples.PRINT)
    for text in pdf_text(document):
        assert "演示数据" in text
        assert "仅含本单位" in text


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_big_matrix_is_split_by_rows_and_unit_groups(qapp: object, paper: str) -> None:
    matrix = samples.big_matrix()
    document = matrix_document(matrix, paper=paper, **samples.PRINT)
    assert_inside(document)
    heads: list[tuple[str, ...]] = []
    rows: Counter[tuple[int, str]] = Counter()
    for n, page in enumerate(document.pages, 1):
        items = [i for i in page.items if isinstance(i, TextItem)]
        header = tuple("".join(i.lines) for i in items if i.tag == "header")
        if header and header not in heads:
            heads.append(header)
        assert header[:3] == ("序号", "重点任务", "任务状态") or not any(i.tag.startswith("row:") for i in items)
        rows.update({(heads.index(header), i.tag) for i in items if i.tag.startswith("row:")})
        numbers = [i for i in items if i.tag == "page number"]
        assert [i.lines for i in numbers] == [(f"— {n} —",)]
        groups = [i.box.y for i in items if i.tag == "group"]
        assert all(any(i.box.y > y for i in items if i.tag.startswith("row:")) for y in groups)
    units = [name for header in heads for name in header[3:]]
    assert units == [u.short for u in matrix.units]
    assert len(rows) == len(heads) * len(matrix.tasks)
    assert set(rows.values()) == {1}
    text = bare(document.text)
    assert all(u.name in text for u in matrix.units)
    marks = Counter(i.kind.split(":")[0] for p in document.pages for i in p.items if isinstance(i, MarkItem))
    returned = sum(c.returned and c.state != "not_held" for c in matrix.cells)
    assert marks["corner"] == returned + 1
    assert marks["role"] == len(matrix.cells) + 3


def test_every_cell_has_role_state_and_word(prints: dict[str, Document]) -> None:
    page = prints["matrix_a3"].pages[0]
    marks = Counter(i.kind for i in page.items if isinstance(i, MarkItem))
    legend = 1
    assert marks["role:lead"] + marks["role:principal"] == 22 + 2 * legend
    assert marks["role:support"] == 23 + legend
    assert marks["corner"] == 1 + legend
    bold = [i for i in page.items if isinstance(i, TextItem) and i.tag.startswith("row:") and i.style.role == "sans"]
    assert sum(i.style.bold for i in bold) == 22 + 9
    assert all(i.style.colour == "#000000" for i in bold)


def test_matrix_without_legend_signature_and_imprint(qapp: object) -> None:
    text = matrix_document(samples.real_matrix(), legend=False, signature=False, imprint=False, **samples.PRINT).text
    for word in ("图例", "审核人", "台账"):
        assert word not in text


def test_provisional_cells_bear_the_mark(qapp: object) -> None:
    matrix = samples.real_matrix()
    matrix = replace(matrix, cells=(matrix.cells[0]._replace(provisional=True), *matrix.cells[1:]))
    text = matrix_document(matrix, **samples.PRINT).text
    assert "正常※" in text
    assert "※ 两处不一致" in text


def test_long_answer_keeps_all_words(qapp: object) -> None:
    """5,000 characters in one cell: split by lines, （续） on the later pages, no character lost or doubled."""
    long = "".join(chr(0x4E00 + n) for n in range(5000))
    rows = samples.filing().rows
    document = filing_document(
        samples.filing(rows=(rows[0], replace(rows[1], progress=long, measurements=()), rows[2]))
    )
    assert_inside(document)
    items = [i for i in texts(document) if i.tag == "row:2"]
    body = "".join(line for i in items if abs(i.box.w - (51 - 2.4)) < 0.01 for line in i.lines)
    assert body == long
    spread = [page for page in document.pages if any(isinstance(i, TextItem) and i.tag == "row:2" for i in page.items)]
    assert len(spread) > 3
    assert all("（续）" in page.text.replace("\n", "").replace("填报表（续）", "") for page in spread[1:])
    assert "".join(pdf_text(document)).count(long[4999]) >= 1


def test_filing_rows_are_never_split(prints: dict[str, Document]) -> None:
    document = prints["filing"]
    for number, _, _, _ in samples.TASKS:
        tag = f"row:{number}"
        pages = [
            n for n, p in enumerate(document.pages) if any(isinstance(i, TextItem) and i.tag == tag for i in p.items)
        ]
        assert len(pages) == 1
    for page in document.pages:
        rows = any(isinstance(i, TextItem) and i.tag.startswith("row:") for i in page.items)
        assert ("本期进展" in page.text) == rows


def test_the_filing_says_what_the_registers_say_and_marks_what_differs(prints: dict[str, Document]) -> None:
    items = [i for i in texts(prints["filing"]) if i.tag.startswith("register:")]
    said = ["".join(i.lines) for i in items]
    assert said[:3] == ["创新平台", "2", "7"]
    assert [words for words in said if "≠" in words] == ["8 家　≠"]
    assert "未填" in said
    assert "还没有登记：专利、配套办法。" in prints["filing"].text.replace("\n", "")
    assert "台账情况" not in prints["filing_draft"].text
    last = [i.tag for i in prints["filing"].pages[-1].items if isinstance(i, TextItem)]
    assert any(tag.startswith("register:") for tag in last), "nobody signs an empty page"


def test_nobody_signs_an_empty_page(qapp: object) -> None:
    """However many rows there are, the page with the signatures holds the end of the table."""
    rows = samples.filing().rows * 2
    for count in range(1, len(rows)):
        document = filing_document(samples.filing(rows=rows[:count]))
        last = [i.tag for i in document.pages[-1].items if isinstance(i, TextItem)]
        assert "signature" in last
        assert any(tag.startswith("row:") for tag in last)


def test_filing_codes_and_draft(prints: dict[str, Document]) -> None:
    text = prints["filing"].text
    assert "7KQ2 M9XT 4HPA 3RWC" in text
    assert "ABCD 1234 EFGH 5678" in text
    draft = prints["filing_draft"]
    assert "7KQ2" not in draft.text
    assert "ABCD" not in draft.text
    for page in draft.pages:
        assert "草稿" in page.text
        assert "演示数据" in page.text
    assert "代录" in draft.text


def test_figures_list_every_figure_and_question(prints: dict[str, Document]) -> None:
    plan = samples.read_plan(Path(__file__).parents[3] / "db" / "plans" / "ganzhou-2017.toml")
    tags = {i.tag for i in texts(prints["figures"])}
    assert {f"figure:{f.id}" for f in plan.figures} <= tags
    assert {f"question:{q.id}" for q in plan.questions} <= tags
    text = bare(prints["figures"].text)
    assert all(bare(f.quote) in text for f in plan.figures)


def test_recovery_groups_in_order_on_one_sheet(prints: dict[str, Document]) -> None:
    document = prints["recovery"]
    assert len(document.pages) == 1
    assert [i.lines[0] for i in texts(document) if i.tag == "key group"] == samples.KEY_GROUPS


def test_direction_controls_are_spelled_out(qapp: object) -> None:
    row = replace(samples.filing().rows[0], progress="付款\u202e万01\u202c元 <b>&amp;</b>")
    text = bare(filing_document(samples.filing(rows=(row,))).text)
    assert "\u202e" not in text
    assert "U+202E" in text
    assert "<b>&amp;</b>" in text


def test_the_breakdown_has_its_customary_columns_and_signatures_on_the_last_page(prints: dict[str, Document]) -> None:
    for name in ("breakdown_a3", "breakdown_a4"):
        pages = pdf_text(prints[name])
        assert all("序号重点任务具体举措及目标要求牵头单位配合单位责任领导责任人完成时限" in page for page in pages)
        assert ["填报单位（盖章）" in page for page in pages] == [*[False] * (len(pages) - 1), True]
        whole = "".join(pages)
        assert all(title in whole for _, title, _, _ in samples.TASKS)
        assert "牵头单位:" not in whole  # the clause's own list of units stands in the columns
        assert "2020年12月31日" in whole


def test_the_leaders_page_is_one_page_and_says_whom_to_call(prints: dict[str, Document]) -> None:
    (text,) = pdf_text(prints["leader"])
    assert "需要协调的5项" in text
    assert "科技局（待明确）" in text
    assert text.count("0936-0000002") == 2
    assert "联系人未登记" in text


def test_a_leaders_page_without_matters_says_so(qapp: object) -> None:
    plan = read_plan(Path(__file__).parents[3] / "db" / "plans" / "ganzhou-2017.toml")
    (text,) = pdf_text(leader_document(samples.leader_page(plan, 0), **samples.PRINT))
    assert "没有滞后、逾期或低于底线的事项" in text
    assert "应报17家，已全部报送" in text
