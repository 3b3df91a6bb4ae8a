"""People and organizations in a curated file, by their names as printed."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from pyoxigraph import NamedNode

from graph.curated.entry import Form, Shorthand, Text

if TYPE_CHECKING:
    from graph.curated.reading import CuratedReading


class AffiliationEntry(Form):
    """An organization that a person belongs to at the time."""

    organization: Text
    printed: Text | None = None


class PersonEntry(Form):
    """A person as a document prints the name."""

    name: Text
    affiliations: tuple[Annotated[AffiliationEntry, Shorthand("organization")], ...] = ()
    position: Annotated[int | None, Field(ge=1, description="place in the list, where the list is not whole")] = None

    def organizations(self, reading: "CuratedReading") -> tuple[NamedNode, ...]:
        """Name the organizations of the person."""
        return tuple(reading.organization(each.organization) for each in self.affiliations)

    @property
    def affiliations_as_printed(self) -> tuple[str, ...]:
        """The affiliations as printed."""
        return tuple(each.printed or each.organization for each in self.affiliations)


Mention = Annotated[PersonEntry, Shorthand("name"), Field(description="a person as printed, or a mapping with more")]
