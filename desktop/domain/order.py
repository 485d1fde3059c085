"""The rectification order 责令限期整改指令书: its codes."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """An order is closed only when none of its hazards is open."""

    ISSUED = "issued"
    DELIVERED = "delivered"
    CLOSED = "closed"
    VOID = "void"


class OfficeMode(StrEnum):
    """In whose name the office acts: 委托 (the bureau's), 赋权 (its own), or neither (it inspects and hands over)."""

    DELEGATED = "delegated"
    EMPOWERED = "empowered"
    NEITHER = "neither"
