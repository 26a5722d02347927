"""Which part of the matrix paper shows: the one that the screen shows."""

from collections.abc import Callable

from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.services.filed_views import MatrixView
from ganzhou_desktop.ui.pages.matrix_page.columns import Columns
from ganzhou_desktop.ui.pages.matrix_page.narrowing import Filters, narrowed


def printed_part(
    view: MatrixView, filters: Filters, columns: Columns, asked: str
) -> tuple[Callable[[Matrix], Matrix] | None, str]:
    """(what leaves that part of a matrix, None for the whole; how paper names it); `asked`: the filters in words."""
    if not filters.any and not columns.any:
        return None, ""
    plan, changes = view.plan, view.changes
    shown = len(columns.apply(view.matrix).units)
    named = [f"{shown} 家单位"] if shown < len(view.matrix.units) and not filters.unit else []
    scope = "、".join([*filter(None, [asked]), *named])
    return lambda matrix: narrowed(columns.apply(matrix), plan, filters, changes).matrix, scope
