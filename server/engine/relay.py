"""Forwards the SERVICE calls of a query to their endpoints, within limits of time and size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from graph.errors import RemoteServiceError
from graph.federation.outbound import OutboundLimits, OutboundRequest, Reply, call
from graph.policy import asking, decide, redirected
from graph.settings import Settings

PASSED_ON = ("Accept", "Content-Type", "User-Agent")


@dataclass
class Relay:
    """The calls of one query: the text to evaluate instead, the endpoint of each path, and the first failure."""

    text: str
    settings: Settings
    peers: dict[str, str] = field(default_factory=dict)
    failure: RemoteServiceError | None = None

    def forward(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Forward a call to its endpoint."""
        settings = self.settings
        reach = OutboundLimits(
            settings.service_seconds, settings.service_size << 20, frozenset(settings.private_hosts.split())
        )
        try:
            self._check(self.peers[path])
            return call(OutboundRequest(self.peers[path], "POST", headers, body), reach)
        except RemoteServiceError as error:
            self.failure = self.failure or error
            return Reply(502, "text/plain; charset=utf-8", str(error).encode())

    def _check(self, peer: str) -> None:
        """Raise RemoteServiceError for an endpoint that is not allowed; a SERVICE SILENT may name one."""
        if peer not in self.settings.services.split():
            raise RemoteServiceError(
                f"SERVICE <{peer}> is not allowed; ask the operator to add it to CONVOCATION_SERVICES."
            )


@contextmanager
def relayed(text: str, settings: Settings) -> Iterator[Relay]:
    """Yield a relay for the endpoints that a query calls, if any; raise RefusedError if it calls out elsewhere.

    The embedded engine has no time or size limit for SERVICE; `graph.federation.outbound` has.
    """
    relay = Relay(text, settings)
    calls = () if settings.store else decide(text, frozenset(settings.services.split())).targets
    if not calls:
        yield relay
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(relay))
    here = f"http://127.0.0.1:{server.server_address[1]}"
    relay.peers = {f"/{place}": target for place, target in enumerate(sorted({each.iri for each in calls}))}
    addresses = {target: here + path for path, target in relay.peers.items()}
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
            headers = {name: value for name in PASSED_ON if (value := self.headers.get(name))}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = relay.forward(self.path, headers, body)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Log nothing: the query has its own log line."""

    return Handler
