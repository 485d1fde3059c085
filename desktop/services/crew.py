"""Who goes along: officers with the certificates that cover a day, as gates and records need them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Officer, OfficerCertificate, OfficerRecusal
from desktop.domain.inspection import OfficerRole
from desktop.domain.officer import Certificate, CrewMember, certificate_on, certificate_state, latest

Member = tuple[int, OfficerRole]


def certificates_of(session: Session, officer_id: int) -> list[Certificate]:
    """All cards of an officer."""
    found = session.scalars(select(OfficerCertificate).where(OfficerCertificate.officer_id == officer_id))
    return [Certificate(card.number, card.issuer, card.issued_on, card.valid_until, card.id) for card in found]


def crew_on(session: Session, members: Sequence[Member], on: date) -> list[CrewMember]:
    """The crew of an act on a day, with the state of each certificate on that day."""
    crew = []
    for officer_id, role in members:
        officer = session.get_one(Officer, officer_id)
        cards = certificates_of(session, officer_id)
        last = latest(cards)
        state = certificate_state(cards, on, is_helper=officer.is_helper)
        crew.append(CrewMember(officer.name, role, state, last.valid_until if last else None))
    return crew


def recused(session: Session, members: Sequence[Member], enterprise_id: int, on: date) -> list[tuple[str, str]]:
    """Name and reason of whoever of a crew must keep away from an enterprise on a day."""
    kept = (
        select(Officer.name, OfficerRecusal.reason)
        .join(OfficerRecusal, OfficerRecusal.officer_id == Officer.id)
        .where(
            OfficerRecusal.enterprise_id == enterprise_id,
            OfficerRecusal.officer_id.in_([officer_id for officer_id, _ in members]),
            OfficerRecusal.from_on <= on,
            (OfficerRecusal.to_on.is_(None)) | (OfficerRecusal.to_on >= on),
        )
        .order_by(OfficerRecusal.id)
    )
    return [(name, reason) for name, reason in session.execute(kept)]


def certificate_number(session: Session, officer_id: int, on: date) -> str:
    """The number of the card shown on a day; empty where none covers it."""
    card = certificate_on(certificates_of(session, officer_id), on)
    return card.number if card else ""
