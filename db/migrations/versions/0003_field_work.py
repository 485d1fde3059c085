"""Step 0003: checklists, photos, urging, service of papers, supervision, own plans, field sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    _rebuild_obligation()
    op.create_table(
        "checklist_item",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("grp", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("code", "from_on", name=op.f("uq_checklist_item_code_from_on")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "phrase",
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("archived_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
        sa.UniqueConstraint("text", name=op.f("uq_phrase_text")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("phrase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phrase_initials"), ["initials"], unique=False)

    op.create_table(
        "enterprise_measure",
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_measure_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_measure")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("enterprise_measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_measure_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "officer_recusal",
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_officer_recusal_enterprise_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_officer_recusal_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_recusal")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("officer_recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_recusal_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_officer_recusal_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "urging",
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("urged_at", sa.DateTime(), nullable=False),
        sa.Column(
            "way",
            sa.Enum("wechat", "sms", "phone", "visit", "paper", name="urgingway", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("urged_by", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("way IN ('wechat', 'sms', 'phone', 'visit', 'paper')", name=op.f("ck_urging_way")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_urging_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urging_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "field_sheet",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_field_sheet_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_sheet")),
        sa.UniqueConstraint("code", name=op.f("uq_field_sheet_code")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("field_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_sheet_inspection_id"), ["inspection_id"], unique=False)

    op.create_table(
        "photo",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum("scene", "before", "after", "scan", name="photorole", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("likeness", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('scene', 'before', 'after', 'scan')", name=op.f("ck_photo_role")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_photo_attachment_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_photo_enterprise_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_photo_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_photo_attachment_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_likeness"), ["likeness"], unique=False)

    op.create_table(
        "document_delivery",
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "direct",
                "left",
                "mail",
                "entrusted",
                "transferred",
                "electronic",
                "public",
                name="deliveryway",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("first_server", sa.String(), nullable=False),
        sa.Column("second_server", sa.String(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("receipt_number", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "way IN ('direct', 'left', 'mail', 'entrusted', 'transferred', 'electronic', 'public')",
            name=op.f("ck_document_delivery_way"),
        ),
        sa.CheckConstraint("document_id IS NOT NULL OR order_id IS NOT NULL", name=op.f("ck_document_delivery_of")),
        sa.ForeignKeyConstraint(["order_id"], ["rectification_order.id"], name=op.f("fk_document_delivery_order_id")),
        sa.ForeignKeyConstraint(["document_id"], ["form_document.id"], name=op.f("fk_document_delivery_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_delivery")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("document_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_delivery_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_delivery_order_id"), ["order_id"], unique=False)

    op.create_table(
        "field_return",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["field_sheet.id"], name=op.f("fk_field_return_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_return")),
        sa.UniqueConstraint("sha256", name=op.f("uq_field_return_sha256")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("field_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_return_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "field_finding",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hazard_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("fk_field_finding_hazard_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["field_sheet.id"], name=op.f("fk_field_finding_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_finding")),
        sa.UniqueConstraint("sheet_id", "key", name=op.f("uq_field_finding_sheet_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("field_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_finding_hazard_id"), ["hazard_id"], unique=False)

    op.create_table(
        "inspection_answer",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("grp", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("good", "bad", "not_applicable", name="answer", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("general", "major", name="hazardlevel", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("proposed_due_on", sa.Date(), nullable=True),
        sa.Column("hazard_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('good', 'bad', 'not_applicable')", name=op.f("ck_inspection_answer_answer")),
        sa.CheckConstraint("level IN ('general', 'major')", name=op.f("ck_inspection_answer_level")),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("fk_inspection_answer_hazard_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_answer_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_answer")),
        sa.UniqueConstraint("inspection_id", "code", name=op.f("uq_inspection_answer_inspection_id_code")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("inspection_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_answer_hazard_id"), ["hazard_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_answer_inspection_id"), ["inspection_id"], unique=False)

    op.create_table(
        "urging_hazard",
        sa.Column("urging_id", sa.Integer(), nullable=False),
        sa.Column("hazard_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("fk_urging_hazard_hazard_id")),
        sa.ForeignKeyConstraint(["urging_id"], ["urging.id"], name=op.f("fk_urging_hazard_urging_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging_hazard")),
        sa.UniqueConstraint("urging_id", "hazard_id", name=op.f("uq_urging_hazard_urging_id_hazard_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("urging_hazard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urging_hazard_hazard_id"), ["hazard_id"], unique=False)

    op.create_table(
        "supervision",
        sa.Column("hazard_id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=True),
        sa.Column("standard", sa.String(), nullable=False),
        sa.Column("listed_by", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("supervisor", sa.String(), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("funds", sa.String(), nullable=False),
        sa.Column("time_limit", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("contingency", sa.String(), nullable=False),
        sa.Column("interim_control", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("resumption_asked_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("delisted_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_supervision_escalation_id")),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("fk_supervision_hazard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("supervision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervision_hazard_id"), ["hazard_id"], unique=False)

    with op.batch_alter_table("number_sequence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("start", sa.Integer(), nullable=True))

    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=True))

    with op.batch_alter_table("hazard", schema=None) as batch_op:
        batch_op.add_column(sa.Column("clause", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checklist_code", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_hazard_checklist_code"), ["checklist_code"], unique=False)


KINDS = (
    "inspect", "deliver", "rectify", "reinspect", "extension_reply", "file_case", "revisit", "certificate", "permit",
    "report", "propose", "supervise", "measure",
)  # fmt: skip
SUBJECTS = (
    "plan_item", "inspection", "rectification_order", "hazard", "extension", "revisit_programme", "officer", "permit",
    "year", "escalation", "supervision", "enterprise_measure", "document_delivery",
)  # fmt: skip


def _rebuild_obligation() -> None:
    """Make the table of obligations anew with more kinds and subjects: SQLite cannot change a CHECK.

    The number of the last id goes along, so that an id which an undo took back still never comes again.
    """
    connection = op.get_bind()
    told = "SELECT sql FROM sqlite_master WHERE tbl_name = 'obligation' AND type = ? AND sql IS NOT NULL"
    table = str(connection.exec_driver_sql(told, ("table",)).scalar_one())
    indexes = [str(sql) for sql in connection.exec_driver_sql(told, ("index",)).scalars()]
    for column, words in (("kind", KINDS), ("subject_type", SUBJECTS)):
        check = f"CONSTRAINT ck_obligation_{column} CHECK ({column} IN ("
        start = table.index(check) + len(check)
        table = table[:start] + ", ".join(f"'{word}'" for word in words) + table[table.index(")", start) :]
    last = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'obligation'").scalar()
    head, rest = table.split("obligation", 1)
    connection.exec_driver_sql(f"{head}obligation_new{rest}")
    connection.exec_driver_sql("INSERT INTO obligation_new SELECT * FROM obligation")
    connection.exec_driver_sql("DROP TABLE obligation")
    connection.exec_driver_sql("ALTER TABLE obligation_new RENAME TO obligation")
    for sql in indexes:
        connection.exec_driver_sql(sql)
    if last is not None:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'obligation'")
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('obligation', ?)", (last,))
