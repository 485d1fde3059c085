"""How a document is read in a list."""

from desktop import text
from desktop.services.document_list import ListedDocument
from desktop.ui.documents.editor import state_pill
from desktop.ui.widgets.columns import Align, Column

COLUMNS: tuple[Column[ListedDocument], ...] = (
    Column("dated_on", "日期", lambda row: text.day(row.dated_on), 116, Align.RIGHT, rank=4),
    Column("title", "文书", lambda row: row.title, 190, is_sortable=False, rank=1, least=150),
    Column("number", "文号", lambda row: row.number, 200),
    Column("enterprise", "企业", lambda row: row.enterprise, 220, rank=2, least=204),
    Column("status", "状态", lambda row: text.label(row.status), 96, pill=lambda row: state_pill(row.status), rank=3),
    Column("scans", "签字件", lambda row: f"{row.scans} 份" if row.scans else "", 70, Align.RIGHT, is_sortable=False),
    Column("made_by", "制作人", lambda row: row.made_by, 76),
    Column("issued_by", "签发人", lambda row: row.issued_by, 76, is_sortable=False),
    Column("pages", "页数", lambda row: str(row.page_count or ""), 56, Align.RIGHT, is_sortable=False, is_shown=False),
    Column("stage", "阶段", lambda row: text.label(row.stage), 70, is_sortable=False, is_shown=False),
)
