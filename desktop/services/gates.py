"""Passing a gate: refused without a reason, and written down with one."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from db.models import GateEntry
from db.store import Store
from desktop.domain.gate import GateWarning, require_passable
from desktop.services.clock import Clock


def pass_gates(
    session: Session,
    store: Store,
    clock: Clock,
    warnings: Iterable[GateWarning],
    reasons: Mapping[str, str],
    subject: tuple[str, int],
) -> None:
    """Log each warning with the reason it was passed for. Raises `Refused` when one blocks or has no reason."""
    found = list(warnings)
    require_passable(found, reasons)
    for warning in found:
        session.add(
            GateEntry(
                gate=warning.gate,
                subject_type=subject[0],
                subject_id=subject[1],
                reason=reasons[warning.gate].strip(),
                passed_by=store.person,
                passed_at=clock.now(),
            )
        )
