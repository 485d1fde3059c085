"""Photos and scans 照片: taken in, shown, compared, given out again.

A photo belongs to one record for good: there is no act that carries it into another. The original lies among the
attachments as it came; what is shown and printed is made from it. A batch is one act: what is good goes in, and every
file has its line of what became of it.
"""

import hashlib
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.attachments import Attachments, sha256_of
from db.durable import draft_of, writing_to
from db.models import Attachment, Enterprise, Hazard, Photo
from db.store import Store
from desktop.domain.errors import Refused, Said, Trouble
from desktop.domain.form import RecordKind
from desktop.domain.photo import PhotoOwner, PhotoRole, nearest
from desktop.exchange import picture
from desktop.exchange.picture import Seen
from desktop.services.clock import Clock
from desktop.services.form_book import form_book
from desktop.services.forms import FormDraft, Forms
from desktop.services.photo_places import (
    ROW,
    PhotoRow,
    PhotoSubject,
    PlacedPhoto,
    TwinGroup,
    asked_rows,
    placed,
    rows_of,
    standing_of,
    twin_groups,
)
from desktop.services.progress import Progress
from desktop.system import held
from desktop.system.file_names import refuse_long, safe_file_name, write_whole
from desktop.system.folders import OfficeFolder
from desktop.text import label

JPEG_END = b"\xff\xd9"
EVIDENCE = "photo_evidence_page"


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A file to take in: its name, and its content or where it lies."""

    name: str
    source: bytes | Path


@dataclass(frozen=True, slots=True)
class AddedLine:
    """What became of one file: added under `photo_id`, or not, and `problem` says why.

    `same` is where the very same file stands already, `near` where one stands that looks like it.
    """

    name: str
    photo_id: int | None = None
    problem: Said | None = None
    same: PlacedPhoto | None = None
    near: PlacedPhoto | None = None

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to say but that it is in."""
        return self.problem is None and self.same is None and self.near is None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was given out, and the names of photos whose file is missing or spoilt."""

    target: Path
    count: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file that is kept and read, on its way into the act."""

    line: int
    name: str
    sha256: str
    size: int
    seen: Seen


