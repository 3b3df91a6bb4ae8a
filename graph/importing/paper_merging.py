"""Papers that meet: what several sources say of one paper becomes one paper, and what they say differently is kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec import Struct

from graph.identity.mentions import Mention
from graph.importing.folder import ImportUnit
from graph.importing.lines import ALSO, Iris, Triple, cvn, described, number, text
from graph.importing.registry import StoredRecord
from graph.importing.statements import node_slugs
from graph.names import slug
from graph.sources.parts import NameParts
from graph.sources.records import Author, Identifier, Paper
from graph.topics import topic_slug

T = TypeVar("T")
UNDECIDED = "undecided"


@dataclass(frozen=True)
class SourceUnit:
    """A unit with the trust it has; a curated document is one without records of its own."""

    unit: ImportUnit
    title: str
    trust: int

    @property
    def order(self) -> tuple[int, str]:
        """The place among others: the most trusted first."""
        return -self.trust, self.unit.name


@dataclass
class MergedAuthor:
    """One author of a paper as all sources give it; `node` is the path of the authorship."""

    node: str
    name: str
    ids: dict[Identifier, None]
    affiliations: dict[str, None]
    organizations: dict[str, None]
    voices: list[SourceUnit]
    printed: dict[str, SourceUnit] = field(default_factory=dict)
    positions: list[tuple[SourceUnit, int]] = field(default_factory=list)
    """Which sources have the author at another position, and at which."""
    parts: NameParts | None = None
    """The parts of the name, of the first source that gives them."""

    @classmethod
    def named(cls, node: str, author: Author) -> "MergedAuthor":
        """Return the author of an authorship, of whom a source has not spoken yet."""
        organizations = [each for affiliation in author.affiliations for each in affiliation.organizations]
        return cls(node, author.name, dict.fromkeys(author.ids), {}, dict.fromkeys(organizations), [])

    def mention(self, *, accepted: bool = True) -> Mention:
        """Return the authorship, of which the person is not known yet."""
        voices = tuple(each.unit.name for each in self.voices)
        own, printed = tuple(self.ids), tuple(self.affiliations)
        return Mention(self.node, self.name, own, tuple(self.organizations), voices, accepted=accepted, printed=printed)

    def add(self, author: Author, voice: SourceUnit) -> None:
        """Add what one more source says of the same author."""
        self.ids |= dict.fromkeys(author.ids)
        for each in author.affiliations:
            self.affiliations |= {each.printed: None} if each.printed else {}
            self.organizations |= dict.fromkeys(each.organizations)
        if voice not in self.voices:
            self.voices.append(voice)
        if author.name != self.name:
            self.printed.setdefault(author.name, voice)
        elif self.parts is None:
            self.parts = author.parts


@dataclass
class MergedPaper:
    """One paper as all sources give it: the record of each, the most trusted first, and the merged authors."""

    path: str
    records: list[tuple[SourceUnit, Paper]]
    authors: list[MergedAuthor]
    strangers: list[tuple[SourceUnit, Paper]]
    """The records whose list of authors is another one."""
    is_accepted: bool
    """Whether it is a paper: in a curated document, or by the most trusted source that knows."""

    @property
    def is_retracted(self) -> bool:
        """Whether a source says that the paper was taken back."""
        return any(record.retracted for _, record in self.records)

    @property
    def affiliations(self) -> tuple[str, ...]:
        """The affiliations that sources print without saying whose they are."""
        return tuple(each for each, _ in self.said(lambda record: record.affiliations))

    @property
    def mentions(self) -> list[Mention]:
        """The authorships, of which the persons are not known yet."""
        return [each.mention(accepted=self.is_accepted) for each in self.authors]

    def said(self, values: Callable[[Paper], Iterable[T]]) -> list[tuple[T, SourceUnit]]:
        """Return the different values that the records have of something, with who gives each first."""
        found: dict[T, SourceUnit] = {}
        for voice, record in self.records:
            for value in values(record):
                found.setdefault(value, voice)
        return list(found.items())

    def texts(self, name: str) -> list[tuple[str, SourceUnit]]:
        """Return the different texts of a field, but for empty ones, with who gives each first."""
        return self.said(lambda record: filter(None, [getattr(record, name)]))


def merge_papers(
    kept: Iterable[tuple[SourceUnit, StoredRecord]], curated: dict[str, list[tuple[str, Author]]]
) -> Iterator[MergedPaper]:
    """Yield the papers of an edition, each once; `curated` has the authorships of papers in curated documents."""
    groups: dict[str, list[tuple[SourceUnit, Paper]]] = defaultdict(list)
    for voice, each in kept:
        if isinstance(each.record, Paper):
            groups[each.path].append((voice, each.record))
    for path in sorted(groups):
        records = sorted(groups[path], key=lambda pair: pair[0].order)
        yield _met(path, records, curated.get(path, []))


def _met(path: str, records: list[tuple[SourceUnit, Paper]], curated: list[tuple[str, Author]]) -> MergedPaper:
    authors, strangers = [MergedAuthor.named(*each) for each in curated], []
    for voice, record in records:
        if not authors:
            nodes = node_slugs(record.authors)
            authors = [
                MergedAuthor.named(f"{path}/{node}", each) for node, each in zip(nodes, record.authors, strict=True)
            ]
            for known, each in zip(authors, record.authors, strict=True):
                known.add(each, voice)
        elif (matched := _matched(authors, record.authors)) is not None:
            for here, (author, place) in enumerate(zip(record.authors, matched, strict=True)):
                authors[place].add(author, voice)
                if here != place:
                    authors[place].positions.append((voice, here + 1))
        elif record.authors:
            strangers.append((voice, record))
    deciding = next((each for _, each in records if each.decision != UNDECIDED), records[0][1])
    return MergedPaper(path, records, authors, strangers, bool(curated) or deciding.is_accepted)


def _matched(known: list[MergedAuthor], others: tuple[Author, ...]) -> list[int] | None:
    """Return the place of each of the other authors in a list, or None where the lists are of different people."""
    if len(known) == len(others) and all(alike(one.name, other.name) for one, other in zip(known, others, strict=True)):
        return list(range(len(known)))
    places = {slug(author.name): place for place, author in enumerate(known)}
    found = [places.get(slug(author.name), -1) for author in others]
    return found if len(known) == len(others) and -1 not in found and len(set(found)) == len(found) else None


def alike(one: str, other: str) -> bool:
    """Return whether two names at one place of two lists can be one person's: a part of a name in common."""
    if one == other:
        return True
    parts, rest = set(slug(one).split("-")), set(slug(other).split("-"))
    return any(len(part) > 1 for part in parts & rest) or "".join(sorted(parts)) == "".join(sorted(rest))


