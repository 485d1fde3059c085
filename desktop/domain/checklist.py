"""The checklist 检查表: what an inspector may say of one item."""

from enum import StrEnum


class Answer(StrEnum):
    """1 符合, 2 不符合, 3 不涉及."""

    GOOD = "good"
    BAD = "bad"
    NOT_APPLICABLE = "not_applicable"
