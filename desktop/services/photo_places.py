"""Where photos stand: the record a photo belongs to, by name, and which records share one picture."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Attachment, Base, Enterprise, FormDocument, Hazard, Inspection, Photo, Reinspection
from desktop.domain.photo import PhotoOwner, PhotoRole, Standing, TwinKind, alike, twin_kind
from desktop.readable import day

MODELS: Mapping[PhotoOwner, type[Base]] = {
    PhotoOwner.HAZARD: Hazard,
    PhotoOwner.INSPECTION: Inspection,
    PhotoOwner.REINSPECTION: Reinspection,
    PhotoOwner.DOCUMENT: FormDocument,
}
HASHES_SQL = (
    "SELECT photo.id, photo.likeness, photo.role, attachment.sha256 "
    "FROM photo JOIN attachment ON attachment.id = photo.attachment_id"
)
Asked = Select[*tuple[Any, ...]]
AT_ONCE = 900
"""Values that one question to SQLite may name; older ones take 999."""


@dataclass(frozen=True, slots=True)
class PhotoSubject:
    """The record that photos are added to."""

    owner: PhotoOwner
    id: int


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo as strips and viewers show it. Without a width it is kept as a file that cannot be shown here."""

    id: int
    sha256: str
    name: str
    size: int
    role: PhotoRole
    width: int | None
    height: int | None
    taken_at: datetime | None
    added_at: datetime
    added_by: str
    note: str
    subject: PhotoSubject
    enterprise_id: int | None

    @property
    def is_pdf(self) -> bool:
        """Whether it is a scan of several pages."""
        return self.name.lower().endswith(".pdf")


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """A photo with the names of the places where it stands."""

    row: PhotoRow
    enterprise: str
    record: str


@dataclass(frozen=True, slots=True)
class TwinGroup:
    """Photos that look alike; `is_exact` when all of them are the same file."""

    kind: TwinKind
    is_exact: bool
    photos: tuple[PlacedPhoto, ...]


ROW: Asked = select(
    Photo.id,
    Attachment.sha256,
    Attachment.name,
    Attachment.size,
    Photo.role,
    Photo.width,
    Photo.height,
    Photo.taken_at,
    Attachment.added_at,
    Photo.added_by,
    Photo.note,
    Attachment.subject_type,
    Attachment.subject_id,
    Photo.enterprise_id,
).join(Attachment, Attachment.id == Photo.attachment_id)
"""What a `PhotoRow` is made of: columns, for whole records would take three times as long."""


def asked_rows(session: Session, asked: Asked) -> list[PhotoRow]:
    """The photos that a narrowed `ROW` gives."""
    return [_row(each) for each in session.execute(asked)]


def _row(told: Any) -> PhotoRow:
    return PhotoRow(
        told.id,
        told.sha256,
        told.name,
        told.size,
        told.role,
        told.width,
        told.height,
        told.taken_at,
        told.added_at,
        told.added_by,
        told.note,
        PhotoSubject(PhotoOwner(told.subject_type), told.subject_id),
        told.enterprise_id,
    )


def rows_of(session: Session, photo_ids: Iterable[int]) -> dict[int, PhotoRow]:
    """Photos by their ids; one that is gone is left out."""
    wanted = list(dict.fromkeys(photo_ids))
    found: dict[int, PhotoRow] = {}
    for at in range(0, len(wanted), AT_ONCE):
        asked = ROW.where(Photo.id.in_(wanted[at : at + AT_ONCE]))
        found.update({row.id: row for row in asked_rows(session, asked)})
    return found


def placed(session: Session, rows: Iterable[PhotoRow]) -> dict[int, PlacedPhoto]:
    """Photos with enterprise and record by name, by their ids."""
    listed = list(rows)
    names = _enterprises(session, {row.enterprise_id for row in listed if row.enterprise_id})
    records = _records(session, {row.subject for row in listed})
    return {
        row.id: PlacedPhoto(row, names.get(row.enterprise_id or 0, ""), records.get(row.subject, "")) for row in listed
    }


