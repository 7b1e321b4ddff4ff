"""The kinds of field as marshmallow fields: each turns what was sent into a value or says how to put it right."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize

import re2
from marshmallow import RAISE, Schema, ValidationError
from marshmallow import fields as base

from engine.clock import TZ
from engine.words import Text
from forms import wording
from forms.definition import NUMBERED, PICKERS, Definition, Field

LIMITS = {"text": 200, "long_text": 4000, "multi_choice": 100, "attachments": 30, "table": 200}
PatternError: type[Exception] = re2.error
LARGEST = Decimal(10) ** 15
_MONEY = re.compile(r"\d{1,13}(\.\d{1,2})?")
_NUMBER = re.compile(r"[+-]?\d{1,16}(\.\d{1,10})?")


def refuse(text: Text) -> ValidationError:
    """The error in the shape that marshmallow gathers."""
    return ValidationError([text])


@lru_cache(512)
def pattern(text: str) -> Any:
    """A compiled pattern of the engine that cannot be made to hang; raises `re2.error`."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)


def clean_text(value: Any, spec: Field) -> str:
    """Text without what nobody can see, ends trimmed, line ends alike."""
    if not isinstance(value, str):
        raise refuse(wording.not_text(spec.label))
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise refuse(wording.control_characters(spec.label))
    return text


class Kind(base.Field[Any]):
    """A field that knows its definition; empty text and null are both "nothing entered"."""

    def __init__(self, spec: Field) -> None:
        super().__init__(allow_none=True, required=False)
        self.spec = spec

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, str) and not value.strip():
            return None
        return super().deserialize(value, attr, data, **kwargs)


class Words(Kind):
    """One line or several, within their length and pattern."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        spec, text = self.spec, clean_text(value, self.spec)
        if spec.kind == "text" and "\n" in text:
            raise refuse(wording.one_line(spec.label))
        most = spec.max or LIMITS[spec.kind]
        if len(text) > most:
            raise refuse(wording.too_long(spec.label, most))
        if spec.min is not None and len(text) < spec.min:
            raise refuse(wording.too_short(spec.label, spec.min))
        if spec.pattern is not None and not pattern(spec.pattern).fullmatch(text):
            raise refuse(wording.pattern(spec.label, spec.hint))
        return text


class Number(Kind):
    """A number or a whole number; text that spells one is taken too, as a page sends it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = _decimal(value)
        whole = self.spec.kind == "integer"
        if number is None or abs(number) > LARGEST:
            raise refuse((wording.not_whole if whole else wording.not_a_number)(self.spec.label))
        if whole and number != number.to_integral_value():
            raise refuse(wording.not_whole(self.spec.label))
        _bound(number, self.spec)
        return int(number) if number == number.to_integral_value() else float(number)


class Money(Kind):
    """An amount in yuan as a decimal string with two decimals, never negative."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = _decimal(value)
        if number is None or not _MONEY.fullmatch(format(number, "f")):
            raise refuse(wording.not_money(self.spec.label))
        _bound(number, self.spec)
        return f"{number:.2f}"


class YesNo(Kind):
    """True or false, also as the words that a page sends."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            return value
        if value in ("true", "on", "false"):
            return value != "false"
        raise refuse(wording.not_yes_or_no(self.spec.label))


class OneOf(Kind):
    """One of the declared answers."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return _chosen(value, self.spec)


class Several(Kind):
    """Any of the declared answers, each once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return [_chosen(one, self.spec) for one in _distinct(value, self.spec)]


class Day(Kind):
    """A day of the calendar as ISO text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = normalize("NFKC", value).strip() if isinstance(value, str) and len(value) < 40 else ""
        try:
            if len(text) != 10:
                raise ValueError
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise refuse(wording.not_a_date(self.spec.label)) from None


class Instant(Kind):
    """An instant as ISO text with the offset of Shanghai; without an offset it is Shanghai's."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = normalize("NFKC", value).strip() if isinstance(value, str) and len(value) < 40 else ""
        try:
            if len(text) < 16 or text[10] not in "T ":
                raise ValueError
            return instant(text)
        except (ValueError, OverflowError):
            raise refuse(wording.not_a_time(self.spec.label)) from None


