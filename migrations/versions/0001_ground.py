"""The ground: the tables as the first release has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "engine_calendar_day",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_engine_calendar_day")),
    )
    op.create_table(
        "engine_calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_engine_calendar_year")),
    )
    op.create_table(
        "engine_chain",
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_engine_chain")),
    )
    op.create_table(
        "engine_definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("deployed_at", sa.DateTime(), nullable=False),
        sa.Column("deployed_by", sa.String(length=120), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("starters", sa.Text(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("pins", sa.Text(), nullable=False),
        sa.Column("is_process", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_definition")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_engine_definition_key_version")),
    )
    op.create_table(
        "engine_draft",
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "username", name=op.f("pk_engine_draft")),
    )
    op.create_table(
        "engine_idempotency_key",
        sa.Column("scope", sa.String(length=400), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_engine_idempotency_key")),
    )
    with op.batch_alter_table("engine_idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engine_idempotency_key_at"), ["at"], unique=False)

    op.create_table(
        "engine_number",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_engine_number")),
    )
    op.create_table(
        "engine_setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_engine_setting")),
    )
    op.create_table(
        "housing_account",
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("display_zh", sa.String(length=120), nullable=False),
        sa.Column("display_en", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(), nullable=True),
        sa.Column("secret_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_housing_account")),
    )
    op.create_table(
        "housing_api_token",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_housing_api_token")),
    )
    with op.batch_alter_table("housing_api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_api_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_housing_api_token_username", ["username"], unique=False)

    op.create_table(
        "housing_org_unit",
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("parent", sa.String(length=120), nullable=True),
        sa.Column("path", sa.String(length=600), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent"], ["housing_org_unit.code"], name=op.f("fk_housing_org_unit_parent")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_housing_org_unit")),
    )
    with op.batch_alter_table("housing_org_unit", schema=None) as batch_op:
        batch_op.create_index("ix_housing_org_unit_kind", ["kind", "code"], unique=False)
        batch_op.create_index("ix_housing_org_unit_path", ["path"], unique=False)

    op.create_table(
        "housing_pii_access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_pii_access_log")),
    )
    with op.batch_alter_table("housing_pii_access_log", schema=None) as batch_op:
        batch_op.create_index("ix_housing_pii_access_log_subject", ["subject", "id"], unique=False)

    op.create_table(
        "housing_policy_parameter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_policy_parameter")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_housing_policy_parameter_key_valid_from")),
    )
    op.create_table(
        "housing_saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("org_unit", sa.String(length=120), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_saved_view")),
    )
    with op.batch_alter_table("housing_saved_view", schema=None) as batch_op:
        batch_op.create_index("ix_housing_saved_view_owner", ["owner"], unique=False)
        batch_op.create_index("ix_housing_saved_view_role", ["role", "org_unit"], unique=False)

    op.create_table(
        "housing_supervision_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hazard", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("ordered_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_supervision_order")),
    )
    with op.batch_alter_table("housing_supervision_order", schema=None) as batch_op:
        batch_op.create_index("ix_housing_supervision_order_hazard", ["hazard"], unique=False)

    op.create_table(
        "engine_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("business_key", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=True),
        sa.Column("org_unit", sa.String(length=120), nullable=True),
        sa.Column("started_by", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["engine_definition.id"], name=op.f("fk_engine_case_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_case")),
    )
    with op.batch_alter_table("engine_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engine_case_business_key"), ["business_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_case_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_case_definition_id"), ["definition_id"], unique=False)
        batch_op.create_index("ix_engine_case_key", ["process_key", "business_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_case_org_unit"), ["org_unit"], unique=False)
        batch_op.create_index(
            "uq_engine_case_running",
            ["process_key", "business_key"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "engine_definition_file",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["engine_definition.id"], name=op.f("fk_engine_definition_file_definition_id")
        ),
        sa.PrimaryKeyConstraint("definition_id", "path", name=op.f("pk_engine_definition_file")),
    )
    op.create_table(
        "housing_operator",
        sa.Column("org_unit", sa.String(length=120), nullable=False),
        sa.Column("credit_code", sa.String(length=40), nullable=False),
        sa.Column("scope_ok", sa.Boolean(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("rating", sa.String(length=2), nullable=False),
        sa.Column("credit_points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_unit"], ["housing_org_unit.code"], name=op.f("fk_housing_operator_org_unit")
        ),
        sa.PrimaryKeyConstraint("org_unit", name=op.f("pk_housing_operator")),
    )
    op.create_table(
        "housing_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_no", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("address_en", sa.String(length=200), nullable=False),
        sa.Column("subdistrict", sa.String(length=120), nullable=False),
        sa.Column("committee", sa.String(length=120), nullable=True),
        sa.Column("operator", sa.String(length=120), nullable=True),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("product_kinds", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("supply_status", sa.String(length=20), nullable=False),
        sa.Column("identification_no", sa.String(length=60), nullable=False),
        sa.Column("grid_code", sa.String(length=40), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["committee"], ["housing_org_unit.code"], name=op.f("fk_housing_project_committee")
        ),
        sa.ForeignKeyConstraint(
            ["operator"], ["housing_org_unit.code"], name=op.f("fk_housing_project_operator")
        ),
        sa.ForeignKeyConstraint(
            ["subdistrict"], ["housing_org_unit.code"], name=op.f("fk_housing_project_subdistrict")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_project")),
        sa.UniqueConstraint("file_no", name=op.f("uq_housing_project_file_no")),
    )
    with op.batch_alter_table("housing_project", schema=None) as batch_op:
        batch_op.create_index("ix_housing_project_committee", ["committee"], unique=False)
        batch_op.create_index("ix_housing_project_operator", ["operator"], unique=False)
        batch_op.create_index("ix_housing_project_subdistrict", ["subdistrict"], unique=False)

    op.create_table(
        "housing_role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("org_unit", sa.String(length=120), nullable=False),
        sa.Column("position", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_unit"], ["housing_org_unit.code"], name=op.f("fk_housing_role_grant_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["username"], ["housing_account.username"], name=op.f("fk_housing_role_grant_username")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_role_grant")),
    )
    with op.batch_alter_table("housing_role_grant", schema=None) as batch_op:
        batch_op.create_index("ix_housing_role_grant_person", ["username"], unique=False)
        batch_op.create_index("ix_housing_role_grant_role", ["role", "org_unit"], unique=False)

    op.create_table(
        "housing_substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_user", sa.String(length=120), nullable=False),
        sa.Column("to_user", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_user"], ["housing_account.username"], name=op.f("fk_housing_substitution_from_user")
        ),
        sa.ForeignKeyConstraint(
            ["to_user"], ["housing_account.username"], name=op.f("fk_housing_substitution_to_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_substitution")),
    )
    with op.batch_alter_table("housing_substitution", schema=None) as batch_op:
        batch_op.create_index("ix_housing_substitution_from", ["from_user"], unique=False)
        batch_op.create_index("ix_housing_substitution_to", ["to_user"], unique=False)

    op.create_table(
        "engine_attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=120), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_attachment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_attachment")),
    )
    with op.batch_alter_table("engine_attachment", schema=None) as batch_op:
        batch_op.create_index("ix_engine_attachment_case", ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_attachment_uploaded_at"), ["uploaded_at"], unique=False)

    op.create_table(
        "engine_case_link",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_case_link_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["engine_case.id"], name=op.f("fk_engine_case_link_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", "kind", name=op.f("pk_engine_case_link")),
    )
    op.create_table(
        "engine_case_scope",
        sa.Column("org_unit", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_case_scope_case_id")),
        sa.PrimaryKeyConstraint("org_unit", "case_id", name=op.f("pk_engine_case_scope")),
    )
    with op.batch_alter_table("engine_case_scope", schema=None) as batch_op:
        batch_op.create_index("ix_engine_case_scope_case", ["case_id"], unique=False)

    op.create_table(
        "engine_decision_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("decision_id", sa.String(length=120), nullable=False),
        sa.Column("decision_name", sa.String(length=200), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("result_variable", sa.String(length=120), nullable=True),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("matched_rules", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["engine_case.id"], name=op.f("fk_engine_decision_record_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["engine_definition.id"], name=op.f("fk_engine_decision_record_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_decision_record")),
    )
    with op.batch_alter_table("engine_decision_record", schema=None) as batch_op:
        batch_op.create_index("ix_engine_decision_record_case", ["case_id"], unique=False)

    op.create_table(
        "engine_history",
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("element_name", sa.String(length=200), nullable=True),
        sa.Column("element_name_en", sa.String(length=200), nullable=True),
        sa.Column("element_type", sa.String(length=40), nullable=True),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_history_case_id")),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_engine_history")),
    )
    with op.batch_alter_table("engine_history", schema=None) as batch_op:
        batch_op.create_index("ix_engine_history_case", ["case_id", "seq"], unique=False)

    op.create_table(
        "engine_incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_incident_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_incident")),
    )
    with op.batch_alter_table("engine_incident", schema=None) as batch_op:
        batch_op.create_index("ix_engine_incident_case", ["case_id", "state"], unique=False)
        batch_op.create_index("ix_engine_incident_state", ["state", "id"], unique=False)

    op.create_table(
        "engine_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("correlation_key", sa.String(length=200), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.String(length=120), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("grants", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_message_case_id")),
        sa.ForeignKeyConstraint(["target_id"], ["engine_case.id"], name=op.f("fk_engine_message_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_message")),
    )
    with op.batch_alter_table("engine_message", schema=None) as batch_op:
        batch_op.create_index("ix_engine_message_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_engine_message_waiting", ["name", "correlation_key", "state"], unique=False)

    op.create_table(
        "engine_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("element_name", sa.String(length=200), nullable=False),
        sa.Column("element_name_en", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("correlation_key", sa.String(length=200), nullable=False),
        sa.Column("form_key", sa.String(length=200), nullable=True),
        sa.Column("candidate_groups", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_subscription_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_subscription")),
    )
    with op.batch_alter_table("engine_subscription", schema=None) as batch_op:
        batch_op.create_index("ix_engine_subscription_case", ["case_id"], unique=False)
        batch_op.create_index("ix_engine_subscription_message", ["name", "correlation_key"], unique=False)

    op.create_table(
        "engine_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("assignee", sa.String(length=120), nullable=True),
        sa.Column("candidate_roles", sa.Text(), nullable=False),
        sa.Column("position", sa.String(length=60), nullable=True),
        sa.Column("org_unit", sa.String(length=120), nullable=True),
        sa.Column("not_same_person_as", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("due_basis", sa.Text(), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(), nullable=True),
        sa.Column("form_key", sa.String(length=200), nullable=True),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("completed_by", sa.String(length=120), nullable=True),
        sa.Column("completed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_task_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_task")),
        sa.UniqueConstraint("case_id", "token_id", name=op.f("uq_engine_task_case_id_token_id")),
    )
    with op.batch_alter_table("engine_task", schema=None) as batch_op:
        batch_op.create_index("ix_engine_task_case", ["case_id", "state"], unique=False)
        batch_op.create_index("ix_engine_task_doer", ["case_id", "element_id", "completed_at"], unique=False)
        batch_op.create_index("ix_engine_task_mine", ["assignee", "state", "due_at"], unique=False)
        batch_op.create_index("ix_engine_task_state", ["state", "due_at"], unique=False)

    op.create_table(
        "engine_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("due_basis", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_timer_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_timer")),
    )
    with op.batch_alter_table("engine_timer", schema=None) as batch_op:
        batch_op.create_index("ix_engine_timer_case", ["case_id"], unique=False)
        batch_op.create_index("ix_engine_timer_due", ["due_at", "id"], unique=False)

    op.create_table(
        "housing_building",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("floors", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("fire_class", sa.String(length=20), nullable=False),
        sa.Column("basement", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["housing_project.id"], name=op.f("fk_housing_building_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_building")),
    )
    with op.batch_alter_table("housing_building", schema=None) as batch_op:
        batch_op.create_index("ix_housing_building_project", ["project_id"], unique=False)

    op.create_table(
        "housing_credit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=120), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hazard", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator"], ["housing_operator.org_unit"], name=op.f("fk_housing_credit_entry_operator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_credit_entry")),
    )
    with op.batch_alter_table("housing_credit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_housing_credit_entry_operator", ["operator"], unique=False)

    op.create_table(
        "housing_dynamic_list_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=True),
        sa.Column("hazard", sa.String(length=40), nullable=True),
        sa.Column("exit_criteria", sa.String(length=300), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("exited_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["housing_project.id"], name=op.f("fk_housing_dynamic_list_entry_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_dynamic_list_entry")),
    )
    with op.batch_alter_table("housing_dynamic_list_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_housing_dynamic_list_entry_project", ["project_id", "exited_at"], unique=False
        )

    op.create_table(
        "engine_attachment_content",
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["engine_attachment.id"],
            name=op.f("fk_engine_attachment_content_attachment_id"),
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_engine_attachment_content")),
    )
    op.create_table(
        "engine_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_comment_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["engine_task.id"], name=op.f("fk_engine_comment_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_comment")),
    )
    with op.batch_alter_table("engine_comment", schema=None) as batch_op:
        batch_op.create_index("ix_engine_comment_case", ["case_id"], unique=False)

    op.create_table(
        "engine_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=120), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_engine_submission_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["engine_task.id"], name=op.f("fk_engine_submission_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_submission")),
    )
    with op.batch_alter_table("engine_submission", schema=None) as batch_op:
        batch_op.create_index("ix_engine_submission_case", ["case_id", "element_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_submission_task_id"), ["task_id"], unique=False)

    op.create_table(
        "engine_task_bar",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["engine_task.id"], name=op.f("fk_engine_task_bar_task_id")),
        sa.PrimaryKeyConstraint("task_id", "username", name=op.f("pk_engine_task_bar")),
    )
    op.create_table(
        "engine_task_scope",
        sa.Column("scope", sa.String(length=180), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["engine_task.id"], name=op.f("fk_engine_task_scope_task_id")),
        sa.PrimaryKeyConstraint("scope", "due", "task_id", name=op.f("pk_engine_task_scope")),
    )
    with op.batch_alter_table("engine_task_scope", schema=None) as batch_op:
        batch_op.create_index("ix_engine_task_scope_task", ["task_id"], unique=False)

    op.create_table(
        "housing_dwelling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=20), nullable=False),
        sa.Column("layout", sa.String(length=60), nullable=False),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("orientation", sa.String(length=20), nullable=False),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rent_cny", sa.BigInteger(), nullable=True),
        sa.Column("market_rent_cny", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["building_id"], ["housing_building.id"], name=op.f("fk_housing_dwelling_building_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_dwelling")),
        sa.UniqueConstraint("building_id", "number", name=op.f("uq_housing_dwelling_building_id_number")),
    )
    with op.batch_alter_table("housing_dwelling", schema=None) as batch_op:
        batch_op.create_index("ix_housing_dwelling_status", ["status", "id"], unique=False)

    op.create_table(
        "housing_notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("mailed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["engine_case.id"], name=op.f("fk_housing_notification_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["engine_task.id"], name=op.f("fk_housing_notification_task_id")
        ),
        sa.ForeignKeyConstraint(
            ["username"], ["housing_account.username"], name=op.f("fk_housing_notification_username")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_notification")),
    )
    with op.batch_alter_table("housing_notification", schema=None) as batch_op:
        batch_op.create_index("ix_housing_notification_mail", ["mailed_at", "username"], unique=False)
        batch_op.create_index("ix_housing_notification_person", ["username", "read_at", "id"], unique=False)

    op.create_table(
        "housing_hazard",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("dwelling_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("people_at_risk", sa.String(length=8), nullable=False),
        sa.Column("imminent", sa.Boolean(), nullable=False),
        sa.Column("affects_escape_or_structure", sa.Boolean(), nullable=False),
        sa.Column("can_fix_on_spot", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("served_at", sa.DateTime(), nullable=True),
        sa.Column("failed_verifications", sa.Integer(), nullable=False),
        sa.Column("escalation", sa.String(length=12), nullable=True),
        sa.Column("lead_unit", sa.String(length=120), nullable=True),
        sa.Column("recurrence_of", sa.String(length=40), nullable=True),
        sa.Column("duplicate_of", sa.String(length=40), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("false_confirmation", sa.Boolean(), nullable=False),
        sa.Column("reported_by", sa.String(length=120), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("root_cause", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["building_id"], ["housing_building.id"], name=op.f("fk_housing_hazard_building_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["engine_case.id"], name=op.f("fk_housing_hazard_case_id")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["housing_dwelling.id"], name=op.f("fk_housing_hazard_dwelling_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["housing_project.id"], name=op.f("fk_housing_hazard_project_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_housing_hazard")),
        sa.UniqueConstraint("case_id", name=op.f("uq_housing_hazard_case_id")),
    )
    with op.batch_alter_table("housing_hazard", schema=None) as batch_op:
        batch_op.create_index(
            "ix_housing_hazard_project", ["project_id", "category", "reported_at"], unique=False
        )
        batch_op.create_index("ix_housing_hazard_reporter", ["reported_by"], unique=False)
        batch_op.create_index("ix_housing_hazard_status", ["status", "due_at"], unique=False)

    op.create_table(
        "housing_hazard_notice",
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("addressee", sa.String(length=120), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["housing_hazard.number"], name=op.f("fk_housing_hazard_notice_number")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_housing_hazard_notice")),
    )
    with op.batch_alter_table("housing_hazard_notice", schema=None) as batch_op:
        batch_op.create_index("ix_housing_hazard_notice_number", ["number"], unique=False)

    op.create_table(
        "housing_hazard_photo",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("moment", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["housing_hazard.number"], name=op.f("fk_housing_hazard_photo_number")
        ),
        sa.PrimaryKeyConstraint("number", "attachment_id", name=op.f("pk_housing_hazard_photo")),
    )
