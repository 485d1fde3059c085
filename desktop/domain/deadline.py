"""Time limits: rules as data, the version in force on a day, and the dates that follow from a trigger.

Each limit gives three dates. `raw` is the plain last day; `legal` is that day moved to the next workday where the
law allows it (overdue is judged by it); `plan` is the workday on or before the raw day (reminders go by it).
The trigger day is day 0 (民法典第二百零一条), months end on the corresponding day or the last of the month (第二百零二条),
a last day that is a day off moves on (第二百零三条).
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from desktop.domain.calendar import WorkCalendar
from desktop.domain.errors import Refused

Moment = date | datetime


class Unit(StrEnum):
    """What a limit is counted in."""

    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    FIXED_DATE = "fixed_date"


class Direction(StrEnum):
    """Counted forward from the trigger, or back from it."""

    AFTER = "after"
    BEFORE = "before"


class Roll(StrEnum):
    """Whether a last day that is a day off moves to the next workday."""

    FORWARD = "forward"
    NONE = "none"
    NOT_APPLICABLE = "n/a"


class PlanRoll(StrEnum):
    """BACKWARD: the office is reminded on the planning date. NONE: nobody is; the date is only told."""

    BACKWARD = "backward"
    NONE = "none"


class RuleKind(StrEnum):
    """Law, the bureau's notice of 2020, or a default of the office that is not law."""

    STATUTORY = "statutory"
    SEED = "seed"
    PRACTICE_DEFAULT = "practice_default"


class Confidence(StrEnum):
    """Whether the text was seen, or is remembered."""

    VERIFIED = "verified"
    RECALLED = "recalled"


class Severity(StrEnum):
    """What missing it costs: FATAL loses a right or makes a decision revocable."""

    FATAL = "fatal"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a time limit, as `resources/rules/deadlines.toml` documents its fields."""

    id: str
    family: str
    name_zh: str
    group: str
    actor: str
    trigger_zh: str
    length: int
    unit: Unit
    direction: Direction
    start_day_excluded: bool
    roll: Roll
    plan_roll: PlanRoll
    source: str
    article: str
    in_force_from: date
    in_force_to: date | None
    if_missed: str
    severity: Severity
    confidence: Confidence
    article_confidence: Confidence
    roll_basis: str = "n/a"
    kind: RuleKind = RuleKind.STATUTORY
    needs_confirmation: bool = False
    clear_days: bool = False
    next_year: bool = False
    month: int = 0
    day: int = 0
    count: int = 0
    rate_per_day: Decimal | None = None
    where: str = ""
    notes: str = ""

    def in_force(self, on: date) -> bool:
        """Whether this version governs an act done on `on`."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    @property
    def counted(self) -> int:
        """How far to count: one more when whole days must lie between, one less when the trigger day is day 1."""
        return self.length + self.clear_days - (not self.start_day_excluded)

    @property
    def convention(self) -> str:
        """How it is counted, as a clerk would explain it."""
        return "；".join(_conventions(self))


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount, share or number that decides what procedure applies; `value` is in `unit` (yuan, ratio, …)."""

    id: str
    family: str
    name_zh: str
    value: Decimal
    unit: str
    applies_to: str
    source: str
    article: str
    confidence: Confidence
    in_force_from: date | None = None
    in_force_to: date | None = None
    where: str = ""
    notes: str = ""

    def in_force(self, on: date) -> bool:
        """Whether it governs an act done on `on`; unknown ends are open."""
        return (self.in_force_from is None or self.in_force_from <= on) and (
            self.in_force_to is None or on <= self.in_force_to
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """What must be so before a step of the procedure may be taken."""

    id: str
    name_zh: str
    condition: str
    source: str
    article: str
    in_force_from: date
    if_missed: str
    confidence: Confidence
    where: str = ""


Entry = TypeVar("Entry", Rule, Threshold, Gate)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A rule worked out. The dates are moments for a limit in hours and days for every other.

    `wide` is the last day by the plain count where the strict one leaves whole days between; both are shown.
    `provisional` says that a day which mattered lies in a year whose arrangement is not published (暂估).
    """

    rule: Rule
    start: Moment
    raw: Moment
    legal: Moment
    plan: Moment
    provisional: bool
    wide: date | None = None

    @property
    def legal_on(self) -> date:
        """The day of the legal moment."""
        return _day(self.legal)

    @property
    def raw_on(self) -> date:
        """The day of the raw moment."""
        return _day(self.raw)

    @property
    def plan_on(self) -> date:
        """The day of the planning moment."""
        return _day(self.plan)

    @property
    def reminds(self) -> bool:
        """Whether the office sets itself a reminder: not for a right of the enterprise, or a period that only ends."""
        return self.rule.plan_roll is PlanRoll.BACKWARD


