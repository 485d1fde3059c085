"""The official forms 执法文书 as data: fields, fixed wording, dated citations, what must come before, how sure we are.

A form is known from what was seen of it. What was only recalled, adapted or designed is a *doubt*: it may be shown and
tried out, but it is not issued before a named person has confirmed it. The law cited is that of the document's date.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from desktop.domain.errors import Refused
from desktop.domain.gate import GateWarning


class Stage(StrEnum):
    """Where in the work a form belongs."""

    INSPECTION = "inspection"
    REINSPECTION = "reinspection"
    FILING = "filing"
    INVESTIGATION = "investigation"
    COERCION = "coercion"
    NOTICE = "notice"
    HEARING = "hearing"
    DECISION = "decision"
    SERVICE = "service"
    EXECUTION = "execution"
    REFERRAL = "referral"
    CLOSING = "closing"
    ARCHIVE = "archive"


class FormKind(StrEnum):
    """Who a form is for: the office itself, the party, the record of an act, a list, the file."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    RECORD = "record"
    LIST = "list"
    ARCHIVE = "archive"


class Evidence(StrEnum):
    """What was seen of a form or of a wording."""

    VERIFIED = "verified"
    PARTLY = "partly"
    TITLE = "title"
    ADAPTED = "adapted"
    RECALLED = "recalled"
    PROPOSED = "proposed"


class Seal(StrEnum):
    """Whose seal a form carries."""

    NONE = "none"
    ENFORCEMENT = "enforcement"
    AUTHORITY = "authority"
    ENTERPRISE = "enterprise"


class FieldType(StrEnum):
    """What a field holds. Its value is text, or a list of texts, of rows, or a pair of ends."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    ORGANISATION = "organisation"
    PERSON = "person"
    PARTY = "party"
    OFFICER = "officer"
    OFFICERS = "officers"
    PHONE = "phone"
    POSTCODE = "postcode"
    IDENTITY = "identity"
    COUNT = "count"
    MONEY = "money"
    MONEY_IN_CAPITALS = "money_in_capitals"
    MONTH = "month"
    DATE = "date"
    DATE_IN_CHARACTERS = "date_in_characters"
    MOMENT = "moment"
    DATES = "dates"
    PERIOD = "period"
    CHOICE = "choice"
    CHECKS = "checks"
    ITEMS = "items"
    DIALOGUE = "dialogue"
    TABLE = "table"
    PICTURE = "picture"
    REMEDY = "remedy"
    SIGNATURE = "signature"
    SEAL = "seal"


NOT_ENTERED = frozenset({FieldType.SIGNATURE, FieldType.SEAL, FieldType.REMEDY})
"""What is written, stamped or derived, and so never entered."""


class Precedence(StrEnum):
    """How what must come before binds: not at all, any one of them, softly, or in full."""

    NONE = "none"
    ANY = "any"
    SOFT = "soft"
    HARD = "hard"


class RecordKind(StrEnum):
    """The table of the record that a document is made for."""

    ENTERPRISE = "enterprise"
    INSPECTION = "inspection"
    ORDER = "rectification_order"
    REINSPECTION = "reinspection"
    HAZARD = "hazard"
    CASE = "penalty_case"


class FontChoice(StrEnum):
    """What official documents are drawn with: the fonts of the machine where it has them, or those of the program alone."""

    MACHINE = "machine"
    BUNDLED = "bundled"


class NumberCounting(StrEnum):
    """How numbers run: one for a whole inspection or case, of which only the code word changes, or one a form."""

    CASE = "case"
    FORM = "form"


class DocumentStatus(StrEnum):
    """Where a document stands."""

    DRAFT = "draft"
    ISSUED = "issued"
    VOID = "void"


class NumberState(StrEnum):
    """What became of a number: it is kept for a paper book, stands on a document, or is void. It never comes back."""

    RESERVED = "reserved"
    USED = "used"
    VOID = "void"


BY_HAND = "hand"
"""The row of numbers that were written by hand: they follow no count of the program's."""

