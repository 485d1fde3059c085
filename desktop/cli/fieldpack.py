"""fieldpack: the day's route on paper and as a phone page, and what the phone brings back."""

from typing import TYPE_CHECKING, Any

from desktop.cli.call import DONE, REFUSED, Call
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.documents.field_pack import FieldPack
    from desktop.services import Services
    from desktop.services.field_packs import FieldOutcome, FieldPlan


def make(call: Call) -> int:
    """The pack of the business date; it gives items of the plan their visits, so it writes."""
    from desktop.documents.field_pack import field_pack_pdf
    from desktop.documents.phone_page import phone_page

    if call.out_file is None and call.phone is None:
        raise Unusable("请用 --out 写明 PDF 文件，或者用 --phone 写明手机页文件，可以两个都写")
    with call.office(writes=True) as services:
        officer = _officer(services, call.officer)
        packs = services.field_packs
        pack = packs.make(call.today, packs.route(call.today, officer), call.officer or "")
    missing: tuple[str, ...] = ()
    files = []
    if call.out_file is not None:
        made = field_pack_pdf(pack)
        missing = tuple(sorted(made.missing))
        call.write_file(call.out_file, made.content)
        files.append(str(call.out_file))
    if call.phone is not None:
        call.write_file(call.phone, phone_page(pack))
        files.append(str(call.phone))
    document = {
        "on": pack.on,
        "officer": call.officer,
        "sheets": [
            {"code": page.shown_code, "enterprise": page.enterprise, "items": len(page.items)} for page in pack.pages
        ],
        "files": files,
        "missing_glyphs": list(missing),
    }
    call.out.say(document, _lines(pack, files, missing))
    return DONE


def _officer(services: "Services", name: str | None) -> int | None:
    if not name:
        return None
    found = next((row.id for row in services.officers.rows() if row.name == name), None)
    if found is None:
        raise Unusable(f"没有名叫“{name}”的执法人员，请核对姓名")
    return found


def _lines(pack: "FieldPack", files: list[str], missing: tuple[str, ...]) -> list[str]:
    rows = [(page.shown_code, page.enterprise, str(len(page.items))) for page in pack.pages]
    lines = [f"{pack.shown_on} 现场包，{len(pack.pages)} 家", *table(("编号", "企业", "检查项"), rows)]
    lines += [f"这些字没有字形，打印会显示为〓：{'、'.join(missing)}"] if missing else []
    return [*lines, *(f"已写出 {path}" for path in files)]


def read(call: Call) -> int:
    """Take a result file in, or with `--dry-run` only say what it would bring."""
    call.refuse_missing_file(call.file)
    with call.office(writes=not call.dry_run) as services:
        plan = services.field_packs.plan(call.file)
        outcome = None if call.dry_run else services.field_packs.apply(plan)
    document = {
        "file": str(call.file),
        "applied": outcome is not None,
        "sheets": [_sheet(each) for each in plan.sheets],
        "unreadable_pictures": outcome.unreadable if outcome else 0,
    }
    call.out.say(document, _told(plan, outcome))
    return REFUSED if any(each.problem for each in plan.sheets) else DONE


def _sheet(sheet: Any) -> dict[str, Any]:
    return {
        "code": sheet.code,
        "enterprise": sheet.enterprise,
        "inspection": sheet.inspection_id,
        "known": sheet.is_known,
        "answers": sheet.answers,
        "findings": sheet.findings,
        "pictures": sheet.pictures,
        "kept": list(sheet.kept),
        "strange": sheet.strange,
        "problem": sheet.problem or None,
    }


def _told(plan: "FieldPlan", outcome: "FieldOutcome | None") -> list[str]:
    from desktop.services.field_packs import words_of

    lines = [f"{sheet.code} {sheet.enterprise}：{words_of(sheet)}" for sheet in plan.sheets]
    if outcome is None:
        return [*lines, "只是预演，没有写入"]
    lines += [f"有 {outcome.unreadable} 张照片打不开，没有加入"] if outcome.unreadable else []
    return [*lines, "已读入，可用 undo 撤销" if plan.brings else "没有新的内容，什么都没有改动"]
