"""尽职留痕: everything done about an enterprise up to a day, what was late on it, and every paper with its hash.

The trail of a past day tells what was on record at the end of that day, so later work does not change it. What was
entered afterwards for that time is told too, and marked with the moment it came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from db.models import Enterprise
from db.store import Store
from desktop.domain.duty_trail import MarkedFact, TrailKind, TrailMark, compared, days_late
from desktop.domain.errors import Invalid
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind
from desktop.services.clock import Clock
from desktop.services.trail_facts import day_of, facts_of, title_of_form
from desktop.services.trail_record import BELOW, NAMED, OF_ANY, OWN, Row, TrailRecord, View
from desktop.text import label, long_day, moment

SUBJECTS: Mapping[str, str] = {
    "enterprise": "企业", "plan_item": "计划", "inspection": "检查", "hazard": "隐患", "rectification_order": "整改指令",
    "extension": "延期", "reinspection": "复查", "reinspection_result": "复查", "urging": "催办", "escalation": "上报",
    "supervision": "挂牌督办", "penalty_case": "案件", "revisit": "回访", "revisit_programme": "回访",
    "form_document": "文书", "document_delivery": "送达", "enterprise_measure": "一企一策", "obligation": "时限事项",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One act of the trail, numbered as on paper. `note` says what its mark means; of a row without a journal nobody
    knows when it came in."""

    number: int
    on: date
    kind: TrailKind
    title: str
    text: str
    who: str
    mark: TrailMark
    note: str
    entered_at: datetime | None
    entered_by: str
    record: tuple[str, int]


@dataclass(frozen=True, slots=True)
class TrailDuty:
    """A duty as it stood on the day: open, or done; `days_late` is 0 when it was in time."""

    kind: ObligationKind
    title: str
    actor: Actor
    officer: str
    original_due_on: date
    due_on: date
    ended_on: date | None
    end_kind: EndKind | None
    end_reason: str
    days_late: int
    note: str

    @property
    def is_open(self) -> bool:
        """Whether it still had to be done."""
        return self.ended_on is None

    @property
    def state(self) -> str:
        """In words."""
        if self.ended_on is None:
            return f"未办，逾期 {self.days_late} 天" if self.days_late else "未办，未到期"
        done = f"{self.ended_on} {label(self.end_kind)}"
        return f"{done}，迟 {self.days_late} 天" if self.days_late and self.end_kind is EndKind.DONE else done


@dataclass(frozen=True, slots=True)
class TrailPaper:
    """An issued document with its number and the hash of its file."""

    on: date
    title: str
    number: str
    state: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TrailFile:
    """A photo or other file that belongs to a record."""

    on: date
    name: str
    subject: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DutyTrail:
    """The whole trail of an enterprise as of `on`; `head_hash` pins the journal at the end of that day."""

    enterprise_id: int
    enterprise: str
    code: str
    village: str
    office: str
    on: date
    entries: tuple[TrailEntry, ...]
    duties: tuple[TrailDuty, ...]
    papers: tuple[TrailPaper, ...]
    files: tuple[TrailFile, ...]
    head_operation: int
    head_hash: str
    head_at: datetime | None
    unlogged_count: int

    @property
    def late(self) -> tuple[TrailDuty, ...]:
        """What was late: still open, or done after its day."""
        return tuple(duty for duty in self.duties if duty.days_late and duty.end_kind in (None, EndKind.DONE))

    def counted(self, mark: TrailMark) -> int:
        """How many entries bear a mark."""
        return sum(entry.mark is mark for entry in self.entries)


