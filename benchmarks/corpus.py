"""Writes paper lists as N-Quads of our model, by string formatting.

The resolved view is in the default graph, what a list prints (titles, names, affiliations) in the graph of its
source too. For benchmarks only: no shape is checked and people are distinguished by name alone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from benchmarks.paperlists import Author, Listing, Paper
from graph.names import Names, slug
from graph.terms import CODE, CVN, DCTERMS, RDF, RDFS, XSD

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
ACRONYMS = {"nips": "NeurIPS", "corl": "CoRL", "siggraph": "SIGGRAPH"}
A, LABEL, TITLE = RDF.type, RDFS.label, DCTERMS.title
SAMPLE = 20  # of that many people, one is kept to ask for


def text(value: str) -> str:
    """Return a literal."""
    return f'"{value.translate(ESCAPES)}"'


def number(value: int) -> str:
    """Return a literal of a number."""
    return f'"{value}"^^<{XSD.prefix}integer>'


@dataclass
class Corpus:
    """The file that is written, what is in it already, and what is worth asking for."""

    names: Names
    file: TextIO
    quads: int = 0
    papers: int = 0
    known: dict[str, str] = field(default_factory=dict)
    persons: Counter[str] = field(default_factory=Counter)
    organizations: Counter[str] = field(default_factory=Counter)
    editions: Counter[str] = field(default_factory=Counter)

    def say(self, subject: object, *pairs: tuple[object, object], graph: str = "") -> None:
        """Write what is said of a subject."""
        self.file.write("".join(f"{subject} {prop} {value} {graph}.\n" for prop, value in pairs))
        self.quads += len(pairs)

    def listing(self, listing: Listing) -> None:
        """Write the papers of one edition."""
        acronym = ACRONYMS.get(listing.series, listing.series.upper())
        key = f"{slug(acronym)}-{listing.year}"
        series, edition = self.names.id("series", slug(acronym)), self.names.id("edition", key)
        source = self.names.id("source", f"paperlists-{key}")
        if str(series) not in self.known:
            self.known[str(series)] = ""
            self.say(
                series, (A, CVN.Series), (LABEL, text(acronym)), (CVN.acronym, text(acronym)), (CVN.source, source)
            )
        name = text(f"{acronym} {listing.year}")
        kinds = ((A, CVN.Edition), (A, CVN.Event), (LABEL, name))
        self.say(edition, *kinds, (CVN.series, series), (CVN.year, number(listing.year)), (CVN.source, source))
        self.say(source, (A, CVN.Source), (LABEL, text(f"Paper list of {acronym} {listing.year}")))
        self.say(source, (CVN.sourceKind, CODE["source-kind/data-file"]))
        for paper in listing.papers:
            self.paper(paper, key, f"{source}")
        self.editions[str(edition)] = len(listing.papers)

    def paper(self, paper: Paper, key: str, source: str) -> None:
        """Write a paper and its authors; one that is there twice under one title is written once."""
        iri, edition = self.names.paper(key, paper.title), self.names.id("edition", key)
        if str(iri) in self.known:
            return
        self.known[str(iri)] = ""
        self.papers += 1
        title, track = text(paper.title), self.names.within(edition, "track", slug(paper.track))
        graph = f"{self.names.graph('source', f'paperlists-{key}')} "
        self.track(str(track), str(edition), paper.track, source)
        self.say(iri, (A, CVN.Paper), (LABEL, title), (TITLE, title), (CVN.edition, edition), (CVN.track, track))
        count = (CVN.authorCount, number(len(paper.authors)))
        self.say(iri, (CVN.decision, CODE[f"decision/{paper.decision}"]), count, (CVN.source, source))
        self.say(iri, (TITLE, title), graph=graph)
        if paper.openreview:
            self.say(iri, (CVN.openreviewId, text(paper.openreview)))
        for position, author in enumerate(paper.authors, 1):
            self.author((iri.value, paper.title, position), author, source, graph)
        if paper.awarded:
            self.award(str(iri), str(edition), paper, source)

    def author(self, place: tuple[str, str, int], author: Author, source: str, graph: str) -> None:
        """Write one authorship, its person and organizations."""
        paper, title, position = place
        person = self.thing("person", author.name, source)
        node = f"{paper.replace('/id/paper/', '/id/authorship/', 1)}/{position}"
        node, name = f"<{node}>", text(author.name)
        label = text(f"{author.name}, author {position} of {title}")
        self.say(node, (A, CVN.Authorship), (A, CVN.Fact), (LABEL, label), (CVN.paper, f"<{paper}>"))
        self.say(node, (CVN.person, person), (CVN.position, number(position)), (CVN.source, source))
        self.say(f"<{paper}>", (CVN.author, person))
        printed = [(CVN.nameAsPrinted, name)]
        if author.affiliation:
            printed.append((CVN.affiliationAsPrinted, text(author.affiliation)))
        self.say(node, *printed)
        self.say(node, *printed, graph=graph)
        for each in author.organizations:
            organization = self.thing("org", each, source)
            self.organizations[organization] += 1
            self.say(node, (CVN.affiliation, organization))
        self.persons[person] += 1

    def thing(self, kind: str, name: str, source: str) -> str:
        """Return the IRI of a person or organization, which is written when first met."""
        found = self.known.get(f"{kind} {name}")
        if found is None:
            found = self.known[f"{kind} {name}"] = str(self.names.id(kind, slug(name)))
            if found not in self.known:
                self.known[found] = ""
                its_class = CVN.Person if kind == "person" else CVN.Organization
                self.say(found, (A, its_class), (LABEL, text(name)), (CVN.source, source))
        return found

    def track(self, track: str, edition: str, name: str, source: str) -> None:
        """Write a track when first met."""
        if track not in self.known:
            self.known[track] = ""
            self.say(track, (A, CVN.Track), (LABEL, text(name)), (CVN.edition, edition), (CVN.source, source))

    def award(self, paper: str, edition: str, about: Paper, source: str) -> None:
        """Write that a paper won an award, which the lists do not name."""
        node = f"<{paper[1:-1].replace('/id/paper/', '/id/conferral/', 1)}>"
        label = (LABEL, text(f"Award for {about.title}"))
        self.say(node, (A, CVN.AwardConferral), (A, CVN.Fact), label, (CVN.paper, paper), (CVN.edition, edition))
        self.say(node, (CVN.source, source), (CVN.awardName, text("Award")))

    def facts(self) -> dict[str, object]:
        """Return the counts, and what the queries ask for: the busiest of each kind, and persons at even distances."""
        edition = self.editions.most_common(1)[0][0]
        return {
            "papers": self.papers,
            "persons": len(self.persons),
            "quads": self.quads,
            "person": self.persons.most_common(1)[0][0],
            "organization": self.organizations.most_common(1)[0][0],
            "edition": edition,
            "sample": sorted(self.persons)[::SAMPLE],
        }


def some(listings: Iterable[Listing], count: int) -> Iterator[Listing]:
    """Yield the listings with at most that many papers in all, in the same shares; 0 is all."""
    every = list(listings)
    total = sum(len(each.papers) for each in every)
    share = min(1.0, count / total) if count else 1.0
    for each in every:
        yield Listing(each.series, each.year, each.papers[: max(1, round(len(each.papers) * share))])


def write(path: Path, base: str, listings: Iterable[Listing]) -> dict[str, object]:
    """Write the N-Quads of listings and return their facts."""
    with path.open("w", encoding="utf-8") as file:
        corpus = Corpus(Names(base), file)
        for listing in listings:
            corpus.listing(listing)
    facts = corpus.facts()
    path.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    return facts
