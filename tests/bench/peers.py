"""Programs of other people's that ours is measured beside; each says how it is started, or why it cannot be."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import dev

Prepared = tuple[list[str], dict[str, str]] | tuple[None, str]
_ANKI = "aqt==26.9.3"
"""Anki's program in PyPI: Qt and Python like ours, SQLite too, and a web view for its pages."""
_ANKI_LIBRARIES = ("libnss3", "libxcomposite1", "libxdamage1", "libxrandr2", "libasound2", "libxtst6", "libxkbfile1")


_PROFILE = """
import sys
from pathlib import Path
from aqt.profiles import ProfileManager

profiles = ProfileManager(Path(sys.argv[1]))
profiles.setupMeta()
profiles.meta["updates"] = False
profiles.setLang("en_US")
profiles.create("User 1")
"""
"""Its first start would ask for the language instead of opening its window."""


def anki(folder: Path) -> Prepared:
    """Anki with an empty profile, from an environment of its own in the cache folder."""
    key = hashlib.sha256(f"{_ANKI} {sys.version}".encode()).hexdigest()[:12]
    venv = dev.cache_folder() / f"bench-anki-{key}"
    program = dev.venv_program(venv, "anki")
    if not (venv / "complete").exists():
        pip = [str(dev.venv_program(venv, "python")), "-m", "pip", "install", "-q", "--only-binary", ":all:", _ANKI]
        steps = ([sys.executable, "-m", "venv", "--clear", str(venv)], pip)
        if any(subprocess.run(step, stdout=sys.stderr, check=False).returncode for step in steps):
            return None, "没有装上（原因见上），没有量"
        (venv / "complete").write_text("ok\n", "ascii")
    missing = set(_ANKI_LIBRARIES) - dev.installed_packages(_ANKI_LIBRARIES)
    if missing:
        return None, f"缺少系统软件包 {' '.join(sorted(missing))}，没有量"
    base = folder / "anki"
    base.mkdir()
    python = str(dev.venv_program(venv, "python"))
    if subprocess.run([python, "-c", _PROFILE, str(base)], stdout=sys.stderr, check=False).returncode:
        return None, "没有建成空的配置（原因见上），没有量"
    # Its web view refuses to run as root unless told.
    return [str(program), "-b", str(base), "-l", "en", "-p", "User 1"], {"QTWEBENGINE_DISABLE_SANDBOX": "1"}


def libreoffice(folder: Path) -> Prepared:
    """An empty sheet, with settings of its own."""
    program = shutil.which("soffice")
    if program is None:
        return None, "没有装（apt-get install libreoffice-calc），没有量"
    profile = f"-env:UserInstallation={(folder / 'libreoffice').as_uri()}"
    return [program, "--calc", "--norestore", "--nologo", "--nofirststartwizard", profile], {}
