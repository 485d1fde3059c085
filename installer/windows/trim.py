"""What of the wheels is shipped. Binaries: what the program loads, and what that imports in turn; nothing else.

Qt comes with ten times what a program of widgets uses. The list of what is wanted is short, so it is written down;
everything below it is read from the binaries themselves.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

import pefile

from . import Stop

# What desktop/ imports of Qt; a test compares this with their import lines.
QT_MODULES = ("QtCore", "QtGui", "QtNetwork", "QtPrintSupport", "QtSvg", "QtWidgets")
QT_PLUGINS = (
    "iconengines/qsvgicon", "imageformats/qgif", "imageformats/qico", "imageformats/qjpeg", "imageformats/qsvg",
    "imageformats/qwebp", "platforms/qwindows", "styles/qmodernwindowsstyle",
)  # fmt: skip
# Loaded by its path through ctypes, so that no binary tells of it: what draws PDF pages.
BY_PATH = ("pypdfium2_raw/pdfium.dll",)
# The tests press keys by QtTest and need no screen; an office needs neither.
QT_FOR_TESTS = ("PySide6/QtTest.pyd", "PySide6/plugins/platforms/qoffscreen.dll")
QT_FILES = frozenset({
    "PySide6/__init__.py", "PySide6/_config.py", "PySide6/_git_pyside_version.py", "PySide6/support/__init__.py",
    "PySide6/support/deprecated.py", "PySide6/translations/qt_zh_CN.qm", "PySide6/translations/qtbase_zh_CN.qm",
    "shiboken6/__init__.py", "shiboken6/_config.py", "shiboken6/_git_shiboken_module_version.py",
})  # fmt: skip

SOURCES = frozenset({".c", ".cmake", ".cpp", ".f", ".f90", ".f95", ".h", ".hpp", ".lib", ".pc", ".pxd", ".pxi", ".pyf", ".pyi", ".pyx"})  # fmt: skip
# Parts of libraries that are for their makers, or for uses that this program has not.
LEFT_OUT = re.compile(
    r"(^|/)tests?/|^sqlalchemy/testing/"
    r"|^alembic/(testing|templates)/|^lxml/(html|includes|isoschematron)/|(^|/)__pycache__/"
    r"|\.dist-info/(RECORD|INSTALLER|entry_points\.txt|top_level\.txt|.*\.json|sboms/.*)$"
)
# The decoder of AVIF is 8 MB and opens what no office has; Tk is not there.
LEFT_OUT_BINARIES = re.compile(r"^PIL/_(avif|imagingtk)\.|^lxml/objectify\.")
BINARY = frozenset({".dll", ".exe", ".pyd"})

# Libraries of Windows 10 itself. `icuuc.dll` is one since 1703; the setup looks for it.
WINDOWS = frozenset({
    "advapi32.dll", "authz.dll", "bcrypt.dll", "bcryptprimitives.dll", "comdlg32.dll", "crypt32.dll", "d3d11.dll",
    "d3d12.dll", "d3d9.dll", "dnsapi.dll", "dwmapi.dll", "dwrite.dll", "dxgi.dll", "gdi32.dll", "icuuc.dll",
    "imm32.dll", "iphlpapi.dll", "kernel32.dll", "mpr.dll", "netapi32.dll", "ntdll.dll", "ole32.dll", "oleaut32.dll",
    "rpcrt4.dll", "secur32.dll", "setupapi.dll", "shell32.dll", "shlwapi.dll", "uiautomationcore.dll", "user32.dll",
    "userenv.dll", "uxtheme.dll", "version.dll", "winhttp.dll", "winmm.dll", "winspool.drv", "ws2_32.dll", "wtsapi32.dll",
})  # fmt: skip
WINDOWS_SETS = re.compile(r"^(api-ms-win|ext-ms-win)-")


@lru_cache(maxsize=256)
def imports_of(content: bytes) -> frozenset[str]:
    """The libraries a binary names, at once or when first called, in small letters. Reading one takes a while."""
    directories = [pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{kind}"] for kind in ("IMPORT", "DELAY_IMPORT")]
    with pefile.PE(data=content, fast_load=True) as binary:
        binary.parse_data_directories(directories)
        tables = (getattr(binary, f"DIRECTORY_ENTRY_{kind}", []) for kind in ("IMPORT", "DELAY_IMPORT"))
        return frozenset(entry.dll.decode("ascii").lower() for table in tables for entry in table)


def roots(files: Iterable[str], *, for_tests: bool = False) -> list[str]:
    """The binaries that are loaded by name, and not because another one needs them."""
    qt = [f"PySide6/{name}.pyd" for name in QT_MODULES] + [f"PySide6/plugins/{name}.dll" for name in QT_PLUGINS]
    qt += ["shiboken6/Shiboken.pyd", *BY_PATH, *(QT_FOR_TESTS if for_tests else ())]
    names = set(files)
    if absent := [name for name in qt if name not in names]:
        raise Stop(f"the wheels lack {', '.join(absent)}")
    others = [name for name in names if name.endswith(".pyd") and not name.startswith(("PySide6/", "shiboken6/"))]
    return sorted({*qt, *(name for name in others if not _is_left_out(name))})


def closure(wanted: Iterable[str], files: Mapping[str, bytes], beside: Iterable[str] = ()) -> frozenset[str]:
    """These binaries and all that they import among `files`; what neither they, `beside` nor Windows has stops."""
    found: set[str] = set()
    waiting = list(wanted)
    given = {PurePosixPath(name).name.lower() for name in beside}
    places = {PurePosixPath(name).name.lower(): name for name in sorted(files) if is_binary(name)}
    near = {name.lower(): name for name in files if is_binary(name)}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for needed in imports_of(files[name]):
            if needed in given or needed in WINDOWS or WINDOWS_SETS.match(needed):
                continue
            # Windows looks into the binary's own folder first, and some libraries lie in two of them.
            place = near.get(str(PurePosixPath(name).with_name(needed)).lower()) or places.get(needed)
            if place is None:
                raise Stop(f"{name} needs {needed}, which is neither shipped nor known to be part of Windows 10")
            waiting.append(place)
    return frozenset(found)


def trimmed(files: Mapping[str, bytes], beside: Iterable[str], *, for_tests: bool = False) -> dict[str, bytes]:
    """What of site-packages is shipped; `beside` are the binaries of the runtime, which are there already."""
    binaries = closure(roots(files, for_tests=for_tests), files, beside)
    return {name: files[name] for name in sorted(files) if name in binaries or _is_wanted(name)}


def _is_wanted(name: str) -> bool:
    if is_binary(name) or _is_left_out(name) or PurePosixPath(name).suffix in SOURCES:
        return False
    return name in QT_FILES or not name.startswith(("PySide6/", "shiboken6/"))


def _is_left_out(name: str) -> bool:
    return bool(LEFT_OUT.search(name) or LEFT_OUT_BINARIES.search(name))


def is_binary(name: str) -> bool:
    """Whether a file is an executable or a library of Windows, by its name."""
    return PurePosixPath(name).suffix.lower() in BINARY
