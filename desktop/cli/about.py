"""version: of the program, of the office's file, and of the rule data."""

import tomllib

from desktop import __version__
from desktop.cli.call import DONE, Call
from desktop.domain.errors import Said


def version(call: Call) -> int:
    """Works without a data folder; the version of a file that cannot be read is a dash."""
    from db.head import HEAD
    from desktop.exchange.package import FORMAT_VERSION
    from desktop.services.rules import shipped_calendar
    from resources import resource

    rules = tomllib.loads(resource("rules/deadlines.toml").read_text(encoding="utf-8"))
    years = sorted(shipped_calendar().published)
    document = {
        "program": __version__,
        "schema": HEAD,
        "file": _file_version(call),
        "data": {
            "rules": len(rules["rule"]),
            "rules_researched": rules["researched"],
            "holidays": [years[0], years[-1]],
            "package_format": FORMAT_VERSION,
        },
    }
    lines = [
        f"镇安 TownSafe {__version__}",
        f"数据结构 {HEAD}，本机数据文件 {document['file'] or '—'}",
        f"期限规则 {len(rules['rule'])} 条（{rules['researched']} 核对），节假日 {years[0]}–{years[-1]} 年，"
        f"年终包格式 {FORMAT_VERSION}",
    ]
    call.out.say(document, lines)
    return DONE


def _file_version(call: Call) -> str | None:
    if not call.has_office:
        return None
    from db.head import version_of

    try:
        return version_of(call.folder / "office.db")
    except Said:
        return None
