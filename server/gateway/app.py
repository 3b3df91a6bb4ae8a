"""The ASGI callable: queries to the endpoint are answered here, all other requests by Flask."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from graph.errors import ConvocationError
from graph.settings import Settings
from server.caching import SAFE, Cache, Keeper, Kept
from server.compression import ENCODERS, LEAST
from server.engine.client import Engine, LeftError
from server.engine.spool import Room
from server.gateway.exchange import Exchange, GoneError
from server.gateway.flask_bridge import FlaskBridge
from server.headers import FIXED
from server.logs import CutOffError, Log, cut_off
from server.media import HTML
from server.protocol import WITH_BODY, Sent, parameters
from server.querying import Asked, Begun, Outcome, headers, read, resolve
from server.rates import Rates
from server.serving import Serving
from server.updates import is_update, may_write

ENDPOINT = "sparql.endpoint"  # as metrics name it


@dataclass
class Gateway:
    """Answers every request of a process."""

    flask: Flask
    bridge: FlaskBridge
    room: Room

    def __post_init__(self) -> None:
        config = self.flask.config
        self.settings: Settings = config["SETTINGS"]
        self.engine: Engine = config["ENGINE"]
        self.cache: Cache = config["CACHE"]
        self.serving: Serving = config["SERVING"]
        self.rates: Rates = config["RATES"]
        self.log: Log = config["LOG"]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request (ASGI 3)."""
        exchange = Exchange(scope, receive, send, self.settings, self.room)
        try:
            await self._answer(exchange)
        except (GoneError, LeftError) as error:
            exchange.record.error = str(error) or "The client left, or did not send its request in time."
            exchange.record.status = 408
            self.log.write(exchange.record)
        except CutOffError:
            pass  # is logged; returning now lets the server break the connection

    async def _answer(self, exchange: Exchange) -> None:
        body, outcome = b"", None
        try:
            exchange.check()
            body = await exchange.body(self._most(exchange))
            if exchange.has_query and (asked := self._asked(exchange, body)):
                outcome = await resolve(asked, self.engine, self.cache, exchange.caller)
                if not _is_page(asked, outcome):
                    await self._send(exchange, asked, outcome)
                    return
                await self.bridge.answer(exchange, body, (asked, outcome))
                return
        except LeftError:
            raise
        except ConvocationError as error:  # Flask words it, and asks nothing again
            if exchange.is_begun:
                raise
            await self.bridge.answer(exchange, b"", error)
            return
        await self.bridge.answer(exchange, body)

    def _most(self, exchange: Exchange) -> int:
        """Return how many bytes the body may have: more for a client that may write."""
        writes = may_write(exchange.headers.get("authorization", ""), self.settings)
        return (self.settings.write_size if writes else self.settings.body_size) << 20

    def _asked(self, exchange: Exchange, body: bytes) -> Asked | None:
        """Return the query of a request to the endpoint; None if it brings none and Flask is to answer.

        Raises:
            ConvocationError: it is refused.
        """
        scope, get = exchange.scope, exchange.headers.get
        exchange.record.is_counted = True
        self.rates.hit(exchange.address)
        if scope["method"] not in (*SAFE, *WITH_BODY):
            return None
        sent = Sent(
            scope["method"],
            scope["query_string"],
            lambda: body,
            get("content-type", ""),
            get("accept", ""),
            get("accept-encoding", ""),
            get("if-none-match", ""),
            get("x-convocation-timeout", ""),
            scope["path"].removeprefix("/sparql").lstrip(".") or None,
        )
        if sent.method == "POST" and is_update(sent, parameters(sent)):
            return None
        asked = read(sent, self.settings, self.serving.now().version)
        if asked:
            exchange.record.endpoint, exchange.record.query = ENDPOINT, asked.question.text
        return asked

    async def _send(self, exchange: Exchange, asked: Asked, outcome: Outcome) -> None:
        found = [*headers(asked, outcome, safe=exchange.scope["method"] in SAFE), *FIXED]
        exchange.record.version = dict(found)["X-Convocation-Version"]
        try:
            if outcome is None:
                await exchange.answer(304, found, b"")
            elif isinstance(outcome, Kept):
                packed = asked.encoding if asked.encoding and len(outcome.body) >= LEAST else None
                body = outcome.packed(packed) if packed else outcome.body
                await exchange.answer(200, [*found, *_encoded(packed)], body)
            else:
                await self._stream(exchange, asked, outcome, found)
        except ConvocationError as error:
            if not exchange.is_begun:
                raise
            cut_off(exchange.record, error)
        finally:
            if isinstance(outcome, Begun):
                outcome.answer.close()
            if exchange.is_begun:
                self.log.write(exchange.record)

    async def _stream(self, exchange: Exchange, asked: Asked, begun: Begun, found: list[tuple[str, str]]) -> None:
        tag = asked.tag if begun.answer.version == asked.question.version else None
        keeper = Keeper(self.cache, tag, begun.answer.is_graph, begun.answer.version)
        if exchange.scope["method"] == "HEAD":
            await exchange.begin(200, found)
            await exchange.write(b"", more=False)
            return
        encoder = ENCODERS[asked.encoding]() if asked.encoding else None

        async def blocks() -> AsyncIterator[bytes]:
            block = begun.first
            while block:
                if exchange.caller.is_gone:
                    raise GoneError
                keeper.add(block)
                yield encoder.encode(block) if encoder else block
                block = await begun.answer.read()
            keeper.done()
            if encoder:
                yield encoder.end()

        await exchange.answer(200, [*found, *_encoded(asked.encoding)], blocks())


def _is_page(asked: Asked, outcome: Outcome) -> bool:
    """Return whether Flask is to show the answer as a page."""
    if outcome is None:
        return False
    is_graph = outcome.is_graph if isinstance(outcome, Kept) else outcome.answer.is_graph
    return asked.wanted.media(is_graph=is_graph) is HTML


def _encoded(name: str | None) -> list[tuple[str, str]]:
    return [("Content-Encoding", name)] if name else []
