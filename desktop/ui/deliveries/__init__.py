"""Service of papers: what was handed to whom, and what follows."""
