"""Deployed versions: found, read, and made from files that lint has passed."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from engine import diagram, history, intake, lint
from engine.actor import Actor
from engine.cache import Definitions
from engine.compiled import Compiled, compile_version
from engine.engine import Engine
from engine.errors import Busy, NotAllowed, NotFound, Problem, Refused
from engine.tables import Chain, Definition, DefinitionFile
from engine.words import Text

KINDS = {".bpmn": "bpmn", ".dmn": "dmn", ".json": "form"}


def latest(session: Session, key: str) -> Definition:
    """The newest version of a process."""
    query = select(Definition).where(Definition.key == key).order_by(Definition.version.desc()).limit(1)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def version(session: Session, key: str, number: int) -> Definition:
    """One version of a process."""
    query = select(Definition).where(Definition.key == key, Definition.version == number)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def all_latest(session: Session) -> list[Definition]:
    """The newest version of every process, by key."""
    newest = select(func.max(Definition.id)).group_by(Definition.key)
    query = select(Definition).where(Definition.id.in_(newest), Definition.is_process).order_by(Definition.key)
    return list(session.scalars(query))


def versions(session: Session, key: str) -> list[Definition]:
    """All versions, newest first."""
    return list(session.scalars(select(Definition).where(Definition.key == key).order_by(Definition.version.desc())))


def files_of(session: Session, definition: Definition) -> list[DefinitionFile]:
    """The files of a version."""
    query = select(DefinitionFile).where(DefinitionFile.definition_id == definition.id)
    return list(session.scalars(query.order_by(DefinitionFile.path)))


def bpmn(session: Session, definition: Definition) -> str:
    """The diagram's text."""
    return next((file.content for file in files_of(session, definition) if file.kind == "bpmn"), "")


def compiled(engine: Engine, session: Session, definition: Definition) -> Compiled:
    """The version, ready to run."""
    return engine.definitions.get(
        definition.id, lambda: compile_version(session, definition, engine.processes_path, engine.forms)
    )


def compiled_of(engine: Engine, session: Session, definition_id: int) -> Compiled:
    """The same by id."""
    return engine.definitions.get(
        definition_id,
        lambda: compile_version(session, session.get_one(Definition, definition_id), engine.processes_path, engine.forms),
    )


def form(engine: Engine, session: Session, definition: Definition, form_key: str | None) -> dict[str, Any] | None:
    """A form definition of a version."""
    return compiled(engine, session, definition).form(form_key)


def decision_owner(engine: Engine, session: Session, decision_id: str) -> Compiled | None:
    """The newest version that holds a decision (ids are unique in the installation)."""
    newest = select(func.max(Definition.id)).group_by(Definition.key)
    for definition in session.scalars(select(Definition).where(Definition.id.in_(newest))):
        candidate = compiled(engine, session, definition)
        if decision_id in candidate.models:
            return candidate
    return None


def pinned_decision(engine: Engine, session: Session, owner: Compiled, decision_id: str) -> Compiled | None:
    """The version of another folder's decision that was pinned when `owner` was deployed."""
    pin = owner.pins.get(decision_id)
    return compiled_of(engine, session, pin) if pin else None


def started_by_message(session: Session, name: str) -> Definition | None:
    """The process that a message starts."""
    found = (d for d in all_latest(session) if d.properties.get("started_by_message") == name)
    return next(found, None)


# -- deploying -----------------------------------------------------------------------------------


def read_folder(path: Path, library: Path | None = None) -> dict[str, bytes]:
    """The files below `path` that a deployment takes, with the forms of each process from the library beside it."""
    if path.is_file():
        return {path.name if path.suffix != ".json" else f"forms/{path.parent.name}/{path.name}": path.read_bytes()}
    found = {f.relative_to(path).as_posix(): f.read_bytes() for f in sorted(path.rglob("*")) if f.suffix in (".bpmn", ".dmn")}
    if library is not None and library.exists():
        keys = {PurePosixPath(name).stem for name in found if name.endswith(".bpmn")}
        for form_file in sorted(library.rglob("*.json")):
            if form_file.parent.name in keys:
                found[f"forms/{form_file.parent.name}/{form_file.name}"] = form_file.read_bytes()
    return found


