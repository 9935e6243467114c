"""From named text fields (a manifest row, a sidecar, a file name) to what is known of a call. Opens no file."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from callcoach.domain.call import CallKind
from callcoach.domain.people import Company

FILE_NAME = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:T(?P<hour>\d{2})[.-]?(?P<minute>\d{2}))?_(?P<rep_id>[^_]+)_(?P<call_id>.+)")
"""The pattern of file names: `2026-10-05_R01_wren-01.ogg`, with a time `2026-10-05T0940_R01_wren-01.ogg`."""

CALL_ID = re.compile(r"[^\s/\\\x00-\x1f\x7f.][^/\\\x00-\x1f\x7f]{0,199}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
CHANNELS = frozenset("01234567")
NAMED = frozenset({"call_id", "audio_path", "transcript_path"})


class WrongField(Exception):
    """A field whose text cannot be used; the message goes behind the name of file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """A Call without its id and its files."""

    kind: CallKind
    started_at: datetime | None
    rep_id: str | None
    team: str | None
    customer_name: str | None
    direction: str | None
    rep_channel: int | None
    language: str | None
    outcome: str | None
    amount: float | None
    extra: Mapping[str, str]


def read_facts(fields: Mapping[str, str], company: Company) -> CallFacts:
    """What the fields say; fields without a name of ours are kept in `extra`. Raises WrongField.

    The rep is found by rep_id, else by rep_email in the people file, and so is the team. Who speaks in a leader recording is
    `leader_id` in `extra`: it is nobody's call.
    """
    left = {name: text.strip() for name, text in fields.items() if text.strip() and name not in NAMED}
    for name, text in left.items():
        if UNSTORABLE.search(name + text):
            raise WrongField(f"{name[:60]!a} holds characters that are no text. Write it anew.")
    kind = _kind(left.pop("kind", "call"))
    rep_id = left.pop("rep_id", None)
    if rep_id is None and "rep_email" in left:
        mail = left["rep_email"].casefold()
        rep_id = next((person.id for person in company.people if (person.email or "").casefold() == mail), None)
    if kind is CallKind.LEADER_RECORDING:
        if rep_id is not None:
            left.setdefault("leader_id", rep_id)
        rep_id = None
    person = company.person(rep_id)
    return CallFacts(
        kind=kind,
        started_at=_time(left.pop("started_at", None)),
        rep_id=rep_id,
        team=left.pop("team", person.team if person else None),
        customer_name=left.pop("customer_name", None),
        direction=left.pop("direction", None),
        rep_channel=_channel(left.pop("rep_channel", None)),
        language=_language(left.pop("language", None)),
        outcome=left.pop("outcome", None),
        amount=_amount(left.pop("amount", None)),
        extra=left,
    )


def checked_call_id(text: str) -> str:
    """The id itself. Raises WrongField for ids that are empty, hold slashes or control characters, or start with a dot."""
    if not text.strip():
        raise WrongField("there is no call_id. Give each call a name of its own.")
    if not CALL_ID.fullmatch(text.strip()):
        raise WrongField(
            f"call_id '{text[:60]}' cannot be used. Write at most 200 characters without slashes, not starting with a dot."
        )
    return text.strip()


def facts_in_name(stem: str) -> Mapping[str, str]:
    """call_id, rep_id and started_at where a file name follows the pattern; else the whole name is the call_id."""
    match = FILE_NAME.fullmatch(stem)
    if match is None:
        return {"call_id": stem}
    started_at = match["day"] + (f"T{match['hour']}:{match['minute']}" if match["hour"] else "")
    try:
        _time(started_at)
    except WrongField:
        return {"call_id": stem}
    return {"call_id": match["call_id"], "rep_id": match["rep_id"], "started_at": started_at}


def _kind(text: str) -> CallKind:
    if text.lower() in tuple(CallKind):
        return CallKind(text.lower())
    raise WrongField(f"kind is '{text}'. Write call or leader.")


def _time(text: str | None) -> datetime | None:
    """A time without an offset is taken as it stands, as UTC: the day is then the day that was written."""
    if text is None:
        return None
    try:
        if not TIME.fullmatch(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongField(f"started_at '{text}' is not a date and time. Write 2026-10-31T09:30.") from None
    return moment


def _channel(text: str | None) -> int | None:
    if not text:
        return None
    if text in CHANNELS:
        return int(text)
    raise WrongField(
        f"rep_channel is '{text}'. Write 0 if the rep is on the first (left) channel, 1 for the second, 7 for the eighth at most."
    )


def _language(text: str | None) -> str | None:
    if text is None:
        return None
    code = re.split("[-_]", text)[0].lower()
    if re.fullmatch("[a-z]{2,3}", code):
        return code
    raise WrongField(f"language is '{text}'. Write a language code, like en.")


def _amount(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or "_" in text:
        raise WrongField(f"amount '{text}' is not a number. Write 1200 or 1200.50, without currency and separators.")
    return amount
