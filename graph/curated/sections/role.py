"""Roles: who served where."""

from typing import Annotated

from pydantic import Field
from pyoxigraph import NamedNode

from graph.curated.entry import Entry, OneOf, Reference
from graph.curated.people import Mention, PersonEntry
from graph.curated.reading import CuratedReading
from graph.model import Evidence
from graph.model.role import RoleHolding
from graph.names import code
from graph.vocabulary import codes


class RoleEntry(Entry, section="roles"):
    """A role and the people who held it; without people, the document names the role alone."""

    role: Annotated[str, OneOf("role")]
    of: Annotated[Reference, Field(description="where: edition:neurips-2023, program:iclr-2024/mentor-chats")]
    people: tuple[Mention, ...] = ()

    def say(self, reading: CuratedReading) -> None:
        """Add one role holding for each person."""
        where = reading.reference(self.of)
        for person in self.people:
            hold(reading, self.role, where, person, self.evidence)
        if not self.people:
            kind = codes.codes("role")[self.role]
            iri = reading.names.id("role", reading.names.path(where), self.role)
            label = f"{kind} of {reading.label(where)} (nobody named)"
            reading.say(RoleHolding(iri=iri, label=label, role=code("role", self.role), where=where), self.evidence)


def hold(reading: CuratedReading, role: str, where: NamedNode, person: PersonEntry, evidence: Evidence) -> None:
    """Add that a person holds a role."""
    who = reading.person(person.name, evidence)
    names = reading.names
    reading.say(
        RoleHolding(
            iri=names.id("role", names.path(where), role, names.path(who)),
            label=f"{reading.label(who)}, {codes.codes('role')[role]}: {reading.label(where)}",
            role=code("role", role),
            where=where,
            person=who,
            name_as_printed=person.name,
            affiliations=person.organizations(reading),
            affiliations_as_printed=person.affiliations_as_printed,
        ),
        evidence,
    )
