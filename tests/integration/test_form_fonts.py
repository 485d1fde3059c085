"""Official papers in the fonts of Windows: which are taken, which are refused, and the same paper again elsewhere."""

import os
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from fake_fonts import a_collection, a_font, an_opentype_font, wording
from form_examples import ISSUER, ON, long_example
from test_forms import Desk, desk
from test_forms_sample import assert_nothing_overlaps_or_leaves_the_page

from db.models import FormDocument
from desktop.documents import fonts, machine_fonts
from desktop.documents.fonts import FontSet, Role
from desktop.documents.forms.compose import Filling, compose
from desktop.documents.forms.page import Document
from desktop.documents.forms.pdf import missing_glyphs, pdf
from desktop.domain.form import FontChoice, RecordKind
from desktop.services.form_book import form_book
from desktop.services.form_fonts import FormFonts
from desktop.services.forms import FormDraft, Forms, Likeness
from desktop.system.font_folders import font_folders

__all__ = ["desk"]

FORM = "rectification_order"
LAID_OUT = (FORM, "inspection_record", "case_filing_approval", "service_receipt")
WORDS = "启东市宏达机械厂喷涂车间隐患惠萍镇应急管理局苏启鑫" + "".join(
    f"{wording(form)}{long_example(form_book().get(form))}{ISSUER}" for form in LAID_OUT
)
"""What the fonts here have; the same in all of them, for cutting a font takes its time."""
EMBEDDABLE = (0x0000, 0x0004, 0x0008)
NOT_EMBEDDABLE = (0x0002, 0x0100, 0x0200, 0x0108)


@pytest.fixture(scope="module")
def fang(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_font(tmp_path_factory.mktemp("fang") / "simfang.ttf", WORDS).read_bytes()


@pytest.fixture
def windows(tmp_path: Path, fang: bytes) -> Path:
    """A folder with 仿宋 alone."""
    return a_folder(tmp_path / "Fonts", fang)


def a_folder(folder: Path, fang: bytes | None = None, name: str = "simfang.ttf") -> Path:
    folder.mkdir()
    if fang is not None:
        (folder / name).write_bytes(fang)
    return folder


def names(chosen: FontSet) -> dict[Role, str]:
    return {role: Path(name).name for role, name in chosen.roles.items()}


def body_of(*folders: Path) -> str:
    return names(machine_fonts.machine(folders))[Role.BODY]


def a_document(said: str = "") -> Document:
    values = {"company": f"启东市宏达机械厂{said}", "problems": ["喷涂车间隐患1"]}
    return compose(
        form_book(),
        form_book().get(FORM),
        Filling(values, {"dept": "启东市应急管理局", "prefix": "苏启"}, date(2023, 6, 5)),
    )


def text_of(content: bytes) -> str:
    file = pypdfium2.PdfDocument(content)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in file)
    finally:
        file.close()


# ---- which are taken ---------------------------------------------------------------------------------------


def test_the_fonts_of_windows_come_before_the_bundled_ones(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "Fonts")
    for file, family in (
        ("simfang.ttf", "FangSong"), ("simhei.ttf", "SimHei"), ("simkai.ttf", "KaiTi"), ("FZXBSJW.TTF", "FZXiaoBiaoSong-B05S"),
    ):  # fmt: skip
        a_font(folder / file, family=family)
    told = names(machine_fonts.machine((folder,)))
    assert (told[Role.BODY], told[Role.HEADING], told[Role.KAI], told[Role.TITLE]) == (
        "simfang.ttf#0", "simhei.ttf#0", "simkai.ttf#0", "FZXBSJW.TTF#0",
    )  # fmt: skip
    assert told[Role.PLAIN] == fonts.bundled().roles[Role.PLAIN]


def test_what_windows_lacks_is_bundled(windows: Path) -> None:
    chosen = machine_fonts.machine((windows,))
    assert {role for role in Role if chosen.roles[role] != fonts.bundled().roles[role]} == {Role.BODY}
    assert machine_fonts.machine(()) is fonts.bundled()
    assert machine_fonts.machine((windows / "gone",)) is fonts.bundled()


def test_the_next_in_order_is_taken_the_users_own_folder_included(tmp_path: Path, fang: bytes) -> None:
    system, own = a_folder(tmp_path / "system"), a_folder(tmp_path / "own")
    a_font(own / "ZhuqueFangsong-Regular.ttf", family="Zhuque Fangsong (technical preview)")
    assert body_of(system, own) == "ZhuqueFangsong-Regular.ttf#0"
    third = a_folder(tmp_path / "third")
    a_font(third / "仿宋_GB2312.ttf", family="FangSong_GB2312")
    assert body_of(system, third, own) == "仿宋_GB2312.ttf#0"
    assert body_of(third, own, a_folder(tmp_path / "last", fang)) == "simfang.ttf#0"


