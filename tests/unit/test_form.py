"""The official forms as data: all of them read, the law of the document's date, what is doubtful, order and numbers."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Refused
from desktop.domain.form import (
    ALL_BEFORE,
    PATTERN,
    Evidence,
    FieldType,
    FormKind,
    NumberCounting,
    Precedence,
    RecordKind,
    Seal,
    Stage,
    gaps,
    in_capitals,
    in_characters,
    is_pattern,
    said,
    series_of,
)
from desktop.services.form_book import form_book

BOOK = form_book()
OLD, NEW = date(2020, 7, 16), date(2026, 3, 2)


def test_all_forms_are_there_and_the_official_set_is_whole() -> None:
    assert len(BOOK.forms) == 74
    numbers = [form.set_number for form in BOOK.forms.values() if form.is_official]
    assert numbers == list(range(1, 49))
    assert all(form.evidence is Evidence.VERIFIED for form in BOOK.forms.values() if form.is_official)


def test_every_form_is_told_apart_by_id_alias_and_title() -> None:
    for key in ("id", "alias", "title"):
        assert len({getattr(form, key) for form in BOOK.forms.values()}) == 74


@pytest.mark.parametrize("form", BOOK.forms.values(), ids=lambda form: form.id)
def test_a_form_holds_together(form) -> None:
    """Its layout names only fields that it has, its tokens exist, and what must come before exists."""
    keys = [each.key for each in form.fields]
    assert len(set(keys)) == len(keys)
    assert all(name in BOOK.forms for name in form.before if name != ALL_BEFORE)
    assert all(source in BOOK.sources for source in form.sources)
    assert (form.before_kind is Precedence.NONE) == (not form.before)
    assert form.code == "" or form.has_field("number")
    assert form.date_field == "" or form.field(form.date_field).type is FieldType.DATE
    for kind, key in form.tokens():
        assert BOOK.printed(kind, key, OLD)
    wording = " ".join(form.wording())
    for each in form.fields:
        printed_elsewhere = each.type in (FieldType.NUMBER, FieldType.SEAL, FieldType.REMEDY)
        assert printed_elsewhere or re.search(rf"\b{each.key}\b", wording), each.key


def test_the_chains_name_only_forms_that_exist() -> None:
    assert set(BOOK.chains) >= {"日常检查", "普通程序"}
    for steps in BOOK.chains.values():
        for names, _ in steps:
            assert set(names) <= set(BOOK.forms)


def test_a_form_is_found_by_whatever_a_clerk_calls_it() -> None:
    order = BOOK.get("rectification_order")
    for text in ("rectification_order", "zegai", "责令限期整改指令书", " 责改 ", "5"):
        assert BOOK.find(text) is order
    for text in ("", "罚", "没有这种文书"):  # 罚 is the code word of two forms
        with pytest.raises(Refused, match="form_unknown"):
            BOOK.find(text)


def test_facts_of_the_forms_as_researched() -> None:
    order = BOOK.get("rectification_order")
    assert (order.code, order.copies, order.seal, order.stage) == ("责改", 2, Seal.ENFORCEMENT, Stage.INSPECTION)
    assert (order.before, order.before_kind) == (("inspection_record",), Precedence.HARD)
    assert order.record is RecordKind.ORDER
    record = BOOK.get("inspection_record")
    assert (record.code, record.kind, record.has_continuation) == ("检记", FormKind.RECORD, True)
    assert [form.title for form in BOOK.forms.values() if form.has_continuation] == [
        "现场检查记录",
        "询问笔录",
        "勘验笔录",
        "当事人陈述申辩笔录",
        "听证笔录",
    ]
    assert BOOK.get("penalty_decision_unit").code == BOOK.get("penalty_decision_person").code == "罚"


# ---- the law of the day ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "last_of_old", "old", "new"),
    [
        ("cite", "hearing_days", date(2021, 7, 14), "3", "5"),
        ("cite", "inform", date(2021, 7, 14), "第三十一条和第三十二条", "第四十四条和第四十五条"),
        ("cite", "defer", date(2021, 7, 14), "第五十二条", "第六十六条第二款"),
        ("cite", "power_stop", date(2021, 8, 31), "第六十七条第一款", "第七十条第一款"),
        ("clause", "remedy_penalty", date(2023, 12, 31), "或者{org.higher}申请行政复议", "{org.gov}申请行政复议"),
    ],
)
def test_a_citation_changes_on_its_day(kind: str, key: str, last_of_old: date, old: str, new: str) -> None:
    before = BOOK.printed(kind, key, last_of_old)
    after = BOOK.printed(kind, key, date.fromordinal(last_of_old.toordinal() + 1))
    assert old in before
    assert new in after
    assert before != after


def test_the_higher_authority_leaves_every_remedy_with_the_law_of_2024() -> None:
    for clause in BOOK.clauses.values():
        assert "{org.higher}" in clause.on(date(2023, 12, 31)).text
        assert "{org.higher}" not in clause.on(date(2024, 1, 1)).text


def test_days_for_a_defence_that_no_law_names_are_not_printed() -> None:
    """The note of a version is advice for the office; it must never reach the paper."""
    assert BOOK.printed("cite", "state_days", OLD) == "3"
    assert BOOK.printed("cite", "state_days", NEW) == ""


def test_the_form_of_2010_is_out_of_use_after_the_new_set() -> None:
    old = BOOK.get("coercive_measure_decision_2010")
    assert BOOK.is_in_force(old, date(2015, 5, 1))
    assert not BOOK.is_in_force(old, OLD)
    assert not BOOK.is_in_force(BOOK.get("rectification_order"), date(2015, 5, 1))
    assert BOOK.is_in_force(BOOK.get("rectification_order"), OLD)


# ---- doubts ------------------------------------------------------------------------------------------------


def test_a_form_with_seen_wording_is_without_doubt_in_2020_and_its_remedy_is_doubtful_from_2024() -> None:
    order = BOOK.get("rectification_order")
    assert BOOK.doubts(order, OLD) == ()
    (doubt,) = BOOK.doubts(order, date(2024, 1, 1))
    assert doubt.mark == "clause.remedy_instruction@2024-01-01"
    assert "行政复议法" in doubt.text


def test_everything_that_was_not_seen_is_doubtful_on_every_day() -> None:
    doubtful = {form.id for form in BOOK.forms.values() if BOOK.doubts(form, OLD)}
    assert doubtful >= {form.id for form in BOOK.forms.values() if form.evidence is not Evidence.VERIFIED}
    assert doubtful >= {"reminder_list", "case_warning", "criminal_referral_letter", "photo_evidence_page"}
    assert not doubtful & {form.id for form in BOOK.forms.values() if form.is_official}


def test_a_recalled_number_of_days_is_doubtful_only_from_its_day() -> None:
    notice = BOOK.get("penalty_notice")
    assert BOOK.doubts(notice, OLD) == ()
    assert [doubt.mark for doubt in BOOK.doubts(notice, NEW)] == ["cite.state_days@2021-07-15"]


# ---- what must come before ---------------------------------------------------------------------------------


def test_an_order_without_a_record_warns() -> None:
    order = BOOK.get("rectification_order")
    (warning,) = BOOK.warnings(order, set())
    assert "《现场检查记录》" in warning.text
    assert not warning.is_void
    assert BOOK.warnings(order, {"inspection_record"}) == ()


def test_one_of_several_is_enough_for_a_reinspection() -> None:
    opinion = BOOK.get("reinspection_opinion")
    assert len(BOOK.warnings(opinion, set())) == 1
    for done in opinion.before:
        assert BOOK.warnings(opinion, {done}) == ()


def test_a_case_is_closed_after_all_its_documents() -> None:
    closing = BOOK.get("case_closing_approval")
    assert BOOK.warnings(closing, {"penalty_notice"}) == ()
    (warning,) = BOOK.warnings(closing, set(), {"penalty_decision_unit"})
    assert "行政处罚决定书（单位）" in warning.text


def test_the_law_for_whoever_fills_a_form_is_that_of_the_day() -> None:
    form = BOOK.get("hearing_rights_notice")
    assert BOOK.law(form, OLD) == ("《中华人民共和国行政处罚法》第四十二条",)
    assert BOOK.law(form, NEW) == ("《中华人民共和国行政处罚法》第六十三条、第六十四条",)
    assert not any("{" in text for each in BOOK.forms.values() for text in BOOK.law(each, NEW))


# ---- fields ------------------------------------------------------------------------------------------------


def test_what_is_signed_stamped_or_numbered_is_not_asked_for() -> None:
    order = BOOK.get("rectification_order")
    missing = order.missing({"company": "厂", "problems": ["一"], "item_nos": "1", "due": "2026-03-20"})
    assert missing == ("officer_ids", "date")
    approval = BOOK.get("case_filing_approval")
    assert approval.beside_signatures() == {"handler_date", "review_date", "approve_date"}
    assert "approve_date" not in approval.missing({})
    assert said({"officer_ids": ["1", "2"]}, order.field("officer_ids"))
    assert not said({"officer_ids": ["1", ""]}, order.field("officer_ids"))
    time = BOOK.get("inspection_record").field("time")
    assert not said({"time": {"from": "2026-03-02T09:00"}}, time)


# ---- numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "good"),
    [
        (PATTERN, True),
        ("{prefix}{town}{word}{code}〔{year}〕{number}号", True),
        ("{code}{year}", False),
        ("{year}-{number}", False),
        ("{code}{year}{number}{who}", False),
        ("{code}{year}{number}}", False),
        ("", False),
    ],
)
def test_a_pattern_names_code_year_and_number(pattern: str, good: bool) -> None:
    assert is_pattern(pattern) is good


def test_forms_count_each_for_itself_or_with_their_inspection_or_case() -> None:
    order, penalty = BOOK.get("rectification_order"), BOOK.get("penalty_decision_unit")
    assert series_of(order, NumberCounting.FORM, RecordKind.ORDER) == "责改"
    assert series_of(order, NumberCounting.CASE, RecordKind.ORDER) == "chain:inspection"
    assert series_of(penalty, NumberCounting.CASE, RecordKind.CASE) == "chain:case"


def test_gaps_are_stretches() -> None:
    assert gaps(7, {1, 2, 5}) == [(3, 4), (6, 7)]
    assert gaps(2, {1, 2}) == []
    assert gaps(0, ()) == []


# ---- amounts and dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (53_000_000, "伍拾叁万元整"),  # a public case lost its 万 and fined 53 yuan
        (3_000_000, "叁万元整"),
        (2_000_050_000, "贰仟万零伍佰元整"),
        (100_001_000_000, "壹拾亿零壹万元整"),
        (1_000_500, "壹万零伍元整"),
        (101_000, "壹仟零壹拾元整"),
        (0, "零元整"),
        (5, "伍分"),
        (12_340, "壹佰贰拾叁元肆角整"),
        (12_304, "壹佰贰拾叁元零肆分"),
    ],
)
def test_amounts_in_capitals(fen: int, text: str) -> None:
    assert in_capitals(fen) == text


_VALUES = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def _read(text: str) -> Decimal:
    """Reads an amount in capitals back: an independent check of what was written."""
    head, _, tail = text.removesuffix("整").partition("元") if "元" in text else ("", "", text.removesuffix("整"))
    whole, group, digit = 0, 0, 0
    for character in head:
        if character in _VALUES:
            digit = _VALUES[character]
        elif character in _UNITS:
            group, digit = group + digit * _UNITS[character], 0
        else:
            whole, group, digit = (whole + group + digit) * (10_000 if character == "万" else 100_000_000), 0, 0
    cents = sum(_VALUES[tail[at - 1]] * worth for word, worth in (("角", 10), ("分", 1)) if (at := tail.find(word)) > 0)
    return Decimal((whole + group + digit) * 100 + cents)


@given(st.integers(min_value=0, max_value=9_999_999_999))
def test_an_amount_in_capitals_reads_back(fen: int) -> None:
    assert _read(in_capitals(fen)) == fen


def test_dates_in_characters() -> None:
    assert in_characters(date(2020, 7, 1)) == "二〇二〇年七月一日"
    assert in_characters(date(2026, 10, 20)) == "二〇二六年十月二十日"
    assert in_characters(date(2026, 12, 31)) == "二〇二六年十二月三十一日"
