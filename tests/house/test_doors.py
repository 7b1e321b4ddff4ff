"""The doors between the rooms open one way, and each library has one home."""

import pytest

from tests.house.doors import broken_doors
from tests.house.source import Module, modules, report


def test_every_import_goes_through_an_open_door() -> None:
    report([fault for module in modules() for fault in broken_doors(module)])


@pytest.mark.parametrize(("name", "line"), [
    ("engine.tasks", "from housing import people"),
    ("engine.tasks", "import flask"),
    ("engine.tasks", "from SpiffWorkflow.task import Task"),
    ("engine.bpmn.parser", "from lxml import etree"),
    ("engine.feel.parser", "from engine.tables import Case"),
    ("forms.form", "from engine.tables import Case"),
    ("forms.form", "from engine import tables"),
    ("housing.people", "from webapp.words import t"),
    ("webapp.pages.inbox", "from sqlalchemy import select"),
    ("engine.intake", "import xml.etree.ElementTree"),
    ("engine.cache", "def late():\n    import pickle"),
    ("processes.hazard_rectification.functions", "from webapp import words"),
])
def test_a_shut_door_is_noticed(name: str, line: str) -> None:
    assert broken_doors(Module(name, line))


@pytest.mark.parametrize(("name", "line"), [
    ("webapp.pages.inbox", "from housing import people"),
    ("forms.form", "from engine import feel"),
    ("engine.intake", "from lxml import etree"),
    ("engine.bpmn.parser", "import SpiffWorkflow"),
    ("webapp.pages.inbox", "from sqlalchemy.orm import Session"),
])
def test_an_open_door_is_not(name: str, line: str) -> None:
    assert broken_doors(Module(name, line)) == []
