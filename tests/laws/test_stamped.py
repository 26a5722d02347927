"""A stamped form equals its data: the code on it leads to the filing that says just what is printed, or there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ganzhou_desktop.domain.canonical import form_code
from ganzhou_desktop.services import conflicts, filing
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.layout import Document
from tests.services.made import Q1, Made, file, made_in

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def words(document: Document) -> str:
    return "".join("".join(getattr(item, "lines", ())) for page in document.pages for item in page.items)


def spaced(code: str) -> str:
    return code.replace("-", " ")


def test_the_code_is_that_of_the_filing_whose_words_are_printed(made: Made) -> None:
    office = made.office()
    one, two = made.unit(office, "kjj", "one"), made.unit(office, "kjj", "two")
    filed = file(one, "kjj", "4", "一号机报的")
    assert spaced(form_code(filed)) in words(papers.filing_paper(one, "kjj", Q1))
    other = file(two, "kjj", "4", "二号机报的")
    made.send(one, office)
    made.send(two, office)
    made.send(office, one)
    printed = words(papers.filing_paper(one, "kjj", Q1))
    both = {"一号机报的": filed, "二号机报的": other}
    (shown,) = (text for text in both if text in printed)
    assert spaced(form_code(both[shown])) in printed, "the provisional value is one filing's, and so is the code"
    (hidden,) = both.keys() - {shown}
    assert spaced(form_code(both[hidden])) not in printed
    # Decided the other way: the code goes with the words.
    (case,) = conflicts.list_conflicts(office)
    conflicts.resolve(office, case.id, take=next(v.key for v in case.values if v.value["progress"] == hidden))
    made.send(office, one)
    printed = words(papers.filing_paper(one, "kjj", Q1))
    assert hidden in printed
    assert spaced(form_code(both[hidden])) in printed
    assert spaced(form_code(both[shown])) not in printed


def test_what_nobody_filed_has_no_code(made: Made) -> None:
    """Two filings of different matters beside one another: together they are nobody's filing until somebody files it."""
    office = made.office()
    one, two = made.unit(office, "kjj", "one"), made.unit(office, "kjj", "two")
    filings = [file(one, "kjj", "4", "一号机报的"), file(two, "kjj", "5", "二号机报的")]
    made.send(one, office)
    made.send(two, office)
    made.send(office, one)
    printed = words(papers.filing_paper(one, "kjj", Q1))
    assert "一号机报的" in printed
    assert "二号机报的" in printed
    assert not any(spaced(form_code(f)) in printed for f in filings)
    assert "没有校验码" in printed
    again = file(one, "kjj", "4", "合在一起重报")
    state = filing.form_state(one, "kjj", Q1)
    assert state.filing is not None
    assert filing.filing_on_paper(one, state.filing) is not None
    assert spaced(form_code(again)) in words(papers.filing_paper(one, "kjj", Q1))
