"""Curated statements about things that imported sources name too; they take precedence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.identity.evidence import CURATED
from graph.identity.mentions import Mention, PaperAuthors
from graph.importing.lines import LABEL, TITLE, Iris, Triple, cvn
from graph.names import Names
from graph.sources.records import Affiliation, Author, Identifier

PROPERTIES = """
    acronym authorCount authorsLeftOut decision edition endDate familyName fullName givenName isoCode nameParticle
    nameSuffix nameUndivided openreviewId pageNumbers paper person position series startDate submission track trackKind
    year"""
SINGLE = {LABEL, TITLE, *map(cvn, PROPERTIES.split())}  # of which a thing has one value


@dataclass
class Claims:
    """The curated part of the default graph, by subject and property."""

    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Claims":
        """Return the claims of the lines of a default graph."""
        said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for line in lines:
            subject, predicate, value = line.removesuffix(" .").split(" ", 2)
            said[subject][predicate].append(value)
        return cls(dict(said))

    def one(self, subject: str, predicate: str) -> str:
        """Return a value, or nothing."""
        return next(iter(self.said.get(subject, {}).get(predicate, ())), "")

    def paths(self, stem: str) -> Iterator[str]:
        """Yield the paths of the things whose IRIs begin so."""
        start = f"<{stem}"
        yield from (each[len(start) : -1] for each in self.said if each.startswith(start))

    def authors(self, names: Names) -> dict[str, list[tuple[str, Author]]]:
        """Return the authors of each paper in order, with the paths of the authorships; the person is an identifier."""
        iris, stems = Iris(names), {kind: f"<{names.stem(kind)}" for kind in ("paper", "person", "org")}
        found: dict[str, list[tuple[int, str, Author]]] = defaultdict(list)
        for path in self.paths(names.stem("authorship")):
            me = iris("authorship", path)
            position = int(self.one(me, cvn("position")).split('"')[1])
            name = self.one(me, cvn("nameAsPrinted"))[1:-1]
            paper = self.one(me, cvn("paper"))[len(stems["paper"]) : -1]
            person = self.one(me, cvn("person"))[len(stems["person"]) : -1]
            own = (*self.said[me].get(cvn("affiliation"), ()),)
            organizations = tuple(each[len(stems["org"]) : -1] for each in own)
            author = Author(name, (Identifier(CURATED, person),), (Affiliation("", organizations),) if own else ())
            found[paper].append((position, path, author))
        return {paper: [(path, author) for _, path, author in sorted(each)] for paper, each in found.items()}

    def people(self, names: Names) -> list[PaperAuthors]:
        """Return the curated persons, each like the author of a paper, with the organizations of roles."""
        iris, orgs = Iris(names), f"<{names.stem('org')}"
        organizations: dict[str, list[str]] = defaultdict(list)
        for said in self.said.values():
            for person in said.get(cvn("person"), ()):
                own = said.get(cvn("affiliation"), ())
                organizations[person] += (each[len(orgs) : -1] for each in own if each.startswith(orgs))
        found = []
        for path in sorted(self.paths(names.stem("person"))):
            me = iris("person", path)
            name = self.one(me, LABEL)[1:-1]
            ids = (Identifier(CURATED, path),)
            mention = Mention(f"person/{path}", name, ids, tuple(dict.fromkeys(organizations[me])), (), accepted=False)
            found.append(PaperAuthors(f"person/{path}", [mention]))
        return found

    def divided(self, triples: Iterable[Triple]) -> tuple[list[Triple], list[Triple]]:
        """Return of some triples those that add to the claims, and those that differ from them."""
        added, other = list[Triple](), list[Triple]()
        for triple in triples:
            claimed = self.said.get(triple[0], {}).get(triple[1], ())
            if triple[2] not in claimed:
                (other if claimed and triple[1] in SINGLE else added).append(triple)
        return added, other


def about_things(lines: Iterable[str], names: Names) -> list[str]:
    """Return those of the lines of a default graph that are about things, not terms, in order."""
    return sorted(line for line in lines if line.startswith(f"<{names.stem('')[:-1]}"))
