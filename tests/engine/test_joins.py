"""Gateways that join: in loops, in sub-processes, beside boundary events; alive, restored, pruned or both it is the same."""

import random

import pytest

from tests.drawing import END, START, drawn, flow, line, message, node, script, timer, user
from tests.engine.walking import Walk, spec_of

WAYS = [{}, {"restored": True}, {"pruned": True}, {"pruned": True, "restored": True}]
ways = pytest.mark.parametrize("way", WAYS, ids=["alive", "restored", "pruned", "both"])

ROUNDS = drawn(
    START, node("exclusiveGateway", "again"), node("parallelGateway", "split"), user("one"), user("two"), user("three"),
    node("parallelGateway", "join"), script("count", "rounds = rounds + 1"), node("exclusiveGateway", "more", default="f_more_e"), END,
    line("s", "again", "split", "one", "join", "count", "more"), line("split", "two", "join"), line("split", "three", "join"),
    flow("more", "again", "go"), flow("more", "e"))  # fmt: skip

CHOOSING = drawn(
    START, node("exclusiveGateway", "again"), node("inclusiveGateway", "split"), user("one"), user("two"), user("three"), user("last"),
    node("inclusiveGateway", "join"), node("exclusiveGateway", "more", default="f_more_e"), END,
    line("s", "again", "split"), line("one", "join", "last", "more"), line("two", "join"), line("three", "join"),
    flow("split", "one", "a"), flow("split", "two", "b"), flow("split", "three", "c"),
    flow("more", "again", "go"), flow("more", "e"))  # fmt: skip


@ways
def test_a_parallel_join_waits_for_all_in_every_round(way: dict[str, bool]) -> None:
    walk = Walk(spec_of(ROUNDS), rounds=0, go=True, **way)
    for number in range(1, 8):
        for name in random.Random(number).sample(["one", "two", "three"], 3):
            assert walk.host.variables["rounds"] == number - 1
            walk.do(name)
        assert walk.host.variables["rounds"] == number and walk.ready == ["one", "three", "two"]
    walk.do("one", "two", "three", go=False)
    assert walk.over


@ways
@pytest.mark.parametrize("chosen", ["a", "ab", "bc", "abc"])
def test_an_inclusive_join_waits_for_those_that_were_chosen(way: dict[str, bool], chosen: str) -> None:
    names = {"a": "one", "b": "two", "c": "three"}
    walk = Walk(spec_of(CHOOSING), go=True, **{letter: letter in chosen for letter in "abc"}, **way)
    for _ in range(3):
        for letter in chosen:
            assert "last" not in walk.ready
            walk.do(names[letter])
        assert walk.ready == ["last"]
        walk.do("last")
    for letter in chosen:
        walk.do(names[letter])
    walk.do("last", go=False)
    assert walk.over


@ways
def test_another_choice_in_the_next_round(way: dict[str, bool]) -> None:
    walk = Walk(spec_of(CHOOSING), go=True, a=True, b=True, c=False, **way)
    walk.do("one", "two")
    walk.do("last", a=False, b=False, c=True)
    assert walk.ready == ["three"]
    walk.do("three")
    assert walk.ready == ["last"]


@ways
def test_an_inclusive_split_without_a_join_lets_each_branch_end(way: dict[str, bool]) -> None:
    walk = Walk(spec_of(drawn(
        START, node("inclusiveGateway", "split"), user("one"), user("two"), END, node("endEvent", "e2"),
        line("one", "e"), line("two", "e2"), flow("s", "split"), flow("split", "one", "a"), flow("split", "two", "b"))),
        a=True, b=True, **way)  # fmt: skip
    walk.do("two")
    assert walk.ready == ["one"] and not walk.over
    walk.do("one")
    assert walk.over


@ways
def test_a_terminate_end_event_takes_the_other_branches_along(way: dict[str, bool]) -> None:
    walk = Walk(spec_of(drawn(
        START, node("parallelGateway", "split"), user("one"), user("two"), END, node("endEvent", "stop", "<terminateEventDefinition/>"),
        line("s", "split", "one", "e"), line("split", "two", "stop"))), **way)  # fmt: skip
    walk.do("two")
    assert walk.over and walk.ready == []


FRAME = node("subProcess", "frame", "".join((
    node("startEvent", "s1"), node("exclusiveGateway", "again"), node("parallelGateway", "fork"), user("dig"), user("lay"),
    node("parallelGateway", "meet"), node("exclusiveGateway", "enough", default="f_enough_e1"), node("endEvent", "e1"),
    node("boundaryEvent", "slow", timer("PT1H"), attachedToRef="dig", cancelActivity="false"), user("push"), node("endEvent", "e5"),
    line("slow", "push", "e5"), line("s1", "again", "fork", "dig", "meet", "enough"), line("fork", "lay", "meet"),
    flow("enough", "again", "x"), flow("enough", "e1"))))  # fmt: skip
FIELD = drawn(
    START, node("exclusiveGateway", "top"), node("parallelGateway", "split"), FRAME, user("look"), node("inclusiveGateway", "maybe"),
    user("plan"), user("draw"), node("inclusiveGateway", "gather"), node("parallelGateway", "join"),
    node("exclusiveGateway", "more", default="f_more_e"), END,
    node("boundaryEvent", "stop", timer("PT1H"), attachedToRef="look", cancelActivity="true"), user("instead"),
    node("boundaryEvent", "told", message("told"), attachedToRef="frame", cancelActivity="false"), user("answer"), node("endEvent", "e3"),
    node("boundaryEvent", "cut", message("cut"), attachedToRef="frame", cancelActivity="true"), user("mend"),
    node("exclusiveGateway", "merged"), node("exclusiveGateway", "looked"),
    line("told", "answer", "e3"), line("cut", "mend", "merged"), line("stop", "instead", "looked"),
    line("s", "top", "split", "frame", "merged", "join", "more"), line("split", "look", "looked", "maybe"), line("plan", "gather", "join"),
    line("draw", "gather"), flow("maybe", "plan", "p or not(d)"), flow("maybe", "draw", "d"), flow("more", "top", "again_please"), flow("more", "e"),
    messages=("told", "cut"))  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_a_random_walk_goes_the_same_way_alive_restored_pruned_and_both(seed: int) -> None:
    spec, chance = spec_of(FIELD), random.Random(seed)
    walks = [Walk(spec, x=True, p=True, d=False, again_please=True, **way) for way in WAYS]
    for step in range(120):
        drawn_now = {name: chance.random() < 0.5 for name in ("x", "p", "d", "again_please")}
        drawn_now = drawn_now if step < 60 else {**drawn_now, "x": False, "again_please": False}
        choices = [walk.choices() for walk in walks]
        assert choices.count(choices[0]) == len(WAYS), (step, choices)
        if not choices[0]:
            break
        taken = chance.choice(choices[0])
        for walk in walks:
            walk.host.variables.update(drawn_now)
            walk.take(*taken)
    assert {walk.over for walk in walks} == {not walks[0].choices()}
