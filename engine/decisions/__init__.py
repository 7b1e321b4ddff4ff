"""Decisions in DMN: read a file, check it for overlaps and gaps, evaluate it, and say why in sentences."""

from engine.decisions.check import check
from engine.decisions.evaluate import evaluate
from engine.decisions.explain import Counterfactual, Why, why, why_not
from engine.decisions.model import (
    Answer,
    DecisionFailure,
    DecisionInfo,
    Evaluation,
    Model,
    NoRule,
    SeveralRules,
    Warned,
)
from engine.decisions.parse import parse

__all__ = [
    "Answer",
    "Counterfactual",
    "DecisionFailure",
    "DecisionInfo",
    "Evaluation",
    "Model",
    "NoRule",
    "SeveralRules",
    "Warned",
    "Why",
    "check",
    "evaluate",
    "parse",
    "why",
    "why_not",
]
