"""The manual as it is shipped: whole, true to the words on the screen, and the same PDF every time."""

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from desktop import __version__
from desktop.cli import run
from desktop.documents.manual import Head, Kind, Picture, SpanKind, Words, manual, plain, read, spans
from desktop.documents.manual_pdf import manual_pdf
from desktop.ui.places import ALL
from desktop.ui.settings.page import SettingsPage

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "resources" / "manual" / "pictures"
MOST_BYTES = 1_500_000
CHAPTERS = ["安装", "第一天", "导入台账", "每天的工作", "年终上报", "备份与还原", "换电脑", "常见问题"]
CIRCLED = "①②③④⑤⑥⑦⑧⑨"


def all_words() -> list[str]:
    return [block.text for chapter in manual().chapters for block in chapter.blocks if isinstance(block, Words)]


def pictures() -> list[Picture]:
    return [block for chapter in manual().chapters for block in chapter.blocks if isinstance(block, Picture)]


# ---- what is there -----------------------------------------------------------------------------------------


def test_the_chapters_are_there_and_take_ten_minutes_to_read() -> None:
    """At 350 to 400 characters a minute, which is slow reading."""
    assert [chapter.heads[0].text for chapter in manual().chapters] == CHAPTERS
    count = sum("\u4e00" <= sign <= "\u9fff" for text in all_words() for sign in plain(text))
    assert 2_500 <= count <= 4_000


def test_every_page_of_the_rail_has_a_place_in_the_manual() -> None:
    assert {place.key for place in ALL} <= set(manual().topics)
    assert {"import", "start"} <= set(manual().topics)


def test_every_topic_is_a_page_or_a_tab_and_leads_to_a_heading() -> None:
    anchors = {head.anchor for head in manual().heads}
    assert len(anchors) == len(manual().heads)
    assert set(manual().topics.values()) <= anchors
    pages = {"import", "start", *(place.key for place in ALL)}
    parts = {f"settings/{tab.KEY}" for tab in SettingsPage.TABS} | {"hazards/revisits"}
    assert set(manual().topics) <= pages | parts


def test_a_part_without_words_of_its_own_leads_to_its_page_and_a_stranger_to_the_beginning() -> None:
    assert manual().anchor_of("settings/office") == manual().anchor_of("settings")
    assert manual().anchor_of("settings/backup") != manual().anchor_of("settings")
    assert manual().anchor_of("") == manual().anchor_of("no_such_page") == manual().chapters[0].key


def test_links_lead_to_chapters() -> None:
    keys = {chapter.key for chapter in manual().chapters}
    targets = [span.target for text in all_words() for span in spans(text) if span.kind is SpanKind.LINK]
    assert targets
    assert set(targets) <= keys


def test_the_pictures_are_just_those_of_the_folder_small_and_with_a_palette() -> None:
    files = {path.name: path.read_bytes() for path in PICTURES.glob("*.png")}
    assert {each.name for each in pictures()} == set(files)
    assert len(pictures()) == len(files)
    assert sum(map(len, files.values())) <= MOST_BYTES
    assert {content[25] for content in files.values()} == {3}  # the PNG's colour type: indexed


def test_the_text_speaks_of_just_the_numbers_that_stand_on_the_pictures() -> None:
    told = json.loads((PICTURES / "words.json").read_text("utf-8"))
    for chapter in manual().chapters:
        words = "".join(f"{block.mark}{block.text}" for block in chapter.blocks if isinstance(block, Words))
        shown = [block.name for block in chapter.blocks if isinstance(block, Picture)]
        most = max((told[Path(name).stem]["numbers"] for name in shown), default=0)
        assert {sign for sign in words if sign in CIRCLED} == set(CIRCLED[:most]), chapter.key


# ---- true to the program -----------------------------------------------------------------------------------


@cache
def _on_screen() -> set[str]:
    """Every text in the program's code but docstrings; parts of an f-string count as they stand."""
    found: set[str] = set()
    for path in (ROOT / "desktop").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found.update(
            node.value.strip()
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        )
    return found


def _labels() -> list[str]:
    found = [span.text[1:-1] for text in all_words() for span in spans(text) if span.kind is SpanKind.LABEL]
    assert len(found) > 60
    return sorted(set(found))


def test_what_the_manual_quotes_stands_on_the_screen_word_for_word() -> None:
    """A button that is renamed must be renamed here as well."""
    assert [label for label in _labels() if label not in _on_screen()] == []


