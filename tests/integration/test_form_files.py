"""Documents as files and in lists: for the printer, in a folder, their signed scans, and the records they are for."""

import errno
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select
from test_forms import BEFORE, Desk, desk

from db.models import Attachment, GateEntry
from desktop.domain.errors import Refused, Trouble
from desktop.domain.form import DocumentStatus, RecordKind, Stage
from desktop.services import form_files
from desktop.services.document_list import DocumentFilter
from desktop.services.progress import Cancelled, Progress

__all__ = ["desk"]


@pytest.fixture
def visit(desk: Desk) -> int:
    enterprises = desk.services.enterprises
    enterprises.change(desk.enterprise, enterprises.draft(desk.enterprise))  # as registered: it can be looked up
    return desk.visited()


def pages(content: bytes) -> int:
    whole = pypdfium2.PdfDocument(content)
    try:
        return len(whole)
    finally:
        whole.close()


def three(desk: Desk, visit: int) -> list[int]:
    order = desk.ordered(visit)
    return [
        desk.issued("inspection_scheme", RecordKind.INSPECTION, visit),
        desk.issued("inspection_record", RecordKind.INSPECTION, visit),
        desk.issued("rectification_order", RecordKind.ORDER, order),
    ]


# ---- lists -------------------------------------------------------------------------------------------------


def test_documents_are_found_by_number_enterprise_initials_and_title(desk: Desk, visit: int) -> None:
    scheme, record, order = three(desk, visit)
    find = desk.services.documents
    rows = {row.id: row for row in find.rows(find.ids())}
    assert set(rows) == {scheme, record, order}
    assert rows[order].enterprise == "启东市宏达机械厂"
    assert find.ids(DocumentFilter(rows[order].number)) == [order]
    assert find.ids(DocumentFilter("宏达 zlxq")) == [order]  # 责令限期整改指令书
    assert find.ids(DocumentFilter("qdshd")) == find.ids()
    assert find.ids(DocumentFilter("没有的企业")) == []
    assert find.ids(DocumentFilter(stages=frozenset({Stage.HEARING}))) == []
    assert find.ids(DocumentFilter(forms=frozenset({"inspection_record"}))) == [record]
    assert find.ids(DocumentFilter(first_on=date(2023, 6, 6))) == []
    assert set(find.ids(DocumentFilter(last_on=BEFORE, sort=("number", False)))) == set(rows)
    assert find.counts() == {DocumentStatus.ISSUED: 3}
    desk.forms.void(record, "填错")
    assert record not in {row.id for row in find.find("宏达")}


def test_records_are_offered_by_enterprise_and_number(desk: Desk, visit: int) -> None:
    order = desk.ordered(visit)
    find = desk.services.documents
    for kind, record in (
        (RecordKind.ENTERPRISE, desk.enterprise), (RecordKind.INSPECTION, visit), (RecordKind.ORDER, order),
    ):  # fmt: skip
        assert [each.id for each in find.records(kind, "hdjx")] == [record]
        assert find.records(kind, "别家") == []
        known = find.record(kind, record)
        assert known is not None
        assert known.name.startswith("启东市宏达机械厂")
    assert len(find.records(RecordKind.HAZARD, "隐患2")) == 1
    assert find.records(RecordKind.CASE, "") == find.records(RecordKind.REINSPECTION, "") == []


def test_a_form_knows_its_record_in_the_chain_of_a_visit(desk: Desk, visit: int) -> None:
    find, start = desk.services.documents, (RecordKind.INSPECTION, visit)
    assert find.record_for("inspection_record", start) == start
    assert find.record_for("rectification_order", start) is None
    order = desk.ordered(visit)
    assert find.record_for("rectification_order", start) == (RecordKind.ORDER, order)
    assert find.record_for("inspection_record", (RecordKind.ORDER, order)) == start
    assert find.record_for("reinspection_opinion", (RecordKind.ORDER, order)) is None


