"""Checklists 检查表: what an enterprise is asked on a day, what was answered at a visit, and how the office words its items.

The wording used is frozen into the visit when the list is begun. What follows from a 不符合 is a finding with basis,
clause and suggested level; it becomes a hazard when the visit is recorded, or at once where it is recorded already.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from db.models import (
    ChecklistItem,
    Enterprise,
    EnterpriseAttribute,
    FormConfirmation,
    Inspection,
    InspectionAnswer,
)
from db.store import Store
from desktop.domain import checklist as rules
from desktop.domain.checklist import Answer, Certainty, Item, OldNumbers
from desktop.domain.errors import Invalid, Refused
from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionStatus
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.hazards import HazardDraft, Hazards
from desktop.services.inspections import Finding, InspectionDraft, Inspections
from desktop.services.obligations import Obligations
from desktop.services.shipped import catalogue
from desktop.services.stored import day_of
from desktop.text import UNCONFIRMED

PERIOD_RULE = "rect.period_default"
OWN = "OWN"
"""The list of the items that an office adds of its own, beside the shipped lists."""
OWN_LABEL = "本单位自定"


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """An item as it is asked on a day."""

    code: str
    sector: str
    grp: str
    text: str
    method: str
    basis: str
    clause: str
    confidence: str
    is_major: bool
    penalty: str = ""
    note: str = ""
    doubt: str = ""
    """Why the wording wants a person's word; empty where it does not, or has it."""
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An item of a visit with what was answered, in the wording of that day."""

    code: str
    sector: str
    grp: str
    text: str
    method: str
    basis: str
    clause: str
    confidence: str
    is_major: bool
    answer: Answer | None
    note: str
    hazard_id: int | None
    location: str = ""
    level: HazardLevel | None = None
    due_on: date | None = None
    is_doubtful: bool = False
    """Its wording wants a person's word and has none yet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the window of a visit's list shows, read at once."""

    rows: tuple[AnswerRow, ...]
    """The items in their order; none where no list was begun."""
    criteria: Mapping[str, tuple[rules.Criterion, ...]]
    """As `Checklists.suggested_levels` tells them."""
    last: Mapping[str, AnswerRow]
    """As `Checklists.last_answers` tells them."""


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How far a visit's list is."""

    total: int
    answered: int
    bad: int


