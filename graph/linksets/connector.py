"""A connector: how the things of one other graph are found, and what it finds."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from graph.linksets.subjects import Identifiers, Subject, Subjects
from graph.vocabulary.identifiers import IdentifierForm, by_address, identifier

T = TypeVar("T")


@dataclass(frozen=True)
class Candidate:
    """A link that was found: how sure it is, whether an identifier makes it certain, by which method, and why."""

    subject: Subject
    identifier: IdentifierForm
    confidence: float
    justification: str
    evidence: str
    certain: bool = False


@dataclass(frozen=True)
class FoundAuthor:
    """An author as a record of another graph has them."""

    name: str
    ids: Identifiers = ()


@dataclass(frozen=True)
class FoundWork:
    """A work as a record of another graph has it."""

    title: str
    year: int
    ids: Identifiers = ()
    authors: tuple[FoundAuthor, ...] = field(default=())


class Ask(Protocol):
    """What asks the other graph: the answer to an address below its own, decoded, or None if there is none."""

    def __call__(self, request: str, kind: type[T]) -> T | None:
        """Return the answer to a request as a type of msgspec."""
        ...


@dataclass(frozen=True)
class Connector:
    """A graph to link to.

    `address` is what requests begin with, `pause` the seconds between two of them. `find` yields the links to it.
    """

    key: str
    title: str
    license: str
    address: str
    pause: float
    find: Callable[[Subjects, Ask], Iterator[Candidate]]


def valid(**values: str | None) -> Identifiers:
    """Return identifiers by scheme (`dblp_person` is dblp-person), given as values or addresses, but for wrong ones."""
    found = []
    for name, value in values.items():
        scheme = name.replace("_", "-")
        with suppress(ValueError):
            known = by_address(value) if value and "://" in value else None
            if value and (known is None or known.scheme.name == scheme):
                found.append(known or identifier(scheme, value))
    return tuple(found)
