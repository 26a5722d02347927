"""The trend chart draws what it is given, in the state's colour, with Chinese years."""

from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain import states
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.trend_chart import TrendChart, TrendLook

LOOK = TrendLook(
    first=date(2017, 9, 28),
    last=date(2020, 12, 31),
    actual=((date(2017, 9, 28), 4), (date(2017, 12, 12), 5), (date(2018, 3, 31), 6)),
    pace=((date(2017, 9, 28), 0), (date(2020, 12, 31), 15)),
    target=15,
    forecast=16,
    state=states.OK,
    unit="家",
)


@pytest.fixture
def chart(qtbot: QtBot) -> TrendChart:
    made = TrendChart(LOOK)
    qtbot.addWidget(made)
    made.resize(556, 250)
    made.show()
    return made


def _has(chart: TrendChart, colour: str) -> bool:
    image = chart.grab().toImage()
    found = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    return colour.lower() in found


def test_actual_has_the_colour_of_its_state(chart: TrendChart) -> None:
    assert _has(chart, colours.GREEN)
    chart.set_look(replace(LOOK, state=states.OVERDUE))
    assert _has(chart, colours.RED)
    assert not _has(chart, colours.GREEN)


def test_chart_is_named_in_words(chart: TrendChart) -> None:
    assert "2018年3月31日 6 家" in chart.accessibleName()
    assert "目标 15" in chart.accessibleName()
    assert "预计 16" in chart.accessibleName()


@pytest.mark.parametrize(
    "look",
    [
        replace(LOOK, actual=(), forecast=None, target=None, pace=(), state=states.NO_BASELINE),
        replace(LOOK, actual=((date(2018, 3, 31), 0),), forecast=None, state=states.NOT_PUBLISHED),
        replace(LOOK, actual=((date(2020, 12, 31), 40),), forecast=40, state=states.REACHED),
        replace(LOOK, forecast=15.2),
    ],
)
def test_scanty_data_is_drawn(chart: TrendChart, look: TrendLook) -> None:
    chart.set_look(look)
    chart.resize(300, 160)
    assert not chart.grab().isNull()
