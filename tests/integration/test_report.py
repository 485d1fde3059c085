"""The report on paper: words in order, fonts inside, rare characters right, the same in PDF and Word."""

import io
import re
import shutil
import subprocess
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from desktop.documents import charts, fonts
from desktop.documents.blocks import Chart, Grid, Heading, Paper, Paragraph, Series, Span, Title, said
from desktop.documents.fonts import Role
from desktop.documents.lines import NOT_FIRST, NOT_LAST, lines, width_of
from desktop.documents.pdf import pdf
from desktop.documents.report import (
    Findings,
    Late,
    Source,
    body_text,
    report,
    section_blocks,
    section_titles,
    templates,
    unwritten,
)
from desktop.documents.statistics import statistics_book, statistics_paper
from desktop.documents.word import docx as word
from desktop.domain.statistics import by_key, figures
from desktop.exchange.records import definitions, normal, part_names, tables

CUT = date(2026, 12, 20)


def a_row(table: str, **values: Any) -> dict[str, Any]:
    return normal(tables()[table], values)


NOTHING = Findings()


def a_source(found: Findings = NOTHING, **more: Any) -> Source:
    """A year with two enterprises, three visits, one hazard and one case."""
    firm = {"code_state": "none", "status": "operating"}
    visit = {
        "kind": "routine",
        "origin": "plan",
        "status": "done",
        "has_opening_meeting": True,
        "has_closing_meeting": False,
        "expert_count": 0,
        "document_number": "1号",
    }
    records = {
        "enterprises": [
            a_row("enterprises", id=1, name="启东市𠮷安化工厂", sector="sector.hc", is_key=True, **firm),
            a_row("enterprises", id=2, name="乙", sector="sector.gm.jx", is_key=False, **firm),
        ],
        "inspections": [
            a_row("inspections", id=number, enterprise_id=owner, inspected_on=on, **visit)
            for number, owner, on in ((1, 1, "2026-03-02"), (2, 1, "2026-04-02"), (3, 2, "2026-04-03"))
        ],
        "hazards": [
            a_row(
                "hazards",
                id=1,
                enterprise_id=1,
                found_on="2026-03-02",
                description="通道堵塞",
                level="major",
                status="ordered",
            )
        ],
    }
    made: dict[str, Any] = {
        "office": "惠萍镇",
        "county": "启东市",
        "bureau": "启东市应急管理局",
        "contact": "内勤",
        "phone": "0513-00000000",
        "year": 2026,
        "cut_off": CUT,
        "figures": by_key(figures(records, 2026, CUT)),
        "titles": {code: (told.title, told.unit, told.text) for code, told in definitions().items()},
        "part_names": part_names(),
        "findings": found,
    }
    return Source(**{**made, **more})


def poppler(program: str, *words: str, content: bytes = b"") -> str:
    """What one of poppler's programs says; where it is not installed, as on most Windows machines, the test skips."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not here")
    done = subprocess.run([program, *words], input=content, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def pdf_text(content: bytes, *options: str) -> str:
    return poppler("pdftotext", *options, "-", "-", content=content)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def word_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_the_nine_sections_stand_in_order_in_pdf_and_word() -> None:
    paper = report(a_source())
    for text in (pdf_text(pdf(paper).content), word_text(word(paper))):
        places = [
            squeezed(text).index(squeezed(title.replace("{next_year}", "2027"))) for title in section_titles().values()
        ]
        assert places == sorted(places)
        assert "关于报送2026年度" in squeezed(text)
        assert "启东市应急管理局监察大队：" in squeezed(text)
        assert "实际检查企业2家，检查3家次" in squeezed(text)


def test_every_font_is_inside_the_pdf(tmp_path: Path) -> None:
    path = tmp_path / "报告.pdf"
    path.write_bytes(pdf(report(a_source())).content)
    told = poppler("pdffonts", str(path))
    rows = told.splitlines()[2:]
    assert rows
    assert all(" yes yes yes " in row for row in rows), told


def test_a_character_beyond_the_first_plane_is_drawn_and_read_back_right() -> None:
    """reportlab's own map turned 𠮷 into another character when text was copied or searched."""
    made = pdf(Paper("测试", "惠萍镇", "2026-12-20", (Paragraph(said("启东市𠮷安化工厂，㐂囍")),)))
    assert made.missing == frozenset()
    assert "启东市𠮷安化工厂，㐂囍" in squeezed(pdf_text(made.content))


