"""The inspection 检查: its codes. Two certified officers go, and what they find becomes hazards."""

from enum import StrEnum

from desktop.domain.flow import Flow


class InspectionKind(StrEnum):
    """Type that every inspection is registered with: 日常、个案、专项 (国办发〔2024〕54号)."""

    ROUTINE = "routine"
    CASE = "case"
    SPECIAL = "special"


class InspectionOrigin(StrEnum):
    """What led to it; tips, assigned cases and the like stand outside the yearly cap."""

    PLAN = "plan"
    TIP = "tip"
    ASSIGNED = "assigned"
    OTHER = "other"


class InspectionStatus(StrEnum):
    """Where it stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


class OfficerRole(StrEnum):
    """Lead, second officer, or a helper without certificate who never counts as one of the two."""

    LEAD = "lead"
    MEMBER = "member"
    HELPER = "helper"


class Signature(StrEnum):
    """Whether the unit's responsible person signed the record; a refusal is written down (安全生产法第六十八条)."""

    SIGNED = "signed"
    REFUSED = "refused"


FLOW: Flow[InspectionStatus, None] = Flow(
    "inspection",
    {
        InspectionStatus.PLANNED: {
            InspectionStatus.UNDER_WAY: (),
            InspectionStatus.DONE: (),
            InspectionStatus.CANCELLED: (),
        },
        InspectionStatus.UNDER_WAY: {InspectionStatus.DONE: (), InspectionStatus.CANCELLED: ()},
        InspectionStatus.DONE: {},
        InspectionStatus.CANCELLED: {},
    },
)
