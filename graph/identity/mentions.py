"""Authorships, with what the rule that separates persons looks at."""

from msgspec import Struct

from graph.identity.evidence import Evidence
from graph.sources.records import Identifier

PREFERRED = "preferred "  # begins the key by which a group holds a name that somebody decided on


class Mention(Struct):
    """One authorship: path, name, identifiers, organizations, who says so, the person, whether it is of a paper.

    `printed` are the affiliations as printed, `evidence` why it is of the same person as another one.
    """

    node: str
    name: str
    ids: tuple[Identifier, ...]
    organizations: tuple[str, ...]
    voices: tuple[str, ...]
    person: str = ""
    evidence: tuple[Evidence, ...] = ()
    accepted: bool = True
    printed: tuple[str, ...] = ()


class PaperAuthors(Struct):
    """The authorships of one paper; `affiliations` are those of authors of whom it is not known which are theirs."""

    paper: str
    mentions: list[Mention]
    affiliations: tuple[str, ...] = ()