class TopicShare(Struct, frozen=True):
    """A topic of the papers of one edition: how many papers have it under which name, who says so, how many in all."""

    path: str
    names: tuple[tuple[str, int], ...]
    voices: tuple[str, ...]
    papers: int


def topics(met: Iterable[MergedPaper]) -> list[TopicShare]:
    """Return the topics of papers, by their paths."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    voices: dict[str, set[str]] = defaultdict(set)
    papers: Counter[str] = Counter()
    for paper in met:
        accepted = paper.records if paper.is_accepted else []
        there = {(topic_slug(name), name, voice.unit.name) for voice, each in accepted for name in each.topics}
        for path, name, voice in there:
            names[path][name] += 1
            voices[path].add(voice)
        papers.update({path for path, _, _ in there})
    return [
        TopicShare(each, tuple(sorted(names[each].items())), tuple(sorted(voices[each])), papers[each])
        for each in sorted(papers)
    ]


def triples(path: str, of_editions: Iterable[TopicShare], iris: Iris) -> Iterator[Triple]:
    """Yield what is said of a topic; its name is the one that most papers have."""
    me, names, voices, papers = iris("topic", path), Counter[str](), set[str](), 0
    for each in of_editions:
        names.update(dict(each.names))
        voices.update(each.voices)
        papers += each.papers
    label, *others = sorted(names, key=lambda name: (-names[name], name))
    yield from described(me, label, "Topic")
    yield from ((me, ALSO, text(each)) for each in others)
    yield me, cvn("paperCount"), number(papers)
    yield from ((me, cvn("source"), iris("source", voice)) for voice in sorted(voices))
