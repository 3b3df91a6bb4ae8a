"""Asks other graphs: one request at a time, with the cache, pauses and retries of `graph.fetching`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from graph.errors import FetchError
from graph.fetching.fetcher import Fetcher, beside
from graph.names import digest

T = TypeVar("T")
PATIENCE = 3  # failures one after the other, after which a server is left in peace


@dataclass
class Asker:
    """Asks one server; answers are kept in a folder, and asked for again only if they have changed.

    A failure ends nothing: it is kept in `failures`, and after some in a row no more is asked. `limit` is how many
    requests are sent at most.
    """

    address: str
    folder: Path
    fetcher: Fetcher
    limit: int = 0
    failures: list[str] = field(default_factory=list)
    asked: int = 0
    unanswered: int = 0
    in_a_row: int = 0

    def __call__(self, request: str, kind: type[T]) -> T | None:
        """Return the answer to a request; None if it is not known, not found, or not of the expected form."""
        if self.in_a_row >= PATIENCE or (self.limit and self.asked >= self.limit):
            self.unanswered += 1
            return None
        path = self.folder / f"{digest(self.address, request, length=16)}.json"
        if self.fetcher.offline and not path.exists():
            self.unanswered += 1
            return None
        self.asked += 1
        try:
            self.fetcher.fetch(self.address + request, path)
            answer = msgspec.json.decode(path.read_bytes(), type=kind, strict=False)
        except FetchError as error:
            if ": 404 " not in str(error):  # which says that the server does not know the thing
                self._failed(str(error))
            return None
        except msgspec.MsgspecError as error:
            path.unlink()
            beside(path).unlink(missing_ok=True)
            self._failed(f"{self.address}{request} answers in another form ({error}); it was not used.")
            return None
        self.in_a_row = 0
        return answer

    def _failed(self, words: str) -> None:
        self.failures.append(words)
        self.in_a_row += 1
