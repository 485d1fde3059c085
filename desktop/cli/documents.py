"""document and form: official forms made for a record, their list, their confirmation, the book of numbers."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.cli.call import DONE, REFUSED, Call
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.domain.form import Form, RecordKind
    from desktop.services.forms import DocumentRow, FormDraft, Forms


def make(call: Call) -> int:
    """An official form for a record: the issued document as it is, or what it would be, or issued now."""
    form = _form(call.form)
    with call.office(writes=call.issue) as services:
        forms = services.forms
        record = (_kind(call, form), call.id)
        if call.issue:
            told = _issued_now(forms, form, record, call)
        else:
            told = _issued(forms, form, record) or _tried(forms, forms.new(form.id, record))
        written = _write(forms, told, call)
    document = {**told.document(record), "files": written}
    call.out.say(document, told.lines(written))
    return DONE if told.is_clean else REFUSED


def _form(text: str) -> "Form":
    from desktop.domain.errors import Refused
    from desktop.services.form_book import form_book
    from desktop.text import sentence

    try:
        return form_book().find(text)
    except Refused as error:
        raise Unusable(f"{sentence(error)}可用 form list 查看全部文书") from error


def _kind(call: Call, form: "Form") -> "RecordKind":
    from desktop.domain.form import RecordKind

    return RecordKind(KINDS[call.record]) if call.record else form.record


KINDS = {
    "enterprise": "enterprise",
    "inspection": "inspection",
    "order": "rectification_order",
    "reinspection": "reinspection",
    "hazard": "hazard",
    "case": "penalty_case",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a document, and what it is made from: a document of the office, or a draft."""

    form: "Form"
    draft: "FormDraft"
    row: "DocumentRow | None"
    doubts: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands against using it; a warning is advice."""
        return not self.doubts and not self.unknown

    def document(self, record: "tuple[RecordKind, int]") -> dict[str, Any]:
        """For programs."""
        row = self.row
        return {
            "form": self.form.id,
            "title": self.form.title,
            "record": {"type": record[0].value, "id": record[1]},
            "id": row.id if row else None,
            "number": row.number if row else self.draft.number,
            "status": row.status.value if row else "draft",
            "dated_on": row.dated_on if row else self.draft.dated_on,
            "sha256": row.sha256 if row else None,
            "unconfirmed": list(self.doubts),
            "warnings": [{"gate": gate, "text": text} for gate, text in self.warnings],
            "missing_glyphs": list(self.unknown),
        }

    def lines(self, written: list[str]) -> list[str]:
        """For people."""
        number = self.row.number if self.row else self.draft.number
        state = "已签发" if self.row else "草稿，未签发"
        lines = [f"《{self.form.title}》{number}（{state}）"]
        lines += [f"待法制人员确认：{text}" for text in self.doubts]
        lines += [f"注意：{text}" for _, text in self.warnings]
        lines += [f"这些字没有字形，打印会显示为〓：{'、'.join(self.unknown)}"] if self.unknown else []
        return [*lines, *(f"已写出 {path}" for path in written)]


def _issued(forms: "Forms", form: "Form", record: "tuple[RecordKind, int]") -> _Told | None:
    from desktop.domain.form import DocumentStatus
    from desktop.services.forms import DocumentQuery

    rows = forms.rows(DocumentQuery(form=form.id, record=record, statuses=frozenset({DocumentStatus.ISSUED})))
    return _Told(form, forms.detail(rows[0].id).draft, rows[0]) if rows else None


def _tried(forms: "Forms", draft: "FormDraft") -> _Told:
    form = forms.book.get(draft.form)
    assert draft.dated_on is not None
    return _Told(
        form,
        draft,
        None,
        tuple(doubt.text for doubt in forms.doubts(form.id, draft.dated_on)),
        tuple((warning.gate, warning.text) for warning in forms.gates(draft)),
        tuple(sorted(forms.missing_glyphs(draft))),
    )


def _issued_now(forms: "Forms", form: "Form", record: "tuple[RecordKind, int]", call: Call) -> _Told:
    draft = forms.new(form.id, record)
    told = _tried(forms, draft)
    if told.unknown:
        raise Unusable(f"这些字没有字形，不能签发：{'、'.join(told.unknown)}。请换用正确的字")
    reasons = {gate: call.reason for gate, _ in told.warnings} if call.reason else {}
    issued = forms.issue(replace(draft, reasons=reasons, number=call.number or draft.number))
    return _Told(form, draft, forms.detail(issued).row, (), told.warnings)


def _write(forms: "Forms", told: _Told, call: Call) -> list[str]:
    written = []
    if call.pdf is not None:
        made = forms.preview(told.draft) if told.row is None else forms.file(told.row.id)
        call.write_file(call.pdf, made.content)
        written.append(str(call.pdf))
    if call.docx is not None:
        word = forms.preview_word(told.draft) if told.row is None else forms.word(told.row.id)
        call.write_file(call.docx, word)
        written.append(str(call.docx))
    return written


# ---- form --------------------------------------------------------------------------------------------------


def list_forms(call: Call) -> int:
    """Every official form, with what of it still waits for confirmation on the business date."""
    from desktop.services.form_book import form_book
    from desktop.text import label

    book = form_book()
    open_doubts = _open_doubts(call)
    items = [
        {
            "id": form.id,
            "alias": form.alias,
            "set_number": form.set_number,
            "title": form.title,
            "code": form.code,
            "stage": form.stage.value,
            "record": form.record.value,
            "copies": form.copies,
            "evidence": form.evidence.value,
            "unconfirmed": [text for mark, text in _doubts(book, form, call.today) if mark in open_doubts(form)],
        }
        for form in book.forms.values()
    ]
    rows = [
        (
            form.set_number or "",
            form.title,
            form.code,
            label(form.stage),
            label(form.evidence),
            "待确认" if item["unconfirmed"] else "",
            form.id,
        )
        for form, item in zip(book.forms.values(), items, strict=True)
    ]
    call.out.say({"on": call.today, "items": items}, table(("号", "文书", "代码", "阶段", "来源", "", "名称"), rows))
    return DONE


def _doubts(book: Any, form: "Form", on: date) -> list[tuple[str, str]]:
    return [(doubt.mark, doubt.text) for doubt in book.doubts(form, on)]


def _open_doubts(call: Call) -> Any:
    """The marks that nobody has confirmed: by the office's own record where there is an office."""
    if not call.has_office:
        from desktop.services.form_book import form_book

        return lambda form: {mark for mark, _ in _doubts(form_book(), form, call.today)}
    with call.office() as services:
        known = services.forms.confirmations.confirmed()
        book = services.forms.book
    return lambda form: {mark for mark, _ in _doubts(book, form, call.today)} - known.keys()


