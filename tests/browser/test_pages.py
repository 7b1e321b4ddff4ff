"""In a browser: the inbox by keyboard, forms that save themselves, diagrams with tokens, and nothing that axe or the policy objects to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.hazards import reaching, reported

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target).join(' | '))"
Page = Callable[..., Any]


def listened(page: Any) -> list[str]:
    """What the browser complains of, such as something that the policy forbids."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def violations(page: Any) -> list[str]:
    """What axe finds; it comes by the debugging protocol, so the page's policy stays as it is."""
    page.evaluate(AXE)
    return list(page.evaluate(RUN))


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_the_policy_holds(deployed: Any, page_of: Page, locale: str, width: int) -> None:
    case, task = reaching(deployed, "review_plan")
    page = page_of("subdistrict", locale=locale, width=width)
    heard = listened(page)
    for path in ("/inbox", f"/tasks/{task.id}", f"/cases/{case.id}", "/processes/hazard_rectification", "/processes/hazard_rectification/start",
                 "/cases", "/hazards", "/projects/1", "/substitutes"):
        page.goto(path, wait_until="networkidle")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert heard == []


def test_the_inbox_is_worked_by_keyboard(deployed: Any, page_of: Page) -> None:
    _, first = reaching(deployed, "grade")
    reaching(deployed, "grade", part="5号楼门厅")
    page = page_of("subdistrict")
    page.goto("/inbox", wait_until="networkidle")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert "已选 1 件" in page.locator(".bulk").inner_text()
    page.keyboard.press("c")
    page.wait_for_load_state("networkidle")
    assert "已认领 1 件" in page.locator(".verdict-note").inner_text()
    page.keyboard.press("u")
    page.wait_for_load_state("networkidle")
    assert "已撤销 1 件" in page.locator(".verdict-note").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{first.id}")


def test_the_preview_follows_the_row_one_stands_on(deployed: Any, page_of: Page) -> None:
    reaching(deployed, "grade")
    other, _ = reaching(deployed, "grade", part="5号楼门厅")
    page = page_of("subdistrict")
    page.goto("/inbox", wait_until="networkidle")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.locator(".peek", has_text=other.business_key).wait_for()


def test_keys_go_to_places_and_the_question_mark_shows_them(deployed: Any, page_of: Page) -> None:
    reported(deployed)
    page = page_of("subdistrict")
    page.goto("/inbox", wait_until="networkidle")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/cases")


def test_what_is_typed_is_saved_and_there_again(deployed: Any, page_of: Page) -> None:
    _, task = reaching(deployed, "review_plan")
    page = page_of("subdistrict")
    page.goto(f"/tasks/{task.id}")
    page.fill("[name=comment]", "补一张配电箱的照片")
    page.locator("[data-saved]", has_text="草稿已存").wait_for()
    page.reload()
    assert page.input_value("[name=comment]") == "补一张配电箱的照片"


def test_without_a_network_it_stays_on_the_device(deployed: Any, page_of: Page) -> None:
    _, task = reaching(deployed, "review_plan")
    page = page_of("subdistrict")
    page.goto(f"/tasks/{task.id}", wait_until="networkidle")
    page.route("**/draft", lambda route: route.abort())
    page.fill("[name=comment]", "断网时写的")
    page.locator("[data-saved]", has_text="已留在本机").wait_for()
    page.unroute("**/draft")
    page.goto(f"/tasks/{task.id}")
    assert page.input_value("[name=comment]") == "断网时写的"


def test_the_diagram_is_drawn_with_its_token_and_the_makers_mark(deployed: Any, page_of: Page) -> None:
    case, _ = reaching(deployed, "review_plan")
    page = page_of("subdistrict", locale="en")
    page.goto(f"/cases/{case.id}")
    page.locator(".djs-element.here[data-element-id=review_plan]").wait_for()
    assert page.locator(".diagram-live .bjs-powered-by").is_visible()
    assert "Review the plan" in page.locator("[data-element-id=review_plan]").first.text_content()


def test_everything_works_without_script(deployed: Any, page_of: Page) -> None:
    _, task = reaching(deployed, "review_plan")
    page = page_of("subdistrict", java_script_enabled=False)
    page.goto(f"/tasks/{task.id}")
    page.check("[name=decision][value=approve]")
    page.click("button.primary")
    assert "/tasks/" not in page.url or str(task.id) not in page.url


def test_a_photograph_is_sent_as_soon_as_it_is_chosen(deployed: Any, page_of: Page, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (640, 480), "teal").save(tmp_path / "near.png")
    page = page_of("committee", width=390)
    page.goto("/processes/hazard_rectification/start", wait_until="networkidle")
    page.set_input_files("input[type=file]", str(tmp_path / "near.png"))
    page.locator("[data-saved]", has_text="草稿已存").wait_for()
    page.reload()
    assert page.locator("[data-files] img").count() == 1


def test_buildings_follow_the_project_while_one_chooses(deployed: Any, page_of: Page) -> None:
    page = page_of("committee", width=390)
    page.goto("/processes/hazard_rectification/start", wait_until="networkidle")
    page.select_option("[name=project_id]", index=1)
    page.locator("[name=building_id] option:nth-child(2)").wait_for(state="attached")
