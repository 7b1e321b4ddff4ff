"""Messages: to the one case that awaits them, by whoever may send them, once; with no cross-talk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import cases, incidents, messages
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound, ProcessFailure, WrongState
from engine.tables import Message
from tests.drawing import END, START, Desk, drawn, flow, line, message, node, script, timer, user

SENDERS = (
    '<extensionElements><camunda:properties><camunda:property name="candidate_groups" value="{}"/></camunda:properties></extensionElements>'
)


def awaiting(groups: str = "subdistrict", extra: str = "") -> bytes:
    """A case that waits for `told` and then asks for somebody."""
    told = node("intermediateCatchEvent", "told", SENDERS.format(groups) + message("told"))
    return drawn(START, told, user("look"), END, line("s", "told", "look", "e"), extra, messages=("told",))


def beside(interrupting: bool, groups: str = "subdistrict") -> bytes:
    """A task on whose edge `told` is awaited."""
    edge = node("boundaryEvent", "told", SENDERS.format(groups) + message("told"), attachedToRef="look",
                cancelActivity=str(interrupting).lower())
    return drawn(START, user("look"), edge, user("answer"), END, node("endEvent", "e2"), line("s", "look", "e"),
                 line("told", "answer", "e2"), messages=("told",))  # fmt: skip


def sender(key: str = "sender", target: str = "told", correlation: str = "receiver_key") -> bytes:
    """A process that sends `told` to another case and ends."""
    kept = f'<camunda:property name="correlation_key" value="{correlation}"/><camunda:property name="payload" value="{{words: words}}"/>'
    extensions = f"<extensionElements><camunda:properties>{kept}</camunda:properties></extensionElements>"
    throw = node("intermediateThrowEvent", "send", extensions + message(target))
    return drawn(START, throw, END, line("s", "send", "e"), key=key, messages=(target,))


def send(desk: Desk, key: str, username: str = "subdistrict", name: str = "told", life: str | None = None, **variables: object) -> list[int]:
    return messages.send(desk.engine, desk.actor(username), name, key, variables, life)


def states(desk: Desk) -> list[str]:
    with desk.engine.database.reading() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def test_the_key_finds_the_case_and_no_other(desk: Desk) -> None:
    desk.deploy(awaiting())
    first, second = desk.start(business_key="A-1"), desk.start(business_key="A-2")
    assert send(desk, "A-2", words="hello") == [second]
    assert (desk.open(first), desk.open(second)) == ([], ["look"])
    assert desk.case(second).variables["words"] == "hello" and "words" not in desk.case(first).variables


def test_a_key_of_its_own_expression(desk: Desk) -> None:
    kept = '<extensionElements><camunda:properties><camunda:property name="correlation_key" value="order_no"/>' \
           '<camunda:property name="candidate_groups" value="subdistrict"/></camunda:properties></extensionElements>'  # fmt: skip
    told = node("intermediateCatchEvent", "told", kept + message("told"))
    desk.deploy(drawn(START, told, user("look"), END, line("s", "told", "look", "e"), messages=("told",)))
    case_id = desk.start(order_no="O-7", business_key="A-1")
    with pytest.raises(NotFound):
        send(desk, "A-1")
    assert send(desk, "O-7") == [case_id]


def test_nobody_waits(desk: Desk) -> None:
    desk.deploy(awaiting())
    case_id = desk.start(business_key="A-1")
    for name, key in (("told", "A-9"), ("other", "A-1"), ("told", "")):
        with pytest.raises(NotFound):
            send(desk, key, name=name)
    send(desk, "A-1")
    with pytest.raises(NotFound):
        send(desk, "A-1")
    assert desk.open(case_id) == ["look"]


def test_two_cases_match_and_neither_gets_it(desk: Desk) -> None:
    kept = '<extensionElements><camunda:properties><camunda:property name="correlation_key" value="&quot;same&quot;"/>' \
           '<camunda:property name="candidate_groups" value="subdistrict"/></camunda:properties></extensionElements>'  # fmt: skip
    desk.deploy(drawn(START, node("intermediateCatchEvent", "told", kept + message("told")), user("look"), END,
                      line("s", "told", "look", "e"), messages=("told",)))
    first, second = desk.start(), desk.start()
    with pytest.raises(Conflict) as both:
        send(desk, "same")
    assert str(first) in both.value.text.en and str(second) in both.value.text.en
    assert desk.open(first) == desk.open(second) == []


def test_a_case_that_the_sender_may_not_see_is_neither_named_nor_in_the_way(desk: Desk) -> None:
    kept = '<extensionElements><camunda:properties><camunda:property name="correlation_key" value="&quot;same&quot;"/>' \
           '<camunda:property name="candidate_groups" value="subdistrict"/></camunda:properties></extensionElements>'  # fmt: skip
    desk.deploy(drawn(START, node("intermediateCatchEvent", "told", kept + message("told")), user("look"), END,
                      line("s", "told", "look", "e"), messages=("told",)))
    mine, theirs = desk.start(), desk.start("subdistrict.other")
    assert send(desk, "same") == [mine] and desk.open(theirs) == []


def test_by_hand_it_takes_the_role(desk: Desk) -> None:
    desk.deploy(awaiting("bureau"))
    case_id = desk.start(business_key="A-1")
    with pytest.raises(NotAllowed):
        send(desk, "A-1", "subdistrict")
    assert send(desk, "A-1", "bureau") == [case_id]


def test_where_no_group_is_named_only_processes_send(desk: Desk) -> None:
    desk.deploy(drawn(START, node("intermediateCatchEvent", "told", message("told")), user("look"), END,
                      line("s", "told", "look", "e"), messages=("told",)))
    desk.start(business_key="A-1")
    for username in ("subdistrict", "bureau.lead"):
        with pytest.raises(NotAllowed):
            send(desk, "A-1", username)


@pytest.mark.parametrize("username", ["subdistrict.other", "operator", "applicant"])
def test_who_may_not_see_the_case_does_not_find_it(desk: Desk, username: str) -> None:
    desk.deploy(awaiting("subdistrict,operator,applicant"))
    desk.start(business_key="A-1")
    with pytest.raises(NotFound):
        send(desk, "A-1", username)


def test_an_auditor_reads_and_sends_nothing(desk: Desk) -> None:
    desk.deploy(awaiting("auditor"))
    desk.start(business_key="A-1")
    with pytest.raises(NotAllowed):
        send(desk, "A-1", "auditor")


def test_groups_by_an_expression_are_read_when_it_is_sent(desk: Desk) -> None:
    desk.deploy(awaiting("${if level = 2 then &quot;bureau&quot; else [&quot;subdistrict&quot;]}"))
    desk.start(business_key="A-1", level=1)
    desk.start(business_key="A-2", level=2)
    send(desk, "A-1")
    with pytest.raises(NotAllowed):
        send(desk, "A-2")


def test_buttons_are_shown_to_whoever_may_send(desk: Desk) -> None:
    desk.deploy(beside(False))
    case = desk.case(desk.start(business_key="A-1"))
    for username, names in (("subdistrict", ["told"]), ("bureau", []), ("auditor", [])):
        with desk.engine.database.reading() as session:
            found = messages.buttons(desk.engine, session, desk.actor(username), case)
        assert [button.name for button in found] == names


def test_one_beside_a_task_catches_again_and_again(desk: Desk) -> None:
    desk.deploy(beside(False))
    case_id = desk.start(business_key="A-1")
    for number in range(1, 6):
        send(desk, "A-1", words=number)
        assert desk.open(case_id).count("answer") == number and "look" in desk.open(case_id)
    desk.do(case_id, "look")
    with pytest.raises(NotFound):
        send(desk, "A-1")


def test_an_interrupting_one_takes_the_task_away(desk: Desk) -> None:
    desk.deploy(beside(True))
    case_id = desk.start(business_key="A-1")
    send(desk, "A-1")
    assert desk.open(case_id) == ["answer"]
    with pytest.raises(NotFound):
        send(desk, "A-1")


def frame(*inner: str, interrupting: str = "false") -> bytes:
    """A sub-process with `told` on its frame."""
    body = node("subProcess", "frame", "".join(inner))
    edge = node("boundaryEvent", "told", SENDERS.format("subdistrict") + message("told"), attachedToRef="frame", cancelActivity=interrupting)
    return drawn(START, body, edge, user("answer"), user("afterwards"), END, node("endEvent", "e2"),
                 line("s", "frame", "afterwards", "e"), line("told", "answer", "e2"), messages=("told",))  # fmt: skip


INNER = (node("startEvent", "s1"), user("one"), user("two"), node("endEvent", "e1"), line("s1", "one", "two", "e1"))


def test_the_frame_of_a_sub_process_catches_while_it_runs(desk: Desk) -> None:
    desk.deploy(frame(*INNER))
    case_id = desk.start(business_key="A-1")
    send(desk, "A-1")
    desk.do(case_id, "one")
    send(desk, "A-1")
    assert sorted(desk.open(case_id)) == ["answer", "answer", "two"]
    desk.do(case_id, "two")
    with pytest.raises(NotFound):
        send(desk, "A-1")
    assert sorted(desk.open(case_id)) == ["afterwards", "answer", "answer"]


def test_an_interrupting_frame_ends_everything_in_it(desk: Desk) -> None:
    edge = node("boundaryEvent", "late", timer("PT1H"), attachedToRef="one", cancelActivity="false")
    desk.deploy(frame(*INNER, edge, user("remind"), node("endEvent", "e3"), line("late", "remind", "e3"), interrupting="true"))
    case_id = desk.start(business_key="A-1")
    desk.later(hours=1)
    assert sorted(desk.open(case_id)) == ["one", "remind"]
    send(desk, "A-1")
    assert desk.open(case_id) == ["answer"]
    desk.do(case_id, "answer")
    assert desk.case(case_id).state == "completed"


def test_a_message_thrown_within_the_case_is_caught_there(desk: Desk) -> None:
    split, throw = node("parallelGateway", "split"), node("intermediateThrowEvent", "tell", message("told"))
    desk.deploy(drawn(START, split, node("intermediateCatchEvent", "told", message("told")), user("look"), user("first"), throw, END,
                      node("endEvent", "e2"), line("s", "split", "told", "look", "e"), line("split", "first", "tell", "e2"), messages=("told",)))
    mine, other = desk.start(business_key="A-1"), desk.start(business_key="A-2")
    desk.do(mine, "first")
    assert (desk.open(mine), desk.open(other)) == (["look"], ["first"])


def test_a_case_tells_another(desk: Desk) -> None:
    desk.deploy(awaiting())
    desk.deploy(sender(), "sender.bpmn")
    first, second = desk.start(business_key="A-1"), desk.start(business_key="A-2")
    desk.start(key="sender", receiver_key="A-2", words="hello", secret="kept")
    assert desk.open(first) == [] and desk.open(second) == ["look"]
    assert desk.case(second).variables.get("words") == "hello" and "secret" not in desk.case(second).variables
    assert states(desk) == ["delivered"]


def test_what_nobody_awaits_is_recorded_and_dropped(desk: Desk) -> None:
    desk.deploy(sender(), "sender.bpmn")
    case_id = desk.start(key="sender", receiver_key="A-9", words="hello")
    assert desk.case(case_id).state == "completed" and states(desk) == ["dropped"]


def test_a_receiver_that_fails_has_the_incident_and_the_sender_goes_on(desk: Desk) -> None:
    told = node("intermediateCatchEvent", "told", message("told"))
    desk.deploy(drawn(START, told, script("sum", "n = words + 1"), user("look"), END, line("s", "told", "sum", "look", "e"), messages=("told",)))
    desk.deploy(sender(), "sender.bpmn")
    receiver = desk.start(business_key="A-1")
    case_id = desk.start(key="sender", receiver_key="A-1", words="text")
    assert (desk.case(case_id).state, desk.case(receiver).state, states(desk)) == ("completed", "failed", ["failed"])


def test_a_suspended_receiver_gets_it_when_it_goes_on(desk: Desk) -> None:
    desk.deploy(awaiting())
    desk.deploy(sender(), "sender.bpmn")
    receiver, lead = desk.start(business_key="A-1"), desk.actor("bureau.lead")
    cases.suspend(desk.engine, lead, receiver)
    desk.start(key="sender", receiver_key="A-1", words="hello")
    with pytest.raises(WrongState):
        send(desk, "A-1")
    assert states(desk) == ["pending"] and desk.open(receiver) == []
    cases.resume(desk.engine, lead, receiver)
    assert desk.open(receiver) == ["look"] and states(desk) == ["delivered"]


@pytest.mark.any_database
def test_eight_workers_deliver_a_message_once(desk: Desk) -> None:
    told = node("boundaryEvent", "told", message("told"), attachedToRef="look", cancelActivity="false")
    desk.deploy(drawn(START, user("look"), told, user("answer"), END, node("endEvent", "e2"), line("s", "look", "e"),
                      line("told", "answer", "e2"), messages=("told",)))
    receiver = desk.start(business_key="A-1")
    with desk.engine.database.writing() as session:
        for _ in range(5):
            session.add(Message(name="told", correlation_key="A-1", variables={}, sent_by="case/0", target_id=receiver,
                                sent_at=desk.engine.clock.now(), state="pending"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: messages.release(desk.engine), range(8)))
    assert desk.open(receiver).count("answer") == 5 and states(desk) == ["delivered"] * 5


@pytest.mark.any_database
def test_eight_workers_start_one_case_of_a_message(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), END, line("s", "look", "e"), properties={"started_by_message": "found", "org_unit": "${unit}"}))
    with desk.engine.database.writing() as session:
        session.add(Message(name="found", correlation_key="K-1", variables={"unit": "daning_road"}, sent_by="case/0",
                            sent_at=desk.engine.clock.now(), state="pending"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: messages.release(desk.engine), range(8)))
    with desk.engine.database.reading() as session:
        assert [case.business_key for case in session.scalars(select(cases.Case))] == ["K-1"]
    assert states(desk) == ["delivered"]


def test_one_who_died_between_sending_and_delivering_is_made_up_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(awaiting())
    desk.deploy(sender(), "sender.bpmn")
    receiver = desk.start(business_key="A-1")
    with monkeypatch.context() as patch:
        patch.setattr(messages, "release", lambda _engine: None)
        desk.start(key="sender", receiver_key="A-1", words="hello")
    assert desk.open(receiver) == []
    desk.later(minutes=1)
    assert desk.open(receiver) == ["look"]


def test_one_with_a_time_to_live_waits_for_whoever_comes_to_wait(desk: Desk) -> None:
    desk.deploy(awaiting())
    assert send(desk, "A-1", life="PT1H", words="early") == []
    case_id = desk.start(business_key="A-1")
    assert desk.open(case_id) == ["look"] and desk.case(case_id).variables["words"] == "early"
    assert ("message", "told") in desk.history(case_id) and states(desk) == ["delivered"]
    assert desk.open(desk.start(business_key="A-2")) == []


def test_it_dies_when_its_time_is_over(desk: Desk) -> None:
    desk.deploy(awaiting())
    send(desk, "A-1", life="PT1H")
    desk.engine.clock.advance(hours=1)
    assert desk.open(desk.start(business_key="A-1")) == []
    messages.expire(desk.engine, desk.engine.clock.now())
    assert states(desk) == ["expired"]


def test_early_or_late_the_role_and_the_sight_are_asked_for(desk: Desk) -> None:
    desk.deploy(awaiting("bureau"))
    send(desk, "A-1", "subdistrict", life="PT1H")
    send(desk, "A-1", "subdistrict.other", life="PT1H")
    case_id = desk.start(business_key="A-1")
    assert desk.open(case_id) == [] and states(desk) == ["waiting", "waiting"]


@pytest.mark.parametrize("life", ["1 hour", "PT0S", "-PT1H", "P1Y", ""])
def test_a_life_that_is_none_is_refused(desk: Desk, life: str) -> None:
    with pytest.raises(InvalidData) as refused:
        send(desk, "A-1", life=life)
    assert list(refused.value.errors) == ["time_to_live"]


def test_a_message_starts_a_process(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), END, line("s", "look", "e"), properties={"started_by_message": "found"}))
    (case_id,) = send(desk, "", name="found", where="roof")
    assert desk.open(case_id) == ["look"] and desk.case(case_id).variables["where"] == "roof"


def test_a_process_that_stays_silent_when_it_sends_to_two(desk: Desk) -> None:
    kept = '<extensionElements><camunda:properties><camunda:property name="correlation_key" value="&quot;same&quot;"/></camunda:properties></extensionElements>'
    desk.deploy(drawn(START, node("intermediateCatchEvent", "told", kept + message("told")), user("look"), END,
                      line("s", "told", "look", "e"), messages=("told",)))
    desk.deploy(sender(), "sender.bpmn")
    first, second = desk.start(), desk.start()
    case_id = desk.start(key="sender", receiver_key="same", words="hello")
    assert desk.open(first) == desk.open(second) == []
    with desk.engine.database.reading() as session:
        assert [one.kind for one in incidents.of_case(session, case_id)] == ["message"]


def test_a_payload_that_is_no_context_is_an_incident_of_the_sender(desk: Desk) -> None:
    broken = sender().replace(b"{words: words}", b"words")
    desk.deploy(broken, "sender.bpmn")
    with pytest.raises(ProcessFailure) as failure:
        desk.start(key="sender", receiver_key="A-1", words="hello")
    assert failure.value.element_id == "send"


def test_two_cases_that_answer_one_another_for_ever_do_not_stop_the_server(desk: Desk) -> None:
    def player(key: str, hears: str, says: str) -> bytes:
        return drawn(START, node("exclusiveGateway", "again"), node("intermediateCatchEvent", "hear", message(hears)),
                     node("intermediateThrowEvent", "say", message(says)), flow("s", "again"), line("again", "hear", "say", "again"),
                     key=key, messages=(hears, says))  # fmt: skip
    desk.deploy(player("one", "ping", "pong"), "one.bpmn")
    desk.deploy(player("two", "pong", "ping"), "two.bpmn")
    desk.start(key="one", business_key="X")
    desk.start(key="two", business_key="X")
    with desk.engine.database.writing() as session:
        first = session.scalars(select(cases.Case.id).order_by(cases.Case.id)).first()
        session.add(Message(name="ping", correlation_key="X", variables={}, sent_by="case/0", target_id=first,
                            sent_at=desk.engine.clock.now() - timedelta(hours=1), state="pending"))
    messages.release(desk.engine)
    assert len(states(desk)) <= 1_000
