"""The resolved view as N-Quads: each fact once; other values in the graph of their source, with a resolution."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from graph.identity.evidence import CURATED
from graph.identity.mentions import Mention
from graph.identity.rule import identifying
from graph.importing.claims import SINGLE, Claims
from graph.importing.lines import (
    ALSO,
    ID,
    SAME,
    TITLE,
    TRUE,
    Iris,
    Triple,
    code,
    counted,
    cvn,
    described,
    evidence,
    identifier,
    name_parts,
    number,
    references,
    text,
)
from graph.importing.organizations import Organizations
from graph.importing.paper_merging import UNDECIDED, MergedAuthor, MergedPaper, SourceUnit
from graph.importing.statements import Statements, authorship, paper_kinds, track_path
from graph.names import digest, slug
from graph.sources.records import NOT_ACCEPTED, Identifier
from graph.topics import topic_slug
from graph.vocabulary.identifiers import SAFE, schemes

ONE_VALUE = {"openreview"}
ACCEPT = "accept"


@dataclass
class View:
    """Writes the resolved view."""

    iris: Iris
    claims: Claims
    organizations: Organizations
    statements: dict[str, Statements]
    """The statements of each unit by its name."""

    @cached_property
    def entities(self) -> dict[str, tuple[str, str]]:
        """The template of the IRIs of things, and the graph of links to them, by the datatype of identifiers."""
        known = (each for each in schemes().values() if each.entity)
        return {str(each.iri): (each.entity, self.iris.links(each.name)) for each in known}

    def lines(self, triples: Iterable[Triple], voice: str = "") -> Iterator[str]:
        """Yield triples as lines of the default graph; those that differ from curated ones go to the source's graph."""
        added, other = self.claims.divided(triples)
        for s, p, o in dict.fromkeys(added):
            yield f"{s} {p} {o} ."
            if p == ID:
                yield from self._same(s, o)
        if other and voice:
            yield from self.aside(other, voice)

    def settled(self, said: Iterable[tuple[str, Iterable[Triple]]]) -> Iterator[str]:
        """Yield what units state of things without merging, the most trusted first; further single values go aside."""
        chosen: dict[tuple[str, str], str] = {}
        for voice, triples in said:
            added, other = list[Triple](), list[Triple]()
            for triple in triples:
                first = chosen.setdefault(triple[:2], triple[2]) if triple[1] in SINGLE else triple[2]
                (added if first == triple[2] else other).append(triple)
            yield from self.lines(added, voice)
            yield from self.aside(other, voice)

    def _same(self, thing: str, identifier: str) -> Iterator[str]:
        """Yield the link to the thing itself, where the scheme of an identifier names things."""
        value, _, scheme = identifier.rpartition("^^")
        found = self.entities.get(scheme)
        if found:
            yield f"{thing} {SAME} <{found[0].replace('{id}', quote(value[1:-1], safe=SAFE))}> {found[1]} ."

    def aside(self, triples: Iterable[Triple], voice: str) -> Iterator[str]:
        """Yield triples as lines of the graph of a source."""
        graph = self.iris.graph(voice)
        yield from (f"{s} {p} {o} {graph} ." for s, p, o in triples)

    def paper(self, met: MergedPaper, persons: dict[str, Mention]) -> Iterator[str]:
        """Yield the lines of a paper, its authorships and its track."""
        first = met.records[0][0].unit.name
        yield from self.lines(self._paper(met, persons), first)
        for voice, record in met.records:
            if record.track:
                yield from self.lines(self.statements[voice.unit.name].track(record))
        for position, author in enumerate(met.authors, 1):
            yield from self.lines(self._authorship(met, position, author, persons[author.node]), first)
        said = ((v.unit.name, self.statements[v.unit.name].awards(met.path, each)) for v, each in met.records)
        yield from self.settled(said if met.is_accepted else ())
        yield from self._differences(met)

    def _paper(self, met: MergedPaper, persons: dict[str, Mention]) -> Iterator[Triple]:
        me, (_, record) = self.iris("paper", met.path), met.records[0]
        yield from described(me, record.title, *paper_kinds(accepted=met.is_accepted))
        yield me, TITLE, text(record.title)
        yield me, cvn("edition"), self.iris("edition", record.edition)
        for track, _ in _tracks(met)[:1]:
            yield me, cvn("track"), self.iris.track(record.edition, track)
        for decision, _ in decisions(met)[:1]:
            yield me, cvn("decision"), code("decision", decision)
        yield from ((me, cvn("pageNumbers"), text(extent)) for extent, _ in met.texts("extent")[:1])
        yield from references(me, _identifiers(met), [each for each, _ in met.said(lambda record: record.pages)])
        if next((each.authors_left_out for _, each in met.records if each.authors), False):
            yield me, cvn("authorsLeftOut"), TRUE
        if met.is_retracted:
            yield me, cvn("retracted"), TRUE
        for voice, record in met.records:
            yield me, cvn("source"), self.iris("source", voice.unit.name)
            yield from self.statements[voice.unit.name].citation(me, record)
            yield from self.statements[voice.unit.name].volume_of(me, record)
        if met.is_accepted:
            yield from self._shortcuts(met, persons)

    def _shortcuts(self, met: MergedPaper, persons: dict[str, Mention]) -> Iterator[Triple]:
        """Yield what is counted of papers only: topics, authors and their number."""
        me = self.iris("paper", met.path)
        topics = met.said(lambda record: record.topics)
        yield from ((me, cvn("topic"), self.iris("topic", topic_slug(name))) for name, _ in topics)
        yield from ((me, cvn("author"), self.iris("person", persons[each.node].person)) for each in met.authors)
        if met.authors and not any(record.authors_left_out for _, record in met.records):
            yield me, cvn("authorCount"), number(len(met.authors))

    def _authorship(self, met: MergedPaper, position: int, author: MergedAuthor, mention: Mention) -> Iterator[Triple]:
        me = self.iris("authorship", author.node)
        yield from described(me, f"{author.name}, author {position} of {met.records[0][1].title}", "Fact")
        yield from authorship(me, self.iris("paper", met.path), accepted=met.is_accepted)
        yield me, cvn("person"), self.iris("person", mention.person)
        yield me, cvn("position"), number(position)
        yield me, cvn("nameAsPrinted"), text(author.name)
        yield from name_parts(me, author.name, author.parts)
        yield from ((me, cvn("affiliationAsPrinted"), text(each)) for each in author.affiliations)
        for name in author.organizations:
            yield me, cvn("affiliation"), self.iris("org", self.organizations.path(name))
        ids = (each for each in author.ids if each.scheme != CURATED)
        yield from ((me, cvn("authorId"), identifier(each.scheme, each.value)) for each in ids)
        yield from ((me, cvn("identifiedBecause"), evidence(each)) for each in mention.evidence)
        yield from ((me, cvn("source"), self.iris("source", voice.unit.name)) for voice in author.voices)

    def _differences(self, met: MergedPaper) -> Iterator[str]:
        me, first = self.iris("paper", met.path), met.records[0][1]
        found = {
            "title": (TITLE, [(text(each), voice) for each, voice in met.texts("title")]),
            "track": (cvn("track"), [(self.iris.track(first.edition, each), voice) for each, voice in _tracks(met)]),
            "decision": (cvn("decision"), [(code("decision", each), voice) for each, voice in decisions(met)]),
            "pageNumbers": (cvn("pageNumbers"), [(text(each), voice) for each, voice in met.texts("extent")]),
        }
        for name, (predicate, values) in found.items():
            for value, voice in values[1:]:
                yield from self.aside([(me, predicate, value)], voice.unit.name)
            # titles that differ only in case and punctuation need no reason
            if len(values) > 1 and (name != "title" or len({slug(each) for each, _ in values}) > 1):
                yield from self.lines(self._resolution(met, predicate, name, values))
        for author in met.authors:
            for printed, voice in author.printed.items():
                said = (self.iris("authorship", author.node), cvn("nameAsPrinted"), text(printed))
                yield from self.aside([said], voice.unit.name)
            for voice, position in author.positions:
                node, source = self.iris("authorship", author.node), self.iris("source", voice.unit.name)
                other = [(node, cvn("position"), number(position)), (node, cvn("source"), source)]
                yield from self.aside(other, voice.unit.name)
        for voice, record in met.strangers:
            statements = self.statements[voice.unit.name]
            triples = [each for each in statements.paper(met.path, record) if "/id/authorship/" in each[0]]
            yield from self.aside(triples, voice.unit.name)

    def _resolution(
        self, met: MergedPaper, predicate: str, name: str, values: list[tuple[str, SourceUnit]]
    ) -> Iterator[Triple]:
        paper = self.iris("paper", met.path)
        me = self.iris("resolution", digest(paper, name, length=12))
        yield from described(me, f"{met.records[0][1].title}: {name}", "Resolution")
        yield me, cvn("resolves"), paper
        yield me, cvn("onProperty"), predicate
        yield me, cvn("chosen"), values[0][0]
        yield from ((me, cvn("rejected"), value) for value, _ in values[1:])
        yield me, cvn("preferredBecause"), text(_because(values))

    def namesakes(self, path: str, others: dict[str, bool]) -> Iterator[str]:
        """Yield the namesakes of a person, of whom is known whether they may be the same."""
        me = self.iris("person", path)
        for other, may_be in others.items():
            yield from self.lines([(me, cvn("possiblySameAs" if may_be else "namesake"), self.iris("person", other))])

    def person(
        self, path: str, mentions: list[Mention], contested: Container[Identifier], preferred: str = ""
    ) -> Iterator[str]:
        """Yield a person: names, the preferred or most frequent first, identifiers of nobody else, number of papers."""
        me = self.iris("person", path)
        counts = Counter(each.name for each in mentions) | Counter([preferred] if preferred else ())
        names = sorted(counts, key=lambda name: (name != preferred, -counts[name], -len(name), name))
        given = (each for mention in mentions for each in identifying(mention))
        ids = dict.fromkeys(each for each in given if each.scheme != CURATED and each not in contested)
        voices = dict.fromkeys(voice for mention in mentions for voice in mention.voices)
        papers = sum(each.accepted for each in mentions)
        further = [*((ALSO, text(each)) for each in names[1:])]
        further += [(cvn("source"), self.iris("source", voice)) for voice in voices]
        triples = ((me, *each) for each in further)
        counts_of = counted(me, papers, len(mentions) - papers)
        yield from self.lines((*described(me, names[0], "Person"), *references(me, ids), *counts_of, *triples))


