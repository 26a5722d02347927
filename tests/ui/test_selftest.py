"""The self test says what works on this PC and leaves nothing behind."""

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinterInfo
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


def test_a_pc_without_yahei_is_told_what_stands_in(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "FAMILIES", ["Microsoft YaHei UI", "没有这种字体", "GZ Hei"])
    found = selftest._fonts()
    assert found.well
    assert "没有微软雅黑，屏幕上改用 GZ Hei" in found.found


def test_printers_none_and_many(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    assert "存成 PDF" in selftest._printers().found
    many = [f"打印机{n}" for n in range(40)]
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: many))
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", staticmethod(lambda: "打印机7"))
    found = selftest._printers().found
    assert "40 台，默认 打印机7" in found
    assert len(found) < 100
