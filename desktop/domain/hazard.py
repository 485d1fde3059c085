"""The hazard 隐患: its codes."""

from datetime import date
from enum import StrEnum

from desktop.domain.errors import Invalid, Refused
from desktop.domain.flow import Flow


class HazardLevel(StrEnum):
    """一般 or 重大."""

    GENERAL = "general"
    MAJOR = "major"


class HazardStatus(StrEnum):
    """Where a hazard stands on its way from being found to being cleared."""

    REGISTERED = "registered"
    ORDERED = "ordered"
    AGAIN = "again"
    ESCALATED = "escalated"
    CLEARED = "cleared"
    VOID = "void"


OPEN = frozenset({HazardStatus.REGISTERED, HazardStatus.ORDERED, HazardStatus.AGAIN, HazardStatus.ESCALATED})
UNDER_ORDER = frozenset({HazardStatus.ORDERED, HazardStatus.AGAIN})


class EscalationKind(StrEnum):
    """What a failed rectification leads to; the town proposes, the bureau or the government decides."""

    CASE = "case"
    SUSPENSION = "suspension"
    CLOSURE = "closure"
    SUPERVISION = "supervision"


FLOW: Flow[HazardStatus, None] = Flow(
    "hazard",
    {
        HazardStatus.REGISTERED: {HazardStatus.ORDERED: (), HazardStatus.CLEARED: (), HazardStatus.VOID: ()},
        HazardStatus.ORDERED: {
            HazardStatus.REGISTERED: (),  # its order was made void
            HazardStatus.CLEARED: (),
            HazardStatus.AGAIN: (),
            HazardStatus.ESCALATED: (),
        },
        HazardStatus.AGAIN: {HazardStatus.CLEARED: (), HazardStatus.AGAIN: (), HazardStatus.ESCALATED: ()},
        HazardStatus.ESCALATED: {HazardStatus.CLEARED: (), HazardStatus.AGAIN: (), HazardStatus.ESCALATED: ()},
        HazardStatus.CLEARED: {},
        HazardStatus.VOID: {},
    },
)


def moved(status: HazardStatus, to: HazardStatus) -> HazardStatus:
    """The status after the move; a move outside the table raises `Refused`."""
    FLOW.check(status, to, None)
    return to


# ---- what may be done with one hazard: asked by the act itself, and beforehand of each line of a selection ------


def may_be_ordered(status: HazardStatus) -> None:
    """An order names what no order names yet."""
    _must_be_open(status)
    if status is not HazardStatus.REGISTERED:
        raise Refused("hazard_ordered_already")


def may_be_reinspected(status: HazardStatus) -> None:
    """There is nothing to go back for where nothing was ordered."""
    _must_be_open(status)
    if status is HazardStatus.REGISTERED:
        raise Refused("hazard_has_no_deadline")


def may_request_reinspection(status: HazardStatus) -> None:
    """The enterprise may say that it is done while its order runs."""
    may_be_reinspected(status)
    if status is HazardStatus.ESCALATED:
        raise Refused("hazard_escalated")


def may_be_extended(status: HazardStatus, due_on: date | None, applied_on: date) -> None:
    """An application comes before the deadline has passed (`rect.ext_apply`)."""
    may_request_reinspection(status)
    if due_on is None:
        raise Refused("hazard_has_no_deadline")
    if applied_on > due_on:
        raise Refused("extension_after_expiry", due_on=due_on)


def must_be_later(due_on: date, wanted_on: date) -> None:
    """More time is a later day."""
    if wanted_on <= due_on:
        raise Invalid({"requested_due_on": "not_later"}, due_on=due_on)


def may_be_escalated(status: HazardStatus, level: HazardLevel, kind: EscalationKind | None) -> None:
    """What was ordered and not done is passed upwards; only a major hazard is put under supervision 挂牌督办."""
    may_be_reinspected(status)
    if kind is EscalationKind.SUPERVISION and level is not HazardLevel.MAJOR:
        raise Refused("supervision_only_major")


def may_be_urged(status: HazardStatus) -> None:
    """Whatever is not put right can be urged."""
    _must_be_open(status)


def _must_be_open(status: HazardStatus) -> None:
    if status not in OPEN:
        raise Refused("hazard_closed", status=status)
