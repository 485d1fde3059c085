"""Photos taken in, told apart, shown and given out again: on real files, the good and the bad."""

import hashlib
import io
import os
import random
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from pictures_for_tests import encoded, exif, jpeg, scene
from PIL import Image, ImageDraw

from db import backup
from db.attachments import Attachments
from db.store import Store
from desktop.domain.errors import Refused, Trouble
from desktop.domain.form import RecordKind
from desktop.domain.order import OfficeMode
from desktop.domain.photo import NEAR, PhotoOwner, PhotoRole, TwinKind, distance
from desktop.exchange import picture
from desktop.services.clock import Clock
from desktop.services.forms import Forms
from desktop.services.obligations import Obligations
from desktop.services.office import OfficeDraft, Offices, PowerDraft
from desktop.services.photos import AddedLine, NewPhoto, Photos, PhotoSubject
from desktop.services.progress import Cancelled, Progress
from desktop.services.rules import rule_book, shipped_calendar
from desktop.text import sentence

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


@pytest.fixture
def photos(store: Store, data_folder: Path, clock: Clock) -> Photos:
    return Photos(store, data_folder, clock)


@pytest.fixture
def enterprise(store: Store) -> int:
    return builders.an_enterprise(store, "启东市惠萍精密机械厂")


@pytest.fixture
def hazard(store: Store, enterprise: int) -> PhotoSubject:
    return PhotoSubject(PhotoOwner.HAZARD, builders.a_hazard(store, enterprise, location="冲压车间"))


@pytest.fixture
def elsewhere(store: Store) -> PhotoSubject:
    owner = builders.an_enterprise(store, "启东市通达塑料厂")
    return PhotoSubject(PhotoOwner.HAZARD, builders.a_hazard(store, owner, description="粉尘未清理"))


def kept(folder: Path) -> list[str]:
    return list(Attachments(folder / "attachments").kept())


def add(photos: Photos, subject: PhotoSubject, *contents: bytes, role: PhotoRole = PhotoRole.BEFORE) -> list[AddedLine]:
    files = [NewPhoto(f"IMG_{number}.jpg", content) for number, content in enumerate(contents)]
    return photos.add(files, subject, role)


def said(line: AddedLine) -> str:
    assert line.photo_id is None
    assert line.problem is not None
    return sentence(line.problem)


# ---- taking in


def test_a_photo_is_kept_as_it_came_with_time_and_size(
    photos: Photos, hazard: PhotoSubject, store: Store, data_folder: Path, enterprise: int, tmp_path: Path
) -> None:
    content = jpeg(1, exif=exif("2026:03:01 15:20:30"))
    file = tmp_path / "现场 照片.jpg"
    file.write_bytes(content)
    (line,) = photos.add([NewPhoto(file.name, file)], hazard, PhotoRole.BEFORE)
    assert line.is_good
    (row,) = photos.of(hazard)
    assert (row.name, row.width, row.height, row.role) == ("现场 照片.jpg", 640, 480, PhotoRole.BEFORE)
    assert row.taken_at == datetime(2026, 3, 1, 15, 20, 30)
    assert (row.enterprise_id, row.added_by, row.size) == (enterprise, "张三", len(content))
    assert Attachments(data_folder / "attachments").read(row.sha256) == content
    assert file.read_bytes() == content


def test_a_photo_of_a_hazard_is_found_by_its_inspection(photos: Photos, store: Store, enterprise: int) -> None:
    visit = builders.an_inspection(store, enterprise)
    subject = PhotoSubject(PhotoOwner.HAZARD, builders.a_hazard(store, enterprise, inspection_id=visit))
    add(photos, subject, jpeg(1))
    with store.read() as session:
        found = session.connection().exec_driver_sql("SELECT enterprise_id, inspection_id FROM photo").one()
    assert tuple(found) == (enterprise, visit)
    add(photos, PhotoSubject(PhotoOwner.INSPECTION, visit), jpeg(2), role=PhotoRole.SCENE)
    assert [each.record for each in photos.of_inspection(visit)] == ["隐患：配电箱未上锁", "检查 2026-03-02 周一"]


