"""The daily digest over a real SMTP conversation: once a day, once only, given back when the server refuses."""

import socketserver
from collections.abc import Iterator
from datetime import datetime
from threading import Thread

import pytest
from sqlalchemy import update

from engine.engine import Engine
from engine.words import Text
from housing import notices
from housing.people import Account
from webapp import mail

ADDRESS = "https://anju.example"


class Conversation(socketserver.StreamRequestHandler):
    """Just enough of a mail server."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self._take()
            self.wfile.write(b"550 no\r\n" if self.server.refuses and line.lower().startswith(b"rcpt") else b"250 ok\r\n")

    def _take(self) -> None:
        kept = b""
        while (line := self.rfile.readline()) != b".\r\n":
            kept += line
        self.server.mails.append(kept)


@pytest.fixture
def mailbox() -> Iterator[socketserver.ThreadingTCPServer]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
    server.daemon_threads, server.mails, server.refuses = True, [], False
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _unread(engine: Engine) -> None:
    with engine.database.writing() as session:
        session.execute(update(Account).where(Account.username == "bureau").values(mail="bureau@anju.example"))
        notices.tell(session, ["bureau"], "mention", Text("有人提到您", "You were mentioned"), engine.clock.now())


def _send(engine: Engine, server: socketserver.ThreadingTCPServer) -> int:
    return mail.send_digests(engine, f"smtp://127.0.0.1:{server.server_address[1]}", "anju@anju.example", ADDRESS)


def test_a_digest_goes_out_once_a_day(engine: Engine, mailbox: socketserver.ThreadingTCPServer) -> None:
    _unread(engine)
    assert (_send(engine, mailbox), _send(engine, mailbox)) == (1, 0)
    assert b"To: bureau@anju.example" in mailbox.mails[0] and len(mailbox.mails) == 1


def test_nothing_goes_out_before_the_hour(engine: Engine, mailbox: socketserver.ThreadingTCPServer) -> None:
    _unread(engine)
    engine.clock.set(datetime.fromisoformat("2026-11-24T05:00:00+08:00"))
    assert _send(engine, mailbox) == 0


def test_a_refused_digest_is_due_again(engine: Engine, mailbox: socketserver.ThreadingTCPServer) -> None:
    _unread(engine)
    mailbox.refuses = True
    assert _send(engine, mailbox) == 0
    mailbox.refuses = False
    assert _send(engine, mailbox) == 1


def test_without_a_server_nothing_is_marked(engine: Engine, mailbox: socketserver.ThreadingTCPServer) -> None:
    _unread(engine)
    assert mail.send_digests(engine, "", "", ADDRESS) == 0
    assert _send(engine, mailbox) == 1
