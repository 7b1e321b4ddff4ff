"""What a turn leaves in tables: the state, open tasks, timers, subscriptions, history, decisions, who may see."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from engine import definitions, duties, feel, history, incidents, trace
from engine.bpmn import state
from engine.bpmn.tokens import Token, message_tokens, ready_tokens, standing_elements, timer_tokens
from engine.diagram import Element
from engine.engine import Happened
from engine.ports import Submission
from engine.tables import (
    NO_DUE,
    OPEN_STATES,
    CaseScope,
    DecisionRecord,
    Message,
    Subscription,
    Task,
    TaskScope,
    Timer,
)
from engine.words import Text

if TYPE_CHECKING:
    from engine.turn import Turn

DEFAULT_PRIORITY = 50


def store(turn: "Turn") -> None:
    """Write everything that follows from the workflow as it stands now."""
    case, execution = turn.case, turn.execution
    _end_if_done(turn)
    store_tasks(turn)
    _store_timers(turn)
    _store_subscriptions(turn)
    _store_decisions(turn)
    _store_messages(turn)
    describe(turn)
    standing = frozenset(standing_elements(turn.workflow))
    execution.tell_register(standing)
    entries = trace.entries(turn)
    history.append_to_case(turn.session, case, turn.at, entries)
    case.variables = dict(execution.variables)
    case.blob = state.dump(turn.workflow)
    case.changed_at = turn.at
    case.version += 1
    turn.session.flush()
    incidents.settle_case(turn.session, case, turn.at)
    turn.session.flush()


def _end_if_done(turn: "Turn") -> None:
    if turn.workflow.is_completed() and turn.case.ended_at is None:
        turn.case.state, turn.case.ended_at = "completed", turn.at
        turn.note("case_completed")
        turn.engine.tell(turn.session, Happened("case_completed", turn.at, turn.actor.username, turn.case))


# -- tasks ---------------------------------------------------------------------------------------


def store_tasks(turn: "Turn") -> None:
    """Rows for what has become somebody's to do; what is no longer, is cancelled."""
    known = {
        row.token_id: row
        for row in turn.session.scalars(select(Task).where(Task.case_id == turn.case.id, Task.state.in_(OPEN_STATES)))
    }
    ready = {token.id: token for token in ready_tokens(turn.workflow)} if turn.case.ended_at is None else {}
    for token_id, row in known.items():
        if token_id not in ready:
            _cancel_task(turn, row)
    for token_id, token in ready.items():
        row = known.get(token_id) or open_task(turn, token)
        barred = duties.store_bars(turn.session, row) if row.not_same_person_as else set()
        if row.not_same_person_as and token_id not in known:
            duties.check_somebody_may(turn, row, barred)


def _cancel_task(turn: "Turn", row: Task) -> None:
    withdraw(turn.session, row, turn.actor.username, turn.at)
    turn.engine.tell(turn.session, Happened("task_cancelled", turn.at, turn.actor.username, turn.case, row))


def withdraw(session: Any, row: Task, by: str, at: datetime) -> None:
    """A task that is no longer to be done leaves every inbox."""
    row.state, row.changed_at, row.changed_by, row.version = "cancelled", at, by, row.version + 1
    unscope(session, row.id)


def open_task(turn: "Turn", token: Token) -> Task:
    """A new task from its element's attributes, each expression evaluated now."""
    element, run = turn.compiled.element(token.element_id), turn.execution
    run.trace.clear()
    due_text = element.camunda.get("dueDate")
    due_at = run.instant(element.id, due_text) if due_text else None
    follow_up = element.camunda.get("followUpDate")
    basis = due_basis(turn, due_text, due_at) if due_text and due_at else None
    org_unit = run.literal_or(element.id, element.properties.get("org_unit")) or turn.case.org_unit
    roles = roles_of(run.literal_or(element.id, element.camunda.get("candidateGroups")))
    assignee = run.literal_or(element.id, element.camunda.get("assignee"))
    row = Task(
        case_id=turn.case.id, token_id=token.id, process_key=turn.compiled.key, element_id=element.id,
        name=element.name, name_en=element.name_en or element.name, state="claimed" if assignee else "open",
        assignee=assignee, candidate_roles=roles, position=element.properties.get("position"), org_unit=org_unit,
        not_same_person_as=_names(element.properties.get("not_same_person_as")),
        priority=int(run.literal_or(element.id, element.camunda.get("priority")) or DEFAULT_PRIORITY),
        created_at=turn.at, changed_at=turn.at, due_at=due_at, due_basis=basis,
        follow_up_at=run.instant(element.id, follow_up) if follow_up else None, form_key=element.form_key,
        legal_basis=element.properties.get("legal_basis", ""), version=1,
    )  # fmt: skip
    turn.session.add(row)
    turn.session.flush()
    rescope(turn.engine, turn.session, row)
    turn.engine.tell(turn.session, Happened("task_opened", turn.at, turn.actor.username, turn.case, row))
    return row


def due_basis(turn: "Turn", text: str, due_at: datetime) -> dict[str, Any]:
    """How a date came about: its expression, the days counted, the decision that gave the number."""
    basis: dict[str, Any] = {"expression": feel.unwrap(text), "result": due_at.isoformat()}
    if turn.execution.trace:
        basis["sums"] = list(turn.execution.trace)
    names = {path.split(".")[0] for path in feel.compile(text).free_names()} if feel.is_embedded(text) else set()
    for record in duties.decisions_for(turn.session, turn.case.id, names, turn.execution.decided):
        basis.setdefault("decisions", []).append(record)
    return basis


