"""Search by name: labels and other names, without regard to case, accents and punctuation; and by identifier."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote_plus

from flask import Blueprint, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as Redirection

from graph.indexes.search import Hit, ResultGroup
from graph.serialization import tabular
from graph.settings import Settings
from graph.terms import Term
from server.display.asking import Page, ask
from server.display.words import address, line_address
from server.formats import exported, reference_formats
from server.http.errors import UnknownEntityError
from server.http.media import RESULTS, by_suffix
from server.http.serving import absolute
from server.search.finding import IndexingError, searched
from server.search.papers import KINDS as PAPERS
from server.search.papers import described
from server.search.people import distinctions
from server.search.titles import titled

bp = Blueprint("search", __name__)

SUGGESTIONS, SIFTED = 8, 80
MOST_HITS = 5000  # of each kind, in a file
CSV = by_suffix("csv", RESULTS)
TOP = 10  # hits of each kind, where several kinds are shown
MOST = 1_000_000  # pages
LONGEST = 300  # letters of a text that are looked at; no name has more
Answer = str | Response | Redirection


@bp.get("/search")
def search() -> Answer:
    """Show what has a name that holds the text asked for, by kind; an identifier leads to its thing."""
    settings: Settings = current_app.config["SETTINGS"]
    text, kind = asked(), request.args.get("kind", "")
    if text and not kind and (place := _place(text)):
        return redirect(place)
    number = min(max(1, request.args.get("page", 1, int)), MOST)
    size = settings.page_size if kind else TOP
    groups = searched(lambda index: index.groups(text, size, kind, number))
    close = [] if groups or not text else searched(lambda index: index.near(text, SUGGESTIONS))
    page = Page(settings.page_size, number).within(max((group.count for group in groups), default=0))
    return render_template(
        "search.html",
        text=text,
        groups=groups,
        titled={} if kind else titled(text),
        kind=kind,
        files=_files(groups),
        page=page,
        suggestions=close,
        apart=_apart([*close, *(hit for group in groups for hit in group.hits)]),
    )


@bp.get("/search.<path:suffix>")
def found(suffix: str) -> Response:
    """Answer with the papers that have a name that holds the text asked for, as references, or all hits as a table."""
    kind = request.args.get("kind", "" if suffix == CSV.suffix else PAPERS[0])
    hits = [hit for group in searched(lambda index: index.groups(asked(), MOST_HITS, kind)) for hit in group.hits]
    if suffix != CSV.suffix:
        return exported([hit.thing for hit in hits if hit.kind in PAPERS], suffix, "search")
    lines = [["iri", "name", "kind", "matches"], *([hit.thing.value, hit.label, hit.kind, hit.name] for hit in hits)]
    return Response("".join(map(tabular.row, lines)), content_type=CSV.header)


def _files(groups: list[ResultGroup]) -> list[str]:
    """Return the suffixes of the files of what was found, those of references if papers were."""
    has_papers = any(group.kind in PAPERS for group in groups)
    return [CSV.suffix, *(each.media.suffix for each in reference_formats() if has_papers)]


def _apart(hits: list[Hit]) -> dict[Term, str]:
    """Return what distinguishes people and papers among hits."""
    return {**distinctions(hits), **described(hit.thing for hit in hits if hit.kind in PAPERS)}


@bp.get("/search/suggest")
def suggest() -> Response:
    """Answer with names that begin with the text asked for, of a class or any (OpenSearch Suggestions 1.1)."""
    text, kind = asked(), request.args.get("kind", "")
    size = SIFTED if kind else SUGGESTIONS
    hits = searched(lambda index: index.suggestions(text, size)) if text else []
    if kind:
        hits = [hit for hit in hits if hit.kind.replace(" ", "") == kind.lower()][:SUGGESTIONS]
    links = [absolute(address(hit.thing)) for hit in hits]
    apart = distinctions(hits)
    answer = jsonify([text, [hit.label for hit in hits], [_described(hit, apart) for hit in hits], links])
    answer.mimetype = "application/x-suggestions+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/opensearch.xml")
def description() -> Response:
    """Answer with how browsers search here (OpenSearch 1.1)."""
    text = render_template("opensearch.xml", base=g.served.version.base)
    return Response(text, mimetype="application/opensearchdescription+xml")


def asked() -> str:
    """Return the text asked for, its spaces in order."""
    return " ".join(request.args.get("q", "")[:LONGEST].split())


def suggestions(text: str) -> list[Hit]:
    """Return the things that are called most like a text; none while there is no index to ask."""
    try:
        return searched(lambda index: index.suggestions(text, SUGGESTIONS) or index.near(text, SUGGESTIONS))
    except IndexingError:
        return []


@bp.app_template_global()
def kind_address(text: str, group: ResultGroup) -> str:
    """Return the address of all hits of a kind."""
    return f"{url_for('search.search')}?q={quote_plus(text)}&kind={quote_plus(group.kind)}"


def _place(text: str) -> str:
    """Return the page of the one thing that an IRI or an identifier names, if any."""
    if text.startswith(f"{g.served.version.base}id/") and " " not in text:
        with suppress(ValueError):
            return address(NamedNode(text))
        return ""
    hits = searched(lambda index: index.identified(text)) if " " not in text else []
    return address(hits[0].thing) if len(hits) == 1 else ""


def _described(hit: Hit, apart: dict[Term, str]) -> str:
    matches = f"matches “{hit.name}”" if hit.name != hit.label else ""
    return ", ".join(filter(None, (hit.kind, apart.get(hit.thing, ""), matches)))


@dataclass(frozen=True)
class Elsewhere:
    """The place of a thing that is not in the resolved view: a named graph, a source and a line."""

    graph: NamedNode
    source: NamedNode | None
    line: str

    @property
    def path(self) -> str:
        """The path of the graph."""
        base: str = g.served.version.base
        return self.graph.value.removeprefix(f"{base}graph/")

    @property
    def page(self) -> str:
        """The address of the page that shows it."""
        if self.source and self.line:
            return line_address(self.source, self.line)
        return url_for("pages.sources", _anchor="decisions")


def entity(path: str) -> NamedNode:
    """Return the IRI of a thing by its path below `id/`; raise UnknownEntityError if no IRI can have this path."""
    return below_base("id/" + path)


def below_base(path: str) -> NamedNode:
    """Return the IRI of a path below the base of the version; raise UnknownEntityError if no IRI can have this path."""
    try:
        return NamedNode(g.served.version.base + path)
    except ValueError:
        raise unknown(path) from None


def elsewhere(path: str) -> Elsewhere | None:
    """Return the place of a thing outside the resolved view, else None; raise UnknownEntityError if no graph has it."""
    iri = entity(path)
    if ask("entity/known", entity=iri).rows:
        return None
    for row in ask("entity/elsewhere", entity=iri).rows:
        source = row.get("source")
        line = row["line"].value if "line" in row else ""
        return Elsewhere(NamedNode(row["graph"].value), source if isinstance(source, NamedNode) else None, line)
    raise unknown(path)


def unknown(path: str) -> UnknownEntityError:
    """Return the error for a path without an entry, with things of similar names."""
    words = path.rstrip("/").rpartition("/")[2].replace("-", " ").strip()
    close = [
        {"iri": hit.thing.value, "label": hit.label, "kind": hit.kind, "page": address(hit.thing)}
        for hit in suggestions(words)
    ]
    return UnknownEntityError(f"There is no entry for {path!r} in the graph.", words, close)
