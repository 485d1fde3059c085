"""The word that facts have changed: computed from what a transaction wrote, never listed by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """`tables` that were written by the act called `title`; `operation` is its journal number."""

    tables: frozenset[str]
    title: str
    operation: int = 0

    def touches(self, tables: frozenset[str]) -> bool:
        """Whether a reader of `tables` should read again."""
        return bool(self.tables & tables)
