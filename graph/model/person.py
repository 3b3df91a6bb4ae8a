"""People."""

from dataclasses import dataclass

from graph.model.record import Record
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """A person; what they did hangs on the facts that name them."""

    TYPE = CVN.Person
