"""robots.txt, and the sitemap in parts (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterable

from flask import Blueprint, Response, render_template, url_for
from pyoxigraph import NamedNode

from graph.terms import CVN
from server.display.asking import Page, ask, remembered
from server.display.words import address
from server.http.errors import UnknownEntityError
from server.pages.sources import shows_allegations
from server.search.browse import KINDS as BROWSED
from server.views.catalog import views

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
OTHERS = (
    "pages.home",
    "site.about",
    "site.use",
    "changes.changes",
    "feedback.contact",
    "views.index",
    "pages.sources",
    "checks.overview",
    "vocabulary.ontology",
    "vocabulary.shapes",
)
PART = 10_000  # addresses in one part; 50,000 may be there


@bp.get("/robots.txt")
def robots() -> Response:
    """Answer with robots.txt, which excludes what is expensive and repeats pages."""
    return Response(render_template("robots.txt"), mimetype="text/plain")


@bp.get("/sitemap.xml")
def index() -> Response:
    """Answer with the addresses of the parts of the sitemap."""
    found = [(kind, number + 1) for kind in KINDS for number in range(_listed(kind))]
    return _xml(parts=[(PAGES, 1), *found])


@bp.get("/sitemap/<kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """Answer with the pages of one part; raise UnknownEntityError if there is no such part."""
    if (kind, number) == (PAGES, 1):
        lists = (url_for("browse.browse", kind=name) for name in BROWSED)
        return _xml(places=[*map(url_for, OTHERS), *lists, *(url_for("views.page", name=name) for name in views())])
    if kind not in KINDS or not 1 <= number <= _listed(kind):
        raise UnknownEntityError(f"The sitemap has no part {kind}-{number}; /sitemap.xml lists those there are.")
    things = ask("sitemap/things", Page(PART, number), kind=KINDS[kind]).rows
    return _xml(places=(address(NamedNode(row["thing"].value)) for row in things))


@remembered
def parts(kind: str) -> int:
    """Return how many parts the things of a kind make."""
    count = int(ask("sitemap/count", kind=KINDS[kind]).rows[0]["count"].value)
    return -(-count // PART)


def _listed(kind: str) -> int:
    """Return how many parts of a kind are listed; pages of sources that show allegations are not."""
    return 0 if kind == "source" and shows_allegations() else parts(kind)


def _xml(**found: Iterable[object]) -> Response:
    return Response(render_template("sitemap.xml", **found), mimetype="application/xml")