class Photos:
    """What the office does with photos and scans."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"photo", "attachment", "enterprise", "hazard", "inspection", "reinspection", "form_document"}
    )

    def __init__(self, store: Store, folder: Path, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept = Attachments(OfficeFolder(folder).attachments)
        self._cache = OfficeFolder(folder).cache

    # ---- taking in -----------------------------------------------------------------------------------------

    def add(
        self,
        files: Sequence[NewPhoto],
        subject: PhotoSubject,
        role: PhotoRole,
        progress: Progress | None = None,
        *,
        keeps_unshown: bool = False,
    ) -> list[AddedLine]:
        """Take files in for a record, in one act; answers a line for each.

        With `keeps_unshown` a HEIC photo is kept as a file that cannot be shown here. A full disk and a person who
        cancels end it with nothing added.
        """
        steps = progress or Progress()
        lines = [AddedLine(file.name) for file in files]
        taken: list[_Taken] = []
        fresh: list[str] = []
        try:
            for place, file in enumerate(files):
                steps.step(place, len(files), f"正在读取 {file.name}")
                try:
                    taken.append(self._take(place, file, fresh, keeps_unshown))
                except Refused as error:
                    lines[place] = AddedLine(file.name, problem=error)
            steps.step(len(files), len(files), "正在登记照片")
            self._enter(taken, lines, subject, role)
        except BaseException:
            self._let_go(fresh)
            raise
        return lines

    def _take(self, place: int, file: NewPhoto, fresh: list[str], keeps_unshown: bool) -> _Taken:
        content = file.source if isinstance(file.source, bytes) else _content(file.source)
        seen = self._seen(content, keeps_unshown)
        sha256 = hashlib.sha256(content).hexdigest()
        fresh.extend(self._kept.missing([sha256]))
        self._kept.put(content)
        if seen.thumbnail:
            self._remember(sha256, seen.thumbnail)
        name = picture.right_name(file.name, seen.format)
        return _Taken(place, name, sha256, len(content), replace(seen, thumbnail=b""))

    @staticmethod
    def _seen(content: bytes, keeps_unshown: bool) -> Seen:
        kind = picture.kind_of(content)
        if kind == "PDF":
            return Seen(kind, None, None, None, None, _first_page(content, picture.THUMBNAIL))
        if kind == "HEIC":
            if not keeps_unshown:
                raise Refused("photo_heic")
            return Seen(kind, None, None, None, None, b"")
        return picture.read(content)

    def _enter(self, taken: Sequence[_Taken], lines: list[AddedLine], subject: PhotoSubject, role: PhotoRole) -> None:
        words = f"添加{label(role)}照片" if role is not PhotoRole.SCAN else "添加扫描件"
        with self._store.write(words) as session:
            standing = standing_of(session, subject)
            if standing is None:
                raise Refused("photo_no_record")
            known = _Known(session)
            for each in taken:
                lines[each.line] = self._enter_one(session, each, known, subject, role, standing)

    def _enter_one(
        self,
        session: Session,
        taken: _Taken,
        known: "_Known",
        subject: PhotoSubject,
        role: PhotoRole,
        standing: tuple[int | None, int | None],
    ) -> AddedLine:
        same = known.same(taken.sha256)
        if any(row.subject == subject for row in same):
            return AddedLine(taken.name, problem=Refused("photo_already_here"))
        is_scan = taken.seen.format == "PDF"
        near = None if same or role is PhotoRole.SCAN else known.near(taken.seen.likeness)
        if near is not None and near.subject == subject and near.role is role:
            near = None  # two shots of one finding are no news
        kept = Attachment(
            sha256=taken.sha256,
            name=taken.name,
            size=taken.size,
            subject_type=subject.owner.value,
            subject_id=subject.id,
            added_at=self._clock.now(),
        )
        session.add(kept)
        session.flush()
        photo = Photo(
            attachment_id=kept.id,
            enterprise_id=standing[0],
            inspection_id=standing[1],
            role=PhotoRole.SCAN if is_scan else role,
            width=taken.seen.width,
            height=taken.seen.height,
            taken_at=taken.seen.taken_at,
            likeness=taken.seen.likeness,
            added_by=self._store.person,
        )
        session.add(photo)
        session.flush()
        known.add(photo)
        told = placed(session, [row for row in (same[0] if same else None, near) if row is not None])
        return AddedLine(
            taken.name, photo.id, same=told[same[0].id] if same else None, near=told[near.id] if near else None
        )

    def _let_go(self, fresh: Sequence[str]) -> None:
        """Remove what an act that failed had put on the disk: it belongs to nobody, and a full disk needs the room."""
        for sha256 in fresh:
            with suppress(OSError):
                held.unlink(self._kept.path_of(sha256), missing_ok=True)
            with suppress(OSError):
                held.unlink(self._thumbnail_path(sha256), missing_ok=True)

    # ---- looking -------------------------------------------------------------------------------------------

    def of(self, subject: PhotoSubject) -> list[PhotoRow]:
        """The photos of a record: by role, then as they were taken."""
        asked = ROW.where(Attachment.subject_type == subject.owner.value, Attachment.subject_id == subject.id)
        with self._store.read() as session:
            rows = asked_rows(session, asked)
        order = list(PhotoRole)
        return sorted(rows, key=lambda row: (order.index(row.role), row.taken_at or row.added_at, row.id))

    def of_inspection(self, inspection_id: int) -> list[PlacedPhoto]:
        """The photos of a visit and of what was found at it, as they were taken: what its papers may show."""
        with self._store.read() as session:
            rows = asked_rows(session, ROW.where(Photo.inspection_id == inspection_id))
            named = placed(session, rows)
        return sorted(named.values(), key=lambda each: (each.row.taken_at or each.row.added_at, each.row.id))

    def placed(self, photo_ids: Sequence[int]) -> list[PlacedPhoto]:
        """Photos with the names of enterprise and record, in the order asked."""
        with self._store.read() as session:
            named = placed(session, rows_of(session, photo_ids).values())
        return [named[key] for key in photo_ids if key in named]

    def twins(self) -> list[TwinGroup]:
        """The photos of the whole township that look alike."""
        with self._store.read() as session:
            return twin_groups(session)

    def thumbnail(self, sha256: str) -> bytes:
        """A small JPEG of a photo; empty for a file that cannot be shown. From any thread: it reads files alone."""
        with suppress(OSError):
            found = self._thumbnail_path(sha256).read_bytes()
            if found.endswith(JPEG_END):
                return found
        made = self.view(sha256, picture.THUMBNAIL)
        if made:
            self._remember(sha256, made)
        return made

    def view(self, sha256: str, longest: int) -> bytes:
        """A photo upright, or the first page of a scan, as a JPEG whose longer side is at most so many points.

        Empty for a file that cannot be shown here. From any thread.
        """
        content = self._kept.read(sha256)
        match picture.kind_of(content):
            case "PDF":
                return _first_page(content, longest)
            case "HEIC":
                return b""
            case _:
                return picture.view(content, longest)

    def for_paper(self, sha256: str) -> bytes:
        """A picture as forms print it: upright, and no larger than paper shows."""
        content = self._kept.read(sha256)
        match picture.kind_of(content):
            case "PDF":
                return _first_page(content, picture.PAPER)
            case "HEIC":
                raise Refused("photo_not_printable", name="HEIC")
            case _:
                return picture.for_paper(content)

    def _thumbnail_path(self, sha256: str) -> Path:
        return self._cache / sha256[:2] / f"{sha256}.jpg"

    def _remember(self, sha256: str, thumbnail: bytes) -> None:
        """A cache that cannot be written is no trouble: it is made again when it is asked for."""
        path = self._thumbnail_path(sha256)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, thumbnail)

    # ---- changing ------------------------------------------------------------------------------------------

    def set_note(self, photo_id: int, note: str) -> None:
        """Say what the photo shows."""
        with self._store.write("修改照片说明") as session:
            session.get_one(Photo, photo_id).note = note.strip()

    def set_role(self, photo_ids: Sequence[int], role: PhotoRole) -> None:
        """Say what the photos are there for."""
        with self._store.write(f"照片标为{label(role)}") as session:
            for photo_id in photo_ids:
                session.get_one(Photo, photo_id).role = role

    def take_away(self, photo_ids: Sequence[int]) -> None:
        """Take photos from their record. The files stay; a document that shows one keeps it."""
        with self._store.write("取下照片") as session:
            for photo_id in photo_ids:
                photo = session.get_one(Photo, photo_id)
                kept = session.get_one(Attachment, photo.attachment_id)
                session.delete(photo)
                session.flush()
                session.delete(kept)

    # ---- giving out ----------------------------------------------------------------------------------------

    def export(self, photo_ids: Sequence[int], target: Path, progress: Progress | None = None) -> Exported:
        """The originals under readable names: into a folder, where nothing is overwritten, or as a `.zip`.

        One that is there already with the same content is not written twice.
        """
        steps = progress or Progress()
        wanted = self.placed(photo_ids)
        if not wanted:
            raise Refused("photo_none")
        names = _names(wanted)
        if target.suffix.lower() == ".zip":
            return self._export_zip(wanted, names, target, steps)
        missing = []
        for place, (each, name) in enumerate(zip(wanted, names, strict=True)):
            steps.step(place, len(wanted), f"正在导出 {name}")
            try:
                content = self._kept.read(each.row.sha256)
            except Trouble:
                missing.append(each.row.name)
                continue
            _write_beside(target / name, content, each.row.sha256)
        return Exported(target, len(wanted) - len(missing), tuple(missing))

    def _export_zip(
        self, wanted: Sequence[PlacedPhoto], names: Sequence[str], target: Path, steps: Progress
    ) -> Exported:
        refuse_long(target)
        missing = []
        with draft_of(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for place, (each, name) in enumerate(zip(wanted, names, strict=True)):
                steps.step(place, len(wanted), f"正在导出 {name}")
                try:
                    archive.writestr(name, self._kept.read(each.row.sha256))
                except Trouble:
                    missing.append(each.row.name)
        return Exported(target, len(wanted) - len(missing), tuple(missing))

    # ---- papers --------------------------------------------------------------------------------------------

    def evidence_draft(self, forms: Forms, photo_id: int) -> FormDraft:
        """The page of evidence 证据照片页 for one photo, with all that is known of it."""
        with self._store.read() as session:
            row = rows_of(session, [photo_id])[photo_id]
            photo = session.get_one(Photo, photo_id)
            if row.width is None and not row.is_pdf:
                raise Refused("photo_not_printable", name=row.name)
            place, content = _evidence(session, photo, row)
            inspection_id, enterprise_id = photo.inspection_id, photo.enterprise_id
        record = (
            (RecordKind.INSPECTION, inspection_id)
            if inspection_id
            else (RecordKind.ENTERPRISE, enterprise_id)
            if enterprise_id
            else None
        )
        draft = forms.new(EVIDENCE, record, row.taken_at.date() if row.taken_at else None)
        known = {
            "photo": row.sha256,
            "taken_at": row.taken_at.isoformat(timespec="minutes") if row.taken_at else "",
            "place": place,
            "content": content,
        }
        values = {**draft.values, **{key: value for key, value in known.items() if value}}
        return FormDraft(draft.form, draft.record_kind, draft.record_id, draft.dated_on, values)

    def make_evidence(self, forms: Forms, photo_ids: Sequence[int]) -> list[int]:
        """Drafts of pages of evidence, one a photo, in one act."""
        title = form_book().get(EVIDENCE).title
        drafts = [self.evidence_draft(forms, photo_id) for photo_id in photo_ids]
        with self._store.write(f"生成《{title}》草稿"):
            return [forms.save(draft) for draft in drafts]


class _Known:
    """What is there already, and what this act has added so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        asked = select(Photo.id, Photo.likeness).where(Photo.likeness.is_not(None), Photo.role != PhotoRole.SCAN)
        self._likenesses = {row.id: int(row.likeness, 16) for row in session.execute(asked)}

    def same(self, sha256: str) -> list[PhotoRow]:
        """The photos of the very same file."""
        return asked_rows(self._session, ROW.where(Attachment.sha256 == sha256))

    def near(self, likeness: str | None) -> PhotoRow | None:
        """The photo that looks most like this one."""
        found = nearest(int(likeness, 16), self._likenesses) if likeness else None
        return rows_of(self._session, [found])[found] if found is not None else None

    def add(self, photo: Photo) -> None:
        """One more is there."""
        if photo.likeness and photo.role is not PhotoRole.SCAN:
            self._likenesses[photo.id] = int(photo.likeness, 16)