@dataclass(frozen=True, slots=True)
class FindingWords:
    """What the inspector says of a 不符合, beside the answer: words, place, level, and the deadline to propose."""

    note: str = ""
    location: str = ""
    level: HazardLevel | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """An item as the library lists it: the wording that will be asked from today, shipped or the office's."""

    item: Item
    doubt: str
    is_blocked: bool
    confirmed_by: str
    confirmed_on: date | None
    versions: int
    is_asked: bool
    """In force today and not left out."""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as the office words it, from a day on."""

    sector: str
    grp: str
    text: str
    from_on: date
    method: str = ""
    basis: str = ""
    clause: str = ""
    is_major: bool = False


class Checklists:
    """What the office asks on a visit, and how it words that."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"checklist_item", "inspection_answer", "form_confirmation", "inspection", "enterprise", "hazard"}
    )

    def __init__(
        self,
        store: Store,
        clock: Clock,
        choices: Catalogue,
        obligations: Obligations,
        hazards: Hazards,
        inspections: Inspections,
    ) -> None:
        self._store = store
        self._clock = clock
        self._choices = choices
        self._obligations = obligations
        self._hazards = hazards
        self._inspections = inspections

    # ---- what is asked -------------------------------------------------------------------------------------

    def items_for(self, enterprise_id: int, on: date) -> tuple[ChecklistRow, ...]:
        """The items that an enterprise is asked on a day, in the order of the lists."""
        with self._store.read() as session:
            return tuple(self._rows(session, self._lists_of(session, enterprise_id), on))

    def items_of(self, sectors: Collection[str], on: date) -> tuple[ChecklistRow, ...]:
        """The items of some lists on a day, by the lists' names; none named means all."""
        with self._store.read() as session:
            return tuple(self._rows(session, None if not sectors else frozenset(sectors), on))

    def sectors_for(self, enterprise_id: int) -> frozenset[str]:
        """The names of the lists that an enterprise is asked."""
        with self._store.read() as session:
            return self._lists_of(session, enterprise_id)

    def _lists_of(self, session: Session, enterprise_id: int) -> frozenset[str]:
        enterprise = session.get_one(Enterprise, enterprise_id)
        kept = select(EnterpriseAttribute).where(EnterpriseAttribute.enterprise_id == enterprise_id)
        attributes = {each.attribute: each.value for each in session.scalars(kept)}
        codes = rules.lists_for(self._lineage(enterprise.sector), attributes, _opened_by())
        names = sectors()
        return frozenset({names[code] for code in codes if code in names} | {OWN_LABEL})

    def _lineage(self, sector: str | None) -> list[str]:
        found = []
        known = self._choices.sectors.get(sector or "")
        while known is not None:
            found.append(known.id)
            known = self._choices.sectors.get(known.parent)
        return found

    def _rows(self, session: Session, wanted: frozenset[str] | None, on: date) -> list[ChecklistRow]:
        confirmed = _confirmed(session)
        found = []
        for item in self._versions(session, on):
            if (
                wanted is None
                or item.sector in wanted
                or (item.list_code == OWN and item.sector not in shipped_sectors())
            ):
                found.append(_checklist_row(item, confirmed))
        return found

    def _versions(self, session: Session, on: date) -> list[Item]:
        """The wording of every item on a day, the shipped ones first, each list in its order."""
        office = _office_versions(session)
        found = []
        for code, shipped in shipped_items().items():
            version = rules.version_on(shipped, office.pop(code, ()), on)
            if version is not None:
                found.append(rules.worded_on(version, on, old_numbers()))
        for versions in office.values():
            version = rules.version_on(None, versions, on)
            if version is not None:
                found.append(version)
        order = {name: at for at, name in enumerate(shipped_sectors())}
        found.sort(key=lambda item: order.get(item.sector, len(order)))
        return found

    # ---- the visit -----------------------------------------------------------------------------------------

    def begin(self, inspection_id: int, sectors: Collection[str] = ()) -> None:
        """Freeze the wording of the day into a visit: its enterprise's lists and those named. Begun again, it only adds."""
        with self._store.write("按检查表检查") as session:
            self._begin(session, inspection_id, frozenset(sectors))

    def _begin(self, session: Session, inspection_id: int, more: frozenset[str]) -> None:
        record = session.get_one(Inspection, inspection_id)
        if record.status is InspectionStatus.CANCELLED:
            raise Refused("checklist_cancelled")
        on = record.inspected_on or record.planned_on or self._clock.today()
        kept = select(InspectionAnswer.code).where(InspectionAnswer.inspection_id == inspection_id)
        known = set(session.scalars(kept))
        wanted = more if known else self._lists_of(session, record.enterprise_id) | more
        last = session.scalar(
            select(func.max(InspectionAnswer.sequence)).where(InspectionAnswer.inspection_id == inspection_id)
        )
        fresh = [row for row in self._rows(session, wanted, on) if row.code not in known] if wanted else []
        if fresh:  # as bare rows: hundreds of records would take longer than the window that shows them
            numbered = enumerate(fresh, (last or 0) + 1)
            session.execute(insert(InspectionAnswer), [_frozen(inspection_id, at, row) for at, row in numbered])

    def save_answers(self, inspection_id: int, answers: Mapping[str, tuple[Answer | None, str]]) -> None:
        """Write what was answered, by item code: the answer and a note. A list not begun yet is begun."""
        if not answers:
            return
        with self._store.write(f"检查表作答 {len(answers)} 项") as session:
            kept = select(InspectionAnswer).where(InspectionAnswer.inspection_id == inspection_id)
            records = {each.code: each for each in session.scalars(kept)}
            if not records:
                self._begin(session, inspection_id, frozenset())
                records = {each.code: each for each in session.scalars(kept)}
            unknown = [code for code in answers if code not in records]
            if unknown:
                raise Refused("checklist_code_unknown", codes="、".join(sorted(unknown)))
            for code, (answer, note) in answers.items():
                record = records[code]
                if record.hazard_id is not None and answer is not Answer.BAD and record.answer is Answer.BAD:
                    raise Refused("checklist_is_hazard", text=record.text)
                record.answer, record.note = answer, note.strip()

    def describe(self, inspection_id: int, code: str, words: FindingWords) -> None:
        """What the inspector says of an item: words, place, level and the deadline to propose."""
        self.write_down(inspection_id, {}, {code: words})

    def write_down(
        self, inspection_id: int, answers: Mapping[str, Answer | None], words: Mapping[str, FindingWords]
    ) -> None:
        """Write answers and words by item code, all of it in one act."""
        with self._store.write(f"检查表作答 {len({*answers, *words})} 项") as session:
            kept = {code: _answer(session, inspection_id, code) for code in {*answers, *words}}
            for code, word in words.items():
                record = kept[code]
                record.note, record.location = word.note.strip(), word.location.strip()
                record.level, record.proposed_due_on = word.level, word.due_on
            session.flush()
            self.save_answers(inspection_id, {code: (answer, kept[code].note) for code, answer in answers.items()})

    def last_answers(self, inspection_id: int) -> dict[str, AnswerRow]:
        """What the same enterprise was answered at the visit before this one, by item code."""
        with self._store.read() as session:
            return _last_answers(session, self._visit(session, inspection_id), _confirmed_marks(session))

    def copy_last(self, inspection_id: int) -> int:
        """Take over what was answered last time where nothing is answered yet, with words and places; how many items.

        No date, level, deadline or hazard comes along: each finding is judged anew.
        """
        last = self.last_answers(inspection_id)
        with self._store.write("带入上次检查的作答") as session:
            kept = select(InspectionAnswer).where(
                InspectionAnswer.inspection_id == inspection_id, InspectionAnswer.answer.is_(None)
            )
            taken = [record for record in session.scalars(kept) if record.code in last]
            for record in taken:
                old = last[record.code]
                record.answer, record.note, record.location = old.answer, old.note, old.location
            return len(taken)

    def answers(self, inspection_id: int) -> tuple[AnswerRow, ...]:
        """The items of a visit with what was answered, in their order; empty where no list was begun."""
        with self._store.read() as session:
            return _answer_rows(session, inspection_id, _confirmed_marks(session))

    def sheet(self, inspection_id: int) -> Sheet:
        """The items of a visit with what was answered, what may be major, and what was answered last time."""
        with self._store.read() as session:
            visit, confirmed = self._visit(session, inspection_id), _confirmed_marks(session)
            return Sheet(
                _answer_rows(session, inspection_id, confirmed),
                self._suggested_levels(session, visit),
                _last_answers(session, visit, confirmed),
            )

    def progress(self, inspection_id: int) -> AnswerCount:
        """How many items there are, are answered, and are 不符合."""
        with self._store.read() as session:
            kept = select(InspectionAnswer.answer).where(InspectionAnswer.inspection_id == inspection_id)
            answers = list(session.scalars(kept))
        return AnswerCount(len(answers), sum(each is not None for each in answers), answers.count(Answer.BAD))

    def about(self, row: AnswerRow) -> ChecklistRow:
        """What belongs to an item of a visit but was not frozen: ranges of the fine, a note, and why it is doubtful."""
        item = shipped_items().get(row.code)
        certainty = Certainty(row.confidence) if row.confidence else Certainty.OFFICE
        known = replace(item, certainty=certainty) if item is not None else None
        return ChecklistRow(
            row.code,
            row.sector,
            row.grp,
            row.text,
            row.method,
            row.basis,
            row.clause,
            row.confidence,
            row.is_major,
            item.penalty if item is not None and item.clause == row.clause else "",
            _notes(item) if item is not None and item.basis == row.basis else "",
            rules.doubt(known) if known is not None and row.is_doubtful else "",
            known is not None and rules.is_blocked(known),
        )

    def has_begun(self, inspection_id: int) -> bool:
        """Whether a visit has a list."""
        with self._store.read() as session:
            kept = select(InspectionAnswer.id).where(InspectionAnswer.inspection_id == inspection_id).limit(1)
            return session.scalar(kept) is not None

    def start_visit(self, draft: InspectionDraft) -> int:
        """Put a visit into the calendar that is made by the list, and begin its list: all of one act.

        An item of the plan whose visit has begun already goes on with that one.
        """
        with self._store.write("按检查表开始检查") as session:
            standing = self.visit_of_plan(draft.plan_item_id) if draft.plan_item_id is not None else None
            if standing is not None:
                self._begin(session, standing, frozenset())
                return standing
            on = draft.planned_on or draft.inspected_on or self._clock.today()
            visit = self._inspections.schedule(replace(draft, planned_on=on, inspected_on=None, findings=()))
            self._inspections.start(visit)
            self._begin(session, visit, frozenset())
            return visit

    def visit_of_plan(self, plan_item_id: int) -> int | None:
        """The visit of an item of the plan that stands in the calendar and is not recorded yet."""
        with self._store.read() as session:
            kept = select(Inspection.id).where(
                Inspection.plan_item_id == plan_item_id,
                Inspection.status.in_((InspectionStatus.PLANNED, InspectionStatus.UNDER_WAY)),
            )
            return session.scalars(kept.order_by(Inspection.id.desc())).first()

    # ---- what follows from a 不符合 ------------------------------------------------------------------------

    def findings(self, inspection_id: int) -> tuple[Finding, ...]:
        """What was answered 不符合 and is no hazard yet: the inspector's words, basis, clause, level."""
        with self._store.read() as session:
            met = self._criteria_met(session, self._visit(session, inspection_id))
        return tuple(_finding(row, met) for row in self.answers(inspection_id) if is_open(row))

    def suggested_levels(self, inspection_id: int) -> dict[str, tuple[rules.Criterion, ...]]:
        """By item, the criteria of a major hazard that may be met at this enterprise on that day: the inspector judges."""
        with self._store.read() as session:
            return self._suggested_levels(session, self._visit(session, inspection_id))

    def _suggested_levels(self, session: Session, visit: "_Visit") -> dict[str, tuple[rules.Criterion, ...]]:
        met = self._criteria_met(session, visit)
        found = {code: tuple(met[each] for each in majors if each in met) for code, majors in _linked().items()}
        return {code: criteria for code, criteria in found.items() if criteria}

    def undecided(self, inspection_id: int) -> tuple[AnswerRow, ...]:
        """What was answered 不符合 and may be major, where nobody has said yet whether it is."""
        may_be = self.suggested_levels(inspection_id)
        rows = self.answers(inspection_id)
        return tuple(row for row in rows if is_open(row) and row.level is None and row.code in may_be)

    def _criteria_met(self, session: Session, visit: "_Visit") -> dict[str, rules.Criterion]:
        has = session.connection().exec_driver_sql(ATTRIBUTES_SQL, (visit.enterprise_id,))
        belongs = {*self._lineage(visit.sector), *(name for name, value in has if value.strip() not in rules.NO_VALUES)}
        return {each.code: each for each in _linked_criteria() if rules.applies(each, visit.on, belongs)}

    def _visit(self, session: Session, inspection_id: int) -> "_Visit":
        enterprise_id, sector, on = session.connection().exec_driver_sql(VISIT_SQL, (inspection_id,)).one()
        return _Visit(inspection_id, enterprise_id, sector, day_of(on) or self._clock.today())

    def _day(self, record: Inspection) -> date:
        return record.inspected_on or record.planned_on or self._clock.today()

    def suggested_due_on(self, on: date) -> date:
        """The deadline that is proposed for a finding of that day: `rect.period_default`, a default that is not law."""
        return self._obligations.deadline(PERIOD_RULE, on, on).raw_on

    def proposed_due(self, hazard_ids: Collection[int]) -> dict[int, date]:
        """The deadlines that were proposed at the visit, by hazard; they count once an order sets them."""
        with self._store.read() as session:
            kept = select(InspectionAnswer).where(InspectionAnswer.hazard_id.in_(tuple(hazard_ids)))
            return {
                each.hazard_id: each.proposed_due_on
                for each in session.scalars(kept)
                if each.hazard_id is not None and each.proposed_due_on is not None
            }

    def register_findings(self, inspection_id: int) -> list[int]:
        """Make hazards of what was answered 不符合 at a visit that is recorded already."""
        with self._store.write("登记检查表发现的隐患") as session:
            record = session.get_one(Inspection, inspection_id)
            if record.status is not InspectionStatus.DONE or record.inspected_on is None:
                raise Refused("checklist_not_recorded")
            enterprise_id, on = record.enterprise_id, record.inspected_on
            drafts = [_draft_of(each, enterprise_id, on) for each in self.findings(inspection_id)]
            return [self._hazards.insert(session, draft, inspection_id=inspection_id) for draft in drafts]

    # ---- the office's wording ------------------------------------------------------------------------------

    def library(self) -> tuple[CatalogueRow, ...]:
        """Every item as it stands today, those left out included, for the library."""
        today = self._clock.today()
        with self._store.read() as session:
            office, confirmed = _office_versions(session), _confirmed(session)
            found = []
            for code in [*shipped_items(), *(each for each in office if each not in shipped_items())]:
                shipped, versions = shipped_items().get(code), office.get(code, [])
                asked = rules.version_on(shipped, versions, today)
                item = asked or (versions[-1] if versions else shipped)
                assert item is not None
                worded = rules.worded_on(item, today, old_numbers())
                found.append(_library_row(worded, confirmed, len(versions), asked is not None))
        order = {name: at for at, name in enumerate(shipped_sectors())}
        return tuple(sorted(found, key=lambda row: order.get(row.item.sector, len(order))))

    def versions(self, code: str) -> tuple[Item, ...]:
        """The wordings of an item, the shipped one first."""
        with self._store.read() as session:
            shipped = shipped_items().get(code)
            return (*((shipped,) if shipped else ()), *_office_versions(session).get(code, ()))

    def reword(self, code: str, draft: ItemDraft) -> None:
        """Another wording of an item from a day on. Earlier visits keep theirs."""
        _check_item(draft)
        with self._store.write("修改检查项") as session:
            self._refuse_unknown(session, code)
            self._write_version(session, code, draft, is_left_out=False)

    def add(self, draft: ItemDraft) -> str:
        """An item of the office's own; answers its code."""
        _check_item(draft)
        with self._store.write("新增检查项") as session:
            kept = session.scalars(select(ChecklistItem.code).where(ChecklistItem.code.like(f"{OWN}-%")))
            last = max((int(code.removeprefix(f"{OWN}-")) for code in kept), default=0)
            code = f"{OWN}-{last + 1:03}"
            self._write_version(session, code, draft, is_left_out=False)
            return code

    def leave_out(self, code: str, from_on: date) -> None:
        """Ask an item no more from a day on."""
        with self._store.write("停用检查项") as session:
            self._refuse_unknown(session, code)
            self._write_version(session, code, _draft_of_item(self._newest(session, code), from_on), is_left_out=True)

    def restore(self, code: str, from_on: date) -> None:
        """Ask an item again from a day on, as it was worded before it was left out."""
        with self._store.write("恢复检查项") as session:
            self._refuse_unknown(session, code)
            item = self._newest(session, code)
            if not item.is_left_out:
                raise Refused("checklist_not_left_out")
            self._write_version(session, code, _draft_of_item(item, from_on), is_left_out=False)

    def _refuse_unknown(self, session: Session, code: str) -> None:
        if code not in shipped_items() and code not in _office_versions(session):
            raise Refused("checklist_code_unknown", codes=code)

    def _newest(self, session: Session, code: str) -> Item:
        versions = _office_versions(session).get(code, [])
        return versions[-1] if versions else shipped_items()[code]

    def _write_version(self, session: Session, code: str, draft: ItemDraft, *, is_left_out: bool) -> None:
        name = self._store.person.strip()
        if not name:
            raise Invalid({"by": "missing"})
        record = session.scalars(
            select(ChecklistItem).where(ChecklistItem.code == code, ChecklistItem.from_on == draft.from_on)
        ).first() or ChecklistItem(code=code, from_on=draft.from_on)
        record.sector, record.grp, record.text = draft.sector.strip(), draft.grp.strip(), draft.text.strip()
        record.method, record.basis, record.clause = draft.method.strip(), draft.basis.strip(), draft.clause.strip()
        record.is_major, record.is_left_out = draft.is_major, is_left_out
        record.edited_by, record.edited_at = name, self._clock.now()
        session.add(record)
        session.flush()

    # ---- a named person's word -----------------------------------------------------------------------------

    def confirm(self, code: str, remark: str = "", by: str = "") -> None:
        """Confirm a doubtful wording in the name of `by` (default: whoever works here)."""
        name = by.strip() or self._store.person.strip()
        if not name:
            raise Invalid({"by": "missing"})
        with self._store.write("确认检查项条文") as session:
            item = self._today(session, code)
            if not rules.doubt(item):
                raise Refused("checklist_is_verified")
            if rules.is_blocked(item):
                raise Refused("checklist_blocked", day=item.recheck_from)
            mark = mark_of(code, item.certainty)
            record = session.scalars(select(FormConfirmation).where(FormConfirmation.mark == mark)).first()
            record = record or FormConfirmation(mark=mark)
            session.add(record)
            record.confirmed_by, record.confirmed_on, record.remark = name, self._clock.today(), remark.strip()

    def withdraw(self, code: str) -> None:
        """Take a confirmation back; one that is not there needs no taking."""
        with self._store.write("撤回对检查项的确认") as session:
            marks = [mark_of(code, each) for each in Certainty]
            for record in session.scalars(select(FormConfirmation).where(FormConfirmation.mark.in_(marks))):
                session.delete(record)

    def _today(self, session: Session, code: str) -> Item:
        self._refuse_unknown(session, code)
        today = self._clock.today()
        item = rules.version_on(shipped_items().get(code), _office_versions(session).get(code, ()), today)
        return rules.worded_on(item or self._newest(session, code), today, old_numbers())

    def open_doubts(self, inspection_id: int) -> tuple[AnswerRow, ...]:
        """The items of a visit whose wording may not go onto an official form yet."""
        with self._store.read() as session:
            return doubtful_answers(session, inspection_id)

    def take_new_wording(self, inspection_id: int) -> int:
        """Word anew, by the version of the visit's day, what was frozen with a doubt and has been reworded since.

        Answers stay; what is a hazard already stays as it was put. Answers how many items changed.
        """
        with self._store.write("检查表换用新条文") as session:
            on = self._day(session.get_one(Inspection, inspection_id))
            now = {row.code: row for row in self._rows(session, None, on)}
            kept = select(InspectionAnswer).where(
                InspectionAnswer.inspection_id == inspection_id, InspectionAnswer.hazard_id.is_(None)
            )
            stale = [
                (record, now[record.code])
                for record in session.scalars(kept)
                if Certainty(record.confidence or Certainty.OFFICE) not in rules.CERTAIN
                and record.code in now
                and now[record.code].confidence != record.confidence
            ]
            for record, row in stale:
                record.text, record.method, record.basis = row.text, row.method, row.basis
                record.clause, record.confidence, record.is_major = row.clause, row.confidence, row.is_major
            return len(stale)


