"""Regular expressions as FEEL has them (XPath's), run by RE2, whose time is linear whatever the pattern."""

import re
from functools import lru_cache
from typing import Any

import re2

from engine.feel.faults import Fault, LimitExceeded
from engine.feel.runtime import TEXT, Runtime
from engine.feel.writing import LONGEST_TEXT
from engine.words import Text

LONGEST_PATTERN = 500
LONGEST_SUBJECT = 20_000
_TOO_LONG = Text("正则表达式或被查文本太长", "The pattern or the text it searches is too long")
_PIECE = re.compile(r"\\p\{Is\w+\}|\\.|.", re.S)
_NAME_START, _NAME = "A-Za-z_:", r"\-.0-9A-Za-z_:"
_CLASSES = {
    r"\i": (_NAME_START, False),
    r"\I": (_NAME_START, True),
    r"\c": (_NAME, False),
    r"\C": (_NAME, True),
    r"\p{IsBasicLatin}": (r"\x00-\x7f", False),
}
_FOREIGN = frozenset({r"\0", r"\Q", r"\E", r"\A", r"\z", r"\b", r"\B"})
_CLASS_OR_SPACE = re.compile(r"(\[[^\]]*\])|[ \t\n\r]+")
_GROUP = re.compile(r"\\([\\$])|\$(\d+)")
_BAD_REPLACEMENT = re.compile(r"\\(?![\\$])|(?<!\\)\$(?!\d)")


def _spaceless(pattern: str) -> str:
    """Without white space outside of classes: the flag x."""
    return _CLASS_OR_SPACE.sub(lambda found: found[1] or "", pattern)


def _translated(pattern: str, dot_all: bool) -> str:
    """XPath's pattern in RE2's words; what RE2 would silently take for something else is refused."""
    made: list[str] = []
    in_class = False
    for piece in _PIECE.findall(pattern):
        if piece in _FOREIGN or (in_class and (piece == "[" or _CLASSES.get(piece, ("", False))[1])):
            raise Fault(f"正则表达式里不能写 {piece}", f"a pattern has no {piece} here")
        if piece in _CLASSES:
            inside, negated = _CLASSES[piece]
            made.append(inside if in_class else f"[{'^' if negated else ''}{inside}]")
        elif piece == "." and not in_class and not dot_all:
            made.append(r"[^\n\r]")
        else:
            in_class = piece != "]" if in_class else piece == "["
            made.append(piece)
    return "".join(made)


@lru_cache(256)
def _compiled(pattern: str, flags: str) -> Any:
    if set(flags) - set("smixq"):
        raise Fault("正则表达式的标志只有 s、m、i、x、q", "the flags are s, m, i, x and q")
    literal = "q" in flags
    spaced = pattern if literal or "x" not in flags else _spaceless(pattern)
    source = re2.escape(pattern) if literal else _translated(spaced, "s" in flags)
    inline = "".join(flag for flag in "smi" if flag in flags and not (literal and flag != "i"))
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(f"(?{inline}){source}" if inline else source, options)
    except re2.error:
        raise Fault("正则表达式不对", "not a pattern that can be used") from None


def _pattern(runtime: Runtime, text: str, pattern: str, flags: str) -> Any:
    if len(pattern) > LONGEST_PATTERN or len(text) > LONGEST_SUBJECT:
        raise LimitExceeded(_TOO_LONG)
    runtime.spend(10 + len(text) // 100)
    return _compiled(pattern, flags)


def found(runtime: Runtime, text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern finds something."""
    return _pattern(runtime, text, pattern, flags).search(text) is not None


def replaced(runtime: Runtime, text: str, pattern: str, replacement: str, flags: str) -> str:
    """With all that is found replaced; `$1` stands for a group, `\\$` for a dollar."""
    compiled = _pattern(runtime, text, pattern, flags)
    if compiled.search(""):
        raise Fault("正则表达式能匹配空文本", "the pattern matches the empty text")
    if "q" not in flags and _BAD_REPLACEMENT.search(replacement.replace("\\\\", "")):
        raise Fault("替换文本里的 $ 或 \\ 不对", "a wrong $ or \\ in the replacement")
    made: list[str] = []
    end, length = 0, 0
    for match in compiled.finditer(text):
        new = replacement if "q" in flags else _filled(replacement, match, compiled.groups)
        made += (text[end : match.start()], new)
        end = match.end()
        length += len(new)
        runtime.spend()
        if length > LONGEST_TEXT:
            raise LimitExceeded(TEXT)
    return "".join(made) + text[end:]


def _filled(replacement: str, match: Any, groups: int) -> str:
    def one(reference: re.Match[str]) -> str:
        if reference[1]:
            return reference[1]
        digits = reference[2]
        # $12 is group 12 where there are so many, else group 1 and a 2.
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        return (match[int(digits)] or "") + reference[2][len(digits) :] if int(digits) <= groups else ""

    return _GROUP.sub(one, replacement)


def parts(runtime: Runtime, text: str, pattern: str) -> list[str]:
    """What stands between the matches."""
    made: list[str] = []
    end = 0
    for match in _pattern(runtime, text, pattern, "").finditer(text):
        runtime.spend()
        made.append(text[end : match.start()])
        end = match.end()
    return [*made, text[end:]]


def all_found(runtime: Runtime, text: str, pattern: str) -> list[str]:
    """The matches."""
    made: list[str] = []
    for match in _pattern(runtime, text, pattern, "").finditer(text):
        runtime.spend()
        made.append(match[0])
    return made
