"""Downloads files: one request at a time per host, conditional, resuming partial files (`.<name>.part`).

Next to `<name>`, `.<name>.fetched` has its address, validators (RFC 9110, section 8.8), checksum and time. A library
that caches responses would keep gigabytes in its database, and could not resume within one.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import file_digest
from http import HTTPStatus
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx
import stamina

from graph.errors import FetchError
from graph.system.agent import user_agent
from graph.system.progress import progress

T = TypeVar("T")
ATTEMPTS = 6
LONGEST_WAIT = 300  # seconds; a server that asks for more is left in peace
TIMEOUT = httpx.Timeout(60, connect=20)
AGAIN = {408, 425, 429, 500, 502, 503, 504}
NEW, CHANGED, UNCHANGED, KEPT = "new", "changed", "unchanged", "kept"


@dataclass(frozen=True)
class Facts:
    """A fetched file: its address, the validators of the server, its checksum."""

    address: str
    tag: str = ""
    modified: str = ""
    sha256: str = ""
    size: int = 0
    fetched: str = ""

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the facts kept beside a file, if any."""
        try:
            return cls(**json.loads(beside(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Keep the facts beside a file."""
        beside(path).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @property
    def condition(self) -> str:
        """The validator for resuming a partial file; a weak tag cannot be used (RFC 9110, 13.1.5)."""
        return self.tag if self.tag and not self.tag.startswith("W/") else self.modified


@dataclass(frozen=True)
class Fetched:
    """A file that is here: its path, and whether it is new, changed, unchanged, or kept without asking."""

    path: Path
    state: str
    facts: Facts


@dataclass
class Fetcher:
    """Fetches files one after the other; `contact` is sent to servers; `offline` forbids all requests."""

    contact: str = ""
    offline: bool = False
    pause: float = 1.0
    asked: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def opened(self) -> Iterator[httpx.Client]:
        """Give a client that says who it is."""
        headers = {"User-Agent": user_agent(self.contact), "Accept-Encoding": "identity"}
        with httpx.Client(headers=headers, timeout=TIMEOUT, follow_redirects=True) as client:
            yield client

    def fetch(self, address: str, path: Path) -> Fetched:
        """Return the file of an address, fetched unless unchanged; raise FetchError if that fails, and keep it."""
        before = Facts.read(path) if path.is_file() else None
        if before and before.address != address:
            before = None
        if self.offline:
            if before:
                return Fetched(path, KEPT, before)
            raise FetchError(f"{address} was never fetched, and CONVOCATION_OFFLINE lets nobody ask; unset it.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return self._tried(address, lambda client: self._once(client, address, path, before))
        except OSError as error:
            hint = "free some space there, or set CONVOCATION_HOME"
            raise FetchError(f"{path} cannot be written: {error.strerror or error}; {hint}.") from error

    def text(self, address: str) -> bytes:
        """Return a small document of the web; raise FetchError if it cannot be fetched."""
        return self._tried(address, lambda client: client.get(address).raise_for_status().content)

    def _tried(self, address: str, fetch: Callable[[httpx.Client], T]) -> T:
        try:
            for attempt in stamina.retry_context(on=again, attempts=ATTEMPTS, timeout=None):
                with attempt, self.opened() as client:
                    self._wait(address)
                    found = fetch(client)
        except httpx.HTTPStatusError as error:
            raise FetchError(_refused(error.response)) from error
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            hint = "run the command again, which goes on where it broke off"
            raise FetchError(f"{address} cannot be fetched: {words}; {hint}.") from error
        return found

    def _once(self, client: httpx.Client, address: str, path: Path, before: Facts | None) -> Fetched:
        part = path.with_name(f".{path.name}.part")
        half = Facts.read(part) if part.is_file() else None
        size = part.stat().st_size if half and half.address == address and half.condition else 0
        validators = {"If-None-Match": before.tag, "If-Modified-Since": before.modified} if before else {}
        headers = {name: value for name, value in validators.items() if value}
        if size and half:
            headers |= {"Range": f"bytes={size}-", "If-Range": half.condition}
        with client.stream("GET", address, headers=headers) as answer:
            if answer.status_code == HTTPStatus.NOT_MODIFIED and before:
                return Fetched(path, UNCHANGED, before)
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink()
                raise BrokenOffError("The server has less than is here already", request=answer.request)
            answer.raise_for_status()
            follows = answer.headers.get("Content-Range", "").startswith(f"bytes {size}-")
            start = size if answer.status_code == HTTPStatus.PARTIAL_CONTENT and follows else 0
            facts = Facts(address, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
            facts.write(part)
            _receive(answer, part, start)
        return _kept(part, path, facts, before)

    def _wait(self, address: str) -> None:
        host = urlsplit(address).netloc
        time.sleep(max(0.0, self.asked.get(host, 0.0) + self.pause - time.monotonic()))
        self.asked[host] = time.monotonic()


class BrokenOffError(httpx.TransportError):
    """A transfer ended before the file did."""


def again(error: Exception) -> bool | timedelta:
    """Return whether to ask again after an error, and after how long where the server says so (RFC 9110, 10.2.3)."""
    if isinstance(error, httpx.TransportError):
        return not isinstance(error, httpx.UnsupportedProtocol)
    if not isinstance(error, httpx.HTTPStatusError) or error.response.status_code not in AGAIN:
        return False
    wait = waiting(error.response.headers.get("Retry-After", ""))
    return True if wait is None else wait <= timedelta(seconds=LONGEST_WAIT) and wait


def waiting(text: str) -> timedelta | None:
    """Return how long a Retry-After header asks to wait: seconds or a date; None where it says nothing."""
    if text.strip().isdecimal():
        return timedelta(seconds=min(int(text), 10**9))
    try:
        return max(parsedate_to_datetime(text) - datetime.now(UTC), timedelta())
    except (ValueError, TypeError):
        return None


def beside(path: Path) -> Path:
    """Return where the facts of a file are kept."""
    return path.with_name(f".{path.name.removeprefix('.')}.fetched")


def _receive(answer: httpx.Response, part: Path, start: int) -> None:
    """Write an answer to the end of what is here, or in its place; raise BrokenOffError if less came than announced."""
    length = answer.headers.get("Content-Length", "")
    whole = start + int(length) if length.isdecimal() else 0
    with part.open("r+b" if start else "wb") as file, progress(part.stem.removeprefix("."), whole) as step:
        file.seek(start)
        file.truncate()
        step(start)
        for block in answer.iter_raw():  # as it comes: what is held back would be lost where it breaks off
            file.write(block)
            step(len(block))
        if whole and file.tell() != whole:
            raise BrokenOffError(f"{file.tell():,} of {whole:,} bytes came", request=answer.request)


def _kept(part: Path, path: Path, facts: Facts, before: Facts | None) -> Fetched:
    with part.open("rb") as file:
        checksum = file_digest(file, "sha256").hexdigest()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    facts = replace(facts, sha256=checksum, size=part.stat().st_size, fetched=now)
    part.replace(path)
    facts.write(path)
    beside(part).unlink(missing_ok=True)
    same = before is not None and before.sha256 == checksum
    return Fetched(path, UNCHANGED if same else CHANGED if before else NEW, facts)


def _refused(answer: httpx.Response) -> str:
    wait = waiting(answer.headers.get("Retry-After", ""))
    words = f"{answer.request.url} is refused: {answer.status_code} {answer.reason_phrase}"
    if wait and wait > timedelta(seconds=LONGEST_WAIT):
        return f"{words}, and to be asked again in {wait.total_seconds():,.0f} s; do so then."
    if answer.status_code in AGAIN:
        return f"{words}, {ATTEMPTS} times; try again later."
    return f"{words}; look whether the address has changed."
