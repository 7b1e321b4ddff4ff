"""DMN XML, as dmn-js writes it, into a model; what is not understood becomes a problem that names the place."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from engine import feel, intake
from engine.decisions import model as m
from engine.errors import Problem, Refused
from engine.intake import Element, local
from engine.words import Text

PAPER = frozenset({
    "description", "extensionElements", "knowledgeSource", "authorityRequirement", "textAnnotation", "association", "group",
    "organizationUnit", "performanceIndicator", "elementCollection", "DMNDI", "question", "allowedAnswers", "supportedObjective",
    "impactedPerformanceIndicator", "decisionMaker", "decisionOwner", "usingProcess", "usingTask",
})  # fmt: skip
LOGIC = frozenset({"decisionTable", "literalExpression", "context"})
PARTS = {
    "definitions": {"inputData", "decision", "itemDefinition"},
    "decision": {"variable", "informationRequirement", *LOGIC},
    "decisionTable": {"input", "output", "rule", "annotation"},
    "input": {"inputExpression", "inputValues"},
    "output": {"outputValues", "defaultOutputEntry"},
    "rule": {"inputEntry", "outputEntry", "annotationEntry"},
    "context": {"contextEntry"}, "contextEntry": {"variable", *LOGIC},
    "inputData": {"variable"}, "informationRequirement": {"requiredInput", "requiredDecision"},
    "literalExpression": {"text"}, "inputExpression": {"text"}, "inputEntry": {"text"}, "outputEntry": {"text"},
    "inputValues": {"text"}, "outputValues": {"text"}, "defaultOutputEntry": {"text"}, "annotationEntry": {"text"},
    "itemDefinition": {"typeRef", "allowedValues", "typeConstraint", "itemComponent"},
    "itemComponent": {"typeRef", "allowedValues", "typeConstraint", "itemComponent"},
    "allowedValues": {"text"}, "typeConstraint": {"text"},
}  # fmt: skip
Mode = Literal["expression", "unary_tests"]
FEEL = re.compile(r"|feel|https?://www\.omg\.org/spec/(FEEL/20140401|DMN/\d+/FEEL/)", re.I)
WORD = re.compile(r"[^\W\d]\w*")
VALUE = re.compile(r"\s*(\S[^=|]*?)\s*=\s*([^|]+?)\s*\|\s*(.+?)\s*")
LABEL = re.compile(r"([^|]+?)\s+\|\s+(.+)")


def parse(xml: bytes, file: str) -> m.Model:
    """The model of a DMN file; raises `Refused` for what is no DMN at all."""
    root = intake.read_xml(xml, file)
    if local(root) != "definitions" or intake.namespace(root) not in intake.DMN:
        raise Refused([Problem(file, None, "dmn_root", Text(
            "这不是 DMN 1.3 或更新版本的决策文件", "This is no decision file of DMN 1.3 or later",
        ))])
    return _Reader(root, file).model()


class _Reader:
    def __init__(self, root: Element, file: str) -> None:
        self.root, self.file = root, file
        self.problems: list[Problem] = []
        self.names = _several_words(root)

    def model(self) -> m.Model:
        self._only_known(self.root)
        counted = Counter(e.get("id") for e in self.root.iter() if e.get("id") and local(e) in ("decision", "inputData", "rule"))
        for twice in (id for id, count in counted.items() if count > 1):
            self.problem(twice, "dmn_id_twice", Text(f"编号“{twice}”用了两次", f"The id “{twice}” is used twice"))
        inputs = {i.id: i for e in _children(self.root, "inputData") for i in [self._input(e)]}
        decisions = {d.id: d for e in _children(self.root, "decision") for d in [self._decision(e)]}
        types = {e.get("name", ""): self._type(e) for e in _children(self.root, "itemDefinition")}
        return m.Model(self.file, self.root.get("name", ""), inputs, decisions, types, tuple(self.problems))

    def problem(self, element_id: str | None, rule: str, message: Text) -> None:
        self.problems.append(Problem(self.file, element_id, rule, message))

    def _only_known(self, element: Element) -> None:
        known = PARTS.get(local(element), set())
        language = element.get("expressionLanguage", "")
        if language and not FEEL.fullmatch(language):
            self.problem(_id(element), "dmn_language", Text(
                f"表达式语言“{language}”不支持，只用 FEEL", f"The expression language “{language}” is not supported, only FEEL"))
        for child in element:
            name = local(child)
            if name in PAPER or intake.namespace(child) not in intake.DMN:
                continue
            if name not in known:
                self.problem(_id(child) or _id(element), "dmn_unsupported", Text(
                    f"“{name}”还不支持", f"“{name}” is not supported"))
            else:
                self._only_known(child)

    def _input(self, element: Element) -> m.InputData:
        name, variable = _variable(element)
        type_ref = variable.get("typeRef") if variable is not None else None
        aliases = tuple(a for a in dict.fromkeys((element.get("name"), element.get("id"))) if a and a != name)
        return m.InputData(element.get("id", name), name, _type_name(type_ref), _words(element, name), aliases)

    def _decision(self, element: Element) -> m.Decision:
        name, variable = _variable(element)
        inputs: list[str] = []
        required: list[str] = []
        for requirement in _children(element, "informationRequirement"):
            for target in requirement:
                (inputs if local(target) == "requiredInput" else required).append(target.get("href", "").rpartition("#")[2])
        logic = next((self._logic(e) for e in element if local(e) in LOGIC), None)
        id = element.get("id", name)
        if logic is None and all(local(e) in PARTS["decision"] | PAPER for e in element):
            self.problem(id, "dmn_no_logic", Text(f"决策“{id}”没有内容", f"The decision “{id}” has no logic"))
        type_ref = variable.get("typeRef") if variable is not None else None
        return m.Decision(id, element.get("name", id), name, _type_name(type_ref), _words(element, name),
                          tuple(inputs), tuple(required), logic)

    def _logic(self, element: Element) -> m.Logic:
        kind = local(element)
        if kind == "decisionTable":
            return self._table(element)
        if kind == "context":
            return m.Context(tuple(self._entry(e) for e in _children(element, "contextEntry")))
        return m.Literal(self._expression(element, needed=True), _type_name(element.get("typeRef")))

    def _entry(self, element: Element) -> m.Entry:
        variable = _child(element, "variable")
        logic = next((self._logic(e) for e in element if local(e) in LOGIC), None)
        name = variable.get("name") if variable is not None else None
        if logic is None:
            logic = m.Literal(self._cell("", None, element), None)
            self.problem(_id(element), "dmn_no_logic", Text(f"上下文的“{name}”没有内容", f"The context's “{name}” has no logic"))
        return m.Entry(name, _type_name(variable.get("typeRef")) if variable is not None else None, logic)

    def _table(self, element: Element) -> m.Table:
        id, policy, aggregation = _id(element) or "", element.get("hitPolicy", "UNIQUE"), element.get("aggregation")
        columns = tuple(self._column(e) for e in _children(element, "input"))
        outputs = tuple(self._output(e, n) for n, e in enumerate(_children(element, "output"), 1))
        rows = _children(element, "rule")
        if policy not in m.POLICIES or aggregation not in (None, *m.AGGREGATIONS):
            word = policy if policy not in m.POLICIES else aggregation
            self.problem(id, "dmn_hit_policy", Text(f"命中策略“{word}”不认识", f"The hit policy “{word}” is unknown"))
        if len(rows) > m.MAX_RULES:
            self.problem(id, "dmn_too_many_rules", Text(
                f"规则有 {len(rows)} 条，最多 {m.MAX_RULES} 条", f"There are {len(rows)} rules; {m.MAX_RULES} is the most"))
            rows = []
        if len(columns) + len(outputs) > m.MAX_COLUMNS:
            self.problem(id, "dmn_too_many_columns", Text(
                f"最多 {m.MAX_COLUMNS} 列", f"{m.MAX_COLUMNS} columns are the most"))
        rules = tuple(self._rule(row, n, len(columns), len(outputs)) for n, row in enumerate(rows, 1))
        return m.Table(id, policy, aggregation, columns, outputs, rules)

    def _column(self, element: Element) -> m.Column:
        inner = _child(element, "inputExpression")
        expression = self._expression(inner if inner is not None else element, needed=True)
        allowed = self._texts(_child(element, "inputValues"), "unary_tests")
        type_ref = _type_name(inner.get("typeRef")) if inner is not None else None
        return m.Column(_id(element) or expression.text, expression, type_ref, allowed, _words(element, expression.text))

    def _output(self, element: Element, number: int) -> m.Output:
        name = element.get("name") or element.get("label") or element.get("id") or f"output_{number}"
        values = _child(element, "outputValues")
        text = _text(values)
        order = self._cell(f"[{text}]", "expression", values) if text and values is not None else None
        default = _child(element, "defaultOutputEntry")
        return m.Output(
            _id(element) or name, name, _type_name(element.get("typeRef")), self._texts(values, "unary_tests"), order,
            self._expression(default) if default is not None and _text(default) else None, _words(element, name),
        )

    def _rule(self, element: Element, number: int, inputs: int, outputs: int) -> m.Rule:
        id = _id(element) or f"rule_{number}"
        tests = tuple(self._test(e, id) for e in _children(element, "inputEntry"))
        results = tuple(self._expression(e, needed=True, of=id) for e in _children(element, "outputEntry"))
        if (len(tests), len(results)) != (inputs, outputs):
            self.problem(id, "dmn_rule_width", Text(
                f"第 {number} 条规则有 {len(tests)} 个条件、{len(results)} 个结果，表有 {inputs} 列输入、{outputs} 列输出",
                f"Rule {number} has {len(tests)} conditions and {len(results)} results; the table has {inputs} inputs and {outputs} outputs"))
        notes = [text for e in _children(element, "annotationEntry") if (text := _text(e))]
        return m.Rule(id, tests, results, "；".join(notes) or (element.findtext("{*}description") or "").strip())

    def _test(self, element: Element, rule_id: str) -> m.Cell:
        text = _text(element)
        if text in ("", "-"):
            return m.Cell("-", None, _id(element) or rule_id)
        return self._cell(text, "unary_tests", element, rule_id)

    def _texts(self, element: Element | None, mode: Mode) -> m.Cell | None:
        text = _text(element)
        return self._cell(text, mode, element) if text and element is not None else None

    def _expression(self, element: Element, needed: bool = False, of: str | None = None) -> m.Cell:
        text = _text(element)
        if needed and not text:
            self.problem(_id(element) or of, "dmn_empty", Text(
                f"“{_id(element) or of or local(element)}”没有写表达式", f"“{_id(element) or of or local(element)}” has no expression"))
        return self._cell(text, "expression" if text else None, element, of)

    def _cell(self, text: str, mode: Mode | None, element: Element, of: str | None = None) -> m.Cell:
        id = _id(element) or of or _id(element.getparent())
        if mode is None:
            return m.Cell(text, None, id)
        try:
            return m.Cell(text, feel.compile(text, self.names, mode=mode), id)
        except feel.SyntaxFault as fault:
            self.problem(id, "feel_syntax", Text(
                f"“{text[:80]}”第 {fault.position + 1} 个字符处：{fault.message.zh}",
                f"“{text[:80]}” at character {fault.position + 1}: {fault.message.en}"))
            return m.Cell(text, None, id)

    def _type(self, element: Element) -> m.ItemType:
        parts = {e.get("name", ""): self._type(e) for e in _children(element, "itemComponent")}
        allowed_at = _child(element, "allowedValues")
        allowed = self._texts(allowed_at if allowed_at is not None else _child(element, "typeConstraint"), "unary_tests")
        base = "context" if parts else _type_name(element.findtext("{*}typeRef")) or "Any"
        return m.ItemType(base, element.get("isCollection") == "true", parts, allowed.run if allowed else None)


def _several_words(root: Element) -> tuple[str, ...]:
    names = {e.get("name") for e in root.iter() if e.get("name")}
    return tuple(sorted(name for name in names if not WORD.fullmatch(name)))


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child) == name]


def _child(element: Element, name: str) -> Element | None:
    return next(iter(_children(element, name)), None)


def _id(element: Element) -> str | None:
    found = element.get("id")
    return str(found) if found else None


def _text(element: Element | None) -> str:
    return "" if element is None else (element.findtext("{*}text") or "").strip()


def _variable(element: Element) -> tuple[str, Element | None]:
    variable = _child(element, "variable")
    own = element.get("name") or element.get("id") or ""
    return (variable.get("name") or own if variable is not None else own), variable


def _type_name(text: str | None) -> str | None:
    name = (text or "").strip()
    return name.rpartition(":")[2] or None


def _words(element: Element, name: str) -> m.Words:
    label = element.get("label") or name.replace("_", " ")
    text, values = Text(label, name.replace("_", " ")), {}
    for number, line in enumerate(_lines(element)):
        value = VALUE.fullmatch(line)
        if value:
            values[value[1]] = Text(value[2], value[3])
        elif number == 0 and (both := LABEL.fullmatch(line)):
            text = Text(both[1], both[2])
    return m.Words(text, values)


def _lines(element: Element) -> Iterator[str]:
    return (line.strip() for line in (element.findtext("{*}description") or "").strip().splitlines() if line.strip())
