"""The roster on a real file: registering, changing, archiving, finding and listing."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from roster_services import Roster, opened

from desktop.domain.enterprise import CodeState, EnterpriseDraft, EnterpriseStatus, RiskLevel, StandardLevel
from desktop.domain.errors import Invalid, Refused
from desktop.domain.uscc import make
from desktop.services import enterprise_query
from desktop.services.enterprise_query import CURRENT, FACETS, SORTS, EnterpriseQuery
from desktop.services.enterprise_timeline import EntryKind
from desktop.services.search_text import name_key, sort_key


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


def facets(**values: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(value.split("|")) for name, value in values.items()}


def names(roster: Roster, query: EnterpriseQuery = CURRENT) -> list[str]:
    return [row.name for row in roster.lists.rows(roster.lists.ids(query))]


INSPECTED = "INSERT INTO inspection (enterprise_id, kind, origin, status, inspected_on, approved_by, opening_meeting, " \
    "site_record, closing_meeting, unit_person, refusal_note, document_number, result, remark) " \
    "VALUES (?, 'routine', ?, 'done', ?, '', '', '', '', '', '', '', '', '')"  # fmt: skip
HAZARD = "INSERT INTO hazard (enterprise_id, found_on, description, location, category, level, status, basis, measures, " \
    "person_in_charge, remark) VALUES (?, '2026-05-06', '电线裸露', '', '', 'general', ?, '', '', '', '')"  # fmt: skip
OBLIGATION = "INSERT INTO obligation (kind, title, subject_type, subject_id, enterprise_id, actor, triggered_on, end_reason) " \
    "VALUES ('rectify', '整改', 'hazard', 1, ?, 'enterprise', '2026-05-06', '')"  # fmt: skip
LINK = "INSERT INTO obligation_due (obligation_id, sequence, raw_on, due_on, plan_on, is_provisional, set_on, reason, " \
    "approver) SELECT MAX(id), 1, ?, ?, ?, 0, '2026-05-06', '', '' FROM obligation"  # fmt: skip


def open_due(roster: Roster, enterprise_id: int, on: str) -> None:
    roster.write(OBLIGATION, enterprise_id)
    roster.write(LINK, on, on, on)


# ---- acts --------------------------------------------------------------------------------------------------------


def test_registering_keeps_what_was_said_and_can_be_undone(roster: Roster) -> None:
    draft = EnterpriseDraft(
        name="启东宏达金属制品有限公司", uscc=make("320681", 9), village="三和村", phone="0513-83312345",
        sector="sector.gm.jx", risk_level=RiskLevel.ORANGE, standard_level=StandardLevel.THREE, employees=56,
        established_on="2008-6", registered_capital_fen=200_000_000, tags=frozenset({"粉尘"}),
        attributes={"attr.dust": "是", "attr.dust_people": "35"},
    )  # fmt: skip
    number = roster.enterprises.register(draft)
    kept = roster.enterprises.draft(number)
    assert kept == replace(draft, phone="051383312345", established_on="2008-06")
    assert roster.rows("SELECT is_key, code_state, name_key FROM enterprise") == [(1, "valid", name_key(draft.name))]
    roster.store.undo()
    assert roster.rows("SELECT COUNT(*) FROM enterprise") == [(0,)]
    assert roster.rows("SELECT COUNT(*) FROM enterprise_attribute") == [(0,)]
    roster.store.redo()
    assert roster.enterprises.draft(number) == kept


def test_a_code_in_use_is_refused_and_says_by_whom(roster: Roster) -> None:
    first = roster.an_enterprise("启东甲厂", uscc=make("320681", 50))
    with pytest.raises(Invalid) as caught:
        roster.an_enterprise("启东乙厂", uscc=make("320681", 50))
    assert caught.value.problems == {"uscc": "duplicate"}
    assert caught.value.facts == {"name": "启东甲厂", "enterprise_id": first}
    roster.enterprises.archive([first])
    second = roster.an_enterprise("启东乙厂", uscc=make("320681", 50))
    with pytest.raises(Invalid):
        roster.enterprises.bring_back([first])
    assert roster.rows("SELECT id FROM enterprise WHERE archived_on IS NULL") == [(second,)]


def test_a_change_reclassifies_and_keeps_tags_that_it_does_not_name(roster: Roster) -> None:
    number = roster.an_enterprise("启东丙厂", sector="sector.gm.jx", tags=frozenset({"老厂"}))
    assert not roster.enterprises.detail(number).row.is_key
    draft = replace(roster.enterprises.draft(number), risk_level=RiskLevel.RED, tags=None, attributes=None)
    roster.enterprises.change(number, draft)
    detail = roster.enterprises.detail(number)
    assert (detail.row.is_key, detail.row.tags, detail.row.risk_level) == (True, ("老厂",), RiskLevel.RED)
    assert [reason.id for reason in detail.classification.traits] == ["high_risk"]
    roster.store.undo()
    assert not roster.enterprises.detail(number).row.is_key


def test_an_unchanged_save_leaves_no_trace(roster: Roster) -> None:
    number = roster.an_enterprise("启东丁厂", attributes={"attr.dust": "是"}, tags=frozenset({"甲"}))
    before = roster.store.head_hash()
    roster.enterprises.change(number, roster.enterprises.draft(number))
    assert roster.store.head_hash() == before


def test_a_former_name_stays_findable(roster: Roster) -> None:
    number = roster.an_enterprise("启东老凤祥五金厂")
    roster.enterprises.rename(number, "启东新凤祥金属有限公司", date(2026, 5, 1))
    assert names(roster, EnterpriseQuery("老凤祥")) == ["启东新凤祥金属有限公司"]
    detail = roster.enterprises.detail(number)
    assert [(each.name, each.until_on) for each in detail.former_names] == [("启东老凤祥五金厂", date(2026, 5, 1))]
    with pytest.raises(Invalid):
        roster.enterprises.rename(number, "启东新凤祥 金属有限公司", date(2026, 5, 2))
    roster.store.undo()
    assert roster.enterprises.draft(number).name == "启东老凤祥五金厂"
    assert names(roster, EnterpriseQuery("新凤祥")) == []


def test_an_enterprise_with_open_work_cannot_be_archived(roster: Roster) -> None:
    number, other = roster.an_enterprise("启东甲"), roster.an_enterprise("启东乙")
    roster.write(HAZARD, number, "registered")
    with pytest.raises(Refused) as caught:
        roster.enterprises.archive([other, number])
    assert caught.value.code == "enterprise_has_open_work"
    assert caught.value.facts == {"name": "启东甲", "dues": 0, "hazards": 1}
    assert roster.lists.count() == 2
    roster.enterprises.archive([other])
    assert names(roster) == ["启东甲"]
    assert names(roster, EnterpriseQuery(facets=facets(archived="yes"))) == ["启东乙"]
    roster.store.undo()
    assert roster.lists.count() == 2


def test_tags_and_attributes_are_set_on_many_at_once(roster: Roster) -> None:
    chosen = [roster.an_enterprise(sector="sector.gm.jx") for _ in range(3)]
    roster.enterprises.set_tags(chosen, add=frozenset({"外贸", "园区"}))
    roster.enterprises.set_tags(chosen[:1], remove=frozenset({"园区"}))
    assert [set(row.tags) for row in roster.lists.rows(chosen)] == [{"外贸"}, {"外贸", "园区"}, {"外贸", "园区"}]
    roster.enterprises.set_attributes(chosen, {"attr.weak": "是"})
    assert [row.is_key for row in roster.lists.rows(chosen)] == [True] * 3
    roster.enterprises.set_attributes(chosen[:2], {"attr.weak": ""})
    assert [row.is_key for row in roster.lists.rows(chosen)] == [False, False, True]
    with pytest.raises(Invalid):
        roster.enterprises.set_attributes(chosen, {"attr.unknown": "是"})
    for _ in range(4):
        roster.store.undo()
    assert [(row.tags, row.is_key) for row in roster.lists.rows(chosen)] == [((), False)] * 3


# ---- lists -------------------------------------------------------------------------------------------------------


@pytest.fixture
def town(roster: Roster) -> Roster:
    """Five enterprises that differ."""
    roster.an_enterprise(
        "启东宏达化工厂", village="三和村", sector="sector.hc.prod", risk_level=RiskLevel.RED, employees=30,
        attributes={"attr.key_process": "硝化工艺"},
    )  # fmt: skip
    roster.an_enterprise(
        "启东安泰铸造厂", village="东风村", sector="sector.gm.jx", risk_level=RiskLevel.YELLOW, employees=8
    )
    roster.an_enterprise("重庆路五金店", village="三和村", uscc="", risk_level=RiskLevel.BLUE)
    roster.an_enterprise("惠萍木业", village="", sector="sector.gm.qg", tags=frozenset({"粉尘"}), employees=120)
    roster.an_enterprise(
        "王鲍机械厂", village="东风村", status=EnterpriseStatus.SUSPENDED, attributes={"attr.dust": "否"}
    )
    return roster


def test_names_stand_in_pinyin_order(town: Roster) -> None:
    """A character sorts by its usual reading: 重 stands under zh, although 重庆 is found by cq too."""
    expected = ["惠萍木业", "启东安泰铸造厂", "启东宏达化工厂", "王鲍机械厂", "重庆路五金店"]
    assert names(town) == expected
    assert names(town, EnterpriseQuery(sort=("name", True))) == expected[::-1]


def test_what_is_unknown_stands_last_either_way(town: Roster) -> None:
    assert names(town, EnterpriseQuery(sort=("employees", False)))[:3] == [
        "启东安泰铸造厂",
        "启东宏达化工厂",
        "惠萍木业",
    ]
    assert names(town, EnterpriseQuery(sort=("employees", True)))[:3] == [
        "惠萍木业",
        "启东宏达化工厂",
        "启东安泰铸造厂",
    ]
    for descending in (False, True):
        assert names(town, EnterpriseQuery(sort=("village", descending)))[-1] == "惠萍木业"
    assert names(town, EnterpriseQuery(sort=("risk_level", False)))[0] == "启东宏达化工厂"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("宏达", ["启东宏达化工厂"]),
        ("hdhg", ["启东宏达化工厂"]),
        ("qd hg", ["启东宏达化工厂"]),
        ("cql", ["重庆路五金店"]),
        ("zql", ["重庆路五金店"]),
        ("三和村", ["启东宏达化工厂", "重庆路五金店"]),
        ("厂", ["启东安泰铸造厂", "启东宏达化工厂", "王鲍机械厂"]),
        ('"; DROP', []),
        ("   ", ["惠萍木业", "启东安泰铸造厂", "启东宏达化工厂", "王鲍机械厂", "重庆路五金店"]),
    ],
)
def test_words_initials_and_villages_find(town: Roster, typed: str, found: list[str]) -> None:
    assert names(town, EnterpriseQuery(typed)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (facets(risk_level="red|blue"), ["启东宏达化工厂", "重庆路五金店"]),
        (facets(risk_level=""), ["惠萍木业", "王鲍机械厂"]),
        (facets(sector="sector.gm"), ["惠萍木业", "启东安泰铸造厂"]),
        (facets(village="三和村"), ["启东宏达化工厂", "重庆路五金店"]),
        (facets(status="suspended"), ["王鲍机械厂"]),
        (facets(code_state="none"), ["重庆路五金店"]),
        (facets(is_key="yes"), ["启东宏达化工厂"]),
        (facets(is_key="yes|no", village="东风村"), ["启东安泰铸造厂", "王鲍机械厂"]),
        (facets(tag="粉尘"), ["惠萍木业"]),
        (facets(attribute="attr.key_process|attr.dust"), ["启东宏达化工厂"]),
        (facets(village="三和村", risk_level="red"), ["启东宏达化工厂"]),
    ],
)
def test_filters_narrow_the_list(town: Roster, wanted: dict[str, frozenset[str]], found: list[str]) -> None:
    assert names(town, EnterpriseQuery(facets=wanted)) == found
    assert town.lists.summary(EnterpriseQuery(facets=wanted)).count == len(found)


def test_open_work_shows_in_rows_filters_and_sorts(town: Roster) -> None:
    late, soon, *_ = town.lists.ids()
    town.write(HAZARD, late, "registered")
    town.write(HAZARD, late, "cleared")
    open_due(town, late, "2026-11-23")
    open_due(town, late, "2026-12-01")
    open_due(town, soon, "2026-11-24")
    town.write(INSPECTED, soon, "plan", "2026-05-06")
    first, second = town.lists.rows([late, soon])
    assert (first.open_hazard_count, first.overdue_count, first.next_due_on) == (1, 1, date(2026, 12, 1))
    assert (second.overdue_count, second.next_due_on, second.last_inspected_on) == (
        0,
        date(2026, 11, 24),
        date(2026, 5, 6),
    )
    assert town.lists.ids(EnterpriseQuery(facets=facets(has_overdue="yes"))) == (late,)
    assert town.lists.ids(EnterpriseQuery(facets=facets(has_open_hazard="yes"))) == (late,)
    assert late not in town.lists.ids(EnterpriseQuery(facets=facets(has_open_hazard="no")))
    assert town.lists.ids(EnterpriseQuery(sort=("last_inspected_on", True)))[0] == soon
    assert town.lists.ids(EnterpriseQuery(sort=("next_due_on", False)))[:2] == (late, soon)
    town.day.on = date(2026, 11, 25)
    assert set(town.lists.ids(EnterpriseQuery(facets=facets(has_overdue="yes")))) == {late, soon}


def test_the_list_is_new_after_every_change(town: Roster) -> None:
    assert town.lists.count() == 5
    town.an_enterprise("启东新来的")
    assert town.lists.count() == 6
    town.store.undo()
    assert town.lists.count() == 5


def test_nothing_is_remembered_of_an_act_that_was_rolled_back(town: Roster) -> None:
    with pytest.raises(RuntimeError), town.store.write("试验"):  # noqa: PT012
        town.an_enterprise("启东幻影厂")
        assert town.lists.count() == 6
        raise RuntimeError
    assert town.lists.count() == 5
    town.an_enterprise("启东真厂")
    assert "启东真厂" in names(town)


@pytest.mark.parametrize("facet", FACETS)
def test_facet_counts_agree_with_the_lists(town: Roster, facet: str) -> None:
    """A facet's own choice does not narrow its counts, so each count is what choosing that value alone gives."""
    counts = town.lists.facet_counts(EnterpriseQuery("启东", facets(**{facet: "x"})), facet)
    for value, count in counts.items():
        found = list(town.catalogue.with_below(frozenset({value}))) if facet == "sector" else [value]
        assert town.lists.count(EnterpriseQuery("启东", {facet: frozenset(found)})) == count
    assert sum(counts.values()) > 0 or facet == "tag"


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_gives_each_enterprise_once(town: Roster, sort: str) -> None:
    for descending in (False, True):
        assert sorted(town.lists.ids(EnterpriseQuery(sort=(sort, descending)))) == [1, 2, 3, 4, 5]


