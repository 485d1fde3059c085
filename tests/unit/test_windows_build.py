"""The Windows build: what it trusts, what it takes, and that the same inputs give the same files."""

import ast
import hashlib
import itertools
import os
import subprocess
import sys
import xml
import zipfile
from pathlib import Path

import pytest
from windows_files import CATALOGUE, ROOT, SIGNED, a_library, a_wheel

from installer.windows import Stop, checks, payload, runtime, setup, sign, signatures, trim, wheels
from installer.windows import build as steps
from installer.windows.fetch import Pin, download
from installer.windows.runtime import Runtime

# ---- whom it trusts ----------------------------------------------------------------------------------------


def test_a_file_signed_by_the_python_foundation_is_known() -> None:
    assert signatures.signer_of(SIGNED.read_bytes(), "_uuid.pyd") == "Python Software Foundation"


@pytest.mark.parametrize("place", [0x200, 0x1000, 0x3000])
def test_one_changed_byte_in_a_signed_file_stops_the_build(place: int) -> None:
    content = bytearray(SIGNED.read_bytes())
    content[place] ^= 1
    with pytest.raises(Stop, match=r"_uuid\.pyd: the signature does not hold"):
        signatures.signer_of(bytes(content), "_uuid.pyd")


def test_bytes_behind_a_signed_file_stop_the_build() -> None:
    with pytest.raises(Stop):
        signatures.signer_of(SIGNED.read_bytes() + b"MZ and more", "_uuid.pyd")


def test_an_unsigned_file_stops_the_build() -> None:
    with pytest.raises(Stop, match="does not hold"):
        signatures.signer_of(a_library("kernel32.dll"), "stranger.dll")


def test_what_is_no_executable_at_all_stops_the_build() -> None:
    with pytest.raises(Stop, match="does not hold"):
        signatures.signer_of(b"not an executable", "python.exe")


def test_a_good_signature_of_a_stranger_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "SIGNERS", frozenset({"Microsoft Corporation"}))
    with pytest.raises(Stop, match="signed by Python Software Foundation; expected one of"):
        signatures.signer_of(SIGNED.read_bytes(), "_uuid.pyd")


def test_a_catalogue_lists_the_hashes_it_was_signed_for() -> None:
    hashes = signatures.catalogue_hashes(CATALOGUE.read_bytes(), "python_tools.cat")
    assert len(hashes) == 91
    assert all(len(digest) == 64 for digest in hashes)


def test_one_changed_hash_in_a_catalogue_stops_the_build() -> None:
    content = bytearray(CATALOGUE.read_bytes())
    listed = bytes.fromhex(min(signatures.catalogue_hashes(bytes(content), "catalogue")))
    content[content.index(listed)] ^= 1
    with pytest.raises(Stop, match="the catalogue's signature does not hold"):
        signatures.catalogue_hashes(bytes(content), "python_tools.cat")


def test_a_catalogue_of_another_signer_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "PYTHON", "Somebody else")
    with pytest.raises(Stop, match="not by the Somebody else"):
        signatures.catalogue_hashes(CATALOGUE.read_bytes(), "python_tools.cat")


# ---- the runtime -------------------------------------------------------------------------------------------

MODULE = b"answer = 42\r\n"
LISTED = frozenset({hashlib.sha256(MODULE).hexdigest()})


def test_a_module_is_listed_or_empty() -> None:
    runtime.verify_library({"Lib/a.py": MODULE, "Lib/b/__init__.py": b""}, LISTED)


@pytest.mark.parametrize("content", [MODULE + b"#", MODULE[:-1], b"\n"])
def test_a_module_that_is_not_listed_stops_the_build(content: bytes) -> None:
    with pytest.raises(Stop, match=r"Lib/a\.py: not the file"):
        runtime.verify_library({"Lib/a.py": content}, LISTED)