def doubtful_answers(session: Session, inspection_id: int) -> tuple[AnswerRow, ...]:
    """What was answered at a visit in a wording that nobody has confirmed."""
    rows = _answer_rows(session, inspection_id, _confirmed_marks(session))
    return tuple(row for row in rows if row.is_doubtful and row.answer is not None)


# ---- what was shipped --------------------------------------------------------------------------------------


@cache
def sectors() -> Mapping[str, str]:
    """The names of the shipped lists by their code, in order: G 通用, HC 危险化学品 …"""
    return {row["id"].split("-")[1]: row["sector"] for row in catalogue("checklists")}


@cache
def shipped_sectors() -> tuple[str, ...]:
    """The names of the shipped lists in their order."""
    return tuple(sectors().values())


@cache
def shipped_items() -> Mapping[str, Item]:
    """Every shipped item by its code."""
    return {row["id"]: _item(row) for row in catalogue("checklists")}


@cache
def _linked() -> Mapping[str, tuple[str, ...]]:
    """The shipped items that are linked with criteria of a major hazard, and with which."""
    return {code: item.majors for code, item in shipped_items().items() if item.majors}


@cache
def criteria() -> tuple[rules.Criterion, ...]:
    """Every criterion of a major hazard, of all times."""
    return tuple(
        rules.Criterion(
            row["id"],
            row["text"],
            row["regime"],
            row["industry"],
            row["source"],
            row["article"],
            tuple(filter(None, row["applies_tags"].split(";"))),
            _worst(row["status"]),
            row["evidence"],
            row["note"],
            day_of(row["in_force_from"]),
            day_of(row["in_force_to"]),
            day_of(row["recheck_from"]),
        )
        for row in catalogue("major_hazards")
    )


