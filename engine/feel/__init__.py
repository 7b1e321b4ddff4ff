"""FEEL, the one expression language: compile a text once, evaluate it over plain data."""

from engine.feel import values
from engine.feel.expression import (
    BUILTINS,
    Expression,
    LimitExceeded,
    Result,
    SyntaxFault,
    Warning,
    compile,
    from_datetime,
    from_plain,
    parse_script,
    to_datetime,
    to_plain,
    to_timedelta,
    unwrap,
)

__all__ = [
    "BUILTINS",
    "Expression",
    "LimitExceeded",
    "Result",
    "SyntaxFault",
    "Warning",
    "compile",
    "from_datetime",
    "from_plain",
    "parse_script",
    "to_datetime",
    "to_plain",
    "to_timedelta",
    "unwrap",
    "values",
]
