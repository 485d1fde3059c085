"""The official forms on paper: one description of a page, drawn as PDF and as Word."""
