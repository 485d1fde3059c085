"""The year-end package: what it will say, what is missing, how it is worded, and making it.

Everything is computed as of a cut-off from records gathered once, so that the screen, the report, the workbooks and
the data in the package say the same. The default cut-off is 20 December, or the business date while that is earlier.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import delete, select

from db.models import ReportText, Submission
from db.store import Store
from desktop import __version__
from desktop.documents.blocks import Block, Paper
from desktop.documents.report import CheckLine, Source, body_text, report, section_blocks, section_titles
from desktop.domain.deadline import Confidence
from desktop.domain.errors import Refused
from desktop.domain.statistics import Figure, by_key, figures
from desktop.exchange import package as pack
from desktop.exchange import records as rec
from desktop.services import year_records
from desktop.services.clock import Clock
from desktop.services.preflight import PreflightItem, preflight
from desktop.services.progress import Progress
from desktop.services.rules import key_targets, rule_book
from desktop.services.shipped import catalogue
from desktop.services.year_findings import Year, check_lines, findings

CUT_OFF_MONTH, CUT_OFF_DAY = 12, 20
OVERDUE_NOTE = "overdue:"
COUNTING = "key_share.counting"


# What changes without changing what the package says: a submission noted, a view saved.
_HEAD_SQL = """
SELECT o.id, o.hash FROM operation o
WHERE NOT EXISTS (SELECT 1 FROM operation_row r WHERE r.operation_id = o.id)
   OR EXISTS (SELECT 1 FROM operation_row r WHERE r.operation_id = o.id AND r.table_name NOT IN ('submission', 'saved_view'))
ORDER BY o.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure as pages show it, with its definition and the rows behind it (`rows` counted, of `base`)."""

    code: str
    part: str
    title: str
    unit: str
    text: str
    numerator: int
    denominator: int | None
    definition: str
    table: str
    rows: tuple[int, ...]
    base: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is not what the last package of the year said."""

    code: str
    part: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A package that was made."""

    id: int
    year: int
    cut_off: date
    made_at: str
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The package that was written, what it holds, and the characters that no font could draw."""

    path: Path
    sha256: str
    size: int
    files: tuple[str, ...]
    is_signed: bool
    missing: frozenset[str]


