"""Pages that can be reached from the home page and the sitemap answer, are valid HTML and have no dead link.

Of pages of one form, such as those of authorships, some are read; the others are about things that the graph has.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import html5lib
import pytest
from conftest import DRILL
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from server.application import create_app
from server.pages.sitemap import KINDS

PLACE = re.compile(r"/(?:page|id)/([^?]+)")
HOST = "http://127.0.0.1:5000"
HREF = re.compile(r'\shref="([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')
FORM = re.compile(r"/(?:(?:page|data|id|table)/)?[^/?]*")  # of a path: what is shown, and the kind of thing
MOST = 10_000 if DRILL else 80  # pages of a form that are read
EXPENSIVE = re.compile(r"^/(?:(?:sparql|search|contact|oembed)\?|history/)")  # their answers are tested elsewhere
NUMBERS = re.compile(r"<table>\s*<caption[^>]*>Numbers</caption>.*?</table>|<dl class=\"facts\">.*?</dl>", re.DOTALL)


@dataclass
class Crawl:
    """The result of a crawl: the ids of each page, links to fragments, and errors."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def dead_fragments(self) -> Iterator[str]:
        """Yield the links whose page has no such id."""
        for link, page in self.links.items():
            place, fragment = urldefrag(link)
            if fragment and place in self.ids and unquote(fragment) not in self.ids[place]:
                yield f"{page} links to {link}"


@pytest.fixture(scope="module")
def crawled(settings: Settings, engine: str) -> Crawl:
    """All pages of which there are few, and some of each other form."""
    client = create_app(settings, engine).test_client()
    found = Crawl()
    parts = [f"/sitemap/{kind}-1.xml" for kind in KINDS]
    listed = [each for part in parts for each in re.findall(r"<loc>(.*?)</loc>", client.get(part).text)]
    waiting = deque(dict.fromkeys(["/", *(urlsplit(each).path for each in listed)]))
    seen = set(waiting)
    forms = Counter[str]()
    while waiting:
        path = waiting.popleft()
        forms[FORM.match(path)[0]] += 1  # type: ignore[index] # each path has a form
        if forms[FORM.match(path)[0]] > MOST:  # type: ignore[index]
            found.unread.append(path)
            continue
        for link in read(client, path, found):
            found.links.setdefault(link, path)
            place = urldefrag(link).url
            if place not in seen and not EXPENSIVE.match(place):
                seen.add(place)
                waiting.append(place)
    return found


def read(client: FlaskClient, path: str, found: Crawl) -> list[str]:
    """Read a page, note what is wrong with it, and return where it leads on this site."""
    response = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True, buffered=True)
    if response.status_code != 200:
        found.wrong.append(f"{path} answers {response.status_code}; linked from {found.links.get(path, 'the sitemap')}")
    if response.mimetype != "text/html":
        return []
    text = response.text
    try:
        html5lib.HTMLParser(strict=True).parse(text)
    except html5lib.html5parser.ParseError as error:
        found.wrong.append(f"{path}: {error}")
    found.ids[path] = set(ID.findall(text))
    if path.startswith("/page/"):  # the home page counts what is in the graph
        found.wrong += [f"{path}: a number without a source: {each}" for each in unsourced(text)]
    links = (urljoin(HOST + path, each.replace("&amp;", "&")) for each in HREF.findall(text))
    return [link.removeprefix(HOST) for link in links if link.startswith(f"{HOST}/")]


def unsourced(text: str) -> list[str]:
    """Return the rows and big numbers of the Numbers tables of a page that link to no source."""
    rows = [
        row
        for table in NUMBERS.findall(text)
        for row in (re.findall(r"<tr>.*?</tr>", table, re.DOTALL)[1:] or re.findall(r"<dd.*?</dd>", table, re.DOTALL))
    ]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows if 'href="/page/source/' not in row]


@pytest.mark.slow
def test_every_page_answers_is_valid_html_and_says_the_source_of_its_numbers(crawled: Crawl) -> None:
    assert len(crawled.ids) > 1000
    assert crawled.wrong == []


@pytest.mark.slow
def test_pages_that_are_not_read_are_about_things_that_are_there(crawled: Crawl, store: EmbeddedStore) -> None:
    found = [match for each in crawled.unread if (match := PLACE.fullmatch(each))]
    assert [each[0] for each in found if not is_there(store, unquote(each[1]))] == []
    assert len(found) > 100


def is_there(store: EmbeddedStore, path: str) -> bool:
    """Return whether anything is said of a thing, in the resolved view or by a source."""
    thing = NamedNode(f"{HOST}/id/{path}")
    return any(store.stating(thing, None, None)) or store.has_graph(NamedNode(f"{HOST}/graph/{path}"))


@pytest.mark.slow
def test_every_fragment_is_there(crawled: Crawl) -> None:
    assert list(crawled.dead_fragments()) == []


def test_a_page_that_is_not_valid_is_noticed() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        html5lib.HTMLParser(strict=True).parse("<!doctype html><title>x</title><p><table><td></b>")


def test_a_number_without_a_source_is_noticed() -> None:
    table = "<table><caption>Numbers</caption><tr><th>n</th></tr><tr><td>7</td></tr></table>"
    assert unsourced(table) == ["7"]
