"""robots.txt, and the sitemap in parts (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response, g, stream_with_context, url_for
from pyoxigraph import NamedNode

from graph.terms import CVN
from server.display.asking import Page, ask, remembered
from server.display.words import address
from server.http.errors import UnknownEntityError
from server.http.serving import absolute
from server.views.pages import views

bp = Blueprint("sitemap", __name__)

KINDS = {
    "series": CVN.ConferenceSeries,
    "edition": CVN.Edition,
    "track": CVN.Track,
    "program": CVN.ProgramItem,
    "paper": CVN.Paper,
    "person": CVN.Person,
    "organization": CVN.Organization,
    "committee": CVN.Committee,
    "award": CVN.Award,
    "place": CVN.Place,
    "topic": CVN.Topic,
    "source": CVN.Source,
}  # facts have pages too, but appear on those of the things they connect
PAGES = "pages"  # the part of those that are no thing's
OTHERS = ("pages.home", "views.index", "pages.sources", "checks.overview", "vocabulary.ontology", "vocabulary.shapes")
PART = 10_000  # addresses in one part; 50,000 may be there
START = '<?xml version="1.0" encoding="utf-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@bp.get("/robots.txt")
def robots() -> Response:
    """Answer with robots.txt, which excludes what is expensive and repeats pages."""
    base = g.served.version.base
    lines = (
        "User-agent: *",
        "Disallow: /sparql",
        "Disallow: /search",
        "Disallow: /store",
        f"Sitemap: {base}sitemap.xml",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
def index() -> Response:
    """Answer with the addresses of the parts of the sitemap."""
    return _xml(_index())


@bp.get("/sitemap/<kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """Answer with the pages of one part; raise UnknownEntityError if there is no such part."""
    if (kind, number) == (PAGES, 1):
        return _xml(_others())
    if kind not in KINDS or not 1 <= number <= parts(kind):
        raise UnknownEntityError(f"The sitemap has no part {kind}-{number}; /sitemap.xml lists those there are.")
    return _xml(_pages(KINDS[kind], Page(PART, number)))


@remembered
def parts(kind: str) -> int:
    """Return how many parts the things of a kind make."""
    count = int(ask("sitemap/count", kind=KINDS[kind]).rows[0]["count"].value)
    return -(-count // PART)


def _index() -> Iterator[str]:
    base, built = g.served.version.base, escape(g.served.version.built)
    yield f"{START}<sitemapindex {NAMESPACE}>\n"
    for kind in (PAGES, *KINDS):
        for number in range(1, parts(kind) + 1 if kind in KINDS else 2):
            place = escape(f"{base}sitemap/{kind}-{number}.xml")
            yield f"<sitemap><loc>{place}</loc><lastmod>{built}</lastmod></sitemap>\n"
    yield "</sitemapindex>\n"


def _pages(kind: NamedNode, page: Page) -> Iterator[str]:
    yield f"{START}<urlset {NAMESPACE}>\n"
    for row in ask("sitemap/things", page, kind=kind).rows:
        place = address(NamedNode(row["thing"].value))
        yield f"<url><loc>{escape(absolute(place))}</loc></url>\n"
    yield "</urlset>\n"


def _others() -> Iterator[str]:
    places = [url_for(name) for name in OTHERS] + [url_for("views.page", name=name) for name in views()]
    yield f"{START}<urlset {NAMESPACE}>\n"
    yield from (f"<url><loc>{escape(absolute(place))}</loc></url>\n" for place in places)
    yield "</urlset>\n"


def _xml(parts: Iterator[str]) -> Response:
    return Response(stream_with_context(parts), mimetype="application/xml")