class DutyTrails:
    """Tells the trail of an enterprise, and makes it a paper."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"enterprise", "office", *OWN, *(below for below, _, _ in BELOW), *OF_ANY, *(table for table, _ in NAMED)}
    )

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def trail(self, enterprise_id: int, on: date | None = None) -> DutyTrail:
        """The trail as of `on`, by default today; a day to come is refused."""
        on = on or self._clock.today()
        if on > self._clock.today():
            raise Invalid({"on": "date_future"})
        with self._store.read() as session:
            session.get_one(Enterprise, enterprise_id)
            record = TrailRecord(session, enterprise_id, on)
            office = session.connection().exec_driver_sql("SELECT name FROM office").scalar() or ""
        marked = compared(facts_of(record, record.then), facts_of(record, record.now), on)
        entries = tuple(_entry(record, number, each) for number, each in enumerate(marked, 1))
        named = record.then.row("enterprise", enterprise_id) or record.now.row("enterprise", enterprise_id)
        assert named is not None
        return DutyTrail(
            enterprise_id=enterprise_id,
            enterprise=named["name"],
            code=named["uscc"] or named["legacy_code"] or "",
            village=named["village"],
            office=office,
            on=on,
            entries=entries,
            duties=_duties(record, on),
            papers=_papers(record.then, on),
            files=_files(record.then, on),
            head_operation=record.cut.operation,
            head_hash=record.cut.hash,
            head_at=record.cut.at,
            unlogged_count=sum(entry.entered_at is None for entry in entries),
        )

    def pdf(self, trail: DutyTrail) -> bytes:
        """The trail as a PDF file: the same trail gives the same bytes."""
        from desktop.documents.duty_trail import trail_pdf

        return trail_pdf(sheet_of(trail)).content


def _entry(record: TrailRecord, number: int, marked: MarkedFact) -> TrailEntry:
    fact = marked.fact
    table, row_id, _ = fact.key
    entered = record.entry_of(table, row_id, fact.column, is_then=marked.mark is not TrailMark.LATER)
    return TrailEntry(
        number, fact.on, fact.kind, fact.title, fact.text, fact.who, marked.mark, _note(record, marked),
        entered.at if entered else None, entered.by if entered else "", (table, row_id),
    )  # fmt: skip


def _note(record: TrailRecord, marked: MarkedFact) -> str:
    if marked.mark is TrailMark.NONE:
        return ""
    table, number, _ = marked.fact.key
    changed = record.last_change(table, number)
    if marked.mark is TrailMark.LATER:
        entered = record.entry_of(table, number, marked.fact.column, is_then=False)
        return f"补录于 {moment(entered.at)}" if entered else "补录"
    when = f"于 {moment(changed.at)} " if changed else ""
    if marked.mark is TrailMark.GONE or marked.now is None:
        return f"这条记载{when}被撤去"
    now = marked.now
    words = "；".join(filter(None, (f"{now.on} {now.title}", now.text, now.who)))
    return f"{when}更正为：{words}".strip()


# ---- duties ------------------------------------------------------------------------------------------------


def _duties(record: TrailRecord, on: date) -> tuple[TrailDuty, ...]:
    made = (_duty(record, row, on) for row in record.then.rows("obligation"))
    known = [duty for duty in made if duty is not None]
    return tuple(sorted(known, key=lambda duty: (not duty.is_open, -duty.days_late, duty.due_on, duty.title)))


def _duty(record: TrailRecord, row: Row, on: date) -> TrailDuty | None:
    links = [
        each for each in record.then.where("obligation_due", "obligation_id", row["id"]) if each["set_on"] <= str(on)
    ]
    if row["triggered_on"] > str(on) or not links or row["end_kind"] == EndKind.VOID.value:
        return None
    links.sort(key=lambda link: link["sequence"])
    due_on, ended_on = date.fromisoformat(links[-1]["due_on"]), day_of(row["ended_on"])
    if ended_on is not None and ended_on > on:
        ended_on = None
    return TrailDuty(
        kind=ObligationKind(row["kind"]),
        title=row["title"],
        actor=Actor(row["actor"]),
        officer=record.then.name("officer", row["officer_id"]),
        original_due_on=date.fromisoformat(links[0]["due_on"]),
        due_on=due_on,
        ended_on=ended_on,
        end_kind=EndKind(row["end_kind"]) if ended_on is not None else None,
        end_reason=row["end_reason"] if ended_on is not None else "",
        days_late=days_late(due_on, ended_on, on),
        note=_end_entered_later(record, row, ended_on, on),
    )


def _end_entered_later(record: TrailRecord, then: Row, ended_on: date | None, on: date) -> str:
    """What the record of today says of a duty that was open on that day's record."""
    now = record.now.row("obligation", then["id"])
    later = day_of(now["ended_on"]) if now is not None else None
    if ended_on is not None or later is None or later > on:
        return ""
    entered = record.entry_of("obligation", then["id"], "ended_on", is_then=False)
    return f"后补录：{later} 已办结（录入 {moment(entered.at)}）" if entered else ""


