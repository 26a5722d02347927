#!/usr/bin/env python3
"""The Windows program: its toolchain, made once in the cache folder; freezing it; and a throwaway Windows to use it in.

On Windows the Python that runs this file does the work. Elsewhere Wine does, in a chroot of its own: docs/windows.md.
Standard library only.
"""
# ruff: noqa: T201

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import dev  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SPEC = ROOT / "build.spec"
WORK = ROOT / "build" / "windows"
FOLDER_NAME = "ganzhou-desktop"
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-windows.lock")
LOCK_ON_WINDOWS = {"ast-serialize", "grimp", "import-linter", "librt", "mypy", "mypy-extensions", "ruff"}
"""Checked on Linux only, so not installed."""

HELP = """用法：python3 .ci/windows.py 命令

  toolchain        备好工具链（第一次要联网和 root 权限，约 3 分钟；以后直接用）
  folder           冻结成文件夹 build/windows/folder；源文件没有变时不重做
  onefile          冻结成单个 exe：build/windows/onefile
  whole            什么都不裁地冻结，用来量大小
  check [参数…]    冻结文件夹，在 Wine 里使用它：tests/windows；参数交给 pytest
  tests [参数…]    在 Wine 的 Windows 版 Python 里运行与程序有关的测试；参数交给 pytest
  build            生成发布用的全部文件，放进 dist/
  shell 命令…      在一次性的 Windows 环境里执行一条命令（W: 是当前文件夹）
"""


def fail(sentence: str) -> NoReturn:
    dev.stop(sentence)


@contextlib.contextmanager
def timed(title: str) -> Iterator[None]:
    began = time.monotonic()
    dev.say(f"… {title}")
    yield
    dev.say(f"  {title}：{time.monotonic() - began:.0f} 秒")


def digest(*parts: str | bytes | Path) -> str:
    made = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes().replace(b"\r\n", b"\n")
        elif isinstance(part, str):
            part = part.encode()
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()[:16]


# --- the system: Debian 13 with Wine 10, in a folder ---------------------------------------------------------------

SYSTEM_RECIPE = "5"  # raise it when what is made changes
SUITE = "trixie"  # Debian 12's Wine 8 cannot run Python 3.12 or later, nor Qt's `windows` platform plugin
SYSTEM_PACKAGES = (
    "wine", "wine64", "xvfb", "xauth", "xdotool", "imagemagick",
    "fonts-wqy-microhei", "fonts-wine",
    "locales", "tzdata",
    "nsis", "binutils-mingw-w64-x86-64", "strace",
)  # fmt: skip
HOST_PACKAGES = ("ca-certificates", "debian-archive-keyring", "debootstrap", "maven", "util-linux")
LOCALES = ("zh_CN", "en_US")  # they make Wine's code page 936, that of the PCs the program is for, or 1252
CLEAN = {"HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "zh_CN.UTF-8"}
# No TZ: the C runtime of Windows programs reads it too, and understands something else. Wine takes /etc/localtime.
TIME_ZONE = "Asia/Shanghai"
PREFIX = "/opt/prefix"
PYTHON = "/opt/python"


def tell(command: Sequence[str], log: IO[bytes], what: str, **given: object) -> None:
    """Run a step of the set-up; its words go to the log, whose end is shown if the step fails."""
    log.write(("\n$ " + " ".join(command) + "\n").encode())
    log.flush()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, **given)  # type: ignore[call-overload]
    if done.returncode:
        tail = Path(log.name).read_text("utf-8", "replace")[-3000:]
        fail(f"{tail}\n{what}没有成功（退出码 {done.returncode}，详情见上），请检查网络和磁盘空间后再试一次。")


