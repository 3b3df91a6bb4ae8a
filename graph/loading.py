"""Puts the triples of a document in the place of a LOAD, so that only what is allowed is fetched, and once."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pyoxigraph import RdfFormat, parse

from graph.dataset import pieces
from graph.errors import PeerError, QueryError
from graph.federation import Token as Piece
from graph.reach import Call, Reach, Reply, call

ACCEPT = "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8"
Fetch = Callable[[str], Reply]


def loaded(text: str, fetch: Fetch) -> str:
    """Return an update with INSERT DATA in place of each LOAD; one that is SILENT inserts nothing if it fails.

    Raises:
        PeerError: a document cannot be fetched or read.
        QueryError: a LOAD is not written as one.
    """
    outer = [piece for depth, piece in pieces(text) if depth == 0]
    for place in reversed(range(len(outer))):
        if outer[place].lastgroup == "word" and outer[place][0].upper() == "LOAD":
            start, end, operation = _operation(outer[place:], fetch)
            text = text[:start] + operation + text[end:]
        elif outer[place].lastgroup == "word" and "LOAD" in outer[place][0].upper():
            raise QueryError(f"{outer[place][0]} is not a keyword; write LOAD with spaces around it.")
    return text


def _operation(outer: list[Piece], fetch: Fetch) -> tuple[int, int, str]:
    """Return where a LOAD begins and ends, and the INSERT DATA in its place."""
    words = [piece[0].upper() for piece in outer[:5]]
    silent = words[1:2] == ["SILENT"]
    place = 2 if silent else 1
    if len(outer) <= place or outer[place].lastgroup != "iri":
        raise QueryError("Behind LOAD stands no IRI; write LOAD <https://…>.")
    source = outer[place]
    into = outer[outer.index(source) + 1 :][:3]
    last, graph = source, ""
    if [piece[0].upper() for piece in into[:2]] == ["INTO", "GRAPH"] and len(into) > 2:  # noqa: PLR2004
        last, graph = into[2], into[2][0]
    triples = _triples(source[0].strip("<>"), fetch, silent=silent)
    data = f"GRAPH {graph} {{ {triples} }}" if graph else triples
    return outer[0].start(), last.end(), f"INSERT DATA {{ {data} }}"


def _triples(address: str, fetch: Fetch, *, silent: bool) -> str:
    try:
        return as_triples(address, fetch(address))
    except PeerError:
        if silent:
            return ""
        raise


def as_triples(address: str, reply: Reply) -> str:
    """Return the triples of a document in N-Triples.

    Raises:
        PeerError: it is of no RDF media type, or not well formed.
    """
    form = _format(address, reply.content_type)
    try:
        quads = parse(reply.body, format=form, base_iri=address, without_named_graphs=True, rename_blank_nodes=True)
        return "\n".join(f"{each.triple} ." for each in quads)
    except (SyntaxError, ValueError) as error:
        raise PeerError(f"{address} is not well formed: {error}.") from error


def _format(address: str, content_type: str) -> RdfFormat:
    suffix = PurePosixPath(urlsplit(address).path).suffix.lstrip(".")
    media = re.split(r"[;\s]", content_type, maxsplit=1)[0]
    found = RdfFormat.from_media_type(media) if media and media != "text/plain" else None
    found = found or (RdfFormat.from_extension(suffix) if suffix else None)
    if found is None:
        raise PeerError(f"{address} has no RDF media type (it says {content_type or 'nothing'}); load another form.")
    return found


def fetcher(reach: Reach, allowed: frozenset[str]) -> Fetch:
    """Return what fetches a document that is allowed, in the bounds of a reach."""

    def fetch(address: str) -> Reply:
        if address not in allowed:
            raise PeerError(f"{address} is not loaded here; ask the operator to add it to CONVOCATION_LOADS.")
        return call(Call(address, headers={"Accept": ACCEPT}), reach)

    return fetch
