"""Search by name: labels and other names, without regard to case, accents and punctuation."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask import Blueprint, current_app, render_template, request
from pyoxigraph import NamedNode

from graph.names import slug
from graph.settings import Settings
from server.asking import ask, remembered

bp = Blueprint("search", __name__)

SUGGESTIONS = 8


@dataclass(frozen=True)
class Name:
    """A name of a thing, and the name in plain letters."""

    thing: NamedNode
    name: str
    plain: str

    def rank(self, text: str) -> int:
        """Return how exactly a text in plain letters, whose words it holds, is the name; 0 is the name itself."""
        if self.plain == text:
            return 0
        if self.plain.startswith(text):
            return 1
        if f"-{text}" in self.plain:
            return 2
        return 3 if text in self.plain else 4


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its label, its kind, and the name that was looked for, where it is another."""

    thing: NamedNode
    label: str
    kind: str
    name: str


@bp.get("/search")
def search() -> str:
    """Show what has a name that holds the text asked for."""
    settings: Settings = current_app.config["SETTINGS"]
    text = " ".join(request.args.get("q", "").split())
    found = matches(text)
    shown = hits(found[: settings.page_size])
    close = [] if shown or not text else suggestions(text)
    return render_template("search.html", text=text, hits=shown, count=len(found), suggestions=close)


@remembered
def names() -> tuple[Name, ...]:
    """Return every name of the served version."""
    found = {(row["thing"].value, row["name"].value) for row in ask("search/names").rows}
    return tuple(Name(NamedNode(thing), name, slug(name)) for thing, name in sorted(found))


def matches(text: str) -> list[Name]:
    """Return the names that hold the words of a text, the most exact first, one for each thing."""
    plain = slug(text)
    found = list(names()) if text else []
    for word in plain.split("-"):
        found = [name for name in found if word in name.plain]
    best: dict[NamedNode, Name] = {}
    for name in sorted(found, key=lambda name: (name.rank(plain), len(name.plain), name.name)):
        best.setdefault(name.thing, name)
    return list(best.values())


def hits(found: Iterable[Name]) -> list[Hit]:
    """Return what the names belong to."""
    by_thing = {name.thing: name for name in found}
    told = {row["thing"]: row for row in ask("search/kinds", things=by_thing).rows} if by_thing else {}
    return [
        Hit(thing, told[thing]["label"].value, told[thing]["kind"].value, name.name)
        for thing, name in by_thing.items()
        if thing in told
    ]


def suggestions(text: str) -> list[Hit]:
    """Return the things whose names share a word with a text and are most like it."""
    plain = slug(text)
    words = [word for word in plain.split("-") if len(word) > 1]
    near = [name for name in names() if any(word in name.plain for word in words)]
    near.sort(key=lambda name: -SequenceMatcher(None, name.plain, plain).quick_ratio())
    return hits(near[:SUGGESTIONS])