@cache
def _linked_criteria() -> tuple[rules.Criterion, ...]:
    """The criteria that an item of a shipped list is linked with: no other can follow from an answer."""
    linked = {code for codes in _linked().values() for code in codes}
    return tuple(each for each in criteria() if each.code in linked)


@cache
def old_numbers() -> OldNumbers:
    """The numbers of the 安全生产法 of 2014."""
    articles = {row["statute_id_2021"]: row["article_2014"] for row in catalogue("law_map_2014_2021")}
    clauses = {
        row["replaced_by"]: f"《安全生产法》（2014修正）{row['article']}"
        for row in catalogue("penalties_2014")
        if row["replaced_by"] and row["stage"] == "first"
    }
    return OldNumbers(articles, clauses)


@cache
def _opened_by() -> Mapping[str, str]:
    return {row["id"]: row["checklist_code"] for row in catalogue("risk_attributes") if row["checklist_code"]}


def _item(row: Mapping[str, str]) -> Item:
    article = row["article"].replace("（凭记忆，待核）", "")
    return Item(
        row["id"],
        row["id"].split("-")[1],
        row["sector"],
        row["grp"],
        row["text"],
        row["method"],
        "；".join(filter(None, (article, row["extra_basis"]))),
        "；".join(each.partition("：")[0] for each in row["penalty_text"].split(" ‖ ") if each),
        row["major_hazard"] == "可能",
        tuple(filter(None, row["major_hazard_ids"].split(";"))),
        tuple(filter(None, row["basis_ids"].split(";"))),
        tuple(filter(None, row["penalty_ref"].split(";"))),
        row["penalty_link"],
        row["penalty_text"],
        row["source"],
        row["evidence"],
        _worst(row["status"], row["secondary_status"]),
        row["note"],
        day_of(row["in_force_from"]),
        day_of(row["in_force_to"]),
        day_of(row["recheck_from"]),
    )


