"""Lists of things by kind, with facets such as series and year: `/browse/papers`, and each list as CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from pyoxigraph import NamedNode

from graph.indexes.browsing import NAME, WEIGHT, YEAR, BrowsedThing, BrowseIndex, FacetValue, Selection
from graph.indexes.search import Hit
from graph.serialization.tabular import row
from graph.settings import Settings
from graph.terms import CODE, CVN, Term
from server.display.asking import Page
from server.formats import Alternate, exported, linked, page_asked, reference_formats
from server.http.errors import UnknownEntityError
from server.http.media import RESULTS, by_suffix
from server.search.finding import searched
from server.search.papers import described
from server.search.people import PERSON, distinctions

bp = Blueprint("browse", __name__)

WORDS, ORDER, PAGE = "words", "order", "page"
LONGEST = 300  # letters of a text that are looked at
MOST = 1_000_000  # things of a list as a file
CSV = by_suffix("csv", RESULTS)
WORKS = (CVN.Paper, CVN.Submission)


@dataclass(frozen=True)
class Kind:
    """A kind of things that is listed: its name in addresses, its title, its class, its weight in words, its orders."""

    name: str
    title: str
    iri: NamedNode
    weight: str = ""
    orders: tuple[str, ...] = (NAME,)


KINDS = {
    each.name: each
    for each in (
        Kind("series", "Conferences", CVN.ConferenceSeries, "papers listed", (NAME, WEIGHT)),
        Kind("editions", "Editions", CVN.Edition, "papers listed", (YEAR, NAME, WEIGHT)),
        Kind("papers", "Papers", CVN.Paper, "", (NAME, YEAR)),
        Kind("submissions", "Submissions that were not accepted", CVN.Submission, "", (NAME, YEAR)),
        Kind("people", "People", CVN.Person, "papers", (WEIGHT, NAME, YEAR)),
        Kind("organizations", "Organizations", CVN.Organization, "authorships", (WEIGHT, NAME)),
        Kind("awards", "Awards", CVN.Award),
        Kind("topics", "Topics", CVN.Topic, "papers", (WEIGHT, NAME)),
        Kind("sources", "Sources", CVN.Source),
    )
}


@dataclass(frozen=True)
class Facet:
    """A facet of a list: its values, and the one that is chosen, if any."""

    name: str
    values: tuple[FacetValue, ...]
    chosen: str


@bp.get("/browse/<kind>")
def browse(kind: str) -> Response:
    """Show a page of the things of a kind that have some values of facets."""
    settings: Settings = current_app.config["SETTINGS"]
    there = _kind(kind)
    chosen = _chosen()
    selection = _selection(there, chosen)
    count = searched(lambda index: BrowseIndex(index.path).count(selection))
    page = Page(settings.page_size, page_asked()).within(count)
    things = searched(lambda index: [*BrowseIndex(index.path).things(selection, page.size, page.start)])
    forms = [(CSV, "CSV"), *((each.media, each.name) for each in reference_formats() if there.iri in WORKS)]
    given = _written(selection)
    others = [
        Alternate(url_for(".file", kind=kind, suffix=media.suffix, **given), media, name) for media, name in forms
    ]
    text = render_template(
        "browse.html",
        kind=there,
        kinds=KINDS.values(),
        selection=selection,
        chosen={facet: each.label for facet, each in chosen.items()},
        facets=_facets(selection),
        things=things,
        apart=_apart(there, things),
        count=count,
        page=page,
        alternates=others,
        link=partial(_link, kind, selection),
    )
    return linked(text, others)


@bp.get("/browse/<kind>.csl.json")
def csl(kind: str) -> Response:
    """Answer with the papers of a list as CSL-JSON."""
    return file(kind, "csl.json")


@bp.get("/browse/<kind>.<suffix>")
def file(kind: str, suffix: str) -> Response:
    """Answer with all things of a kind that have some values of facets, as a table or as references."""
    there = _kind(kind)
    selection = _selection(there, _chosen())
    if suffix != CSV.suffix and there.iri not in WORKS:
        raise UnknownEntityError(f"The list of {kind} is served as csv, and not as {suffix!r}.")
    things = searched(lambda index: [*BrowseIndex(index.path).things(selection, MOST)])
    if suffix != CSV.suffix:
        return exported([each.thing for each in things], suffix, kind)
    columns = list(searched(lambda index: BrowseIndex(index.path).facets(Selection(selection.kind))))
    answer = Response(_rows(columns, things), content_type=CSV.header)
    answer.headers["Content-Disposition"] = f'inline; filename="{kind}.csv"'
    return answer


def _rows(columns: list[str], things: list[BrowsedThing]) -> Iterator[str]:
    yield row(["iri", "name", *columns])
    for each in things:
        yield row([each.thing.value, each.label, *("; ".join(each.marks.get(name, ())) for name in columns)])


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise UnknownEntityError(f"There is no list of {name!r}; there are {', '.join(KINDS)}.", name.replace("-", " "))
    return KINDS[name]


def _chosen() -> dict[str, FacetValue]:
    """Return the values of facets that the request asks for; raise UnknownEntityError if no thing has one."""
    return {
        facet: _value(facet, text) for facet, text in request.args.items() if facet not in (WORDS, ORDER, PAGE) and text
    }


def _value(facet: str, text: str) -> FacetValue:
    for value in (text[:LONGEST], f"{g.served.version.base}id/{text}", CODE.prefix + text):
        if label := searched(lambda index, value=value: BrowseIndex(index.path).label(facet, value)):  # type: ignore[misc]
            return FacetValue(value, label, 0)
    raise UnknownEntityError(
        f"Nothing has the {facet} {text!r}; the lists at /browse/ offer the values that there are."
    )


def _selection(kind: Kind, chosen: Mapping[str, FacetValue]) -> Selection:
    order = request.args.get(ORDER, "")
    words = " ".join(request.args.get(WORDS, "")[:LONGEST].split())
    values = {facet: each.value for facet, each in chosen.items()}
    return Selection(kind.iri, values, words, order if order in kind.orders else kind.orders[0])


def _facets(selection: Selection) -> list[Facet]:
    """Return the facets that divide a selection, and those that are chosen."""
    found = searched(lambda index: BrowseIndex(index.path).facets(selection))
    return [
        Facet(name, values, selection.chosen.get(name, ""))
        for name, values in found.items()
        if name in selection.chosen or len(values) > 1
    ]


def _apart(kind: Kind, things: list[BrowsedThing]) -> dict[Term, str]:
    """Return what distinguishes the things of a page."""
    if kind.iri in WORKS:
        return described(each.thing for each in things)
    if kind.iri == CVN.Person:
        return distinctions(Hit(each.thing, each.label, PERSON, each.label, "", 0) for each in things)
    words = {each.thing: ", ".join(value for values in each.marks.values() for value in values) for each in things}
    counts = {each.thing: _counted(each.weight, kind.weight) for each in things if kind.weight and each.weight}
    return {each: ", ".join(filter(None, (words[each], counts.get(each, "")))) for each in words}


def _counted(number: int, words: str) -> str:
    """Return a number with what it counts, such as `1 paper listed` or `2 papers listed`."""
    first, *others = words.split()
    return " ".join((f"{number:,}", first.removesuffix("s") if number == 1 else first, *others))


def _written(selection: Selection) -> dict[str, Any]:
    """Return a selection as it is written in addresses."""
    found = {facet: _short(value) for facet, value in selection.chosen.items()}
    return {**found, **({WORDS: selection.words} if selection.words else {}), ORDER: selection.order}


def _short(value: str) -> str:
    return value.removeprefix(f"{g.served.version.base}id/").removeprefix(CODE.prefix)


def _link(kind: str, selection: Selection, *without: str, **other: str | int) -> str:
    """Return the address of a list with another page, order or value, and without some facets."""
    given = {name: text for name, text in _written(selection).items() if name not in without}
    more = {name: _short(str(text)) for name, text in other.items()}
    return url_for(".browse", kind=kind, **{**given, **more})
