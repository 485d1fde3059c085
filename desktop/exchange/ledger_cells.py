"""Reads the cells of one column: the value to be stored, and the fault of a cell that is not as it should be.

A column meets the same cell again and again, so each is read once and remembered. What is stored is canonical:
codes upper case and half width, phones as digits, dates ISO, money in 元 with two decimals, choices as our codes.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from operator import mul
from typing import cast

from desktop.domain import uscc
from desktop.exchange.ledger_dates import read_date
from desktop.exchange.ledger_fields import FieldSpec, FieldType, bare, choice, without_brackets, words
from desktop.exchange.sheet import Cell

Value = str | int | None

ERROR, WARNING = "error", "warning"

_LIMITS = {FieldType.NAME: 100, FieldType.PERSON_NAME: 50, FieldType.LONG_TEXT: 5000}
_TEXT_LIMIT = 500
_SHOWN = 30
_EXACT_DIGITS = 10**15
"""Excel keeps fifteen digits of a number; of a longer one the rest is lost."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"))
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_BESIDE_HAN = re.compile(rf"(?<={_HAN}) +| +(?={_HAN})")
_SCIENTIFIC = re.compile(r"[-+]?\d(?:\.\d+)?[eE]\+?\d{1,3}")
_NARROW = re.compile(r"#{3,}")
_PHONE_PARTS = re.compile(r"[、,，;；/／\\|\n]+|\s{2,}|\s+(?=1[3-9]\d)|(?<=\d{11})\s+(?=0\d)|或|及")
_COUNTRY = re.compile(r"(?<!\d)(?:\+|00)?86[- ]*(?=1[3-9][\d -]{9}|0\d{2}[\d -]{7})")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}|\d{7,8}|[48]00\d{7}")
_EXTENSION = re.compile(r"(.*\d{7,8})(?:-|转|#|分机)+(\d{1,6})")
_COUNT = re.compile(r"(?:约|大约|共|近|现有)?(\d[\d,]*)(?:\.0+)?(?:余|多)?(?:人|名|个|位|月份?)?(?:左右|以上)?")
_MONEY = re.compile(
    r"(?:人民币|约|rmb|cny|[￥¥])*(\d[\d,]*(?:\.\d+)?|\.\d+)(亿|千万|百万|十万|万|千|百)?(?:元|圆|块)?(?:人民币|整|正)?"
)
_MONEY_FACTORS = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 1000,
    "百": 100,
    "": 1,
    "亿元": 10**8,
    "千万元": 10**7,
    "百万元": 10**6,
    "十万元": 10**5,
    "万元": 10**4,
    "千元": 1000,
    "元": 1,
}
_MONEY_LIMIT = Decimal(10**13)
_NAME_SPLIT = re.compile(r"[、,，;；/／\\|&＆\n]+")
_DIGITS_AFTER_NAME = re.compile(r"[:：(（]?\+?\d[\d\-— ]{6,}[)）]?")
_LEGACY = re.compile(r"\d{13}|\d{15}|[0-9A-Z]{8}-?[0-9X]|\d{6}NA\d{6}[0-9X]")


DEADLINE_IN_DAYS = "deadline_in_days"
"""Not a field: days from the inspection, which the row turns into its deadline."""

