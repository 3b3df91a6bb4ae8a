"""Wikidata: the items that have an identifier of ours, by its query service."""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from graph.files import QUERIES
from graph.linksets.connector import Ask, Candidate, Connector, valid
from graph.linksets.policy import BY_IDENTIFIER
from graph.linksets.subjects import Subject, Subjects
from graph.query import read_query

PROPERTIES = {  # of Wikidata, by the scheme whose identifiers they have
    "dblp-person": "P2456",
    "dblp-stream": "P8926",
    "openalex": "P10283",
    "orcid": "P496",
    "ror": "P6782",
}
DIRECT = "http://www.wikidata.org/prop/direct/"
ITEMS = read_query(QUERIES / "linking" / "items.rq")
AT_ONCE = 50  # identifiers in one query


class _Value(Struct):
    value: str


class _Row(Struct):
    item: _Value
    id: _Value


class _Results(Struct):
    bindings: list[_Row]


class _Answer(Struct):
    results: _Results


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the links of things that have an identifier and no item."""
    things = [each for kind in subjects.others.values() for each in kind if not each.value("wikidata")]
    for scheme, prop in PROPERTIES.items():
        ours = {each.value(scheme): each for each in things if each.value(scheme)}
        for start in range(0, len(ours), AT_ONCE):
            values = [Literal(each) for each in sorted(ours)[start : start + AT_ONCE]]
            query = ITEMS.bind(id=values, property=NamedNode(f"{DIRECT}{prop}")).partition("SELECT")
            answer = ask(f"/sparql?{urlencode({'query': ''.join(query[1:]), 'format': 'json'})}", _Answer)
            yield from _items(scheme, prop, ours, answer) if answer else ()


def _items(scheme: str, prop: str, ours: dict[str, Subject], answer: _Answer) -> Iterator[Candidate]:
    items = defaultdict(set)
    for row in answer.results.bindings:
        items[row.id.value].add(row.item.value)
    for value, found in sorted(items.items()):
        sure = 1.0 if len(found) == 1 else 0.5
        words = "" if len(found) == 1 else "; several items have it"
        for known in (known for item in sorted(found) for known in valid(wikidata=item) if value in ours):
            why = f"The item has the {scheme} identifier {value} ({prop}){words}."
            yield Candidate(ours[value], known, sure, BY_IDENTIFIER, why, certain=len(found) == 1)


CONNECTOR = Connector(
    key="wikidata",
    title="Wikidata",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    address="https://query.wikidata.org",
    pause=2,
    find=find,
)