@pytest.mark.skipif(not Path(str(xml.__file__)).is_file(), reason="this Python has its library in one compiled file")
def test_the_one_exception_is_the_file_of_every_other_cpython() -> None:
    own = Path(str(xml.__file__)).read_bytes().replace(b"\r\n", b"\n")
    runtime.verify_library({"Lib/xml/__init__.py": own.replace(b"\n", b"\r\n")}, frozenset())
    with pytest.raises(Stop):
        runtime.verify_library({"Lib/xml/__init__.py": own + b"import os\n"}, frozenset())
    with pytest.raises(Stop):
        runtime.verify_library({"Lib/json/__init__.py": own}, frozenset())


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Signatures that hold; the answer names the files that were looked at."""
    seen: list[str] = []
    monkeypatch.setattr(runtime, "signer_of", lambda _content, name: seen.append(name) or signatures.PYTHON)
    monkeypatch.setattr(runtime, "catalogue_hashes", lambda _content, _name: LISTED)
    return seen


def _cpython() -> dict[str, bytes]:
    """The files of a Python, as the registry's package holds them."""
    stamp = "ProductVersion".encode("utf-16-le") + bytes(4) + "3.11.9".encode("utf-16-le") + bytes(2)
    files = {name: a_library() for name in runtime.TOP_BINARIES}
    return {
        **files,
        "python311.dll": a_library() + stamp,
        "Lib/os.py": MODULE,
        "DLLs/python_lib.cat": b"",
        "LICENSE.txt": b"PSF",
    }


def test_every_executable_of_the_runtime_is_looked_at(trusting: list[str]) -> None:
    found = runtime.verified({**_cpython(), "DLLs/_ssl.pyd": a_library()})
    assert sorted(trusting) == sorted([*runtime.TOP_BINARIES, "DLLs/_ssl.pyd"])
    assert (found.version, found.signed, found.listed) == ("3.11.9", 7, 1)
    assert found.paths == ("python311.zip", "DLLs", r"..\site-packages", r"..\app")
    assert "DLLs/python_lib.cat" not in found.files


def test_without_a_catalogue_nothing_is_built(trusting: list[str]) -> None:
    files = _cpython()
    del files["DLLs/python_lib.cat"]
    with pytest.raises(Stop, match="cannot be verified"):
        runtime.verified(files)


def test_a_file_that_nothing_vouches_for_stops_the_build(trusting: list[str]) -> None:
    with pytest.raises(Stop, match=r"nothing vouches for: start\.bat"):
        runtime.verified({**_cpython(), "start.bat": b""})


def test_tests_and_tk_stay_behind() -> None:
    extra = dict.fromkeys(("Lib/test/a.py", "Lib/unittest/test/b.py", "Lib/tkinter/c.py", "Lib/site-packages/pip/d.py", "Lib/turtle.py", "Lib/__pycache__/os.cpython-311.pyc", "DLLs/_tkinter.pyd", "DLLs/tcl86t.dll", "Scripts/pip.exe", "vcomp140.dll"), b"")  # fmt: skip
    assert set(runtime._taken({**_cpython(), **extra})) == set(_cpython())


def test_a_runtime_without_its_parts_stops_the_build() -> None:
    files = _cpython()
    del files["pythonw.exe"]
    with pytest.raises(Stop, match=r"lacks pythonw\.exe"):
        runtime._taken(files)


def test_an_embeddable_python_must_be_the_one_that_was_named(tmp_path: Path, trusting: list[str]) -> None:
    files = {name: content for name, content in _cpython().items() if "/" not in name}
    zip_file = a_wheel(tmp_path / "python.zip", {**files, "python311.zip": b"compiled", "python311._pth": b"."})
    digest = hashlib.sha256(zip_file.read_bytes()).hexdigest()
    found = runtime.embeddable(zip_file, digest.upper())
    assert found.paths == ("python311.zip", ".", r"..\site-packages", r"..\app")
    assert "python311._pth" not in found.files
    assert sorted(trusting) == sorted(runtime.TOP_BINARIES)
    with pytest.raises(Stop, match="not the one given"):
        runtime.embeddable(zip_file, "0" * 64)
    no_python = a_wheel(tmp_path / "other.zip", {"readme": b""})
    with pytest.raises(Stop, match="not an embeddable Python"):
        runtime.embeddable(no_python, hashlib.sha256(no_python.read_bytes()).hexdigest())


# ---- the wheels --------------------------------------------------------------------------------------------

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def test_the_lock_is_read_with_the_eyes_of_windows() -> None:
    """pip answers markers for the machine it runs on: on Linux it would leave tzdata out."""
    some = "".join(
        f"{line} \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n" for line in (
            "tzdata==1 ; sys_platform == 'win32'", "uvloop==1 ; sys_platform != 'win32'", "plain==1",
            "numpy==2.0 ; python_full_version < '3.13'", "numpy==2.5 ; python_full_version >= '3.13'",
        )
    )  # fmt: skip
    pins = wheels.pins(some, "3.11.9")
    assert [pin.requirement for pin in pins] == ["tzdata==1", "plain==1", "numpy==2.0"]
    assert pins[0].hashes == {"a" * 64, "b" * 64}


