"""Fields over the catalogues: sectors, classes of industry, kinds of permit, tags; all found by name or 简拼."""

from collections.abc import Sequence

from desktop.services.catalogue import Catalogue
from desktop.services.search_text import initials
from desktop.ui.acts.people import fits
from desktop.ui.widgets.fields import Option
from desktop.ui.widgets.picks import MultiPickField, PickField, among

TYPE = "输入名称或简拼，按 ↓ 看全部"


def _found(typed: str, label: str) -> bool:
    """By a part of the name, or by a part of its initials: a class of industry is rarely known by its first word."""
    return fits(typed, label) or any(typed.lower() in short for short in initials(label))


def sector_option(catalogue: Catalogue, sector: str | None) -> Option | None:
    """A sector with what it belongs to."""
    known = catalogue.sectors.get(sector or "")
    if known is None:
        return None
    above = catalogue.sector_label(known.parent)
    return Option(known.id, known.label, above)


def sector_field(catalogue: Catalogue) -> PickField:
    """The sector of supervision."""
    options = [sector_option(catalogue, sector) for sector in catalogue.sectors]
    return PickField(among([each for each in options if each is not None], _found), TYPE)


def industry_option(catalogue: Catalogue, industry: str | None) -> Option | None:
    """A class of GB/T 4754 with its code."""
    known = catalogue.industries.get(industry or "")
    return Option(known.id, known.label, known.code) if known else None


def industry_field(catalogue: Catalogue) -> PickField:
    """The class of GB/T 4754, by name, 简拼 or code."""
    options = [industry_option(catalogue, industry) for industry in catalogue.industries]
    return PickField(among([each for each in options if each is not None], _found), "输入名称、简拼或门类代码")


def permit_kind_option(catalogue: Catalogue, kind: str) -> Option:
    """A kind of permit with its group."""
    known = catalogue.permit_kinds.get(kind)
    return Option(known.id, known.label, known.category) if known else Option(kind, kind)


def permit_kind_field(catalogue: Catalogue) -> PickField:
    """The kind of a permit or certificate."""
    return PickField(among([permit_kind_option(catalogue, kind) for kind in catalogue.permit_kinds], _found), TYPE)


def attribute_field(catalogue: Catalogue) -> PickField:
    """A risk attribute that is answered, not worked out."""
    options = [
        Option(each.id, each.label, each.category) for each in catalogue.attributes.values() if not each.is_derived
    ]
    return PickField(among(options, _found), TYPE)


def tag_field(catalogue: Catalogue, takes_new: bool = True) -> MultiPickField:
    """Tags in use, and, where that makes sense, new ones."""

    def provide(typed: str) -> Sequence[Option]:
        return [Option(tag, tag) for tag in catalogue.tags() if not typed or _found(typed, tag)]

    return MultiPickField(provide, "输入标签，回车添加" if takes_new else "选择要去掉的标签", takes_new)