def test_a_file_that_only_calls_itself_so_is_not_taken(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "Fonts")
    a_font(folder / "FZXBSK.TTF", family="Some Latin Font")
    assert machine_fonts.machine((folder,)) is fonts.bundled()


@pytest.mark.parametrize("kind", [*EMBEDDABLE, *NOT_EMBEDDABLE], ids=hex)
def test_only_what_may_be_embedded_and_cut_is_taken(kind: int, tmp_path: Path) -> None:
    a_font(tmp_path / "simfang.ttf", fs_type=kind)
    assert (body_of(tmp_path) == "simfang.ttf#0") is (kind in EMBEDDABLE)


@pytest.mark.parametrize("flaw", ["empty", "text", "head only", "cut off", "outlines", "postscript", "folder", "held"])
def test_a_font_that_cannot_be_used_is_passed_over(flaw: str, tmp_path: Path, fang: bytes) -> None:
    first, second = a_folder(tmp_path / "first"), a_folder(tmp_path / "second", fang)
    file = first / "simfang.ttf"
    match flaw:
        case "postscript":
            an_opentype_font(file)
        case "folder":
            file.mkdir()
        case "outlines":
            middle = len(fang) // 2
            file.write_bytes(fang[:middle] + bytes(64) + fang[middle + 64 :])
        case "held":
            file.write_bytes(fang)
            machine_fonts.files((first, second))  # seen, and gone when it is read
            file.unlink()
        case _:
            file.write_bytes({"empty": b"", "text": b"a note", "head only": fang[:400], "cut off": fang[:-5000]}[flaw])
    name = machine_fonts.machine((first, second)).roles[Role.BODY]
    assert name == fonts.machine_name(second / "simfang.ttf")


def test_a_font_without_the_common_characters_is_passed_over(tmp_path: Path) -> None:
    """One whose map of characters is not Unicode, or a font of another script under that name."""
    a_font(tmp_path / "simfang.ttf", blank="整")
    assert machine_fonts.machine((tmp_path,)) is fonts.bundled()


def test_a_collection_gives_its_first_font(tmp_path: Path) -> None:
    a_collection(tmp_path / "simsun.ttc", "淼")
    first = fonts.machine_name(tmp_path / "simsun.ttc")
    assert machine_fonts.machine((tmp_path,)).chain[0] == first
    assert ord("淼") not in fonts.characters(first)
    assert ord("淼") in fonts.characters(fonts.machine_name(tmp_path / "simsun.ttc", 1))
    assert fonts.characters(fonts.machine_name(tmp_path / "simsun.ttc", 2)) == frozenset()


def test_why_a_font_is_left_out_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    a_font(tmp_path / "simfang.ttf", fs_type=2)
    with caplog.at_level("INFO", logger="desktop.documents.fonts"):
        for folders in ((tmp_path,), (tmp_path / "none", tmp_path)):
            machine_fonts.machine(folders)
    assert [line for line in caplog.messages if "left out" in line] == [caplog.messages[0]]


def test_only_windows_is_asked_for_fonts() -> None:
    places = {"WINDIR": os.path.join("C:", "Windows"), "LOCALAPPDATA": os.path.join("C:", "local")}  # noqa: PTH118
    assert font_folders(places, is_windows=False) == ()
    assert font_folders({**places, "TOWNSAFE_FONTS": "bundled"}, is_windows=True) == ()
    assert font_folders(places, is_windows=True) == (
        Path("C:", "Windows", "Fonts"), Path("C:", "local", "Microsoft", "Windows", "Fonts"),
    )  # fmt: skip
    assert font_folders({}, is_windows=True) == ()


# ---- drawing -----------------------------------------------------------------------------------------------


def test_a_paper_in_the_fonts_of_windows_has_the_same_bytes_each_time(windows: Path) -> None:
    chosen = machine_fonts.machine((windows,))
    first = pdf(a_document(), chosen)
    plain = pdf(a_document())
    assert b"FangSong" in first.content
    assert b"FangSong" not in plain.content
    assert first == pdf(a_document(), chosen)
    assert plain == pdf(a_document())
    assert fonts.active() is fonts.bundled()
    assert "喷涂车间隐患1" in text_of(first.content)


def test_the_same_file_elsewhere_under_another_name_gives_the_same_bytes(tmp_path: Path, fang: bytes) -> None:
    one, other = a_folder(tmp_path / "one", fang), a_folder(tmp_path / "other", fang, "SimFang.TTF")
    assert pdf(a_document(), machine_fonts.machine((one,))).content == (
        pdf(a_document(), machine_fonts.machine((other,))).content
    )


