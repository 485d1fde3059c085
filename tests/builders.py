"""Builders with good defaults: a test names only what it is about. Rows are written directly, without services.

`an_office` copies an empty database that was made once: a test pays a file copy, not a migration.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from db.journal import journaled_tables
from db.migrate import create_store
from db.models import (
    Attachment,
    Base,
    Enterprise,
    EnterpriseTag,
    Hazard,
    Inspection,
    InspectionOfficer,
    Obligation,
    ObligationDue,
    Officer,
    OfficerCertificate,
    Permit,
    PlanItem,
    RectificationOrder,
)
from db.store import Store
from desktop.domain.enterprise import CodeState
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionStatus, OfficerRole
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.plan import PlanKind
from desktop.domain.uscc import make

TODAY = date(2026, 3, 2)
FILE = "office.db"
_number = count(1)


@cache
def _empty_office() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="townsafe-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_store(folder / FILE).close()
    return folder / FILE


def an_office(folder: Path, *, now: Callable[[], datetime] = datetime.now) -> Store:
    """A store on a fresh, empty office file in `folder`. The caller closes it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_empty_office(), folder / FILE)
    return Store(folder / FILE, person="张三", now=now)


def _kept(store: Store, row: Base) -> int:
    with store.write("准备") as session:
        session.add(row)
        session.flush()
        return row.id


def an_enterprise(store: Store, name: str | None = None, **more: Any) -> int:
    """An operating enterprise with a valid code that belongs to nobody."""
    number = next(_number)
    name = name or f"启东市惠萍第{number}机械厂"
    facts = {
        "name": name,
        "name_key": name,
        "sort_key": name,
        "uscc": make("320681", number),
        "code_state": CodeState.VALID,
        "search_text": " ".join(name),
        "created_at": datetime(2026, 1, 5, 9, 0),
    }
    return _kept(store, Enterprise(**{**facts, **more}))


def a_tag(store: Store, enterprise_id: int, tag: str = "重点") -> int:
    """A tag on an enterprise."""
    return _kept(store, EnterpriseTag(enterprise_id=enterprise_id, tag=tag))


def an_officer(
    store: Store, name: str | None = None, *, valid_until: date | None = date(2028, 12, 31), **more: Any
) -> int:
    """An officer with a certificate and the duty to renew it; none of either with `valid_until=None`."""
    number = next(_number)
    with store.write("准备") as session:
        officer = _kept(store, Officer(name=name or f"执法员{number}", **more))
        if valid_until is not None:
            session.add(
                OfficerCertificate(
                    officer_id=officer, number=f"苏0626{number:06d}", issuer="省政府", valid_until=valid_until
                )
            )
            an_obligation(
                store,
                ObligationKind.CERTIFICATE,
                (SubjectType.OFFICER, officer),
                due_on=valid_until,
                officer_id=officer,
            )
        return officer


def a_permit(store: Store, enterprise_id: int, *, valid_until: date | None = date(2027, 6, 30), **more: Any) -> int:
    """A permit with the duty to renew it before it expires."""
    with store.write("准备"):
        permit = _kept(
            store,
            Permit(**{"enterprise_id": enterprise_id, "kind": "safety_permit", "valid_until": valid_until, **more}),
        )
        if valid_until is not None:
            an_obligation(
                store,
                ObligationKind.PERMIT,
                (SubjectType.PERMIT, permit),
                due_on=valid_until,
                actor=Actor.ENTERPRISE,
                enterprise_id=enterprise_id,
            )
        return permit


def an_obligation(
    store: Store,
    kind: ObligationKind,
    subject: tuple[SubjectType, int],
    *,
    due_on: date = date(2026, 3, 20),
    ended_on: date | None = None,
    **more: Any,
) -> int:
    """An obligation with the first link of its chain."""
    with store.write("准备") as session:
        facts = {
            "kind": kind,
            "title": "事项",
            "subject_type": subject[0],
            "subject_id": subject[1],
            "actor": Actor.AGENCY,
            "triggered_on": TODAY,
            "ended_on": ended_on,
            "end_kind": None if ended_on is None else EndKind.DONE,
        }
        number = _kept(store, Obligation(**{**facts, **more}))
        session.add(a_link(number, 1, due_on))
        session.flush()
        return number


