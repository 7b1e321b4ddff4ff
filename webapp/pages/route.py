"""Where a case stands on its diagram: the short strip, the state for the live diagram, and the steps as text."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.diagram import Element, Process
from engine.tables import Task
from engine.words import Text

LONGEST_LINE_ZH, LONGEST_LINE_EN = 6, 14
BEHIND, AHEAD = 2, 2


@dataclass(frozen=True)
class Step:
    """One box of the strip: was, here or future."""

    name: Text
    state: str
    count: int = 1

    @property
    def lines_zh(self) -> list[str]:
        return _broken(self.name.zh, LONGEST_LINE_ZH)

    @property
    def lines_en(self) -> list[str]:
        return _wrapped(self.name.en, LONGEST_LINE_EN)


@dataclass(frozen=True)
class Route:
    """The strip, and a shorter one for a phone; `words` says the same as a sentence."""

    steps: list[Step]
    words: Text

    @property
    def short(self) -> list[Step]:
        """What came last, where it stands, what comes next."""
        here = [i for i, step in enumerate(self.steps) if step.state == "here"]
        first = max(here[0] - 1, 0) if here else max(len(self.steps) - 3, 0)
        return self.steps[first:first + 3]


@dataclass(frozen=True)
class Live:
    """A diagram for the viewer: where its text is, and what to mark on it."""

    address: str
    state: dict[str, Any]
    focus: str = ""


@dataclass(frozen=True)
class Steps:
    """The steps as text: done, now, later."""

    done: list[Text] = field(default_factory=list)
    now: list[Text] = field(default_factory=list)
    later: list[Text] = field(default_factory=list)


def route(process: Process, tasks: Sequence[Task], focus: str | None = None) -> Route:
    """The strip of a case; `focus` is the element whose page it is for."""
    done = _distinct(task.element_id for task in sorted(
        (task for task in tasks if task.state == "completed" and task.completed_at), key=lambda task: (task.completed_at, task.id)))
    current = _current(tasks, focus)
    behind = [element for element in done if element not in current][-BEHIND:]
    ahead = _ahead(process, current, set(done) | set(current))[:AHEAD]
    steps = [Step(_name(process, one), "was") for one in behind]
    steps += [Step(_name(process, one), "here", number) for one, number in current.items()]
    steps += [Step(_name(process, one), "future") for one in ahead]
    return Route(steps, _said(steps))


def _current(tasks: Sequence[Task], focus: str | None) -> dict[str, int]:
    """The open elements with their number of tasks: the one in focus alone, the ladder's left out."""
    counted: dict[str, int] = {}
    for task in tasks:
        if task.state in ("open", "claimed"):
            counted[task.element_id] = counted.get(task.element_id, 0) + 1
    if focus is not None and focus in counted:
        return {focus: counted[focus]}
    main = {element: number for element, number in counted.items() if not element.startswith("escalation_")}
    return main or counted


def _ahead(process: Process, current: Iterable[str], passed: set[str]) -> list[str]:
    """The next user tasks on the main line, nearest first, those not yet done before those that would come again."""
    found: list[str] = []
    start = next(iter(current), None)
    for _ in range(AHEAD):
        following = _next_task(process, start, passed | set(found)) if start else None
        if following is None:
            break
        found.append(following)
        start = following
    return found


def _next_task(process: Process, start: str, passed: set[str]) -> str | None:
    seen, waiting = {start}, deque(_following(process, start))
    while waiting:
        element_id = waiting.popleft()
        if element_id in seen or element_id not in process.elements:
            continue
        seen.add(element_id)
        element = process.elements[element_id]
        if element.type == "userTask" and element_id not in passed:
            return element_id
        waiting.extend(_following(process, element_id))
    return None


def _following(process: Process, element_id: str) -> list[str]:
    """Where the flows lead; out of a sub-process's end, on from the sub-process; into one, to its start."""
    element = process.elements.get(element_id)
    out = [flow.target for flow in process.outgoing(element_id)]
    if element is not None and element.type == "subProcess":
        return out
    if not out and element is not None and element.type == "endEvent" and element.scope in process.elements:
        return [flow.target for flow in process.outgoing(element.scope)]
    return out


def live(address: str, tasks: Sequence[Task], standing: Iterable[str], taken: Iterable[str], words: str, focus: str = "",
         stuck: Iterable[str] = ()) -> Live:
    """What the viewer marks: tokens where it stands, the path that was taken."""
    here: dict[str, dict[str, Any]] = {}
    for element_id in [*standing, *(task.element_id for task in tasks if task.state in ("open", "claimed"))]:
        here.setdefault(element_id, {"count": 0, "title": words})
    for element_id in here:
        here[element_id]["count"] = max(sum(t.element_id == element_id and t.state in ("open", "claimed") for t in tasks), 1)
    first = [task.element_id for task in tasks if task.state in ("open", "claimed") and not task.element_id.startswith("escalation_")]
    return Live(address, {"here": here, "first": first, "was": sorted(set(taken) - set(here)), "stuck": sorted(set(stuck))}, focus)


def as_text(process: Process, tasks: Sequence[Task]) -> Steps:
    """The user tasks that were done, that wait now and that may still come, in the drawing's order."""
    done = _distinct(task.element_id for task in tasks if task.state == "completed")
    now = _distinct(task.element_id for task in tasks if task.state in ("open", "claimed"))
    later = _ahead_all(process, now, set(done) | set(now))
    return Steps(*([_name(process, one) for one in many] for many in (done, now, later)))


def _ahead_all(process: Process, current: Sequence[str], passed: set[str]) -> list[str]:
    main = [one for one in current if not one.startswith("escalation_")]
    found: list[str] = []
    start = main[0] if main else None
    while start and len(found) < 12:
        start = _next_task(process, start, passed | set(found))
        if start is not None:
            found.append(start)
    return found


def _name(process: Process, element_id: str) -> Text:
    element = process.elements.get(element_id)
    return name_of(element) if element else Text(element_id, element_id)


def name_of(element: Element) -> Text:
    """An element's name in both languages."""
    return Text(element.name or element.id, element.name_en or element.name or element.id)


def _distinct(names: Iterable[str]) -> list[str]:
    """Each once, where it stood last."""
    return list(dict.fromkeys(reversed(list(names))))[::-1]


def _said(steps: Sequence[Step]) -> Text:
    parts = {state: [step.name for step in steps if step.state == state] for state in ("was", "here", "future")}
    zh = [f"{label}：{'、'.join(one.zh for one in parts[key])}" for key, label in (("was", "已办"), ("here", "现在"), ("future", "接下来")) if parts[key]]
    en = [f"{label}: {', '.join(one.en for one in parts[key])}" for key, label in (("was", "Done"), ("here", "Now"), ("future", "Next")) if parts[key]]
    return Text("；".join(zh), "; ".join(en))


def _broken(text: str, longest: int) -> list[str]:
    if len(text) <= longest + 1:
        return [text]
    half = (len(text) + 1) // 2
    cut = max((i + 1 for i, c in enumerate(text[:half + 2]) if c in "与和、 "), default=half)
    return [text[:cut].strip(), text[cut:].strip()[:longest + 2]]


def _wrapped(text: str, longest: int) -> list[str]:
    lines: list[str] = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]
