"""The package as a file: what the public tools say of it, the same bytes each time, and nothing personal in it."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import year_office

from db.models import Enterprise, Hazard, Permit
from desktop import text
from desktop.domain.errors import Trouble
from desktop.exchange import package as pack
from desktop.exchange.records import tables
from desktop.services.reporting import Reporting

ROOT = Path(__file__).parents[2]
AGAIN = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/integration")
import year_office
from db.store import Store
from desktop.services.reporting import Reporting
from desktop.text import sentence
store = Store(Path(sys.argv[1]), person="李四")
print(Reporting(store, year_office.a_clock()).export(year_office.YEAR, Path(sys.argv[2])).sha256)
store.close()
"""


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """The unpacked package."""
    folder = tmp_path / "bag"
    for name, content in year_office.files_of(year_office.a_package(signed=True)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_the_public_bag_tool_calls_it_valid(bag: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bagit imports pkg_resources, which announces its own end
        import bagit
    bagit.Bag(str(bag)).validate()
    (bag / "data" / "index.html").write_bytes(b"altered")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bag)).validate()


def _frictionless(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the public tool says of a folder of records. It warns of its own old imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package

        monkeypatch.chdir(folder)
        return Package("datapackage.json").validate()


def test_the_public_table_tool_calls_it_valid(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _frictionless(bag / "data" / "records", monkeypatch)
    assert found.valid, found.flatten(["name", "type", "message"])
    assert len(found.tasks) == len(tables())


def test_the_public_table_tool_sees_a_broken_link(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool's word is worth something only if it also says no."""
    records = bag / "data" / "records"
    text = (records / "hazards.csv").read_text("utf-8").split("\n")
    cells = text[1].split(",")
    cells[1] = "999999"
    (records / "hazards.csv").write_text("\n".join([text[0], ",".join(cells), *text[2:]]), "utf-8")
    assert "foreign-key" in {row[0] for row in _frictionless(records, monkeypatch).flatten(["type"])}


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    hashes = []
    for number in ("1", "2"):
        folder = tmp_path / number
        folder.mkdir()
        year_office.a_copy(folder).close()
        environment = {
            **os.environ,
            "PYTHONHASHSEED": number,
            "TZ": "Asia/Shanghai" if number == "1" else "America/Lima",
        }
        command = [sys.executable, "-c", AGAIN, str(folder / "office.db"), str(folder / "out")]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
        hashes.append(done.stdout.strip())
    assert hashes[0] == hashes[1]


def test_exporting_again_after_the_submission_was_noted_makes_the_same_bytes(tmp_path: Path) -> None:
    store = year_office.a_copy(tmp_path)
    reporting = Reporting(store, year_office.a_clock())
    first, second = (reporting.export(year_office.YEAR, tmp_path / name).sha256 for name in ("a.zip", "b.zip"))
    store.close()
    assert first == second


def test_the_file_has_its_proper_name_and_can_be_named(tmp_path: Path) -> None:
    store = year_office.a_copy(tmp_path)
    reporting = Reporting(store, year_office.a_clock())
    assert reporting.export(year_office.YEAR, tmp_path).path.name == "启东市-惠萍镇-2026-年度执法-20261122.zip"
    assert reporting.export(year_office.YEAR, tmp_path / "我的包.zip").path == tmp_path / "我的包.zip"
    store.close()


def test_a_name_that_no_file_system_takes_is_made_safe() -> None:
    head = pack.Head("启东市", "../惠萍:镇", "x", "1", "", 2026, date(2026, 12, 20), "1", "h", 1)
    assert not set('/\\:*?"<>|') & set(pack.file_name(head))
    assert not pack.file_name(head).startswith(".")


def test_the_zip_tells_neither_day_nor_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(year_office.a_package())) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}
    assert all(entry.extra == b"" for entry in entries)
    assert all(entry.flag_bits & 0x800 for entry in entries if not entry.filename.isascii())
    assert entries[0].filename == "bagit.txt"


def test_what_data_says_never_runs_as_a_formula(tmp_path: Path) -> None:
    store = year_office.a_copy(tmp_path)
    evil = '=HYPERLINK("http://example.com","点我")'
    with store.write("改名") as session:
        session.get_one(Enterprise, 1).name = evil
        for hazard in session.query(Hazard).limit(5):
            hazard.description = "@SUM(A1)"
            hazard.location = "\t-2+3"
    made = Reporting(store, year_office.a_clock()).export(year_office.YEAR, tmp_path / "x.zip")
    store.close()
    files = year_office.files_of(made.path.read_bytes())
    cells = [
        cell
        for name in files
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(files[name].decode("utf-8"), newline=""))
        for cell in row
    ]
    assert "'" + evil in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    for name in (name for name in files if name.endswith(".xlsx")):
        for sheet in openpyxl.load_workbook(io.BytesIO(files[name])):
            found = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            assert not found, (name, found)
            texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
            assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_no_personal_number_leaves(tmp_path: Path) -> None:
    store = year_office.a_copy(tmp_path)
    with store.write("登记") as session:
        firm = session.get_one(Enterprise, 1)
        firm.phone, firm.legal_person, firm.remark = "13912345678", "欧阳测试人", "联系 13912345678"
        session.query(Hazard).first().description = "责任人 320681199001011234 电话13912345678"  # type: ignore[union-attr]
        session.add(Permit(enterprise_id=1, kind="特种作业操作证", person="诸葛测试人", number="T320681199001011234"))
    made = Reporting(store, year_office.a_clock()).export(year_office.YEAR, tmp_path / "x.zip")
    store.close()
    texts = "\n".join(_texts(made.path.read_bytes()))
    assert "诸****" in texts, "the permit is there, its holder is not"
    for secret in ("13912345678", "199001011234", "欧阳测试人", "诸葛测试人"):
        assert secret not in texts


