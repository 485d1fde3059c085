"""The arguments of the command line, read by argparse and explained in Chinese.

The general options may stand before the command and after it. Every command names the function that carries it out as
`module:function`, so that only the module of the command that was asked for is imported.
"""

import argparse
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

GENERAL_WITH_VALUE = ("--data", "--on")
GENERAL_ALONE = ("--json", "--in-tray")
OPENED_BY_CLICK = ".tsbak"
"""A backup, on which somebody clicked in the Explorer: no command, but a file for the window."""


class Unusable(Exception):
    """The arguments cannot be used; the text says why and what to do."""


class Declined(Exception):
    """What was asked cannot be done as things stand; the text says why and what to do."""


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese and raises instead of leaving the program."""

    def __init__(self, *, help: str = "", **more: Any) -> None:
        super().__init__(
            **{"allow_abbrev": False, **more}, description=help or None, add_help=False, formatter_class=_ChineseHelp
        )
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{_said(message)}。用法请看：{self.prog} --help")


class _ChineseHelp(argparse.RawDescriptionHelpFormatter):
    """The help with its own word for usage."""

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


# argparse has no other way to word its messages than a translation file of gettext.
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: COMMAND", "请写明要执行的命令"),
    (r"the following arguments are required: (.*)", "缺少参数：{0}"),
    (r"unrecognized arguments: (.*)", "不认识这些参数：{0}"),
    (r"argument COMMAND: invalid choice: '?(.*?)'? \(.*\)", "没有“{0}”这个命令"),
    (r"argument (.*?): invalid choice: '?(.*?)'? \(choose from (.*)\)", "{0} 不能是“{1}”，可以是：{2}"),
    (r"argument (.*?): expected .*", "{0} 后面少了内容，或者内容太多"),
    (r"argument (.*?): invalid (?:int|float) value: '?(.*?)'?", "{0} 应当是整数，不能是“{1}”"),
    (r"argument (.*?): not allowed with argument (.*)", "{0} 与 {1} 不能同时使用"),
    (r"argument (.*?): ignored explicit argument (.*)", "{0} 后面不需要内容"),
    (r"one of the arguments (.*) is required", "缺少参数，以下须有一个：{0}"),
    (r"ambiguous option: (.*?) could match (.*)", "选项 {0} 不明确，可能是 {1}"),
    (r"argument (.*?): (.*)", "{0}：{1}"),
)


def _said(message: str) -> str:
    for pattern, told in _MESSAGES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return told.format(*found.groups())
    return f"参数不能使用：{message}"


# ---- values ------------------------------------------------------------------------------------------------

EARLIEST, LATEST = date(1949, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]?(\d{2}:\d{2}(?::\d{2})?))?")


def day(text: str) -> date:
    """A date as `2026-03-02`, in a century that the rules can count in."""
    try:
        if _DAY.fullmatch(text):
            return _within(date.fromisoformat(text))
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{text}”不是有效的日期，请写成 2026-03-02 这样")


def _within(on: date) -> date:
    if EARLIEST <= on <= LATEST:
        return on
    raise argparse.ArgumentTypeError(f"“{on}”超出了范围，日期应在 {EARLIEST.year} 年到 {LATEST.year} 年之间")


def moment(text: str) -> date | datetime:
    """A date, or with a time behind it a moment: `2026-03-02T09:30`."""
    found = _MOMENT.fullmatch(text)
    try:
        if found:
            on = _within(date.fromisoformat(found[1]))
            return datetime.fromisoformat(f"{on} {found[2]}") if found[2] else on
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{text}”不是有效的日期，请写成 2026-03-02，需要时刻时写成 2026-03-02T09:30")


def year(text: str) -> int:
    """A year that this program can speak of."""
    if re.fullmatch(r"20\d\d", text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}”不是有效的年份，请写成 2026 这样")


def count(text: str) -> int:
    """A whole number from 1."""
    if re.fullmatch(r"[1-9]\d{0,8}", text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}”不是有效的数目，请写大于零的整数")


# ---- the commands ------------------------------------------------------------------------------------------

IMPORT_KINDS = ("enterprises", "hazards", "inspections", "officers", "permits", "cases", "plan")
LEDGERS = (
    "roster", "inspections", "hazards", "orders", "reinspections", "plan", "officers", "cases", "permits"
)  # fmt: skip


class _Commands:
    """Adds commands one below the other, each with the general options and the function that carries it out."""

    def __init__(self, parent: argparse.ArgumentParser, where: str, *, required: bool = True) -> None:
        self._where = where
        self._added = parent.add_subparsers(
            title="命令", metavar="命令", dest=f"command_{where}", required=required, parser_class=Parser
        )
        self._added.metavar = "COMMAND"

    def add(self, name: str, help: str, work: str | None = None) -> Parser:
        parser: Parser = self._added.add_parser(name, help=help)
        parser.description = help
        general_options(parser)
        if work is not None:
            parser.set_defaults(work=work)
        return parser


def general_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command. They leave no default behind, so that the place where they stand does not matter."""
    group = parser.add_argument_group("通用选项")
    none = argparse.SUPPRESS
    group.add_argument("--data", metavar="DIR", type=Path, default=none, help="数据文件夹（默认：本用户的数据文件夹）")
    group.add_argument("--on", metavar="DATE", type=day, default=none, help="业务日期，例：2026-03-02（默认：今天）")
    group.add_argument("--json", action="store_true", default=none, help="只输出一个 JSON 文档")


