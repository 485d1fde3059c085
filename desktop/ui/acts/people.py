"""The people and the enterprise of an act: found by name or 简拼, with the reason why someone may not act."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

from desktop.domain.inspection import OfficerRole
from desktop.services import Services
from desktop.services.crew import Member
from desktop.services.officers import OfficerChoice
from desktop.services.search_text import initials
from desktop.system.drafts import Plain
from desktop.ui.widgets.fields import Option
from desktop.ui.widgets.picks import MultiPickField, PickField


def fits(typed: str, name: str) -> bool:
    """Whether a name is meant by its characters or by the initials of its pinyin."""
    wanted = typed.strip().lower()
    return wanted in name or any(short.lower().startswith(wanted) for short in initials(name))


# ---- enterprises


def enterprise_field(services: Services) -> PickField:
    """Any enterprise of the roster that still stands."""

    def provide(typed: str) -> Sequence[Option]:
        found = services.roster.find(typed) if typed else ()
        return [Option(each.id, each.name, "　".join(filter(None, (each.village, each.uscc)))) for each in found]

    return PickField(provide, "名称、简拼或统一社会信用代码")


def enterprise_option(services: Services, enterprise_id: int) -> Option:
    """An enterprise as the field shows it."""
    found = services.roster.rows([enterprise_id])[0]
    return Option(found.id, found.name, found.village)


# ---- officers


def officer_option(choice: OfficerChoice) -> Option:
    """An officer with the number of the card of that day; one who may not act says why."""
    if choice.is_helper:
        return Option(choice.id, choice.name, choice.reason)
    return Option(choice.id, choice.name, choice.certificate_number, choice.reason)


class CrewField(MultiPickField):
    """Officers of an act on a day: the first leads. `day` is asked each time, because certificates run out."""

    def __init__(
        self, services: Services, day: Callable[[], date], placeholder: str = "输入姓名或简拼，第一位为主办"
    ) -> None:
        super().__init__(self._provide, placeholder)
        self._services = services
        self._day = day

    def _choices(self) -> list[OfficerChoice]:
        return self._services.officers.choices(self._day())

    def _provide(self, typed: str) -> Sequence[Option]:
        return [officer_option(choice) for choice in self._choices() if not typed or fits(typed, choice.name)]

    def set_ids(self, officer_ids: Sequence[int]) -> None:
        """Show these officers as they stand on the day; one put away since is left out."""
        known = {choice.id: officer_option(choice) for choice in self._choices()}
        self.set_value([known[officer] for officer in officer_ids if officer in known])

    def ids(self) -> tuple[int, ...]:
        """Who was chosen, in order."""
        return cast(tuple[int, ...], self.value())

    def read_again(self) -> None:
        """The day has changed: certificates may stand otherwise."""
        self.set_ids(self.ids())

    def retype(self, typed: Plain) -> None:
        """Chosen again, as they stand on the day now."""
        super().retype(typed)
        self.read_again()

    def crew(self) -> tuple[Member, ...]:
        """With their roles: the first who is no helper leads."""
        helpers = {choice.id for choice in self._choices() if choice.is_helper}
        acting = [officer for officer in self.ids() if officer not in helpers]
        roles = dict.fromkeys(acting, OfficerRole.MEMBER) | dict.fromkeys(acting[:1], OfficerRole.LEAD)
        return tuple((officer, roles.get(officer, OfficerRole.HELPER)) for officer in self.ids())

    def names(self) -> str:
        """As a record writes them."""
        return "、".join(option.label for option in self.options)


# ---- experts


def expert_options(services: Services) -> list[Option]:
    """The experts, with what they know."""
    return [Option(expert.id, expert.name, expert.field) for expert in services.officers.experts()]


def expert_field(services: Services) -> MultiPickField:
    """Industry experts who come along."""

    def provide(typed: str) -> Sequence[Option]:
        options = expert_options(services)
        return [each for each in options if not typed or fits(typed, each.label) or typed in each.note]

    return MultiPickField(provide, "输入姓名、简拼或专业")
