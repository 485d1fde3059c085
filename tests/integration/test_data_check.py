"""The data check-up: silent on a sound office, and one seeded defect for every check."""

import sqlite3
import time
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import builders
import pytest

from db.attachments import Attachments
from db.models import (
    Extension,
    Inspection,
    NumberSequence,
    PenaltyCase,
    RectificationOrder,
    Reinspection,
    ReinspectionResult,
    RevisitProgramme,
    Supervision,
    Urging,
    UrgingHazard,
)
from db.store import Store
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionStatus
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.order import OrderStatus
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.urging import UrgingWay
from desktop.services.data_check import ROW_CHECKS, DataCheck, Finding, Severity
from desktop.services.progress import Cancelled, Progress


@pytest.fixture
def office(store: Store, data_folder: Path) -> Store:
    """One sound record of every kind; the first enterprise, officer, permit, hazard and order have the id 1."""
    photo = Attachments(data_folder / "attachments").put(b"photo")
    with store.write("准备") as session:
        enterprise = builders.an_enterprise(store)
        builders.an_enterprise(store, uscc=None, code_state="none")
        officer = builders.an_officer(store)
        builders.an_officer(store, valid_until=None, is_helper=True)
        builders.a_permit(store, enterprise)
        builders.a_permit(store, enterprise, valid_until=None)
        builders.an_order(store, enterprise, hazard_count=2, number="苏启责改〔2026〕1号")
        visit = builders.an_inspection(store, enterprise, (officer,))
        builders.a_hazard(store, enterprise, inspection_id=visit)
        builders.a_hazard(store, enterprise, status=HazardStatus.CLEARED, cleared_on=date(2026, 3, 2))
        builders.a_plan_item(store, enterprise)
        done = builders.a_plan_item(store, enterprise, with_duty=False)
        builders.an_inspection(store, enterprise, plan_item_id=done)
        builders.an_attachment(store, photo)
        programme = RevisitProgramme(enterprise_id=enterprise, reason="处罚后回访", started_on=builders.TODAY)
        asked = Extension(hazard_id=1, applied_on=builders.TODAY, reason="等设备", requested_due_on=date(2026, 4, 1))
        looked = Reinspection(enterprise_id=enterprise, reinspected_on=builders.TODAY)
        session.add_all([programme, asked, looked, NumberSequence(form="order", year=2026, last=1)])
        session.add(PenaltyCase(enterprise_id=enterprise, cause="未培训", filed_on=builders.TODAY))
        session.flush()
        session.add(ReinspectionResult(reinspection_id=looked.id, hazard_id=1, outcome=ReinspectionOutcome.FAILED))
        builders.an_obligation(store, ObligationKind.REVISIT, (SubjectType.REVISIT, programme.id))
        listed = Supervision(hazard_id=1, listed_by="市安委办", listed_on=builders.TODAY)
        urged = Urging(enterprise_id=enterprise, urged_at=datetime(2026, 3, 2, 9), way=UrgingWay.PHONE)
        session.add_all([listed, urged])
        session.flush()
        session.add(UrgingHazard(urging_id=urged.id, hazard_id=1))
        builders.an_obligation(store, ObligationKind.SUPERVISE, (SubjectType.SUPERVISION, listed.id))
        builders.an_obligation(store, ObligationKind.EXTENSION_REPLY, (SubjectType.EXTENSION, asked.id))
    return store


@pytest.fixture
def check(office: Store, data_folder: Path) -> DataCheck:
    return DataCheck(office, data_folder)