def test_the_figures_above_the_list(town: Roster) -> None:
    summary = town.lists.summary()
    assert (summary.count, summary.key_count, summary.operating_count) == (5, 1, 4)
    assert summary.by_level == {None: 2, RiskLevel.RED: 1, RiskLevel.YELLOW: 1, RiskLevel.BLUE: 1}
    empty = town.lists.summary(EnterpriseQuery("没有这样的名字"))
    assert (empty.count, empty.key_count, dict(empty.by_level)) == (0, 0, {})


def test_the_best_hit_comes_first(town: Roster) -> None:
    town.an_enterprise("上海启东宏达化工厂驻惠萍办事处")
    code = town.lists.rows(town.lists.ids(EnterpriseQuery("安泰")))[0].uscc
    assert code is not None
    assert [hit.name for hit in town.lists.find(code.lower())] == ["启东安泰铸造厂"]
    assert [hit.name for hit in town.lists.find("启东宏达")] == [
        "启东宏达化工厂",
        "上海启东宏达化工厂驻惠萍办事处",
    ]
    assert town.lists.find("qdhd")[0].name == "启东宏达化工厂"
    assert town.lists.find(" ") == []
    assert len(town.lists.find("厂", limit=2)) == 2


# ---- the one-enterprise file -------------------------------------------------------------------------------------


