"""XML that came in is kept as one text, whoever wrote it down and however."""

from engine import intake


def read(text: str):
    return intake.read_xml(text.encode(), "a.bpmn")


def drawn(inside: str, before: str = "") -> str:
    return f'{before}<definitions xmlns="{intake.BPMN}">{inside}</definitions>'


def test_two_ways_of_writing_the_same_have_one_hash():
    one = intake.canonical(read(drawn("<a b='1' c='2'/>")))
    other = intake.canonical(read(drawn('<a  c="2" b="1"></a>', '<?xml version="1.0"?><!-- by hand -->')))
    assert intake.sha256(one) == intake.sha256(other) and len(intake.sha256(one)) == 64


def test_what_is_kept_reads_as_itself():
    one = intake.canonical(read(drawn("<a>&lt; 安居 &amp; &gt;</a>")))
    assert intake.canonical(read(one)) == one


def test_another_text_has_another_hash():
    hashes = {intake.sha256(intake.canonical(read(drawn(f"<a>{text}</a>")))) for text in ("x = 1", "x = 2", "x  = 1")}
    assert len(hashes) == 3


def test_names_and_namespaces_are_told_apart():
    root = read(drawn(f'<x:a xmlns:x="{intake.CAMUNDA}"/>'))
    assert (intake.local(root[0]), intake.namespace(root[0])) == ("a", intake.CAMUNDA)
