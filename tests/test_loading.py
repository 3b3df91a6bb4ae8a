"""LOAD fetches a document itself, within its bounds, and inserts what it says."""

from collections.abc import Iterator

import pytest
from peers import AnsweringHandler, serving
from pyoxigraph import Store

from graph.errors import QueryError, QuerySyntaxError, RemoteServiceError
from graph.federation.loading import Fetch, fetcher, loaded
from graph.federation.outbound import OutboundLimits
from graph.store.writable import WritableStore

TURTLE = b'<#me> <http://example.org/p> "\xc3\xa9" , [] .'
LOCAL = frozenset({"127.0.0.1"})


class Documents(AnsweringHandler):
    """Documents in Turtle, one of which is broken, one is no RDF, and one is elsewhere."""

    def reply(self, _: bytes) -> None:
        """Answer with the document at the path."""
        kind = "text/html" if self.path == "/page" else "text/turtle"
        body = b"<a> <b>" if self.path == "/broken" else TURTLE
        self.answer(302 if self.path == "/elsewhere" else 200, body, {"Location": "/document", "Content-Type": kind})


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a site with some documents."""
    with serving(Documents) as address:
        yield address


def fetching(site: str, reach: OutboundLimits) -> Fetch:
    """Return what fetches the documents of a site."""
    paths = ("document", "broken", "page", "elsewhere", "document?" + "x" * 9)
    return fetcher(reach, frozenset(f"{site}/{path}" for path in paths), "Convocation")


def counted(update: str, site: str, reach: OutboundLimits, query: str) -> int:
    """Return how many rows a query has after an update."""
    store = Store()
    store.update(loaded(update, fetching(site, reach)))
    return len(list(store.query(query)))  # type: ignore[arg-type]


@pytest.mark.parametrize("into", ["", " INTO GRAPH <http://example.org/g>", " INTO GRAPH e:g"])
def test_a_document_is_inserted_with_its_own_base(site: str, into: str) -> None:
    update = f"PREFIX e: <http://example.org/> LOAD <{site}/document>{into} ; INSERT DATA {{ <x:a> <x:b> 1 }}"
    pattern = f"<{site}/document#me> <http://example.org/p> ?o"
    where = f"GRAPH <http://example.org/g> {{ {pattern} }}" if into else pattern
    assert counted(update, site, OutboundLimits(5, 1000, LOCAL), f"SELECT ?o {{ {where} }}") == 2


@pytest.mark.parametrize("path", ["broken", "page", "document?" + "x" * 9])
def test_what_cannot_be_loaded_is_reported_or_left_out(site: str, path: str) -> None:
    reach = OutboundLimits(5, 10 if "?" in path else 1000, LOCAL)
    with pytest.raises(RemoteServiceError, match="http://127"):
        loaded(f"LOAD <{site}/{path}>", fetching(site, reach))
    assert (
        counted(f"LOAD SILENT <{site}/{path}> INTO GRAPH <x:g>", site, reach, "SELECT * { GRAPH ?g { ?s ?p ?o } }") == 0
    )


def test_a_redirect_is_followed_and_is_the_base_of_what_it_leads_to(site: str) -> None:
    query = f"SELECT * {{ <{site}/document#me> ?p ?o }}"
    assert counted(f"LOAD <{site}/elsewhere>", site, OutboundLimits(5, 1000, LOCAL), query) == 2


def test_a_private_host_is_not_asked(site: str) -> None:
    with pytest.raises(RemoteServiceError, match="CONVOCATION_PRIVATE_HOSTS"):
        loaded(f"LOAD <{site}/document>", fetching(site, OutboundLimits(5, 1000)))


def test_a_load_without_spaces_is_not_left_to_the_engine(site: str) -> None:
    reach = OutboundLimits(5, 1000, LOCAL)
    update = f"PREFIX e:<http://example.org/>LOADSILENT<{site}/document>INTO GRAPH e:g;LOAD<{site}/document>"
    assert "LOAD" not in loaded(update, fetching(site, reach))
    assert counted(update, site, reach, "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }") == 4


def test_a_load_that_names_no_document_by_its_iri_is_refused(site: str) -> None:
    with pytest.raises(QueryError, match="write LOAD"):
        loaded(f"PREFIX e:<{site}/>LOADe:document", fetching(site, OutboundLimits(5, 1000, LOCAL)))


def test_what_is_not_allowed_is_not_fetched(site: str) -> None:
    fetch = fetching(site, OutboundLimits(5, 1000, LOCAL))
    with pytest.raises(RemoteServiceError, match="CONVOCATION_LOADS"):
        loaded(f"LOAD <{site}/other>", fetch)
    assert "INSERT DATA {  }" in loaded(f"LOAD SILENT <{site}/other>", fetch)


@pytest.mark.parametrize("update", ["LOAD", "LOAD ;", "LOAD SILENT", "LOAD SILENT ;"])
def test_a_load_of_nothing_is_left_to_the_parser(site: str, update: str) -> None:
    with pytest.raises(QuerySyntaxError, match="not SPARQL"):
        WritableStore.memory(()).update(loaded(update, fetching(site, OutboundLimits(5, 1000, LOCAL))), "x:")


@pytest.mark.parametrize("update", ["LOAD ?x", "LOAD e:x"])
def test_a_load_of_no_document_is_reported(site: str, update: str) -> None:
    with pytest.raises(QueryError, match="no IRI"):
        loaded(update, fetching(site, OutboundLimits(5, 1000, LOCAL)))
