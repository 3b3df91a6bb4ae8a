"""The web process: uvicorn around the gateway; `python -P -m server.web <listener fd> <engine socket>`."""

import asyncio
import logging
import resource
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn
import uvloop

from graph.settings import Settings
from server import warming
from server.application import create_app
from server.engine.client import Engine
from server.engine.pool import end_with_parent
from server.engine.turns import Turns
from server.gateway.app import Gateway
from server.gateway.connection import ClientConnection
from server.gateway.flask_bridge import FlaskBridge
from server.http.logs import Log

GATHER = 0.1  # seconds for which log lines and counts are gathered
QUEUE = 20  # requests that may wait for each thread
IDLE = 15  # seconds for which a connection stays open without a request


def grace(settings: Settings) -> int:
    """Return how many seconds a request may take to end when the server stops: every query ends by then."""
    return settings.query_seconds + 2


def gateway(settings: Settings, listener: socket.socket, engine: str) -> Gateway:
    """Return the gateway of this process."""
    app = warming.ready(create_app(settings, engine))
    warming.start(app)
    asked: Engine = app.config["ENGINE"]
    threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="flask")
    turns = Turns(settings.threads, settings.threads * QUEUE)
    bridge = FlaskBridge(app, threads, turns, listener.getsockname()[:2])
    return Gateway(app, bridge, asked.room)


async def serve(settings: Settings, listener: socket.socket, engine: str) -> None:
    """Serve until stopped by a signal."""
    ClientConnection.seconds = settings.client_seconds
    options: dict[str, Any] = {
        "http": ClientConnection,
        "ws": "none",
        "lifespan": "off",
        "interface": "asgi3",
        "log_config": None,
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "timeout_keep_alive": IDLE,
        "timeout_graceful_shutdown": grace(settings),
    }
    app = gateway(settings, listener, engine)
    app.engine.loop = asyncio.get_running_loop()
    log: Log = app.log
    log.is_gathered = True

    async def flush() -> None:
        while True:
            await asyncio.sleep(GATHER)
            app.engine.count()
            log.flush()

    flushing = asyncio.create_task(flush())
    try:
        await uvicorn.Server(uvicorn.Config(app, **options)).serve(sockets=[listener])
    finally:
        flushing.cancel()
        log.flush()


def main() -> None:
    """Serve on a listening socket and ask the engine behind another."""
    end_with_parent()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listener = socket.socket(fileno=int(sys.argv[1]))
    settings = Settings.from_environment()
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # refusals are in the access log
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises them again when it has stopped in order
        signal.signal(number, signal.SIG_IGN)
    uvloop.run(serve(settings, listener, sys.argv[2]))


if __name__ == "__main__":
    main()
