"""A form, made once from its definition: the page, the validation and the JSON Schema all come from it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from marshmallow import Schema

from engine.errors import Problem, Refused
from engine.ports import Submission
from engine.words import Text
from forms import checking, json_schema, pages
from forms.binding import Digest, bind
from forms.definition import Definition, read
from forms.expressions import Context, compiled, own_names
from forms.kinds import schema_of
from forms.lookup import Option
from forms.standing import Errors


class Form:
    """The form language's one object; `Form.parse` makes it, and makes it once per content."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    @classmethod
    def parse(cls, source: Mapping[str, Any]) -> "Form":
        """The form of a definition; raises `Refused` with the problems of its structure."""
        try:
            return _parsed(json.dumps(source, sort_keys=False, ensure_ascii=False))
        except (TypeError, ValueError, RecursionError):
            raise Refused([Problem("", None, "form", checking.NOT_JSON)]) from None

    @cached_property
    def schema(self) -> Schema:
        """The marshmallow schema."""
        return schema_of(self.definition)

    @cached_property
    def watched(self) -> frozenset[str]:
        """Fields whose change may show, hide, require or compute others: the page posts again for those."""
        names = frozenset(self.definition.by_name)
        texts = [text for path, text in self.definition.expressions() if not path.startswith("rules.")]
        return frozenset(name for text in texts for name in own_names(text, names))

    def fields(self) -> dict[str, str]:
        """Names with their kinds of all that is kept."""
        return {spec.name: spec.kind for spec in self.definition.fields if spec.kind != "read_only"}

    def free_names(self) -> set[str]:
        """Dotted names of the case that the form's expressions read, for a check against what the process can set."""
        own = set(self.definition.by_name) | {c.name for spec in self.definition.fields for c in spec.columns}
        paths = {path for _, text in self.definition.expressions() for path in compiled(text).free_names()}
        return {path.removeprefix("case.") for path in paths if not path.endswith("?") and path.split(".", 1)[0] not in own}

    def check(self, functions: Iterable[str] = ()) -> list[tuple[str, Text]]:
        """What is wrong with the expressions; the structure was right, or there would be no form."""
        return checking.expressions(self.definition, frozenset(functions))

    def bind(self, submitted: Any, context: Context, digest: Digest | None = None) -> Submission:
        """What is kept of `submitted`; raises `InvalidData`."""
        return bind(self.definition, self.schema, submitted, context, digest)

    def json_schema(self, locale: str, context: Context) -> dict[str, Any]:
        """The form as self-contained JSON Schema 2020-12, titles in `locale`."""
        return json_schema.build(self.definition, locale, context)

    def initial(self, context: Context) -> dict[str, Any]:
        """The declared initial values, computed and displayed ones included; what has none is left out."""
        return pages.initial(self.definition, context)

    def page(
        self, values: Mapping[str, Any] | None, context: Context, locale: str, errors: Errors | None = None
    ) -> list[pages.FieldView]:
        """The fields to draw, for a draft or a refused post; visibility as the server sees it."""
        return pages.views(self.definition, self.schema, values or {}, context, locale, errors or {}, self.watched)

    def options(self, path: str, values: Mapping[str, Any], context: Context, query: str = "", limit: int = 20) -> Sequence[Option]:
        """What the picker at `path` (`project_id`, `items.0.dwelling_id`) offers, narrowed by what is entered or known."""
        return pages.options(self.definition, path, values, context, query, limit)

    def standing(self, values: Mapping[str, Any], context: Context) -> dict[str, dict[str, Any]]:
        """`visible`, `required` and `computed` by field name, for a page that asks while somebody types."""
        return pages.standing(self.definition, self.schema, values, context)


@lru_cache(1024)
def _parsed(text: str) -> Form:
    source = json.loads(text)
    problems = checking.structure(source)
    if problems:
        raise Refused([Problem("", path, "form", message) for path, message in problems])
    return Form(read(source))
