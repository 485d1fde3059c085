"""The re-inspection 复查: its codes."""

from enum import StrEnum


class ReinspectionOutcome(StrEnum):
    """What the re-inspectors found of one hazard."""

    CLEARED = "cleared"
    FAILED = "failed"
