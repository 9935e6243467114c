"""Send the morning's brief to those whom the settings name, each brief once per channel. Says what failed, never what was said.

The mail carries the brief unless that is switched off; a webhook gets counts and the ids of failed calls, no word of a call.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from pydantic import SecretStr

from callcoach.app.run import RunResult
from callcoach.app.web_address import THIS_MACHINE, refuse_in_the_clear, web_address
from callcoach.app.workspace import Workspace
from callcoach.batch.delivery import MailServer, Undelivered, Webhook, mail, post
from callcoach.coaching.notation import count
from callcoach.errors import SomethingMissing, UsageError
from callcoach.events import DeliveryFailed, DeliverySent, say
from callcoach.marks import Channel
from callcoach.settings import Settings
from callcoach.storage.deliveries import Deliveries


class Delivery(NamedTuple):
    """What became of one channel: sent now (None) or why not; already: it was sent before and nothing was done."""

    channel: str
    trouble: str | None
    already: bool = False


class Channels(NamedTuple):
    """Where the brief goes; None where nothing is set."""

    server: MailServer | None
    webhook: Webhook | None


def channels(settings: Settings) -> Channels:
    """What the settings name. Raises UsageError or SomethingMissing where they cannot be used."""
    return Channels(_mail_server(settings), _webhook(settings))


def deliver(workspace: Workspace, done: RunResult, *, today: date, now: datetime) -> tuple[Delivery, ...]:
    """Send the brief over every channel that has not had this one yet, and note what arrived."""
    where, sent = channels(workspace.settings), Deliveries(workspace.store)
    brief = done.brief_html.read_bytes()
    delivery_id = hashlib.sha256(today.isoformat().encode() + b"\n" + brief).hexdigest()[:32]
    ways: dict[str, Callable[[], None]] = {}
    if where.server is not None:
        message = _message(workspace.settings, done, brief, delivery_id, today=today, now=now)
        ways["mail"] = partial(mail, where.server, message)
    if where.webhook is not None:
        ways["webhook"] = partial(post, where.webhook, _payload(done, delivery_id, today=today), delivery_id)
    found = []
    for channel, send in ways.items():
        if sent.is_sent(channel, delivery_id):
            found.append(Delivery(channel, None, already=True))
            continue
        try:
            send()
        except Undelivered as trouble:
            say(DeliveryFailed(channel=Channel(channel)))
            found.append(Delivery(channel, str(trouble)))
        else:
            sent.keep(channel, delivery_id, now)
            say(DeliverySent(channel=Channel(channel)))
            found.append(Delivery(channel, None))
    return tuple(found)


def _payload(done: RunResult, delivery_id: str, *, today: date) -> bytes:
    return msgspec.json.encode(
        {
            "event": "brief",
            "delivery": delivery_id,
            "date": today.isoformat(),
            "calls": done.calls,
            "newly_transcribed": done.recognised,
            "newly_judged": done.judged,
            "failed": [
                {"call_id": problem.call_id, "attempts": problem.attempts, "quarantined": problem.quarantined}
                for problem in done.report.problems
            ],
            "brief": str(done.brief_html.resolve()),
        }
    )


def _message(settings: Settings, done: RunResult, brief: bytes, delivery_id: str, *, today: date, now: datetime) -> EmailMessage:
    problems = len(done.report.problems)
    message = EmailMessage()
    message["Subject"] = f"Morning brief, {today.isoformat()}" + (f": {count(problems, 'problem')}" if problems else "")
    message["From"], message["To"] = settings.smtp_from, ", ".join(_addresses(settings))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{delivery_id}@{settings.smtp_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [
        f"{count(done.calls, 'call')}: {done.recognised} newly transcribed, "
        f"{count(done.judged, 'story', 'stories')} newly judged.",
        "The brief is attached." if settings.smtp_attach_brief else f"The brief lies in {done.brief_html.resolve()}.",
    ]
    if problems:
        lines.append(f"{count(problems, 'problem')}; `callcoach runs` names them.")
    message.set_content("\n".join(lines) + "\n")
    if settings.smtp_attach_brief:
        message.add_attachment(brief, maintype="text", subtype="html", filename=f"brief-{today.isoformat()}.html")
    return message


def _mail_server(settings: Settings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    if "@" not in settings.smtp_from or not _addresses(settings):
        raise UsageError("CALLCOACH_SMTP_HOST is set, but not who mails whom. Set CALLCOACH_SMTP_FROM and CALLCOACH_SMTP_TO.")
    named = " ".join((settings.smtp_from, settings.smtp_to))
    if any(letter in named for letter in "\r\n"):
        raise UsageError("CALLCOACH_SMTP_FROM or CALLCOACH_SMTP_TO holds a line break. Divide addresses by commas.")
    password = _secret(settings.smtp_password, settings.smtp_password_file, "CALLCOACH_SMTP_PASSWORD_FILE")
    if settings.smtp_user is not None and password is None:
        raise UsageError("CALLCOACH_SMTP_USER is set, but no password. Set CALLCOACH_SMTP_PASSWORD_FILE.")
    if settings.smtp_user is not None and settings.smtp_security == "none" and settings.smtp_host not in THIS_MACHINE:
        raise UsageError("CALLCOACH_SMTP_SECURITY=none would send the password unencrypted. Use starttls or tls.")
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password,
        seconds=settings.delivery_timeout,
    )


def _webhook(settings: Settings) -> Webhook | None:
    if settings.webhook_url is None:
        return None
    parts = web_address(settings.webhook_url, "CALLCOACH_WEBHOOK_URL", like="https://host/path")
    refuse_in_the_clear(
        parts, "CALLCOACH_WEBHOOK_URL", allowed=settings.webhook_plain_http, allow_by="CALLCOACH_WEBHOOK_PLAIN_HTTP"
    )
    secret = _secret(settings.webhook_secret, settings.webhook_secret_file, "CALLCOACH_WEBHOOK_SECRET_FILE")
    if not secret:
        raise UsageError("CALLCOACH_WEBHOOK_URL is set, but nothing to sign with. Set CALLCOACH_WEBHOOK_SECRET_FILE.")
    return Webhook(url=settings.webhook_url, host=parts.hostname or "", secret=secret, seconds=settings.delivery_timeout)


def _addresses(settings: Settings) -> list[str]:
    return [address for part in settings.smtp_to.split(",") if (address := part.strip())]


def _secret(given: SecretStr | None, file: Path | None, setting: str) -> str | None:
    if file is None:
        return given.get_secret_value() if given is not None else None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SomethingMissing(f"{file}: it cannot be read ({type(error).__name__}). Check {setting}.") from None
