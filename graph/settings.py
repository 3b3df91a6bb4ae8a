"""Every setting: one field, its default and its effect; set by an environment variable CONVOCATION_<NAME>."""

import os
import re
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import click
from pyoxigraph import NamedNode

from graph.errors import SettingError, quoted

PREFIX = "CONVOCATION_"
MOST = 999_999_999  # of a setting that is a number
OF_BUILD = {
    "CONVOCATION_REQUIRE_ASSETS",
    "CONVOCATION_REQUIRE_BROWSER",
}  # of `server/frontend/assets.py`, which installs and does not serve
LICENSE = ('https?://[^\\s<>"{}|\\\\^`]+', "https://creativecommons.org/publicdomain/zero/1.0/")
FEEDBACK = (
    r"mailto:[^\s@?&<>\"]+@[^\s@?&<>\"]+|" + LICENSE[0],
    "mailto:graph@uni.example or https://git.example.org/graph/issues/new",
)
PAIRS = (r"\S+ \S+( \S+ \S+)*", "https://sparql.dblp.org/sparql http://127.0.0.1:7001/sparql")
RATE = (r"[1-9][0-9]*/([1-9][0-9]* ?)?(second|minute|hour|day)s?", "600/minute")
home_option = click.option("--home", metavar="FOLDER", help="Data folder (CONVOCATION_HOME).")
base_option = click.option(
    "--base", metavar="IRI", help="Base IRI of all things, e.g. https://kg.example.org/ (CONVOCATION_BASE)."
)
LONGEST = 1000  # of a summary; click cuts it off at the width of the terminal by default


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
        "",
        "base IRI of all things, e.g. https://kg.example.org/; default: that of the version, else the address",
    )
    home: str = words("~/.local/share/convocation", "data folder: versions of the graph, ledgers of imports")
    wait: int = number(60, "how many seconds a command waits for another build or write to finish", least=0)
    store: str = words(
        "", "SPARQL 1.1 endpoint to store the graph in, instead of the data folder: sparql+http://host/path"
    )
    store_update: str = words("", "update address of that endpoint, if it is not the query address")
    store_graphs: str = words(
        "", "Graph Store Protocol address of that endpoint; without it, graphs are sent as updates"
    )
    store_user: str = words("", "user name for that endpoint (digest or basic authentication)")
    store_password: str = secret("password for that endpoint")
    host: str = words("127.0.0.1", "address to listen on")
    port: int = number(5000, "port to listen on; 0: any free one", least=0, most=65535)
    workers: int = number(1, "number of web processes that answer requests")
    threads: int = number(8, "how many pages one web process renders at once; queries to the endpoint do not count")
    memory: str = words(
        "auto",
        "whether the graph is loaded into memory: yes, no, or auto (if it is large and fits)",
        ("yes", "no", "auto"),
    )
    queries: int = number(12, "how many queries may run at once")
    waiting: int = number(32, "maximum length of the query queue", least=0)
    query_seconds: int = number(30, "time limit of a query or page, in seconds")
    query_memory: int = number(2000, "memory limit of a query, in MB; 0: no limit", least=0)
    query_size: int = number(0, "maximum size of a result, in MB; 0: no limit", least=0)
    query_rows: int = number(0, "maximum number of rows or triples of a result; 0: no limit", least=0)
    queries_memory: int = number(
        0, "memory limit of all queries together, in MB; 0: half of the machine's memory", least=0
    )
    spool: int = number(1000, "how many MB of results may be buffered on disk for slow clients", least=0)
    body_size: int = number(2, "maximum size of a request body, such as a query sent by POST, in MB")
    services: str = words("", "addresses of the endpoints that SERVICE may call, separated by spaces")
    mirrors: str = words(
        "",
        "endpoints of SERVICE and the address to call in place of each, in pairs, separated by spaces",
        form=PAIRS,
    )
    service_seconds: int = number(10, "time limit of one SERVICE call, in seconds")
    service_size: int = number(10, "maximum size of the response of a SERVICE, in MB")
    private_hosts: str = words(
        "",
        "names of hosts at loopback or private addresses that SERVICE and LOAD may call, separated by spaces",
    )
    client_seconds: int = number(30, "how many seconds a client may take to send its request, or to read 64 kB")
    rate: str = words(
        "",
        "request limit per client and web process, e.g. 600/minute; empty: no limit",
        form=RATE,
    )
    proxies: int = number(0, "number of trusted reverse proxies (X-Forwarded-For)", least=0)
    access_log: str = words("-", "access log, one line of JSON per request: a file, - for standard output, or no")
    slow_seconds: int = number(5, "log the text of queries slower than this many seconds; 0: never", least=0)
    license: str = words(
        "https://www.apache.org/licenses/LICENSE-2.0",
        "license of the data, stated in the dataset description",
        form=LICENSE,
    )
    publisher: str = words("Convocation", "name of who publishes the data here, stated in the dataset description")
    metrics: str = words(
        "local",
        "access to /metrics: local (this machine and requests with the token), open (everybody) or no (nobody)",
        ("local", "open", "no"),
    )
    cache: int = number(32, "size of the result cache of each web process, in MB; 0: no cache", least=0)
    token: str = secret("token required for writing (Authorization: Bearer); without it, writing is disabled")
    validate: str = words("yes", "whether a write that violates a shape is refused: yes or no", ("yes", "no"))
    loads: str = words("", "addresses of the documents that LOAD may fetch, separated by spaces")
    write_size: int = number(100, "maximum size of the body of a write, in MB")
    contact: str = words(
        "", "contact address sent in the User-Agent when fetching or asking other endpoints: e-mail or web"
    )
    feedback: str = words(
        "",
        "address that readers report problems to: mailto: and an e-mail address, or the new-issue form of a tracker",
        form=FEEDBACK,
    )
    offline: int = number(0, "1: never access the network; files fetched before are used", least=0)
    allegations: str = words(
        "no",
        "whether pages of sources show reported allegations, disputes and speculation: yes (not indexed) or no",
        ("yes", "no"),
    )
    page_size: int = number(50, "number of rows per page of a list")

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


class Group(click.Group):
    """A group of commands whose summaries are wrapped instead of cut off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their summaries."""
        rows = [(name, self.commands[name].get_short_help_str(limit=LONGEST)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
