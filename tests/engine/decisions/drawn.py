"""Decision files in few words: what a test draws instead of a page of XML."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine import decisions
from engine.clock import TZ

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=TZ)
SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def text(tag: str, content: str, more: str = "") -> str:
    return f"<{tag}{more}><text>{escape(content)}</text></{tag}>"


def table(inputs: Sequence[str], outputs: Sequence[str], rules: Sequence[Sequence[str]], more: str = "") -> str:
    """Inputs as `name:type:allowed`, outputs as `name:type:allowed:default`, rules as cells from left to right."""
    parts = []
    for i, column in enumerate(inputs):
        name, kind, allowed, *_ = [*column.split(":"), "", ""]
        parts.append(f'<input id="i{i}">' + text("inputExpression", name, f' typeRef="{kind}"' if kind else "")
                     + (text("inputValues", allowed) if allowed else "") + "</input>")
    for i, column in enumerate(outputs):
        name, kind, allowed, default, *_ = [*column.split(":"), "", "", ""]
        parts.append(f'<output id="o{i}" name={quoteattr(name)}' + (f' typeRef="{kind}"' if kind else "") + ">"
                     + (text("outputValues", allowed) if allowed else "")
                     + (text("defaultOutputEntry", default) if default else "") + "</output>")
    for n, rule in enumerate(rules, 1):
        cells = [text("inputEntry" if i < len(inputs) else "outputEntry", cell, f' id="r{n}_{i}"') for i, cell in enumerate(rule)]
        parts.append(f'<rule id="r{n}"><description>第{n}条 | clause {n}</description>{"".join(cells)}</rule>')
    return f'<decisionTable id="t" {more}>{"".join(parts)}</decisionTable>'


def decision(id: str, logic: str, *, needs: Sequence[str] = (), type_ref: str = "") -> str:
    """A decision; `needs` are ids of inputs (`in_…`) and of decisions."""
    wanted = "".join(
        f'<informationRequirement><{"requiredInput" if n.startswith("in_") else "requiredDecision"} href="#{n}"/></informationRequirement>'
        for n in needs)
    variable = f'<variable name="{id}"' + (f' typeRef="{type_ref}"' if type_ref else "") + "/>"
    return f'<decision id="{id}" name="{id}">{variable}{wanted}{logic}</decision>'


def data(name: str, type_ref: str = "") -> str:
    return f'<inputData id="in_{name}" name="{name}"><variable name="{name}"' + (f' typeRef="{type_ref}"' if type_ref else "") + "/></inputData>"


def literal(content: str) -> str:
    return text("literalExpression", content)


def file(*parts: str) -> bytes:
    return f'<definitions xmlns="{SPACE}" id="d" name="d" namespace="urn:d">{"".join(parts)}</definitions>'.encode()


def read(*parts: str) -> decisions.Model:
    return decisions.parse(file(*parts), "d.dmn")


def ask(model: decisions.Model, id: str = "d", **variables: Any) -> decisions.Answer:
    return decisions.evaluate(model, id, variables, now=NOW)


def problems(model: decisions.Model) -> list[tuple[str, str]]:
    return [(problem.rule, problem.level) for problem in decisions.check(model)]
