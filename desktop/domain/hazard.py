"""The hazard 隐患: its codes."""

from enum import StrEnum

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
