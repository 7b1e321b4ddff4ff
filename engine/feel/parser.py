"""Tokens to tree: a Pratt parser whose known names depend on the place in the text."""

from collections.abc import Iterable

from engine.feel.incoming import NUMBERS
from engine.feel.lexer import Names, unescape
from engine.feel.stream import COMPARISONS, Stream
from engine.feel.tree import (
    Anything,
    Arithmetic,
    Between,
    Call,
    Comparison,
    Constant,
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    ListLiteral,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeLiteral,
    Span,
    TemporalLiteral,
    UnaryTest,
    UnaryTests,
)
from engine.feel.type_parser import read_type
from engine.feel.types import FeelType

LONGEST_CHAIN = 400
KEYWORDS = frozenset(
    ["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function", "and", "or", "between", "instance", "of", "true", "false", "null", "external"]
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_ARITHMETIC = frozenset({"+", "-", "*", "/", "**"})
_COMPARING = 30
_MINUS = 65
# How strongly an operator binds what stands before it. Powers bind to the left, minus before a number more tightly.
_BINDING = {
    "or": 10,
    "and": 20,
    **dict.fromkeys([*COMPARISONS, "between", "in"], _COMPARING),
    **dict.fromkeys("+-", 40),
    **dict.fromkeys("*/", 50),
    "**": 60,
    "instance": 70,
    **dict.fromkeys(".[(", 80),
}
_PROPERTIES = ("time offset", "start included", "end included")


class Parser(Stream):
    """One text. `names` are those of several tokens in reach; `keys` those that may stand behind a dot."""

    def __init__(self, text: str, names: Names, keys: Iterable[str] = (), unary: bool = False) -> None:
        super().__init__(text, Names(parent=names))
        self.keys = Names((*_PROPERTIES, *keys))
        self.unary = unary
        # Within the upper end of a range `[` closes it, and is no filter.
        self.in_range_end = False

    def whole(self) -> Node:
        """The text as one expression."""
        node = self.expression()
        if self.now.kind != "end":
            self.unexpected()
        return node

    # -- operators

    def expression(self, binding: int = 0) -> Node:
        """An expression as far as operators bind more strongly than `binding`."""
        self.deeper()
        left, chain = self._operand(), 0
        while True:
            token = self.now
            strength = _BINDING.get(token.text, 0) if token.kind in ("sign", "name") else 0
            if strength <= binding or (token.text == "[" and self.in_range_end):
                break
            chain += 1
            if chain > LONGEST_CHAIN:
                self.fail("连写太长", "The chain is too long")
            self.index += 1
            left = self._operation(left, token.text, token.start, strength)
        self.depth -= 1
        return left

    def _operation(self, left: Node, operator: str, at: int, strength: int) -> Node:
        if operator == ".":
            return Path(at, left, self._property())
        if operator in COMPARISONS:
            return Comparison(at, operator, left, self.expression(strength))
        if operator in ("and", "or"):
            right = self.expression(strength)
            joined = isinstance(left, Logic) and left.operator == operator
            return Logic(at, operator, (*left.parts, right) if joined and isinstance(left, Logic) else (left, right))
        if operator in _ARITHMETIC:
            return Arithmetic(at, operator, left, self.expression(strength))
        if operator == "(":
            return self._call(left, at)
        if operator == "[":
            return self._filter(left, at)
        if operator == "in":
            return In(at, left, self._tests_after_in())
        if operator == "between":
            low = self.expression(_COMPARING)
            self.need("and")
            return Between(at, left, low, self.expression(_COMPARING))
        self.need("of")
        return InstanceOf(at, left, read_type(self))

    def _property(self) -> str:
        known = self.known_name(self.keys, self.names)
        if known is not None:
            return known
        if self.now.kind != "name":
            self.fail("“.”之后应当是名称", "Expected a name after the dot")
        self.index += 1
        return self.tokens[self.index - 1].text

    def _filter(self, base: Node, at: int) -> Node:
        outer, self.names = self.names, Names(parent=self.names)
        self.names.by_first = self.keys.by_first
        condition = self._bracketed()
        self.names = outer
        self.need("]")
        return Filter(at, base, condition)

    def _bracketed(self) -> Node:
        """An expression in brackets of its own, where `[` filters again."""
        outer, self.in_range_end = self.in_range_end, False
        node = self.expression()
        self.in_range_end = outer
        return node

    def _call(self, function: Node, at: int) -> Node:
        args: list[Node] = []
        named: list[tuple[str, Node]] | None = None
        if not self.at(")"):
            if self.key_end() is not None and self.now.kind != "string":
                named = self._named_arguments()
            else:
                args.append(self._bracketed())
                while self.take(","):
                    args.append(self._bracketed())
        self.need(")")
        return Call(at, function, tuple(args), None if named is None else tuple(named))

    def _named_arguments(self) -> list[tuple[str, Node]]:
        named = [(self.key(), self._bracketed())]
        while self.take(","):
            named.append((self.key(), self._bracketed()))
        return named

    # -- operands

    def _operand(self) -> Node:
        token = self.now
        if token.kind == "number":
            self.index += 1
            return Constant(token.start, self._number(token.text))
        if token.kind == "string":
            self.index += 1
            return Constant(token.start, unescape(token.text[1:-1]))
        if token.kind == "name":
            known = self.known_name(self.names)
            if known is not None:
                return Name(token.start, known)
            if token.text in KEYWORDS:
                return self._keyword(token.text, token.start)
            self.index += 1
            return Name(token.start, token.text)
        return self._sign(token.text, token.start)

    def _number(self, text: str) -> object:
        try:
            return NUMBERS.create_decimal(text)
        except ArithmeticError:
            self.fail("数字超出范围", "The number is out of range", self.tokens[self.index - 1])

    def _sign(self, sign: str, at: int) -> Node:
        if sign in COMPARISONS and self.unary and not (self.index and self.tokens[self.index - 1].text == "="):
            return self._unary_test()
        if sign not in ("-", "?", "@", "(", "[", "]", "{"):
            self.unexpected()
        self.index += 1
        if sign == "-":
            return Negation(at, self.expression(_MINUS))
        if sign == "?":
            return Name(at, "?")
        if sign == "(":
            return self._parenthesis(at)
        if sign == "[":
            return self._list_or_range(at)
        if sign == "{":
            return self._context(at)
        if sign == "@":
            return self._temporal(at)
        low = self._bracketed()
        self.need("..")
        return self._range_end(at, low, False)

    def _temporal(self, at: int) -> Node:
        if self.now.kind != "string":
            self.fail("“@”之后应当是双引号里的文本", "Expected a text in double quotes after @")
        self.index += 1
        return TemporalLiteral(at, unescape(self.tokens[self.index - 1].text[1:-1]))

    def _parenthesis(self, at: int) -> Node:
        if self.at(*COMPARISONS):
            test = self._unary_test()
            self.need(")")
            return test
        node = self._bracketed()
        if self.take(".."):
            return self._range_end(at, node, False)
        self.need(")")
        return node

    def _list_or_range(self, at: int) -> Node:
        items: list[Node] = []
        if not self.at("]"):
            items.append(self._item())
            if self.take(".."):
                return self._range_end(at, items[0], True)
            while self.take(","):
                items.append(self._item())
        self.need("]")
        return ListLiteral(at, tuple(items))

    def _item(self) -> Node:
        return self._unary_test() if self.at("<", "<=", ">", ">=") else self._bracketed()

    def _range_end(self, at: int, low: Node, low_included: bool) -> Node:
        outer, self.in_range_end = self.in_range_end, True
        high = self.expression()
        self.in_range_end = outer
        if self.take("]"):
            return RangeLiteral(at, low, low_included, high, True)
        if not (self.take(")") or self.take("[")):
            self.fail("范围没有结束", "Expected the end of the range")
        return RangeLiteral(at, low, low_included, high, False)

    def _unary_test(self) -> Node:
        operator = self.now
        self.index += 1
        return UnaryTest(operator.start, operator.text, self.expression(_COMPARING))

    def _context(self, at: int) -> Node:
        entries: list[tuple[str, Node]] = []
        outer, self.names = self.names, Names(parent=self.names)
        if not self.at("}"):
            while True:
                key = self.key()
                self.keys.add(key)
                entries.append((key, self._bracketed()))
                self.names.add(key)
                if not self.take(","):
                    break
        self.need("}")
        self.names = outer
        return ContextLiteral(at, tuple(entries))

    # -- keywords

    def _keyword(self, word: str, at: int) -> Node:
        if word not in ("true", "false", "null", "if", "for", "some", "every", "function"):
            self.unexpected()
        self.index += 1
        if word in _CONSTANTS:
            return Constant(at, _CONSTANTS[word])
        if word == "if":
            return self._if(at)
        if word == "function":
            return self._function(at)
        outer, self.names = self.names, Names(parent=self.names)
        iterators = self._iterators()
        self.need("return" if word == "for" else "satisfies")
        body = self.expression()
        self.names = outer
        return For(at, iterators, body) if word == "for" else Quantified(at, word == "every", iterators, body)

    def _if(self, at: int) -> Node:
        condition = self.expression()
        self.need("then")
        yes = self.expression()
        self.need("else")
        return If(at, condition, yes, self.expression())

    def _iterators(self) -> tuple[tuple[str, Node], ...]:
        found: list[tuple[str, Node]] = []
        while True:
            name = self.name_until("in")
            self.need("in")
            at = self.now.start
            source = self.expression()
            if self.take(".."):
                source = Span(at, source, self.expression())
            self.names.add(name)
            found.append((name, source))
            if not self.take(","):
                return tuple(found)

    def _function(self, at: int) -> Node:
        self.need("(")
        outer, self.names = self.names, Names(parent=self.names)
        params: list[tuple[str, FeelType | None]] = []
        if not self.at(")"):
            while True:
                name = self.name_until(":", ",", ")")
                params.append((name, read_type(self) if self.take(":") else None))
                self.names.add(name)
                if not self.take(","):
                    break
        self.need(")")
        external = self.take("external")
        body = self.expression()
        self.names = outer
        return FunctionLiteral(at, tuple(params), body, external)

    # -- unary tests

    def _tests_after_in(self) -> tuple[Node, ...]:
        if not self.at("("):
            return (self._test(_COMPARING),)
        start = self.index
        self.index += 1
        tests = [self._test()]
        if self.at(".."):
            self.index = start
            return (self._test(_COMPARING),)
        while self.take(","):
            tests.append(self._test())
        self.need(")")
        return tuple(tests)

    def _test(self, binding: int = 0) -> Node:
        return self._unary_test() if self.at(*COMPARISONS) else self.expression(binding)

    def unary_tests(self) -> Node:
        """The text as a cell of a decision table."""
        if self.now.text == "-" and self.ahead(1).kind == "end":
            return Anything(0)
        if self.now.kind == "end":
            return Anything(0)
        if self.at("not") and self.ahead(1).text == "(":
            start = self.index
            self.index += 2
            tests = self._comma_separated()
            if self.take(")") and self.now.kind == "end":
                return UnaryTests(0, tests, True)
            self.index = start
        tests = self._comma_separated()
        if self.now.kind != "end":
            self.unexpected()
        return UnaryTests(0, tests, False)

    def _comma_separated(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self.take(","):
            tests.append(self._test())
        return tuple(tests)