def debian_mirror() -> str:
    """The place from which this machine's apt gets Debian itself."""
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)", "Created-By: Packages"]
    for _ in range(2):
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
        for line in answer.splitlines():
            origin, label, address = line.split("|", 2)
            if (origin, label) == ("Debian", "Debian"):
                return address
        # ORIGIN is known only once the lists are here.
        subprocess.run(["apt-get", "update", "-qq"], stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    fail("apt 的软件源里没有 Debian 的主仓库，做不出运行 Wine 的系统；请先配好软件源再试一次。")


def require_linux_tools() -> None:
    """Say exactly what this machine lacks, before anything long begins."""
    if not (dev.LINUX and shutil.which("apt-get")):
        fail("生成 Windows 程序要在 Windows 上，或在用 apt 的 Linux（Debian、Ubuntu）上。")
    if os.geteuid() != 0:  # type: ignore[attr-defined,unused-ignore]
        fail("在 Linux 上生成和试用 Windows 程序要 root 权限（chroot、挂载、网络命名空间），请用 sudo 再试一次。")
    dev.ensure_packages(HOST_PACKAGES)
    if not shutil.which("java"):
        dev.ensure_packages(["default-jre-headless"])
    trial = "mount -t tmpfs none /mnt && mkdir /mnt/a /mnt/b /mnt/c /mnt/d && " + (
        "mount -t overlay none -o lowerdir=/mnt/a,upperdir=/mnt/b,workdir=/mnt/c /mnt/d"
    )
    done = subprocess.run([*NAMESPACES, "sh", "-c", trial], capture_output=True, text=True, check=False)
    if done.returncode:
        fail(f"这台机器不许建立挂载、进程、网络命名空间或 overlay 文件系统（{done.stderr.strip()}），Wine 跑不起来。")


def system_folder() -> Path:
    key = digest(SYSTEM_RECIPE, SUITE, " ".join(SYSTEM_PACKAGES), *LOCALES)
    return dev.cache_folder() / f"windows-system-{key}"


@contextlib.contextmanager
def made_beside(folder: Path) -> Iterator[Path]:
    """A new folder that takes its place only when everything in it is made."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    half.chmod(0o755)
    try:
        yield half
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def make_system(folder: Path) -> None:
    mirror = debian_mirror()
    with made_beside(folder) as half, (half.parent / f"{folder.name}.log").open("wb") as log, timed("Wine 的系统"):
        tell(["debootstrap", "--variant=minbase", "--include=ca-certificates,eatmydata", SUITE, str(half), mirror],
             log, "建立 Wine 的系统")  # fmt: skip
        shutil.copy("/etc/resolv.conf", half / "etc/resolv.conf")
        script = (
            "apt-get update -qq && eatmydata apt-get install -y -qq --no-install-recommends "
            + " ".join(SYSTEM_PACKAGES)
            + " && apt-get clean && rm -rf /var/lib/apt/lists/*"
            + " && rm -f /usr/share/wine/fonts/tahoma*"  # it has no Chinese, and window titles would be set in it
            + f" && ln -sf /usr/share/zoneinfo/{TIME_ZONE} /etc/localtime"
            + "".join(f" && localedef -i {name} -f UTF-8 {name}.UTF-8" for name in LOCALES)
        )
        env = {**CLEAN, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        tell(["chroot", str(half), "sh", "-c", script], log, "安装 Wine", env=env)
        for place in ("opt", "src", "w", "out"):
            (half / place).mkdir(exist_ok=True)


# --- Python for Windows, with the wheels: a second layer over the system --------------------------------------------

PYTHON_RECIPE = "2"
CPYTHON = "org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64"
CPYTHON_SHA256 = "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae"
NOT_NEEDED = ("share", "bin", "include", "lib/test", "lib/idlelib", "lib/turtledemo", "jnipython.dll")


def python_folder() -> Path:
    key = digest(PYTHON_RECIPE, system_folder().name, CPYTHON, CPYTHON_SHA256, *LOCKS)
    return dev.cache_folder() / f"windows-python-{key}"


def get_cpython(folder: Path, scratch: Path, log: IO[bytes]) -> None:
    """CPython built from its own sources for Windows, as Maven Central has it."""
    repository = scratch / "m2"
    command = ["mvn", "-B", "-q", f"-Dmaven.repo.local={repository}", "dependency:get", f"-Dartifact={CPYTHON}"]
    tell([*command, "-Dtransitive=false"], log, "下载 Windows 版 Python", cwd=scratch)
    jar = next(repository.rglob("cpython-*-windows-x86_64.jar"))
    if hashlib.sha256(jar.read_bytes()).hexdigest() != CPYTHON_SHA256:
        fail("下载的 Windows 版 Python 与登记的校验值不符，没有使用。")
    inside = "org/bytedeco/cpython/windows-x86_64/"
    with zipfile.ZipFile(jar) as archive:
        names = [name for name in archive.namelist() if name.startswith(inside)]
        archive.extractall(scratch / "jar", names)
    shutil.move(str(scratch / "jar" / inside), folder)
    for name in NOT_NEEDED:
        place = folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)


def wheel_lock(text: str) -> str:
    """The lock without what belongs to other systems: pip on Linux would judge its markers for Linux."""
    kept = []
    for block in re.findall(r"^\S.*(?:\n[ \t].*)*", text, re.MULTILINE):
        head, _, rest = block.partition("\\\n")
        name, _, marker = head.partition(";")
        if re.split(r"[=\s]", name)[0] in LOCK_ON_WINDOWS or "darwin" in marker or "< '3.13'" in marker:
            continue
        kept.append(f"{name.strip()} \\\n{rest}")
    return "\n".join(kept) + "\n"


def get_wheels(folder: Path, log: IO[bytes]) -> None:
    command = [str(dev.venv_program(dev.setup(), "python")), "-m", "pip", "download", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--platform", "win_amd64", "--python-version", "3.13", "--dest", str(folder)]
    folder.mkdir()
    locks = [folder.parent / lock.name for lock in LOCKS]
    seen: set[str] = set()
    for lock, made in zip(LOCKS, locks, strict=True):
        # What both locks name, they name alike; pip wants to hear of it once.
        blocks = re.split(r"\n(?=\S)", wheel_lock(lock.read_text("utf-8")).strip())
        made.write_text("\n".join(b for b in blocks if b.split(" ")[0] not in seen) + "\n", "utf-8")
        seen |= {block.split(" ")[0] for block in blocks}
    for made in locks:
        command += ["-r", str(made)]
    tell(command, log, "下载 Windows 版软件包")


FORWARDS = r"""
set -e
cd /opt/python/libs
x86_64-w64-mingw32-nm python3.lib | sed -n 's/.* __imp_\(.*\)$/\1/p' | sort -u > /tmp/names
test "$(wc -l < /tmp/names)" -gt 800
{ echo 'LIBRARY python3.dll'; echo EXPORTS; sed 's/.*/&=python313.&/' /tmp/names; } > /tmp/python3.def
x86_64-w64-mingw32-ld -shared --no-insert-timestamp -o /opt/python/python3.dll /tmp/python3.def
rm /tmp/names /tmp/python3.def
"""
"""python3.dll hands the stable ABI on to python313.dll; Qt's Python modules import it, and the artifact lacks it."""

INSTALL = r"""
cd /opt && wineboot -i && wineserver -w
wine reg add 'HKCU\Software\Wine\DllOverrides' /v winemenubuilder.exe /t REG_SZ /d '' /f </dev/null 2>&1 | cat
wine reg add 'HKCU\Software\Wine\Drivers' /v Graphics /t REG_SZ /d x11 /f </dev/null 2>&1 | cat
"""


def make_python(folder: Path) -> None:
    with made_beside(folder) as half, tempfile.TemporaryDirectory(dir=folder.parent) as name:
        scratch = Path(name)
        log_name = folder.parent / f"{folder.name}.log"
        with log_name.open("wb") as log:
            (half / "opt").mkdir()
            with timed("Windows 版 Python"):
                get_cpython(half / "opt/python", scratch, log)
            with timed("Windows 版软件包"):
                get_wheels(scratch / "wheels", log)
            with timed("在 Wine 里安装"), Session(layers=[system_folder()], upper=half, shares={"w": scratch}) as wine:
                for script in (FORWARDS, INSTALL):
                    done = wine.shell(script, timeout=240)
                    log.write(done.stdout)
                    if done.returncode:
                        fail(f"{done.text}\nWine 没有准备好。")
                done = wine.python(
                    "-m", "pip", "install", "--no-index", "--find-links", r"Z:\w\wheels", "--require-hashes", "--no-deps",
                    "--no-compile", "--no-warn-script-location", "--quiet",
                    *(part for lock in LOCKS for part in ("-r", rf"Z:\w\{lock.name}")), timeout=420,
                )  # fmt: skip
                log.write(done.stdout)
                if done.returncode:
                    fail(f"{done.text}\nWine 里的软件包没有装上。")
                wine.shell("wineserver -k; wineserver -w", timeout=60)
        for place in ("tmp", "w", "run"):
            shutil.rmtree(half / place, ignore_errors=True)


def toolchain() -> list[Path]:
    """The layers of the toolchain, made if they are missing; the upper one first."""
    layers = [python_folder(), system_folder()]
    if not all(layer.exists() for layer in layers):
        require_linux_tools()
        with dev.only_one_at_a_time(dev.cache_folder() / "windows"):
            for layer, make in ((layers[1], make_system), (layers[0], make_python)):
                if not layer.exists():
                    make(layer)
    for layer in layers:
        with contextlib.suppress(OSError):
            os.utime(layer)  # when it was last used
    for sort in ("system", "python"):
        forget_old_layers(sort)
    return layers


LAYERS_KEPT = 2
UNUSED_DAYS = 14


def forget_old_layers(sort: str) -> None:
    """Remove layers that nobody has used for long: other branches and checkouts share the two used last."""
    named = re.compile(rf"windows-{sort}-[0-9a-f]{{16}}")
    layers = [f for f in dev.cache_folder().glob(f"windows-{sort}-*") if named.fullmatch(f.name) and f.is_dir()]
    layers.sort(key=lambda layer: layer.stat().st_mtime, reverse=True)
    for layer in layers[LAYERS_KEPT:]:
        if time.time() - layer.stat().st_mtime > UNUSED_DAYS * 24 * 3600:
            shutil.rmtree(layer, ignore_errors=True)
            layer.with_name(layer.name + ".log").unlink(missing_ok=True)


# --- a throwaway Windows --------------------------------------------------------------------------------------------

NAMESPACES = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"]
SCREEN = ":77"


class Done(subprocess.CompletedProcess[bytes]):
    """What a program did; both its streams are in `stdout` unless they were kept apart."""

    @property
    def text(self) -> str:
        return (self.stdout or b"").decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def complaints(self) -> str:
        return (self.stderr or b"").decode("utf-8", "replace").replace("\r\n", "\n")


def read_until_exit(
    process: subprocess.Popen[bytes], timeout: float, echo: IO[bytes] | None = None
) -> tuple[bytes, bytes]:
    """What a process says until it ends: not until its streams close, for Windows' services may hold on to those."""
    kept: dict[object, bytearray] = {}
    end = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                kept[stream] = bytearray()
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            over = process.poll() is not None
            ready = selector.select(0.1)
            if over and not ready:
                break
            for key, _ in ready:
                part = os.read(key.fd, 65536)
                kept[key.fileobj] += part
                if echo is not None:
                    echo.write(part)
                    echo.flush()
                if not part:
                    selector.unregister(key.fileobj)
            if not over and time.monotonic() > end:
                said = b"".join(map(bytes, kept.values()))[-2000:].decode("utf-8", "replace")
                raise TimeoutError(f"{process.args!r} ran over {timeout} s: {said}")
    process.wait(max(1.0, end - time.monotonic()))
    out, errors = (bytes(kept.get(stream, b"")) for stream in (process.stdout, process.stderr))
    return out, errors


def sweep() -> None:
    """Remove what killed sessions left behind; what they had mounted went with them."""
    for left in dev.cache_folder().glob("windows-run-*"):
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)


