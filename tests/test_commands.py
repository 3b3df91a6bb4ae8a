"""Every command does what it says, and one that cannot says so in its own words and changes nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import Run, refused
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from graph.curated.form import schema_text
from graph.files import ROOT
from graph.importers import importers
from graph.settings import Group, Settings
from graph.versions.home import Home
from server.__main__ import cli

VALID = ROOT / "tests" / "curated" / "valid.yaml"
DOCUMENT = VALID.with_suffix(".txt")
SERIES = """
PREFIX cvn: <https://w3id.org/convocation/ontology#>
SELECT ?name { ?series a cvn:ConferenceSeries ; cvn:acronym ?name } ORDER BY ?name
"""
Write = Callable[..., Path]


def asked(folder: Path, text: str) -> Path:
    path = folder / "asked.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_help_names_every_command(run: Run) -> None:
    done = run("--help")
    assert done.code == 0
    assert {"build", "check", "dump", "query", "rebase", "restore", "schema", "serve", "versions"} <= {
        line.split()[0] for line in done.out.split("\n") if line
    }


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_helps(run: Run, name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    assert done.out.startswith("Usage: ")
    assert f" {name} " in done.out.split("\n", 1)[0]
    assert (cli.commands[name].help or "").split("\n")[0].endswith(".")


def test_an_unknown_command_is_refused(run: Run) -> None:
    done = run("destroy")
    assert done.code == 2
    assert "No such command 'destroy'" in done.err


def test_the_version_is_reported(run: Run) -> None:
    assert ", version 0." in run("--version").out


@pytest.mark.parametrize("arguments", [["build"], ["check"], ["query"], ["dump", "x.nq"]], ids=" ".join)
def test_an_unknown_setting_is_reported(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("CONVOCATION_BAES", "https://kg.example.org/")
    assert refused(run(*arguments), "There is no setting CONVOCATION_BAES; there are CONVOCATION_")


def test_the_schema_is_printed(run: Run) -> None:
    assert run("schema").out == schema_text()


def test_the_schema_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run("schema", "--write", tmp_path / "schema.json").code == 0
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_a_schema_that_cannot_be_written_is_reported(run: Run, tmp_path: Path) -> None:
    assert refused(run("schema", "--write", tmp_path / "nowhere" / "x.json"), "x.json cannot be written: No such file")


def test_a_query_is_answered_as_csv(run: Run, served: Home, tmp_path: Path) -> None:
    assert served.numbers() == [1]
    assert run("query", asked(tmp_path, SERIES)).out.split() == ["name", "ICLR", "ICML", "NeurIPS"]


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "xml"])
@pytest.mark.usefixtures("served")
def test_a_query_is_answered_in_the_format_asked_for(run: Run, tmp_path: Path, name: str) -> None:
    done = run("query", asked(tmp_path, SERIES), "--format", name)
    form = QueryResultsFormat.from_extension(name)
    assert form
    assert "NeurIPS" in done.out
    if name != "csv":
        assert parse_query_results(done.out, format=form)


@pytest.mark.usefixtures("served")
def test_triples_are_answered_as_turtle(run: Run, tmp_path: Path) -> None:
    done = run("query", asked(tmp_path, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3"))
    assert len(list(parse(done.out, format=RdfFormat.TURTLE))) == 3


@pytest.mark.usefixtures("served")
def test_a_yes_or_no_question_is_answered(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("query", asked(tmp_path, "ASK {}"), "--format", "json").out)["boolean"] is True


@pytest.mark.usefixtures("served")
def test_a_query_that_is_not_sparql_is_reported_with_its_place(run: Run, tmp_path: Path) -> None:
    assert refused(run("query", asked(tmp_path, "ASK {\n {{")), "This is not SPARQL 1.1: line 2, column ")


@pytest.mark.usefixtures("served")
def test_a_query_of_no_endpoint_is_reported(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = asked(tmp_path, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert refused(run("query", query), "CONVOCATION_SERVICES")
    monkeypatch.setenv("CONVOCATION_SERVICES", "http://127.0.0.1:9/")
    assert refused(run("query", query), "The query cannot be answered: ")


@pytest.mark.usefixtures("served")
def test_a_query_that_is_not_utf8_is_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "asked.rq").write_bytes(b"ASK { ?s ?p 'Gen\xe8ve' }")
    assert refused(run("query", tmp_path / "asked.rq"), "asked.rq is not UTF-8; save the query in that encoding.")


def test_without_a_version_queries_say_how_to_build_one(run: Run, empty_home: Home, tmp_path: Path) -> None:
    assert refused(run("query", asked(tmp_path, "ASK {}")), "yet; run: convocation build")
    assert refused(run("dump", tmp_path / "x.nq"), "yet; run: convocation build")
    assert not empty_home.folder.exists()


def test_a_dump_holds_every_quad_in_order(run: Run, served: Home, tmp_path: Path) -> None:
    assert run("dump", tmp_path / "dump.nq").code == 0
    lines = (tmp_path / "dump.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert len(lines) == served.needed().counts["quads"]


@pytest.mark.usefixtures("served")
def test_a_dump_that_cannot_be_written_is_reported(run: Run, tmp_path: Path) -> None:
    assert refused(run("dump", tmp_path / "nowhere" / "x.nq"), "x.nq cannot be written: No such file or directory")


def test_a_whole_file_is_checked(run: Run, empty_home: Home) -> None:
    done = run("check", VALID)
    assert (done.code, done.out.split("\n")[-2]) == (0, "valid.yaml: violations: 0; warnings: 0; notes: 1.")
    assert "\n  valid.yaml:50: http://127.0.0.1:5000/id/role/cogs-2031/program-chair\n" in done.out
    assert not empty_home.folder.exists()


@pytest.mark.parametrize(
    "mistake", ["unknown-key", "alias-bomb", "not-utf8", "empty-file", "duplicate-iri", "unknown-role"]
)
def test_a_file_with_a_mistake_is_reported_with_its_line(run: Run, mistake: str) -> None:
    path = VALID.with_name(f"{mistake}.yaml")
    line = path.read_text(encoding="latin-1").split("\n", 1)[0].removeprefix("#+ line: ")
    done = run("check", path)
    assert done.code == 1
    assert f"\n  {mistake}.yaml:{line}: " in done.out


def test_a_file_that_is_not_there_is_reported(run: Run, tmp_path: Path) -> None:
    done = run("check", tmp_path / "nowhere.yaml")
    assert done.code == 2
    assert "cannot be read: No such file or directory; give the path" in done.err


def test_a_file_that_breaks_a_shape_is_reported(run: Run, write: Write) -> None:
    done = run(
        "check", write("roles:\n  - {line: 2, role: reviewer, of: edition:cogs-2031, people: [a@example.org]}\n")
    )
    assert done.code == 1
    assert "Violation: Person-label (1): " in done.out
    assert "  made-up.yaml:10: http://127.0.0.1:5000/id/person/a-example-org (here: a@example.org)\n" in done.out


def test_a_graph_or_a_version_is_checked(run: Run, copied: Home) -> None:
    assert run("check").out.splitlines()[-1].startswith("version 1: violations: 0; ")
    report = run("check", "source/iclr-2024-fact-sheet", "--format", "json")
    assert (report.code, json.loads(report.out)["conforms"]) == (0, True)
    for thing, words in {
        "nowhere": "there are http",
        "http://x/nowhere": "There is no graph <http://x/nowhere>",
    }.items():
        done = run("check", thing)
        assert (done.code, words in done.err) == (2, True)
    assert copied.numbers() == [1]


@pytest.mark.parametrize(
    ("things", "words"),
    [
        ([VALID, "nowhere"], "check nowhere apart"),
        (["a.ttl", "b.ttl"], "One RDF file or graph is checked at a time"),
        ([VALID.with_suffix(".txt")], "neither a curated file nor RDF"),
        (["source/nowhere"], "There is no graph in"),
    ],
)
def test_what_cannot_be_checked_is_reported_by_another_exit_code(
    run: Run, empty_home: Home, things: list[str], words: str
) -> None:
    done = run("check", *things)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert not empty_home.folder.exists()


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--base", "kg.example.org", "CONVOCATION_BASE is 'kg.example.org'"),
        ("--document", "nowhere.txt", "There is no file or folder nowhere.txt; give --document <source>=<path>"),
        ("--document", f"wheels={DOCUMENT}", "There is no source 'wheels'; there are iclr-2024-fact-sheet, "),
        (
            "--document",
            f"iclr-2024-fact-sheet={DOCUMENT}",
            "is not the document of iclr-2024-fact-sheet: it has another",
        ),
        ("--document", str(DOCUMENT), "is not the document of any curated file; give the text"),
        ("--document", str(ROOT / "shapes"), "holds no .txt or .md file; give the folder of the documents"),
        ("--home", f"{DOCUMENT}/home", "cannot be written: Not a directory; free some space there, or set"),
    ],
)
def test_a_build_that_is_given_what_cannot_be_is_refused(
    run: Run, copied: Home, option: str, value: str, words: str
) -> None:
    assert refused(run("build", option, value), words)
    assert (copied.numbers(), copied.current_number()) == ([1], 1)


@pytest.mark.usefixtures("copied")
def test_the_texts_of_a_folder_are_reported_apart(run: Run, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "letter.txt").write_text("Dear all,\n")
    shutil.copy(DOCUMENT, texts)
    done = run("build", VALID, "--document", texts)
    assert done.code == 0
    assert f"{DOCUMENT.name}: the text of cogs-2031-fact-sheet\n" in done.err
    assert "letter.txt: not the text of a curated file, or changed since; ignored\n" in done.err


def test_a_build_keeps_where_the_iris_of_the_version_begin(run: Run, empty_home: Home) -> None:
    run("build", "--base", "https://kg.example.org/")
    run("build")
    assert [empty_home.version(number).base for number in (1, 2)] == ["https://kg.example.org/"] * 2


def test_a_build_with_a_mistake_leaves_the_version(run: Run, copied: Home, write: Write) -> None:
    path = write("editions:\n  - {line: 2, edition: cogs-2031, ordinal: twelfth}\n")
    assert refused(run("build", path), "made-up.yaml:10: editions > entry 1 > ordinal: ")
    assert (copied.numbers(), copied.current_number()) == ([1], 1)
    assert not (copied.versions / ".building").exists()


def test_a_pointer_to_nothing_is_reported(run: Run, copied: Home, tmp_path: Path) -> None:
    copied.pointer.write_text("wheel")
    assert refused(run("query", asked(tmp_path, "ASK {}")), "current does not hold the number of a version")


@pytest.mark.slow
def test_a_question_goes_to_the_home_that_is_given(run: Run, home: Home, tmp_path: Path) -> None:
    done = run("query", asked(tmp_path, "ASK { ?s ?p ?o }"), "--home", home.folder)
    assert (done.code, done.out.strip()) == (0, "true")


def test_a_build_adds_a_file_and_its_document(run: Run, copied: Home, tmp_path: Path) -> None:
    done = run("build", VALID, "--document", f"cogs-2031-fact-sheet={DOCUMENT}", "--base", "https://kg.example.org")
    assert done.code == 0, done.err
    assert done.out.startswith(f"Published version 2 in {copied.folder}: 6 sources, ")
    assert "IRIs under https://kg.example.org/ (" in done.out
    assert run("query", asked(tmp_path, SERIES)).out.split() == ["name", "COGS", "ICLR", "ICML", "NeurIPS"]


@pytest.mark.slow
def test_the_bundled_files_hold_and_are_checked_where_there_is_no_version(run: Run, empty_home: Home) -> None:
    done = run("check")
    assert done.code == 0, done.out
    assert done.out.split("\n")[-2].startswith("5 curated files: violations: 0; ")
    assert not empty_home.folder.exists()


def started(home: Home) -> subprocess.Popen[str]:
    environment = os.environ | {"CONVOCATION_HOME": str(home.folder), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "server", "build"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.slow
@pytest.mark.parametrize("given", [1, 2, 3], ids=["when sources are read", "when facts are resolved", "when written"])
def test_a_build_that_is_killed_leaves_the_version_and_the_next_one_works(copied: Home, given: int) -> None:
    with started(copied) as process:
        assert process.stderr
        for _ in range(given):
            assert process.stderr.readline().startswith("  ")
        process.send_signal(signal.SIGKILL)
    assert (process.returncode, copied.current_number()) == (-signal.SIGKILL, 1)
    with started(copied) as process:
        process.communicate()
    assert (process.returncode, copied.numbers()) == (0, [1, 2])


@pytest.mark.slow
def test_of_two_builds_at_once_one_waits_for_the_other(run: Run, copied: Home) -> None:
    with started(copied) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("  read ")
        done = run("build")
        process.communicate()
    assert f"Another build or write is under way in {copied.folder}: waiting 60 s" in done.err
    assert (process.returncode, done.code, copied.numbers()) == (0, 0, [1, 2, 3])


def test_the_commands_use_the_settings_of_the_environment(served: Home) -> None:
    assert Settings.from_environment().folder == served.folder


WITHOUT_HOME = {"assets", "schema"}  # which read and write no version


def leaves(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that can be run, with the words that call it."""
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from leaves(each, *path, name)
        else:
            yield (*path, name), each


