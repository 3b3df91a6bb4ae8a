"""The things of a graph that may be linked: works with their authors, and others with their names and identifiers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.files import QUERIES
from graph.names import Names
from graph.query import read_query
from graph.store import Store, select
from graph.terms import Term
from graph.vocabulary.identifiers import IdentifierForm, of_term

Identifiers = tuple[IdentifierForm, ...]


@dataclass(frozen=True)
class Subject:
    """A thing that may be linked: its path below `id/`, its name, its identifiers."""

    path: str
    label: str
    ids: Identifiers = ()

    def value(self, scheme: str) -> str:
        """Return its first identifier of a scheme, or an empty string."""
        return next((each.value for each in self.ids if each.scheme.name == scheme), "")


@dataclass(frozen=True)
class Work(Subject):
    """A paper with its year and its authors in their order."""

    year: int = 0
    authors: tuple[Subject, ...] = ()


@dataclass(frozen=True)
class Subjects:
    """The things of a graph that may be linked, others by the name of their class."""

    works: tuple[Work, ...]
    others: dict[str, tuple[Subject, ...]]

    @classmethod
    def of(cls, store: Store, names: Names) -> "Subjects":
        """Return those of a store."""
        ids: dict[Term, list[IdentifierForm]] = defaultdict(list)
        for row in _rows(store, "identifiers"):
            if found := of_term(row["identifier"]):
                ids[row["thing"]].append(found)

        def subject(thing: Term, name: Term) -> Subject:
            return Subject(_path(thing, names), name.value, tuple(ids[thing]))

        authors: dict[Term, list[Subject]] = defaultdict(list)
        for row in _rows(store, "authors"):
            authors[row["work"]].append(subject(row["person"], row["name"]))
        works = tuple(
            Work(
                _path(row["work"], names),
                row["title"].value,
                tuple(ids[row["work"]]),
                _year(row),
                tuple(authors[row["work"]]),
            )
            for row in _rows(store, "works")
        )
        others: dict[str, list[Subject]] = defaultdict(list)
        for row in _rows(store, "things"):
            others[row["kind"].value.partition("#")[2]].append(subject(row["thing"], row["name"]))
        return cls(works, {kind: tuple(found) for kind, found in others.items()})

    def all(self) -> Iterator[Subject]:
        """Yield the works and the others."""
        yield from self.works
        yield from (each for found in self.others.values() for each in found)


def _rows(store: Store, name: str) -> list[dict[str, Term]]:
    query = read_query(QUERIES / "linking" / f"{name}.rq")
    return list(select(store, query.text, f"The query {name}"))


def _path(thing: Term, names: Names) -> str:
    assert isinstance(thing, NamedNode)  # noqa: S101 - the queries bind things here
    return thing.value.removeprefix(names.stem("").removesuffix("/"))


def _year(row: dict[str, Term]) -> int:
    return int(row["year"].value[:4]) if "year" in row else 0