class Session:
    """Wine over layers that nothing is written to, without a network; all its processes end with it.

    `shares` are folders of this machine, by the name they get: `w` is Z:\\w inside; `read_only` names some of them.
    `screen` is the size of a screen to have, such as 1366x768.
    """

    def __init__(
        self,
        *,
        layers: Sequence[Path] | None = None,
        upper: Path | None = None,
        shares: Mapping[str, Path] | None = None,
        read_only: Sequence[str] = (),
        screen: str = "",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._screen = screen
        self._read_only = read_only
        self._layers = list(layers) if layers is not None else toolchain()
        self._keep = upper
        self._shares = dict(shares or {})
        self._env = dict(env or {})
        self._place: Path | None = None
        self._holder: subprocess.Popen[bytes] | None = None
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Session:
        sweep()
        place = Path(tempfile.mkdtemp(prefix=f"windows-run-{os.getpid()}-", dir=dev.cache_folder()))
        self._place = place
        upper = self._keep or place / "upper"
        for folder in (upper, place / "work", place / "root"):
            folder.mkdir(exist_ok=True)
        options = f"lowerdir={':'.join(map(str, self._layers))},upperdir={upper},workdir={place}/work,xino=off"
        root = place / "root"
        lines = [
            f"mount -t overlay overlay -o '{options}' '{root}'",
            f"mount -t proc proc '{root}/proc'",
            f"mount --bind /dev '{root}/dev'",
            f"mount -t tmpfs tmpfs '{root}/tmp'",
            f"chmod 1777 '{root}/tmp'",
        ]
        for name, folder in self._shares.items():
            lines += [f"mkdir -p '{root}/{name}'", f"mount --bind '{folder}' '{root}/{name}'"]
        lines += [f"mount -o remount,bind,ro '{root}/{name}'" for name in self._read_only]
        # Lives as long as our end of the pipe: when we die, so does everything in here.
        lines += ["echo ready", "cat > /dev/null"]
        self._holder = subprocess.Popen(
            [*NAMESPACES, "sh", "-ec", "\n".join(lines)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != b"ready\n":
            self.__exit__()
            fail("Wine 的环境没有建立起来（原因见上）。")
        if self._screen:
            self._open_screen(self._screen)
        return self

    def __exit__(self, *_: object) -> None:
        if self._holder is not None:
            assert self._holder.stdin is not None
            self._holder.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._holder.wait(10)
            self._holder.kill()
            self._holder.wait()
            self._holder.stdout.close()  # type: ignore[union-attr]
        for process in self._started:
            process.kill()
            process.communicate()
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)

    def command(self, words: Sequence[str], env: Mapping[str, str] | None = None, at: str = "/") -> list[str]:
        """The command line that runs these words inside."""
        assert self._holder is not None
        assert self._place is not None
        into = f"/proc/{self._holder.pid}/ns"
        enter = ["nsenter", f"--mount={into}/mnt", f"--net={into}/net", f"--pid={into}/pid_for_children"]
        whole = {**CLEAN, "WINEPREFIX": PREFIX, "WINEDEBUG": "-all", **self._env, **(env or {})}
        settings = [f"{name}={value}" for name, value in whole.items()]
        return [*enter, "chroot", str(self._place / "root"), "env", "-i", f"--chdir={at}", *settings, *words]

    def run(
        self,
        *words: str,
        env: Mapping[str, str] | None = None,
        at: str = "/",
        timeout: float = 120,
        apart: bool = False,
        echo: IO[bytes] | None = None,
    ) -> Done:
        """Run a Linux program inside; both streams together unless kept apart; `echo` gets them as they come."""
        # Wine wants pipes for its standard streams, not files.
        streams = subprocess.PIPE if apart else subprocess.STDOUT
        with subprocess.Popen(
            self.command(words, env, at),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=streams,
            start_new_session=True,
        ) as process:
            try:
                out, errors = read_until_exit(process, timeout, echo)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        return Done(words, process.returncode, out, errors)

    def shell(self, script: str, **given: object) -> Done:
        return self.run("sh", "-c", script, **given)  # type: ignore[arg-type]

    def wine(self, program: str, *words: str, **given: object) -> Done:
        """Run a Windows program, named as Windows names it."""
        return self.run("wine", program, *words, **given)  # type: ignore[arg-type]

    def python(self, *words: str, **given: object) -> Done:
        env = {"PYTHONUTF8": "1", **(given.pop("env", None) or {})}  # type: ignore[dict-item]
        return self.wine(r"Z:\opt\python\python.exe", *words, env=env, **given)

    def start(self, *words: str, env: Mapping[str, str] | None = None, at: str = "/") -> subprocess.Popen[bytes]:
        """Start a program and go on; it ends with the session at the latest."""
        process = subprocess.Popen(
            self.command(words, env, at), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._started.append(process)
        return process

    def _open_screen(self, size: str) -> None:
        self.start("Xvfb", SCREEN, "-screen", "0", f"{size}x24", "-nolisten", "tcp")
        # Windows' desktop belongs to the first program: whatever runs later finds the screen only if that one did.
        self._env["DISPLAY"] = SCREEN
        for _ in range(100):
            if self.run("xdotool", "getdisplaygeometry").returncode == 0:
                break
            time.sleep(0.1)
        else:
            fail("Xvfb 没有起来。")
        # A desktop of Wine's own frames, maximises and stacks windows; on a bare screen nobody does.
        key = r"HKCU\Software\Wine\Explorer"
        self.wine("reg", "add", key, "/v", "Desktop", "/d", "Default", "/f")
        self.wine("reg", "add", key + r"\Desktops", "/v", "Default", "/d", size, "/f")
        self.run("wineserver", "-k")

    def picture(self, file: Path) -> None:
        """What is on the screen, as a PNG."""
        done = self.run("import", "-window", "root", "png:-", apart=True)
        if done.returncode:
            raise OSError(done.complaints)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(done.stdout)


# --- freezing -------------------------------------------------------------------------------------------------------


def source_key() -> str:
    """What the frozen program is made from."""
    files = [SPEC, *LOCKS]
    for folder in ("ganzhou_desktop", "resources", "db"):
        files += [f for f in sorted((ROOT / folder).rglob("*")) if f.is_file() and "__pycache__" not in f.parts]
    return digest(PYTHON_RECIPE, CPYTHON, *(part for file in files for part in (str(file.relative_to(ROOT)), file)))


def freeze(kind: str) -> Path:
    """The folder that holds the frozen program: `folder` or `onefile`. Made anew only when its sources have changed."""
    made, stamp = WORK / kind, WORK / f"{kind}.stamp"
    key = source_key()
    if stamp.exists() and stamp.read_text("ascii") == key and made.exists():
        return made
    stamp.unlink(missing_ok=True)
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    env = {"GANZHOU_FREEZE": kind, "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1"}
    words = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    with timed(f"冻结（{kind}）"):
        if dev.WINDOWS:
            command = [
                str(windows_python()),
                *words,
                "--distpath",
                str(made),
                "--workpath",
                str(WORK / "work"),
                str(SPEC),
            ]
            code = subprocess.run(command, env={**os.environ, **env}, cwd=ROOT, check=False).returncode
        else:
            with Session(shares={"src": ROOT, "out": made}, read_only=("src",)) as wine:
                places = ["--distpath", r"Z:\out", "--workpath", r"C:\freeze", r"Z:\src\build.spec"]
                done = wine.python(*words, *places, env={**env, "PYTHONDONTWRITEBYTECODE": "1"}, timeout=1500)
                code = done.returncode
                (WORK / f"{kind}.log").write_bytes(done.stdout)
                if code:
                    dev.say(done.text[-6000:])
    if code:
        fail("程序没有冻结成功（原因见上）。")
    stamp.write_text(key, "ascii")
    return made


def windows_python() -> Path:
    """On Windows: the environment of this Python with both locks installed."""
    folder = dev.cache_folder() / f"windows-venv-{digest(sys.version, *LOCKS)}"
    python = dev.venv_program(folder, "python")
    if not (folder / "complete").exists():
        pip = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--no-deps",
        ]
        steps = [[sys.executable, "-m", "venv", "--clear", str(folder)], *([*pip, "-r", str(lock)] for lock in LOCKS)]
        for step in steps:
            if subprocess.run(step, check=False).returncode:
                fail("打包用的 Python 环境没有备好（原因见上），请检查网络后再试一次。")
        (folder / "complete").write_text("ok\n", encoding="ascii")
    return python


# --- commands -------------------------------------------------------------------------------------------------------


def command_toolchain(_: list[str]) -> int:
    for layer in toolchain():
        print(layer)
    return 0


def command_freeze(kind: str) -> int:
    made = freeze(kind)
    files = [file for file in made.rglob("*") if file.is_file()]
    print(f"{made}：{len(files)} 个文件，{sum(f.stat().st_size for f in files) / 1e6:.1f} MB")
    return 0


def command_check(arguments: list[str]) -> int:
    """Use the frozen folder as tests/windows says; the arguments are pytest's."""
    os.environ["GANZHOU_BUNDLE"] = str(freeze("folder") / FOLDER_NAME)
    return dev.command_test([*(arguments or ["tests/windows"])])


NOT_ON_WINDOWS = {
    "tests/windows": "is about the frozen program, from outside",
    "tests/test_dev.py": "the workbench on Linux; needs its system packages",
    "tests/test_toolchain.py": "the toolchain on Linux",
    "tests/test_architecture.py": "reads source code only; import-linter is not installed there",
    "tests/services/test_place.py::test_network_mounts_are_told": "mount tables are Linux's",
}
"""Tests that do not run under the Windows Python, with the reason."""


HALVES = (["tests/ui"], ["tests", "--ignore=tests/ui"])
"""Of the tests, each about as long as the other: they run side by side."""


def command_tests(arguments: list[str]) -> int:
    """The program's own tests under the Windows Python."""
    fonts = dev.fonts_folder()
    assert fonts is not None
    said = ROOT / "ci-output" / "windows-tests"
    said.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dev.cache_folder()) as name:
        # A copy: where it may not write, Python's tempfile on Windows tries two thousand million names.
        copy = Path(name)
        for part in ("ganzhou_desktop", "tests", "db", "resources", "docs"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("dev.py", "pyproject.toml", "requirements.in", "requirements.lock"):
            shutil.copy(ROOT / part, copy / part)
        parts = [arguments] if arguments else list(HALVES)
        with ThreadPoolExecutor() as pool:
            logs = [said / f"{number}.txt" for number in range(1, len(parts) + 1)]
            codes = list(pool.map(lambda part, log: run_tests(copy, fonts, part, log), parts, logs))
    for log in logs:
        sys.stdout.buffer.write(log.read_bytes())
    sys.stdout.buffer.flush()
    return max(codes)


def run_tests(copy: Path, fonts: Path, arguments: list[str], log: Path) -> int:
    """One pytest in a Windows of its own; what it says goes to the log as it comes."""
    left_out = [f"--deselect={name}" if "::" in name else f"--ignore={name}" for name in NOT_ON_WINDOWS]
    env = {"PYTHONDONTWRITEBYTECODE": "1", "GANZHOU_FONTS": r"Z:\fonts", "GANZHOU_HOME": r"C:\home"}
    with Session(shares={"src": copy, "fonts": fonts}, read_only=("fonts",), env=env) as wine, log.open("wb") as echo:
        # Wine keeps variables QT_… to itself: this is where Windows keeps its own.
        wine.wine("reg", "add", r"HKCU\Environment", "/v", "QT_QPA_FONTDIR", "/d", r"Z:\fonts", "/f")
        words = ["-m", "pytest", "-p", "no:cacheprovider", *left_out, *arguments]
        return int(wine.python(*words, at="/src", timeout=3000, echo=echo).returncode)


def command_shell(words: list[str]) -> int:
    with Session(shares={"w": Path.cwd()}) as wine:
        command = ["wine", r"Z:\opt\python\python.exe", *words[1:]] if words[:1] == ["python"] else words
        done = wine.run(*command, at="/w", timeout=3600)
        sys.stdout.buffer.write(done.stdout)
        return done.returncode


def main(arguments: list[str]) -> int:
    command, rest = (arguments or ["help"])[0], arguments[1:]
    if command == "toolchain":
        return command_toolchain(rest)
    if command in ("folder", "onefile", "whole"):
        return command_freeze(command)
    if command == "build":
        sys.path.insert(0, str(ROOT / ".ci"))
        sys.modules.setdefault("windows", sys.modules[__name__])
        import release  # noqa: PLC0415  (it imports this module)

        return release.build()
    if command == "check":
        return command_check(rest)
    if command == "tests":
        return command_tests(rest)
    if command == "shell":
        return command_shell(rest)
    print(HELP, end="")
    return 0 if command in ("help", "-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
