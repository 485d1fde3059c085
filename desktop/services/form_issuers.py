"""In whose name forms go out on a day: names, review body, court, bank, as entered by the office or as they follow.

What the office has not entered is taken from its own record where it follows from it: under 委托 the bureau acts, under
赋权 the people's government of the town; either way the people's government of the county hears the appeal. The court
and the bank follow from nothing, and stay blank.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar

from sqlalchemy import select

from db.models import FormIssuer, Office
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import FormBook
from desktop.domain.order import OfficeMode
from desktop.services.office import Offices

GOVERNMENT = "人民政府"
REFORMED_ON = "forms.reformed_on"


@dataclass(frozen=True, slots=True)
class Issuer:
    """What forms say of the authority. `dept` is its full name, `higher` its superior until 2023, `gov` the review body."""

    region: str = ""
    prefix: str = ""
    dept: str = ""
    unit: str = ""
    address: str = ""
    postcode: str = ""
    higher: str = ""
    gov: str = ""
    court: str = ""
    bank: str = ""
    account: str = ""
    contact: str = ""
    phone: str = ""


NAMES = tuple(each.name for each in fields(Issuer))


class FormIssuers:
    """The history of the issuing authority: a reprint of an old document shows what was true then."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"form_issuer", "office", "office_power", "setting"})

    def __init__(self, store: Store, offices: Offices, book: FormBook) -> None:
        self._store = store
        self._offices = offices
        self._book = book

    def change(self, issuer: Issuer, from_on: date) -> None:
        """What forms say from that day on; the same day again is a correction."""
        words = {name: getattr(issuer, name).strip() for name in NAMES}
        if not words["dept"]:
            raise Invalid({"dept": "missing"})
        with self._store.write("修改文书的机关信息") as session:
            record = session.scalars(select(FormIssuer).where(FormIssuer.from_on == from_on)).first()
            if record is None:
                record = FormIssuer(from_on=from_on)
                session.add(record)
            for name, value in words.items():
                setattr(record, name, value)

    def history(self) -> list[tuple[date, Issuer]]:
        """Every entry with its first day, newest first."""
        with self._store.read() as session:
            rows = session.scalars(select(FormIssuer).order_by(FormIssuer.from_on.desc())).all()
            return [(row.from_on, Issuer(**{name: getattr(row, name) for name in NAMES})) for row in rows]

    def on(self, dated_on: date) -> Issuer:
        """The authority of a document of that date: as entered, and where nothing was entered as it follows."""
        derived = self._derived(dated_on)
        entered = next((each for from_on, each in self.history() if from_on <= dated_on), None)
        if entered is None:
            return derived
        return Issuer(**{name: getattr(entered, name) or getattr(derived, name) for name in NAMES})

    def _derived(self, dated_on: date) -> Issuer:
        with self._store.read() as session:
            office = session.scalars(select(Office)).first()
            if office is None:
                raise Refused("no_office")
            is_own = self._offices.mode_on(dated_on) is OfficeMode.EMPOWERED
            town = f"{office.county}{office.name}{GOVERNMENT}" if is_own else ""
            return Issuer(
                region=office.county,
                prefix=office.prefix,
                dept=town or office.bureau,
                unit=office.name,
                address=office.address,
                gov=f"{office.county}{GOVERNMENT}" if office.county else "",
                contact=office.contact,
                phone=office.phone,
            )

    # ---- the reform of 2018/19 -----------------------------------------------------------------------------

    def words(self, dated_on: date) -> dict[str, str]:
        """应急 or 安监, as the office was called on that day. The day of the change is the office's to say."""
        chosen = self._offices.setting(REFORMED_ON)
        if not chosen:
            return {key: word.on(dated_on).text for key, word in self._book.words.items()}
        is_old = dated_on < date.fromisoformat(chosen)
        return {key: word.versions[0 if is_old else -1].text for key, word in self._book.words.items()}

    def set_reformed_on(self, on: date) -> None:
        """The day on which the local bureau changed its name in the reform."""
        self._offices.set_setting(REFORMED_ON, on.isoformat())
