"""The roster 企业名册: registering, changing, finding and listing enterprises, and the one-enterprise file 一企一档."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Enterprise, EnterpriseAttribute, EnterpriseTag, FormerName
from db.store import Store
from desktop.domain.classification import Classification, Criterion, KeyTargets, RiskProfile
from desktop.domain.deadline import Confidence, RuleBook
from desktop.domain.enterprise import (
    CheckedDraft,
    CodeState,
    EnterpriseDraft,
    advice,
    check_attributes,
    checked,
)
from desktop.domain.errors import Invalid, Refused
from desktop.domain.inspection import InspectionOrigin
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.enterprise_file import (
    CaseLine,
    EnterpriseFile,
    FormerNameLine,
    HazardLine,
    InspectionLine,
    OrderLine,
)
from desktop.services.enterprise_query import LAST_DUE, OPEN_HAZARDS
from desktop.services.enterprise_timeline import RecordChange, TimelineEntry, history, timeline
from desktop.services.obligations import DueItem, DueQuery, Obligations
from desktop.services.permits import PermitQuery, PermitRow, Permits
from desktop.services.roster import EnterpriseRow, Roster
from desktop.services.search_text import name_key, search_text, sort_key


@dataclass(frozen=True, slots=True)
class CapMeter:
    """How often it was inspected this year against the cap (应急〔2025〕11号). `cap` is None before there was one.

    Tips and assigned cases are not limited. Whether re-inspections count is not settled, so they are told apart.
    """

    year: int
    cap: int | None
    is_high_risk: bool
    counted: int
    exempt: int
    reinspections: int
    source: str
    definition: str
    needs_confirmation: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether one more inspection would be over the cap."""
        return self.cap is not None and self.counted >= self.cap


@dataclass(frozen=True, slots=True)
class EnterpriseDetail:
    """The one-enterprise file. `draft` is what a form starts from."""

    row: EnterpriseRow
    draft: EnterpriseDraft
    classification: Classification
    suggested_grade: Criterion
    cap: CapMeter
    attributes: Mapping[str, str]
    former_names: tuple[FormerNameLine, ...]
    permits: tuple[PermitRow, ...]
    dues: tuple[DueItem, ...]
    hazards: tuple[HazardLine, ...]
    orders: tuple[OrderLine, ...]
    inspections: tuple[InspectionLine, ...]
    cases: tuple[CaseLine, ...]
    advice: Mapping[str, str]


_COLUMNS = (
    "name", "legacy_code", "address", "village", "grid_worker", "legal_person", "principal", "contact", "phone",
    "safety_officer", "safety_phone", "sector", "industry", "industry_code", "risk_level", "size", "standard_level",
    "standard_valid_until", "employees", "established_on", "registered_capital_fen", "status", "remark",
)  # fmt: skip
_NULLABLE_WORDS = ("uscc", "legacy_code", "established_on")
_EXEMPT = (InspectionOrigin.TIP, InspectionOrigin.ASSIGNED)