def test_a_character_that_no_font_has_is_shown_and_told() -> None:
    made = pdf(Paper("测试", "惠萍镇", "2026-12-20", (Paragraph(said("前\U000323af后")),)))
    assert made.missing == {"\U000323af"}
    assert "前〓后" in squeezed(pdf_text(made.content))


def test_markup_in_data_is_only_text() -> None:
    evil = '<b>粗</b> & <img src="file:///etc/passwd"/> <br/> &amp;'
    paper = Paper(
        "测试",
        "<&>",
        "2026-12-20",
        (Title(evil), Heading(1, evil), Paragraph(said(evil)), Grid(evil, (evil,), ((Span(evil),),))),
    )
    assert squeezed(pdf_text(pdf(paper).content)).count(squeezed(evil)) == 6
    assert word_text(word(paper)).count(evil) == 6


def test_pages_are_numbered_outside_and_a4() -> None:
    content = pdf(report(a_source())).content
    text = squeezed(pdf_text(content))
    assert "—1—" in text
    assert "—2—" in text
    assert "595.276 x 841.89 pts (A4)" in poppler("pdfinfo", "-", content=content)


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    rows = tuple((Span(str(number)), Span("内容")) for number in range(120))
    content = pdf(Paper("测试", "惠萍镇", "2026-12-20", (Grid("长表", ("序号列", "内容列"), rows),))).content
    pages = [page for page in pdf_text(content).split("\f") if page.strip()]
    assert len(pages) > 2
    assert all("序号列" in page for page in pages)


def test_same_paper_same_bytes() -> None:
    paper = report(a_source())
    assert pdf(paper).content == pdf(paper).content
    assert word(paper) == word(paper)
    assert statistics_book(a_source()) == statistics_book(a_source())


def test_the_word_file_has_the_layout_of_official_documents() -> None:
    document = docx.Document(io.BytesIO(word(report(a_source()))))
    section = document.sections[0]
    sizes = [
        round(each.mm)
        for each in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        if each is not None
    ]
    assert sizes == [37, 35, 28, 26]
    east = {run._r.rPr.rFonts.get(qn("w:eastAsia")) for line in document.paragraphs for run in line.runs if run.text}
    assert east == {"仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"}
    assert len(document.inline_shapes) == 3
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)
    assert document.core_properties.created is not None
    assert document.core_properties.created.date() == CUT


def test_a_rewritten_section_keeps_its_tables_and_fills_in_figures() -> None:
    source = a_source(bodies={"basic": "（一）自述\n本年检查{inspections}家次，{unknown}。"})
    blocks = section_blocks("basic", source)
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["一、基本情况", "（一）自述"]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["本年检查3家次，{unknown}。"]
    assert [type(block) for block in blocks[-2:]] == [Chart, Grid]


def test_lines_left_out_leave_no_gap_in_the_numbering() -> None:
    late = Late("乙", "复查", "2026-05-01", "", 3, "")
    text = body_text("problems", a_source(Findings(late=(late,), top_hazards=(("通道堵塞", 2),))))
    assert re.findall(r"^（(.)）", text, re.MULTILINE) == list("一二三")


def test_what_only_people_can_write_is_listed() -> None:
    open_ones = {section for section, _ in unwritten(a_source())}
    assert {"systems", "team", "experience", "problems", "measures", "next_year"} <= open_ones
    assert "team" not in {section for section, _ in unwritten(a_source(bodies={"team": "全年培训四次。"}))}


def test_a_year_without_cases_claims_nothing() -> None:
    text = body_text("mechanism", a_source())
    assert "没有登记立案" in text
    assert "五项机制" not in text


