"""Names of organizations as papers write them, and the organization of ROR that each means, over its records."""

import json
from functools import cache

import pytest
from samples import DATA, MISSING

from graph.identity.registered_names import RegisteredNames
from graph.importers.ror import IMPORTER
from graph.sources.file import SourceFile
from graph.sources.records import Organization

RECORDS = DATA / "ror" / "v2-records" / "ror_v2_records.jsonl.gz"
LABELED = DATA / "ror" / "api-tests" / "rorapi" / "tests" / "tests_functional" / "data" / "dataset_names.json"
pytestmark = pytest.mark.skipif(not RECORDS.exists(), reason=MISSING)


@cache
def registry() -> tuple[dict[str, Organization], RegisteredNames]:
    records = IMPORTER.read(SourceFile(RECORDS))
    there = {each.key: each for each in records if isinstance(each, Organization)}
    return there, RegisteredNames(there)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("University of Tokyo", "The University of Tokyo"),
        ("Edinburgh University", "University of Edinburgh"),
        ("University of California at Merced", "University of California, Merced"),
        ("Hong Kong University of Science & Technology", "Hong Kong University of Science and Technology"),
        ("Technische Universitaet Graz", "Graz University of Technology"),
        ("Google", "Google (United States)"),
        ("Google Inc.", "Google (United States)"),
        ("University of Cambridge (United Kingdom)", "University of Cambridge"),
        ("SenseTime Group Limited", "Sensetime (China)"),
        ("Siemens AG", "Siemens (Germany)"),
        ("EPFL", "École Polytechnique Fédérale de Lausanne"),
        ("KAIST", "Korea Advanced Institute of Science and Technology"),
        ("German Aerospace Center (DLR)", "Deutsches Zentrum für Luft- und Raumfahrt e. V. (DLR)"),
    ],
)
def test_a_spelling_meets_the_organization_of_ror(name: str, meant: str) -> None:
    there, names = registry()
    path = names.path(name)
    assert path is not None
    assert there[path].name == meant


@pytest.mark.parametrize(
    "name",
    [
        "Northeastern University",  # of Boston, or of Shenyang
        "CNRS",  # of France, or of Lebanon
        "Chinese University of Hong Kong (Shenzhen)",  # a university of its own
        "Indian Institute of Technology",  # which one of them
        "IBM",  # branches in two countries are there, the company itself is not
        "International Business Machines Corporation",
        "Google (Canada)",  # a branch that is not there, and not the company itself
        "Ltd.",
        "()",
    ],
)
def test_a_name_of_several_or_of_a_whole_that_is_not_there_meets_none(name: str) -> None:
    assert registry()[1].path(name) is None


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("University of California, Davis", "University of California System"),
        ("Yonsei University College of Dentistry", "Yonsei University"),
    ],
)
def test_a_part_of_an_organization_is_not_merged_with_it(part: str, whole: str) -> None:
    there, names = registry()
    paths = [names.path(each) for each in (part, whole)]
    assert [there[each].name if each else each for each in paths] == [part, whole]
    assert paths[0] != paths[1]


def test_the_labeled_names_meet_the_right_organization() -> None:
    there, names = registry()
    labeled = [(each["affiliation"], each["ror-id"].rpartition("/")[2]) for each in json.loads(LABELED.read_text())]
    met = [(names.path(name), key) for name, key in labeled if key in there]
    right = sum(path == key for path, key in met)
    assert right >= 0.8 * len(met)
    assert right >= 0.985 * sum(path is not None for path, _ in met)
