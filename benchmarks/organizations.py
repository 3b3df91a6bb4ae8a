"""Organizations: how many affiliations of papers meet one of ROR, and how often it is the right one.

The labels are those by which ROR tests its own search. The sample of ROR at hand has a part of its records, so a label
counts only if its record is there; what a name without its record meets is stated beside them, and is wrong.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.report import Table
from graph.identity.registered_names import RegisteredNames
from graph.importers.ror import IMPORTER
from graph.names import slug
from graph.sources.file import SourceFile
from graph.sources.records import Organization

RECORDS = "ror/v2-records/ror_v2_records.jsonl.gz"
LABELED = "ror/api-tests/rorapi/tests/tests_functional/data"
MET, PRECISION = 75, 0.98
NAMES = "labeled names"
Labels = list[tuple[str, set[str]]]


def organizations(lists: Path) -> Table:
    """Measure the names of organizations in all paper lists, and those that are labeled."""
    data = lists.parent
    read = IMPORTER.read(SourceFile(data / RECORDS))
    there = {each.key: each for each in read if isinstance(each, Organization)}
    names, mentions = RegisteredNames(there), _mentions(lists)
    head = ("names", "mentions", "meet one", "%", "right", "wrong", "record not there, yet met")
    table = Table("organizations", f"Organizations by name in {len(there):,} records of ROR", head)
    count, exact = mentions.total(), {slug(name) for each in there.values() for name in (each.name, *each.aliases)}
    same = sum(times for name, times in mentions.items() if names.path(name) and slug(name) in exact)
    met = sum(times for name, times in mentions.items() if names.path(name))
    table.add("affiliations of the paper lists, the exact name in ROR", count, same, 100 * same / count, *("",) * 3)
    table.add("the same in all spellings", count, met, 100 * met / count, *("",) * 3)
    table.goal("affiliations of the paper lists that meet one, %", 100 * met / count, MET, least=True)
    for words, labels in _labels(data / LABELED).items():
        _judged(table, words, labels, names, there.keys())
    return table


def _judged(table: Table, words: str, labels: Labels, names: RegisteredNames, there: Iterable[str]) -> None:
    known = {*there}
    met = [(names.path(name), keys) for name, keys in labels]
    held = [(path, keys) for path, keys in met if keys <= known]
    right = sum(path in keys for path, keys in held)
    found = sum(path is not None for path, _ in held)
    absent = sum(path is not None and path not in keys for path, keys in met if not keys <= known)
    table.add(words, len(held), found, 100 * found / len(held), right, found - right, absent)
    if words == NAMES:
        table.goal(f"{words} that meet one, %", 100 * found / len(held), MET, least=True)
    table.goal(f"precision of {words}", right / found, PRECISION, least=True)


def _mentions(lists: Path) -> Counter[str]:
    """Return how often the paper lists name each organization."""
    found: Counter[str] = Counter()
    for path in sorted(lists.rglob("*.json.gz")):
        for record in json.loads(gzip.decompress(path.read_bytes())):
            found.update(each.strip() for each in (record.get("aff_unique_norm") or "").split(";") if each.strip())
    return found


def _labels(folder: Path) -> dict[str, Labels]:
    """Return the labeled names; of the printed affiliations those that are a name without an address."""
    names = json.loads((folder / "dataset_names.json").read_text(encoding="utf-8"))
    printed = json.loads((folder / "dataset_affiliations_crossref_2024_02_19.json").read_text(encoding="utf-8"))
    return {
        NAMES: [(each["affiliation"], {_key(each["ror-id"])}) for each in names],
        "labeled affiliations of Crossref without a comma": [
            (each["affiliation"], {*map(_key, each["ror_ids"])})
            for each in printed
            if each["ror_ids"] and not {",", ";"} & {*each["affiliation"]}
        ],
    }


def _key(address: str) -> str:
    return address.rpartition("/")[2]
