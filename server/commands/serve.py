"""`convocation serve`: the production server."""

import os
import socket
import sys
from dataclasses import fields, replace
from functools import partial
from typing import NoReturn

import click

from graph.build import Inputs
from graph.errors import SettingError
from graph.remote.marker import home_of, open_version
from graph.remote.publish import build_for
from graph.settings import Settings, base_option, home_option, variable
from graph.versions.home import Version
from server.http.logs import logger
from server.http.manifest import warn_of_assets
from server.http.serving import prefix, warn_of_base

BACKLOG = 2048  # connections waiting to be accepted


def table() -> str:
    """Return every setting with its default and effect, for the help."""
    rows = ((variable(each), each.default, each.metadata["effect"]) for each in fields(Settings))
    lines = (f"  {name}={default}\n      {effect}" for name, default, effect in rows)
    return "\b\nSettings are environment variables, here with their defaults:\n" + "\n".join(lines)


@click.command(name="serve", epilog=table())
@click.option("--host", help="Address to listen on (CONVOCATION_HOST).")
@click.option("--port", help="Port to listen on (CONVOCATION_PORT).")
@base_option
@home_option
def command(**given: str | None) -> None:
    """Serve the graph over HTTP.

    Builds the bundled graph first if there is no version yet.
    """
    settings = Settings.from_environment().changed(**given)
    logger(settings.access_log)  # reports here if the file cannot be written
    with listen(settings) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        version = _version(settings)
        open_version(home_of(settings), version)  # reports here if the store cannot be read
        warn_of_base(version, settings)
        warn_of_assets()
        address = settings.address.rstrip("/") + prefix(version.base) + "/"
        click.echo(f"Convocation serves version {version.number} at {address}  (stop with Ctrl-C)")
        sys.stdout.flush()
        supervise(settings, listener)


def supervise(settings: Settings, listener: socket.socket) -> NoReturn:
    """Replace this process by the supervisor, which needs a third of the memory because it imports little."""
    listener.set_inheritable(True)
    command = [sys.executable, "-P", "-m", "server.supervisor", str(listener.fileno())]
    os.execve(command[0], command, os.environ | settings.environment)  # noqa: S606 - our own module


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens at the address of the settings; raise SettingError if that is impossible."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        hint = f"stop what listens there, or choose another port, such as --port {settings.port % 65535 + 1}"
        raise SettingError(f"{settings.address} cannot be listened on: {reason}; {hint}.") from error
    return listener


def _version(settings: Settings) -> Version:
    home = home_of(settings)
    version = home.current()
    if version is None:
        click.echo(f"There is no graph in {home} yet; building the bundled one.", err=True)
        build = partial(build_for, home, settings.namespace, Inputs.bundled())
        version = build(lambda words: click.echo(f"  {words}", err=True))
    return version
