"""A world of three PCs, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store import kit


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> kit.World:
    """An office; A has filed and is trusted; B has joined and is not."""
    world = kit.World(tmp_path_factory.mktemp("world"))
    world.start(world.a)
    world.b.join(world.office.hand_out("ab", world.file()))
    world.a.act("提交", "ab", kit.submission("甲"))
    world.close()
    return world


@pytest.fixture
def world(made_world: kit.World, tmp_path: Path) -> Iterator[kit.World]:
    twin = kit.reopened(made_world, tmp_path)
    yield twin
    twin.close()
