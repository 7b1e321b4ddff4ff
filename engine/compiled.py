"""A deployed version made ready to run: its diagram, specs, decisions, forms, functions and the names it knows."""

import importlib.util
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import decisions, diagram
from engine.bpmn.parser import Spec, parse
from engine.tables import Definition, DefinitionFile

ProcessFunction = Callable[..., Any]


@dataclass
class Compiled:
    """What a turn needs of a version; made once per process of the operating system."""

    id: int
    key: str
    version: int
    process: diagram.Process | None
    spec: Spec | None
    models: dict[str, Any]
    forms: dict[str, dict[str, Any]]
    functions: Mapping[str, ProcessFunction]
    known_names: frozenset[str] = frozenset()
    pins: dict[str, int] = field(default_factory=dict)

    def element(self, element_id: str) -> diagram.Element:
        assert self.process is not None
        return self.process.elements[element_id]

    def form(self, form_key: str | None) -> dict[str, Any] | None:
        return self.forms.get(form_key) if form_key else None


def functions_of(path: Path) -> dict[str, ProcessFunction]:
    """The registered functions of a process: public functions of its functions.py whose first argument is `ctx`."""
    if not path.exists():
        return {}
    module = _load(path)
    return {
        name: function for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
        and next(iter(inspect.signature(function).parameters), "") == "ctx"
    }  # fmt: skip


_modules: dict[Path, ModuleType] = {}


def _load(path: Path) -> ModuleType:
    if path not in _modules:
        spec = importlib.util.spec_from_file_location(f"processes.{path.parent.name}.functions", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        _modules[path] = module
    return _modules[path]


def known_names(process: diagram.Process, forms: Mapping[str, Mapping[str, str]], models: Mapping[str, Any]) -> set[str]:
    """Every name that some form, decision, script or message of the process can set."""
    names = {"start", *forms.get((process.start.form_key if process.start else None) or "", {})}
    for element in process.elements.values():
        if element.type == "userTask":
            names.add(element.id)
        names.update(_set_by(element))
        if element.form_key and element.events:
            names.update(forms.get(element.form_key, {}))
    return names


def _set_by(element: diagram.Element) -> set[str]:
    names = {element.camunda["resultVariable"]} if element.camunda.get("resultVariable") else set()
    for line in element.script.splitlines():
        target = line.split("=", 1)[0].strip()
        if target and not target.startswith("//"):
            names.add(target.split(".")[0])
    return names


def compile_version(session: Session, definition: Definition, processes_path: Path, forms_port: Any) -> Compiled:
    """Read the version's files and make them ready."""
    files = session.scalars(select(DefinitionFile).where(DefinitionFile.definition_id == definition.id)).all()
    models = {}
    for file in files:
        if file.kind == "dmn":
            model = decisions.parse(file.content.encode(), file.path)
            models.update(dict.fromkeys(model.decisions, model))
    forms = {f"{definition.key}/{Path(f.path).stem}": json.loads(f.content) for f in files if f.kind == "form"}
    process, spec = None, None
    for file in files:
        if file.kind == "bpmn":
            process = next(p for p in diagram.read(file.content, file.path) if p.id == definition.key)
            spec = parse(file.content, definition.key, file.path)
    fields = {key: forms_port.fields(source) for key, source in forms.items()}
    return Compiled(
        definition.id, definition.key, definition.version, process, spec, models, forms,
        functions_of(processes_path / definition.key / "functions.py"),
        frozenset(known_names(process, fields, models)) if process else frozenset(), dict(definition.pins),
    )
