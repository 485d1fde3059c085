"""The page of inspections, its forms and its table of findings."""