def _worst(*statuses: str) -> Certainty:
    for each in (Certainty.RECALLED, Certainty.PARTLY):
        if each.value in statuses:
            return each
    return Certainty.VERIFIED


@dataclass(frozen=True, slots=True)
class _Visit:
    """Of a visit what its list depends on: whose it is, and the day of it or, before that is settled, today."""

    id: int
    enterprise_id: int
    sector: str | None
    on: date


VISIT_SQL = """
SELECT i.enterprise_id, e.sector, COALESCE(i.inspected_on, i.planned_on)
FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id WHERE i.id = ?
"""
ATTRIBUTES_SQL = "SELECT attribute, value FROM enterprise_attribute WHERE enterprise_id = ?"
CONFIRMED_SQL = "SELECT mark FROM form_confirmation WHERE mark LIKE 'checklist.%'"
LAST_SQL = """
SELECT i.id FROM inspection i
WHERE i.enterprise_id = ? AND i.id <> ? AND i.inspected_on <= ? AND i.status = ?
  AND EXISTS (SELECT 1 FROM inspection_answer a WHERE a.inspection_id = i.id)
ORDER BY i.inspected_on DESC, i.id DESC LIMIT 1
"""
ANSWERS_SQL = """
SELECT code, sector, grp, text, method, basis, clause, confidence, is_major, answer, note, hazard_id, location, level,
       proposed_due_on
FROM inspection_answer WHERE inspection_id = ? ORDER BY sequence
"""
"""The columns of an `AnswerRow` in its order. They are read as they are stored: hundreds are wanted in one glance."""


