"""An OpenAI-compatible endpoint on this machine that answers as a test tells it, and remembers what it was asked."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Fake:
    """`answers` are given one after the other, the last one again and again."""

    def __init__(self, port: int, answers: list[Answer]) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.answers, self.asked, self.headers = answers, [], []


@contextmanager
def endpoint(*answers: Answer) -> Iterator[Fake]:
    """A running endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append(body)
            fake.headers.append(dict(self.headers))
            answer = fake.answers.pop(0) if len(fake.answers) > 1 else fake.answers[0]
            try:
                answer(self, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def do_GET(self) -> None:
            fake.asked.append({"get": self.path})
            says("{}")(self, {})

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake = Fake(server.server_address[1], list(answers))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def sends(status: int, body: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def says(content: str) -> Answer:
    """A chat completion with this text."""
    return sends(200, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())


def says_json(value: object) -> Answer:
    return says(json.dumps(value))


def fails(status: int, **headers: str) -> Answer:
    return sends(status, b'{"error": "trouble with Bearer sk-very-secret"}', **headers)


def hangs(seconds: float) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return answer


def drips(seconds: float) -> Answer:
    """A byte every few milliseconds, so that no single wait is long."""

    def answer(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)
        handler.close_connection = True

    return answer


def floods(n_bytes: int) -> Answer:
    """A body without a length, much longer than anybody wants."""

    def answer(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _piece in range(n_bytes // 65536):
            handler.wfile.write(b"x" * 65536)
        handler.close_connection = True

    return answer