def test_a_picture_that_lies_on_its_side_is_shown_upright(photos: Photos, hazard: PhotoSubject) -> None:
    lying = scene(2)
    add(photos, hazard, encoded(lying, exif=exif(orientation=6), quality=90))
    (row,) = photos.of(hazard)
    assert (row.width, row.height) == (480, 640)
    shown = Image.open(io.BytesIO(photos.view(row.sha256, 400)))
    assert shown.size == (300, 400)
    turned = lying.transpose(Image.Transpose.ROTATE_270)
    assert distance(int(picture.likeness_of(shown) or "", 16), int(picture.likeness_of(turned) or "", 16)) <= NEAR


@pytest.mark.parametrize(
    ("taken", "offset", "expected"),
    [
        ("2026:03:01 15:20:30", "+08:00", datetime(2026, 3, 1, 15, 20, 30)),
        ("2026:03:01 15:20:30", "+00:00", datetime(2026, 3, 1, 23, 20, 30)),
        ("2026:03:01 15:20:30", "-05:00", datetime(2026, 3, 2, 4, 20, 30)),
        ("0000:00:00 00:00:00", "", None),
        ("昨天", "", None),
        ("", "", None),
    ],
)
def test_the_time_is_that_of_the_office(taken: str, offset: str, expected: datetime | None) -> None:
    assert picture.read(jpeg(1, exif=exif(taken, offset))).taken_at == expected


def test_a_batch_is_one_act_and_everything_good_goes_in(
    photos: Photos, hazard: PhotoSubject, store: Store, tmp_path: Path
) -> None:
    files = [
        NewPhoto("一.jpg", jpeg(1)),
        NewPhoto("坏.jpg", jpeg(2)[:9000]),
        NewPhoto("没有了.jpg", tmp_path / "没有了.jpg"),
        NewPhoto("二.jpg", jpeg(3)),
        NewPhoto("又一.jpg", jpeg(1)),
    ]
    lines = photos.add(files, hazard, PhotoRole.BEFORE)
    assert [line.photo_id is not None for line in lines] == [True, False, False, True, False]
    assert "不完整" in said(lines[1])
    assert "读不到" in said(lines[2])
    assert "没有重复添加" in said(lines[4])
    assert store.undoable is not None
    assert store.undoable.title == "添加整改前照片"
    store.undo()
    assert photos.of(hazard) == []
    store.redo()
    assert [row.name for row in photos.of(hazard)] == ["一.jpg", "二.jpg"]
    assert photos.thumbnail(photos.of(hazard)[0].sha256)


def test_nothing_goes_to_a_record_that_is_gone(photos: Photos, data_folder: Path) -> None:
    with pytest.raises(Refused, match="photo_no_record"):
        add(photos, PhotoSubject(PhotoOwner.HAZARD, 999), jpeg(1))
    assert kept(data_folder) == []


def test_other_records_have_photos_too(photos: Photos, store: Store, enterprise: int) -> None:
    visit = PhotoSubject(PhotoOwner.INSPECTION, builders.an_inspection(store, enterprise))
    add(photos, visit, jpeg(1), role=PhotoRole.SCENE)
    assert [row.enterprise_id for row in photos.of(visit)] == [enterprise]
    assert photos.placed([photos.of(visit)[0].id])[0].record == "检查 2026-03-02 周一"
    other = PhotoSubject(PhotoOwner.INSPECTION, builders.an_inspection(store, enterprise))
    assert photos.of(other) == []  # nothing of the last visit comes along


# ---- faults


def _bomb() -> bytes:
    """A small file that says it is a picture of 40,000 by 40,000 points."""
    whole = bytearray(encoded(Image.new("L", (8, 8))))
    at = whole.index(b"\xff\xc0") + 5
    whole[at : at + 4] = (40000).to_bytes(2, "big") * 2
    return bytes(whole)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(lambda: b"", "空的", id="empty"),
        pytest.param(lambda: jpeg(1)[:6000], "不完整或已损坏", id="truncated jpeg"),
        pytest.param(lambda: encoded(scene(1), "PNG")[:9000], "不完整或已损坏", id="truncated png"),
        pytest.param(lambda: b"MZ\x90\x00" + b"\x00" * 500, "是一个程序", id="renamed exe"),
        pytest.param(lambda: b"hello, this is no picture at all", "不是能看的照片", id="text"),
        pytest.param(lambda: b"PK\x03\x04" + b"\x00" * 500, "不是能看的照片", id="zip"),
        pytest.param(lambda: HEIC, "HEIC", id="heic"),
        pytest.param(_bomb, "1600 百万像素", id="too many points"),
        pytest.param(lambda: b"%PDF-1.4\nrubbish", "PDF 打不开", id="damaged pdf"),
    ],
)
def test_each_fault_has_its_sentence_and_leaves_nothing(
    photos: Photos, hazard: PhotoSubject, store: Store, data_folder: Path, content: Callable[[], bytes], words: str
) -> None:
    (line,) = add(photos, hazard, content())
    assert words in said(line)
    assert photos.of(hazard) == []
    assert kept(data_folder) == []


