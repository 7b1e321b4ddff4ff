"""A small district to pick from, and short ways to make a form and to fill it in."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from engine.actor import Actor
from engine.errors import InvalidData
from engine.words import Text
from forms import Context, Form, FormLanguage, Option

NOW = datetime.fromisoformat("2026-11-23T10:32:00+08:00")
DISTRICT: dict[str, dict[Any, tuple[Text, dict[str, Any]]]] = {
    "project": {12: (Text("012号项目", "Project 012"), {}), 13: (Text("013号项目", "Project 013"), {})},
    "building": {3: (Text("3号楼", "Building 3"), {"project": 12}), 4: (Text("4号楼", "Building 4"), {"project": 13})},
    "dwelling": {301: (Text("301室", "Dwelling 301"), {"building": 3, "project": 12})},
    "organisation": {"fire_rescue": (Text("消防救援支队", "Fire and rescue"), {})},
    "person": {"fire": (Text("消防监督员", "Fire inspector"), {})},
    "place": {"corridor-2": (Text("2层走廊", "Corridor, floor 2"), {})},
    "attachment": {f"photo-{n}": (Text("照片", "Photograph"), {}) for n in range(40)},
}


class District:
    """A `Lookup` over the names above."""

    def options(self, kind: str, session: Any, actor: Actor, query: str = "", value: Any = None, limit: int = 20, **narrow: Any) -> Sequence[Option]:
        found = [
            Option(key, label) for key, (label, within) in DISTRICT[kind].items()
            if query in label.zh and value in (None, key) and narrow.items() <= within.items()
        ]
        return found[:limit]

    def exists(self, kind: str, value: Any, session: Any, actor: Actor) -> bool:
        return value in DISTRICT[kind]

    def label(self, kind: str, value: Any, session: Any) -> Text | None:
        return DISTRICT[kind][value][0] if value in DISTRICT[kind] else None


LANGUAGE = FormLanguage(District(), {"operator_of": lambda session, project: "operator_01"}, digest=lambda text: f"mark of {len(text)} signs")


def field(kind: str, name: str = "it", **more: Any) -> dict[str, Any]:
    """A field of that kind, labelled in both languages."""
    if kind in ("choice", "multi_choice"):
        more.setdefault("choices", [{"value": v, "label": {"zh": f"{v}级", "en": f"Level {v}"}} for v in ("a", "b", "c")])
    if kind in ("computed", "read_only"):
        more.setdefault("value", "1 + 1")
    return {"name": name, "kind": kind, "label": {"zh": "此项", "en": "This"}, **more}


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form's definition."""
    return {"key": "try/one", "title": {"zh": "试一试", "en": "Try"}, "fields": list(fields), **more}


def context(variables: dict[str, Any] | None = None) -> Context:
    """The case and the person at the form."""
    return LANGUAGE.context(variables or {}, session=None, actor=Actor("committee"), now=NOW)  # type: ignore[arg-type]


def bind(source: dict[str, Any], data: Any, **variables: Any) -> Any:
    """The submission; raises what binding raises."""
    return Form.parse(source).bind(data, context(variables), LANGUAGE.digest)


def kept(source: dict[str, Any], data: Any, **variables: Any) -> dict[str, Any]:
    """What is kept of `data`."""
    return dict(bind(source, data, **variables).kept)


def errors(source: dict[str, Any], data: Any, **variables: Any) -> dict[str, list[Text]]:
    """The messages by path; none when it is accepted."""
    try:
        bind(source, data, **variables)
    except InvalidData as refusal:
        return refusal.errors
    return {}


@pytest.fixture
def problems() -> Callable[[dict[str, Any]], dict[str, str]]:
    """What the check says of a definition, by path, in English."""
    return lambda source: {path: text.en for path, text in LANGUAGE.check(source)}
