"""The two commands: `python3 installer/dev.py run` opens the program, `python3 installer/dev.py test` checks all of it.

Only the standard library, so that a bare Python can start it. Both commands make `.venv` in the project, install what
requirements.lock pins (by hash, ready-made wheels only) and nothing else; on Debian and Ubuntu the system libraries
that Qt needs are installed too, or the exact command is told. A stamp in `.venv` names what was installed: as long as
it still holds, nothing is looked at again and the program starts at once. The stamp goes before an installation
begins and comes back when it is complete, so one that was interrupted is simply done again.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "townsafe.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# Each part of the lock adds to those before it, and begins with this line.
PARTS = {"run": "", "all": "# --- for tests and generators ---\n", "bench": "# --- for benchmarks ---\n"}
IS_LINUX = sys.platform.startswith("linux")

# What Qt loads, and the Debian package that holds it: first what its import needs, then what a window needs besides.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Programs by which tests look at PDF files; those tests skip where they are missing.
TEST_PROGRAMS = {"pdftotext": "poppler-utils"}


class Stop(Exception):
    """The commands cannot go on; the sentence says why and what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal; the standard output stays the program's own."""
    print(text, file=sys.stderr, flush=True)


# What the machine must have


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> None:
    """Python 3.11 is what the code is written for."""
    if version < (3, 11):
        found = ".".join(str(part) for part in version[:3])
        raise Stop(
            f"镇安需要 Python 3.11 或更新的版本，这里是 {found}。请先安装新版 Python，再用它运行本命令。\n"
            f"TownSafe needs Python 3.11 or newer; this is {found}."
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(for_window: bool, for_tests: bool) -> tuple[list[str], list[str]]:
    """The Debian packages that are needed, and those that are merely good to have, and are not here."""
    libraries = {**LIBRARIES, **(WINDOW_LIBRARIES if for_window else {})}
    needed = [package for library, package in libraries.items() if not _loads(library)]
    if importlib.util.find_spec("ensurepip") is None:
        needed.append(f"python3.{sys.version_info[1]}-venv")
    wanted = [package for program, package in TEST_PROGRAMS.items() if for_tests and not shutil.which(program)]
    return needed, wanted


def _apt(*words: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-q", "-o", "Dpkg::Use-Pty=0", *words], env=environment, stdout=sys.stderr, check=False
    )
    return done.returncode == 0


def _install_packages(packages: list[str]) -> bool:
    """Install by apt-get; a machine that never fetched its package lists gets them first."""
    say(f"正在安装系统组件 Installing system packages: {' '.join(packages)}")
    install = ("install", "-y", "--no-install-recommends", *packages)
    return _apt(*install) or (_apt("update") and _apt(*install))


def ensure_system(for_window: bool, for_tests: bool) -> None:
    """Have the system libraries, or stop with the one command that brings them."""
    if not IS_LINUX:
        return
    needed, wanted = missing_packages(for_window, for_tests)
    is_root = os.geteuid() == 0
    if needed + wanted and is_root and shutil.which("apt-get"):
        _install_packages(needed + wanted)
        needed, wanted = missing_packages(for_window, for_tests)
    if needed:
        raise Stop(
            "缺少系统组件。请先运行下面的命令（其他 Linux 发行版请安装对应的软件包），再重试：\n"
            "System libraries are missing. Run this, then try again:\n"
            f"    sudo apt-get install -y --no-install-recommends {' '.join(needed + wanted)}"
        )
    if wanted:
        say(f"Some tests will skip without: {' '.join(wanted)}")


def has_display() -> bool:
    """Whether a window can be shown here; whoever names a Qt platform knows what they do."""
    return not IS_LINUX or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


# The virtual environment


def _parts_up_to(part: str) -> list[str]:
    names = list(PARTS)
    return names[: names.index(part) + 1]


def requirements(part: str) -> str:
    """The lock's text for `run` (its first part), `all` (with that for tests) or `bench` (the whole)."""
    text = LOCK.read_text("utf-8")
    following = list(PARTS)[len(_parts_up_to(part)) :]
    return text.split(PARTS[following[0]])[0] if following else text


def wanted_stamp(part: str) -> dict[str, str]:
    """What the environment must be made of."""
    project = (ROOT / "pyproject.toml").read_bytes()
    wanted = _parts_up_to(part)
    return {
        "python": sys.version,
        "root": str(ROOT),
        **{
            each: hashlib.sha256(requirements(each).encode() + project).hexdigest() if each in wanted else ""
            for each in PARTS
        },
    }


def read_stamp() -> dict[str, str]:
    """What the environment was made of; nothing when it is missing or was left half made."""
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads(STAMP.read_text("utf-8"))
        return stamp if isinstance(stamp, dict) else {}
    return {}


def is_ready(part: str) -> bool:
    """Whether nothing has to be installed: what `all` made serves `run` as well, and what `bench` made serves both."""
    stamp, wanted = read_stamp(), wanted_stamp(part)
    names = ("python", "root", *_parts_up_to(part))
    return PYTHON.exists() and all(stamp.get(name) == wanted[name] for name in names)


def _pip(*words: str) -> None:
    quiet = [] if sys.stderr.isatty() else ["-qq"]
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-deps", *quiet]
    if subprocess.run([*command, *words], cwd=ROOT, stdout=sys.stderr, check=False).returncode:
        raise Stop(
            "安装没有完成（原因见上）。检查网络后再运行一次即可，已下载的部分不会浪费。\n"
            "The installation did not complete (see above). Check the network and run the command again."
        )


def _make_venv() -> None:
    """A usable environment of this very Python: what is broken or of another Python is made anew."""
    stamp = read_stamp()
    works = PYTHON.exists() and not subprocess.run(
        [str(PYTHON), "-c", f"import pip, sys; sys.exit(sys.version != {sys.version!r})"], stderr=subprocess.DEVNULL, check=False
    ).returncode  # fmt: skip
    if works and stamp.get("root", str(ROOT)) == str(ROOT):
        return
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], stdout=sys.stderr, check=False).returncode:
        raise Stop(
            f"建不了运行环境 {VENV}。请确认文件夹可写、磁盘未满，再重试。\n"
            f"The environment {VENV} could not be made: is the folder writable, the disk full?"
        )


