"""`convocation identity`: decide who is who, and see why."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from json import dumps
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from graph.curated.decisions import NAME, PersonDecision, decisions_of, described, former_hash, read_decisions
from graph.errors import SettingError
from graph.files import IDENTITY
from graph.importing.deciding import ImportedPeople, decide, paths, undo, withholding
from graph.importing.explaining import Explanations
from graph.importing.renaming import carries
from graph.remote.marker import local_home
from graph.settings import Group, Settings, home_option
from graph.system.progress import noticed
from graph.versions.home import Home

APART = 2  # people of a decision that they are different
file_option = click.option(
    "--file", "file", type=click.Path(path_type=Path), help=f"File of decisions; default: {NAME} in the data folder."
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="identity", cls=Group)
def command() -> None:
    """Decide who is who, and see why.

    An import finds the person of each authorship; a decision of a person wins over what it finds.
    """


@command.group(name="decide", cls=Group)
def decide_group() -> None:
    """Decide about persons, and publish a version in which the decision holds.

    PERSON is an address or path of a person (person:ada-quill), an authorship, or an identifier (orcid:...).
    """


def deciding(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of all decisions to a command."""
    for option in (
        home_option,
        file_option,
        click.option("--reviewer", required=True, metavar="IRI", help="Who decides, such as https://orcid.org/..."),
        click.option("--reason", required=True, help="Why."),
    ):
        function = option(function)
    return function


@decide_group.command()
@click.argument("persons", nargs=-1, required=True, metavar="PERSON...")
@deciding
def same(persons: tuple[str, ...], **given: Any) -> None:
    """Two or more are one person."""
    home, people = _opened(given["home"])
    _decided(home, given, same=paths(map(people.references, persons)))


@decide_group.command()
@click.argument("persons", nargs=-1, required=True, metavar="PERSON PERSON...")
@deciding
def different(persons: tuple[str, ...], **given: Any) -> None:
    """Two or more are never one person; authorships of one of them are separated by commas."""
    if len(persons) < APART:
        raise SettingError("Different people are two or more; give each of them.")
    home, people = _opened(given["home"])
    groups = [paths(people.references(each) for each in person.split(",")) for person in persons]
    _decided(home, given, different=groups)


@decide_group.command()
@click.argument("person")
@click.argument("name")
@deciding
def prefer(person: str, name: str, **given: Any) -> None:
    """NAME is the name of the person; the others are listed as further names."""
    home, people = _opened(given["home"])
    _decided(home, given, preferred=name, person=people.references(person))


@decide_group.command()
@click.argument("person")
@click.argument("old")
@click.argument("name")
@deciding
def former(person: str, old: str, name: str, **given: Any) -> None:
    """OLD is a former name of the person that is not to be shown; NAME takes its place everywhere."""
    home, people = _opened(given["home"])
    printed, others = people.printed(person, old)
    secret = former_hash(old)
    if carries(f"{given['reason']} {given['reviewer']} {name}", secret):
        raise SettingError("The former name is in the reason, the reviewer or the new name; leave it out there.")
    renamed, references = withholding(printed, others, name)
    _decided(home, given, renamed, preferred=name, former=secret, person=references)
    older = ", ".join(str(each) for each in home.numbers()[:-1])
    click.echo(f"Versions {older} still hold the former name, and dumps of them; remove these versions with:")
    click.echo(f"  convocation versions prune --keep 1 --home {home.folder}")
    paths = {each.person for each in printed if carries(each.person, secret)}
    for file in (each for each in sorted(home.folder.glob("links/*.tsv")) if _holds(each, paths)):
        click.echo(f"{file} names the former address; remove its rows.")
    if rest := sorted({each.name for each in others} - {name}):
        click.echo(f"Other printed names are still shown: {', '.join(rest)}.")


def _holds(file: Path, paths: set[str]) -> bool:
    text = file.read_text(encoding="utf-8")
    return any(f"person/{each}" in text for each in paths)


