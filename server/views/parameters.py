"""The parameters of views: what the header of a query says of each, what a form offers, and what a reader asks for.

`#+ _series: cvn:ConferenceSeries` gives the type of `?_series`: a class, whose things are offered, or `xsd:integer`,
`xsd:integer` or `xsd:string`. Behind ` = ` may stand what is taken where nothing is asked for; a class that must have a
value and has no such thing takes its first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import g
from pyoxigraph import Literal, NamedNode
from werkzeug.datastructures import MultiDict

from graph.indexes.search_writer import plain
from graph.query import Query
from graph.terms import CODE, CVN, XSD, Term, expanded
from server.display.asking import ask, remembered
from server.display.words import local, whole_number
from server.http.errors import RequestError
from server.search.finding import searched

MOST = 100  # things that a form lists; of more, names are typed, as they are suggested
SEPARATOR = ";"
LATEST, LATEST_YEARS = "latest", 5  # the group of the editions of the latest years
EXACT = 5  # hits of a kind among which the names are that have all words and no other
Given = MultiDict[str, str]


class ParameterError(RequestError):
    """A view is asked with a parameter that it does not have, or with a value that cannot be one."""


class AmbiguousError(ParameterError):
    """Several things have the name that a reader gives for the parameter `name`."""

    def __init__(self, name: str, text: str, things: list[NamedNode]) -> None:
        self.name, self.text, self.things = name, text, things
        paths = ", ".join(map(value, things))
        super().__init__(f"Several are called {text!r}; name one by its path: {paths}.")


@dataclass(frozen=True)
class Choice:
    """A thing that a form offers: how it is named in an address, and its label."""

    value: str
    label: str
    term: NamedNode


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, its type, whether it takes several values, and what is taken where none is given."""

    name: str
    type: NamedNode
    several: bool
    default: str

    @property
    def words(self) -> str:
        """How a form calls it."""
        return self.name.replace("_", " ")

    @property
    def is_thing(self) -> bool:
        """Whether its values are things."""
        return self.type.value not in XSD

    @property
    def schema(self) -> dict[str, str]:
        """The type of a value in JSON Schema."""
        return {"type": "integer"} if self.type == XSD.integer else {"type": "string"}

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices of a form, editions by year, the latest first; none if there are too many."""
        found = choices(self.type) if self.is_thing else ()
        if self.type != CVN.Edition:
            return found
        order = {iri: place for place, iri in enumerate(editions())}
        return tuple(sorted(found, key=lambda choice: order.get(choice.term, len(order))))

    @property
    def groups(self) -> dict[str, str]:
        """The groups of choices that a form offers, by how an address names them: years of editions."""
        return edition_groups() if self.type == CVN.Edition and self.several else {}

    def named(self, values: Iterable[str]) -> str:
        """Return the labels of values as a form summarizes them."""
        labels = {**{choice.value: choice.label for choice in self.choices}, **self.groups}
        return ", ".join(labels[each] for each in values if each in labels)

    def read(self, texts: Iterable[str]) -> tuple[Term, ...]:
        """Return the values that a reader asks for, or the default; raise ParameterError if one is invalid."""
        wanted = [text for each in texts for text in map(str.strip, each.split(SEPARATOR)) if text]
        if not wanted:
            return self._else()
        if len(wanted) > 1 and not self.several:
            raise ParameterError(f"{self.name} takes one value, not {len(wanted)}; leave out all but one.")
        found = (self._group(text) or (self._term(text),) for text in wanted)
        return tuple(dict.fromkeys(term for terms in found for term in terms))

    def _group(self, text: str) -> tuple[Term, ...]:
        """Return the editions of a group that a text names; none if it names no group."""
        if text not in self.groups:
            return ()
        years = latest_years() if text == LATEST else (int(text),)
        return tuple(iri for iri, year in editions().items() if year in years)

    def _else(self) -> tuple[Term, ...]:
        if not self.default:
            return ()
        try:
            return (self._term(self.default),)
        except ParameterError:
            return tuple(choice.term for choice in self.choices[:1])

    def _term(self, text: str) -> Term:
        if self.is_thing:
            return thing(self.name, text, self.type)
        if self.type != XSD.string and whole_number(text) is None:
            raise ParameterError(f"{self.name} is a whole number, such as 2024, not {text!r}.")
        return Literal(text, datatype=self.type)


def parameters(query: Query) -> tuple[Parameter, ...]:
    """Return the parameters that the header of a query describes, in the order of its text."""
    found = []
    for name in query.parameters:
        kind, _, default = query.header[f"_{name}"].partition(" = ")
        found.append(Parameter(name, expanded(kind.strip()), name in query.listed, default.strip()))
    return tuple(found)


def terms(known: Iterable[Parameter], given: Given) -> dict[str, tuple[Term, ...]]:
    """Return the values of the parameters that a request gives; raise ParameterError if one cannot be read."""
    read = {each.name: each.read(given.getlist(each.name)) for each in known}
    return {name: values for name, values in read.items() if values}


@remembered
def choices(kind: NamedNode) -> tuple[Choice, ...]:
    """Return the things of a class by label; none if there are too many."""
    rows = ask("parameters/choices", kind=kind).rows
    if len(rows) > MOST:
        return ()
    things = {row["thing"]: row["label"].value for row in rows}
    named = (Choice(value(each), label, each) for each, label in things.items() if isinstance(each, NamedNode))
    return tuple(sorted(named, key=lambda choice: (choice.label.casefold(), choice.value)))


@remembered
def editions() -> dict[NamedNode, int]:
    """Return the editions with their years, the latest first."""
    rows = ask("parameters/editions").rows
    return {NamedNode(row["thing"].value): whole_number(row["year"].value) or 0 for row in rows}


def latest_years() -> tuple[int, ...]:
    """Return the latest years that have editions, at most five."""
    return tuple(dict.fromkeys(editions().values()))[:LATEST_YEARS]


def edition_groups() -> dict[str, str]:
    """Return the groups of editions, by how an address names them, with their labels."""
    years = dict.fromkeys(editions().values())
    if len(years) < 2:  # noqa: PLR2004 - one year is no choice
        return {}
    return {LATEST: "latest five years", **{str(year): f"all of {year}" for year in years if year}}


def value(iri: Term) -> str:
    """Return how a term is named in an address: a thing by its path, a code by its scheme and notation."""
    for prefix in (f"{g.served.version.base}id/", CODE.prefix):
        if iri.value.startswith(prefix):
            return iri.value.removeprefix(prefix)
    return iri.value


def thing(name: str, text: str, kind: NamedNode) -> NamedNode:
    """Return the thing that a reader names by path, IRI or name; raise ParameterError unless it is exactly one."""
    for iri in _candidates(text):
        if ask("parameters/known", thing=iri, kind=kind).rows:
            return iri
    called = [row["thing"] for row in ask("parameters/called", name=Literal(text), kind=kind).rows]
    called = list(dict.fromkeys(called or _found(text, kind)))
    things = [each for each in called if isinstance(each, NamedNode)]
    if len(things) == 1:
        return things[0]
    if things:
        raise AmbiguousError(name, text, things)
    some = ", ".join(choice.value for choice in choices(kind)[:5])
    hint = f"there are {some} …" if some else "write the name as its page does, or the path of its page"
    raise ParameterError(f"There is no {local(kind)} {text!r} for {name}; {hint}.")


def _found(text: str, kind: NamedNode) -> Iterator[NamedNode]:
    """Yield the things of a class that the search finds by the whole of a name, without regard to case and accents."""
    for group in searched(lambda index: index.groups(text, EXACT)):
        for hit in group.hits:
            if hit.plain == plain(text) and ask("parameters/known", thing=hit.thing, kind=kind).rows:
                yield hit.thing


def _candidates(text: str) -> Iterator[NamedNode]:
    places = ("",) if ":" in text else (f"{g.served.version.base}id/", CODE.prefix)
    for place in places:
        try:
            yield NamedNode(place + text)
        except ValueError:
            continue
