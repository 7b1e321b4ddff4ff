"""Small files, small functions, a sentence on top, types, telling names, one clock."""

from collections.abc import Callable

import pytest

from tests.house import manners
from tests.house.source import Module, modules, report

Rule = Callable[[Module], list[str]]
RULES = [
    manners.too_long, manners.unexplained, manners.untyped, manners.empty_names,
    manners.own_clocks, manners.dangerous_calls, manners.unfinished,
]
BAD = {
    manners.too_long: "def one():\n" + "    x = 1\n" * 60,
    manners.unexplained: '"""A room."""\n\ndef act() -> None:\n    pass\n',
    manners.untyped: "def act():\n    pass\n",
    manners.empty_names: "class CaseManager:\n    pass\n",
    manners.own_clocks: "from datetime import datetime\nnow = datetime.now()\n",
    manners.dangerous_calls: "eval('1')\n",
    manners.unfinished: "x = 1  # TODO more\n",
}


def name_of(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_no_module_breaks_the_rule(rule: Rule) -> None:
    report([fault for module in modules() for fault in rule(module)])


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_breaking_the_rule_is_noticed(rule: Rule) -> None:
    assert rule(Module("engine.sample", BAD[rule]))


@pytest.mark.parametrize("room", ["engine", "forms", "housing", "webapp"])
def test_most_functions_of_a_room_fit_in_a_glance(room: str) -> None:
    assert manners.median_length(modules(room)) <= manners.MEDIAN_OF_A_ROOM