def _content(path: Path) -> bytes:
    """What is in a file; refused when another program has it, or it is no longer there."""
    try:
        if path.stat().st_size > picture.MAX_BYTES:
            raise Refused("photo_too_heavy", limit=f"{picture.MAX_BYTES // 1024 // 1024} MB")
        return path.read_bytes()
    except PermissionError as error:
        raise Refused("photo_held") from error
    except OSError as error:
        raise Refused("photo_gone") from error


def _first_page(content: bytes, longest: int) -> bytes:
    """The first page of a scan as a JPEG."""
    import pypdfium2

    from desktop.documents.pages import Pages

    try:
        with Pages(content) as pages:
            scale = longest / max(pages.size(0))
            drawn = pages.picture(0, scale)
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError) as error:
        raise Refused("photo_pdf") from error
    return picture.of_page(drawn.width, drawn.height, drawn.stride, drawn.content, longest)


def _evidence(session: Session, photo: Photo, row: PhotoRow) -> tuple[str, str]:
    """Where it was taken and what it shows, as far as the records say."""
    enterprise = session.get(Enterprise, photo.enterprise_id) if photo.enterprise_id else None
    hazard = session.get(Hazard, row.subject.id) if row.subject.owner is PhotoOwner.HAZARD else None
    place = [enterprise.name if enterprise else "", hazard.location.strip() if hazard else ""]
    return "".join(place), row.note or (hazard.description if hazard else "")


