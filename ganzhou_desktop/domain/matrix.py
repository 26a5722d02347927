"""The task matrix: tasks × units, each cell's state from one rule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.  `state` is a state key (see states.py), `word` what is shown, `record` the submission it opens."""

    task: str
    unit: str
    role: str
    principal: bool
    state: str
    word: str
    record: str | None
    returned: bool = False
    provisional: bool = False
    """True while 两处不一致 touches it: shown and printed with ※."""
    why: str = ""
    """One sentence: how the rule came to this state."""


@dataclass(frozen=True, slots=True)
class MatrixTask:
    """A row: task with its group and 任务状态, the worst of its ◎ cells."""

    id: str
    title: str
    group: str
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class MatrixUnit:
    """A column, named as on the day asked for."""

    id: str
    name: str
    short: str
    leads: int
    supports: int


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """A group row: 一、完善三大平台."""

    id: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix for one period as of one day."""

    title: str
    period: str
    period_last: str
    as_of: str
    groups: tuple[MatrixGroup, ...]
    tasks: tuple[MatrixTask, ...]
    units: tuple[MatrixUnit, ...]
    cells: tuple[Cell, ...]
    demo: bool = False
    partial: bool = False
    """True on a unit's PC: 仅含本单位."""