def confirm(call: Call) -> int:
    """A named person's word on what is doubtful in a form of the business date."""
    form = _form(call.form)
    with call.office(writes=True) as services:
        doubts = [doubt.text for doubt in services.forms.book.doubts(form, call.today)]
        services.forms.confirmations.confirm(form.id, call.today, call.remark, call.by)
    lines = [f"{call.by}已确认《{form.title}》：", *doubts]
    call.out.say({"form": form.id, "by": call.by, "on": call.today, "confirmed": doubts}, lines)
    return DONE


def numbers(call: Call) -> int:
    """The book of numbers of a year."""
    from desktop.domain.form import BEFORE_BOOK
    from desktop.text import label

    year = call.year or call.today.year
    with call.office() as services:
        books = services.forms.numbers.number_book(year)
    rows: list[tuple[object, ...]] = [
        (book.name, row.sequence, row.text, label(row.state), row.title, row.enterprise, row.taken_on, row.reason)
        for book in books
        for row in book.rows
    ]
    rows += [
        (book.name, f"{gap.first}-{gap.last}", "", "", "", "", "", gap.reason) for book in books for gap in book.gaps
    ]
    rows += [(book.name, f"1-{book.start}", "", "", "", "", "", BEFORE_BOOK) for book in books if book.start]
    lines = (
        table(("编号序列", "序号", "文号", "状态", "文书", "企业", "日期", "说明"), rows)
        if rows
        else [f"{year} 年还没有文号。"]
    )
    call.out.say({"year": year, "books": books}, lines)
    return DONE
