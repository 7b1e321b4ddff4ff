"""Signing in: the right way, every wrong way, and the end of a session."""

import pyotp
import pytest

from housing import people, sign_ins


def account(engine, username):
    with engine.database.reading() as session:
        return people.get(session, username)


def with_second_factor(engine, username):
    secret = sign_ins.propose_second_factor(engine.database, username)
    with engine.database.writing() as session:
        sign_ins.confirm_second_factor(session, people.get(session, username), pyotp.TOTP(secret).at(engine.clock.now()),
                                       engine.clock.now(), engine.clock.now())
    engine.clock.advance(minutes=1)
    return pyotp.TOTP(secret)


def test_the_right_password_leads_to_the_page_that_was_wanted(visitor):
    visitor.see("/me")
    assert "next=/me" in visitor.answer.location
    visitor.send("/sign-in", username="bureau", password="anju-demo", next="/me")
    assert visitor.follow().status == 200 and "区房管局经办甲" in visitor.text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "javascript:1"])
def test_signing_in_never_leads_to_another_site(visitor, elsewhere):
    visitor.send("/sign-in", username="bureau", password="anju-demo", next=elsewhere)
    assert visitor.answer.location == "/"


@pytest.mark.parametrize("username", ["bureau", "nobody.here"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(enter, username):
    page = enter(username, "wrong")
    assert page.status == 422 and "登录名或密码不对" in page.text and f'value="{username}"' in page.source


def test_five_wrong_tries_pause_sign_in_even_for_the_right_password(enter, engine):
    for _ in range(5):
        enter("bureau", "wrong")
    page = enter("bureau")
    assert page.status == 422 and "登录已暂停" in page.text


def test_the_pause_ends_by_itself_and_grows_with_the_next_wrong_try(enter, engine):
    for _ in range(5):
        enter("bureau", "wrong")
    engine.clock.advance(seconds=61)
    enter("bureau", "wrong")
    engine.clock.advance(seconds=61)
    assert enter("bureau").status == 422
    engine.clock.advance(seconds=61)
    assert enter("bureau").status == 302


def test_an_administrator_lifts_the_pause(enter, as_, engine):
    for _ in range(5):
        enter("bureau", "wrong")
    as_("admin").send("/accounts/bureau/unlock")
    assert enter("bureau").status == 302


def test_a_second_factor_is_asked_for_after_the_password(enter, engine):
    totp = with_second_factor(engine, "bureau")
    page = enter("bureau")
    assert page.answer.location == "/sign-in/code" and page.see("/me").status == 302
    page.send("/sign-in/code", code=totp.at(engine.clock.now()))
    assert page.see("/me").status == 200


def test_a_code_is_good_once(enter, engine):
    totp = with_second_factor(engine, "bureau")
    code = totp.at(engine.clock.now())
    assert enter("bureau").send("/sign-in/code", code=code).status == 302
    again = enter("bureau").send("/sign-in/code", code=code)
    assert again.status == 422 and "刚才已用过" in again.text


def test_wrong_codes_count_towards_the_pause(enter, engine):
    with_second_factor(engine, "bureau")
    page = enter("bureau")
    for _ in range(5):
        page.send("/sign-in/code", code="000000")
    assert "登录已暂停" in page.text


def test_the_code_page_is_nobodys_without_the_password(visitor):
    assert visitor.send("/sign-in/code", code="123456").answer.location == "/sign-in"
    assert visitor.see("/sign-in/code").answer.location == "/sign-in"


def test_setting_up_shows_a_picture_and_takes_effect_with_the_first_code(as_, engine):
    page = as_("bureau")
    page.send("/me/second-factor/new").follow()
    assert "<svg" in page.source and "style=" not in page.source
    assert page.send("/me/second-factor", code="000000").status == 422
    code = pyotp.TOTP(account(engine, "bureau").totp_secret).at(engine.clock.now())
    assert page.send("/me/second-factor", code=code).status == 302
    assert "已启用" in page.follow().text


def test_the_second_factor_goes_only_with_the_password(as_, engine):
    with_second_factor(engine, "bureau")
    page = as_("bureau")
    assert page.send("/me/second-factor/remove", password="wrong").status == 422
    assert page.send("/me/second-factor/remove", password="anju-demo").status == 302
    assert account(engine, "bureau").totp_confirmed_at is None


def test_a_closed_account_is_signed_out_at_once_and_cannot_come_back(as_, enter):
    page = as_("bureau")
    as_("admin").send("/accounts/bureau/close")
    assert page.see("/me").status == 302
    assert "登录名或密码不对" in enter("bureau").text


def test_a_role_that_ended_is_gone_at_the_next_request(as_, engine):
    page, admin = as_("auditor"), as_("admin")
    assert page.see("/accounts").status == 200
    with engine.database.reading() as session:
        from housing import grants
        grant = grants.of_person(session, "auditor")[0]
    admin.send(f"/accounts/auditor/grants/{grant.id}/end")
    assert page.see("/accounts").status == 404


def test_a_new_password_ends_the_other_sessions_but_not_this_one(as_, enter):
    page, phone = as_("bureau"), as_("bureau")
    page.send("/me/password", password="anju-demo", new_password="another-good-one", again="another-good-one")
    assert page.see("/me").status == 200 and phone.see("/me").status == 302
    assert enter("bureau").status == 422 and enter("bureau", "another-good-one").status == 302


@pytest.mark.parametrize(("new", "again", "words"), [
    ("short", "short", "至少 8 个字符"), ("bureau-2026", "bureau-2026", "不要包含登录名"), ("another-good-one", "else", "不一样"),
])
def test_a_password_that_will_not_do_is_refused_at_its_field(as_, new, again, words):
    page = as_("bureau").send("/me/password", password="anju-demo", new_password=new, again=again)
    assert page.status == 422 and words in page.text


def test_ending_other_sessions_leaves_this_one(as_):
    page, phone = as_("bureau"), as_("bureau")
    page.send("/me/sessions")
    assert page.see("/me").status == 200 and phone.see("/me").status == 302


def test_a_sign_in_ends_after_its_hours(enter, engine):
    page = enter("bureau")
    engine.clock.advance(hours=11)
    assert page.see("/me").status == 200
    engine.clock.advance(hours=2)
    assert page.see("/me").status == 302


def test_moving_the_demonstrations_clock_signs_nobody_out(enter, engine):
    page = enter("admin")
    page.send("/operations/clock", advance="P3D")
    assert page.see("/me").status == 200


def test_signing_out_ends_the_session(enter):
    page = enter("bureau")
    page.send("/sign-out")
    assert page.see("/me").status == 302


def test_nothing_of_the_session_before_survives_signing_in(app, enter):
    page = enter("bureau")
    with page.client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
    page.send("/sign-out").send("/sign-in", username="bureau", password="anju-demo")
    with page.client.session_transaction() as kept:
        assert "planted" not in kept


def test_too_many_wrong_sign_ins_from_one_place_have_to_wait(enter):
    answers = [enter(f"nobody.{number}", "wrong").status for number in range(32)]
    assert answers[:30] == [422] * 30 and answers[31] == 429


def test_right_sign_ins_are_never_too_many(enter):
    assert {enter("bureau").status for _ in range(31)} == {302}
