"""Every setting: one field, its default and its effect; set by an environment variable CONVOCATION_<NAME>."""

import os
import re
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from graph.errors import SettingError, quoted

PREFIX = "CONVOCATION_"
MOST = 999_999_999  # of a setting that is a number
OF_BUILD = {
    "CONVOCATION_REQUIRE_ASSETS",
    "CONVOCATION_REQUIRE_BROWSER",
}  # of `server/frontend/assets.py`, which installs and does not serve
LICENSE = ('https?://[^\\s<>"{}|\\\\^`]+', "https://creativecommons.org/publicdomain/zero/1.0/")
RATE = (r"[1-9][0-9]*/([1-9][0-9]* ?)?(second|minute|hour|day)s?", "600/minute")


def words(default: str, effect: str, choices: tuple[str, ...] = (), form: tuple[str, str] | None = None) -> str:
    """Declare a setting that is a text, or one of some choices, or of a form (an expression and an example)."""
    value: str = field(default=default, metadata={"effect": effect, "choices": choices, "form": form})
    return value


def secret(effect: str) -> str:
    """Declare a setting that is not shown where settings are."""
    value: str = field(default="", repr=False, metadata={"effect": effect, "choices": (), "form": None})
    return value


def number(default: int, effect: str, least: int = 1, most: int = MOST) -> int:
    """Declare a setting that is a whole number of at least and at most so much."""
    value: int = field(default=default, metadata={"effect": effect, "least": least, "most": most})
    return value


