"""Permits 许可证照 of an enterprise and certificates of its people: the draft, and the state on a day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from desktop.domain.deadline import add_months
from desktop.domain.errors import Invalid

OTHER = "other"
DEFAULT_REMIND_DAYS = 60
DUTY_REMIND_DAYS = 30
VERIFIED = "verified"
FIRST_QUARTER = "第一季度"


class PermitNature(StrEnum):
    """A paper with an end printed on it, a duty that comes round again, or one that is done once."""

    PAPER = "paper"
    RECURRING = "recurring"
    ONCE = "once"


class PermitState(StrEnum):
    """What a permit is worth on a day; OPEN has no expiry on paper."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class PermitKind:
    """A kind of permit from the catalogue of validity periods; `months` and the reminder may be unknown."""

    id: str
    label: str
    category: str
    months: int | None = None
    remind_months: int | None = None
    remind_days: int | None = None
    rule: str = ""
    source: str = ""
    status: str = ""
    nature: PermitNature = PermitNature.PAPER
    days: int | None = None
    workdays: int | None = None
    article: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    note: str = ""

    @property
    def is_duty(self) -> bool:
        """Something to be done, of which no paper says until when it is good."""
        return self.nature is not PermitNature.PAPER

    def usual_end(self, issued_on: date) -> date | None:
        """The end that its usual length gives, as a proposal: the date on the paper decides.

        A paper is good through the day before; a duty that comes round is due on the same day again, or by the end of
        the quarter that its rule names. What is counted in working days needs a calendar, and is not answered here.
        """
        if self.days is not None:
            return issued_on + timedelta(days=self.days)
        if self.months is None:
            return None
        if self.nature is PermitNature.PAPER:
            return add_months(issued_on, self.months) - timedelta(days=1)
        if FIRST_QUARTER in self.rule:
            return date(issued_on.year + self.months // 12, 3, 31)
        return add_months(issued_on, self.months)

    def is_doubtful(self, on: date) -> bool:
        """Whether its length needs a word of the legal staff: not verified, or not the rule that was in force on `on`."""
        is_past = self.in_force_to is not None and on > self.in_force_to
        is_early = self.in_force_from is not None and on < self.in_force_from
        return self.id != OTHER and (
            self.status != VERIFIED or is_past or is_early or "须核" in self.note or "核新法" in self.note
        )

    def remind_on(self, valid_until: date) -> date:
        """The raw day from which the renewal should be on someone's mind."""
        if self.remind_months is not None:
            return add_months(valid_until, -self.remind_months)
        usual = DUTY_REMIND_DAYS if self.is_duty else DEFAULT_REMIND_DAYS
        return valid_until - timedelta(days=usual if self.remind_days is None else self.remind_days)


@dataclass(frozen=True, slots=True)
class PermitDraft:
    """A permit as entered. `person` and `trade` are for certificates of people (特种作业: name and 工种)."""

    enterprise_id: int = 0
    kind: str = ""
    person: str = ""
    trade: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    remark: str = ""

    def checked(self, kinds: frozenset[str]) -> "PermitDraft":
        """This draft with its spaces trimmed; raises `Invalid` when the kind is unknown or the dates are the wrong way round."""
        problems: dict[str, str] = {}
        if not self.enterprise_id:
            problems["enterprise"] = "missing"
        if not self.kind:
            problems["kind"] = "missing"
        elif self.kind not in kinds:
            problems["kind"] = "choice_unknown"
        if self.issued_on and self.valid_until and self.valid_until < self.issued_on:
            problems["valid_until"] = "expires_before_issue"
        if problems:
            raise Invalid(problems)
        words = {name: getattr(self, name).strip() for name in ("person", "trade", "number", "issuer", "remark")}
        return replace(self, **words)


def permit_state(valid_until: date | None, remind_on: date | None, on: date) -> PermitState:
    """The state on `on`: valid through its last day, EXPIRING from the reminder day."""
    if valid_until is None:
        return PermitState.OPEN
    if on > valid_until:
        return PermitState.EXPIRED
    return PermitState.EXPIRING if remind_on is not None and on >= remind_on else PermitState.VALID
