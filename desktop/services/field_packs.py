"""The paper field pack 纸上现场包: a day's route on paper and as a phone page, and what comes back from the phone.

An item of the plan gets its visit when the pack is made, with the checklist of that day frozen into it; each visit has
one sheet with one code for good. Reading back is plan, preview, apply: one act, undone by one Ctrl+Z. The same content
again changes nothing, and a later file adds what is new. What somebody has changed in the program since is kept.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.attachments import Attachments
from db.models import (
    Attachment,
    Enterprise,
    EnterpriseAttribute,
    FieldReturn,
    FieldSheet,
    Inspection,
    InspectionAnswer,
    Office,
    PlanItem,
)
from db.models import FieldFinding as KeptFinding
from db.store import Store
from desktop.documents.field_pack import FieldPack, FieldPage, SheetHazard, SheetItem
from desktop.domain.checklist import NO_VALUES, Answer
from desktop.domain.errors import Refused, Said, Trouble
from desktop.domain.field_code import new_code, read_code, shown
from desktop.domain.hazard import OPEN
from desktop.domain.inspection import InspectionStatus
from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.exchange import field_result
from desktop.exchange.field_result import FieldFinding, FieldPicture, FieldResult, FieldSheetResult
from desktop.services.catalogue import Catalogue
from desktop.services.checklists import Checklists
from desktop.services.clock import Clock
from desktop.services.hazards import HazardDraft, HazardQuery, Hazards
from desktop.services.inspections import InspectionDraft, InspectionQuery, Inspections, crew_of
from desktop.services.photo_places import PhotoSubject
from desktop.services.photos import NewPhoto, Photos
from desktop.services.plans import Plans
from desktop.services.progress import Progress
from desktop.text import UNCONFIRMED, day, label

Laid = TypeVar("Laid")
TOKEN_BYTES = 16
WAITING = frozenset({InspectionStatus.PLANNED, InspectionStatus.UNDER_WAY})


@dataclass(frozen=True, slots=True)
class Stop:
    """An enterprise of a day's route: a visit in the calendar, or an item of the plan that has none yet."""

    enterprise_id: int
    enterprise: str
    village: str
    address: str
    officer: str
    inspection_id: int | None = None
    plan_item_id: int | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Where a code leads."""

    code: str
    inspection_id: int
    enterprise_id: int
    enterprise: str


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What one sheet of a file would bring. `problem` says why nothing of it is taken."""

    code: str
    enterprise: str
    inspection_id: int
    is_known: bool
    answers: int
    findings: int
    pictures: int
    has_words: bool
    kept: tuple[str, ...]
    """Items that were answered otherwise in the program since; these answers are kept."""
    strange: int
    """Answers to items that are not in the visit's list."""
    problem: str = ""

    @property
    def brings(self) -> bool:
        """Whether there is anything new."""
        return not self.problem and bool(self.answers or self.findings or self.pictures or self.has_words)


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A file as it would be read back."""

    result: FieldResult
    sheets: tuple[SheetPlan, ...]

    @property
    def brings(self) -> bool:
        """Whether there is anything new in it."""
        return any(sheet.brings for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """What was read back."""

    sheets: int
    answers: int
    findings: int
    pictures: int
    unreadable: int


def words_of(sheet: SheetPlan) -> str:
    """What one sheet brings, as preview and command line say it."""
    if sheet.problem:
        return sheet.problem
    if sheet.is_known:
        return "已经读入过，没有新的内容"
    counts = ((sheet.answers, "作答 {} 项"), (sheet.findings, "发现问题 {} 条"), (sheet.pictures, "照片 {} 张"))
    parts = [words.format(count) for count, words in counts if count]
    parts += ["检查情况"] if sheet.has_words else []
    told = "、".join(parts) if parts else "没有新的内容"
    told += f"；程序里已另行改过的 {len(sheet.kept)} 项保留程序里的" if sheet.kept else ""
    return told + (f"；{sheet.strange} 项不在这次检查的检查表里，没有读入" if sheet.strange else "")


class FieldPacks:
    """What the office takes along on paper or phone, and what it brings back."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"field_sheet", "field_return", "inspection", "inspection_answer", "plan_item", "enterprise", "hazard"}
    )

    def __init__(
        self,
        store: Store,
        clock: Clock,
        kept: Attachments,
        choices: Catalogue,
        plans: Plans,
        inspections: Inspections,
        checklists: Checklists,
        hazards: Hazards,
        photos: Photos,
    ) -> None:
        self._store = store
        self._clock = clock
        self._kept = kept
        self._choices = choices
        self._plans = plans
        self._inspections = inspections
        self._checklists = checklists
        self._hazards = hazards
        self._photos = photos

    # ---- the route -----------------------------------------------------------------------------------------

    def route(self, on: date, officer_id: int | None = None) -> list[Stop]:
        """What lies on a day, of one officer or of all: visits in the calendar, then items of the plan without one."""
        asked = InspectionQuery(
            statuses=WAITING, first_on=on, last_on=on, officer_id=officer_id, sort=("enterprise", False)
        )
        with self._store.read() as session:
            stops = [self._visit_stop(session, each) for each in self._inspections.ids(asked)]
            seen = {stop.plan_item_id for stop in stops}
            for item in self._plans.between(on, on):
                is_wanted = item.is_open and (officer_id is None or item.officer_id == officer_id)
                if is_wanted and item.id not in seen and self._checklists.visit_of_plan(item.id) is None:
                    owner = session.get_one(Enterprise, item.enterprise_id)
                    stops.append(
                        Stop(owner.id, owner.name, owner.village, owner.address, item.officer, plan_item_id=item.id)
                    )
        return stops

    def _visit_stop(self, session: Session, inspection_id: int) -> Stop:
        row = self._inspections.rows([inspection_id])[0]
        owner = session.get_one(Enterprise, row.enterprise_id)
        plan_item = session.get_one(Inspection, inspection_id).plan_item_id
        return Stop(owner.id, owner.name, owner.village, owner.address, row.officers, inspection_id, plan_item)

    def laid_out(
        self,
        on: date,
        stops: Sequence[Stop],
        officer: str,
        lay_out: Callable[[FieldPack], Laid],
        progress: Progress = Progress(),  # noqa: B008 (keeps nothing)
    ) -> Laid:
        """What `lay_out` makes of the pack. Stopped meanwhile, the act is taken back with it: no visit, no sheet is left."""
        with self._store.write("制作现场包"):
            return lay_out(self.make(on, stops, officer, progress))

    def make(
        self,
        on: date,
        stops: Sequence[Stop],
        officer: str = "",
        progress: Progress = Progress(),  # noqa: B008 (keeps nothing)
    ) -> FieldPack:
        """The pack of a route in the order given. Every visit has its sheet afterwards; made again, the codes stay."""
        if not stops:
            raise Refused("field_route_empty", on=on)
        with self._store.write("制作现场包") as session:
            office = session.scalars(select(Office)).first()
            if office is None:
                raise Refused("no_office")
            pages = []
            for place, stop in enumerate(stops):
                progress.step(place, len(stops), f"正在准备 {stop.enterprise}")
                pages.append(self._page(session, self._visit(session, on, stop)))
            return FieldPack(office.name, office.code, on, day(on), officer, tuple(pages))

    def _visit(self, session: Session, on: date, stop: Stop) -> int:
        visit = stop.inspection_id
        if visit is None:
            assert stop.plan_item_id is not None
            visit = self._checklists.visit_of_plan(stop.plan_item_id)
        if visit is None:
            item = session.get_one(PlanItem, stop.plan_item_id)
            crew = crew_of([item.officer_id] if item.officer_id is not None else [])
            draft = InspectionDraft(stop.enterprise_id, plan_item_id=item.id, planned_on=on, officers=crew)
            visit = self._inspections.schedule(draft)
        self._checklists.begin(visit)
        return visit

    def _page(self, session: Session, inspection_id: int) -> FieldPage:
        sheet = self._sheet(session, inspection_id)
        record = session.get_one(Inspection, inspection_id)
        owner = session.get_one(Enterprise, record.enterprise_id)
        return FieldPage(
            sheet.code,
            shown(sheet.code),
            sheet.token,
            owner.name,
            owner.uscc or "",
            owner.address,
            owner.principal or owner.legal_person,
            owner.contact,
            owner.phone,
            self._facts(session, owner),
            "、".join(self._inspections.detail(inspection_id).officer_names),
            self._open_hazards(owner.id),
            tuple(
                SheetItem(
                    row.code,
                    f"{row.sector}　{row.grp}".strip(),
                    row.text,
                    row.method,
                    row.basis,
                    row.is_major,
                    UNCONFIRMED if row.is_doubtful else "",
                )
                for row in self._checklists.answers(inspection_id)
            ),
        )

    def _facts(self, session: Session, owner: Enterprise) -> tuple[tuple[str, str], ...]:
        last = self._inspections.last_of(owner.id)
        words = "没有检查记录"
        if last is not None:
            row = self._inspections.rows([last])[0]
            assert row.inspected_on is not None
            words = (
                f"{day(row.inspected_on)}，{row.officers or '—'}，隐患 {row.hazards} 条，未销号 {row.open_hazards} 条"
            )
        return (
            ("行业", "　".join(filter(None, (self._choices.sector_label(owner.sector), owner.industry)))),
            ("风险等级", label(owner.risk_level) + ("　重点监管企业" if owner.is_key else "")),
            ("风险要素", self._attributes(session, owner.id)),
            ("检查表", "、".join(sorted(self._checklists.sectors_for(owner.id)))),
            ("上次检查", words),
        )

    def _attributes(self, session: Session, enterprise_id: int) -> str:
        """What is known of its risks; what it does not have is left out."""
        names = {each.id: each.label for each in self._choices.attributes.values()}
        kept = session.scalars(select(EnterpriseAttribute).where(EnterpriseAttribute.enterprise_id == enterprise_id))
        has = [each for each in kept if each.value.strip() not in NO_VALUES]
        return "、".join(
            names.get(each.attribute, each.attribute) + ("" if each.value.strip() == "是" else f" {each.value}")
            for each in has
        )

    def _open_hazards(self, enterprise_id: int) -> tuple[SheetHazard, ...]:
        ids = self._hazards.ids(HazardQuery(enterprise_id=enterprise_id, statuses=frozenset(OPEN)))
        return tuple(
            SheetHazard(
                row.found_on.isoformat(),
                f"{row.description}（{row.location}）" if row.location else row.description,
                label(row.level),
                label(row.status),
                row.due_on.isoformat() if row.due_on else "—",
            )
            for row in self._hazards.rows(ids)
        )

    def _sheet(self, session: Session, inspection_id: int) -> FieldSheet:
        kept = session.scalars(select(FieldSheet).where(FieldSheet.inspection_id == inspection_id)).first()
        if kept is not None:
            return kept
        code = new_code()
        while session.scalar(select(FieldSheet.id).where(FieldSheet.code == code)) is not None:
            code = new_code()
        record = FieldSheet(
            code=code,
            token=secrets.token_hex(TOKEN_BYTES),
            inspection_id=inspection_id,
            made_at=self._clock.now(),
        )
        session.add(record)
        session.flush()
        return record

    def find(self, typed: str) -> SheetRow | None:
        """Where a code leads that was typed or scanned; None when it is no code, or none of this office."""
        code = read_code(typed)
        if code is None:
            return None
        with self._store.read() as session:
            sheet = session.scalars(select(FieldSheet).where(FieldSheet.code == code)).first()
            if sheet is None:
                return None
            record = session.get_one(Inspection, sheet.inspection_id)
            return SheetRow(code, record.id, record.enterprise_id, _name(session, record))

    # ---- reading back --------------------------------------------------------------------------------------

    def plan(self, path: Path) -> FieldPlan:
        """What a file would bring; nothing is written. Raises `Trouble` for a file that cannot be taken."""
        result = field_result.read_result(path)
        with self._store.read() as session:
            return FieldPlan(result, tuple(self._sheet_plan(session, result, each) for each in result.sheets))

    def _sheet_plan(self, session: Session, result: FieldResult, told: FieldSheetResult) -> SheetPlan:
        sheet = self._sheet_of(session, result, told)
        record = session.get_one(Inspection, sheet.inspection_id)
        merged = self._merged(session, sheet, told)
        is_known = session.scalar(select(FieldReturn.id).where(FieldReturn.sha256 == told.sha256)) is not None
        is_cancelled = record.status is InspectionStatus.CANCELLED
        return SheetPlan(
            shown(sheet.code),
            _name(session, record),
            record.id,
            is_known,
            0 if is_known else len(merged.answers),
            0 if is_known else len(self._fresh_findings(session, sheet, told)),
            0 if is_known else len(self._fresh_pictures(session, sheet, told)),
            not is_known and self._has_words(record, told, merged.before),
            () if is_known else merged.kept,
            merged.strange,
            "这次检查已经取消，没有读入；需要时请先重新安排检查" if is_cancelled else "",
        )

    def _sheet_of(self, session: Session, result: FieldResult, told: FieldSheetResult) -> FieldSheet:
        office = session.scalars(select(Office)).first()
        if office is None or office.code != result.office_code:
            raise Trouble("field_other_office", name=result.name, office=result.office or "—")
        sheet = session.scalars(select(FieldSheet).where(FieldSheet.code == told.code)).first()
        if sheet is None:
            raise Trouble("field_sheet_unknown", name=result.name, sheet=shown(told.code))
        if not told.is_sealed_with(sheet.token):
            raise Trouble("field_altered", name=result.name)
        return sheet

    def apply(self, plan: FieldPlan) -> FieldOutcome:
        """Take in what the preview said, in one act."""
        outcome = [0, 0, 0, 0, 0]
        with self._store.write("读回现场结果") as session:
            for told in plan.result.sheets:
                sheet = self._sheet_of(session, plan.result, told)
                if self._is_done_with(session, sheet, told):
                    continue
                for place, count in enumerate((1, *self._apply_one(session, plan.result, sheet, told))):
                    outcome[place] += count
        return FieldOutcome(*outcome)

    def _is_done_with(self, session: Session, sheet: FieldSheet, told: FieldSheetResult) -> bool:
        record = session.get_one(Inspection, sheet.inspection_id)
        known = session.scalar(select(FieldReturn.id).where(FieldReturn.sha256 == told.sha256))
        return known is not None or record.status is InspectionStatus.CANCELLED

    def _apply_one(
        self, session: Session, result: FieldResult, sheet: FieldSheet, told: FieldSheetResult
    ) -> tuple[int, int, int, int]:
        record = session.get_one(Inspection, sheet.inspection_id)
        merged = self._merged(session, sheet, told)
        self._checklists.save_answers(record.id, merged.answers)
        self._write_words(record, told, merged.before)
        findings = self._fresh_findings(session, sheet, told)
        for finding in findings:
            self._register(session, sheet, record, told, finding)
        pictures = self._fresh_pictures(session, sheet, told)
        unreadable = self._keep_pictures(session, sheet, result, pictures, told)
        kept = FieldReturn(
            sheet_id=sheet.id,
            sha256=self._kept.put(told.content),
            file_name=result.name,
            read_at=self._clock.now(),
            read_by=self._store.person,
        )
        session.add(kept)
        session.flush()
        # What was sent is needed to tell what a later file changes; as an attachment it is in every backup.
        session.add(
            Attachment(
                sha256=kept.sha256,
                name=result.name,
                size=len(told.content),
                subject_type=FieldReturn.__tablename__,
                subject_id=kept.id,
                added_at=self._clock.now(),
            )
        )
        session.flush()
        return len(merged.answers), len(findings), len(pictures) - unreadable, unreadable

    # ---- what is new in a sheet ----------------------------------------------------------------------------

    def _merged(self, session: Session, sheet: FieldSheet, told: FieldSheetResult) -> "_Merged":
        """Answers to write. One that the program holds otherwise than the page last sent it stays as it is."""
        before = self._last_returned(session, sheet)
        old = field_result.sheet_answers(before) if before is not None else {}
        kept = select(InspectionAnswer).where(InspectionAnswer.inspection_id == sheet.inspection_id)
        standing = {each.code: each for each in session.scalars(kept)}
        answers, stays, strange = {}, [], 0
        for code, (answer, note) in told.answers.items():
            record = standing.get(code)
            said = (answer, note.strip())
            if record is None:
                strange += 1
            elif (record.answer, record.note) == said or (said == (None, "") and code not in old):
                continue
            elif not _is_untouched(record, old.get(code)):
                stays.append(record.text)
            else:
                answers[code] = said
        return _Merged(answers, tuple(stays), strange, before)

    def _last_returned(self, session: Session, sheet: FieldSheet) -> bytes | None:
        last = session.scalars(
            select(FieldReturn.sha256).where(FieldReturn.sheet_id == sheet.id).order_by(FieldReturn.id.desc())
        ).first()
        try:
            return None if last is None else self._kept.read(last)
        except Trouble:
            return None  # without it nothing is overwritten: every answer that stands counts as changed here

    def _fresh_findings(self, session: Session, sheet: FieldSheet, told: FieldSheetResult) -> tuple[FieldFinding, ...]:
        known = set(session.scalars(select(KeptFinding.key).where(KeptFinding.sheet_id == sheet.id)))
        return tuple(each for each in told.findings if each.key not in known)

    def _register(
        self,
        session: Session,
        sheet: FieldSheet,
        record: Inspection,
        told: FieldSheetResult,
        finding: FieldFinding,
    ) -> None:
        """A finding becomes a hazard of the visit. It is general until somebody judges it by the criteria."""
        found_on = record.inspected_on or min((told.started_at or told.saved_at).date(), self._clock.today())
        draft = HazardDraft(
            record.enterprise_id,
            found_on,
            finding.text,
            location=finding.place,
            remark=f"来自现场包 {shown(sheet.code)}，级别待认定",
            cleared_on=found_on if finding.is_cleared else None,
        )
        hazard = self._hazards.insert(session, draft, inspection_id=record.id)
        session.add(KeptFinding(sheet_id=sheet.id, key=finding.key, hazard_id=hazard))
        session.flush()

    # ---- words ---------------------------------------------------------------------------------------------

    @staticmethod
    def _has_words(record: Inspection, told: FieldSheetResult, before: bytes | None) -> bool:
        return _site_record(record, told, before) != record.site_record or bool(
            told.unit_person.strip() and not record.unit_person
        )

    @staticmethod
    def _write_words(record: Inspection, told: FieldSheetResult, before: bytes | None) -> None:
        record.site_record = _site_record(record, told, before)
        record.unit_person = record.unit_person or told.unit_person.strip()

    # ---- pictures: the one place where they enter ----------------------------------------------------------

    def _fresh_pictures(self, session: Session, sheet: FieldSheet, told: FieldSheetResult) -> tuple[FieldPicture, ...]:
        """Pictures, the signature last, that no earlier file of this sheet brought.

        One that was taken away in the program since does not come back.
        """
        known: set[str] = set()
        for sha256 in session.scalars(select(FieldReturn.sha256).where(FieldReturn.sheet_id == sheet.id)):
            known |= self._pictures_in(sha256)
        every = (*told.pictures, *((told.signature,) if told.signature else ()))
        return tuple(each for each in every if each.sha256 not in known)

    def _pictures_in(self, sha256: str) -> set[str]:
        try:
            return field_result.sheet_pictures(self._kept.read(sha256))
        except Trouble:
            return set()

    def _keep_pictures(
        self,
        session: Session,
        sheet: FieldSheet,
        result: FieldResult,
        pictures: Iterable[FieldPicture],
        told: FieldSheetResult,
    ) -> int:
        """Pictures become photos of the visit, or of the finding that they are of; answers how many are no pictures."""
        kept = select(KeptFinding.key, KeptFinding.hazard_id).where(KeptFinding.sheet_id == sheet.id)
        hazards: dict[str, int] = {row[0]: row[1] for row in session.execute(kept)}
        unreadable = 0
        for place, picture in enumerate(pictures, 1):
            is_signature = told.signature is not None and picture == told.signature
            hazard = hazards.get(picture.of)
            subject = (
                PhotoSubject(PhotoOwner.HAZARD, hazard)
                if hazard is not None
                else PhotoSubject(PhotoOwner.INSPECTION, sheet.inspection_id)
            )
            role = PhotoRole.SCAN if is_signature else PhotoRole.SCENE if hazard is None else PhotoRole.BEFORE
            name = f"{'签字' if is_signature else '现场'}-{sheet.code}-{place}.jpg"
            line = self._photos.add([NewPhoto(name, result.pictures[picture.sha256])], subject, role)[0]
            unreadable += line.problem is not None and not _is_here(line.problem)
        return unreadable


