"""The one door for XML from outside: guarded before it is parsed, kept as canonical text, known by its hash."""

import hashlib
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias

from lxml import etree

from engine.errors import Problem, Refused
from engine.words import Text

Element: TypeAlias = Any

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 20_000
MAX_ELEMENTS_DMN = 60_000
MAX_ATTRIBUTES = 100

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
DMN = frozenset(
    f"https://www.omg.org/spec/DMN/{edition}/MODEL/" for edition in ("20191111", "20211108", "20230324", "20240513")
)
NAMESPACES = DMN | {
    BPMN, CAMUNDA, XSI, XML,
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "http://camunda.org/schema/modeler/1.0",
    "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "https://www.omg.org/spec/DMN/20230324/DMNDI/",
    "http://www.omg.org/spec/DMN/20180521/DC/",
    "http://www.omg.org/spec/DMN/20180521/DI/",
    "http://bpmn.io/schema/dmn/biodi/1.0",
    "http://bpmn.io/schema/dmn/biodi/2.0",
}  # fmt: skip
SAFE = {
    "resolve_entities": "internal", "load_dtd": False, "no_network": True, "dtd_validation": False,
    "huge_tree": False, "remove_pis": True, "remove_comments": True,
}  # fmt: skip


def read_xml(data: bytes, file: str) -> Element:
    """The root element of `data`, or `Refused` with the reason; `file` is its name in the message."""
    if len(data) > MAX_BYTES:
        _refuse(file, "xml_too_large", Text(
            f"文件有 {len(data)} 字节，最多 {MAX_BYTES} 字节；没有读取",
            f"The file has {len(data)} bytes; {MAX_BYTES} is the most. It was not read",
        ))
    if not data.strip():
        _refuse(file, "xml_unreadable", Text("文件是空的", "The file is empty"))
    try:
        etree.fromstring(data, etree.XMLParser(target=_Guard(file), **SAFE))
        root = etree.fromstring(data, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        _refuse(file, "xml_unreadable", Text(
            f"第 {line} 行第 {column} 列不是正确的 XML：{error.msg}",
            f"Line {line}, column {column} is not well-formed XML: {error.msg}",
        ))
    except (ValueError, LookupError):
        _refuse(file, "xml_unreadable", Text("这不是可以读的 XML 文件", "This is not an XML file that can be read"))
    if root.getroottree().docinfo.doctype or any(True for _ in root.iter(etree.Entity)):
        _refuse_doctype(file)
    return root


def canonical(root: Element) -> str:
    """The text that is kept: two files that say the same give the same text."""
    text: str = etree.tostring(root, method="c14n", with_comments=False).decode()
    return text


def sha256(text: str) -> str:
    """The hash, in hexadecimal, that a file's canonical text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """An element's namespace, "" for none."""
    return str(element.tag).rpartition("}")[0].lstrip("{")


class _Guard:
    """Watches the elements pass by before any tree is built: stops at what may not come in."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.depth = self.elements = 0
        self.most = MAX_ELEMENTS

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        _refuse_doctype(self.file)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements == 1 and _space(tag) in DMN:
            self.most = MAX_ELEMENTS_DMN
        if self.elements > self.most:
            _refuse(self.file, "xml_too_many_elements", Text(
                f"元素超过 {self.most} 个", f"More than {self.most} elements",
            ))
        if self.depth > MAX_DEPTH:
            _refuse(self.file, "xml_too_deep", Text(
                f"元素嵌套超过 {MAX_DEPTH} 层", f"Elements are nested more than {MAX_DEPTH} deep",
            ))
        self._names(tag, attributes)

    def _names(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(attributes) > MAX_ATTRIBUTES:
            _refuse(self.file, "xml_too_many_attributes", Text(
                f"一个元素的属性超过 {MAX_ATTRIBUTES} 个", f"An element has more than {MAX_ATTRIBUTES} attributes",
            ), attributes.get("id"))
        strange = [name for name in (tag, *(a for a in attributes if a.startswith("{"))) if _space(name) not in NAMESPACES]
        if strange:
            space, _, name = strange[0].lstrip("{").rpartition("}")
            _refuse(self.file, "xml_namespace", Text(
                f"“{name}”属于不认识的命名空间“{space}”，请删去",
                f"“{name}” belongs to the namespace “{space}”, which is not read here; take it out",
            ), attributes.get("id"))

    def end(self, tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        return None


def _space(tag: str) -> str:
    return tag.rpartition("}")[0].lstrip("{")


def _refuse_doctype(file: str) -> NoReturn:
    _refuse(file, "xml_doctype", Text(
        "文件里有 DOCTYPE 或实体定义，请删去后再上传", "The file declares a DOCTYPE or entities; take them out first",
    ))


def _refuse(file: str, rule: str, message: Text, element_id: str | None = None) -> NoReturn:
    raise Refused([Problem(file, element_id, rule, message)])
