"""What kind of file a proof is, judged by its content: documents and pictures only, never a program."""

import io
import re
import zipfile

from ganzhou_desktop.domain.errors import RuleBroken

MOST_PROOF = 64 * 2**20
"""Bytes of a proof file that a copy may carry (docs/ledger-format.md); a plan may allow less, not more."""

KINDS = ("pdf", "ofd", "jpg", "png", "docx", "xlsx", "wps", "txt")

_ENDINGS_OF = {
    "pdf": (".pdf",),
    "ofd": (".ofd",),
    "jpg": (".jpg", ".jpeg"),
    "png": (".png",),
    "docx": (".docx",),
    "xlsx": (".xlsx",),
    "wps": (".wps", ".et", ".doc", ".xls"),
    "txt": (".txt",),
}
_NAME_LIMIT = 80
_NOT_IN_NAMES = re.compile(
    '[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb<>:"/\\\\|?*]'
)
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|\Z)", re.IGNORECASE)

_ZIP_MEMBERS = (("OFD.xml", "ofd"), ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))


def proof_kind(name: str, data: bytes, limit: int) -> str:
    """One of KINDS; RuleBroken when the file is too large, empty or of no kind that may be attached."""
    if not data:
        raise RuleBroken("empty_proof", f"佐证“{name}”是空文件，没有附上；请换一个文件。")
    if len(data) > limit:
        raise RuleBroken(
            "large_proof",
            f"佐证“{name}”有 {len(data) / 2**20:.0f} MB，超过每件 {limit // 2**20} MB 的上限，没有附上；请压缩或拆开后再附。",
        )
    kind = _by_content(data)
    if kind is None:
        raise RuleBroken(
            "bad_proof",
            f"佐证“{name}”不是可以附的文件，没有附上；可以附 PDF、OFD、图片、Word、Excel、WPS 和文本文件。",
        )
    return kind


def safe_name(name: str, kind: str) -> str:
    """A file name for a proof on any system: its own words, but an ending that fits its kind, so that nothing runs."""
    bare = _NOT_IN_NAMES.sub("", re.split(r"[\\/]", name)[-1]).strip(" .")
    endings = _ENDINGS_OF[kind]
    ending = next((e for e in endings if bare.lower().endswith(e)), "")
    stem = bare[: len(bare) - len(ending)][:_NAME_LIMIT].strip(" .") or "佐证"
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return stem + (ending or endings[0])


def _by_content(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "wps"
    if data.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return None
        return next((kind for member, kind in _ZIP_MEMBERS if member in names), None)
    return "txt" if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\r\n\x0c" for c in text)
    return False
