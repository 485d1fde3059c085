"""What a record of an enterprise must say, and how its parts are read."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.domain.enterprise import (
    Choices,
    CodeState,
    EnterpriseDraft,
    advice,
    checked,
    established_date,
    phone_digits,
)
from desktop.domain.errors import Invalid
from desktop.domain.uscc import make

TODAY = date(2026, 11, 24)
CHOICES = Choices(
    frozenset({"sector.gm.jx"}), frozenset({"GB-34"}), {"attr.dust": frozenset({"是", "否"}), "attr.staff": frozenset()}
)
GOOD = EnterpriseDraft(name="启东某某机械有限公司", uscc=make("320681", 7))
SLIP = GOOD.uscc[:-1] + ("0" if GOOD.uscc[-1] != "0" else "1")


def problems_of(draft: EnterpriseDraft) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        checked(draft, CHOICES, TODAY)
    return caught.value.problems


def test_a_good_draft_is_kept_with_its_words_trimmed() -> None:
    found = checked(replace(GOOD, name="  启东 某某机械有限公司 ", uscc=f" {GOOD.uscc.lower()} "), CHOICES, TODAY)
    assert (found.draft.name, found.draft.uscc, found.code_state) == (
        "启东 某某机械有限公司",
        GOOD.uscc,
        CodeState.VALID,
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "  ", "missing"),
        ("name", "厂" * 121, "too_long"),
        ("remark", "字" * 2001, "too_long"),
        ("uscc", SLIP, "uscc_check_digit"),
        ("uscc", "9132O681", "uscc_format"),
        ("phone", "1391234567", "phone_invalid"),
        ("safety_phone", "张三", "phone_invalid"),
        ("employees", -1, "number_invalid"),
        ("registered_capital_fen", -5, "number_invalid"),
        ("sector", "sector.nowhere", "choice_unknown"),
        ("industry_code", "GB-00", "choice_unknown"),
        ("established_on", "2008-13", "date_invalid"),
        ("established_on", "2008年", "date_invalid"),
        ("established_on", "2026-12", "date_future"),
        ("attributes", {"attr.nothing": "是"}, "choice_unknown"),
        ("attributes", {"attr.dust": "也许"}, "choice_unknown"),
        ("tags", frozenset({" "}), "missing"),
    ],
)
def test_each_field_is_checked(field: str, value: object, code: str) -> None:
    assert list(problems_of(replace(GOOD, **{field: value})).values()) == [code]


def test_all_problems_are_named_at_once() -> None:
    assert problems_of(EnterpriseDraft(phone="12", established_on="x")) == {
        "name": "missing", "phone": "phone_invalid", "established_on": "date_invalid",
    }  # fmt: skip


def test_a_code_that_fails_is_kept_when_the_clerk_says_so() -> None:
    found = checked(replace(GOOD, uscc=SLIP, keeps_code=True), CHOICES, TODAY)
    assert (found.draft.uscc, found.code_state) == (SLIP, CodeState.KEPT)


def test_an_old_registration_number_goes_where_it_belongs() -> None:
    found = checked(replace(GOOD, uscc="320681000012345"), CHOICES, TODAY)
    assert (found.draft.uscc, found.draft.legacy_code) == ("", "320681000012345")
    assert found.code_state is CodeState.LEGACY


def test_an_enterprise_without_any_code_is_allowed_and_marked() -> None:
    found = checked(replace(GOOD, uscc=""), CHOICES, TODAY)
    assert found.code_state is CodeState.NONE
    assert advice(found.draft, TODAY)["uscc"] == "uscc_missing"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("13912345678", "13912345678"),
        ("139-1234-5678", "13912345678"),
        ("+86 139 1234 5678", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
        ("0513-83312345", "051383312345"),
        ("(0513)83312345转801", "051383312345转801"),
        ("83312345", "83312345"),
        ("400-820-8820", "4008208820"),
        ("13912345678/0513-83312345", "13912345678、051383312345"),
        ("13912345678，13912345678", "13912345678"),
        ("139123456789", None),
        ("无", None),
        ("12345", None),
    ],
)
def test_phones_are_kept_as_digits(typed: str, kept: str | None) -> None:
    assert phone_digits(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2008", "2008"),
        ("2008-6", "2008-06"),
        ("2008-06-18", "2008-06-18"),
        ("", ""),
        ("2008-02-30", None),
        ("0000", None),
        ("08", None),
    ],
)
def test_a_founding_date_is_as_exact_as_it_is_known(typed: str, kept: str | None) -> None:
    assert established_date(typed) == kept


def test_advice_does_not_stand_in_the_way() -> None:
    draft = replace(GOOD, standard_valid_until=date(2026, 11, 23))
    assert checked(draft, CHOICES, TODAY).code_state is CodeState.VALID
    said = advice(draft, TODAY)
    assert said["standard_valid_until"] == "expired"
    assert {"sector", "risk_level"} <= set(said)
