"""Asks other hosts: those that are allowed, at no private address unless by name, in bounded time and size."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from threading import Event, Timer
from urllib.parse import urljoin, urlsplit

from graph.errors import RemoteServiceError

BLOCK = 1 << 16
REDIRECTS = (
    301,
    302,
    307,
    308,
)  # behind which a query is sent again as it was, whatever its method (as GET 303 would be)
MOST_REDIRECTS = 4


@dataclass(frozen=True)
class OutboundLimits:
    """Limits of a call: seconds, bytes, allowed private hosts, and the settings that its errors name."""

    seconds: float
    size: int
    private: frozenset[str] = frozenset()
    names: tuple[str, str] = ("CONVOCATION_SERVICE_SECONDS", "CONVOCATION_SERVICE_SIZE")


@dataclass(frozen=True)
class OutboundRequest:
    """A request to another host."""

    address: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    allowed: frozenset[str] = frozenset()  # where it may be led to by a redirect


@dataclass(frozen=True)
class Reply:
    """The whole answer to a call, and where it came from; that of a redirect, where it leads."""

    status: int
    content_type: str
    body: bytes
    location: str = ""


def call(request: OutboundRequest, reach: OutboundLimits) -> Reply:
    """Send a request, where it is led to and may go; raise RemoteServiceError if it fails or passes a limit."""
    for _ in range(MOST_REDIRECTS):
        reply = _called(request, reach)
        if reply.status not in REDIRECTS:
            break
        request = replace(request, address=_led(request, reply))
    if not 200 <= reply.status < 300:  # noqa: PLR2004 - a success
        words = reply.body[:200].decode(errors="replace").strip()
        raise RemoteServiceError(f"{request.address} answered with status {reply.status}: {words or 'no words'}.")
    return replace(reply, location=request.address)


def _led(request: OutboundRequest, reply: Reply) -> str:
    """Return where a redirect leads; raise RemoteServiceError unless that is allowed, or the same by https."""
    target = urljoin(request.address, reply.location)
    if target in request.allowed or target == request.address.replace("http://", "https://", 1) != request.address:
        return target
    hint = "ask the operator to allow that address instead"
    raise RemoteServiceError(f"{request.address} leads to {target or 'nowhere'} (status {reply.status}); {hint}.")


def _called(request: OutboundRequest, reach: OutboundLimits) -> Reply:
    parts, begun = urlsplit(request.address), time.monotonic()
    kind = _Secure if parts.scheme == "https" else _Plain
    connection = kind(parts.hostname or "", parts.port or kind.default_port, timeout=reach.seconds)
    connection.reach = reach
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(connection):
        try:
            connection.connect()
            reply = _exchange(connection, request, target, reach)
        except (OSError, ValueError, http.client.HTTPException) as error:
            if time.monotonic() - begun >= reach.seconds * 0.98:
                words = f"{request.address} did not answer within {reach.seconds:g} s; ask it for less"
                raise RemoteServiceError(f"{words}.", reach.names[0], f"{reach.seconds:g} s") from error
            raise RemoteServiceError(f"{request.address} cannot be asked: {error}.") from error
    return reply


def _exchange(connection: "_Plain | _Secure", request: OutboundRequest, target: str, reach: OutboundLimits) -> Reply:
    sock: socket.socket = connection.sock
    late = Event()
    timer = Timer(reach.seconds, _shut, [sock, late])
    timer.daemon = True
    timer.start()
    try:
        connection.request(request.method, target, request.body, dict(request.headers))
        response = connection.getresponse()
        body = response.read(reach.size + 1)
        if len(body) > reach.size:
            size = f"{reach.size / (1 << 20):g} MB"
            words = f"{request.address} answers with more than {size}; ask it for less"
            raise RemoteServiceError(f"{words}.", reach.names[1], size)
        if response.length or late.is_set():
            raise http.client.IncompleteRead(body, response.length)
        location = response.getheader("Location", "")
        return Reply(response.status, response.getheader("Content-Type", ""), body, location)
    finally:
        timer.cancel()


def _shut(sock: socket.socket, late: Event) -> None:
    late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def connected(host: str, port: int, reach: OutboundLimits) -> socket.socket:
    """Connect to an address that was checked; raise RemoteServiceError if it is private, OSError if unreachable."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if host not in reach.private:
        addresses = [each for each in addresses if _is_public(each)]
    if not addresses:
        hint = "ask the operator to add it to CONVOCATION_PRIVATE_HOSTS"
        raise RemoteServiceError(f"{host} is at a loopback or private address and not asked from here; {hint}.")
    return socket.create_connection((addresses[0], port), timeout=reach.seconds)


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)


class _Plain(http.client.HTTPConnection):
    reach: OutboundLimits

    def connect(self) -> None:
        self.sock = connected(self.host, self.port, self.reach)


class _Secure(http.client.HTTPSConnection):
    reach: OutboundLimits

    def connect(self) -> None:
        plain = connected(self.host, self.port, self.reach)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
