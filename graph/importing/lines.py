"""N-Quads by string formatting, which is three times as fast as by the engine's objects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.identity.evidence import KINDS, Evidence
from graph.names import Names
from graph.sources.parts import NameParts, says_more
from graph.sources.records import Identifier
from graph.terms import CODE, CVN, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
A, LABEL, ALSO, TITLE = str(RDF.type), str(RDFS.label), str(SKOS.altLabel), str(DCTERMS.title)
ID, SAME = str(DCTERMS.identifier), str(OWL.sameAs)
PAGE, REPLACED, LICENSE = str(FOAF.page), str(DCTERMS.isReplacedBy), str(DCTERMS.license)
TRUE = f'"true"^^<{XSD.prefix}boolean>'
Triple = tuple[str, str, str]


def cvn(name: str) -> str:
    """Return a term of the ontology."""
    return f"<{CVN.prefix}{name}>"


def code(scheme: str, notation: str) -> str:
    """Return a code."""
    return f"<{CODE.prefix}{scheme}/{notation}>"


def text(value: str) -> str:
    """Return a literal."""
    return f'"{value.translate(ESCAPES)}"'


def number(value: int) -> str:
    """Return a literal of a number."""
    return f'"{value}"^^<{XSD.prefix}integer>'


def identifier(scheme: str, value: str) -> str:
    """Return an identifier, whose datatype is its scheme."""
    return f"{text(value)}^^<{CODE.prefix}identifier-scheme/{scheme}>"


def evidence(given: Evidence) -> str:
    """Return evidence of identity, whose datatype is its kind."""
    return f"{text(given.value)}^^<{CODE.prefix}{KINDS}/{given.kind}>"


def page(address: str) -> str:
    """Return a web address as an IRI."""
    return f"<{address}>"


def described(me: str, label: str, *kinds: str) -> Iterator[Triple]:
    """Yield the classes and the label of a thing."""
    yield from ((me, A, cvn(kind)) for kind in kinds)
    yield me, LABEL, text(label)


def counted(me: str, papers: int, submissions: int) -> Iterator[Triple]:
    """Yield how many papers a thing has, and how many submissions that were not accepted, if any."""
    yield me, cvn("paperCount"), number(papers)
    if submissions:
        yield me, cvn("submissionCount"), number(submissions)


def texts(me: str, **values: str) -> Iterator[Triple]:
    """Yield the texts of a thing by their properties, but for empty ones."""
    return ((me, cvn(name), text(value)) for name, value in values.items() if value)


def name_parts(me: str, name: str, parts: NameParts | None) -> Iterator[Triple]:
    """Yield the parts of a name that a source gives; none where the rules of BibTeX find the same in the name."""
    if parts is None or not says_more(parts, name):
        return
    if parts.is_whole:
        yield me, cvn("nameUndivided"), TRUE
        return
    given = {"familyName": parts.family, "givenName": parts.given}
    yield from texts(me, **given, nameParticle=parts.particle, nameSuffix=parts.suffix)


def references(me: str, ids: Iterable[Identifier], pages: Iterable[str] = ()) -> Iterator[Triple]:
    """Yield the identifiers and pages of a thing."""
    yield from ((me, ID, identifier(each.scheme, each.value)) for each in ids)
    yield from ((me, PAGE, page(each)) for each in pages)


@dataclass(frozen=True)
class Iris:
    """The IRIs of things by their paths, in the syntax of N-Quads."""

    names: Names

    def __post_init__(self) -> None:
        object.__setattr__(self, "_start", "<" + self.names.stem("").removesuffix("/"))

    def __call__(self, kind: str, path: str) -> str:
        """Return the IRI of a thing of a kind."""
        return f"{self._start}{kind}/{path}>"  # type: ignore[attr-defined]

    def track(self, edition: str, path: str) -> str:
        """Return the IRI of a track of an edition."""
        return self("edition", f"{edition}/track/{path}")

    def links(self, scheme: str) -> str:
        """Return the name of the graph of links to the things of a scheme."""
        return str(self.names.graph("links", scheme))

    def graph(self, source: str) -> str:
        """Return the name of the graph of a source."""
        return str(self.names.graph("source", source))
