"""The form as .docx: out with fixed labels, mended in Word, compared first, taken over place by place."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from ganzhou_desktop.domain.draft_moving import MINE, THEIRS
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import filing, form_docx
from tests.services.made import Q1, Made, answered, made_in, matter


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def mend(path: Path, **changes: str) -> None:
    """Change cells as Word would: by the label at their left, in the part of a matter."""
    document: Any = Document(str(path))
    head = ""
    for row in document.tables[0].rows:
        label, content = row.cells[0].text, row.cells[-1]
        if label == content.text and label.startswith(("任务", "目标")):
            head = label.split(" ")[0]
        for wanted, text in changes.items():
            place, _, name = wanted.partition("_")
            if head == place and label.startswith(name):
                content.text = text
    document.save(str(path))


def test_out_mended_and_back(made: Made, tmp_path: Path) -> None:
    kjj = made.unit(made.office(), "kjj")
    filing.save_draft(kjj, answered(filing.form_state(kjj, "kjj", Q1).form, "4", "开展专利辅导"))
    out = tmp_path / "表.docx"
    form_docx.write_form(kjj, "kjj", Q1, out)
    assert form_docx.read_returned(kjj, "kjj", Q1, out).found == (), "what was not touched is no difference"

    mend(out, 任务4_本期进展="开展专利辅导三次", 任务4_4a="２", 任务5_本期情况="无进展", 任务5_预计完成="2018年5月1日")
    returned = form_docx.read_returned(kjj, "kjj", Q1, out)
    assert [(d.task, d.field) for d in returned.found] == [
        ("4", "progress"), ("4", "4a"), ("5", "answer"), ("5", "expected"),
    ]  # fmt: skip
    before = filing.form_state(kjj, "kjj", Q1).form
    assert matter(before, "4").answer.progress == "开展专利辅导", "reading writes nothing"

    choices = {d.place: THEIRS for d in returned.found} | {("5", "answer"): MINE}
    form_docx.take_returned(kjj, returned, choices)
    after = filing.form_state(kjj, "kjj", Q1).form
    assert matter(after, "4").answer.progress == "开展专利辅导三次"
    assert matter(after, "4").measurements["4a"] == Decimal(2)
    assert matter(after, "5").answer.kind is None
    assert str(matter(after, "5").answer.expected) == "2018-05-01"


def test_cells_that_cannot_be_read_are_told_and_left(made: Made, tmp_path: Path) -> None:
    kjj = made.unit(made.office(), "kjj")
    out = tmp_path / "表.docx"
    form_docx.write_form(kjj, "kjj", Q1, out)
    mend(out, 任务4_本期情况="差不多", 任务4_4a="几家", 任务4_预计完成="快了")
    returned = form_docx.read_returned(kjj, "kjj", Q1, out)
    assert returned.found == ()
    assert len(returned.wrong) == 3
    assert all("照原样没有动" in sentence for sentence in returned.wrong)


def test_another_units_form_is_refused(made: Made, tmp_path: Path) -> None:
    office = made.office()
    kjj, gxj = made.unit(office, "kjj"), made.unit(office, "gxj")
    out = tmp_path / "表.docx"
    form_docx.write_form(gxj, "gxj", Q1, out)
    with pytest.raises(RuleBroken) as told:
        form_docx.read_returned(kjj, "kjj", Q1, out)
    assert told.value.code == "other_form"


def test_nothing_chosen_changes_nothing(made: Made, tmp_path: Path) -> None:
    kjj = made.unit(made.office(), "kjj")
    out = tmp_path / "表.docx"
    form_docx.write_form(kjj, "kjj", Q1, out)
    mend(out, 任务4_存在问题="缺代理机构")
    returned = form_docx.read_returned(kjj, "kjj", Q1, out)
    with pytest.raises(RuleBroken) as told:
        form_docx.take_returned(kjj, returned, {d.place: MINE for d in returned.found})
    assert told.value.code == "nothing_changed"
    assert filing.form_state(kjj, "kjj", Q1).draft_saved is None
