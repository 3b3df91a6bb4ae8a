"""The index finds things by any of their names, the weightiest of a kind first, and by their identifiers."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from test_build import files_no_larger_than

from graph.errors import StoreError
from graph.indexes.search import SearchIndex
from graph.indexes.search_writer import FILE, plain, write_index
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, DCTERMS, RDF, RDFS, SKOS
from graph.vocabulary import ontology
from graph.vocabulary.identifiers import identifier

BASE = "https://kg.example.org/id/"
IDENTIFIERS = [("openreview", "aBcd12_xYz"), ("doi", "10.5555/abc.1"), ("dblp", "conf/cogs/Gear31")]


def thing(path: str) -> NamedNode:
    return NamedNode(BASE + path)


def facts(path: str, kind: NamedNode, label: str, *more: tuple[NamedNode, NamedNode | Literal]) -> list[Quad]:
    """Return what is said of a thing."""
    pairs: list[tuple[NamedNode, NamedNode | Literal]] = [(RDF.type, kind), (RDFS.label, Literal(label)), *more]
    return [Quad(thing(path), prop, value) for prop, value in pairs]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The index of a small graph."""
    quads = [
        *facts("series/neurips", CVN.ConferenceSeries, "NeurIPS"),
        *facts("name/nips", CVN.NamePeriod, "NIPS, former name of NeurIPS", (CVN.nameOf, thing("series/neurips"))),
        Quad(thing("name/nips"), CVN.acronym, Literal("NIPS")),
        *facts("edition/neurips-2013", CVN.Edition, "NeurIPS 2013", (CVN.series, thing("series/neurips"))),
        Quad(thing("edition/neurips-2013"), RDF.type, CVN.Event),
        Quad(thing("edition/neurips-2013"), CVN.year, Literal("2013", datatype=NamedNode(f"{CVN.prefix}y"))),
        *facts("person/jose-garcia", CVN.Person, "José García", (SKOS.altLabel, Literal("J. Garcia"))),
        *facts("person/li-wei", CVN.Person, "Li Wei"),
        *facts("person/wei-li", CVN.Person, "Wei Li"),
        *facts("person/wei", CVN.Person, "Wei"),
        *facts("person/lukasz", CVN.Person, "Łukasz Kaiser"),
        *facts("claim/one", CVN.Claim, "Wei is said to have cheated"),
    ]
    for number in range(5):
        author = thing("person/wei-li" if number else "person/li-wei")
        quads += facts(f"paper/{number}", CVN.Paper, f"Learning from Wei {number}", (CVN.author, author))
    quads += [Quad(thing("paper/3"), DCTERMS.identifier, identifier(*each).literal) for each in IDENTIFIERS]
    quads.append(Quad(thing("person/wei"), DCTERMS.identifier, identifier("acl-person", "wei").literal))
    store = EmbeddedStore.memory([*quads, *(Quad(*triple) for triple in ontology.terms())])
    return SearchIndex(write_index(store, tmp_path_factory.mktemp("index")))


def labels(index: SearchIndex, text: str, **given: object) -> dict[str, list[str]]:
    groups = index.groups(text, 10, **given)  # type: ignore[arg-type]
    return {group.kind: [hit.label for hit in group.hits] for group in groups}


@pytest.mark.parametrize("text", ["josé garcía", "JOSE GARCIA", "garcia jose", "Garci", "j. garcia", "jose-garcia"])
def test_case_accents_order_and_punctuation_do_not_matter(index: SearchIndex, text: str) -> None:
    assert labels(index, text) == {"person": ["José García"]}


def test_letters_without_an_accent_to_take_off_are_found_too(index: SearchIndex) -> None:
    assert labels(index, "lukasz") == {"person": ["Łukasz Kaiser"]}


def test_an_old_name_finds_the_new(index: SearchIndex) -> None:
    assert labels(index, "nips") == {"conference series": ["NeurIPS"], "edition": ["NeurIPS 2013"]}
    assert labels(index, "NIPS 2013") == {"edition": ["NeurIPS 2013"]}
    assert index.suggestions("nips", 1)[0].label == "NeurIPS"


