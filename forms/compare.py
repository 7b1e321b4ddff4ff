"""What a changed form breaks: cases that run read the old names, clients send the old answers."""

from collections.abc import Mapping
from typing import Any

from engine.words import Text
from forms.definition import Field
from forms.form import Form

ORDERED = ("text", "long_text"), ("integer", "number")


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """The breaking changes from `old` to `new`, as (path, what breaks); none means safe."""
    before, after = Form.parse(old).definition, Form.parse(new).definition
    found = _fields(before.fields, after.fields, "")
    if before.handler != after.handler:
        found.append(("handler", Text("处理函数变了", "Another function receives the values")))
    return found


def _fields(before: tuple[Field, ...], after: tuple[Field, ...], path: str) -> list[tuple[str, Text]]:
    then, now = {f.name: f for f in before}, {f.name: f for f in after}
    found = [
        (path + name, Text(f"“{f.label.zh}”没有了：条件和接口还会用到它", f'"{f.label.en}" is gone; conditions and clients still use it'))
        for name, f in then.items() if name not in now
    ]
    for name, f in now.items():
        if name in then:
            found += _field(then[name], f, path + name)
        elif f.required and f.default is None and f.answered_here:
            found.append((path + name, Text(f"新的必填项“{f.label.zh}”", f'"{f.label.en}" is new and required')))
    return found


def _field(then: Field, now: Field, path: str) -> list[tuple[str, Text]]:
    found = _fields(then.columns, now.columns, f"{path}.")
    if then.kind != now.kind and (then.kind, now.kind) not in ORDERED:
        found.append((path, Text(f"种类由 {then.kind} 变为 {now.kind}", f"The kind changes from {then.kind} to {now.kind}")))
    gone = [c for c in then.choices if c.value not in {other.value for other in now.choices}]
    found += [(path, Text(f"选项“{c.label.zh}”没有了", f'The answer "{c.label.en}" is gone')) for c in gone]
    if now.required and not then.required and now.default is None:
        found.append((path, Text("变为必填", "It becomes required")))
    if then.answered_here and not now.answered_here:
        found.append((path, Text("不再可填", "It can no longer be entered")))
    if then.personal != now.personal:
        found.append((path, Text("是否个人信息变了", "Whether it is personal data changes")))
    if _tighter(then, now):
        found.append((path, Text("界限收紧", "Its bounds become narrower")))
    return found


def _tighter(then: Field, now: Field) -> bool:
    lower = now.min is not None and (then.min is None or (str(now.min) != str(then.min) and not _less(now.min, then.min)))
    upper = now.max is not None and (then.max is None or (str(now.max) != str(then.max) and not _less(then.max, now.max)))
    return lower or upper or (now.pattern is not None and now.pattern != then.pattern)


def _less(a: Any, b: Any) -> bool:
    return bool(type(a) is type(b) and a < b)
