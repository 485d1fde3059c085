"""document and form: official forms on the command line."""

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import builders
import pytest
from docx import Document as WordFile

from db.store import Store
from desktop.cli import run
from desktop.domain.inspection import Signature
from desktop.domain.order import OfficeMode
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.hazards import HazardQuery
from desktop.services.inspections import Finding, InspectionDraft, crew_of
from desktop.services.office import OfficeDraft, PowerDraft
from desktop.services.orders import OrderDraft

Run = Callable[..., tuple[int, Any]]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler")


@pytest.fixture
def order(store: Store, data_folder: Path) -> int:
    """An order over two hazards, written today."""
    services = Services(store, data_folder, Clock(lambda: builders.TODAY, lambda: datetime(2026, 3, 2, 9, 41)))
    services.offices.establish(
        OfficeDraft("惠萍镇", "320681115", "启东市", "启东市应急管理局", prefix="苏启"),
        PowerDraft(OfficeMode.DELEGATED, date(2019, 3, 1)),
    )
    firm = builders.an_enterprise(store, "启东市宏达机械厂", address="兴园路18号", phone="13812345678")
    officers = [builders.an_officer(store), builders.an_officer(store)]
    visit = services.inspections.record(
        InspectionDraft(
            firm,
            inspected_on=builders.TODAY,
            officers=crew_of(officers),
            approved_by="王所",
            findings=(Finding("配电箱未接地"), Finding("安全出口被堵")),
            signature=Signature.SIGNED,
        )
    )
    hazards = services.hazards.ids(HazardQuery(inspection_id=visit))
    draft = OrderDraft(firm, tuple((key, date(2026, 3, 20)) for key in hazards), builders.TODAY, inspection_id=visit)
    return services.orders.issue(draft)


@pytest.fixture
def ask(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def asked(*arguments: str) -> tuple[int, Any]:
        status = run([*arguments, "--data", str(data_folder), "--on", builders.TODAY.isoformat(), "--json"])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else err

    return asked


@needs_poppler
def test_a_doubtful_draft_is_made_with_its_mark_and_the_report_says_why(
    store: Store, order: int, ask: Run, tmp_path: Path
) -> None:
    store.close()
    path, word = tmp_path / "责改.pdf", tmp_path / "责改.docx"
    status, told = ask("document", "责令限期整改指令书", str(order), "--pdf", str(path), "--docx", str(word))
    assert status == 1
    assert (told["status"], told["id"], told["files"]) == ("draft", None, [str(path), str(word)])
    assert "行政复议法" in told["unconfirmed"][0]
    text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
    assert "待法制人员确认，不得使用" in text
    assert "1.配电箱未接地；" in text
    assert told["number"] in text
    assert "启东市宏达机械厂" in "".join(p.text for p in WordFile(io.BytesIO(word.read_bytes())).paragraphs)


def test_after_confirmation_it_is_issued_and_made_again_the_same(
    store: Store, order: int, ask: Run, tmp_path: Path
) -> None:
    store.close()
    status, said = ask("document", "zegai", str(order), "--issue", "--reason", "现场手写")
    assert status == 1
    assert "待法制人员确认" in said["error"]["message"]
    assert ask("form", "confirm", "5", "--by", "法制科李某")[0] == 0
    first, again = tmp_path / "1.pdf", tmp_path / "2.pdf"
    status, told = ask("document", "5", str(order), "--issue", "--reason", "现场手写", "--pdf", str(first))
    assert (status, told["status"]) == (0, "issued")
    status, repeated = ask("document", "责改", str(order), "--pdf", str(again))
    assert (status, repeated["id"], repeated["sha256"]) == (0, told["id"], told["sha256"])
    assert first.read_bytes() == again.read_bytes()
    assert ask("journal")[1]["items"][0]["title"] == "签发《责令限期整改指令书》"


def test_blanks_and_order_want_a_reason(store: Store, order: int, ask: Run) -> None:
    store.close()
    ask("form", "confirm", "5", "--by", "法制科李某")
    status, said = ask("document", "5", str(order), "--issue")
    assert status == 1
    assert "人民法院" in said["error"]["message"]


def test_another_kind_of_record_can_be_named(store: Store, order: int, ask: Run) -> None:
    store.close()
    status, told = ask("document", "现场检查方案", "1", "--for", "enterprise")
    assert (status, told["record"]) == (0, {"type": "enterprise", "id": 1})
    assert ask("document", "现场检查方案", "77")[0] == 1


def test_an_unknown_form_is_unusable(store: Store, order: int, ask: Run) -> None:
    store.close()
    status, said = ask("document", "没有的文书", "1")
    assert status == 2
    assert "form list" in said["error"]["message"]


def test_the_list_tells_what_waits_for_confirmation(store: Store, order: int, ask: Run) -> None:
    store.close()
    items = {item["id"]: item for item in ask("form", "list")[1]["items"]}
    assert len(items) == 74
    assert items["rectification_order"]["unconfirmed"]
    assert not items["inspection_record"]["unconfirmed"]
    ask("form", "confirm", "rectification_order", "--by", "李某")
    items = {item["id"]: item for item in ask("form", "list")[1]["items"]}
    assert not items["rectification_order"]["unconfirmed"]


def test_the_list_needs_no_office(ask: Run, data_folder: Path) -> None:
    assert len(ask("form", "list")[1]["items"]) == 74


def test_the_book_of_numbers_is_told(store: Store, order: int, ask: Run, capsys: pytest.CaptureFixture[str]) -> None:
    store.close()
    ask("document", "现场检查方案", "1", "--issue", "--reason", "补办")
    books = ask("form", "numbers", "--year", "2026")[1]["books"]
    assert [book["series"] for book in books] == ["chain:inspection"]
    told = [(row["text"], row["title"]) for row in books[0]["rows"]]
    assert ("（苏启）应急检查〔2026〕1号", "现场检查方案") in told
    assert "责令限期整改指令书" in [title for _, title in told], "the order stands in the same book"
