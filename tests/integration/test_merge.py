"""The bureau adds up: in any order, twice or once, and never what does not verify."""

import csv
import io
import json
import random
from collections.abc import Callable
from functools import cache

import year_office

from desktop.domain.statistics import Figure
from desktop.exchange.package_merge import Merged, merge, record_files
from desktop.exchange.package_verify import Verified, verify_bytes

Files = dict[str, bytes]
HUIPING = "惠萍镇"


def told(**facts: str) -> Callable[[Files], None]:
    """Another office, cut-off or journal entry in `bag-info.txt` and `datapackage.json`."""

    def change(files: Files) -> None:
        lines = files["bag-info.txt"].decode("utf-8").split("\n")
        for label, value in facts.items():
            label = label.replace("_", "-")
            lines = [f"{label}: {value}" if line.startswith(f"{label}:") else line for line in lines]
        files["bag-info.txt"] = "\n".join(lines).encode()
        if "Source_Organization" in facts:
            name = "data/records/datapackage.json"
            package = json.loads(files[name])
            package["townsafe"]["office"] = facts["Source_Organization"]
            files[name] = json.dumps(package).encode()

    return change


@cache
def huiping() -> Verified:
    """The township itself."""
    return verify_bytes(year_office.a_package(), "惠萍.zip")


@cache
def neighbour() -> Verified:
    """Another town, with firms of its own."""
    change = told(Source_Organization="近海镇安监所", TownSafe_Office_Code="320681999")
    return verify_bytes(year_office.resealed(year_office.a_package(2), change), "近海.zip")


@cache
def twin() -> Verified:
    """A third town that reports the very firms of the first."""
    change = told(Source_Organization="寅阳镇安监所", TownSafe_Office_Code="320681998")
    return verify_bytes(year_office.resealed(year_office.a_package(), change), "寅阳.zip")


@cache
def later() -> Verified:
    """The first town again, sent later, with other records."""
    change = told(TownSafe_Journal_Entry="77")
    return verify_bytes(year_office.resealed(year_office.a_package(2), change), "惠萍补报.zip")


@cache
def broken() -> Verified:
    """A package that does not verify."""
    files = year_office.files_of(year_office.a_package())
    files["data/index.html"] += b"x"
    return verify_bytes(year_office.zipped(files), "坏.zip")


def value(package: Verified, code: str) -> int:
    return next(figure.numerator for figure in package.figures if (figure.code, figure.part) == (code, ""))


def total(found: Merged, code: str) -> Figure:
    return next(figure for figure in found.totals[2026] if (figure.code, figure.part) == (code, ""))


def test_the_packages_of_this_test_verify() -> None:
    for package in (huiping(), neighbour(), twin(), later()):
        assert package.faults == ()
    assert not broken().is_good


def test_counts_are_added_and_shares_made_of_added_parts() -> None:
    found = merge([huiping(), neighbour()])
    assert total(found, "inspections").numerator == value(huiping(), "inspections") + value(neighbour(), "inspections")
    share = total(found, "rectification_rate")
    assert share.numerator == value(huiping(), "hazards_rectified") + value(neighbour(), "hazards_rectified")
    assert share.denominator == value(huiping(), "hazards_found") + value(neighbour(), "hazards_found")
    assert [member.office for member in found.members] == [HUIPING, "近海镇安监所"]


def test_neither_order_nor_repetition_changes_anything() -> None:
    packages = [huiping(), neighbour(), twin(), later(), broken()]
    first = merge(packages)
    for seed in range(6):
        mixed = packages + random.Random(seed).choices(packages, k=3)
        random.Random(seed).shuffle(mixed)
        assert merge(mixed) == first


def test_a_later_package_replaces_the_earlier_and_the_difference_is_listed() -> None:
    found = merge([later(), huiping()])
    assert [member.file for member in found.members] == ["惠萍补报.zip"]
    (replaced,) = found.replaced
    assert (replaced.earlier, replaced.later) == ("惠萍.zip", "惠萍补报.zip")
    listed = {(one.code, one.part): (one.before, one.after) for one in replaced.differences}
    assert listed[("inspections", "")] == (str(value(huiping(), "inspections")), str(value(later(), "inspections")))
    assert total(found, "inspections").numerator == value(later(), "inspections")


def test_a_package_that_does_not_verify_is_left_out_and_named() -> None:
    found = merge([broken(), neighbour()])
    assert [each.file for each in found.rejected] == ["坏.zip"]
    assert not found.is_good
    assert total(found, "inspections").numerator == value(neighbour(), "inspections")


def test_firms_that_two_towns_report_are_found_by_code_and_by_name() -> None:
    found = merge([huiping(), twin()])
    roster = [row for row in huiping().records["enterprises"] if not row["archived_on"]]
    assert {each.key for each in found.shared if each.by == "uscc"} == {row["uscc"] for row in roster if row["uscc"]}
    assert any(each.by == "name" for each in found.shared) == any(not row["uscc"] for row in roster)
    assert all(each.offices == ("寅阳镇安监所", HUIPING) for each in found.shared)


def test_the_records_of_all_say_whose_they_are() -> None:
    files = record_files(merge([huiping(), neighbour()]))
    rows = list(csv.DictReader(io.StringIO(files["inspections.csv"].decode("utf-8"))))
    assert len(rows) == len(huiping().records["inspections"]) + len(neighbour().records["inspections"])
    assert {row["office"] for row in rows} == {HUIPING, "近海镇安监所"}
    assert len({(row["office_code"], row["year"], row["id"]) for row in rows}) == len(rows)


def test_nothing_merged_is_nothing() -> None:
    found = merge([])
    assert (found.members, found.totals, found.is_good) == ((), {}, True)
