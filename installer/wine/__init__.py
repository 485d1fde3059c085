"""The proof, on Linux, that the program runs on Windows' own Python: under Wine, by its tests and by its setup."""


class NotHere(Exception):
    """Wine cannot be had on this machine; the sentence says what is missing."""
