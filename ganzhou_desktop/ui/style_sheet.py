"""The one application style sheet, built from the colours and the type scale."""

from string import Template

from ganzhou_desktop.paths import resource
from ganzhou_desktop.ui import colours

# Controls are told apart by dynamic properties: kind (buttons, frames), textRole (labels), error, keyFocus.
_SHEET = """
QToolTip { background: $CARD; color: $INK; border: 1px solid $LINE3; padding: 4px 6px; font-size: ${s12}px; }
QMainWindow, QDialog { background: $WIN; }
QScrollArea, QStackedWidget { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[kind="scrollBody"] { background: transparent; }

QLabel { background: transparent; color: $INK; }
QLabel:disabled { color: $DISABLED; }
QLabel[textRole="page"] { font-size: ${s20}px; font-weight: bold; }
QLabel[textRole="big"] { font-size: ${s24}px; font-weight: bold; }
QLabel[textRole="row"] { font-size: ${s18}px; font-weight: bold; }
QLabel[textRole="dialog"] { font-size: ${s16}px; font-weight: bold; }
QLabel[textRole="card"] { font-size: ${s14}px; font-weight: bold; }
QLabel[textRole="nav"] { font-size: ${s14}px; }
QLabel[textRole="strong"] { font-weight: bold; }
QLabel[textRole="second"] { color: $INK2; }
QLabel[textRole="note"] { font-size: ${s12}px; color: $INK3; }
QLabel[textRole="noteStrong"] { font-size: ${s12}px; color: $INK2; font-weight: bold; }
QLabel[textRole="error"] { font-size: ${s12}px; color: $ERROR; }

QFrame[kind="card"] { background: $CARD; border: 1px solid $LINE; border-radius: 6px; }
QFrame[kind="cardHead"] { background: transparent; border: none; }
QFrame[kind="line"] { background: $LINE; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="line2"] { background: $LINE2; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="vline"] { background: $LINE; border: none; max-width: 1px; min-width: 1px; }
QFrame[kind="note"] { background: $HEAD; border: none; }
QFrame[kind="result"] { background: $SELECT; border: none; }
QFrame[kind="differ"] { background: $DIFFER_TINT; border: none; }
QFrame[kind="failure"] { background: $ERROR_TINT; border: none; border-left: 3px solid $ERROR; }
QFrame[kind="notice"] { background: $SELECT; border: none; border-radius: 4px; }
QFrame[kind="notice"][tone="error"] { background: $ERROR_TINT; }
QFrame[kind="notice"][tone="differ"] { background: $DIFFER_TINT; }
QFrame[kind="dialog"] { background: $CARD; border: none; border-radius: 8px; }
QFrame[kind="dialogFoot"] { border: none; border-top: 1px solid $LINE; background: transparent; }
QFrame[kind="dialogHead"] { border: none; border-bottom: 1px solid $LINE; background: transparent; }
QFrame[kind="vline2"] { background: $LINE2; border: none; max-width: 1px; min-width: 1px; }
QFrame[kind="nav"] { background: $NAV; border: none; border-right: 1px solid $LINE; }
QFrame[kind="status"] { background: $NAV; border: none; border-top: 1px solid $LINE; }
QFrame[kind="navLine"] { background: $LINE; border: none; max-height: 1px; min-height: 1px; }

QPushButton { background: $CARD; color: $INK; border: 1px solid $LINE2; border-radius: 4px;
  min-height: ${h28}px; max-height: ${h28}px; padding: 0 12px; }
QPushButton:hover { background: $HEAD; border-color: $LINE3; }
QPushButton:pressed { background: $NAV; border-color: $LINE3; }
QPushButton:checked { background: $SELECT; color: $ACCENT; border-color: $ACCENT; font-weight: bold; }
QPushButton[keyFocus="true"] { border: 2px solid $ACCENT; padding: 0 11px; min-height: ${h26}px; max-height: ${h26}px; }
QPushButton:disabled { background: $CARD; color: $DISABLED; border-color: $LINE; }
QPushButton[kind="main"] { background: $ACCENT; color: $CARD; border-color: $ACCENT; font-weight: bold; }
QPushButton[kind="main"]:hover, QPushButton[kind="main"]:pressed { background: $ACCENT_DOWN; border-color: $ACCENT_DOWN; }
QPushButton[kind="main"][keyFocus="true"] { border: 2px solid $ACCENT_DOWN; }
QPushButton[kind="main"]:disabled { background: $CARD; color: $DISABLED; border-color: $LINE; }
QPushButton[kind="text"] { background: transparent; color: $ACCENT; border: 1px solid transparent; padding: 0 5px; }
QPushButton[kind="text"]:hover { text-decoration: underline; }
QPushButton[kind="text"][keyFocus="true"] { border: 2px solid $ACCENT; padding: 0 4px; }
QPushButton[kind="text"]:disabled { color: $DISABLED; }
QPushButton[kind="icon"] { padding: 0; min-width: ${h28}px; max-width: ${h28}px; }
QPushButton[kind="icon"][keyFocus="true"] { padding: 0; min-width: ${h26}px; max-width: ${h26}px; }
QPushButton[kind="bare"] { padding: 0; min-width: ${h28}px; max-width: ${h28}px; background: transparent;
  border: 1px solid transparent; }
QPushButton[kind="bare"]:hover { background: $HEAD; }
QPushButton[segment="first"] { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QPushButton[segment="middle"] { border-radius: 0; border-left: none; }
QPushButton[segment="last"] { border-top-left-radius: 0; border-bottom-left-radius: 0; border-left: none; }
QPushButton[segment]:checked { border: 1px solid $ACCENT; }
QPushButton[segment][keyFocus="true"] { border: 2px solid $ACCENT; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox {
  background: $CARD; color: $INK; border: 1px solid $LINE2; border-radius: 4px;
  selection-background-color: $ACCENT_MARK; selection-color: $ACCENT_DOWN; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox { min-height: ${h28}px; max-height: ${h28}px; }
QLineEdit, QDateEdit, QSpinBox, QDoubleSpinBox { padding: 0 9px; }
QPlainTextEdit { padding: 4px 5px; }
QComboBox { padding: 0 8px 0 10px; }
QLineEdit:hover, QPlainTextEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QDateEdit:hover, QComboBox:hover {
  border-color: $LINE3; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus {
  border: 2px solid $ACCENT; padding: 0 8px; min-height: ${h26}px; max-height: ${h26}px; }
QPlainTextEdit:focus { border: 2px solid $ACCENT; padding: 3px 4px; }
QComboBox[keyFocus="true"], QComboBox:on { border: 2px solid $ACCENT; padding: 0 7px 0 9px;
  min-height: ${h26}px; max-height: ${h26}px; }
QLineEdit[error="true"], QPlainTextEdit[error="true"], QSpinBox[error="true"], QDateEdit[error="true"],
QComboBox[error="true"] { border-color: $ERROR; background: $ERROR_TINT; }
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QDateEdit[readOnly="true"], QSpinBox[readOnly="true"],
QLineEdit:disabled, QPlainTextEdit:disabled, QDateEdit:disabled, QSpinBox:disabled, QComboBox:disabled {
  background: $HEAD; border-color: $LINE; color: $INK2; }
QLineEdit[kind="search"] { padding-left: 4px; }
QLineEdit[kind="search"]:focus { padding-left: 3px; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; subcontrol-position: right center; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$icons/mark_down.svg"); width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: url("$icons/mark_down_disabled.svg"); }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { background: $CARD; border: 1px solid $LINE2; outline: none; padding: 4px; }
QComboBox QAbstractItemView::item { min-height: ${h28}px; padding: 0 8px; color: $INK; border-radius: 3px; }
QComboBox QAbstractItemView::item:selected { background: $SELECT; color: $ACCENT_DOWN; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
  border: none; width: 20px; subcontrol-origin: border; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$icons/mark_up.svg"); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$icons/mark_down.svg"); width: 12px; height: 12px; }

QCheckBox, QRadioButton { spacing: 7px; color: $INK; background: transparent; min-height: ${h26}px; }
QCheckBox:disabled, QRadioButton:disabled { color: $DISABLED; }
QRadioButton:checked { font-weight: bold; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator { width: 16px; height: 16px; }
QCheckBox::indicator, QAbstractItemView::indicator { image: url("$icons/mark_check_off.svg"); }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { image: url("$icons/mark_check.svg"); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
  image: url("$icons/mark_check_partial.svg"); }
QCheckBox::indicator:unchecked:focus { image: url("$icons/mark_check_focus.svg"); }
QCheckBox::indicator:unchecked:disabled { image: url("$icons/mark_check_disabled.svg"); }
QCheckBox::indicator:checked:disabled { image: url("$icons/mark_check_on_disabled.svg"); }
QRadioButton::indicator { image: url("$icons/mark_radio_off.svg"); }
QRadioButton::indicator:checked { image: url("$icons/mark_radio.svg"); }
QRadioButton::indicator:unchecked:focus { image: url("$icons/mark_radio_focus.svg"); }
QRadioButton::indicator:unchecked:disabled { image: url("$icons/mark_radio_disabled.svg"); }

QTableView, QListView, QTreeView { background: $CARD; border: none; outline: none; color: $INK;
  gridline-color: $LINE; selection-background-color: $SELECT; selection-color: $INK; }
QHeaderView { background: $HEAD; border: none; }
QHeaderView::section { background: $HEAD; color: $INK2; border: none; border-bottom: 1px solid $LINE2;
  padding: 0 8px; font-size: ${s12}px; font-weight: bold; min-height: ${h29}px; }
QTableCornerButton::section { background: $HEAD; border: none; border-bottom: 1px solid $LINE2; }

QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $INK2; border: none; border-bottom: 3px solid transparent;
  min-height: ${h39}px; padding: 0 2px; margin-right: 20px; }
QTabBar::tab:hover { color: $ACCENT; }
QTabBar::tab:selected { color: $ACCENT; font-weight: bold; border-bottom-color: $ACCENT; }
QTabWidget::pane { border: none; border-top: 1px solid $LINE; }

QProgressBar { background: $LINE; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $ACCENT; border-radius: 2px; }
QSplitter::handle { background: transparent; }

QMenu { background: $CARD; border: 1px solid $LINE2; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 3px; color: $INK; }
QMenu::item:selected { background: $SELECT; color: $ACCENT_DOWN; }
QMenu::item:disabled { color: $DISABLED; }
QMenu::separator { height: 1px; background: $LINE; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $LINE2; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $LINE3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QCalendarWidget QWidget#qt_calendar_navigationbar { background: $HEAD; }
QCalendarWidget QToolButton { color: $INK; background: transparent; border: none; padding: 4px 8px; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QToolButton:hover { background: $SELECT; }
QCalendarWidget QAbstractItemView { selection-background-color: $ACCENT; selection-color: $CARD; }
"""


def build(scale: float) -> str:
    """The style sheet at a type scale; heights of controls follow the type."""
    values = {name: value for name, value in vars(colours).items() if name.isupper()}
    values |= {f"s{size}": str(round(size * scale)) for size in (12, 14, 16, 18, 20, 24)}
    values |= {f"h{height}": str(round(height * scale)) for height in (26, 28, 29, 39)}
    values["icons"] = resource("icons").as_posix()
    return Template(_SHEET).substitute(values)
