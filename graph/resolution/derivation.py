"""Numbers that follow from those that sources print; each names its formula and its inputs."""

from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import NamedNode

from graph.files import QUERIES
from graph.model.statistic import DerivedObservation
from graph.names import Names
from graph.query import Query, read_queries
from graph.store import Store, select
from graph.terms import RDF, Term, Triple
from graph.vocabulary import codes
from graph.vocabulary.ontology import superclasses

INPUTS = ("first", "second", "third", "fourth")
DIGITS = Decimal("0.000001")


def derived(store: Store, names: Names) -> Iterator[Triple]:
    """Yield the numbers that the queries of graph/queries/derived/ calculate from a resolved view and the codes.

    A query gives the edition with its name, the dimensions, the value, the inputs, and what its formula is filled with.
    """
    for query in read_queries(QUERIES / "derived"):
        for row in select(store, query.text, f"The formula {query.name}"):
            number = _number(query, row, names)
            yield from number.triples()
            yield from (Triple(number.iri, RDF.type, each) for each in superclasses(number.TYPE))


def _number(query: Query, row: dict[str, Term], names: Names) -> DerivedObservation:
    edition, measure, mode, track, country = (
        _thing(row[name]) for name in ("edition", "measure", "mode", "track", "country")
    )
    parts = [codes.label(each) for each in (measure, track, mode) if not each.value.endswith("/total")]
    path = [each.value.rpartition("/")[2] for each in (measure, mode, track, country)]
    value = Decimal(row["value"].value).quantize(DIGITS)
    return DerivedObservation(
        iri=names.id("derived", names.path(edition), query.name, "-".join(each for each in path if each != "total")),
        label=f"{row['name'].value}, {', '.join(parts)}, calculated",
        measure=measure,
        mode=mode,
        track=track,
        country=country,
        denominator=_thing(row["denominator"]) if "denominator" in row else None,
        value=int(value) if value == int(value) else value,
        edition=edition,
        formula=query.header["formula"].format(**{name: term.value for name, term in row.items()}),
        inputs=tuple(_thing(row[name]) for name in INPUTS if name in row),
    )


def _thing(term: Term) -> NamedNode:
    assert isinstance(term, NamedNode)  # noqa: S101 - the queries bind things here
    return term
