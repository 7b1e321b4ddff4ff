"""Hostile XML stops at the door, and what comes in is the same whoever wrote it down."""

import pytest

from engine import intake
from engine.errors import Refused

BPMN = f'<definitions xmlns="{intake.BPMN}"{{more}}>{{inside}}</definitions>'


def written(inside: str = "", more: str = "", before: str = "") -> bytes:
    return (before + BPMN.format(inside=inside, more=more)).encode()


def rule_of(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        intake.read_xml(data, "a.bpmn")
    (problem,) = refused.value.problems
    assert problem.file == "a.bpmn" and problem.message.zh and problem.message.en
    return problem.rule


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"


@pytest.mark.parametrize("before", [
    "<!DOCTYPE x>", "<!DOCTYPE x SYSTEM 'secret.dtd'>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>",
    "<!DOCTYPE x [<!ENTITY e 'hidden()'>]>", "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'> %p;]>", LAUGHS,
])  # fmt: skip
def test_a_doctype_is_refused_whatever_it_says(before):
    assert rule_of(written(before=before)) == "xml_doctype"


def test_a_doctype_in_utf_16_is_refused_too():
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>' + BPMN.format(inside="", more="")
    assert rule_of(text.encode("utf-16")) == "xml_doctype"


def test_utf_16_as_such_is_read():
    text = '<?xml version="1.0" encoding="UTF-16"?>' + BPMN.format(inside="<process id='安居'/>", more="")
    assert intake.read_xml(text.encode("utf-16"), "a.bpmn")[0].get("id") == "安居"


def test_a_file_that_is_too_large_is_not_even_parsed():
    assert rule_of(b"\x00" * (intake.MAX_BYTES + 1)) == "xml_too_large"


def test_a_file_of_exactly_the_limit_is_read():
    start = written()
    assert intake.read_xml(start + b" " * (intake.MAX_BYTES - len(start)), "a.bpmn") is not None


@pytest.mark.parametrize(("inside", "rule"), [
    ("<a/>" * 20_000, "xml_too_many_elements"),
    ("<a>" * 100 + "</a>" * 100, "xml_too_deep"),
    ("<a>" * 5_000 + "</a>" * 5_000, "xml_too_deep"),
    ("<x:script xmlns:x='http://elsewhere.example/'/>", "xml_namespace"),
    ("<include xmlns='http://www.w3.org/2001/XInclude' href='file:///etc/hostname'/>", "xml_namespace"),
    ("<a xmlns:x='http://elsewhere.example/' x:run='1'/>", "xml_namespace"),
    ("<a " + " ".join(f"b{i}=''" for i in range(101)) + "/>", "xml_too_many_attributes"),
    ("<a>&nowhere;</a>", "xml_unreadable"), ("<a>", "xml_unreadable"), ("<a b='1' b='2'/>", "xml_unreadable"),
])  # fmt: skip
def test_what_may_not_come_in_is_named(inside, rule):
    assert rule_of(written(inside)) == rule


@pytest.mark.parametrize("data", [
    b"", b"  ", b"\x00", b"no xml", b"PK\x03\x04", b'<?xml version="1.0" encoding="nowhere"?><a/>', b"\xff\xfe<",
])  # fmt: skip
def test_what_is_no_xml_is_refused_with_a_sentence(data):
    assert rule_of(data) == "xml_unreadable"


def test_a_namespace_that_is_declared_and_not_used_does_no_harm():
    assert intake.read_xml(written(more=" xmlns:x='http://elsewhere.example/'"), "a.bpmn") is not None


def test_a_comment_cannot_split_a_text():
    root = intake.read_xml(written("<a>x <!-- hidden -->= 1</a>"), "a.bpmn")
    assert root[0].text == "x = 1" and "hidden" not in intake.canonical(root)


def test_instructions_to_the_reader_are_dropped():
    root = intake.read_xml(written("<a/>", before="<?xml-stylesheet href='x'?>"), "a.bpmn")
    assert "stylesheet" not in intake.canonical(root)
