"""Every way a package can be wrong is named: altered, incomplete, made to hurt, or just not adding up."""

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import year_office

from desktop.domain.errors import Trouble
from desktop.exchange import package_verify
from desktop.exchange.package_verify import Verified, verify, verify_bytes
from desktop.text import SENTENCES

Files = dict[str, bytes]


def codes(found: Verified) -> set[str]:
    return {fault.code for fault in found.faults}


def checked(change: Callable[[Files], None], *, is_skilled: bool = False, signed: bool = False) -> Verified:
    """What is said of a package after a change; a skilled hand also mends every hash."""
    content = year_office.a_package(signed=signed)
    if is_skilled:
        return verify_bytes(year_office.resealed(content, change), "x.zip")
    files = year_office.files_of(content)
    change(files)
    return verify_bytes(year_office.zipped(files), "x.zip")


def edited(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = files[name].decode("utf-8")
        assert old in text
        files[name] = text.replace(old, new, 1).encode("utf-8")

    return change


def cell(name: str, column: int, value: str, line: int = 1) -> Callable[[Files], None]:
    """Another value in one cell of a table."""

    def change(files: Files) -> None:
        path = f"data/records/{name}.csv"
        lines = files[path].decode("utf-8").split("\n")
        cells = lines[line].split(",")
        cells[column] = value
        lines[line] = ",".join(cells)
        files[path] = "\n".join(lines).encode("utf-8")

    return change


def test_a_good_package_has_no_faults_and_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(year_office.a_package())
    found = verify(path)
    assert found.faults == ()
    assert found.is_good
    assert found.signed_by == ""
    assert found.facts["TownSafe-Year"] == "2026"
    assert len(found.facts["TownSafe-Journal-Hash"]) == 64
    assert len(found.figures) > 200
    assert len(found.records["enterprises"]) > 50


def test_a_signed_package_names_its_key() -> None:
    found = verify_bytes(year_office.a_package(signed=True), "x.zip")
    assert found.is_good
    assert len(found.signed_by) == 19


def test_a_bag_in_a_folder_of_the_zip_is_read_as_well() -> None:
    files = {f"包/{name}": body for name, body in year_office.files_of(year_office.a_package()).items()}
    assert verify_bytes(year_office.zipped(files), "x.zip").is_good


def test_one_changed_byte_in_any_file_is_found() -> None:
    def flip(files: Files, name: str) -> None:
        body = bytearray(files[name])
        body[len(body) // 2] ^= 1
        files[name] = bytes(body)

    for name in year_office.files_of(year_office.a_package()):
        assert not checked(partial(flip, name=name)).is_good, name


def test_any_missing_file_is_found() -> None:
    for name in year_office.files_of(year_office.a_package()):
        found = checked(lambda files, name=name: files.pop(name) and None)  # type: ignore[misc]
        assert not found.is_good
        assert name == "bagit.txt" or any(fault.where == name for fault in found.faults), name


def test_an_extra_file_is_found() -> None:
    for name in ("data/多出来.txt", "note.txt"):
        found = checked(lambda files, name=name: files.update({name: b"x"}))  # type: ignore[misc]
        assert "extra" in codes(found)


# ---- with every hash mended ----------------------------------------------------------------------------------


def test_a_mended_package_without_a_change_still_verifies() -> None:
    """The tests below alter one thing only if mending alone is clean."""
    assert checked(lambda files: None, is_skilled=True).is_good


def test_a_changed_figure_is_found_in_the_records() -> None:
    def change(files: Files) -> None:
        path = "data/records/figures.csv"
        lines = files[path].decode("utf-8").split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("inspections,all,"))
        cells = lines[at].split(",")
        cells[4] = cells[5] = "99999"
        lines[at] = ",".join(cells)
        files[path] = "\n".join(lines).encode("utf-8")

    found = checked(change, is_skilled=True)
    assert "figure_value" in codes(found)
    assert any("检查家次" in fault.text and "99999" in fault.text for fault in found.faults)


def test_a_removed_record_shows_in_the_figures() -> None:
    def change(files: Files) -> None:
        path = "data/records/revisits.csv"
        lines = files[path].decode("utf-8").split("\n")
        files[path] = "\n".join([*lines[:-2], ""]).encode("utf-8")

    assert "figure_value" in codes(checked(change, is_skilled=True))


def test_a_number_changed_in_the_word_report_is_found() -> None:
    def change(files: Files) -> None:
        name = "data/01-年度执法工作总结.docx"
        parts = year_office.files_of(files[name])
        text = parts["word/document.xml"].decode("utf-8")
        at = text.index("w:bookmarkStart", text.index("在册生产经营单位"))
        start = text.index("<w:t>", at) + len("<w:t>")
        end = text.index("</w:t>", start)
        parts["word/document.xml"] = (text[:start] + "88888" + text[end:]).encode("utf-8")
        files[name] = year_office.zipped(parts)

    found = checked(change, is_skilled=True)
    assert codes(found) == {"figure_twice"}
    assert "88888" in found.faults[0].text


def test_a_number_changed_on_the_front_page_is_found() -> None:
    def change(files: Files) -> None:
        text = files["data/index.html"].decode("utf-8")
        at = text.index('value="inspections:all">') + len('value="inspections:all">')
        files["data/index.html"] = (text[:at] + "9" + text[at:]).encode("utf-8")

    assert codes(checked(change, is_skilled=True)) == {"figure_twice"}


def test_a_pdf_of_other_figures_is_found() -> None:
    def change(files: Files) -> None:
        name = "data/02-执法统计表.pdf"
        files[name] = files[name].replace(b"figures-sha256:", b"figures-sha256:0")

    assert codes(checked(change, is_skilled=True)) == {"report_hash"}


@pytest.mark.parametrize(
    ("name", "column", "value", "code"),
    [
        ("hazards", 0, "x", "type"),
        ("hazards", 1, "999999", "foreign_key"),
        ("hazards", 1, "", "required"),
        ("hazards", 4, "2026-02-30", "type"),
        ("hazards", 4, "20260203", "type"),
        ("hazards", 8, "terrible", "enum"),
        ("hazards", 5, "=1+1", "type"),
        ("enterprises", 15, "True", "type"),
        ("inspections", 0, "2", "duplicate_key"),
        ("inspections", 11, "99999999999999999999999999", "type"),
        ("officers", 3, "ture", "type"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(name: str, column: int, value: str, code: str) -> None:
    line = 2 if code == "duplicate_key" else 1
    if code == "duplicate_key":
        first = year_office.files_of(year_office.a_package())["data/records/inspections.csv"].decode().split("\n")[1]
        value = first.split(",")[0]
    found = checked(cell(name, column, value, line), is_skilled=True)
    assert code in codes(found)
    assert any(f"{name}.csv 第 {line + 1} 行" in fault.where for fault in found.faults if fault.code == code)


def test_many_wrong_cells_are_counted_not_all_listed() -> None:
    def change(files: Files) -> None:
        path = "data/records/obligations.csv"
        lines = files[path].decode("utf-8").split("\n")
        files[path] = "\n".join([lines[0], *("x" + line for line in lines[1:] if line), ""]).encode("utf-8")

    found = checked(change, is_skilled=True)
    assert "more" in codes(found)
    assert len(found.faults) < 60


def test_moved_columns_and_other_encodings_are_named() -> None:
    swap = edited("data/records/hazards.csv", "id,enterprise_id", "enterprise_id,id")
    assert "columns" in codes(checked(swap, is_skilled=True))

    def recode(files: Files) -> None:
        files["data/records/hazards.csv"] = files["data/records/hazards.csv"].decode("utf-8").encode("gb18030")

    assert "encoding" in codes(checked(recode, is_skilled=True))


def test_columns_appended_by_a_later_version_are_no_fault() -> None:
    def change(files: Files) -> None:
        path = "data/records/officers.csv"
        lines = files[path].decode("utf-8").rstrip("\n").split("\n")
        files[path] = "".join(f"{line},{'later' if at == 0 else ''}\n" for at, line in enumerate(lines)).encode()

    assert checked(change, is_skilled=True).is_good


@pytest.mark.parametrize(
    ("label", "value", "code"),
    [
        ("TownSafe-Cut-Off", "2025-12-20", "cut_off"),
        ("TownSafe-Cut-Off", "soon", "cut_off"),
        ("TownSafe-Year", "²", "cut_off"),
        ("TownSafe-Format", "townsafe-year-package 99", "format_newer"),
        ("TownSafe-Format", "other", "bag_info"),
        ("TownSafe-Journal-Hash", "", "bag_info"),
        ("Source-Organization", "别的镇", "datapackage"),
    ],
)
def test_wrong_facts_about_the_package_are_named(label: str, value: str, code: str) -> None:
    def change(files: Files) -> None:
        lines = files["bag-info.txt"].decode("utf-8").split("\n")
        files["bag-info.txt"] = "\n".join(
            f"{label}: {value}" if line.startswith(label) else line for line in lines
        ).encode()
        if label in ("TownSafe-Cut-Off", "TownSafe-Year"):
            told = json.loads(files["data/records/datapackage.json"])
            told["townsafe"]["cut_off" if label == "TownSafe-Cut-Off" else "year"] = value
            files["data/records/datapackage.json"] = json.dumps(told).encode()

    assert code in codes(checked(change, is_skilled=True))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"nonsense", b"[" * 100_000, b'{"townsafe": 1, "resources": [1]}']
)
def test_a_broken_datapackage_is_named(content: bytes) -> None:
    found = checked(lambda files: files.update({"data/records/datapackage.json": content}), is_skilled=True)
    assert "datapackage" in codes(found)


# ---- signatures ----------------------------------------------------------------------------------------------


def test_a_signed_package_changed_with_skill_is_found() -> None:
    assert "signature_wrong" in codes(checked(cell("revisits", 4, "改过"), is_skilled=True, signed=True))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"public_key": 1, "signature": 2}', b'{"public_key": "!", "signature": ""}']
)
def test_a_broken_signature_is_named(content: bytes) -> None:
    assert "signature" in codes(checked(lambda files: files.update({"signature.json": content})))


