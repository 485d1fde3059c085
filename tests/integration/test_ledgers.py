"""Real ledgers of other offices: each must come out as its `expected.json` says. Skipped where the samples are absent."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import Trouble
from desktop.exchange.ledger import (
    LedgerKind,
    ParsedLedger,
    ParsedRow,
    read_ledger,
    results_unseen,
    to_report,
)
from desktop.exchange.ledger_form import form_of
from desktop.exchange.sheets import read_sheets

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample folder is not here")

FIELDS = {
    LedgerKind.HAZARDS: {
        "name": "enterprise", "inspected_on": "found_on", "rechecked_on": "reinspected_on", "rechecked_by": "officer",
        "hazard_type": "category", "recheck_result": "result",
    },
    LedgerKind.ENTERPRISES: {"legacy_regno": "legacy_code"},
}  # fmt: skip
"""The samples' own names of fields, in ours."""

CODES = {
    "LEGACY_REGISTRATION_NUMBER": "legacy_code",
    "RECHECK_AFTER_DEADLINE": "date_order",
    "DEADLINE_BEFORE_INSPECTION": "date_order",
    "MISSING_DESCRIPTION": "missing",
}
NO_FIELDS = {"seq", "authority", "office"}
LEVELS = {"general": "一般", "major": "重大"}
LEDGERS = {
    "a06_hazards_real_2019": LedgerKind.HAZARDS,
    "a07_hazards_real_2020": LedgerKind.HAZARDS,
    "a08_hazards_system_export_2020": LedgerKind.HAZARDS,
    "a16_real_list": LedgerKind.ENTERPRISES,
    "a16_real_list_spreadsheetml2003": LedgerKind.ENTERPRISES,
}


def expected(name: str) -> Any:
    return json.loads((SAMPLES / "ledgers" / f"{name}.expected.json").read_text("utf-8"))


def ledger(name: str, kind: LedgerKind) -> ParsedLedger:
    path = SAMPLES / "ledgers" / f"{name}.xlsx"
    return read_ledger(path.name, read_sheets(path), kind, date.fromisoformat(expected(name)["as_of"]))


def agrees(row: ParsedRow, wanted: Mapping[str, Any], fields: Mapping[str, str]) -> bool:
    """Whether the row says what is expected of it, under our names and with our codes."""
    for name, value in wanted.items():
        ours = row.values[fields.get(name, name)]
        if LEVELS.get(str(ours), ours) != value:
            return False
    return True


@pytest.mark.parametrize("name", LEDGERS)
def test_every_row_comes_out_as_expected(name: str) -> None:
    kind, told = LEDGERS[name], expected(name)["sheets"][0]
    read = ledger(name, kind)
    rows = {row.row: row for row in read.rows}
    fields = FIELDS[kind]
    for want in told["rows"]:
        row = rows.get(want["row"])
        if want["expect"] == "skip":
            assert row is None or row.skipped, f"row {want['row']} must not become a record"
            continue
        assert row is not None, f"row {want['row']} is gone"
        assert not row.skipped, f"row {want['row']} was skipped: {row.skipped}"
        codes = {(problem.field, problem.code) for problem in row.problems}
        asked = {(fields.get(one["field"], one["field"]), CODES[one["code"]]) for one in want.get("codes", ())}
        assert asked <= codes, f"row {want['row']}: {codes}"
        assert row.is_rejected == (want["expect"] == "bad"), f"row {want['row']}: {row.problems}"
        assert (want["expect"] == "ok") <= (not codes), f"row {want['row']} is clean, but: {row.problems}"
        assert agrees(row, want.get("values", {}), fields), f"row {want['row']}: {dict(row.values)}"
    assert set(rows) - {want["row"] for want in told["rows"]} == set()


@pytest.mark.parametrize("name", LEDGERS)
def test_the_columns_are_understood(name: str) -> None:
    kind, told = LEDGERS[name], expected(name)["sheets"][0]
    reading = ledger(name, kind).sheets[0]
    fields = FIELDS[kind]
    wanted = {key: fields.get(name, name) for key, name in told["fields"].items() if name not in NO_FIELDS}
    assert {key: field for key, field in reading.columns.items() if field} == wanted
    assert reading.header_row == told["header_rows"][-1]


def test_the_report_counts_what_the_samples_count() -> None:
    read = ledger("a07_hazards_real_2020", LedgerKind.HAZARDS)
    report = to_report(read, results_unseen(read), applied=False)
    told = expected("a07_hazards_real_2020")["sheets"][0]
    assert report["counts"]["new"] == told["good_rows"]
    assert report["counts"]["rejected"] == told["bad_rows"]
    assert {row["row"] for row in report["rows"]} == {
        want["row"] for want in told["rows"] if want["expect"] in ("bad", "warn")
    }


def test_the_same_list_in_two_formats_gives_the_same_rows() -> None:
    package, xml = (ledger(name, LedgerKind.ENTERPRISES) for name in LEDGERS if name.startswith("a16"))
    assert [(row.row, row.values, row.problems) for row in package.rows] == [
        (row.row, row.values, row.problems) for row in xml.rows
    ]


