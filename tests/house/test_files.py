"""What may stand in a tracked file, and what the pins must hold."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, tracked

REGISTRIES = [".".join(parts) for parts in [
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"), ("deb", "debian", "org"),
    ("proxy", "golang", "org"), ("crates", "io"),
]]
BUILT = ("webapp/static/vendor/", "webapp/static/designer/")
WORKSHOP = ["/".join(parts) for parts in [("", "work", "shared"), ("", "work", "main"), ("", "tmp", "brief")]]
TEXT = {".py", ".md", ".txt", ".toml", ".json", ".html", ".css", ".js", ".ini", ".cfg", ".csv", ".bpmn", ".dmn", ".sh", ".svg", ""}


def texts() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace"))
        for path in tracked() if path.suffix in TEXT
    ]


@pytest.mark.parametrize("word", [*REGISTRIES, *WORKSHOP])
def test_no_file_names_a_package_registry_or_the_workshop(word: str) -> None:
    assert [name for name, text in texts() if word in text and not name.startswith(BUILT)] == []


def requirements(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix("\\").strip() for line in lines if re.match(r"[A-Za-z0-9]", line)}


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-test.txt"])
def test_every_pin_is_exact_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_tests_run_on_the_very_versions_that_are_served() -> None:
    assert requirements("constraints.txt") <= requirements("constraints-test.txt")


def test_no_lock_file_that_carries_addresses_is_tracked() -> None:
    assert {path.name for path in tracked()} & {"uv.lock", "pylock.toml", "poetry.lock"} == set()


def test_nothing_that_is_made_is_tracked() -> None:
    made = re.compile(r"(^|/)(\.venv|var|__pycache__|node_modules|\.pytest_cache)/")
    assert [path for path in tracked() if made.search(str(path.relative_to(ROOT)))] == []


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "run", ".ci/run"])
def test_a_newcomer_finds_what_they_look_for(name: str) -> None:
    assert (ROOT / name).stat().st_size > 100


def test_every_process_says_what_it_is_for() -> None:
    folders: list[Path] = [path for path in (ROOT / "processes").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [folder.name for folder in folders if not (folder / "README.md").is_file()] == []
