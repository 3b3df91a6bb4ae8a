"""The process that writes: applies one change after the other; `python -m server.engine.writer <socket fd>`.

A change that passes its deadline is ended by the kernel's timer, one that passes its memory by the kernel's limit, and
the process with it; nothing was published then, and the next change starts another process.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module

from graph.errors import ConvocationError, QueryError
from graph.federation.loading import fetcher, loaded
from graph.federation.outbound import OutboundLimits
from graph.settings import Settings
from graph.system.agent import user_agent
from graph.updates.writer import Change, Payload, Writer
from graph.versions.home import Home
from server.engine.failures import error_facts
from server.engine.frames import DATA, ERROR, HEAD, receive, send
from server.engine.process import limit, used
from server.engine.relay import relayed


def send_change(peer: socket.socket, change: Change) -> None:
    """Send a change: its facts in one frame, its payloads in one each."""
    suffixes = [payload.suffix for payload in change.payloads]
    send(peer, HEAD, json.dumps(asdict(change) | {"payloads": suffixes}).encode())
    for payload in change.payloads:
        send(peer, DATA, payload.data)


def orders(peer: socket.socket) -> Iterator[Change]:
    """Yield the changes that are sent, until the other side ends."""
    frames = receive(peer)
    for _, body in frames:
        given = json.loads(body)
        payloads = tuple(Payload(suffix, next(frames)[1]) for suffix in given["payloads"])
        yield Change(**given | {"payloads": payloads})


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Kill this process if the block takes longer than some seconds."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def reaching(text: str, settings: Settings) -> Iterator[str]:
    """Yield the update with LOAD and SERVICE resolved; raise RemoteServiceError if another host does not answer."""
    reach = OutboundLimits(
        settings.service_seconds, settings.service_size << 20, frozenset(settings.private_hosts.split())
    )
    with relayed(
        loaded(text, fetcher(reach, frozenset(settings.loads.split()), user_agent(settings.contact))), settings
    ) as relay:
        try:
            yield relay.text
        except QueryError as error:
            raise relay.failure or error from None


def serve(peer: socket.socket, writer: Writer, most: int) -> None:
    """Apply the changes that are sent, until this process has more than `most` bytes of data (0: no limit)."""
    for change in orders(peer):
        try:
            outcome = writer.write(change)
        except ConvocationError as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(peer, ERROR, json.dumps(error_facts(error)).encode())
        else:
            send(peer, HEAD, json.dumps(asdict(outcome)).encode())
        if most and used() > most:
            return


def main() -> None:
    """Apply the changes sent to the socket whose file descriptor is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    settings = Settings.from_environment()
    memory, seconds = settings.query_memory << 20, settings.query_seconds
    writer = Writer(Home(settings.folder), wait=seconds, limited=lambda given: within(given or seconds))
    if settings.validate == "yes":  # what it imports takes a second and 40 MB
        writer.validate = import_module("graph.updates.validation").validate
    writer.reaching = lambda text: reaching(text, settings)
    limit(memory)
    try:
        serve(socket.socket(fileno=int(sys.argv[1])), writer, memory and used() + memory // 2)
    except MemoryError:
        os.abort()  # as the engine does where it gets no memory
    except OSError:
        pass  # the web process ended
    finally:
        writer.close()


if __name__ == "__main__":
    main()