class Enterprises:
    """Everything the office does with its roster, one record at a time; ledgers come in by `imports`."""

    DEPENDS_ON = Roster.DEPENDS_ON

    def __init__(
        self,
        store: Store,
        clock: Clock,
        roster: Roster,
        catalogue: Catalogue,
        obligations: Obligations,
        permits: Permits,
        rules: RuleBook,
        targets: KeyTargets,
    ) -> None:
        self._store = store
        self._clock = clock
        self._roster = roster
        self._catalogue = catalogue
        self._obligations = obligations
        self._permits = permits
        self._rules = rules
        self._targets = targets

    # ---- acts ----------------------------------------------------------------------------------------------

    def register(self, draft: EnterpriseDraft) -> int:
        """Add an enterprise to the roster."""
        found = self._checked(draft)
        with self._store.write("登记企业") as session:
            _refuse_taken_code(session, found.draft.uscc, None)
            record = Enterprise(created_at=self._clock.now(), is_key=False)
            _fill(record, found)
            _refresh_keys(session, record)
            session.add(record)
            session.flush()
            self._set_parts(session, record, found.draft)
            return record.id

    def change(self, enterprise_id: int, draft: EnterpriseDraft) -> None:
        """Correct or complete a record. A new name on the licence is `rename`, which keeps the former one."""
        found = self._checked(draft)
        with self._store.write("修改企业档案") as session:
            record = session.get_one(Enterprise, enterprise_id)
            _refuse_taken_code(session, found.draft.uscc, enterprise_id)
            _fill(record, found)
            _refresh_keys(session, record)
            self._set_parts(session, record, found.draft)

    def rename(self, enterprise_id: int, name: str, on: date) -> None:
        """The enterprise bears another name from `on`; the old one stays findable."""
        wanted = " ".join(name.split())
        if not wanted:
            raise Invalid({"name": "missing"})
        with self._store.write("企业更名") as session:
            record = session.get_one(Enterprise, enterprise_id)
            if name_key(wanted) == record.name_key:
                raise Invalid({"name": "same_name"})
            session.add(
                FormerName(enterprise_id=enterprise_id, name=record.name, name_key=record.name_key, until_on=on)
            )
            session.flush()
            record.name = wanted
            _refresh_keys(session, record)

    def archive(self, enterprise_ids: Iterable[int]) -> None:
        """Take enterprises out of the roster. Refused while something is open on one: work never vanishes with it."""
        chosen = list(enterprise_ids)
        with self._store.write(f"归档企业 {len(chosen)} 家") as session:
            for record in (session.get_one(Enterprise, number) for number in chosen):
                _refuse_open_work(session, record)
                record.archived_on = record.archived_on or self._clock.today()
                _refresh_keys(session, record)
                session.flush()
                self._permits.keep_obligations(session, record.id)

    def bring_back(self, enterprise_ids: Iterable[int]) -> None:
        """Put archived enterprises back into the roster."""
        chosen = list(enterprise_ids)
        with self._store.write(f"恢复企业 {len(chosen)} 家") as session:
            for record in (session.get_one(Enterprise, number) for number in chosen):
                _refuse_taken_code(session, record.uscc or "", record.id)
                record.archived_on = None
                _refresh_keys(session, record)
                session.flush()
                self._permits.keep_obligations(session, record.id)

    def set_tags(
        self, enterprise_ids: Iterable[int], add: frozenset[str] = frozenset(), remove: frozenset[str] = frozenset()
    ) -> None:
        """Put words of the office's own on enterprises, or take them off."""
        chosen, added = list(enterprise_ids), frozenset(tag.strip() for tag in add)
        if "" in added:
            raise Invalid({"tags": "missing"})
        with self._store.write(f"设置标签 {len(chosen)} 家") as session:
            for number in chosen:
                _set_tags(session, number, (_tags(session, number) | added) - remove)

    def set_attributes(self, enterprise_ids: Iterable[int], values: Mapping[str, str]) -> None:
        """Set risk attributes; an empty value takes one off. Whether each is a key target follows at once."""
        chosen, problems = list(enterprise_ids), dict[str, str]()
        check_attributes({name: value for name, value in values.items() if value}, self._catalogue.choices, problems)
        if problems:
            raise Invalid(problems)
        with self._store.write(f"设置风险属性 {len(chosen)} 家") as session:
            for record in (session.get_one(Enterprise, number) for number in chosen):
                _set_attributes(session, record.id, {**_attributes(session, record.id), **values})
                record.is_key = self._classification(session, record).is_key

    def _checked(self, draft: EnterpriseDraft) -> CheckedDraft:
        return checked(draft, self._catalogue.choices, self._clock.today())

    def _set_parts(self, session: Session, record: Enterprise, draft: EnterpriseDraft) -> None:
        """Tags and attributes where the draft names them, and what follows from all of it."""
        if draft.tags is not None:
            _set_tags(session, record.id, frozenset(tag.strip() for tag in draft.tags))
        if draft.attributes is not None:
            _set_attributes(session, record.id, draft.attributes)
        record.is_key = self._classification(session, record).is_key

    def _classification(self, session: Session, record: Enterprise) -> Classification:
        return self._targets.classify(_profile(session, record))

    # ---- one enterprise ------------------------------------------------------------------------------------

    def draft(self, enterprise_id: int) -> EnterpriseDraft:
        """The record as a form starts from it."""
        with self._store.read() as session:
            return _draft(session, session.get_one(Enterprise, enterprise_id))

    def advice(self, draft: EnterpriseDraft, enterprise_id: int | None = None) -> dict[str, str]:
        """What deserves a second look but may be saved: codes by field; a namesake is `duplicate_name`."""
        said = advice(draft, self._clock.today())
        if self._namesake(draft.name, enterprise_id):
            said["name"] = "duplicate_name"
        return said

    def _namesake(self, name: str, enterprise_id: int | None) -> bool:
        same = select(Enterprise.id).where(Enterprise.name_key == name_key(name), Enterprise.archived_on.is_(None))
        with self._store.read() as session:
            return bool(name.strip()) and any(number != enterprise_id for number in session.scalars(same))

    def classify(self, draft: EnterpriseDraft) -> tuple[Classification, Criterion]:
        """What a draft would be, with the grade its risks suggest: for the form, before anything is saved."""
        profile = RiskProfile(draft.sector, draft.attributes or {}, draft.risk_level, draft.standard_level)
        return self._targets.classify(profile), self._targets.suggested_grade(profile)

    def detail(self, enterprise_id: int) -> EnterpriseDetail:
        """The one-enterprise file, without its story."""
        with self._store.read() as session:
            record = session.get_one(Enterprise, enterprise_id)
            draft, profile = _draft(session, record), _profile(session, record)
            lines = EnterpriseFile(session, enterprise_id)
            return EnterpriseDetail(
                row=self._roster.rows([enterprise_id])[0],
                draft=draft,
                classification=self._targets.classify(profile),
                suggested_grade=self._targets.suggested_grade(profile),
                cap=self._cap(session, enterprise_id, profile),
                attributes=dict(profile.attributes),
                former_names=lines.former_names(),
                permits=tuple(self._permits.rows(PermitQuery(enterprise_id=enterprise_id, with_archived=True))),
                dues=tuple(self._obligations.due(DueQuery(enterprise_id=enterprise_id))),
                hazards=lines.hazards(),
                orders=lines.orders(),
                inspections=lines.inspections(),
                cases=lines.cases(),
                advice=self.advice(draft, enterprise_id),
            )

    def cap(self, enterprise_id: int) -> CapMeter:
        """How often it was inspected this year against its cap."""
        with self._store.read() as session:
            record = session.get_one(Enterprise, enterprise_id)
            return self._cap(session, enterprise_id, _profile(session, record))

    def _cap(self, session: Session, enterprise_id: int, profile: RiskProfile) -> CapMeter:
        today = self._clock.today()
        threshold = self._targets.yearly_cap(profile, self._rules, today)
        exempt = ", ".join(f"'{origin.value}'" for origin in _EXEMPT)
        counted, free = session.connection().exec_driver_sql(
            f"SELECT COALESCE(SUM(origin NOT IN ({exempt})), 0), COALESCE(SUM(origin IN ({exempt})), 0) FROM inspection "
            "WHERE enterprise_id = ? AND status = 'done' AND inspected_on BETWEEN ? AND ?",
            (enterprise_id, f"{today.year}-01-01", f"{today.year}-12-31"),
        ).one()  # fmt: skip
        again = session.connection().exec_driver_sql(
            "SELECT COUNT(*) FROM reinspection WHERE enterprise_id = ? AND reinspected_on BETWEEN ? AND ?",
            (enterprise_id, f"{today.year}-01-01", f"{today.year}-12-31"),
        ).scalar_one()  # fmt: skip
        return CapMeter(
            today.year,
            int(threshold.value) if threshold else None,
            self._targets.is_high_risk(profile),
            counted,
            free,
            again,
            f"{threshold.source} {threshold.article}" if threshold else "",
            CAP_DEFINITION,
            threshold is not None and threshold.confidence is not Confidence.VERIFIED,
        )

    def timeline(self, enterprise_id: int) -> tuple[TimelineEntry, ...]:
        """Its story, newest first: the work done there and the changes of its record."""
        with self._store.read() as session:
            return timeline(session, enterprise_id, self._catalogue)

    def history(self, enterprise_id: int) -> tuple[RecordChange, ...]:
        """Who changed what in its record, newest first."""
        with self._store.read() as session:
            return history(session, enterprise_id, self._catalogue)


