"""Text to tokens, and the names of several tokens among them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from engine.feel.faults import SyntaxFault
from engine.words import Text

LONGEST_SOURCE = 20_000
MOST_TOKENS = 5_000

# As the standard has it but for wide punctuation: “a＝1” typed with a Chinese keyboard is a slip, not a name.
_START = (
    r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303B-\u303C\u3041-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE"
    r"\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFFD\U00010000-\U000EFFFF"
)
_TOKEN = re.compile(
    rf"""(?P<space>[\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+|//[^\n]*|/\*.*?\*/)
|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
|(?P<string>"(?:[^"\\]|\\.)*")
|(?P<open>/\*|")
|(?P<name>[{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]*)
|(?P<sign>\*\*|\.\.|<=|>=|!=|->|.)""",
    re.X | re.S | re.A,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}


class Token(NamedTuple):
    """A piece of the text: `kind` is number, string, name, sign or end."""

    kind: str
    text: str
    start: int
    end: int


def unescape(quoted: str) -> str:
    """What a string literal without its quotes stands for; unknown escapes stay, for patterns."""
    if "\\" not in quoted:
        return quoted
    text = _ESCAPE.sub(_character, quoted)
    if any("\ud800" <= c <= "\udfff" for c in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _ESCAPES.get(found[3], "\\" + found[3])
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 else found[0]


def tokens(text: str) -> list[Token]:
    """The tokens of a text, with one of kind `end` after them."""
    if len(text) > LONGEST_SOURCE:
        raise SyntaxFault(Text("表达式太长", "The expression is too long"), 0, text)
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        which = match.lastgroup
        if which == "space":
            continue
        if which == "open":
            raise SyntaxFault(Text("引号或注释没有结束", "A text or comment does not end"), match.start(), text)
        if len(found) >= MOST_TOKENS:
            raise SyntaxFault(Text("表达式太长", "The expression is too long"), match.start(), text)
        found.append(Token(which or "sign", match[0], match.start(), match.end()))
    found.append(Token("end", "", len(text), len(text)))
    return found


@lru_cache(4096)
def words_of(name: str) -> tuple[str, ...]:
    """The tokens of a name."""
    return tuple(token.text for token in tokens(name)[:-1])


class Names:
    """Known names of more than one token; those of one token need not be known."""

    __slots__ = ("by_first", "parent")

    def __init__(self, names: Iterable[str] = (), parent: "Names | None" = None) -> None:
        self.by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.parent = parent
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known, if it has several tokens."""
        words = words_of(name)
        if len(words) < 2:
            return
        row = self.by_first.setdefault(words[0], [])
        if (words, name) not in row:
            row.append((words, name))
            row.sort(key=lambda known: -len(known[0]))

    def match(self, stream: list[Token], at: int) -> tuple[int, str] | None:
        """The longest known name at a token: how many tokens it takes, and the name."""
        best: tuple[int, str] | None = None
        first, names = stream[at].text, self
        while True:
            for words, name in names.by_first.get(first, ()):
                if (best is None or len(words) > best[0]) and _stands_at(words, stream, at):
                    best = (len(words), name)
            if names.parent is None:
                return best
            names = names.parent


def _stands_at(words: tuple[str, ...], stream: list[Token], at: int) -> bool:
    if at + len(words) >= len(stream):
        return False
    return all(stream[at + i].text == word for i, word in enumerate(words))
