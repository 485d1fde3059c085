"""Everything shipped that is not code, and the one way to reach it."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(name: str) -> Traversable:
    """The shipped file `name` (``"rules/deadlines.toml"``), from a checkout, a wheel or a frozen build alike."""
    return files("resources").joinpath(*name.split("/"))
