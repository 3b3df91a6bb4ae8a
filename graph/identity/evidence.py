"""The evidence that two authorships are of one person: its kind, a code of `identity-evidence`, and what they share."""

from msgspec import Struct

from graph.vocabulary.codes import identifier_class
from graph.vocabulary.identifiers import schemes

KINDS = "identity-evidence"
CURATED = "curated"  # the scheme of persons whom a curated document names
VERIFIED, NAME_DERIVED = "verified", "name-derived"  # classes of identifiers; the last say no more than the name


class Evidence(Struct, frozen=True):
    """What two authorships have in common: the kind, and the value, such as the name of a co-author."""

    kind: str
    value: str

    @property
    def of_other_form(self) -> "Evidence":
        """The same between two forms of a name, which says less than between equal names."""
        return Evidence(f"{self.kind}-other-form", self.value)


def by_identifier(scheme: str, value: str, name: str) -> Evidence:
    """Return the evidence of an identifier in common; a person of a curated document is called by the name."""
    if scheme == CURATED:
        return Evidence("curated-document", name)
    return Evidence(f"{identifier_class(scheme)}-identifier", f"{schemes()[scheme].label} {value}")
