"""Asks other graphs: one request at a time, with the cache, pauses and retries of `graph.fetching`."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from graph.errors import FetchError
from graph.fetching.fetcher import Facts, Fetcher, beside
from graph.names import digest

T = TypeVar("T")
FRESH = timedelta(days=30)  # how long an answer is used without asking whether it has changed
PATIENCE = 3  # failures one after the other, after which a server is left in peace


@dataclass
class Asker:
    """Asks one server; answers are kept in a folder, and asked for again after a month, if they have changed.

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
        path = self.folder / f"{digest(self.address, request, length=16)}.json"
        if path.exists() and (self.fetcher.offline or _is_fresh(path)):
            return self._decoded(request, path, kind)
        if self.in_a_row >= PATIENCE or (self.limit and self.asked >= self.limit):
            self.unanswered += 1
            return None
        if self.fetcher.offline:
            self.unanswered += 1
            return None
        self.asked += 1
        try:
            self.fetcher.fetch(self.address + request, path)
        except FetchError as error:
            if ": 404 " in str(error):  # which says that the server does not know the thing
                _keep_nothing(self.address + request, path)
            else:
                self._failed(str(error))
            return None
        answer = self._decoded(request, path, kind)
        self.in_a_row = self.in_a_row if answer is None else 0
        return answer

    def _decoded(self, request: str, path: Path, kind: type[T]) -> T | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind | None, strict=False)
        except msgspec.MsgspecError as error:
            path.unlink()
            beside(path).unlink(missing_ok=True)
            self._failed(f"{self.address}{request} answers in another form ({error}); it was not used.")
            return None

    def _failed(self, words: str) -> None:
        self.failures.append(words)
        self.in_a_row += 1


def _is_fresh(path: Path) -> bool:
    facts = Facts.read(path)
    if facts is None or not facts.fetched:
        return False
    return datetime.now(UTC) - datetime.fromisoformat(facts.fetched) < FRESH


def _keep_nothing(address: str, path: Path) -> None:
    """Keep that a server does not know a thing, so that it is not asked at each run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"null")
    Facts(address, fetched=datetime.now(UTC).isoformat(timespec="seconds")).write(path)
