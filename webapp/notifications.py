"""What one was told: newest first, unread marked, each a link to its task or case."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from housing import notices
from webapp import navigation, reading

pages = Blueprint("notifications", __name__)
PAGE = 50


@pages.get("/notifications")
def page() -> str:
    """One's notifications."""
    before = request.args.get("before", "")
    found = notices.of_person(reading.session(), reading.actor().username, before=int(before) if before.isdigit() else None,
                              limit=PAGE + 1, only_unread=request.args.get("unread") == "1")
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template("notifications/page.html", rows=found[:PAGE], more=more, unread=unread(), only_unread=request.args.get("unread") == "1")


@pages.get("/notifications/<int:notification_id>")
def follow(notification_id: int) -> Response:
    """Read it and go where it leads."""
    username = reading.actor().username
    row = next(iter(notices.of_person(reading.session(), username, before=notification_id + 1, limit=1)), None)
    if row is None or row.id != notification_id:
        return redirect(url_for("notifications.page"))
    target = url_for("task.page", task_id=row.task_id) if row.task_id else url_for("case.page", case_id=row.case_id) if row.case_id else url_for("notifications.page")
    _read([notification_id])
    return redirect(target)


@pages.post("/notifications/read")
def read() -> Response:
    """Mark all as read."""
    _read(None)
    return redirect(url_for("notifications.page"), 303)


def _read(ids: list[int] | None) -> None:
    with reading.engine().database.writing() as session:
        notices.mark_read(session, reading.actor().username, reading.now(), ids)
    reading.read_anew()


def unread() -> int:
    """How many one has not read, for the bar."""
    return notices.unread(reading.session(), reading.actor().username)


navigation.count_at("/notifications", unread)