GROUPS = {"": cli, **{name: each for name, each in cli.commands.items() if isinstance(each, click.Group)}}


@pytest.mark.parametrize("name", GROUPS)
def test_the_help_cuts_no_summary_off(run: Run, name: str) -> None:
    text, group = " ".join(run(*name.split(), "--help").out.split()), GROUPS[name]
    summaries = [each.help.split(".\n")[0].rstrip(".") for each in group.commands.values() if each.help]
    assert len(summaries) == len(group.commands)
    assert [each for each in summaries if f"{' '.join(each.split())}." not in text] == []


def test_a_group_whose_summaries_click_would_cut_off_wraps_them() -> None:
    long = "Do " + "one thing and then " * 8 + "the last."
    group = Group("all", commands=[click.Command("long", help=long)])
    assert long in " ".join(CliRunner().invoke(group, ["--help"]).output.split())


@pytest.mark.parametrize("words", [words for words, _ in leaves(cli) if words[-1] not in WITHOUT_HOME], ids=" ".join)
def test_no_command_is_without_an_option_for_the_data_folder(words: tuple[str, ...]) -> None:
    command = dict(leaves(cli))[words]
    assert [each for each in command.params if "--home" in each.opts], "add @home_option of graph/settings.py"


@pytest.mark.parametrize("words", [["check"], ["versions", "list"], ["versions", "verify"]], ids=" ".join)
def test_the_data_folder_of_the_option_is_not_that_of_the_environment(
    run: Run, home: Home, empty_home: Home, words: list[str]
) -> None:
    assert run(*words).code == 0 if words == ["check"] else 1
    done = run(*words, "--home", home.folder)
    assert (done.code, "ersion 1" in done.out or "* " in done.out) == (0, True)
    assert not empty_home.folder.exists()


