"""Writes the resolved view of the ledgers, in parts; only parts that a changed ledger affects are rewritten.

Parts are the papers of each edition, persons and organizations by the first digits of a hash of their names, and what
there is little of: series, sources, places. Each part is kept as a file of sorted lines, so that the difference to the
version before is that of two files.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from graph.curated.decisions import PlacedDecision, decisions_digest
from graph.identity.decisions import Deciding
from graph.identity.mentions import Mention, PaperAuthors
from graph.importers import importer
from graph.importing.claims import Claims
from graph.importing.folder import Folder, ImportIndex, ImportUnit
from graph.importing.lines import REPLACED, TRUE, Iris, Triple, counted, cvn, described, number
from graph.importing.organizations import Mentioned, Organizations, triples
from graph.importing.paper_merging import MergedAuthor, MergedPaper, SourceUnit, TopicShare, merge_papers, topics
from graph.importing.paper_merging import triples as topic_triples
from graph.importing.people import DecidedState, People, RetiredPerson
from graph.importing.reading import program
from graph.importing.registry import StoredRecord, Tombstone
from graph.importing.renaming import FormerNames
from graph.importing.statements import Statements
from graph.importing.tally import Tally, tallied, total
from graph.importing.view import View
from graph.names import Names, digest
from graph.sources.records import Author, Edition, Volume
from graph.vocabulary.territories import countries

Report = Callable[[str], None]
WHOLE = 0.9  # the share of the stated papers of an edition from which on they are listed; some are withdrawn late
DECIDED = "mentions/.decided"
PARTS = 2  # hexadecimal digits by which persons and organizations are parted


@dataclass
class ViewChange:
    """What changes in the store: parts that are new as a whole, and lines that come and go."""

    whole: list[str] = field(default_factory=list)
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changes."""
        return not (self.whole or self.added or self.removed)


