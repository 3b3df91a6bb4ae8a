"""Puts the triples of a document in the place of a LOAD, so that only what is allowed is fetched, and once."""

import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pyoxigraph import RdfFormat, parse

from graph.errors import QueryError, RemoteServiceError
from graph.federation.outbound import OutboundLimits, OutboundRequest, Reply, call
from graph.policy import look
from graph.serialization.reading import reason, unmarked

ACCEPT = "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8"
Fetch = Callable[[str], Reply]


def loaded(text: str, fetch: Fetch) -> str:
    """Return an update with INSERT DATA in place of each LOAD; one that is SILENT inserts nothing if it fails.

    Raises:
        RemoteServiceError: a document cannot be fetched or read.
        QueryError: a LOAD does not name a document by its IRI.
    """
    for load in reversed(look(text).loads):
        if not load.iri:
            raise QueryError(f"Behind LOAD stands {load.target}, which is no IRI; write LOAD <https://…>.")
        triples = ""
        with suppress(RemoteServiceError) if load.is_silent else nullcontext():
            triples = as_triples(load.iri, fetch(load.iri))
        data = f"GRAPH {load.graph} {{ {triples} }}" if load.graph else triples
        text = f"{text[: load.begin]}INSERT DATA {{ {data} }}{text[load.stop :]}"
    return text


def as_triples(address: str, reply: Reply) -> str:
    """Return a document as N-Triples; raise RemoteServiceError if it is not RDF, or not well formed."""
    form = _format(address, reply.content_type)
    try:
        quads = parse(
            unmarked(reply.body),
            format=form,
            base_iri=reply.location or address,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return "\n".join(f"{each.triple} ." for each in quads)
    except (SyntaxError, ValueError) as error:
        raise RemoteServiceError(f"{address} is not well formed: {reason(error)}.") from error


def _format(address: str, content_type: str) -> RdfFormat:
    suffix = PurePosixPath(urlsplit(address).path).suffix.lstrip(".")
    media = re.split(r"[;\s]", content_type, maxsplit=1)[0]
    found = RdfFormat.from_media_type(media) if media and media != "text/plain" else None
    found = found or (RdfFormat.from_extension(suffix) if suffix else None)
    if found is None:
        said = content_type or "nothing"
        raise RemoteServiceError(f"{address} has no RDF media type (it says {said}); load another form.")
    return found


def fetcher(reach: OutboundLimits, allowed: frozenset[str], agent: str) -> Fetch:
    """Return what fetches a document that is allowed, in the bounds of a reach."""

    def fetch(address: str) -> Reply:
        if address not in allowed:
            raise RemoteServiceError(f"{address} is not loaded here; ask the operator to add it to CONVOCATION_LOADS.")
        return call(OutboundRequest(address, headers={"Accept": ACCEPT, "User-Agent": agent}, allowed=allowed), reach)

    return fetch
