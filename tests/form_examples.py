"""What people write into the official forms: believable values for every field, as long as such writing really is.

`example` fills a form as an ordinary case would; `long_example` with long writing, rare characters and many rows.
"""

import re
from datetime import date
from typing import Any

from desktop.domain.form import Field, FieldType, Form

ON = date(2026, 3, 2)
ISSUER = {
    "dept": "启东市应急管理局",
    "region": "启东市",
    "prefix": "苏启",
    "gov": "启东市人民政府",
    "higher": "南通市应急管理局",
    "court": "启东市人民法院",
    "bank": "中国农业银行启东市支行惠萍分理处",
    "account": "10710201040228866",
    "address": "启东市惠萍镇中心路1号",
    "contact": "王立新",
    "phone": "0513-83791001",
    "postcode": "226255",
}
COMPANY = "启东市惠萍镇宏达精密机械制造有限公司"
LONG_COMPANY = "江苏启东𬭎𠮷精细化工（集团）有限责任公司惠萍分公司"
HAZARDS = (
    "喷涂车间西侧安全出口被纸箱堵塞，净宽不足1.4米",
    "抛光车间除尘器未设置泄爆装置，未定期清灰",
    "一名焊工张𠮷安无特种作业操作证上岗作业",
    "危险化学品仓库未张贴安全技术说明书",
)
FACTS = (
    "2026年3月2日，本机关执法人员对你单位进行检查，发现喷涂车间西侧安全出口被纸箱堵塞，"
    "净宽不足1.4米；抛光车间除尘器未设置泄爆装置。以上事实有现场检查记录、现场照片6张、询问笔录2份为证。"
)
LAW = "《中华人民共和国安全生产法》第四十一条第二款"
RARE = "䶮㙓𬭎𠮷"

_TEXTS: tuple[tuple[str, str], ...] = (  # by what the label says, the first that fits
    (r"违反.*规定|经查证", LAW),
    (r"给予|拟作出", "责令限期改正，罚款人民币叁万元整（￥30000元）"),
    (r"依据|根据", "《中华人民共和国安全生产法》第一百零二条"),
    (r"行政处罚$|给予|拟作出", "责令限期改正，罚款人民币叁万元整（￥30000元）"),
    (r"案件名称|一案", f"{COMPANY}未采取措施消除事故隐患案"),
    (r"案由", "涉嫌未采取措施消除事故隐患案"),
    (r"职务$", "安环部副经理"),
    (r"证号|证件号码|单位及职务", "苏F2026031"),
    (r"地\s*址|住址|家庭", "江苏省启东市惠萍镇兴园路18号3幢"),
    (r"地点|场所|在…|到…", "喷涂车间、危险化学品仓库"),
    (r"保存期限", "30年"),
    (r"归档号", "20260012"),
    (r"缴至|缴纳$", "中国农业银行启东市支行惠萍分理处"),
    (r"账号", "10710201040228866"),
    (r"第…项", "1、2、3"),
    (r"关于…案", f"{COMPANY}涉嫌未采取措施消除事故隐患"),
    (r"第…号", "3"),
    (r"行业", "通用设备制造业"),
    (r"天气", "晴，东南风3级"),
    (r"行政决定|决定$|措施", "罚款叁万元的行政处罚决定"),
    (r"案件来源", "监督检查"),
    (r"在场人|第三人|参与", "李明（安全管理员）"),
    (r"标题|通报", "关于启东市某机械厂粉尘涉爆典型案件的警示通报"),
    (r"主送", "各村（社区）、各生产经营单位"),
    (r"联系人|被回访人", "王立新　13812345678"),
)
_CELLS: tuple[tuple[str, str], ...] = (
    (r"序号|^编号$", "{at}"),
    (r"文件名称|文书名称", "责令限期整改指令书（苏启）应急责改〔2026〕12号"),
    (r"日期|时间", "2026年3月2日"),
    (r"姓名", "陆㐂堃"),
    (r"性别", "男"),
    (r"年龄", "46"),
    (r"页号", "{at}"),
    (r"数量|面积", "2"),
    (r"单位$", "台"),
    (r"价格", "1200元"),
    (r"规格", "YE3-160M-4"),
    (r"方式", "直接送达"),
    (r"信用代码", "91320681MA1XYZ123T"),
    (r"企业名称", COMPANY),
    (r"内容|事项|标准|项目|证明", "除尘系统是否按规定设置泄爆、隔爆、惰化等控爆装置"),
    (r"依据|法律", "《工贸企业粉尘防爆安全规定》第十五条"),
    (r"名称", "角磨机"),
    (r"结果|情况", "符合"),
    (r"送达人", "张三、李四"),
    (r"收件人|签", "张三"),
    (r"送达地点", "惠萍镇兴园路18号"),
)


