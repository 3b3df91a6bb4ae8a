"""Makes the resolved view of the ledgers, in parts; only what a changed ledger touches is made anew.

Parts are the papers of each edition, persons and organizations by the first digits of a hash of their names, and what
there is little of: series, sources, places. Each part is kept as a file of sorted lines, so that the difference to the
version before is that of two files.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from graph.importers import importer
from graph.importing.claims import Claims
from graph.importing.folder import Folder, Index, Unit
from graph.importing.identity import CURATED, Authors, Identities, Mention, named
from graph.importing.lines import A, LABEL, REPLACED, Iris, Triple, cvn, number, text
from graph.importing.meeting import Met, Voice, meet
from graph.importing.organizations import Mentioned, Organizations, places, triples
from graph.importing.records import Author, Edition, Series
from graph.importing.registry import Gone, Kept
from graph.importing.statements import Statements
from graph.importing.view import View
from graph.names import Names, digest, slug

Report = Callable[[str], None]
PARTS = 2  # hexadecimal digits by which persons and organizations are parted


class GonePerson(Struct, frozen=True):
    """A person whom no authorship names any more, and who has them now if that is one person."""

    path: str
    label: str
    voices: tuple[str, ...]
    into: str = ""


@dataclass
class Difference:
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
    index: Index
    names: Names
    claims: Claims
    difference: Difference = field(default_factory=Difference)

    def __post_init__(self) -> None:
        self.iris = Iris(self.names)
        self.units = {unit.name: unit for unit in self.index.units.values()}
        self.statements = {
            name: Statements(self.iris, importer(unit.source), unit) for name, unit in self.units.items()
        }
        self.voices = {
            name: Voice(unit, self.statements[name].importer.title, self.statements[name].importer.trust)
            for name, unit in self.units.items()
        }
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

    def _kept(self, unit: Unit) -> list[Kept]:
        return self.folder.records(unit.path, Kept)

    def _of_edition(self, edition: str) -> Iterator[tuple[Voice, Kept]]:
        for unit in sorted(self.units.values(), key=lambda unit: unit.path):
            if edition in unit.editions:
                voice = self.voices[unit.name]
                yield from ((voice, each) for each in self._kept(unit) if _edition(each) == edition)

    def make(self, changed: set[str], report: Report) -> Difference:
        """Make anew what the changed editions touch, and return the difference."""
        old = {each: self.folder.records(f"mentions/{each}", Authors) for each in sorted(self.editions | changed)}
        met = {each: list(meet(self._of_edition(each), self.curated[each])) for each in sorted(changed)}
        papers = {each: self._authors(each, met[each]) if each in met else old[each] for each in old}
        report(f"papers that meet: {sum(map(len, met.values())):,} papers of {len(met):,} editions")
        known = {mention.node: mention.person for each in old.values() for paper in each for mention in paper.mentions}
        persons = self._identify(papers, changed, known, report)
        moved = {each for each in old if each not in changed and self._moved(papers[each], known)}
        for edition in sorted(changed | moved):
            papers_met = met.get(edition) or list(meet(self._of_edition(edition), self.curated[edition]))
            self._edition(edition, papers_met, papers[edition])
        self._persons(papers, known, persons)
        self._organizations(papers)
        self._few(papers)
        self.difference.added, self.difference.removed = (
            self.difference.added - self.difference.removed,
            self.difference.removed - self.difference.added,
        )
        return self.difference

    def _authors(self, edition: str, met: list[Met]) -> list[Authors]:
        found = []
        for paper in met:
            mentions = [
                Mention(
                    each.node,
                    each.name,
                    tuple(each.ids),
                    tuple(each.organizations),
                    tuple(v.unit.name for v in each.voices),
                )
                for each in paper.authors
            ]
            found.append(Authors(paper.path, mentions))
        alone = self.curated[edition].keys() - {paper.path for paper in met}
        for path in sorted(alone):
            mentions = [
                Mention(node, each.name, each.ids, tuple(o for a in each.affiliations for o in a.organizations), ())
                for node, each in self.curated[edition][path]
            ]
            found.append(Authors(path, mentions))
        return found

    def _identify(
        self, papers: dict[str, list[Authors]], changed: set[str], known: dict[str, str], report: Report
    ) -> set[str]:
        every = [paper for edition in papers for paper in papers[edition]]
        identities = Identities(every, self.organizations.path)
        groups = identities.find()
        reserved = self.claims.paths(self.names.stem("person"))
        persons = named(identities, groups, known, reserved)
        report(f"who is who: {len(persons):,} persons of {len(identities.mentions):,} authorships")
        return set(persons)

    @staticmethod
    def _moved(papers: list[Authors], known: dict[str, str]) -> bool:
        return any(mention.person != known.get(mention.node) for paper in papers for mention in paper.mentions)

    def _edition(self, edition: str, met: list[Met], authors: list[Authors]) -> None:
        by_node = {mention.node: mention for paper in authors for mention in paper.mentions}
        lines = [line for paper in met for line in self.view.paper(paper, by_node)]
        there = {paper.path for paper in met}
        for voice, each in self._of_edition(edition):
            if isinstance(each.record, Edition):
                lines += self.view.lines(self.statements[voice.unit.name].edition(each.record), voice.unit.name)
            elif isinstance(each.record, Gone) and each.path not in there:
                lines += self.view.lines(self.statements[voice.unit.name].gone(each.path, each.record))
        if met:
            count: list[Triple] = [(self.iris("edition", edition), cvn("paperCount"), number(len(met)))]
            lines += self.view.lines(count)
            self.index.papers[edition] = len(met)
        else:
            self.index.papers.pop(edition, None)
        self._part(edition, lines)
        self.folder.write_records(f"mentions/{edition}", authors)

    def _persons(self, papers: dict[str, list[Authors]], known: dict[str, str], persons: set[str]) -> None:
        by_person: dict[str, list[Mention]] = defaultdict(list)
        for edition in papers:
            for paper in papers[edition]:
                for mention in paper.mentions:
                    by_person[mention.person].append(mention)
        parts: dict[str, list[str]] = defaultdict(list)
        for path, mentions in by_person.items():
            if any(mention.voices for mention in mentions):
                parts[_part(path)] += self.view.person(path, [each for each in mentions if each.voices])
        for gone in self._gone_persons(papers, known, persons):
            me = self.iris("person", gone.path)
            lines: list[Triple] = [(me, A, cvn("Tombstone")), (me, LABEL, text(gone.label))]
            lines += [(me, cvn("goneFrom"), self.iris("source", each)) for each in gone.voices if each in self.units]
            lines += [(me, REPLACED, self.iris("person", gone.into))] if gone.into else []
            parts[_part(gone.path)] += self.view.lines(lines)
        self._parts("persons", parts)

    def _gone_persons(
        self, papers: dict[str, list[Authors]], known: dict[str, str], persons: set[str]
    ) -> list[GonePerson]:
        before: list[GonePerson] = self.folder.records("mentions/.gone", GonePerson)
        now = {mention.node: mention for each in papers.values() for paper in each for mention in paper.mentions}
        lost: dict[str, list[str]] = defaultdict(list)
        for node, path in known.items():
            if path not in persons:
                lost[path].append(node)
        gone = {each.path: each for each in before if each.path not in persons}
        for path, nodes in lost.items():
            into = {now[node].person for node in nodes if node in now}
            label = next((now[node].name for node in nodes if node in now), path.replace("-", " ").title())
            gone[path] = GonePerson(path, label, (), into.pop() if len(into) == 1 else "")
        found = [gone[path] for path in sorted(gone)]
        self.folder.write_records("mentions/.gone", found)
        return found

    def _organizations(self, papers: dict[str, list[Authors]]) -> None:
        mentioned: dict[str, Mentioned] = defaultdict(Mentioned)
        for edition in papers:
            for paper in papers[edition]:
                for mention in paper.mentions:
                    if mention.voices:
                        self._mention(mentioned, paper.paper, mention)
        parts: dict[str, list[str]] = defaultdict(list)
        for path in sorted({*mentioned, *self.organizations.registered}):
            registered = self.organizations.registered.get(path)
            parts[_part(path)] += self.view.lines(triples(path, mentioned[path], registered, self.iris))
        self._parts("organizations", parts)

    def _mention(self, mentioned: dict[str, Mentioned], paper: str, mention: Mention) -> None:
        for name in mention.organizations:
            known = mentioned[self.organizations.path(name)]
            known.names[name] += 1
            known.voices.update(mention.voices)
            known.papers.add(paper)

    def _few(self, papers: dict[str, list[Authors]]) -> None:
        """Make the parts of which there is little."""
        lines = [line for each in self.statements.values() for line in self.view.lines(each.source())]
        self._part("sources", lines)
        self._part("places", list(self.view.lines(places(self.organizations.registered.values(), self.iris))))
        counts: Counter[str] = Counter()
        for edition, count in self.index.papers.items():
            counts[edition.rpartition("-")[0]] += count
        lines = []
        for name, unit in self.units.items():
            for each in self._kept(unit) if unit.counts.get("series") else ():
                if isinstance(each.record, Series):
                    lines += self.view.lines(self.statements[name].series(each.record), name)
        for key, count in counts.items():
            lines += self.view.lines([(self.iris("series", key), cvn("paperCount"), number(count))])
        self._part("series", lines)

    def _parts(self, kind: str, parts: dict[str, list[str]]) -> None:
        there = {
            name.removeprefix(f"view/{kind}-").removesuffix(".nq")
            for name in self.folder.shards()
            if name.startswith(f"view/{kind}-")
        }
        for each in sorted(there | parts.keys()):
            self._part(f"{kind}-{each}", parts.get(each, []))

    def _part(self, name: str, lines: list[str]) -> None:
        """Write a part of the view, and note the difference."""
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


def _part(path: str) -> str:
    return digest(path, length=PARTS)


def _edition(kept: Kept) -> str:
    record = kept.record
    return record.key if isinstance(record, Edition) else getattr(record, "edition", "")
