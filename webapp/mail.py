"""The daily mail digest: claimed in the database, sent by SMTP, given back when the server refuses."""

import hashlib
import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from engine.engine import Engine
from engine.turn import writing
from housing import notices
from housing.notices import Digest

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20


def send_digests(engine: Engine, smtp_url: str, sender: str, address: str) -> int:
    """Mail what is unread, once a day for each person; how many mails went out. Nothing where no server is named.

    A digest is claimed first, so that two workers never send it twice; one that could not be sent is due again.
    """
    if not smtp_url:
        return 0
    due = _claim(engine)
    if not due:
        return 0
    sent = 0
    try:
        with _server(smtp_url) as server:
            for digest in list(due):
                server.send_message(_mail(digest, sender, address))
                due.remove(digest)
                sent += 1
    except (OSError, smtplib.SMTPException):
        log.warning("mail: the server did not take the digests; they will be sent later")
    _give_back(engine, due)
    return sent


def _claim(engine: Engine) -> list[Digest]:
    with writing(engine) as session:
        now = engine.clock.now()
        due = notices.due_digests(session, now)
        for digest in due:
            notices.mark_mailed(session, digest, now)
        return list(due)


def _give_back(engine: Engine, unsent: list[Digest]) -> None:
    if unsent:
        with writing(engine) as session:
            for digest in unsent:
                notices.mark_unmailed(session, digest)


@contextmanager
def _server(smtp_url: str) -> Iterator[smtplib.SMTP]:
    """smtp://, smtps:// or smtp+starttls://user:password@host:port"""
    parts = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=TIMEOUT_SECONDS) as server:
        if parts.scheme == "smtp+starttls":
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _mail(digest: Digest, sender: str, address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, digest.mail, digest.subject
    key = hashlib.sha256(repr(digest.notification_ids).encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<digest-{key}@{urlsplit(address).hostname or 'anju'}>"
    mail.set_content(f"{digest.body}\n\n{address}/notifications\n")
    return mail