def example(form: Form) -> dict[str, Any]:
    """The values of an ordinary case."""
    return {each.key: _value(each, 1) for each in form.fields if each.is_entered and each.key != "number"}


def long_example(form: Form) -> dict[str, Any]:
    """Long writing with rare characters, and tables that go over the page."""
    return {each.key: _value(each, 6) for each in form.fields if each.is_entered and each.key != "number"}


def _value(field: Field, length: int) -> Any:
    """One value, or one for every place where the field stands."""
    one = _one(field, length)
    return [one] * field.count if field.count > 1 else one


def _one(field: Field, length: int) -> Any:
    is_long = length > 1
    match field.type:
        case FieldType.DATE | FieldType.DATE_IN_CHARACTERS:
            return "2026-12-28" if is_long else "2026-03-02"
        case FieldType.MOMENT:
            return "2026-03-02T09:30"
        case FieldType.PERIOD:
            return {"from": "2026-11-12T09:30", "to": "2026-11-12T11:45"}
        case FieldType.DATES:
            return {"from": "2026-03-02", "to": "2026-03-31"}
        case FieldType.MONTH:
            return "1973-01"
        case FieldType.MONEY:
            return "30000"
        case FieldType.MONEY_IN_CAPITALS:
            return "1234567.89" if is_long else "30000"
        case FieldType.LONG_TEXT:
            return "\n".join([FACTS] * length) + (RARE if is_long else "")
        case FieldType.ITEMS:
            return [f"{each}{RARE}" if is_long else each for each in HAZARDS * length][: 3 if not is_long else 24]
        case FieldType.DIALOGUE:
            return [["请说明你单位安全出口被堵塞的情况。", FACTS]] * (2 * length)
        case FieldType.CHOICE:
            return field.choices[0] if field.choices else "是"
        case FieldType.CHECKS:
            return list(field.choices[:1])
        case FieldType.TABLE:
            return [[_cell(each, at) for each in field.columns] for at in range(1, 3 if not is_long else 41)]
        case FieldType.ORGANISATION | FieldType.PARTY:
            return LONG_COMPANY if is_long else COMPANY
        case FieldType.PERSON | FieldType.OFFICER | FieldType.OFFICERS:
            return "欧阳䶮𠮷" if is_long else "陆建国"
        case FieldType.PHONE:
            return "13812345678"
        case FieldType.POSTCODE:
            return "226255"
        case FieldType.IDENTITY:
            return "32062319730115001X"
        case FieldType.COUNT:
            return "46"
        case FieldType.NUMBER:
            return "（苏启）应急责改〔2026〕12号"
        case _:
            return _text(field) + (RARE if is_long and len(_text(field)) > 12 else "")


def _text(field: Field) -> str:
    said = next((text for pattern, text in _TEXTS if re.search(pattern, field.label)), "")
    return said or "喷涂车间、抛光车间"


def _cell(column: str, at: int) -> str:
    said = next((text for pattern, text in _CELLS if re.search(pattern, column)), "")
    return said.format(at=at)
