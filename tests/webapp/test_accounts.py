"""The administrator's acts on accounts, and everybody else's refusals."""

import re

import pytest

from engine import history
from housing import grants, people


def made(as_, username="new.officer"):
    admin = as_("admin")
    admin.send("/accounts", username=username, display_zh="新经办", display_en="New officer")
    return admin


def link_on(page):
    return re.search(r'value="[^"]*(/new-password/[^"]+)"', page.source).group(1)


def events(engine):
    with engine.database.reading() as session:
        return [(row.event, row.actor, row.data["account"]) for row in history.of_chain(session, "accounts")]


def test_a_new_account_chooses_its_password_by_a_link_that_works_once(as_, visitor, enter):
    link = link_on(made(as_))
    assert visitor.see(link).status == 200
    visitor.send(link, password="a-good-password", again="a-good-password")
    assert enter("new.officer", "a-good-password").status == 302
    assert visitor.see(link).status == 404
    assert visitor.send(link, password="another-one-now", again="another-one-now").status == 404


def test_a_link_ends_after_a_day_or_when_touched(as_, visitor):
    link = link_on(made(as_))
    assert visitor.see(link[:-2] + "xx").status == 404


@pytest.mark.parametrize(("field", "value", "words"), [
    ("username", "Has Space", "小写字母开头"), ("username", "bureau", "已有人用"), ("mail", "nowhere", "name@example.org"),
])
def test_what_is_wrong_with_a_new_account_is_said_at_its_field(as_, field, value, words):
    entered = {"username": "new.officer", "display_zh": "新经办", "display_en": "", "mail": "", field: value}
    page = as_("admin").send("/accounts", **entered)
    assert page.status == 422 and words in page.text and "新经办" in page.source


def test_an_account_needs_something_to_be_called(as_):
    assert "怎么称呼" in as_("admin").send("/accounts", username="new.officer").text


def test_a_granted_role_holds_between_its_days(as_, engine):
    admin = made(as_)
    admin.send("/accounts/new.officer/grants", role="bureau", org_unit="jingan", valid_from="2026-12-01", valid_to="2026-12-31")
    held = []
    for day in ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"):
        engine.clock.set(engine.clock.now().fromisoformat(f"{day}T12:00:00+08:00"))
        with engine.database.reading() as session:
            held.append("bureau" in people.actor_of(session, "new.officer", engine.clock.now()).roles)
    assert held == [False, True, True, False]


@pytest.mark.parametrize(("field", "value", "words"), [
    ("role", "king", "请选一个角色"), ("org_unit", "atlantis", "没有这个单位"), ("valid_to", "2026-01-01", "不能早于"),
    ("valid_from", "soon", "2026-11-25"),
])
def test_a_grant_that_makes_no_sense_is_refused_at_its_field(as_, field, value, words):
    entered = {"role": "bureau", "org_unit": "jingan", "valid_from": "2026-12-01", "valid_to": "", field: value}
    page = made(as_).send("/accounts/new.officer/grants", **entered)
    assert page.status == 422 and words in page.text


def test_an_organisation_may_be_named_in_words(as_, engine):
    made(as_).send("/accounts/new.officer/grants", role="subdistrict", org_unit="大宁路街道", valid_from="", valid_to="")
    with engine.database.reading() as session:
        assert grants.of_person(session, "new.officer")[0].org_unit == "daning_road"


def test_a_reset_ends_the_old_password_and_the_sessions(as_, enter):
    page = as_("bureau")
    as_("admin").send("/accounts/bureau/reset")
    assert page.see("/me").status == 302 and enter("bureau").status == 422


def test_nobody_closes_their_own_account_or_ends_their_own_administration(as_, engine):
    admin = as_("admin")
    with engine.database.reading() as session:
        own = grants.of_person(session, "admin")[0].id
    assert admin.send("/accounts/admin/close").status == 403 and "另一位管理员" in admin.text
    assert admin.send(f"/accounts/admin/grants/{own}/end").status == 403


def test_a_closed_account_opens_again_with_its_roles(as_, enter):
    admin = as_("admin")
    admin.send("/accounts/bureau/close")
    assert admin.send("/accounts/bureau/close").status == 409
    admin.send("/accounts/bureau/open")
    assert enter("bureau").status == 302


def test_every_act_is_on_the_record(as_, engine):
    admin = made(as_)
    admin.send("/accounts/new.officer/grants", role="bureau", org_unit="jingan", valid_from="", valid_to="")
    admin.send("/accounts/new.officer/unlock")
    admin.send("/accounts/new.officer/close")
    acts = [event for event, actor, name in events(engine) if (actor, name) == ("admin", "new.officer")]
    assert acts == ["account closed", "account unlocked", "role granted", "account created"]
    with engine.database.reading() as session:
        assert history.verify_chain(session, "accounts", _end(session)) is None


def _end(session):
    newest = history.of_chain(session, "accounts", limit=1)[0]
    return newest.seq, newest.hash


def test_the_record_holds_no_password(as_, engine):
    as_("bureau").send("/me/password", password="anju-demo", new_password="another-good-one", again="another-good-one")
    with engine.database.reading() as session:
        assert "another-good-one" not in str([row.data for row in history.of_chain(session, "accounts")])


@pytest.mark.parametrize("username", ["bureau", "bureau.lead", "subdistrict", "operator", "applicant", "publisher"])
@pytest.mark.parametrize("path", ["/accounts", "/accounts/new", "/accounts/admin"])
def test_the_pages_do_not_exist_for_others(as_, username, path):
    assert as_(username).see(path).status == 404


@pytest.mark.parametrize("path", ["/accounts", "/accounts/bureau/close", "/accounts/bureau/reset", "/accounts/bureau/grants"])
def test_an_auditor_reads_and_changes_nothing(as_, engine, path):
    auditor = as_("auditor")
    assert auditor.see("/accounts/bureau").status == 200
    assert auditor.send(path, username="planted", display_zh="x", role="admin", org_unit="jingan").status == 403
    assert events(engine) == []


def test_an_unknown_account_is_not_found(as_):
    assert as_("admin").see("/accounts/nobody").status == 404
    assert as_("admin").send("/accounts/nobody/close").status == 404


def test_a_grant_of_another_account_is_not_ended_by_this_ones_page(as_, engine):
    with engine.database.reading() as session:
        grant = grants.of_person(session, "bureau")[0].id
    assert as_("admin").send(f"/accounts/auditor/grants/{grant}/end").status == 404
    with engine.database.reading() as session:
        assert people.actor_of(session, "bureau", engine.clock.now()).has_role("bureau")
