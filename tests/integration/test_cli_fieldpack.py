"""fieldpack on the command line: made, read, and refused with its own exit status."""

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path

import builders
import pytest
from field_files import a_document, a_file, a_sheet

from db.models import Office
from db.store import Store
from desktop.cli import run
from desktop.services import Services
from desktop.services.clock import Clock


def test_a_pack_is_made_and_its_result_read_back(
    store: Store, data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.write("单位") as session:
        session.add(Office(name="惠萍镇安监所", code="320681102", created_at=datetime(2026, 1, 1)))
    officer = builders.an_officer(store, "张三")
    firm = builders.an_enterprise(store, "宏达机械厂")
    builders.a_plan_item(store, firm, planned_on=builders.TODAY, officer_id=officer)
    store.close()
    general = ("--data", str(data_folder), "--on", builders.TODAY.isoformat(), "--json")
    page = tmp_path / "手机 页.html"

    assert run(["fieldpack", "--phone", str(page), "--officer", "张三", *general]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sheets"][0]["enterprise"], told["files"]) == ("宏达机械厂", [str(page)])
    assert told["sheets"][0]["code"] in page.read_text(encoding="utf-8")
    assert run(["fieldpack", *general]) == 2
    assert run(["fieldpack", "--phone", str(page), "--officer", "李四", *general]) == 2
    capsys.readouterr()

    with closing(Store(data_folder / builders.FILE)) as again:
        services = Services(again, data_folder, Clock.on(builders.TODAY))
        pack = services.field_packs.make(builders.TODAY, services.field_packs.route(builders.TODAY))
    answers = {pack.pages[0].items[0].code: {"answer": "good", "note": ""}}
    path = a_file(tmp_path / "现场结果.json", a_document(pack, a_sheet(pack.pages[0], answers=answers)))
    for command, applied, count in ((["--dry-run"], False, 1), ([], True, 1), ([], True, 0)):
        assert run(["fieldpack", "read", str(path), *command, *general]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["applied"], told["sheets"][0]["answers"]) == (applied, count)
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    assert run(["fieldpack", "read", str(path), *general]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "field_cut_off"