def _install(part: str) -> None:
    """Install this part of the lock and the project itself, which stays where it is."""
    handle, name = tempfile.mkstemp(suffix=".txt", text=True)
    try:
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - the file is open already
            file.write(requirements(part))
        _pip("--require-hashes", "--only-binary=:all:", "-r", name)
    finally:
        Path(name).unlink()
    _pip("--no-index", "--no-build-isolation", "--config-settings=editable_mode=compat", "-e", ".")


def ensure_environment(part: str) -> None:
    """Have everything of this part installed, and of a larger one that was here before; a moment when it is."""
    if is_ready(part):
        return
    began = time.perf_counter()
    say("正在准备运行环境，首次需要几分钟 Preparing the environment; the first time takes some minutes …")
    stamp = read_stamp()
    part = next(name for name in reversed(PARTS) if name == part or stamp.get(name))
    _make_venv()
    STAMP.unlink(missing_ok=True)
    _install(part)
    STAMP.write_text(json.dumps(wanted_stamp(part), indent=1), "utf-8")
    say(f"环境已就绪，用时 {time.perf_counter() - began:.0f} 秒 Ready after {time.perf_counter() - began:.0f} s")


def prepare(part: str) -> None:
    """Have the machine and the environment ready."""
    check_python()
    if not is_ready(part):
        ensure_system(for_window=has_display(), for_tests=part != "run")
    ensure_environment(part)


# The commands


def _opens_window(words: list[str]) -> bool:
    """Whether these arguments start the window: general options, each with its value, name no command."""
    rest = list(words)
    while rest and rest[0] in ("--data", "--on"):
        rest = rest[2:]
    return not rest or rest[0].startswith(("--data=", "--on="))


def run(words: list[str]) -> int:
    """Start the program with these arguments, in the folder where the person is."""
    began = time.perf_counter()
    prepare("run")
    if _opens_window(words):
        if not has_display():
            raise Stop(
                "这台机器没有图形界面，窗口打不开；命令行照常可用：\n"
                "There is no display here, so no window can open; the command line works:\n"
                f"    {PYTHON} -m desktop --help"
            )
        say(f"正在打开镇安（准备用时 {time.perf_counter() - began:.2f} 秒）…")
    return subprocess.call([str(PYTHON), "-P", "-m", "desktop", *words])


