"""The hazard 隐患: its codes."""

from enum import StrEnum


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