def twin_groups(session: Session) -> list[TwinGroup]:
    """Every group of photos that look alike, over all records; the gravest first, then the newest.

    A scan is compared with its very file alone: pages of one form all look alike.
    """
    ids, keys = hashes(session)
    groups = [[ids[place] for place in group] for group in alike(keys)]
    rows = rows_of(session, (each for group in groups for each in group))
    named = placed(session, rows.values())
    made = [_group([named[each] for each in group]) for group in groups]
    return sorted(made, key=lambda group: (group.kind, -max(each.row.id for each in group.photos)))


def hashes(session: Session) -> tuple[list[int], list[int]]:
    """Every photo's id, and what it is compared by: its likeness, or for a scan and what has none, the start of its hash."""
    raw: Any = session.connection().connection.driver_connection
    read = raw.execute(HASHES_SQL).fetchall()
    scan = PhotoRole.SCAN.value
    scans = {sha256 for _, _, role, sha256 in read if role == scan}
    keys = [int(likeness if likeness and sha256 not in scans else sha256[:16], 16) for _, likeness, _, sha256 in read]
    return [row[0] for row in read], keys


def _group(photos: Sequence[PlacedPhoto]) -> TwinGroup:
    standing = [
        Standing(each.row.enterprise_id, (each.row.subject.owner.value, each.row.subject.id), each.row.role)
        for each in photos
    ]
    is_exact = len({each.row.sha256 for each in photos}) == 1
    return TwinGroup(twin_kind(standing), is_exact, tuple(photos))


# ---- names -------------------------------------------------------------------------------------------------


def standing_of(session: Session, subject: PhotoSubject) -> tuple[int | None, int | None] | None:
    """Enterprise and inspection of a record; None when there is no such record."""
    record = session.get(MODELS[subject.owner], subject.id)
    match record:
        case None:
            return None
        case Inspection():
            return record.enterprise_id, record.id
        case Hazard() | FormDocument():
            return record.enterprise_id, record.inspection_id
        case Reinspection():
            return record.enterprise_id, None
        case _:
            raise TypeError(subject.owner)


def _enterprises(session: Session, ids: Iterable[int]) -> dict[int, str]:
    wanted, found = list(ids), {}
    for at in range(0, len(wanted), AT_ONCE):
        asked = select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(wanted[at : at + AT_ONCE]))
        found.update({row.id: row.name for row in session.execute(asked)})
    return found


def _records(session: Session, subjects: Iterable[PhotoSubject]) -> dict[PhotoSubject, str]:
    found: dict[PhotoSubject, str] = {}
    by_owner: dict[PhotoOwner, list[int]] = {}
    for subject in subjects:
        by_owner.setdefault(subject.owner, []).append(subject.id)
    for owner, ids in by_owner.items():
        asked, told = _NAMES[owner]
        for at in range(0, len(ids), AT_ONCE):
            rows = session.execute(asked.where(MODELS[owner].id.in_(ids[at : at + AT_ONCE])))
            found.update({PhotoSubject(owner, row.id): told(row) for row in rows})
    return found


_NAMES: Mapping[PhotoOwner, tuple[Asked, Callable[[Any], str]]] = {
    PhotoOwner.HAZARD: (select(Hazard.id, Hazard.description), lambda row: f"隐患：{row.description}"),
    PhotoOwner.INSPECTION: (
        select(Inspection.id, Inspection.inspected_on, Inspection.planned_on),
        lambda row: f"检查 {_on(row.inspected_on or row.planned_on)}",
    ),
    PhotoOwner.REINSPECTION: (
        select(Reinspection.id, Reinspection.reinspected_on),
        lambda row: f"复查 {_on(row.reinspected_on)}",
    ),
    PhotoOwner.DOCUMENT: (select(FormDocument.id, FormDocument.number), lambda row: f"文书 {row.number}".strip()),
}


def _on(on: date | None) -> str:
    return day(on) if on else "未定日期"
