"""One bad record never costs the others, no text or list is without end, and no address or telephone number enters."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE
from test_import_broken import ANTHOLOGY, NOTE, PAPER, RECORDS, imported, of, written

from graph.errors import ImportFileError
from graph.importers import importers
from graph.importing.folder import Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import FileOutcome, Options, Reader
from graph.names import Names
from graph.sources.file import SourceFile
from graph.sources.privacy import without_private

PRIVATE = re.compile(r"@|example\.org|555|mailto|\[at\]", re.IGNORECASE)
ADDRESSES = [
    "ada@example.org",
    "{ada, zoe}@cs.example.org",
    "ada [at] example [dot] org",
    "ada(at)example.org",
    "ada at example dot org",
    "mailto:ada@example.org",
    "\uff41\uff44\uff41\uff20example.org",
    "(555) 555-5555",
    "+41 55 555 55 55",
    "Tel.: 0555 55 55 55",
]


def read(source: str, folder: Path, name: str, content: bytes | str) -> tuple[list[str], FileOutcome]:
    """Return the ledger of a file and what its reading gave."""
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    ledgers = Folder(folder / "out")
    outcome = Reader(ledgers, ImportIndex(), importers()[source], Iris(Names(BASE)), Options()).read(
        SourceFile(folder / name)
    )
    return ledgers.lines(f"{outcome.unit}.nq"), outcome


def paper(**more: Any) -> dict[str, Any]:
    return {"title": "Fast Kites", "author": "Ada Gear", "status": "Poster", "id": "7", **more}


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("bad", [b'"\\ud800"', b'"\\q"', b"01", b"[" * 5000 + b"]" * 5000, b'"\\udfff, ] } [ {"'])
def test_a_record_that_is_not_json_costs_no_other_one(tmp_path: Path, kind: str, bad: bytes) -> None:
    broken = of(kind)[:-1] + b', "more": ' + bad + b"}"
    others = [of(kind).replace(b"A Paper", f"A Paper of {n} Kites".encode()) for n in range(5)]
    others = [each.replace(b'"one"', b'"%d"' % n).replace(b'"1"', b'"%d"' % n) for n, each in enumerate(others)]
    result = imported(kind.split(maxsplit=1)[0], written(tmp_path, kind, *others[:3], broken, *others[3:]))
    assert result.exit_code == 0, result.exception
    assert "left out: broken record: 1\n" in result.stderr
    assert "5 organization" in result.stdout if "ror" in kind else "5 paper" in result.stdout


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if not kind.endswith("lines")])
@pytest.mark.parametrize("bad", [b'{"a": [}', b'{"a": 1}}', b'{"a": "b}', b"{", b"]", b"[" * 100_000])
def test_brackets_that_do_not_fit_are_reported_with_their_line(tmp_path: Path, kind: str, bad: bytes) -> None:
    result = imported(kind.split(maxsplit=1)[0], written(tmp_path, kind, of(kind), bad, of(kind)))
    assert re.search(r", line \d+: this is no JSON", str(result.exception)), result.exception


def test_escapes_without_end_do_not_take_a_time_that_grows_with_their_square(tmp_path: Path) -> None:
    result = imported("paperlists", written(tmp_path, "paperlists", b'{"title": "' + b'\\"' * 1_000_000))
    assert "this is no JSON" in str(result.exception)


@pytest.mark.parametrize(("source", "name", "content"), [("paperlists", "cogs2030.json", "[]")])
def test_an_empty_list_publishes_no_edition(tmp_path: Path, source: str, name: str, content: str) -> None:
    with pytest.raises(ImportFileError, match="has no record with title and author"):
        read(source, tmp_path, name, content)


def test_a_paper_of_20000_authors_has_2000_and_does_not_state_their_number(tmp_path: Path) -> None:
    names = "; ".join(f"Ada {''.join(chr(97 + int(d)) for d in str(n))}" for n in range(20_000))
    lines, outcome = read("paperlists", tmp_path, "cogs2030.json", json.dumps([paper(author=names), paper(id="8")]))
    assert sum("#position>" in line for line in lines) == 2_001
    [notice] = [each for each in outcome.notices if each.severity == "value left out"]
    assert (notice.kind, notice.place, notice.detail) == (
        "authors beyond the first 2,000",
        "record 7",
        "20,000 of them",
    )


@pytest.mark.parametrize("letters", ["a", "a ", "{", "}", "$", "\\x ", "(", "&lt;", "<i", "@", "1", "\\", '"', "+"])
def test_no_text_of_a_million_letters_enters_or_takes_its_time(tmp_path: Path, letters: str) -> None:
    text = letters * (1_000_000 // len(letters))
    records = [
        paper(title=f"Kites {text}", keywords=text, aff=text, aff_unique_norm=text, aff_unique_index="0"),
        paper(id=text, site=f"https://example.net/{text}", track=text, author=f"Ada; Zoe {text}"),
        paper(id="9", title="Slow Kites"),
    ]
    lines, outcome = read("paperlists", tmp_path, "cogs2030.json", json.dumps(records))
    assert max(map(len, lines)) < 10_000
    assert outcome.tally.read == 3
    people = f"A and {text} and B, {text}"
    bib = f"@inproceedings{{a, title={{Kites}}, author={{{people}}}, booktitle={{{text}}}, series={{{text}}}}}"
    (tmp_path / "v9.bib").write_text(bib)
    imported("bibtex", tmp_path / "v9.bib")


def test_a_number_of_5000_digits_costs_no_other_record(tmp_path: Path) -> None:
    digits = "9" * 5_000
    records = [paper(aff_unique_norm="MIT", aff_unique_index=digits), paper(id="8", title="Slow Kites")]
    assert read("paperlists", tmp_path, "cogs2030.json", json.dumps(records))[1].tally.published == 2
    article = '<article key="journals/pvldb/{0}"><title>T {0}.</title><volume>{1}</volume><year>{2}</year></article>'
    articles = article.format("A", digits, "2030") + article.format("B", "14", digits)
    _, outcome = read("dblp", tmp_path, "x.xml", f"<dblp>{articles}</dblp>")
    assert (outcome.tally.published, outcome.tally.left_out) == (2, 0)
    meta = "<meta><booktitle>T</booktitle><year>{}</year><venue>acl</venue></meta>"
    entries = f"<paper id='{digits}'><title>T</title></paper><paper><title>U</title></paper>"
    volumes = f"<volume id='1'>{meta.format(2019)}{entries}<paper id='1'><title>V</title></paper></volume>"
    volumes += f"<volume id='2'>{meta.format(digits)}</volume><volume>{meta.format(2019)}</volume>"
    volumes += f"<volume id='{digits}'>{meta.format(2019)}</volume>"
    volumes += f"<event id='acl-{digits}'></event>"
    _, outcome = read("acl_anthology", tmp_path, "P19.xml", f"<collection id='P19'>{volumes}</collection>")
    assert (outcome.tally.published, outcome.tally.left_out) == (2, 6)


def test_a_title_that_is_too_long_is_cut_with_a_notice(tmp_path: Path) -> None:
    _, outcome = read("paperlists", tmp_path, "cogs2030.json", json.dumps([paper(title="Kites " * 1_000)]))
    [notice] = [each for each in outcome.notices if each.severity == "value left out"]
    assert (notice.kind, notice.detail) == ("title beyond the first 1,000 letters", "5,999 letters")


@pytest.mark.parametrize("private", ADDRESSES)
def test_no_address_or_telephone_number_enters_by_any_field(tmp_path: Path, private: str) -> None:
    text = f"Kites {private}"
    records = [
        paper(
            title=text,
            author=f"Ada {private}; Zoe Cog",
            aff=f"{text}; MIT",
            aff_unique_norm=f"{text}; {private}",
            aff_unique_index="0; 1",
            keywords=f"{text}; wind",
            track=text,
            site=f"https://x.net/?q={private}",
        ),
        paper(id=private, title=private),
    ]
    found = [read("paperlists", tmp_path, "cogs2030.json", json.dumps(records))]
    note = {**NOTE, "content": {**NOTE["content"], "title": text, "keywords": [text], "venue": text}}  # type: ignore[dict-item]
    found.append(read("openreview", tmp_path, "cogs-2031.json", json.dumps({"notes": [note]})))
    given = {**ANTHOLOGY, "title": text, "source_id": private, "pages": text}
    found.append(read("mlanthology", tmp_path, "cogs-2030.json", json.dumps({"papers": [given]})))
    bib = (
        f"@inproceedings{{k, title={{{text}}}, author={{Ada Gear}}, booktitle={{ICML}}, shortname={{ICML}}, year=2030, \
        pages={{{private}}}, keywords={{{text}}}, address={{{text}}}}}"
    )
    found.append(read("bibtex", tmp_path, "v9.bib", bib))
    volume = f"<volume id='1'><meta><booktitle>{text}</booktitle><venue>cogs</venue><year>2030</year></meta>"
    author = f"<author><first>Ada</first><last>Gear</last><affiliation>{text}</affiliation></author>"
    entry = f"<paper id='1'><title>{text}</title>{author}<award>{text}</award><pages>{private}</pages></paper>"
    xml = f"<collection id='2030.cogs'>{volume}{entry}</volume></collection>"
    found.append(read("acl_anthology", tmp_path, "2030.cogs.xml", xml))
    for lines, outcome in found:
        assert outcome.tally.read, outcome.unit
        assert not [line for line in lines if PRIVATE.search(re.sub(r"\^\^.*|<[^>]*>", "", line))]
        assert not [each for each in outcome.notices if PRIVATE.search(each.place + each.detail)]
        assert not [line for line in lines if "example" in line and "kg.example" not in line and BASE not in line]


@pytest.mark.parametrize(
    "text", ["Recall@k Losses", "Precision @ 10", "Learning at Scale", "0000-0002-1825-0097", "1-20"]
)
def test_a_text_with_a_sign_of_an_address_that_is_not_one_stays(text: str) -> None:
    assert without_private(text) == text


def test_a_keyword_with_an_at_sign_is_a_topic(tmp_path: Path) -> None:
    lines, _ = read("paperlists", tmp_path, "cogs2030.json", json.dumps([paper(keywords="precision@k; wind")]))
    assert any('"precision@k"' in line for line in lines)


def test_the_records_of_the_tests_differ_where_they_must() -> None:
    assert PAPER["id"] == "1"
    assert ANTHOLOGY["source_id"] == "one"
