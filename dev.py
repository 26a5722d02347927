#!/usr/bin/env python3
"""甘州科创台账的工作台：运行、测试、检查、画廊、基准、打包、命令行，一个文件，只用标准库，Linux 与 Windows 相同。"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
CANNOT = 3
"""Exit code for 'this machine or this version cannot do that; here is what to do'."""

HELP = """用法：python3 dev.py 命令 [参数…]

  setup            准备好运行和测试所需的一切（其余命令都会先自动做这一步，已备好时不联网）
  run [参数…]      打开程序；--shot 图.png 不开窗口，把画面存成图片
  test [参数…]     运行测试；参数原样交给 pytest，如 test tests/domain -k pace
  check            代码检查：ruff、格式、mypy、分层约定，一项不过即失败
  gallery 文件夹   把各页面画成图片
  bench [项目…]    速度基准，如 bench start pages；不写就全部量一遍
  build            生成 Windows 程序
  cli 参数…        不开窗口的命令行；标准输出只有命令自己的结果，退出码原样传回

退出码 3 表示这台机器上现在做不了，并用一句话说明缺什么、怎么办。
"""

# --- system packages ---------------------------------------------------------------------------------------------
# Debian's names. What each group is for decides which command asks for it; see `setup`.
FONT_PACKAGES = ("fonts-noto-cjk", "fonts-wqy-microhei")
QT_PACKAGES = (
    "libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libglib2.0-0", "libgssapi-krb5-2", "libx11-6",
    "libxkbcommon0",
)  # fmt: skip
WINDOW_PACKAGES = (
    "libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
    "libxcb-render-util0", "libxcb-render0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-util1",
    "libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon-x11-0",
)  # fmt: skip
TEST_PACKAGES = ("poppler-utils", "xauth", "xvfb")


def say(text: str) -> None:
    """Tell the person something; never on standard output, which belongs to the command."""
    print(text, file=sys.stderr, flush=True)


def stop(sentence: str, code: int = CANNOT) -> NoReturn:
    say(sentence)
    raise SystemExit(code)


def installed_packages(names: Sequence[str]) -> set[str]:
    # Since Debian 13 some libraries are called libx…t64; either name will do.
    asked = [*names, *(name + "t64" for name in names if name.startswith("lib"))]
    command = ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\\n", *asked]
    answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    lines = (line.split() for line in answer.splitlines())
    return {words[0].removesuffix("t64") for words in lines if words[1:] == ["installed"]}


def ensure_packages(names: Sequence[str]) -> None:
    """Install the Debian packages that are missing, or say in one sentence which and how."""
    if importlib.util.find_spec("ensurepip") is None:
        names = ["python3-venv", *names]
    if not (LINUX and shutil.which("dpkg-query") and shutil.which("apt-get")):
        if "python3-venv" in names:
            stop("缺少 Python 的 venv/ensurepip 模块，请用系统的软件管理器装上它再试一次。")
        return
    present = installed_packages(names)
    missing = [name for name in names if name not in present]
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:  # type: ignore[attr-defined,unused-ignore]
        stop(f"缺少系统软件包 {' '.join(missing)}，请先执行 sudo {' '.join(install)}，再试一次。")
    say(f"安装系统软件包：{' '.join(missing)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*install, "-qq"]):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        # One source that does not answer fails the update; what is needed may well come from the others.
        if done.returncode and command[1] != "update":
            stop(f"系统软件包 {' '.join(missing)} 没有装上（原因见上），请联网后执行 {' '.join(install)}，再试一次。")


# --- cache folder and virtual environment ------------------------------------------------------------------------


def cache_folder() -> Path:
    """Outside the checkout, so that several checkouts of the same lock share one environment."""
    if WINDOWS:
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ganzhou-desktop" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ganzhou-desktop"


def venv_folder() -> Path:
    # Not sys.version: it names the build, and Debian's python3-venv may bring a newer build of the same Python.
    python = f"{sys.implementation.cache_tag} {'.'.join(map(str, sys.version_info))}"
    parts = [python.encode(), sysconfig.get_platform().encode(), LOCK.read_bytes().replace(b"\r\n", b"\n")]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    return cache_folder() / f"venv-{sys.version_info[0]}.{sys.version_info[1]}-{digest}"


def venv_program(folder: Path, name: str) -> Path:
    return folder / "Scripts" / f"{name}.exe" if WINDOWS else folder / "bin" / name


def venv_is_complete(folder: Path) -> bool:
    # The stamp is written last; a link to a Python that has since been removed does not `exist`.
    return (folder / "complete").exists() and venv_program(folder, "python").exists()


@contextlib.contextmanager
def only_one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the cache's lock, so that two commands started together do not build over each other."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                try:
                    handle.seek(0)
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # it gives up after ten seconds; a first set-up takes longer
                    time.sleep(0.5)
            yield
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def make_venv(folder: Path) -> None:
    """Build the environment in place (its programs name their own folder) and stamp it last."""
    shutil.rmtree(folder, ignore_errors=True)
    say(f"准备运行环境：{folder}（第一次需要几分钟，要联网）")
    python = venv_program(folder, "python")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(LOCK)],
    )
    for step in steps:
        if subprocess.run(step, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode:
            stop("运行环境没有装好（原因见上），请检查网络和磁盘空间后再执行一次 python3 dev.py setup。")
    (folder / "complete").write_text("ok\n", encoding="ascii")


# --- print fonts -------------------------------------------------------------------------------------------------
# Qt writes into a PDF, for each glyph, the lowest code point that has it. In Noto CJK 工 and the Kangxi radical
# U+2F2F are one glyph, so 工作 printed with it can neither be searched nor copied. The fonts made here are Noto's
# simplified-Chinese faces with such doubles taken out of the character map, under names of their own, so that no
# one gets the system's by mistake. Outlines are copied as they are. Windows has its own fonts and needs none of this.
FONT_RECIPE = 1  # raise it when what is made changes
FONT_SOURCES = (
    ("GZ Song", "Regular", "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
    ("GZ Song", "Bold", "NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC"),
    ("GZ Hei", "Regular", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
    ("GZ Hei", "Bold", "NotoSansCJK-Bold.ttc", "Noto Sans CJK SC"),
)
FONT_FOLDERS = ("opentype/noto", "noto-cjk", "google-noto-cjk", "opentype/noto-cjk")


def sfnt_tables(data: bytes, offset: int) -> dict[bytes, tuple[int, bytes]]:
    """The checksum and content of each table of one face."""
    count = struct.unpack_from(">H", data, offset + 4)[0]
    entries = (struct.unpack_from(">4sIII", data, offset + 12 + 16 * i) for i in range(count))
    return {tag: (checksum, data[start : start + length]) for tag, checksum, start, length in entries}


def face_named(data: bytes, family: str) -> dict[bytes, tuple[int, bytes]]:
    """The tables of the collection's face with this family name."""
    count = struct.unpack_from(">I", data, 8)[0]
    for offset in struct.unpack_from(f">{count}I", data, 12):
        tables = sfnt_tables(data, offset)
        if family in name_strings(tables[b"name"][1], (1, 16)):
            return tables
    raise LookupError(family)


