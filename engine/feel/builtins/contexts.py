"""Built-ins on contexts."""

from typing import Any

from engine.feel.builtins.signatures import builtin
from engine.feel.faults import Fault
from engine.feel.incoming import take
from engine.feel.runtime import Runtime


@builtin("context(entries: list)")
def context(runtime: Runtime, entries: list[Any]) -> dict[str, Any]:
    """From a list of {key, value}."""
    made: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            raise Fault("每一项要有 key 和 value", "each entry has a key and a value")
        if entry["key"] in made:
            raise Fault("同一名称写了两次", "a key occurs twice")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def put(runtime: Runtime, into: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """A context with one entry set."""
    runtime.spend(len(into) >> 4)
    return {**into, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def put_deep(runtime: Runtime, into: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    """A context with an entry of an inner context set."""
    runtime.spend()
    if not keys or any(type(key) is not str for key in keys):
        raise Fault("名称要是文本", "the keys are not texts")
    first, rest = keys[0], keys[1:]
    if rest:
        inner = into.get(first)
        if type(inner) is not dict:
            raise Fault(f"“{first}”不是数据组", f"there is no context at {first}")
        value = put_deep(runtime, inner, rest, value)
    return {**into, first: value}


@builtin("context merge(contexts: list)")
def merge(runtime: Runtime, contexts: list[Any]) -> dict[str, Any]:
    """All entries; the later context wins."""
    made: dict[str, Any] = {}
    for part in contexts:
        if type(part) is not dict:
            raise Fault("列表里不都是数据组", "not all are contexts")
        runtime.spend(len(part))
        made.update(part)
    return made


@builtin("get value(m: context!, key: string!)", "get value(context: context!, key: string!)")
def get_value(runtime: Runtime, source: dict[str, Any] | None, key: str | None) -> Any:
    """The value of a key, null where it is not there."""
    return None if source is None or key is None else take(source.get(key))


@builtin("get value(m: context, key: list)")
def get_deep(runtime: Runtime, source: dict[str, Any], keys: list[Any]) -> Any:
    """The value at the end of several keys."""
    value: Any = source
    for key in keys:
        value = value.get(key) if type(value) is dict and type(key) is str else None
    return take(value)


@builtin("get entries(m: context)", "get entries(context: context)")
def get_entries(runtime: Runtime, source: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of {key, value}."""
    runtime.spend(len(source))
    return [{"key": key, "value": take(value)} for key, value in source.items()]
