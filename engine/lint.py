"""What this engine cannot or will not run, found before deploying: each problem with file, element, rule and words."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy.orm import Session

from engine import decisions, diagram, feel, intake
from engine.bpmn.parser import Unparsable, parse
from engine.compiled import functions_of, known_names
from engine.diagram import Element, Process
from engine.errors import Problem, Refused
from engine.lint_rules import ELEMENT_RULES, FLOW_RULES, PROCESS_RULES
from engine.words import Text

CLOCK_FUNCTIONS = frozenset({"working_days", "hours"})


@dataclass
class Known:
    """What a diagram may name: variables, functions, decisions, forms; and the fields below a form's name."""

    names: set[str]
    fields: Mapping[str, set[str]]
    functions: set[str]
    process_functions: set[str]
    decisions: set[str]
    forms: set[str]
    has_form: bool


def decision_ids(files: Mapping[str, bytes]) -> Iterator[str]:
    """The ids of the decisions in `files`."""
    for name, content in files.items():
        if name.endswith(".dmn"):
            yield from decisions.parse(content, name).decisions


def check(engine: Any, session: Session, key: str, files: Mapping[str, bytes]) -> list[Problem]:
    """All problems of one process's files."""
    problems: list[Problem] = []
    trees: dict[str, str] = {}
    models: dict[str, Any] = {}
    forms: dict[str, dict[str, Any]] = {}
    for name, content in sorted(files.items()):
        try:
            _read(engine, key, name, content, trees, models, forms, problems)
        except Refused as refused:
            problems += refused.problems
    for name, text in trees.items():
        processes = [process for process in diagram.read(text, name) if process.executable]
        problems += _check_count(name, processes)
        for process in processes:
            known = _known(engine, session, process, models, forms)
            problems += check_process(name, process, known)
            problems += _check_spec(name, text, process) if not any(p.level == "error" for p in problems) else []
    return problems


def _read(
    engine: Any, key: str, name: str, content: bytes, trees: dict[str, str], models: dict[str, Any],
    forms: dict[str, dict[str, Any]], problems: list[Problem],
) -> None:  # fmt: skip
    kind = PurePosixPath(name).suffix
    if kind == ".bpmn":
        trees[name] = intake.canonical(intake.read_xml(content, name))
    elif kind == ".dmn":
        model = decisions.parse(content, name)
        problems += decisions.check(model)
        models.update(dict.fromkeys(model.decisions, model))
    elif kind == ".json":
        problems += _read_form(engine, key, name, content, forms)
    else:
        problems.append(Problem(name, None, "unknown_file", Text("只接受 .bpmn、.dmn 和表单 .json", "Only .bpmn, .dmn and form .json are taken")))


def _read_form(engine: Any, key: str, name: str, content: bytes, forms: dict[str, dict[str, Any]]) -> list[Problem]:
    try:
        source = json.loads(content)
        assert isinstance(source, dict)
    except (ValueError, AssertionError, RecursionError):
        return [Problem(name, None, "form_unreadable", Text("表单不是 JSON 对象", "The form is no JSON object"))]
    forms[f"{key}/{PurePosixPath(name).stem}"] = source
    return [Problem(name, path or None, "form", message) for path, message in engine.forms.check(source)]


def _check_count(name: str, processes: list[Process]) -> list[Problem]:
    if len(processes) == 1:
        return []
    return [Problem(name, None, "one_process", Text(
        f"文件里应有一个可执行的流程，现有 {len(processes)} 个", f"A file has one executable process; this has {len(processes)}"
    ))]  # fmt: skip


def _known(engine: Any, session: Session, process: Process, models: dict[str, Any], forms: dict[str, Any]) -> Known:
    from engine.definitions import decision_owner

    fields = {key: engine.forms.fields(source) for key, source in forms.items()}
    own = functions_of(engine.processes_path / process.id / "functions.py")
    references = {e.camunda.get("decisionRef", "") for e in process.of_type("businessRuleTask")}
    elsewhere = {r for r in references if r and r not in models and decision_owner(engine, session, r) is not None}
    start_key = (process.start.form_key if process.start else None) or ""
    below = {e.id: set(fields[e.form_key]) for e in process.of_type("userTask") if e.form_key in fields}
    if start_key in fields:
        below["start"] = set(fields[start_key])
    for element in process.of_type("businessRuleTask"):
        info = models[r].decisions[r] if (r := element.camunda.get("decisionRef", "")) in models else None
        if info is not None and info.outputs and len(info.outputs) > 1 and element.camunda.get("resultVariable"):
            below[element.camunda["resultVariable"]] = set(info.outputs)
    return Known(
        known_names(process, fields, models), below, set(engine.functions) | CLOCK_FUNCTIONS, set(own),
        set(models) | elsewhere, set(forms), start_key in fields,
    )  # fmt: skip