def test_the_map_of_a_visit_counts_an_order_that_was_registered(desk: Desk, visit: int) -> None:
    """The visit's own chain names no order: its step stayed open although the order was given."""
    start = (RecordKind.INSPECTION, visit)

    def step() -> bool:
        found = next(each for each in desk.forms.steps("日常检查", start) if "rectification_order" in each.forms)
        assert found.documents == ()
        return found.is_done

    assert not step()
    order = desk.ordered(visit)
    assert step()
    desk.services.orders.void(order, "重开")
    assert not step()


# ---- paper -------------------------------------------------------------------------------------------------


def test_documents_go_to_paper_in_one_file_as_often_as_wanted(desk: Desk, visit: int) -> None:
    ids = three(desk, visit)
    singles = [pages(desk.forms.file(each).content) for each in ids]
    assert pages(desk.services.form_files.for_paper(ids).content) == sum(singles)
    assert pages(desk.services.form_files.for_paper(ids, 3).content) == 3 * sum(singles)
    by_form = [desk.forms.book.get(row.form).copies for row in desk.services.documents.rows(ids)]
    wanted = sum(count * copies for count, copies in zip(singles, by_form, strict=True))
    assert pages(desk.services.form_files.for_paper(ids, None).content) == wanted


def test_what_nobody_confirmed_is_not_printed(desk: Desk, visit: int) -> None:
    draft = desk.forms.save(
        desk.draft("enterprise_pledge", RecordKind.ENTERPRISE, desk.enterprise, dated_on=date(2026, 3, 2))
    )
    (waiting,) = desk.services.form_files.unconfirmed([draft])
    assert waiting.document.id == draft
    assert waiting.doubts
    with pytest.raises(Refused) as refused:
        desk.services.form_files.for_paper([draft])
    assert refused.value.code == "form_print_unconfirmed"
    desk.forms.confirmations.confirm("enterprise_pledge", date(2026, 3, 2), by="赵法制")
    assert desk.services.form_files.unconfirmed([draft]) == []
    assert pages(desk.services.form_files.for_paper([draft]).content) >= 1


def test_a_character_without_a_glyph_is_a_gate_that_is_logged(desk: Desk, visit: int) -> None:
    draft = desk.draft("inspection_record", RecordKind.INSPECTION, visit)
    odd = replace(draft, values={**draft.values, "place": "仓库\U0003134a"})
    assert "\U0003134a" in next(each for each in desk.forms.gates(odd) if each.gate.startswith("form_glyphs")).text
    with pytest.raises(Refused):
        desk.forms.issue(odd)
    desk.forms.issue(replace(odd, reasons={**odd.reasons, "form_glyphs.inspection_record": "手写补上"}))
    with desk.store.read() as session:
        kept = session.scalars(select(GateEntry).where(GateEntry.gate == "form_glyphs.inspection_record")).one()
    assert kept.reason == "手写补上"


# ---- files -------------------------------------------------------------------------------------------------


def test_documents_are_exported_one_by_one_or_in_one_and_nothing_is_written_over(
    desk: Desk, visit: int, tmp_path: Path
) -> None:
    ids = three(desk, visit)
    out = tmp_path / "导出"
    out.mkdir()
    written = desk.services.form_files.export(ids, out)
    assert [path.read_bytes() for path in written] == [desk.forms.file(each).content for each in ids]
    assert all("启东市宏达机械厂" in path.name for path in written)
    again = desk.services.form_files.export(ids[:1], out)
    assert again[0] != written[0]
    (joined,) = desk.services.form_files.export(ids, out, is_joined=True)
    assert pages(joined.read_bytes()) == sum(pages(path.read_bytes()) for path in written)


def test_a_cancelled_export_leaves_nothing(desk: Desk, visit: int, tmp_path: Path) -> None:
    ids = three(desk, visit)
    progress = Progress(lambda done, _total, _label: progress.cancel() if done == 1 else None)
    with pytest.raises(Cancelled):
        desk.services.form_files.export(ids, tmp_path, progress=progress)
    assert list(tmp_path.glob("*.pdf")) == []


