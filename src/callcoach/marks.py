"""The kinds of values that may be told of the work, beside numbers: words of fixed lists, and marks. Knows no event.

A mark is made of nothing that a person wrote or said: no word of a call, no name and no name of a file has a way into it.
"""

import re
from enum import StrEnum
from types import TracebackType
from typing import ClassVar, Self

WITHHELD = "(withheld)"
"""Stands where a value was not of the kind its field is for."""
MARK_LENGTH = 16
MOST_FRAMES = 8


class Level(StrEnum):
    """How much an event asks to be looked at."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Stage(StrEnum):
    """A stage of a run; failures of calls are kept under these names too."""

    HEAR = "hear"
    ATTRIBUTE = "attribute"
    MEASURE = "measure"
    JUDGE = "judge"
    REPORT = "report"


class Model(StrEnum):
    """A model that takes time to load."""

    SPEECH = "speech"
    VOICES = "voices"
    ENCODER = "encoder"
    SENTENCES = "sentences"


class Channel(StrEnum):
    """A way over which the brief is sent."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Scheme(StrEnum):
    """What a place elsewhere is, from which calls are fetched."""

    S3 = "s3"
    SFTP = "sftp"


class Method(StrEnum):
    """What a request asks for; OTHER: whatever nobody offers."""

    GET = "GET"
    HEAD = "HEAD"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    OPTIONS = "OPTIONS"
    OTHER = "OTHER"


class Refusal(StrEnum):
    """Why somebody was not signed in; who that was is not told, for an e-mail nobody has may be somebody's elsewhere."""

    WRONG = "wrong"
    TOO_MANY = "too_many"
    ELSEWHERE = "elsewhere"


class Mark(str):
    """A text of a shape that tells nobody anything; whatever has another shape is withheld."""

    __slots__ = ()
    shape: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")

    def __new__(cls, text: str) -> Self:
        """The mark; WITHHELD where the text has another shape."""
        return super().__new__(cls, text if cls.shape.fullmatch(text) else WITHHELD)


class CallMark(Mark):
    """The first digits of the sha256 of a call's recording or transcript: its id may be a file's name, and so a customer's."""

    __slots__ = ()
    shape = re.compile(rf"[0-9a-f]{{{MARK_LENGTH}}}")

    @classmethod
    def of(cls, content: str) -> Self:
        """content: the sha256 in hex."""
        return cls(content[:MARK_LENGTH])


class AccountMark(Mark):
    """An account's id, which is drawn at random."""

    __slots__ = ()
    shape = re.compile(r"[0-9a-f]{16}")


class RequestMark(Mark):
    """A request's id: drawn here, or by a proxy."""

    __slots__ = ()
    shape = re.compile(r"[0-9a-f-]{16,36}")


class Route(Mark):
    """An address as the program has it, its parts in braces; never as it was asked for."""

    __slots__ = ()
    shape = re.compile(r"/[\w./{}:-]*|none")


class ErrorName(Mark):
    """The class of an error, never what it says."""

    __slots__ = ()
    shape = re.compile(r"[A-Za-z_]\w{0,79}")

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """Of this error."""
        return cls(type(error).__name__)


class Place(Mark):
    """Where in a program something happened: module and line, and the places it was called from."""

    __slots__ = ()
    shape = re.compile(r"[\w.]+(?::\d+)?(?: < [\w.]+:\d+)*")

    @classmethod
    def of(cls, trace: TracebackType | None) -> Self | None:
        """The innermost places of a traceback, the very last one first; None where there is none."""
        found = []
        while trace is not None:
            found.append(f"{trace.tb_frame.f_globals.get('__name__', 'unnamed')}:{trace.tb_lineno}")
            trace = trace.tb_next
        return cls(" < ".join(found[: -MOST_FRAMES - 1 : -1])) if found else None


Told = int | float | bool | StrEnum | Mark | None
