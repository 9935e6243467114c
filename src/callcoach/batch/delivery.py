"""Send the night's result by mail and to a webhook: signed, in time, tried again where that may help. Knows nothing of calls.

What goes wrong is said without a word of what was sent or answered. A try whose answer was lost is repeated, so that something
may arrive twice: both carry the same id.
"""

import hashlib
import hmac
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

MOST_ATTEMPTS = 3
PAUSES = (1.0, 4.0)
SIGNATURE, DELIVERY = "X-Callcoach-Signature", "X-Callcoach-Delivery"
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Undelivered(Exception):
    """It could not be sent; the message says why in a sentence. again: another try may help."""

    def __init__(self, sentence: str, *, again: bool = False) -> None:
        super().__init__(sentence)
        self.again = again


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """How to reach the mail server. seconds: the longest wait for any one answer of it."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None
    password: str | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where to post, and what signs it. host: for sentences, because the address may hold a token."""

    url: str
    host: str
    secret: str
    seconds: float


def signature(secret: str, at: int, body: bytes) -> str:
    """The header's value: `t=` seconds since 1970 and `v1=` HMAC-SHA256 in hex of those seconds, a full stop and the body."""
    return f"t={at},v1={hmac.new(secret.encode(), str(at).encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def post(
    webhook: Webhook,
    body: bytes,
    delivery_id: str,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Post the JSON. Raises Undelivered."""

    def once() -> None:
        import httpx

        headers = {
            "Content-Type": "application/json",
            DELIVERY: delivery_id,
            SIGNATURE: signature(webhook.secret, int(clock()), body),  # of each try its own, so that none is too old
        }
        try:
            with (
                httpx.Client(timeout=webhook.seconds, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", webhook.url, content=body, headers=headers) as response,
            ):
                status = response.status_code
        except httpx.TimeoutException:
            raise Undelivered(f"{webhook.host} did not answer in {webhook.seconds:.0f} s.", again=True) from None
        except httpx.HTTPError as trouble:
            raise Undelivered(f"{webhook.host} cannot be reached ({type(trouble).__name__}).", again=True) from None
        if 300 <= status < 400:
            raise Undelivered(f"{webhook.host} points elsewhere, which is not followed. Set CALLCOACH_WEBHOOK_URL to it.")
        if not 200 <= status < 300:
            raise Undelivered(f"{webhook.host} answered with status {status}.", again=status in _AGAIN)

    _tried(once, sleep)


def mail(server: MailServer, message: EmailMessage, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Send the message to everybody in its To. Raises Undelivered."""

    def once() -> None:
        try:
            with _connected(server) as connection:
                if server.security == "starttls":
                    connection.starttls(context=ssl.create_default_context())
                if server.user is not None:
                    connection.login(server.user, server.password or "")
                refused = connection.send_message(message)
        except smtplib.SMTPAuthenticationError:
            raise Undelivered(
                f"{server.host} refuses the login. Check CALLCOACH_SMTP_USER and CALLCOACH_SMTP_PASSWORD."
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise Undelivered(
                f"{server.host} does not offer what was asked of it: encryption or login. Check CALLCOACH_SMTP_SECURITY."
            ) from None
        except ssl.SSLError:
            raise Undelivered(
                f"{server.host} speaks no TLS there, or has no certificate that this machine trusts. "
                "Check CALLCOACH_SMTP_SECURITY and CALLCOACH_SMTP_PORT."
            ) from None
        except smtplib.SMTPRecipientsRefused as trouble:
            codes = sorted({code for code, _ in trouble.recipients.values()})
            raise Undelivered(
                f"{server.host} takes mail for none of the addresses (code {codes[0]}). Check CALLCOACH_SMTP_TO.",
                again=all(400 <= code < 500 for code in codes),
            ) from None
        except smtplib.SMTPResponseException as trouble:
            code = trouble.smtp_code
            raise Undelivered(f"{server.host} answered with code {code}.", again=400 <= code < 500 or code == -1) from None
        except smtplib.SMTPException as trouble:
            raise Undelivered(f"{server.host} broke off ({type(trouble).__name__}).", again=True) from None
        except TimeoutError:
            raise Undelivered(f"{server.host} did not answer in {server.seconds:.0f} s.", again=True) from None
        except OSError as trouble:
            raise Undelivered(f"{server.host} cannot be reached ({type(trouble).__name__}).", again=True) from None
        if refused:
            raise Undelivered(
                f"{server.host} took the mail, but not for {len(refused)} of the addresses. Check CALLCOACH_SMTP_TO."
            )

    _tried(once, sleep)


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.seconds, context=ssl.create_default_context())
    return smtplib.SMTP(server.host, server.port, timeout=server.seconds)


def _tried(once: Callable[[], None], sleep: Callable[[float], None]) -> None:
    for attempt in range(MOST_ATTEMPTS):
        try:
            return once()
        except Undelivered as trouble:
            if not trouble.again or attempt + 1 == MOST_ATTEMPTS:
                raise
        sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
    return None
