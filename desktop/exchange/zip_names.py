"""The names inside a zip that somebody else packed.

A zip of ours says that its names are UTF-8. Compressing programs on Chinese Windows write GBK and say nothing; Python,
by the letter of the format, then reads code page 437, and 报告 becomes a row of box lines.
"""

import zipfile

SAYS_UTF8 = 0x800


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: UTF-8 where the zip says so or the bytes are, else GBK (GB 18030).

    Never normalised or mended in any other way: whether it is a safe name is for the caller to judge.
    """
    name = entry.orig_filename
    if entry.flag_bits & SAYS_UTF8 or name.isascii():
        return name
    try:
        packed = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return packed.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
