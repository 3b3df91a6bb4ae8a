"""The application, whose answers are kept to be known the next time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from server.alike import BEGUN, Begun
from server.caching import REPEATABLE
from server.front import Front, Told
from server.repeats import HEAD

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True)
class Keeping:
    """The application, whose repeatable answers are kept."""

    app: "WSGIApplication"
    front: Front

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, and keep the answer if it can be given again."""
        if HEAD not in environ:
            return self.app(environ, start_response)
        version, told = self.front.repeats.current(), Told(start_response)
        keep = partial(self.front.keep, environ, told, version)
        return _Body(self.app(environ, told), environ, keep)


class _Body:
    """The body of an answer, which is kept when all of it was sent."""

    def __init__(self, body: Iterable[bytes], environ: "WSGIEnvironment", keep: Callable[[bytes], None]) -> None:
        self.body, self.environ, self.keep = body, environ, keep

    def __iter__(self) -> Iterator[bytes]:
        if not self.environ.get(REPEATABLE):
            yield from self.body
            return
        parts = []
        for part in self.body:
            parts.append(part)
            yield part
        self.keep(b"".join(parts))

    def close(self) -> None:
        """Close the body, and an answer that nobody took."""
        begun: Begun | None = self.environ.pop(BEGUN, None)
        if begun:
            begun.close()
        if close := getattr(self.body, "close", None):
            close()
