"""Problems of a model, found before anybody is decided about: references, policies, overlaps and gaps with an example."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.decisions import domain
from engine.decisions.domain import Axis, Sample
from engine.decisions.model import MAX_COLUMNS, Context, Decision, Literal, Logic, Model, Table
from engine.decisions.types import is_known
from engine.errors import Problem
from engine.words import Text

MOST_OVERLAPS = 5
MOST_STATES = 100_000


def check(model: Model, *, elsewhere: Collection[str] = ()) -> list[Problem]:
    """All problems; `elsewhere` holds ids of decisions that other files have. Gaps nobody declared are warnings."""
    found = list(model.problems)
    broken = {problem.element_id for problem in found}
    if not model.elements:
        found.append(_problem(model, None, "dmn_empty", Text("文件里没有决策", "The file has no decision")))
    found += _circles(model)
    for decision in model.elements.values():
        found += _references(model, decision, elsewhere)
        for table in _tables(decision.logic):
            found += _policy(model, table)
            if not broken & {table.id, *(cell.element_id for rule in table.rules for cell in rule.tests), *(r.id for r in table.rules)}:
                found += _analysis(model, table)
    return found


def _problem(model: Model, element_id: str | None, rule: str, message: Text, level: str = "error") -> Problem:
    return Problem(model.file, element_id, rule, message, level)


def _tables(logic: Logic | None) -> Iterator[Table]:
    if isinstance(logic, Table):
        yield logic
    elif isinstance(logic, Context):
        for entry in logic.entries:
            yield from _tables(entry.logic)


def _circles(model: Model) -> Iterator[Problem]:
    for decision in model.elements.values():
        ahead, seen = list(decision.required), set()
        while ahead:
            id = ahead.pop()
            if id == decision.id:
                yield _problem(model, decision.id, "dmn_circle", Text(
                    f"决策“{id}”经过别的决策又引用了自己", f"The decision “{id}” requires itself through others"))
                break
            if id not in seen and id in model.elements:
                seen.add(id)
                ahead += model.elements[id].required


def _references(model: Model, decision: Decision, elsewhere: Collection[str]) -> Iterator[Problem]:
    missing = [id for id in decision.inputs if id not in model.inputs]
    missing += [id for id in decision.required if id not in model.elements and id not in elsewhere]
    for id in missing:
        yield _problem(model, decision.id, "dmn_reference", Text(
            f"引用的“{id}”不存在", f"It requires “{id}”, which does not exist"))
    types = [decision.type_ref, *(model.inputs[id].type_ref for id in decision.inputs if id in model.inputs)]
    for table in _tables(decision.logic):
        types += [column.type_ref for column in table.columns] + [output.type_ref for output in table.outputs]
    for name in dict.fromkeys(t for t in types if not is_known(t, model.types)):
        yield _problem(model, decision.id, "dmn_type", Text(f"类型“{name}”不认识", f"The type “{name}” is unknown"))
    yield from _names(model, decision)


def _names(model: Model, decision: Decision) -> Iterator[Problem]:
    """A name that is none of the declared inputs is nearly always a typing error that would be null in silence."""
    if not decision.inputs and not decision.required:
        return
    known = {name for id in decision.inputs if id in model.inputs for name in (model.inputs[id].name, *model.inputs[id].aliases)}
    for id in decision.required:
        known |= {model.elements[id].variable, model.elements[id].name} if id in model.elements else {id}
    if isinstance(decision.logic, Context):
        return
    cells = [decision.logic.cell] if isinstance(decision.logic, Literal) else []
    for table in _tables(decision.logic):
        cells += [column.expression for column in table.columns]
        cells += [cell for rule in table.rules for cell in (*rule.tests, *rule.results)]
    for cell in cells:
        for name in sorted(cell.run.free_names()) if cell.run else ():
            if not name.endswith("?") and name not in known and name.partition(".")[0] not in known:
                yield _problem(model, cell.element_id, "dmn_unknown_name", Text(
                    f"“{cell.text[:80]}”里的“{name}”不是这个决策声明的输入",
                    f"“{name}” in “{cell.text[:80]}” is none of the inputs this decision declares"))


def _policy(model: Model, table: Table) -> Iterator[Problem]:
    if not table.columns or not table.outputs:
        yield _problem(model, table.id, "dmn_columns", Text("决策表至少要有一列输入和一列输出", "A table needs an input and an output"))
    names = [output.name for output in table.outputs]
    if len(set(names)) < len(names):
        yield _problem(model, table.id, "dmn_output_names", Text("两列输出同名", "Two outputs have the same name"))
    if table.aggregation and table.policy != "COLLECT":
        yield _problem(model, table.id, "dmn_hit_policy", Text(
            f"“{table.aggregation}”只用于 COLLECT", f"“{table.aggregation}” goes with COLLECT only"))
    if table.aggregation and len(table.outputs) > 1:
        yield _problem(model, table.id, "dmn_hit_policy", Text("合计只能有一列输出", "Adding up works with one output only"))
    if table.policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.order for output in table.outputs):
        yield _problem(model, table.id, "dmn_hit_policy", Text(
            "这个命中策略需要列出输出值的先后", "This hit policy needs the output values in their order"))


def _analysis(model: Model, table: Table) -> Iterator[Problem]:
    if table.collects or not table.rules or not table.columns or len(table.columns) > MAX_COLUMNS:
        return
    try:
        axes = domain.axes(table)
    except domain.Undecidable:
        yield _problem(model, table.id, "dmn_not_checked", Text(
            "条件引用了别的数据或太多，没有检查重叠和缺口",
            "The conditions use other data or are too many; overlaps and gaps were not looked for"), "warning")
        return
    if table.policy in ("UNIQUE", "ANY"):
        yield from _overlaps(model, table, axes)
    if not table.has_default:
        yield from _gap(model, table, axes)


def _overlaps(model: Model, table: Table, axes: list[Axis]) -> Iterator[Problem]:
    count = 0
    for first in range(len(table.rules)):
        others = -1 << (first + 1)
        for axis in axes:
            together = 0
            for sample in axis.samples:
                if sample.mask >> first & 1:
                    together |= sample.mask
            others &= together
        while others and count < MOST_OVERLAPS:
            second = (others & -others).bit_length() - 1
            others &= others - 1
            if table.policy == "ANY" and _agree(table, first, second):
                continue
            count += 1
            yield _overlap(model, table, axes, first, second)


def _agree(table: Table, first: int, second: int) -> bool:
    return all(a.text == b.text or _constant(a.run, b.run)
               for a, b in zip(table.rules[first].results, table.rules[second].results, strict=True))


def _constant(a: feel.Expression | None, b: feel.Expression | None) -> bool:
    """Whether two results are, or may be, equal: what depends on inputs is left to the evaluation."""
    if a is None or b is None or a.free_names() or b.free_names():
        return True
    return domain.same(a.evaluate({}, now=domain.SOME_DAY).value, b.evaluate({}, now=domain.SOME_DAY).value)


def _overlap(model: Model, table: Table, axes: list[Axis], first: int, second: int) -> Problem:
    both = 1 << first | 1 << second
    example = [(axis, next(s for s in axis.samples if s.mask & both == both)) for axis in axes]
    shown = _example(example)
    rule = "dmn_overlap" if table.policy == "UNIQUE" else "dmn_disagreement"
    why = Text("而这张表只许一条命中", "and this table allows one only") if table.policy == "UNIQUE" else Text(
        "而结果不同", "and their results differ")
    return _problem(model, table.rules[second].id, rule, Text(
        f"第 {first + 1} 条和第 {second + 1} 条规则同时命中，{why.zh}。例如：{shown.zh}",
        f"Rules {first + 1} and {second + 1} match at once, {why.en}. For example: {shown.en}"))


@dataclass(frozen=True)
class _Search:
    """Looks for a combination that no rule matches; a state seen once needs no second look."""

    axes: list[Axis]
    inside_only: bool
    seen: set[tuple[int, int]]

    def gap(self, at: int, mask: int) -> list[Sample] | None:
        """Samples of the axes from `at` on that leave no rule of `mask`."""
        if at == len(self.axes):
            return None if mask else []
        if (at, mask) in self.seen:
            return None
        self.seen.add((at, mask))
        if len(self.seen) > MOST_STATES:
            raise domain.Undecidable
        for sample in self.axes[at].samples:
            if self.inside_only and not sample.inside and mask & ~sample.mask:
                continue
            rest = self.gap(at + 1, mask & sample.mask)
            if rest is not None:
                return [sample, *rest]
        return None


def _gap(model: Model, table: Table, axes: list[Axis]) -> Iterator[Problem]:
    every = (1 << len(table.rules)) - 1
    try:
        hole = _Search(axes, True, set()).gap(0, every)
        beyond = hole or _Search(axes, False, set()).gap(0, every)
    except domain.Undecidable:
        yield _problem(model, table.id, "dmn_not_checked", Text(
            "组合太多，没有检查缺口", "There are too many combinations; gaps were not looked for"), "warning")
        return
    if beyond is None:
        return
    shown = _example(list(zip(axes, beyond, strict=True)))
    closed = hole is not None and table.policy == "UNIQUE"
    yield _problem(model, table.id, "dmn_gap", Text(
        f"没有规则命中这样的输入：{shown.zh}", f"No rule matches this input: {shown.en}"), "error" if closed else "warning")


def _example(samples: list[tuple[Axis, Sample]]) -> Text:
    parts = [(axis.column.words.label, axis.column.expression.text, _shown(sample.value)) for axis, sample in samples]
    return Text(
        "，".join(f"{text} = {value}" for _, text, value in parts), ", ".join(f"{text} = {_english(value)}" for _, text, value in parts))


def _shown(value: Any) -> str:
    if value == domain.OTHER:
        return "其他文字"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(feel.to_plain(value))


def _english(shown: str) -> str:
    return "any other text" if shown == "其他文字" else shown
