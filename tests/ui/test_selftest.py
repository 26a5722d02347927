"""The self test says what works on this PC and leaves nothing behind."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from ganzhou_desktop.ui import selftest


def test_everything_works_here(qapp: QApplication, ganzhou_home: Path) -> None:
    """Nothing is wrong on a machine that passes the other tests; the trial ledger's keys are gone."""
    findings = selftest.run()
    assert [f.line for f in findings if f.well is False] == []
    assert not list((ganzhou_home / "keys").glob("*"))
    page = selftest.document(findings)
    assert len(page.pages) == 1
    assert "建账、签名、打印" in page.text


def test_a_folder_that_cannot_be_written_is_said(qapp: QApplication, tmp_path: Path) -> None:
    """A file in the folder's place: said, not raised."""
    (tmp_path / "file").write_text("x", "utf-8")
    assert selftest._folder("台账文件夹", tmp_path / "file").well is False