STAGES = (
    ("lint", ["ruff", "check"]),
    ("format", ["ruff", "format", "--check"]),
    ("types", ["mypy"]),
    ("contracts", ["importlinter.cli"]),
)


def _stage_command(words: list[str]) -> list[str]:
    if words[0] == "importlinter.cli":
        return [str(PYTHON), "-c", "from importlinter.cli import lint_imports_command as main; main()"]
    return [str(PYTHON), "-m", *words]


def _carry_out(stage: tuple[str, list[str]]) -> tuple[str, int, str, float]:
    """The stage's name, its exit status, what it said, and its seconds."""
    name, words = stage
    began = time.perf_counter()
    done = subprocess.run(
        _stage_command(words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return name, done.returncode, done.stdout.decode("utf-8", "replace"), time.perf_counter() - began


def _run_stages() -> list[str]:
    """Lint, format, types and contracts at once, told one after another; the names of those that failed."""
    failed = []
    with ThreadPoolExecutor() as crew:
        for name, code, said, seconds in crew.map(_carry_out, STAGES):
            if code:
                failed.append(name)
            print(f"{said}== {name}: {'FAILED' if code else 'ok'} ({seconds:.1f} s)", flush=True)
    if failed:
        print(f"== FAILED before the tests: {', '.join(failed)}. The tests run all the same.", flush=True)
    return failed


def _pytest(words: list[str]) -> int:
    """Run pytest, whose closing line is the last thing said."""
    environment = {**os.environ, "PYTHONWARNDEFAULTENCODING": "1"}
    return subprocess.call([str(PYTHON), "-m", "pytest", *words], cwd=ROOT, env=environment)


def _on_all_cores() -> list[str]:
    cores = min(os.cpu_count() or 1, 4)
    return [f"--numprocesses={cores}", "--dist=worksteal"] if cores > 1 else []


def test(words: list[str]) -> int:
    """Everything that must hold; further arguments go to pytest."""
    prepare("all")
    failed = _run_stages()
    return _pytest([*_on_all_cores(), *words]) or len(failed)


def check(words: list[str]) -> int:
    """The same without the slow tests: quick enough to run before every commit."""
    return test(["-m", "not slow", *words])


def bench(words: list[str]) -> int:
    """Measure: the files bench_*.py print their tables; nothing else runs beside them."""
    prepare("bench")
    return _pytest(
        ["tests/benchmarks", "-o", "python_files=bench_*.py", "-q", "-s", "-p", "no:xdist", "--timeout=0", *words]
    )


def test_windows(words: list[str]) -> int:
    """Prove that it runs on Windows' own Python, under Wine: the tests, and the setup from installation to removal."""
    prepare("all")
    return subprocess.call([str(PYTHON), str(ROOT / "installer" / "windows_tests.py"), *words], cwd=ROOT)


def build(words: list[str]) -> int:
    """Build the Windows edition: setup and portable zip, in build/windows."""
    prepare("all")
    return subprocess.call([str(PYTHON), str(ROOT / "installer" / "build.py"), *words], cwd=ROOT)


def lock(_words: list[str]) -> int:
    """Resolve all dependencies anew and write requirements.lock."""
    prepare("all")
    return subprocess.call([str(PYTHON), str(ROOT / "installer" / "lock.py")], cwd=ROOT)


def setup(_words: list[str]) -> int:
    """Only make the environment ready, tests included."""
    prepare("all")
    return 0


COMMANDS = {
    "run": run, "test": test, "test-windows": test_windows, "check": check, "bench": bench, "build": build,
    "lock": lock, "setup": setup,
}  # fmt: skip


def main(words: list[str]) -> int:
    """Carry out one command; what stops it is a sentence and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    listing = "\n".join(f"  {name:12} {(command.__doc__ or '').splitlines()[0]}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py", epilog=listing, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=True
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("words", nargs=argparse.REMAINDER, help="passed on")
    asked = parser.parse_args(words)
    try:
        return COMMANDS[asked.command](asked.words)
    except Stop as stop:
        say(str(stop))
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
