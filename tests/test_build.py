"""A build makes the same graph of the same inputs, with nothing private in it, and publishes only what holds."""

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions

from graph.build import Graph, Inputs, build, check_graph, make_graph
from graph.curated.documents import find_documents
from graph.errors import ConvocationError, CuratedFileError, DocumentError, HomeError, ShapeError
from graph.exchange.dump import dump_file
from graph.files import ROOT
from graph.names import Names
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, FOAF, PREFIXES, RDF, SKOS, XSD
from graph.versions.home import Home
from graph.vocabulary import ontology

BASE = "http://127.0.0.1:5000/"
VALID = ROOT / "tests" / "curated" / "valid.yaml"
DOCUMENT = VALID.with_suffix(".txt")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
AGAIN = """
from hashlib import sha256
from graph.build import Inputs, make_graph
from graph.names import Names
lines = sorted(map(str, make_graph(Names("http://127.0.0.1:5000/"), Inputs.bundled()).quads()))
print(sha256("\\n".join(lines).encode()).hexdigest())
"""
Write = Callable[..., Path]


def lines(graph: Graph) -> list[str]:
    return sorted(map(str, graph.quads()))


def published(home: Home) -> str:
    """Return the title that the only source of the current version has."""
    query = f"SELECT ?title {{ ?source a {CVN.Source} ; {NamedNode(PREFIXES['dcterms'] + 'title')} ?title }}"
    found = EmbeddedStore.open(home.needed().store).query(query)
    assert isinstance(found, QuerySolutions)
    [row] = found
    assert isinstance(row["title"], Literal)
    return row["title"].value


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a home with one version of the valid file."""
    home = Home(tmp_path_factory.mktemp("built"))
    build(home, BASE, Inputs((VALID,)))
    return home.folder


@pytest.fixture
def small(built: Path, tmp_path: Path) -> Home:
    """A home with one version of the valid file, to be changed."""
    return Home(shutil.copytree(built, tmp_path / "home"))


@pytest.fixture(scope="module")
def quads(store: EmbeddedStore) -> list[Quad]:
    """All quads of the bundled graph."""
    return list(store.quads())


def test_two_builds_publish_the_same_graph(small: Home, tmp_path: Path) -> None:
    build(small, BASE, Inputs((VALID,)))
    for number in (1, 2):
        dump_file(EmbeddedStore.open(small.version(number).store), tmp_path / f"{number}.nq")
    assert (tmp_path / "1.nq").read_bytes() == (tmp_path / "2.nq").read_bytes()


def test_the_graph_is_the_same_in_another_process(bundled: Graph) -> None:
    environment = {"PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    done = subprocess.run([sys.executable, "-c", AGAIN], cwd=ROOT, env=environment, check=True, capture_output=True)
    assert done.stdout.decode().strip() == sha256("\n".join(lines(bundled)).encode()).hexdigest()


def test_what_is_published_is_what_was_made(bundled: Graph, quads: list[Quad]) -> None:
    assert set(quads) == set(bundled.quads())


def test_only_the_base_differs_between_installations() -> None:
    other = "https://example.org/kg/"
    here, there = (make_graph(Names(base), Inputs.bundled()) for base in (BASE, other))
    said, reported = lines(here), [line.replace(other, BASE) for line in lines(there)]
    in_words = f" {CVN.sentence} "  # which name what was found in the order of the engine
    assert {each for each in said if in_words not in each} == {each for each in reported if in_words not in each}
    assert len(said) == len(reported)


def test_there_is_no_blank_node(quads: list[Quad]) -> None:
    assert [quad for quad in quads if BlankNode in {type(quad.subject), type(quad.object), type(quad.graph_name)}] == []


def test_there_is_no_address_of_a_person(quads: list[Quad]) -> None:
    assert [quad for quad in quads if ADDRESS.search(str(quad))] == []
    assert [quad for quad in quads if isinstance(quad.object, Literal) and "@" in quad.object.value] == []


def test_there_is_no_address_of_a_person_with_the_document_either() -> None:
    assert ADDRESS.search(DOCUMENT.read_text())
    graph = make_graph(Names(BASE), Inputs((VALID,), documents=find_documents(DOCUMENT)))
    assert not [line for line in lines(graph) if ADDRESS.search(line)]


def test_there_is_no_time_of_the_build(home: Home, quads: list[Quad]) -> None:
    today = home.needed().built[:10]
    said = [quad for quad in quads if not quad.predicate.value.endswith("/mapping_date")]  # of the file of a link
    assert [quad for quad in said if isinstance(quad.object, Literal) and today in quad.object.value] == []
    times = {
        quad.predicate for quad in quads if isinstance(quad.object, Literal) and quad.object.datatype == XSD.dateTime
    }
    assert times <= {CVN.startTime, CVN.endTime, RDF.object}


def test_data_have_no_language(bundled: Graph) -> None:
    literals = [triple.object for triple in bundled.view if isinstance(triple.object, Literal)]
    assert [literal for literal in literals if literal.language] == []


def test_every_thing_has_its_source_except_what_the_build_decided(bundled: Graph) -> None:
    sourced = {triple.subject for triple in bundled.view if triple.predicate == CVN.source}
    made = {CVN.Resolution, CVN.DerivedObservation}
    decided = {triple.subject for triple in bundled.view if triple.object in made}
    assert {triple.subject for triple in bundled.view} - sourced == decided


def test_every_class_comes_with_its_superclasses(bundled: Graph) -> None:
    kinds = {(triple.subject, triple.object) for triple in bundled.view if triple.predicate == RDF.type}
    missing = {
        (subject, parent)
        for subject, kind in kinds
        if isinstance(kind, NamedNode)
        for parent in ontology.superclasses(kind)
        if (subject, parent) not in kinds
    }
    assert missing == set()


def test_every_iri_is_below_the_base_or_constant(bundled: Graph) -> None:
    known = (f"{BASE}id/", *PREFIXES.values())
    elsewhere = {CVN.url, FOAF.page, SKOS.closeMatch, SKOS.exactMatch}
    links = {triple.object for triple in bundled.view if triple.predicate in elsewhere}
    terms = {term for triple in bundled.view for term in triple if isinstance(term, NamedNode)} - links
    assert {term.value for term in terms if not term.value.startswith(known)} == set()


def test_every_source_has_a_graph_of_its_own(quads: list[Quad]) -> None:
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    assert {each for each in graphs if not each.startswith(f"{BASE}graph/links/")} == {
        f"{BASE}graph/{name}"
        for name in (
            "alignments",
            "curation",
            "findings",
            "mappings",
            "source/iclr-2024-fact-sheet",
            "source/neurips-2023-press-release",
            "source/neurips-2024-fact-sheet",
            "source/neurips-2024-press-release",
            "source/neurips-video-notes",
        )
    }


def test_the_ontology_is_in_the_default_graph(quads: list[Quad]) -> None:
    default = {(quad.subject, quad.predicate, quad.object) for quad in quads if quad.graph_name == DefaultGraph()}
    assert ontology.terms() <= default


def test_the_counts_of_a_version_are_those_of_its_store(home: Home, quads: list[Quad]) -> None:
    counts = home.needed().counts
    assert (counts["sources"], counts["quads"]) == (5, len(quads))


def test_a_build_reports_what_it_does(write: Write, tmp_path: Path) -> None:
    words: list[str] = []
    build(Home(tmp_path / "home"), BASE, Inputs((write(),)), words.append)
    assert [line.partition(":")[0] for line in words] == ["read 1 sources", "resolved view", "examined", "checked"]


def test_with_its_document_the_graph_has_the_texts() -> None:
    graph = make_graph(Names(BASE), Inputs((VALID,), documents=find_documents(DOCUMENT)))
    assert Literal("We wind a spring, and it remembers.") in {triple.object for triple in graph.view}


def test_a_document_of_no_curated_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Wheels.")
    with pytest.raises(DocumentError, match=r"other\.txt is not the document of any curated file; give the text"):
        make_graph(Names(BASE), Inputs((VALID,), documents=find_documents(tmp_path)))


def test_a_broken_shape_is_not_published_and_says_why(small: Home, write: Write) -> None:
    path = write("roles:\n  - {line: 2, role: reviewer, of: edition:cogs-2031, people: [ada@example.org]}\n")
    with pytest.raises(ShapeError) as error:
        build(small, BASE, Inputs((path,)))
    assert str(error.value).startswith("Nothing was published: the graph has ")
    assert "Violation: http://127.0.0.1:5000/id/person/ada-example-org: " in error.value.report
    assert "[Person-label]" in error.value.report
    assert (small.numbers(), published(small)) == ([1], "COGS 2031 Names Its Best Paper")


def test_a_mistake_is_not_published(small: Home, write: Write) -> None:
    with pytest.raises(CuratedFileError):
        build(small, BASE, Inputs((VALID, write("editions:\n  - {line: 99, edition: cogs-2031}\n"))))
    assert (small.numbers(), published(small)) == ([1], "COGS 2031 Names Its Best Paper")


def test_the_mistakes_of_all_files_are_reported_at_once(write: Write) -> None:
    files = write("headings: [{line: 2}]\n", key="a"), write("headings: [{line: 3}]\n", key="b")
    with pytest.raises(CuratedFileError) as error:
        make_graph(Names(BASE), Inputs(files))
    assert [(problem.path.name, problem.line) for problem in error.value.problems] == [("a.yaml", 9), ("b.yaml", 9)]


def test_two_files_of_one_source_are_refused(write: Write, tmp_path: Path) -> None:
    first, again = write(), tmp_path / "again.yaml"
    shutil.copy(first, again)
    with pytest.raises(CuratedFileError) as error:
        make_graph(Names(BASE), Inputs((first, again)))
    hint = "made-up.yaml has the key 'made-up' too; give each source a key of its own."
    assert str(error.value) == f"again.yaml:2: Duplicate IRI: {hint}"


def test_a_file_that_is_not_there_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(CuratedFileError, match=r"nowhere\.yaml cannot be read: No such file or directory"):
        build(Home(tmp_path / "home"), BASE, Inputs((tmp_path / "nowhere.yaml",)))


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_a_full_disk_is_reported_and_the_version_stays(small: Home, size: int) -> None:
    with files_no_larger_than(size), pytest.raises(HomeError) as error:
        build(small, BASE, Inputs((VALID,)))
    assert re.fullmatch(
        r"The home folder .* cannot be written: .*; free some space there, or set .*\.", str(error.value)
    )
    assert (small.numbers(), published(small)) == ([1], "COGS 2031 Names Its Best Paper")
    assert not (small.versions / ".building").exists()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    done = subprocess.run(["mount", *options], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_disk_that_runs_full_is_reported_and_the_version_stays(disk: Path) -> None:
    home = Home(disk / "home")
    build(home, BASE, Inputs((VALID,)))
    (disk / "other").write_bytes(b"x" * (shutil.disk_usage(disk).free - 100_000))
    with pytest.raises(HomeError, match=r"No space left on device: .*; free some space there, or set CONVOCATION_HOME"):
        build(home, BASE, Inputs((VALID,)))
    assert (home.numbers(), published(home)) == ([1], "COGS 2031 Names Its Best Paper")


def test_the_valid_file_breaks_no_shape_and_owes_one_person() -> None:
    findings = check_graph(make_graph(Names(BASE), Inputs((VALID,))))
    assert [(finding.severity, finding.shape) for finding in findings] == [("Info", "RoleHolding-person-stated")]


@pytest.mark.slow
@pytest.mark.parametrize("path", Inputs.bundled().files, ids=lambda path: path.stem)
def test_a_bundled_file_can_be_checked_alone(path: Path) -> None:
    check_graph(make_graph(Names(BASE), Inputs((path,))))


def test_every_error_of_a_build_can_be_corrected() -> None:
    assert all(issubclass(kind, ConvocationError) for kind in (CuratedFileError, DocumentError, HomeError, ShapeError))
