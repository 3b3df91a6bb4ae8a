"""Things in the formats of other programs, and each table of a page as CSV."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, g, stream_with_context
from pyoxigraph import Literal

from graph.serialization.tabular import row
from graph.settings import Settings
from server.display.tables import Line
from server.display.things import Thing, thing
from server.display.words import Cell
from server.formats import Format, formats_of
from server.http.errors import UnknownEntityError
from server.http.media import RESULTS, by_suffix
from server.pages.groups import Group, whole
from server.search.pages import entity, unknown

bp = Blueprint("downloads", __name__)


def written(form: Format, path: str) -> Response:
    """Answer with a thing in a format.

    Raises:
        UnknownEntityError: there is no such thing, or nothing of it in the format.
    """
    there = known(path)
    if form not in (offers := formats_of(there)):
        names = ", ".join(each.name for each in offers) or "none"
        raise UnknownEntityError(f"There is nothing of {there.label} as {form.name}; the formats for it: {names}.")
    answer = Response(stream_with_context(form.write(there.iri)), content_type=form.media.header)
    return _called(answer, f"{path.rpartition('/')[2]}.{form.media.suffix}")


@bp.get("/table/<path:path>/<name>.csv")
def table(path: str, name: str) -> Response:
    """Answer with a whole table of the page of a thing, not just one page of it.

    Raises:
        UnknownEntityError: there is no such thing, or no such table on its page.
    """
    settings: Settings = current_app.config["SETTINGS"]
    there = known(path)
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
