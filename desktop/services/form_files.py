"""The files around official documents: for the printer, as PDF or Word in a folder, and the signed scans that come back."""

import errno
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import select

from db.attachments import Attachments
from db.models import Attachment
from db.store import Store
from desktop.documents.blocks import Made
from desktop.domain.errors import Refused, Trouble
from desktop.domain.form import DocumentStatus
from desktop.services.clock import Clock
from desktop.services.document_list import SCAN, DocumentList, ListedDocument
from desktop.services.forms import Forms
from desktop.services.progress import Cancelled, Progress
from desktop.system import held
from desktop.system.file_names import refuse_long, safe_file_name, write_whole

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

SCANS = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
MOST_TRIES = 50
JOINED = "执法文书合集"


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A signed scan of a document."""

    id: int
    name: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A document that may not be printed yet, and what in it waits for a named person's word."""

    document: ListedDocument
    doubts: tuple[str, ...]


class FormFiles:
    """Makes files of documents and keeps what was signed."""

    DEPENDS_ON: ClassVar[frozenset[str]] = DocumentList.DEPENDS_ON | {"form_confirmation"}

    def __init__(
        self, store: Store, clock: Clock, forms: Forms, listed: DocumentList, attachments: Attachments
    ) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms
        self._listed = listed
        self._attachments = attachments

    # ---- paper ---------------------------------------------------------------------------------------------

    def unconfirmed(self, ids: Sequence[int]) -> list[Unconfirmed]:
        """Those that may not be printed, because nobody has confirmed what in them is doubtful."""
        found = []
        for row in self._listed.rows(ids):
            doubts = self._forms.doubts(row.form, row.dated_on)
            if doubts:
                found.append(Unconfirmed(row, tuple(doubt.text for doubt in doubts)))
        return found

    def for_paper(self, ids: Sequence[int], copies: int | None = 1, progress: Progress | None = None) -> Made:
        """The pages of documents in one file for the printer, each `copies` times, or as often as its form says (None).

        Refused while anything in one of them waits for confirmation.
        """
        waiting = self.unconfirmed(ids)
        if waiting:
            first = waiting[0]
            raise Refused("form_print_unconfirmed", title=first.document.title, said="；".join(first.doubts))
        return self._joined(self._listed.rows(ids), copies, progress or Progress())

    def _joined(self, rows: Sequence[ListedDocument], copies: int | None, progress: Progress) -> Made:
        import pypdfium2

        missing: set[str] = set()
        notes: dict[str, list[str]] = {}
        whole = pypdfium2.PdfDocument.new()
        try:
            for done, row in enumerate(rows):
                progress.step(done, len(rows), _name(row))
                made = self._forms.file(row.id)
                missing |= made.missing
                if made.note:
                    notes.setdefault(made.note, []).append(f"《{row.title}》{row.number}")
                _add(whole, made.content, self._forms.book.get(row.form).copies if copies is None else copies)
            progress.step(len(rows), len(rows), "正在合成")
            sink = io.BytesIO()
            whole.save(sink)
        finally:
            whole.close()
        return Made(sink.getvalue(), frozenset(missing), note="\n".join(_noted(*each) for each in notes.items()))

    # ---- files in a folder ---------------------------------------------------------------------------------

    def export(
        self, ids: Sequence[int], folder: Path, *, is_joined: bool = False, progress: Progress | None = None
    ) -> list[Path]:
        """PDF files of documents in a folder: one each, or all in one. No file that is there already is touched.

        Stopped by the user, nothing of it stays; stopped by the disk, what was written stays and is named.
        """
        said, rows = progress or Progress(), self._listed.rows(ids)
        written: list[Path] = []
        try:
            if is_joined:
                content = self._joined(rows, 1, said).content
                written.append(_written(folder, JOINED, ".pdf", content))
                return written
            for done, row in enumerate(rows):
                said.step(done, len(rows), _name(row))
                written.append(_written(folder, _name(row), ".pdf", self._forms.file(row.id).content))
            said.step(len(rows), len(rows), "已写完")
        except Cancelled:
            for path in written:
                held.unlink(path, missing_ok=True)
            raise
        except OSError as error:
            raise _stopped(error, folder, written, len(rows)) from error
        return written

    def pdf_out(self, document_id: int, path: Path) -> Path:
        """The PDF of one document as a file of a chosen name."""
        try:
            write_whole(path, self._forms.file(document_id).content)
        except OSError as error:
            raise _trouble(error, path) from error
        return path

    def word_out(self, document_id: int, folder: Path) -> Path:
        """The Word file of a document in a folder, under a name that is free: an older one may still be open in Word."""
        row = self._listed.rows([document_id])[0]
        content = self._forms.word(document_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return _written(folder, _name(row), ".docx", content)
        except OSError as error:
            raise _trouble(error, folder) from error

    # ---- signed scans --------------------------------------------------------------------------------------

    def scans(self, document_id: int) -> list[ScanRow]:
        """The signed scans of a document, oldest first."""
        with self._store.read() as session:
            wanted = select(Attachment).where(Attachment.subject_type == SCAN, Attachment.subject_id == document_id)
            return [
                ScanRow(each.id, each.name, each.size, each.added_at)
                for each in session.scalars(wanted.order_by(Attachment.id))
            ]

    def attach(self, document_id: int, paths: Iterable[Path]) -> list[int]:
        """Keep signed scans of an issued document. All of them are kept or none."""
        wanted = tuple(paths)
        for path in wanted:
            if path.suffix.lower() not in SCANS:
                raise Refused("form_scan_kind", name=path.name)
        row = self._listed.rows([document_id])[0]
        if row.status is DocumentStatus.DRAFT:
            raise Refused("form_scan_draft", title=row.title)
        kept = [(path, self._keep(path)) for path in wanted]
        with self._store.write(f"附《{row.title}》签字扫描件") as session:
            records = [
                Attachment(
                    sha256=sha256, name=path.name, size=self._attachments.path_of(sha256).stat().st_size,
                    subject_type=SCAN, subject_id=document_id, added_at=self._clock.now(),
                )
                for path, sha256 in kept
            ]  # fmt: skip
            session.add_all(records)
            session.flush()
            return [record.id for record in records]

    def detach(self, scan_id: int) -> None:
        """Take a scan off its document. The journal keeps that it was there; the file itself goes with a clean-up."""
        with self._store.write("去掉签字扫描件") as session:
            session.delete(session.get_one(Attachment, scan_id))

    def take_out(self, scan_id: int, folder: Path) -> Path:
        """A copy of a scan under its own name, to be opened with another program."""
        with self._store.read() as session:
            record = session.get_one(Attachment, scan_id)
            name, sha256 = record.name, record.sha256
        content = self._attachments.read(sha256)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return _written(folder, Path(name).stem, Path(name).suffix, content)
        except OSError as error:
            raise _trouble(error, folder) from error

    def keep_picture(self, path: Path) -> str:
        """Take in a picture for a page of photographs; the answer is its hash, which the field holds."""
        if path.suffix.lower() not in PICTURES:
            raise Refused("form_picture_kind", name=path.name)
        return self._keep(path)

    def _keep(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:
            raise Trouble("form_scan_unreadable", name=path.name, said=error.strerror or str(error)) from error
        return self._attachments.put(path)

    def picture(self, sha256: str) -> bytes:
        """A picture that was taken in."""
        return self._attachments.read(sha256)


def _add(whole: "PdfDocument", content: bytes, times: int) -> None:
    import pypdfium2

    part = pypdfium2.PdfDocument(content)
    try:
        for _ in range(max(1, times)):
            whole.import_pages(part)
    finally:
        part.close()


def _noted(note: str, papers: Sequence[str]) -> str:
    """A note, and which papers it is on."""
    return f"{papers[0]}{f' 等 {len(papers)} 份' if len(papers) > 1 else ''}：{note}"


def _name(row: ListedDocument) -> str:
    return " ".join(filter(None, (row.title, row.number, row.enterprise)))


def _written(folder: Path, name: str, suffix: str, content: bytes) -> Path:
    """Write under the first free name."""
    for turn in range(1, MOST_TRIES):
        more = f"（{turn}）" if turn > 1 else ""
        path = folder / safe_file_name(name, f"{more}{suffix}")
        if not path.exists():
            refuse_long(path)
            write_whole(path, content)
            return path
    raise Trouble("cannot_write", path=str(folder))


def _trouble(error: OSError, path: Path) -> Trouble:
    if error.errno == errno.ENOSPC:
        return Trouble("disk_full", path=str(path))
    code = "file_held" if held.is_held(error) else "cannot_write"
    return Trouble(code, path=str(path), said=error.strerror or str(error))


def _stopped(error: OSError, folder: Path, written: Sequence[Path], total: int) -> Trouble:
    reason = "磁盘已满" if error.errno == errno.ENOSPC else error.strerror or str(error)
    last = written[-1].name if written else "无"
    return Trouble("form_export_stopped", said=reason, count=len(written), total=total, folder=str(folder), last=last)
