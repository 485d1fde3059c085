"""Photos of a record: the strip, the viewer, before and after side by side, and the search for photos used twice."""
