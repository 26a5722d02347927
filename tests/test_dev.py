"""The workshop itself: its manners on standard output, its speed once set up, and the print fonts it makes."""

import io
import os
import re
import struct
import subprocess
import sys
import time
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication, QPainter, QPdfWriter

import dev
import ganzhou_desktop

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = ["GZ Song", "GZ Hei"]
NOT_LINUX = not sys.platform.startswith("linux")


def dev_py(*arguments: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "dev.py"), *arguments]
    return subprocess.run(
        command, env={**os.environ, **env}, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
    )


def printed_text(family: str, *, bold: bool, lines: list[str]) -> str:
    """What a reader of the PDF finds in it."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(300)
    painter = QPainter(writer)
    font = QFont(family, 10)
    font.setBold(bold)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    assert QFontInfo(font).family() == family
    painter.setFont(font)
    for number, line in enumerate(lines):
        if number and number % 50 == 0:
            writer.newPage()
        painter.drawText(100, 100 + 60 * (number % 50), line)
    painter.end()
    buffer.close()
    reader = pypdf.PdfReader(io.BytesIO(data.data()))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def gb2312() -> str:
    codes = [bytes([high, low]) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)]
    return "".join(code.decode("gb2312", "ignore") for code in codes).replace("\u3000", "")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_printed_text_can_be_searched(family: str, bold: bool) -> None:
    if NOT_LINUX:
        return
    # Every one of these is also a Kangxi radical.
    assert printed_text(family, bold=bold, lines=["工人生月日水火山石工作"]) == "工人生月日水火山石工作"
    everything = gb2312() + "①②㈠ⅠⅫ㎡℃‰≤≥×÷±——……·“”‘’〈〉《》【】（）％￥№〇堃赟珺"
    lines = [everything[start : start + 40] for start in range(0, len(everything), 40)]
    # The Japanese middle dot, which GB 2312's table names, has the Chinese one's glyph in GZ Hei.
    found, typed = (text.replace("・", "·") for text in (printed_text(family, bold=bold, lines=lines), everything))
    assert [pair for pair in zip(found, typed, strict=False) if pair[0] != pair[1]] == []
    assert len(found) == len(typed)


@pytest.mark.usefixtures("qapp")
def test_the_print_fonts_have_a_bold_of_their_own() -> None:
    for family in FAMILIES if not NOT_LINUX else ():
        assert sorted(QFontDatabase.styles(family)) == ["Bold", "Regular"]
    assert QGuiApplication.instance() is not None


def test_the_fonts_made_are_sound_files(print_fonts_folder: Path | None) -> None:
    if print_fonts_folder is None:
        return
    files = sorted(print_fonts_folder.iterdir())
    assert [file.name for file in files] == [
        "GZHei-Bold.otf", "GZHei-Regular.otf", "GZSong-Bold.otf", "GZSong-Regular.otf",
    ]  # fmt: skip
    for file in files:
        data = file.read_bytes()
        assert dev.checksum(data) == 0xB1B0AFBA, "the whole file's checksum, as the format demands"
        tables = dev.sfnt_tables(data, 0)
        assert {
            tag for tag, (digest, content) in tables.items() if tag != b"head" and dev.checksum(content) != digest
        } == set()
        codes = dev.character_map(tables[b"cmap"][1])
        assert not any(0x2E80 <= code < 0x2FE0 for code in codes)


def test_a_character_map_survives_writing_and_reading() -> None:
    mapping = {0x20: 1, 0x21: 2, 0x22: 9, 0x4E00: 10, 0x4E01: 11, 0x20000: 3}
    assert dev.character_map(dev.cmap_table(mapping)) == mapping


def test_the_everyday_character_keeps_the_glyph() -> None:
    radical, work, dot, japanese_dot = 0x2F2F, 0x5DE5, 0xB7, 0x30FB
    assert dev.without_doubles({radical: 5, work: 5, dot: 6, japanese_dot: 6, 0x2F00: 7}) == {
        work: 5, dot: 6, japanese_dot: 6,
    }  # fmt: skip


def test_a_face_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        dev.face_named(struct.pack(">4sII", b"ttcf", 0, 0), "Noto Serif CJK SC")


def test_alone_it_prints_help_in_chinese_on_standard_output() -> None:
    done = dev_py()
    assert done.returncode == 0
    assert done.stderr == ""
    assert "用法" in done.stdout
    for command in dev.COMMANDS:
        assert re.search(rf"^  {command}\b", done.stdout, re.MULTILINE), command


def test_an_unknown_command_is_one_sentence() -> None:
    done = dev_py("tset")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_a_window_without_a_screen_is_one_sentence_and_code_three() -> None:
    if not NOT_LINUX:  # Windows always has a screen
        done = dev_py("run", DISPLAY="", WAYLAND_DISPLAY="")
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1)
        assert done.stderr.endswith("。\n")


def test_missing_packages_are_named_with_the_command_that_gets_them(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "LINUX", True)
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev, "installed_packages", lambda names: {"xauth"})
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(SystemExit) as stopped:
        dev.ensure_packages(["xauth", "xvfb"])
    assert stopped.value.code == 3
    out, err = capfd.readouterr()
    assert out == ""
    assert err == ("缺少系统软件包 xvfb，请先执行 sudo apt-get install -y --no-install-recommends xvfb，再试一次。\n")


def test_a_python_that_will_not_do_is_named(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    with pytest.raises(SystemExit) as stopped:
        dev.setup()
    assert stopped.value.code == 3
    assert "需要 Python 3.11" in capfd.readouterr().err


def test_a_half_made_environment_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    python = dev.venv_program(tmp_path, "python")
    python.parent.mkdir()
    python.touch()
    assert not dev.venv_is_complete(tmp_path)
    (tmp_path / "complete").touch()
    assert dev.venv_is_complete(tmp_path)
    python.unlink()
    assert not dev.venv_is_complete(tmp_path)


def test_half_made_fonts_leave_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "font_source", lambda name: None)
    with pytest.raises(FileNotFoundError):
        dev.make_fonts(tmp_path / "fonts-1")
    assert list(tmp_path.iterdir()) == []
    assert dev.fonts_folder() is None


def test_the_environment_follows_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_bytes(b"a==1\n")
    monkeypatch.setattr(dev, "LOCK", lock)
    monkeypatch.setattr(dev, "cache_folder", lambda: tmp_path)
    first = dev.venv_folder()
    lock.write_bytes(b"a==1\r\n")
    assert dev.venv_folder() == first, "git's line ends on Windows are no change"
    lock.write_bytes(b"a==2\n")
    assert dev.venv_folder() != first


@pytest.fixture
def ready_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of dev.py beside a stand-in for the program, with an environment that counts as set up."""
    checkout = tmp_path / "checkout"
    (checkout / "ganzhou_desktop").mkdir(parents=True)
    for name in ("dev.py", "requirements.lock"):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    (checkout / "ganzhou_desktop" / "__init__.py").touch()
    (checkout / "ganzhou_desktop" / "cli.py").write_text(
        "import os, sys\n"
        "print('|'.join([*sys.argv[1:], os.getcwd(), os.environ.get('QT_QPA_PLATFORM', '-')]))\n"
        "raise SystemExit(7)\n",
        "utf-8",
    )
    folder = dev.venv_folder()
    assert dev.venv_is_complete(folder), "tests run in the environment that dev.py made: python3 dev.py test"
    return checkout


