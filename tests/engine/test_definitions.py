"""Versions: made only by changed content, kept by running cases, deployed by somebody other than the author."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import definitions, history
from engine.actor import OPERATOR_OF_THE_MACHINE
from engine.errors import EngineError, NotAllowed, NotFound, Refused
from tests.drawing import END, START, Desk, drawn, line, user

ONE = drawn(START, user("look"), END, line("s", "look", "e"))
TWO = drawn(START, user("look"), user("check_it"), END, line("s", "look", "check_it", "e"))


def decision(outcome: str, name: str = "pick") -> bytes:
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"><decision id="{name}" name="{name}">'
        f'<variable name="{name}"/><literalExpression><text>"{outcome}"</text></literalExpression></decision></definitions>'
    ).encode()


def deciding(key: str = "sample") -> bytes:
    rule = '<businessRuleTask id="decide" camunda:decisionRef="pick" camunda:resultVariable="picked"/>'
    return drawn(START, rule, user("look"), END, line("s", "decide", "look", "e"), key=key)


def deploy(desk: Desk, files: dict[str, bytes]) -> list[tuple[str, int]]:
    made = definitions.deploy(desk.engine, files, OPERATOR_OF_THE_MACHINE)
    return [(one.key, one.version) for one in made]


def rules(desk: Desk, files: dict[str, bytes]) -> list[str]:
    with pytest.raises(Refused) as refused:
        deploy(desk, files)
    return [problem.rule for problem in refused.value.problems]


def test_unchanged_content_makes_no_new_version(desk: Desk) -> None:
    assert [deploy(desk, {"sample.bpmn": content}) for content in (ONE, ONE, TWO, TWO, ONE)] == [
        [("sample", 1)], [("sample", 1)], [("sample", 2)], [("sample", 2)], [("sample", 3)]]  # fmt: skip


def test_spaces_between_attributes_comments_and_declarations_are_no_change(desk: Desk) -> None:
    deploy(desk, {"sample.bpmn": ONE})
    again = b'<?xml version="1.0" encoding="UTF-8"?><!-- a remark -->' + ONE.replace(b'id="look" name="look"', b'name="look"   id="look"')
    assert deploy(desk, {"sample.bpmn": again}) == [("sample", 1)]


def test_running_cases_stay_on_their_version(desk: Desk) -> None:
    deploy(desk, {"sample.bpmn": ONE})
    old = desk.start()
    deploy(desk, {"sample.bpmn": TWO})
    new = desk.start()
    assert (desk.do(old, "look"), desk.do(new, "look")) == ([], ["check_it"])
    assert (desk.case(old).process_version, desk.case(new).process_version) == (1, 2)


def test_a_case_goes_on_after_its_process_has_changed_and_the_server_was_restarted(desk: Desk) -> None:
    from engine.cache import Definitions, LiveCases

    deploy(desk, {"sample.bpmn": TWO})
    case_id = desk.start()
    deploy(desk, {"sample.bpmn": ONE})
    desk.engine.definitions, desk.engine.live = Definitions(), LiveCases()
    assert desk.do(case_id, "look") == ["check_it"]


def test_who_drafted_it_does_not_deploy_it(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        definitions.deploy(desk.engine, {"sample.bpmn": ONE}, desk.actor("publisher"), author="publisher")
    (made,) = definitions.deploy(desk.engine, {"sample.bpmn": ONE}, desk.actor("publisher"), author="designer")
    assert (made.author, made.deployed_by) == ("designer", "publisher")


def test_a_deployment_is_written_down_in_its_chain(desk: Desk) -> None:
    deploy(desk, {"sample.bpmn": ONE})
    deploy(desk, {"sample.bpmn": ONE})
    with desk.engine.database.reading() as session:
        (row,) = history.of_chain(session, "deployments")
        assert (row.event, row.actor, row.data["key"], row.data["version"]) == ("deployed", "machine", "sample", 1)
        assert history.verify(session) == []


def test_one_bad_file_and_nothing_of_it_is_deployed(desk: Desk) -> None:
    other = drawn(START, user("look"), END, line("s", "look"), key="other")
    assert "dead_end" in rules(desk, {"sample.bpmn": ONE, "other.bpmn": other})
    with desk.engine.database.reading() as session, pytest.raises(NotFound):
        definitions.latest(session, "sample")


def test_a_decision_of_its_own_folder_is_part_of_the_version(desk: Desk) -> None:
    assert deploy(desk, {"sample/a.bpmn": deciding(), "sample/pick.dmn": decision("one")}) == [("sample", 1)]
    first = desk.start()
    assert deploy(desk, {"sample/a.bpmn": deciding(), "sample/pick.dmn": decision("two")}) == [("sample", 2)]
    assert [desk.case(case_id).variables["picked"] for case_id in (first, desk.start())] == ["one", "two"]


def test_a_decision_of_another_folder_is_pinned_as_it_was(desk: Desk) -> None:
    deploy(desk, {"shared/pick.dmn": decision("one")})
    deploy(desk, {"sample/a.bpmn": deciding()})
    deploy(desk, {"shared/pick.dmn": decision("two")})
    assert desk.case(desk.start()).variables["picked"] == "one"
    assert deploy(desk, {"sample/a.bpmn": deciding()}) == [("sample", 2)]
    assert desk.case(desk.start()).variables["picked"] == "two"


def test_a_decision_and_the_process_that_asks_it_come_in_one_deployment(desk: Desk) -> None:
    assert deploy(desk, {"shared/pick.dmn": decision("one"), "sample/a.bpmn": deciding()}) != []
    assert desk.case(desk.start()).variables["picked"] == "one"


def test_a_decision_has_one_owner(desk: Desk) -> None:
    deploy(desk, {"shared/pick.dmn": decision("one")})
    assert rules(desk, {"sample/a.bpmn": deciding(), "sample/pick.dmn": decision("two")}) == ["double_decision"]


def test_a_form_alone_does_not_take_its_process_away(desk: Desk) -> None:
    deploy(desk, {"sample.bpmn": ONE})
    form = b'{"key": "sample/look", "title": {"zh": "\xe8\xa1\xa8", "en": "Form"}, "fields": []}'
    assert "no_diagram" in rules(desk, {"forms/sample/look.json": form})
    with desk.engine.database.reading() as session:
        assert [one.key for one in definitions.all_latest(session)] == ["sample"]


def test_nothing_is_nothing(desk: Desk) -> None:
    assert rules(desk, {}) == ["nothing_to_deploy"]
    assert rules(desk, {"notes.txt": b"hello"}) == ["unknown_file"]


@pytest.mark.any_database
def test_eight_deployments_at_once_make_one_version(desk: Desk) -> None:
    def once(_: int) -> int:
        try:
            return definitions.deploy(desk.engine, {"sample.bpmn": ONE}, OPERATOR_OF_THE_MACHINE)[0].version
        except EngineError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(once, range(8)))
    assert 1 in answers and answers <= {0, 1}
    with desk.engine.database.reading() as session:
        assert len(definitions.versions(session, "sample")) == 1


def test_a_deployment_rolled_back_leaves_nothing_in_memory(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"shared/pick.dmn": decision("one"), "sample/a.bpmn": deciding()}
    with monkeypatch.context() as patch:
        patch.setattr(history, "note", lambda *a: 1 / 0 if a[4]["key"] == "sample" else None)
        with pytest.raises(ZeroDivisionError):
            deploy(desk, files)
    deploy(desk, {"sample.bpmn": TWO})
    assert desk.open(desk.start()) == ["look"]


def test_content_is_kept_as_its_canonical_text(desk: Desk) -> None:
    (made,) = definitions.deploy(desk.engine, {"sample.bpmn": ONE}, OPERATOR_OF_THE_MACHINE)
    with desk.engine.database.reading() as session:
        text = definitions.bpmn(session, made)
    assert deploy(desk, {"sample.bpmn": text.encode()}) == [("sample", 1)]
