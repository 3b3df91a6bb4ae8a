"""Groups of authorships, each of one person as far as is known, and what may not be one person."""

from dataclasses import dataclass, field

from graph.identity.names import compatible


@dataclass
class AuthorGroup:
    """Authorships of one person, as far as is known: their places, papers, names, and identifiers by scheme."""

    members: list[int]
    papers: set[int]
    names: set[str]
    ids: dict[str, set[str]] = field(default_factory=dict)

    def can_join(self, other: "AuthorGroup") -> bool:
        """Return whether two groups can be one person: no paper twice, no two identifiers of one scheme."""
        if not self.papers.isdisjoint(other.papers):
            return False
        shared = self.ids.keys() & other.ids.keys()
        return not any(self.ids[scheme].isdisjoint(other.ids[scheme]) for scheme in shared)

    def can_share_names(self, other: "AuthorGroup") -> bool:
        """Return whether each name of one can be that of the other; else an initial would join John and James."""
        if self.names == other.names:
            return True
        return all(
            compatible(one, another) or one in other.names or another in self.names
            for one in self.names
            for another in other.names
        )

    def join(self, other: "AuthorGroup") -> None:
        """Take in another group."""
        self.members += other.members
        self.papers |= other.papers
        self.names |= other.names
        for scheme, values in other.ids.items():
            self.ids.setdefault(scheme, set()).update(values)