def _names(wanted: Sequence[PlacedPhoto]) -> list[str]:
    """Readable names that differ: enterprise, record, what for, when, a number."""
    names: list[str] = []
    for number, each in enumerate(wanted, 1):
        row = each.row
        on = row.taken_at or row.added_at
        record = f"{label(row.subject.owner)}{row.subject.id}"
        words = "_".join(filter(None, (each.enterprise[:24], record, label(row.role), f"{on:%Y%m%d}", f"{number:03d}")))
        names.append(safe_file_name(words, Path(row.name).suffix.lower()))
    return names


def _write_beside(path: Path, content: bytes, sha256: str) -> None:
    """Write a file that overwrites none: another of that name stays, and this one gets a number."""
    refuse_long(path)
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        free, turn = path, 1
        while free.exists():
            if sha256_of(free) == sha256:
                return
            turn += 1
            free = path.with_name(f"{path.stem} ({turn}){path.suffix}")
    with draft_of(free) as file:
        file.write(content)


def is_photo_name(path: Path) -> bool:
    """Whether a file has the ending of a photo or scan; what it really is shows when it is added."""
    return any(path.suffix.lower() in endings for endings in picture.ENDINGS.values())


def folder_photos(folder: Path) -> list[NewPhoto]:
    """The files below a folder that have the ending of a photo or scan, in the order of their paths."""
    found = sorted(path for path in folder.rglob("*") if is_photo_name(path) and path.is_file())
    return [NewPhoto(path.name, path) for path in found]