def test_two_fonts_that_call_themselves_alike_are_both_in_the_file(tmp_path: Path) -> None:
    a_font(tmp_path / "simfang.ttf", WORDS, family="Same")
    a_font(tmp_path / "FZXBSJW.TTF", WORDS, family="XiaoBiaoSong")
    a_font(tmp_path / "simhei.ttf", WORDS, family="Same", fs_type=8)
    made = pdf(a_document(), machine_fonts.machine((tmp_path,)))
    assert "责令限期整改指令书" in text_of(made.content)
    assert len({name for name in made.drawn if "#" in name}) >= 2


def test_what_the_font_lacks_is_drawn_by_the_next_and_can_be_read_again(tmp_path: Path, fang: bytes) -> None:
    """𠮷 is beyond U+FFFF, and in none but the last."""
    folder = a_folder(tmp_path / "Fonts", fang)
    a_collection(folder / "simsun.ttc", "")
    a_font(folder / "simsunb.ttf", "𠮷", source="TownSafeExtra-Regular.ttf", family="SimSun-ExtB")
    made = pdf(a_document("张𠮷安㊣"), machine_fonts.machine((folder,)))
    assert fonts.machine_name(folder / "simsunb.ttf") in made.drawn
    assert "张𠮷安" in text_of(made.content).replace("\r\n", "")


def test_a_damaged_font_of_rare_characters_is_passed_over_when_one_comes(tmp_path: Path, fang: bytes) -> None:
    folder = a_folder(tmp_path / "Fonts", fang)
    (folder / "simsunb.ttf").write_bytes(b"broken")
    made = pdf(a_document("张𠮷安"), machine_fonts.machine((folder,)))
    assert made.missing == frozenset()
    assert "张𠮷安" in text_of(made.content).replace("\r\n", "")


def test_missing_characters_are_those_of_the_fonts_in_use(tmp_path: Path) -> None:
    """An empty outline is no character: it would be a gap in a name, and the bundled font has it."""
    a_font(tmp_path / "simfang.ttf", WORDS, blank="鑫")
    chosen, document = machine_fonts.machine((tmp_path,)), a_document("鑫𠀁")
    assert missing_glyphs(document, chosen) == missing_glyphs(document) == {"𠀁"}
    made = pdf(document, chosen)
    assert made.missing == {"𠀁"}
    assert "鑫〓" in text_of(made.content)


def test_a_character_that_only_the_machine_has_is_not_missing(tmp_path: Path) -> None:
    a_font(tmp_path / "simfang.ttf", WORDS, also="𠀀")
    document = a_document("𠀀")
    assert missing_glyphs(document) == {"𠀀"}
    assert missing_glyphs(document, machine_fonts.machine((tmp_path,))) == frozenset()


def test_lists_keep_the_bundled_fonts_while_papers_have_others(windows: Path) -> None:
    with fonts.using(machine_fonts.machine((windows,))):
        assert Path(fonts.file_of(Role.BODY)).name == "simfang.ttf#0"
    assert fonts.file_of(Role.BODY) in fonts.font_files()
    assert fonts.runs("整改", Role.BODY)[0][0].font == fonts.pdf_name(fonts.file_of(Role.BODY))


@pytest.mark.parametrize("form", LAID_OUT)
def test_nothing_overlaps_in_a_font_with_other_widths(form: str, windows: Path) -> None:
    """In 仿宋 of Windows a figure is half as wide as a character, which none of the bundled fonts' figures is."""
    values = long_example(form_book().get(form))
    document = compose(form_book(), form_book().get(form), Filling(values, ISSUER, ON, "（苏启）应急〔2026〕12号"))
    made = pdf(document, machine_fonts.machine((windows,)))
    assert made.content != pdf(document).content
    file = pypdfium2.PdfDocument(made.content)
    for page in file:
        assert_nothing_overlaps_or_leaves_the_page(page)
    file.close()


# ---- papers of the office ----------------------------------------------------------------------------------


@pytest.fixture
def pc(desk: Desk, windows: Path) -> Desk:
    """The desk on a PC whose Windows has 仿宋."""
    on(desk, windows)
    return desk


def on(desk: Desk, *folders: Path) -> Forms:
    """The same office on a machine with the fonts of these folders."""
    desk.services.form_fonts = FormFonts(desk.services.offices, folders)
    desk.services.__dict__.pop("forms", None)
    desk.services.__dict__.pop("form_files", None)
    return desk.services.forms


def an_issued(desk: Desk) -> int:
    return desk.issued(FORM, RecordKind.ORDER, desk.ordered(desk.visited()))