# ---- rows --------------------------------------------------------------------------------------------------


def mark_of(code: str, certainty: Certainty) -> str:
    """Under which mark a confirmation is kept: a doubt that came with newer law is a doubt of its own."""
    more = f".{certainty.value}" if certainty in (Certainty.RECHECK, Certainty.OLD_LAW) else ""
    return f"checklist.{code}{more}"


def _notes(item: Item) -> str:
    return "\n".join(filter(None, (item.note, rules.penalty_note(item))))


def is_open(row: AnswerRow) -> bool:
    """Answered 不符合, and no hazard yet."""
    return row.answer is Answer.BAD and row.hazard_id is None


def _confirmed(session: Session) -> dict[str, FormConfirmation]:
    kept = select(FormConfirmation).where(FormConfirmation.mark.like("checklist.%"))
    return {each.mark: each for each in session.scalars(kept)}


def _confirmed_marks(session: Session) -> frozenset[str]:
    return frozenset(mark for (mark,) in session.connection().exec_driver_sql(CONFIRMED_SQL))


def _office_versions(session: Session) -> dict[str, list[Item]]:
    """The office's wordings by code, the oldest first."""
    found: dict[str, list[Item]] = {}
    for record in session.scalars(select(ChecklistItem).order_by(ChecklistItem.code, ChecklistItem.from_on)):
        found.setdefault(record.code, []).append(_office_item(record))
    return found


