"""Reads a request of the SPARQL 1.1 Protocol: the query or update, its dataset, its limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self
from urllib.parse import parse_qsl

from flask import request
from pyoxigraph import NamedNode
from werkzeug.http import parse_options_header

from graph.policy import VERSIONS
from graph.settings import Settings
from server.http.errors import RequestError, UnsupportedMediaError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
WITH_BODY = ("POST", "QUERY")


Get = Callable[[str, str], str]


@dataclass(frozen=True)
class Sent:
    """The parts of a request that the protocol needs, whether the gateway or Flask received it."""

    method: str
    query: bytes
    load: Callable[[], bytes] = field(default=bytes, compare=False)
    content_type: str = ""
    accept: str = ""
    encodings: str = ""
    held: str = ""
    timeout: str = ""
    suffix: str | None = None

    @classmethod
    def of(cls, method: str, query: bytes, headers: Get, load: Callable[[], bytes], suffix: str | None) -> Self:
        """Return a request whose headers a function gives by name; `load` returns its body."""
        kind, accept, encodings = (headers(name, "") for name in ("content-type", "accept", "accept-encoding"))
        held, timeout = headers("if-none-match", ""), headers("x-convocation-timeout", "")
        return cls(method, query, load, kind, accept, encodings, held, timeout, suffix)

    @classmethod
    def of_flask(cls, suffix: str | None = None) -> Self:
        """Return the request that Flask answers."""
        return cls.of(request.method, request.query_string, request.headers.get, request.get_data, suffix)

    @property
    def body(self) -> bytes:
        """The body, which is read when it is first needed, so that a writer may send a larger one."""
        return self.load()

    @property
    def mimetype(self) -> str:
        """The media type of the body."""
        return _options(self.content_type)[0].lower()

    @property
    def options(self) -> dict[str, str]:
        """The parameters of the media type of the body."""
        return _options(self.content_type)[1]


@lru_cache(maxsize=64)
def _options(header: str) -> tuple[str, dict[str, str]]:
    return parse_options_header(header)


@dataclass(frozen=True)
class Parameters:
    """The parameters of a request, of its address and its form together."""

    pairs: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """Return every value of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may be given once; raise RequestError if it is given more than once."""
        values = self.all(name)
        if len(values) > 1:
            raise RequestError(f"{name}= is given {len(values)} times; send it once.")
        return values[0] if values else None

    def graphs(self, name: str) -> tuple[str, ...] | None:
        """Return the graphs of a parameter, if any; raise RequestError if one is not an absolute IRI."""
        for each in self.all(name):
            try:
                NamedNode(each)
            except ValueError as error:
                raise RequestError(f"{name}={each!r} is not an absolute IRI ({error}); write it whole.") from error
        return tuple(dict.fromkeys(self.all(name))) or None


def parameters(sent: Sent) -> Parameters:
    """Return the parameters of the address and the form; raise RequestError or UnsupportedMediaError if not UTF-8."""
    try:
        pairs = _pairs(sent.query)
        if sent.method in WITH_BODY and sent.mimetype == FORM:
            _check_charset(sent, "form")
            pairs += _pairs(sent.body)
    except UnicodeDecodeError as error:
        raise RequestError("The parameters are not UTF-8; percent-encode them as UTF-8.") from error
    return Parameters(tuple(pairs))


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")


def query_text(sent: Sent, given: Parameters) -> str | None:
    """Return the query of the request, or None where it brings none (SPARQL 1.1 Protocol, 2.1).

    Raises:
        RequestError: there are several, it is empty, it is not UTF-8, or it is an update.
        UnsupportedMediaError: the body is of another type.
    """
    if given.all("update"):
        raise RequestError("update= is not a query; send an update by POST, where updates are allowed.")
    text = _body_query(sent, given) if sent.method in WITH_BODY else given.one("query")
    text = text and text.removeprefix("\ufeff")
    if text is not None and not text.strip():
        raise RequestError("The query is empty; write one, such as ASK {}.")
    return text


def _body_query(sent: Sent, given: Parameters) -> str:
    if sent.mimetype == QUERY:
        if given.all("query"):
            raise RequestError("The query is both in the body and in query=; send it once.")
        return body_text(sent, "query")
    if sent.mimetype != FORM:
        raise UnsupportedMediaError(f"Send the query as {FORM} with query=, or itself as {QUERY}.")
    text = given.one("query")
    if text is None:
        raise RequestError("The form has no query=; put the query there.")
    return text


def dataset(given: Parameters) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return the default and named graphs of the request, which override FROM; raise RequestError for a bad IRI."""
    default, named = given.graphs("default-graph-uri"), given.graphs("named-graph-uri")
    if default is None and named is None:
        return None, None
    return default or (), named or ()


def check_version(sent: Sent, given: Parameters) -> None:
    """Raise RequestError for a version of SPARQL that is not supported (SPARQL 1.2 Protocol, draft)."""
    asked = sent.options.get("version") or given.one("version")
    if asked and asked not in VERSIONS:
        raise RequestError(f"version={asked} is not supported; there are {', '.join(VERSIONS)}.")


def body_text(sent: Sent, what: str) -> str:
    """Return the body as text; raise RequestError if it is not UTF-8, UnsupportedMediaError if it says so itself."""
    _check_charset(sent, what)
    try:
        return sent.body.decode("utf-8-sig")  # without a byte order mark
    except UnicodeDecodeError as error:
        raise RequestError(f"The {what} is not UTF-8 (at byte {error.start}); encode it so.") from error


def _check_charset(sent: Sent, what: str) -> None:
    charset = sent.options.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaError(f"The {what} is sent as {charset}; send it as UTF-8.")


def timeout(sent: Sent, given: Parameters, settings: Settings) -> float:
    """Return how many seconds the query may take, within the settings; raise RequestError if `timeout` is bad."""
    asked = given.one("timeout") or sent.timeout
    if not asked:
        return float(settings.query_seconds)
    try:
        seconds = float(asked)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise RequestError(f"timeout={asked} is not a number of seconds above 0; write timeout=5.")
    return min(seconds, float(settings.query_seconds))
