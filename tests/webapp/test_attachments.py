"""Files: made anew, their uploader's until a case takes them, seen by those who see the case, run by no browser."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from engine.errors import InvalidData
from tests.webapp.hazards import reported
from webapp.photographs import prepare

Enter = Callable[..., Any]


def photo(**options: Any) -> bytes:
    out, image = BytesIO(), Image.new("RGB", (2400, 1600), "teal")
    exif = image.getexif()
    exif[0x010F] = "Camera of a person"
    image.save(out, options.get("format", "JPEG"), exif=exif)
    return out.getvalue()


def bring(client: Any, content: bytes, name: str) -> Any:
    return client.post("/attachments", data={"file": (BytesIO(content), name)})


def _id(answer: Any) -> str:
    return str(answer.text.split('value="')[1].split('"')[0])


def test_a_photograph_is_made_smaller_and_loses_its_hidden_data(sign_in: Enter) -> None:
    client = sign_in("committee")
    answer = client.get(f"/attachments/{_id(bring(client, photo(), 'a.jpg'))}")
    kept = Image.open(BytesIO(answer.data))
    assert max(kept.size) == 1600 and not kept.getexif() and b"Camera of a person" not in answer.data


def test_no_browser_runs_a_file(sign_in: Enter) -> None:
    client = sign_in("committee")
    headers = client.get(f"/attachments/{_id(bring(client, photo(), 'a.jpg'))}").headers
    assert headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Disposition"].startswith("inline") and headers["Content-Type"] == "image/jpeg"


def test_a_document_is_handed_over_for_saving(sign_in: Enter) -> None:
    client = sign_in("committee")
    answer = client.get(f"/attachments/{_id(bring(client, b'%PDF-1.7 test', 'report.html'))}")
    assert answer.headers["Content-Disposition"].startswith("attachment") and "report.pdf" in answer.headers["Content-Disposition"]


def test_a_loose_file_is_its_uploaders_alone(sign_in: Enter) -> None:
    file = _id(bring(sign_in("committee"), photo(), "a.jpg"))
    for other in ("subdistrict", "bureau", "operator"):
        assert sign_in(other).get(f"/attachments/{file}").status_code == 404


def test_a_file_of_a_case_is_seen_by_those_who_see_the_case(deployed: Any, sign_in: Enter) -> None:
    client = sign_in("committee")
    file = _id(bring(client, photo(), "a.jpg"))
    case = reported(deployed, photos=[file])
    assert sign_in("subdistrict").get(f"/attachments/{file}/thumbnail").status_code == 200
    assert f"/attachments/{file}" in sign_in("subdistrict").get(f"/cases/{case.id}").text
    assert sign_in("subdistrict.other").get(f"/attachments/{file}").status_code == 404
    assert sign_in("operator.other").get(f"/attachments/{file}/thumbnail").status_code == 404


@pytest.mark.parametrize("content", [b"", b"<svg onload='x'>", b"MZ\x90\x00", b"\xff\xd8\xff\xe0 broken", b"<html>"])
def test_what_is_no_photograph_or_document_is_refused_in_words(sign_in: Enter, content: bytes) -> None:
    answer = bring(sign_in("committee"), content, "a.jpg")
    assert answer.status_code == 422 and answer.content_type.startswith("text/plain") and len(answer.text) > 5


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_opened() -> None:
    out = BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    with pytest.raises(InvalidData, match="put right"):
        prepare("bomb.png", out.getvalue())


def test_names_carry_no_path_and_no_controls() -> None:
    assert prepare("../../etc/pass\nwd.php", photo()).name == "passwd.jpg"


def test_heic_from_a_telephone_is_taken() -> None:
    assert prepare("IMG_1.HEIC", photo(format="HEIF")).media_type == "image/jpeg"
