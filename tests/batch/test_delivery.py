"""The brief arrives signed, is tried again where that may help, and what goes wrong is said without a secret."""

import hashlib
import hmac
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from callcoach.batch.delivery import DELIVERY, SIGNATURE, MailServer, Undelivered, Webhook, mail, post, signature

BODY = b'{"event":"brief"}'


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A web server that answers with these statuses one after the other, the last one again and again; what it was sent."""
    left, got = list(statuses), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook?token=sesame", got
    finally:
        server.shutdown()
        server.server_close()


def hook(url: str) -> Webhook:
    return Webhook(url=url, host="127.0.0.1", secret="very-secret", seconds=2)


def test_what_is_posted_can_be_checked_by_who_knows_the_secret() -> None:
    with receiver(204) as (url, got):
        post(hook(url), BODY, "d1", clock=lambda: 1_800_000_000.7)
    ((headers, body),) = got
    assert body == BODY and headers[DELIVERY] == "d1"
    expected = hmac.new(b"very-secret", b"1800000000." + BODY, hashlib.sha256).hexdigest()
    assert headers[SIGNATURE] == f"t=1800000000,v1={expected}" == signature("very-secret", 1_800_000_000, BODY)


def test_a_server_in_trouble_is_tried_three_times_each_with_a_signature_of_its_own() -> None:
    pauses: list[float] = []
    moments = iter([100.0, 101.0, 105.0])
    with receiver(503, 429, 200) as (url, got):
        post(hook(url), BODY, "d1", clock=lambda: next(moments), sleep=pauses.append)
    assert [headers[SIGNATURE].split(",")[0] for headers, _ in got] == ["t=100", "t=101", "t=105"]
    assert {headers[DELIVERY] for headers, _ in got} == {"d1"} and pauses == [1.0, 4.0]


@pytest.mark.parametrize(
    ("status", "tries", "said"),
    [
        (500, 3, "127.0.0.1 answered with status 500."),
        (404, 1, "127.0.0.1 answered with status 404."),  # another try would not help
        (302, 1, "127.0.0.1 points elsewhere, which is not followed"),
    ],
)
def test_a_refusal_is_a_sentence_without_the_address_or_the_secret(status: int, tries: int, said: str) -> None:
    with receiver(status) as (url, got), pytest.raises(Undelivered) as refused:
        post(hook(url), BODY, "d1", sleep=lambda _: None)
    assert len(got) == tries and said in str(refused.value)
    assert "sesame" not in str(refused.value) and "very-secret" not in str(refused.value)


def test_nobody_there_is_a_sentence_too() -> None:
    with receiver(200) as (url, _):
        pass
    with pytest.raises(Undelivered, match=r"127\.0\.0\.1 cannot be reached"):
        post(hook(url), BODY, "d1", sleep=lambda _: None)


class Mailbox:
    """A mail server that answers as it is told: `says` holds answers in place of the usual ones, by command."""

    def __init__(self, **says: list[str]) -> None:
        self.says, self.got, self.logins = says, [], []

    def answer(self, command: str, usual: str) -> str:
        answers = self.says.get(command)
        return answers.pop(0) if answers else usual

    @contextmanager
    def open(self) -> Iterator[MailServer]:
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 here")
                while line := self.rfile.readline():
                    command = line.split()[0].upper().decode()
                    if command == "EHLO":
                        self.say("250-here\r\n250 AUTH PLAIN")
                    elif command == "AUTH":
                        mailbox.logins.append(line)
                        self.say(mailbox.answer("auth", "235 fine"))
                    elif command == "DATA":
                        self.say("354 go on")
                        lines: list[bytes] = []
                        while (text := self.rfile.readline()) != b".\r\n":
                            lines.append(text)
                        mailbox.got.append(b"".join(lines))
                        self.say(mailbox.answer("data", "250 kept"))
                    elif command == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say(mailbox.answer(command.lower(), "250 fine"))

            def say(self, text: str) -> None:
                self.wfile.write(text.encode() + b"\r\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        with Server(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            yield MailServer(
                host="127.0.0.1", port=server.server_address[1], security="none", user="coach", password="very-secret", seconds=2
            )
            server.shutdown()


def message() -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Morning brief", "coach@example.com", "a@example.com, b@example.com"
    made.set_content("The brief is attached.\n")
    made.add_attachment(b"<p>She said: because of the wall.</p>", maintype="text", subtype="html", filename="brief.html")
    return made


def test_the_mail_arrives_with_the_brief() -> None:
    mailbox = Mailbox()
    with mailbox.open() as server:
        mail(server, message())
    (raw,) = mailbox.got
    read: Any = message_from_bytes(raw, policy=policy.default)
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "brief.html" and b"because of the wall" in attached.get_payload(decode=True)
    assert len(mailbox.logins) == 1


def test_a_mailbox_that_is_busy_is_tried_again() -> None:
    mailbox, pauses = Mailbox(data=["451 later", "250 kept"]), []
    with mailbox.open() as server:
        mail(server, message(), sleep=pauses.append)
    assert len(mailbox.got) == 2 and pauses == [1.0]


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ({"auth": ["535 no"]}, "refuses the login. Check CALLCOACH_SMTP_USER"),
        ({"rcpt": ["550 nobody", "550 nobody"]}, "takes mail for none of the addresses (code 550)"),
        ({"rcpt": ["250 fine", "550 nobody"]}, "took the mail, but not for 1 of the addresses"),
        ({"data": ["554 spam"]}, "answered with code 554"),
    ],
)
def test_what_the_mail_server_refuses_is_said_once_and_plainly(says: dict[str, list[str]], said: str) -> None:
    with Mailbox(**says).open() as server, pytest.raises(Undelivered) as refused:
        mail(server, message(), sleep=lambda _: pytest.fail("another try would not help"))
    assert said in str(refused.value)
    assert "very-secret" not in str(refused.value) and "wall" not in str(refused.value)


def test_a_server_without_encryption_is_refused_where_encryption_is_asked_for() -> None:
    with Mailbox().open() as server, pytest.raises(Undelivered, match="CALLCOACH_SMTP_SECURITY"):
        mail(MailServer(**{**{name: getattr(server, name) for name in server.__slots__}, "security": "starttls"}), message())
