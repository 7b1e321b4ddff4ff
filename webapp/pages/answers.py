"""What a form brought, as label and words in both languages."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.words import Text
from forms.definition import PICKERS, Definition, Field
from forms.lookup import Lookup
from webapp.pages import dates

YES, NO = Text("是", "Yes"), Text("否", "No")
Answer = tuple[Text, Text]


def answers(definition: Definition | None, data: Mapping[str, Any], lookup: Lookup, session: Session) -> list[Answer]:
    """Every field that has a value, in the form's order; names that the form does not know come last, as they are."""
    known = definition.by_name if definition else {}
    told = [(spec.label, words) for spec, words in _told(known, data, lookup, session)]
    rest = [(Text(name, name), _plain(value)) for name, value in data.items() if name not in known and value not in (None, "", [])]
    return told + rest


def _told(
    known: Mapping[str, Field], data: Mapping[str, Any], lookup: Lookup, session: Session,
) -> Iterator[tuple[Field, Text]]:
    for name, spec in known.items():
        value = data.get(name)
        if value not in (None, "", []):
            yield spec, in_words(spec, value, lookup, session)


def in_words(spec: Field, value: Any, lookup: Lookup, session: Session) -> Text:
    """One value as people say it."""
    if isinstance(value, bool):
        return YES if value else NO
    if spec.choices:
        labels = {choice.value: choice.label for choice in spec.choices}
        chosen = [labels.get(one, _plain(one)) for one in (value if isinstance(value, list) else [value])]
        return Text("、".join(one.zh for one in chosen), ", ".join(one.en for one in chosen))
    if spec.kind == "attachments":
        return pictures(len(value)) if spec.photos else Text(f"{len(value)} 个文件", f"{len(value)} file{'s' * (len(value) != 1)}")
    if spec.kind == "table":
        return Text(f"{len(value)} 行", f"{len(value)} row{'s' * (len(value) != 1)}")
    if spec.kind in PICKERS:
        return lookup.label(spec.kind, value, session) or _plain(value)
    if spec.kind == "money":
        return money(value)
    if spec.kind in ("date", "date_time"):
        return _when(str(value))
    return _united(spec, value)


def pictures(count: int) -> Text:
    """`2 张照片` / `2 photos`."""
    return Text(f"{count} 张照片", f"{count} photo" + "s" * (count != 1))


def money(value: Any) -> Text:
    """`8,600 元` / `CNY 8,600`."""
    amount = f"{float(value):,.2f}".removesuffix(".00")
    return Text(f"{amount} 元", f"CNY {amount}")


def _when(value: str) -> Text:
    """A day, or a day and a time, as people say it; what is neither stays as it is."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return Text(value, value)
    words = dates.day(at.date())
    return words if len(value) == 10 else Text(f"{words.zh} {at:%H:%M}", f"{words.en}, {at:%H:%M}")


def _united(spec: Field, value: Any) -> Text:
    plain = _plain(value)
    return Text(f"{plain.zh} {spec.unit.zh}", f"{plain.en} {spec.unit.en}") if spec.unit else plain


def _plain(value: Any) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return Text("、".join(map(str, value)), ", ".join(map(str, value)))
    return Text(str(value), str(value))