def test_the_cap_counts_this_years_inspections_without_the_exempt(town: Roster) -> None:
    number = town.lists.ids(EnterpriseQuery("宏达"))[0]
    for origin, on in (("plan", "2026-03-01"), ("other", "2026-04-01"), ("tip", "2026-05-01"), ("plan", "2025-12-30")):
        town.write(INSPECTED, number, origin, on)
    meter = town.enterprises.detail(number).cap
    assert (meter.year, meter.cap, meter.counted, meter.exempt, meter.is_high_risk) == (2026, 12, 2, 1, True)
    assert not meter.is_reached
    town.day.on = date(2024, 6, 1)
    assert town.enterprises.cap(number).cap is None


def test_the_story_tells_work_and_edits(town: Roster) -> None:
    number = town.lists.ids(EnterpriseQuery("安泰"))[0]
    town.write(INSPECTED, number, "plan", "2026-03-01")
    town.write(HAZARD, number, "registered")
    draft = town.enterprises.draft(number)
    town.enterprises.change(number, replace(draft, risk_level=RiskLevel.RED, tags=frozenset({"看"})))
    told = town.enterprises.timeline(number)
    assert [entry.kind for entry in told] == [EntryKind.EDIT, EntryKind.EDIT, EntryKind.HAZARD, EntryKind.INSPECTION]
    assert "风险等级：黄 → 红" in told[0].text
    assert "标签：空 → 看" in told[0].text
    assert told[0].text.startswith("张三：")
    assert (told[2].title, told[2].text, told[2].record) == ("发现一般隐患", "电线裸露", ("hazard", 1))
    assert [change.title for change in town.enterprises.history(number)] == ["修改企业档案", "登记企业"]