def a_link(obligation_id: int, sequence: int, due_on: date) -> ObligationDue:
    """A link of a chain, not yet kept."""
    return ObligationDue(
        obligation_id=obligation_id, sequence=sequence, raw_on=due_on, due_on=due_on, plan_on=due_on, set_on=TODAY
    )


def a_plan_item(store: Store, enterprise_id: int, *, with_duty: bool = True, **more: Any) -> int:
    """An item of the plan with its duty to inspect."""
    with store.write("准备"):
        facts = {"year": 2026, "month": 4, "enterprise_id": enterprise_id, "kind": PlanKind.GENERAL}
        item = _kept(store, PlanItem(**{**facts, **more}))
        if with_duty:
            an_obligation(store, ObligationKind.INSPECT, (SubjectType.PLAN_ITEM, item), enterprise_id=enterprise_id)
        return item


def an_inspection(store: Store, enterprise_id: int, officers: tuple[int, ...] = (), **more: Any) -> int:
    """An inspection that was made."""
    with store.write("准备") as session:
        facts = {
            "enterprise_id": enterprise_id,
            "kind": InspectionKind.ROUTINE,
            "status": InspectionStatus.DONE,
            "inspected_on": TODAY,
        }
        visit = _kept(store, Inspection(**{**facts, **more}))
        session.add_all(
            InspectionOfficer(inspection_id=visit, officer_id=officer, role=OfficerRole.MEMBER) for officer in officers
        )
        session.flush()
        return visit


def a_hazard(store: Store, enterprise_id: int, **more: Any) -> int:
    """A general hazard, registered, without an order."""
    facts = {
        "enterprise_id": enterprise_id,
        "found_on": TODAY,
        "description": "配电箱未上锁",
        "level": HazardLevel.GENERAL,
        "status": HazardStatus.REGISTERED,
    }
    return _kept(store, Hazard(**{**facts, **more}))


def an_order(
    store: Store, enterprise_id: int, hazard_count: int = 1, *, due_on: date = date(2026, 3, 20), **more: Any
) -> int:
    """A delivered order over new hazards, each with the duty to rectify and the duty to go back."""
    with store.write("准备"):
        facts = {
            "enterprise_id": enterprise_id,
            "number": f"（启惠）应急责改〔2026〕{next(_number)}号",
            "mode": OfficeMode.DELEGATED,
            "status": OrderStatus.DELIVERED,
            "issued_on": TODAY,
            "delivered_on": TODAY,
        }
        order = _kept(store, RectificationOrder(**{**facts, **more}))
        for _ in range(hazard_count):
            hazard = a_hazard(store, enterprise_id, order_id=order, status=HazardStatus.ORDERED)
            subject = (SubjectType.HAZARD, hazard)
            an_obligation(
                store,
                ObligationKind.RECTIFY,
                subject,
                due_on=due_on,
                actor=Actor.ENTERPRISE,
                enterprise_id=enterprise_id,
            )
            an_obligation(store, ObligationKind.REINSPECT, subject, due_on=due_on, enterprise_id=enterprise_id)
        return order


def an_attachment(store: Store, sha256: str, *, size: int = 1, subject: tuple[str, int] = ("hazard", 1)) -> int:
    """The record of a file that is kept beside the database."""
    return _kept(
        store,
        Attachment(
            sha256=sha256,
            name="现场照片.jpg",
            size=size,
            subject_type=subject[0],
            subject_id=subject[1],
            added_at=datetime(2026, 3, 2, 10, 0),
        ),
    )


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the journal: what undo must bring back."""
    with store.read() as session:
        run = session.connection().exec_driver_sql
        return {
            table.name: [tuple(row) for row in run(f'SELECT * FROM "{table.name}" ORDER BY id')]
            for table in journaled_tables()
        }


def found(store: Store, text: str) -> list[int]:
    """The enterprises that the full-text index gives for one word."""
    sql = "SELECT rowid FROM enterprise_search WHERE enterprise_search MATCH ? ORDER BY rowid"
    with store.read() as session:
        return [row[0] for row in session.connection().exec_driver_sql(sql, (f'"{text}"',))]