def work_out(rule: Rule, start: Moment, calendar: WorkCalendar) -> Deadline:
    """The dates that follow when `rule` is triggered at `start`; choosing the version is `RuleBook.rule_for`'s work."""
    if rule.unit is Unit.HOUR:
        return _hours(rule, start)
    begin = _day(start)
    raw = _COUNTS[rule.unit](rule, begin, calendar)
    legal = calendar.next_workday_on_or_after(raw) if rule.roll is Roll.FORWARD else raw
    plan = calendar.previous_workday_on_or_before(raw)
    wide = _COUNTS[rule.unit](replace(rule, clear_days=False), begin, calendar) if rule.clear_days else None
    return Deadline(rule, begin, raw, legal, plan, _provisional(rule, (begin, raw, legal, plan), calendar), wide)


def _day(at: Moment) -> date:
    return at.date() if isinstance(at, datetime) else at


def _hours(rule: Rule, start: Moment) -> Deadline:
    """Hours run from the moment, through nights and holidays, and never move."""
    if not isinstance(start, datetime):
        raise Refused("moment_needed", rule=rule.id, name=rule.name_zh)
    span = timedelta(hours=rule.length)
    end = start + span if rule.direction is Direction.AFTER else start - span
    return Deadline(rule, start, end, end, end, provisional=False)


def _natural_days(rule: Rule, start: date, _: WorkCalendar) -> date:
    return start + timedelta(days=_signed(rule))


def _working_days(rule: Rule, start: date, calendar: WorkCalendar) -> date:
    if rule.direction is Direction.BEFORE:
        return calendar.subtract_workdays(start, rule.counted)
    if not rule.start_day_excluded and calendar.is_workday(start):
        return calendar.add_workdays(start, rule.length - 1)
    return calendar.add_workdays(start, rule.length)


def _months(rule: Rule, start: date, _: WorkCalendar) -> date:
    months = rule.length * (12 if rule.unit is Unit.YEAR else 1)
    end = add_months(start, months if rule.direction is Direction.AFTER else -months)
    return end if rule.start_day_excluded else end - timedelta(days=1)


def _fixed_date(rule: Rule, start: date, _: WorkCalendar) -> date:
    """The first such date on or after the trigger: on the day itself the duty is due today, not in a year."""
    if rule.month == 0:
        this = _clamped(start.year, start.month, rule.day)
        return this if this >= start else _clamped_after(start, 1, rule.day)
    year = start.year + rule.next_year
    this = _clamped(year, rule.month, rule.day)
    return this if this >= start else _clamped(year + 1, rule.month, rule.day)


_COUNTS: Mapping[Unit, Callable[[Rule, date, WorkCalendar], date]] = {
    Unit.NATURAL_DAY: _natural_days,
    Unit.WORKING_DAY: _working_days,
    Unit.MONTH: _months,
    Unit.YEAR: _months,
    Unit.FIXED_DATE: _fixed_date,
}


