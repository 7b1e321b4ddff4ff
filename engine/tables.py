"""The engine's tables: one opaque state per case, and everything people ask about as rows of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base import Base, Instant, Json

NO_DUE = datetime.fromisoformat("9999-01-01T00:00:00+08:00")
OPEN_STATES = ("open", "claimed")


class Setting(Base):
    """A value of the installation itself, such as the demonstration clock's offset in seconds."""

    __tablename__ = "engine_setting"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


class CalendarDay(Base):
    """A day on which the week's rule does not hold: a holiday, or a Saturday worked instead."""

    __tablename__ = "engine_calendar_day"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="")


class CalendarYear(Base):
    """Whether a year's days were announced by the State Council, or are only the statutory guess."""

    __tablename__ = "engine_calendar_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provisional: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200), default="")


class Definition(Base):
    """One version of a process's folder: diagram, decisions, forms; `content_hash` tells it from the next."""

    __tablename__ = "engine_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    content_hash: Mapped[str] = mapped_column(String(64))
    deployed_at: Mapped[datetime] = mapped_column(Instant)
    deployed_by: Mapped[str] = mapped_column(String(120))
    author: Mapped[str] = mapped_column(String(120), default="")
    starters: Mapped[list[str]] = mapped_column(Json, default=list)
    properties: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    pins: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    is_process: Mapped[bool] = mapped_column(default=True)


class DefinitionFile(Base):
    """A file of a version, as canonical text."""

    __tablename__ = "engine_definition_file"
    definition_id: Mapped[int] = mapped_column(ForeignKey("engine_definition.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    content: Mapped[str] = mapped_column(Text)


class Number(Base):
    """The last number given out in a series and year."""

    __tablename__ = "engine_number"
    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Base):
    """A running or finished process: `blob` is the workflow's state, `variables` what people and expressions read."""

    __tablename__ = "engine_case"
    __table_args__ = (
        Index("ix_engine_case_key", "process_key", "business_key"),
        Index("uq_engine_case_running", "process_key", "business_key", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("engine_definition.id"), index=True)
    process_key: Mapped[str] = mapped_column(String(120))
    process_version: Mapped[int]
    business_key: Mapped[str | None] = mapped_column(String(120), index=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(12))
    severity: Mapped[str | None] = mapped_column(String(12))
    org_unit: Mapped[str | None] = mapped_column(String(120), index=True)
    started_by: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    blob: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    history_seq: Mapped[int] = mapped_column(default=0)
    history_head: Mapped[str] = mapped_column(String(64), default="")


class CaseScope(Base):
    """The organisations, with their ancestors, that a case has to do with: who may see it."""

    __tablename__ = "engine_case_scope"
    __table_args__ = (Index("ix_engine_case_scope_case", "case_id"),)
    org_unit: Mapped[str] = mapped_column(String(120), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"), primary_key=True)


class CaseLink(Base):
    """Two cases that belong together, such as a recurrence and the hazard it repeats."""

    __tablename__ = "engine_case_link"
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)


class Task(Base):
    """A user task that is or was somebody's to do; `token_id` is its SpiffWorkflow task."""

    __tablename__ = "engine_task"
    __table_args__ = (
        UniqueConstraint("case_id", "token_id"),
        Index("ix_engine_task_mine", "assignee", "state", "due_at"),
        Index("ix_engine_task_state", "state", "due_at"),
        Index("ix_engine_task_case", "case_id", "state"),
        Index("ix_engine_task_doer", "case_id", "element_id", "completed_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"))
    token_id: Mapped[str] = mapped_column(String(36))
    process_key: Mapped[str] = mapped_column(String(120))
    element_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="open")
    assignee: Mapped[str | None] = mapped_column(String(120))
    candidate_roles: Mapped[list[str]] = mapped_column(Json, default=list)
    position: Mapped[str | None] = mapped_column(String(60))
    org_unit: Mapped[str | None] = mapped_column(String(120))
    not_same_person_as: Mapped[list[str]] = mapped_column(Json, default=list)
    priority: Mapped[int] = mapped_column(default=50)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str | None] = mapped_column(String(120))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    due_basis: Mapped[dict[str, Any] | None] = mapped_column(Json)
    follow_up_at: Mapped[datetime | None] = mapped_column(Instant)
    form_key: Mapped[str | None] = mapped_column(String(200))
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    completed_by: Mapped[str | None] = mapped_column(String(120))
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class TaskScope(Base):
    """The inbox's index: a row per role and ancestor organisation ("role@org") of an open unassigned task."""

    __tablename__ = "engine_task_scope"
    __table_args__ = (Index("ix_engine_task_scope_task", "task_id"),)
    scope: Mapped[str] = mapped_column(String(180), primary_key=True)
    due: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("engine_task.id"), primary_key=True)


class TaskBar(Base):
    """Who may not do an open task because of what they did before in this case."""

    __tablename__ = "engine_task_bar"
    task_id: Mapped[int] = mapped_column(ForeignKey("engine_task.id"), primary_key=True)
    username: Mapped[str] = mapped_column(String(120), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(120))


