"""The code of a field sheet 现场包编号: short, without look-alike letters, with a check character.

31 letters, a prime: the weighted check finds every wrong letter and every two that changed places. Seven random
letters are 27 thousand million codes; a code leads to a record of this office and is no secret.
"""

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def new_code() -> str:
    """A random code with its check character."""
    body = "".join(secrets.choice(LETTERS) for _ in range(LENGTH - 1))
    return body + check_of(body)


def check_of(body: str) -> str:
    """The letter that makes the weighted sum of all letters divisible by their number."""
    total = sum(weight * LETTERS.index(letter) for weight, letter in enumerate(body, 2))
    return LETTERS[-total % len(LETTERS)]


def read_code(typed: str) -> str | None:
    """The code that was typed or scanned, in any case and with any spaces or hyphens; None when it is no code."""
    code = "".join(letter for letter in typed.upper() if letter not in " -–—－　")
    if len(code) != LENGTH or any(letter not in LETTERS for letter in code):
        return None
    return code if check_of(code[:-1]) == code[-1] else None


def shown(code: str) -> str:
    """As it is printed: two groups of four."""
    return f"{code[:4]}-{code[4:]}"
