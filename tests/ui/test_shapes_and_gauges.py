"""Marks and gauges: told apart by shape without colour, right at both ends of the scale."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.plan import FLOOR, LEAD, SUPPORT
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.gauge_widgets import Bullet, Dial, GaugeLook, draw_bullet, draw_dial
from ganzhou_desktop.ui.shapes import (
    NOTICE_LOOKS,
    STATE_LOOKS,
    draw_notice,
    draw_returned_corner,
    draw_role,
    draw_state,
)

USED = pytest.mark.usefixtures("qapp")
LOOK = GaugeLook(6, 2, 15, states.OK, "家", formula="序时 = ⌊15 × 184 ÷ 1190⌋ = 2")


def _drawn(draw: Callable[[QPainter], object], width: int = 48, height: int = 48) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw(painter)
    painter.end()
    return image


def _bullet(look: GaugeLook, black_white: bool = False) -> QImage:
    return _drawn(lambda p: draw_bullet(p, QRectF(4, 1, 200, 24), look, black_white), 208, 28)


def _all(image: QImage) -> list[QColor]:
    return [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]


@USED
def test_every_look_is_one_of_the_domain_states() -> None:
    assert set(STATE_LOOKS) == set(states.WORDS)


@USED
def test_black_and_white_shapes_differ_and_are_grey() -> None:
    by_shape = {look.shape: state for state, look in STATE_LOOKS.items()}
    box = QRectF(6, 6, 36, 36)
    pictures = [_drawn(lambda p, s=state: draw_state(p, box, s, True)) for state in by_shape.values()]
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])
    assert all(colour.saturation() == 0 for picture in pictures for colour in _all(picture))


@USED
def test_shapes_stay_in_their_rectangle() -> None:
    box = QRectF(12, 12, 24, 24)
    for state in STATE_LOOKS:
        image = _drawn(lambda p, s=state: draw_state(p, box, s))
        outside = [
            image.pixelColor(x, y)
            for x in range(48)
            for y in range(48)
            if not box.adjusted(-1, -1, 1, 1).contains(x, y)
        ]
        assert all(colour == QColor("white") for colour in outside), state


@USED
def test_roles_differ() -> None:
    box = QRectF(10, 10, 28, 28)
    lead = _drawn(lambda p: draw_role(p, box, LEAD))
    principal = _drawn(lambda p: draw_role(p, box, LEAD, principal=True))
    support = _drawn(lambda p: draw_role(p, box, SUPPORT))
    nothing = _drawn(lambda p: draw_role(p, box, "none"))
    assert len({bytes(image.constBits()) for image in (lead, principal, support, nothing)}) == 4
    assert lead.pixelColor(24, 24) == QColor(colours.INK)
    assert support.pixelColor(24, 24) == QColor("white")


@USED
def test_notice_boxes_count_the_level() -> None:
    counts = []
    for level in NOTICE_LOOKS:
        image = _drawn(lambda p, name=level: draw_notice(p, QRectF(2, 10, 1, 20).center(), name, True))
        counts.append(sum(colour == QColor("black") for colour in _all(image)))
    assert counts == sorted(set(counts))


@USED
def test_returned_corner_is_at_the_lower_right() -> None:
    image = _drawn(lambda p: draw_returned_corner(p, QRectF(0, 0, 48, 48)))
    assert image.pixelColor(46, 46) == QColor(colours.DIFFER)
    assert image.pixelColor(2, 2) == QColor("white")


@USED
def test_bullet_bar_ends_at_the_value() -> None:
    image = _bullet(LOOK)
    row = [image.pixelColor(x, 16).name() for x in range(208)]
    green = [x for x, name in enumerate(row) if name == colours.GREEN.lower()]
    assert green[0] == 4
    assert abs(green[-1] - (4 + 200 * 6 / 18.75)) <= 1


@USED
def test_bullet_shows_pace_and_target() -> None:
    image = _bullet(LOOK)
    row = [image.pixelColor(x, 10).name() for x in range(208)]
    dark = [x for x, name in enumerate(row) if QColor(name).lightness() < 90]
    assert any(abs(x - (4 + 200 * 2 / 18.75)) <= 1 for x in dark)
    assert any(abs(x - (4 + 200 * 15 / 18.75)) <= 1 for x in dark)


@USED
def test_zero_shows_a_stub_and_no_value_a_hatch() -> None:
    zero = _bullet(replace(LOOK, actual=0.0, expected=None, state=states.OVERDUE))
    assert zero.pixelColor(4, 16) == QColor(colours.RED)
    assert zero.pixelColor(12, 16) == QColor(colours.BAND_GREEN)
    none = _bullet(replace(LOOK, actual=None, state=states.NOT_PUBLISHED))
    assert none.pixelColor(12, 7) == QColor(colours.LINE2)
    assert QColor("white") in _all(none.copy(6, 9, 140, 14))


@USED
def test_floor_has_neither_bands_nor_pace() -> None:
    floor = _bullet(GaugeLook(13, 14, 15, states.BELOW_FLOOR, "人", FLOOR))
    found = {colour.name() for colour in _all(floor)}
    assert colours.BAND_RED.lower() not in found
    assert colours.BAND_YELLOW.lower() not in found


@USED
def test_value_beyond_the_scale_stays_on_the_track() -> None:
    image = _bullet(replace(LOOK, actual=999.0))
    assert image.pixelColor(206, 16) == QColor("white")


@USED
@pytest.mark.parametrize("draw", [draw_bullet, draw_dial])
def test_paper_gauges_have_no_hue(draw: Callable[..., None]) -> None:
    for state in (states.OK, states.BEHIND, states.OVERDUE):
        image = _drawn(
            lambda p, s=state: draw(p, QRectF(4, 4, 190, 132), replace(LOOK, state=s), black_white=True), 200, 140
        )
        spreads = [max(c.getRgb()[:3]) - min(c.getRgb()[:3]) for c in _all(image)]
        assert max(spreads) < 12, state


@USED
def test_gauge_without_target_is_drawn() -> None:
    bare = GaugeLook(None, None, None, states.NO_BASELINE, "%")
    assert _bullet(bare) is not None
    _drawn(lambda p: draw_dial(p, QRectF(0, 0, 190, 132), bare), 190, 132)
    assert "缺基期" in bare.words


@pytest.mark.parametrize("kind", [Bullet, Dial])
def test_gauge_opens_and_tells_its_formula(kind: type[Bullet] | type[Dial], qtbot: QtBot) -> None:
    gauge = kind(LOOK)
    qtbot.addWidget(gauge)
    gauge.show()
    assert gauge.accessibleName() == "实际 6 家 · 序时 2 家 · 目标 15 家 · 正常"
    assert "⌊15 × 184 ÷ 1190⌋ = 2" in gauge.toolTip()
    with qtbot.waitSignal(gauge.opened):
        qtbot.mouseClick(gauge, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(gauge.opened):
        qtbot.keyClick(gauge, Qt.Key.Key_Return)


def test_gauges_paint_states_differently(qtbot: QtBot) -> None:
    gauge = Dial(LOOK)
    qtbot.addWidget(gauge)
    pictures = []
    for state in (states.OK, states.BEHIND, states.OVERDUE, states.REACHED):
        gauge.set_look(replace(LOOK, state=state))
        pictures.append(gauge.grab().toImage())
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])
