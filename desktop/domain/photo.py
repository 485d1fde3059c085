"""The photo 照片: what it shows of a finding."""

from enum import StrEnum


class PhotoRole(StrEnum):
    """What the picture is there for."""

    SCENE = "scene"
    BEFORE = "before"
    AFTER = "after"
    SCAN = "scan"
