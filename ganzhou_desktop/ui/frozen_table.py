"""A table whose header and first columns stay: a second view over the same model and selection."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QWidget

from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import rule


class FrozenTable(RowTable):
    """The first `frozen` columns stay while the others scroll; keyboard, selection and copying see one table.

    `frozen_view` is the second view, for delegates, spans and row menus of its own.
    """

    # Qt calls the overrides below while the base class is being made.
    _frozen = 0
    _second: RowTable | None = None

    def __init__(self, frozen: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frozen = frozen
        self._second = RowTable(self)
        self._edge = rule("vline2")
        self._edge.setParent(self)

        view = self.frozen_view
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setFocusProxy(self)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().stackUnder(view)

        self.verticalScrollBar().valueChanged.connect(view.verticalScrollBar().setValue)
        view.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.horizontalHeader().sectionResized.connect(self._column_resized)
        view.horizontalHeader().sectionResized.connect(self._frozen_resized)
        self.verticalHeader().sectionResized.connect(lambda row, _, height: view.setRowHeight(row, height))
        view.horizontalHeader().sortIndicatorChanged.connect(self.sortByColumn)
        self.horizontalHeader().sortIndicatorChanged.connect(view.horizontalHeader().setSortIndicator)
        view.opened.connect(self.opened)
        view.customContextMenuRequested.disconnect()
        view.customContextMenuRequested.connect(self._show_frozen_menu)
        self.hover_moved.connect(view.set_hover)
        view.hover_moved.connect(self.set_hover)
        view.viewport().installEventFilter(_PassOn(self))

    @property
    def frozen_view(self) -> RowTable:
        assert self._second is not None
        return self._second

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.frozen_view.setModel(model)
        if model is None:
            return
        self.frozen_view.setSelectionModel(self.selectionModel())
        model.modelReset.connect(self._arrange)
        model.columnsInserted.connect(self._arrange)
        self._arrange()

    def setSelectionBehavior(self, behavior: QAbstractItemView.SelectionBehavior) -> None:
        super().setSelectionBehavior(behavior)
        if self._second is not None:
            self._second.setSelectionBehavior(behavior)

    def setItemDelegate(self, delegate: QAbstractItemDelegate) -> None:
        super().setItemDelegate(delegate)
        if self._second is not None:
            self._second.setItemDelegate(delegate)

    def setSortingEnabled(self, enable: bool) -> None:
        super().setSortingEnabled(enable)
        if self._second is not None:
            head = self._second.horizontalHeader()
            head.setSectionsClickable(enable)
            head.setSortIndicatorShown(enable)
            head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def frozen_width(self) -> int:
        """Width of the columns that stay."""
        return sum(self.columnWidth(i) for i in range(self._frozen) if not self.isColumnHidden(i))

    def fit_columns(self) -> None:
        """Nothing here: the owner sets widths (a whole number of columns in view), see `scroll_room`."""

    def scroll_room(self) -> int:
        """Width left for the columns that scroll."""
        return max(self.viewport().width() - self.frozen_width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._second is not None:
            self._place()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        moved = super().moveCursor(action, modifiers)
        if moved.isValid() and moved.column() >= self._frozen:
            self._uncover(moved)
        return moved

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        # A frozen column is always in view: only its row may have to come.
        if index.column() < self._frozen:
            held = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(held)
        else:
            super().scrollTo(index, hint)
            self._uncover(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.MoveToStartOfLine):
            self.horizontalScrollBar().setValue(0)
        super().keyPressEvent(event)

    def _show_frozen_menu(self, at: QPoint) -> None:
        # Both viewports begin at the same corner.
        self._show_menu_at(self.frozen_view.indexAt(at), self.frozen_view.viewport().mapToGlobal(at))

    def _uncover(self, index: Index) -> None:
        """Scroll a cell out from under the frozen columns."""
        covered = self.frozen_width() - self.visualRect(index).left()
        if covered > 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - covered)

    def _arrange(self) -> None:
        view, model = self.frozen_view, self.model()
        for i in range(model.columnCount()):
            view.setColumnHidden(i, i >= self._frozen)
        for i in range(min(self._frozen, model.columnCount())):
            view.setColumnWidth(i, self.columnWidth(i))
        for row in range(model.rowCount()):
            view.setRowHeight(row, self.rowHeight(row))
        view.horizontalHeader().setFixedHeight(self.horizontalHeader().height())
        self._place()

    def _column_resized(self, column: int, _: int, width: int) -> None:
        if column < self._frozen:
            self.frozen_view.setColumnWidth(column, width)
            self._place()

    def _frozen_resized(self, column: int, _: int, width: int) -> None:
        if column < self._frozen and width > 0 and self.columnWidth(column) != width:
            self.setColumnWidth(column, width)

    def _place(self) -> None:
        head = self.horizontalHeader().height()
        self.frozen_view.horizontalHeader().setFixedHeight(head)
        left, width = self.frameWidth(), self.frozen_width()
        height = self.viewport().height() + head
        self.frozen_view.setGeometry(QRect(left, self.frameWidth(), width, height))
        self._edge.setGeometry(left + width - 1, self.frameWidth(), 1, height)
        self._edge.raise_()


class _PassOn(QObject):
    """The wheel over the frozen columns scrolls the table, a click there gives it the focus."""

    def __init__(self, table: FrozenTable) -> None:
        super().__init__(table)
        self._table = table

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            self._table.wheelEvent(event)
            return True
        if event.type() == QEvent.Type.MouseButtonPress:
            self._table.setFocus(Qt.FocusReason.MouseFocusReason)
        return False
