"""The dataset of an update is read from its text as the engine reads it."""

import pytest
from pyoxigraph import Dataset, Store

from graph.errors import QueryError
from graph.updates.affected_quads import check_one_graph, with_dataset

D, N = ("http://example.org/d",), ("http://example.org/n",)
DATA = """
INSERT DATA {
  <x:a> <x:p> 0 .
  GRAPH <http://example.org/d> { <x:a> <x:p> 1 }
  GRAPH <http://example.org/n> { <x:a> <x:p> 2 }
}
"""


def changed(update: str) -> Dataset:
    """Return the quads that an update leaves of some."""
    store = Store()
    store.update(DATA)
    store.update(update)
    return Dataset(store)


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("INSERT { <x:b> ?p ?o } WHERE { ?s ?p ?o }", "INSERT { <x:b> ?p ?o } @ WHERE { ?s ?p ?o }"),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
         "DELETE { GRAPH ?g { ?s ?p ?o } } @ WHERE { GRAPH ?g { ?s ?p ?o } }"),
        ("DELETE { ?s ?p ?o } WHERE { { SELECT * WHERE { ?s ?p ?o } } }", "DELETE { ?s ?p ?o } @ WHERE { ?s ?p ?o }"),
        ("INSERT { <x:b> <x:WHERE> 'WHERE }' } # WHERE {\nwhere { ?s ?p ?o FILTER (?o<?p||?o>0) }",
         "INSERT { <x:b> <x:WHERE> 'WHERE }' } @ WHERE { ?s ?p ?o FILTER (?o > 0) }"),
        ("INSERT DATA { <x:c> <x:p> 3 } ; DELETE WHERE { ?s ?p ?o }",
         "INSERT DATA { <x:c> <x:p> 3 } ; DELETE { ?s ?p ?o } @ WHERE { ?s ?p ?o }"),
        ("CLEAR DEFAULT", "CLEAR DEFAULT"),
    ],
)  # fmt: skip
def test_the_dataset_of_a_request_is_that_of_using(plain: str, written: str) -> None:
    written = written.replace("@", f"USING <{D[0]}> USING NAMED <{N[0]}>")
    assert changed(with_dataset(plain, D, N)) == changed(written)


def test_without_a_dataset_an_update_stays_as_it_is() -> None:
    assert with_dataset(DATA, (), ()) is DATA


@pytest.mark.parametrize(
    "update",
    [
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "delete { ?s ?p ?o } using <x:g> where { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } \\u0055SING <x:g> WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } \\u0057HERE { ?s ?p ?o }",
    ],
)
def test_two_datasets_are_refused(update: str) -> None:
    with pytest.raises(QueryError):
        with_dataset(update, D, ())


@pytest.mark.parametrize(
    "update", ["DROP ALL", "COPY DEFAULT TO <x:g>", "LOAD <x:d>", "DELETE WHERE { graph ?g { ?s ?p ?o } }"]
)
def test_a_patch_names_no_graph(update: str) -> None:
    with pytest.raises(QueryError, match="other graphs"):
        check_one_graph(update)


def test_a_patch_may_do_all_else() -> None:
    check_one_graph("CLEAR DEFAULT ; INSERT DATA { <x:GRAPH> <x:ALL> 'WITH' } ; DELETE WHERE { ?graph ?all ?with }")