def test_a_share_below_the_floor_is_said() -> None:
    assert "未达到不低于80%的要求" in body_text("focus", a_source())
    assert "占比66.7%" in body_text("focus", a_source())


def test_unconfirmed_rules_are_named_in_the_report() -> None:
    paper = report(a_source(Findings(unconfirmed_rules=("整改复查",))))
    assert any("待法制人员确认：整改复查" in block.text for block in paper.blocks if isinstance(block, Paragraph))


def test_the_notice_of_2020_is_cited_for_2020_alone() -> None:
    def letter(**more: Any) -> str:
        return "".join(block.text for block in report(a_source(**more)).blocks[:3] if isinstance(block, Paragraph))

    assert "2020年启东市安全生产执法工作要点" not in letter()
    found = by_key(figures({}, 2020, date(2020, 12, 20)))
    assert "2020年启东市安全生产执法工作要点" in letter(year=2020, cut_off=date(2020, 12, 20), figures=found)


def test_every_place_in_the_templates_is_known() -> None:
    for section in section_titles():
        for line in next(row for row in templates()["section"] if row["id"] == section)["lines"]:
            words = line if isinstance(line, str) else line["text"]
            source = a_source(bodies={section: words})
            assert "{" not in body_text(section, source), words


def test_the_statistics_paper_is_landscape_and_complete() -> None:
    content = pdf(statistics_paper(a_source())).content
    text = squeezed(pdf_text(content))
    for told in definitions().values():
        assert squeezed(told.title) in text
        assert squeezed(told.text) in text


# ---- lines and charts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 83, 120, 442])
def test_no_line_begins_or_ends_where_it_must_not(width: float) -> None:
    text = "立案12件；烟花爆竹领域（含零售）检查1家次，发现隐患2条，“应急管理”占83.3%。" * 6
    made = lines(text, Role.BODY, 10, width)
    assert "".join(made) == text
    assert not [line for line in made if line[0] in NOT_FIRST or line[-1] in NOT_LAST]
    assert all(sum(width_of(each, Role.BODY) for each in line) * 10 <= width for line in made)
    assert width < 100 or not [1 for a, b in pairwise(made) if a[-1].isdigit() and b[0].isdigit()]


def test_a_word_longer_than_the_line_is_torn_rather_than_lost() -> None:
    made = lines("A" * 50, Role.BODY, 10, 60)
    assert "".join(made) == "A" * 50
    assert len(made) > 1


def a_chart(**more: Any) -> Chart:
    return Chart(
        "重点监管执法量占比",
        ("按检查计", "按文书计"),
        (Series("占比", (82.5, None)),),
        80,
        "要求不低于 80%",
        is_share=True,
        **more,
    )


def test_a_chart_is_the_same_each_time_and_shows_its_bars() -> None:
    image = Image.open(io.BytesIO(charts.png(a_chart())))
    assert charts.png(a_chart()) == charts.png(a_chart())
    colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
    assert (20, 86, 199) in colours
    assert (201, 48, 44) in colours


def test_a_chart_names_its_values_and_target_in_words() -> None:
    drawn = charts.svg(a_chart())
    for text in ("82.5%", "要求不低于 80%", "按文书计", "—"):
        assert text in drawn
    assert "<script" not in charts.svg(Chart("<script>", ("a",), (Series("x", (1.0,)),)))


def test_bars_never_leave_the_plot() -> None:
    for highest in (0, 1, 3, 7, 9, 11, 99, 101, 12345):
        chart = Chart("图", ("甲",), (Series("数", (float(highest),)),))
        assert charts.scale_top(chart) >= highest
        boxes = [shape for shape in charts.layout(chart) if isinstance(shape, charts.Box)]
        assert all(box.y + box.height <= charts.HEIGHT - charts.TOP + 0.01 for box in boxes)


def test_the_bundled_fonts_serve_every_role() -> None:
    assert {fonts.file_of(role) for role in Role} <= set(fonts.font_files())
    assert fonts.undrawable(["中文abc，。（）〔〕—…％①㎡"]) == frozenset()
