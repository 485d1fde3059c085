"""A large made-up roster as a workbook, and the same rows as values. Nothing in it belongs to a real enterprise."""

import random
from pathlib import Path

import xlsxwriter

from desktop.domain.uscc import make

HEADINGS = (
    "企业名称", "统一社会信用代码", "村（社区）", "地址", "网格员", "法定代表人", "主要负责人", "联系人", "联系电话",
    "安全员", "安全员电话", "行业领域", "行业类别", "风险等级", "企业规模", "标准化等级", "从业人数", "成立日期",
    "经营状态", "备注",
)  # fmt: skip
VILLAGES = ("建群村", "临江村", "民主村", "黄海村", "新港村", "三甲村", "志良村", "兴隆村", "永和村", "聚南村")
BRANDS = (
    "宏达",
    "鑫源",
    "恒泰",
    "永盛",
    "华威",
    "金桥",
    "东方",
    "瑞丰",
    "天成",
    "兴旺",
    "博远",
    "海天",
    "顺发",
    "联合",
)
TRADES = ("机械制造", "电动工具", "精密铸造", "纺织", "木业", "塑料制品", "五金", "船舶配件", "建材", "包装印刷")
FORMS = ("有限公司", "厂", "经营部", "合作社", "加工厂")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志红梅玉兰海燕东升春生晓峰文斌国庆玲飞鹏辉宇浩龙"
SECTORS = ("危险化学品", "加油站", "危险化学品生产", "危险化学品仓储经营", "")
REMARKS = ("", "", "", "消防通道堵塞", "配电箱无标识", "特种作业证过期", "未开展应急演练")

Row = tuple[str | int, ...]


def roster(count: int, seed: int = 20261122) -> list[Row]:
    """`count` rows in the order of `HEADINGS`, the same on every run."""
    chance = random.Random(seed)
    return [_row(chance, number) for number in range(count)]


def write_roster(path: Path, rows: list[Row]) -> Path:
    """The rows as a workbook under a line of headings."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("企业名册")
        sheet.write_row(0, 0, HEADINGS)
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, row)
    return path


def _row(chance: random.Random, number: int) -> Row:
    pick, village = chance.choice, chance.choice(VILLAGES)
    trade = pick(TRADES)
    return (
        f"启东市{pick(BRANDS)}{pick(BRANDS)}{number}号{trade}{pick(FORMS)}", make("320681", number), village,
        f"启东市惠萍镇{village}{chance.randint(1, 40)}组{chance.randint(1, 300)}号", _person(chance), _person(chance),
        _person(chance), _person(chance), _phone(chance), _person(chance), _phone(chance), pick(SECTORS), trade,
        pick(("红", "橙", "黄", "蓝")), pick(("大型", "中型", "小型", "微型")), pick(("一级", "二级", "三级", "未创建")),
        chance.randint(1, 800), f"{chance.randint(1995, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        pick(("在产", "在产", "在产", "停产")), pick(REMARKS),
    )  # fmt: skip


def _person(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))


def _phone(chance: random.Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09}"
