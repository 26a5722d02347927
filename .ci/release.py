"""What an office is given, in dist/: setup, portable zip, single exe, licences, software list, SHA-256. Standard library."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import windows

import dev

DIST = dev.ROOT / "dist"
INSTALLER = dev.ROOT / "resources" / "installer"
PRODUCT = "甘州科创台账"
LICENCES = "许可证"
PORTABLE_MARKER = "便携模式.txt"
PORTABLE_WORDS = (
    "有这个文件，台账、密钥、备份和设置就都放在旁边的“数据”文件夹里，跟着 U 盘走，不在电脑上留东西。\r\n"
    "删掉这个文件，就改放在当前用户自己的文件夹里。\r\n"
)
MADE = "ganzhou-desktop-setup.exe"  # one named setup.exe gets compatibility shims of Windows
EPOCH = (2018, 1, 1, 0, 0, 0)


def version() -> str:
    text = (dev.ROOT / "ganzhou_desktop" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"', text, re.MULTILINE)
    assert found is not None
    return found[1]


def site_packages() -> Path:
    """Where the wheels lie that the program was frozen from."""
    if dev.WINDOWS:
        return windows.windows_python().parents[1] / "Lib" / "site-packages"
    return windows.python_folder() / "opt/python/lib/site-packages"


def collect_licences(parts: dict[str, str], folder: Path) -> None:
    """Our own notices, and what each wheel in the bundle says of itself."""
    shutil.copytree(INSTALLER / "licences", folder)
    shutil.copy(dev.ROOT / "resources/icons/LICENSE", folder / "图标.txt")
    installed = {re.sub(r"[-_.]+", "-", p.name.split("-")[0]).lower(): p for p in site_packages().glob("*.dist-info")}
    for name in parts:
        info = installed[name]
        texts = [
            f for f in info.rglob("*") if re.match(r"(?i)(licen[cs]e|copying|notice|authors)", f.name) and f.is_file()
        ]
        place = folder / name
        place.mkdir()
        for text in texts:
            shutil.copy(text, place / text.name)
        if not texts:
            raise SystemExit(f"{name} 的安装包里没有许可证文件，请在 resources/installer/licences 里补上。")


def software_list(parts: dict[str, str], out: Path) -> None:
    """A CycloneDX list of what is bundled, by its own tool, from the locked lines of those wheels."""
    lock = "\n".join(file.read_text("utf-8") for file in windows.LOCKS)
    blocks = {re.split(r"[=\s]", b)[0]: b for b in re.findall(r"^\S.*(?:\n[ \t].*)*", lock, re.MULTILINE)}
    chosen = windows.WORK / "bundled.txt"
    chosen.write_text("\n".join(blocks[name] for name in parts if name in blocks) + "\n", "utf-8")
    words = ["-m", "cyclonedx_py", "requirements", "--output-reproducible", "--of", "JSON", "-o"]
    made = windows.WORK / "bundled.cdx.json"
    if dev.WINDOWS:
        code = subprocess.run([str(windows.windows_python()), *words, str(made), str(chosen)], check=False).returncode
    else:
        with windows.Session(shares={"out": windows.WORK}) as wine:
            done = wine.python(*words, r"Z:\out\bundled.cdx.json", r"Z:\out\bundled.txt", timeout=240)
            code = done.returncode
            if code:
                dev.say(done.text[-3000:])
    if code:
        windows.fail("软件清单没有做出来（原因见上）。")
    listed = json.loads(made.read_text("utf-8"))
    listed.setdefault("metadata", {})["component"] = {"type": "application", "name": PRODUCT, "version": version()}
    known = {re.sub(r"[-_.]+", "-", part["name"]).lower() for part in listed.get("components", [])}
    assert set(parts) <= known, set(parts) - known
    listed["components"] += json.loads((windows.WORK / "folder" / "runtime.json").read_text("utf-8"))
    out.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", "utf-8")


def zip_folder(folder: Path, out: Path, top: str) -> None:
    """The folder as an archive that is the same each time."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(f"{top}/{file.relative_to(folder).as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def removal_list(folder: Path) -> str:
    """What a setup lays, deepest first, folders with a backslash at their end."""
    found = sorted(folder.rglob("*"), key=lambda p: (-len(p.parts), str(p)))
    names = [str(p.relative_to(folder)).replace("/", "\\") + ("\\" if p.is_dir() else "") for p in found]
    return "".join(f"{name}\r\n" for name in names)


def make_setup(stage: Path, out: Path, given_version: str = "") -> None:
    """The installer, by NSIS."""
    number = given_version or version()
    (windows.WORK / "removal.txt").write_bytes(b"\xff\xfe" + removal_list(stage).encode("utf-16-le"))
    numbers = ".".join([*re.findall(r"\d+", number), "0", "0", "0"][:4])

    def words(root: str, separator: str) -> list[str]:
        src, work = (f"{root}{separator}{part}" for part in ("src", "out"))
        if dev.WINDOWS:
            src, work = str(dev.ROOT), str(windows.WORK)
        place = {
            "VERSION": number,
            "NUMBERS": numbers,
            "FOLDER": f"{work}{separator}{stage.name}",
            "LIST": f"{work}{separator}removal.txt",
            "OUT": f"{work}{separator}{MADE}",
            "ICON": separator.join((src, "resources", "icons", "app.ico")),
        }
        script = separator.join((src, "resources", "installer", "setup.nsi"))
        return [*(f"-D{name}={value}" for name, value in place.items()), script]

    if dev.WINDOWS:
        program = shutil.which("makensis") or str(
            Path(os.environ.get("PROGRAMFILES(X86)", "")) / "NSIS" / "makensis.exe"
        )
        if not Path(program).exists():
            windows.fail("没有找到 NSIS 的 makensis.exe，安装程序做不出来；请装上 NSIS 3 再试一次。")
        done = subprocess.run([program, "-V2", "-INPUTCHARSET", "UTF8", *words("", "\\")], check=False)
        code = done.returncode
    else:
        with windows.Session(shares={"src": dev.ROOT, "out": windows.WORK}, read_only=("src",)) as wine:
            answer = wine.run(
                "makensis",
                "-V2",
                "-INPUTCHARSET",
                "UTF8",
                "-DAMD64",
                *words("", "/"),
                env={"LANG": "C.UTF-8"},
                timeout=900,
            )
            code = answer.returncode
            dev.say(answer.text.strip()[-3000:])
    if code:
        windows.fail("安装程序没有做成（原因见上）。")
    shutil.move(windows.WORK / MADE, out)


def stage_folder() -> Path:
    """The folder as offices get it: the program, the licences."""
    parts = json.loads((windows.freeze("folder") / "bundled.json").read_text("utf-8"))
    stage = windows.WORK / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(windows.WORK / "folder" / windows.FOLDER_NAME, stage)
    collect_licences(parts, stage / LICENCES)
    return stage


def build() -> int:
    """Everything an office is given."""
    name = f"ganzhou-desktop-{version()}"
    stage = stage_folder()
    single = windows.freeze("onefile") / f"{name}.exe"
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    shutil.copy(single, DIST / single.name)
    shutil.copytree(stage / LICENCES, DIST / LICENCES)
    parts = json.loads((windows.WORK / "folder" / "bundled.json").read_text("utf-8"))
    with windows.timed("软件清单"):
        software_list(parts, DIST / f"{name}.cdx.json")
    with windows.timed("安装程序"):
        make_setup(stage, DIST / f"{name}-setup.exe")
    with windows.timed("便携包"):
        (stage / PORTABLE_MARKER).write_bytes(b"\xef\xbb\xbf" + PORTABLE_WORDS.encode())
        zip_folder(stage, DIST / f"{name}-portable.zip", PRODUCT)
    shutil.copytree(windows.WORK / "folder" / windows.FOLDER_NAME, DIST / windows.FOLDER_NAME)
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(DIST.iterdir())
        if file.is_file()
    ]
    (DIST / "SHA256SUMS.txt").write_text("".join(lines), "utf-8")
    for file in sorted(DIST.iterdir()):
        if file.is_file():
            dev.say(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")
    return 0
