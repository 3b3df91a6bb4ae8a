"""Speaks HTTP with a SPARQL 1.1 engine.

httpx, because it knows digest authentication, which Virtuoso asks for, streams answers, keeps connections and is typed.
"""

import os
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import httpx

from graph.errors import QueryError, StoreError
from graph.remote.addresses import Addresses, Challenged
from graph.remote.refusals import checked, unreachable
from graph.settings import Settings

CONNECT = 5.0  # seconds
TRIES = 3
PAUSE = 0.2  # seconds before the second try, twice as many before the third
BUSY = frozenset({httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE})
BLOCK = 1 << 16
CHANGE = 600.0  # seconds that the engine may take for a change


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
        """Send a query; the answer is still to be read.

        Raises:
            StoreError: the engine cannot be reached, or does not answer as it should.
            QueryError: it refuses the query.
        """
        address = self.addresses.query
        request = self.client.build_request("POST", address, data=dict(pairs), headers={"Accept": accept})
        return self._send(request, stream=True)

    def update(self, text: str) -> None:
        """Send an update, which must be one that can be sent twice.

        Raises:
            StoreError: as for a query.
        """
        request = self.client.build_request("POST", self.addresses.update, data={"update": text})
        self._change(request)

    def put(self, graph: str, triples: bytes, *, more: bool = False) -> None:
        """Replace a graph by triples, or add more to it.

        Raises:
            StoreError: as for a query.
        """
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