class Timer(Base):
    """A waiting timer: fired once, inside its case's own turn, when `due_at` is reached."""

    __tablename__ = "engine_timer"
    __table_args__ = (Index("ix_engine_timer_due", "due_at", "id"), Index("ix_engine_timer_case", "case_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"))
    token_id: Mapped[str] = mapped_column(String(36))
    part: Mapped[str] = mapped_column(String(12), default="")
    element_id: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[datetime] = mapped_column(Instant)
    stopped: Mapped[bool] = mapped_column(default=False)
    due_basis: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Subscription(Base):
    """A waiting message event: reached by its name and correlation key."""

    __tablename__ = "engine_subscription"
    __table_args__ = (
        Index("ix_engine_subscription_message", "name", "correlation_key"),
        Index("ix_engine_subscription_case", "case_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"))
    token_id: Mapped[str] = mapped_column(String(36))
    part: Mapped[str] = mapped_column(String(12), default="")
    element_id: Mapped[str] = mapped_column(String(120))
    element_name: Mapped[str] = mapped_column(String(200), default="")
    element_name_en: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(120))
    correlation_key: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str | None] = mapped_column(String(200))
    candidate_groups: Mapped[str | None] = mapped_column(Text)


class Message(Base):
    """A message that was sent: `pending` for the case it goes to (none: it starts one), `waiting` until
    `expires_at` for somebody to await it, `delivered`, `dropped`, `failed` or `expired`."""

    __tablename__ = "engine_message"
    __table_args__ = (
        Index("ix_engine_message_waiting", "name", "correlation_key", "state"),
        Index("ix_engine_message_state", "state", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    correlation_key: Mapped[str] = mapped_column(String(200))
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sent_by: Mapped[str] = mapped_column(String(120))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    grants: Mapped[list[list[str | None]] | None] = mapped_column(Json)


class History(Base):
    """What happened, in order, each row's hash over itself and the one before; `chain` is "case/412" or a subject."""

    __tablename__ = "engine_history"
    __table_args__ = (Index("ix_engine_history_case", "case_id", "seq"),)
    chain: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    element_id: Mapped[str | None] = mapped_column(String(120))
    element_name: Mapped[str | None] = mapped_column(String(200))
    element_name_en: Mapped[str | None] = mapped_column(String(200))
    element_type: Mapped[str | None] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(120))
    data: Mapped[Any] = mapped_column(Json)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Chain(Base):
    """The head of a chain that is no case's: accounts, parameters, deployments, operations."""

    __tablename__ = "engine_chain"
    chain: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")


class SubmissionRow(Base):
    """What a form brought, kept as it was: every submission of every round."""

    __tablename__ = "engine_submission"
    __table_args__ = (Index("ix_engine_submission_case", "case_id", "element_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("engine_task.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str] = mapped_column(String(120))
    submitted_at: Mapped[datetime] = mapped_column(Instant)


class DecisionRecord(Base):
    """One evaluation of a decision, with what a page needs to say why."""

    __tablename__ = "engine_decision_record"
    __table_args__ = (Index("ix_engine_decision_record_case", "case_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    element_id: Mapped[str | None] = mapped_column(String(120))
    decision_id: Mapped[str] = mapped_column(String(120))
    decision_name: Mapped[str] = mapped_column(String(200), default="")
    definition_id: Mapped[int] = mapped_column(ForeignKey("engine_definition.id"))
    definition_version: Mapped[int]
    result_variable: Mapped[str | None] = mapped_column(String(120))
    inputs: Mapped[dict[str, Any]] = mapped_column(Json)
    outputs: Mapped[Any] = mapped_column(Json)
    matched_rules: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)


class Incident(Base):
    """Where a case could not go on, and the command that will be run again."""

    __tablename__ = "engine_incident"
    __table_args__ = (Index("ix_engine_incident_case", "case_id", "state"), Index("ix_engine_incident_state", "state", "id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    process_key: Mapped[str] = mapped_column(String(120), default="")
    element_id: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(Text)
    message_en: Mapped[str] = mapped_column(Text, default="")
    command: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12), default="open")
    attempts: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None] = mapped_column(String(120))


class IdempotencyKey(Base):
    """An answer given once under a client's key; the same content gets it again for 24 hours."""

    __tablename__ = "engine_idempotency_key"
    scope: Mapped[str] = mapped_column(String(400), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


class Draft(Base):
    """What somebody has typed into a form and not sent: theirs alone. `subject` is "task/7" or "start/<process>"."""

    __tablename__ = "engine_draft"
    subject: Mapped[str] = mapped_column(String(160), primary_key=True)
    username: Mapped[str] = mapped_column(String(120), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class Comment(Base):
    """A remark on a case, with the people it mentions."""

    __tablename__ = "engine_comment"
    __table_args__ = (Index("ix_engine_comment_case", "case_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("engine_case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("engine_task.id"))
    author: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[str]] = mapped_column(Json, default=list)


class Attachment(Base):
    """A file somebody brought; theirs alone until a form or a comment takes it into a case."""

    __tablename__ = "engine_attachment"
    __table_args__ = (Index("ix_engine_attachment_case", "case_id"),)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_sha256: Mapped[str] = mapped_column(String(64), default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_by: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime] = mapped_column(Instant, index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    element_id: Mapped[str | None] = mapped_column(String(120))


class AttachmentContent(Base):
    """The bytes of an attachment, apart so that lists never load them."""

    __tablename__ = "engine_attachment_content"
    attachment_id: Mapped[str] = mapped_column(ForeignKey("engine_attachment.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary)
