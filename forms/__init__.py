"""The form language: one JSON definition gives the page, the validation and the JSON Schema."""

from typing import Any

from forms.compare import compare
from forms.expressions import Context
from forms.form import Form
from forms.language import FormLanguage
from forms.lookup import Lookup, Option
from forms.pages import ChoiceView, FieldView
from forms.post import Posted as Posted
from forms.post import from_post as _from_post

__all__ = ["ChoiceView", "Context", "FieldView", "Form", "FormLanguage", "Lookup", "Option", "Posted", "compare", "from_post"]


def from_post(form: Form, posted: Posted) -> dict[str, Any]:
    """A plain page's post (a werkzeug-like MultiDict) as data for `Form.bind`."""
    return _from_post(form.definition, posted)