def test_a_form_is_one_enterprise_and_never_a_list() -> None:
    """The labels 企业地址 and 注册资本 stand below 企业名称 as names would; none may become an enterprise."""
    told = expected("a20_one_enterprise_form")
    [row] = ledger("a20_one_enterprise_form", LedgerKind.ENTERPRISES).rows
    wanted = {"established_on" if name == "established" else name: value for name, value in told["form_values"].items()}
    assert {name: row.values[name] for name in wanted} == wanted
    assert not row.is_rejected


def test_a_form_is_no_list_of_hazards() -> None:
    with pytest.raises(Trouble) as caught:
        ledger("a20_one_enterprise_form", LedgerKind.HAZARDS)
    assert caught.value.code == "ledger_not_a_list"
    assert "不是清单" in caught.value.facts["reasons"]


def test_an_unfilled_form_is_refused() -> None:
    path = SAMPLES / "templates" / "smaq" / "trouble" / "model.xlsx"
    sheets = read_sheets(path)
    assert form_of(sheets[0]) is not None
    with pytest.raises(Trouble):
        read_ledger(path.name, sheets, LedgerKind.ENTERPRISES, date(2020, 1, 1))


def test_a_ledger_of_hazards_is_not_mistaken_for_a_roster() -> None:
    with pytest.raises(Trouble) as caught:
        ledger("a07_hazards_real_2020", LedgerKind.ENTERPRISES)
    assert caught.value.code == "ledger_not_a_list"


TEMPLATES = sorted(path for path in (SAMPLES / "templates").rglob("*") if path.suffix in (".xls", ".xlsx", ".docx"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SAMPLES)))
def test_every_template_is_read_or_refused_in_words(path: Path) -> None:
    for kind in LedgerKind:
        assert read_or_refused(path, kind) in ("read", "sheet_format", "sheet_no_cells", "ledger_not_a_list")


def read_or_refused(path: Path, kind: LedgerKind) -> str:
    try:
        read = read_ledger(path.name, read_sheets(path), kind, date(2026, 1, 1))
    except Trouble as trouble:
        return trouble.code
    return "read" if to_report(read, results_unseen(read), applied=False)["kind"] == kind else ""


@pytest.mark.parametrize(
    ("file", "kind", "columns"),
    [
        ("zhejiang/xzcf.xls", LedgerKind.CASES,
         {"B": "number", "C": "decided_on", "D": "cause", "G": "enterprise", "H": "legacy_code", "I": "uscc"}),
        ("zhejiang/pubotherpunish.xls", LedgerKind.CASES,
         {"A": "legacy_code", "B": "enterprise", "C": "number", "D": "cause", "G": "decided_on", "I": "fine"}),
        ("zhejiang/xzxk.xlsx", LedgerKind.PERMITS,
         {"B": "number", "C": "kind", "D": "issued_on", "E": "valid_until", "F": "issuer", "H": "holder", "J": "uscc"}),
        ("zhejiang/special.xlsx", LedgerKind.PERMITS,
         {"C": "uscc", "D": "holder", "E": "kind", "F": "number", "G": "issued_on", "H": "valid_until"}),
        ("smaq/spersonmodel.xlsx", LedgerKind.PERMITS,
         {"A": "person", "B": "holder", "C": "valid_until", "D": "issued_on", "E": "trade", "F": "kind"}),
        ("smaq/sequipmentmodel.xlsx", LedgerKind.PERMITS,
         {"A": "number", "B": "kind", "D": "holder", "E": "valid_until"}),
        ("smaq/companymodel.xlsx", LedgerKind.ENTERPRISES,
         {"A": "name", "B": "phone", "D": "legal_person", "E": "uscc", "F": "established_on", "H": "address"}),
        ("subhsse/单位设置导入模板.xls", LedgerKind.ENTERPRISES,
         {"B": "name", "E": "legal_person", "F": "address", "G": "phone"}),
        ("subhsse/人员信息模版.xls", LedgerKind.PERMITS,
         {"B": "person", "F": "holder", "K": "number", "L": "valid_until"}),
    ],
)  # fmt: skip
def test_layouts_of_other_systems_are_understood(file: str, kind: LedgerKind, columns: dict[str, str]) -> None:
    path = SAMPLES / "templates" / file
    reading = read_ledger(path.name, read_sheets(path), kind, date(2026, 1, 1)).sheets[0]
    assert columns.items() <= reading.columns.items()


def test_codes_of_a_public_register_are_all_sound() -> None:
    path = SAMPLES / "codes" / "uscc_nantong_500.csv"
    read = read_ledger(path.name, read_sheets(path), LedgerKind.ENTERPRISES, date(2026, 1, 1))
    odd = [problem for row in read.rows for problem in row.problems if problem.code.startswith("uscc")]
    assert odd == []
    assert sum(1 for row in read.rows if not row.skipped) == 500
