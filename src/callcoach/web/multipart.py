"""Take a form with files apart while it comes, so that no upload is held in memory. Knows nothing of what files become."""

from collections.abc import Mapping
from typing import Protocol

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from callcoach.web.problems import Unusable


class Taking(Protocol):
    """Whoever takes files."""

    def begin(self, name: str) -> None:
        """A file begins."""
        ...

    def write(self, piece: bytes) -> None:
        """More of it."""
        ...

    def end(self) -> None:
        """It is whole."""
        ...


async def take_files(request: Request, taking: Taking) -> None:
    """Hand every file of the form over, piece by piece; fields without a file name are left aside. Raises Unusable."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise Unusable("This is no form with files. Choose files on the page and send them from there.")
    parts = _Parts(taking)
    try:
        parser = MultipartParser(options[b"boundary"], callbacks=parts.callbacks)  # type: ignore[arg-type]
        async for piece in request.stream():
            # files are written while others are answered
            await run_in_threadpool(parser.write, piece)
        parser.finalize()
    except MultipartParseError:
        raise Unusable("What was sent broke off or is no form. Send it again.") from None


class _Parts:
    """What the parser finds, as a sequence of files."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._field, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._in_file = False

    @property
    def callbacks(self) -> Mapping[str, object]:
        """By the parser's names."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_field,
            "on_header_value": self._add_value,
            "on_header_end": self._header,
            "on_headers_finished": self._headers_done,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._headers, self._in_file = {}, False

    def _add_field(self, text: bytes, start: int, end: int) -> None:
        self._field += text[start:end]

    def _add_value(self, text: bytes, start: int, end: int) -> None:
        self._value += text[start:end]

    def _header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _headers_done(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"filename")
        # a browser sends a nameless part where no file is chosen
        if name:
            self._in_file = True
            self._taking.begin(name.decode("utf-8", "replace"))

    def _data(self, text: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._taking.write(text[start:end])

    def _end(self) -> None:
        if self._in_file:
            self._taking.end()