@dataclass(frozen=True, slots=True)
class _Merged:
    """Answers to write, texts of items that stay as the program has them, unknown items, and what came last."""

    answers: dict[str, tuple[Answer | None, str]]
    kept: tuple[str, ...]
    strange: int
    before: bytes | None


def _is_untouched(record: InspectionAnswer, sent: tuple[Answer | None, str] | None) -> bool:
    """Whether the program holds nothing yet, or just what the page sent last; a hazard holds its answer."""
    if record.hazard_id is not None:
        return False
    standing = (record.answer, record.note)
    return standing == (None, "") or (sent is not None and standing == (sent[0], sent[1].strip()))


def _site_record(record: Inspection, told: FieldSheetResult, before: bytes | None) -> str:
    """The record with the page's words: in the place of those it sent before, else at the end; never twice."""
    note, standing = told.note.strip(), record.site_record
    sent = field_result.sheet_note(before).strip() if before is not None else ""
    if not note or note in standing:
        return standing
    if sent and sent in standing:
        return standing.replace(sent, note, 1)
    return f"{standing}\n{note}".strip()


def _is_here(problem: Said) -> bool:
    return problem.code == "photo_already_here"


def _name(session: Session, record: Inspection) -> str:
    return session.get_one(Enterprise, record.enterprise_id).name
