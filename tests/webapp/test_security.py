"""What stands between the pages and the outside."""

import re

import pytest

from webapp.config import Config


@pytest.fixture
def guarded(app, visitor):
    """The application asking for forgery tokens, as it does outside tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    return visitor


def token_on(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.source).group(1)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nope", "/healthz", "/static/anju.css", "/me"])
def test_every_answer_carries_the_strict_headers(visitor, path):
    headers = visitor.see(path).answer.headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_browsers_but_marked_files_are(visitor):
    assert visitor.see("/sign-in").answer.headers["Cache-Control"] == "no-store"
    assert "immutable" in visitor.see("/static/anju.css?v=1").answer.headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(enter):
    cookie = enter("bureau").answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_post_without_its_token_is_refused(guarded):
    assert guarded.send("/sign-in", username="bureau", password="anju-demo").status == 400
    assert guarded.see("/me").status == 302


def test_a_post_with_its_token_is_taken(guarded):
    token = token_on(guarded.see("/sign-in"))
    assert guarded.send("/sign-in", username="bureau", password="anju-demo", csrf_token=token).status == 302


def test_the_token_may_come_as_a_header(guarded):
    token = token_on(guarded.see("/sign-in"))
    guarded.answer = guarded.client.post("/sign-in", data={"username": "bureau", "password": "anju-demo"},
                                         headers={"X-CSRFToken": token})
    assert guarded.status == 302


def test_a_post_from_another_site_brings_nothing_into_ours(guarded):
    answer = guarded.client.post("/me/language", data={"locale": "planted"}, headers={"Origin": "https://example.org"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401 and "planted" not in page and 'name="kept"' not in page


def test_every_page_but_the_open_ones_asks_for_a_sign_in(app, visitor):
    from itertools import product
    open_ones = {rule.endpoint for rule in app.url_map.iter_rules()
                 if getattr(app.view_functions[rule.endpoint], "open_to_all", False)}
    closed = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in open_ones | {"static"}
              and not rule.rule.startswith("/api/")]
    for rule, method in product(closed, ("GET", "POST")):
        if method in rule.methods:
            path = re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))
            answer = visitor.client.open(path, method=method)
            assert answer.status_code in (302, 401), rule
            assert answer.status_code == 401 or "/sign-in" in answer.location, rule


def test_the_open_pages_are_these(app):
    found = {rule.rule for rule in app.url_map.iter_rules()
             if getattr(app.view_functions[rule.endpoint], "open_to_all", False)}
    assert found == {"/", "/sign-in", "/sign-in/code", "/sign-out", "/language/<name>", "/healthz", "/readyz", "/metrics",
                     "/first-administrator/<token>", "/new-password/<token>"}


def test_behind_https_the_cookie_and_the_site_stay_on_it(deployed, tmp_path):
    from webapp import create_app
    config = Config(database_url=deployed.database.url, secret_key="x" * 40, base_url="https://anju.example.org", data_dir=tmp_path)
    answer = create_app(config, engine=deployed).test_client().get("/sign-in", base_url="https://anju.example.org")
    assert "Secure" in answer.headers["Set-Cookie"] and "Strict-Transport-Security" in answer.headers


def test_the_requests_session_refuses_to_write(app):
    from housing.people import Account
    from webapp import reading
    with app.test_request_context(), pytest.raises(RuntimeError, match="only reads"):
        reading.session().add(Account(username="x", display_zh="x", display_en="x", created_at=reading.now()))
        reading.session().flush()