@dataclass(frozen=True)
class Settings:
    """The settings of an operator."""

    base: str = words(
        "", "where the IRIs of things begin; without it as in the version that is there, else at the address served"
    )
    home: str = words("~/.local/share/convocation", "the folder that keeps the versions of the graph")
    wait: int = number(60, "how many seconds a command waits for a build or a write that is under way", least=0)
    store: str = words("", "the SPARQL 1.1 engine that keeps the graph, if not the home: sparql+http://host/path")
    store_update: str = words("", "where that engine takes updates, if elsewhere than queries")
    store_graphs: str = words("", "where it takes whole graphs (Graph Store Protocol); without, they go as updates")
    store_user: str = words("", "the user name for that engine, given where it asks (digest or basic)")
    store_password: str = secret("the password of that user")
    host: str = words("127.0.0.1", "the address to listen on")
    port: int = number(5000, "the port to listen on; 0 is any free one", least=0, most=65535)
    workers: int = number(1, "how many processes answer requests")
    threads: int = number(8, "how many pages one process makes at once; queries to the endpoint need none of these")
    memory: str = words(
        "auto", "whether the engine reads the graph into memory: yes, no, or auto", ("yes", "no", "auto")
    )
    queries: int = number(12, "how many queries run at once")
    waiting: int = number(32, "how many queries wait for their turn", least=0)
    query_seconds: int = number(30, "how many seconds a query may take")
    query_memory: int = number(2000, "how many MB of memory a query may take; 0 is without limit", least=0)
    query_size: int = number(0, "how many MB an answer may have; 0 is without limit", least=0)
    query_rows: int = number(0, "how many rows or triples an answer may have; 0 is without limit", least=0)
    queries_memory: int = number(
        0, "how many MB of memory all queries may take together; 0 is half of what the machine has", least=0
    )
    spool: int = number(1000, "how many MB of answers may wait on disk for clients that read slowly", least=0)
    body_size: int = number(2, "how many MB the body of a request may have, such as a query that is posted")
    services: str = words("", "the endpoints that queries may ask by SERVICE: their addresses, with spaces between")
    service_seconds: int = number(10, "how many seconds one call of a SERVICE may take")
    service_size: int = number(10, "how many MB the answer of a SERVICE may have")
    private_hosts: str = words(
        "",
        "the hosts at loopback or private addresses that may be asked all the same: their names, with spaces between",
    )
    client_seconds: int = number(30, "how many seconds a client may take to send its request, or to take in 64 kB")
    rate: str = words(
        "",
        "how many requests one client may send to each process, such as 600/minute; nothing is without limit",
        form=RATE,
    )
    proxies: int = number(0, "the number of trusted reverse proxies, which send X-Forwarded-For", least=0)
    access_log: str = words("-", "where each request is logged as a line of JSON: a file, - for standard output, or no")
    slow_seconds: int = number(5, "from how many seconds on a query is logged with its text; 0 is never", least=0)
    license: str = words(
        "https://www.apache.org/licenses/LICENSE-2.0",
        "the license of the data, which their description names",
        form=LICENSE,
    )
    metrics: str = words(
        "local",
        "readers of /metrics: local (this machine, or with the token), open (everybody), no (nobody)",
        ("local", "open", "no"),
    )
    cache: int = number(32, "how many MB of small answers one process keeps in memory; 0 is none", least=0)
    token: str = secret("the token that a client sends to write (Authorization: Bearer); without it nobody writes")
    validate: str = words("yes", "whether a write is checked against the shapes, and refused: yes or no", ("yes", "no"))
    loads: str = words("", "the documents that updates may load by LOAD: their addresses, with spaces between")
    write_size: int = number(100, "how many MB the body of a write may have")
    contact: str = words("", "the contact address sent in the User-Agent when fetching: of mail or of the web")
    offline: int = number(0, "1 lets no command ask the web: what was fetched before is used", least=0)
    page_size: int = number(50, "how many rows a page lists before it goes on to the next")

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings of the environment.

        Raises:
            SettingError: a variable begins with CONVOCATION_ and is not a setting, or has an unusable value.
        """
        known = {variable(each): each.name for each in fields(cls)}
        given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX) and name not in OF_BUILD}
        if unknown := sorted(given.keys() - known.keys()):
            raise SettingError(f"There is no setting {unknown[0]}; there are {', '.join(sorted(known))}.")
        return cls().changed(**{known[name]: value or None for name, value in given.items()})

    def changed(self, **given: str | None) -> Self:
        """Return the settings with the given texts in place of the old values.

        Raises:
            SettingError: a value cannot be used.
        """
        kinds = {each.name: each for each in fields(self)}
        values: dict[str, Any] = {name: _read(kinds[name], text) for name, text in given.items() if text is not None}
        return replace(self, **values)

    @property
    def folder(self) -> Path:
        """The home folder."""
        return Path(self.home).expanduser()

    @property
    def address(self) -> str:
        """The address that is served."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def namespace(self) -> str:
        """The base of the IRIs, which ends in a slash."""
        return (self.base or self.address).rstrip("/") + "/"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make these settings in another process."""
        return {variable(each): str(getattr(self, each.name)) for each in fields(self)}


def variable(setting: Field[Any]) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + setting.name.upper()


def _read(setting: Field[Any], text: str) -> str | int:
    if setting.type in (int, "int"):
        least, most = setting.metadata["least"], setting.metadata["most"]
        if not (re.fullmatch("[0-9]{1,9}", text) and least <= int(text) <= most):
            span = f"{least} or more" if most == MOST else f"from {least} to {most}"
            raise SettingError(f"{variable(setting)} must be a whole number, {span}, not {quoted(text)}.")
        return int(text)
    choices = setting.metadata["choices"]
    if choices and text not in choices:
        raise SettingError(f"{variable(setting)} must be {' or '.join(choices)}, not {quoted(text)}.")
    if text and (form := setting.metadata["form"]) and not re.fullmatch(form[0], text):
        raise SettingError(f"{variable(setting)} must be such as {form[1]}, not {quoted(text)}.")
    return _base(text) if setting.name == "base" else text


def _base(text: str) -> str:
    try:
        parts, _ = urlsplit(text), NamedNode(text or "https://kg.example.org/")
        good = parts.scheme in ("http", "https") and parts.netloc and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if text and not good:
        hint = "write an address such as https://kg.example.org/"
        raise SettingError(f"CONVOCATION_BASE is {text!r}, where no IRI can begin: {hint}.")
    return text