def _identifiers(met: MergedPaper) -> Iterator[Identifier]:
    """Yield the identifiers of a paper from all sources; of those that a paper has one of, the first."""
    seen = set()
    for each, _ in met.said(lambda record: record.ids):
        if each.scheme not in ONE_VALUE or each.scheme not in seen:
            seen.add(each.scheme)
            yield each


def _tracks(met: MergedPaper) -> list[tuple[str, SourceUnit]]:
    return met.said(lambda record: [track_path(record)] if record.track else [])


def decisions(met: MergedPaper) -> list[tuple[str, SourceUnit]]:
    """Return the decisions that differ, those for what it is first; who publishes a paper says that it was accepted.

    A plain acceptance does not differ from one that says in which form, and no decision from none.
    """
    found = met.said(lambda record: [record.decision or ACCEPT])
    if all(record.decision in ("", ACCEPT) for _, record in met.records):
        found = met.texts("decision")
    less = {UNDECIDED, *([ACCEPT] if any(each.startswith("accept-") for each, _ in found) else [])}
    particular = [each for each in found if each[0] not in less] or found
    return sorted(particular, key=lambda each: (each[0] in NOT_ACCEPTED) == met.is_accepted)


def _because(values: list[tuple[str, SourceUnit]]) -> str:
    first, others = values[0][1], {voice.title for _, voice in values[1:]}
    if rivals := " and ".join(sorted(others - {first.title})):
        return f"{first.title} are trusted above {rivals}, or say more."
    return f"{first.title} give different values; the first was taken."
