"""A ledger on a network share or in a synchronised folder is told of."""

from pathlib import Path

import pytest

from ganzhou_desktop.services import place


@pytest.mark.parametrize("folder", ["OneDrive - 区科技局", "坚果云", "WPS云盘"])
def test_synchronised_folders_are_told(tmp_path: Path, folder: str) -> None:
    assert folder in place.doubtful_place(tmp_path / folder / "台账.gzdb")


def test_a_plain_folder_is_fine(tmp_path: Path) -> None:
    assert place.doubtful_place(tmp_path / "台账.gzdb") == ""


def test_network_mounts_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest mount point above the file decides; blanks in mount points are spelled \\040."""
    table = tmp_path / "mounts"
    share = tmp_path / "共 享"
    table.write_text(f"root / ext4 rw 0 0\nserver {str(share).replace(' ', chr(92) + '040')} cifs rw 0 0\n", "utf-8")
    assert place._mount_kind(share / "台账.gzdb", table) == "cifs"
    assert place._mount_kind(tmp_path / "台账.gzdb", table) == "ext4"
    monkeypatch.setattr(place, "_mount_kind", lambda *_: "nfs4")
    monkeypatch.setattr("sys.platform", "linux")
    assert "网络位置" in place.doubtful_place(share / "台账.gzdb")
