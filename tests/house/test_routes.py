"""Every route has a verdict for each role in tests/security/access_matrix.csv."""

import csv

from flask import Flask

from tests.house.source import ROOT, report

MATRIX = ROOT / "tests" / "security" / "access_matrix.csv"
IMPLIED = {"HEAD", "OPTIONS"}


def routes(app: Flask) -> set[tuple[str, str]]:
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - IMPLIED}


def listed() -> set[tuple[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {(row["method"], row["route"]) for row in rows}


def test_no_route_is_missing_from_the_matrix(app: Flask) -> None:
    report([f"missing: {method} {rule}" for method, rule in sorted(routes(app) - listed())])


def test_the_matrix_names_no_route_that_is_gone(app: Flask) -> None:
    report([f"gone: {method} {rule}" for method, rule in sorted(listed() - routes(app))])
