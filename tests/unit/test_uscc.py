"""The unified social credit code: GB 32100-2015 against real and constructed codes."""

import csv
import tomllib
from pathlib import Path

import pytest

from desktop.domain import uscc
from desktop.domain.uscc import UsccState, classify, make, normalise
from resources import resource

CASES = list(csv.DictReader(Path(__file__).with_name("uscc_cases.csv").read_text("utf-8").splitlines()))
NORMALISED = {"UT-I11": UsccState.VALID, "UT-I13": UsccState.VALID, "UT-I12": UsccState.CHECK_DIGIT_FAILED}
OTHER = {"UT-I14": UsccState.LEGACY, "UT-I15": UsccState.LEGACY, "UT-I16": UsccState.EMPTY}
BY_REASON = {"wrong_check": UsccState.CHECK_DIGIT_FAILED, "length": UsccState.FORMAT, "char": UsccState.FORMAT}
SUNING = "91320000608950987L"


def cases(expect: str) -> list[dict[str, str]]:
    return [case for case in CASES if case["expect"] == expect]


@pytest.mark.parametrize("case", cases("valid"), ids=lambda case: case["id"])
def test_codes_of_well_known_companies_are_valid(case: dict[str, str]) -> None:
    check = classify(case["code"])
    assert (check.state, check.code, check.organisation_doubt) == (UsccState.VALID, case["code"], False)


@pytest.mark.parametrize("case", cases("invalid"), ids=lambda case: case["id"])
def test_faulty_codes_are_told_apart(case: dict[str, str]) -> None:
    expected = {**NORMALISED, **OTHER}.get(case["id"]) or BY_REASON[case["reason"]]
    assert classify(case["code"]).state is expected


@pytest.mark.parametrize("case", cases("valid_warn"), ids=lambda case: case["id"])
def test_an_inner_organisation_digit_only_warns(case: dict[str, str]) -> None:
    check = classify(case["code"])
    assert (check.is_valid, check.organisation_doubt) == (True, True)


def test_the_shipped_description_is_what_is_computed() -> None:
    meta = tomllib.loads(resource("catalogs/uscc.toml").read_text("utf-8"))["meta"]
    assert (meta["alphabet"], tuple(meta["weights"])) == (uscc.ALPHABET, uscc.WEIGHTS)
    assert tuple(meta["org_weights"]) == uscc.ORGANISATION_WEIGHTS


@pytest.mark.parametrize(
    "text",
    [
        "９１３２００００６０８９５０９８７Ｌ",
        " 9132 0000 6089 5098 7L ",
        "'91320000608950987L",
        "91320000608950987l",
        "\ufeff91320000608950987L\u200b",
        "9132000060895\u30000987L",
        "91320000-60895098-7L",
    ],
)
def test_width_case_and_spaces_do_not_matter(text: str) -> None:
    assert classify(text).is_valid
    assert normalise(text).replace("-", "") == SUNING


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("9132OOOO608950987L", UsccState.FORMAT),
        ("9I320000608950987L", UsccState.FORMAT),
        ("9132000060895O987L", UsccState.FORMAT),
        ("91320000608950978L", UsccState.CHECK_DIGIT_FAILED),
        ("9132000060B950987L", UsccState.CHECK_DIGIT_FAILED),
    ],
)
def test_a_slip_is_reported_with_what_was_meant_and_never_mended(typed: str, state: UsccState) -> None:
    check = classify(typed)
    assert (check.code, check.state, check.suggestion) == (typed, state, SUNING)


def test_two_explanations_are_no_suggestion() -> None:
    """L typed as 1 at the end explains it, and so do the 3 and 1 at the front swapped."""
    assert classify("913200006089509871") == uscc.UsccCheck("913200006089509871", UsccState.CHECK_DIGIT_FAILED)


def test_what_no_single_slip_explains_gets_no_suggestion() -> None:
    assert classify("91320000608950988M").suggestion is None
    assert classify("9132000060V950987L").suggestion is None


@pytest.mark.parametrize(
    "text", ["320681000012345", "3206811000123", "320681NA000001X", "95028578-3", " 3206810000 12345"]
)
def test_numbers_from_before_the_code_are_legacy(text: str) -> None:
    assert classify(text).state is UsccState.LEGACY


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "'"])
def test_nothing_is_empty(text: str) -> None:
    assert classify(text).state is UsccState.EMPTY


@pytest.mark.parametrize("text", ["无", "办理中", "32068100001234", "1.39E+10", "91320000608950987", "①②③"])
def test_other_things_are_no_code(text: str) -> None:
    assert classify(text).state is UsccState.FORMAT


def test_invented_codes_validate_and_differ() -> None:
    codes = [make("320681", number) for number in range(3000)]
    assert len(set(codes)) == 3000
    assert all(classify(code) == uscc.UsccCheck(code, UsccState.VALID) for code in codes)
    assert {code[8] for code in codes} == {uscc.INVENTED}
    with pytest.raises(ValueError, match="six digits"):
        make("3206", 1)


def test_real_codes_of_nantong_are_valid(samples: Path) -> None:
    rows = csv.DictReader((samples / "codes" / "uscc_nantong_500.csv").read_text("utf-8-sig").splitlines())
    checks = [classify(row["uscc"]) for row in rows]
    assert len(checks) == 500
    assert all(check.is_valid for check in checks)
    assert not any(check.code[8] == uscc.INVENTED for check in checks)


def test_real_numbers_from_before_the_code_are_legacy(samples: Path) -> None:
    rows = list(
        csv.DictReader((samples / "codes" / "legacy_numbers_jiangsu_200.csv").read_text("utf-8-sig").splitlines())
    )
    assert len(rows) == 200
    assert {classify(row["number"]).state for row in rows} == {UsccState.LEGACY}
