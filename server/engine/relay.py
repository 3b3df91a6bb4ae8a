"""Forwards the SERVICE calls of a query to their endpoints, with what it knows, in bounded time and size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from graph.errors import RemoteServiceError
from graph.federation.answers import ACCEPT, joined, results
from graph.federation.bindings import Values, values_for
from graph.federation.outbound import OutboundLimits, OutboundRequest, Reply, call
from graph.policy import RemoteCall, asking, decide, redirected
from graph.settings import Settings
from graph.store import Store
from graph.system.agent import user_agent


@dataclass
class Relay:
    """The calls of one query: the text to evaluate instead, the call of each path, and the first failure.

    `store` is what the query is asked of, if it may be asked what the query knows.
    """

    original: str
    settings: Settings
    store: Store | None = None
    text: str = ""
    calls: dict[str, RemoteCall] = field(default_factory=dict)
    answered: dict[tuple[str, bytes], Reply] = field(default_factory=dict)
    failure: RemoteServiceError | None = None

    def forward(self, path: str, body: bytes) -> Reply:
        """Ask the endpoint of a call; the engine may ask the same again for each row."""
        known = self.answered.get((path, body))
        if known is None:
            try:
                known = self._asked(self.calls[path], body)
            except RemoteServiceError as error:
                # another one, since the frames of the first hold rows of this thread, which no other thread may drop
                self.failure = self.failure or RemoteServiceError(str(error), error.limit, error.value)
                known = Reply(502, "text/plain; charset=utf-8", str(error).encode())
            self.answered[path, body] = known
        return known

    def _asked(self, remote: RemoteCall, body: bytes) -> Reply:
        services = frozenset(self.settings.services.split())
        if remote.iri not in services:  # one that is SILENT may name it
            hint = "ask the operator to add it to CONVOCATION_SERVICES"
            raise RemoteServiceError(f"SERVICE <{remote.iri}> is not allowed; {hint}.")
        values = values_for(self.original, remote, self.store) if self.store else None
        questions = [body] if values is None else [body + each.encode() for each in values.batches()]
        answers = [results(remote.iri, self._called(remote.iri, each, services)) for each in questions]
        return joined(answers or [_none(values)])

    def _called(self, peer: str, body: bytes, allowed: frozenset[str]) -> Reply:
        settings = self.settings
        private = frozenset(settings.private_hosts.split())
        reach = OutboundLimits(settings.service_seconds, settings.service_size << 20, private)
        agent = user_agent(settings.contact)
        headers = {"Accept": ACCEPT, "Content-Type": "application/sparql-query", "User-Agent": agent}
        words = settings.mirrors.split()
        address = dict(zip(words[::2], words[1::2], strict=True)).get(peer, peer)
        return call(OutboundRequest(address, "POST", headers, body, allowed), reach)


def _none(values: Values | None) -> dict[str, dict[str, list[str]]]:
    """Return the answer of an endpoint that need not be asked, since nothing here could be joined with it."""
    return {"head": {"vars": list(values.variables) if values else []}, "results": {"bindings": []}}


@contextmanager
def relayed(text: str, settings: Settings, store: Store | None = None) -> Iterator[Relay]:
    """Yield a relay for the endpoints that a query calls, if any; raise RefusedError if it calls out elsewhere.

    The embedded engine has no time or size limit for SERVICE; `graph.federation.outbound` has.
    """
    relay = Relay(text, settings, store, text)
    calls = () if settings.store else decide(text, frozenset(settings.services.split())).targets
    if not calls:
        yield relay
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(relay))
    here = f"http://127.0.0.1:{server.server_address[1]}"
    relay.calls = {f"/{place}": each for place, each in enumerate(calls)}
    addresses = {each: here + path for path, each in relay.calls.items()}
    relay.text = redirected(text, addresses)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        with asking(frozenset(addresses.values())):
            yield relay
    finally:
        server.shutdown()
        server.server_close()


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = relay.forward(self.path, body)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Log nothing: the query has its own log line."""

    return Handler
