"""Decides who is who in a home: checks a decision against what is imported, keeps it, and has it take effect."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph.curated.decisions import (
    PERSON,
    PersonDecision,
    PlacedDecision,
    decisions_of,
    former_hash,
    read_decisions,
    with_decision,
    without_decision,
    write_decisions,
)
from graph.errors import CuratedFileError, SettingError, quoted
from graph.identity.decisions import Deciding, references
from graph.identity.evidence import CURATED
from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.rule import SCHEMES, Identities, identifying
from graph.importing.folder import Folder
from graph.importing.people import one_person_each
from graph.importing.renaming import carries
from graph.importing.run import ImportRun
from graph.names import slug
from graph.versions.home import Home, Version

Report = Callable[[str], None]
FORMS = ("id/", "page/", "data/")  # begin the addresses of things
OWN = "orcid"


@dataclass(frozen=True)
class ImportedPeople:
    """The authorships of a version, each with its person."""

    version: Version

    @cached_property
    def papers(self) -> list[PaperAuthors]:
        """The authors of all papers, by the keys of their editions."""
        folder = Folder(self.version.ledgers)
        found = sorted(each.name.removesuffix(".jsonl.gz") for each in (folder.path / "mentions").glob("[!.]*.gz"))
        return [paper for each in found for paper in folder.records(f"mentions/{each}", PaperAuthors)]

    @cached_property
    def persons(self) -> dict[str, list[Mention]]:
        """The authorships of each person by the path of the person."""
        found: dict[str, list[Mention]] = {}
        for paper in self.papers:
            for mention in paper.mentions:
                found.setdefault(mention.person, []).append(mention)
        return found

    def references(self, given: str) -> tuple[str, ...]:
        """Return the references of a person, authorship or identifier as given; an address of this graph is one, too.

        A person of lists alone is known by an ORCID iD, or by an authorship for each set of identifiers: the paths of
        such persons can change.
        """
        kind, _, path = self._plain(given).partition("/")
        if kind == "authorship":
            return (path,)
        scheme, _, name = given.partition(":")
        path = path if kind == PERSON else name if scheme == PERSON else ""
        if not path:
            return (given,)
        mentions = self.persons.get(path)
        if not mentions:
            hint = "convocation identity explain with a name lists the persons who bear it"
            raise SettingError(f"There is no person {quoted(path)} with an imported paper; {hint}.")
        if any(each.scheme == CURATED for mention in mentions for each in mention.ids):
            return (f"{PERSON}:{path}",)
        own = _own(mentions)
        return (min(own),) if len(own) == 1 else _typical(mentions)

    def paths(self, given: str) -> set[str]:
        """Return the paths of the persons that a reference or an address is of."""
        wanted = {*self.references(given)}
        return {path for path, found in self.persons.items() if any(wanted & {*references(each)} for each in found)}

    def printed(self, given: str, former: str) -> tuple[list[Mention], list[Mention]]:
        """Return the authorships of a person that print a name, and all others of the person."""
        paths = self.paths(given)
        every = [each for path in sorted(paths) for each in self.persons[path]]
        found = [each for each in every if slug(each.name) == slug(former)]
        if not found:
            names = ", ".join(sorted({each.name for each in every})) or "nothing: there is no such person"
            raise SettingError(f"No authorship of {given} prints {quoted(former)}; there is {names}.")
        return found, [each for each in every if each not in found]

    def _plain(self, given: str) -> str:
        path = given.removeprefix(self.version.base)
        return next((path.removeprefix(each) for each in FORMS if path.startswith(each)), path)

    def check(self, decisions: Sequence[PlacedDecision], new: PlacedDecision) -> None:
        """Raise CuratedFileError if the last decision contradicts earlier ones or the graph."""
        deciding = Deciding(Identities(self.papers, slug), [*decisions, new])
        deciding.apply()
        one_person_each(deciding, (mention for each in self.persons.values() for mention in each))
        if wrong := [each for each in deciding.problems if (each.path, each.line) == (new.path, new.line)]:
            raise CuratedFileError(wrong)


def decide(
    home: Home, path: Path, decision: PersonDecision, report: Report, renamed: Mapping[str, str] | None = None
) -> None:
    """Add a decision to a file and have all take effect; raise CuratedFileError, with nothing changed, if it cannot.

    `renamed` are the authorships under a former name with the ones that take their place.
    """
    version, renamed = home.needed(), renamed or {}
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    fresh = with_decision(text, decision)
    now = decision.model_copy(update={"former": None, "person": tuple(renamed)}) if renamed else decision
    ImportedPeople(version).check(decisions_of(home.folder), PlacedDecision(now, path, fresh.count("\n")))
    for old, new in sorted(renamed.items(), reverse=True):
        fresh = fresh.replace(old, new)
    _kept(home, version, path, (text, fresh), report)


def withholding(
    printed: Sequence[Mention], others: Sequence[Mention], name: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the authorships that get another name, each with the one in its place, and what refers to the person."""
    nodes = {each.node: f"{each.node.rpartition('/')[0]}/{slug(name)}" for each in printed}
    known = {each for mention in (*printed, *others) for each in identifying(mention)}
    hashed = former_hash(printed[0].name)
    ids = {
        f"{each.scheme}:{each.value}" for each in known if each.scheme in SCHEMES and not carries(each.value, hashed)
    }
    return nodes, (*sorted(ids), *_typical(others), *sorted(nodes.values()))


def _own(mentions: Iterable[Mention]) -> set[str]:
    return {f"{OWN}:{each.value}" for mention in mentions for each in mention.ids if each.scheme == OWN}


def _typical(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Return one authorship for each set of identifiers."""
    first: dict[tuple[str, ...], str] = {}
    for mention in sorted(mentions, key=lambda each: each.node):
        first.setdefault(tuple(sorted(map(str, mention.ids))), mention.node)
    return tuple(sorted(first.values()))


def undo(home: Home, path: Path, number: int, report: Report) -> PlacedDecision:
    """Remove a decision of a file, counted from 1, and have the others take effect."""
    known = read_decisions(path)
    if not 1 <= number <= len(known):
        raise SettingError(f"There is no decision {number} in {path}; there are {len(known)}.")
    text = path.read_text(encoding="utf-8")
    _kept(home, home.needed(), path, (text, without_decision(path, number)), report)
    return known[number - 1]


def _kept(home: Home, version: Version, path: Path, texts: tuple[str, str], report: Report) -> None:
    """Replace the old text of a file of decisions by the new one, unless the graph would break a shape."""
    old, new = texts
    write_decisions(path, new)
    try:
        ImportRun(home, version.base, report=report).run(())
    except BaseException:
        write_decisions(path, old)
        raise


def paths(references: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the references of several groups as one."""
    return tuple(dict.fromkeys(each for group in references for each in group))
