"""The bundle is whole, says what it is, and opens no connection."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ganzhou_desktop import __version__
from tests.windows.programs import WindowsProgram
from tests.windows.windows_dlls import OF_WINDOWS

IMAGES = {".exe", ".dll", ".pyd"}
SIZE_LIMIT = 140_000_000


@pytest.fixture(scope="module")
def pefile(windows: ModuleType) -> Any:
    """pefile, from the wheels of the Windows toolchain: it is plain Python."""
    place = str(windows.python_folder() / "opt/python/lib/site-packages")
    sys.path.append(place)
    import pefile

    sys.path.remove(place)
    return pefile


@pytest.fixture(scope="module")
def images(bundle: Path) -> list[Path]:
    return sorted(f for f in bundle.rglob("*") if f.suffix.lower() in IMAGES)


def _imports(pefile: Any, file: Path) -> Iterator[str]:
    kinds = ("IMPORT", "DELAY_IMPORT")
    with pefile.PE(str(file), fast_load=True) as image:
        image.parse_data_directories([pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{kind}"] for kind in kinds])
        for kind in kinds:
            for entry in getattr(image, f"DIRECTORY_ENTRY_{kind}", ()):
                yield entry.dll.decode("ascii").lower()


def test_every_import_is_here_or_of_windows_10(pefile: Any, images: list[Path]) -> None:
    here = {image.name.lower() for image in images}
    assert {"ganzhou-desktop.exe", "ganzhou-cli.exe", "python313.dll", "python3.dll", "qwindows.dll"} <= here
    asked = {(name, image.name) for image in images for name in _imports(pefile, image)}
    missing = sorted((name, by) for name, by in asked if name not in here and name not in OF_WINDOWS)
    assert not missing
    # What the list allows but nothing asks for would only hide something later.
    assert {"kernel32.dll", "user32.dll", "d3d11.dll", "api-ms-win-crt-runtime-l1-1-0.dll"} <= {
        name for name, _ in asked
    }


def test_nothing_that_is_not_used(bundle: Path, images: list[Path]) -> None:
    here = {image.name.lower() for image in images}
    assert not here & {
        "opengl32sw.dll",
        "qt6network.dll",
        "qt6qml.dll",
        "qt6quick.dll",
        "libssl-3.dll",
        "_ssl.pyd",
        "_tkinter.pyd",
    }
    assert [f.name for f in bundle.rglob("*.qm")] == ["qtbase_zh_CN.qm"]
    assert sum(f.stat().st_size for f in bundle.rglob("*") if f.is_file()) < SIZE_LIMIT


@pytest.mark.parametrize(("name", "console"), [("ganzhou-desktop.exe", False), ("ganzhou-cli.exe", True)])
def test_the_program_says_what_it_is(pefile: Any, bundle: Path, name: str, console: bool) -> None:
    with pefile.PE(str(bundle / name)) as image:
        kinds = {pefile.RESOURCE_TYPE.get(entry.id) for entry in image.DIRECTORY_ENTRY_RESOURCE.entries}
        assert {"RT_ICON", "RT_GROUP_ICON", "RT_VERSION", "RT_MANIFEST"} <= kinds
        texts = {k.decode(): v.decode() for t in image.FileInfo[0] if hasattr(t, "StringTable")
                 for k, v in t.StringTable[0].entries.items()}  # fmt: skip
        assert texts["ProductName"] == "甘州科创台账"
        assert texts["FileVersion"] == texts["ProductVersion"] == __version__
        assert image.OPTIONAL_HEADER.Subsystem == (3 if console else 2)
        # Not packed: scanners distrust packed programs.
        assert not any(section.Name.startswith(b"UPX") for section in image.sections)
    manifest = (bundle / name).read_bytes()
    for wanted in (b"PerMonitorV2", b"longPathAware", b'level="asInvoker"', b"Microsoft.Windows.Common-Controls"):
        assert wanted in manifest


SOCKET = re.compile(r"^\d+<(.*?)> socket\((AF_INET6?|AF_PACKET|AF_BLUETOOTH)\b", re.MULTILINE)
OF_WINE = {"wineboot.exe", "winedevice.exe"}
"""They look for network cards when Windows starts."""


def _sockets(program: WindowsProgram, script: str) -> list[tuple[str, str]]:
    """Who opened network sockets while a script ran; what a program opens, Wine's server opens for it."""
    done = program.wine.shell(
        f"wineserver -k; wineserver -w; strace -Y -f -qq -e trace=socket -e signal=none -o /tmp/sockets sh -c {_quoted(script)}"
        " 2>&1 | cat; wineserver -k; wineserver -w; cat /tmp/sockets",
        at=program.at,
        env=program.env(),
        timeout=240,
    )
    assert "socket(AF_UNIX" in done.text, done.text  # the trace did see something
    return [(who, kind) for who, kind in SOCKET.findall(done.text) if who not in OF_WINE]


def _quoted(script: str) -> str:
    return "'" + script.replace("'", "'\\''") + "'"


def test_the_program_opens_no_socket(program: WindowsProgram) -> None:
    ledger, pdf, shot = (program.named(program.data / name) for name in ("账.gzdb", "账.pdf", "账.png"))
    program.without_a_screen()
    used = _sockets(
        program,
        f"wine ganzhou-cli.exe demo '{ledger}' && wine ganzhou-cli.exe matrix '{ledger}' '{pdf}' && "
        f"wine ganzhou-desktop.exe --shot '{shot}' '{ledger}'",
    )
    assert (program.data / "账.pdf").exists()
    assert (program.data / "账.png").exists()
    assert used == []
    # The proof that a socket would have been seen.
    python = r"wine Z:\\opt\\python\\python.exe"
    assert _sockets(program, f'{python} -c "import socket; socket.socket()"') == [("wineserver64", "AF_INET")]
