"""What is wrong with a form's definition, said before it is deployed: structure first, then its expressions."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError

from engine import feel
from engine.words import Text
from forms import kinds
from forms.definition import CHOICES, DATES, KINDS, LISTS, NUMBERS, PICKERS, TEXTS, Definition, Field, feel_of
from forms.expressions import compiled, own_names
from forms.kinds import PatternError, pattern

Problems = Iterator[tuple[str, Text]]
NOT_JSON = Text("表单应是 JSON 对象", "A form is a JSON object")
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
KEY = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?")
KEYWORDS = frozenset((
    "item", "loop", "case", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not",
    "null", "true", "false", "function", "between", "instance", "of", "external", "partial",
))
# `log` is the contract's name for what was done in the field rectify.log; nobody takes logarithms in a form
PERMITTED = frozenset({"log"})
COMMON = frozenset({"name", "kind", "label", "hint", "ask", "required", "visible", "read_only", "initial", "default", "personal"})
BY_KIND: dict[str, frozenset[str]] = {
    **dict.fromkeys(TEXTS, frozenset({"min", "max", "pattern"})),
    **dict.fromkeys(NUMBERS, frozenset({"min", "max", "unit"})),
    **dict.fromkeys(DATES, frozenset({"min", "max"})),
    **dict.fromkeys(PICKERS, frozenset({"within"})),
    "boolean": frozenset({"checkbox"}),
    "choice": frozenset({"choices"}),
    "multi_choice": frozenset({"choices", "min", "max"}),
    "attachments": frozenset({"photos", "min", "max"}),
    "table": frozenset({"columns", "min", "max"}),
    "read_only": frozenset({"value", "unit"}),
    "computed": frozenset({"value", "unit"}),
}
FORM_KEYS = frozenset({"key", "title", "intro", "handler", "fields", "rules"})
RULE_KEYS = frozenset({"when", "path", "message"})
CHOICE_KEYS = frozenset({"value", "label", "hint", "requires"})


def structure(source: Any) -> list[tuple[str, Text]]:
    """Everything but what stands in expressions."""
    if not isinstance(source, Mapping):
        return [("", NOT_JSON)]
    return list(_form(source))


def expressions(definition: Definition, functions: frozenset[str]) -> list[tuple[str, Text]]:
    """Expressions that do not parse, call what there is not, or look at fields further down."""
    found = list(_syntax(definition, functions))
    return found or [*_order(definition), *_leaks(definition), *_initials(definition)]


def _form(source: Mapping[str, Any]) -> Problems:
    yield from _unknown_keys(source, FORM_KEYS, "")
    yield from _both_languages(source.get("title"), "title")
    if "intro" in source:
        yield from _both_languages(source["intro"], "intro")
    if not isinstance(source.get("key", "form"), str) or not KEY.fullmatch(source.get("key", "form")):
        yield "key", Text("键应形如 流程/表单", "Write the key as process/form in lower case")
    if not isinstance(source.get("handler", "x"), str) or not NAME.fullmatch(source.get("handler", "x")):
        yield "handler", Text("handler 应是一个函数名", "The handler is the name of a function")
    yield from _fields(source.get("fields"), "fields", PERMITTED)
    yield from _rules(source.get("rules", []), [one.get("name") for one in _objects(source.get("fields"))])


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _fields(fields: Any, path: str, permitted: frozenset[str]) -> Problems:
    if not isinstance(fields, list) or not 1 <= len(fields) <= 200:
        yield path, Text("至少一个、最多 200 个字段", "List between 1 and 200 fields")
        return
    seen: set[str] = set()
    for index, one in enumerate(fields):
        here = f"{path}.{index}"
        if not isinstance(one, Mapping):
            yield here, NOT_JSON
            continue
        yield from _name(one.get("name"), here, seen, permitted)
        yield from _field(one, here)


def _name(name: Any, path: str, seen: set[str], permitted: frozenset[str]) -> Problems:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f"{path}.name", Text("名称用小写字母、数字和下划线，以字母开头", "Name a field with small letters, digits and underscores, a letter first")
        return
    if name in seen:
        yield f"{path}.name", Text(f"名称 {name} 用了两次", f"The name {name} is used twice")
    if name in KEYWORDS or (name in feel.BUILTINS and name not in permitted):
        yield f"{path}.name", Text(f"{name} 是 FEEL 自己的词，换一个名称", f"{name} is a word of FEEL itself; take another name")
    seen.add(name)


def _field(one: Mapping[str, Any], path: str) -> Problems:
    kind = one.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        yield f"{path}.kind", Text(f"没有这种字段：{kind}", f"There is no such kind of field: {kind}")
        return
    yield from _unknown_keys(one, COMMON | BY_KIND[kind], path)
    yield from _both_languages(one.get("label"), f"{path}.label")
    for key in ("hint", "ask", "unit"):
        if key in one:
            yield from _both_languages(one[key], f"{path}.{key}")
    for key in ("visible", "value"):
        if not isinstance(one.get(key, ""), str):
            yield f"{path}.{key}", Text("应是 FEEL 表达式", "Write a FEEL expression")
    if not isinstance(one.get("required", False), bool | str):
        yield f"{path}.required", Text("应是 true 或 FEEL 表达式", "Write true or a FEEL expression")
    for key in ("read_only", "personal", "photos", "checkbox"):
        if not isinstance(one.get(key, False), bool):
            yield f"{path}.{key}", Text("应是 true 或 false", "Write true or false")
    yield from _of_kind(one, kind, path)


def _of_kind(one: Mapping[str, Any], kind: str, path: str) -> Problems:
    yield from _bounds(one, kind, path)
    if kind in ("computed", "read_only") and not isinstance(one.get("value"), str):
        yield f"{path}.value", Text("写明它的值：一个 FEEL 表达式", "Say what it shows: a FEEL expression")
    if kind in CHOICES:
        yield from _choices(one.get("choices"), f"{path}.choices")
    if kind == "table":
        yield from _columns(one, path)
    if not isinstance(one.get("within", ""), str):
        yield f"{path}.within", Text("应是一个字段名", "Name a field")
    if "pattern" in one:
        try:
            pattern(one["pattern"])
        except (PatternError, TypeError):
            yield f"{path}.pattern", Text("正则表达式有误", "The pattern is no regular expression")


def _columns(one: Mapping[str, Any], path: str) -> Problems:
    yield from _fields(one.get("columns"), f"{path}.columns", frozenset())
    for index, column in enumerate(_objects(one.get("columns"))):
        here = f"{path}.columns.{index}"
        if column.get("kind") in ("table", "read_only"):
            yield f"{here}.kind", Text("表格的列不能是这种字段", "A column cannot be of this kind")
        if column.get("visible") is not None or column.get("read_only"):
            yield here, Text("列总是可见、可填", "A column is always visible and open")
        if column.get("personal"):
            yield f"{here}.personal", Text("把整张表标为个人信息", "Mark the whole table as personal")


def _choices(choices: Any, path: str) -> Problems:
    if not isinstance(choices, list) or not choices or not all(isinstance(c, Mapping) for c in choices):
        yield path, Text("列出可选项", "List the answers")
        return
    values = [c.get("value") for c in choices]
    for index, choice in enumerate(choices):
        here = f"{path}.{index}"
        yield from _unknown_keys(choice, CHOICE_KEYS, here)
        yield from _both_languages(choice.get("label"), f"{here}.label")
        if "hint" in choice:
            yield from _both_languages(choice["hint"], f"{here}.hint")
        if not isinstance(choice.get("value"), str) or not choice["value"] or values.count(choice["value"]) > 1:
            yield f"{here}.value", Text("每个选项要有自己的值（文字）", "Give each answer its own value, as text")
        if not isinstance(choice.get("requires", ""), str):
            yield f"{here}.requires", Text("应是 FEEL 表达式", "Write a FEEL expression")


def _bounds(one: Mapping[str, Any], kind: str, path: str) -> Problems:
    for key in ("min", "max"):
        value = one.get(key)
        if value is not None and not _is_bound(value, kind):
            yield f"{path}.{key}", Text("界限应是数字（日期应是日期或 ${…}）", "A bound is a number; for dates a date or ${…}")
    least, most = one.get("min"), one.get("max")
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        yield f"{path}.min", Text("下限大于上限", "The least is more than the most")


def _is_bound(value: Any, kind: str) -> bool:
    if kind in DATES:
        return isinstance(value, str) and (feel_of(value) is not None or _is_day(value[:10]))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value == value and abs(value) <= 10**15 and (kind in NUMBERS or (isinstance(value, int) and value >= 0))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _rules(rules: Any, names: list[Any]) -> Problems:
    if not isinstance(rules, list) or not all(isinstance(rule, Mapping) for rule in rules):
        yield "rules", Text("应是规则的列表", "Write a list of rules")
        return
    for index, rule in enumerate(rules):
        here = f"rules.{index}"
        yield from _unknown_keys(rule, RULE_KEYS, here)
        yield from _both_languages(rule.get("message"), f"{here}.message")
        if not isinstance(rule.get("when"), str):
            yield f"{here}.when", Text("写明何时不对：一个 FEEL 表达式", "Say when it is wrong: a FEEL expression")
        if rule.get("path", "") != "" and rule["path"] not in names:
            yield f"{here}.path", Text("没有这个字段", "There is no such field")


def _unknown_keys(one: Mapping[str, Any], known: frozenset[str], path: str) -> Problems:
    for key in sorted(set(map(str, one)) - known):
        yield f"{path}.{key}".lstrip("."), Text(f"这里没有 {key}", f"{key} has no meaning here")


def _both_languages(value: Any, path: str) -> Problems:
    good = isinstance(value, Mapping) and set(value) == {"zh", "en"}
    if not good or not all(isinstance(side, str) and side.strip() for side in value.values()):
        yield path, Text("中文和英文都要写", "Write it in Chinese and in English: {\"zh\": …, \"en\": …}")


def _syntax(definition: Definition, functions: frozenset[str]) -> Problems:
    for path, text in definition.expressions():
        try:
            unknown = compiled(text).called_functions() - feel.BUILTINS - functions
        except feel.SyntaxFault as fault:
            zh, en = fault.message
            yield path, Text(f"{zh}（第 {fault.position + 1} 个字符：{text}）", f"{en} (character {fault.position + 1} of {text})")
            continue
        for name in sorted(unknown):
            yield path, Text(f"没有函数 {name}", f"There is no function {name}")


def _order(definition: Definition) -> Problems:
    """Visibility and values go from the top, so that they have one meaning."""
    below = frozenset(definition.by_name)
    for index, one in enumerate(definition.fields):
        texts = {"visible": one.visible, "value": one.value, "default": feel_of(one.default), "initial": feel_of(one.initial)}
        for key, text in texts.items():
            for name in sorted(own_names(text, below) if text is not None else ()):
                yield f"fields.{index}.{key}", Text(f"{name} 不在这一项之前", f"{name} does not stand above this field")
        below -= {one.name}
        if one.within is not None and one.within in below:
            yield f"fields.{index}.within", Text(f"{one.within} 不在这一项之前", f"{one.within} does not stand above this field")


def _leaks(definition: Definition) -> Problems:
    """A value computed from personal data is personal."""
    personal = frozenset(one.name for one in definition.fields if one.personal)
    for index, one in enumerate(definition.fields):
        for text in (one.value, feel_of(one.default)):
            if text is not None and not one.personal and one.kind != "read_only" and own_names(text, personal):
                yield f"fields.{index}.personal", Text("由个人信息算出的值也是个人信息", "What is computed from personal data is personal too")


def _initials(definition: Definition) -> Problems:
    for index, one in enumerate(definition.fields):
        for key in ("initial", "default"):
            value = getattr(one, key)
            if value is not None and feel_of(value) is None and not _fits(one, value):
                yield f"fields.{index}.{key}", Text("这个值不合字段的规定", "This value does not fit the field")


def _fits(one: Field, value: Any) -> bool:
    try:
        return one.kind in LISTS - CHOICES or kinds.BY_KIND[one.kind](one).deserialize(value) == value
    except ValidationError:
        return False
