"""Built-ins on texts."""

from decimal import Decimal
from typing import Any

from engine.feel.builtins import patterns
from engine.feel.builtins.signatures import builtin, place, whole
from engine.feel.faults import Fault, LimitExceeded
from engine.feel.incoming import take
from engine.feel.runtime import TEXT, Runtime
from engine.feel.writing import LONGEST_TEXT


@builtin("substring(string: string, start position: number, length?: number)")
def substring(runtime: Runtime, text: str, start: Decimal, length: Decimal | None) -> str:
    """From a 1-based position, from the end where negative."""
    first = place(start, len(text))
    if length is None:
        return text[first:]
    count = whole(length.to_integral_value("ROUND_DOWN"), "长度", "the length")
    if count < 1:
        raise Fault("长度至少是 1", "the length is below 1")
    return text[first : first + count]


@builtin("string length(string: string)")
def string_length(runtime: Runtime, text: str) -> Decimal:
    """How many characters."""
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(runtime: Runtime, text: str) -> str:
    """In capitals."""
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(runtime: Runtime, text: str) -> str:
    """In small letters."""
    return text.lower()


@builtin("trim(string: string)")
def trim(runtime: Runtime, text: str) -> str:
    """Without white space at both ends."""
    return text.strip()


@builtin("substring before(string: string, match: string)")
def substring_before(runtime: Runtime, text: str, match: str) -> str:
    """What stands before the first match, else nothing."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after(string: string, match: string)")
def substring_after(runtime: Runtime, text: str, match: str) -> str:
    """What stands after the first match, else nothing."""
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(runtime: Runtime, text: str, match: str) -> bool:
    """Whether the match stands in the text."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(runtime: Runtime, text: str, match: str) -> bool:
    """Whether the text begins so."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(runtime: Runtime, text: str, match: str) -> bool:
    """Whether the text ends so."""
    return text.endswith(match)


@builtin("string join(list: list, delimiter?: string!)")
def string_join(runtime: Runtime, items: list[Any], delimiter: str | None) -> str:
    """The texts of a list in one; nulls are left out."""
    runtime.spend(len(items))
    texts = [item for item in map(take, items) if item is not None]
    if any(type(text) is not str for text in texts):
        raise Fault("列表里不都是文本", "not all are texts")
    between = delimiter or ""
    if sum(map(len, texts)) + len(texts) * len(between) > LONGEST_TEXT:
        raise LimitExceeded(TEXT)
    return between.join(texts)


@builtin("matches(input: string, pattern: string, flags?: string!)")
def matches(runtime: Runtime, text: str, pattern: str, flags: str | None) -> bool:
    """Whether a regular expression finds something."""
    return patterns.found(runtime, text, pattern, flags or "")


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string!)")
def replace(runtime: Runtime, text: str, pattern: str, replacement: str, flags: str | None) -> str:
    """With all that a regular expression finds replaced."""
    return patterns.replaced(runtime, text, pattern, replacement, flags or "")


@builtin("split(string: string, delimiter: string)")
def split(runtime: Runtime, text: str, delimiter: str) -> list[str]:
    """The parts between what a regular expression finds."""
    return patterns.parts(runtime, text, delimiter)


@builtin("extract(input: string, pattern: string)")
def extract(runtime: Runtime, text: str, pattern: str) -> list[str]:
    """All that a regular expression finds."""
    return patterns.all_found(runtime, text, pattern)
