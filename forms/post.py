"""A plain page's post as data: names such as `items.0.name`, every control sent, unticked boxes not."""

from collections.abc import Iterable
from typing import Any, Protocol

from forms.definition import Definition, Field

MOST_ROWS = 1000


class Posted(Protocol):
    """A werkzeug-like MultiDict."""

    def keys(self) -> Iterable[str]:
        """The names sent."""

    def getlist(self, key: str) -> list[str]:
        """All values of a name, in order."""


def from_post(definition: Definition, posted: Posted) -> dict[str, Any]:
    """Data for `bind`. Names that begin with `_` and `csrf_token` are the page's own; any other name goes along to be refused."""
    names = [name for name in posted.keys() if not name.startswith("_") and name != "csrf_token"]  # noqa: SIM118
    data: dict[str, Any] = {}
    for name in names:
        head = name.split(".", 1)[0]
        spec = definition.by_name.get(head)
        if spec is None or (head != name and spec.kind != "table"):
            data[name] = _last(posted.getlist(name))
        elif spec.kind == "table":
            data.setdefault(head, [])
        else:
            data[name] = _value(spec, posted.getlist(name))
    for head in [name for name in data if name in definition.by_name and definition.by_name[name].kind == "table"]:
        data[head] = _rows(definition.by_name[head], names, posted)
    return data


def _last(values: list[str]) -> str | None:
    return values[-1].strip() or None if values else None


def _value(spec: Field, values: list[str]) -> Any:
    if spec.kind in ("multi_choice", "attachments"):
        return [value for value in dict.fromkeys(values) if value.strip()]
    value = _last(values)
    if spec.kind == "boolean" and value in ("true", "on", "false"):
        return value != "false"
    return value


def _rows(spec: Field, names: list[str], posted: Posted) -> list[dict[str, Any]]:
    """Rows in the order of their numbers; wholly empty ones are the page's blank lines."""
    columns = {column.name: column for column in spec.columns}
    rows: dict[int, dict[str, Any]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        number, _, column = rest.partition(".")
        if head == spec.name and number.isascii() and number.isdigit() and len(number) < 6:
            found = columns.get(column)
            values = posted.getlist(name)
            rows.setdefault(int(number), {})[column] = _last(values) if found is None else _value(found, values)
    ordered = [rows[number] for number in sorted(rows)][:MOST_ROWS]
    return [row for row in ordered if any(value not in (None, [], False) for value in row.values())]
