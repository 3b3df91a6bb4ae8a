"""Which links are published, and by which predicate.

`owl:sameAs` is for identity by identifier or review alone: its object names the thing itself, no other thing of ours
has it, and the confidence is .99 or more. `foaf:page` leads to a page about the thing by the same conditions, in
schemes that name no things. A result of a comparison is `skos:exactMatch` from .95 on and `skos:closeMatch` from .8 on;
anything below waits for a review.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.errors import CuratedFileError, Problem, quoted
from graph.linksets.sssom import OWN, Mapping, MappingSet
from graph.names import Names
from graph.terms import FOAF, OWL, SKOS
from graph.vocabulary.identifiers import IdentifierForm, Scheme, identifier, schemes

SAME, PAGE, EXACT, CLOSE = "owl:sameAs", "foaf:page", "skos:exactMatch", "skos:closeMatch"
IDENTITY = {SAME, PAGE}
LEAST = {SAME: 0.99, PAGE: 0.99, EXACT: 0.95, CLOSE: 0.8}
PREDICATES = {SAME: OWL.sameAs, PAGE: FOAF.page, EXACT: SKOS.exactMatch, CLOSE: SKOS.closeMatch}
BY_IDENTIFIER = "semapv:MappingChaining"  # from one identifier to the next, as from a DOI to the record that has it


@dataclass(frozen=True)
class Link:
    """A mapping that was read: the path of our thing, the identifier of the other, and the row."""

    subject: str
    identifier: IdentifierForm
    mapping: Mapping
    mapping_set: MappingSet

    @property
    def predicate(self) -> NamedNode:
        """The property of the link."""
        return PREDICATES[self.mapping.predicate_id]

    @property
    def is_identity(self) -> bool:
        """Whether the two are one."""
        return self.mapping.predicate_id in IDENTITY

    @property
    def is_published(self) -> bool:
        """Whether the graph has it; otherwise it was rejected, or waits for a review."""
        sure = self.mapping.confidence or 0
        return not self.mapping.is_rejected and sure >= LEAST[CLOSE]

    @property
    def target(self) -> NamedNode:
        """The IRI of the other thing, or of its page."""
        return self.identifier.entity or NamedNode(self.identifier.page)

    def iri(self, names: Names) -> NamedNode:
        """Return the IRI of our thing."""
        return names.id(self.subject)


def checked(sets: Iterable[MappingSet]) -> list[Link]:
    """Return the links of mapping sets; raise CuratedFileError with every row that breaks the policy."""
    problems: list[Problem] = []
    links = [link for each in sets for link in _links(each, problems)]
    problems += _shared(links)
    problems += _contradicted(links)
    if problems:
        raise CuratedFileError(problems)
    return links


def allowed(scheme: Scheme, confidence: float, *, certain: bool) -> str:
    """Return the predicate for a link of a confidence; `certain` if an identifier or a review says that it is one."""
    if certain and confidence >= LEAST[SAME]:
        return SAME if scheme.entity else PAGE
    return EXACT if confidence >= LEAST[EXACT] else CLOSE


def _links(mapping_set: MappingSet, problems: list[Problem]) -> Iterator[Link]:
    scheme = schemes().get(mapping_set.name)
    if scheme is None:
        hint = f"name the file after one: {', '.join(sorted(schemes()))}"
        problems.append(Problem(mapping_set.path, 1, f"There is no scheme {quoted(mapping_set.name)}; {hint}."))
        return
    for each in mapping_set.mappings:
        wrong = list(_mistakes(each, scheme))
        value = value_of(each, mapping_set, scheme)
        if isinstance(value, str):
            wrong.append(value)
        problems += [mapping_set.problem(each, words) for words in wrong]
        if not wrong and isinstance(value, IdentifierForm):
            yield Link(each.subject_id.partition(":")[2], value, each, mapping_set)


def value_of(mapping: Mapping, mapping_set: MappingSet, scheme: Scheme) -> IdentifierForm | str:
    """Return the identifier that a row links to, or what is wrong with it."""
    prefix, colon, value = mapping.object_id.partition(":")
    if prefix == OWN:
        return f"{mapping.subject_id} is linked to {mapping.object_id}, a thing of this graph; link to one of another."
    if not colon or mapping_set.prefixes.get(prefix) != prefix_of(scheme):
        hint = f"begin it with {scheme.name}:, and give {prefix_of(scheme)} for that in the curie_map"
        return f"{quoted(mapping.object_id)} is no identifier of {scheme.label}; {hint}."
    try:
        return identifier(scheme.name, value.removesuffix(_after(scheme)))
    except ValueError as error:
        return f"{error}; look it up again."


def prefix_of(scheme: Scheme) -> str:
    """Return what the CURIE prefix of a scheme stands for."""
    return (scheme.entity or scheme.page).partition("{id}")[0]


def curie(found: IdentifierForm) -> str:
    """Return an identifier as a CURIE of its scheme."""
    return f"{found.scheme.name}:{found.value}{_after(found.scheme)}"


def _after(scheme: Scheme) -> str:
    return (scheme.entity or scheme.page).partition("{id}")[2]


def _mistakes(mapping: Mapping, scheme: Scheme) -> Iterator[str]:
    if not mapping.subject_id.startswith(f"{OWN}:"):
        yield f"{quoted(mapping.subject_id)} is no thing of this graph; begin it with {OWN}:, as in {OWN}:series/icml."
    if mapping.predicate_id not in PREDICATES:
        yield f"{quoted(mapping.predicate_id)} links no two things; give {', '.join(PREDICATES)}."
        return
    if mapping.is_rejected:
        return
    if mapping.confidence is None:
        yield "The row has no confidence; give a number from 0 to 1."
    elif LEAST[CLOSE] <= mapping.confidence < LEAST[mapping.predicate_id]:
        fit = allowed(scheme, mapping.confidence, certain=False)
        yield f"{mapping.predicate_id} needs a confidence of {LEAST[mapping.predicate_id]}; give {fit}, or review it."
    if mapping.predicate_id in IDENTITY and not (mapping.reviewer_id or mapping.mapping_justification == BY_IDENTIFIER):
        yield f"{mapping.predicate_id} needs {BY_IDENTIFIER} or a reviewer_id; give {EXACT}, or review it."
    if mapping.predicate_id in IDENTITY and mapping.predicate_id != (SAME if scheme.entity else PAGE):
        yield f"{scheme.label} names {'' if scheme.entity else 'no '}things; give {SAME if scheme.entity else PAGE}."


def _shared(links: list[Link]) -> Iterator[Problem]:
    """Yield the identities by which two things of ours, or two of one scheme, would become one."""
    owners: dict[IdentifierForm, list[Link]] = defaultdict(list)
    owned: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for each in (each for each in links if each.is_published and each.is_identity):
        owners[each.identifier].append(each)
        owned[each.subject, each.identifier.scheme.name].append(each)
    for found in owners.values():
        if len({each.subject for each in found}) > 1:
            others = " and ".join(sorted({each.subject for each in found}))
            for each in found:
                words = f"{others} would be one by {each.mapping.object_id}; reject all but one, or join them first."
                yield each.mapping_set.problem(each.mapping, words)
    for found in owned.values():
        if len({each.identifier for each in found}) > 1 and found[0].mapping.predicate_id == SAME:
            others = " and ".join(sorted({each.mapping.object_id for each in found}))
            for each in found:
                words = f"{each.subject} would be both {others}; reject all but one."
                yield each.mapping_set.problem(each.mapping, words)


def _contradicted(links: list[Link]) -> Iterator[Problem]:
    rejected = {(each.subject, each.identifier): each.mapping.line for each in links if each.mapping.is_rejected}
    for each in (each for each in links if not each.mapping.is_rejected):
        if line := rejected.get((each.subject, each.identifier)):
            words = (
                f"{each.mapping.subject_id} and {each.mapping.object_id} are rejected in line {line}; keep one of both."
            )
            yield each.mapping_set.problem(each.mapping, words)
