"""Link sets: SSSOM files as they are read, checked, published in the graph and written back."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient
from jsonschema import Draft201909Validator

from graph.build import Graph, Inputs, make_graph
from graph.errors import CuratedFileError
from graph.files import LINKS, ROOT
from graph.linksets.policy import checked
from graph.linksets.publishing import SSSOM, numbered
from graph.linksets.sssom import COLUMNS, Mapping, MappingSet, read, text
from graph.names import Names
from graph.terms import DCTERMS, FOAF, OWL, RDF, SKOS, VOID, Triple
from graph.vocabulary.identifiers import identifier, schemes

BASE = "http://127.0.0.1:5000/"
NAMES = Names(BASE)
FILES = sorted(LINKS.glob("*.sssom.tsv"))
SCHEMA = ROOT.parent / "shared" / "data" / "sssom" / "project" / "jsonschema" / "sssom_schema.schema.json"
HEAD = """#curie_map:
#  id: http://127.0.0.1:5000/id/
#  {scheme}: {prefix}
#mapping_set_id: https://example.org/{scheme}.sssom.tsv
#license: https://creativecommons.org/publicdomain/zero/1.0/
"""
PREFIX = {
    "dblp-person": "https://dblp.org/pid/",
    "orcid": "https://orcid.org/",
    "ror": "https://ror.org/",
    "openreview-person": "https://openreview.net/profile?id=",
}
Write = Callable[..., Path]


@pytest.fixture
def link_file(tmp_path: Path) -> Write:
    """What writes a link set of rows, each a subject, predicate, modifier, object, confidence and reviewer."""

    def write(scheme: str, *rows: str) -> Path:
        path = tmp_path / f"{scheme}.sssom.tsv"
        columns = "subject_id predicate_id predicate_modifier object_id confidence reviewer_id mapping_justification"
        table = ["\t".join(columns.split()), *("\t".join((*row.split("|"), "semapv:LexicalMatching")) for row in rows)]
        path.write_text(HEAD.format(scheme=scheme, prefix=PREFIX[scheme]) + "\n".join(table) + "\n", encoding="utf-8")
        return path

    return write


def problems(*paths: Path) -> str:
    with pytest.raises(CuratedFileError) as error:
        checked(map(read, paths))
    return str(error.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_bundled_link_set_is_written_as_it_was_read(path: Path) -> None:
    assert text(read(path)) == path.read_text(encoding="utf-8")
    assert read(path).with_mappings(read(path).mappings) == read(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_bundled_link_set_is_valid_sssom(path: Path) -> None:
    if not SCHEMA.exists():
        pytest.skip("the schema of SSSOM is not there")
    lines = path.read_text(encoding="utf-8").splitlines()
    head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    mappings = []
    for row in rows:
        known = {name: value for name, value in row.items() if value}
        known |= {"confidence": float(row["confidence"])} if row["confidence"] else {}
        known |= {"reviewer_id": row["reviewer_id"].split("|")} if row["reviewer_id"] else {}
        mappings.append(known)
    mappings_schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft201909Validator(mappings_schema).validate(head | {"mappings": mappings})


def test_the_columns_are_in_the_order_of_the_specification() -> None:
    assert list(COLUMNS) == next(
        line.split("\t") for line in FILES[0].read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )


def test_bundled_things_of_each_kind_are_linked_with_their_evidence(bundled: Graph) -> None:
    links = {link.subject.partition("/")[0] for link in checked(map(read, FILES)) if link.is_published}
    assert links == {"paper", "series", "person", "org", "place"}
    assert [link.mapping for link in checked(map(read, FILES)) if not link.mapping.comment] == []
    dpo = NAMES.id("paper", "neurips-2023", "direct-preference-optimization-your-language-8f68914f")
    assert Triple(dpo, DCTERMS.identifier, identifier("openreview", "HPuSIXJaa9").literal) in bundled.view
    berkeley = Triple(NAMES.organization("UC Berkeley"), OWL.sameAs, identifier("ror", "01an7q238").entity)  # type: ignore[arg-type]
    assert berkeley in bundled.named[NAMES.graph("links", "ror")]


def test_an_id_that_a_document_prints_wrongly_is_not_an_identifier_of_the_paper(bundled: Graph) -> None:
    paper = NAMES.id("paper", "iclr-2024", "flow-matching-on-general-geometries-6a9d8d68")
    found = {each.object.value for each in bundled.view if each[:2] == (paper, DCTERMS.identifier)}
    assert found == {"g7ohDlTITL"}
    pages = [each.object.value for each in bundled.view if each[:2] == (paper, FOAF.page)]
    assert not [each for each in pages if each.endswith("g7ohDITL")]  # nor does its page lead there
    rejected = [each for each in bundled.named[NAMES.graph("mappings")] if each.predicate == SSSOM.predicate_modifier]
    assert len(rejected) == 7


def test_a_match_by_name_alone_is_no_identifier_and_not_the_same(bundled: Graph) -> None:
    person = NAMES.person("Sergey Levine")
    said = {each.predicate for each in bundled.view if each.subject == person}
    assert SKOS.closeMatch in said
    assert DCTERMS.identifier not in said
    same = {each.subject for triples in bundled.named.values() for each in triples if each.predicate == OWL.sameAs}
    assert person not in same


def test_what_many_people_are_called_is_not_published(bundled: Graph) -> None:
    person = NAMES.person("Bo Li")
    assert {each.predicate for each in bundled.view if each.subject == person} & {SKOS.closeMatch, OWL.sameAs} == set()


def test_each_link_set_is_described_with_its_number_of_links(bundled: Graph) -> None:
    sizes = {name.value: len(triples) for name, triples in bundled.named.items()}
    described = list(numbered(sizes, NAMES))
    for name, triples in bundled.named.items():
        if name.value.startswith(f"{BASE}graph/links/"):
            facts = {each.predicate: each.object for each in described if each.subject == name}
            assert facts[RDF.type] == VOID.Linkset
            assert facts[VOID.triples].value == str(len(triples))
            assert {facts[VOID.linkPredicate]} == {each.predicate for each in triples}
            assert facts[VOID.subjectsTarget] == NAMES.described("dataset")
            assert Triple(name, RDF.type, VOID.Linkset) in bundled.named[NAMES.graph("mappings")]


def test_the_page_of_a_thing_shows_its_links_and_their_evidence(client: FlaskClient) -> None:
    page = client.get("/page/person/chelsea-finn").text
    assert "https://dblp.org/pid/131/1783" in page
    assert "Rafael Rafailov in common" in page


def test_links_to_things_that_the_graph_does_not_have_are_left_out(write: Write) -> None:
    graph = make_graph(NAMES, Inputs((write(),), links=tuple(FILES)))
    assert not any(name.value.startswith(f"{BASE}graph/links/") for name in graph.named)


def test_links_keep_to_things_under_another_base() -> None:
    path = "https://kg.example.org/"
    graph = make_graph(Names(path), Inputs.bundled())
    subjects = {each.subject.value for each in graph.named[Names(path).graph("links", "ror")]}
    assert f"{path}id/org/kaist" in subjects


BAD = [
    ("orcid", "id:person/x|skos:closeMatch||orcid:0000-0001-5109-3701|.9|", "is no identifier of ORCID"),
    ("dblp-person", "id:person/x|skos:closeMatch||dblp-person:search?q=Ada|.9|", "is no identifier of dblp author"),
    ("dblp-person", "id:person/x|skos:closeMatch||https://dblp.org/search?q=Ada|.9|", "begin it with dblp-person:"),
    ("ror", "id:org/x|owl:sameAs||id:org/x|1|id:me", "a thing of this graph; link to one of another"),
    ("ror", "id:org/x|owl:sameAs||ror:01an7q238|1|", "needs semapv:MappingChaining or a reviewer_id"),
    ("ror", "id:org/x|owl:sameAs||ror:01an7q238|.9|id:me", "owl:sameAs needs a confidence of 0.99"),
    ("ror", "id:org/x|skos:exactMatch||ror:01an7q238|.9|", "give skos:closeMatch, or review it"),
    ("ror", "id:org/x|skos:closeMatch||ror:01an7q238|sure|", "The confidence is 'sure'"),
    ("ror", "id:org/x|skos:closeMatch||ror:01an7q238|7|", "The confidence is 7"),
    ("ror", "id:org/x|skos:closeMatch||ror:01an7q238||", "The row has no confidence"),
    ("ror", "id:org/x|skos:closeMatch|Maybe|ror:01an7q238|.9|", "The modifier is 'Maybe'"),
    ("ror", "id:org/x|rdfs:seeAlso||ror:01an7q238|.9|", "links no two things"),
    ("ror", "org/x|skos:closeMatch||ror:01an7q238|.9|", "is no thing of this graph"),
    ("openreview-person", "id:person/x|owl:sameAs||openreview-person:~Ada_Byron1|1|id:me", "names no things"),
]


@pytest.mark.parametrize(("scheme", "row", "words"), BAD, ids=[words for *_, words in BAD])
def test_a_wrong_row_is_refused_with_its_line(link_file: Write, scheme: str, row: str, words: str) -> None:
    said = problems(link_file(scheme, row))
    assert words in said
    assert said.startswith(f"{scheme}.sssom.tsv:7: ")


def test_an_identifier_of_two_people_is_refused_at_both_rows(link_file: Write) -> None:
    same = "|owl:sameAs||orcid:0000-0001-5109-3700|1|id:me"
    said = problems(link_file("orcid", f"id:person/a{same}", f"id:person/b{same}")).splitlines()
    assert [line.partition(": ")[0] for line in said] == ["orcid.sssom.tsv:7", "orcid.sssom.tsv:8"]
    assert "person/a and person/b would be one by orcid:0000-0001-5109-3700" in said[0]


def test_one_person_with_two_identifiers_of_one_scheme_is_refused(link_file: Write) -> None:
    rows = (f"id:person/a|owl:sameAs||dblp-person:{pid}|1|id:me" for pid in ("131/1783", "220/3163"))
    assert "person/a would be both dblp-person:131/1783 and dblp-person:220/3163" in problems(
        link_file("dblp-person", *rows)
    )


def test_a_link_that_is_both_stated_and_rejected_is_refused(link_file: Write) -> None:
    rows = (f"id:org/a|owl:sameAs|{no}|ror:01an7q238|1|id:me" for no in ("", "Not"))
    assert "are rejected in line 8" in problems(link_file("ror", *rows))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "does not give curie_map, mapping_set_id, license"),
        ("#: : :\n", "The header is not YAML"),
        (HEAD.format(scheme="ror", prefix=PREFIX["ror"]) + "subject\tobject\n", "The column 'subject' is not known"),
        (HEAD.format(scheme="ror", prefix=PREFIX["ror"]) + "subject_id\tobject_id\nx\n", "The row has 1 cells"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "ror.sssom.tsv"
    path.write_text(content, encoding="utf-8")
    assert words in problems(path)


def test_a_file_named_after_no_scheme_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "myspace.sssom.tsv"
    path.write_text(FILES[0].read_text(encoding="utf-8"), encoding="utf-8")
    assert "There is no scheme 'myspace'" in problems(path)


def test_a_cell_with_a_tab_or_a_quotation_mark_comes_back(tmp_path: Path) -> None:
    row = Mapping(
        "id:org/x", "skos:closeMatch", "ror:01an7q238", "semapv:LexicalMatching", comment='a\tb "c"', confidence=0.9
    )
    path = tmp_path / "ror.sssom.tsv"
    path.write_text(text(MappingSet(path, read(LINKS / "ror.sssom.tsv").header, (row,))), encoding="utf-8")
    assert read(path).mappings == (row,)


def test_every_scheme_that_names_things_can_be_linked_to() -> None:
    assert {path.name.removesuffix(".sssom.tsv") for path in FILES} <= schemes().keys()