def seed(store: Store, *statements: str) -> None:
    """Change the file as another program would, past the store."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def test_a_sound_office_has_no_findings(check: DataCheck) -> None:
    assert check.run() == []


def test_an_empty_office_has_no_findings(store: Store, data_folder: Path) -> None:
    assert DataCheck(store, data_folder).run() == []


OPEN_RECTIFY = "kind = 'rectify' AND subject_id = 1"
OPEN_REINSPECT = "kind = 'reinspect' AND subject_id = 1"
END = "UPDATE obligation SET ended_on = '2026-03-02', end_kind = 'done' WHERE"
AGAIN = (
    "INSERT INTO obligation (kind, title, subject_type, subject_id, actor, triggered_on, end_reason) "
    "SELECT kind, title, subject_type, subject_id, actor, triggered_on, '' FROM obligation WHERE {}",
    "INSERT INTO obligation_due (obligation_id, sequence, raw_on, due_on, plan_on, is_provisional, set_on, reason, "
    "approver) SELECT (SELECT MAX(id) FROM obligation), 1, raw_on, due_on, plan_on, 0, set_on, '', '' "
    "FROM obligation_due WHERE obligation_id = (SELECT MIN(id) FROM obligation WHERE {})",
)

# Every defect: the code of what it is found as, the record it is found at, and what another program did.
DEFECTS: tuple[tuple[str, int | None, tuple[str, ...]], ...] = (
    ("hazard_without_deadline", 1, (f"{END} {OPEN_RECTIFY}",)),
    ("hazard_without_deadline", 1, tuple(sql.format(OPEN_RECTIFY) for sql in AGAIN)),
    ("hazard_without_reinspection", 1, (f"{END} {OPEN_REINSPECT}",)),
    ("hazard_without_reinspection", 1, tuple(sql.format(OPEN_REINSPECT) for sql in AGAIN)),
    ("hazard_done_but_due", 1, ("UPDATE hazard SET status = 'cleared', cleared_on = '2026-03-10' WHERE id = 1",)),
    ("hazard_cleared_without_day", 1, ("UPDATE hazard SET cleared_on = '2026-03-10' WHERE id = 1",)),
    ("hazard_under_void_order", 3, ("UPDATE hazard SET order_id = 1 WHERE id = 3",)),
    ("hazard_under_void_order", 1, ("UPDATE hazard SET enterprise_id = 2 WHERE id = 1",)),
    ("order_closed_too_early", 1, ("UPDATE rectification_order SET status = 'closed' WHERE id = 1",)),
    (
        "order_not_closed",
        1,
        (
            "UPDATE hazard SET status = 'cleared', cleared_on = '2026-03-10' WHERE order_id = 1",
            f"{END} subject_type = 'hazard'",
        ),
    ),
    ("order_delivery", 1, ("UPDATE rectification_order SET delivered_on = NULL WHERE id = 1",)),
    ("order_delivery", 1, ("UPDATE rectification_order SET status = 'issued', delivered_on = NULL WHERE id = 1",)),
    ("plan_item_without_duty", 1, (f"{END} kind = 'inspect'",)),
    ("plan_item_done_but_due", 1, ("UPDATE plan_item SET cancelled_on = '2026-03-02' WHERE id = 1",)),
    ("certificate_without_duty", 1, (f"{END} kind = 'certificate'",)),
    ("certificate_due_differs", 1, ("UPDATE officer_certificate SET valid_until = '2030-01-01'",)),
    ("permit_without_duty", 1, (f"{END} kind = 'permit'",)),
    ("permit_due_differs", 1, ("UPDATE permit SET valid_until = '2030-01-01' WHERE id = 1",)),
    ("extension_without_duty", 1, (f"{END} kind = 'extension_reply'",)),
    ("extension_without_duty", 1, ("UPDATE extension SET decided_on = '2026-03-02', is_granted = 0",)),
    ("revisit_without_duty", 1, (f"{END} kind = 'revisit'",)),
    ("supervision_without_deadline", 1, (f"{END} kind = 'supervise'",)),
    ("supervision_without_deadline", 1, ("UPDATE supervision SET delisted_on = '2026-03-02'",)),
    ("urging_of_other_enterprise", 1, ("UPDATE urging SET enterprise_id = 2",)),
    ("revisit_without_duty", 1, ("UPDATE revisit_programme SET ended_on = '2026-03-02'",)),
    ("chain_of_due_dates", 1, ("UPDATE obligation_due SET sequence = 2 WHERE obligation_id = 1",)),
    (
        "chain_of_due_dates",
        3,
        (
            "INSERT INTO obligation_due (obligation_id, sequence, raw_on, due_on, plan_on, is_provisional, set_on, "
            "reason, approver) SELECT 3, 3, raw_on, due_on, plan_on, 0, set_on, '', '' FROM obligation_due WHERE id = 3",
        ),
    ),
    (
        "obligation_ended_before_trigger",
        None,
        (
            "UPDATE extension SET decided_on = '2026-03-02', is_granted = 0",
            f"{END} kind = 'extension_reply'",
            "UPDATE obligation SET triggered_on = '2026-03-09' WHERE kind = 'extension_reply'",
        ),
    ),
    ("date_order_hazard", 4, ("UPDATE hazard SET found_on = '2026-03-09' WHERE id = 4",)),
    ("date_order_order", 1, ("UPDATE rectification_order SET issued_on = '2026-03-09'",)),
    ("date_order_reinspection", 1, ("UPDATE reinspection SET reinspected_on = '2026-01-01'",)),
    ("date_order_certificate", 1, ("UPDATE officer_certificate SET issued_on = '2029-01-01'",)),
    ("date_order_permit", 1, ("UPDATE permit SET issued_on = '2029-01-01' WHERE id = 1",)),
    ("date_order_case", 1, ("UPDATE penalty_case SET decided_on = '2026-01-01'",)),
    ("inspection_day", 1, ("UPDATE inspection SET inspected_on = NULL WHERE id = 1",)),
    ("date_impossible", 1, ("UPDATE inspection SET inspected_on = '2026-02-30' WHERE id = 1",)),
    ("date_impossible", 1, ("UPDATE inspection SET inspected_on = '0206-02-03' WHERE id = 1",)),
    ("date_impossible", 1, ("UPDATE inspection SET inspected_on = '2026.2.3' WHERE id = 1",)),
    ("foreign_key", 1, ("UPDATE inspection SET plan_item_id = 77 WHERE id = 1",)),
    ("obligation_orphan", None, (*(sql.format(OPEN_RECTIFY) for sql in AGAIN), "UPDATE obligation SET subject_id = 77 "
        "WHERE id = (SELECT MAX(id) FROM obligation)")),
    ("code_state", 1, ("UPDATE enterprise SET uscc = '91320681MA1XXXXX0X' WHERE id = 1",)),
    ("code_state", 1, ("UPDATE enterprise SET code_state = 'kept' WHERE id = 1",)),
    ("code_state", 2, ("UPDATE enterprise SET code_state = 'legacy' WHERE id = 2",)),
    ("code_state", 2, ("UPDATE enterprise SET legacy_code = '320681000012345' WHERE id = 2",)),
    ("number_gap", None, ("UPDATE number_sequence SET last = 4",)),
    ("search_index", None, ("UPDATE enterprise SET search_text = 'x' WHERE id = 1",)),
    ("search_index", None, ("DELETE FROM enterprise_search_docsize WHERE id = 2",)),
    ("attachment_missing", 1, (f"UPDATE attachment SET sha256 = '{'0' * 64}'",)),
    ("journal_broken", 1, ("UPDATE operation SET title = '别的' WHERE id = 1",)),
)  # fmt: skip

# A defect that others follow from: they may be told, too.
FOLLOW = {"attachment_missing": {"attachment_spare"}, "hazard_under_void_order": {"urging_of_other_enterprise"}}


@pytest.mark.parametrize(("code", "record", "statements"), DEFECTS)
def test_a_seeded_defect_is_found(
    office: Store, check: DataCheck, code: str, record: int | None, statements: tuple[str, ...]
) -> None:
    seed(office, *statements)
    findings = check.run()
    assert code in codes(findings)
    assert codes(findings) - {code} <= FOLLOW.get(code, set()), findings
    found = next(finding for finding in findings if finding.code == code)
    if record is not None:
        assert record in found.ids
    assert found.text.endswith("。")
    assert found.remedy.endswith("。")
    assert "{" not in found.text


def test_every_check_has_its_defect() -> None:
    assert {check.code for check in ROW_CHECKS} <= {code for code, _, _ in DEFECTS}


def test_a_changed_file_is_found(office: Store, check: DataCheck, data_folder: Path) -> None:
    attachments = Attachments(data_folder / "attachments")
    name = next(attachments.kept())
    attachments.path_of(name).write_bytes(b"rubbish")
    assert codes(check.run()) == {"attachment_changed"}
    attachments.put(b"photo")
    attachments.put(b"left over from an act undone")
    findings = check.run()
    assert codes(findings) == {"attachment_spare"}
    assert findings[0].severity is Severity.WARNING


def test_a_damaged_file_is_told_before_anything_else(office: Store, check: DataCheck, data_folder: Path) -> None:
    for _ in range(3):
        builders.an_enterprise(office)
    office.close()
    size = office.path.stat().st_size
    with office.path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 10)
    findings = check.run()
    assert codes(findings) == {"file_damaged"}
    assert findings[0].severity is Severity.ERROR


def test_a_spoilt_index_is_rebuilt_and_again_changes_nothing(office: Store, check: DataCheck) -> None:
    seed(office, "UPDATE enterprise SET search_text = '沿 江' WHERE id = 1")
    assert codes(check.run()) == {"search_index"}
    before = builders.content(office), office.head_hash()
    for _ in range(2):
        check.rebuild_search()
        assert check.run() == []
        assert builders.found(office, "沿") == [1]
    assert (builders.content(office), office.head_hash()) == before
    builders.an_officer(office)  # the writer is free


def test_a_waived_duty_is_settled(office: Store, check: DataCheck) -> None:
    seed(office, f"UPDATE obligation SET ended_on = '2026-03-02', end_kind = 'waived' WHERE {OPEN_REINSPECT}")
    assert check.run() == []


def test_a_check_can_be_stopped(check: DataCheck) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        check.run(progress)


def test_a_check_beside_an_act_under_way_sees_one_moment(office: Store, data_folder: Path) -> None:
    """Another window of the program may be writing: half an act must not look like a fault."""
    other = Store(office.path)
    with office.write("下达"):
        builders.an_order(office, 1)
        seen = DataCheck(other, data_folder)
        with other.read() as session:
            connection = session.connection()
            assert [finding for _, step in seen._checks()[:7] for finding in step(connection)] == []
    other.close()


def test_five_years_of_a_township_are_checked_in_seconds(store: Store, data_folder: Path) -> None:
    """The promise is thirty seconds; a tenth of that leaves room for an old computer."""
    with store.write("五年") as session:
        for _ in range(20):
            enterprise = builders.an_enterprise(store)
            for _ in range(10):
                builders.an_order(store, enterprise, hazard_count=4)
        session.add(Inspection(enterprise_id=1, kind=InspectionKind.ROUTINE, status=InspectionStatus.PLANNED))
        session.get_one(RectificationOrder, 1).status = OrderStatus.CLOSED
    began = time.perf_counter()
    findings = DataCheck(store, data_folder).run()
    assert time.perf_counter() - began < 3
    assert codes(findings) == {"order_closed_too_early"}


# ---- where what was found is put right


def _places(check: DataCheck, table: str, *ids: int) -> list[tuple[str, dict[str, object]]]:
    finding = Finding("any", Severity.ERROR, "。", table, ids, "。")
    return [(place.page, dict(place.wanted)) for place in check.places(finding)]


@pytest.mark.parametrize(
    ("table", "page", "wanted"),
    [
        ("hazard", "hazards", {"hazard_id": 1}),
        ("extension", "hazards", {"hazard_id": 1}),
        ("urging", "hazards", {"hazard_id": 1}),
        ("reinspection", "hazards", {"hazard_id": 1}),
        ("rectification_order", "hazards", {"order_id": 1, "view": "orders"}),
        ("supervision", "hazards", {"supervision_id": 1}),
        ("revisit_programme", "hazards", {"programme_id": 1}),
        ("permit", "enterprises", {"enterprise_id": 1}),
        ("enterprise", "enterprises", {"enterprise_id": 1}),
        ("inspection", "inspections", {"inspection_id": 1}),
        ("inspection_officer", "inspections", {"inspection_id": 1}),
        ("penalty_case", "cases", {"case_id": 1}),
        ("officer", "settings", {"officer_id": 1, "tab": "officers"}),
        ("officer_certificate", "settings", {"officer_id": 1, "tab": "officers"}),
        ("plan_item", "calendar", {"on": date(2026, 4, 1)}),
        ("operation", "settings", {"tab": "journal"}),
    ],
)
def test_a_finding_leads_to_the_record_itself(
    check: DataCheck, table: str, page: str, wanted: dict[str, object]
) -> None:
    assert _places(check, table, 1) == [(page, wanted)]


def test_a_duty_leads_to_its_record_and_never_to_one_of_the_same_number(office: Store, check: DataCheck) -> None:
    with office.read() as session:
        duties = dict(
            session.connection()
            .exec_driver_sql("SELECT subject_type, MIN(id) FROM obligation WHERE subject_id = 1 GROUP BY subject_type")
            .all()
        )
    assert _places(check, "obligation", duties["officer"]) == [("settings", {"officer_id": 1, "tab": "officers"})]
    assert _places(check, "obligation", duties["permit"]) == [("enterprises", {"enterprise_id": 1})]
    assert _places(check, "obligation", duties["extension"]) == [("hazards", {"hazard_id": 1})]


def test_several_hazards_of_one_finding_stand_in_one_list_first(check: DataCheck) -> None:
    places = _places(check, "hazard", 2, 1)
    assert places[0] == ("hazards", {"hazard_ids": (2, 1)})
    assert places[1:] == [("hazards", {"hazard_id": 2}), ("hazards", {"hazard_id": 1})]


def test_every_seeded_defect_leads_somewhere(check: DataCheck) -> None:
    """Each table a row check names has a page, or its finding would end in a button that cannot be pressed."""
    tables = {each.table for each in ROW_CHECKS} - {"enterprise"}
    assert [table for table in sorted(tables) if not _places(check, table, 1)] == []


def test_a_finding_without_records_leads_to_where_they_are_kept(check: DataCheck) -> None:
    assert _places(check, "rectification_order") == [("hazards", {"view": "orders"})]
    assert _places(check, "document_number") == [("settings", {"tab": "documents"})]
    assert _places(check, "") == [("settings", {"tab": "backup"})]


def test_a_day_no_page_can_show_leads_to_the_backups(office: Store, check: DataCheck) -> None:
    """A list with such a row in it cannot be read at all; a day too long ago can, and is mended on its page."""
    seed(office, "UPDATE inspection SET inspected_on = '0206-02-03' WHERE id = 1")
    (found,) = check.run()
    assert [(place.page, place.wanted) for place in check.places(found)] == [("inspections", {"inspection_id": 1})]
    assert found.remedy == "请打开这些记录更正日期。"
    seed(office, "UPDATE inspection SET inspected_on = '2026-02-30' WHERE id = 1")
    (found,) = check.run()
    assert [(place.page, place.wanted) for place in check.places(found)] == [("settings", {"tab": "backup"})]
    assert "还原备份" in found.remedy


def test_a_day_that_does_not_exist_is_named_and_not_read(office: Store, check: DataCheck) -> None:
    seed(office, "UPDATE plan_item SET planned_on = '2026-02-30' WHERE id = 1")
    seed(office, "UPDATE inspection SET inspected_on = '2026-02-30' WHERE id = 1")
    assert _places(check, "plan_item", 1)[0][0] == "calendar"
    finding = Finding("any", Severity.ERROR, "。", "inspection", (1,), "。")
    assert "2026-02-30" in check.places(finding)[0].title
