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
from graph.terms import CODE, XSD, Term, expanded
from server.display.asking import ask, remembered
from server.display.words import local, whole_number
from server.http.errors import RequestError
from server.search.finding import searched

MOST = 100  # things that a form lists; of more, names are typed, as they are suggested
SEPARATOR = ";"
EXACT = 5  # hits of a kind among which the names are that have all words and no other
Given = MultiDict[str, str]


class ParameterError(RequestError):
    """A view is asked with a parameter that it does not have, or with a value that cannot be one."""


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
        """The choices of a form; none if there are too many."""
        return choices(self.type) if self.is_thing else ()

    def read(self, texts: Iterable[str]) -> tuple[Term, ...]:
        """Return the values that a reader asks for, or the default; raise ParameterError if one is invalid."""
        wanted = [text for each in texts for text in map(str.strip, each.split(SEPARATOR)) if text]
        if not wanted:
            return self._else()
        if len(wanted) > 1 and not self.several:
            raise ParameterError(f"{self.name} takes one value, not {len(wanted)}; leave out all but one.")
        return tuple(self._term(text) for text in dict.fromkeys(wanted))

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
    if len(called) == 1 and isinstance(called[0], NamedNode):
        return called[0]
    if called:
        raise ParameterError(f"Several are called {text!r}; name one by its path: {', '.join(map(value, called))}.")
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
