"""Media types: which serialization a client gets, by Accept, by suffix or by `format=` (RFC 9110, section 12.5.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import request
from pyoxigraph import QueryResultsFormat, RdfFormat
from werkzeug.http import parse_accept_header, parse_options_header

from server.http.errors import NotAcceptableError

VERSIONS = {"1.1", "1.2", "1.2-basic"}  # of SPARQL results and RDF, whose answers are valid in all of them
ANY, KIND, TYPE = range(3)


@dataclass(frozen=True)
class Media:
    """A serialization: suffix, media type, the engine's name of it, and other types and names that ask for it."""

    suffix: str
    type: str
    format: QueryResultsFormat | RdfFormat | None
    others: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        """The IRI of the serialization (https://www.w3.org/ns/formats/)."""
        return f"http://www.w3.org/ns/formats/{self.format.iri.rpartition('/')[2]}" if self.format else ""

    @property
    def header(self) -> str:
        """The Content-Type; text is always UTF-8."""
        return f"{self.type}; charset=utf-8" if self.type.startswith("text/") else self.type


HTML = Media("html", "text/html", None, ("application/xhtml+xml",))
RESULTS = (
    Media("json", "application/sparql-results+json", QueryResultsFormat.JSON, ("application/json", "text/json")),
    Media("xml", "application/sparql-results+xml", QueryResultsFormat.XML, ("application/xml", "text/xml")),
    Media("csv", "text/csv", QueryResultsFormat.CSV),
    Media("tsv", "text/tab-separated-values", QueryResultsFormat.TSV, ("text/tsv",)),
)
GRAPHS = (
    Media("ttl", "text/turtle", RdfFormat.TURTLE, ("application/x-turtle",), ("turtle",)),
    Media("nt", "application/n-triples", RdfFormat.N_TRIPLES, ("text/plain",), ("ntriples",)),
    Media("jsonld", "application/ld+json", RdfFormat.JSON_LD, ("application/json",), ("json", "json-ld")),
    Media(
        "rdf", "application/rdf+xml", RdfFormat.RDF_XML, ("application/xml", "text/xml"), ("xml", "rdf+xml", "rdfxml")
    ),
)
TRIPLES = (
    *GRAPHS,
    Media("nq", "application/n-quads", RdfFormat.N_QUADS, (), ("nquads",)),
    Media("trig", "application/trig", RdfFormat.TRIG),
    Media("n3", "text/n3", RdfFormat.N3),
)


@dataclass(frozen=True)
class Range:
    """A part of an Accept header: a media type or several by `*`, its parameters, and how welcome it is."""

    type: str
    quality: float
    specificity: tuple[int, int]

    def holds(self, media_type: str) -> bool:
        """Return whether a media type is in the range."""
        kind = media_type.partition("/")[0]
        return self.type in (media_type, f"{kind}/*", "*/*")


def ranges(header: str) -> Iterator[Range]:
    """Yield the ranges of an Accept header that can hold what is served; what is not well formed is left out."""
    for value, weight in parse_accept_header(header):
        name, parameters = parse_options_header(value)
        name = name.lower()
        if "/" in name and _served(parameters):
            kind = ANY if name == "*/*" else KIND if name.endswith("/*") else TYPE
            yield Range(name, weight, (kind, len(parameters)))


def _served(parameters: dict[str, str]) -> bool:
    charset, version = parameters.get("charset", "utf-8"), parameters.get("version", "1.1")
    return charset.lower() in ("utf-8", "utf8") and version in VERSIONS


def quality(offer: Media, accepted: Sequence[Range]) -> float:
    """Return how welcome an offer is: the most specific range decides; other names count where its own is not said."""
    own = [each for each in accepted if each.holds(offer.type)]
    if not any(each.type == offer.type for each in own):
        own = [each for each in accepted if each.type in offer.others] or own
    most = max((each.specificity for each in own), default=None)
    return max((each.quality for each in own if each.specificity == most), default=0.0)


def choose(offers: Sequence[Media], suffix: str | None = None) -> Media:
    """Return the best offer for a request, by suffix, `format=` or Accept; raise NotAcceptableError if none."""
    return best(offers, suffix, request.values.getlist("format"), request.headers.get("Accept", ""))


def best(offers: Sequence[Media], suffix: str | None, names: Sequence[str], accept: str) -> Media:
    """Return the offer with a suffix or name, or the best for an Accept header; raise NotAcceptableError if none.

    Names are a wish where they are of answers of another kind, or where Accept asks for a type by name: clients such as
    SPARQLWrapper send names of their own, some twice.
    """
    if suffix:
        return by_suffix(suffix, offers)
    if found := next((each for name in names if (each := named(name, offers))), None):
        return found
    header, ranked = accept.strip(), tuple(offers)
    if names:
        ranked = tuple(each for each in offers if each is not HTML)
        if not any(named(name, (*RESULTS, *TRIPLES)) for name in names):
            header = ",".join(each for each in header.split(",") if "*" not in each)
    found = _best(ranked, header) if header else None if names else offers[0]
    if found is None:
        raise NotAcceptableError(offers_text(offers))
    return found


@lru_cache(maxsize=256)
def _best(offers: tuple[Media, ...], header: str) -> Media | None:
    """Return the most welcome offer; clients send the same few headers again and again."""
    accepted = list(ranges(header))
    best = max(offers, key=lambda offer: quality(offer, accepted))
    return best if quality(best, accepted) else None


def by_suffix(suffix: str, offers: Sequence[Media]) -> Media:
    """Return the offer with a suffix, name or media type; raise NotAcceptableError if there is none."""
    if (found := named(suffix, offers)) is None:
        raise NotAcceptableError(offers_text(offers))
    return found


def named(name: str, offers: Sequence[Media]) -> Media | None:
    """Return the offer with a suffix, name or media type, if there is one."""
    wanted = name.lower().replace(" ", "+")  # a plus sign in a query string is a blank
    return next((each for each in offers if wanted in (each.suffix, each.type, *each.others, *each.names)), None)


def offers_text(offers: Sequence[Media]) -> str:
    """Return what there is, for a message."""
    return ", ".join(f"{offer.type} (format={offer.suffix})" for offer in offers)