def _office_item(record: ChecklistItem) -> Item:
    shipped = shipped_items().get(record.code)
    mine = Item(
        record.code,
        shipped.list_code if shipped else OWN,
        record.sector,
        record.grp,
        record.text,
        record.method,
        record.basis,
        record.clause,
        record.is_major,
        from_on=record.from_on,
        is_left_out=record.is_left_out,
        edited_by=record.edited_by,
    )
    return rules.reworded(shipped, mine)


def _checklist_row(item: Item, confirmed: Collection[str]) -> ChecklistRow:
    is_confirmed = mark_of(item.code, item.certainty) in confirmed
    return ChecklistRow(
        item.code,
        item.sector,
        item.grp,
        item.text,
        item.method,
        item.basis,
        item.clause,
        item.certainty.value,
        item.is_major,
        item.penalty,
        item.note,
        "" if is_confirmed else rules.doubt(item),
        rules.is_blocked(item),
    )


def _library_row(item: Item, confirmed: Mapping[str, FormConfirmation], versions: int, is_asked: bool) -> CatalogueRow:
    word = confirmed.get(mark_of(item.code, item.certainty))
    return CatalogueRow(
        item,
        rules.doubt(item),
        rules.is_blocked(item),
        word.confirmed_by if word else "",
        word.confirmed_on if word else None,
        versions,
        is_asked,
    )


