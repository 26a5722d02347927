"""A proof's file name outside: its own words, an ending that fits its kind, nothing that runs or leaves its folder."""

import pytest

from ganzhou_desktop.domain.proof_kinds import safe_name


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("汇总表.xlsx", "xlsx", "汇总表.xlsx"),
        ("通知.PDF", "pdf", "通知.pdf"),
        ("通知.pdf.exe", "pdf", "通知.pdf.exe.pdf"),
        ("run.bat", "txt", "run.bat.txt"),
        ("setup.msi", "wps", "setup.msi.wps"),
        ("旧文.doc", "wps", "旧文.doc"),
        ("照片.jpeg", "jpg", "照片.jpeg"),
        ("报告.docx", "pdf", "报告.docx.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Windows\\a.txt", "txt", "a.txt"),
        ("a\u202efdp.exe", "pdf", "afdp.exe.pdf"),
        ('甲<乙>:"|?*.pdf', "pdf", "甲乙.pdf"),
        ("CON.pdf", "pdf", "_CON.pdf"),
        ("com1", "txt", "_com1.txt"),
        ("...", "pdf", "佐证.pdf"),
        ("", "ofd", "佐证.ofd"),
        ("名单 . .pdf", "pdf", "名单.pdf"),
        ("长" * 300 + ".pdf", "pdf", "长" * 80 + ".pdf"),
    ],
)
def test_name_is_safe_and_ends_as_its_kind(name: str, kind: str, safe: str) -> None:
    assert safe_name(name, kind) == safe