# ---- papers and files --------------------------------------------------------------------------------------


def _papers(view: View, on: date) -> tuple[TrailPaper, ...]:
    found = []
    for row in view.rows("form_document"):
        issued, voided = day_of(row["issued_at"]), day_of(row["voided_at"])
        if issued is None or issued > on:
            continue
        state = f"{voided} 作废：{row['void_reason']}" if voided is not None and voided <= on else "有效"
        found.append(TrailPaper(issued, title_of_form(row["form"]), row["number"], state, row["sha256"]))
    return tuple(sorted(found, key=lambda paper: (paper.on, paper.number, paper.title)))


def _files(view: View, on: date) -> tuple[TrailFile, ...]:
    found = [
        TrailFile(
            added, row["name"], SUBJECTS.get(row["subject_type"], row["subject_type"]), row["size"], row["sha256"]
        )
        for row in view.rows("attachment")
        if (added := day_of(row["added_at"])) is not None and added <= on
    ]
    return tuple(sorted(found, key=lambda file: (file.on, file.name, file.sha256)))


# ---- on paper ----------------------------------------------------------------------------------------------


def sheet_of(trail: DutyTrail) -> Any:
    """The trail as plain words for the paper."""
    from desktop.documents.duty_trail import TrailSheet

    return TrailSheet(
        title=f"尽职留痕：{trail.enterprise}",
        office=trail.office,
        on=long_day(trail.on),
        head=head_words(trail),
        acts=tuple(
            (str(entry.number), str(entry.on), label(entry.kind), entry.title, _told(entry), entry.who, entered_words(entry))
            for entry in trail.entries
        ),
        duties=tuple(
            (
                label(duty.kind), duty.title, label(duty.actor), duty.officer, _due_words(duty), duty.state,
                "；".join(filter(None, (duty.end_reason, duty.note))),
            )
            for duty in trail.duties
        ),
        late=tuple(f"{duty.title}：期限 {duty.due_on}，{duty.state}。" for duty in trail.late),
        papers=tuple((str(p.on), p.title, p.number, p.state, p.sha256) for p in trail.papers),
        files=tuple((str(f.on), f.subject, f.name, f"{f.size:,}", f.sha256) for f in trail.files),
        closing=closing_words(trail),
    )  # fmt: skip


def head_words(trail: DutyTrail) -> str:
    """Who the enterprise is, and how the trail is to be read."""
    who = "，".join(filter(None, (trail.enterprise, trail.code, trail.village)))
    told = (
        f"{who}。本页所载为截至{long_day(trail.on)}终了时记录在案的事项，共 {len(trail.entries)} 条；"
        f"当日逾期未办 {sum(duty.is_open for duty in trail.late)} 项，已办但超过期限 "
        f"{sum(not duty.is_open for duty in trail.late)} 项。"
    )
    later, changed, gone = (trail.counted(mark) for mark in (TrailMark.LATER, TrailMark.CHANGED, TrailMark.GONE))
    if later or changed or gone:
        told += f"其中 {later} 条是当日以后补录的，{changed} 条后来有更正，{gone} 条后来被撤去，均在条目上注明。"
    return told


def closing_words(trail: DutyTrail) -> str:
    """What pins the record."""
    if not trail.head_hash:
        return "截至当日，操作日志中还没有记录，没有可以固定记录的日志值。"
    told = (
        f"操作日志截至当日共到第 {trail.head_operation} 号操作（{moment(trail.head_at)}），"
        f"链尾哈希（SHA-256）：{trail.head_hash}。同一数据、同一截止日期重新生成，文件逐字节相同。"
    )
    if trail.unlogged_count:
        told += f"有 {trail.unlogged_count} 条没有逐条的录入记录（随数据文件整体生成），不能判明录入时间。"
    return told


def _told(entry: TrailEntry) -> str:
    return "\n".join(filter(None, (entry.text, f"【{entry.note}】" if entry.note else "")))


def entered_words(entry: TrailEntry) -> str:
    """Who entered it, and when."""
    return f"{moment(entry.entered_at)} {entry.entered_by}".strip() if entry.entered_at else "—"


def _due_words(duty: TrailDuty) -> str:
    if duty.original_due_on == duty.due_on:
        return str(duty.due_on)
    return f"{duty.due_on}（原 {duty.original_due_on}）"