def test_what_the_program_needs_is_shipped_and_what_its_tests_need_is_not() -> None:
    names = {pin.name for pin in wheels.pins(LOCK, "3.11.9")}
    assert {"pyside6-essentials", "sqlalchemy", "tzdata", "pypdfium2", "cryptography"} <= names
    assert not names & {"pytest", "setuptools", "signify", "pefile", "uv"}
    assert {"pytest", "signify"} < {pin.name for pin in wheels.pins(LOCK, "3.11.9", with_tests=True)}
    assert all(pin.hashes for pin in wheels.pins(LOCK, "3.11.9", with_tests=True))


def test_a_wheel_unpacks_into_site_packages(tmp_path: Path) -> None:
    wheel = a_wheel(
        tmp_path / "a-1-py3-none-any.whl",
        {
            "a/b.py": b"1",
            "a-1.data/platlib/a/c.pyd": b"2",
            "a-1.data/scripts/a.exe": b"3",
            "a-1.data/headers/a.h": b"4",
        },
    )
    assert wheels.contents(wheel) == {"a/b.py": b"1", "a/c.pyd": b"2"}


@pytest.mark.parametrize("name", ["../a.py", "/etc/a.py", "a/../../b.py", "C:/a.py", "a-1.data/purelib/../../a.py"])
def test_a_wheel_never_writes_outside_of_site_packages(tmp_path: Path, name: str) -> None:
    with pytest.raises(Stop, match="outside of its folder"):
        wheels.contents(a_wheel(tmp_path / "bad.whl", {name: b""}))


def test_two_wheels_may_not_quarrel_over_a_file(tmp_path: Path) -> None:
    one, other = (a_wheel(tmp_path / f"{n}.whl", {"same.py": b"0", "shared.py": n.encode()}) for n in ("one", "two"))
    with pytest.raises(Stop, match=r"two\.whl: brings shared\.py"):
        wheels.merged([one, other])


def test_a_file_from_an_earlier_build_is_taken_only_by_its_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.windows.fetch._pip_download", lambda *_: None)
    kept = a_wheel(tmp_path / "a-1-py3-none-any.whl", {"a.py": b"1"})
    pin = Pin("a==1", frozenset({hashlib.sha256(kept.read_bytes()).hexdigest()}))
    assert download([pin], tmp_path) == [kept]
    kept.write_bytes(kept.read_bytes() + b"\0")
    with pytest.raises(Stop, match="no file with one of the pinned hashes"):
        download([pin], tmp_path)


# ---- trimming ----------------------------------------------------------------------------------------------


def _qt() -> dict[str, bytes]:
    """Qt's wheels in small: what is wanted, and what is not."""
    files = {f"PySide6/{name}.pyd": a_library("python3.dll", f"Qt6{name[2:]}.dll") for name in trim.QT_MODULES}
    files |= {f"PySide6/Qt6{name[2:]}.dll": a_library("KERNEL32.dll", "Qt6Core.dll") for name in trim.QT_MODULES}
    files |= {f"PySide6/plugins/{name}.dll": a_library("Qt6Gui.dll") for name in trim.QT_PLUGINS}
    files |= {
        name: a_library("Qt6Core.dll") for name in (*trim.QT_FOR_TESTS, "PySide6/Qt6Quick.dll", "PySide6/designer.exe")
    }
    files["PySide6/Qt6Core.dll"] = a_library("icuuc.dll", "msvcp140.dll", "api-ms-win-crt-heap-l1-1-0.dll")
    files["PySide6/msvcp140.dll"] = files["shiboken6/msvcp140.dll"] = a_library("vcruntime140.dll")
    files["shiboken6/Shiboken.pyd"] = a_library("MSVCP140.dll")
    files |= {name: a_library("KERNEL32.dll") for name in trim.BY_PATH}
    return files | {"PySide6/__init__.py": b"", "PySide6/QtCore.pyi": b"", "PySide6/translations/qtbase_zh_CN.qm": b""}


RUNTIME = ("python3.dll", "python311.dll", "vcruntime140.dll")


def test_imports_are_read_from_the_binary() -> None:
    content = a_library("KERNEL32.dll", "Qt6Core.dll", delayed=["d3d12.dll"])
    assert trim.imports_of(content) == {"kernel32.dll", "qt6core.dll", "d3d12.dll"}
    assert "kernel32.dll" in trim.imports_of(SIGNED.read_bytes())


