"""The functions that FEEL itself has, declared by their signatures, split by subject."""

from engine.feel.builtins import aggregates, contexts, conversion, lists, numbers, ranges, strings, temporal
from engine.feel.builtins.signatures import TABLE

__all__ = ["TABLE", "aggregates", "contexts", "conversion", "lists", "numbers", "ranges", "strings", "temporal"]
