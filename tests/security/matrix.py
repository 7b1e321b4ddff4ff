"""Who gets where: what each of the cast is answered at each route, over one hazard that is under way in Daning Road.

`python -m tests.security.matrix` prints what is observed, as the rows of access_matrix.csv; a row is entered there only
after somebody has thought about each of its verdicts.
"""

import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from werkzeug.routing import AnyConverter, IntegerConverter
from werkzeug.test import TestResponse

from engine import incidents
from engine.database import Database
from engine.engine import Engine
from engine.tables import Case
from engine.words import Text
from tests.cast import Api, enter, token_of
from tests.conftest import MONDAY

MATRIX = Path(__file__).with_name("access_matrix.csv")
ANYBODY = "anybody"
COLUMNS = (
    ANYBODY, "applicant", "tenant", "operator", "operator.other", "committee", "subdistrict", "subdistrict.lead",
    "subdistrict.other", "bureau", "bureau.lead", "fire", "auditor", "admin", "designer", "publisher",
)
IMPLIED = {"HEAD", "OPTIONS"}
REPORT = {
    "project_id": 0, "part": "2号楼楼道", "category": "fire_exit", "description": "堆物", "people_at_risk": "1-9",
    "imminent": False, "affects_escape_or_structure": False, "can_fix_on_spot": False,
}
BODIES: dict[str, Any] = {  # what a POST of the API carries: enough to get past the data to the question of rights
    "start": {"variables": REPORT}, "draft": {"data": {}}, "complete": {"data": {}}, "assign": {"assignee": "nobody"},
    "postpone": {"until": None}, "comments": {"text": "x"}, "cancel": {"reason": "x"}, "evaluate": {"variables": {}},
    "messages": {"name": "hazard.danger_worse", "correlation_key": "JA-HZ-2026-00001", "variables": {}}, "clock": {"advance": "PT1S"},
    "tokens": {"username": "nobody", "password": "x"},
}
FORMS = {  # what a post of a page carries, to the same end
    "assign": {"assignee": "nobody"}, "postpone": {"until": "2026-12-30"}, "comments": {"text": "x"}, "cancel": {"reason": "x"},
}


