"""A second start of the program hands its file to the first."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from ganzhou_desktop.ui.single_instance import SingleInstance


def test_second_hands_its_file_over(qtbot: QtBot, tmp_path: Path) -> None:
    """The first is asked to open the file; names with Chinese and spaces arrive whole."""
    first = SingleInstance(tmp_path)
    second = SingleInstance(tmp_path)
    assert first.first
    assert not second.first
    with qtbot.waitSignal(first.asked, timeout=5000) as asked:
        second.hand_over(tmp_path / "区科技局 台账.gzdb")
    assert asked.args == [tmp_path / "区科技局 台账.gzdb"]
    with qtbot.waitSignal(first.asked, timeout=5000) as woken:
        second.hand_over(None)
    assert woken.args == [None]
    first.release()


def test_after_the_first_has_gone_another_may_be_it(tmp_path: Path, qtbot: QtBot) -> None:
    """Nothing is left that would keep the program from starting."""
    first = SingleInstance(tmp_path)
    first.release()
    again = SingleInstance(tmp_path)
    assert again.first
    again.release()


def test_where_nothing_can_be_written_each_start_stands_alone(tmp_path: Path, qtbot: QtBot) -> None:
    """A write-protected stick: the program starts, once more too, and nobody is asked."""
    (tmp_path / "stick").write_text("nothing can be made below a file", "utf-8")
    first, second = SingleInstance(tmp_path / "stick"), SingleInstance(tmp_path / "stick")
    assert first.first
    assert second.first
    assert not second.hand_over(tmp_path / "a.gzdb")
    first.release()
    second.release()
