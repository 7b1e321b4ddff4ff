"""What runs inside a turn: expressions over the case's variables, functions, decisions, messages on their way out."""

import copy
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import isodate
from sqlalchemy.orm import Session

from engine import calendar, decisions, feel
from engine.actor import Actor
from engine.clock import TZ
from engine.compiled import Compiled
from engine.errors import BpmnError, EngineError
from engine.ports import FunctionContext
from engine.words import Text

QUIET = frozenset({"null-path"})
CYCLE_MINIMUM = timedelta(minutes=1)


class Fault(Exception):
    """Why the process could not go on: words, the element, the expression."""

    def __init__(self, text: Text, element_id: str, expression: str = "") -> None:
        super().__init__(text.en)
        self.text, self.element_id, self.expression = text, element_id, expression


@dataclass
class Leaving:
    """A message that nobody in the case awaited."""

    element_id: str
    name: str
    key: str
    payload: dict[str, Any]


@dataclass
class Decided:
    """A decision as it was evaluated in this turn."""

    element_id: str
    decision_id: str
    result_variable: str | None
    answer: Any
    definition_id: int
    version: int


@dataclass
class Execution:
    """Answers the workflow's questions; one per turn."""

    session: Session
    compiled: Compiled
    case: Any
    actor: Actor
    now: datetime
    look_ups: Mapping[str, Callable[..., Any]]
    pinned: Callable[[str], Compiled | None]
    variables: dict[str, Any]
    leaving: list[Leaving] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    trace: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        look_ups: dict[str, Callable[..., Any]] = {name: partial(function, self.session) for name, function in self.look_ups.items()}
        self._functions: dict[str, Callable[..., Any]] = {**look_ups, **calendar.functions(self.session, self.now, self.trace)}
        self._unset = dict.fromkeys(self.compiled.known_names)

    # -- expressions -----------------------------------------------------------------------------

    def scope(self) -> Mapping[str, Any]:
        """The case's variables; names that may still be set read as null."""
        return ChainMap(self.variables, self._unset)

    def value(self, element_id: str, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """The FEEL value of `text`, strictly: any doubt is a fault that quotes it."""
        try:
            expression = feel.compile(text)
            scope = ChainMap(dict(extra or {}), self.variables, self._unset)
            result = expression.evaluate(scope, now=self.now, functions=self._functions)
        except feel.SyntaxFault as fault:
            raise Fault(fault.message, element_id, text) from fault
        except feel.LimitExceeded as fault:
            raise Fault(fault.message, element_id, text) from fault
        except EngineError as fault:
            raise Fault(fault.text, element_id, text) from fault
        except Exception as error:
            raise _failed(error, element_id, text) from error
        doubts = [warning for warning in result.warnings if warning.code not in QUIET]
        if doubts:
            raise Fault(doubts[0].message, element_id, text)
        return result.value

    def plain(self, element_id: str, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """The same as JSON data."""
        return feel.to_plain(self.value(element_id, text, extra))

    def literal_or(self, element_id: str, text: str | None) -> Any:
        """A camunda attribute: `${…}` evaluated, anything else as it stands."""
        if not text:
            return None
        return self.plain(element_id, text) if feel.is_embedded(text) else text

    def condition(self, element_id: str, text: str) -> bool:
        value = self.value(element_id, text)
        if not isinstance(value, bool):
            raise Fault(Text("条件的结果既不是真也不是假", "The condition is neither true nor false"), element_id, text)
        return value

    def run_script(self, element_id: str, text: str) -> None:
        try:
            lines = feel.parse_script(text)
        except feel.SyntaxFault as fault:
            raise Fault(fault.message, element_id, text) from fault
        for name, expression, _line in lines:
            self.set(name, self.plain(element_id, expression.text))

    def set(self, name: str, value: Any) -> None:
        """Write a flat name, or a path into a context."""
        *path, last = name.split(".")
        target = self.variables
        for step in path:
            inner = target.get(step)
            target[step] = target = dict(inner) if isinstance(inner, dict) else {}
        target[last] = copy.deepcopy(value)

    # -- time ------------------------------------------------------------------------------------

    def instant(self, element_id: str, text: str) -> datetime:
        """An instant from ISO text or an expression; durations count from now."""
        value = self.value(element_id, text) if feel.is_embedded(text) else text.strip()
        return self._as_instant(element_id, text, value)

    def _as_instant(self, element_id: str, text: str, value: Any) -> datetime:
        if (instant := feel.to_datetime(value)) is not None:
            return instant
        if (duration := feel.to_timedelta(value)) is not None:
            return self._plus(element_id, text, duration)
        try:
            plain = value if isinstance(value, str) else str(value)
            if plain.startswith("P"):
                return self._plus(element_id, text, isodate.parse_duration(plain))
            instant = datetime.fromisoformat(plain)
        except (ValueError, TypeError, isodate.ISO8601Error) as error:
            raise Fault(Text("这不是时间", "This is no time"), element_id, text) from error
        return instant if instant.tzinfo else instant.replace(tzinfo=TZ)

    def _plus(self, element_id: str, text: str, duration: Any) -> datetime:
        try:
            moved: datetime = self.now + duration
        except (OverflowError, ValueError) as error:
            raise Fault(Text("这个时间太远了", "This time is too far away"), element_id, text) from error
        return moved

    def timer_due(self, element_id: str, text: str) -> str:
        """Never before now: what is armed too late is due at once, so that time never goes back in its turn."""
        return max(self.instant(element_id, text), self.now).isoformat()

    def timer_cycle(self, element_id: str, text: str) -> dict[str, Any]:
        plain = str(self.literal_or(element_id, text)).upper()
        count, _, duration = plain.removeprefix("R").partition("/")
        try:
            cycles, step = int(count or -1), isodate.parse_duration(duration)
        except (isodate.ISO8601Error, ValueError) as error:
            raise Fault(Text("循环定时写成 R3/P1D", "Write a cycle as R3/P1D"), element_id, text) from error
        first = self._plus(element_id, text, step)
        if first - self.now < CYCLE_MINIMUM:
            raise Fault(Text("循环间隔至少一分钟", "A cycle takes a minute at least"), element_id, text)
        if not cycles:
            raise Fault(Text("循环至少一次", "A cycle comes once at least"), element_id, text)
        return {"cycles": cycles, "next": first.isoformat(), "duration": duration}

    # -- activities ------------------------------------------------------------------------------

    def run_activity(self, element_id: str, extensions: dict[str, Any]) -> None:
        decision_id = extensions.get("decisionRef")
        variable = extensions.get("resultVariable")
        result = self.decide(element_id, decision_id, variable) if decision_id else self._call(element_id, extensions)
        if variable:
            self.set(variable, result)

    def _call(self, element_id: str, extensions: dict[str, Any]) -> Any:
        name = feel.unwrap(extensions.get("expression") or "")
        function = self.compiled.functions.get(name)
        if function is None:
            raise Fault(Text(f"没有登记的函数“{name}”", f"There is no registered function {name}"), element_id, name)
        return self.call(element_id, function)

    def call(self, element_id: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a registered function; only `BpmnError` means something to the diagram."""
        try:
            return feel.to_plain(feel.from_plain(function(self.context(element_id), *arguments)))
        except (BpmnError, EngineError):
            raise
        except Exception as error:
            raise _failed(error, element_id, function.__name__) from error

    def context(self, element_id: str, standing: frozenset[str] = frozenset()) -> FunctionContext:
        """What a function receives."""
        return FunctionContext(
            vars=ChainMap(copy.deepcopy(self.variables), self._unset), session=self.session, now=self.now,
            actor=self.actor, case_id=self.case.id, business_key=self.case.business_key,
            process_key=self.compiled.key, element_id=element_id, org_unit=self.case.org_unit,
            standing=standing, state=self.case.state,
        )  # fmt: skip

    def tell_register(self, standing: frozenset[str]) -> None:
        """Let the process's `register` function bring its register up to what the case says."""
        assert self.compiled.process is not None
        name = feel.unwrap(self.compiled.process.properties.get("register", ""))
        if name:
            self.compiled.functions[name](self.context(self.compiled.key, standing))

    def decide(self, element_id: str, decision_id: str, result_variable: str | None) -> Any:
        """Evaluate a decision over the variables and remember how it came out."""
        owner = self.compiled if decision_id in self.compiled.models else self.pinned(decision_id)
        if owner is None:
            raise Fault(Text(f"没有决策“{decision_id}”", f"There is no decision {decision_id}"), element_id)
        model = owner.models[decision_id]
        try:
            answer = decisions.evaluate(
                model, decision_id, self.scope(), now=self.now, functions=self._functions, pinned=self._model
            )
        except EngineError as fault:
            raise Fault(fault.text, element_id, decision_id) from fault
        except feel.LimitExceeded as fault:
            raise Fault(fault.message, element_id, decision_id) from fault
        except Exception as error:
            raise _failed(error, element_id, decision_id) from error
        if doubts := [warning for warning in answer.warnings if warning.code not in QUIET]:
            raise Fault(doubts[0].message, element_id, decision_id)
        self.decided.append(Decided(element_id, decision_id, result_variable, answer, owner.id, owner.version))
        return feel.to_plain(answer.outputs)

    def _model(self, decision_id: str) -> Any:
        """The model of a decision that another file requires, in the version pinned at deploy."""
        owner = self.compiled if decision_id in self.compiled.models else self.pinned(decision_id)
        return None if owner is None else owner.models[decision_id]

    # -- messages --------------------------------------------------------------------------------

    def correlation_key(self, element_id: str, text: str | None) -> str:
        value = self.plain(element_id, text) if text else self.case.business_key
        return "" if value is None else str(value)

    def payload(self, element_id: str, text: str | None) -> dict[str, Any]:
        value = self.plain(element_id, text) if text else {}
        if not isinstance(value, dict):
            raise Fault(Text("消息内容应是一组名称和值", "A message carries names with values"), element_id, text or "")
        return value

    def take_payload(self, element_id: str, payload: dict[str, Any]) -> None:
        for name, value in payload.items():
            self.set(name, value)

    def leaves_case(self, element_id: str, name: str, key: str, payload: dict[str, Any]) -> None:
        self.leaving.append(Leaving(element_id, name, key, payload))


def _failed(error: Exception, element_id: str, text: str) -> Fault:
    """What went wrong in a function, with its place; the database's own errors stay what they are."""
    if type(error).__module__.startswith(("sqlalchemy", "sqlite3", "psycopg")):
        raise error
    words = f"{type(error).__name__}: {error}"
    return Fault(Text(f"函数出错：{words}", f"The function failed: {words}"), element_id, text)
