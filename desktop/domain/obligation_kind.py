"""The kinds of obligation 时限事项, their subjects and how one ends."""

from enum import StrEnum


class ObligationKind(StrEnum):
    """What must be done."""

    INSPECT = "inspect"
    DELIVER = "deliver"
    RECTIFY = "rectify"
    REINSPECT = "reinspect"
    EXTENSION_REPLY = "extension_reply"
    FILE_CASE = "file_case"
    REVISIT = "revisit"
    CERTIFICATE = "certificate"
    PERMIT = "permit"
    REPORT = "report"
    PROPOSE = "propose"
    SUPERVISE = "supervise"
    MEASURE = "measure"


class SubjectType(StrEnum):
    """The table of the record that an obligation is about."""

    PLAN_ITEM = "plan_item"
    INSPECTION = "inspection"
    ORDER = "rectification_order"
    HAZARD = "hazard"
    EXTENSION = "extension"
    REVISIT = "revisit_programme"
    OFFICER = "officer"
    PERMIT = "permit"
    YEAR = "year"
    ESCALATION = "escalation"
    SUPERVISION = "supervision"
    MEASURE = "enterprise_measure"
    DELIVERY = "document_delivery"


class EndKind(StrEnum):
    """How it ended: by an act, waived with a reason, or void because its subject is."""

    DONE = "done"
    WAIVED = "waived"
    VOID = "void"


class Actor(StrEnum):
    """Whose duty it is."""

    AGENCY = "agency"
    ENTERPRISE = "enterprise"