def test_an_issued_paper_keeps_its_fonts_and_is_made_again_byte_for_byte(pc: Desk, windows: Path) -> None:
    document = an_issued(pc)
    made = pc.forms.file(document)
    assert b"FangSong" in made.content
    assert made.note == ""
    assert pc.forms.likeness(document) is Likeness.SAME
    assert "fonts" not in pc.forms.detail(document).issuer
    with pc.store.read() as session:
        told = session.get_one(FormDocument, document).issuer["fonts"]["used"]
    assert [(each["use"], each["file"], each["size"]) for each in told] == [
        ("body", "simfang.ttf", (windows / "simfang.ttf").stat().st_size)
    ]
    pc.forms.void(document, "写错了")
    assert pc.forms.is_as_issued(document)


def test_on_a_machine_with_the_same_font_it_has_the_same_bytes(pc: Desk, tmp_path: Path, fang: bytes) -> None:
    document = an_issued(pc)
    first = pc.forms.file(document)
    elsewhere = on(pc, a_folder(tmp_path / "none"), a_folder(tmp_path / "own", fang, "renamed.ttf"))
    assert elsewhere.file(document).content == first.content
    assert elsewhere.likeness(document) is Likeness.SAME


def test_a_machine_without_the_font_says_so_and_still_notices_changed_data(pc: Desk, tmp_path: Path) -> None:
    document = an_issued(pc)
    first, folder = pc.forms.file(document), a_folder(tmp_path / "none")
    for folders in ((), (folder,)):
        elsewhere = on(pc, *folders)
        made = elsewhere.file(document)
        assert made.content != first.content
        assert text_of(made.content).split() == text_of(first.content).split()
        assert made.note == (
            "本机没有这份文书签发时用的字体（仿宋 simfang.ttf），重新生成的版面与原件不完全相同，内容相同。"
        )
        assert elsewhere.font_note(document) == made.note
        assert elsewhere.likeness(document) is Likeness.OTHER_FONTS
    said = pc.services.form_files.for_paper([document]).note
    assert said.startswith("《责令限期整改指令书》")
    assert made.note in said
    with pc.store.write("改动") as session:
        record = session.get_one(FormDocument, document)
        record.content = {**record.content, "problems": ["另一条"]}
    assert pc.forms.likeness(document) is Likeness.OTHER
    assert "内容相同" not in pc.forms.file(document).note
    assert pc.forms.font_note(document).endswith("而且留存的数据与签发时不一致，请核对。")


def test_another_version_of_the_font_is_not_the_font(pc: Desk, tmp_path: Path) -> None:
    """Windows brings a newer 仿宋: the old paper is drawn with it, and it is said that it is not the same."""
    document = an_issued(pc)
    newer = a_folder(tmp_path / "newer")
    a_font(newer / "simfang.ttf", WORDS, fs_type=8)
    elsewhere = on(pc, newer)
    made = elsewhere.file(document)
    assert b"FangSong" in made.content
    assert elsewhere.likeness(document) is Likeness.OTHER_FONTS


def test_a_paper_from_before_stays_in_the_bundled_fonts(desk: Desk, windows: Path) -> None:
    document = an_issued(desk)
    first = desk.forms.file(document)
    assert first.note == ""
    forms = on(desk, windows)
    assert forms.file(document).content == first.content
    assert forms.is_as_issued(document)
    with desk.store.read() as session:
        assert "fonts" not in session.get_one(FormDocument, document).issuer


def test_the_office_may_choose_the_bundled_fonts(pc: Desk) -> None:
    draft = pc.draft("inspection_scheme", RecordKind.INSPECTION, pc.visited())
    kept = pc.forms.save(draft)
    issued = an_issued(pc)
    assert b"FangSong" in pc.forms.preview(draft).content
    assert b"FangSong" in pc.forms.file(kept).content
    fonts_now = pc.services.form_fonts
    assert fonts_now.choice() is FontChoice.MACHINE
    assert [(each.role, each.font) for each in fonts_now.shown()][:2] == [
        ("正文", "仿宋 simfang.ttf"), ("标题", "粗宋体（程序自带）"),
    ]  # fmt: skip
    fonts_now.choose(FontChoice.BUNDLED)
    assert b"FangSong" not in pc.forms.preview(draft).content
    assert b"FangSong" not in pc.forms.file(kept).content
    assert pc.forms.is_as_issued(issued)
    assert not any(each.is_machines for each in fonts_now.shown())
    fonts_now.choose(FontChoice.MACHINE)
    assert fonts_now.now() is not fonts.bundled()


def test_the_gate_of_missing_characters_asks_the_fonts_in_use(desk: Desk, tmp_path: Path) -> None:
    draft = FormDraft(FORM, values={"company": "张𠀀安"})
    gate = f"form_glyphs.{FORM}"
    assert gate in {warning.gate for warning in desk.forms.gates(draft)}
    a_font(tmp_path / "simfang.ttf", WORDS, also="𠀀")
    assert gate not in {warning.gate for warning in on(desk, tmp_path).gates(draft)}
    assert desk.forms.missing_glyphs(draft) == frozenset()
