"""A base with a path is served below it, whether a proxy keeps the path or strips it; no link leads elsewhere."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urldefrag, urlsplit

import pytest
from conftest import Server
from flask.testing import FlaskClient

from graph.build import Inputs, build
from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app
from server.http.serving import within

KG = "https://uni.example/kg/"
PAGES = 120


class Links(HTMLParser):
    """Collects the addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = ("href", "src", "action", "data-suggest")
        self.found += [value for name, value in attrs if name in names and value is not None]
        properties = dict(attrs)
        if tag == "meta" and str(properties.get("property", "")) in ("og:url", "og:image"):
            self.found.append(str(properties["content"]))


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("kg"))
    build(home, KG, Inputs.bundled())
    return home


@pytest.fixture(scope="module")
def below(kg: Home, engine_of: Callable[[Settings], str]) -> FlaskClient:
    settings = Settings(home=str(kg.folder), base=KG)
    return create_app(settings, engine_of(settings)).test_client()


def here(link: str) -> str | None:
    """Return the path of a link to this server; None for another one."""
    parts = urlsplit(urldefrag(link)[0])
    if parts.scheme in ("data", "mailto") or parts.netloc not in ("", "uni.example"):
        return None
    return (parts.path + (f"?{parts.query}" if parts.query else "")) or None


def pages(client: FlaskClient, keep: str) -> Iterator[tuple[str, int]]:
    """Yield the addresses of the first pages that links lead to, as a client asks for them, and their statuses."""
    waiting, seen = ["/kg/", "/kg/checks/", "/kg/views"], set[str]()
    while waiting and len(seen) < PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path if keep else path.removeprefix("/kg"), headers={"Accept": "text/html"}, buffered=True)
        yield path, answer.status_code
        if answer.mimetype == "text/html":
            for link in map(here, Links(answer.text).found):
                if link and link.startswith("/"):
                    assert link.startswith("/kg/"), f"{path} links to {link}"
                    waiting.append(link)
        if location := answer.headers.get("Location", ""):
            assert here(location) is None or str(here(location)).startswith("/kg/"), f"{path} leads to {location}"


@pytest.mark.parametrize("keep", ["kept", ""])
def test_every_link_leads_below_the_path_of_the_base(below: FlaskClient, keep: str) -> None:
    codes = dict(pages(below, keep))
    assert len(codes) == PAGES
    assert {path: code for path, code in codes.items() if code not in (200, 303, 308)} == {}


@pytest.mark.parametrize("place", ["/kg", ""])
def test_data_and_queries_answer_below_the_path(below: FlaskClient, place: str) -> None:
    assert below.get(f"{place}/id/edition/neurips-2024").headers["Location"] == "/kg/data/edition/neurips-2024.ttl"
    assert below.get(f"{place}/data/edition/neurips-2024.ttl").status_code == 200
    assert below.get(f"{place}/sparql?query=ASK%7B%7D").json == {"head": {}, "boolean": True}
    found = below.get(f"{place}/search/suggest?q=neurips").json
    assert found
    assert all(link.startswith(KG) for link in found[3])


def test_the_sitemap_names_whole_addresses_once(below: FlaskClient) -> None:
    text = below.get("/kg/sitemap/pages-1.xml").text + below.get("/sitemap.xml").text
    assert KG in text
    assert "/kg/kg/" not in text


def test_the_gateway_serves_below_the_path_too(kg: Home, serve: Callable[..., Server]) -> None:
    server = serve(home=str(kg.folder), base=KG, queries="2")
    for place in ("/kg", ""):
        assert server.open(f"{place}/sparql?query={quote('ASK {}')}")[0] == 200
        assert server.open(f"{place}/page/edition/neurips-2024")[0] == 200
        assert server.open(f"{place}/sparql", Accept="text/html")[0] == 200


@pytest.mark.parametrize(
    ("path", "expected"), [("/kg", "/"), ("/kg/", "/"), ("/kg/a", "/a"), ("/kgb", "/kgb"), ("/a/kg", "/a/kg")]
)
def test_only_a_whole_first_part_of_a_path_is_a_prefix(path: str, expected: str) -> None:
    assert within(path, "/kg") == expected
    assert within(path, "") == path