@dataclass
class Assembly:
    """The view of a folder, on its way from one state to the next."""

    folder: Folder
    index: ImportIndex
    names: Names
    claims: Claims
    registries_changed: bool = False
    decisions: Sequence[PlacedDecision] = ()
    formers: FormerNames = field(default_factory=FormerNames)
    difference: ViewChange = field(default_factory=ViewChange)

    def __post_init__(self) -> None:
        self.iris = Iris(self.names)
        self.units = {unit.name: unit for unit in self.index.units.values()}
        self.statements = {
            name: Statements(self.iris, importer(each.source), each) for name, each in self.units.items()
        }
        sources = ((name, each.unit, each.importer) for name, each in self.statements.items())
        self.voices = {name: SourceUnit(unit, source.title, source.trust) for name, unit, source in sources}
        self.curated: dict[str, dict[str, list[tuple[str, Author]]]] = defaultdict(dict)
        for paper, authors in self.claims.authors(self.names).items():
            self.curated[paper.partition("/")[0]][paper] = authors
        registries = (unit for unit in self.units.values() if unit.counts.get("organization"))
        self.organizations = Organizations.of((unit, each) for unit in registries for each in self._kept(unit))
        self.view = View(self.iris, self.claims, self.organizations, self.statements)

    @property
    def editions(self) -> set[str]:
        """The keys of all editions."""
        return {each for unit in self.units.values() for each in unit.editions} | set(self.curated)

    def _kept(self, unit: ImportUnit) -> list[StoredRecord]:
        return self.folder.records(unit.path, StoredRecord)

    def _of_edition(self, edition: str) -> Iterator[tuple[SourceUnit, StoredRecord]]:
        for unit in sorted(self.units.values(), key=lambda unit: unit.path):
            if edition in unit.editions:
                voice = self.voices[unit.name]
                yield from ((voice, each) for each in self._kept(unit) if _edition(each) == edition)

    def make(self, changed: set[str], report: Report) -> ViewChange:
        """Rewrite the parts that the changed editions affect, and return the difference."""
        every = sorted(self.editions | changed)
        old = {each: self.folder.records(f"mentions/{each}", PaperAuthors) for each in every}
        met = {each: list(merge_papers(self._of_edition(each), self.curated[each])) for each in sorted(changed)}
        before: list[DecidedState] = self.folder.records(DECIDED, DecidedState)
        fresh = {each: self._authors(each, papers) for each, papers in met.items()}
        people = People(
            old, fresh, self.claims.people(self.names), before[0] if before else DecidedState(), self.formers
        )
        report(f"merged: {sum(map(len, met.values())):,} papers of {len(met):,} editions")
        self._identify(people, report)
        if changed >= self.editions:  # also what was said of people whom no document names any more
            people.touched |= people.persons
        report(f"{len(people.persons):,} people identified")
        for edition in sorted(changed | people.moved):
            papers = met[edition] if edition in met else merge_papers(self._of_edition(edition), self.curated[edition])
            self._edition(edition, list(papers), people.papers[edition])
        self._persons(people)
        self._organizations(people)
        self._topics(met)
        self._few()
        self.index.program = program()
        come, go = self.difference.added, self.difference.removed
        self.difference.added, self.difference.removed = come - go, go - come
        return self.difference

    def _identify(self, people: People, report: Report) -> None:
        identities, decided = people.identities(self.organizations.path), decisions_digest(self.decisions)
        deciding = Deciding(identities, self.decisions)
        reserved = self.claims.paths(self.names.stem("person"))
        people.identify(identities, deciding, reserved, again=decided != self.index.decisions)
        for each in deciding.problems:
            report(str(each))
        self.index.decisions = decided
        if people.decided != people.before:
            self.folder.keep_records(DECIDED, [people.decided] if people.decided != DecidedState() else [])

    def _authors(self, edition: str, met: list[MergedPaper]) -> list[PaperAuthors]:
        found = [PaperAuthors(paper.path, paper.mentions, paper.affiliations) for paper in met]
        authors = self.curated[edition]
        alone = sorted(authors.keys() - {paper.path for paper in met})
        return found + [
            PaperAuthors(path, [MergedAuthor.named(*each).mention() for each in authors[path]]) for path in alone
        ]

    def _edition(self, edition: str, met: list[MergedPaper], authors: list[PaperAuthors]) -> None:
        by_node = {mention.node: mention for paper in authors for mention in paper.mentions}
        lines = [line for paper in met for line in self.view.paper(paper, by_node)]
        there = {paper.path for paper in met}
        kept = sorted(self._of_edition(edition), key=lambda pair: pair[0].order)
        said = [(voice, each.record) for voice, each in kept if isinstance(each.record, Edition)]
        lines += self.view.settled((v.unit.name, self.statements[v.unit.name].edition(each)) for v, each in said)
        volumes = [(voice, each) for voice, each in kept if isinstance(each.record, Volume)]
        lines += self.view.settled((v.unit.name, self.statements[v.unit.name].of(each)) for v, each in volumes)
        for voice, each in kept:
            if isinstance(each.record, Tombstone) and each.path not in there:
                lines += self.view.lines(self.statements[voice.unit.name].gone(each.path, each.record))
        if met:
            me, accepted = self.iris("edition", edition), sum(paper.is_accepted for paper in met)
            whole = [(me, cvn("allPapersListed"), TRUE)] if self._is_whole(me, accepted) else []
            if retracted := sum(paper.is_retracted for paper in met):
                whole.append((me, cvn("retractedPaperCount"), number(retracted)))
            lines += self.view.lines((*counted(me, accepted, len(met) - accepted), *whole))
            self.index.papers[edition] = accepted
        else:
            self.index.papers.pop(edition, None)
        lines += self._tallied(edition)
        self._part(edition, lines)
        self.folder.write_records(f"mentions/{edition}", authors)

    def _tallied(self, edition: str) -> Iterator[str]:
        """Yield how many records of an edition all its files have, if some have no paper of their own."""
        tally = total(each.tallies.get(edition, Tally()) for each in self.units.values())
        if tally.lost:
            yield from self.view.lines(tallied(self.iris("edition", edition), tally))

    def _is_whole(self, edition: str, listed: int) -> bool:
        """Return whether the listed papers are those of the edition, and not just some of those that are stated."""
        stated = self.claims.one(edition, cvn("acceptedPapers"))
        return listed > 0 and (not stated or listed >= WHOLE * int(stated.split('"')[1]))

    def _persons(self, people: People) -> None:
        before: list[RetiredPerson] = self.folder.records("mentions/.gone", RetiredPerson)
        gone = people.gone(before)
        touched = people.touched | {each.path for each in {*gone} ^ {*before}}
        parts: dict[str, list[str]] = {_part(path): [] for path in touched}
        by_person: dict[str, list[Mention]] = defaultdict(list)
        for mention in people.mentions():
            if _part(mention.person) in parts:
                by_person[mention.person].append(mention)
        for path, mentions in by_person.items():
            if any(each.voices for each in mentions):  # else the person is of curated documents alone
                preferred = people.decided.preferred.get(path, "")
                parts[_part(path)] += self.view.person(path, mentions, people.contested, preferred)
        for path, others in people.namesakes.items():
            if _part(path) in parts:
                parts[_part(path)] += self.view.namesakes(path, others)
        for each in gone:
            if _part(each.path) in parts:
                parts[_part(each.path)] += self.view.lines(self._gone_person(each))
        if gone != before:
            self.folder.keep_records("mentions/.gone", gone)
        self._parts("persons", parts)

    def _gone_person(self, gone: RetiredPerson) -> Iterator[Triple]:
        me = self.iris("person", gone.path)
        yield from described(me, gone.label, "Tombstone")
        yield from ((me, cvn("goneFrom"), self.iris("source", each)) for each in gone.voices if each in self.units)
        if gone.into:
            yield me, REPLACED, self.iris("person", gone.into)

    def _organizations(self, people: People) -> None:
        path = self.organizations.path
        is_whole = self.registries_changed or self.index.program != program()  # then any name can mean another
        touched = _every_part() if is_whole else {_part(path(each)) for each in people.organizations}
        parts: dict[str, list[str]] = {each: [] for each in touched}
        mentioned: dict[str, Mentioned] = defaultdict(Mentioned)
        every = (
            (paper.paper, each) for papers in people.papers.values() for paper in papers for each in paper.mentions
        )
        for paper, mention in every:
            for name in mention.organizations if mention.voices else ():
                known = mentioned[path(name)]
                known.names[name] += 1
                known.voices.update(mention.voices)
                (known.papers if mention.accepted else known.submissions).add(paper)
        for each in sorted({*mentioned, *self.organizations.registered}):
            if _part(each) in parts:
                registered = self.organizations.registered.get(each)
                parts[_part(each)] += self.view.lines(triples(each, mentioned[each], registered, self.iris))
        self._parts("organizations", parts)

    def _topics(self, met: dict[str, list[MergedPaper]]) -> None:
        every = self.editions | met.keys()
        old = {each: set(self.folder.records(f"topics/{each}", TopicShare)) for each in every}
        new = old | {edition: set(topics(papers)) for edition, papers in met.items()}
        parts: dict[str, list[str]] = {_part(each.path): [] for edition in met for each in old[edition] ^ new[edition]}
        by_path: dict[str, list[TopicShare]] = defaultdict(list)
        for each in (each for found in new.values() for each in found if _part(each.path) in parts):
            by_path[each.path].append(each)
        for path, found in by_path.items():
            parts[_part(path)] += self.view.lines(topic_triples(path, found, self.iris))
        self._parts("topics", parts)
        for edition in (each for each in met if old[each] != new[each]):
            self.folder.write_records(f"topics/{edition}", sorted(new[edition], key=attrgetter("path")))

    def _few(self) -> None:
        lines = [line for each in self.statements.values() for line in self.view.lines(each.source())]
        self._part("sources", lines)
        registered = (each for each in self.organizations.registered.values() if each[1].country in countries())
        said = ((unit.name, self.statements[unit.name].places(each)) for unit, each in registered)
        self._part("places", list(self.view.settled(said)))
        counts: Counter[str] = Counter()
        for edition, count in self.index.papers.items():
            counts[edition.rpartition("-")[0]] += count
        voices = sorted(self.voices.values(), key=lambda voice: voice.order)
        every = [(voice.unit.name, each) for voice in voices for each in voice.unit.series]
        lines = list(self.view.settled((name, self.statements[name].series(each)) for name, each in every))
        for key, count in counts.items():
            lines += self.view.lines([(self.iris("series", key), cvn("paperCount"), number(count))])
        self._part("series", lines)

    def _parts(self, kind: str, parts: dict[str, list[str]]) -> None:
        for each in sorted(parts):
            self._part(f"{kind}-{each}", parts[each])

    def _part(self, name: str, lines: list[str]) -> None:
        file, fresh = f"view/{name}.nq", sorted(set(lines))
        old = self.folder.lines(file)
        if old == fresh:
            return
        if old:
            self.difference.added |= set(fresh) - set(old)
            self.difference.removed |= set(old) - set(fresh)
        else:
            self.difference.whole.append(file)
        self.folder.write(file, fresh)


def _every_part() -> set[str]:
    return {f"{number:0{PARTS}x}" for number in range(16**PARTS)}


def _part(path: str) -> str:
    return digest(path, length=PARTS)


def _edition(kept: StoredRecord) -> str:
    record = kept.record
    return record.key if isinstance(record, Edition) else getattr(record, "edition", "")