@pytest.fixture
def _full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with room for two more files."""
    left = [2]
    real = form_files.write_whole

    def write(target: Path, content: bytes) -> None:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        real(target, content)

    monkeypatch.setattr(form_files, "write_whole", write)


@pytest.mark.usefixtures("_full_disk")
def test_a_full_disk_in_the_middle_leaves_what_was_written_and_names_it(desk: Desk, visit: int, tmp_path: Path) -> None:
    ids = three(desk, visit)
    with pytest.raises(Trouble) as stopped:
        desk.services.form_files.export(ids, tmp_path)
    assert stopped.value.code == "form_export_stopped"
    assert (stopped.value.facts["count"], stopped.value.facts["total"]) == (2, 3)
    kept = sorted(path.name for path in tmp_path.glob("*.pdf"))
    assert len(kept) == 2
    assert stopped.value.facts["last"] in kept


def test_word_files_take_a_free_name(desk: Desk, visit: int, tmp_path: Path) -> None:
    record = desk.issued("inspection_record", RecordKind.INSPECTION, visit)
    first = desk.services.form_files.word_out(record, tmp_path / "out")
    second = desk.services.form_files.word_out(record, tmp_path / "out")
    assert first != second
    assert first.read_bytes()[:2] == second.read_bytes()[:2] == b"PK"


# ---- scans -------------------------------------------------------------------------------------------------


def test_signed_scans_are_kept_with_the_document(desk: Desk, visit: int, tmp_path: Path) -> None:
    files = desk.services.form_files
    draft = desk.forms.save(desk.draft("inspection_record", RecordKind.INSPECTION, visit))
    scan = tmp_path / "签字件.pdf"
    scan.write_bytes(b"%PDF-1.4 signed")
    with pytest.raises(Refused, match="form_scan_draft"):
        files.attach(draft, [scan])
    record = desk.issued("inspection_record", RecordKind.INSPECTION, visit)
    (kept,) = files.attach(record, [scan])
    (row,) = files.scans(record)
    assert (row.name, row.size) == ("签字件.pdf", 15)
    assert desk.services.documents.rows([record])[0].scans == 1
    copy = files.take_out(kept, tmp_path / "out")
    assert copy.read_bytes() == scan.read_bytes()
    files.detach(kept)
    assert files.scans(record) == []
    desk.store.undo()
    assert [each.name for each in files.scans(record)] == ["签字件.pdf"]


def test_a_scan_that_cannot_be_read_loses_nothing(desk: Desk, visit: int, tmp_path: Path) -> None:
    files = desk.services.form_files
    record = desk.issued("inspection_record", RecordKind.INSPECTION, visit)
    good = tmp_path / "一.jpg"
    good.write_bytes(b"\xff\xd8")
    with pytest.raises(Trouble) as trouble:
        files.attach(record, [good, tmp_path / "不在.pdf"])
    assert trouble.value.code == "form_scan_unreadable"
    with pytest.raises(Refused, match="form_scan_kind"):
        files.attach(record, [tmp_path / "表.xlsx"])
    assert files.scans(record) == []


def test_a_picture_in_a_document_is_taken_along_by_backups(desk: Desk, visit: int, tmp_path: Path) -> None:
    """Backups take what attachments name: a picture that only stood in the document would have been lost."""
    from PIL import Image

    path = tmp_path / "现场.png"
    Image.new("RGB", (40, 30), "red").save(path)
    sha256 = desk.services.form_files.keep_picture(path)
    draft = desk.forms.new("photo_evidence_page", (RecordKind.INSPECTION, visit))
    wanted = replace(draft, values={**draft.values, "photo": sha256})
    document = desk.forms.save(wanted)
    desk.forms.save(wanted, document)
    with desk.store.read() as session:
        kept = session.scalars(select(Attachment).where(Attachment.sha256 == sha256)).all()
    assert [(each.subject_type, each.subject_id) for each in kept] == [("form_picture", document)]
    assert desk.services.form_files.scans(document) == []
