"""`index.html`, the way into a package for people: what is inside, the key figures, links. One file, works offline."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from desktop.documents import charts
from desktop.documents.blocks import Chart
from desktop.documents.report import Source, long_day, section_blocks

KEY = (
    "enterprises_inspected",
    "inspections",
    "plan_completion",
    "share_inspections",
    "rectification_rate",
    "timely_reinspection",
    "majors_open",
    "cases_pre",
    "fines",
)

STYLE = """
:root{--ink:#1d2129;--quiet:#5f6672;--line:#e2e6ec;--paper:#fff;--back:#f4f6f9;--accent:#1456c7}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--quiet:#9aa1ac;--line:#343941;--paper:#1f2227;--back:#16181c;
--accent:#5b94f5}.chart{background:#fff;border-radius:6px}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);
font:15px/1.7 "Microsoft YaHei UI","PingFang SC","Noto Sans CJK SC",sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 24px 64px}h1{font-size:24px;margin:0 0 4px}h2{font-size:16px;margin:36px 0 12px}
p{margin:0;color:var(--quiet)}.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px;margin-top:24px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:14px 16px}
.card span{display:block;color:var(--quiet);font-size:13px}.card data{font-size:26px;font-variant-numeric:tabular-nums}
.card small{color:var(--quiet);margin-left:4px}ul{list-style:none;margin:0;padding:0;background:var(--paper);
border:1px solid var(--line);border-radius:6px}li{display:flex;justify-content:space-between;gap:16px;padding:9px 16px;
border-top:1px solid var(--line)}li:first-child{border-top:0}li small{color:var(--quiet);white-space:nowrap}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}.chart{padding:8px 0}svg{width:100%;height:auto}
@media print{body{background:#fff}main{padding:0}}
"""


def index_html(source: Source, files: Iterable[tuple[str, int]]) -> bytes:
    """The page. `files` are the paths beside it with their sizes; nothing is fetched from anywhere."""
    title = f"{source.office}{source.year}年度安全生产执法年终材料"
    span = f"{source.county}{source.office} · 数据统计自{source.year}年1月1日至{long_day(source.cut_off)}"
    cards = "".join(_card(source, code) for code in KEY)
    pictures = [
        block for name in ("basic", "focus") for block in section_blocks(name, source) if isinstance(block, Chart)
    ]
    drawn = "".join(f'<div class="chart">{charts.svg(chart)}</div>' for chart in pictures)
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1><p>{escape(span)}</p>"
        f'<div class="cards">{cards}</div><h2>材料目录</h2><ul>{_links(files)}</ul><h2>图表</h2>{drawn}'
        f"<h2>说明</h2><p>各项数字均可由 records 文件夹中的记录重新算出，口径见执法统计表。"
        f"本页脱机可用，不含企业和个人联系方式。</p></main></body></html>\n"
    )
    return page.encode("utf-8")


def _card(source: Source, code: str) -> str:
    title, unit, text = source.titles[code]
    figure = source.figure(code)
    shown = "" if figure.text.endswith("%") or figure.text == "—" else f"<small>{escape(unit)}</small>"
    value = f'<data class="figure" value="{code}:all">{escape(figure.text)}</data>'
    return f'<div class="card" title="{escape(text)}"><span>{escape(title)}</span>{value}{shown}</div>'


def _links(files: Iterable[tuple[str, int]]) -> str:
    return "".join(
        f'<li><a href="{quote(name)}">{escape(name)}</a><small>{max(size // 1024, 1)} KB</small></li>'
        for name, size in files
    )