def check_process(file: str, process: Process, known: Known) -> list[Problem]:
    """Structure, references and expressions of one process."""
    found: list[Problem] = []

    def report(element_id: str | None, rule: str, message: Text, level: str = "error") -> None:
        found.append(Problem(file, element_id, rule, message, level))

    for process_rule in PROCESS_RULES:
        process_rule(process, report)
    for element in process.elements.values():
        for element_rule in ELEMENT_RULES:
            element_rule(process, element, report)
        _check_references(process, element, known, report)
        for text, script in _expressions(element):
            _check_expression(element.id, text, known, report, script=script)
    for flow in process.flows:
        for flow_rule in FLOW_RULES:
            flow_rule(process, flow, report)
        if flow.condition:
            _check_expression(flow.id, flow.condition, known, report)
    for name, value in process.properties.items():
        if feel.is_embedded(value) and name != "register":
            _check_expression(process.id, value, known, report)
    _check_register(process, known, report)
    return found


Report = Callable[..., None]


def _check_register(process: Process, known: Known, report: Report) -> None:
    name = feel.unwrap(process.properties.get("register", ""))
    if name and name not in known.process_functions:
        report(process.id, "unknown_function", Text(f"没有登记的函数“{name}”", f"There is no registered function {name}"))


def _check_references(process: Process, element: Element, known: Known, report: Report) -> None:
    if element.form_key and element.form_key not in known.forms:
        report(element.id, "unknown_form", Text(f"没有表单“{element.form_key}”", f"There is no form {element.form_key}"))
    if element.type == "businessRuleTask" and element.camunda.get("decisionRef") not in known.decisions:
        reference = element.camunda.get("decisionRef") or ""
        report(element.id, "unknown_decision", Text(f"没有决策“{reference}”", f"There is no decision {reference}"))
    if element.is_a("serviceTask", "sendTask"):
        name = feel.unwrap(element.camunda.get("expression") or "")
        if name not in known.process_functions:
            report(element.id, "unknown_function", Text(f"没有登记的函数“{name}”", f"There is no registered function {name}"))
    for other in (element.properties.get("not_same_person_as") or "").split(","):
        named = process.elements.get(other.strip())
        if other.strip() and (named is None or named.type != "userTask"):
            report(element.id, "unknown_element", Text(f"没有步骤“{other.strip()}”", f"There is no step {other.strip()}"))


EXPRESSION_ATTRIBUTES = ("candidateGroups", "assignee", "dueDate", "followUpDate", "priority")
EXPRESSION_PROPERTIES = ("org_unit", "candidate_groups", "correlation_key", "payload")


def _expressions(element: Element) -> Iterator[tuple[str, bool]]:
    for name in EXPRESSION_ATTRIBUTES:
        if feel.is_embedded(text := element.camunda.get(name, "")):
            yield text, False
    for name in EXPRESSION_PROPERTIES:
        text = element.properties.get(name, "")
        if feel.is_embedded(text) or (text and name in ("correlation_key", "payload")):
            yield text, False
    for event in element.events:
        if event.kind == "timer" and feel.is_embedded(event.text):
            yield event.text, False
    if element.type == "scriptTask":
        yield element.script, True


def _check_expression(element_id: str, text: str, known: Known, report: Report, script: bool = False) -> None:
    try:
        parsed = [e for _, e, _ in feel.parse_script(text)] if script else [feel.compile(text)]
    except feel.SyntaxFault as fault:
        report(element_id, "expression", Text(
            f"{fault.message.zh}（第 {fault.position + 1} 个字符）：{fault.text}", f"{fault.message.en} (character {fault.position + 1}): {fault.text}"
        ))  # fmt: skip
        return
    for expression in parsed:
        for path in expression.free_names():
            _check_name(element_id, path, expression, known, report)
        for name in expression.called_functions() - known.functions:
            report(element_id, "unknown_function", Text(f"没有函数“{name}”", f"There is no function {name}"))


def _check_name(element_id: str, path: str, expression: Any, known: Known, report: Report) -> None:
    first, _, rest = path.partition(".")
    if first in known.functions or first in expression.called_functions():
        return
    level = "error" if known.has_form else "warning"
    if first not in known.names:
        report(element_id, "unknown_name", Text(f"没有任何步骤会给出“{first}”", f"Nothing in the process can set {first}"), level)
    elif rest and first in known.fields and rest.split(".")[0] not in known.fields[first]:
        report(element_id, "unknown_name", Text(f"“{first}”里没有“{rest}”", f"{first} has no {rest}"), level)


def _check_spec(file: str, text: str, process: Process) -> list[Problem]:
    try:
        parse(text, process.id, file)
    except Unparsable as refusal:
        return [Problem(file, refusal.element_id, "unparsable", Text(f"引擎读不懂：{refusal}", f"The engine cannot read it: {refusal}"))]
    return []
