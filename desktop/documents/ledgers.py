"""The ledgers 台账 of a year as workbooks, made from the same record rows that the package carries.

People read words, so codes are written as the words of `desktop.text`, and an id as the name it stands for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from desktop import text
from desktop.documents.report import CheckLine
from desktop.documents.sheets import Column, Kind, Sheet, workbook
from desktop.domain.enterprise import EnterpriseStatus, RiskLevel, StandardLevel
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionOrigin
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind
from desktop.domain.statistics import Period, Records, Row, case_day

DATE, WHOLE, MONEY = Kind.DATE, Kind.WHOLE, Kind.MONEY


@dataclass(frozen=True)
class Ledgers:
    """The rows of a package, and the words to write them with."""

    records: Records
    office: str
    year: int
    cut_off: date
    sectors: Mapping[str, str]

    def books(self) -> dict[str, bytes]:
        """All ledgers, by file name."""
        made = {
            "01-企业名册": [self._roster()],
            "02-执法检查台账": [self._inspections(), self._plan()],
            "03-隐患整改复查台账": [self._hazards(), self._extensions()],
            "04-立案处罚台账": [self._cases()],
            "05-回访台账": [self._revisits()],
            "06-举报核查和事故案件台账": [self._tips(), self._accidents()],
            "07-执法人员台账": [self._officers()],
            "08-时限事项台账": [self._obligations()],
        }
        return {f"{name}.xlsx": workbook(sheets, author=self.office, on=self.cut_off) for name, sheets in made.items()}

    # ---- looking up

    @cached_property
    def _period(self) -> Period:
        return Period.of_year(self.year, self.cut_off)

    @cached_property
    def _by_id(self) -> Mapping[str, Mapping[int, Row]]:
        return {name: {row["id"]: row for row in rows} for name, rows in self.records.items() if name != "figures"}

    def _rows(self, table: str, day: str = "") -> list[Row]:
        rows = self.records.get(table, ())
        return sorted(
            (row for row in rows if not day or self._period.has(row[day])),
            key=lambda row: (row[day] if day else "", row["id"]),
        )

    def _of(self, table: str, key: int | None, column: str) -> Any:
        return self._by_id.get(table, {}).get(key or 0, {}).get(column, "")

    def _enterprise(self, row: Row) -> str:
        return str(self._of("enterprises", row["enterprise_id"], "name"))

    def _sector(self, row: Row) -> str:
        code = row.get("sector", "")
        return self.sectors.get(code, code)

    @cached_property
    def _due(self) -> Mapping[int, str]:
        last: dict[int, tuple[int, str]] = {}
        for row in self.records.get("obligation_dues", ()):
            last[row["obligation_id"]] = max(last.get(row["obligation_id"], (0, "")), (row["sequence"], row["due_on"]))
        return {key: due for key, (_, due) in last.items()}

    @cached_property
    def _hazard_due(self) -> Mapping[int, str]:
        return {
            row["subject_id"]: self._due.get(row["id"], "")
            for row in self.records.get("obligations", ())
            if row["subject_type"] == "hazard" and row["kind"] == "rectify"
        }

    @cached_property
    def _officers_of(self) -> Mapping[int, str]:
        names: dict[int, list[str]] = {}
        for row in self._rows("inspection_officers"):
            names.setdefault(row["inspection_id"], []).append(str(self._of("officers", row["officer_id"], "name")))
        return {key: "、".join(found) for key, found in names.items()}

    @cached_property
    def _rounds(self) -> Mapping[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in self._rows("reinspection_results"):
            found.setdefault(row["hazard_id"], []).append(row)
        return found

    def _sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], note: str = "") -> Sheet:
        title = f"{self.office}{self.year}年度{name}（截至{self.cut_off.isoformat()}）"
        numbered = [(at, *row) for at, row in enumerate(rows, start=1)]
        return Sheet(name, title, (Column("序号", 6, WHOLE), *columns), numbered, note)

    # ---- the ledgers

    def _roster(self) -> Sheet:
        columns = (
            Column("企业名称", 30),
            Column("统一社会信用代码", 21),
            Column("村居", 12),
            Column("地址", 30),
            Column("行业领域", 16),
            Column("行业类别", 18),
            Column("风险等级", 9),
            Column("标准化等级", 10),
            Column("从业人数", 9, WHOLE),
            Column("重点监管", 9),
            Column("状态", 8),
        )
        rows = [
            (
                row["name"],
                row["uscc"] or row["legacy_code"],
                row["village"],
                row["address"],
                self._sector(row),
                row["industry"],
                word(RiskLevel, row["risk_level"]),
                word(StandardLevel, row["standard_level"]),
                row["employees"],
                yes(row["is_key"]),
                word(EnterpriseStatus, row["status"]),
            )
            for row in self._rows("enterprises")
            if not row["archived_on"]
        ]
        return self._sheet("企业名册", columns, rows)

    def _inspections(self) -> Sheet:
        columns = (
            Column("企业名称", 30),
            Column("检查日期", 12, DATE),
            Column("检查类型", 11),
            Column("检查由来", 11),
            Column("检查人员", 18),
            Column("启动会", 8),
            Column("总结会", 8),
            Column("参加专家", 9, WHOLE),
            Column("检查记录文号", 22),
            Column("检查结果", 28),
            Column("备注", 20),
        )
        rows = [
            (
                self._enterprise(row),
                row["inspected_on"],
                word(InspectionKind, row["kind"]),
                word(InspectionOrigin, row["origin"]),
                self._officers_of.get(row["id"], ""),
                yes(row["has_opening_meeting"]),
                yes(row["has_closing_meeting"]),
                row["expert_count"],
                row["document_number"],
                row["result"],
                row["remark"],
            )
            for row in self._rows("inspections", "inspected_on")
            if row["status"] == "done"
        ]
        return self._sheet("执法检查台账", columns, rows)

    def _plan(self) -> Sheet:
        done = {
            row["plan_item_id"]: row["inspected_on"]
            for row in self._rows("inspections", "inspected_on")
            if row["status"] == "done"
        }
        columns = (
            Column("月份", 7, WHOLE),
            Column("企业名称", 30),
            Column("类别", 10),
            Column("计划日期", 12, DATE),
            Column("完成日期", 12, DATE),
            Column("列入理由", 30),
            Column("取消日期", 12, DATE),
            Column("取消原因", 24),
        )
        rows = [
            (
                row["month"],
                self._enterprise(row),
                "重点检查" if row["kind"] == "key" else "一般检查",
                row["planned_on"],
                done.get(row["id"]),
                row["reason"],
                row["cancelled_on"],
                row["cancel_reason"],
            )
            for row in sorted(self._rows("plan_items"), key=lambda row: (row["month"], row["id"]))
            if row["year"] == self.year
        ]
        return self._sheet("年度检查计划", columns, rows)

    def _hazards(self) -> Sheet:
        columns = (
            Column("企业名称", 28),
            Column("发现日期", 12, DATE),
            Column("隐患内容", 40),
            Column("部位", 14),
            Column("级别", 7),
            Column("指令书文号", 22),
            Column("整改期限", 12, DATE),
            Column("复查次数", 9, WHOLE),
            Column("最近复查", 12, DATE),
            Column("销号日期", 12, DATE),
            Column("状态", 10),
        )
        rows = [
            self._hazard(row)
            for row in self._rows("hazards", "")
            if self._period.has(row["found_on"])
            or (row["found_on"] < self._period.first and (not row["cleared_on"] or self._period.has(row["cleared_on"])))
        ]
        return self._sheet("隐患整改复查台账", columns, rows, "含以前年度发现、本年初尚未销号的隐患。")

    def _hazard(self, row: Row) -> tuple[Any, ...]:
        rounds = [
            self._of("reinspections", each["reinspection_id"], "reinspected_on")
            for each in self._rounds.get(row["id"], [])
        ]
        return (
            self._enterprise(row),
            row["found_on"],
            row["description"],
            row["location"],
            word(HazardLevel, row["level"]),
            self._of("orders", row["order_id"], "number"),
            self._hazard_due.get(row["id"]),
            len(rounds),
            max(rounds, default=None),
            row["cleared_on"],
            word(HazardStatus, row["status"]),
        )

    def _extensions(self) -> Sheet:
        columns = (
            Column("企业名称", 28),
            Column("隐患内容", 36),
            Column("申请日期", 12, DATE),
            Column("申请延至", 12, DATE),
            Column("申请理由", 30),
            Column("答复", 8),
            Column("同意延至", 12, DATE),
            Column("批准人", 10),
            Column("答复日期", 12, DATE),
        )
        rows = [
            (
                self._of("enterprises", self._of("hazards", row["hazard_id"], "enterprise_id"), "name"),
                self._of("hazards", row["hazard_id"], "description"),
                row["applied_on"],
                row["requested_due_on"],
                row["reason"],
                {True: "同意", False: "不同意", None: "未答复"}[row["is_granted"]],
                row["granted_due_on"],
                row["approver"],
                row["decided_on"],
            )
            for row in self._rows("extensions", "applied_on")
        ]
        return self._sheet("整改延期台账", columns, rows)

    def _cases(self) -> Sheet:
        return self._sheet("立案处罚台账", CASE_COLUMNS, [self._case(row) for row in self._year_cases()])

    def _accidents(self) -> Sheet:
        rows = [self._case(row) for row in self._year_cases() if row["is_accident"]]
        return self._sheet("事故案件", CASE_COLUMNS, rows)

    def _year_cases(self) -> list[Row]:
        found = [
            row for row in self._rows("cases") if self._period.has(case_day(row)) or self._period.has(row["decided_on"])
        ]
        return sorted(found, key=lambda row: (case_day(row), row["id"]))

    def _case(self, row: Row) -> tuple[Any, ...]:
        fine = None if row["fine_fen"] is None else row["fine_fen"] / 100
        return (
            row["number"],
            self._enterprise(row),
            row["cause"],
            "事故" if row["is_accident"] else "事前",
            row["filed_on"],
            row["decided_on"],
            fine,
            row["closed_on"],
        )

    def _revisits(self) -> Sheet:
        columns = (
            Column("企业名称", 28),
            Column("回访原因", 30),
            Column("开始日期", 12, DATE),
            Column("回访日期", 12, DATE),
            Column("未发现新问题", 13),
            Column("情况", 40),
        )
        rows = []
        for row in self._rows("revisits", "revisited_on"):
            programme = self._by_id["revisit_programmes"].get(row["programme_id"], {})
            rows.append(
                (
                    self._of("enterprises", programme.get("enterprise_id"), "name"),
                    programme.get("reason", ""),
                    programme.get("started_on"),
                    row["revisited_on"],
                    yes(row["is_clean"]),
                    row["note"],
                )
            )
        return self._sheet("回访台账", columns, rows)

    def _tips(self) -> Sheet:
        columns = (
            Column("企业名称", 30),
            Column("核查日期", 12, DATE),
            Column("由来", 12),
            Column("检查人员", 20),
            Column("结果", 40),
        )
        rows = [
            (
                self._enterprise(row),
                row["inspected_on"],
                word(InspectionOrigin, row["origin"]),
                self._officers_of.get(row["id"], ""),
                row["result"],
            )
            for row in self._rows("inspections", "inspected_on")
            if row["origin"] == "tip" and row["status"] == "done"
        ]
        return self._sheet("举报核查", columns, rows, "不含举报人信息。")

    def _officers(self) -> Sheet:
        columns = (
            Column("姓名", 10),
            Column("职务", 16),
            Column("类别", 10),
            Column("证号", 20),
            Column("发证机关", 24),
            Column("发证日期", 12, DATE),
            Column("有效期至", 12, DATE),
            Column("截止日有效", 11),
            Column("检查家次", 9, WHOLE),
        )
        return self._sheet("执法人员台账", columns, [self._officer(row) for row in self._rows("officers")])

    def _officer(self, row: Row) -> tuple[Any, ...]:
        own = [each for each in self._rows("certificates") if each["officer_id"] == row["id"]]
        best: Row = max(own, key=lambda each: each["valid_until"], default={})
        is_valid = bool(best) and best["valid_until"] >= self._period.last
        done = {each["id"] for each in self._rows("inspections", "inspected_on") if each["status"] == "done"}
        visits = sum(
            each["officer_id"] == row["id"] and each["inspection_id"] in done
            for each in self._rows("inspection_officers")
        )
        return (
            row["name"],
            row["duty"],
            "辅助人员" if row["is_helper"] else "执法人员",
            best.get("number", ""),
            best.get("issuer", ""),
            best.get("issued_on"),
            best.get("valid_until"),
            yes(is_valid),
            visits,
        )

    def _obligations(self) -> Sheet:
        columns = (
            Column("事项", 10),
            Column("名称", 34),
            Column("企业名称", 28),
            Column("责任方", 9),
            Column("起算日期", 12, DATE),
            Column("截止日", 12, DATE),
            Column("办结日期", 12, DATE),
            Column("办结方式", 9),
            Column("逾期", 7),
            Column("说明", 30),
        )
        found = [
            row
            for row in self._rows("obligations")
            if not row["ended_on"] or self._period.has(row["ended_on"]) or self._period.has(self._due.get(row["id"]))
        ]
        rows = [
            self._obligation(row) for row in sorted(found, key=lambda row: (self._due.get(row["id"], ""), row["id"]))
        ]
        return self._sheet("时限事项台账", columns, rows)

    def _obligation(self, row: Row) -> tuple[Any, ...]:
        due = self._due.get(row["id"], "")
        is_late = (
            bool(due) and (row["ended_on"] or self._period.last) > due and row["end_kind"] not in ("waived", "void")
        )
        return (
            word(ObligationKind, row["kind"]),
            row["title"],
            self._enterprise(row),
            word(Actor, row["actor"]),
            row["triggered_on"],
            due,
            row["ended_on"],
            word(EndKind, row["end_kind"]),
            "逾期" if is_late else "",
            row["end_reason"],
        )


CASE_COLUMNS = (
    Column("案号", 22),
    Column("企业名称", 30),
    Column("案由", 40),
    Column("事前／事故", 10),
    Column("立案日期", 12, DATE),
    Column("决定日期", 12, DATE),
    Column("罚款（元）", 14, MONEY),
    Column("结案日期", 12, DATE),
)


def word(codes: type[StrEnum], code: Any) -> str:
    """The word of a code; nothing for nothing."""
    return text.label(codes(code)) if code else ""


def yes(value: Any) -> str:
    """是 or 否."""
    return "是" if value else "否"


def check_book(lines: Sequence[CheckLine], office: str, year: int, cut_off: date) -> bytes:
    """The self-check on the seven points of supervision."""
    columns = (
        Column("序号", 6, WHOLE),
        Column("自查要点", 14),
        Column("数据情况", 46),
        Column("发现的问题", 60),
        Column("数据不能反映、须人工核对的", 36),
    )
    rows = [
        (at, line.point, line.shows, "\n".join(line.problems) or "按现有数据未发现问题", line.limit)
        for at, line in enumerate(lines, start=1)
    ]
    note = "本表由记录自动核对，只反映数据能反映的情况，不代替案卷评查。"
    sheet = Sheet(
        "执法监督自查表", f"{office}{year}年度执法监督自查表（截至{cut_off.isoformat()}）", columns, rows, note
    )
    return workbook([sheet], author=office, on=cut_off)