class World:
    """The application with its hazard, brought back to the same state whenever a request had an effect."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.engine: Engine = app.extensions["anju"]
        self.database: Database = self.engine.database
        self.path = Path(str(self.database.engine.url.database))
        self.ids = self._begin()
        self.tokens = {name: token_of(self.engine, name) for name in COLUMNS if name != ANYBODY}
        self.kept = Path(tempfile.mkdtemp()) / "kept.sqlite3"
        self._settle()
        shutil.copyfile(self.path, self.kept)

    def _begin(self) -> dict[str, Any]:
        """A hazard of the operator's project, reported by the committee, with a photograph; and a loose one of theirs."""
        committee = Api(self.app, token_of(self.engine, "committee"))
        project = committee.get("/projects").json["items"][0]
        photo = committee.post("/attachments", data={"file": (io.BytesIO(_photo()), "a.png")}).json["id"]
        report = {**REPORT, "project_id": project["id"], "photos": [photo]}
        started = committee.post("/process-definitions/hazard_rectification/start", {"variables": report})
        assert started.status_code == 201, started.text
        case = started.json["case"]
        self._go_on(case["id"], "committee", "preliminary_handling", {"fixed_on_spot": False})
        self._go_on(case["id"], "subdistrict", "grade", {"level": "L2", "is_hazard": True})
        task = committee.get(f"/tasks?case_id={case['id']}&element_id=acknowledge").json["items"][0]
        building = committee.get(f"/buildings?project_id={project['id']}").json["items"][0]
        dwelling = committee.get(f"/dwellings?building_id={building['id']}").json["items"][0]
        return {
            "case_id": case["id"], "task_id": task["id"], "number": case["business_key"], "key": "hazard_rectification",
            "project_id": project["id"], "building_id": building["id"], "dwelling_id": dwelling["id"],
            "attachment_id": photo, "username": "tenant", "name": "hazard.danger_worse", "code": "daning_road",
            "field": "project_id", "incident_id": self._stop(case["id"]),
        }

    def _go_on(self, case_id: int, username: str, element_id: str, data: dict[str, Any]) -> None:
        who = Api(self.app, token_of(self.engine, username))
        task = who.get(f"/tasks?case_id={case_id}&element_id={element_id}").json["items"][0]
        done = who.post(f"/tasks/{task['id']}/complete", {"data": data})
        assert done.status_code == 200, done.text

    def _stop(self, case_id: int) -> int:
        """An incident of the case, as a failing step leaves it."""
        with self.database.writing() as session:
            case = session.get_one(Case, case_id)
            return incidents.add(session, case, MONDAY, "process", "rectify", Text("停了", "It stopped"), None).id

    def _settle(self) -> None:
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.engine.dispose()

    def restore(self) -> None:
        """The state that every request starts from."""
        self.database.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.path)
        self.engine.live.__init__()  # type: ignore[misc]

    def address(self, rule: Any) -> str:
        """The route with something real in each of its places."""
        values = {name: self._sample(rule.rule, name) for name in rule.arguments}
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                values[name] = sorted(converter.items)[0]
            if isinstance(converter, IntegerConverter) and not isinstance(values[name], int):
                values[name] = MONDAY.year
        return str(self.app.url_map.bind("localhost").build(rule.endpoint, values))

    def _sample(self, route: str, name: str) -> Any:
        if name == "row_id":
            register = route.split("/")[3]
            return {"projects": self.ids["project_id"], "buildings": self.ids["building_id"], "dwellings": self.ids["dwelling_id"],
                    "hazards": self.ids["number"], "organisations": "daning_road"}[register]
        if "/decisions/" in route:
            return "hazard_severity"
        if "/parameters/" in route:
            return "hazard.duplicate_days"
        if name == "filename":
            return "anju.css"
        return self.ids.get(name, 1)

    def ask(self, username: str, method: str, rule: Any) -> str:
        """The verdict for one person at one route: yes, sign_in, forbidden or hidden."""
        path = self.address(rule)
        answer = self._api(username, method, path) if path.startswith("/api/") else self._page(username, method, path)
        if method != "GET" and answer.status_code < 400:
            self.restore()
        return verdict(answer)

    def _api(self, username: str, method: str, path: str) -> TestResponse:
        who = Api(self.app, self.tokens.get(username))
        last = path.rsplit("/", 1)[-1]
        below = path.removeprefix("/api/v1")
        if method == "POST" and last in ("attachments", "process-definitions"):
            name = "files" if last == "process-definitions" else "file"
            return who.post(below, data={name: (io.BytesIO(b"x"), "x.bpmn")})
        return who.call(method, below, **({"json": BODIES.get(last, {})} if method == "POST" else {}))

    def _page(self, username: str, method: str, path: str) -> TestResponse:
        client = self.app.test_client()
        if username != ANYBODY:
            enter(client, self.engine, username)
        return client.open(path, method=method, data=FORMS.get(path.rsplit("/", 1)[-1], {}) if method == "POST" else None)


def verdict(answer: TestResponse) -> str:
    """What a status means for whoever asked; a refusal of the data is a yes to the person."""
    if answer.status_code == 401 or "/sign-in" in answer.headers.get("Location", ""):
        return "sign_in"
    return {403: "forbidden", 404: "hidden"}.get(answer.status_code, "yes" if answer.status_code < 500 else f"fault {answer.status_code}")


def routes(app: Flask) -> Iterator[tuple[str, Any]]:
    """Every method of every route, in the order of the matrix."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return ((method, rule) for rule in rules for method in sorted((rule.methods or set()) - IMPLIED))


def entered() -> dict[tuple[str, str], dict[str, str]]:
    """The verdicts of access_matrix.csv by method and route."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {(row["method"], row["route"]): row for row in rows}


def _photo() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    return held.getvalue()


def observed(app: Flask) -> Iterator[dict[str, str]]:
    """A row for each route as it answers now."""
    world = World(app)
    for method, rule in routes(app):
        yield {"method": method, "route": rule.rule, **{name: world.ask(name, method, rule) for name in COLUMNS}}


def main() -> None:
    """Print the observed rows."""
    from tests.conftest import TEMPLATES, config_of
    from webapp import create_app, security

    database = Database(f"sqlite:///{tempfile.mkdtemp()}/matrix.sqlite3")
    TEMPLATES["deployed"](database)
    app = create_app(config_of(database), database=database)
    app.config["WTF_CSRF_ENABLED"] = False
    security.limiter.enabled = False
    writer = csv.DictWriter(sys.stdout, ["method", "route", *COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(observed(app))


if __name__ == "__main__":
    main()
