"""What is printed: a title, a way to make the PDF, and the paper it likes best."""

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.documents.blocks import Made
from desktop.documents.page_setup import PageSetup


@dataclass(frozen=True, slots=True)
class PrintWork:
    """`make(setup)` runs on the worker thread, so it holds plain values alone. `key` names what its paper is remembered by.

    Something with `has_setup=False` has a layout of its own, such as the report in the form of official documents.
    """

    key: str
    title: str
    make: Callable[[PageSetup], Made]
    setup: PageSetup = field(default_factory=PageSetup)
    has_setup: bool = True


def told_of(made: Made) -> str:
    """What is to be told before pages go to paper: characters that no font has, and what else is to be known of them."""
    unknown = f"有 {len(made.missing)} 个字没有字体可以印，印成“〓”：{'、'.join(sorted(made.missing))}"
    return "\n".join(filter(None, (unknown if made.missing else "", made.note)))
