"""Talk to an OpenAI-compatible endpoint: one question, one text back, within the time given. Knows nothing of calls or verdicts.

What goes wrong is said without a word of what was sent or received: the answer of a stranger may hold anything, the key included.
"""

import email.utils
import ipaddress
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from callcoach.errors import NoOpinion, UsageError

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

MOST_BYTES = 1_000_000
MOST_ATTEMPTS = 3
FIRST_PAUSE = 0.5
_AGAIN = frozenset({429, 500, 502, 503, 504})
_FORM_REFUSED = frozenset({400, 415, 422, 501})

Value = TypeVar("Value")


class _Message(msgspec.Struct):
    content: str


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class Address(NamedTuple):
    """Where to ask, and its host for the records."""

    url: str
    host: str


def address(base: str, *, plain_http: bool) -> Address:
    """`base` as a person gave it, with /chat/completions behind it. Raises UsageError for one that nothing is sent to."""
    try:
        parts = urlsplit(base)
        # a port that is none is told only to whoever asks for it
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError(
            "CALLCOACH_OPINION_URL is no web address: host or port is none. Write it like https://host/v1."
        ) from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError("CALLCOACH_OPINION_URL is no web address. Write it like https://host/v1, without /chat/completions.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(
            f"CALLCOACH_OPINION_URL ({host}) holds a user, a query or a fragment, which end up in logs. "
            "Leave them out and give the key as CALLCOACH_OPINION_KEY."
        )
    if parts.scheme == "http" and not plain_http and not _is_this_machine(host):
        raise UsageError(
            f"CALLCOACH_OPINION_URL ({host}) is not encrypted. Use https, or set CALLCOACH_OPINION_PLAIN_HTTP=true where the "
            "network between is your own."
        )
    return Address(f"{base.rstrip('/')}/chat/completions", host)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Again(Exception):
    """Worth another try, after `pause` seconds where the endpoint named them."""

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.pause = sentence, pause


class _FormRefused(Exception):
    """The endpoint does not know this way to ask for JSON."""


class Endpoint:
    """One endpoint and one model. `seconds` is the most one question may take, retries and pauses included."""

    def __init__(
        self,
        where: Address,
        *,
        model: str,
        key: "SecretStr | None",
        seconds: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host, self.model = where.host, model
        self._url, self._key, self._seconds = where.url, key, seconds
        self._sleep, self._clock = sleep, clock
        self._forms: list[str | None] = ["json_schema", "json_object", None]

    def ask(self, messages: Sequence[dict[str, str]], schema: dict[str, Any]) -> str:
        """The text of the answer. Raises NoOpinion with the reason."""
        end = self._clock() + self._seconds
        while True:
            try:
                return self._tried(self._body(messages, schema), end)
            except _FormRefused:
                # remembered for the run: the next question does not begin with what is not understood
                self._forms.pop(0)

    def _tried(self, body: dict[str, Any], end: float) -> str:
        pause, sentence = FIRST_PAUSE, f"{self.host} did not answer in time."
        for attempt in range(MOST_ATTEMPTS):
            left = end - self._clock()
            if left <= 0:
                break
            # half of what is left, so that one hanging connection leaves time for another
            limit = left if attempt == MOST_ATTEMPTS - 1 else left / 2
            try:
                return _within(limit, partial(self._posted, body, limit))
            except TimeoutError:
                sentence = f"{self.host} did not answer in time."
                continue
            except _Again as again:
                sentence = again.sentence
                wait = pause if again.pause is None else again.pause
            pause *= 2
            if attempt == MOST_ATTEMPTS - 1 or self._clock() + wait >= end:
                break
            self._sleep(wait)
        raise NoOpinion(f"{sentence} The judgement stands as it is.")

    def _body(self, messages: Sequence[dict[str, str]], schema: dict[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.model, "messages": list(messages), "temperature": 0, "stream": False}
        if self._forms[0] == "json_schema":
            form = {"name": "second_opinion", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        elif self._forms[0] == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def _posted(self, body: dict[str, Any], limit: float) -> str:
        import httpx  # only where an opinion is asked for

        # unpacked, a small answer may be a large one
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        end = self._clock() + limit
        try:
            with (
                httpx.Client(timeout=limit, follow_redirects=False, verify=True) as client,
                client.stream("POST", self._url, json=body, headers=headers) as response,
            ):
                self._checked(response)
                return _text_of(self._read(response, end), self.host)
        except httpx.TimeoutException:
            raise TimeoutError from None
        except httpx.HTTPError as error:
            raise _Again(f"{self.host} cannot be reached ({type(error).__name__}).") from None

    def _checked(self, response: "httpx.Response") -> None:
        status = response.status_code
        if status in _AGAIN:
            raise _Again(f"{self.host} answered with status {status}.", _retry_after(response.headers.get("retry-after")))
        if status in _FORM_REFUSED and len(self._forms) > 1:
            raise _FormRefused
        if 300 <= status < 400:
            raise NoOpinion(f"{self.host} points to another address, which is not followed. Set CALLCOACH_OPINION_URL to it.")
        if status in (401, 403):
            raise NoOpinion(f"{self.host} refuses the key (status {status}). Check CALLCOACH_OPINION_KEY.")
        if status != 200:
            raise NoOpinion(
                f"{self.host} answered with status {status}. Check CALLCOACH_OPINION_URL and CALLCOACH_OPINION_MODEL."
            )

    def _read(self, response: "httpx.Response", end: float) -> bytes:
        found = bytearray()
        if response.headers.get("content-encoding", "identity") != "identity":
            raise NoOpinion(f"{self.host} answered packed, which it was asked not to, so the answer is not used.")
        for piece in response.iter_raw():
            found += piece
            if len(found) > MOST_BYTES:
                raise NoOpinion(f"{self.host} answered with more than {MOST_BYTES:,} bytes, so the answer is not used.")
            if self._clock() > end:
                raise TimeoutError
        return bytes(found)


def _text_of(body: bytes, host: str) -> str:
    try:
        return msgspec.json.decode(body, type=_Completion).choices[0].message.content
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError):
        raise NoOpinion(f"{host} answered with something that is no chat completion, so it is not used.") from None


def _retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header, a number or a date; None where there is none that can be read."""
    if value is None:
        return None
    try:
        seconds = float(value)
        return None if math.isnan(seconds) else max(seconds, 0.0)
    except ValueError:
        pass
    try:
        at = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((at - datetime.now(UTC)).total_seconds(), 0.0) if at.tzinfo else None


def _within(seconds: float, work: Callable[[], Value]) -> Value:
    """The result of `work`, or TimeoutError after `seconds`: a byte a second would outlast every timeout of a socket."""
    done: queue.SimpleQueue[tuple[Value | None, BaseException | None]] = queue.SimpleQueue()

    def worked() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:  # handed to whoever waits
            done.put((None, error))

    threading.Thread(target=worked, daemon=True, name="second-opinion").start()
    try:
        value, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]
