"""Dereferencing: `/id/...` redirects to the page or data of a thing, `/graph/...` and `/table/...` hold parts of it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, stream_with_context, url_for
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as Redirection

from graph.serialization.tabular import row
from graph.settings import Settings
from graph.terms import CVN, DCTERMS
from server.checks.completeness import completeness
from server.checks.findings import findings_of
from server.display.asking import triples
from server.display.listing import ListRequest
from server.display.tables import Line
from server.display.things import Thing, thing
from server.display.words import Cell, whole_number
from server.display.works import Work, references
from server.formats import (
    Alternate,
    Format,
    alternates_of,
    described,
    formats,
    formats_of,
    linked,
    page_asked,
    serialized,
    varied,
)
from server.formats.bibtex import entry
from server.http.errors import NotAcceptableError, UnknownEntityError
from server.http.media import GRAPHS, HTML, RESULTS, Media, by_suffix, choose, offers_text
from server.pages.groups import Group, groups, whole
from server.pages.notices import notice_groups, notice_rows
from server.pages.numbers import citation, number_page
from server.pages.sources import outline, shows_allegations, source_lines, text_of
from server.pages.strip import strip
from server.pages.structured import structured
from server.search.pages import below_base, elsewhere, entity, unknown
from server.sparql.graphs import here
from server.views.catalog import View
from server.views.pages import picturing

bp = Blueprint("entities", __name__)
bp.add_app_template_global(strip)


@bp.get("/id/<path:path>")
def identity(path: str) -> Redirection:
    """Redirect the IRI of a thing to its page, its data, or a format of another program; a suffix may name one."""
    forms = tuple(each.media for each in formats())
    stem, media = _named(path, (*GRAPHS, *forms, HTML))
    if media is None:
        media = choose((*GRAPHS, HTML, *forms))
    if media in forms:
        _check(known(stem), media)
    else:
        elsewhere(stem)
    place = url_for(".page", path=stem) if media is HTML else url_for(".data", name=f"{stem}.{media.suffix}")
    return varied(redirect(place, 303))


def _named(path: str, offers: Sequence[Media]) -> tuple[str, Media | None]:
    """Return the path of a thing and the form that a suffix names, if it has one and is no thing with it."""
    suffixes = {**{each.suffix: each for each in offers}, "json": by_suffix("json", GRAPHS)}
    suffix = _suffix(path, suffixes)
    if not suffix or thing(entity(path)):
        return path, None
    return path.removesuffix(f".{suffix}"), suffixes[suffix]


def _suffix(name: str, suffixes: Iterable[str]) -> str:
    """Return the suffix that a name has, of several the longest, such as `csl.json`; an empty string without one."""
    return max((each for each in suffixes if name.endswith(f".{each}")), key=len, default="")


def _check(there: Thing, media: Media) -> None:
    """Raise NotAcceptableError if there is nothing of a thing in a format."""
    offers = [each.media for each in formats_of(there)]
    if media not in offers:
        raise NotAcceptableError(offers_text((*GRAPHS, *offers, HTML)))


@bp.get("/page/<path:path>")
def page(path: str) -> Redirection:
    """Show the page of a thing; a thing of one source only is on the page of that source."""
    if path.endswith("/"):
        return redirect(url_for(".page", path=path.rstrip("/")), 308)
    there = thing(entity(path))
    if there and CVN.Tombstone in there.kinds and (now := there.value(DCTERMS.isReplacedBy)):
        return redirect(url_for(".page", path=now.removeprefix(below_base("id/").value)), 301)
    away = elsewhere(path) if not there or {CVN.Citation, CVN.Statement} & set(there.kinds) else None
    if there and not away:
        return show(there, alternates_of(there, url_for(".data", name=path)), path)
    return redirect(away.page if away else url_for("pages.home"), 303)


def show(there: Thing, others: list[Alternate], path: str) -> Response:
    """Answer with the page of a thing; `others` are the addresses of its data."""
    settings: Settings = current_app.config["SETTINGS"]
    found = findings_of(there.iri)
    checked: dict[str, object] = {"findings": found.findings, "marks": found.marks, "cautions": found.cautions}
    checked["structured"] = structured(there.iri, there.kinds)
    if CVN.Edition in there.kinds:
        checked["complete"] = completeness(there.iri)
    if CVN.Source in there.kinds:
        content = graph_page(below_base(f"graph/{path}"), settings.page_size)
        checksum, graph = there.value(CVN.sha256), below_base(f"graph/{path}")
        content["text"] = text_of(checksum, graph, settings.page_size, contested=shows_allegations())
        content |= {"notices": notice_groups(path), "path": path}
        page = render_template("entity/source.html", thing=there, alternates=others, **checked, **content)
        answer = linked(page, others)
        if shows_allegations():
            answer.headers["X-Robots-Tag"] = "noindex"
        return answer
    if CVN.Number in there.kinds:
        number = number_page(there.iri)
        shown = {"number": number, "cite": citation(number), "structured": checked["structured"]}
        return linked(render_template("entity/number.html", thing=there, alternates=others, **shown), others)
    wanted = ListRequest(page_asked(), request.args.get("words", ""), request.args.get("mark", ""))
    asked = {request.args.get("group", ""): wanted}
    work = cited(there)
    content = {"groups": groups(there, settings.page_size, asked), "work": work, "cite": entry(work) if work else ""}
    content["retracted"] = there.value(CVN.retracted) == "true"
    content |= {"pictures": list(_pictures(there)), "folds": bool({CVN.Edition, CVN.ConferenceSeries} & {*there.kinds})}
    return linked(render_template("entity/thing.html", thing=there, alternates=others, **checked, **content), others)


def _pictures(there: Thing) -> Iterator[tuple[View, dict[str, str]]]:
    """Yield the charts of the page of a thing; that of an edition begins with the first one of its series."""
    if CVN.Edition in there.kinds and (series := there.value(CVN.series)):
        yield from islice(picturing(NamedNode(series), (CVN.ConferenceSeries,)), 1)
    yield from picturing(there.iri, there.kinds)


def cited(there: Thing) -> Work | None:
    """Return a paper as references cite it, or None for any other thing."""
    return next(references([there.iri]), None) if CVN.Paper in there.kinds else None


def graph_page(graph: NamedNode, size: int) -> dict[str, object]:
    """Return a page of the graph of a source: the one requested, or that of the requested line."""
    known = outline(graph, size, contested=shows_allegations())
    line = whole_number(request.args.get("line", ""))
    wanted = page_asked() if line is None else known.page_of(line)
    last = len(known.pages)
    number = min(wanted, last)
    shown = known.pages[number - 1] if last else ()
    lines = source_lines(graph, shown)
    return {"graph": graph, "number": number, "last": last, "count": known.count, "lines": lines}


@bp.get("/data/<path:name>")
def data(name: str) -> Redirection:
    """Answer with a thing in the serialization or format of the suffix; without one, lead to data by Accept."""
    own = {each.media.suffix: each for each in formats()}
    if suffix := _suffix(name, own):
        return written(own[suffix], name.removesuffix(f".{suffix}"))
    if "." not in name.rpartition("/")[2]:
        return varied(redirect(url_for(".data", name=f"{name}.{choose(GRAPHS).suffix}"), 303))
    path, _, last = name.rpartition(".")
    media = by_suffix(last, GRAPHS)
    if away := elsewhere(path):
        return redirect(url_for(".named_graph", path=away.path, format=last), 303)
    return described(entity(path), media, url_for(".page", path=path))


@bp.get("/graph/<path:path>")
def named_graph(path: str) -> Redirection:
    """Answer with a named graph, or redirect a browser to its page."""
    media = choose((*GRAPHS, HTML))
    name = NamedNode(here(path))
    content = triples("entity/graph", graph=name)
    if not content and not g.served.store.has_graph(name):
        raise UnknownEntityError(f"There is no graph {path!r}; a source's is called source/ and its key.")
    if media is not HTML:
        return varied(serialized(content, media))
    pages = {
        "findings": url_for("checks.overview"),
        "curation": url_for("pages.sources", _anchor="decisions"),
        "alignments": url_for("vocabulary.ontology"),
    }
    return varied(redirect(pages.get(path) or url_for(".page", path=path), 303))


def written(form: Format, path: str) -> Response:
    """Answer with a thing in a format; raise UnknownEntityError if there is nothing of it in that format."""
    there = known(path)
    if form not in (offers := formats_of(there)):
        names = ", ".join(each.name for each in offers) or "none"
        raise UnknownEntityError(f"There is nothing of {there.label} as {form.name}; the formats for it: {names}.")
    answer = Response(stream_with_context(form.write(there.iri)), content_type=form.media.header)
    return _called(answer, f"{path.rpartition('/')[2]}.{form.media.suffix}")


@bp.get("/table/<path:path>/<name>.csv")
def table(path: str, name: str) -> Response:
    """Answer with a whole table of the page of a thing; raise UnknownEntityError if there is no such table."""
    settings: Settings = current_app.config["SETTINGS"]
    there = known(path)
    if name == "notices" and CVN.Source in there.kinds:
        answer = Response(stream_with_context(notice_rows(path)), content_type=by_suffix("csv", RESULTS).header)
        return _called(answer, f"{path.rpartition('/')[2]}-{name}.csv")
    if (group := whole(there, name, settings.page_size)) is None:
        raise UnknownEntityError(
            f"The page of {there.label} has no table {name!r}; each table there names its address."
        )
    answer = Response(stream_with_context(_rows(group)), content_type=by_suffix("csv", RESULTS).header)
    return _called(answer, f"{path.rpartition('/')[2]}-{name}.csv")


def known(path: str) -> Thing:
    """Return the thing of a path; raise UnknownEntityError if the resolved view does not hold it."""
    if there := thing(entity(path)):
        return there
    raise unknown(path)


def _called(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'inline; filename="{name.encode("ascii", "replace").decode()}"'
    answer.headers["X-Convocation-Version"] = str(g.served.version.number)
    return answer


def _rows(group: Group) -> Iterator[str]:
    yield row(["iri", *group.columns, "source", "lines"])
    for line in group.lines:
        cells = ("; ".join(map(_plain, line.cells[column])) for column in group.columns)
        yield row([line.thing.value if line.thing else "", *cells, *_said(line)])


def _said(line: Line) -> tuple[str, str]:
    lines = ("+".join(place.lines for place in each.places) for each in line.mentions)
    return "; ".join(each.name for each in line.mentions), "; ".join(lines)


def _plain(cell: Cell) -> str:
    """Return a value as it is, and a thing by its name."""
    return cell.term.value if isinstance(cell.term, Literal) else cell.words
