"""The Windows edition: a signed Python, the locked wheels and the program in one folder, and the setup made of it."""


class Stop(Exception):
    """The build cannot go on; the sentence says why and, where something can be done, what."""