def _signed(rule: Rule) -> int:
    return rule.counted if rule.direction is Direction.AFTER else -rule.counted


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _clamped_after(start: date, months: int, day: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return _clamped(start.year + years, month + 1, day)


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of that month (民法典第二百零二条); may be negative."""
    return _clamped_after(start, months, start.day)


def _provisional(rule: Rule, dates: tuple[date, ...], calendar: WorkCalendar) -> bool:
    """Whether the arrangement of an unpublished year had a say in any of the dates."""
    begin, *ends = dates
    if rule.unit is Unit.WORKING_DAY:
        step = timedelta(days=int(rule.start_day_excluded))
        first = begin + step if rule.direction is Direction.AFTER else begin - step
        return calendar.is_provisional(first, ends[0])
    if rule.roll is not Roll.FORWARD and rule.plan_roll is PlanRoll.NONE:
        return False
    return calendar.is_provisional(min(ends), max(ends))


_UNIT_WORDS = {
    Unit.NATURAL_DAY: "日（自然日，节假日照算）",
    Unit.WORKING_DAY: "个工作日（周末和法定节假日不算，调休上班日算）",
    Unit.MONTH: "个月（至对应日，没有对应日的至月末）",
    Unit.YEAR: "年（至对应日，没有对应日的至月末）",
}


def _conventions(rule: Rule) -> Iterable[str]:
    if rule.unit is Unit.FIXED_DATE:
        yield f"固定日期：{'次年' if rule.next_year else ''}{f'{rule.month}月' if rule.month else '每月'}{rule.day}日"
    elif rule.unit is Unit.HOUR:
        yield f"{'自触发时刻起' if rule.direction is Direction.AFTER else '触发时刻之前'}{rule.length}小时，夜间和节假日连续计算"
    else:
        yield f"{'自次日起算' if rule.start_day_excluded else '当日计入'}，{_WAYS[rule.direction]}{rule.length}{_UNIT_WORDS[rule.unit]}"
    if rule.clear_days:
        yield f"中间空满{rule.length}{'个工作日' if rule.unit is Unit.WORKING_DAY else '日'}（从严口径）"
    if rule.roll is Roll.FORWARD and rule.unit is not Unit.WORKING_DAY:
        yield "末日遇休息日顺延到下一个工作日"
    elif rule.roll is Roll.NONE and rule.unit is not Unit.HOUR:
        yield "末日不顺延"
    if rule.plan_roll is PlanRoll.BACKWARD and rule.unit is not Unit.WORKING_DAY:
        yield "提醒排在末日或之前的最近一个工作日"


_WAYS = {Direction.AFTER: "", Direction.BEFORE: "向前倒数"}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What the office has settled about a rule: its own default, or that its lawyer has confirmed it."""

    rule_id: str
    confirmed: bool = False
    length: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """All rules, thresholds and gates. The one place that chooses a version."""

    rules: Mapping[str, Rule]
    thresholds: Mapping[str, Threshold]
    gates: Mapping[str, Gate]
    families: Mapping[str, tuple[Rule, ...]]

    @classmethod
    def of(cls, rules: Iterable[Rule], thresholds: Iterable[Threshold] = (), gates: Iterable[Gate] = ()) -> "RuleBook":
        """A book of these; an id given twice is an error of the data file."""
        by_id = _by_id(rules)
        families: dict[str, list[Rule]] = {}
        for rule in sorted(by_id.values(), key=lambda rule: rule.in_force_from):
            families.setdefault(rule.family, []).append(rule)
        return cls(
            by_id,
            _by_id(thresholds),
            _by_id(gates),
            MappingProxyType({name: tuple(versions) for name, versions in families.items()}),
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "RuleBook":
        """The book that a parsed rule file describes; raises ValueError naming the entry at fault."""
        return cls.of(
            [_entry(Rule, row) for row in data["rule"]],
            [_entry(Threshold, row) for row in data.get("threshold", ())],
            [_entry(Gate, row) for row in data.get("gate", ())],
        )

    def rule_for(self, name: str, on: date) -> Rule:
        """The version of the rule called `name` (a family or any version's id) that governs an act done on `on`.

        Where two versions are in force the one asked for wins, else the younger. Refuses an unknown name, and a
        day on which no version is in force.
        """
        versions = self._versions(name)
        current = [rule for rule in versions if rule.in_force(on)]
        if not current:
            raise _not_in_force(name, versions, on)
        return next((rule for rule in current if rule.id == name), current[-1])

    def _versions(self, name: str) -> tuple[Rule, ...]:
        family = self.rules[name].family if name in self.rules else name
        if family not in self.families:
            raise Refused("rule_unknown", rule=name)
        return self.families[family]

    def work_out(self, name: str, start: Moment, calendar: WorkCalendar, law_on: date | None = None) -> Deadline:
        """The dates of rule `name` triggered at `start`, by the law of `law_on` (the day of the act; default: `start`)."""
        return work_out(self.rule_for(name, law_on or _day(start)), start, calendar)

    def threshold_for(self, name: str, on: date) -> Threshold | None:
        """The threshold called `name` (a family or an id) that governs an act done on `on`, or None."""
        family = self.thresholds[name].family if name in self.thresholds else name
        current = [each for each in self.thresholds.values() if each.family == family and each.in_force(on)]
        return current[-1] if current else None

    def with_changes(self, changes: Iterable[RuleChange]) -> "RuleBook":
        """The book as the office has settled it. Only defaults and unconfirmed rules may get another length."""
        rules = dict(self.rules)
        for change in changes:
            rules[change.rule_id] = _changed(self._known(change.rule_id), change)
        return RuleBook.of(rules.values(), self.thresholds.values(), self.gates.values())

    def _known(self, rule_id: str) -> Rule:
        if rule_id not in self.rules:
            raise Refused("rule_unknown", rule=rule_id)
        return self.rules[rule_id]


def _not_in_force(name: str, versions: tuple[Rule, ...], on: date) -> Refused:
    first, last = versions[0], versions[-1]
    span = f"{first.in_force_from} 至 {last.in_force_to or '今'}"
    return Refused("rule_not_in_force", rule=name, name=last.name_zh, on=on, span=span)


def _changed(rule: Rule, change: RuleChange) -> Rule:
    fixed = rule.kind is RuleKind.STATUTORY and not rule.needs_confirmation
    if fixed and (change.length, change.unit) != (None, None):
        raise Refused("rule_is_law", rule=rule.id, name=rule.name_zh, source=rule.source)
    return replace(
        rule,
        needs_confirmation=rule.needs_confirmation and not change.confirmed,
        length=rule.length if change.length is None else change.length,
        unit=change.unit or rule.unit,
    )


def _by_id(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    known: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in known:
            raise ValueError(f"{entry.id} stands twice in the rule file")
        known[entry.id] = entry
    return MappingProxyType(known)


def _date(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is not a date")
    return value


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))


_COMMON: Mapping[str, Callable[[Any], object]] = {
    "in_force_from": _date,
    "in_force_to": _date,
    "confidence": Confidence,
    "article_confidence": Confidence,
    "value": _decimal,
    "rate_per_day": _decimal,
    "unit": Unit,
    "direction": Direction,
    "roll": Roll,
    "plan_roll": PlanRoll,
    "kind": RuleKind,
    "severity": Severity,
}
_UNREAD = frozenset({"name_en", "trigger", "cap"})


def _entry(kind: type[Entry], row: Mapping[str, Any]) -> Entry:
    """A typed entry of the rule file: every required field there, no unknown one, every code known."""
    known = {each.name for each in fields(kind)}
    values = {"in_force_to": None, "family": row.get("id"), **row} if "family" in known else dict(row)
    try:
        entry = kind(**{key: _typed(kind, key, value) for key, value in values.items() if key not in _UNREAD})
        if isinstance(entry, Rule):
            _check(entry)
    except (TypeError, ValueError, ArithmeticError) as fault:
        raise ValueError(f"{kind.__name__} {row.get('id', '?')}: {fault}") from fault
    return entry


def _typed(kind: type[Entry], key: str, value: Any) -> Any:
    if value is None or (key == "unit" and kind is Threshold):
        return value
    return _COMMON[key](value) if key in _COMMON else value


def _check(rule: Rule) -> None:
    """What the types cannot say; a rule that fails would count wrongly rather than fail later."""
    if rule.in_force_to is not None and rule.in_force_to < rule.in_force_from:
        raise ValueError("it ends before it begins")
    if rule.unit is Unit.FIXED_DATE:
        _clamped(2024, rule.month or 1, rule.day)
        if not (0 <= rule.month <= 12 and 1 <= rule.day <= 31):
            raise ValueError("a fixed date needs its month and day")
    elif rule.length < 1:
        raise ValueError("its length is missing")
    if rule.unit is Unit.HOUR and (rule.roll is Roll.FORWARD or rule.plan_roll is PlanRoll.BACKWARD):
        raise ValueError("hours never move")


SENTENCES: dict[str, str] = {
    "moment_needed": "“{name}”按小时计算，请同时填写起算的时刻（几时几分）。",
    "rule_unknown": "没有编号为“{rule}”的期限规则，请从规则目录中选择。",
    "rule_not_in_force": "“{name}”在 {on} 没有有效的规定（本程序收录的有效期为 {span}），请核对行为日期。",
    "rule_is_law": "“{name}”由{source}规定，期限不能自行更改。",
}