def parser() -> Parser:
    """The whole command line."""
    top = Parser(prog="townsafe", help="镇安：乡镇安全生产执法工作台的命令行。不写命令时打开窗口。")
    general_options(top)
    commands = _Commands(top, "top")
    _office(commands)
    _time(commands)
    _plan_and_roster(commands)
    _sheets(commands)
    _documents(commands)
    _package(commands)
    _safekeeping(commands)
    commands.add("version", "程序、数据文件和规则数据的版本", "about:version")
    manual = commands.add("manual", "把使用手册写成 PDF 文件", "about:manual")
    manual.add_argument(
        "--out", required=True, type=Path, dest="out_file", metavar="FILE.pdf", help="写到这个文件，例：手册.pdf"
    )
    return top


def _office(commands: _Commands) -> None:
    new = commands.add("init", "新建一个单位的数据文件夹", "office:init")
    new.add_argument("--office", required=True, metavar="NAME", help="单位所在乡镇，例：惠萍镇")
    new.add_argument("--code", required=True, metavar="CODE", help="行政区划代码，例：320681115")
    new.add_argument("--prefix", default="", metavar="TEXT", help="文书字号的前缀，例：苏启")
    sample = commands.add("sample", "在新的空数据文件夹里生成示例乡镇（内容均为虚构）", "office:sample")
    sample.add_argument("--enterprises", type=count, default=None, metavar="N", help="企业数（默认 300）")
    sample.add_argument("--years", type=count, default=None, metavar="N", help="年数（默认 2）")
    sample.add_argument("--seed", type=int, default=None, metavar="S", help="随机种子，同一种子内容相同")
    undo = commands.add("undo", "撤销最近一次操作", "office:undo")
    undo.add_argument("--last", action="store_true", help="撤销最近一次操作（不写也是）")
    journal = commands.add("journal", "列出操作日志", "office:journal")
    journal.add_argument("--since", type=day, metavar="DATE", help="只列这一天起的操作")
    check = _Commands(commands.add("check", "检查"), "check")
    check.add("data", "数据体检", "office:check_data")


def _time(commands: _Commands) -> None:
    due = commands.add("due", "列出未办结的时限事项：逾期的、到期的、将到期的", "duties:due")
    due.add_argument("--until", type=day, metavar="DATE", help="只列计划日期不晚于这一天的")
    due.add_argument("--kind", action="append", metavar="K", help="只列这一类，例：rectify 或 整改期限；可以写几次")
    due.add_argument("--officer", metavar="NAME", help="只列这名人员的")
    rule = commands.add("deadline", "按一条期限规则推算日期", "days:deadline")
    rule.add_argument("rule", metavar="RULE", help="规则编号")
    rule.add_argument(
        "--from", required=True, type=moment, dest="start", metavar="DATE[THH:MM]", help="起算的日期或时刻"
    )
    rule.add_argument("--law-on", type=day, metavar="DATE", help="按这一天有效的规定推算（默认：起算日）")
    workdays = commands.add("workdays", "计算两个日期之间的工作日数，首尾两天都算在内", "days:workdays")
    workdays.add_argument("first", type=day, metavar="FROM", help="第一天")
    workdays.add_argument("last", type=day, metavar="TO", help="最后一天")
    calendar = _Commands(commands.add("calendar", "工作日历"), "calendar")
    taken = calendar.add("import", "导入一年的节假日安排", "days:import_calendar")
    taken.add_argument("file", type=Path, metavar="FILE", help="节假日安排文件（.json 或 .csv）")
    ics = commands.add("ics", "导出日历文件，供 Outlook、WPS 或手机使用", "duties:ics")
    ics.add_argument("--out", required=True, type=Path, metavar="FILE.ics", help="写到这个文件")