SERIES_SAID = {"chain:inspection": "检查类文书", "chain:case": "案件类文书", BY_HAND: "手工编号"}
"""What the rows of numbers are called that are no code word."""

BEFORE_BOOK = "启用文号簿以前已经用过，从后面接着编"
"""Why the first numbers of a row are not in the book."""

ALL_BEFORE = "*"
"""As what must come before: every other document of the case."""

_SIGNED_ON = re.compile(r"^<\|(\w+)")
_TOKEN = re.compile(r"\{(cite|clause)\.(\w+)\}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `source` names what fills it from the records (`enterprise.name`); `count` is how often it stands."""

    key: str
    label: str
    type: FieldType
    is_required: bool = False
    count: int = 1
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    is_doubtful: bool = False
    ends_with_year: bool = False

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Field":
        """A field as its form's file tells it."""
        return cls(
            key=data["key"],
            label=data["label"],
            type=FieldType(data["type"]),
            is_required=data.get("required", False),
            count=data.get("count", 1),
            choices=tuple(data.get("choices", ())),
            columns=tuple(data.get("columns", ())),
            source=data.get("source", ""),
            note=data.get("note", ""),
            is_doubtful=data.get("doubtful", False),
            ends_with_year=data.get("ends_with_year", False),
        )

    @property
    def is_entered(self) -> bool:
        """Whether a person or a record gives its value; signatures, seals and remedies stand for themselves."""
        return self.type not in NOT_ENTERED


@dataclass(frozen=True, slots=True)
class Version:
    """A wording from a day on. Without `text` the law gives none: the office must say what it prints."""

    text: str
    from_on: date | None = None
    evidence: Evidence = Evidence.VERIFIED
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation or clause inside fixed wording, by the date of the document."""

    key: str
    versions: tuple[Version, ...]

    @classmethod
    def from_data(cls, key: str, versions: Iterable[Mapping[str, Any]]) -> "Citation":
        """A citation as the common file tells it, oldest version first."""
        return cls(
            key,
            tuple(
                Version(
                    each["text"], each.get("from_on"), Evidence(each.get("evidence", "verified")), each.get("note", "")
                )
                for each in versions
            ),
        )

    def on(self, dated_on: date) -> Version:
        """The version of a document dated so: the last one in force on that day."""
        return [each for each in self.versions if each.from_on is None or each.from_on <= dated_on][-1]

    def mark(self, dated_on: date) -> str:
        """What a confirmation of the version of that day is kept under."""
        begins = self.on(dated_on).from_on
        return f"{self.key}@{begins}" if begins else self.key


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a form that wants a person's word 待法制人员确认: its mark, and why in Chinese."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """One official form. `layout` is the page, block by block, as `desktop.documents.forms` reads it."""

    id: str
    title: str
    printed_title: str
    alias: str
    code: str
    pattern: str
    set_number: int | None
    edition: int
    replaced_by: str
    stage: Stage
    kind: FormKind
    record: RecordKind
    evidence: Evidence
    sources: tuple[str, ...]
    copies: int
    copies_text: str
    recipients: tuple[str, ...]
    seal: Seal
    signers: tuple[str, ...]
    attachments: tuple[str, ...]
    before: tuple[str, ...]
    before_kind: Precedence
    before_note: str
    group: str
    has_continuation: bool
    has_page_count: bool
    has_heading: bool
    paper: str
    date_field: str
    law: tuple[str, ...]
    variants: tuple[str, ...]
    notes: tuple[str, ...]
    layout: tuple[Mapping[str, Any], ...]
    fields: tuple[Field, ...]

    @classmethod
    def from_data(cls, form_id: str, data: Mapping[str, Any]) -> "Form":
        """A form as its file tells it."""
        return cls(
            id=form_id,
            title=data["title"],
            printed_title=data.get("printed_title", data["title"]),
            alias=data.get("alias", ""),
            code=data.get("code", ""),
            pattern=data.get("pattern", ""),
            set_number=data.get("set_number"),
            edition=data["edition"],
            replaced_by=data.get("replaced_by", ""),
            stage=Stage(data["stage"]),
            kind=FormKind(data["kind"]),
            record=RecordKind(data["record"]),
            evidence=Evidence(data["evidence"]),
            sources=tuple(data.get("sources", ())),
            copies=data["copies"],
            copies_text=data.get("copies_text", ""),
            recipients=tuple(data.get("recipients", ())),
            seal=Seal(data["seal"]),
            signers=tuple(data.get("signers", ())),
            attachments=tuple(data.get("attachments", ())),
            before=tuple(data.get("before", ())),
            before_kind=Precedence(data["before_kind"]),
            before_note=data.get("before_note", ""),
            group=data.get("group", ""),
            has_continuation=data.get("continuation", False),
            has_page_count=data.get("page_count", False),
            has_heading=data.get("heading", True),
            paper=data.get("paper", "A4"),
            date_field=data.get("date_field", ""),
            law=tuple(data.get("law", ())),
            variants=tuple(data.get("variants", ())),
            notes=tuple(data.get("notes", ())),
            layout=tuple(data["layout"]),
            fields=tuple(Field.from_data(each) for each in data["fields"]),
        )

    @property
    def has_number(self) -> bool:
        """Whether the form carries a number of the office's own."""
        return bool(self.code)

    @property
    def is_official(self) -> bool:
        """Whether it is one of the 48 of the official set."""
        return self.set_number is not None

    def field(self, key: str) -> Field:
        """A field by its key."""
        return next(each for each in self.fields if each.key == key)

    def has_field(self, key: str) -> bool:
        """Whether there is such a field."""
        return any(each.key == key for each in self.fields)

    def wording(self) -> Iterator[str]:
        """Every text that the layout prints, with its tokens."""
        for block in self.layout:
            yield from _texts(block)

    def tokens(self) -> tuple[tuple[str, str], ...]:
        """The citations and clauses inside the wording, as ("cite" or "clause", key)."""
        found = [(kind, key) for text in self.wording() for kind, key in _TOKEN.findall(text)]
        return tuple(dict.fromkeys(found))

    def beside_signatures(self) -> frozenset[str]:
        """The dates that whoever signs writes beside the name."""
        return frozenset(key for text in self.wording() for key in _SIGNED_ON.findall(text))

    def missing(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The keys of required fields without a value.

        The office's own number comes with the issue, and dates beside signatures from the pen: they are not asked for.
        """
        by_pen = self.beside_signatures()
        return tuple(
            each.key
            for each in self.fields
            if each.is_required
            and each.is_entered
            and each.key not in by_pen
            and each.key != "number"
            and not said(values, each)
        )


def said(values: Mapping[str, Any], wanted: Field) -> bool:
    """Whether a field has a value, in every place where it stands."""
    value = values.get(wanted.key)
    if wanted.count > 1:
        given = [value] if isinstance(value, str) else list(value or ())
        return len(given) >= wanted.count and all(given[: wanted.count])
    if isinstance(value, Mapping):
        return all(value.get(end) for end in ("from", "to"))
    return bool(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


@dataclass(frozen=True, slots=True)
class FormBook:
    """All forms, with the citations and clauses they share and the words that changed with the reform of 2018/19."""

    forms: Mapping[str, Form]
    citations: Mapping[str, Citation]
    clauses: Mapping[str, Citation]
    words: Mapping[str, Citation]
    chains: Mapping[str, tuple[tuple[tuple[str, ...], bool], ...]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_data(cls, common: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> "FormBook":
        """The book as the shipped files tell it; the common file gives the order of the forms."""
        cite, clause, word = (
            {key: Citation.from_data(f"{part}.{key}", each) for key, each in common[part].items()}
            for part in ("cite", "clause", "word")
        )
        chains = {
            chain["name"]: tuple((tuple(step.rstrip("?").split("|")), step.endswith("?")) for step in chain["steps"])
            for chain in common["chains"]
        }
        shipped = {name: Form.from_data(name, forms[name]) for name in common["forms"]}
        return cls(shipped, cite, clause, word, chains, common["sources"])

    def get(self, form_id: str) -> Form:
        """A form by its id; refused when there is none."""
        form = self.forms.get(form_id)
        if form is None:
            raise Refused("form_unknown", form=form_id)
        return form

    def find(self, text: str) -> Form:
        """A form by id, by alias, by title, by number in the official set, or by a code word that only it bears."""
        wanted = text.strip()
        for form in self.forms.values():
            if wanted in (form.id, form.alias, form.title, str(form.set_number)):
                return form
        coded = [form for form in self.forms.values() if form.code == wanted and wanted]
        if len(coded) != 1:
            raise Refused("form_unknown", form=text)
        return coded[0]

    def is_in_force(self, form: Form, dated_on: date) -> bool:
        """Whether a document of that date may use the form: not before its edition, nor after the one that replaced it.

        Editions are known by their years alone, so in the year of a change both are in force.
        """
        ended = form.replaced_by and dated_on.year > self.forms[form.replaced_by].edition
        return form.edition <= dated_on.year and not ended

    def printed(self, kind: str, key: str, dated_on: date) -> str:
        """The citation or clause of a document of that date; empty where the office must say it."""
        return self._part(kind)[key].on(dated_on).text

    def law(self, form: Form, dated_on: date) -> tuple[str, ...]:
        """What the law says of the form, for whoever fills it in, with the citations of that day."""
        return tuple(
            re.sub(r"\{cite\.(\w+)\}", lambda found: self.printed("cite", found[1], dated_on), text)
            for text in form.law
        )

    def _part(self, kind: str) -> Mapping[str, Citation]:
        return {"cite": self.citations, "clause": self.clauses, "word": self.words}[kind]

    def doubts(self, form: Form, dated_on: date) -> tuple[Doubt, ...]:
        """Everything in a document of that date that was not seen in an official text."""
        return tuple(self._doubts(form, dated_on))

    def _doubts(self, form: Form, dated_on: date) -> Iterator[Doubt]:
        if form.evidence is not Evidence.VERIFIED:
            yield Doubt(f"form.{form.id}", f"《{form.title}》{EVIDENCE_SAID[form.evidence]}")
        elif any(each.is_doubtful for each in form.fields):
            names = "、".join(each.label for each in form.fields if each.is_doubtful)
            yield Doubt(f"form.{form.id}", f"《{form.title}》的这些栏目为回忆：{names}")
        for kind, key in form.tokens():
            citation = self._part(kind)[key]
            version = citation.on(dated_on)
            if version.evidence is not Evidence.VERIFIED:
                yield Doubt(citation.mark(dated_on), version.note)

    def warnings(self, form: Form, done: Collection[str], others: Collection[str] = ()) -> tuple[GateWarning, ...]:
        """What should have come before and is not there. `done` are forms made before, `others` those begun and open."""
        if form.before_kind is Precedence.NONE:
            return ()
        if form.before == (ALL_BEFORE,):
            missing = tuple(sorted(others))
        else:
            missing = tuple(each for each in form.before if each not in done)
            if form.before_kind is Precedence.ANY and len(missing) < len(form.before):
                missing = ()
        if not missing:
            return ()
        joined = ("或" if form.before_kind is Precedence.ANY else "、").join(
            f"《{self.forms[each].title}》" for each in missing if each in self.forms
        )
        why = form.before_note and f"（{form.before_note.rstrip('。')}）"
        text = f"《{form.title}》之前应当先有{joined}{why}"
        return (GateWarning(f"form_order.{form.id}", text),)


EVIDENCE_SAID: Mapping[Evidence, str] = {
    Evidence.PARTLY: "只见到部分栏目，其余为回忆",
    Evidence.TITLE: "只见到名称，栏目为回忆",
    Evidence.ADAPTED: "的文字是按现行法改写的，没有见到官方文本",
    Evidence.RECALLED: "没有见到式样，栏目为回忆",
    Evidence.PROPOSED: "没有公开式样，栏目为本程序拟定",
}

# ---- numbers -----------------------------------------------------------------------------------------------

_PLACES = re.compile(r"\{(.*?)\}")
PATTERN = "（{prefix}）{word}{code}〔{year}〕{number}号"
PATTERN_PLACES = frozenset({"prefix", "town", "word", "code", "year", "number"})


def is_pattern(pattern: str) -> bool:
    """Whether numbers of this pattern can be told apart: it names the code word, the year and the running number."""
    used = set(_PLACES.findall(pattern))
    bare = _PLACES.sub("", pattern)
    return {"code", "year", "number"} <= used <= PATTERN_PLACES and "{" not in bare and "}" not in bare


def with_places(pattern: str, code: str) -> str:
    """A pattern that orders had for themselves, made to serve every form: the words 应急 and 责改 become places."""
    return pattern.replace("应急", "{word}", 1).replace(code, "{code}", 1) if code in pattern else pattern


_MOST_DIGITS = 5


def last_in(number: str, year: int) -> int:
    """The running number in a document number of that year: 12 of （苏启）应急责改〔2026〕12号; 0 where there is none."""
    found = re.search(rf"{year}\D*?(\d{{1,{_MOST_DIGITS}}})\D*$", number)
    return int(found[1]) if found else 0


def series_of(form: Form, counting: NumberCounting, record: RecordKind | None) -> str:
    """The row of numbers a document counts in: its code word, or that of all documents of inspections or of cases."""
    if counting is NumberCounting.FORM:
        return form.code
    is_case = record is RecordKind.CASE or form.stage not in (Stage.INSPECTION, Stage.REINSPECTION, Stage.COERCION)
    return "chain:case" if is_case else "chain:inspection"


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a row that stand on no document, and why not."""

    first: int
    last: int
    reason: str


def gaps(last: int, taken: Collection[int]) -> list[tuple[int, int]]:
    """The stretches from 1 to `last` that are not among `taken`."""
    found: list[tuple[int, int]] = []
    for number in range(1, last + 1):
        if number in taken:
            continue
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


# ---- amounts and dates in characters -----------------------------------------------------------------------

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLAIN = "〇一二三四五六七八九"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(fen: int) -> str:
    """An amount in 分 as 大写: 530000 元 is 伍拾叁万元整. Nothing is lost: the wan is written, 角 and 分 too."""
    if fen < 0:
        raise ValueError("amounts on forms are not negative")
    yuan, cents = divmod(fen, 100)
    tail = ""
    if cents:
        dime, cent = divmod(cents, 10)
        tail = (f"{_DIGITS[dime]}角" if dime else "零" if yuan else "") + (f"{_DIGITS[cent]}分" if cent else "整")
    head = f"{_whole(yuan)}元" if yuan or not cents else ""
    return head + (tail or "整")


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    text, has_gap = "", False
    for at in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**at % 10_000
        if not group:
            has_gap = True
            continue
        text += (_DIGITS[0] if text and (has_gap or group < 1000) else "") + _group(group) + _GROUPS[at]
        has_gap = False
    return text


def _group(group: int) -> str:
    text, zero = "", False
    for at in (3, 2, 1, 0):
        digit = group // 10**at % 10
        if digit:
            text += (_DIGITS[0] if zero and text else "") + _DIGITS[digit] + _UNITS[at]
            zero = False
        else:
            zero = True
    return text


def in_characters(on: date) -> str:
    """二〇二〇年七月一日."""
    return f"{''.join(_PLAIN[int(digit)] for digit in str(on.year))}年{_small(on.month)}月{_small(on.day)}日"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_PLAIN[tens]}十") + (_PLAIN[ones] if ones else "")
