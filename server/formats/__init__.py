"""Answers in other forms: RDF, pages that name their other forms, and the formats of other programs.

Each module has its `FORMAT`, such as references, a calendar or a feed. To add a format, add a module.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from flask import Response, current_app, request, stream_with_context
from pyoxigraph import NamedNode, RdfFormat, Triple
from werkzeug.wrappers import Response as Redirection

from graph.serialization.wellformed import written
from graph.settings import Settings
from server.display.asking import Page, triples
from server.display.things import Thing
from server.display.words import whole_number
from server.display.works import Work, chunked
from server.http.errors import RequestError, UnknownEntityError
from server.http.media import GRAPHS, Media

FACTS = 1000
MOST_WORKS = 5000  # papers that are exported at once
T = TypeVar("T", bound=Redirection)


@dataclass(frozen=True)
class Format:
    """A format: its serialization, its name for readers, the classes of things it is for, and what writes a thing.

    `has` says whether there is anything to write of a thing, `write_works` writes any works as references.
    """

    media: Media
    name: str
    of: frozenset[NamedNode]
    write: Callable[[NamedNode], Iterator[str]]
    has: Callable[[Thing], bool] = lambda _: True
    write_works: Callable[[Iterable[Work]], Iterator[str]] | None = None


@cache
def formats() -> tuple[Format, ...]:
    """Return the formats, by the names of their modules."""
    found = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return tuple(module.FORMAT for module in found if hasattr(module, "FORMAT"))


def formats_of(thing: Thing) -> list[Format]:
    """Return the formats in which there is something of a thing."""
    return [each for each in formats() if each.of & {*thing.kinds} and each.has(thing)]


class ManyWorksError(RequestError):
    """A selection has more papers than are exported at once."""


def reference_formats() -> list[Format]:
    """Return the formats of references, in which any papers can be exported."""
    return [each for each in formats() if each.write_works]


def exported(papers: Sequence[NamedNode], suffix: str, name: str) -> Response:
    """Answer with papers as references in the format of a suffix, as a file of a name.

    Raises:
        UnknownEntityError: there is no such format of references.
        ManyWorksError: there are more papers than are exported at once.
    """
    form = next((each for each in reference_formats() if each.media.suffix == suffix), None)
    if form is None or form.write_works is None:
        names = ", ".join(each.media.suffix for each in reference_formats())
        raise UnknownEntityError(f"Papers are not exported as {suffix!r}; there are {names}.")
    if len(papers) > MOST_WORKS:
        raise ManyWorksError(
            f"These are {len(papers):,} papers, and {MOST_WORKS:,} are exported at once; narrow it, such as "
            "to one year or series, or take all as RDF from the endpoint."
        )
    answer = Response(stream_with_context(form.write_works(chunked(papers))), content_type=form.media.header)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.{suffix}"'
    return answer


@dataclass(frozen=True)
class Alternate:
    """Another form of a page: its address and media type, and what readers call it."""

    address: str
    media: Media
    name: str = ""


def alternates(address: str) -> list[Alternate]:
    """Return the forms as data of a page whose data have an address, by suffix."""
    return [Alternate(f"{address}.{media.suffix}", media) for media in GRAPHS]


def alternates_of(there: Thing, address: str) -> list[Alternate]:
    """Return the forms of a thing: those for other programs, then those as data."""
    others = [Alternate(f"{address}.{form.media.suffix}", form.media, form.name) for form in formats_of(there)]
    return others + alternates(address)


def linked(page: str, others: Iterable[Alternate]) -> Response:
    """Answer with a page that names its other forms in its headers."""
    answer = Response(page, mimetype="text/html")
    for other in others:
        answer.headers.add("Link", f'<{other.address}>; rel="alternate"; type="{other.media.type}"')
    return answer


def varied(answer: T) -> T:
    """Return an answer marked as chosen by Accept."""
    answer.vary.add("Accept")
    return answer


def serialized(content: Iterable[Triple], media: Media, prefixes: dict[str, str] | None = None) -> Response:
    """Answer with triples in a serialization."""
    assert isinstance(media.format, RdfFormat)  # noqa: S101 - the table of graphs
    return Response(written(content, media.format, prefixes), content_type=media.header)


def described(iri: NamedNode, media: Media, page: str) -> Response:
    """Answer with what is said of a thing, its statements, and the first 1,000 things by IRI that point to it."""
    number = page_asked()
    incoming = triples("entity/incoming", Page(FACTS, number), entity=iri)
    answer = serialized(dict.fromkeys([*triples("entity/description", entity=iri), *incoming]), media)
    answer.headers.add("Link", f'<{page}>; rel="alternate"; type="text/html"')
    answer.headers.add("Link", f'<{iri.value}>; rel="describes"')
    if len({triple.subject for triple in incoming}) == FACTS:
        answer.headers.add("Link", f'<{request.path}?page={number + 1}>; rel="next"')
    return answer


def page_asked() -> int:
    """Return the number of the page that `page=` asks for, else 1."""
    return max(1, whole_number(request.args.get("page", "")) or 1)


def asked_page(count: int) -> Page:
    """Return the page of a list of `count` things that the request asks for, or its last one."""
    settings: Settings = current_app.config["SETTINGS"]
    return Page(settings.page_size, page_asked()).within(count)
