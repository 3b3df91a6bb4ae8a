"""Organizations and affinity groups."""

from typing import Annotated

from pydantic import Field

from graph.curated.entry import EditionKey, Entry, Text
from graph.curated.reading import CuratedReading
from graph.model.organization import Organization
from graph.terms import CVN


class OrganizationEntry(Entry, section="organizations"):
    """An organization."""

    organization: Text
    legal_form: Text | None = None
    topics: tuple[Text, ...] = ()

    def say(self, reading: CuratedReading) -> None:
        """Add what is said of the organization."""
        record = Organization(
            iri=reading.organization(self.organization),
            legal_form=self.legal_form,
            topics=tuple(map(reading.topic, self.topics)),
        )
        reading.say(record, self.evidence)


class AffinityGroupEntry(Entry, section="affinity_groups"):
    """An affinity group and the edition at which it was represented."""

    group: Annotated[Text, Field(description="the name of the group")]
    represented_at: EditionKey

    def say(self, reading: CuratedReading) -> None:
        """Add the group."""
        iri = reading.names.organization(self.group)
        at = reading.edition(self.represented_at)
        reading.name(Organization(iri=iri, type=CVN.AffinityGroup, label=self.group))
        reading.say(Organization(iri=iri, type=CVN.AffinityGroup, represented_at=at), self.evidence)
