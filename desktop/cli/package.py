"""export, verify, merge: the year-end package, made by an office and checked by the bureau."""

from typing import TYPE_CHECKING, Any

from desktop.cli.call import DONE, REFUSED, Call
from desktop.cli.output import table

if TYPE_CHECKING:
    from desktop.exchange.package_verify import Verified

MOST_FAULTS = 50  # so many are printed for people; JSON has them all


def export(call: Call) -> int:
    """Write the package, and say what the check before it found."""
    key = None if call.sign is None else call.read_file(call.sign)
    with call.office(writes=True) as services:
        found = services.reporting.preflight(call.year, call.cut_off)
        out = call.arguments.out.expanduser().absolute()
        made = services.reporting.export(call.year, out, call.cut_off, key, call.out.progress())
    document = {
        "file": made.path,
        "sha256": made.sha256,
        "size": made.size,
        "files": made.files,
        "signed": made.is_signed,
        "preflight": [
            {"code": item.code, "severity": item.severity, "count": item.count, "text": item.text} for item in found
        ],
        "undrawn": made.missing,
    }
    call.out.say(document, _export_lines(made, found))
    return DONE


def _export_lines(made: Any, found: list[Any]) -> list[str]:
    from desktop.text import size_of

    signed = "，已签名" if made.is_signed else ""
    lines = [f"已导出：{made.path}（{len(made.files)} 个文件，{size_of(made.size)}{signed}）", f"SHA-256 {made.sha256}"]
    if found:
        lines.append(f"导出前检查有 {len(found)} 项提示：")
        lines += [f"  {_SEVERITIES[item.severity.value]}：{item.text}" for item in found]
    if made.missing:
        lines.append(f"这些字在 PDF 里画不出来，请核对：{'、'.join(sorted(made.missing))}")
    return lines


_SEVERITIES = {"error": "错误", "warning": "提醒", "note": "说明"}


def verify(call: Call) -> int:
    """Check a package; everything that is wrong with it is named. Needs no data folder."""
    from desktop.exchange.package_verify import verify as checked

    call.refuse_missing_file(call.file)
    found = checked(call.file)
    call.out.say(_verified_document(call, found), _verified_lines(call, found))
    return DONE if found.is_good else REFUSED


def _verified_document(call: Call, found: "Verified") -> dict[str, object]:
    return {
        "file": call.file,
        "sha256": found.sha256,
        "good": found.is_good,
        "faults": found.faults,
        "facts": found.facts,
        "files": found.files,
        "size": found.size,
        "signed_by": found.signed_by or None,
    }


def _verified_lines(call: Call, found: "Verified") -> list[str]:
    if found.is_good:
        signed = f"，签名有效，密钥 {found.signed_by}" if found.signed_by else "，没有签名"
        return [f"查验通过：{call.file}（{found.files} 个文件{signed}）", f"SHA-256 {found.sha256}"]
    shown = [(each.where, each.text) for each in found.faults[:MOST_FAULTS]]
    more = len(found.faults) - len(shown)
    return [
        f"查验没有通过：{call.file}，发现 {len(found.faults)} 处问题",
        *table(("位置", "问题"), shown),
        *([f"……另有 {more} 处"] if more else []),
    ]


def merge(call: Call) -> int:
    """Add up the packages of many offices. Needs no data folder; a package that is not right is left out and named."""
    from desktop.services import merging

    for path in call.files:
        call.refuse_missing_file(path)
    merged = merging.merge_files(call.files, call.out.progress())
    folder = call.arguments.out.expanduser().absolute()
    with call.writing_to(folder):
        files = merging.write(merged, folder)
    call.out.say({"files": files, **merging.document(merged)}, _merged_lines(merged, files))
    return DONE if merged.is_good else REFUSED


def _merged_lines(merged: Any, files: Any) -> list[str]:
    lines = [f"已汇总 {len(merged.members)} 个年终包：{'、'.join(map(str, files))}"]
    lines += table(
        ("单位", "年度", "截止日期", "文件"), [(m.office, m.year, m.cut_off, m.file) for m in merged.members]
    )
    for each in merged.replaced:
        lines.append(
            f"{each.office} {each.year} 年度：{each.later} 替换 {each.earlier}，{len(each.differences)} 个指标不同"
        )
    if merged.shared:
        lines.append(f"有 {len(merged.shared)} 家企业由两个以上单位上报，见汇总表")
    for each in merged.rejected:
        lines.append(f"没有计入：{each.file}，{each.faults[0].where}：{each.faults[0].text}")
    return lines
