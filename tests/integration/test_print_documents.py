"""Lists and calendars on paper: heads on every page, 第 x 页 共 y 页, nothing left out; and pages drawn as pictures."""

from datetime import date

import pypdfium2
import pytest

from desktop.documents.calendar_sheet import CalendarSheet, DayBox, SheetRow, calendar_pdf
from desktop.documents.listing import Listing, listing_pdf
from desktop.documents.page_setup import MM, Margin, PageSetup, PaperSize
from desktop.documents.pages import Pages

ON = date(2026, 11, 24)
HEADERS = ("企业", "等级", "最近检查", "统一社会信用代码", "隐患描述")
NAME = "江苏通海精细化工有限责任公司"


def a_listing(count: int = 200, **changes: object) -> Listing:
    rows = tuple(
        (f"{NAME}{number}", "红", "2026-11-02 周一", "91320681MA1XXXXX1A", "打磨工位除尘管道积尘未清理" * 3)
        for number in range(count)
    )
    facts: dict[str, object] = {
        "title": "惠萍镇　企业名册",
        "note": f"共 {count} 条　等级：红",
        "headers": HEADERS,
        "rows": rows,
        "numeric": frozenset({2}),
        "office": "惠萍镇",
        "on": ON,
    }
    return Listing(**{**facts, **changes})  # type: ignore[arg-type]


def texts(content: bytes) -> list[str]:
    """The text of each page, without line breaks and spaces."""
    file = pypdfium2.PdfDocument(content)
    found = []
    for page in file:
        words = page.get_textpage()
        found.append("".join(words.get_text_range().split()))
        words.close()
        page.close()
    file.close()
    return found


def test_every_page_of_a_list_has_the_head_of_the_columns_and_its_number() -> None:
    pages = texts(listing_pdf(a_listing(), PageSetup(is_landscape=True)).content)
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert all(head in page for head in HEADERS), number
        assert f"第{number}页共{len(pages)}页" in page
        assert "惠萍镇2026年11月24日" in page
    assert "企业名册" in pages[0]
    assert "等级：红" in pages[0]


def test_no_row_is_lost_between_pages() -> None:
    whole = "".join(texts(listing_pdf(a_listing(300), PageSetup()).content))
    assert [number for number in range(300) if f"{NAME}{number}红" not in whole] == []


def test_dates_and_codes_stay_in_one_line_while_descriptions_are_broken() -> None:
    file = pypdfium2.PdfDocument(listing_pdf(a_listing(3), PageSetup()).content)
    words = file[0].get_textpage()
    lines = words.get_text_range().splitlines()
    words.close()
    file.close()
    assert sum("2026-11-02 周一" in line for line in lines) == 3
    assert sum("91320681MA1XXXXX1A" in line for line in lines) == 3
    assert not any("打磨工位除尘管道积尘未清理" * 3 in line for line in lines)


def test_the_same_list_gives_the_same_bytes_and_what_no_font_has_is_told() -> None:
    rare = a_listing(1, rows=((f"{NAME}𠮷", "红", "", "", "\U000f0000"),))
    first, second = (listing_pdf(rare, PageSetup()) for _ in range(2))
    assert first == second
    assert first.missing == {"\U000f0000"}
    assert "𠮷" in texts(first.content)[0]


def test_a_row_of_one_text_is_the_head_of_a_group() -> None:
    rows = (("逾期　1",), ("甲厂", "红", "", "", "x"), ("今天　1",), ("乙厂", "黄", "", "", "y"))
    (page,) = texts(listing_pdf(a_listing(rows=rows), PageSetup()).content)
    assert page.index("逾期1") < page.index("甲厂") < page.index("今天1") < page.index("乙厂")


def test_an_empty_list_is_still_a_page() -> None:
    (page,) = texts(listing_pdf(a_listing(0), PageSetup()).content)
    assert "第1页共1页" in page


@pytest.mark.parametrize("margin", Margin)
@pytest.mark.parametrize("is_landscape", [False, True])
@pytest.mark.parametrize("size", PaperSize)
def test_the_sheet_is_the_one_chosen_and_everything_is_within_its_margins(
    size: PaperSize, is_landscape: bool, margin: Margin
) -> None:
    setup = PageSetup(size, is_landscape, margin)
    with Pages(listing_pdf(a_listing(40), setup).content) as pages:
        wide, tall = pages.size(0)
        long, short = (420, 297) if size is PaperSize.A3 else (297, 210)
        assert (wide / MM, tall / MM) == pytest.approx((long, short) if is_landscape else (short, long), abs=0.1)
        picture = pages.picture(0, 1.0)
    left = int(setup.edge) - 2
    rows = [picture.content[y * picture.stride : y * picture.stride + left * 4] for y in range(picture.height)]
    ink = [y for y, row in enumerate(rows) if any(row[x] < 250 for x in range(0, len(row), 4))]
    assert ink == []


# ---- calendars ---------------------------------------------------------------------------------------------


def a_calendar(rows: int = 5, entries: int = 2, title: str = "") -> CalendarSheet:
    def day(number: int) -> DayBox:
        visits = tuple(f"计划 第{each}包装厂" for each in range(entries))
        return DayBox(str(number), "国庆节 休" if number == 4 else "", number > 5, False, visits)

    week = tuple(day(number) for number in range(1, 8))
    made = tuple(
        SheetRow(week, f"{title}{number}" if title else "", "待查 2" if title else "") for number in range(rows)
    )
    heads = tuple(f"周{word}" for word in "一二三四五六日")
    return CalendarSheet("惠萍镇　2026 年 10 月", heads, made, "惠萍镇", ON)


@pytest.mark.parametrize("size", PaperSize)
def test_a_month_is_one_sheet_across(size: PaperSize) -> None:
    setup = PageSetup(size, True, Margin.NARROW)
    content = calendar_pdf(a_calendar(), setup).content
    (page,) = texts(content)
    assert page.count("计划第0包装厂") == 35
    assert page.count("国庆节休") == 5
    assert all(f"周{word}" in page for word in "一二三四五六日")
    assert "第1页共1页" in page
    assert calendar_pdf(a_calendar(), setup).content == content


def test_a_day_with_more_than_fits_says_how_many_more() -> None:
    (page,) = texts(calendar_pdf(a_calendar(6, 20), PageSetup(is_landscape=True)).content)
    shown = page.count("包装厂") // 42
    assert 0 < shown < 20
    assert page.count(f"还有{20 - shown}项") == 42


def test_more_officers_than_a_page_holds_go_on() -> None:
    pages = texts(calendar_pdf(a_calendar(11, 1, "人员"), PageSetup(is_landscape=True)).content)
    assert len(pages) == 2
    assert "人员5" in pages[0]
    assert "人员6" in pages[1]
    assert "周日" in pages[1]


# ---- pictures ----------------------------------------------------------------------------------------------


def test_a_page_is_drawn_at_the_scale_asked_for_and_is_not_white() -> None:
    with Pages(listing_pdf(a_listing(10), PageSetup()).content) as pages:
        assert len(pages) == 1
        small, large = pages.picture(0, 1.0), pages.picture(0, 2.0)
    assert (small.width, small.height) == (596, 842)
    assert (large.width, large.height) == (1191, 1684)
    assert len(large.content) == large.stride * large.height
    assert min(small.content[::4]) < 60
    assert small.content[:3] == b"\xff\xff\xff"
