"""A record becomes triples with the property and the datatype that its field declares."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules

import pytest
from pyoxigraph import Literal, NamedNode

from graph import model
from graph.curated.entry import duration
from graph.model.edition import Edition
from graph.model.paper import Paper
from graph.model.record import Fact, Record, Value, properties, term
from graph.terms import CVN, DCTERMS, RDF, RDFS, XSD, Triple
from graph.vocabulary import ontology

IRI = NamedNode("https://kg.example.org/id/edition/cogs-2031")


def kinds(parent: type[Record] = Record) -> list[type[Record]]:
    for module in iter_modules(model.__path__):
        import_module(f"{model.__name__}.{module.name}")
    return [each for kind in parent.__subclasses__() for each in (kind, *kinds(kind)) if each is not Fact]


@pytest.mark.parametrize(
    ("value", "text", "datatype"),
    [
        ("COGS", "COGS", XSD.string),
        (True, "true", XSD.boolean),
        (False, "false", XSD.boolean),
        (12, "12", XSD.integer),
        (-3, "-3", XSD.integer),
        (Decimal(1250), "1250", XSD.decimal),
        (Decimal("1250.00"), "1250", XSD.decimal),
        (Decimal("0.250"), "0.25", XSD.decimal),
        (Decimal("1.2e4"), "12000", XSD.decimal),
        (Decimal("5E-7"), "0.0000005", XSD.decimal),
        (Decimal(0), "0", XSD.decimal),
        (date(2031, 7, 6), "2031-07-06", XSD.date),
        (datetime(2031, 7, 6, 10, tzinfo=UTC), "2031-07-06T10:00:00+00:00", XSD.dateTime),
        (
            datetime(2031, 7, 6, 10, 30, tzinfo=timezone(-timedelta(hours=6))),
            "2031-07-06T10:30:00-06:00",
            XSD.dateTime,
        ),
    ],
)
def test_a_value_has_its_canonical_form_and_datatype(value: Value, text: str, datatype: NamedNode) -> None:
    assert term(value) == Literal(text, datatype=datatype)


def test_a_declared_datatype_is_taken_before_the_usual_one() -> None:
    assert term(2031, XSD.gYear) == Literal("2031", datatype=XSD.gYear)


@pytest.mark.parametrize("value", [IRI, Literal("x", language="en")])
def test_a_term_stays_itself(value: NamedNode | Literal) -> None:
    assert term(value) is value


def test_a_record_says_its_class_first_and_what_is_left_out_not_at_all() -> None:
    record = Edition(iri=IRI, label="COGS 2031", year=2031, planned=False)
    assert list(record.triples()) == [
        Triple(IRI, RDF.type, CVN.Edition),
        Triple(IRI, RDFS.label, Literal("COGS 2031")),
        Triple(IRI, CVN.year, Literal(2031)),
        Triple(IRI, CVN.planned, Literal("false", datatype=XSD.boolean)),
    ]


def test_a_field_of_many_values_says_each() -> None:
    said = list(Paper(iri=IRI, short_names=("SPRING", "COIL"), title="Springs").triples())
    assert [triple.object.value for triple in said if triple.predicate == CVN.shortName] == ["SPRING", "COIL"]


def test_a_record_may_name_a_narrower_class() -> None:
    assert next(Paper(iri=IRI, type=CVN.Event).triples()).object == CVN.Event


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_field_of_a_record_says_a_property_of_the_ontology(kind: type[Record]) -> None:
    known = {triple.subject for triple in ontology.terms()}
    said = {name: says.property for name, says in properties(kind).items()}  # type: ignore[arg-type]
    assert {each.name for each in fields(kind)} - set(said) == {"iri", "type"}
    assert {prop for prop in said.values() if prop.value in CVN and prop not in known} == set()
    assert kind.TYPE in known


def test_a_property_of_another_vocabulary_is_used_as_it_is() -> None:
    assert properties(Paper)["title"].property == DCTERMS.title


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("5:32", "PT5M32S"), ("1:01:54", "PT1H1M54S"), ("10:00", "PT10M"), ("0:00", "PT0S"), ("2:00:00", "PT2H")],
)
def test_a_time_mark_is_a_duration(clock: str, expected: str) -> None:
    assert duration(clock) == expected
