"""The only place that mints an IRI."""

import re
from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, count

from anyascii import anyascii
from pyoxigraph import NamedNode

from graph.terms import CODE

TITLE_LENGTH = 48


def slug(text: str) -> str:
    """Return the text in lower-case Latin letters, digits and single hyphens; its hash where nothing is left."""
    plain = re.sub(r"[^a-z0-9]+", "-", anyascii(re.sub("['\u2019]", "", text)).lower()).strip("-")
    return plain or digest(text)


def distinct(name: str, taken: Container[str]) -> str:
    """Return a name that is not taken: the name itself, else with the first free number from 2."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in names if each not in taken)


def digest(*parts: str, length: int = 8) -> str:
    """Return the first hexadecimal digits of the SHA-256 of the parts."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def code(scheme: str, notation: str) -> NamedNode:
    """Return the IRI of a code, which is the same on every installation."""
    return CODE[f"{scheme}/{notation}"]


@dataclass(frozen=True)
class Names:
    """IRIs of things, below one base that ends in a slash."""

    base: str

    def id(self, *parts: str) -> NamedNode:
        """Return the IRI of a thing by its path."""
        return NamedNode(f"{self.base}id/{'/'.join(parts)}")

    def stem(self, kind: str) -> str:
        """Return what the IRIs of a kind begin with, for text that is made by the hundred thousand."""
        return f"{self.base}id/{kind}/"

    def graph(self, *parts: str) -> NamedNode:
        """Return the IRI of a named graph."""
        return NamedNode(f"{self.base}graph/{'/'.join(parts)}")

    def document(self, name: str) -> NamedNode:
        """Return the IRI of a document about the whole, such as `void`."""
        return NamedNode(f"{self.base}{name}")

    def described(self, kind: str, *parts: str) -> NamedNode:
        """Return the IRI of a part of the description of the dataset."""
        return NamedNode(f"{self.base}void#{'-'.join((kind, *map(digest, parts)))}")

    def service(self, kind: str = "service", *parts: str) -> NamedNode:
        """Return the IRI of a part of the description of the SPARQL service."""
        return NamedNode(f"{self.base}sparql#{'-'.join((kind, *map(digest, parts)))}")

    def path(self, iri: NamedNode) -> str:
        """Return the part of a thing's IRI behind `id/` and its kind, or of a code's behind its scheme."""
        return iri.value.removeprefix(f"{self.base}id/").removeprefix(CODE.prefix).partition("/")[2]

    def paper(self, edition: str, title: str) -> NamedNode:
        """Return the IRI of a paper; its title is cut at a word, and made unique by a hash."""
        words = slug(title)
        short = words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH + 1].rpartition("-")[0]
        return self.id("paper", edition, f"{short or words[:TITLE_LENGTH]}-{digest(words)}")

    def person(self, name: str) -> NamedNode:
        """Return the IRI of a person by name."""
        return self.id("person", slug(name))

    def organization(self, name: str) -> NamedNode:
        """Return the IRI of an organization by name."""
        return self.id("org", slug(name))

    def topic(self, path: str) -> NamedNode:
        """Return the IRI of a topic by the path that its spellings have in common."""
        return self.id("topic", path)

    def within(self, whole: NamedNode, *parts: str) -> NamedNode:
        """Return the IRI of a part of a thing."""
        return NamedNode(f"{whole.value}/{'/'.join(parts)}")

    def between(self, kind: str, *ends: NamedNode) -> NamedNode:
        """Return the IRI of a fact by the things it connects."""
        return self.id(kind, *(self.path(end) for end in ends))
