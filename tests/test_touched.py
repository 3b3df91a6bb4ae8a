"""The quads that an update affects are predicted, or it is said that they cannot be; none is missing."""

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from graph.store.writable import WritableStore
from graph.updates.affected_quads import touched

BASE = "http://example.org/"
DATA = "<http://example.org/a> <http://example.org/p> 1, 2 . <http://example.org/b> <http://example.org/p> 3 ."
PREFIX = "PREFIX e: <http://example.org/>\n"
KNOWN = [
    "INSERT DATA { e:c e:p 4 . GRAPH e:g { e:c e:p 5 } }",
    "DELETE DATA { e:a e:p 1 }",
    "DELETE DATA { e:a e:p 1 } ; INSERT DATA { e:a e:p 9 } ;",
    'delete data { e:a e:p 1 } ; insert data { e:a e:p "} DELETE {" }',
    "DELETE WHERE { e:a e:p ?x }",
    "INSERT { ?s e:q ?o } WHERE { ?s e:p ?o FILTER(?o > 1) }",
    "DELETE { ?s e:p ?o } INSERT { ?s e:q ?o } WHERE { ?s e:p ?o }",
]
UNKNOWN = [
    "DELETE WHERE { GRAPH e:g { ?s ?p ?o } }",
    "INSERT { GRAPH e:g { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "WITH e:g DELETE { ?s e:p ?o } WHERE { ?s e:p ?o }",
    "DELETE { ?s e:p ?o } USING e:g WHERE { ?s e:p ?o }",
    "INSERT DATA { e:a e:q 1 } ; DELETE WHERE { ?s e:q ?o }",
    "CLEAR DEFAULT",
    "DROP ALL",
    "LOAD <http://example.org/x>",
    "INSERT { ?s e:q [] } WHERE { ?s e:p ?o }",
    "this is no update",
    "",
]


def store() -> WritableStore:
    return WritableStore.memory(Quad(*list(each)[:3]) for each in parse(DATA.encode(), format=RdfFormat.TURTLE))


def quads(of: WritableStore) -> set[Quad]:
    return set(of.reading().quads())


@pytest.mark.parametrize("update", KNOWN)
def test_what_is_reported_has_all_that_changes(update: str) -> None:
    before, after = store(), store()
    after.update(PREFIX + update, BASE)
    reported = touched(PREFIX + update, BASE, before)
    assert reported is not None
    assert quads(before) ^ quads(after) <= set(reported)
    assert quads(before) == quads(store())


@pytest.mark.parametrize("update", UNKNOWN)
def test_what_is_not_known_is_said_so(update: str) -> None:
    assert touched(PREFIX + update, BASE, store()) is None
