"""The addresses of a remote engine, and authentication."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import httpx

from graph.errors import SettingError
from graph.settings import Settings

PREFIX = "sparql+"


@dataclass(frozen=True)
class Addresses:
    """Where an engine takes queries, updates, and graphs (SPARQL 1.1 Graph Store HTTP Protocol; empty if nowhere)."""

    query: str
    update: str
    graphs: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the addresses of the settings; raise SettingError if one is no address."""
        query = _address("CONVOCATION_STORE", settings.store)
        update = _address("CONVOCATION_STORE_UPDATE", settings.store_update or settings.store)
        graphs = settings.store_graphs and _address("CONVOCATION_STORE_GRAPHS", settings.store_graphs)
        return cls(query, update, graphs)


def _address(name: str, text: str) -> str:
    address = text.removeprefix(PREFIX)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or (name == "CONVOCATION_STORE" and address == text):
        raise SettingError(f"{name} is {text!r}, which is no address; write sparql+http://<host>:<port>/<path>.")
    if parts.username or parts.password:
        hint = "set CONVOCATION_STORE_USER and CONVOCATION_STORE_PASSWORD"
        raise SettingError(f"{name} holds a user name, which would appear in messages; {hint} instead.")
    return address


class Challenged(httpx.Auth):
    """Gives the name and password only where an address asks for them: by digest, else plainly (RFC 7616, RFC 7617)."""

    def __init__(self, user: str, password: str) -> None:
        self.kinds = {"digest": httpx.DigestAuth(user, password), "basic": httpx.BasicAuth(user, password)}
        self.chosen: dict[str, httpx.Auth] = {}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request, and once more with credentials where it was refused without."""
        place = f"{request.url.host}:{request.url.port}{request.url.path}"
        if place not in self.chosen:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            offers = [each.lower() for each in response.headers.get_list("www-authenticate")]
            self.chosen[place] = self.kinds["digest" if any("digest" in each for each in offers) else "basic"]
        yield from self.chosen[place].auth_flow(request)
