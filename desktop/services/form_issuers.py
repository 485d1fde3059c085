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


@dataclass(frozen=True, slots=True)
class IssuerFact:
    """Something that forms say of the authority on a day: entered by the office, following from its record, or blank."""

    key: str
    name: str
    value: str
    is_entered: bool
    note: str = ""


LABELS = {
    "dept": "机关全称（落款、盖章）",
    "gov": "复议机关（人民政府）",
    "court": "人民法院",
    "bank": "罚款收款银行",
    "account": "收款账号",
    "unit": "承办机构",
    "region": "县（市、区）",
    "prefix": "文号前缀",
    "address": "地址",
    "postcode": "邮编",
    "contact": "联系人",
    "phone": "联系电话",
    "higher": "上一级主管部门",
}
FOLLOWS = {
    OfficeMode.DELEGATED: (
        "委托（行政处罚法{delegation}）：以委托机关{dept}的名义，盖委托机关的章；"
        "普通程序的处罚由委托机关决定，听证由委托机关组织；诉讼以委托机关为被告。"
    ),
    OfficeMode.EMPOWERED: (
        "赋权（行政处罚法{empowerment}）：以{dept}自己的名义，盖本机关的章；"
        "赋权清单内的处罚自己决定、自己法制审核；诉讼以本机关为被告。"
    ),
    OfficeMode.NEITHER: "既无委托也无赋权：只检查、移交，责令整改、处罚文书由上级机关出具。",
}
PENALTY_LAW_2021 = date(2021, 7, 15)  # 行政处罚法 (2021修订): the numbers below are this text's
ARTICLES = {"delegation": "第二十条、第二十一条", "empowerment": "第二十四条"}
NO_NUMBER = "当时的文本，条号待法制人员确认"
HIGHER_UNTIL = date(2024, 1, 1)  # from then on the superior department hears no appeal (行政复议法 2023)
NOTES = {
    "dept": "落款和印章用这个名称",
    "gov": "2024 年起，委托、赋权都向县级人民政府申请复议",
    "court": "行政诉讼可能由指定的法院集中管辖，请向法制人员核实",
    "bank": "印在处罚决定书和催缴文书上",
    "higher": "只印在 2023 年底以前的文书上",
}


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

    def labels(self) -> dict[str, str]:
        """What the facts are called, in the order of a form."""
        return dict(LABELS)

    def follows(self, on: date) -> str:
        """What follows from the powers of a day: whose name and seal, who decides, against whom one appeals."""
        articles = ARTICLES if on >= PENALTY_LAW_2021 else dict.fromkeys(ARTICLES, NO_NUMBER)
        return FOLLOWS[self._offices.mode_on(on)].format(dept=self.on(on).dept or "（没有填写）", **articles)

    def facts(self, on: date) -> list[IssuerFact]:
        """Everything that a document of that day says of the authority; what nobody entered and nothing tells is blank."""
        entered, told = self.entered(on), self.on(on)
        return [
            IssuerFact(key, name, getattr(told, key), bool(getattr(entered, key)), NOTES.get(key, ""))
            for key, name in LABELS.items()
            if key != "higher" or on < HIGHER_UNTIL
        ]

    def entered(self, on: date) -> Issuer:
        """What the office entered for a day; all blank where it entered nothing."""
        return next((each for from_on, each in self.history() if from_on <= on), Issuer())

    def history(self) -> list[tuple[date, Issuer]]:
        """Every entry with its first day, newest first."""
        with self._store.read() as session:
            rows = session.scalars(select(FormIssuer).order_by(FormIssuer.from_on.desc())).all()
            return [(row.from_on, Issuer(**{name: getattr(row, name) for name in NAMES})) for row in rows]

    def on(self, dated_on: date) -> Issuer:
        """The authority of a document of that date: as entered, and where nothing was entered as it follows."""
        derived, entered = self.derived(dated_on), self.entered(dated_on)
        return Issuer(**{name: getattr(entered, name) or getattr(derived, name) for name in NAMES})

    def derived(self, dated_on: date) -> Issuer:
        """What follows from the office's own record and its powers of that day."""
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