# ---- writing a record --------------------------------------------------------------------------------------------


def search_words(record: Enterprise, former_names: Iterable[str]) -> str:
    """The text that the full-text index holds of an enterprise; whoever writes records in bulk must use the same."""
    fields = (
        record.name, *former_names, record.uscc or "", record.legacy_code or "", record.village, record.address,
        record.legal_person, record.principal, record.contact, record.phone, record.safety_officer,
    )  # fmt: skip
    return search_text(filter(None, fields), record.name, record.archived_on is not None)


def _fill(record: Enterprise, found: CheckedDraft) -> None:
    for name in _COLUMNS:
        setattr(record, name, getattr(found.draft, name))
    for name in _NULLABLE_WORDS:
        setattr(record, name, getattr(found.draft, name) or None)
    record.code_state = found.code_state


def _refresh_keys(session: Session, record: Enterprise) -> None:
    former = select(FormerName.name).where(FormerName.enterprise_id == record.id)
    names = list(session.scalars(former)) if record.id else []
    record.name_key = name_key(record.name)
    record.sort_key = sort_key(record.name)
    record.search_text = search_words(record, names)


def _refuse_taken_code(session: Session, uscc: str, enterprise_id: int | None) -> None:
    if not uscc:
        return
    same = select(Enterprise).where(Enterprise.uscc == uscc, Enterprise.archived_on.is_(None))
    with session.no_autoflush:
        for other in session.scalars(same):
            if other.id != enterprise_id:
                raise Invalid({"uscc": "duplicate"}, name=other.name, enterprise_id=other.id)