def test_a_library_that_only_a_library_needs_is_shipped() -> None:
    files = {"a.pyd": a_library("b.dll"), "b.dll": a_library("c.dll"), "c.dll": a_library(), "d.dll": a_library()}
    assert trim.closure(["a.pyd"], files) == {"a.pyd", "b.dll", "c.dll"}


def test_a_library_that_is_needed_when_first_called_is_shipped() -> None:
    files = {"a.pyd": a_library(delayed=["b.dll"]), "b.dll": a_library()}
    assert trim.closure(["a.pyd"], files) == {"a.pyd", "b.dll"}


def test_a_missing_library_stops_the_build() -> None:
    with pytest.raises(Stop, match=r"a\.pyd needs stranger\.dll"):
        trim.closure(["a.pyd"], {"a.pyd": a_library("stranger.dll")})


def test_a_library_is_looked_for_beside_its_user_first() -> None:
    """Shiboken loads before Qt's folder is known to Windows: its C++ runtime must lie beside it."""
    files = _qt()
    shipped = trim.trimmed(files, RUNTIME)
    assert "shiboken6/msvcp140.dll" in shipped
    assert "PySide6/msvcp140.dll" in shipped


def test_of_qt_only_what_is_used_is_shipped() -> None:
    shipped = trim.trimmed(_qt(), RUNTIME)
    assert not {"PySide6/Qt6Quick.dll", "PySide6/designer.exe", "PySide6/QtCore.pyi", *trim.QT_FOR_TESTS} & set(shipped)
    assert {"PySide6/QtWidgets.pyd", "PySide6/Qt6Widgets.dll", "PySide6/translations/qtbase_zh_CN.qm"} <= set(shipped)
    assert set(trim.QT_FOR_TESTS) <= set(trim.trimmed(_qt(), RUNTIME, for_tests=True))


def test_what_is_loaded_by_its_path_is_shipped() -> None:
    """Nothing imports it, so nothing but a list can tell: without it no page is drawn for preview and printer."""
    assert set(trim.BY_PATH) <= set(trim.trimmed(_qt(), RUNTIME))
    files = _qt()
    del files[trim.BY_PATH[0]]
    with pytest.raises(Stop, match=trim.BY_PATH[0]):
        trim.trimmed(files, RUNTIME)


def test_a_wheel_without_a_wanted_plugin_stops_the_build() -> None:
    files = _qt()
    del files["PySide6/plugins/platforms/qwindows.dll"]
    with pytest.raises(Stop, match="platforms/qwindows"):
        trim.trimmed(files, RUNTIME)


@pytest.mark.parametrize(
    ("name", "is_shipped"),
    [
        ("docx/tests/test_a.py", False),
        ("docx/api.py", True),
        ("PIL/_avif.cp311-win_amd64.pyd", False),
        ("PIL/_imaging.cp311-win_amd64.pyd", True),
        ("lxml/etree.h", False),
        ("docx/templates/default.docx", True),
        ("tzdata/zoneinfo/Asia/Shanghai", True),
        ("lxml-6.dist-info/RECORD", False),
        ("lxml-6.dist-info/METADATA", True),
    ],
)
def test_parts_for_makers_stay_behind(name: str, is_shipped: bool) -> None:
    files = {**_qt(), name: a_library("python311.dll")}
    assert (name in trim.trimmed(files, RUNTIME)) is is_shipped


