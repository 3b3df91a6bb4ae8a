"""The answers of other endpoints: read as what they say they are, and joined into one."""

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, parse_query_results

from graph.errors import RemoteServiceError
from graph.federation.outbound import Reply

ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.5"
JSON = "application/sparql-results+json"
LOOSE = {"application/json": QueryResultsFormat.JSON, "application/xml": QueryResultsFormat.XML}


def results(peer: str, reply: Reply) -> dict[str, Any]:
    """Return an answer as SPARQL results in JSON; raise RemoteServiceError if it is none, or not whole."""
    media = reply.content_type.partition(";")[0].strip().lower()
    form = LOOSE.get(media) or (QueryResultsFormat.from_media_type(media) if media else None)
    words = f"{peer} answered with {media or 'something without a media type'}"
    if form is None:
        raise RemoteServiceError(f"{words}, which is no answer to a query: {_begin(reply.body)}.")
    try:
        read = parse_query_results(reply.body, form)
        if isinstance(read, QueryBoolean):
            raise RemoteServiceError(f"{words} that is true or false, and not rows.")
        found: dict[str, Any] = json.loads(read.serialize(format=QueryResultsFormat.JSON) or b"{}")
    except (SyntaxError, ValueError) as error:
        raise RemoteServiceError(
            f"{words} that cannot be read: {error}; it begins with {_begin(reply.body)}."
        ) from error
    return found


def joined(answers: Iterable[dict[str, Any]]) -> Reply:
    """Return the answers to parts of a question as one; blank nodes of one part are none of another."""
    names: list[str] = []
    rows: list[dict[str, dict[str, str]]] = []
    for part, answer in enumerate(answers):
        names += [each for each in answer["head"]["vars"] if each not in names]
        for row in answer["results"]["bindings"]:
            for term in row.values():
                if term["type"] == "bnode":
                    term["value"] = f"{term['value']}p{part}"
            rows.append(row)
    return Reply(200, JSON, json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode())


def _begin(body: bytes) -> str:
    return repr(" ".join(body[:120].decode(errors="replace").split()))
