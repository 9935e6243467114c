"""Write what callcoach tells of its work to standard error or a file, a line each, as JSON or as text. Decides on no word of it.

What libraries log, and errors that nobody foresaw, may quote anything: of those only the logger, the class of the error and the
places in the program are written.
"""

import contextlib
import json
import logging
import logging.handlers
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from callcoach.errors import UsageError
from callcoach.events import Event, listen
from callcoach.marks import ErrorName, Level, Place, Told
from callcoach.settings import Settings

LEVELS = {
    Level.DEBUG: logging.DEBUG,
    Level.INFO: logging.INFO,
    Level.WARNING: logging.WARNING,
    Level.ERROR: logging.ERROR,
}
OTHERS = "other"
"""What a library's line is called."""

_stop: Callable[[], None] = lambda: None  # noqa: E731


def open_log(settings: Settings, *, serving: bool = False) -> None:
    """From now on what this process tells is written as the settings say; asked for again, only as they say now.

    Without a setting nothing is, beside what commands say to whoever gave them; a server (`serving`) then tells what is wrong.
    Raises UsageError where the file cannot be written.
    """
    global _stop
    _stop()
    form = settings.log_format or ("json" if settings.log_file is not None else "text" if serving else None)
    if form is None:
        _stop = lambda: None  # noqa: E731
        return
    asked = settings.log_level or ("warning" if serving and settings.log_format is None and settings.log_file is None else "info")
    handler = _handler(settings.log_file)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    level = LEVELS[Level(asked)]
    handler.setLevel(level)  # libraries tell it by way of the root, whose level is its own
    root = logging.getLogger()
    own = logging.Logger(OTHERS, level)  # of no family: nobody else's settings reach it
    own.addHandler(handler)
    root.addHandler(handler)
    deaf = listen(_writer(own))

    def stop() -> None:
        deaf()
        root.removeHandler(handler)
        handler.close()

    _stop = stop


def close_log() -> None:
    """Write no more."""
    global _stop
    _stop()
    _stop = lambda: None  # noqa: E731


class JsonLines(logging.Formatter):
    """A JSON object a line: at, level, event, pid, then the event's fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(_told(record))


class TextLines(logging.Formatter):
    """The same for eyes: time, level, event, then `field=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = _told(record)
        first = [str(told.pop(name)) for name in ("at", "level", "event")]
        return " ".join([*first, *(f"{name}={_shown(value)}" for name, value in told.items())])


def _writer(own: logging.Logger) -> Callable[[Event, Mapping[str, Told]], None]:
    def write(event: Event, told: Mapping[str, Told]) -> None:
        own.log(LEVELS[event.level], event.name, extra={"told": told})

    return write


def _told(record: logging.LogRecord) -> dict[str, object]:
    first = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
    }
    told: Mapping[str, Told] | None = getattr(record, "told", None)
    if told is not None:
        return {**first, "event": record.msg, "pid": os.getpid(), **told}
    # the message of somebody else's line may hold what was said in a call, and its arguments too
    _, error, trace = record.exc_info or (None, None, None)
    others = {
        "logger": Place(record.name),
        "error": ErrorName.of(error) if error is not None else None,
        "place": Place.of(trace) or Place(f"{record.module}:{record.lineno}"),
    }
    return {**first, "event": OTHERS, "pid": os.getpid(), **{name: value for name, value in others.items() if value}}


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return json.dumps(text) if " " in text else text


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return _Stderr()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return _File(file, encoding="utf-8")
    except OSError as trouble:
        raise UsageError(
            f"{file}: the log cannot be written there ({trouble.strerror}). Choose another CALLCOACH_LOG_FILE."
        ) from None


class _File(logging.handlers.WatchedFileHandler):
    """A file for its owner's eyes that logrotate may take away: the next line makes it again. A full disk costs lines, never the
    work.
    """

    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(os.fdopen(number, "ab"), encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002
        return

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            super().emit(record)


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Standard error, looked up at each line: whoever gave the command may have put another in its place."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002
        return