def test_every_qt_module_that_the_program_imports_is_shipped() -> None:
    found = set()
    for path in (ROOT / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
                found.add(node.module.removeprefix("PySide6."))  # type: ignore[union-attr]
                assert node.module != "PySide6", f"{path}: name the Qt module in the import"
    assert found == set(trim.QT_MODULES)


# ---- checks ------------------------------------------------------------------------------------------------


def test_a_new_or_a_lost_executable_stops_the_build(tmp_path: Path) -> None:
    pinned = tmp_path / "binaries.txt"
    names = ["app/readme.txt", "b.dll", "a.pyd"]
    assert checks.check_binaries(names, pinned, update=True) == 2
    assert pinned.read_text("utf-8").splitlines()[1:] == ["a.pyd", "b.dll"]
    assert checks.check_binaries(names, pinned) == 2
    with pytest.raises(Stop, match=r"new: crept\.exe; gone: b\.dll.*--update-binaries"):
        checks.check_binaries(["a.pyd", "crept.exe"], pinned)


def test_the_pinned_executables_are_qt_for_widgets_and_no_more() -> None:
    lines = checks.PINNED.read_text("utf-8").splitlines()
    assert "runtime/pythonw.exe" in lines
    assert {line for line in lines if line.endswith(".exe")} == {"runtime/python.exe", "runtime/pythonw.exe"}
    assert not [
        line for line in lines if "Quick" in line or "Qml" in line or "opengl" in line.lower() or "/tests/" in line
    ]


def test_what_outgrows_its_budget_stops_the_build() -> None:
    assert checks.check_budget("setup", 59_900_000) == "59.9 of 60 MB"
    with pytest.raises(Stop, match=r"the setup has 60\.1 MB, more than its budget of 60 MB"):
        checks.check_budget("setup", 60_100_000)


# ---- the payload -------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A program in small, with what a developer's checkout holds besides."""
    root = tmp_path / "checkout"
    for name in (
        "desktop/__main__.py",
        "db/store.py",
        "resources/icons/a.svg",
        "desktop/__pycache__/x.cpython-311.pyc",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("words = {'b', 'a'}\n", "utf-8")
    for name in ("LICENSE", "THIRD-PARTY.md"):
        (root / name).write_text(name, "utf-8")
    return root


PYTHON = Runtime({"python.exe": b"exe", "Lib/os.py": b"name = 'nt'\n", "LICENSE.txt": b"PSF"}, "3.11.9", 1, 1)
LIBRARIES = {
    "a/__init__.py": b"def f(x):\n    return {'k', 'l', x}\n",
    "a/b.pyd": b"pyd",
    "a-1.dist-info/METADATA": b"",
    "a-1.dist-info/licenses/LICENSE": b"MIT",
}
built_on_311 = pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the runtime reads modules compiled by 3.11")


def _made(folder: Path, checkout: Path) -> str:
    payload.write(payload.assembled(PYTHON, LIBRARIES, checkout), folder)
    payload.compile_modules(folder, PYTHON.version)
    payload.pack_library(folder, PYTHON.version)
    return payload.write_list(folder)


@built_on_311
def test_the_same_inputs_give_the_same_files(tmp_path: Path, checkout: Path) -> None:
    one = _made(tmp_path / "一" / "payload", checkout)
    for path in checkout.rglob("*"):
        os.utime(path, (10**9, 10**9))
    other = _made(tmp_path / "another place", checkout)
    assert one == other
    assert (tmp_path / "一" / "payload" / payload.LIST).read_text("utf-8") == one


@built_on_311
def test_libraries_are_shipped_compiled_and_the_program_with_its_sources(tmp_path: Path, checkout: Path) -> None:
    _made(tmp_path / "payload", checkout)
    names = payload.paths_in(tmp_path / "payload")
    assert "site-packages/a/__init__.pyc" in names
    assert "site-packages/a/__init__.py" not in names
    assert "app/desktop/__main__.py" in names
    assert "app/desktop/__pycache__/__main__.cpython-311.pyc" in names
    assert "app/desktop/__pycache__/x.cpython-311.pyc" not in names
    with zipfile.ZipFile(tmp_path / "payload" / "runtime" / "python311.zip") as library:
        assert library.namelist() == ["os.pyc"]
    assert not [name for name in names if name.startswith("runtime/Lib")]


@built_on_311
def test_the_compiled_libraries_run(tmp_path: Path, checkout: Path) -> None:
    _made(tmp_path / "payload", checkout)
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'payload' / 'site-packages')!r}); import a; print(sorted(a.f('m')))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip()
        == b"['k', 'l', 'm']"
    )


@built_on_311
def test_the_list_names_every_file_with_its_hash(tmp_path: Path, checkout: Path) -> None:
    folder = tmp_path / "payload"
    listed = dict(reversed(line.split(" *")) for line in _made(folder, checkout).splitlines())
    assert sorted(listed) == [name for name in payload.paths_in(folder) if name != payload.LIST]
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())


@built_on_311
def test_a_module_that_does_not_compile_stops_the_build(tmp_path: Path, checkout: Path) -> None:
    (checkout / "desktop" / "broken.py").write_text("def (", "utf-8")
    with pytest.raises(Stop, match="does not compile"):
        _made(tmp_path / "payload", checkout)