def test_the_file_gathers_what_belongs_to_the_enterprise(town: Roster) -> None:
    number = town.lists.ids(EnterpriseQuery("宏达"))[0]
    town.write(INSPECTED, number, "plan", "2026-03-01")
    town.write(HAZARD, number, "registered")
    town.write(OBLIGATION, number)
    town.write(LINK, "2026-12-01", "2026-12-01", "2026-12-01")
    town.write(
        "INSERT INTO penalty_case (enterprise_id, number, cause, filed_on, is_accident, remark) "
        "VALUES (?, '启应急罚〔2026〕1号', '未按规定培训', '2026-06-01', 0, '')",
        number,
    )
    detail = town.enterprises.detail(number)
    assert [(line.description, line.due_on) for line in detail.hazards] == [("电线裸露", date(2026, 12, 1))]
    assert [line.on for line in detail.inspections] == [date(2026, 3, 1)]
    assert [line.cause for line in detail.cases] == ["未按规定培训"]
    assert [item.due_on for item in detail.dues] == [date(2026, 12, 1)]
    assert detail.row.code_state is CodeState.VALID
    assert detail.attributes == {"attr.key_process": "硝化工艺"}


def test_advice_names_a_namesake(town: Roster) -> None:
    number = town.lists.ids(EnterpriseQuery("王鲍"))[0]
    assert "name" not in town.enterprises.advice(town.enterprises.draft(number), number)
    assert town.enterprises.advice(town.enterprises.draft(number))["name"] == "duplicate_name"