def instant(text: str) -> str:
    """An instant as this form writes it; raises `ValueError` or `OverflowError`. A zone's name behind an @ is FEEL's."""
    at = datetime.fromisoformat(text.split("@")[0])
    at = at.replace(tzinfo=TZ) if at.tzinfo is None else at.astimezone(TZ)
    return at.isoformat(timespec="seconds")


class Picked(Kind):
    """The id of somebody or something, a number where ids are; whether it exists is asked when the form is bound."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return _identity(value, self.spec)


class Files(Kind):
    """Ids of attachments, each once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        ids = [_identity(one, self.spec) for one in _distinct(value, self.spec)]
        if not all(isinstance(one, str) for one in ids):
            raise refuse(wording.file_gone(self.spec.label))
        return ids


class Rows(Kind):
    """A table: a list of rows, each through the schema of its columns."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec)
        self.row = _schema(spec.columns, "Row")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise refuse(wording.NOT_A_TABLE)
        _count(value, self.spec)
        rows: list[Any] = []
        errors: dict[int, Any] = {}
        for index, row in enumerate(value):
            try:
                rows.append({c.name: None for c in self.spec.columns} | dict(self.row.load(row)))
            except ValidationError as fault:
                errors[index] = fault.messages
        if errors:
            raise ValidationError(errors)
        return rows


class AsShown(Kind):
    """A field that is only shown: what comes back is compared, never kept."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return value


BY_KIND: dict[str, type[Kind]] = {
    "text": Words, "long_text": Words, "number": Number, "integer": Number, "money": Money, "boolean": YesNo,
    "choice": OneOf, "multi_choice": Several, "date": Day, "date_time": Instant, "attachments": Files,
    "table": Rows, "read_only": AsShown, "computed": AsShown, **dict.fromkeys(PICKERS, Picked),
}


def schema_of(definition: Definition) -> Schema:
    """The marshmallow schema of a form."""
    return _schema(definition.fields, "Form")


def _schema(specs: tuple[Field, ...], name: str) -> Schema:
    made = Schema.from_dict({spec.name: BY_KIND[spec.kind](spec) for spec in specs}, name=name)
    schema = made(unknown=RAISE)
    schema.error_messages = {"unknown": wording.UNKNOWN, "type": wording.NOT_AN_OBJECT}  # type: ignore[dict-item]
    return schema


def _decimal(value: Any) -> Decimal | None:
    """The exact number that was meant, or None; never NaN, never infinite."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = normalize("NFKC", value[:60]).strip().replace(",", "").removeprefix("¥")
        return Decimal(text) if len(value) <= 60 and _NUMBER.fullmatch(text) else None
    if isinstance(value, int) and abs(value) <= 10**16:
        return Decimal(value)
    if isinstance(value, float | Decimal):
        try:
            number = Decimal(repr(value)) if isinstance(value, float) else value
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    return None


def _bound(number: Decimal, spec: Field) -> None:
    if spec.min is not None and number < Decimal(str(spec.min)):
        raise refuse(wording.at_least(spec.label, spec.min))
    if spec.max is not None and number > Decimal(str(spec.max)):
        raise refuse(wording.at_most(spec.label, spec.max))


def _chosen(value: Any, spec: Field) -> str:
    for choice in spec.choices:
        if isinstance(value, str) and value == choice.value:
            return choice.value
    raise refuse(wording.not_a_choice(spec.label, [choice.label for choice in spec.choices]))


def _identity(value: Any, spec: Field) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    if not isinstance(value, str) or len(value) > 120 or any(category(c)[0] == "C" for c in value):
        raise refuse(wording.file_gone(spec.label) if spec.kind == "attachments" else wording.not_found(spec.label))
    text = value.strip()
    return int(text) if spec.kind in NUMBERED and text.isascii() and text.isdigit() and len(text) < 19 else text


def _distinct(value: Any, spec: Field) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, str | int) for one in value):
        raise refuse(wording.not_a_list(spec.label))
    if len(set(value)) != len(value):
        raise refuse(wording.twice(spec.label))
    _count(value, spec)
    return value


def _count(value: list[Any], spec: Field) -> None:
    most = spec.max or LIMITS[spec.kind]
    if len(value) > most:
        raise refuse(wording.too_many(spec.label, most))
    if value and spec.min is not None and len(value) < spec.min:
        raise refuse(wording.too_few(spec.label, spec.min))