def test_another_python_than_the_runtimes_compiles_nothing(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"must run on Python 3\.2"):
        payload.compile_modules(tmp_path, "3.2.0")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(Stop, match="holds something else"):
        payload.write({"a": b""}, tmp_path)
    assert (tmp_path / "letter.txt").exists()


def test_a_library_without_its_licence_is_not_shipped(checkout: Path) -> None:
    bare = {name: content for name, content in LIBRARIES.items() if "LICENSE" not in name}
    with pytest.raises(Stop, match="no licence found in the wheel of a"):
        payload.assembled(PYTHON, bare, checkout)


def test_the_licences_of_all_parts_are_in_one_folder(checkout: Path) -> None:
    files = payload.assembled(PYTHON, LIBRARIES, checkout)
    wanted = {
        "LICENSE",
        "THIRD-PARTY.md",
        "a/LICENSE",
        "Python/LICENSE.txt",
        "Qt/LGPL-3.0.txt",
        "Qt/GPL-3.0.txt",
        "Qt/Qt.txt",
    }
    assert {f"licences/{name}" for name in wanted} <= set(files)


def test_the_runtime_sees_nothing_but_its_own_folders(checkout: Path) -> None:
    files = payload.assembled(PYTHON, LIBRARIES, checkout)
    assert files["runtime/python311._pth"] == b"python311.zip\r\nDLLs\r\n..\\site-packages\r\n..\\app\r\n"
    assert files["townsafe.cmd"] == b'@"%~dp0runtime\\python.exe" -X utf8 -m desktop %*\r\n'


# ---- what is handed out ------------------------------------------------------------------------------------


def test_the_portable_zip_unpacks_to_one_folder_that_starts_by_a_click(tmp_path: Path) -> None:
    (tmp_path / "payload" / "runtime").mkdir(parents=True)
    (tmp_path / "payload" / "runtime" / "pythonw.exe").write_bytes(b"exe")
    for name in ("one.zip", "two.zip"):
        setup.make_portable(tmp_path / "payload", tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert sorted(archive.namelist()) == sorted(
            f"TownSafe/{name}" for name in ("runtime/pythonw.exe", "app/portable", "使用说明.txt", "镇安.cmd")
        )
        start = archive.read("TownSafe/镇安.cmd")
        assert archive.getinfo("TownSafe/镇安.cmd").flag_bits & 0x800  # Explorer reads the name as UTF-8
        assert archive.read("TownSafe/使用说明.txt").decode("utf-8-sig").startswith("镇安便携版\r\n")
    assert start.isascii()  # in whatever code page cmd.exe reads it
    assert b'"%~dp0app\\townsafe.pyw" %*\r\n' in start


def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"a")
    setup.write_sums([tmp_path / "a.exe"], tmp_path / "SHA256SUMS")
    assert (tmp_path / "SHA256SUMS").read_text("utf-8") == f"{hashlib.sha256(b'a').hexdigest()} *a.exe\n"


def test_signing_is_asked_for_by_a_certificate(tmp_path: Path) -> None:
    given = {
        sign.CERTIFICATE: "cert.pem",
        sign.KEY: "key.pem",
        sign.TIMESTAMP: "http://time.example",
        sign.PASSWORD_FILE: "p",
    }
    assert not sign.is_wanted({})
    assert sign.is_wanted(given)
    words = sign.command(tmp_path / "a.exe", tmp_path / "b.exe", given)
    assert ("-ts", "http://time.example") in itertools.pairwise(words)
    assert ("-readpass", "p") in itertools.pairwise(words)
    assert "-ts" not in sign.command(tmp_path / "a.exe", tmp_path / "b.exe", {**given, sign.TIMESTAMP: ""})
    with pytest.raises(sign.NotSigned, match="KEY is not"):
        sign.command(tmp_path / "a.exe", tmp_path / "b.exe", {sign.CERTIFICATE: "cert.pem"})


def test_the_version_is_one_that_windows_understands() -> None:
    assert len(steps.version().split(".")) == 3


def test_what_stops_the_build_is_a_sentence_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert steps.main(["payload", "--runtime", "python.zip"]) == 1
    assert (
        capsys.readouterr().err == "stopped: --runtime needs --runtime-sha256, as python.org's download page gives it\n"
    )


def test_a_test_payload_is_never_released(capsys: pytest.CaptureFixture[str]) -> None:
    assert steps.main(["--for-tests"]) == 1
    assert "never released" in capsys.readouterr().err
