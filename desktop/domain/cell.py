"""What may stand in a cell or a sentence that leaves the office: personal numbers masked, nothing that runs as a formula.

A spreadsheet runs a cell that begins with = + - @ (or their full-width forms). Such a text gets a leading apostrophe;
so does one that has an apostrophe already, and reading takes exactly one off again.
"""

import re

APOSTROPHE = "'"
_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)(\d{4})(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[-－—]?)(\d{3,4})(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}([0-9Xx])(?!\d)")
_OLD_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(\d{3})(?!\d)")


def masked(text: str) -> str:
    """The text with identity and phone numbers masked, wherever in it they stand."""
    text = _IDENTITY.sub(r"\1********\2", text)
    text = _OLD_IDENTITY.sub(r"\1*****\2", text)
    text = _MOBILE.sub(r"\1****\3", text)
    return _LANDLINE.sub(lambda found: f"{found[1]}****{found[3]}", text)


def masked_person(name: str) -> str:
    """A person's surname with the rest hidden."""
    return name[:1] + "*" * (len(name) - 1) if name else ""


def masked_number(number: str) -> str:
    """A number that may be a person's identity number: only its ends are left."""
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) > 8 else masked(number)


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet runs. One apostrophe more than it had is taken off in reading."""
    begins = text.lstrip(" \u3000\xa0\t\r\n")
    if text.startswith((APOSTROPHE, "\t", "\r", "\n")) or begins.startswith(_FORMULA):
        return APOSTROPHE + text
    return text


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell.removeprefix(APOSTROPHE)


def clean(text: str) -> str:
    """The text with LF line ends and without characters that no file format carries."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
