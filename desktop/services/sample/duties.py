"""Obligations of the sample: opened, moved and ended as `desktop.services.obligations` does, but as rows in bulk."""

from collections.abc import Callable, Mapping
from datetime import date

from db.models import Obligation, ObligationDue
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.permit import PermitKind
from desktop.services.obligations import Due, Obligations
from desktop.services.officers import certificate_due
from desktop.services.permits import permit_due
from desktop.services.sample.tables import Row, Tables, iso

Subject = tuple[SubjectType, int]


class Duties:
    """The obligations and their chains. Dates are worked out once for each rule and day."""

    def __init__(self, tables: Tables, obligations: Obligations, permit_kinds: Mapping[str, PermitKind]) -> None:
        self._obligations = obligations
        self._kinds = permit_kinds
        self._known: dict[tuple[object, ...], Due] = {}
        self._rows = tables.of(
            Obligation, "kind", "title", "subject_type", "subject_id", "enterprise_id", "officer_id", "actor", "rule",
            "triggered_on", "ended_on", "end_kind", "end_reason",
        )  # fmt: skip
        self._links = tables.of(
            ObligationDue, "obligation_id", "sequence", "raw_on", "due_on", "plan_on", "is_provisional", "rule", "set_on",
            "reason", "approver",
        )  # fmt: skip
        self._lengths: dict[int, int] = {}

    # ---- dates ---------------------------------------------------------------------------------------------

    def _remembered(self, key: tuple[object, ...], work_out: Callable[[], Due]) -> Due:
        if key not in self._known:
            self._known[key] = work_out()
        return self._known[key]

    def by_rule(self, rule: str, start: date, law_on: date | None = None) -> Due:
        """The link that a rule gives."""
        return self._remembered((rule, start, law_on), lambda: self._obligations.due_by_rule(rule, start, law_on))

    def on_day(self, day: date) -> Due:
        """The link of a day that somebody set."""
        return self._remembered((day,), lambda: self._obligations.due_on_day(day))

    def permit_due(self, kind: str, until: date) -> Due:
        """The link of a permit's expiry."""
        return self._remembered((kind, until), lambda: permit_due(self._obligations, self._kinds[kind], until))

    def certificate_due(self, until: date) -> Due:
        """The link of an enforcement certificate."""
        return self._remembered(("certificate", until), lambda: certificate_due(self._obligations, until))

    # ---- rows ----------------------------------------------------------------------------------------------

    def open(
        self,
        *,
        kind: ObligationKind,
        title: str,
        subject: Subject,
        actor: Actor,
        triggered_on: date,
        due: Due,
        enterprise_id: int | None = None,
        officer_id: int | None = None,
        set_on: date | None = None,
    ) -> Row:
        """A new obligation with the first link of its chain."""
        row = self._rows.add(
            kind.value, title, subject[0].value, subject[1], enterprise_id, officer_id, actor.value, due.rule,
            iso(triggered_on), None, None, "",
        )  # fmt: skip
        self._link(row, 1, due, set_on or triggered_on, "", "")
        return row

    def move(self, row: Row, due: Due, *, reason: str, set_on: date, approver: str = "") -> None:
        """One more link."""
        self._link(row, self._lengths[row[0]] + 1, due, set_on, reason, approver)

    def _link(self, row: Row, sequence: int, due: Due, set_on: date, reason: str, approver: str) -> None:
        self._lengths[row[0]] = sequence
        self._links.add(
            row[0], sequence, iso(due.raw_on), iso(due.due_on), iso(due.plan_on), int(due.is_provisional), due.rule,
            iso(set_on), reason, approver,
        )  # fmt: skip

    def end(self, row: Row, how: EndKind, on: date, reason: str = "") -> None:
        """How it ended."""
        self._rows.set(row, "ended_on", iso(on))
        self._rows.set(row, "end_kind", how.value)
        self._rows.set(row, "end_reason", reason)

    def is_open(self, row: Row) -> bool:
        """Whether it has not ended."""
        return self._rows.get(row, "ended_on") is None