def test_a_long_roster_is_searched_without_what_is_archived(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long list only the number of hits is known at first: it must be right through archiving and its undo."""
    monkeypatch.setattr(enterprise_query, "MANY", 2)
    numbers = [roster.an_enterprise(f"启东宏达{word}机械厂") for word in ("第一", "第二", "第三", "第四")]

    def found(typed: str) -> list[int]:
        late = roster.lists.ids(EnterpriseQuery(typed))
        assert len(late) == len(list(late))
        return list(late)

    assert sorted(found("qdhd")) == numbers
    roster.enterprises.archive(numbers[1:3])
    assert sorted(found("qdhd")) == [numbers[0], numbers[3]]
    assert found("第二") == []
    assert list(roster.lists.ids(EnterpriseQuery("第二", facets(archived="yes")))) == [numbers[1]]
    roster.enterprises.bring_back([numbers[1]])
    assert sorted(found("qdhd")) == [numbers[0], numbers[1], numbers[3]]
    roster.store.undo()
    roster.store.undo()
    assert sorted(found("qdhd")) == numbers


# ---- speed -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_listed_in_a_moment(roster: Roster, capsys: pytest.CaptureFixture[str]) -> None:
    """Budgets are ten times what an ordinary machine needs: they catch a lost index, not a busy runner."""
    from desktop.services.search_text import search_text

    with roster.store.fill("试验数据") as session:
        session.connection().exec_driver_sql(
            "INSERT INTO enterprise (name, name_key, sort_key, search_text, village, risk_level, code_state, address, "
            "grid_worker, legal_person, principal, contact, phone, safety_officer, safety_phone, industry, status, is_key, "
            "remark, created_at) VALUES (?, ?, ?, ?, ?, ?, 'none', '', '', '', '', '', '', '', '', '', 'operating', ?, '', "
            "'2026-01-01 00:00:00')",
            [
                (name, name_key(name), sort_key(name), search_text([name], name), f"第{number % 40}村",
                 ("red", "orange", "yellow", "blue")[number % 4], number % 7 == 0)
                for number in range(100_000)
                for name in [f"启东{'宏达安泰金桥永新兴隆'[number % 9:][:2]}{number:06d}机械有限公司"]
            ],
        )  # fmt: skip
    told = []
    for label, query, budget in (
        ("all, first time", EnterpriseQuery(), 2.0),
        ("all, again", EnterpriseQuery(), 0.1),
        ("two characters", EnterpriseQuery("宏达"), 0.5),
        ("a letter of the initials", EnterpriseQuery("q"), 1.0),
        ("code digits", EnterpriseQuery("000123"), 0.2),
        ("filter, first time", EnterpriseQuery(facets=facets(risk_level="red", village="第4村")), 2.0),
        ("search within a filter", EnterpriseQuery("宏达", facets(risk_level="red", village="第4村")), 0.5),
        ("by village, first time", EnterpriseQuery(sort=("village", True)), 3.0),
    ):
        start = time.perf_counter()
        found = roster.lists.ids(query)
        middle = time.perf_counter()
        roster.lists.rows(found[:60])
        end = time.perf_counter()
        told.append(
            f"{label:28} {len(found):7} ids {(middle - start) * 1000:7.1f} ms, page {(end - middle) * 1000:5.1f} ms"
        )
        assert middle - start < budget
        assert end - middle < 0.5
    start = time.perf_counter()
    roster.lists.summary()
    roster.lists.facet_counts(EnterpriseQuery("宏达"), "village")
    told.append(f"summary and one facet's counts {(time.perf_counter() - start) * 1000:.1f} ms")
    start = time.perf_counter()
    roster.lists.find("qdhd")
    told.append(f"find {(time.perf_counter() - start) * 1000:.1f} ms")
    with capsys.disabled():
        print("\n" + "\n".join(told))  # noqa: T201
