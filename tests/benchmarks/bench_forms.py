"""A form against the same text drawn on a bare canvas: what laying it out costs beyond drawing and saving.

Where LibreOffice is installed also against its making a PDF of the Word version: one file, and many in one run.
"""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from desktop.documents import fonts
from desktop.documents.fonts import Role
from desktop.documents.forms import glyphs
from desktop.documents.forms.compose import Filling, compose
from desktop.documents.forms.pdf import PAPER, pdf
from desktop.documents.forms.word import docx
from desktop.services.form_book import form_book
from tests.benchmarks.measure import Line, once, paired, show
from tests.libreoffice import SOFFICE, converted

HAZARD = "喷涂车间西侧安全出口被纸箱堵塞，净宽不足1.4米，不符合《建筑设计防火规范》GB 50016-2014第3.7.5条"
ISSUER = {"dept": "启东市应急管理局", "prefix": "苏启", "gov": "启东市人民政府", "court": "启东市人民法院"}
VALUES: dict[str, dict[str, Any]] = {
    "rectification_order": {"company": "启东市宏达机械厂", "problems": [HAZARD] * 4, "item_nos": "1至4"},
    "inspection_record": {"company": "启东市宏达机械厂", "findings": [HAZARD] * 12},
    "case_filing_approval": {"cause": "未消除事故隐患", "facts": HAZARD * 8, "handler_opinion": HAZARD},
}

Call = tuple[str, tuple[Any, ...]]


def test_forms() -> None:
    """At most 1.4 times the bare canvas."""
    lines = []
    for name, values in VALUES.items():
        form = form_book().get(name)

        def ours(form: Any = form, values: dict[str, Any] = values) -> None:
            glyphs.forget()  # as for a document that was never made before
            pdf(compose(form_book(), form, Filling(values, ISSUER, date(2026, 3, 2))))

        calls = _drawn(ours)
        made, bare = paired(ours, lambda calls=calls: _bare(calls), repeat=25)  # type: ignore[misc]
        lines.append(Line(f"{form.title}", made, "the same calls, bare canvas", bare, "≤ 1.4"))
    show("official forms", lines)


def test_forms_and_libreoffice(tmp_path: Path) -> None:
    """At most a thirtieth of LibreOffice's time for one file; many at once only tell what its start costs."""
    if SOFFICE is None:
        print("\n(no LibreOffice: its lines are left out)")
        return
    lines = []
    files = []
    for name, values in VALUES.items():
        document = compose(form_book(), form_book().get(name), Filling(values, ISSUER, date(2026, 3, 2)))
        files.append(tmp_path / f"{name}.docx")
        files[-1].write_bytes(docx(document))

        def ours(document: Any = document) -> None:
            glyphs.forget()
            pdf(document)

        def peer(file: Path = files[-1]) -> None:
            converted([file], "pdf", tmp_path / "pdf")

        peer()  # its profile is made at its first start
        made, theirs = paired(ours, peer, repeat=5)
        lines.append(Line(f"{document.title}", made, "LibreOffice, Word version", theirs, "≤ 0.033"))
    many = []
    for at in range(20):
        many.append(tmp_path / f"many{at}.docx")
        many[-1].write_bytes(files[at % len(files)].read_bytes())
    whole = once(lambda: converted(many, "pdf", tmp_path / "pdf"))
    lines.append(Line("one of 20 in one run of LibreOffice", lines[0].ours, "a twentieth of it", whole / 20, ""))
    show("official forms and LibreOffice", lines)


def _drawn(work: Callable[[], None]) -> list[Call]:
    """Every call that a form makes on its canvas."""
    calls: list[Call] = []
    kept = {
        name: getattr(Canvas, name) for name in ("drawString", "line", "rect", "setFont", "setLineWidth", "showPage")
    }

    def noting(name: str) -> Any:
        def noted(self: Any, *arguments: Any, **more: Any) -> Any:
            calls.append((name, arguments))
            return kept[name](self, *arguments, **more)

        return noted

    for name in kept:
        setattr(Canvas, name, noting(name))
    try:
        work()
    finally:
        for name, method in kept.items():
            setattr(Canvas, name, method)
    return calls


def _bare(calls: list[Call]) -> None:
    with fonts.LOCK:
        body = fonts.pdf_name(fonts.file_of(Role.BODY))
        canvas = Canvas(io.BytesIO(), pagesize=PAPER, invariant=1, pageCompression=1, initialFontName=body)
        for name, arguments in calls:
            getattr(canvas, name)(*arguments)
        canvas.save()
