"""trail: what was done about an enterprise 尽职留痕, as of the business date."""

from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call
from desktop.cli.output import table
from desktop.cli.roster import number_of

if TYPE_CHECKING:
    from desktop.services.duty_trail import DutyTrail


def trail(call: Call) -> int:
    """The trail in words or JSON, and as a PDF file where one is wanted."""
    import hashlib

    with call.office() as services:
        told = services.trails.trail(number_of(services, call.id), call.today)
        content = services.trails.pdf(told) if call.pdf is not None else b""
    sha256 = ""
    if content:
        call.write_file(call.pdf, content)
        sha256 = hashlib.sha256(content).hexdigest()
    document = {"trail": told, "pdf": str(call.pdf) if content else None, "pdf_sha256": sha256 or None}
    call.out.say(document, _lines(told, str(call.pdf) if content else "", sha256))
    return DONE


def _lines(told: "DutyTrail", path: str, sha256: str) -> list[str]:
    from desktop.services.duty_trail import closing_words, entered_words, head_words
    from desktop.text import label

    acts = [
        (entry.on, label(entry.kind), entry.title, entry.text, entry.who, entered_words(entry), entry.note)
        for entry in told.entries
    ]
    parts = (
        ("经过", ("日期", "类别", "事项", "内容", "人员", "录入", "说明"), acts),
        ("逾期和迟办", ("期限", "事项", "状态", "说明"), [(d.due_on, d.title, d.state, d.note) for d in told.late]),
        ("签发的文书", ("签发", "文书", "文号", "状态", "SHA-256"),
         [(p.on, p.title, p.number, p.state, p.sha256) for p in told.papers]),
        ("附件和照片", ("加入", "属于", "文件", "SHA-256"), [(f.on, f.subject, f.name, f.sha256) for f in told.files]),
    )  # fmt: skip
    lines = [f"尽职留痕（截至 {told.on}）：{head_words(told)}"]
    for title, headings, rows in parts:
        if rows:
            lines += ["", f"【{title}】", *table(headings, rows)]
    lines += ["", closing_words(told)]
    return [*lines, f"已写入 {path}（SHA-256 {sha256}）"] if path else lines