def test_the_exact_name_comes_first_then_who_has_more_papers(index: SearchIndex) -> None:
    assert labels(index, "wei") == {
        "person": ["Wei", "Wei Li", "Li Wei"],
        "paper": [f"Learning from Wei {number}" for number in range(5)],
    }
    assert [hit.label for hit in index.suggestions("wei", 3)] == ["Wei", "Wei Li", "Li Wei"]


def test_one_kind_is_paged(index: SearchIndex) -> None:
    pages = [index.groups("learning", 2, "paper", page)[0] for page in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [2, 2, 1, 1]
    assert {page.count for page in pages} == {5}
    assert len({hit.thing for page in pages for hit in page.hits}) == 5


def test_claims_and_facts_are_not_found(index: SearchIndex) -> None:
    assert labels(index, "cheated") == labels(index, "former name") == {}


def test_what_begins_so_is_suggested_from_the_first_letter_on(index: SearchIndex) -> None:
    assert [hit.label for hit in index.suggestions("l", 3)] == ["Wei Li", "Li Wei", "Łukasz Kaiser"]
    assert [hit.label for hit in index.suggestions("kais", 3)] == ["Łukasz Kaiser"]
    assert index.suggestions("from we", 9)[0].label.startswith("Learning from Wei")


@pytest.mark.parametrize(
    "text",
    [
        "aBcd12_xYz",
        "https://openreview.net/forum?id=aBcd12_xYz",
        "10.5555/ABC.1",
        "doi:10.5555/abc.1",
        "https://doi.org/10.5555/ABC.1",
        "https://dblp.org/rec/conf/cogs/Gear31.html?view=bibtex",
    ],
)
def test_an_identifier_finds_its_thing(index: SearchIndex, text: str) -> None:
    assert [hit.thing for hit in index.identified(text)] == [thing("paper/3")]


@pytest.mark.parametrize("text", ["aBcd12_xYw", "10.5555/abc.2", "wei", "NeurIPS 2024"])
def test_what_is_no_identifier_of_a_thing_finds_none(index: SearchIndex, text: str) -> None:
    assert index.identified(text) == []


def test_an_identifier_that_looks_like_a_word_is_found_by_its_address(index: SearchIndex) -> None:
    assert [hit.label for hit in index.identified("https://aclanthology.org/people/wei/")] == ["Wei"]


def test_what_is_called_alike_is_near(index: SearchIndex) -> None:
    assert index.near("Nuerips 2013", 3)[0].label == "NeurIPS 2013"
    assert index.near("Garzia Jos", 3)[0].label == "José García"
    assert index.near("qqqq", 3) == []


@pytest.mark.parametrize("text", ["", " ", '"', "*", "a AND b", "NEAR(a b)", "^x", "-", "漢字", "a" * 9999, "%", "'"])
def test_any_text_can_be_searched(index: SearchIndex, text: str) -> None:
    assert isinstance(index.groups(text, 5), list)
    assert isinstance(index.suggestions(text, 5), list)
    assert isinstance(index.near(text, 5), list)
    assert index.identified(text) == []


def test_words_are_plain_letters_and_digits() -> None:
    assert plain("  Kynkäänniemi's Auto-Encoding: 2.0 ") == "kynkaanniemis auto encoding 2 0"


def test_a_version_without_an_index_has_none(tmp_path: Path) -> None:
    assert SearchIndex.of(tmp_path) is None


def test_an_index_that_is_written_again_replaces_the_old_one(tmp_path: Path) -> None:
    store = EmbeddedStore.memory([Quad(*triple) for triple in ontology.terms()])
    write_index(store, tmp_path)
    before = (tmp_path / FILE).stat().st_ino
    write_index(store, tmp_path)
    assert (tmp_path / FILE).stat().st_ino != before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_full_disk_is_reported_and_nothing_is_left(tmp_path: Path) -> None:
    store = EmbeddedStore.memory([Quad(*triple) for triple in ontology.terms()])
    with files_no_larger_than(8192), pytest.raises(StoreError, match=r"cannot be written: .*; free some space there"):
        write_index(store, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_index_is_a_sqlite_file_with_a_rank_for_each_name(index: SearchIndex) -> None:
    with closing(sqlite3.connect(index.path)) as database:
        ranks = database.execute(
            "SELECT id % 1000000000 FROM names WHERE thing IN (SELECT id FROM things WHERE label LIKE 'Learning%')"
        )
        assert sorted(row[0] for row in ranks) == [1, 2, 3, 4, 5]
