"""One module a step, named by number and noun. A released step is never edited."""