@dataclass(frozen=True)
class Content:
    """All that a year says at a cut-off, gathered once; the rest is worked out of it when asked for."""

    year: int
    cut_off: date
    head: pack.Head
    source: Source
    records: Mapping[str, list[dict[str, Any]]]
    look: Year

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in order."""
        return tuple(self.source.figures.values())

    @cached_property
    def checks(self) -> list[CheckLine]:
        """The self-check on the seven points."""
        return check_lines(self.look, self.source)

    @cached_property
    def csv_files(self) -> dict[str, bytes]:
        """The record tables as files, by name."""
        rows = {**self.records, "figures": rec.figure_rows(self.figures)}
        return {name: rec.to_csv(table, rows[name]) for name, table in rec.tables().items()}

    @property
    def mark(self) -> str:
        """What the PDFs carry to say which figures they print."""
        return f"figures-sha256:{sha256(self.csv_files['figures']).hexdigest()}"

    @cached_property
    def paper(self) -> Paper:
        """The report."""
        return report(self.source, self.mark)


class Reporting:
    """Gathers, checks, words and exports a year."""

    DEPENDS_ON: ClassVar[frozenset[str]] = year_records.DEPENDS_ON | {
        "office",
        "setting",
        "report_text",
        "rule_confirmation",
        "submission",
    }

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # ---- what the year says --------------------------------------------------------------------------------

    def cut_off(self, year: int, wanted: date | None = None) -> date:
        """The cut-off of a year: the wanted one if it can be, else 20 December or the business date before it."""
        today = self._clock.today()
        found = wanted or min(date(year, CUT_OFF_MONTH, CUT_OFF_DAY), max(today, date(year, 1, 1)))
        if found.year != year:
            raise Refused("cut_off_outside", cut_off=found, year=year)
        if found > today:
            raise Refused("cut_off_future", cut_off=found, today=today)
        return found

    def content(self, year: int, cut_off: date | None = None) -> Content:
        """Everything of a year, from one snapshot."""
        day = self.cut_off(year, cut_off)
        with self._store.read() as session:
            records = year_records.gather(session, year, day)
            bodies = dict(
                session.execute(select(ReportText.section, ReportText.body).where(ReportText.year == year)).all()
            )
            row = session.connection().exec_driver_sql("SELECT * FROM office ORDER BY id LIMIT 1").mappings().first()
            office: Mapping[str, str] = {} if row is None else {name: row[name] or "" for name in _OFFICE}
            entry = session.connection().exec_driver_sql(_HEAD_SQL).first()
            confirmed = {row[0] for row in session.connection().exec_driver_sql("SELECT rule FROM rule_confirmation")}
            official = self._store.setting(COUNTING, "inspections")
        notes = {
            int(name.removeprefix(OVERDUE_NOTE)): body for name, body in bodies.items() if name.startswith(OVERDUE_NOTE)
        }
        look = Year(records, year, day, notes)
        found = findings(look, _unconfirmed(look, confirmed))
        source = Source(
            office.get("name", ""),
            office.get("county", ""),
            office.get("bureau", ""),
            office.get("contact", ""),
            office.get("phone", ""),
            year,
            day,
            by_key(figures(records, year, day)),
            _titles(),
            rec.part_names(),
            found,
            official,
            {name: body for name, body in bodies.items() if not name.startswith(OVERDUE_NOTE)},
        )
        head = pack.Head(
            source.county,
            _town(office),
            source.office,
            office.get("code", ""),
            source.bureau,
            year,
            day,
            __version__,
            entry[1] if entry else "",
            entry[0] if entry else 0,
        )
        return Content(year, day, head, source, records, look)

    def figures(self, year: int, cut_off: date | None = None) -> list[FigureRow]:
        """Every figure with its definition and rows."""
        return [_figure_row(figure) for figure in self.content(year, cut_off).figures]

    def preflight(self, year: int, cut_off: date | None = None) -> list[PreflightItem]:
        """What is missing or does not agree, the gravest first."""
        content = self.content(year, cut_off)
        return preflight(content.look, content.source, key_targets())

    def preview(self, year: int, cut_off: date | None = None) -> list[Block]:
        """The report as blocks: the same that PDF and Word are made of."""
        return list(report(self.content(year, cut_off).source).blocks)

    # ---- wording -------------------------------------------------------------------------------------------

    def sections(self, year: int) -> list[tuple[str, str, bool]]:
        """The sections of the report: id, title, whether the office rewrote it."""
        with self._store.read() as session:
            own = set(session.scalars(select(ReportText.section).where(ReportText.year == year)))
        return [
            (name, title.replace("{next_year}", str(year + 1)), name in own) for name, title in section_titles().items()
        ]

    def section_text(self, year: int, section: str, cut_off: date | None = None) -> str:
        """The words of a section as they would be printed, for the editor."""
        _known_section(section)
        return body_text(section, self.content(year, cut_off).source)

    def section_preview(self, year: int, section: str, cut_off: date | None = None) -> list[Block]:
        """The blocks of one section."""
        _known_section(section)
        return section_blocks(section, self.content(year, cut_off).source)

    def save_section(self, year: int, section: str, body: str) -> None:
        """Keep the office's own words for a section. `{figure}` in them is still filled in when printed."""
        _known_section(section)
        self._write_text("修改年终报告", year, section, body.strip())

    def reset_section(self, year: int, section: str) -> None:
        """Go back to the computed words."""
        _known_section(section)
        self._write_text("恢复年终报告原文", year, section, "")

    def explain(self, year: int, obligation_id: int, note: str) -> None:
        """Say why an overdue item is overdue; the report prints it beside the item."""
        self._write_text("说明逾期原因", year, f"{OVERDUE_NOTE}{obligation_id}", note.strip())

    def _write_text(self, title: str, year: int, section: str, body: str) -> None:
        with self._store.write(title) as session:
            own = session.scalars(
                select(ReportText).where(ReportText.year == year, ReportText.section == section)
            ).first()
            if own is not None and body:
                own.body = body
            elif body:
                session.add(ReportText(year=year, section=section, body=body))
            elif own is not None:
                session.execute(delete(ReportText).where(ReportText.id == own.id))

    # ---- making it -----------------------------------------------------------------------------------------

    def export(
        self,
        year: int,
        out: Path,
        cut_off: date | None = None,
        sign: bytes | None = None,
        progress: Progress | None = None,
    ) -> Exported:
        """Write the package to `out` (a .zip, or a folder that gets one with its proper name), and note it."""
        steps = progress or Progress()
        steps.step(0, len(_STEPS) + 2, "汇集记录")
        content = self.content(year, cut_off)
        if not content.source.office:
            raise Refused("no_office")
        payload, missing = _payload(content, steps)
        steps.step(len(_STEPS) + 1, len(_STEPS) + 2, "封装")
        sealed = pack.seal(content.head, payload, sign)
        path = out if out.suffix.lower() == ".zip" else out / pack.file_name(content.head)
        pack.write_whole(path, sealed)
        digest = sha256(sealed).hexdigest()
        self._note(content, path.name, digest)
        steps.step(len(_STEPS) + 2, len(_STEPS) + 2, "完成")
        return Exported(path, digest, len(sealed), tuple(sorted(payload)), sign is not None, missing)

    def _note(self, content: Content, name: str, digest: str) -> None:
        told = {f"{figure.code}|{figure.part}": figure.text for figure in content.figures}
        with self._store.write("导出年终包") as session:
            session.add(
                Submission(
                    year=content.year,
                    cut_off_on=content.cut_off,
                    made_at=self._clock.now(),
                    file_name=name,
                    sha256=digest,
                    figures=json.dumps(told, ensure_ascii=False),
                )
            )

    # ---- what was sent -------------------------------------------------------------------------------------

    def submissions(self, year: int) -> list[SubmissionRow]:
        """The packages made of a year, newest first."""
        with self._store.read() as session:
            found = session.scalars(
                select(Submission).where(Submission.year == year).order_by(Submission.id.desc())
            ).all()
            return [
                SubmissionRow(
                    row.id, row.year, row.cut_off_on, f"{row.made_at:%Y-%m-%d %H:%M}", row.file_name, row.sha256
                )
                for row in found
            ]

    def difference(self, year: int, cut_off: date | None = None) -> list[FigureChange]:
        """The figures that are not what the last package of the year said; nothing when there is none yet."""
        with self._store.read() as session:
            last = session.scalars(
                select(Submission).where(Submission.year == year).order_by(Submission.id.desc())
            ).first()
            told: dict[str, str] = json.loads(last.figures) if last is not None else {}
        if not told:
            return []
        now = {f"{row.code}|{row.part}": row for row in self.figures(year, cut_off)}
        return [
            FigureChange(row.code, row.part, row.title, told.get(key, "—"), row.text)
            for key, row in now.items()
            if told.get(key, "—") != row.text
        ]


