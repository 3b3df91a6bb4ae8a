"""Groups of editions in the parameters of a view, and the choice that a form offers where a name has several."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, request

from graph.indexes.search import Hit
from server.display.tables import labels_of
from server.search.people import PERSON, distinctions
from server.views.parameters import SEPARATOR, AmbiguousError, Parameter, value


def groups_asked(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """Return the texts of the parameters for which the request names a group, so that addresses name it too."""
    found = {}
    for each in parameters:
        texts = [text.strip() for every in request.args.getlist(each.name) for text in every.split(SEPARATOR)]
        if each.groups.keys() & set(texts):
            found[each.name] = list(dict.fromkeys(texts))
    return found


def choice(view: str, title: str, error: AmbiguousError) -> Response:
    """Answer with the things of one name, of which the reader chooses one; the other parameters stay as they are."""
    given = [(name, text) for name, text in request.args.items(multi=True) if (name, text) != (error.name, error.text)]
    labels = labels_of(error.things)
    apart = distinctions(Hit(iri, "", PERSON, "", "", 0) for iri in error.things)
    options = [(value(iri), labels.get(iri, ""), apart.get(iri, "")) for iri in error.things]
    page = render_template(
        "views/choice.html", view=view, title=title, name=error.name, text=error.text, options=options, given=given
    )
    return Response(page, HTTPStatus.MULTIPLE_CHOICES, mimetype="text/html")
