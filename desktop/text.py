"""Words as people read them: labels of codes, sentences of errors, dates and numbers.

Screen, paper, sheet and command line all say what this module says.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Any

from desktop.domain import checklist, deadline, enterprise, flow, obligation, officer
from desktop.domain.calendar import YearStatus
from desktop.domain.checklist import Answer, Certainty
from desktop.domain.classification import Counting
from desktop.domain.deadline import Confidence, Unit
from desktop.domain.delivery import DeliveryWay
from desktop.domain.duty_trail import TrailKind, TrailMark
from desktop.domain.enterprise import CodeState, EnterpriseStatus, RiskLevel, Size, StandardLevel
from desktop.domain.errors import Invalid, Refused, Said, Trouble
from desktop.domain.form import (
    DocumentStatus,
    Evidence,
    FontChoice,
    FormKind,
    NumberCounting,
    NumberState,
    RecordKind,
    Seal,
    Stage,
)
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus, OfficerRole, Signature
from desktop.domain.obligation import DueGroup
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.officer import CertificateState
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.permit import PermitState
from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.domain.plan import PlanKind, PlanSource
from desktop.domain.radar import SameBy
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.supervision import Readiness
from desktop.domain.urging import UrgingWay
from desktop.readable import WEEKDAYS, day, days_left, long_day, moment, rate, size_of, yuan

__all__ = [
    "WEEKDAYS", "choices", "day", "days_left", "label", "long_day", "moment", "rate", "sentence", "size_of", "yuan",
]  # fmt: skip

UNCONFIRMED = "待法制人员确认"
PROVISIONAL = "暂估"


# ---- labels ------------------------------------------------------------------------------------------------

LABELS: dict[type[StrEnum], dict[Any, str]] = {
    RiskLevel: {RiskLevel.RED: "红", RiskLevel.ORANGE: "橙", RiskLevel.YELLOW: "黄", RiskLevel.BLUE: "蓝"},
    EnterpriseStatus: {
        EnterpriseStatus.OPERATING: "在产",
        EnterpriseStatus.SUSPENDED: "停产",
        EnterpriseStatus.CLOSED: "关闭",
    },
    Size: {Size.LARGE: "大型", Size.MEDIUM: "中型", Size.SMALL: "小型", Size.MICRO: "微型"},
    StandardLevel: {
        StandardLevel.ONE: "一级",
        StandardLevel.TWO: "二级",
        StandardLevel.THREE: "三级",
        StandardLevel.MICRO: "小微",
        StandardLevel.NONE: "未创建",
    },
    CodeState: {
        CodeState.VALID: "校验通过",
        CodeState.KEPT: "校验位不符，按执照保留",
        CodeState.LEGACY: "旧登记号",
        CodeState.NONE: "暂无代码",
    },
    CertificateState: {
        CertificateState.VALID: "有效",
        CertificateState.EXPIRING: "即将到期",
        CertificateState.EXPIRED: "已过期",
        CertificateState.NONE: "无证",
        CertificateState.HELPER: "辅助人员",
    },
    PermitState: {
        PermitState.VALID: "有效",
        PermitState.EXPIRING: "即将到期",
        PermitState.EXPIRED: "已过期",
        PermitState.OPEN: "未写有效期",
    },
    OfficeMode: {
        OfficeMode.DELEGATED: "委托执法（以县级市应急管理局名义）",
        OfficeMode.EMPOWERED: "赋权执法（以镇政府名义）",
        OfficeMode.NEITHER: "未委托也未赋权（只检查和移交）",
    },
    YearStatus: {YearStatus.PUBLISHED: "已公布", YearStatus.EDITED: "已修改", YearStatus.PROVISIONAL: PROVISIONAL},
    InspectionKind: {
        InspectionKind.ROUTINE: "日常检查",
        InspectionKind.CASE: "个案检查",
        InspectionKind.SPECIAL: "专项检查",
    },
    InspectionOrigin: {
        InspectionOrigin.PLAN: "年度计划",
        InspectionOrigin.TIP: "举报核查",
        InspectionOrigin.ASSIGNED: "上级交办",
        InspectionOrigin.OTHER: "其他",
    },
    InspectionStatus: {
        InspectionStatus.PLANNED: "已安排",
        InspectionStatus.UNDER_WAY: "检查中",
        InspectionStatus.DONE: "已检查",
        InspectionStatus.CANCELLED: "已取消",
    },
    OfficerRole: {OfficerRole.LEAD: "主办", OfficerRole.MEMBER: "协办", OfficerRole.HELPER: "辅助"},
    Signature: {Signature.SIGNED: "已签字", Signature.REFUSED: "拒签"},
    HazardLevel: {HazardLevel.GENERAL: "一般", HazardLevel.MAJOR: "重大"},
    HazardStatus: {
        HazardStatus.REGISTERED: "待下达",
        HazardStatus.ORDERED: "整改中",
        HazardStatus.AGAIN: "继续整改",
        HazardStatus.ESCALATED: "已提请处理",
        HazardStatus.CLEARED: "已销号",
        HazardStatus.VOID: "已作废",
    },
    EscalationKind: {
        EscalationKind.CASE: "立案查处",
        EscalationKind.SUSPENSION: "提请停产停业整顿",
        EscalationKind.CLOSURE: "提请关闭",
        EscalationKind.SUPERVISION: "挂牌督办",
    },
    OrderStatus: {
        OrderStatus.ISSUED: "待送达",
        OrderStatus.DELIVERED: "整改中",
        OrderStatus.CLOSED: "已闭环",
        OrderStatus.VOID: "已作废",
    },
    Stage: {
        Stage.INSPECTION: "检查",
        Stage.REINSPECTION: "复查",
        Stage.FILING: "立案",
        Stage.INVESTIGATION: "调查",
        Stage.COERCION: "强制",
        Stage.NOTICE: "告知",
        Stage.HEARING: "听证",
        Stage.DECISION: "审理",
        Stage.SERVICE: "送达",
        Stage.EXECUTION: "执行",
        Stage.REFERRAL: "移送",
        Stage.CLOSING: "结案",
        Stage.ARCHIVE: "归档",
    },
    FormKind: {
        FormKind.INTERNAL: "内部文书",
        FormKind.EXTERNAL: "外部文书",
        FormKind.RECORD: "笔录",
        FormKind.LIST: "清单",
        FormKind.ARCHIVE: "归档文书",
    },
    Evidence: {
        Evidence.VERIFIED: "已核对式样",
        Evidence.PARTLY: "部分栏目为回忆",
        Evidence.TITLE: "只核对了名称",
        Evidence.ADAPTED: "按现行法改写",
        Evidence.RECALLED: "回忆",
        Evidence.PROPOSED: "本程序拟定",
    },
    Seal: {
        Seal.NONE: "不盖章",
        Seal.ENFORCEMENT: "执法专用章",
        Seal.AUTHORITY: "机关公章",
        Seal.ENTERPRISE: "企业公章",
    },
    DocumentStatus: {
        DocumentStatus.DRAFT: "草稿",
        DocumentStatus.ISSUED: "已签发",
        DocumentStatus.VOID: "已作废",
    },
    NumberState: {
        NumberState.RESERVED: "留给纸质文书",
        NumberState.USED: "已使用",
        NumberState.VOID: "已作废",
    },
    FontChoice: {
        FontChoice.MACHINE: "自动（优先用 Windows 的仿宋、黑体、楷体）",
        FontChoice.BUNDLED: "只用程序自带的字体",
    },
    NumberCounting: {
        NumberCounting.CASE: "一次检查、一个案件一个号",
        NumberCounting.FORM: "每种文书各自编号",
    },
    RecordKind: {
        RecordKind.ENTERPRISE: "企业",
        RecordKind.INSPECTION: "检查",
        RecordKind.ORDER: "整改指令",
        RecordKind.REINSPECTION: "复查",
        RecordKind.HAZARD: "隐患",
        RecordKind.CASE: "案件",
    },
    PlanKind: {PlanKind.KEY: "重点检查", PlanKind.GENERAL: "一般检查"},
    PlanSource: {PlanSource.HAND: "手工", PlanSource.IMPORT: "导入", PlanSource.SUGGESTED: "建议"},
    ReinspectionOutcome: {ReinspectionOutcome.CLEARED: "合格", ReinspectionOutcome.FAILED: "不合格"},
    ObligationKind: {
        ObligationKind.INSPECT: "检查",
        ObligationKind.DELIVER: "送达",
        ObligationKind.RECTIFY: "整改期限",
        ObligationKind.REINSPECT: "复查",
        ObligationKind.EXTENSION_REPLY: "答复延期",
        ObligationKind.FILE_CASE: "立案",
        ObligationKind.REVISIT: "回访",
        ObligationKind.CERTIFICATE: "执法证换证",
        ObligationKind.PERMIT: "证照到期",
        ObligationKind.REPORT: "报送",
        ObligationKind.PROPOSE: "提请处理",
        ObligationKind.SUPERVISE: "挂牌督办",
        ObligationKind.MEASURE: "一企一策措施",
    },
    EndKind: {EndKind.DONE: "已办", EndKind.WAIVED: "免办", EndKind.VOID: "作废"},
    Actor: {Actor.AGENCY: "本单位", Actor.ENTERPRISE: "企业"},
    DueGroup: {
        DueGroup.OVERDUE: "逾期",
        DueGroup.TODAY: "今天",
        DueGroup.THIS_WEEK: "本周",
        DueGroup.LATER: "后续",
    },
    SubjectType: {
        SubjectType.PLAN_ITEM: "计划项",
        SubjectType.INSPECTION: "检查",
        SubjectType.ORDER: "整改指令书",
        SubjectType.HAZARD: "隐患",
        SubjectType.EXTENSION: "延期申请",
        SubjectType.REVISIT: "回访",
        SubjectType.OFFICER: "执法人员",
        SubjectType.PERMIT: "证照",
        SubjectType.YEAR: "年度",
        SubjectType.ESCALATION: "提请处理",
        SubjectType.SUPERVISION: "挂牌督办",
        SubjectType.MEASURE: "一企一策措施",
        SubjectType.DELIVERY: "送达",
    },
    Readiness: {
        Readiness.MEASURES: "措施",
        Readiness.FUNDS: "资金",
        Readiness.TIME_LIMIT: "期限",
        Readiness.RESPONSIBLE: "责任人",
        Readiness.CONTINGENCY: "预案",
    },
    PhotoRole: {
        PhotoRole.SCENE: "现场",
        PhotoRole.BEFORE: "整改前",
        PhotoRole.AFTER: "整改后",
        PhotoRole.SCAN: "扫描件",
    },
    PhotoOwner: {
        PhotoOwner.HAZARD: "隐患",
        PhotoOwner.INSPECTION: "检查",
        PhotoOwner.REINSPECTION: "复查",
        PhotoOwner.DOCUMENT: "文书",
    },
    Answer: {Answer.GOOD: "符合", Answer.BAD: "不符合", Answer.NOT_APPLICABLE: "不涉及"},
    Certainty: {
        Certainty.VERIFIED: "已核对",
        Certainty.PARTLY: "部分核对",
        Certainty.RECALLED: "凭记忆",
        Certainty.RECHECK: "须核新法",
        Certainty.OLD_LAW: "旧法条号",
        Certainty.OFFICE: "本单位",
    },
    UrgingWay: {
        UrgingWay.WECHAT: "微信",
        UrgingWay.SMS: "短信",
        UrgingWay.PHONE: "电话",
        UrgingWay.VISIT: "上门",
        UrgingWay.PAPER: "书面",
    },
    DeliveryWay: {
        DeliveryWay.DIRECT: "直接送达",
        DeliveryWay.LEFT: "留置送达",
        DeliveryWay.MAIL: "邮寄送达",
        DeliveryWay.ENTRUSTED: "委托送达",
        DeliveryWay.TRANSFERRED: "转交送达",
        DeliveryWay.ELECTRONIC: "电子送达",
        DeliveryWay.PUBLIC: "公告送达",
    },
    SameBy: {SameBy.CLAUSE: "条款", SameBy.CHECKLIST: "检查项", SameBy.CATEGORY: "隐患类别"},
    TrailKind: {
        TrailKind.PLAN: "计划",
        TrailKind.INSPECTION: "检查",
        TrailKind.HAZARD: "隐患",
        TrailKind.ORDER: "整改指令",
        TrailKind.EXTENSION: "延期",
        TrailKind.URGING: "催办",
        TrailKind.REINSPECTION: "复查",
        TrailKind.ESCALATION: "上报督办",
        TrailKind.CASE: "案件",
        TrailKind.REVISIT: "回访",
        TrailKind.MEASURE: "一企一策",
        TrailKind.DOCUMENT: "文书",
        TrailKind.GATE: "办理条件",
    },
    TrailMark: {
        TrailMark.NONE: "",
        TrailMark.LATER: "补录",
        TrailMark.CHANGED: "后有更正",
        TrailMark.GONE: "后被撤去",
    },
    Counting: {Counting.INSPECTIONS: "按检查次数", Counting.DOCUMENTS: "按执法文书份数", Counting.CASES: "按立案件数"},
    Unit: {
        Unit.NATURAL_DAY: "自然日",
        Unit.WORKING_DAY: "工作日",
        Unit.MONTH: "个月",
        Unit.YEAR: "年",
        Unit.HOUR: "小时",
        Unit.FIXED_DATE: "固定日期",
    },
    Confidence: {Confidence.VERIFIED: "已核原文", Confidence.RECALLED: UNCONFIRMED},
}

NEXT_STEPS = {
    ObligationKind.INSPECT: "去检查",
    ObligationKind.DELIVER: "登记送达",
    ObligationKind.RECTIFY: "去复查",
    ObligationKind.REINSPECT: "去复查",
    ObligationKind.EXTENSION_REPLY: "答复延期",
    ObligationKind.FILE_CASE: "登记立案",
    ObligationKind.REVISIT: "登记回访",
    ObligationKind.CERTIFICATE: "更新证件",
    ObligationKind.PERMIT: "更新证照",
    ObligationKind.REPORT: "去上报",
    ObligationKind.MEASURE: "登记情况",
    ObligationKind.PROPOSE: "登记答复",
    ObligationKind.SUPERVISE: "看督办",
}


def label(code: StrEnum | None) -> str:
    """The word for a stored code; nothing reads as a dash."""
    return "—" if code is None else LABELS[type(code)][code]


def choices(codes: type[StrEnum]) -> list[tuple[str, str]]:
    """Every code of an enum with its word, in the order the enum declares."""
    return [(code.value, LABELS[codes][code]) for code in codes]


# ---- sentences ---------------------------------------------------------------------------------------------

FIELDS = {
    "missing": "这一项必须填写。",
    "date_future": "日期不能晚于今天。",
    "moment_future": "时间不能晚于现在。",
    "date_order": "日期先后不对，请核对。",
    "before_this_visit": "下次回访要晚于这次回访，请改下次回访的日期。",
    "date_past": "日期不能早于今天。",
    "radar_months": "回看的月数应在 1 到 {months} 之间。",
    "radar_times": "次数应在 2 到 {times} 之间。",
    "due_before_measure": "完成期限早于定措施的日期，请改期限。",
    "before_measure": "早于定措施的日期，请核对。",
    "before_programme": "早于列入回访的日期，请核对回访日期。",
    "after_inspection": "批准日期晚于检查日期，请核对这两个日期。",
    "ends_before_start": "截止日期早于开始日期，请改其中一个。",
    "before_found": "早于发现隐患的日期，请核对。",
    "before_application": "延到的日期不晚于申请日期，批准了也已经过期，请填申请日期以后的一天。",
    "other_month": "安排的日期不在计划的月份里，请改日期或月份。",
    "before_filing": "决定日期早于立案日期，请核对。",
    "before_issue": "送达日期早于下达日期，请核对。",
    "servers_too_many": "送达回执每份文书写两名送达人，请去掉多选的。",
    "due_before_issue": "有隐患的整改期限早于下达日期，请改期限。",
    "before_reinspection": "新的期限不晚于复查日期，请填复查以后的一天。",
    "before_escalation": "早于提请的日期，请核对。",
    "before_listing": "早于挂牌的日期，请核对。",
    "before_resumption": "早于企业申请恢复生产的日期，请核对。",
    "expires_before_issue": "有效期的最后一天早于发证日期，请核对。",
    "date_invalid": "不是有效的日期，例：2026-04-16。",
    "number_invalid": "不是有效的数字。",
    "not_later": "新的期限必须晚于现在的期限。",
    "duplicate": "已经有同样的记录。",
    "choice_unknown": "不在可选范围内。",
    "too_long": "太长了，请缩短。",
}

SENTENCES: dict[str, str] = {
    "invalid": "有 {count} 处需要修改：{said}",
    "nothing_to_undo": "本次打开以来没有可以撤销的操作。",
    "nothing_to_redo": "没有可以恢复的操作。",
    "undo_changed_since": "“{title}”之后这些记录又被改动过，不能直接撤销；请先撤销后面的改动。",
    "undo_given_out": "“{title}”已经给出文号，不能撤销，文书可能已经发出；请办理作废并写明原因，文号留在文号簿里。",
    "not_empty": "这个数据文件夹里已经有企业，示例只能生成在新的空文件夹里。",
    "file_exists": "这里已经有数据文件了：{path}。请直接打开，或换一个文件夹。",
    "no_file": "没有找到数据文件：{path}。请检查文件夹是否选对。",
    "cannot_open": "打不开数据文件：{said}。请检查文件是否被占用、文件夹是否可读。",
    "cannot_write": "不能写入：{path}。请检查磁盘空间和文件夹权限。",
    "cannot_print": "打印机“{printer}”没有接受打印。请检查打印机是否开机、联机、有纸，或先存为 PDF。",
    "file_held": "文件正被其他程序占用：{path}。等了一会儿仍不能改写，刚才的操作没有做完，原有文件没有改动；请关闭打开它的程序（Excel、WPS、预览窗口或杀毒扫描）后重试。",
    "path_too_long": "文件夹的路径太长：{path}。加上文件名有 {count} 个字，超过 {limit} 个后 Excel、WPS 和资源管理器会打不开；请换一个浅一些的文件夹。",
    "empty_file": "数据文件是空的：{path}。请用“还原备份”恢复。",
    "foreign_file": "这不是镇安的数据文件：{path}。文件没有改动，请选择正确的文件。",
    "newer_file": "这个数据文件由更新版本的镇安写成（{version}），本版本不能打开，文件没有改动；请升级程序。",
    "damaged": "数据文件已损坏，没有写入任何内容。请用“还原备份”恢复最近一次备份。",
    "disk_full": "磁盘已满，刚才的操作没有保存，原有数据没有改动。请清理磁盘后重试。",
    "read_only": "数据文件夹是只读的，不能保存。请检查文件夹权限后重试。",
    "disk_error": "读写磁盘出错，刚才的操作没有保存。请检查磁盘后重试。",
    "database_locked": "数据正被另一个程序占用，请稍候重试。",
    "database": "数据库出错：{said}。刚才的操作没有保存。",
    "gate_blocks": "不能办理：{said}。",
    "gate_reason_needed": "请先写明理由：{said}。",
    "obligation_ended": "“{title}”已经办结，不能再改期。",
    "reason_needed": "请写明理由。",
    "plan_other_year": "这是 {year} 年度的计划项，不能移到 {on}；请在那一年的计划里另列。",
    "plan_cancelled": "这个计划项已经取消。",
    "plan_done": "这个计划项已经完成检查。",
    "plan_other_enterprise": "计划项不是这家企业的。",
    "deadline_not_movable": "法定期限和整改期限不能拖动改期；需要延长请办理延期。",
    "inspection_not_planned": "这次检查已经开始或结束，不能改期。",
    "hazard_needs_reinspection": "已下达整改指令的隐患要经复查才能销号，请登记复查。",
    "hazard_has_no_deadline": "这条隐患还没有整改期限，请先下达责令限期整改指令书。",
    "hazard_other_enterprise": "所选隐患不属于同一家企业，请分开办理。",
    "extension_after_expiry": "整改期限 {due_on} 已过，过期的延期申请不受理；请按逾期未整改处理。",
    "extension_decided": "这份延期申请已经答复过了。",
    "nothing_to_file": "这条隐患没有待办的立案事项。",
    "nothing_to_serve": "还没有签发过要送达当事人的文书；请先签发文书，再登记送达。",
    "notice_not_waiting": "这一行没有在等公告期满，可能已经登记过或者作废了，请刷新后再看。",
    "notice_running": "公告期到 {on} 届满才视为送达，在此以前登记送达无效；到期后再办理。",
    "delivery_void": "这一行送达登记已经作废，不用再作废。",
    "order_void": "整改指令书 {number} 已经作废，不用送达。",
    "hazard_ordered_already": "这条隐患已经下达过整改指令，不能再下达；没有整改好的请登记复查。",
    "hazard_escalated": "这条隐患已经提请处理，不再延期或者申请复查；整改好了可以直接登记复查。",
    "hazard_closed": "这条隐患{status}，不能再这样办理。",
    "hazard_supervised": "这条隐患正在挂牌督办，不能作废；请先在挂牌督办里摘牌。",
    "escalation_answered": "这项提请已于 {on} 登记答复。",
    "supervision_choose": "请先在隐患列表里选中要挂牌督办的重大隐患。",
    "supervision_only_major": "只有重大隐患才挂牌督办；判定为重大的，请先把隐患级别改为重大。",
    "supervision_standing": "这条隐患已经在挂牌督办，不能重复挂牌。",
    "supervision_ended": "这条隐患已于 {on} 摘牌。",
    "supervision_not_accepted": "隐患还没有复查合格，也没有验收，不能摘牌；请先登记复查或者验收。",
    "supervision_no_request": "企业还没有申请恢复生产，请先登记申请。",
    "supervision_request_open": "企业 {on} 的恢复生产申请还没有审查，请先登记审查结果。",
    "nothing_to_urge": "没有还没销号的隐患，不需要催办。",
    "urging_other_hazard": "催办的隐患不属于这家企业，请重新选择。",
    "order_has_open_hazards": "指令书里还有 {count} 条隐患没有销号，不能闭环。",
    "order_has_no_open_hazard": "指令书里没有未销号的隐患。",
    "order_reinspected": "指令书里有 {count} 条隐患已经复查过，不能作废。",
    "measure_ended": "这条措施已经办结，不能再改。",
    "revisit_ended": "这家企业的回访已于 {on} 结束。",
    "form_record_missing": "没有找到这份文书所属的记录（{kind} {id}），它可能已经被撤销，请重新选择。",
    "form_is_verified": "《{title}》的内容已核对过，不需要另行确认。",
    "form_without_number": "《{title}》没有文号，不能预留。",
    "form_pattern_invalid": "文号格式里要有 {{code}}、{{year}} 和 {{number}}，还可以用 {{prefix}}、{{town}} 和 {{word}}。",
    "form_not_in_force": "《{title}》在 {on} 不适用：当时还没有这个式样，或已被新的式样代替，请改日期或换用新式样。",
    "form_unconfirmed": "《{title}》里有待法制人员确认的内容，确认以前不能签发：{said}。请由法制人员核对后点“确认”。",
    "form_print_unconfirmed": "《{title}》里有待法制人员确认的内容，确认以前不能打印：{said}。请由法制人员核对后点“由法制人员确认”。",
    "form_scan_draft": "《{title}》还是草稿，签发以后才有签字件，请先签发。",
    "form_scan_kind": "“{name}”不是扫描件，请选 PDF 或图片（JPG、PNG、TIF）。",
    "form_scan_unreadable": "“{name}”读不出来，可能正被别的程序打开或没有权限（{said}）。没有附上，原有附件没有变；请关闭打开它的程序后重试。",
    "form_picture_kind": "“{name}”不是照片，请选 JPG 或 PNG。",
    "form_export_stopped": "导出没有做完：{said}。{total} 份里已写出 {count} 份，都留在“{folder}”，最后一份是“{last}”。请腾出空间后，把其余的再导出一次。",
    "form_field_unknown": "《{title}》没有“{field}”这一栏，请核对。",
    "form_document_state": "这份文书的状态是“{status}”，不能这样办理，请刷新后再试。",
    "number_not_reserved": "文号 {number} 不是预留的文号，不能这样作废。",
    "reserve_count": "一次可以预留 1 至 {most} 个文号。",
    "form_unknown": "没有“{form}”这种文书，请用文书名称、编号或代码字。",
    "rule_is_verified": "“{name}”已核对过法条原文，不需要另行确认。",
    "import_has_rejected": "有 {count} 行不能导入，什么都没有写入。请改好后重新导入，或选择“只导入没有问题的行”。",
    "import_changes_nothing": "这份表里没有需要新增或更新的内容。",
    "import_moved_on": "预览之后数据又有改动，请重新预览再导入。",
    "place_network": "数据不能放在网络盘上：{path}。几台电脑同时写会损坏数据，请选本机磁盘；共享请用导出和备份文件。",
    "place_sync": "数据不能放在同步盘（{name}）里：{path}。同步软件会弄坏正在使用的数据库，请选其他文件夹。",
    "place_read_only": "这个文件夹不能写入：{path}。请换一个文件夹。",
    "place_missing": "没有这个文件夹：{path}。请检查路径，或 U盘、移动硬盘是否接好。",
    "place_too_long": "这个文件夹的路径太长：{path}。里面的附件和备份会超出 Windows 的长度限制而打不开；请换一个浅一些的文件夹，例如 D:\\镇安。",
    "place_not_a_folder": "这不是文件夹：{path}。请选择一个文件夹。",
    "already_open": "这个数据文件夹已经在另一个镇安窗口里打开，请用那个窗口。",
    "enterprise_has_open_work": "{name}还有未办结的事项（时限事项 {dues} 项、未销号隐患 {hazards} 条），请先办结或者免办，再归档。",
    "same_name": "新名称与现在的名称相同，请核对。",
    "permit_other_enterprise": "证照不能改到另一家企业名下，请在那一家重新登记。",
    "permit_archived": "这份证照已经归档，请对现行的那一份办理换证。",
    "officer_has_open_work": "{name}名下还有 {count} 项未办结的事项，请先转给其他人员，再归档。",
    "certificate_of_other": "这个证号登记在{name}名下，请核对。",
    "office_exists": "这个数据文件夹里已经设立了单位，请直接在设置里修改。",
    "no_office": "还没有设立单位，请先填写单位名称和代码。",
    "office_code": "单位代码是 6 至 12 位数字的统计用区划代码，例：320681102。",
    "power_overlaps": "与已有的权限期间（{from_on} 至 {to_on}）重叠，请先更正那一段。",
    "day_not_edited": "{on} 没有本单位的修改，不需要恢复。",
    "holiday_encoding": "文件“{name}”的文字读不出来，请另存为 UTF-8 编码后再导入。",
    "holiday_layout": "文件“{name}”不是节假日安排：需要日期、类型（休或班）、名称三列，或常见的节假日 JSON 文件。",
    "holiday_day": "文件“{name}”第 {place} 条看不懂：“{value}”。日期请写成 2027-01-01，类型请写“休”或“班”。",
    "holiday_empty": "文件“{name}”里没有任何放假日期，这一年的安排可能还没有公布。",
    "holiday_twice": "文件“{name}”里 {on} 出现了两次，而且说法不同，请核对后再导入。",
    "holiday_years": "文件“{name}”里混有不同年份的日期（{on} 不属于 {year} 年的安排），请一年一个文件导入。",
    "sample_size": "示例镇的企业数应在 {fewest} 到 {most} 之间，年数应在 1 到 {years} 之间。",
    "package_write": "年终包没有写成：“{path}”写不进去（{said}）。请检查磁盘空间和文件夹权限，或换一个位置再导出。",
    "upgrade_not_newer": "这个安装程序是 {version} 版，不比正在用的 {ours} 版新，不用升级。",
    "upgrade_no_sums": "“{name}”旁边没有校验文件 {sums}，没有升级。请把发下来的两个文件放在同一个文件夹里再试。",
    "upgrade_not_listed": "校验文件 {sums} 里没有“{name}”，没有升级。请向下发的人索取配套的校验文件。",
    "upgrade_not_whole": "“{name}”与校验文件不符，复制时损坏了或被改动过，没有升级，数据没有改动。请重新复制一份再试。",
    "upgrade_unreadable": "读不出“{path}”，没有升级。请检查 U盘是否接好，或重新复制一份。",
    "upgrade_not_started": "安装程序没有启动，程序和数据都没有改动。请退出镇安后，自己双击运行：{path}",
    "signing_key": "签名密钥读不出来。请选用 Ed25519 私钥文件（PEM 格式、未加密，或 32 字节的原始密钥）。",
    "package_read": "文件“{path}”打不开（{said}）。请确认它还在原处，并且没有被其他程序占用。",
    "sheet_missing": "找不到文件“{name}”，它可能已被移走或改名，请重新选择。",
    "sheet_locked": "文件“{name}”打不开，可能正被别的程序占用或没有权限，请关闭 Excel、WPS 后重试。",
    "sheet_empty": "文件“{name}”是空的，请确认发来的文件是否完整。",
    "sheet_too_big": "文件“{name}”太大（超过 {limit}），请拆成几个文件，或删去多余的空白行列后再导入。",
    "sheet_bomb": "文件“{name}”解压后大得不正常，可能有害，已拒绝打开。请向发送人核实，另存为新的 .xlsx 后再发。",
    "sheet_damaged": "文件“{name}”已损坏或没有传完整，请让对方重发，或在 WPS 中打开后另存为 .xlsx 再导入。",
    "sheet_encrypted": "文件“{name}”设有密码，请先取消密码：在 WPS 或 Excel 中打开，清除打开密码并保存后再导入。",
    "sheet_format": "文件“{name}”不是表格（{found}），请在 WPS 或 Excel 中另存为 .xlsx 后再导入。",
    "sheet_encoding": "文件“{name}”的文字读不出来，请在 WPS 中打开确认无乱码，另存为 .xlsx 后再导入。",
    "sheet_no_cells": "文件“{name}”里没有任何内容，请确认是不是发错了文件。",
    "sheet_nothing_pasted": "剪贴板里没有表格内容，请先在 Excel 或 WPS 中选中单元格并复制。",
    "backup_second_gone": "第二备份文件夹现在不可用：{path}。本机备份已完成，请接好U盘或移动硬盘后再备份一次。",
    "cut_off_outside": "截止日期 {cut_off} 不在 {year} 年内，请改为这一年的日期。",
    "cut_off_future": "截止日期 {cut_off} 还没有到，请选今天（{today}）或更早的日期。",
    "report_section": "报告里没有“{section}”这一部分。",
    "font_missing": "程序自带的字体文件 {file} 找不到，不能生成 PDF，文件没有写出。请重新安装程序。",
    "font_damaged": "程序自带的字体文件 {file} 已损坏，不能生成 PDF，文件没有写出。请重新安装程序。",
    "backup_failed": "备份没有通过核对，已丢弃，原有备份没有改动：{said}。请检查磁盘后重试。",
    "backup_damaged": "这个备份不能用：{path}（{said}）。现有数据没有改动，请换一个备份。",
    "backup_not_found": "没有找到备份文件：{path}。请检查U盘或文件夹是否接好。",
    "backup_newer": "这个备份由更新版本的镇安制作：{path}。请先升级程序，现有数据没有改动。",
    "attachment_missing": "附件不见了（{sha256}）。请从备份中还原，或重新添加这个附件。",
    "attachment_changed": "附件内容和入库时不一致（{sha256}），没有使用。请从备份中还原，或重新添加这个附件。",
    "photo_empty": "文件是空的，没有收进来。请让对方重发原图。",
    "photo_damaged": "照片不完整或已损坏，没有收进来。请让对方重发原图，或在手机上打开确认后重新传一次。",
    "photo_unknown": "不是能看的照片（只认 JPG、PNG、WebP、BMP、GIF、TIF 和 PDF 扫描件），没有收进来。请确认是不是发错了文件。",
    "photo_program": "这是一个程序，不是照片，可能有害，没有收进来。请不要打开它，并向发送人核实。",
    "photo_heic": "这是苹果手机的 HEIC 格式，这台电脑看不了。请在手机上存为 JPG 再传（设置 › 相机 › 格式 › 兼容性最佳）；也可以先把原件收下。",
    "photo_too_large": "照片有 {points} 百万像素，超过 {limit} 百万，没有收进来。请用看图软件缩小后再添加。",
    "photo_too_heavy": "文件超过 {limit}，没有收进来。请缩小照片，或把扫描件分成几个文件。",
    "photo_pdf": "这个 PDF 打不开（有密码或已损坏），没有收进来。请去掉密码，或重新扫描。",
    "photo_held": "文件正被其他程序占用，没有收进来。请关闭扫描软件或看图软件后再添加一次。",
    "photo_gone": "文件读不到了，可能已被移走，或U盘、手机已断开。请接好后再添加一次。",
    "photo_already_here": "这条记录里已经有同一张照片，没有重复添加。",
    "photo_no_record": "这条记录已经不在了，照片没有添加。请刷新后重试。",
    "photo_none": "没有可以导出的照片。",
    "photo_not_printable": "“{name}”不能印进文书。请选一张照片（JPG、PNG 等）。",
    "ledger_not_a_list": "文件“{name}”不是一张清单：没有找到“{kind}”的表头。{reasons}",
    "ledger_no_sheet": "文件“{name}”里没有名为“{sheet}”的工作表，现有：{sheets}。",
    "ledger_map_unreadable": '列对应文件“{name}”看不懂，请写成 JSON，如 {{"A": "name", "C": "uscc"}}。',
    "ledger_map_field": "列对应文件“{name}”里的“{field}”不是“{kind}”的字段，可用的有：{fields}。",
    "ledger_map_column": "列对应文件“{name}”里的“{column}”不是列标，请写 A、B、AA 这样的字母。",
    "field_route_empty": "{on} 没有可以做现场包的检查，请先在计划日历里安排到这一天。",
    "field_missing": "找不到文件“{name}”，它可能已被移走或改名，请重新选择。",
    "field_unreadable": "文件“{name}”打不开，请检查它是否被占用、手机或 U盘是否接好。",
    "field_too_big": "文件“{name}”超过 {limit}，不能读入。请在手机页里删去一些照片，重新生成结果文件。",
    "field_cut_off": "文件“{name}”没有传完整，什么都没有读入。请从手机上重新发送；手机页里的内容还在。",
    "field_not_ours": "文件“{name}”不是手机页生成的结果文件，什么都没有读入。请选择“现场结果-”开头的文件。",
    "field_newer": "文件“{name}”由更新版本的手机页生成，本版本读不了。请升级程序后再读入。",
    "field_altered": "文件“{name}”被改动过或已损坏，什么都没有读入。请从手机上重新生成并发送结果文件。",
    "field_content": "文件“{name}”里有看不懂的内容，什么都没有读入。请从手机上重新生成并发送结果文件。",
    "field_picture_missing": "文件“{name}”里缺 {count} 张照片的内容，什么都没有读入。请从手机上重新生成并发送结果文件。",
    "field_other_office": "文件“{name}”是{office}的现场结果，不是本单位的，什么都没有读入。请交给那个单位。",
    "field_sheet_unknown": "文件“{name}”里的编号 {sheet} 不在本单位的现场包里，什么都没有读入。做现场包的操作可能已被撤销，请先恢复。",
    "problem_rows_unwritable": "“{name}”写不进去，它可能正在 Excel 或 WPS 中打开，或文件夹不允许写入，请关闭后重试或换个位置。",
}

DOMAIN_SENTENCES: Mapping[str, str] = {
    **checklist.SENTENCES,
    **deadline.SENTENCES,
    **enterprise.SENTENCES,
    **flow.SENTENCES,
    **obligation.SENTENCES,
    **officer.SENTENCES,
}


def sentence(error: Said) -> str:
    """What an error says to the person at the screen: what happened, why, and what to do."""
    if isinstance(error, Invalid):
        told = [field_sentence(code, error.facts) for code in error.problems.values()]
        return SENTENCES["invalid"].format(count=len(told), said="".join(dict.fromkeys(told)))
    pattern = SENTENCES.get(error.code) or DOMAIN_SENTENCES.get(error.code)
    if pattern is None:
        return f"{KINDS[type(error)]}（{error.code}）"
    return pattern.format_map(_Facts(error.facts))


def field_sentence(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence beside a field: the one that uses the facts, else the general one."""
    told = _Facts(facts or {})
    patterns = [source[code] for source in (SENTENCES, DOMAIN_SENTENCES, FIELDS) if code in source]
    whole = [pattern for pattern in patterns if "{" in pattern and _needs(pattern) <= told.keys()]
    plain = [pattern for pattern in [FIELDS.get(code), *patterns] if pattern and "{" not in pattern]
    chosen = next(iter([*whole, *plain, *patterns]), code)
    return chosen.format_map(told)


def _needs(pattern: str) -> set[str]:
    """The facts that a sentence speaks of."""
    return {name.split(".")[0] for _, name, _, _ in Formatter().parse(pattern) if name}


KINDS: Mapping[type[Said], str] = {Invalid: "填写有误", Refused: "不能这样办理", Trouble: "操作没有完成"}


class _Facts(dict[str, Any]):
    """The facts of an error with codes turned into words; a fact that is not there reads as a dash."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__({key: self._word(value) for key, value in facts.items()})

    def __missing__(self, key: str) -> str:
        return "—"

    @staticmethod
    def _word(value: Any) -> Any:
        if isinstance(value, StrEnum) and type(value) in LABELS:
            return label(value)
        return day(value) if type(value) is date else value