def _texts(content: bytes) -> list[str]:
    """Everything readable in a package: text files, and the parts of the Office files."""
    found = []
    for name, body in year_office.files_of(content).items():
        if name.endswith((".xlsx", ".docx")):
            found += [part.decode("utf-8", "replace") for part in year_office.files_of(body).values()]
        elif not name.endswith(".pdf"):
            found.append(body.decode("utf-8"))
    return found


def test_the_front_page_works_offline_and_its_links_lead_somewhere() -> None:
    files = year_office.files_of(year_office.a_package())
    page = files["data/index.html"].decode("utf-8")
    assert "http:" not in page
    assert "https:" not in page
    assert "<script" not in page
    from urllib.parse import unquote

    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', page)]
    assert len(links) > 20
    assert all(f"data/{link}" in files for link in links)
    assert "重点监管执法量占比" in page


def test_ledgers_are_laid_out_for_paper_and_filter() -> None:
    files = year_office.files_of(year_office.a_package())
    names = [name for name in files if name.startswith("data/03-台账/")]
    assert len(names) == 8
    book = openpyxl.load_workbook(io.BytesIO(files["data/03-台账/01-企业名册.xlsx"]))
    sheet = book.active
    assert sheet is not None
    assert sheet.freeze_panes == "C3"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.auto_filter.ref
    assert str(sheet["A1"].value).startswith("惠萍镇")
    roster = list(csv.DictReader(io.StringIO(files["data/records/enterprises.csv"].decode("utf-8"))))
    held = [row for row in roster if not row["archived_on"]]
    assert [row[1].value for row in sheet.iter_rows(min_row=3)] == [row["name"] for row in held]


def test_the_signature_names_its_key_and_a_wrong_key_is_refused(tmp_path: Path) -> None:
    told = json.loads(year_office.files_of(year_office.a_package(signed=True))["signature.json"])
    assert told["algorithm"] == "Ed25519"
    with pytest.raises(Trouble, match="signing_key"):
        pack.signature(b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", b"x")


def test_a_key_in_pem_signs_as_well() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = Ed25519PrivateKey.from_private_bytes(year_office.KEY).private_bytes(*form)
    assert pack.signature(pem, b"content") == pack.signature(year_office.KEY, b"content")
    with pytest.raises(Trouble, match="signing_key"):
        pack.signature(generate_private_key(65537, 2048).private_bytes(*form), b"content")


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.zip"
    pack.write_whole(target, b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble) as caught:
        pack.write_whole(target, b"after")
    assert caught.value.code == "package_write"
    assert target.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["x.zip"]
    assert "年终包" in text.sentence(caught.value)


def test_columns_are_only_ever_appended() -> None:
    """The first version's columns, as the bureau's programs know them."""
    golden = json.loads((ROOT / "tests" / "golden" / "records_v1.json").read_text("utf-8"))
    for name, columns in golden.items():
        assert tables()[name].names[: len(columns)] == columns
