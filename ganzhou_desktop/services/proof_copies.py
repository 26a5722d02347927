"""A proof file laid out in a folder, so that the PC's own program can show it; never one that could run."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from ganzhou_desktop.domain.proof_kinds import proof_kind, safe_name
from ganzhou_desktop.services.filing import proof_bytes
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.engine import os_failure

_ZONE = "[ZoneTransfer]\r\nZoneId=3\r\n"
"""Windows' mark of a file from elsewhere: Office and WPS open it protected, with macros off."""


def lay_out_proof(ledger: Ledger, unit: str, sha256: str, name: str, folder: Path) -> Path:
    """Write a read-only copy of a proof file into a folder under a safe name; the same file is written once.

    The kind is judged from the bytes, not from what the record says; EnvironmentFailed when the bytes are not here.
    """
    data = proof_bytes(ledger, unit, sha256)
    kind = proof_kind(name, data, len(data))
    path = folder / sha256[:12] / safe_name(name, kind)
    try:
        if path.is_file() and path.read_bytes() == data:
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with path.open("xb") as file:
            file.write(data)
        if sys.platform == "win32":
            with suppress(OSError):  # a stick with FAT has no room for the mark
                Path(f"{path}:Zone.Identifier").write_text(_ZONE, "ascii", newline="")
        os.chmod(path, 0o444)
    except OSError as exc:
        raise os_failure(exc, path) from exc
    return path
