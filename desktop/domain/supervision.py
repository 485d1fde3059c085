"""Supervised major hazards 挂牌督办: the five things that their rectification needs 五到位, and when one may be taken off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop.domain.errors import Refused
from desktop.domain.hazard import OPEN, HazardLevel, HazardStatus


class Readiness(StrEnum):
    """措施、资金、期限、责任人、预案: each is a field of the record, and there when it says something."""

    MEASURES = "measures"
    FUNDS = "funds"
    TIME_LIMIT = "time_limit"
    RESPONSIBLE = "responsible"
    CONTINGENCY = "contingency"


RESUME_REVIEW = "hazard.resume_review"


def lights(words: Mapping[str, str]) -> tuple[tuple[Readiness, bool], ...]:
    """The five, each with whether the record says something of it."""
    return tuple((each, bool(words.get(each.value, "").strip())) for each in Readiness)


def may_be_listed(level: HazardLevel, status: HazardStatus, is_listed: bool) -> None:
    """Only a major hazard that is still open, and only once at a time."""
    if level is not HazardLevel.MAJOR:
        raise Refused("supervision_only_major")
    if status not in OPEN:
        raise Refused("hazard_closed", status=status)
    if is_listed:
        raise Refused("supervision_standing")


@dataclass(frozen=True, slots=True)
class Delisting:
    """What taking a hazard off depends on."""

    status: HazardStatus
    accepted_on: date | None
    delisted_on: date | None


def may_be_delisted(case: Delisting) -> None:
    """Taken off once, and only when the hazard was cleared at a re-inspection or accepted at a review."""
    if case.delisted_on is not None:
        raise Refused("supervision_ended", on=case.delisted_on)
    if case.status is not HazardStatus.CLEARED and case.accepted_on is None:
        raise Refused("supervision_not_accepted")
