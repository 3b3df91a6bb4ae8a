"""Servers on the loopback interface that stand for those of others: a test says how they answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

JSON_ROWS = {"Content-Type": "application/sparql-results+json"}


class AnsweringHandler(BaseHTTPRequestHandler):
    """A handler of requests that logs nothing; `reply` is for a test to define."""

    def reply(self, body: bytes) -> None:
        """Answer a request with a body."""
        raise NotImplementedError

    def do_GET(self) -> None:
        """Answer a request that has no body."""
        self.reply(b"")

    def do_POST(self) -> None:
        """Answer a request that has one."""
        self.reply(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def answer(self, status: int, body: bytes, headers: Mapping[str, str], most: int | None = None) -> None:
        """Send an answer, of whose body at most some bytes."""
        self.send_response(status)
        for name, text in ({"Content-Length": str(len(body))} | dict(headers)).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body[:most])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Run a server for the block, and give its address; clients may leave it in the middle of an answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