_OFFICE = ("name", "code", "county", "bureau", "contact", "phone")


def _town(office: Mapping[str, str]) -> str:
    """The town that an office serves: by its statistical code, else by its name."""
    code = office.get("code", "")[:9]
    known = [row["text"] for row in catalogue("regions") if row["level"] == "township" and code and row["code"] == code]
    return known[-1] if known else office.get("name", "")


def _known_section(section: str) -> None:
    if section not in section_titles():
        raise Refused("report_section", section=section)


def _titles() -> dict[str, tuple[str, str, str]]:
    return {code: (told.title, told.unit, told.text) for code, told in rec.definitions().items()}


def _figure_row(figure: Figure) -> FigureRow:
    told = rec.definitions()[figure.code]
    title = f"{told.title}（{rec.part_names()[figure.part]}）" if figure.part else told.title
    return FigureRow(
        figure.code,
        figure.part,
        title,
        told.unit,
        figure.text,
        figure.numerator,
        figure.denominator,
        told.text,
        figure.table,
        figure.rows,
        figure.base,
    )


def _unconfirmed(look: Year, confirmed: set[str]) -> list[str]:
    """The names of the rules used in the year that nobody has confirmed."""
    rules = rule_book().rules
    return sorted(
        {
            rules[name].name_zh
            for name in look.rules_used - confirmed
            if name in rules and (rules[name].needs_confirmation or rules[name].confidence is not Confidence.VERIFIED)
        }
    )


# ---- the files of the package ------------------------------------------------------------------------------


def _payload(content: Content, steps: Progress) -> tuple[dict[str, bytes], frozenset[str]]:
    payload: dict[str, bytes] = {}
    missing: frozenset[str] = frozenset()
    for number, (label, make) in enumerate(_STEPS, start=1):
        steps.step(number, len(_STEPS) + 2, label)
        files, undrawn = make(content)
        payload.update(files)
        missing |= undrawn
    from desktop.documents.index import index_html

    listed = [(name.removeprefix("data/"), len(payload[name])) for name in sorted(payload)]
    payload[pack.INDEX] = index_html(content.source, listed)
    return payload, missing


Files = tuple[dict[str, bytes], frozenset[str]]


def _make_records(content: Content) -> Files:
    files = {f"{pack.RECORDS}{name}.csv": body for name, body in content.csv_files.items()}
    files[f"{pack.RECORDS}datapackage.json"] = rec.datapackage(content.csv_files, content.head.named())
    return files, frozenset()


def _make_pdf(content: Content) -> Files:
    from desktop.documents.pdf import pdf

    made = pdf(content.paper)
    return {pack.REPORT_PDF: made.content}, made.missing


def _make_word(content: Content) -> Files:
    from desktop.documents.word import docx

    return {pack.REPORT_DOCX: docx(content.paper)}, frozenset()


def _make_statistics(content: Content) -> Files:
    from desktop.documents.pdf import pdf
    from desktop.documents.statistics import statistics_book, statistics_paper

    made = pdf(statistics_paper(content.source, content.mark))
    return {pack.STATISTICS_PDF: made.content, pack.STATISTICS_XLSX: statistics_book(content.source)}, made.missing


def _make_ledgers(content: Content) -> Files:
    from desktop.documents.ledgers import Ledgers, check_book

    sectors = {row["id"]: row["text"] for row in catalogue("sectors")}
    books = Ledgers(content.records, content.source.office, content.year, content.cut_off, sectors).books()
    files = {f"{pack.LEDGERS}{name}": body for name, body in books.items()}
    check = check_book(content.checks, content.source.office, content.year, content.cut_off)
    return {**files, f"{pack.CHECKS}执法监督自查表.xlsx": check}, frozenset()


_STEPS: tuple[tuple[str, Callable[[Content], Files]], ...] = (
    ("写出数据", _make_records),
    ("生成总结（PDF）", _make_pdf),
    ("生成总结（Word）", _make_word),
    ("生成统计表", _make_statistics),
    ("生成台账", _make_ledgers),
)
