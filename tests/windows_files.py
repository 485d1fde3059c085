"""Small Windows files for the tests of the build: libraries that import others, wheels, a runtime."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
SIGNED = ROOT / "tests" / "golden" / "windows" / "_uuid.pyd"
CATALOGUE = ROOT / "tests" / "golden" / "windows" / "python_tools.cat"

SECTION = 0x1000
SECTION_IN_FILE = 0x200
HEADER = 64


def a_library(*imports: str, delayed: Iterable[str] = ()) -> bytes:
    """A 64-bit library of one section that names these libraries, at once or when first called."""
    data, places = bytearray(), dict[str, int]()
    for name in (*imports, *delayed):
        places[name] = SECTION + len(data)
        data += name.encode("ascii") + b"\0"
    data += bytes(-len(data) % 16)
    thunk = SECTION + len(data)
    data += struct.pack("<2Q", 1 << 63 | 1, 0)  # its first function, by number
    at_once = SECTION + len(data)
    for name in imports:
        data += struct.pack("<5I", thunk, 0, 0, places[name], thunk)
    data += bytes(20)
    later = SECTION + len(data)
    for name in delayed:
        data += struct.pack("<8I", 1, places[name], thunk, thunk, thunk, 0, 0, 0)
    data += bytes(32)
    tables = [(0, 0)] * 16
    tables[1] = (at_once, 20 * (len(imports) + 1))
    tables[13] = (later, 32 * (len(list(delayed)) + 1))
    return _headers(len(data), tables).ljust(SECTION_IN_FILE, b"\0") + bytes(data).ljust(SECTION_IN_FILE * 4, b"\0")


def _headers(size: int, tables: list[tuple[int, int]]) -> bytes:
    dos = b"MZ" + bytes(58) + struct.pack("<I", HEADER)
    directories = b"".join(struct.pack("<2I", *table) for table in tables)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        0x20B, 14, 0, 0, size, 0, 0, SECTION, 0x180000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, SECTION_IN_FILE,
        0, 2, 0x160, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
    )  # fmt: skip
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional) + len(directories), 0x2022)
    section = struct.pack(
        "<8sIIIIIIHHI", b".rdata", size, SECTION, SECTION_IN_FILE * 4, SECTION_IN_FILE, 0, 0, 0, 0, 0x40000040
    )
    return dos + b"PE\0\0" + coff + optional + directories + section


def a_wheel(path: Path, files: Mapping[str, bytes]) -> Path:
    """A wheel with these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
