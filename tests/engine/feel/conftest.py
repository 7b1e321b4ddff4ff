"""Asking the language: the value of a text over data, and what was doubtful on the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from engine import feel

NOW = datetime.fromisoformat("2026-07-14T09:30:00+08:00")


@pytest.fixture
def value() -> Callable[..., Any]:
    """value(text, name=data, …) as JSON data."""
    return lambda text, **scope: feel.to_plain(feel.compile(text).evaluate(scope, now=NOW).value)


@pytest.fixture
def warned() -> Callable[..., list[str]]:
    """The codes of the warnings."""
    return lambda text, **scope: [w.code for w in feel.compile(text).evaluate(scope, now=NOW).warnings]


@pytest.fixture
def takes() -> Callable[..., Any]:
    """Whether the cell of a table takes an input."""

    def ask(cell: str, given: Any, **scope: Any) -> Any:
        return feel.compile(cell, mode="unary_tests").evaluate(scope, now=NOW, input_value=given).value

    return ask


@pytest.fixture
def refusal() -> Callable[[str], feel.SyntaxFault]:
    """The fault of a text that does not parse."""

    def ask(text: str) -> feel.SyntaxFault:
        with pytest.raises(feel.SyntaxFault) as caught:
            feel.compile(text)
        return caught.value

    return ask
