"""Step 0002: official documents, their numbers, who issues them, and the confirmations of forms."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "form_confirmation",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_confirmation")),
        sa.UniqueConstraint("mark", name=op.f("uq_form_confirmation_mark")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "form_issuer",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("dept", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("higher", sa.String(), nullable=False),
        sa.Column("gov", sa.String(), nullable=False),
        sa.Column("court", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_issuer")),
        sa.UniqueConstraint("from_on", name=op.f("uq_form_issuer_from_on")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "form_document",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column(
            "record_kind",
            sa.Enum(
                "enterprise",
                "inspection",
                "rectification_order",
                "reinspection",
                "hazard",
                "penalty_case",
                name="recordkind",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("draft", "issued", "void", name="documentstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("voided_by", sa.String(), nullable=False),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "record_kind IN ('enterprise', 'inspection', 'rectification_order', 'reinspection', 'hazard', 'penalty_case')",
            name=op.f("ck_form_document_record_kind"),
        ),
        sa.CheckConstraint("status IN ('draft', 'issued', 'void')", name=op.f("ck_form_document_status")),
        sa.ForeignKeyConstraint(["case_id"], ["penalty_case.id"], name=op.f("fk_form_document_case_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_form_document_enterprise_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_form_document_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_document")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("form_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_document_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_document_dated_on"), ["dated_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_document_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_document_form_status"), ["form", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_document_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_form_document_record_kind_record_id"), ["record_kind", "record_id"], unique=False
        )

    op.create_table(
        "document_number",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("reserved", "used", "void", name="numberstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('reserved', 'used', 'void')", name=op.f("ck_document_number_state")),
        sa.ForeignKeyConstraint(["document_id"], ["form_document.id"], name=op.f("fk_document_number_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_number")),
        sa.UniqueConstraint(
            "series", "year", "sequence", "code", name=op.f("uq_document_number_series_year_sequence_code")
        ),
        sa.UniqueConstraint("text", name=op.f("uq_document_number_text")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("document_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_number_chain"), ["chain"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_number_document_id"), ["document_id"], unique=False)
