"""Speaks HTTP with a SPARQL 1.1 engine.

httpx, because it knows digest authentication, which Virtuoso asks for, streams answers, keeps connections and is typed.
"""

import os
import re
import time
import weakref
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import httpx

from graph.errors import QueryError, QuerySyntaxError, SettingError, StoreError
from graph.settings import Settings
from graph.store.syntax import POSITION

CONNECT = 5.0  # seconds
TRIES = 3
PAUSE = 0.2  # seconds before the second try, twice as many before the third
BUSY = frozenset({httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE})
BLOCK = 1 << 16
CHANGE = 600.0  # seconds that the engine may take for a change
PREFIX = "sparql+"
LINE = re.compile(r"\bline (\d+)")
WORDS = 600


@dataclass(frozen=True)
class Addresses:
    """Where an engine takes queries, updates, and graphs (SPARQL 1.1 Graph Store HTTP Protocol; empty if nowhere)."""

    query: str
    update: str
    graphs: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the addresses of the settings; raise SettingError if one is no address."""
        query = _address("CONVOCATION_STORE", settings.store)
        update = _address("CONVOCATION_STORE_UPDATE", settings.store_update or settings.store)
        graphs = settings.store_graphs and _address("CONVOCATION_STORE_GRAPHS", settings.store_graphs)
        return cls(query, update, graphs)


def _address(name: str, text: str) -> str:
    address = text.removeprefix(PREFIX)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or (name == "CONVOCATION_STORE" and address == text):
        raise SettingError(f"{name} is {text!r}, which is no address; write sparql+http://<host>:<port>/<path>.")
    if parts.username or parts.password:
        hint = "set CONVOCATION_STORE_USER and CONVOCATION_STORE_PASSWORD"
        raise SettingError(f"{name} holds a user name, which would appear in messages; {hint} instead.")
    return address


class Challenged(httpx.Auth):
    """Gives the name and password only where an address asks for them: by digest, else plainly (RFC 7616, RFC 7617)."""

    def __init__(self, user: str, password: str) -> None:
        self.kinds = {"digest": httpx.DigestAuth(user, password), "basic": httpx.BasicAuth(user, password)}
        self.chosen: dict[str, httpx.Auth] = {}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request, and once more with credentials where it was refused without."""
        place = f"{request.url.host}:{request.url.port}{request.url.path}"
        if place not in self.chosen:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            offers = [each.lower() for each in response.headers.get_list("www-authenticate")]
            self.chosen[place] = self.kinds["digest" if any("digest" in each for each in offers) else "basic"]
        yield from self.chosen[place].auth_flow(request)


@dataclass
class Connection:
    """A connection to an engine; each process that is forked from this one makes its own."""

    addresses: Addresses
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 30.0
    _clients: dict[int, httpx.Client] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings, seconds: float | None = None) -> Self:
        """Return the connection of the settings; an answer may take `seconds`, by default as long as a query."""
        most = seconds or settings.query_seconds
        return cls(Addresses.of(settings), settings.store_user, settings.store_password, most)

    @property
    def client(self) -> httpx.Client:
        """The client of this process."""
        if os.getpid() not in self._clients:
            auth = Challenged(self.user, self.password) if self.user else None
            times = httpx.Timeout(self.seconds, connect=min(CONNECT, self.seconds))
            client = httpx.Client(auth=auth, timeout=times, trust_env=False)
            weakref.finalize(self, client.close)
            self._clients = {os.getpid(): client}
        return self._clients[os.getpid()]

    def query(self, pairs: Mapping[str, str | Sequence[str]], accept: str) -> httpx.Response:
        """Send a query, return the unread answer; raise QueryError if it is refused, StoreError for other failures."""
        address = self.addresses.query
        request = self.client.build_request("POST", address, data=dict(pairs), headers={"Accept": accept})
        return self._send(request, stream=True)

    def update(self, text: str) -> None:
        """Send an update, which must be one that can be sent twice; raise StoreError as for a query."""
        request = self.client.build_request("POST", self.addresses.update, data={"update": text})
        self._change(request)

    def put(self, graph: str, triples: bytes, *, more: bool = False) -> None:
        """Replace a graph by triples, or add more to it; raise StoreError as for a query."""
        kind = {"Content-Type": "application/n-triples"}
        where = {"graph": graph}
        method = "POST" if more else "PUT"
        self._change(
            self.client.build_request(method, self.addresses.graphs, params=where, content=triples, headers=kind)
        )

    def _change(self, request: httpx.Request) -> None:
        request.extensions["timeout"] = httpx.Timeout(CHANGE, connect=CONNECT).as_dict()
        try:
            self._send(request, stream=False)
        except QueryError as error:
            raise StoreError(str(error)) from error

    def _send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        """Send a request, again where that can help; every request of ours means the same when it comes twice."""
        begun = time.monotonic()
        for turn in range(TRIES):
            last = turn == TRIES - 1 or time.monotonic() - begun > self.seconds / 2
            try:
                response = self.client.send(request, stream=stream)
            except httpx.TransportError as error:
                if last or isinstance(error, httpx.ReadTimeout):
                    raise unreachable(request.url, error) from error
            else:
                if last or response.status_code not in BUSY:
                    return checked(response)
                response.close()
            time.sleep(PAUSE * 2**turn)
        raise AssertionError


def blocks(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body of an answer, and close it at its end; raise StoreError if it breaks off."""
    try:
        yield from response.iter_bytes(BLOCK)
    except httpx.TransportError as error:
        raise unreachable(response.url, error) from error
    finally:
        response.close()


def unreachable(address: httpx.URL, error: httpx.TransportError) -> StoreError:
    """Return the error that says which address does not answer and what to do."""
    hint = "see that the engine runs there, or change CONVOCATION_STORE"
    reason = str(error) or type(error).__name__
    return StoreError(f"{_named(address)} does not answer: {reason.rstrip('.')}; {hint}.")


def checked(response: httpx.Response) -> httpx.Response:
    """Return a successful answer; raise QueryError if the query is refused, StoreError for other failures."""
    if response.is_success:
        return response
    try:
        words = " ".join(response.read().decode(errors="replace").partition("SPARQL query:")[0].split())[:WORDS]
    except httpx.TransportError as error:
        raise unreachable(response.url, error) from error
    finally:
        response.close()
    code = f"{response.status_code} {response.reason_phrase}"
    match response.status_code:
        case httpx.codes.BAD_REQUEST:
            raise _refused(words)
        case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN:
            hint = "set CONVOCATION_STORE_USER and CONVOCATION_STORE_PASSWORD to a user who may do this"
        case httpx.codes.NOT_FOUND | httpx.codes.METHOD_NOT_ALLOWED:
            hint = "set CONVOCATION_STORE, CONVOCATION_STORE_UPDATE and CONVOCATION_STORE_GRAPHS to its addresses"
        case _:
            hint = "see the log of the engine"
    raise StoreError(f"{_named(response.url)} answers {code}: {words or 'nothing'}; {hint}.")


def _refused(words: str) -> QueryError:
    found = POSITION.search(words)
    if found:
        line, column = int(found["line"]), int(found["column"])
        return QuerySyntaxError(f"This is not SPARQL 1.1: line {line}, column {column}: {found['words']}", line, column)
    if found := LINE.search(words):
        return QuerySyntaxError(f"This is not SPARQL 1.1: {words}", int(found[1]))
    return QueryError(f"The engine refuses the query: {words}")


def _named(address: httpx.URL) -> str:
    return f"The engine at {address.copy_with(query=None)}"
