"""How the state of a filing is shown: icon (empty: the dashed ring), word and colour, by the domain's state keys."""

from ganzhou_desktop.domain.filings import ACCEPTED, MISSING, REFILED, RETURNED, SUBMITTED
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.shapes import FILING_LOOKS, FilingLook

FILED_LOOKS = {
    ACCEPTED: FILING_LOOKS["received"],
    SUBMITTED: FILING_LOOKS["to_review"],
    REFILED: FilingLook("arrow_clockwise", "已重报", colours.ACCENT),
    RETURNED: FILING_LOOKS["returned"],
    MISSING: FILING_LOOKS["missing"],
}
"""In the order of legends."""
