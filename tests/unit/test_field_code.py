"""The code of a field sheet: forgiving of how it is typed, unforgiving of what is wrong."""

from desktop.domain.field_code import LETTERS, new_code, read_code, shown


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    for typed in (code, code.lower(), shown(code), f" {code[:4]} {code[4:]}\n".strip(), shown(code).lower()):
        assert read_code(typed) == code


def test_one_wrong_letter_or_two_that_changed_places_are_no_code() -> None:
    code = new_code()
    for place, letter in enumerate(code):
        for other in LETTERS:
            if other != letter:
                assert read_code(code[:place] + other + code[place + 1 :]) is None
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or read_code(swapped) is None


def test_other_text_is_no_code() -> None:
    for typed in ("", "宏达机械厂", "320681001", "AAAA-AAA0", "ABCD-EFGHJ", "O0I1-L234"):
        assert read_code(typed) is None


def test_no_letter_looks_like_another() -> None:
    assert not set("01ILO") & set(LETTERS)
    assert len(LETTERS) == len(set(LETTERS)) == 31