def _refuse_open_work(session: Session, record: Enterprise) -> None:
    """Anything open but the expiry of its permits, which ends with the archiving, and hazards that wait for an order."""
    run = session.connection().exec_driver_sql
    due = run(
        f"SELECT COUNT(*) FROM {LAST_DUE} WHERE o.enterprise_id = ? AND o.kind <> 'permit'", (record.id,)
    ).scalar_one()
    hazards = run(f"SELECT COUNT(*) FROM ({OPEN_HAZARDS}) WHERE enterprise_id = ?", (record.id,)).scalar_one()
    if due or hazards:
        raise Refused("enterprise_has_open_work", name=record.name, dues=due, hazards=hazards)


def _tags(session: Session, enterprise_id: int) -> frozenset[str]:
    return frozenset(session.scalars(select(EnterpriseTag.tag).where(EnterpriseTag.enterprise_id == enterprise_id)))


def _set_tags(session: Session, enterprise_id: int, wanted: frozenset[str]) -> None:
    kept = session.scalars(select(EnterpriseTag).where(EnterpriseTag.enterprise_id == enterprise_id)).all()
    for gone in kept:
        if gone.tag not in wanted:
            session.delete(gone)
    for tag in sorted(wanted - {each.tag for each in kept}):
        session.add(EnterpriseTag(enterprise_id=enterprise_id, tag=tag))
    session.flush()


def _attributes(session: Session, enterprise_id: int) -> dict[str, str]:
    kept = select(EnterpriseAttribute).where(EnterpriseAttribute.enterprise_id == enterprise_id)
    return {each.attribute: each.value for each in session.scalars(kept)}


def _set_attributes(session: Session, enterprise_id: int, wanted: Mapping[str, str]) -> None:
    """Exactly the attributes with a value in `wanted`."""
    rows = select(EnterpriseAttribute).where(EnterpriseAttribute.enterprise_id == enterprise_id)
    kept = {each.attribute: each for each in session.scalars(rows)}
    for name, value in wanted.items():
        if value and name in kept:
            kept[name].value = value
        elif value:
            session.add(EnterpriseAttribute(enterprise_id=enterprise_id, attribute=name, value=value))
    for name, row in kept.items():
        if not wanted.get(name):
            session.delete(row)
    session.flush()


# ---- reading a record --------------------------------------------------------------------------------------------

CAP_DEFINITION = (
    "本年已完成的检查次数，投诉举报、交办转办引起的检查不受上限限制，另列；复查是否计入尚未核实，也另列。"
    "本程序只知道本单位登记的检查，市局的检查应当合并计算。"
)


def _profile(session: Session, record: Enterprise) -> RiskProfile:
    return RiskProfile(record.sector, _attributes(session, record.id), record.risk_level, record.standard_level)


def _draft(session: Session, record: Enterprise) -> EnterpriseDraft:
    values: dict[str, Any] = {name: getattr(record, name) for name in _COLUMNS}
    draft = EnterpriseDraft(**{**values, **{name: getattr(record, name) or "" for name in _NULLABLE_WORDS}})
    return replace(
        draft,
        keeps_code=record.code_state is CodeState.KEPT,
        tags=_tags(session, record.id),
        attributes=_attributes(session, record.id),
    )