def test_a_word_that_nothing_on_the_screen_bears_would_be_noticed() -> None:
    assert "导出名单…" not in _on_screen()


def test_the_warning_of_windows_and_the_check_of_the_file_are_told_in_their_words() -> None:
    (install,) = (chapter for chapter in manual().chapters if chapter.key == "1-install")
    whole = "".join(block.caption if isinstance(block, Picture) else block.text for block in install.blocks)
    assert all(word in whole for word in ("更多信息", "仍要运行", "允许", "信任", "-setup.exe"))
    typed = [block.text for block in install.blocks if isinstance(block, Words) and block.kind is Kind.TYPED]
    assert len(typed) == 1
    assert re.fullmatch(r"certutil -hashfile \S+ SHA256", typed[0])


# ---- reading -----------------------------------------------------------------------------------------------


def test_a_chapter_is_read_into_heads_words_and_pictures() -> None:
    text = "# 标题\n\n<!-- page: cases -->\n## 一节\n\n文字，见[安装](1-install.md)。\n1. 甲\n- ② 乙\n- 丙\n\n> 注意\n\n    dir\n![图](pictures/a.png)\n"
    topics: dict[str, str] = {}
    assert read("k", text, topics).blocks == (
        Head(1, "标题", "k"),
        Head(2, "一节", "k.1"),
        Words(Kind.TEXT, "文字，见[安装](1-install.md)。"),
        Words(Kind.ITEM, "甲", "1."),
        Words(Kind.ITEM, "乙", "②"),
        Words(Kind.ITEM, "丙", "•"),
        Words(Kind.NOTE, "注意"),
        Words(Kind.TYPED, "dir"),
        Picture("a.png", "图"),
    )
    assert topics == {"cases": "k.1"}
    assert plain("文字，见[安装](1-install.md)，点「保存」，输入 `cmd`。") == "文字，见安装，点「保存」，输入 cmd。"


@pytest.mark.parametrize(
    "text",
    [
        "文字在前\n# 标题",
        "# 标题\n# 又一个",
        "## 没有标题",
        "# 标题\n### 太深",
        "# 标题\n**粗**",
        "# 标题\n| 表 | 格 |",
        "# 标题\n<b>标记</b>",
        "# 标题\n![图](elsewhere/a.png)",
        "# 标题\n<!-- page: cases -->\n",
        "",
    ],
)
def test_what_window_and_pdf_could_not_show_alike_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="k:"):
        read("k", text, {})


# ---- the PDF -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content() -> bytes:
    made = manual_pdf(__version__)
    assert made.missing == frozenset()
    return made.content


def _pages(content: bytes) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return [re.sub(r"\s", "", page) for page in done.stdout.decode().split("\f")]


def test_the_pdf_is_the_same_every_time_and_not_large(content: bytes) -> None:
    assert manual_pdf(__version__).content == content
    assert content.startswith(b"%PDF-")
    assert len(content) < 2_500_000
    assert manual_pdf("9.9.9").content != content


def test_the_pdf_can_be_searched_and_its_contents_tell_the_right_pages(content: bytes) -> None:
    cover, contents, *rest = _pages(content)
    assert __version__ in cover
    for head in manual().heads:
        words = re.sub(r"\s", "", head.text)
        listed = re.search(re.escape(words) + r"(\d+?)(?=\D|$)", contents)
        assert listed, head.text
        assert words in rest[int(listed[1]) - 3], head.text
    whole = "".join(rest)
    for text in all_words():
        beginning = re.sub(r"\s", "", plain(text))[:10]
        assert beginning in whole, beginning


def test_every_picture_is_in_the_pdf(content: bytes) -> None:
    assert content.count(b"/Subtype /Image") == len(pictures())  # the one of the cover is kept once
    assert b"/Outlines" in content


def test_the_command_writes_the_manual(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "新的文件夹" / "手册.pdf"
    assert run(["manual", "--out", str(target), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert target.read_bytes() == content
    assert told == {"file": str(target), "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert run(["manual", "--out", str(target)]) == 0
    assert str(target) in capsys.readouterr().out


def test_the_command_says_where_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["manual", "--out", str(tmp_path)]) == 2
    assert "写不进去" in capsys.readouterr().err


def test_nothing_of_the_manual_is_loaded_with_the_window() -> None:
    code = (
        "import sys, desktop.ui.window, desktop.ui.shell, desktop.ui.start.window; "
        "print([name for name in sys.modules if 'manual' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().strip() == "['desktop.ui.manual']"