def _plan_and_roster(commands: _Commands) -> None:
    plan = _Commands(commands.add("plan", "年度检查计划"), "plan")
    suggest = plan.add("suggest", "按风险等级和检查历史建议年度计划（只列出，不写入）", "plan:suggest")
    suggest.add_argument("--year", required=True, type=year, metavar="Y", help="年度")
    show = plan.add("show", "计划与完成情况对照", "plan:show")
    show.add_argument("--year", type=year, metavar="Y", help="年度（默认：业务日期所在年）")
    share = plan.add("share", "重点监管执法占比，附分子、分母和口径", "plan:share")
    share.add_argument("--year", required=True, type=year, metavar="Y", help="年度")
    _field_pack(commands)
    _urging(commands)
    enterprise = _Commands(commands.add("enterprise", "企业"), "enterprise")
    find = enterprise.add("find", "按名称、拼音首字母或代码查找企业", "roster:find")
    find.add_argument("text", nargs="+", metavar="TEXT", help="名称的一部分、拼音首字母或统一社会信用代码")
    one = enterprise.add("show", "一企一档", "roster:show")
    one.add_argument("id", metavar="ID", help="企业编号或统一社会信用代码")
    trail = commands.add("trail", "尽职留痕：截至某一天（--on，默认今天）对一家企业做过的全部事项", "trail:trail")
    trail.add_argument("id", metavar="ENTERPRISE", help="企业编号、名称或统一社会信用代码")
    trail.add_argument("--pdf", type=Path, metavar="FILE", help="写成这个 PDF 文件；同一数据、同一日期每次逐字节相同")
    asked = commands.add("checklist", "一家企业在业务日期的检查表", "roster:checklist")
    asked.add_argument("id", metavar="ID", help="企业编号或统一社会信用代码")


def _field_pack(commands: _Commands) -> None:
    pack = commands.add("fieldpack", "做一天的现场包：纸上的和手机上的；读回手机页的结果", "fieldpack:make")
    pack.add_argument("--out", type=Path, dest="out_file", metavar="FILE.pdf", help="纸上的现场包写到这个文件")
    pack.add_argument("--phone", type=Path, metavar="FILE.html", help="手机页写到这个文件")
    pack.add_argument("--officer", metavar="NAME", help="只要这名人员的")
    read = _Commands(pack, "fieldpack", required=False).add("read", "读回手机页的结果文件", "fieldpack:read")
    read.add_argument("file", type=Path, metavar="FILE", help="结果文件（现场结果-….json）")
    read.add_argument("--dry-run", action="store_true", help="只预演，不写入")


def _urging(commands: _Commands) -> None:
    urge = _Commands(commands.add("urge", "催办企业整改没有销号的隐患"), "urge")
    words = urge.add("script", "催办的话：微信、短信的内容，或电话里怎么说", "urging:script")
    _urged(words)
    words.add_argument("--way", default="wechat", metavar="WAY", help=f"{URGING_WAYS}（默认：wechat）")
    noted = urge.add("log", "登记一次催办：什么时候、用什么方式、催了谁、怎么答复", "urging:log")
    _urged(noted)
    noted.add_argument("--way", required=True, metavar="WAY", help=URGING_WAYS)
    noted.add_argument("--at", type=moment, metavar="DATETHH:MM", help="催办的时刻，例：2026-03-02T09:30（默认：现在）")
    noted.add_argument("--person", dest="whom", metavar="NAME", help="催了谁（默认：企业的联系人）")
    noted.add_argument("--phone", metavar="TEXT", help="电话（默认：联系人的电话）")
    noted.add_argument("--text", metavar="TEXT", help="说了或发了什么（默认：urge script 给出的话）")
    noted.add_argument("--answer", default="", metavar="TEXT", help="企业怎么答复")


URGING_WAYS = "方式：wechat 微信、sms 短信、phone 电话、visit 上门、paper 书面"


