"""The lines of a script task: `name = expression`, one each."""

import re
from collections.abc import Iterable

from engine.feel.expression import Expression, compile
from engine.feel.faults import SyntaxFault
from engine.feel.parser import KEYWORDS
from engine.words import Text

_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*=(?!=)")
_NOT_ASSIGNED = Text("每行要写成：名称 = 表达式", "Each line is written: name = expression")
_DOUBLE = Text("赋值和比较都只写一个“=”", "Both assigning and comparing are written with one =")
_WORD = Text("这个词不能作名称", "This word cannot be a name")


def parse_script(text: str, names: Iterable[str] = ()) -> list[tuple[str, Expression, int]]:
    """(name, expression, line number) for each line; blank lines and `//` lines are left out."""
    known = tuple(names)
    made: list[tuple[str, Expression, int]] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("//"):
            name, expression = _line(line, number, start, text, known)
            made.append((name, expression, number))
        start += len(line) + 1
    return made


def _line(line: str, number: int, start: int, text: str, names: tuple[str, ...]) -> tuple[str, Expression]:
    found = _ASSIGNMENT.match(line)
    if found is None:
        raise _refusal(_DOUBLE if "==" in line else _NOT_ASSIGNED, number, start, text)
    if KEYWORDS & set(found[1].split(".")):
        raise _refusal(_WORD, number, start + found.start(1), text)
    try:
        return found[1], compile(line[found.end() :], names)
    except SyntaxFault as fault:
        rest = line[found.end() :]
        offset = start + found.end() + len(rest) - len(rest.lstrip()) + fault.position
        raise _refusal(fault.message, number, offset, text) from None


def _refusal(why: Text, number: int, position: int, text: str) -> SyntaxFault:
    return SyntaxFault(Text(f"第 {number} 行：{why.zh}", f"Line {number}: {why.en}"), position, text)
