"""Whether everything that people read is there in Chinese and in English, side by side."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from jinja2 import Environment, nodes

from tests.house.source import Module

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
READ_ALOUD = ("title", "alt", "aria-label", "placeholder", "aria-description", "label")
SAME_IN_BOTH = {"Anju", "zh", "en", "EN", "API", "CSV", "QR", "OK", "BPMN", "DMN", "JSON"}
MARKS = {"（其他）", "其他文字", " 前", "与和、 "}  # never shown as they stand: what code looks for and turns into words
CHOICES = {"中文", "English"}  # each language called by its own name
ATTRIBUTES = re.compile(r"[a-z-]+=\"[^\"]*\"")
NAMED_LOOK = re.compile(r"\{%-?\s*block\s+\w+\s*-?%\}[a-z -]+\{%-?\s*endblock.*?%\}")  # a class handed to the layout
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def one_sided(module: Module) -> list[str]:
    """`Text(…)` with a side missing or both sides in one language, and Chinese without an English twin beside it."""
    twins, faults = set[int](), []
    for node in ast.walk(module.tree):
        pieces = _pieces(node)
        if _is_text(node):
            faults += [f"{module.name}:{node.lineno} {fault}" for fault in _faults(node)]  # type: ignore[attr-defined]
            twins |= {id(part) for part in ast.walk(pieces[0])}
        if isinstance(node, ast.Constant | ast.JoinedStr) and _is_both(_words(node)):
            twins |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.FunctionDef) and _speaks_english(node):
            twins |= {id(part) for part in ast.walk(node)}
        if any(_has_latin(piece) for piece in pieces):
            twins |= {id(part) for piece in pieces for part in ast.walk(piece)}
    return faults + [
        f"{module.name}:{node.lineno} {node.value[:30]!r} has no English beside it"
        for node in _strings(module) if CJK.search(node.value) and id(node) not in twins and node.value not in MARKS
    ]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and len(node.args) == 2


def _pieces(node: ast.AST) -> list[ast.expr]:
    """The expressions that stand side by side in a call, tuple, list or mapping."""
    if isinstance(node, ast.Call):
        return [*node.args, *(word.value for word in node.keywords)]
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return node.elts
    return [*node.values, *(key for key in node.keys if key)] if isinstance(node, ast.Dict) else []


def _words(node: ast.AST) -> str:
    """The literal words of a string, an f-string or a sum of them."""
    return "".join(part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _speaks_english(function: ast.FunctionDef) -> bool:
    """Whether it makes the English beside the Chinese: from `.en`, a name `en`, or a choice by "en"."""
    return any(
        (isinstance(node, ast.Name) and node.id == "en") or (isinstance(node, ast.arg) and node.arg == "en")
        or (isinstance(node, ast.Attribute) and node.attr == "en") or (isinstance(node, ast.Constant) and node.value == "en")
        for node in ast.walk(function)
    )


def _is_both(words: str) -> bool:
    """Such as "依赖没有装上 / could not be installed": a line for people whose language is not known."""
    return bool(re.search(r" [/|] ", words)) and bool(CJK.search(words)) and bool(LATIN.search(words))


def _has_latin(node: ast.AST) -> bool:
    words = _words(node)
    return bool(LATIN.search(words)) and not CJK.search(words)


def _faults(call: Any) -> Iterator[str]:
    zh, en = (_words(argument) for argument in call.args)
    if CJK.search(en):
        yield f"Chinese on the English side: {en[:40]!r}"
    if LATIN.search(en) and not CJK.search(zh) and zh != en and all(map(_is_literal, call.args)):
        yield f"no Chinese on the Chinese side: {zh[:40]!r}"
    if CJK.search(zh) and _is_literal(call.args[1]) and not en.strip():
        yield f"no English for {zh[:40]!r}"


def _is_literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _strings(module: Module) -> Iterator[Any]:
    """Every string constant that is not a docstring."""
    documentation = {
        id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node


def untranslated(name: str, source: str) -> list[str]:
    """What a template says outside `t("中文", "English")`, or with a side missing."""
    tree = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(source)
    faults, inside = [], set[int]()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            faults += [f"{name}:{call.lineno} {fault}" for fault in _call_faults(call)]
            inside |= {id(const) for const in call.args[0].find_all(nodes.Const)} if call.args else set()
            inside |= {id(argument) for argument in call.args[:1]}
    for row in tree.find_all((nodes.Tuple, nodes.List, nodes.Dict)):
        consts = list(row.find_all(nodes.Const))
        if any(isinstance(const.value, str) and LATIN.search(const.value) and not CJK.search(const.value) for const in consts):
            inside |= {id(const) for const in consts}
    faults += [
        f"{name}:{const.lineno} {const.value[:30]!r} is outside t(…)" for const in tree.find_all(nodes.Const)
        if isinstance(const.value, str) and CJK.search(const.value) and id(const) not in inside
    ]
    return faults + [f"{name}: {words!r} is outside t(…)" for words in _bare_words(source)]


def _call_faults(call: nodes.Call) -> Iterator[str]:
    if len(call.args) < 2:
        if not isinstance(call.args[0] if call.args else None, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Call):
            yield "t(…) needs both languages"
        return
    zh, en = (argument.value if isinstance(argument, nodes.Const) else None for argument in call.args[:2])
    if isinstance(en, str) and (CJK.search(en) or not en.strip()):
        yield f"no English in t(…): {en!r}"
    if isinstance(zh, str) and not zh.strip():
        yield "no Chinese in t(…)"


class _Reader(HTMLParser):
    """Collects what a page shows or reads aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code", "kbd", "template")
        self.words += [value for key, value in attrs if key in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code", "kbd", "template")

    def handle_data(self, data: str) -> None:
        if self.silent <= 0:
            self.words.append(ATTRIBUTES.sub(" ", data))


def _bare_words(source: str) -> list[str]:
    reader = _Reader()
    reader.feed(JINJA.sub(" ", NAMED_LOOK.sub(" ", source)))
    words = {text.strip() for text in reader.words} - CHOICES
    return sorted(text for text in words if CJK.search(text) or not set(LATIN.findall(text)) <= SAME_IN_BOTH)


def unsafe_markup(name: str, source: str) -> list[str]:
    """What the strict content security policy would block, or what could let somebody's text become markup."""
    patterns = {
        r"\sstyle\s*=": "inline style",
        r"\son[a-z]+\s*=\s*[\"']": "inline event handler",
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")": "inline script",
        r"<style\b": "inline style sheet",
        r"javascript:": "javascript: address",
        r"(src|href)=\"(https?:)?//": "something from another host",
        r"\|\s*safe\b": "text taken as markup",
        r"\bautoescape\s+false": "escaping turned off",
    }
    return [f"{name}: {fault}" for pattern, fault in patterns.items() if re.search(pattern, source, re.IGNORECASE)]


def halved_data(data: Any, path: str) -> list[str]:
    """Objects of a form definition with Chinese but no English, or the other way round."""
    if isinstance(data, list):
        return [fault for number, item in enumerate(data) for fault in halved_data(item, f"{path}.{number}")]
    if not isinstance(data, dict):
        return [f"{path}: {data[:20]!r} has no English"] if isinstance(data, str) and CJK.search(data) else []
    if {"zh", "en"} & set(data):
        whole = str(data.get("zh", "")).strip() and str(data.get("en", "")).strip() and not CJK.search(str(data["en"]))
        return [] if whole else [f"{path}: needs zh and en"]
    return [fault for key, value in data.items() for fault in halved_data(value, f"{path}.{key}")]