def test_cli_passes_words_output_and_exit_code_through(ready_checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "ganzhou_desktop.py").write_text("raise SystemExit('the wrong one')", "utf-8")
    began = time.perf_counter()
    command = [sys.executable, str(ready_checkout / "dev.py"), "cli", "台账 一", "--json"]
    env = {**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", "PYTHONPATH": ""}
    env.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 7
    assert done.stdout == f"台账 一|--json|{tmp_path}|{'-' if NOT_LINUX else 'offscreen'}\n"
    assert done.stderr == ""
    assert time.perf_counter() - began < 5


def test_the_lock_names_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert len(blocks) > 20
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_everything_asked_for_is_in_the_lock() -> None:
    asked = re.findall(r"^([A-Za-z][\w-]*)==(\S+)", (ROOT / "requirements.in").read_text("utf-8"), re.MULTILINE)
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    assert len(asked) > 10
    assert [name for name, version in asked if f"{name.lower()}=={version} " not in locked] == []


def test_the_version_has_one_source() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", ganzhou_desktop.__version__)
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_dev_py_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import dev; print(len(dev.COMMANDS))"
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code, str(ROOT)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(len(dev.COMMANDS))), done.stderr


def test_a_cache_that_cannot_be_written_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(dev, "cache_folder", lambda: tmp_path / "file" / "cache")
    monkeypatch.setattr(dev, "ensure_packages", lambda names: None)
    with pytest.raises(SystemExit) as stopped:
        dev.setup()
    assert stopped.value.code == 3
    assert len(capfd.readouterr().err.splitlines()) == 1