def test_two_hundred_megapixels_are_read_scaled(photos: Photos, hazard: PhotoSubject) -> None:
    """As a telephone takes them: grey, so that making it for the test takes no half a gigabyte."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        large = encoded(Image.new("L", (16320, 12240), 128), quality=30)
    (line,) = add(photos, hazard, large)
    assert line.photo_id is not None
    (row,) = photos.of(hazard)
    assert row.width == 16320
    assert max(Image.open(io.BytesIO(photos.thumbnail(row.sha256))).size) == picture.THUMBNAIL


@pytest.mark.parametrize(
    ("mode", "format_"),
    [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("P", "GIF"), ("LA", "PNG"), ("I;16", "PNG"), ("1", "TIFF"), ("RGBA", "WEBP")],
)
def test_unusual_colours_are_shown_and_the_original_stays(
    photos: Photos, hazard: PhotoSubject, data_folder: Path, mode: str, format_: str
) -> None:
    original = scene(4).convert("L").convert(mode) if mode == "I;16" else scene(4).convert(mode)
    content = encoded(original, format_)
    (line,) = add(photos, hazard, content)
    assert line.photo_id is not None, line.problem
    (row,) = photos.of(hazard)
    shown = Image.open(io.BytesIO(photos.view(row.sha256, 300)))
    assert (shown.format, shown.mode) == ("JPEG", "RGB")
    assert Attachments(data_folder / "attachments").read(row.sha256) == content
    assert row.name.endswith(picture.ENDINGS[format_])


def test_a_picture_with_the_ending_of_a_program_is_a_picture(photos: Photos, hazard: PhotoSubject) -> None:
    (line,) = photos.add([NewPhoto("照片.exe", jpeg(1))], hazard, PhotoRole.SCENE)
    assert line.photo_id is not None
    assert photos.of(hazard)[0].name == "照片.exe.jpg"


def test_a_heic_is_kept_as_a_file_when_that_is_wanted(photos: Photos, hazard: PhotoSubject) -> None:
    (line,) = photos.add([NewPhoto("IMG_1.HEIC", HEIC)], hazard, PhotoRole.SCENE, keeps_unshown=True)
    assert line.photo_id is not None
    (row,) = photos.of(hazard)
    assert (row.name, row.width) == ("IMG_1.HEIC", None)
    assert photos.thumbnail(row.sha256) == b""


def test_a_pdf_is_a_scan_with_its_first_page(photos: Photos, hazard: PhotoSubject) -> None:
    (line,) = photos.add([NewPhoto("送达回证.pdf", PDF)], hazard, PhotoRole.BEFORE)
    assert line.photo_id is not None
    (row,) = photos.of(hazard)
    assert row.is_pdf
    assert row.role is PhotoRole.SCAN
    assert Image.open(io.BytesIO(photos.thumbnail(row.sha256))).size[1] == picture.THUMBNAIL


def test_a_file_that_another_program_holds_is_told(
    photos: Photos, hazard: PhotoSubject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "扫描.jpg"
    file.write_bytes(jpeg(1))

    def refuse(_self: Path) -> bytes:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (line,) = photos.add([NewPhoto(file.name, file)], hazard, PhotoRole.SCAN)
    assert "占用" in said(line)


def test_a_full_disk_leaves_nothing_and_the_next_try_nothing_double(
    photos: Photos, hazard: PhotoSubject, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [NewPhoto("一.jpg", jpeg(1)), NewPhoto("二.jpg", jpeg(2))]
    real = os.fsync

    def full(handle: int) -> None:
        if kept(data_folder):  # the first file is there: there was room for no more
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble, match="disk_full"):
        photos.add(files, hazard, PhotoRole.BEFORE)
    monkeypatch.setattr(os, "fsync", real)
    assert photos.of(hazard) == []
    assert kept(data_folder) == []
    assert all(line.is_good for line in photos.add(files, hazard, PhotoRole.BEFORE))
    assert len(kept(data_folder)) == len(photos.of(hazard)) == 2


def test_cancel_leaves_nothing(photos: Photos, hazard: PhotoSubject, data_folder: Path) -> None:
    progress = Progress(lambda done, _total, _words: progress.cancel() if done == 2 else None)
    with pytest.raises(Cancelled):
        photos.add([NewPhoto(f"{n}.jpg", jpeg(n)) for n in range(4)], hazard, PhotoRole.BEFORE, progress)
    assert photos.of(hazard) == []
    assert kept(data_folder) == []


def test_a_failed_batch_does_not_touch_what_was_there(
    photos: Photos, hazard: PhotoSubject, elsewhere: PhotoSubject, data_folder: Path
) -> None:
    add(photos, hazard, jpeg(1))
    progress = Progress(lambda done, _total, _words: progress.cancel() if done == 1 else None)
    with pytest.raises(Cancelled):
        photos.add([NewPhoto("一.jpg", jpeg(1)), NewPhoto("二.jpg", jpeg(2))], elsewhere, PhotoRole.BEFORE, progress)
    assert kept(data_folder) == [photos.of(hazard)[0].sha256]


@pytest.mark.parametrize("seed", range(3))
def test_rubbish_never_stops_the_batch(photos: Photos, hazard: PhotoSubject, seed: int) -> None:
    """Files with bytes thrown about: each is taken in or refused with a sentence."""
    chance = random.Random(seed)
    sources = [jpeg(1, (200, 150)), encoded(scene(1, (200, 150)), "PNG"), encoded(scene(1, (200, 150)), "WEBP"),
               encoded(scene(1, (200, 150)), "TIFF"), encoded(scene(1, (200, 150)), "GIF"), PDF, HEIC]  # fmt: skip
    files = []
    for number in range(60):
        content = bytearray(chance.choice(sources))
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(min(len(content), 400))] = chance.randrange(256)
        files.append(NewPhoto(f"{number}.jpg", bytes(content[: chance.randrange(1, len(content) + 1)])))
    lines = photos.add(files, hazard, PhotoRole.SCENE)
    assert len(lines) == 60
    assert all(line.photo_id or sentence(line.problem) for line in lines if line.problem or line.photo_id)
    assert len(photos.of(hazard)) == sum(line.photo_id is not None for line in lines)


# ---- the same picture twice


def test_the_same_file_elsewhere_is_taken_in_and_told(
    photos: Photos, hazard: PhotoSubject, elsewhere: PhotoSubject
) -> None:
    add(photos, hazard, jpeg(1))
    (line,) = add(photos, elsewhere, jpeg(1))
    assert line.photo_id is not None
    assert line.same is not None
    assert (line.same.enterprise, line.same.record) == ("启东市惠萍精密机械厂", "隐患：配电箱未上锁")


def _reused(seed: int) -> list[bytes]:
    """A scene as it comes back: packed harder, smaller, with a mark on it."""
    marked = scene(seed, (800, 600))
    ImageDraw.Draw(marked).text((14, 570), "2026-03-02 09:41", fill="yellow", font_size=20)
    return [
        jpeg(seed, (800, 600), quality=35),
        encoded(scene(seed, (800, 600)).resize((400, 300)), quality=70),
        encoded(marked, quality=80),
    ]


def test_a_picture_made_anew_is_still_the_same(photos: Photos, hazard: PhotoSubject, elsewhere: PhotoSubject) -> None:
    for seed in range(2):
        add(photos, hazard, jpeg(seed, (800, 600), quality=92))
        for content in _reused(seed):
            (line,) = add(photos, elsewhere, content)
            assert line.near is not None
    lines = add(photos, elsewhere, *(jpeg(seed, (800, 600)) for seed in range(50, 53)))
    assert all(line.is_good for line in lines)
    groups = photos.twins()
    assert [len(group.photos) for group in groups] == [4, 4]
    assert {group.kind for group in groups} == {TwinKind.OTHER_ENTERPRISE}
    assert not any(group.is_exact for group in groups)


def test_a_photo_before_that_serves_as_the_one_after_comes_first(
    photos: Photos, hazard: PhotoSubject, elsewhere: PhotoSubject
) -> None:
    add(photos, elsewhere, jpeg(7))
    add(photos, hazard, jpeg(7), jpeg(8, (800, 600), quality=92))
    (line,) = add(photos, hazard, jpeg(8, (800, 600), quality=40), role=PhotoRole.AFTER)
    assert line.near is not None
    groups = photos.twins()
    assert [group.kind for group in groups] == [TwinKind.BEFORE_AS_AFTER, TwinKind.OTHER_ENTERPRISE]
    assert [group.is_exact for group in groups] == [False, True]


def test_two_shots_of_one_finding_are_no_news_when_they_come(photos: Photos, hazard: PhotoSubject) -> None:
    add(photos, hazard, jpeg(1, quality=92))
    (line,) = add(photos, hazard, jpeg(1, quality=60))
    assert line.is_good
    assert [group.kind for group in photos.twins()] == [TwinKind.SAME_RECORD]


def test_blank_pages_and_scans_are_not_taken_for_one_another(
    photos: Photos, hazard: PhotoSubject, elsewhere: PhotoSubject
) -> None:
    add(photos, hazard, encoded(Image.new("RGB", (300, 400), "white")))
    add(photos, elsewhere, encoded(Image.new("RGB", (400, 300), "white")))
    add(photos, hazard, jpeg(5, quality=90), role=PhotoRole.SCAN)
    add(photos, elsewhere, jpeg(5, quality=50), role=PhotoRole.SCAN)
    assert photos.twins() == []
    photos.add([NewPhoto("回证.pdf", PDF)], hazard, PhotoRole.SCAN)
    (line,) = photos.add([NewPhoto("回证.pdf", PDF)], elsewhere, PhotoRole.SCAN)
    assert line.same is not None
    assert [group.is_exact for group in photos.twins()] == [True]


# ---- changing and giving out


def test_note_and_role_are_acts_that_can_be_undone(photos: Photos, hazard: PhotoSubject, store: Store) -> None:
    add(photos, hazard, jpeg(1), jpeg(2))
    ids = [row.id for row in photos.of(hazard)]
    photos.set_note(ids[0], " 配电箱 ")
    photos.set_role(ids[1:], PhotoRole.AFTER)
    assert [(row.note, row.role) for row in photos.of(hazard)] == [("配电箱", PhotoRole.BEFORE), ("", PhotoRole.AFTER)]
    store.undo()
    assert {row.role for row in photos.of(hazard)} == {PhotoRole.BEFORE}


def test_a_photo_taken_away_comes_back_by_undo(photos: Photos, hazard: PhotoSubject, store: Store) -> None:
    add(photos, hazard, jpeg(1))
    before = photos.of(hazard)
    photos.take_away([before[0].id])
    assert photos.of(hazard) == []
    store.undo()
    assert photos.of(hazard) == before
    assert photos.view(before[0].sha256, 100)


def test_small_pictures_are_made_again_and_are_in_no_backup(
    photos: Photos, hazard: PhotoSubject, store: Store, data_folder: Path, tmp_path: Path
) -> None:
    add(photos, hazard, jpeg(1))
    sha256 = photos.of(hazard)[0].sha256
    small = next((data_folder / "cache").rglob("*.jpg"))
    made = photos.thumbnail(sha256)
    small.write_bytes(made[:500])  # the power failed while it was written
    again = photos.thumbnail(sha256)
    assert Image.open(io.BytesIO(again)).size == Image.open(io.BytesIO(made)).size
    assert small.read_bytes() == again
    kept_files = Attachments(data_folder / "attachments")
    path = tmp_path / "备份.zip"
    backup.make(store.path, kept_files, path, made_at=datetime(2026, 3, 2, 10), reason="hand")
    with zipfile.ZipFile(path) as archive:
        assert {name.rpartition("/")[2] for name in archive.namelist() if "attachments/" in name} == {sha256}
        assert not any("cache" in name for name in archive.namelist())


def test_export_gives_the_originals_and_overwrites_nothing(
    photos: Photos, hazard: PhotoSubject, tmp_path: Path, data_folder: Path
) -> None:
    contents = [jpeg(1, exif=exif("2026:02:28 08:00:00")), jpeg(2)]
    add(photos, hazard, *contents)
    ids = [row.id for row in photos.of(hazard)]
    target = tmp_path / "导出"
    assert photos.export(ids, target).count == 2
    files = sorted(target.iterdir())
    assert sorted(file.read_bytes() for file in files) == sorted(contents)
    assert files[0].name == f"启东市惠萍精密机械厂_隐患{hazard.id}_整改前_20260228_001.jpg"
    files[0].write_bytes(b"mine")
    photos.export(ids, target)
    assert files[0].read_bytes() == b"mine"
    assert len(list(target.iterdir())) == 3  # the other is there already and is not written twice
    made = photos.export(ids, tmp_path / "照片.zip")
    with zipfile.ZipFile(made.target) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
    Attachments(data_folder / "attachments").path_of(photos.of(hazard)[0].sha256).unlink()
    assert photos.export(ids, tmp_path / "再来").missing == ("IMG_0.jpg",)
    with pytest.raises(Refused, match="photo_none"):
        photos.export([], target)


# ---- papers


@pytest.fixture
def forms(store: Store, clock: Clock, photos: Photos) -> Forms:
    obligations = Obligations(store, clock, rule_book(), shipped_calendar)
    offices = Offices(store, clock, obligations)
    offices.establish(
        OfficeDraft("惠萍镇", "320681115", "启东市", "启东市应急管理局"),
        PowerDraft(OfficeMode.DELEGATED, date(2019, 3, 1), basis="委托书"),
    )
    return Forms(store, clock, offices, photos.for_paper)


def test_the_page_of_evidence_is_filled_from_photo_and_finding(
    photos: Photos, forms: Forms, store: Store, enterprise: int
) -> None:
    visit = builders.an_inspection(store, enterprise)
    subject = PhotoSubject(
        PhotoOwner.HAZARD, builders.a_hazard(store, enterprise, inspection_id=visit, location="冲压车间")
    )
    add(photos, subject, encoded(scene(1), exif=exif("2026:03:01 15:20:30", orientation=6)), jpeg(2))
    rows = photos.of(subject)
    draft = photos.evidence_draft(forms, rows[0].id)
    assert (draft.record_kind, draft.record_id) == (RecordKind.INSPECTION, visit)
    assert draft.dated_on == date(2026, 3, 1)
    assert draft.values["photo"] == rows[0].sha256
    assert draft.values["taken_at"] == "2026-03-01T15:20"
    assert draft.values["place"] == "启东市惠萍精密机械厂冲压车间"
    assert draft.values["content"] == "配电箱未上锁"
    assert "taken_at" not in photos.evidence_draft(forms, rows[1].id).values  # what is not known is not made up
    made = forms.preview(draft).content
    assert len(made) > len(forms.preview(photos.evidence_draft(forms, rows[1].id)).content) // 4
    upright = Image.open(io.BytesIO(photos.for_paper(rows[0].sha256)))
    assert upright.size == (480, 640)
    ids = photos.make_evidence(forms, [row.id for row in rows])
    assert [forms.detail(each).values["photo"] for each in ids] == [row.sha256 for row in rows]
    assert store.undoable is not None
    assert store.undoable.title == "生成《证据照片页》草稿"


def test_a_photo_may_be_taken_away_from_its_record_while_a_document_keeps_it(
    photos: Photos, forms: Forms, hazard: PhotoSubject
) -> None:
    add(photos, hazard, jpeg(1))
    (row,) = photos.of(hazard)
    (document,) = photos.make_evidence(forms, [row.id])
    before = forms.file(document).content
    photos.take_away([row.id])
    assert photos.of(hazard) == []
    assert forms.file(document).content == before


def test_paper_takes_a_plain_original_as_it_is(photos: Photos, hazard: PhotoSubject) -> None:
    content = jpeg(1)
    add(photos, hazard, content)
    assert photos.for_paper(hashlib.sha256(content).hexdigest()) == content
