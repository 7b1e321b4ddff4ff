"""Saved views of the inbox, and substitutes: what a caseworker arranges for themselves."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import InvalidData
from engine.words import Text
from housing import grants, people, substitutes, views
from webapp import reading
from webapp.pages import boxes
from webapp.words import t

pages = Blueprint("views", __name__)
A_DAY = Text("写成日期，例如 2026-11-30", "Write a day, such as 2026-11-30")


@pages.get("/views/new")
def new() -> str:
    """Name the filters that the inbox shows, and say whether to share them."""
    return _page(boxes.Filters.of(request.args))


def _page(filters: boxes.Filters, problems: object = None, name: str = "") -> str:
    mine = list(views.visible(reading.session(), reading.actor()))
    roles = [(f"{grant.role}@{grant.org_unit}", grants.ROLES.get(grant.role, Text(grant.role, grant.role)), grant.org_unit)
             for grant in reading.actor().grants if grant.delegated_from is None]
    return render_template("views/new.html", filters=filters, saved=mine, me=reading.actor().username, roles=roles,
                           problems=problems or {}, name=name, words=_words(filters))


def _words(filters: boxes.Filters) -> Text:
    """The filters as a sentence."""
    tags = [one.name for one in boxes.tags(reading.session(), filters)]
    parts = [boxes.VIEWS[filters.view][0], *tags]
    return Text("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))


@pages.post("/views")
def save() -> Response | tuple[str, int]:
    """Keep it."""
    filters = boxes.Filters.of(request.form)
    name = request.form.get("name", "")
    role, _, unit = request.form.get("share", "").partition("@")
    try:
        views.save(reading.engine(), reading.actor(), name, filters.kept(), role=role or None, org_unit=unit or None)
    except InvalidData as refusal:
        return _page(filters, refusal.errors, name), 422
    flash(t("视图已保存", "View saved"), "ok")
    return redirect(filters.href, 303)


@pages.post("/views/<int:view_id>/remove")
def remove(view_id: int) -> Response:
    """Forget one's own view."""
    views.remove(reading.engine(), reading.actor(), view_id)
    flash(t("视图已删除", "View removed"), "ok")
    return redirect(url_for("inbox.page"), 303)


# -- substitutes ---------------------------------------------------------------------------------


@pages.get("/substitutes")
def stand_ins() -> str:
    """Who stands in for me and for whom I stand in, with dates."""
    return _substitutes({}, {})


def _substitutes(problems: object, typed: object) -> str:
    session, me = reading.session(), reading.actor().username
    rows = substitutes.of_person(session, me)
    names = people.names(session, {name for row in rows for name in (row.from_user, row.to_user)})
    colleagues = boxes.colleagues(session, reading.engine(), reading.actor())
    options = [(name, called) for name, called in colleagues.items() if name != me]
    return render_template("views/substitutes.html", rows=rows, names=names, me=me, options=options, problems=problems, typed=typed,
                           today=grants.day_of(reading.now()))


@pages.post("/substitutes")
def arrange() -> Response | tuple[str, int]:
    """Let a colleague stand in for me for some days."""
    typed = request.form
    days, problems = {}, {}
    for name in ("valid_from", "valid_to"):
        try:
            days[name] = date.fromisoformat(typed.get(name, ""))
        except ValueError:
            problems[name] = [A_DAY]
    if not problems:
        try:
            me = reading.actor().username
            substitutes.arrange(reading.engine(), reading.actor(), me, typed.get("to_user", ""), days["valid_from"], days["valid_to"], typed.get("reason", ""))
        except InvalidData as refusal:
            problems = dict(refusal.errors)
    if problems:
        reading.read_anew()
        return _substitutes(problems, typed), 422
    flash(t("代理已安排，对方已收到通知", "Arranged; your colleague has been told"), "ok")
    return redirect(url_for("views.stand_ins"), 303)


@pages.post("/substitutes/<int:substitution_id>/end")
def end(substitution_id: int) -> Response:
    """It ends now."""
    substitutes.end(reading.engine(), reading.actor(), substitution_id)
    flash(t("代理已结束", "It has ended"), "ok")
    return redirect(url_for("views.stand_ins"), 303)