@command.command()
@click.argument("person", metavar="PERSON|NAME")
@json_option
@home_option
def explain(person: str, home: str | None, *, as_json: bool) -> None:
    """Show the authorships of a person with their evidence, and why namesakes are apart."""
    found = _explanations(home).explain(person)
    if as_json:
        click.echo(dumps([asdict(each) for each in found], indent=1, ensure_ascii=False))
        return
    for each in found:
        click.echo(f"person:{each.person}  {', '.join(each.names)}")
        for one in each.authorships:
            click.echo(f"  {one.authorship}  {one.name}; {'; '.join(one.affiliations) or 'no affiliation'}")
            click.echo(f"    {one.strength or 'first'}: {'; '.join(one.evidence) or 'no other authorship before it'}")
        for other, reason in each.namesakes.items():
            click.echo(f"  another person: person:{other} ({reason})")


@command.command()
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show at most N pairs.")
@json_option
@home_option
def candidates(limit: int, home: str | None, *, as_json: bool) -> None:
    """List pairs of persons that may be one, and authorships that may be of another person, the best first."""
    found = _explanations(home).candidates(limit)
    if as_json:
        click.echo(dumps([each.record for each in found], indent=1, ensure_ascii=False))
        return
    for each in found:
        click.echo(
            f"{each.score:.3f}  may be {each.may_be}: {'  '.join(each.persons)}\n       {'; '.join(each.evidence)}"
        )


def _explanations(home: str | None) -> Explanations:
    keeper, people = _opened(home)
    return Explanations(people, tuple(decisions_of(keeper.folder)))


@command.command(name="decisions")
@file_option
@home_option
def list_decisions(home: str | None, file: Path | None) -> None:
    """List the decisions of the data folder with their numbers."""
    path = file or Settings.from_environment().changed(home=home).folder / NAME
    for number, placed in enumerate(read_decisions(path), 1):
        kind, persons, reasons = described(placed.decision)
        click.echo(f"{number}  {kind}: {persons}\n   {reasons}")


@command.command(name="undo")
@click.argument("number", type=click.IntRange(min=1))
@file_option
@home_option
def undo_one(number: int, home: str | None, file: Path | None) -> None:
    """Remove decision NUMBER, as `convocation identity decisions` lists it, and publish a version without it."""
    keeper, _ = _opened(home)
    with noticed():
        undone = undo(keeper, _path(keeper, file), number, _report)
    click.echo(f"Undone: {', '.join(described(undone.decision))}")
    _published(keeper)


def _opened(home: str | None) -> tuple[Home, ImportedPeople]:
    settings = Settings.from_environment().changed(home=home)
    keeper = local_home(settings, "unset CONVOCATION_STORE to decide in the data folder")
    return keeper, ImportedPeople(keeper.needed())


def _path(home: Home, file: Path | None) -> Path:
    path = (file or home.folder / NAME).resolve()
    if path not in (IDENTITY, (home.folder / NAME).resolve()):
        raise SettingError(f"{path} is read by no import; give {home.folder / NAME} or {IDENTITY}.")
    return path


def _decided(home: Home, given: dict[str, Any], renamed: dict[str, str] | None = None, **content: Any) -> None:
    today = date.today()  # noqa: DTZ011 - the day where the program runs
    try:
        decision = PersonDecision(reason=given["reason"], reviewer=given["reviewer"], date=today, **content)
    except ValidationError as error:
        words = "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
        raise SettingError(f"This cannot be decided: {words}.") from error
    path = _path(home, given["file"])
    with noticed():
        decide(home, path, decision, _report, renamed)
    number = len(read_decisions(path))
    click.echo(f"Decision {number} in {path}; take it back with: convocation identity undo {number}")
    _published(home)


def _published(home: Home) -> None:
    click.echo(f"Version {home.needed().number} is current.")


def _report(words: str) -> None:
    click.echo(f"  {words}", err=True)
