"""奖补 on paper and in workbooks: amounts kept apart, doubts marked, every open point asked once."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ganzhou_desktop.documents.sheets import write_workbook
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.printing import subsidy_export
from ganzhou_desktop.ui.printing.items import Document, TextItem
from ganzhou_desktop.ui.printing.subsidy_print import questions_document, sums_document
from tests.ui.printing import samples


@pytest.fixture
def plan(qapp: object) -> Plan:
    return read_plan(Path(__file__).parents[3] / "db" / "plans" / "ganzhou-2017.toml")


def lines_of(document: Document, tag: str) -> list[list[str]]:
    """Words of the rows with this tag, a list for each height on each page."""
    rows: dict[tuple[int, int], list[TextItem]] = {}
    for n, page in enumerate(document.pages):
        for item in page.items:
            if isinstance(item, TextItem) and item.tag == tag:
                rows.setdefault((n, round(item.box.y + item.box.h / 2)), []).append(item)
    return [["".join(i.lines) for i in sorted(items, key=lambda i: i.box.x)] for _, items in sorted(rows.items())]


def test_every_open_point_is_asked_with_room_for_the_answer(plan: Plan) -> None:
    document = questions_document(plan, **samples.PRINT)
    asked = lines_of(document, "question:1")
    text = document.text.replace("\n", "")
    assert asked == [["1", plan.subsidies[0].open[0]]]
    for subsidy in plan.subsidies:
        assert subsidy.quote.replace("\n", "") in text
        for question in subsidy.open:
            assert question in text
    assert "3 万元（待核定）" in text
    assert "金额没有写" in text
    assert "区财政局（盖章）" in document.pages[-1].text


def test_amounts_are_kept_apart_and_doubts_marked(plan: Plan) -> None:
    document = sums_document(plan, samples.applications_view(plan), on="2018年3月31日", **samples.PRINT)
    rows = {row[0]: row[1:] for row in lines_of(document, "sum")}
    assert rows["B4 省级科技创新型企业"] == ["5※", "2", "10※", "10", "5", "5", "5", "25※"]
    assert rows["B1 “众创、众包、众扶、众筹”联盟"] == ["3※", "—"]
    assert rows["区工信局"] == ["2", "10※", "10", "5", "5", "5"]
    assert rows["区科技局"] == ["2", "3※", "3", "3", "2", "0"]
    totals = lines_of(document, "total")
    assert totals[0] == ["合计", "4", "13※", "13", "8", "7", "5", "31※"]
    assert all(total[1:7] == ["4", "13※", "13", "8", "7", "5"] for total in totals)
    doubles = "".join(word for row in lines_of(document, "double") for word in row)
    assert "示例甲农机" in doubles
    assert "申报了 2 次" in doubles


def test_the_workbook_of_applications_has_the_rows_in_their_order_with_real_numbers(plan: Plan, tmp_path: Path) -> None:
    rows = tuple(reversed(samples.applications_view(plan).rows))
    sheet = subsidy_export.applications_sheet(plan, rows, on=date(2018, 3, 31), scope="办理中")
    write_workbook(tmp_path / "a.xlsx", [sheet])
    table = [list(row) for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.values]
    head = next(n for n, row in enumerate(table) if row[0] == "受益对象")
    assert [row[0] for row in table[head + 1 : head + 5]] == ["示例丙某", "示例乙孵化器", "示例甲农机", "示例甲农机"]
    place = table[head].index("申请额（万元）")
    assert [row[place] for row in table[head + 1 : head + 6]] == [2, 1, 5, 5, 13]
    assert any("范围：办理中，共 4 件" in str(cell) for row in table[:head] for cell in row)


def test_the_workbook_of_sums_has_a_sheet_for_each_way(plan: Plan, tmp_path: Path) -> None:
    sheets = subsidy_export.sums_sheets(plan, samples.applications_view(plan), on=date(2018, 3, 31))
    write_workbook(tmp_path / "s.xlsx", sheets)
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert book.sheetnames == ["按补助", "按单位", "按年度", "按支付方"]
    for page in book:
        total = next(row for row in page.values if row[0] == "合计")
        assert [cell for cell in total if cell is not None][1:7] == [4, 13, 13, 8, 7, 5]
    first = [list(row) for row in book["按补助"].values]
    b4 = next(row for row in first if str(row[0]).startswith("B4"))
    assert "待核定" in b4
    assert 25 in b4
