"""Checks a year-end package that somebody sent, and names everything that is wrong with it.

Nothing is believed and nothing is unpacked to disk: first the directory of the zip (count, sizes, ratios, names,
links), then the bag (every hash, missing and extra files), then each table cell by cell, and at last every figure,
worked out again from the records. Whatever is sent, the answer is a list of faults, never an exception about content.
"""

import base64
import binascii
import html
import io
import json
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from desktop.domain.errors import Trouble
from desktop.domain.statistics import Figure, by_key, figure_mark, figures, not_adding_up
from desktop.exchange import package as pack
from desktop.exchange import records as rec
from desktop.exchange.zip_names import name_of

MAX_FILE = 1 << 30
MAX_ENTRIES = 20_000
MAX_TOTAL = 2 << 30
MAX_ENTRY = 512 << 20
MAX_RATIO = 200
RATIO_FROM = 1 << 20
MAX_TEXT = 256 << 20
MAX_FAULTS = 20
CHUNK = 1 << 20

READING = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    OverflowError,
    KeyError,
    MemoryError,
)
"""What Python's zip reader may raise at a file that was made to hurt it."""


_TEXTS: Mapping[str, str] = {
    "not_a_zip": "不是完整的 zip 文件，可能没有传完或已损坏，请对方重新发送",
    "too_large": "文件过大，超出 {limit}，没有打开",
    "too_many": "压缩包内文件过多，超出 {limit} 个，没有打开",
    "bomb": "解开后大小与压缩大小相差过大，疑为压缩炸弹，没有打开",
    "bad_name": "文件名不允许：含有绝对路径、上级目录、盘符、反斜杠或控制字符",
    "duplicate_name": "与另一个文件重名（不分大小写）",
    "link": "是链接或特殊文件，不允许",
    "encrypted": "已加密，无法查验",
    "overlap": "与另一个文件的数据重叠，疑为压缩炸弹",
    "unreadable": "读不出来，压缩包可能被截断或改动",
    "no_bag": "不是年终包：缺少 bagit.txt",
    "bag_version": "bagit.txt 的内容不是 BagIt 1.0、UTF-8",
    "bag_info": "bag-info.txt 缺少“{label}”或内容不对",
    "format_newer": "由更新版本的程序生成（格式 {value}），请先升级本程序再查验",
    "manifest": "清单第 {line} 行看不懂",
    "hash": "内容与清单中的校验值不符，文件被改动过",
    "missing": "清单里有，包里没有",
    "extra": "包里有，清单里没有",
    "required": "缺少必备文件",
    "oxum": "文件数或总大小与 bag-info.txt 所记不符",
    "datapackage": "datapackage.json 内容不对：{said}",
    "columns": "表头与规定的列不一致：{value}",
    "encoding": "不是 UTF-8 编码",
    "csv": "不是规范的 CSV：{value}",
    "width": "列数与表头不一致",
    "type": "“{column}”的值类型不对：{value}",
    "enum": "“{column}”的值不在规定范围内：{value}",
    "cell_required": "“{column}”必填，但为空",
    "duplicate_key": "编号重复：{value}",
    "foreign_key": "“{column}”指向的记录不存在：{value}",
    "more": "同类问题还有 {count} 处，未逐条列出",
    "figure_value": "{title}：包内写的是 {stated}，按记录重新计算是 {computed}",
    "figure_missing": "{title}：统计数字表里没有",
    "figure_unknown": "统计数字表里有不认识的指标",
    "figure_twice": "{title}：数字与报告中的 {stated} 不一致，按记录计算是 {computed}",
    "figures_sum": "{title}：各月或各领域之和不等于合计",
    "report_hash": "报告不是用包内的统计数字生成的",
    "report_unreadable": "报告文件读不出来",
    "signature": "签名文件格式不对",
    "signature_wrong": "签名与内容不符，包在签名后被改动过，或签名不是该密钥所签",
    "cut_off": "截止日期或年度不对",
}

