"""A plain page's post means what the same data over the API means."""

from typing import Any

from forms import Form, from_post
from tests.forms.conftest import context, field, form

SOURCE = form(
    field("boolean", "sure", checkbox=True), field("text", "part"), field("multi_choice", "parts"), field("attachments", "photos"),
    field("integer", "n"), field("table", "items", columns=[field("text", "name"), field("boolean", "here")]),
)


class Posted(dict[str, list[str]]):
    """The part of a werkzeug MultiDict that a form needs."""

    def getlist(self, key: str) -> list[str]:
        return self.get(key, [])


def data(**sent: Any) -> dict[str, Any]:
    return from_post(Form.parse(SOURCE), Posted({name.replace("__", "."): value for name, value in sent.items()}))


def test_a_box_sends_its_last_word() -> None:
    assert data(sure=["false", "true"]) == {"sure": True} and data(sure=["false"]) == {"sure": False} and data(sure=["on"]) == {"sure": True}


def test_empty_controls_are_null_and_empty_lists_are_empty() -> None:
    assert data(part=["  "], n=[""], parts=[""], photos=[]) == {"part": None, "n": None, "parts": [], "photos": []}


def test_lists_keep_their_order_and_lose_repetitions() -> None:
    assert data(parts=["", "b", "a", "b"])["parts"] == ["b", "a"]


def test_rows_come_in_order_without_blank_lines() -> None:
    sent = data(items__10__name=["last"], items__2__name=["first"], items__2__here=["false", "true"], items__3__name=[""], items__3__here=["false"])
    assert sent["items"] == [{"name": "first", "here": True}, {"name": "last"}]


def test_the_pages_own_names_are_left_out_and_strange_ones_refused() -> None:
    assert data(csrf_token=["x"], _version=["3"], part=["roof"]) == {"part": "roof"}
    assert data(approved=["true"]) == {"approved": "true"} and data(part__x=["1"]) == {"part.x": "1"}
    assert data(items__0__other=["1"])["items"] == [{"other": "1"}]


def test_a_post_binds_like_data() -> None:
    sent = data(sure=["false", "true"], part=["roof"], n=["12"], items__0__name=["a"], items__0__here=["false"])
    assert Form.parse(SOURCE).bind(sent, context()).kept == {
        "sure": True, "part": "roof", "parts": None, "photos": None, "n": 12, "items": [{"name": "a", "here": False}],
    }


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    assert data(n=["about 12"])["n"] == "about 12" and data(sure=["perhaps"])["sure"] == "perhaps"