def group(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Files by the process they belong to: a diagram's own id, its folder's decisions, its forms."""
    diagrams = [name for name in files if name.endswith(".bpmn")]
    keys = {name: _process_id(files[name], name) for name in diagrams}
    groups: dict[str, dict[str, bytes]] = {key: {} for key in keys.values()}
    single = next(iter(groups)) if len(groups) == 1 else None
    for name, content in files.items():
        path = PurePosixPath(name)
        if name in keys:
            key = keys[name]
        elif path.suffix == ".json":
            key = path.parent.name if path.parent.name not in ("", "forms") else single or path.stem
        else:
            key = next((k for n, k in keys.items() if PurePosixPath(n).parent == path.parent), single) or path.stem
        groups.setdefault(key, {})[path.name] = content
    return groups


def _process_id(content: bytes, name: str) -> str:
    try:
        root = intake.read_xml(content, name)
    except Refused:
        return PurePosixPath(name).stem
    found = [p.id for p in diagram.read(intake.canonical(root), name) if p.executable]
    return found[0] if found else PurePosixPath(name).stem


def check(engine: Engine, session: Session, files: Mapping[str, bytes]) -> list[Problem]:
    """Everything that deploying would refuse, and what it would only warn of."""
    problems: list[Problem] = []
    for key, own in group(files).items():
        problems += lint.check(engine, session, key, own)
        problems += _check_group(engine, session, key, own)
    return problems


def _check_group(engine: Engine, session: Session, key: str, files: Mapping[str, bytes]) -> list[Problem]:
    """Forms come with their process, and a decision's id is nobody else's."""
    found = []
    known = session.scalars(select(Definition.id).where(Definition.key == key, Definition.is_process)).first()
    alone = not any(name.endswith(".bpmn") for name in files)
    if alone and (known is not None or any(name.endswith(".json") for name in files)):
        found.append(Problem(sorted(files)[0], None, "no_diagram", Text(
            f"请和流程“{key}”的图一起部署", f"Deploy it together with the diagram of {key}"
        )))  # fmt: skip
    for name, decision_id in _decisions_in(files):
        owner = decision_owner(engine, session, decision_id)
        if owner is not None and owner.key != key:
            found.append(Problem(name, decision_id, "double_decision", Text(
                f"“{owner.key}”已经有决策“{decision_id}”", f"{owner.key} has a decision {decision_id} already"
            )))  # fmt: skip
    return found


def _decisions_in(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        try:
            yield from ((name, decision_id) for decision_id in lint.decision_ids({name: content}))
        except Refused:
            continue


def deploy(engine: Engine, files: Mapping[str, bytes], by: Actor, author: str | None = None) -> list[Definition]:
    """Deploy; unchanged content makes no new version. Raises `Refused` with every problem, or deploys all of it."""
    if author is not None and author == by.username:
        raise NotAllowed(Text("起草的人不能自己发布，请另一位来发布", "Whoever drafted it does not deploy it; ask somebody else"))
    # What is compiled meanwhile may be rolled back, and its number given to another version.
    apart = replace(engine, definitions=Definitions(engine.definitions))
    try:
        with engine.database.writing() as session:
            session.execute(select(Chain).where(Chain.chain == "deployments").with_for_update())
            return _deploy_all(apart, session, files, by, author)
    except (IntegrityError, OperationalError) as error:
        raise Busy(Text("另一次部署正在进行，没有任何改动，请稍后再试", "Another deployment is under way; nothing was changed. Try again in a moment")) from error


def _deploy_all(
    engine: Engine, session: Session, files: Mapping[str, bytes], by: Actor, author: str | None
) -> list[Definition]:
    problems = [p for p in check(engine, session, files) if p.level == "error"]
    if not files:
        problems = [Problem("", None, "nothing_to_deploy", Text("没有可部署的文件", "There is nothing to deploy"))]
    if problems:
        raise Refused(problems)
    groups = group(files)
    order = sorted(groups, key=lambda key: any(name.endswith(".bpmn") for name in groups[key]))
    made = [_deploy_one(engine, session, key, groups[key], by, author) for key in order]
    session.flush()
    return made


def _deploy_one(
    engine: Engine, session: Session, key: str, files: Mapping[str, bytes], by: Actor, author: str | None
) -> Definition:
    contents = dict(_canonical(key, files))
    pins = _pins(engine, session, contents, files)
    content_hash = hashlib.sha256(json.dumps([sorted(contents.items()), sorted(pins.items())]).encode()).hexdigest()
    last = session.scalars(
        select(Definition).where(Definition.key == key).order_by(Definition.version.desc()).limit(1)
    ).one_or_none()
    if last is not None and last.content_hash == content_hash:
        return last
    now = engine.clock.now()
    definition = _described(key, contents)
    definition.version = last.version + 1 if last else 1
    definition.content_hash, definition.deployed_at, definition.deployed_by = content_hash, now, by.username
    definition.author, definition.pins = author or "", pins
    session.add(definition)
    session.flush()
    session.add_all(
        DefinitionFile(definition_id=definition.id, path=name, kind=KINDS[PurePosixPath(name).suffix], content=text)
        for name, text in contents.items()
    )
    history.note(session, "deployments", "deployed", by.username, {"key": key, "version": definition.version, "sha256": content_hash}, now)
    return definition


def _canonical(key: str, files: Mapping[str, bytes]) -> Sequence[tuple[str, str]]:
    texts = []
    for name, content in sorted(files.items()):
        if name.endswith(".json"):
            texts.append((name, json.dumps(json.loads(content), ensure_ascii=False, indent=1)))
        else:
            texts.append((name, intake.canonical(intake.read_xml(content, name))))
    return texts


def _described(key: str, contents: Mapping[str, str]) -> Definition:
    for name, text in contents.items():
        if name.endswith(".bpmn"):
            process = next(p for p in diagram.read(text, name) if p.id == key)
            starters = [role.strip() for role in process.camunda.get("candidateStarterGroups", "").split(",")]
            return Definition(
                key=key, name=process.name, name_en=process.name_en or process.name, is_process=True,
                properties={**process.properties, "version_tag": process.camunda.get("versionTag", "")},
                starters=[role for role in starters if role],
            )
    return Definition(key=key, name=key, name_en=key, is_process=False, properties={}, starters=[])


def _pins(engine: Engine, session: Session, contents: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, int]:
    own = set(lint.decision_ids(files))
    pins = {}
    for name, text in contents.items():
        if not name.endswith(".bpmn"):
            continue
        for process in diagram.read(text, name):
            for element in process.of_type("businessRuleTask"):
                reference = element.camunda.get("decisionRef", "")
                owner = None if reference in own else decision_owner(engine, session, reference)
                if owner is not None:
                    pins[reference] = owner.id
    return pins