def name_strings(table: bytes, wanted: tuple[int, ...]) -> set[str]:
    count, strings = struct.unpack_from(">HH", table, 2)
    found = set()
    for i in range(count):
        platform, _encoding, _language, name, length, start = struct.unpack_from(">6H", table, 6 + 12 * i)
        if platform == 3 and name in wanted:
            found.add(table[strings + start : strings + start + length].decode("utf-16-be"))
    return found


def character_map(table: bytes) -> dict[int, int]:
    """Code point to glyph, from the format 12 subtable that every CJK font has."""
    for i in range(struct.unpack_from(">H", table, 2)[0]):
        start = struct.unpack_from(">I", table, 4 + 8 * i + 4)[0]
        if struct.unpack_from(">H", table, start)[0] == 12:
            break
    else:
        raise LookupError("cmap format 12")
    mapping = {}
    for i in range(struct.unpack_from(">I", table, start + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", table, start + 16 + 12 * i)
        mapping.update({code: glyph + code - first for code in range(first, last + 1)})
    return mapping


def everyday(code: int) -> bool:
    """Whether people type this character; the doubles are older or compatibility forms of such a one."""
    return code < 0x100 or 0x3000 <= code < 0x301C or 0x4E00 <= code < 0xA000 or 0xFF01 <= code < 0xFF5F


def without_doubles(mapping: dict[int, int]) -> dict[int, int]:
    """Take out the radicals, and every code point below the everyday character that has the same glyph."""
    everyday_code: dict[int, int] = {}
    for code in sorted(filter(everyday, mapping)):
        everyday_code.setdefault(mapping[code], code)
    stand_ins = (range(0x1D00, 0x1D80), range(0x2E80, 0x2FE0))  # phonetic signs, radicals
    return {
        code: glyph
        for code, glyph in mapping.items()
        if code >= everyday_code.get(glyph, code) and not any(code in block for block in stand_ins)
    }


def cmap_table(mapping: dict[int, int]) -> bytes:
    groups: list[list[int]] = []
    for code in sorted(mapping):
        if groups and code == groups[-1][1] + 1 and mapping[code] == groups[-1][2] + code - groups[-1][0]:
            groups[-1][1] = code
        else:
            groups.append([code, code, mapping[code]])
    body = b"".join(struct.pack(">III", *group) for group in groups)
    subtable = struct.pack(">HHIII", 12, 0, 16 + len(body), 0, len(groups)) + body
    return struct.pack(">HHHHIHHI", 0, 2, 0, 4, 20, 3, 10, 20) + subtable


def name_table(family: str, style: str) -> bytes:
    postscript = family.replace(" ", "") + "-" + style
    names = {1: family, 2: style, 3: postscript, 4: f"{family} {style}", 6: postscript}
    names[13] = "SIL Open Font License, Version 1.1; derived from Noto CJK"
    records, strings = b"", b""
    for name, text in names.items():
        encoded = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, name, len(encoded), len(strings))
        strings += encoded
    return struct.pack(">HHH", 0, len(names), 6 + len(records)) + records + strings


def checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def font_file(tables: dict[bytes, tuple[int, bytes]]) -> bytes:
    """One font with these tables, offsets and checksums set right."""
    log = len(tables).bit_length() - 1
    header = struct.pack(">4sHHHH", b"OTTO", len(tables), 16 << log, log, 16 * len(tables) - (16 << log))
    start = len(header) + 16 * len(tables)
    body, head_at = b"", 0
    pieces: list[bytes] = []
    for tag, (digest, content) in sorted(tables.items()):
        if tag == b"head":
            head_at = start
        header += struct.pack(">4sIII", tag, digest, start, len(content))
        pieces.append(content + b"\0" * (-len(content) % 4))
        start += len(pieces[-1])
    body = b"".join(pieces)
    whole = (checksum(header) + sum(digest for digest, _ in tables.values())) & 0xFFFFFFFF
    made = bytearray(header + body)
    struct.pack_into(">I", made, head_at + 8, (0xB1B0AFBA - whole) & 0xFFFFFFFF)
    return bytes(made)


def cut_font(collection: bytes, face: str, family: str, style: str) -> bytes:
    tables = face_named(collection, face)
    for tag, content in (
        (b"cmap", cmap_table(without_doubles(character_map(tables[b"cmap"][1])))),
        (b"name", name_table(family, style)),
    ):
        tables[tag] = (checksum(content), content)
    # A substituted glyph (the long dash made of two) has no code point at all, and the signature no longer holds.
    for tag in (b"GSUB", b"DSIG"):
        tables.pop(tag, None)
    return font_file(tables)


def font_source(name: str) -> Path | None:
    places = [Path("/usr/share/fonts") / folder / name for folder in FONT_FOLDERS]
    return next((place for place in places if place.exists()), None)


def fonts_folder() -> Path | None:
    """Where this machine's print fonts belong, or None while their sources are missing."""
    sources = [font_source(name) for _, _, name, _ in FONT_SOURCES]
    sizes = [str(source.stat().st_size) for source in sources if source]
    if len(sizes) < len(sources):
        return None
    key = hashlib.sha256(" ".join([str(FONT_RECIPE), *sizes]).encode()).hexdigest()[:12]
    return cache_folder() / f"fonts-{key}"


def make_fonts(folder: Path) -> None:
    """Make all of them beside their place and move them there in one step."""
    say("准备打印字体")
    half_made = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        for family, style, name, face in FONT_SOURCES:
            source = font_source(name)
            if source is None:
                raise FileNotFoundError(name)
            made = cut_font(source.read_bytes(), face, family, style)
            (half_made / f"{family.replace(' ', '')}-{style}.otf").write_bytes(made)
        half_made.chmod(0o755)
        half_made.rename(folder)
    finally:
        shutil.rmtree(half_made, ignore_errors=True)


# --- set-up ------------------------------------------------------------------------------------------------------


def setup(*groups: Sequence[str]) -> Path:
    """Make ready whatever is missing; return the environment's folder. Instant when nothing is."""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        stop(f"需要 Python 3.11、3.12 或 3.13，这里是 {sys.version.split()[0]}，请换一个版本再试。")
    if groups or not ready():
        ensure_packages([*FONT_PACKAGES, *QT_PACKAGES, *(name for group in groups for name in group)])
    if not ready():
        try:
            with only_one_at_a_time(cache_folder()):
                make_what_is_missing()
        except OSError as error:
            stop(f"缓存文件夹 {cache_folder()} 写不进去（{error.strerror}），请腾出空间或改好权限，再试一次。")
    return venv_folder()


def make_what_is_missing() -> None:
    folder, fonts = venv_folder(), fonts_folder()
    if not venv_is_complete(folder):
        make_venv(folder)
    if LINUX and fonts is None:
        stop("缺少 Noto Serif CJK 和 Noto Sans CJK 字体，请装上系统的 noto-cjk 字体包再试一次。")
    if LINUX and fonts is not None and not fonts.exists():
        make_fonts(fonts)


def ready() -> bool:
    if not venv_is_complete(venv_folder()):
        return False
    if not LINUX:
        return True
    fonts = fonts_folder()
    return fonts is not None and fonts.exists()


def has_screen() -> bool:
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def program_environment(**more: str) -> dict[str, str]:
    """The caller's environment, with the checkout importable from anywhere and nothing else found by accident."""
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONSAFEPATH": "1"}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    for name in ("PYTHONHOME", "__PYVENV_LAUNCHER__"):
        env.pop(name, None)
    fonts = fonts_folder() if LINUX else None
    if fonts is not None:
        env["GANZHOU_FONTS"] = str(fonts)
    return {**env, **more}


def become(command: list[str], env: dict[str, str]) -> int:
    """Run the command in our place: nothing of ours remains between it and its caller."""
    if not WINDOWS:
        sys.stdout.flush()
        os.execve(command[0], command, env)
    return subprocess.run(command, env=env, check=False).returncode


def exit_code(command: Sequence[str], env: dict[str, str]) -> int:
    code = subprocess.run(command, env=env, cwd=ROOT, check=False).returncode
    return code if code >= 0 else 128 - code


# --- commands ----------------------------------------------------------------------------------------------------


def command_setup(_: list[str]) -> int:
    began = time.monotonic()
    folder = setup(WINDOW_PACKAGES, TEST_PACKAGES)
    say(f"已备好（{time.monotonic() - began:.1f} 秒）：{folder}")
    return 0


def command_run(arguments: list[str]) -> int:
    screen = has_screen()
    if not screen and "--shot" not in arguments:
        stop("这里没有桌面可以开窗口，请用 run --shot 图.png 把画面存成图片，或到有桌面的机器上运行。")
    folder = setup(WINDOW_PACKAGES if screen else ())
    env = program_environment() if screen else program_environment(QT_QPA_PLATFORM="offscreen")
    # --ready: where no ledger is named and none was opened before, one is made from the plan.
    return become([str(venv_program(folder, "python")), "-m", "ganzhou_desktop", "--ready", *arguments], env)


def command_cli(arguments: list[str]) -> int:
    folder = setup()
    env = program_environment() if has_screen() else program_environment(QT_QPA_PLATFORM="offscreen")
    return become([str(venv_program(folder, "python")), "-m", "ganzhou_desktop.cli", *arguments], env)


def command_test(arguments: list[str]) -> int:
    folder = setup(WINDOW_PACKAGES, TEST_PACKAGES)
    with tempfile.TemporaryDirectory(prefix="ganzhou-test-") as home:
        env = program_environment(
            QT_QPA_PLATFORM="offscreen", TZ="Asia/Shanghai", LANG="C.UTF-8", LC_ALL="C.UTF-8", GANZHOU_HOME=home
        )
        code = exit_code([str(venv_program(folder, "python")), "-m", "pytest", *arguments], env)
    if code == 5:
        say("一个测试也没有运行，不算通过。")
    return code


def command_check(_: list[str]) -> int:
    folder = setup()
    python = str(venv_program(folder, "python"))
    failed = []
    for title, command in (
        ("ruff", [python, "-m", "ruff", "check", "."]),
        ("格式", [python, "-m", "ruff", "format", "--check", "."]),
        ("mypy", [python, "-m", "mypy"]),
        ("分层约定", [str(venv_program(folder, "lint-imports"))]),
    ):
        print(f"== {title}", flush=True)
        if exit_code(command, program_environment()):
            failed.append(title)
    print(f"没有通过：{'、'.join(failed)}" if failed else "检查全部通过", flush=True)
    return 1 if failed else 0


def command_gallery(arguments: list[str]) -> int:
    if not arguments:
        stop("请写明图片放在哪个文件夹，如 python3 dev.py gallery 画廊。", 2)
    folder = setup(WINDOW_PACKAGES, TEST_PACKAGES)
    env = program_environment(QT_QPA_PLATFORM="offscreen", TZ="Asia/Shanghai")
    return become([str(venv_program(folder, "python")), "-m", "tests.gallery", *arguments], env)


def command_bench(arguments: list[str]) -> int:
    env_folder = setup(WINDOW_PACKAGES, TEST_PACKAGES)
    env = program_environment(QT_QPA_PLATFORM="offscreen", TZ="Asia/Shanghai")
    return become([str(venv_program(env_folder, "python")), "-m", "tests.bench", *arguments], env)


def command_build(_: list[str]) -> int:
    return exit_code([sys.executable, str(ROOT / ".ci" / "windows.py"), "build"], dict(os.environ))


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "setup": command_setup,
    "run": command_run,
    "test": command_test,
    "check": command_check,
    "gallery": command_gallery,
    "bench": command_bench,
    "build": command_build,
    "cli": command_cli,
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(HELP, end="")
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        stop(f"没有“{arguments[0]}”这个命令，可用的有：{'、'.join(COMMANDS)}。", 2)
    try:
        return command(arguments[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows console speaks GBK; what it cannot show must not stop us.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
