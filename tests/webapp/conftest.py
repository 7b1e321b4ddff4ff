"""What tests of pages stand on: the application with its forgery check on, and words for what a page says."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "anju-demo"


class Visitor:
    """Somebody at a browser who sees pages, fills in forms and presses buttons."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answer: TestResponse | None = None

    def see(self, path: str, **options: object) -> "Visitor":
        self.answer = self.client.get(path, **options)
        return self

    def send(self, path: str, **fields: object) -> "Visitor":
        self.answer = self.client.post(path, data=fields)
        return self

    def follow(self) -> "Visitor":
        assert self.answer is not None
        return self.see(self.answer.location)

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer.status_code

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        assert self.answer is not None
        return html.unescape(re.sub(r"<[^>]+>", " ", self.answer.get_data(as_text=True)))

    @property
    def source(self) -> str:
        assert self.answer is not None
        return self.answer.get_data(as_text=True)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A browser in Chinese without a sign-in."""
    return Visitor(app.test_client())


@pytest.fixture
def as_(sign_in: Callable[..., FlaskClient]) -> Callable[[str], Visitor]:
    """`as_("admin")` is somebody signed in."""
    return lambda username: Visitor(sign_in(username))


@pytest.fixture
def enter(app: Flask) -> Callable[..., Visitor]:
    """Sign in by the page itself, as life does."""

    def by_the_page(username: str, password: str = PASSWORD) -> Visitor:
        return Visitor(app.test_client()).send("/sign-in", username=username, password=password)

    return by_the_page
