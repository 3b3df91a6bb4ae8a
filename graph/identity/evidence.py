"""The evidence that two authorships are of one person: its kind, a code of `identity-evidence`, and what they share."""

from msgspec import Struct

from graph.sources.records import Identifier
from graph.vocabulary.codes import identifier_class
from graph.vocabulary.identifiers import schemes

KINDS = "identity-evidence"
OTHER_FORM = "-other-form"  # ends the kind of evidence between two forms of a name, which says less
CURATED = "curated"  # the scheme of persons whom a curated document names
VERIFIED, NAME_DERIVED = "verified", "name-derived"  # classes of identifiers; the last say no more than the name


class Evidence(Struct, frozen=True):
    """What two authorships have in common: the kind, and the value, such as the name of a co-author."""

    kind: str
    value: str


def by_identifier(identifier: Identifier, name: str) -> Evidence:
    """Return the evidence of an identifier in common; a person of a curated document is called by the name."""
    if identifier.scheme == CURATED:
        return Evidence("curated-document", name)
    kind, scheme = identifier_class(identifier.scheme), schemes()[identifier.scheme]
    return Evidence(f"{kind}-identifier", f"{scheme.label} {identifier.value}")