_DRIVE = re.compile(r"^[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(\S.*)")
_BOOKMARK = re.compile(
    r'<w:bookmarkStart w:id="(\d{1,6})" w:name="(_f_[0-9a-f]{16})_\d{1,6}"/>(.{0,4000}?)<w:bookmarkEnd w:id="\1"/>',
    re.DOTALL,
)
_RUN_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_INDEX_FIGURE = re.compile(r'<data class="figure" value="([a-z0-9_]+):([a-z0-9_.]+)">([^<]*)</data>')
_PDF_MARK = re.compile(rb"figures-sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a stable code, where (file, line), and a sentence."""

    code: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found out about a package. `records` and `figures` are there only when nothing is wrong with them."""

    path: str
    sha256: str
    faults: tuple[Fault, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    files: int = 0
    size: int = 0
    signed_by: str = ""
    records: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def fault(code: str, where: str, **facts: object) -> Fault:
    """A fault with its sentence."""
    return Fault(code.removeprefix("cell_"), where, _TEXTS[code].format(**{k: _short(v) for k, v in facts.items()}))


def _short(value: object) -> str:
    return _CONTROL.sub("�", str(value))[:120]


def verify(path: Path) -> Verified:
    """All that can be said about the package at `path`. Raises `Trouble` only when the file itself cannot be read."""
    try:
        if path.stat().st_size > MAX_FILE:
            return Verified(path.name, "", (fault("too_large", path.name, limit="1 GB"),))
        content = path.read_bytes()
    except OSError as error:
        raise Trouble("package_read", path=str(path), said=error.strerror or str(error)) from error
    return verify_bytes(content, path.name)


def verify_bytes(content: bytes, name: str) -> Verified:
    """The same for a package in memory."""
    digest = sha256(content).hexdigest()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Check(archive, name, digest).run()
    except READING:
        return Verified(name, digest, (fault("not_a_zip", name),))


class _Check:
    """One run over one open zip."""

    def __init__(self, archive: zipfile.ZipFile, name: str, digest: str) -> None:
        self.archive = archive
        self.name = name
        self.digest = digest
        self.faults: list[Fault] = []
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.hashes: dict[str, str] = {}
        self.texts: dict[str, bytes] = {}
        self.facts: dict[str, str] = {}
        self.signed_by = ""

    def run(self) -> Verified:
        infos = self.archive.infolist()
        self.faults += directory_faults(infos)
        if self.faults:
            return self._answer()
        self._find_bag(infos)
        if self.faults:
            return self._answer()
        self._read_all()
        self._bag()
        records = self._records()
        found = self._figures(records)
        return self._answer(records, found)

    def _answer(self, records: Mapping[str, Any] | None = None, found: Iterable[Figure] = ()) -> Verified:
        size = sum(entry.file_size for entry in self.entries.values())
        return Verified(
            self.name,
            self.digest,
            tuple(self.faults),
            self.facts,
            len(self.entries),
            size,
            self.signed_by,
            dict(records or {}),
            tuple(found),
        )

    # ---- the zip

    def _find_bag(self, infos: Iterable[zipfile.ZipInfo]) -> None:
        """The bag at the top of the zip, or in the one folder at its top."""
        files = {name_of(entry): entry for entry in infos if not entry.is_dir()}
        tops = {name.split("/")[0] for name in files}
        root = "" if "bagit.txt" in files else f"{next(iter(tops))}/" if len(tops) == 1 else ""
        if f"{root}bagit.txt" not in files:
            self.faults.append(fault("no_bag", self.name))
        self.entries = {name.removeprefix(root): entry for name, entry in files.items()}

    def _read_all(self) -> None:
        for name, entry in self.entries.items():
            try:
                self._read(name, entry)
            except READING:
                self.faults.append(fault("unreadable", name))

    def _read(self, name: str, entry: zipfile.ZipInfo) -> None:
        """Hash the entry; keep its text when a later check needs it. The stated size is never exceeded."""
        digest, size = sha256(), 0
        kept = io.BytesIO() if _is_needed(name) else None
        with self.archive.open(entry) as source:
            while block := source.read(CHUNK):
                size += len(block)
                if size > entry.file_size:
                    raise ValueError("longer than stated")
                digest.update(block)
                if kept is not None and size <= MAX_TEXT:
                    kept.write(block)
        if size != entry.file_size:
            raise EOFError
        self.hashes[name] = digest.hexdigest()
        if kept is not None and size > MAX_TEXT:
            self.faults.append(fault("too_large", name, limit="256 MB"))
        elif kept is not None:
            self.texts[name] = kept.getvalue()

    # ---- the bag

    def _bag(self) -> None:
        if self.texts.get("bagit.txt", b"").replace(b"\r\n", b"\n") != pack.BAGIT:
            self.faults.append(fault("bag_version", "bagit.txt"))
        self._bag_info()
        self._manifest(pack.MANIFEST, {name for name in self.entries if name.startswith("data/")})
        tags = {"bagit.txt", "bag-info.txt", pack.MANIFEST}
        self._manifest(pack.TAG_MANIFEST, tags)
        known = tags | {pack.TAG_MANIFEST, pack.SIGNATURE}
        self.faults += [
            fault("extra", name) for name in self.entries if not name.startswith("data/") and name not in known
        ]
        needed = (*pack.REQUIRED, *(f"{pack.RECORDS}{name}.csv" for name in rec.tables()))
        self.faults += [fault("required", name) for name in needed if name not in self.entries]
        self._signature()

    def _bag_info(self) -> None:
        self.facts.update(_labels(self.texts.get("bag-info.txt", b"")))
        version = self.facts.get("TownSafe-Format", "").split(" ")
        if version[0] != pack.FORMAT or len(version) != 2 or not version[1].isdecimal():
            self.faults.append(fault("bag_info", "bag-info.txt", label="TownSafe-Format"))
        elif int(version[1][:6]) > pack.FORMAT_VERSION:
            self.faults.append(fault("format_newer", "bag-info.txt", value=version[1]))
        for label in ("Source-Organization", "TownSafe-Year", "TownSafe-Cut-Off", "TownSafe-Journal-Hash"):
            if not self.facts.get(label):
                self.faults.append(fault("bag_info", "bag-info.txt", label=label))
        payload = [entry.file_size for name, entry in self.entries.items() if name.startswith("data/")]
        if self.facts.get("Payload-Oxum") != f"{sum(payload)}.{len(payload)}":
            self.faults.append(fault("oxum", "bag-info.txt"))

    def _manifest(self, manifest: str, expected: set[str]) -> None:
        if manifest not in self.texts:
            self.faults.append(fault("required", manifest))
            return
        listed: dict[str, str] = {}
        for number, line in enumerate(_lines(self.texts[manifest]), start=1):
            found = _LINE.fullmatch(line)
            if found is None:
                self.faults.append(fault("manifest", manifest, line=number))
            else:
                listed[_unescaped(found[2])] = found[1].lower()
        for name, digest in listed.items():
            if name not in self.entries:
                self.faults.append(fault("missing", name))
            elif self.hashes.get(name, digest) != digest:
                self.faults.append(fault("hash", name))
        self.faults += [fault("extra", name) for name in sorted(expected - listed.keys())]

    def _signature(self) -> None:
        if pack.SIGNATURE not in self.entries:
            return
        try:
            told = json.loads(self.texts[pack.SIGNATURE])
            public = base64.b64decode(told["public_key"], validate=True)
            signed = base64.b64decode(told["signature"], validate=True)
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
            self.faults.append(fault("signature", pack.SIGNATURE))
            return
        if pack.signature_holds(public, signed, self.texts.get(pack.TAG_MANIFEST, b"")):
            self.signed_by = pack.fingerprint(public)
        else:
            self.faults.append(fault("signature_wrong", pack.SIGNATURE))

    # ---- the records

    def _records(self) -> dict[str, list[dict[str, Any]]]:
        """The tables, or nothing when one of them cannot be relied on."""
        before = len(self.faults)
        self._datapackage()
        found = {}
        for name, table in rec.tables().items():
            path = f"{pack.RECORDS}{name}.csv"
            if path in self.texts:
                found[name], problems = rec.from_csv(table, self.texts[path])
                self._cells(table, problems)
        if len(found) < len(rec.tables()) or len(self.faults) > before:
            return {}
        for name, problem in rec.broken_links(found):
            self._cells(rec.tables()[name], [problem])
        return {} if len(self.faults) > before else found

    def _cells(self, table: rec.Table, problems: list[rec.CellFault]) -> None:
        titles = {each.name: each.title for each in table.fields}
        for problem in problems[:MAX_FAULTS]:
            code = "cell_required" if problem.code == "required" else problem.code
            column = titles.get(problem.column, problem.column)
            where = f"{pack.RECORDS}{table.name}.csv 第 {problem.line} 行"
            self.faults.append(fault(code, where, column=column, value=problem.value))
        if len(problems) > MAX_FAULTS:
            rest = len(problems) - MAX_FAULTS
            self.faults.append(fault("more", f"{pack.RECORDS}{table.name}.csv", count=rest))

    def _datapackage(self) -> None:
        where = f"{pack.RECORDS}datapackage.json"
        if where not in self.texts:
            return
        said = datapackage_fault(self.texts[where], self.facts)
        if said:
            self.faults.append(fault("datapackage", where, said=said))

    # ---- the figures

    def _figures(self, records: Mapping[str, list[dict[str, Any]]]) -> tuple[Figure, ...]:
        if not records:
            return ()
        try:
            year, cut_off = int(self.facts["TownSafe-Year"]), date.fromisoformat(self.facts["TownSafe-Cut-Off"])
        except (KeyError, ValueError):
            self.faults.append(fault("cut_off", "bag-info.txt"))
            return ()
        if cut_off.year != year or not 2000 <= year <= 2100:
            self.faults.append(fault("cut_off", "bag-info.txt"))
            return ()
        computed = figures(records, year, cut_off)
        self.faults += figure_faults(computed, records["figures"])
        self._paper_figures(by_key(computed))
        return computed

    def _paper_figures(self, computed: Mapping[tuple[str, str], Figure]) -> None:
        """The numbers in the Word report and the front page, and the mark in the PDFs that names their figures."""
        for name, read in ((pack.REPORT_DOCX, _docx_figures), (pack.INDEX, _index_figures)):
            try:
                stated = read(self.texts.get(name, b""))
            except READING:
                self.faults.append(fault("report_unreadable", name))
                continue
            self.faults += list(_paper_faults(name, stated, computed))
        digest = self.hashes.get(f"{pack.RECORDS}figures.csv", "").encode()
        for name in (pack.REPORT_PDF, pack.STATISTICS_PDF):
            found = _PDF_MARK.search(self.texts.get(name, b""))
            if found is None or found[1] != digest:
                self.faults.append(fault("report_hash", name))


def _is_needed(name: str) -> bool:
    """Whether the content of a file is read, beyond its hash."""
    papers = (pack.REPORT_DOCX, pack.REPORT_PDF, pack.STATISTICS_PDF, pack.INDEX)
    return "/" not in name or name.startswith(pack.RECORDS) or name in papers


def directory_faults(infos: list[zipfile.ZipInfo]) -> list[Fault]:
    """What the directory of a zip already tells, before anything is unpacked."""
    if len(infos) > MAX_ENTRIES:
        return [fault("too_many", "zip", limit=MAX_ENTRIES)]
    if sum(entry.file_size for entry in infos) > MAX_TOTAL:
        return [fault("too_large", "zip", limit="2 GB")]
    seen: set[str] = set()
    found = [each for entry in infos for each in _entry_faults(entry, seen)]
    return found + _overlaps(infos)


def _entry_faults(entry: zipfile.ZipInfo, seen: set[str]) -> Iterator[Fault]:
    name = name_of(entry)
    where = _short(name)
    if not _is_safe(name):
        yield fault("bad_name", where)
    key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
    if key in seen:
        yield fault("duplicate_name", where)
    seen.add(key)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield fault("link", where)
    if entry.flag_bits & 0x1:
        yield fault("encrypted", where)
    if entry.file_size > MAX_ENTRY:
        yield fault("too_large", where, limit="512 MB")
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        yield fault("bomb", where)


def _is_safe(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return bool(name) and not (
        "\\" in name
        or name.startswith("/")
        or _DRIVE.match(name)
        or _CONTROL.search(name)
        or any(part in ("", ".", "..") for part in parts)
    )


def _overlaps(infos: Iterable[zipfile.ZipInfo]) -> list[Fault]:
    """Entries whose data lie inside one another, as in bombs that no ratio betrays."""
    found, end = [], 0
    for entry in sorted(infos, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            found.append(fault("overlap", _short(name_of(entry))))
        end = entry.header_offset + 30 + entry.compress_size
    return found


def _lines(content: bytes) -> list[str]:
    return [line for line in content.decode("utf-8", "replace").split("\n") if line.rstrip("\r")]


def _labels(content: bytes) -> dict[str, str]:
    found = {}
    for line in _lines(content):
        label, colon, value = line.partition(":")
        if colon:
            found[label.strip()] = value.strip()
    return found


def _unescaped(name: str) -> str:
    return name.rstrip("\r").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def datapackage_fault(content: bytes, facts: Mapping[str, str]) -> str:
    """What is wrong with a `datapackage.json`, or nothing: our tables must be there as they should be."""
    try:
        told = json.loads(content)
        head, resources = told["townsafe"], {each["name"]: each for each in told["resources"]}
        stated = (str(head["year"]), str(head["cut_off"]), str(head["office"]))
        for name, table in rec.tables().items():
            columns = [(each["name"], each["type"]) for each in resources[name]["schema"]["fields"]]
            if columns[: len(table.fields)] != [(each.name, each.type.value) for each in table.fields]:
                return f"{table.title}的列与规定不一致"
            if resources[name]["path"] != f"{name}.csv":
                return f"{table.title}的文件名不对"
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return "缺少必要的内容"
    wanted = tuple(facts.get(label, "") for label in ("TownSafe-Year", "TownSafe-Cut-Off", "Source-Organization"))
    return "" if stated == wanted else "单位、年度或截止日期与 bag-info.txt 不一致"


def figure_faults(computed: Iterable[Figure], stated: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Every figure of `figures.csv` that is not what the records give."""
    where = f"{pack.RECORDS}figures.csv"
    expected = {(row["code"], row["part"]): row for row in rec.figure_rows(computed)}
    found = {(row["code"], row["part"]): row for row in stated}
    faults = [fault("figure_missing", where, title=expected[key]["title"]) for key in expected.keys() - found.keys()]
    faults += [fault("figure_unknown", f"{where} {key[0]} {key[1]}") for key in found.keys() - expected.keys()]
    for key in sorted(expected.keys() & found.keys()):
        ours, theirs = expected[key], found[key]
        if any(ours[name] != theirs[name] for name in ("value", "numerator", "denominator")):
            said = {"stated": _number(theirs), "computed": _number(ours)}
            faults.append(fault("figure_value", f"{where} {key[0]}", title=ours["title"], **said))
    sums = {(code, "" if part == rec.WHOLE else part): row["numerator"] for (code, part), row in found.items()}
    wrong = [] if faults else not_adding_up(sums)
    return sorted(faults, key=lambda each: each.text) + [
        fault("figures_sum", where, title=rec.definitions()[code].title) for code in wrong
    ]


def _number(row: Mapping[str, Any]) -> str:
    value = "—" if row["value"] is None else row["value"]
    return f"{value}（{row['numerator']}/{row['denominator']}）" if row["denominator"] is not None else f"{value}"


Stated = list[tuple[str, str, str]]


def _docx_figures(content: bytes) -> Stated:
    """The numbers of a Word report, by the bookmarks that hold them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
        if entry.file_size > MAX_TEXT:
            raise ValueError("too large")
        document = archive.read(entry).decode("utf-8")
    names = {figure_mark(code, part): (code, part) for code in rec.definitions() for part in ("", *rec.part_names())}
    return [
        (*names.get(mark, (mark, "")), html.unescape("".join(_RUN_TEXT.findall(inside))))
        for _, mark, inside in _BOOKMARK.findall(document)
    ]


def _index_figures(content: bytes) -> Stated:
    found = _INDEX_FIGURE.findall(content.decode("utf-8"))
    return [(code, part, html.unescape(text)) for code, part, text in found]


def _paper_faults(name: str, stated: Stated, computed: Mapping[tuple[str, str], Figure]) -> Iterator[Fault]:
    if not stated:
        yield fault("report_unreadable", name)
    told = set()
    for code, part, text in stated:
        figure = computed.get((code, "" if part == rec.WHOLE else part))
        wanted = "—" if figure is None else figure.text
        if text != wanted and (code, part) not in told:
            told.add((code, part))
            title = rec.definitions()[code].title if code in rec.definitions() else code
            yield fault("figure_twice", name, title=title, stated=text, computed=wanted)
