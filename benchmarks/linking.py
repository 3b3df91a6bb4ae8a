"""Links of people: how many have an identifier, and how often a connector gives the right one.

Papers of CoRL are imported from a list without person identifiers. A half of the papers answer as dblp does, with the
identifiers that profiles of OpenReview give; the links are compared with the authorships of the other half.
"""

import gzip
import json
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from benchmarks.organizations import organizations
from benchmarks.report import Table
from benchmarks.rivals import Run
from graph.linking import connector
from graph.linksets.connector import Candidate, valid
from graph.linksets.subjects import Subject, Subjects
from graph.names import Names, slug
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home

T = TypeVar("T")
LISTS, OTHERS = ("corl/*.gz", "colm/*.gz"), "mlanthology/papers/corl-202*.json.gz"
ENOUGH, LINKED, PRECISION = 3, 60, 0.99
PERSON = "dblp-person"


@dataclass(frozen=True)
class Labeled:
    """A paper whose authors have the dblp identifiers of their profiles, or an empty text."""

    title: str
    year: str
    authors: tuple[str, ...]
    pids: tuple[str, ...]


@dataclass
class Answers:
    """What answers as the search of dblp does, from some papers by their titles."""

    papers: dict[str, Labeled]
    titles: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: str, kind: type[T]) -> T:
        """Return the answer to a search."""
        words = parse_qs(urlsplit(request).query).get("q", [""])[0]
        paper = self.papers.get(self.titles.get(words, ""))
        people = (
            [{"@pid": pid, "text": name} for name, pid in zip(paper.authors, paper.pids, strict=True)] if paper else []
        )
        key = f"conf/corl/{slug(paper.title)}" if paper else ""
        info = {"authors": {"author": people}, "title": paper.title, "year": paper.year, "key": key} if paper else {}
        answer = {"result": {"hits": {"hit": [{"info": info}] if paper else []}}}
        return msgspec.convert(answer, type=kind)


def links(run: Run) -> tuple[Table, Table]:
    """Measure the links of people and of organizations."""
    return _people(run), organizations(run.options.lists)


def _people(run: Run) -> Table:
    """Measure how many people have an identifier, and how often one that dblp gives is right."""
    lists = run.options.lists
    table = Table("links", "People linked to dblp or ORCID", ("", "people", "linked", "%", "held-out right", "wrong"))
    with TemporaryDirectory(dir=run.options.place.folder) as scratch:
        carried = _imported(
            Path(scratch) / "carried", "paperlists", [each for name in LISTS for each in lists.glob(name)]
        )
        many = [person for person, count in _papers(carried).items() if count >= ENOUGH]
        have = [each for each in many if each.value(PERSON) or each.value("orcid")]
        share = 100 * len(have) / len(many)
        table.add(
            "identifiers of the lists of CoRL and COLM, three papers or more", len(many), len(have), share, "", ""
        )
        table.goal("people with three papers or more who have one, %", share, LINKED, least=True)
        subjects = _imported(Path(scratch) / "bare", "mlanthology", [*lists.parent.glob(OTHERS)])
    _exchange(table, subjects, _labeled(lists))
    return table


def _exchange(table: Table, subjects: Subjects, labels: dict[str, Labeled]) -> None:
    half = set(random.Random(1).sample(sorted(labels), len(labels) // 2))  # noqa: S311 - no secret
    asked = {
        " ".join(word for word in each.label.split() if word.isalnum()): slug(each.label) for each in subjects.works
    }
    answers = Answers({key: labels[key] for key in half}, asked)
    found = [each for each in connector("dblp").find(subjects, answers) if each.identifier.scheme.name == PERSON]
    given, truth = _given(subjects, labels, half), _given(subjects, labels, labels.keys() - half)
    papers = _papers(subjects)
    many = {each.path for each, count in papers.items() if count >= ENOUGH and each.path in given}
    rows = {"two works or more": 0.99, "one work or more": 0.9}
    for words, least in rows.items():
        some = [each for each in found if each.confidence >= least]
        linked = many & {each.subject.path for each in some}
        right, wrong = _compared(some, truth)
        table.add(f"dblp, {words} in common", len(many), len(linked), 100 * len(linked) / len(many), right, wrong)
        table.goal(f"precision with {words} in common", right / (right + wrong), PRECISION, least=True)


def _compared(found: list[Candidate], truth: dict[str, Counter[str]]) -> tuple[int, int]:
    pairs = [
        (each.identifier.value, value, count) for each in found for value, count in truth[each.subject.path].items()
    ]
    right = sum(count for mine, value, count in pairs if mine == value)
    return right, sum(count for *_, count in pairs) - right


def _given(subjects: Subjects, labels: dict[str, Labeled], keys: set[str]) -> dict[str, Counter[str]]:
    """Return how often each person of the graph has an identifier in some papers."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for work in subjects.works:
        paper = labels.get(slug(work.label)) if slug(work.label) in keys else None
        for person, pid in zip(work.authors, paper.pids, strict=False) if paper else ():
            if pid and len(paper.pids if paper else ()) == len(work.authors):
                found[person.path][pid] += 1
    return found


def _papers(subjects: Subjects) -> Counter[Subject]:
    return Counter(person for work in subjects.works for person in work.authors)


def _imported(home: Path, source: str, files: list[Path]) -> Subjects:
    command = [sys.executable, "-P", "-m", "server", "import", source, *map(str, sorted(files)), "--home", str(home)]
    subprocess.run(command, check=True, capture_output=True)
    version = Home(home).needed()
    return Subjects.of(EmbeddedStore.open(version.store), Names(version.base))


def _labeled(lists: Path) -> dict[str, Labeled]:
    return {slug(each.title): each for path in sorted(lists.glob(LISTS[0])) for each in _of_file(path)}


def _of_file(path: Path) -> Iterator[Labeled]:
    for record in json.loads(gzip.decompress(path.read_bytes())):
        columns = {name: [each.strip() for each in (record.get(name) or "").split(";")] for name in COLUMNS}
        profiles = dict(zip(columns["or_profile"], columns["dblp"], strict=False))
        if len(columns["author"]) == len(columns["authorids"]) and len(columns["dblp"]) == len(columns["or_profile"]):
            found = (valid(dblp_person=re.sub(r"\.html$", "", profiles.get(each, ""))) for each in columns["authorids"])
            pids = tuple(each[0].value if each else "" for each in found)
            yield Labeled(record["title"], path.name[4:8], tuple(columns["author"]), pids)


COLUMNS = ("author", "authorids", "or_profile", "dblp")