def _urged(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ENTERPRISE", help="企业编号、名称或统一社会信用代码")
    command.add_argument("--late", action="store_true", help="只催已经逾期的（默认：全部未销号的）")
    command.add_argument(
        "--hazard", action="append", type=count, metavar="ID", help="只催这条隐患，写它的编号；可以写几次"
    )


def _sheets(commands: _Commands) -> None:
    taken = commands.add("import", "导入台账（导入前自动备份）", "ledgers:import_")
    taken.add_argument("kind", choices=IMPORT_KINDS, metavar="KIND", help="种类：" + "、".join(IMPORT_KINDS))
    taken.add_argument("files", nargs="+", type=Path, metavar="FILE", help="台账文件：.xlsx .xls .et .csv .tsv")
    taken.add_argument("--sheet", metavar="NAME", help="只导入这个工作表")
    taken.add_argument(
        "--map", type=Path, metavar="FILE", help='列的对应关系，JSON 文件，例：{"A": "name", "C": "uscc"}'
    )
    taken.add_argument("--dry-run", action="store_true", help="只预演，不写入")
    taken.add_argument(
        "--accept-good", action="store_true", help="有问题的行不要，其余照常导入（默认：有一行不行就都不导入）"
    )
    taken.add_argument("--rows", choices=("all",), metavar="all", help="报告里列出每一行")
    ledger = commands.add("ledger", "导出台账", "ledgers:ledger")
    ledger.add_argument("name", choices=LEDGERS, metavar="NAME", help="台账：" + "、".join(LEDGERS))
    _period(ledger)
    ledger.add_argument("--xlsx", required=True, type=Path, metavar="FILE", help="写到这个 Excel 文件")
    _period(commands.add("stats", "全部统计指标，附口径", "ledgers:stats"))


def _period(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", required=True, type=day, dest="first", metavar="DATE", help="第一天")
    command.add_argument("--to", required=True, type=day, dest="last", metavar="DATE", help="最后一天")


RECORDS = ("enterprise", "inspection", "order", "reinspection", "hazard", "case")


def _documents(commands: _Commands) -> None:
    made = commands.add("document", "制作一份执法文书（没有签发的，文件上印“草稿”）", "documents:make")
    made.add_argument("form", metavar="FORM", help="文书：名称、代码字、官方编号或 form list 列出的名称")
    made.add_argument("id", type=count, metavar="ID", help="所属记录的编号：检查、整改指令、复查、案件……")
    made.add_argument("--for", choices=RECORDS, dest="record", metavar="KIND", help="记录的种类：" + "、".join(RECORDS))
    made.add_argument("--pdf", type=Path, metavar="FILE", help="写成这个 PDF 文件")
    made.add_argument("--docx", type=Path, metavar="FILE", help="写成这个 Word 文件")
    made.add_argument("--issue", action="store_true", help="签发：取文号并留存")
    made.add_argument("--number", default="", metavar="TEXT", help="使用这个文号（预留的或手工编的）")
    made.add_argument("--reason", default="", metavar="TEXT", help="前置文书不全或栏目空着时的理由")
    form = _Commands(commands.add("form", "执法文书的式样"), "form")
    form.add("list", "列出全部文书，附待法制人员确认的", "documents:list_forms")
    word = form.add("confirm", "确认一种文书里待法制人员确认的内容（记入日志）", "documents:confirm")
    word.add_argument("form", metavar="FORM", help="文书")
    word.add_argument("--by", required=True, metavar="NAME", help="确认人")
    word.add_argument("--remark", default="", metavar="TEXT", help="说明")
    numbers = form.add("numbers", "文号簿：一年的全部文号及其去向", "documents:numbers")
    numbers.add_argument("--year", type=year, metavar="Y", help="年度（默认：业务日期所在年）")


def _package(commands: _Commands) -> None:
    export = commands.add("export", "导出年终包", "package:export")
    export.add_argument("--year", required=True, type=year, metavar="Y", help="年度")
    export.add_argument("--out", required=True, type=Path, metavar="FILE.zip", help="写到这个文件，或写进这个文件夹")
    export.add_argument("--cut-off", type=day, metavar="DATE", help="数据截止日期（默认：业务日期）")
    export.add_argument("--sign", type=Path, metavar="KEY", help="签名用的 Ed25519 私钥文件")
    verify = commands.add("verify", "查验年终包", "package:verify")
    verify.add_argument("file", type=Path, metavar="FILE.zip", help="年终包")
    merge = commands.add("merge", "汇总几个镇的年终包", "package:merge")
    merge.add_argument("files", nargs="+", type=Path, metavar="FILE.zip", help="年终包")
    merge.add_argument("--out", required=True, type=Path, metavar="DIR", help="汇总结果写到这个文件夹")


def _safekeeping(commands: _Commands) -> None:
    backup = commands.add("backup", "备份", "safekeeping:backup")
    backup.add_argument("--to", type=Path, metavar="DIR", help="备份到这个文件夹（默认：数据文件夹里的 backups）")
    verify = _Commands(backup, "backup", required=False).add("verify", "检查一个备份文件能否还原", "safekeeping:verify")
    verify.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    restore = commands.add("restore", "还原备份（原有数据另存保留）", "safekeeping:restore")
    restore.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    restore.add_argument("--as", type=Path, dest="new_folder", metavar="DIR", help="还原成另一个新的数据文件夹")


def names_command(arguments: Sequence[str]) -> bool:
    """Whether anything but general options and a backup is there: without a command the program opens its window."""
    rest = list(arguments)
    while rest:
        first = rest.pop(0)
        if first in GENERAL_WITH_VALUE:
            del rest[:1]
        elif first.lower().endswith(OPENED_BY_CLICK):
            continue
        elif first not in GENERAL_ALONE and not first.startswith(tuple(f"{name}=" for name in GENERAL_WITH_VALUE)):
            return True
    return False
