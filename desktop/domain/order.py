"""The rectification order 责令限期整改指令书: its codes."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.errors import Refused
from desktop.domain.flow import Flow


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


@dataclass(frozen=True, slots=True)
class OrderCase:
    """What the guards of an order ask: how many of its hazards are open, how many were re-inspected already."""

    open_hazards: int
    reinspected_hazards: int = 0


def nothing_open(case: OrderCase) -> None:
    """An order is never closed over a hazard that is still open."""
    if case.open_hazards:
        raise Refused("order_has_open_hazards", count=case.open_hazards)


def something_open(case: OrderCase) -> None:
    """Only an order with an open hazard is taken up again."""
    if not case.open_hazards:
        raise Refused("order_has_no_open_hazard")


def nothing_reinspected(case: OrderCase) -> None:
    """What was already re-inspected under an order cannot be unsaid by making the order void."""
    if case.reinspected_hazards:
        raise Refused("order_reinspected", count=case.reinspected_hazards)


FLOW: Flow[OrderStatus, OrderCase] = Flow(
    "order",
    {
        OrderStatus.ISSUED: {
            OrderStatus.DELIVERED: (),
            OrderStatus.CLOSED: (nothing_open,),
            OrderStatus.VOID: (nothing_reinspected,),
        },
        OrderStatus.DELIVERED: {
            OrderStatus.ISSUED: (nothing_reinspected,),
            OrderStatus.CLOSED: (nothing_open,),
            OrderStatus.VOID: (nothing_reinspected,),
        },
        OrderStatus.CLOSED: {OrderStatus.DELIVERED: (something_open,)},
        OrderStatus.VOID: {},
    },
)
