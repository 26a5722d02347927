"""A register on paper: every row and column once, the first column on every page, as wide as the paper."""

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.provisional import SHOWN_SO
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.printing.items import Document, LineItem, TextItem
from ganzhou_desktop.ui.printing.painting import pdf_bytes
from ganzhou_desktop.ui.printing.register_print import PrintColumn, PrintRow, register_document
from tests.ui.printing import samples
from tests.ui.printing.test_prints import assert_inside


@pytest.fixture
def plan(qapp: object) -> Plan:
    return read_plan(Path(__file__).parents[3] / "db" / "plans" / "ganzhou-2017.toml")


def heads(document: Document) -> list[tuple[str, ...]]:
    """The heads of each page that has some."""
    found = []
    for page in document.pages:
        words = tuple("".join(i.lines) for i in page.items if isinstance(i, TextItem) and i.tag == "header")
        found += [words] if words else []
    return found


def test_what_fits_the_width_stands_on_one_page_and_fills_it(plan: Plan) -> None:
    printed = samples.register(plan)
    document = register_document(printed, paper="A3")
    (head,) = heads(document)
    assert head == ("序号", *(column.title for column in printed.columns))
    (page,) = document.pages
    rules = [i for i in page.items if isinstance(i, LineItem) and i.y1 == i.y2]
    assert max(i.x2 for i in rules) == pytest.approx(page.paper.text_right)


def test_what_does_not_fit_goes_on_in_groups_of_columns_with_the_first_ones_repeated(plan: Plan) -> None:
    printed = samples.register(plan)
    document = register_document(printed)
    assert_inside(document)
    found = heads(document)
    assert len(found) > 1
    assert {head[:3] for head in found} == {("序号", "登记单位", "企业名称")}
    assert [title for head in found for title in head[3:]] == [c.title for c in printed.columns[2:]]
    for page in document.pages:
        assert printed.rows[0].cells[1] in page.text.replace("\n", "")


def test_many_rows_keep_their_order_and_each_page_has_its_head(plan: Plan) -> None:
    printed = samples.register(plan, 120)
    document = register_document(printed, paper="A3")
    assert_inside(document)
    assert len(heads(document)) == len(document.pages) > 1
    tags = [
        i.tag for page in document.pages for i in page.items if isinstance(i, TextItem) and i.tag.startswith("row:")
    ]
    assert list(dict.fromkeys(tags)) == [f"row:{n}" for n in range(1, 121)]
    signed = ["负责人" in page.text for page in document.pages]
    assert signed == [*[False] * (len(signed) - 1), True]
    last = [i.tag for i in document.pages[-1].items if isinstance(i, TextItem)]
    assert any(tag.startswith("row:") for tag in last), "nobody signs an empty page"


def test_the_filter_the_day_and_the_names_are_said(plan: Plan) -> None:
    text = register_document(samples.register(plan), paper="A3").text.replace("\n", "")
    for words in (
        "填报单位：甘州区（盖章）",
        "截至2018年3月31日，共 5 条，只印：有效，含“农机”",
        "单位负责人（签字）：甲某一",
        "联系电话：0936-0000001",
        "演示数据",
    ):
        assert words in text


def test_what_two_pcs_wrote_differently_is_marked(plan: Plan) -> None:
    printed = samples.register(plan)
    text = register_document(printed).text.replace("\n", "")
    assert "示例甲1农机装备制造有限责任公司※" in text
    assert SHOWN_SO in text
    plain = replace(printed, rows=tuple(replace(row, contested=False) for row in printed.rows))
    assert "※" not in register_document(plain).text


def test_an_empty_register_says_so_instead_of_a_blank_sheet(plan: Plan) -> None:
    empty = replace(samples.register(plan), rows=())
    assert "没有符合条件的登记。" in register_document(empty).text
    assert "还没有登记。" in register_document(replace(empty, scope="")).text


def test_one_endless_word_stays_within_its_column(qapp: object) -> None:
    columns = tuple(PrintColumn(f"栏目{n}") for n in range(40))
    rows = (PrintRow(tuple("A" * 400 if n == 3 else "字" for n in range(40))),)
    document = register_document(
        replace(
            samples.register(read_plan(Path(__file__).parents[3] / "db" / "plans" / "ganzhou-2017.toml")),
            columns=columns,
            rows=rows,
            keys=1,
        )
    )
    assert_inside(document)
    assert document.text.count("A") == 400


def test_words_can_be_searched_in_the_pdf(plan: Plan) -> None:
    read = pypdf.PdfReader(io.BytesIO(pdf_bytes(register_document(samples.register(plan)))))
    assert "示例甲3农机" in "".join("".join(page.extract_text().split()) for page in read.pages)
