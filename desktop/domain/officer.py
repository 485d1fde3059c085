"""The officer 执法人员: the state of a certificate on a day, and the gate of two certified officers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from desktop.domain.deadline import Gate
from desktop.domain.errors import Invalid
from desktop.domain.gate import GateWarning
from desktop.domain.inspection import OfficerRole

NEEDED = 2
EXPIRING_WITHIN = timedelta(days=90)


class CertificateState(StrEnum):
    """What the enforcement certificate 行政执法证 is worth on a day. A helper 辅助人员 needs none and may not act."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    NONE = "none"
    HELPER = "helper"


ACTING = frozenset({CertificateState.VALID, CertificateState.EXPIRING})


@dataclass(frozen=True, slots=True)
class Certificate:
    """A card with the dates that stand on it; no law says how long one is valid."""

    number: str
    issuer: str
    issued_on: date | None
    valid_until: date
    id: int = 0

    def covers(self, on: date) -> bool:
        """Whether the card is valid on `on`; an unknown day of issue does not stand in the way."""
        return (self.issued_on is None or self.issued_on <= on) and on <= self.valid_until


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """A certificate as it is entered."""

    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None

    def checked(self) -> "CertificateDraft":
        """This draft with its spaces trimmed; raises `Invalid` when a date is missing or the dates are the wrong way round."""
        problems: dict[str, str] = {}
        if not self.number.strip():
            problems["number"] = "missing"
        if self.valid_until is None:
            problems["valid_until"] = "missing"
        elif self.issued_on is not None and self.valid_until < self.issued_on:
            problems["valid_until"] = "expires_before_issue"
        if problems:
            raise Invalid(problems)
        return CertificateDraft(self.number.strip(), self.issuer.strip(), self.issued_on, self.valid_until)


@dataclass(frozen=True, slots=True)
class OfficerDraft:
    """An officer or helper as entered."""

    name: str = ""
    duty: str = ""
    phone: str = ""
    is_helper: bool = False
    remark: str = ""

    def checked(self) -> "OfficerDraft":
        """This draft with its spaces trimmed; a name is required."""
        if not self.name.strip():
            raise Invalid({"name": "missing"})
        return OfficerDraft(
            self.name.strip(), self.duty.strip(), self.phone.strip(), self.is_helper, self.remark.strip()
        )


@dataclass(frozen=True, slots=True)
class ExpertDraft:
    """An industry expert as entered."""

    name: str = ""
    field: str = ""
    organisation: str = ""
    phone: str = ""

    def checked(self) -> "ExpertDraft":
        """This draft with its spaces trimmed; a name is required."""
        if not self.name.strip():
            raise Invalid({"name": "missing"})
        return ExpertDraft(self.name.strip(), self.field.strip(), self.organisation.strip(), self.phone.strip())


def certificate_on(certificates: Iterable[Certificate], on: date) -> Certificate | None:
    """The card that covers `on`; of several the one that lasts longest."""
    covering = [card for card in certificates if card.covers(on)]
    return max(covering, key=lambda card: card.valid_until, default=None)


def latest(certificates: Iterable[Certificate]) -> Certificate | None:
    """The card that lasts longest, whether it is valid today or not."""
    return max(certificates, key=lambda card: (card.valid_until, card.id), default=None)


def certificate_state(certificates: Sequence[Certificate], on: date, *, is_helper: bool = False) -> CertificateState:
    """The state on `on`. EXPIRING counts from 90 days before the last card ends: a renewal in hand quietens it."""
    if is_helper:
        return CertificateState.HELPER
    if certificate_on(certificates, on) is None:
        return (
            CertificateState.EXPIRED if any(on > card.valid_until for card in certificates) else CertificateState.NONE
        )
    last = latest(certificates)
    assert last is not None
    return CertificateState.EXPIRING if last.valid_until - on <= EXPIRING_WITHIN else CertificateState.VALID


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Someone who goes along, with the state of the certificate on the day of the act."""

    name: str
    role: OfficerRole
    state: CertificateState
    valid_until: date | None = None

    @property
    def counts(self) -> bool:
        """Whether this is one of the two officers that the law asks for."""
        return self.role is not OfficerRole.HELPER and self.state in ACTING


def gate_two_officers(gate: Gate, crew: Sequence[CrewMember], on: date) -> tuple[GateWarning, ...]:
    """What stands against an act of this crew on `on` (行政处罚法第四十二条: two officers with certificates at least).

    An act without them is unlawful (第七十六条第五项), so the warnings are void ones while the gate's law is in force;
    for an earlier day the same is only said.
    """
    is_void = gate.in_force_from <= on
    found = [
        _warning(gate, _FAULTS[member.state], is_void, name=member.name, until=member.valid_until)
        for member in crew
        if member.role is not OfficerRole.HELPER and member.state not in ACTING
    ]
    acting = sum(member.counts for member in crew)
    if acting < NEEDED:
        found.insert(0, _warning(gate, "officers_too_few", is_void, count=acting, needed=NEEDED))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RecusalDraft:
    """An officer who must keep away from an enterprise 回避, why, and from when to when; without an end it stands."""

    officer_id: int
    enterprise_id: int
    reason: str
    from_on: date
    to_on: date | None = None

    def checked(self) -> "RecusalDraft":
        """This draft with its spaces trimmed; a reason is required."""
        problems: dict[str, str] = {}
        if not self.reason.strip():
            problems["reason"] = "missing"
        if self.to_on is not None and self.to_on < self.from_on:
            problems["to_on"] = "ends_before_start"
        if problems:
            raise Invalid(problems)
        return RecusalDraft(self.officer_id, self.enterprise_id, self.reason.strip(), self.from_on, self.to_on)


def gate_recusal(gate: Gate, recused: Iterable[tuple[str, str]], on: date) -> tuple[GateWarning, ...]:
    """Who of the crew should keep away (行政处罚法第四十三条): names with the reasons.

    It warns and does not block: the law does not make the act void, and whether there is an interest is the head's to decide.
    """
    if on < gate.in_force_from:
        return ()
    return tuple(_warning(gate, "officer_recused", is_void=False, name=name, reason=reason) for name, reason in recused)


def _warning(gate: Gate, code: str, is_void: bool, **facts: object) -> GateWarning:
    return GateWarning(gate.id, SENTENCES[code].format(**facts), f"{gate.source} {gate.article}", is_void)


_FAULTS = {
    CertificateState.EXPIRED: "certificate_expired",
    CertificateState.NONE: "certificate_missing",
    CertificateState.HELPER: "helper_as_officer",
}

SENTENCES: dict[str, str] = {
    "officers_too_few": "有效持证的执法人员只有 {count} 名，应当不少于 {needed} 名，请增派持证人员。",
    "certificate_expired": "{name}的执法证已于 {until} 到期，不能计入两名执法人员，请先换证或者改派他人。",
    "certificate_missing": "{name}当日没有有效的执法证，不能计入两名执法人员，请补录证件或者改派他人。",
    "officer_recused": "{name}登记为应当回避（{reason}），请改派他人；确需前往的，写明单位负责人的决定。",
    "helper_as_officer": "{name}是辅助人员，只能协助，不能计入两名执法人员，请改派持证人员。",
}
