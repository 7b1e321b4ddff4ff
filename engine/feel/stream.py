"""The parser's place in the tokens: looking, taking, refusing with a hint."""

from typing import NoReturn

from engine.feel.faults import SyntaxFault
from engine.feel.lexer import Names, Token, tokens, unescape
from engine.words import Text

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
DEEPEST = 60
_BRACKETS = frozenset("()[]{},:")
_NOT_IN_KEYS = _BRACKETS | {'"', "@"}
_HINTS = {
    ("=", "="): Text("比较相等请写一个“=”", "Equality is written with one ="),
    ("&", "&"): Text("“并且”请写 and", "Write and instead of &&"),
    ("|", "|"): Text("“或者”请写 or", "Write or instead of ||"),
    ("<", ">"): Text("不相等请写 !=", "Write != instead of <>"),
}
_SIGN_HINTS = {
    "!": Text("“非”请写 not(…)，不相等请写 !=", "Write not(…) for negation and != for inequality"),
    "'": Text("文本请用双引号", "Texts stand in double quotes"),
    "`": Text("文本请用双引号", "Texts stand in double quotes"),
    "“": Text("文本请用英文的双引号", "Texts stand in straight double quotes"),
    "”": Text("文本请用英文的双引号", "Texts stand in straight double quotes"),
    "&": Text("“并且”请写 and，连接文本请写 +", "Write and, or + to join texts"),
    "|": Text("“或者”请写 or", "Write or instead of |"),
    "%": Text("求余请写 modulo(a, b)", "Write modulo(a, b) for the remainder"),
}
_WIDE = frozenset("＝＞＜（）［］｛｝，：．＋－＊／！？；＠＂＇、。；《》「」【】‘’")


class Stream:
    """The tokens of a text, read from left to right without ever going back more than one bracket."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.tokens, self.index, self.depth = text, tokens(text), 0, 0
        self.names = names

    @property
    def now(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    def ahead(self, count: int) -> Token:
        """The token so many further on."""
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def at(self, *words: str) -> bool:
        """Whether one of these words or signs comes next."""
        token = self.tokens[self.index]
        return token.text in words and token.kind in ("sign", "name")

    def take(self, word: str) -> bool:
        """Go past a word or sign if it comes next."""
        if self.at(word):
            self.index += 1
            return True
        return False

    def need(self, word: str) -> None:
        """Go past a word or sign that must come next."""
        if not self.take(word):
            found = self._found()
            self.fail(f"这里应当是“{word}”，而不是{found.zh}", f"Expected {word}, found {found.en}")

    def fail(self, zh: str, en: str, token: Token | None = None) -> NoReturn:
        """Refuse the text at a token (default: the next one)."""
        raise SyntaxFault(Text(zh, en), (token or self.now).start, self.text)

    def unexpected(self) -> NoReturn:
        """Refuse the next token, with a hint where people of other languages go astray."""
        token, found = self.now, self._found()
        before = self.tokens[self.index - 1].text if self.index else ""
        hint = _HINTS.get((before, token.text)) or _SIGN_HINTS.get(token.text)
        if hint is None and token.text in _WIDE:
            hint = Text("请用英文（半角）标点", "Write punctuation in its narrow form")
        if hint is None:
            hint = Text(f"这里不应当是{found.zh}", f"Unexpected {found.en}")
        self.fail(hint.zh, hint.en)

    def _found(self) -> Text:
        text = self.now.text
        return Text(f"“{text}”", text) if text else Text("结尾", "the end")

    def deeper(self) -> None:
        """Count a level of nesting; too many are refused."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail("嵌套太深", "Nested too deep")

    def known_name(self, *tables: Names) -> str | None:
        """Go past the longest known name of several tokens that comes next."""
        for names in tables:
            found = names.match(self.tokens, self.index)
            if found is not None:
                self.index += found[0]
                return found[1]
        return None

    def name_until(self, *stops: str) -> str:
        """A name being defined: all up to one of the stops, which stays."""
        first = self.now
        if first.kind != "name":
            self.fail("这里应当是名称", "Expected a name")
        while not self.at(*stops):
            if self.now.kind in ("end", "string") or self.now.text in _BRACKETS:
                self.unexpected()
            self.index += 1
        return " ".join(self.text[first.start : self.tokens[self.index - 1].end].split())

    def key_end(self) -> int | None:
        """The index of the colon, where what comes next is a key with its colon."""
        at = self.index
        if self.tokens[at].kind == "string":
            return at + 1 if self.tokens[at + 1].text == ":" else None
        if self.tokens[at].kind != "name":
            return None
        while self.tokens[at].kind in ("name", "number") or (
            self.tokens[at].kind == "sign" and self.tokens[at].text not in _NOT_IN_KEYS
        ):
            at += 1
        return at if self.tokens[at].text == ":" and self.tokens[at].kind == "sign" else None

    def key(self) -> str:
        """Go past a key and its colon."""
        end = self.key_end()
        if end is None:
            self.fail("这里应当是“名称:”", "Expected a key and a colon")
        first = self.now
        if first.kind == "string":
            name = unescape(first.text[1:-1])
        else:
            name = " ".join(self.text[first.start : self.tokens[end - 1].end].split())
        self.index = end + 1
        return name
