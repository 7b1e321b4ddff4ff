"""Types as they stand in a text: `list<number>`, `context<a: string>`, `function<number> -> boolean`."""

from engine.feel.lexer import Names
from engine.feel.stream import Stream
from engine.feel.types import ContextType, FeelType, FunctionType, ListType, RangeType

_SPACED = (
    ("years", "and", "months", "duration"),
    ("days", "and", "time", "duration"),
    ("date", "and", "time"),
)


def read_type(stream: Stream) -> FeelType:
    """Go past a type."""
    stream.deeper()
    word, opens = stream.now.text, stream.ahead(1).text == "<"
    result: FeelType
    if opens and word == "function":
        result = _function(stream)
    elif opens and word in ("list", "range"):
        stream.index += 2
        inner = read_type(stream)
        stream.need(">")
        result = ListType(inner) if word == "list" else RangeType(inner)
    elif opens and word == "context":
        result = _context(stream)
    else:
        result = _named(stream)
    stream.depth -= 1
    return result


def _function(stream: Stream) -> FeelType:
    stream.index += 2
    params: list[FeelType] = []
    if not stream.at(">"):
        params.append(read_type(stream))
        while stream.take(","):
            params.append(read_type(stream))
    stream.need(">")
    stream.need("->")
    return FunctionType(tuple(params), read_type(stream))


def _context(stream: Stream) -> FeelType:
    stream.index += 2
    fields: dict[str, FeelType] = {}
    while True:
        key = stream.key()
        fields[key] = read_type(stream)
        if not stream.take(","):
            break
    stream.need(">")
    return ContextType(fields)


def _named(stream: Stream) -> FeelType:
    for words in _SPACED:
        if all(stream.ahead(i).text == word for i, word in enumerate(words)):
            stream.index += len(words)
            return " ".join(words)
    if stream.now.kind != "name":
        stream.fail("这里应当是类型", "Expected a type")
    name = stream.known_name(stream.names)
    if name is None:
        name = stream.now.text
        stream.index += 1
    while stream.at(".") and stream.ahead(1).kind == "name":
        name += "." + stream.ahead(1).text
        stream.index += 2
    return name


def parse_type(text: str, names: Names | None = None) -> FeelType:
    """The type that a text names, such as the typeRef of a decision model."""
    stream = Stream(text, names or Names())
    wanted = read_type(stream)
    if stream.now.kind != "end":
        stream.unexpected()
    return wanted