def test_a_signature_of_a_wrong_length_is_wrong() -> None:
    told = b'{"public_key": "AAAA", "signature": "AAAA"}'
    assert "signature_wrong" in codes(checked(lambda files: files.update({"signature.json": told})))


# ---- made to hurt --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/passwd",
        "C:/evil.txt",
        "data\\..\\evil.txt",
        "data//x",
        "data/./x",
        "a\x00b",
        "data/\x1b[31m.txt",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    target = io.BytesIO(year_office.a_package())
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = name
        archive.writestr(info, b"x")
    assert "bad_name" in codes(verify_bytes(target.getvalue(), "x.zip"))


@pytest.mark.parametrize("name", ["bagit.txt", "BAGIT.TXT", "data/INDEX.html"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_given_twice_is_refused(name: str) -> None:
    target = io.BytesIO(year_office.a_package())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, b"x")
    assert "duplicate_name" in codes(verify_bytes(target.getvalue(), "x.zip"))


def test_a_link_is_refused() -> None:
    target = io.BytesIO(year_office.a_package())
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo("data/link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, b"/etc/passwd")
    assert "link" in codes(verify_bytes(target.getvalue(), "x.zip"))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    target = io.BytesIO(year_office.a_package())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/bomb", b"\0" * (50 << 20))

    def never(*_: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert codes(verify_bytes(target.getvalue(), "x.zip")) == {"bomb"}


def test_too_many_and_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_verify, "MAX_ENTRIES", 10)
    assert codes(verify_bytes(year_office.a_package(), "x.zip")) == {"too_many"}
    monkeypatch.setattr(package_verify, "MAX_ENTRIES", 1000)
    monkeypatch.setattr(package_verify, "MAX_TOTAL", 1000)
    assert codes(verify_bytes(year_office.a_package(), "x.zip")) == {"too_large"}
    monkeypatch.setattr(package_verify, "MAX_TOTAL", 1 << 30)
    monkeypatch.setattr(package_verify, "MAX_TEXT", 1000)
    assert "too_large" in codes(verify_bytes(year_office.a_package(), "x.zip"))


def test_a_size_that_lies_is_found() -> None:
    """The stated size is what the limits were checked against, so no more than it is ever read."""
    content = bytearray(year_office.a_package())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("data/index.html").file_size
    at = content.rindex(b"data/index.html") - 46 + 24
    content[at : at + 4] = (size - 100).to_bytes(4, "little")
    assert not verify_bytes(bytes(content), "x.zip").is_good


def test_entries_inside_one_another_are_refused() -> None:
    """A bomb that no ratio betrays: many directory entries over the same data."""
    content = bytearray(year_office.a_package())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, second = archive.infolist()[:2]
    name = second.filename.encode()
    at = content.rindex(name) - 46 + 42
    content[at : at + 4] = first.header_offset.to_bytes(4, "little")
    assert codes(verify_bytes(bytes(content), "x.zip")) == {"overlap"}


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(year_office.a_package())
    at = content.rindex(b"bag-info.txt") - 46 + 8
    content[at] |= 1
    assert "encrypted" in codes(verify_bytes(bytes(content), "x.zip"))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_package_is_told_so(content: bytes) -> None:
    assert codes(verify_bytes(content, "x.zip")) <= {"not_a_zip", "no_bag"}
    assert not verify_bytes(content, "x.zip").is_good


def test_a_truncated_package_is_told_so() -> None:
    content = year_office.a_package()
    assert codes(verify_bytes(content[: len(content) // 2], "x.zip")) == {"not_a_zip"}


def test_a_missing_file_is_trouble_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        verify(tmp_path / "none.zip")
    assert caught.value.code in SENTENCES


def test_every_fault_has_a_chinese_sentence() -> None:
    facts = dict.fromkeys(
        ("limit", "label", "value", "line", "said", "column", "count", "title", "stated", "computed"), "值"
    )
    for code in package_verify._TEXTS:
        text = package_verify.fault(code, "处", **facts).text
        assert "{" not in text
        assert any("\u4e00" <= character <= "\u9fff" for character in text)


class _GbkEntry(zipfile.ZipInfo):
    """An entry as compressing programs on Chinese Windows write it: a name in GBK, and no word that it is one."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_a_package_packed_again_by_another_program_is_still_good() -> None:
    """Unpacked into a folder and compressed once more on a Chinese Windows: the folder's name is in GBK."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in year_office.files_of(year_office.a_package()).items():
            archive.writestr(_GbkEntry(f"启东市-惠萍镇-2026/{name}"), content)
    found = verify_bytes(made.getvalue(), "x.zip")
    assert found.is_good, found.faults