_AT_ONCE = ("立即", "立刻", "当场", "现场", "即时", "即刻", "马上", "当日", "当天", "立行立改", "立即整改")
_WITHIN_DAYS = re.compile(r"(?:限期?|在)?(\d{1,3})(?:个?自然)?[日天](?:之?内)?(?:整改)?(?:完成|完毕|到位)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: code, level and a sentence for a clerk."""

    code: str
    level: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as read. `other` names the field that `other_value` belongs to, when a column holds two kinds of thing."""

    value: Value
    fault: Fault | None = None
    other: str = ""
    other_value: Value = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cells of a column are read by."""

    field: FieldSpec
    on: date
    unit: str = ""
    counts_from_1904: bool = False
    keep_codes: bool = False

    def fault(self, code: str, message: str, *, level: str = "") -> Fault:
        """A fault of this field: an error in a required field, else a warning, unless told otherwise."""
        return Fault(code, level or (ERROR if self.field.required else WARNING), f"“{self.field.label}”{message}")


class Column(dict[Cell, Value]):
    """Cell to value, read on first sight. `faults` and `others` hold the cells that need more than their value."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.field = reading.field
        self.faults: dict[Cell, Fault] = {}
        self.others: dict[Cell, tuple[str, Value]] = {}
        self._read = _READERS[reading.field.type]

    def read_all(self, cells: Sequence[Cell]) -> Sequence[Value]:
        """The values of many cells. Where all of them are what they should be, one look at the whole tells so."""
        return _plain(cells, self.reading) or list(map(self.__getitem__, cells))

    def __missing__(self, cell: Cell) -> Value:
        read = _read(cell, self.reading, self._read)
        if read.fault is not None:
            self.faults[cell] = read.fault
        if read.other:
            self.others[cell] = (read.other, read.other_value)
        self[cell] = read.value
        return read.value


Reader = Callable[[Cell, Reading], ReadCell]

_NOTHING = ReadCell(None)


def read_cell(cell: Cell, reading: Reading) -> ReadCell:
    """One cell read for itself."""
    return _read(cell, reading, _READERS[reading.field.type])


def _read(cell: Cell, reading: Reading, read: Reader) -> ReadCell:
    if isinstance(cell, str):
        if not cell or cell.isspace():
            return _NOTHING
        if cell[0] in "#=" or "\ufffd" in cell:
            faulty = _faulty(cell, reading)
            if faulty is not None:
                return faulty
    return read(cell, reading)


def _faulty(cell: str, reading: Reading) -> ReadCell | None:
    """A cell that holds no value of its own: in error, a formula never worked out, or characters that were lost."""
    text = cell.strip()
    if text.upper() in words().errors:
        return ReadCell(None, reading.fault("formula_error", f"是公式错误 {text}，请改成实际内容。"))
    if _NARROW.fullmatch(text):
        return ReadCell(None, reading.fault("formula_error", "显示为 ####，原值没有带过来，请把列拉宽后重新复制。"))
    if text[0] == "=" and len(text) > 1:
        return ReadCell(None, reading.fault("formula_error", f"是没有计算结果的公式 {_brief(text)}，请改成实际内容。"))
    if "\ufffd" in text:
        return ReadCell(None, reading.fault("encoding", f"“{_brief(text)}”里有乱码，请核对原表。"))
    return None


def _brief(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


def shown(cell: Cell) -> str:
    """A cell as the clerk sees it, whole numbers without a decimal point."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_DIGITS else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def tidy(text: str) -> str:
    """One line of `text` without needless blanks; between Chinese characters there are none."""
    line = " ".join(text.translate(_INVISIBLE).split())
    return _BESIDE_HAN.sub("", line) if " " in line else line


def _tidy_lines(text: str) -> str:
    lines = (tidy(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _text(cell: Cell, reading: Reading) -> ReadCell:
    text = cell if isinstance(cell, str) else shown(cell)
    if not text.isalnum():
        text = tidy(text)
    return _bounded(text, reading)


def _long_text(cell: Cell, reading: Reading) -> ReadCell:
    return _bounded(_tidy_lines(cell if isinstance(cell, str) else shown(cell)), reading)


def _bounded(text: str, reading: Reading) -> ReadCell:
    if not text or text in words().nothing:
        return _NOTHING
    limit = _LIMITS.get(reading.field.type, _TEXT_LIMIT)
    if len(text) <= limit:
        return ReadCell(text)
    if reading.field.required:
        return ReadCell(None, reading.fault("too_long", f"有 {len(text)} 个字，最多 {limit} 个，请缩短。"))
    return ReadCell(text[:limit], reading.fault("too_long", f"有 {len(text)} 个字，只保留前 {limit} 个。"))


def _name(cell: Cell, reading: Reading) -> ReadCell:
    read = _text(cell, reading)
    if isinstance(read.value, str) and not any(letter.isalpha() for letter in read.value):
        return ReadCell(None, reading.fault("other", f"“{_brief(read.value)}”不像名称，请核对是否填错了列。"))
    return read


def _person(cell: Cell, reading: Reading) -> ReadCell:
    """A name without the telephone number that is often written behind it."""
    text = cell if isinstance(cell, str) else shown(cell)
    if text.isalpha():
        return _bounded(text, reading)
    name = tidy(_DIGITS_AFTER_NAME.sub(" ", unicodedata.normalize("NFKC", text)))
    read = _bounded(name.strip(" ,，、/;；:"), reading)
    if read.fault or not _DIGITS_AFTER_NAME.search(text):
        return read
    return ReadCell(
        read.value, reading.fault("other", f"“{_brief(text)}”里还有号码，只读取了姓名，号码请填在电话一列。")
    )


def _people(cell: Cell, reading: Reading) -> ReadCell:
    return _bounded("、".join(split_names(cell if isinstance(cell, str) else shown(cell))), reading)


def split_names(text: str) -> list[str]:
    """The names in one cell: separated by signs, else by blanks, unless a blank only stretches a name of two characters."""
    plain = without_brackets(text.replace("\r", "\n"))[0].translate(_INVISIBLE).replace(":", "、").strip()
    if plain in words().nothing:
        return []
    parts = [part.strip() for part in _NAME_SPLIT.split(plain)]
    names: list[str] = []
    for part in parts:
        pieces = part.split()
        stretched = len(parts) > 1 or all(len(piece) == 1 for piece in pieces)
        names += ["".join(pieces)] if stretched and not part.isascii() else pieces if not part.isascii() else [part]
    return list(dict.fromkeys(name for name in names if name))


def _phone(cell: Cell, reading: Reading) -> ReadCell:
    if isinstance(cell, (date, bool)):
        return ReadCell(None, reading.fault("phone_invalid", f"“{shown(cell)}”不是电话号码，请核对。", level=WARNING))
    text = unicodedata.normalize("NFKC", cell if isinstance(cell, str) else shown(cell)).translate(_INVISIBLE).strip()
    if text in words().nothing or text == "0":
        return _NOTHING
    if _is_lost(cell, text):
        return ReadCell(None, _lost(reading, text, WARNING))
    return _numbers(text, reading)


def _numbers(text: str, reading: Reading) -> ReadCell:
    numbers = [number for number in map(_digits, _PHONE_PARTS.split(_bare_numbers(text))) if number]
    wrong = [number for number in numbers if not _is_phone(number)]
    value = "、".join(dict.fromkeys(numbers)) or None
    if wrong or not numbers:
        told = f"“{_brief(text)}”不像电话号码（手机 11 位，座机 7 至 12 位），请核对。"
        return ReadCell(value, reading.fault("phone_invalid", told, level=WARNING))
    return ReadCell(value)


def _bare_numbers(text: str) -> str:
    """`text` without the brackets around area codes and without the code of the country."""
    return _COUNTRY.sub("", re.sub(r"[()\[\]]", "", text))


def _digits(part: str) -> str:
    """The digits of one number; an extension stays behind a dash."""
    extended = _EXTENSION.fullmatch(part.replace(" ", ""))
    number = "".join(filter(str.isdigit, extended[1] if extended else part))
    return f"{number}-{extended[2]}" if extended and number else number


def _is_phone(number: str) -> bool:
    return bool(_PHONE.fullmatch(number.partition("-")[0]))


def _is_lost(cell: Cell, text: str) -> bool:
    """Whether digits are gone: a number beyond Excel's exactness, or its scientific notation as text."""
    if isinstance(cell, float):
        return not cell.is_integer() or abs(cell) >= _EXACT_DIGITS
    return bool(_SCIENTIFIC.fullmatch(text))


def _lost(reading: Reading, text: str, level: str) -> Fault:
    told = f"“{_brief(text)}”是被 Excel 存成数值的长号码，末尾的数字已经丢失，请把该列设为文本后重新填写。"
    return reading.fault("number_as_float", told, level=level)


_VALUES = bytes(uscc.ALPHABET.find(chr(code)) % 256 for code in range(256))
_ORGANISATION_VALUES = bytes(int(chr(code), 36) if chr(code).isalnum() and code < 128 else 255 for code in range(256))
_CHECKS = uscc.ALPHABET
_SOUND_LENGTH = uscc.LENGTH


def is_plainly_sound(code: str) -> bool:
    """Whether `code` is written as it should be and both its check digits are right: the quick way for the many."""
    if len(code) != _SOUND_LENGTH or not code.isascii():
        return False
    raw = code.encode("ascii")
    values = raw.translate(_VALUES)
    if max(values) > 30 or -sum(map(mul, values, uscc.WEIGHTS)) % 31 != values[17]:
        return False
    organisation = raw[8:16].translate(_ORGANISATION_VALUES)
    return "0123456789X0"[11 - sum(map(mul, organisation, uscc.ORGANISATION_WEIGHTS)) % 11] == code[16]


def _uscc(cell: Cell, reading: Reading) -> ReadCell:
    text = uscc.normalise(cell if isinstance(cell, str) else shown(cell))
    if not text or text.lower() in words().nothing:
        return _NOTHING
    if _is_lost(cell, text):
        return ReadCell(None, _lost(reading, text, ERROR))
    return _judged(uscc.classify(text), reading)


def _judged(check: uscc.UsccCheck, reading: Reading) -> ReadCell:
    match check.state:
        case uscc.UsccState.EMPTY:
            return _NOTHING
        case uscc.UsccState.VALID:
            return ReadCell(check.code)
        case uscc.UsccState.LEGACY:
            told = f"“{check.code}”是旧注册号，已记入注册号，请向企业索取统一社会信用代码后补录。"
            return ReadCell(None, reading.fault("legacy_code", told, level=WARNING), "legacy_code", check.code)
        case uscc.UsccState.CHECK_DIGIT_FAILED:
            return _failed(check, reading)
        case _:
            return ReadCell(check.code, reading.fault("uscc_format", _what_is_odd(check), level=ERROR))


def _failed(check: uscc.UsccCheck, reading: Reading) -> ReadCell:
    hint = f"，可能应为 {check.suggestion}" if check.suggestion else ""
    told = f"“{check.code}”的校验位不对{hint}，请核对营业执照。"
    level = WARNING if reading.keep_codes else ERROR
    return ReadCell(check.code, reading.fault("uscc_check_digit", told, level=level))


def _what_is_odd(check: uscc.UsccCheck) -> str:
    odd = "".join(dict.fromkeys(letter for letter in check.code if letter not in uscc.ALPHABET))
    length = len(check.code)
    told = f"应为 18 位，现有 {length} 位" if length != uscc.LENGTH else f"不应含有 {_brief(odd)}"
    hint = f"，可能应为 {check.suggestion}" if check.suggestion else ""
    return f"“{_brief(check.code)}”{told}{hint}，请核对营业执照。"


def _legacy(cell: Cell, reading: Reading) -> ReadCell:
    text = uscc.normalise(cell if isinstance(cell, str) else shown(cell))
    if not text or text.lower() in words().nothing:
        return _NOTHING
    if _is_lost(cell, text):
        return ReadCell(None, _lost(reading, text, WARNING))
    if is_plainly_sound(text):
        return ReadCell(None, None, "uscc", text)
    if _LEGACY.fullmatch(text):
        return ReadCell(text)
    told = f"“{_brief(text)}”不像注册号（13 或 15 位）或组织机构代码（9 位），请核对。"
    return ReadCell(text[:_TEXT_LIMIT], reading.fault("other", told, level=WARNING))


def _date(cell: Cell, reading: Reading) -> ReadCell:
    text = shown(cell)
    if isinstance(cell, str) and cell.strip() in words().nothing:
        return _NOTHING
    if isinstance(cell, str) and reading.field.id == "deadline":
        days = _days_meant(cell)
        if days is not None:
            return ReadCell(None, None, DEADLINE_IN_DAYS, days)
    read = read_date(cell, reading.counts_from_1904)
    if read.is_open_ended:
        return _NOTHING
    if read.fault == "date_partial":
        return _partial(read.value, read.last, text, reading)
    if read.fault:
        how = read.how or "看不懂"
        advice = "请按 2020-04-16 的样子填写"
        level = "" if read.value is None and read.fault == "date_ambiguous" else WARNING if read.value else ERROR
        return ReadCell(read.value, reading.fault(read.fault, f"“{_brief(text)}”{how}，{advice}。", level=level))
    return _not_future(read.value, text, reading)


def _days_meant(text: str) -> int | None:
    """The days that a deadline in words gives: ``立即整改`` none, ``7日内`` seven; working days cannot be told here."""
    word = bare(without_brackets(text)[0])
    if any(word.startswith(start) for start in _AT_ONCE) and len(word) <= 6:
        return 0
    found = _WITHIN_DAYS.fullmatch(word)
    return int(found[1]) if found else None


def _partial(value: str | None, last: str, text: str, reading: Reading) -> ReadCell:
    """A month or a year: the end of a term is its last day, other days cannot be told."""
    if reading.field.id.endswith("valid_until"):
        told = f"“{_brief(text)}”没有写到日，按 {last} 到期处理，请核对证面。"
        return ReadCell(last, reading.fault("date_partial", told, level=WARNING))
    return ReadCell(None, reading.fault("date_partial", f"“{_brief(text)}”没有写到日（{value}），请补全日期。"))


def _not_future(value: Value, text: str, reading: Reading) -> ReadCell:
    if reading.field.past and isinstance(value, str) and value > reading.on.isoformat()[: len(value)]:
        level = WARNING if reading.field.type is FieldType.DATE_PARTIAL else ERROR
        told = f"“{_brief(text)}”晚于今天（{reading.on}），请核对。"
        return ReadCell(value, reading.fault("date_future", told, level=level))
    return ReadCell(value)


def _date_partial(cell: Cell, reading: Reading) -> ReadCell:
    """A day, a month or a year, kept as it is known; what cannot be read is left out with a warning."""
    if isinstance(cell, str) and cell.strip() in words().nothing:
        return _NOTHING
    read = read_date(cell, reading.counts_from_1904)
    text = shown(cell)
    if read.fault == "date_partial":
        told = f"“{_brief(text)}”没有写到日，按 {read.value} 保存。"
        return ReadCell(read.value, reading.fault("date_partial", told, level=WARNING))
    if read.fault:
        told = f"“{_brief(text)}”{read.how or '看不懂'}，请按 2020-04-16 的样子填写。"
        return ReadCell(read.value, reading.fault(read.fault, told, level=WARNING))
    return _not_future(read.value, text, reading)


def _count(cell: Cell, reading: Reading) -> ReadCell:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _counted(float(cell), shown(cell), reading)
    text = unicodedata.normalize("NFKC", shown(cell)).replace(" ", "").replace("\u3000", "").strip()
    if text in words().nothing:
        return _NOTHING
    found = _COUNT.fullmatch(text)
    if found and len(found[1]) < 12:
        return _counted(float(found[1].replace(",", "")), text, reading)
    return ReadCell(None, reading.fault("number_invalid", f"“{_brief(text)}”不是一个整数，请填写数字。", level=WARNING))


def _counted(number: float, text: str, reading: Reading) -> ReadCell:
    if number.is_integer() and 0 <= number <= 10_000_000:
        return ReadCell(int(number))
    return ReadCell(
        None, reading.fault("number_invalid", f"“{_brief(text)}”不是合理的人数，请填写整数。", level=WARNING)
    )


def _money(cell: Cell, reading: Reading) -> ReadCell:
    text = unicodedata.normalize("NFKC", shown(cell)).replace(" ", "").replace("，", ",").strip().lower()
    if text in words().nothing:
        return _NOTHING
    found = _MONEY.fullmatch(text)
    amount = _amount(found[1]) if found and not isinstance(cell, (bool, date)) else None
    if found is None or amount is None:
        told = f"“{_brief(text)}”不是金额，请填写人民币数字和单位。"
        return ReadCell(None, reading.fault("number_invalid", told, level=WARNING))
    has_unit = bool(found[2]) or "元" in text or "圆" in text
    yuan = amount * _MONEY_FACTORS[(found[2] or "") if has_unit else reading.unit]
    if yuan > _MONEY_LIMIT:
        told = f"“{_brief(text)}”大得不合理，请核对单位。"
        return ReadCell(None, reading.fault("number_invalid", told, level=WARNING))
    value = f"{yuan:.2f}"
    return ReadCell(value, None if has_unit or reading.unit else _doubtful_unit(yuan, text, reading))


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _doubtful_unit(yuan: Decimal, text: str, reading: Reading) -> Fault | None:
    """Without a unit a small amount is more likely 万元; it is kept as 元, and said."""
    if yuan == 0 or yuan >= 1000:
        return None
    return reading.fault("other", f"“{_brief(text)}”没有写单位，按元保存，如为万元请注明。", level=WARNING)


def _choice(cell: Cell, reading: Reading) -> ReadCell:
    text = shown(cell)
    known = choice(reading.field.choice)
    outside, inside = without_brackets(text)
    code = known.code(bare(text)) or known.code(bare(outside)) or known.code(bare(inside))
    if code is not None:
        return ReadCell(code)
    if tidy(text) in words().nothing:
        return _NOTHING
    told = f"“{_brief(text)}”不在可选范围内，没有写入，请改用规范的说法。"
    return ReadCell(None, reading.fault("choice_unknown", told, level=WARNING))


_READERS: Mapping[FieldType, Reader] = {
    FieldType.NAME: _name,
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.PERSON: _person,
    FieldType.PERSON_NAME: _person,
    FieldType.PEOPLE: _people,
    FieldType.PHONE: _phone,
    FieldType.USCC: _uscc,
    FieldType.LEGACY: _legacy,
    FieldType.DATE: _date,
    FieldType.DATE_PARTIAL: _date_partial,
    FieldType.COUNT: _count,
    FieldType.MONEY: _money,
    FieldType.CHOICE: _choice,
}


_HAN_LETTER = re.compile("[\u4e00-\u9fff]")


def _plain(cells: Sequence[Cell], reading: Reading) -> Sequence[Value] | None:
    """The cells as their own values, blanks as nothing, when none of them needs a closer look.

    Looking at a thousand cells joined is a hundred times faster than at each; it must only never say yes to a cell
    that a reader of its own would have changed or faulted.
    """
    kind = reading.field.type
    is_plain = _PLAIN.get(kind)
    if is_plain is None:
        return None
    texts = cast("Sequence[str]", cells)
    try:
        joined = "".join(texts)
    except TypeError:
        return None
    if not joined.isprintable() or any(sign in joined for sign in _ODD_SIGNS) or not words().nothing.isdisjoint(texts):
        return None
    filled = [text for text in texts if text]
    if max(map(len, filled), default=0) > _LIMITS.get(kind, _TEXT_LIMIT) or not is_plain(filled, reading):
        return None
    return texts if len(filled) == len(texts) else [text or None for text in texts]


_ODD_SIGNS = " #=\ufffd"
# Days beyond are faulted, or mean that there is no end.
_EARLIEST_DAY, _LATEST_DAY = "1900-01-01", "2098-12-31"


def _are_names(texts: Sequence[str], _: Reading) -> bool:
    return all(map(_HAN_LETTER.search, texts))


def _are_persons(texts: Sequence[str], _: Reading) -> bool:
    return all(map(str.isalpha, texts))


def _are_mobiles(texts: Sequence[str], _: Reading) -> bool:
    if not texts:
        return True
    same_length = min(map(len, texts)) == max(map(len, texts)) == 11
    return same_length and min(texts) >= "13" and max(texts) < "2" and all(map(str.isdecimal, texts))


def _are_sound(texts: Sequence[str], _: Reading) -> bool:
    return all(map(is_plainly_sound, texts))


def _are_days(texts: Sequence[str], reading: Reading) -> bool:
    """Whether all are days written as they are stored, none beyond the years or the day that the field allows."""
    if not texts:
        return True
    try:
        written_as_stored = all(date.fromisoformat(text).isoformat() == text for text in texts)
    except ValueError:
        return False
    latest = reading.on.isoformat() if reading.field.past else _LATEST_DAY
    return written_as_stored and min(texts) >= _EARLIEST_DAY and max(texts) <= latest


def _are_texts(_: Sequence[str], __: Reading) -> bool:
    return True


_PLAIN: Mapping[FieldType, Callable[[Sequence[str], Reading], bool]] = {
    FieldType.NAME: _are_names,
    FieldType.TEXT: _are_texts,
    FieldType.LONG_TEXT: _are_texts,
    FieldType.PERSON: _are_persons,
    FieldType.PERSON_NAME: _are_persons,
    FieldType.PHONE: _are_mobiles,
    FieldType.USCC: _are_sound,
    FieldType.DATE: _are_days,
    FieldType.DATE_PARTIAL: _are_days,
}
"""What texts must be besides printable and free of blanks to stand as they are."""