def _frozen(inspection_id: int, sequence: int, row: ChecklistRow) -> dict[str, object]:
    return {
        "inspection_id": inspection_id,
        "sequence": sequence,
        "code": row.code,
        "sector": row.sector,
        "grp": row.grp,
        "text": row.text,
        "method": row.method,
        "basis": row.basis,
        "clause": row.clause,
        "confidence": row.confidence,
        "is_major": row.is_major,
        "answer": None,
    }


def _answer(session: Session, inspection_id: int, code: str) -> InspectionAnswer:
    kept = select(InspectionAnswer).where(
        InspectionAnswer.inspection_id == inspection_id, InspectionAnswer.code == code
    )
    found = session.scalars(kept).first()
    if found is None:
        raise Refused("checklist_code_unknown", codes=code)
    return found


def _answer_rows(session: Session, inspection_id: int, confirmed: Collection[str]) -> tuple[AnswerRow, ...]:
    session.flush()  # what an act has changed so far counts
    found = session.connection().exec_driver_sql(ANSWERS_SQL, (inspection_id,)).all()
    return tuple(_answer_row(each, confirmed) for each in found)


def _last_answers(session: Session, visit: _Visit, confirmed: Collection[str]) -> dict[str, AnswerRow]:
    wanted = (visit.enterprise_id, visit.id, visit.on.isoformat(), InspectionStatus.DONE.value)
    last = session.connection().exec_driver_sql(LAST_SQL, wanted).scalar()
    return {row.code: row for row in _answer_rows(session, last, confirmed) if row.answer} if last is not None else {}


def _answer_row(kept: Any, confirmed: Collection[str]) -> AnswerRow:
    code, sector, grp, text, method, basis, clause, confidence, is_major, answer, note, hazard, location, level, due = (
        kept
    )
    return AnswerRow(
        code,
        sector,
        grp,
        text,
        method,
        basis,
        clause,
        confidence,
        is_major == 1,
        Answer(answer) if answer else None,
        note,
        hazard,
        location,
        HazardLevel(level) if level else None,
        day_of(due),
        confidence not in _CERTAIN and mark_of(code, Certainty(confidence)) not in confirmed,
    )


_CERTAIN = frozenset({"", *(each.value for each in rules.CERTAIN)})
"""How the confidence of an item is stored that wants nobody's word; the office's own have none."""


def _finding(row: AnswerRow, met: Collection[str]) -> Finding:
    item = shipped_items().get(row.code)
    suggested = rules.suggested_level(item.majors if item else (), met)
    return Finding(
        description=row.note or rules.finding_words(row.text),
        level=row.level or suggested,
        location=row.location,
        category=row.sector if row.sector != rules.GENERAL else row.grp,
        basis=f"{row.basis}（{UNCONFIRMED}）" if row.is_doubtful and row.basis else row.basis,
        clause=row.clause,
        checklist_code=row.code,
    )


def _draft_of(finding: Finding, enterprise_id: int, on: date) -> HazardDraft:
    return HazardDraft(
        enterprise_id,
        on,
        finding.description,
        finding.level,
        finding.location,
        finding.category,
        finding.basis,
        clause=finding.clause,
        checklist_code=finding.checklist_code,
    )


def _draft_of_item(item: Item, from_on: date) -> ItemDraft:
    return ItemDraft(item.sector, item.grp, item.text, from_on, item.method, item.basis, item.clause, item.is_major)


def _check_item(draft: ItemDraft) -> None:
    problems = {key: "missing" for key in ("sector", "text") if not getattr(draft, key).strip()}
    if problems:
        raise Invalid(problems)