def roles_of(value: Any) -> list[str]:
    """Roles from "a,b" or a list."""
    names = value if isinstance(value, list) else str(value or "").split(",")
    return [str(name).strip() for name in names if str(name).strip()]


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def unscope(session: Any, task_id: int) -> None:
    """Out of every group's inbox."""
    session.execute(delete(TaskScope).where(TaskScope.task_id == task_id))


def rescope(engine: Any, session: Any, row: Task) -> None:
    """Into the inboxes of the groups that may take it, and the case into the sight of their organisations."""
    unscope(session, row.id)
    ancestors = engine.directory.ancestors(session, row.org_unit) if row.org_unit else ()
    see_case(session, row.case_id, ancestors)
    if row.state != "open" or row.assignee:
        return
    due = row.due_at or NO_DUE
    scopes = [{"scope": f"{role}@{org}", "due": due, "task_id": row.id} for role in row.candidate_roles for org in ancestors]
    if scopes:
        session.execute(insert(TaskScope), scopes)


def see_case(session: Any, case_id: int, org_units: Any) -> None:
    """Let these organisations see the case from now on."""
    known = set(session.scalars(select(CaseScope.org_unit).where(CaseScope.case_id == case_id)))
    fresh = [{"org_unit": org, "case_id": case_id} for org in org_units if org not in known]
    if fresh:
        session.execute(insert(CaseScope), fresh)


# -- timers and subscriptions --------------------------------------------------------------------


def _store_timers(turn: "Turn") -> None:
    case = turn.case
    known = {(r.token_id, r.part): r for r in turn.session.scalars(select(Timer).where(Timer.case_id == case.id))}
    waiting = {(t.id, t.part): t for t in timer_tokens(turn.workflow)} if case.ended_at is None else {}
    for key in known.keys() - waiting.keys():
        turn.session.delete(known[key])
    for key, token in waiting.items():
        due = datetime.fromisoformat(token.value)
        if key in known:
            known[key].due_at = due
        else:
            turn.session.add(Timer(
                case_id=case.id, token_id=token.id, part=token.part, element_id=token.element_id, due_at=due,
                stopped=case.state == "suspended",
            ))  # fmt: skip


def _store_subscriptions(turn: "Turn") -> None:
    case = turn.case
    known = {(r.token_id, r.part): r for r in turn.session.scalars(select(Subscription).where(Subscription.case_id == case.id))}
    waiting = {(t.id, t.part): t for t in message_tokens(turn.workflow)} if case.ended_at is None else {}
    for key in known.keys() - waiting.keys():
        turn.session.delete(known[key])
    for key in waiting.keys() - known.keys():
        token = waiting[key]
        element: Element = turn.compiled.element(token.element_id)
        turn.session.add(Subscription(
            case_id=case.id, token_id=token.id, part=token.part, element_id=element.id, element_name=element.name,
            element_name_en=element.name_en or element.name, name=token.name, correlation_key=token.value,
            form_key=element.form_key, candidate_groups=element.properties.get("candidate_groups"),
        ))  # fmt: skip


# -- decisions and messages ----------------------------------------------------------------------


def _store_decisions(turn: "Turn") -> None:
    for decided in turn.execution.decided:
        answer = decided.answer
        turn.session.add(DecisionRecord(
            case_id=turn.case.id, element_id=decided.element_id, decision_id=decided.decision_id,
            decision_name=decided.decision_id, definition_id=decided.definition_id,
            definition_version=decided.version, result_variable=decided.result_variable,
            inputs=feel.to_plain(answer.inputs), outputs=feel.to_plain(answer.outputs),
            matched_rules=answer.matched_rules, at=turn.at,
        ))  # fmt: skip


def _store_messages(turn: "Turn") -> None:
    """Messages for other cases wait for a turn of their own, its target decided now; what nobody awaits is recorded and dropped."""
    for leaving in turn.execution.leaving:
        query = select(Subscription.case_id).where(
            Subscription.name == leaving.name, Subscription.correlation_key == leaving.key,
            Subscription.case_id != turn.case.id,
        ).distinct().order_by(Subscription.case_id)  # fmt: skip
        targets = list(turn.session.scalars(query))
        starts = not targets and definitions.started_by_message(turn.session, leaving.name) is not None
        turn.session.add(Message(
            name=leaving.name, correlation_key=leaving.key, variables=leaving.payload,
            target_id=targets[0] if len(targets) == 1 else None, sent_by=f"case/{turn.case.id}", sent_at=turn.at,
            case_id=turn.case.id, state="pending" if len(targets) == 1 or starts else "dropped",
        ))  # fmt: skip
        if len(targets) > 1:
            incidents.add(turn.session, turn.case, turn.at, "message", leaving.element_id, Text(
                f"消息“{leaving.name}”没有送出：有几件案件在等它：{targets}",
                f"The message {leaving.name} went nowhere: several cases wait for it: {targets}"), None)  # fmt: skip


# -- what the case is called ----------------------------------------------------------------------


def describe(turn: "Turn") -> None:
    """Title, severity and organisation from the process's properties."""
    assert turn.compiled.process is not None
    properties, run, case = turn.compiled.process.properties, turn.execution, turn.case
    key = turn.compiled.key
    title = run.literal_or(key, properties.get("title")) or turn.compiled.process.name
    case.title = str(title)[:300]
    case.title_en = str(run.literal_or(key, properties.get("title_en")) or title)[:300]
    severity = run.literal_or(key, properties.get("severity"))
    case.severity = None if severity is None else str(severity)


def submission_row(turn: "Turn", task: Task | None, element_id: str, bound: Submission, digest: str) -> dict[str, Any]:
    """The immutable row of what a form brought."""
    return {
        "case_id": turn.case.id, "task_id": None if task is None else task.id, "element_id": element_id,
        "data": bound.kept, "digest": digest, "submitted_by": turn.actor.username, "submitted_at": turn.at,
    }  # fmt: skip

