"""FEEL, the one expression language: compile a text once, evaluate it over plain data, read the warnings.

Pure: no clock, no input or output, no way to Python's objects. A fault gives null and a warning; only a text that
does not parse (SyntaxFault) and an evaluation that takes too much (LimitExceeded) raise.
"""

from engine.feel import tree, types, values
from engine.feel.expression import BUILTINS, Expression, Mode, Result, compile, is_embedded, unwrap
from engine.feel.faults import Fault, LimitExceeded, SyntaxFault, Warning
from engine.feel.logic import matches
from engine.feel.plain import from_datetime, from_plain, to_datetime, to_plain, to_timedelta
from engine.feel.runtime import Runtime
from engine.feel.script import parse_script
from engine.feel.type_parser import parse_type
from engine.feel.types import coerce, is_instance
from engine.feel.values import Function, compare, equal
from engine.feel.writing import show

__all__ = [
    "BUILTINS",
    "Expression",
    "Fault",
    "Function",
    "LimitExceeded",
    "Mode",
    "Result",
    "Runtime",
    "SyntaxFault",
    "Warning",
    "coerce",
    "compare",
    "compile",
    "equal",
    "from_datetime",
    "from_plain",
    "is_embedded",
    "is_instance",
    "matches",
    "parse_script",
    "parse_type",
    "show",
    "to_datetime",
    "to_plain",
    "to_timedelta",
    "tree",
    "types",
    "unwrap",
    "values",
]
