"""The enterprise 生产经营单位: its codes, and what a record of it must say."""

from enum import StrEnum


class RiskLevel(StrEnum):
    """Risk grade 红橙黄蓝 (安委办〔2016〕11号): from the gravest to the lightest."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class EnterpriseStatus(StrEnum):
    """Whether it works: 在产、停产、关闭."""

    OPERATING = "operating"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Size(StrEnum):
    """大型、中型、小型、微型 by the statistical classification of 2017."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class StandardLevel(StrEnum):
    """Level of work-safety standardisation 安全生产标准化."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    MICRO = "micro"
    NONE = "none"


class CodeState(StrEnum):
    """What is known of the 统一社会信用代码 (GB 32100-2015) as it is kept."""

    VALID = "valid"
    KEPT = "kept"
    LEGACY = "legacy"
    NONE = "none"
