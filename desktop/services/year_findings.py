"""What a year's records say beyond figures: what comes up most, what was late, what a reviewer would ask about."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from desktop import text
from desktop.documents.report import CheckLine, Findings, Late, OpenMajor, Overdue, Source, sentence, templates
from desktop.domain.hazard import HazardStatus
from desktop.domain.obligation_kind import ObligationKind
from desktop.domain.statistics import Period, Records, Row

MOST = 10


class Year:
    """The records of a year with what questions need to look up quickly."""

    def __init__(self, records: Records, year: int, cut_off: date, notes: Mapping[int, str]) -> None:
        self.records = records
        self.year = year
        self.period = Period.of_year(year, cut_off)
        self.notes = notes

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Enterprise names by id."""
        return {row["id"]: row["name"] for row in self.records["enterprises"]}

    @cached_property
    def due(self) -> Mapping[int, str]:
        """The due date in force of each obligation."""
        last: dict[int, tuple[int, str]] = {}
        for row in self.records["obligation_dues"]:
            last[row["obligation_id"]] = max(last.get(row["obligation_id"], (0, "")), (row["sequence"], row["due_on"]))
        return {key: due for key, (_, due) in last.items()}

    @cached_property
    def hazard_due(self) -> Mapping[int, str]:
        """The rectification deadline of each hazard."""
        return {
            row["subject_id"]: self.due.get(row["id"], "")
            for row in self.records["obligations"]
            if row["kind"] == "rectify" and row["subject_type"] == "hazard"
        }

    @cached_property
    def overdue(self) -> list[Row]:
        """Obligations open past their legal day at the cut-off, the most overdue first."""
        found = [
            row
            for row in self.records["obligations"]
            if not row["ended_on"] and self.due.get(row["id"], "9999") < self.period.last
        ]
        return sorted(found, key=lambda row: (self.due[row["id"]], row["id"]))

    @cached_property
    def inspections(self) -> list[Row]:
        """The inspections done in the period."""
        return [
            row
            for row in self.records["inspections"]
            if row["status"] == "done" and self.period.has(row["inspected_on"])
        ]

    @cached_property
    def hazards(self) -> list[Row]:
        """The hazards found in the period."""
        return [row for row in self.records["hazards"] if row["status"] != "void" and self.period.has(row["found_on"])]

    @cached_property
    def officers_at(self) -> Mapping[int, list[int]]:
        """The officers at each inspection who are not helpers."""
        helpers = {row["id"] for row in self.records["officers"] if row["is_helper"]}
        found: dict[int, list[int]] = {}
        for row in self.records["inspection_officers"]:
            if row["role"] != "helper" and row["officer_id"] not in helpers:
                found.setdefault(row["inspection_id"], []).append(row["officer_id"])
        return found

    def has_certificate(self, officer: int, on: str) -> bool:
        """Whether an officer's certificate covers a day."""
        return any((row["issued_on"] or "") <= on <= row["valid_until"] for row in self._cards.get(officer, ()))

    @cached_property
    def _cards(self) -> Mapping[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in self.records["certificates"]:
            found.setdefault(row["officer_id"], []).append(row)
        return found

    @cached_property
    def understaffed(self) -> list[Row]:
        """Inspections with fewer than two officers whose certificates covered the day (行政处罚法第四十二条)."""
        return [
            row
            for row in self.inspections
            if sum(self.has_certificate(each, row["inspected_on"]) for each in self.officers_at.get(row["id"], ())) < 2
        ]

    @cached_property
    def uncertified(self) -> list[Row]:
        """Officers at work whose certificate does not cover the cut-off."""
        return [
            row
            for row in self.records["officers"]
            if not row["archived_on"] and not row["is_helper"] and not self.has_certificate(row["id"], self.period.last)
        ]

    @cached_property
    def late(self) -> list[Row]:
        """Re-inspections made late in the period, and those late at the cut-off."""
        return [row for row in self.records["obligations"] if row["kind"] == "reinspect" and self._is_late(row)]

    def _is_late(self, row: Row) -> bool:
        due = self.due.get(row["id"], "9999")
        if row["ended_on"]:
            return row["end_kind"] == "done" and self.period.has(row["ended_on"]) and due < row["ended_on"]
        return self.period.has(due) and due < self.period.last

    @cached_property
    def plan_undone(self) -> list[Row]:
        """Items of the plan that were neither done nor cancelled."""
        done = {row["plan_item_id"] for row in self.records["inspections"] if row["status"] == "done"}
        return [row for row in self.records["plan_items"] if not row["cancelled_on"] and row["id"] not in done]

    @cached_property
    def without_deadline(self) -> list[Row]:
        """Open hazards that no deadline stands for."""
        return [
            row
            for row in self.records["hazards"]
            if row["status"] in ("registered", "ordered", "again") and not self.hazard_due.get(row["id"])
        ]

    @cached_property
    def provisional(self) -> list[Row]:
        """Open obligations whose date rests on an unpublished year."""
        open_ones = {row["id"] for row in self.records["obligations"] if not row["ended_on"]}
        return [
            row
            for row in self.records["obligation_dues"]
            if row["is_provisional"] and row["obligation_id"] in open_ones
        ]

    @cached_property
    def rules_used(self) -> set[str]:
        """The rules by which dates of the period were worked out."""
        return {
            row["rule"] for row in self.records["obligation_dues"] if row["rule"] and row["set_on"] >= self.period.first
        }


def days_between(first: str, last: str) -> int:
    """Days from one ISO day to another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def findings(year: Year, unconfirmed: Iterable[str]) -> Findings:
    """Starting material for the report, computed from the records alone."""
    hazards = Counter(_short(row["description"]) for row in year.hazards)
    firms = Counter(year.names[row["enterprise_id"]] for row in year.hazards)
    return Findings(
        tuple(_most(hazards, 2)),
        tuple(_most(firms, 2)),
        tuple(_late(year)),
        tuple(_overdue(year)),
        tuple(_majors(year)),
        tuple(row["name"] for row in year.uncertified),
        _expiring(year, "certificates"),
        _expiring(year, "permits"),
        tuple(unconfirmed),
    )


def _short(words: str) -> str:
    line = " ".join(words.split()).rstrip("。；;.")
    return line if len(line) <= 30 else line[:29] + "…"


def _most(counted: Counter[str], least: int) -> list[tuple[str, int]]:
    """The most frequent, ties by name so that the order never changes."""
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [each for each in ordered[:MOST] if each[1] >= least]


def _title(year: Year, row: Row) -> tuple[str, str]:
    name = year.names.get(row["enterprise_id"] or 0, "")
    kind = text.label(ObligationKind(row["kind"]))
    what = row["title"].replace(name, "").strip("：: ") if name else row["title"]
    return name, what if what and what != kind else kind


def _late(year: Year) -> Iterator[Late]:
    for row in sorted(year.late, key=lambda row: (year.due[row["id"]], row["id"])):
        name, what = _title(year, row)
        due, done = year.due[row["id"]], row["ended_on"] or ""
        note = year.notes.get(row["id"]) or row["end_reason"]
        yield Late(name, what, due, done, days_between(due, done or year.period.last), note)


def _overdue(year: Year) -> Iterator[Overdue]:
    for row in year.overdue:
        name, what = _title(year, row)
        due = year.due[row["id"]]
        yield Overdue(name, what, due, days_between(due, year.period.last), year.notes.get(row["id"], ""))


def _majors(year: Year) -> Iterator[OpenMajor]:
    for row in year.records["hazards"]:
        if row["level"] == "major" and row["status"] != "void" and not row["cleared_on"]:
            status = text.label(HazardStatus(row["status"]))
            due = year.hazard_due.get(row["id"], "")
            yield OpenMajor(year.names[row["enterprise_id"]], row["description"], row["found_on"], due, status)


def _expiring(year: Year, table: str) -> int:
    """How many papers expire after the cut-off and before the end of the next year."""
    gone = {row["id"] for row in year.records["officers"] if row["archived_on"]}
    return sum(
        bool(row["valid_until"])
        and year.period.last < row["valid_until"] <= f"{year.year + 1}-12-31"
        and row.get("officer_id") not in gone
        for row in year.records[table]
    )


# ---- the seven points --------------------------------------------------------------------------------------


def check_lines(year: Year, source: Source) -> list[CheckLine]:
    """The self-check on the seven points: what the records show, and what they cannot."""
    told = _shown(year)
    return [
        CheckLine(
            row["point"],
            sentence(row["text"].format_map(_Known(told)), source),
            tuple(line for code in row["problems"] for line in _problem(year, source, code)),
            row["limit"],
        )
        for row in templates()["check"]
    ]


class _Known(dict[str, str]):
    """Leaves the names of figures as they are, for `sentence` to fill in."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _shown(year: Year) -> dict[str, str]:
    visits = year.inspections
    return {
        "approved": f"{sum(bool(row['approved_on']) for row in visits)}家次，共{len(visits)}家次",
        "with_basis": f"{sum(bool(row['basis']) for row in year.hazards)}条，共{len(year.hazards)}条",
        "two_officers": f"{len(visits) - len(year.understaffed)}家次，共{len(visits)}家次",
        "closed_cases": str(sum(year.period.has(row["closed_on"]) for row in year.records["cases"])),
    }


def _problem(year: Year, source: Source, code: str) -> Iterator[str]:
    count = len(_PROBLEM_ROWS[code](year)) if code in _PROBLEM_ROWS else len(source.findings.unconfirmed_rules)
    if count:
        yield _PROBLEM_WORDS[code].format(count=count)


_PROBLEM_WORDS = {
    "inspection_unapproved": "{count}次检查没有审批日期",
    "plan_undone": "{count}项年度计划没有完成",
    "inspection_unnumbered": "{count}次检查没有检查记录文号",
    "reinspection_unnumbered": "{count}次复查没有复查意见书文号",
    "order_undelivered": "{count}份指令书没有送达日期",
    "inspection_unsigned": "{count}次检查没有登记签字情况",
    "hazard_without_basis": "{count}条隐患没有登记依据",
    "rule_unconfirmed": "{count}条时限规则待法制人员确认",
    "reinspection_late": "{count}项复查超过时限",
    "overdue": "{count}项时限事项逾期未办",
    "hazard_without_deadline": "{count}条未销号隐患没有整改期限",
    "inspection_few_officers": "{count}次检查持有效执法证的人员不足两人",
    "case_unclosed": "{count}件已作出决定的案件没有结案日期",
}

_PROBLEM_ROWS: Mapping[str, Callable[[Year], Sequence[Row]]] = {
    "inspection_unapproved": lambda year: [row for row in year.inspections if not row["approved_on"]],
    "plan_undone": lambda year: year.plan_undone,
    "inspection_unnumbered": lambda year: [row for row in year.inspections if not row["document_number"]],
    "reinspection_unnumbered": lambda year: [
        row
        for row in year.records["reinspections"]
        if not row["document_number"] and year.period.has(row["reinspected_on"])
    ],
    "order_undelivered": lambda year: [
        row
        for row in year.records["orders"]
        if year.period.has(row["issued_on"]) and row["status"] != "void" and not row["delivered_on"]
    ],
    "inspection_unsigned": lambda year: [row for row in year.inspections if not row["signature"]],
    "hazard_without_basis": lambda year: [row for row in year.hazards if not row["basis"]],
    "reinspection_late": lambda year: year.late,
    "overdue": lambda year: year.overdue,
    "hazard_without_deadline": lambda year: year.without_deadline,
    "inspection_few_officers": lambda year: year.understaffed,
    "case_unclosed": lambda year: [row for row in year.records["cases"] if row["decided_on"] and not row["closed_on"]],
}
