"""The ASGI callable: queries to the endpoint are answered here, all other requests by Flask."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask

from graph.errors import ConvocationError
from graph.settings import Settings
from server.engine.client import Engine
from server.engine.failures import BusyError, LeftError
from server.engine.spool import Room
from server.gateway.exchange import Exchange
from server.gateway.flask_bridge import FlaskBridge
from server.http.caching import SAFE, Cache, CachedAnswer
from server.http.compression import LEAST, encoded
from server.http.errors import refusal
from server.http.headers import FIXED
from server.http.logs import CutOffError, Log, cut_off
from server.http.rates import Rates
from server.http.serving import Serving, prefix, within
from server.sparql.protocol import WITH_BODY, Sent, parameters
from server.sparql.querying import Outcome, PreparedQuery, StartedQuery, blocks, headers, is_page, read, resolve
from server.sparql.updates import is_update


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
        """Answer a request (ASGI 3); to return before its last byte lets the server break the connection."""
        exchange = Exchange(scope, receive, send, self.settings, self.room)
        try:
            await self._answer(exchange)
        except (CutOffError, asyncio.CancelledError):
            pass  # the client sees an answer without an end
        except ConvocationError as error:
            if exchange.is_begun:
                cut_off(exchange.record, error)
            else:  # no thread of Flask could word it
                exchange.record.error = str(error)
                await exchange.answer(*refusal(error))
        finally:
            self.log.write(exchange.record)

    async def _answer(self, exchange: Exchange) -> None:
        body, done, outcome = b"", cast("object", None), cast("Outcome", None)
        try:
            exchange.check()
            body = await exchange.body()
            if asked := await self._asked(exchange, body):
                outcome = await resolve(asked, self.engine, self.cache, exchange.caller)
                if not is_page(asked, outcome):
                    await self._send(exchange, asked, outcome)
                    return
                done = asked, outcome
            await self.bridge.answer(exchange, body, done)
        except ConvocationError as error:
            if exchange.is_begun or isinstance(error, LeftError | BusyError):
                raise
            await self.bridge.answer(exchange, b"", error)  # Flask words what came of it, and asks nothing again
        finally:
            if isinstance(outcome, StartedQuery):
                outcome.answer.close()

    async def _asked(self, exchange: Exchange, body: bytes) -> PreparedQuery | None:
        """Return the query of a request to the endpoint, None for other requests; raise ConvocationError to refuse."""
        method, query, path = exchange.scope["method"], exchange.scope["query_string"], exchange.scope["path"]
        if "/sparql" not in path or method not in (*SAFE, *WITH_BODY):
            return None
        now = self.serving.now  # which asks another engine over the network, if one keeps the graph
        version = (await asyncio.to_thread(now) if self.settings.store else now()).version
        name, _, suffix = within(path, prefix(version.base)).partition(".")
        if name != "/sparql" or "/" in suffix:
            return None
        exchange.record.is_counted = True
        self.rates.hit(exchange.address)
        sent = Sent.of(method, query, exchange.headers.get, lambda: body, suffix or None)
        if method == "POST" and is_update(sent, parameters(sent)):
            return None
        asked = read(sent, self.settings, version)
        if asked:
            exchange.record.endpoint, exchange.record.query = "sparql.endpoint", asked.question.text
        return asked

    async def _send(self, exchange: Exchange, asked: PreparedQuery, outcome: Outcome) -> None:
        found = [*headers(asked, outcome, exchange.record.begun, safe=exchange.scope["method"] in SAFE), *FIXED]
        exchange.record.version = dict(found)["X-Convocation-Version"]
        small = isinstance(outcome, CachedAnswer) and len(outcome.body) < LEAST
        name = None if outcome is None or small else asked.encoding
        found += [("Content-Encoding", name)] if name else []
        if outcome is None:
            await exchange.answer(304, found, b"")
        elif isinstance(outcome, CachedAnswer):
            await exchange.answer(200, found, outcome.packed(name) if name else outcome.body)
        elif exchange.scope["method"] == "HEAD":
            await exchange.answer(200, found, b"")
        else:
            rest = blocks(asked, outcome, self.cache, exchange.caller)
            await exchange.answer(200, found, encoded(rest, name) if name else rest)
