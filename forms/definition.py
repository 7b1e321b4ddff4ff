"""What a form is: fields, choices, columns and rules, read from its JSON definition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.words import Text, from_data

TEXTS = frozenset({"text", "long_text"})
NUMBERS = frozenset({"number", "integer", "money"})
CHOICES = frozenset({"choice", "multi_choice"})
DATES = frozenset({"date", "date_time"})
PICKERS = frozenset({"person", "organisation", "project", "building", "dwelling", "place"})
LISTS = frozenset({"multi_choice", "attachments", "table"})
NUMBERED = frozenset({"project", "building", "dwelling"})
KINDS = TEXTS | NUMBERS | CHOICES | DATES | PICKERS | {"boolean", "attachments", "table", "read_only", "computed"}


@dataclass(frozen=True)
class Choice:
    """One answer of a choice; `requires` is a FEEL expression without which it may not be taken."""

    value: str
    label: Text
    hint: Text | None = None
    requires: str | None = None


@dataclass(frozen=True)
class Field:
    """One field; `min` and `max` bound a value, a text's length or a list's count, whichever the kind has."""

    name: str
    kind: str
    label: Text
    hint: Text | None = None
    ask: Text | None = None
    required: bool | str = False
    visible: str | None = None
    read_only: bool = False
    personal: bool = False
    initial: Any = None
    default: Any = None
    value: str | None = None
    min: Any = None
    max: Any = None
    unit: Text | None = None
    pattern: str | None = None
    photos: bool = False
    within: str | None = None
    checkbox: bool = False
    choices: tuple[Choice, ...] = ()
    columns: tuple["Field", ...] = ()

    @property
    def answered_here(self) -> bool:
        """Whether a person may enter it at all, visibility aside."""
        return not self.read_only and self.kind not in ("read_only", "computed")


@dataclass(frozen=True)
class Rule:
    """When `when` is true, `message` stands at `path`."""

    when: str
    path: str
    message: Text


@dataclass(frozen=True)
class Definition:
    """A whole form; build it with `read`, after `checking.structure` found nothing."""

    key: str
    title: Text
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    handler: str | None = None
    intro: Text | None = None
    by_name: Mapping[str, Field] = field(default_factory=dict)

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Every FEEL text of the form with the path where it stands."""
        for index, one in enumerate(self.fields):
            yield from _expressions_of(one, f"fields.{index}")
        for index, rule in enumerate(self.rules):
            yield f"rules.{index}.when", rule.when
            yield from ((f"rules.{index}.message", text) for text in segments(rule.message))


def read(source: Mapping[str, Any]) -> Definition:
    """The definition as values; `source` has the right structure already."""
    fields = tuple(_field(one) for one in source["fields"])
    return Definition(
        key=str(source.get("key", "")),
        title=from_data(source["title"]),
        fields=fields,
        rules=tuple(Rule(r["when"], r.get("path", ""), from_data(r["message"])) for r in source.get("rules", ())),
        handler=source.get("handler"),
        intro=_text(source.get("intro")),
        by_name={one.name: one for one in fields},
    )


def feel_of(value: Any) -> str | None:
    """The expression of a `${…}` value; None for a literal."""
    if isinstance(value, str) and value.startswith("${") and value.endswith("}"):
        return value[2:-1]
    return None


def segments(text: Text | None) -> list[str]:
    """The expressions that stand as `${…}` within a text for people."""
    return [] if text is None else [found for side in text for found in _cut(side)]


def _cut(side: str) -> list[str]:
    return [part.split("}", 1)[0] for part in side.split("${")[1:] if "}" in part]


def _text(value: Any) -> Text | None:
    return None if value is None else from_data(value)


def _choice(source: Mapping[str, Any]) -> Choice:
    return Choice(source["value"], from_data(source["label"]), _text(source.get("hint")), source.get("requires"))


def _field(source: Mapping[str, Any]) -> Field:
    plain = {k: v for k, v in source.items() if k not in ("label", "hint", "ask", "unit", "choices", "columns")}
    return Field(
        **plain,
        label=from_data(source["label"]),
        hint=_text(source.get("hint")),
        ask=_text(source.get("ask")),
        unit=_text(source.get("unit")),
        choices=tuple(_choice(one) for one in source.get("choices", ())),
        columns=tuple(_field(one) for one in source.get("columns", ())),
    )


def _expressions_of(one: Field, path: str) -> Iterator[tuple[str, str]]:
    for key in ("visible", "value"):
        if getattr(one, key) is not None:
            yield f"{path}.{key}", getattr(one, key)
    if isinstance(one.required, str):
        yield f"{path}.required", one.required
    for key in ("initial", "default", "min", "max"):
        text = feel_of(getattr(one, key))
        if text is not None:
            yield f"{path}.{key}", text
    yield from ((f"{path}.hint", text) for text in segments(one.hint))
    for index, choice in enumerate(one.choices):
        if choice.requires is not None:
            yield f"{path}.choices.{index}.requires", choice.requires
        yield from ((f"{path}.choices.{index}.hint", text) for text in segments(choice.hint))
    for index, column in enumerate(one.columns):
        yield from _expressions_of(column, f"{path}.columns.{index}")
