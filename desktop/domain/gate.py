"""Gates: what the law asks to be in order before an act. They warn, want a reason and log; few of them block.

A gate blocks only where the law makes the act void without it (`is_void`); otherwise the clerk may pass it with a
reason that stays in the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class GateWarning:
    """What a gate finds missing: its id, the Chinese sentence, the source, and whether the act would be void."""

    gate: str
    text: str
    source: str = ""
    is_void: bool = False


def unexplained(warnings: Iterable[GateWarning], reasons: Mapping[str, str]) -> list[GateWarning]:
    """The warnings that may be passed but have no reason yet."""
    return [warning for warning in warnings if not warning.is_void and not reasons.get(warning.gate, "").strip()]


def require_passable(warnings: Iterable[GateWarning], reasons: Mapping[str, str]) -> None:
    """Refuse an act that would be void, or that passes a gate without saying why."""
    found = list(warnings)
    blocking = [warning for warning in found if warning.is_void]
    if blocking:
        raise Refused("gate_blocks", warnings=tuple(blocking), said="；".join(w.text for w in blocking))
    open_ones = unexplained(found, reasons)
    if open_ones:
        raise Refused("gate_reason_needed", warnings=tuple(open_ones), said="；".join(w.text for w in open_ones))