def test_the_help_of_import_leaves_no_source_out(run: Run) -> None:
    lines = run("import", "--help").out.split("Sources:\n")[1].splitlines()
    listed = dict(line.split(maxsplit=1) for line in lines if line.strip())
    assert listed == {key: each.title for key, each in importers().items()}


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf", "nq", "trig", "n3"])
@pytest.mark.usefixtures("served")
def test_a_graph_is_answered_in_the_format_asked_for(run: Run, tmp_path: Path, name: str) -> None:
    query = asked(tmp_path, "CONSTRUCT WHERE { ?s a ?o } LIMIT 3")
    form = RdfFormat.from_extension(name)
    assert form
    assert len(list(parse(run("query", query, "--format", name).out, format=form))) == 3


@pytest.mark.parametrize(
    ("query", "form", "words"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", "trig", "--format trig is for graphs, but SELECT returns none; choose csv, "),
        ("ASK {}", "ttl", "--format ttl is for graphs, but ASK returns none; choose csv, "),
        ("DESCRIBE <http://x/>", "csv", "--format csv is for SELECT and ASK, but this query returns a graph; choose "),
        ("CONSTRUCT { ?s <http://x/y/> 1 } { ?s a ?o }", "rdf", "RDF/XML cannot hold this answer"),
    ],
)
@pytest.mark.usefixtures("served")
def test_a_format_that_does_not_fit_the_query_is_refused(
    run: Run, tmp_path: Path, query: str, form: str, words: str
) -> None:
    assert refused(run("query", asked(tmp_path, query), "--format", form), words)
